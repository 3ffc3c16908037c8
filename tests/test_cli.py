"""The command: exit codes, languages, consoles, files that are none."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from studies import document, level, target, walk

import kjproj as kj
from kjproj.cli import main

SMALL = document(
    title={"zh": "示例市目标", "en": "Example targets"},
    indicators=[{"name": "x", "label": {"zh": "研发经费投入", "en": "R&D spending"}, "unit": "亿元", "motion": walk(0.08, 0.05)}],
    evidence=[level("x", 2022, "98.10")],
    targets=[target("t", "x", 2025, at_least="120")],
    scenarios=[
        {"name": "trend", "reason": "r"},
        {"name": "slow", "reason": "r", "changes": [{"indicator": "x", "drift": 0.02}]},
    ],
)


@pytest.fixture(autouse=True)
def _plain_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LC_ALL", "C")


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "my study.json"
    path.write_text(json.dumps(SMALL, ensure_ascii=False), encoding="utf-8")
    return path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output, standard error."""
    code = main(arguments)
    found = capsys.readouterr()
    return code, found.out, found.err


def process(*arguments: str, **more: Any) -> subprocess.CompletedProcess[bytes]:
    """The whole command in a process of its own; `env` is added to the environment."""
    env = {**os.environ, "LC_ALL": "C.UTF-8", **more.pop("env", {})}
    return subprocess.run([sys.executable, "-m", "kjproj", *arguments], capture_output=True, env=env, check=False, **more)


# exit codes


def test_a_study_that_is_answered_ends_with_0(capsys: pytest.CaptureFixture[str], small: Path) -> None:
    """The screen on standard output, nothing on standard error."""
    code, out, err = run(capsys, str(small))
    assert (code, err) == (0, "")
    assert out.startswith("Example targets\n")
    assert "\nConclusions\n1. R&D spending 120 亿元 in 2025: about " in out


def test_run_is_the_default_command(capsys: pytest.CaptureFixture[str], small: Path) -> None:
    """`kjproj STUDY` and `kjproj run STUDY` print the same, options before or after."""
    plain = run(capsys, str(small), "--lang", "zh")
    assert run(capsys, "run", "--lang", "zh", str(small)) == plain
    assert run(capsys, "--lang", "zh", str(small)) == plain


def test_without_a_study_the_bundled_one_is_answered(capsys: pytest.CaptureFixture[str]) -> None:
    """`kjproj` is `kjproj run` of the bundled study."""
    code, out, _ = run(capsys)
    assert code == 0
    assert out == kj.summary(kj.project(kj.datasets.yueyang())).to_text("en")
    assert run(capsys, "run")[1] == out


@pytest.mark.parametrize(
    "arguments",
    [
        ["--nonsense"],
        ["a.json", "b.json"],
        ["--lang", "fr"],
        ["--rng", "-1"],
        ["--rng", "x"],
        ["check"],
        ["schema", "x"],
        ["run", "--scenario"],
    ],
    ids=" ".join,
)
def test_wrong_usage_ends_with_2(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    """The usage goes to standard error, nothing to standard output."""
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert "usage: kjproj" in err


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["run", "--help"], ["--version"]], ids=" ".join)
def test_help_and_version_end_with_0(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    """They answer on standard output."""
    code, out, err = run(capsys, *arguments)
    assert (code, err) == (0, "")
    assert "kjproj" in out


REFUSED: list[tuple[str, str, bytes | None, str]] = [
    ("a missing file", "none.json", None, "none.json cannot be read: No such file"),
    ("an empty file", "a.json", b"", "is not JSON"),
    ("an empty YAML file", "a.yaml", b"", "states no fields"),
    ("a binary file", "a.json", bytes(range(256)), "is not UTF-8 text; save it as UTF-8"),
    ("a file in GBK", "a.yaml", "title: 岳阳市".encode("gbk"), "is not UTF-8 text; save it as UTF-8"),
    ("an unknown ending", "a.txt", b"{}", "expected .json, .yaml, .yml or .xlsx"),
    ("half a JSON file", "a.json", b'{"as_of": "2022-12-31", ', "is not JSON"),
    ("a list", "a.json", b"[1]", "states no fields"),
    ("a YAML file with a tab", "a.yaml", b"a:\n\t- b", "is not YAML"),
    ("a YAML alias", "a.yaml", b"a: &x 1\nb: *x", "aliases"),
    ("a doubled key", "a.json", b'{"as_of": "2022-12-31", "as_of": "2022-12-30"}', "'as_of' stands twice"),
    ("not a number", "a.json", b'{"as_of": NaN}', "NaN is not a number"),
]


@pytest.mark.parametrize(("name", "content", "said"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
@pytest.mark.parametrize("command", ["run", "check"])
def test_a_file_that_is_no_study_ends_with_1(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, command: str, name: str, content: bytes | None, said: str
) -> None:
    """One message on standard error that names the file and what to do; nothing on standard output."""
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    code, out, err = run(capsys, command, str(path))
    assert (code, out) == (1, "")
    assert err.startswith("kjproj: ")
    assert said in err
    assert name in err
    assert "Traceback" not in err


def test_a_directory_is_no_study(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """It is refused as a file that cannot be read."""
    code, _, err = run(capsys, str(tmp_path))
    assert code == 1
    assert "cannot be read" in err


def test_places_of_mistakes_go_to_standard_error(capsys: pytest.CaptureFixture[str], small: Path) -> None:
    """Each mistake on a line of its own with its place; in Chinese under a Chinese heading."""
    wrong = {**SMALL, "targets": [target("t", "x", 2025, at_least="120", unit="家")], "evidence": [level("y", 2022, "9")]}
    small.write_text(json.dumps(wrong), encoding="utf-8")
    code, out, err = run(capsys, str(small))
    assert (code, out) == (1, "")
    assert "\n  evidence[0].indicator: unknown indicator 'y'" in err
    small.write_text(json.dumps({**wrong, "evidence": []}), encoding="utf-8")
    assert "\n  targets[0].unit: 家 measures count of 家" in run(capsys, str(small))[2]
    assert run(capsys, str(small), "--lang", "zh")[2].startswith("kjproj：研究文件有1处问题，请按位置修改：\n  targets[0].unit: ")


def test_a_file_may_begin_with_a_byte_order_mark(capsys: pytest.CaptureFixture[str], small: Path) -> None:
    """Notepad saves UTF-8 with one."""
    plain = run(capsys, str(small))
    small.write_bytes(b"\xef\xbb\xbf" + small.read_bytes())
    assert run(capsys, str(small)) == plain


def test_yaml_without_its_extra_names_it(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no YAML parser is installed the message says what to install."""
    path = tmp_path / "a.yaml"
    path.write_text("as_of: 2022-12-31", encoding="utf-8")
    monkeypatch.setitem(sys.modules, "yaml", None)
    code, out, err = run(capsys, str(path))
    assert (code, out) == (1, "")
    assert 'pip install "kjproj[yaml]"' in err


# options


def test_another_scenario_gives_its_numbers(capsys: pytest.CaptureFixture[str], small: Path) -> None:
    """`--scenario slow --json` is the projection of that scenario; an unknown one names the known."""
    out = json.loads(run(capsys, str(small), "--scenario", "slow", "--json")[1])
    study = kj.Study.from_dict(SMALL)
    assert out["targets"][0]["probability"] == kj.probability(kj.project(study, "slow"), "t").value
    assert out["recipe"]["scenario"] == "slow"
    code, _, err = run(capsys, str(small), "--scenario", "fast")
    assert code == 1
    assert "known are trend, slow" in err


def test_the_seed_is_in_the_recipe(capsys: pytest.CaptureFixture[str], small: Path) -> None:
    """`--rng 7` is `project(study, rng=7)`."""
    out = json.loads(run(capsys, str(small), "--rng", "7", "--json")[1])
    assert out["recipe"]["seed"] == 7
    assert out == json.loads(kj.summary(kj.project(kj.Study.from_dict(SMALL), rng=7)).to_json())


@pytest.mark.parametrize(
    ("variables", "lang"),
    [
        ({"LC_ALL": "zh_CN.UTF-8"}, "zh"),
        ({"LC_ALL": "", "LANG": "zh_TW.Big5"}, "zh"),
        ({"LC_ALL": "", "LC_MESSAGES": "zh_CN", "LANG": "en_US.UTF-8"}, "zh"),
        ({"LC_ALL": "en_US.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LC_ALL": "C"}, "en"),
    ],
)
def test_the_locale_decides_the_language(
    capsys: pytest.CaptureFixture[str], small: Path, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], lang: str
) -> None:
    """LC_ALL goes before LC_MESSAGES before LANG; `--lang` goes before all."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert ("结论" in run(capsys, str(small))[1]) == (lang == "zh")
    other = "en" if lang == "zh" else "zh"
    assert ("结论" in run(capsys, str(small), "--lang", other)[1]) == (other == "zh")


@pytest.mark.parametrize(("named", "lang"), [("Chinese (Simplified)_China", "zh"), ("zh_CN", "zh"), ("English_United States", "en"), (None, "en")])
def test_without_variables_the_systems_locale_decides(
    capsys: pytest.CaptureFixture[str], small: Path, monkeypatch: pytest.MonkeyPatch, named: str | None, lang: str
) -> None:
    """As Windows names it."""
    monkeypatch.delenv("LC_ALL")
    monkeypatch.setattr("locale.getlocale", lambda *_: (named, "cp936"))
    assert ("结论" in run(capsys, str(small))[1]) == (lang == "zh")


# check and schema


def test_check_says_that_a_study_is_sound_and_what_does_not_fit(capsys: pytest.CaptureFixture[str], small: Path, tmp_path: Path) -> None:
    """Counts, then the findings; findings are no errors."""
    code, out, err = run(capsys, "check", str(small))
    assert (code, err) == (0, "")
    assert out == "The study is sound. Indicators: 1; evidence: 1; targets: 1.\nNothing was found that does not fit.\n"
    bundled = tmp_path / "bundled.json"
    kj.datasets.yueyang().to_file(bundled)
    code, out, _ = run(capsys, "check", str(bundled), "--lang", "zh")
    assert code == 0
    assert out.startswith("研究有效：47个指标，45条依据，28项目标。\n1. ")


def test_schema_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    """`kjproj schema` prints the document's JSON Schema."""
    code, out, _ = run(capsys, "schema")
    assert code == 0
    assert json.loads(out)["$schema"] == "https://json-schema.org/draft/2020-12/schema"


# standard input


class Input(io.StringIO):
    """Standard input whose text is in some console's encoding, with the bytes beneath."""

    def __init__(self, content: bytes) -> None:
        super().__init__("not to be read")
        self.buffer = io.BytesIO(content)


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "with a byte order mark"])
@pytest.mark.parametrize("command", ["run", "check"])
def test_a_dash_reads_utf8_from_standard_input(
    capsys: pytest.CaptureFixture[str], small: Path, monkeypatch: pytest.MonkeyPatch, command: str, mark: bytes
) -> None:
    """UTF-8 whatever the console speaks: the same answer as from the file."""
    wanted = run(capsys, command, str(small), "--lang", "zh")
    monkeypatch.setattr("sys.stdin", Input(mark + small.read_bytes()))
    assert run(capsys, command, "-", "--lang", "zh") == wanted


# whole processes


@pytest.mark.parametrize("encoding", ["gbk", "cp936:strict", "gb18030", "ascii", "utf-8"])
def test_every_console_can_show_the_screen(small: Path, encoding: str) -> None:
    """On a Chinese console the Chinese screen comes out whole; on one that knows no Chinese it still comes out."""
    found = process(str(small), "--lang", "zh", env={"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"})
    assert (found.returncode, found.stderr) == (0, b"")
    text = found.stdout.decode(encoding.partition(":")[0]).replace(os.linesep, "\n")
    if encoding == "ascii":
        assert "2025" in text
    else:
        assert text == process_screen("zh")


def process_screen(lang: Any) -> str:
    return kj.summary(kj.project(kj.Study.from_dict(SMALL))).to_text(lang, 120)


def test_the_bundled_screen_can_be_shown_on_a_gbk_console() -> None:
    """Every character of it, in both languages, and of its Markdown, is in GBK."""
    summary = kj.summary(kj.project(kj.datasets.yueyang(), nodes=128))
    for text in (summary.to_text("zh"), summary.to_text("en"), summary.to_markdown("zh"), kj.coherence(kj.datasets.yueyang()).to_text("zh")):
        assert text.encode("gbk").decode("gbk") == text


def test_two_runs_print_the_same_bytes(small: Path) -> None:
    """Hashes are seeded anew in every process; the page does not show it."""
    a, b = (process(str(small), "--json", env={"PYTHONHASHSEED": seed}) for seed in ("1", "2"))
    assert a.stdout == b.stdout != b""


def test_a_reader_that_goes_away_is_no_error(small: Path) -> None:
    """`kjproj | head -1` ends quietly."""
    command = [sys.executable, "-m", "kjproj", str(small)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "LC_ALL": "C.UTF-8"}) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdout.close()
        assert child.stderr.read() == b""
        assert child.wait(timeout=60) == 0


def shell(line: str) -> subprocess.CompletedProcess[bytes]:
    """The command in a shell, which can close and redirect streams."""
    env = {**os.environ, "LC_ALL": "C.UTF-8"}
    return subprocess.run(["sh", "-c", f'"{sys.executable}" -m kjproj {line}'], capture_output=True, env=env, check=False)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("check - <&-", b"standard input is closed"),
        ("run - <&-", b"standard input is closed"),
        ("check - 0>/dev/null", b"standard input cannot be read"),
        ("status >/dev/full", b"cannot be written to standard output: No space left"),
        ("status --json >/dev/full", b"cannot be written to standard output: No space left"),
        ("run --json nowhere.json >/dev/full", b"cannot be written to standard output: No space left"),
        ("schema >/dev/full", b"cannot be written to standard output: No space left"),
        ("--help >/dev/full", b"cannot be written to standard output: No space left"),
        ("status >&-", b"standard output is closed"),
        ("status --json >&-", b"standard output is closed"),
        ("check nowhere.json 2>&-", b""),
        ("check nowhere.json 2>/dev/full", b""),
    ],
)
def test_streams_that_are_closed_or_full_end_with_1(line: str, said: bytes) -> None:
    """One line on standard error, where there is one, and nothing elsewhere."""
    found = shell(line)
    assert (found.returncode, found.stdout) == (1, b"")
    assert said in found.stderr
    assert len(found.stderr.splitlines()) == (said != b"")


def test_errors_reach_a_console_that_knows_no_chinese(tmp_path: Path) -> None:
    """A path and a place in Chinese do not break the message."""
    path = tmp_path / "岳阳.json"
    path.write_text('{"as_of": "2022-12-31", "indicators": [], "目标": []}', encoding="utf-8")
    found = process(str(path), env={"PYTHONIOENCODING": "ascii:strict", "PYTHONUTF8": "0"})
    assert (found.returncode, found.stdout) == (1, b"")
    assert b"indicators: " in found.stderr
    assert b"Traceback" not in found.stderr
