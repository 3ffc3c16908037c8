"""From a workbook to a document, and from places in the document back to cells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...errors import KjprojError, Problem, StudyError
from .cells import Held, decode
from .fields import ROWS_WITHIN, SCENARIO, STUDY, Field, sheets
from .headers import find_header, find_sheet, is_key_header, is_own, known_headers, language_of, near, sheet_title
from .workbook import Grid, grids

_PLACE = re.compile(r"(\w+)(?:\[(\d+)\])?((?:\.\w+|\[\d+\])*)")
_PART = re.compile(r"\[\d+\]")


@dataclass
class Sheet:
    """Where a list of the document stands: its title, its columns by path, and for each item its row and its parts' rows."""

    name: str
    title: str
    columns: dict[str, int] = field(default_factory=dict)
    rows: list[list[int]] = field(default_factory=list)
    header_row: int = 1
    last_row: int = 1

    def cell(self, row: int, column: int) -> str:
        """Return a cell's name: "evidence!G5"."""
        return f"{self.title}!{letter(column)}{row}"


@dataclass
class Book:
    """A document read from a workbook, with where everything stands in it."""

    document: dict[str, Any]
    sheets: dict[str, Sheet]

    def place(self, place: str) -> str:
        """Return the cell that a place of the document stands in, such as evidence!G5 for evidence[3].unit."""
        found = _PLACE.fullmatch(place)
        if found is None:
            return place
        name, item, rest = found[1], found[2], found[3].lstrip(".")
        sheet = self.sheets.get(name)
        if name == STUDY or name not in sheets():
            return self._in_study(place)
        if sheet is None:
            return place
        if item is None or int(item) >= len(sheet.rows):
            return sheet.title
        rows, row = sheet.rows[int(item)], sheet.rows[int(item)][0]
        parts = ROWS_WITHIN.get(name)
        within = re.fullmatch(rf"{parts}\[(\d+)\]\.?(.*)", rest) if parts else None
        if within and int(within[1]) + 1 < len(rows):
            row, rest = rows[int(within[1]) + 1], within[2]
        return self._cell(sheet, row, _PART.sub("", rest))

    def _in_study(self, place: str) -> str:
        sheet = self.sheets.get(STUDY)
        rows = sheet.columns if sheet else {}
        path = _PART.sub("", place)
        row = next((rows[p] for p in _nearest(path, rows)), None)
        return f"{sheet.title}!B{row}" if sheet and row else f"{sheet.title} ({path})" if sheet else place

    @staticmethod
    def _cell(sheet: Sheet, row: int, path: str) -> str:
        column = next((sheet.columns[p] for p in _nearest(path, sheet.columns)), None)
        if column is None:
            return sheet.cell(row, min(sheet.columns.values(), default=1)) + (f" ({path})" if path else "")
        return sheet.cell(row, column)

    def problem(self, problem: Problem) -> Problem:
        """Return a problem with cells in place of places, in its words too."""
        listed = "|".join(name for name in sheets() if name != STUDY)
        said = re.sub(rf"\b(?:{listed})\[\d+\](?:\.\w+|\[\d+\])*", lambda found: self.place(found[0]), problem.message)
        return Problem(self.place(problem.place), said)


def _nearest(path: str, known: dict[str, int]) -> Iterator[str]:
    """Yield the columns that a path stands in: its own, what it is part of, what is part of it."""
    parts = path.split(".")
    yield from (p for k in range(len(parts), 0, -1) if (p := ".".join(parts[:k])) in known)
    yield from (p for p in known if path and p.startswith(f"{path}."))


def letter(column: int) -> str:
    """Return a column's letters: 27 is AA."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def read_book(path: Path) -> Book:
    """Return the study in a workbook; raises `StudyError` naming the cells that cannot be read."""
    book, wrong = Book({}, {}), list[Problem]()
    for grid in grids(path):
        if is_own(grid.title) or not grid.cells:
            continue
        name = find_sheet(grid.title)
        if name is None:
            said = near(grid.title, [sheet_title(n, language_of(grid.title)) for n in sheets()])
            wrong.append(Problem(grid.title, f"unknown sheet; {said} (begin its name with # to keep it as your own)"))
        elif name in book.sheets:
            wrong.append(Problem(grid.title, f"is the sheet {book.sheets[name].title} again; put its rows there"))
        else:
            book.sheets[name] = Sheet(name, grid.title, header_row=grid.rows[0], last_row=max(grid.rows))
            read = _read_study if name == STUDY else _read_list
            wrong.extend(read(grid, book))
    if wrong:
        raise StudyError(wrong, str(path))
    return book


def _read_study(grid: Grid, book: Book) -> Iterator[Problem]:
    sheet, known = book.sheets[STUDY], sheets()[STUDY]
    for row in grid.rows:
        cells = grid.by_row[row]
        key = str(cells[1].value) if 1 in cells else ""
        if is_own(key) or (row == grid.rows[0] and is_key_header(key)) or (not key and 2 not in cells):
            continue
        path = find_header(STUDY, key)
        if path is None:
            yield Problem(sheet.cell(row, 1), f"unknown key {key[:40]!r}; {near(key, known_headers(STUDY, language_of(key)))}")
        elif path in sheet.columns:
            yield Problem(sheet.cell(row, 1), f"{key[:40]!r} stands twice; row {sheet.columns[path]} has it already")
        else:
            sheet.columns[path] = row
            yield from _put(book.document, known[path], cells.get(2), f"{sheet.title}!B{row}", None)


def _read_list(grid: Grid, book: Book) -> Iterator[Problem]:
    sheet, first = book.sheets[find_sheet(grid.title) or ""], grid.rows[0]
    titles = {column: str(held.value) for column, held in grid.by_row[first].items()}
    wrong = list(_columns(sheet, first, titles))
    yield from wrong
    if wrong:
        return
    items: list[dict[str, Any]] = []
    book.document[sheet.name] = items
    used = set(sheet.columns.values())
    for row in grid.rows[1:]:
        cells = grid.by_row[row]
        for column in sorted(set(cells) - used - set(titles)):
            yield Problem(sheet.cell(row, column), f"stands below no header; give {letter(column)}{first} one, or clear the cell")
        mine = {column: held for column, held in cells.items() if column in used}
        if mine:
            yield from _read_row(sheet, row, mine, items)


def _columns(sheet: Sheet, row: int, titles: dict[int, str]) -> Iterator[Problem]:
    for column, text in sorted(titles.items()):
        if is_own(text):
            continue
        path = find_header(sheet.name, text)
        if path is None:
            said = near(text, known_headers(sheet.name, language_of(text)))
            yield Problem(sheet.cell(row, column), f"unknown header {text[:40]!r}; {said} (begin it with # to keep the column as your own)")
        elif path in sheet.columns:
            yield Problem(sheet.cell(row, column), f"{text[:40]!r} stands twice; {letter(sheet.columns[path])}{row} has it already")
        else:
            sheet.columns[path] = column


def _read_row(sheet: Sheet, row: int, cells: dict[int, Held], items: list[dict[str, Any]]) -> Iterator[Problem]:
    known = sheets()[sheet.name]
    unit = str(cells[sheet.columns["unit"]].value).strip() if sheet.columns.get("unit") in cells else None
    item: dict[str, Any] = {}
    for path, column in sheet.columns.items():
        yield from _put(item, known[path], cells.get(column), sheet.cell(row, column), unit)
        held = cells.get(column)
        if held is not None and held.in_per_cent and "text" in known[path].takes and unit is None and "unit" in known:
            item.setdefault("unit", "%")
    _add(sheet, row, item, items)


def _add(sheet: Sheet, row: int, item: dict[str, Any], items: list[dict[str, Any]]) -> None:
    """Add an item, or the part of one that its row states."""
    parts = ROWS_WITHIN.get(sheet.name)
    if parts is None or parts in item:
        items.append(item)
        sheet.rows.append([row])
        return
    own: dict[str, Any] = {key: item.pop(key) for key in SCENARIO if key in item}
    at = next((k for k, other in enumerate(items) if own.get("name") == other.get("name")), None)
    if "name" not in own and items:
        at = len(items) - 1
    if at is None or not isinstance(items[at].get(parts, []), list):
        at = len(items)
        items.append({})
        sheet.rows.append([row])
    items[at] = {**own, **items[at]}
    if item:
        items[at].setdefault(parts, []).append(item)
        sheet.rows[at].append(row)


def _put(item: dict[str, Any], at: Field, held: Held | None, cell: str, unit: str | None) -> Iterator[Problem]:
    """Put what a cell says into an item, at the cell's path."""
    if held is None:
        return
    try:
        value = decode(held, at, unit)
    except KjprojError as error:
        yield Problem(cell, str(error))
        return
    *outer, last = at.path.split(".")
    inner = item
    for part in outer:
        inner = inner.setdefault(part, {})
        if not isinstance(inner, dict):
            yield Problem(cell, f"says more about {part}, which another column of this row states already; clear one of them")
            return
    if last in inner:
        yield Problem(cell, f"states {last}, of which another column of this row states parts; clear one of them")
        return
    inner[last] = value
