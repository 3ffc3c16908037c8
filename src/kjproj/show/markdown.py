"""Sections as Markdown: words of a study stand as they are, and are never read as Markdown or HTML."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .section import Section, Table

_SIGNS = re.compile(r"[\\`*\[\]#~]|(?<![^\W_])_|_(?![^\W_])")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_START = re.compile(r"[-+=>]|\d+[.)](?=\s)")


def page(sections: Sequence[Section]) -> str:
    """Return sections as one page; the first is the heading."""
    title, *about = sections[0].prose
    lines = [f"# {escaped(title)}", "", *map(escaped, about)]
    for section in sections[1:]:
        rows = [] if section.table is None else table(section.table)
        prose = _paragraphs(section.prose)
        heading = [f"## {escaped(section.title)}", ""] if section.title else []
        lines += ["", *heading, *rows, *([""] if rows and prose else []), *prose]
    return "\n".join(lines) + "\n"


def escaped(text: str) -> str:
    """Return a text without line breaks, whose signs mean themselves: no tag, link, image, emphasis, heading or code."""
    words = _SIGNS.sub(r"\\\g<0>", " ".join(text.splitlines()))
    return _ENTITY.sub("&amp;", words).replace("<", "&lt;")


def table(shown: Table) -> list[str]:
    """Return the lines of a table; bars in cells are escaped too."""
    rows = [shown.head, ["---"] * len(shown.head), *shown.rows]
    return ["| " + " | ".join(escaped(cell).replace("|", "\\|") for cell in row) + " |" for row in rows]


def _paragraphs(prose: Sequence[str]) -> list[str]:
    """Keep lists together, and put a blank line between sentences."""
    lines = [_paragraph(line) for line in prose]
    if any(line.startswith("- ") for line in prose):
        return lines
    return [part for line in lines for part in (line, "")][:-1]


def _paragraph(line: str) -> str:
    """Escape a sentence; "- " and "1. " are ours, what they would be further on is not."""
    ours = re.match(r"- |\d\. ", line)
    start, body = (line[: ours.end()], line[ours.end() :]) if ours else ("", line)
    sign = _START.match(body)
    return start + (_held(sign[0]) + escaped(body[sign.end() :]) if sign else escaped(body))


def _held(sign: str) -> str:
    """A mark that would begin a list, a quotation or a heading: the backslash stands before its last character."""
    return f"{sign[:-1]}\\{sign[-1]}"
