"""Tables of text, aligned by what a terminal shows: a Chinese character is two columns wide."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

_CLOSING, _OPENING = "，。；：、！？）”’》%％—…", "（“‘《"
_GAP = 2
_NARROWEST = 16


def width(text: str) -> int:
    """Return how many columns a text takes on a terminal."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1 for c in text)


def padded(text: str, columns: int) -> str:
    """Return a text filled with blanks to a width."""
    return text + " " * max(columns - width(text), 0)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of a table: head, rule, rows."""
    return _laid_out(head, rows, _widths(head, rows))


def _laid_out(head: Sequence[str], rows: Sequence[Sequence[str]], columns: Sequence[int]) -> list[str]:
    """Lay rows out; a first cell that is wider than its column goes on in the next line."""
    above, *below = [_lines(row, columns) for row in (head, *rows)]
    return [*above, "  ".join("-" * c for c in columns), *(line for lines in below for line in lines)]


def _lines(row: Sequence[str], columns: Sequence[int]) -> list[str]:
    indent = row[0][: len(row[0]) - len(row[0].lstrip())]
    first, *more = wrapped(row[0], columns[0], indent + "  ") or [""]
    cells = [padded(cell, c) for cell, c in zip((first, *row[1:]), columns, strict=True)]
    return ["  ".join(cells).rstrip(), *more]


def _widths(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    return [max(width(row[j]) for row in (head, *rows)) for j in range(len(head))]


def fitting(head: Sequence[str], rows: Sequence[Sequence[str]], columns: int, split: int) -> list[str]:
    """Return one table where it fits `columns`, else several, each with the first column again; best cut at `split`."""
    widths = _widths(head, rows)
    if sum(widths) + _GAP * (len(head) - 1) <= columns:
        return table(head, rows)
    widths[0] = min(widths[0], max(columns - _GAP - max(widths[1:], default=0), _NARROWEST))
    groups = [g for part in (range(1, split), range(split, len(head))) for g in _packed(part, widths, columns)]
    lines: list[str] = []
    for group in groups:
        kept = [row for row in rows if any(row[j] for j in group)]
        cells = [[row[0], *(row[j] for j in group)] for row in kept]
        part = _laid_out([head[0], *(head[j] for j in group)], cells, [widths[0], *(widths[j] for j in group)])
        lines += ["", *part] if lines else part
    return lines


def _packed(group: Sequence[int], widths: Sequence[int], columns: int) -> list[list[int]]:
    """Part columns into groups that fit beside the first column; one that never fits stands alone."""
    packed: list[list[int]] = []
    for j in group:
        used = widths[0] + sum(_GAP + widths[k] for k in packed[-1]) if packed else columns
        if packed and used + _GAP + widths[j] <= columns:
            packed[-1].append(j)
        else:
            packed.append([j])
    return packed


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
        if pieces and not _may_break(pieces[-1][-1], c):
            pieces[-1] += c
        else:
            pieces.append(c)
    return pieces


def _may_break(last: str, c: str) -> bool:
    if c in _CLOSING or c == " " or last in _OPENING or (last.isdigit() and _wide(c)):
        return False
    return last == " " or _wide(last) or _wide(c)


def _wide(c: str) -> bool:
    return unicodedata.east_asian_width(c) in "WF"
