"""The pages are true: their code runs and prints what they say, links lead on, screens are ours."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import kjproj as kj
from kjproj.cli import main

ROOT = Path(__file__).parents[1]
READMES = {"en": ROOT / "README.md", "zh": ROOT / "README.zh-CN.md"}
PAGES = [*READMES.values(), *sorted((ROOT / "docs").rglob("*.md"))]
LINKED = [*PAGES, ROOT / "CHANGELOG.md", ROOT / "CONTRIBUTING.md"]


@dataclass(frozen=True)
class Fence:
    """A fenced block: its language, its text, and the line on which it begins."""

    language: str
    text: str
    line: int


def fences(page: Path) -> Iterator[Fence]:
    inside: list[str] | None = None
    language, start = "", 0
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
        if not line.startswith("```"):
            if inside is not None:
                inside.append(line)
        elif inside is None:
            inside, language, start = [], line[3:].strip(), number
        else:
            yield Fence(language, "\n".join(inside) + "\n", start)
            inside = None
    assert inside is None, f"{page.name}: the fence of line {start} is not closed"


def prose(page: Path) -> str:
    """Return a page without its fenced blocks and its code between backticks."""
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"`[^`]*`", "", text)


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def run_block(page: Path, fence: Fence, namespace: dict[str, Any]) -> None:
    """Run a block; every `#> words` in it must be printed, in that order."""
    code = compile("\n" * fence.line + fence.text, name_of(page), "exec", dont_inherit=True)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(code, namespace)
    rest = printed.getvalue()
    for words in re.findall(r"#> (.+)$", fence.text, flags=re.MULTILINE):
        before, found, rest = rest.partition(words.strip())
        assert found, f"{name_of(page)}:{fence.line}: {words.strip()!r} was not printed, but\n{before}"


def write_study(fence: Fence) -> None:
    """A YAML block that begins with `# name.yaml` is that file; `# name.yaml, continued` goes on with it."""
    head = re.fullmatch(r"# (\w+\.yaml)(, continued)?", fence.text.splitlines()[0])
    if head:
        with Path(head[1]).open("a" if head[2] else "w", encoding="utf-8") as file:
            file.write(fence.text)


def run_commands(page: Path, fence: Fence) -> None:
    """Run a block of kjproj commands; each must end with 0, and print every `#> words` in it."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        for line in fence.text.splitlines():
            if line.startswith("kjproj "):
                assert main(shlex.split(line, comments=True)[1:]) == 0, f"{name_of(page)}:{fence.line}: {line}"
    for words in re.findall(r"#> (.+)$", fence.text, flags=re.MULTILINE):
        assert words.strip() in printed.getvalue(), f"{name_of(page)}:{fence.line}: {words!r} not in\n{printed.getvalue()}"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_code_on_pages_runs(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The Python blocks of a page run one after the other, as a reader would, and print what they say."""
    monkeypatch.chdir(tmp_path)
    namespace: dict[str, Any] = {"__name__": "page"}
    for fence in fences(page):
        if fence.language == "yaml":
            write_study(fence)
        if fence.language == "python":
            run_block(page, fence, namespace)
        if fence.language == "sh" and fence.text.startswith("kjproj "):
            run_commands(page, fence)


def anchors(page: Path) -> set[str]:
    """Return the anchors that GitHub gives to a page's headings."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", LINKED, ids=name_of)
def test_links_resolve(page: Path) -> None:
    """Every relative link leads to a file of the project, every anchor to a heading."""
    wrong = []
    for link in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            wrong.append(link)
    assert not wrong, f"{name_of(page)}: {', '.join(wrong)}"


@pytest.mark.parametrize("page", READMES.values(), ids=name_of)
def test_readme_opens_with_two_commands(page: Path) -> None:
    """The first two sh blocks are the main job and the tests, a line each; no other shell fence is first."""
    blocks = list(fences(page))
    shells = [b for b in blocks if b.language in ("sh", "bash", "shell", "console")]
    assert [b.language for b in shells[:2]] == ["sh", "sh"]
    main, tests = (b.text.splitlines() for b in shells[:2])
    assert len(main) == len(tests) == 1
    assert "kjproj" in main[0]
    assert "pytest" in tests[0]
    for line in (main[0], tests[0]):
        assert line.startswith("python3 -m venv .venv && .venv/bin/python -m pip install -q ")
    later = [b.line for b in blocks if b.language == "powershell"]
    assert later
    assert min(later) > shells[1].line


@cache
def screen_words(lang: str) -> str:
    """Return what the command prints for the bundled study, without blanks: lines may be broken elsewhere."""
    text = kj.summary(kj.project(kj.datasets.yueyang())).to_text("zh" if lang == "zh" else "en", 110)
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("lang", READMES)
def test_readme_shows_the_true_screen(lang: str) -> None:
    """Every line of the README's screen is on the screen; when this fails, run `kjproj` and copy it again."""
    shown = next(b for b in fences(READMES[lang]) if b.language == "text")
    missing = [
        line
        for line in shown.text.splitlines()
        if line.strip("… ") and re.sub(r"\s", "", line) not in screen_words(lang)
    ]
    assert not missing, "\n".join(missing)


def test_reference_names_everything() -> None:
    """The reference has a line for every public name, every field of the document, and every unit."""
    text = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
    names = {*kj.__all__, *_fields(kj.Study)} - {"kind"}
    missing = [name for name in sorted(names) if f"`{name}`" not in text and f"`{name}(" not in text]
    from kjproj.units import known_units

    missing += [unit for unit in known_units() if unit not in text]
    assert not missing, ", ".join(missing)


def _fields(model: Any) -> set[str]:
    """Return the names of all fields of a study document, from its JSON Schema."""
    schema = model.model_json_schema(mode="validation")
    return {name for part in (schema, *schema["$defs"].values()) for name in part.get("properties", {})}
