"""New figures go into a study's file; everything else in it stays. Templates are sound and run at once."""

from __future__ import annotations

import json
import re
import stat
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from openpyxl import load_workbook

import kjproj as kj
from kjproj.cli import main
from kjproj.study.templates import template

LANGUAGES = ("zh", "en")
FIGURE = "tech_firms.2023=420"


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main([*arguments, "--lang", "en"] if "--lang" not in arguments else arguments)
    found = capsys.readouterr()
    return code, found.out, found.err


def new(folder: Path, name: str, lang: str = "en") -> Path:
    path = folder / name
    assert main(["new", str(path), "--lang", lang]) == 0
    return path


# templates


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("ending", ["yaml", "yml", "xlsx", "json"])
def test_a_new_study_runs_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str], ending: str, lang: Any) -> None:
    """Every format states the same small study; an existing file is not overwritten."""
    path = new(tmp_path, f"a.{ending}", lang)
    study = kj.Study.from_file(path)
    assert study.to_dict() == template(lang)
    assert (len(study.indicators), len(study.targets)) == (2, 2)
    capsys.readouterr()
    code, out, err = run(capsys, str(path), "--lang", lang)
    assert (code, err) == (0, "")
    assert "55" in out
    before = path.read_bytes()
    code, out, err = run(capsys, "new", str(path), "--lang", lang)
    assert (code, out) == (1, "")
    assert "exists already; name a new file" in err
    assert path.read_bytes() == before


def test_templates_in_both_languages_are_one_study() -> None:
    """Words apart, the same numbers."""
    zh, en = (kj.Study.from_dict(template(lang)) for lang in ("zh", "en"))
    assert [e.value for e in zh.evidence] == [e.value for e in en.evidence]  # type: ignore[union-attr]
    assert kj.probability(kj.project(zh), "gdp_2027").value == kj.probability(kj.project(en), "gdp_2027").value


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_new_workbook_explains_itself(tmp_path: Path, lang: str) -> None:
    """An explained first sheet; drop-down lists for kinds, units, measures, scales, classes and natures."""
    book = load_workbook(new(tmp_path, "a.xlsx", lang))
    assert book.sheetnames[0] == {"zh": "说明", "en": "readme"}[lang]
    assert book.sheetnames[1:4] == {"zh": ["研究", "来源", "指标"], "en": ["study", "sources", "indicators"]}[lang]
    assert book["#lists"].sheet_state == "hidden"
    found = {}
    for sheet in book.worksheets:
        for offer in sheet.data_validations.dataValidation:
            column = re.match(r"[A-Z]+", str(offer.sqref))
            assert column
            found[sheet.title, sheet[f"{column[0]}1"].value] = offer.formula1
    evidence, indicators, targets = {"zh": ("依据", "指标", "目标"), "en": ("evidence", "indicators", "targets")}[lang]
    head = {"zh": ("类型", "单位", "计量性质", "参照类", "目标性质"), "en": ("kind", "unit", "measure", "reference_class", "nature")}[lang]
    assert found[evidence, head[0]].startswith('"level,')
    assert "#lists" in found[evidence, head[1]]
    assert found[indicators, head[2]] == '"flow,stock,ratio,events,milestone"'
    assert "#lists" in found[indicators, head[3]]
    assert found[targets, head[4]] == '"expected,binding"'


def test_a_template_of_another_kind_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "expected .json, .yaml, .yml or .xlsx" in run(capsys, "new", str(tmp_path / "a.txt"))[2]
    assert "cannot be written" in run(capsys, "new", str(tmp_path / "none" / "a.json"))[2]


# updates


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("ending", ["yaml", "xlsx", "json"])
def test_an_update_adds_what_is_said_and_keeps_the_rest(tmp_path: Path, capsys: pytest.CaptureFixture[str], ending: str, lang: str) -> None:
    """Every option; a level that stands is revised, another is not; the file states the old document and the new figures."""
    path = new(tmp_path, f"a.{ending}", lang)
    source = template(lang)["sources"][0]["name"]  # type: ignore[arg-type]
    options = ["--source", source, "--section", "=3", "--published", "2025-03-20", "--as-of", "2025-03-31", "--unit", "家"]
    code, _, err = run(capsys, "update", str(path), "--set", FIGURE, "--set", "tech_firms.2024=431", *options)
    assert (code, err) == (0, "")
    figure = {"kind": "level", "indicator": "tech_firms", "unit": "家", "source": source, "section": "=3", "published": "2025-03-20"}
    wanted = template(lang)  # type: ignore[arg-type]
    wanted["evidence"] += [{**figure, "year": 2023, "value": "420", "revises": True}, {**figure, "year": 2024, "value": "431"}]
    wanted["as_of"] = "2025-03-31"
    study = kj.Study.from_file(path)
    assert study.to_dict() == wanted
    assert [i for i, _ in study.standing] == [0, 1, 2, 4, 5]
    assert list(tmp_path.iterdir()) == [path], "nothing else is left behind"


def test_an_update_says_what_it_changes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What was added, what it replaces, and the chances that moved, in both languages."""
    path = new(tmp_path, "a.yaml")
    before = kj.Study.from_file(path)
    capsys.readouterr()
    out = run(capsys, "update", str(path), "--set", FIGURE, "-o", str(tmp_path / "b.yaml"))[1]
    after = kj.Study.from_file(tmp_path / "b.yaml")
    a, b = (round(100 * kj.probability(kj.project(s), "tech_firms_2027").value) for s in (before, after))
    assert b > a
    assert out == f"added: technology firms in 2023, 420 家; replaces 412 家\n  technology firms 550 家 in 2027: {a} % → {b} %\n"
    out = run(capsys, "update", str(path), "--set", FIGURE, "--expected", "-o", str(tmp_path / "b.yaml"), "--lang", "zh")[1]
    assert out.startswith("已加入：2023年technology firms420家（预计），取代412家\n")
    out = run(capsys, "update", str(path), "--set", "tech_firms.2023=412", "-o", str(tmp_path / "b.yaml"))[1]
    assert out.endswith("no open target's chance moved by 1 point or more\n")
    assert kj.Study.from_file(path) == before


def test_a_target_that_is_decided_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = new(tmp_path, "a.json")
    out = run(capsys, "update", str(path), "--set", "tech_firms.2027=560", "--as-of", "2028-01-31")[1]
    assert "technology firms 550 家 in 2027: 55 % → 100 %, met" in out


def test_two_figures_of_one_year_replace_each_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The last one stands."""
    path = new(tmp_path, "a.yaml")
    run(capsys, "update", str(path), "--set", "tech_firms.2021=350", "--set", "tech_firms.2021=355")
    study = kj.Study.from_file(path)
    assert [e.revises for e in study.evidence[-2:]] == [False, True]
    assert study.published("tech_firms", 2021) == 355


REFUSED: list[tuple[list[str], str]] = [
    (["--set", "firms.2023=420"], "unknown indicator 'firms'; known are gdp, tech_firms"),
    (["--set", "tech_firms=420"], "expected INDICATOR.YEAR=VALUE"),
    (["--set", "tech_firms.2023=many"], "expected plain digits"),
    (["--set", "tech_firms.2023=-4"], "cannot lie on a scale"),
    (["--set", "tech_firms.2025=431"], "give --as-of with the day from which the study then looks ahead, such as --as-of 2025-12-31"),
    (["--set", FIGURE, "--unit", "亿元"], "give a unit of"),
    (["--set", FIGURE, "--source", "nobody"], "unknown source 'nobody'"),
    (["--set", FIGURE, "--as-of", "2022-06-30"], "lies after as_of, 2022-06-30"),
]


@pytest.mark.parametrize(("options", "said"), REFUSED, ids=[" ".join(r[0]) for r in REFUSED])
def test_a_wrong_update_leaves_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], said: str) -> None:
    """Refused with advice; the file as it was."""
    path = new(tmp_path, "a.yaml")
    before = path.read_bytes()
    capsys.readouterr()
    code, out, err = run(capsys, "update", str(path), *options)
    assert (code, out) == (1, "")
    assert said in err
    assert path.read_bytes() == before


@pytest.mark.parametrize("options", [[], ["--set"], ["--set", FIGURE, "--as-of", "soon"], ["--set", FIGURE, "--published", "2023-02-30"]])
def test_wrong_usage_of_update(tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str]) -> None:
    code, _, err = run(capsys, "update", str(new(tmp_path, "a.yaml")), *options)
    assert code == 2
    assert "usage: kjproj" in err


def test_standard_input_cannot_be_updated(capsys: pytest.CaptureFixture[str]) -> None:
    assert "name one in place of -" in run(capsys, "update", "-", "--set", FIGURE)[2]


# the text of YAML

HEAD = """\
# a remark
as_of: {as_of}   # the day
indicators:
- {{name: x, unit: 亿元, reference_class: gdp}}
"""
LAYOUTS: list[tuple[str, str, str]] = [
    ("flow items", 'evidence:\n- {kind: level, indicator: x, year: 2021, value: "9"}  # last\n\n# about targets\ntargets: []\n', '# last\n- {kind: level, indicator: x, year: 2022, value: "10"}\n\n# about targets\n'),
    ("indented flow items", 'evidence:\n    - {kind: level, indicator: x, year: 2021, value: "9"}\n', '"9"}\n    - {kind: level, indicator: x, year: 2022, value: "10"}\n'),
    ("block items", "evidence:\n  - kind: level\n    indicator: x\n    year: 2021\n    value: '9'  # last\n  # more to come\ntargets: []\n", '# last\n  - kind: level\n    indicator: x\n    year: 2022\n    value: "10"\n  # more to come\ntargets'),
    ("block items at the end without a line break", "evidence:\n- kind: level\n  indicator: x\n  year: 2021\n  value: '9'", "'9'\n- kind: level\n  indicator: x\n  year: 2022\n  value: \"10\""),
    ("an item that ends in a block of text", "evidence:\n- kind: level\n  indicator: x\n  year: 2021\n  value: '9'\n  note: |\n    one\n    two\n\ntargets: []\n", "two\n"),
    ("a long plain text", "evidence:\n- kind: level\n  indicator: x\n  year: 2021\n  value: '9'\n  note: one\n    two\ntargets: []\n", '    two\n- kind: level\n  indicator: x\n  year: 2022\n  value: "10"\ntargets'),
    ("nested", "evidence:\n- kind: break\n  indicator: x\n  year: 2021\n  probability: 0.2\n  reason:\n    zh: 甲\n    en: a\ntargets: []\n", "    en: a\n- kind: level\n"),
    ("a flow list", 'evidence: [{kind: level, indicator: x, year: 2021, value: "9"}]\n', '"9"}, {kind: level, indicator: x, year: 2022, value: "10"}]\n'),
    ("a flow list over lines", 'evidence: [\n  {kind: level, indicator: x, year: 2021, value: "9"},  # last\n]\n', '"9"},\n  {kind: level, indicator: x, year: 2022, value: "10"},  # last\n]\n'),
    ("an empty list", "evidence: []  # none yet\n", 'evidence: [{kind: level, indicator: x, year: 2022, value: "10"}]  # none yet\n'),
    ("no list", "targets: []", 'targets: []\nevidence:\n- {kind: level, indicator: x, year: 2022, value: "10"}\n'),
]  # fmt: skip


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize(("text", "wanted"), [layout[1:] for layout in LAYOUTS], ids=[layout[0] for layout in LAYOUTS])
def test_the_text_of_yaml_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, wanted: str, end: str) -> None:
    """Without what was added the text is the old one, comments, line ends and byte order mark too."""
    path = tmp_path / "a.yaml"
    old = (HEAD.format(as_of="2022-12-31") + text).replace("\n", end)
    path.write_bytes(b"\xef\xbb\xbf" + old.encode())
    before = kj.Study.from_file(path)
    code, _, err = run(capsys, "update", str(path), "--set", "x.2022=10", "--as-of", "2023-06-30")
    assert (code, err) == (0, "")
    new_text = path.read_bytes().decode("utf-8-sig")
    assert wanted.replace("\n", end) in new_text
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    kept = [line for line in new_text.splitlines() if line in old.splitlines()]
    assert len(kept) >= len(old.splitlines()) - 2, "the day, and at most the line of the list"
    study = kj.Study.from_file(path)
    assert study.as_of == date(2023, 6, 30)
    assert "as_of: 2023-06-30   # the day" in new_text
    assert study.evidence[:-1] == before.evidence
    assert study.published("x", 2022) == 10


@pytest.mark.parametrize("text", ['{as_of: 2022-12-31, indicators: [{name: x, unit: 亿元, reference_class: gdp}]}\n', "as_of: 2022-12-31\nindicators:\n- {name: x, unit: 亿元, reference_class: gdp}\n...\n"])
def test_a_layout_that_cannot_be_kept_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str) -> None:
    """With advice to write elsewhere, which works."""
    path = tmp_path / "a.yaml"
    path.write_text(text, encoding="utf-8")
    code, _, err = run(capsys, "update", str(path), "--set", "x.2022=10")
    assert code == 1
    assert "-o study.json" in err
    assert path.read_text(encoding="utf-8") == text
    assert run(capsys, "update", str(path), "--set", "x.2022=10", "-o", str(tmp_path / "b.json"))[0] == 0
    assert kj.Study.from_file(tmp_path / "b.json").published("x", 2022) == 10


def test_words_that_yaml_reads_otherwise_are_quoted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A section called no, or 1.10, or a date is a text."""
    for section in ("no", "1.10", "2021-01-01", "a: b", "#1", '"', "一(2)"):
        path = tmp_path / "a.yaml"
        path.write_text(HEAD.format(as_of="2022-12-31"), encoding="utf-8")
        assert run(capsys, "update", str(path), "--set", "x.2022=10", "--section", section)[0] == 0
        assert yaml.safe_load(path.read_text(encoding="utf-8"))["evidence"][0]["section"] == section


# other files


@pytest.mark.parametrize("layout", [{"indent": 1}, {"indent": 2}, {"indent": 4}, {"indent": "\t"}, {}, {"indent": 2, "ensure_ascii": True}], ids=str)
def test_the_layout_of_json_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str], layout: dict[str, Any]) -> None:
    data = template("zh")
    path = tmp_path / "a.json"
    path.write_text(json.dumps(data, **{"ensure_ascii": False, **layout}), encoding="utf-8")
    assert run(capsys, "update", str(path), "--set", FIGURE)[0] == 0
    text = path.read_text(encoding="utf-8")
    assert text == json.dumps(json.loads(text), **{"ensure_ascii": False, **layout})
    assert json.loads(text)["evidence"][:-1] == data["evidence"]


def test_a_workbook_keeps_its_own_sheets_and_headers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """New columns get headers in the sheet's language; the writer's own sheets, columns and formats stay."""
    path = new(tmp_path, "a.xlsx", "zh")
    book = load_workbook(path)
    book.create_sheet("#草稿")["A1"] = "留着"
    book["依据"]["T1"], book["依据"]["T2"] = "#自用", "x"
    book.save(path)
    assert run(capsys, "update", str(path), "--set", FIGURE)[0] == 0
    book = load_workbook(path)
    assert book["#草稿"]["A1"].value == "留着"
    sheet = book["依据"]
    assert (sheet["T1"].value, sheet["T2"].value) == ("#自用", "x")
    assert sheet["U1"].value == "取代旧值"
    assert [cell.value for cell in sheet[6]][:4] == ["level", "tech_firms", 2023, "420"]
    assert sheet["U6"].value is True


def test_a_workbook_with_formulas_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Their values would be lost; the message says where and what to do."""
    path = new(tmp_path, "a.xlsx")
    book = load_workbook(path)
    book.create_sheet("# sums")["B2"] = "=1+1"
    book.save(path)
    before = path.read_bytes()
    code, _, err = run(capsys, "update", str(path), "--set", FIGURE)
    assert code == 1
    assert "a formula in # sums!B2, whose value would be lost" in err
    assert path.read_bytes() == before
    assert run(capsys, "update", str(path), "--set", FIGURE, "-o", str(tmp_path / "b.yaml"))[0] == 0


def test_a_study_may_change_its_form(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`-o` with another ending writes that form."""
    path = new(tmp_path, "a.yaml")
    for name in ("b.xlsx", "b.json", "b.yml"):
        assert run(capsys, "update", str(path), "--set", FIGURE, "-o", str(tmp_path / name))[0] == 0
        assert len(kj.Study.from_file(tmp_path / name).evidence) == 5


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of POSIX")
def test_a_file_keeps_its_permissions(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Written beside it and put in its place; a link still leads to it."""
    path = new(tmp_path, "a.yaml")
    path.chmod(0o640)
    link = tmp_path / "link.yaml"
    link.symlink_to(path)
    assert run(capsys, "update", str(link), "--set", FIGURE)[0] == 0
    assert link.is_symlink()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert len(kj.Study.from_file(path).evidence) == 5
