"""Tables as text, aligned by what a terminal shows: a Chinese character is two columns wide."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence


def width(text: str) -> int:
    """Return how many columns a text takes on a terminal."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1 for c in text)


def padded(text: str, columns: int) -> str:
    """Return a text filled with blanks to a width."""
    return text + " " * max(columns - width(text), 0)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of a table: head, rule, rows; without a head the rows alone."""
    lines = [*([head] if head else []), *rows]
    columns = [max(map(width, cells)) for cells in zip(*lines, strict=True)]
    laid = ["  ".join(padded(cell, c) for cell, c in zip(line, columns, strict=True)).rstrip() for line in lines]
    return [laid[0], "  ".join("-" * c for c in columns), *laid[1:]] if head else laid


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of a Markdown table; bars in cells are escaped."""
    lines = [head, ["---"] * len(head), *rows]
    return ["| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |" for row in lines]
