"""Tables of text, aligned by what a terminal shows: a Chinese character is two columns wide."""

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
    """Return the lines of a table: head, rule, rows."""
    columns = [max(width(row[j]) for row in (head, *rows)) for j in range(len(head))]
    rule = "  ".join("-" * c for c in columns)
    lines = ["  ".join(padded(cell, c) for cell, c in zip(row, columns, strict=True)).rstrip() for row in (head, *rows)]
    return [lines[0], rule, *lines[1:]]


def fitting(head: Sequence[str], rows: Sequence[Sequence[str]], columns: int, split: int) -> list[str]:
    """Return one table where it fits, else two: columns before `split`, and the first with those from `split` on."""
    whole = table(head, rows)
    if max(map(width, whole)) <= columns or split >= len(head):
        return whole
    left = table(head[:split], [row[:split] for row in rows if any(row[1:split])])
    right = table([head[0], *head[split:]], [[row[0], *row[split:]] for row in rows])
    return [*left, "", *right]


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of a Markdown table; bars in cells are escaped."""
    lines = [head, ["---"] * len(head), *rows]
    return ["| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |" for row in lines]


def wrapped(text: str, columns: int, indent: str = "") -> list[str]:
    """Break a text into lines: at blanks, and after Chinese characters and punctuation."""
    lines, line = [], ""
    for piece in _pieces(text):
        if line and width(line + piece.rstrip()) > columns:
            lines.append(line.rstrip())
            line = indent + piece.lstrip()
        else:
            line += piece
    return [*lines, line.rstrip()] if line.strip() else lines


def _pieces(text: str) -> list[str]:
    """Part a text where a line may break: never before closing punctuation, never inside a number or a word."""
    pieces: list[str] = []
    for c in text:
        wide = unicodedata.east_asian_width(c) in "WF"
        closing = c in "，。；：、）”％%》—…"
        fresh = not pieces or pieces[-1].endswith(" ") or (wide and not closing) or _ends_wide(pieces[-1], c)
        if fresh and not (pieces and pieces[-1][-1:] in "（“《"):
            pieces.append(c)
        else:
            pieces[-1] += c
    return pieces


def _ends_wide(piece: str, c: str) -> bool:
    last = piece[-1]
    return unicodedata.east_asian_width(last) in "WF" and last not in "（“《" and c not in "，。；：、）”％%》—…" and c != " "
