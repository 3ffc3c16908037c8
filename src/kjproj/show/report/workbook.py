"""The answers as a workbook: numbers as numbers, words that no spreadsheet program runs (extra `xlsx`)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date
from io import BytesIO
from typing import Any, NamedTuple

from ...answers.bounds import Bounds
from ...answers.overview import Overview, Row
from ...answers.phrases import aim
from ...answers.variations import scenario_label
from ...projection import Projection
from ...study.sheets.workbook import openpyxl
from ...text import Language
from .. import words
from ..assumptions import assumption_lines
from ..changes import Move, moves
from ..conclusions import headline_joint, headline_rows
from . import columns
from .outlook import outlook

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")
_LONGEST, _WIDEST = 32_000, 60
_RATE = {"rate": "0.0%", "points": "0.00", "units": "0"}


class Cell(NamedTuple):
    """A number with the format in which it is shown."""

    value: float | None
    format: str


Value = Cell | date | str | int | None


def workbook(seen: Overview, before: Projection | None, lang: Language) -> bytes:
    """Return a workbook with a sheet for targets, joint chances, scenarios, yearly values, findings, assumptions, …"""
    book = openpyxl().Workbook()
    book.remove(book.active)
    for name, rows in _sheets(seen, before, lang):
        sheet = book.create_sheet(columns.SHEETS[name][lang])
        for number, row in enumerate(rows, 1):
            for column, value in enumerate(row, 1):
                _put(sheet.cell(number, column), value)
        _lay_out(sheet)
    held = BytesIO()
    book.save(held)
    return held.getvalue()


def _put(cell: Any, value: Value) -> None:
    """Write a cell; text is text, also where it looks like a formula."""
    if isinstance(value, Cell):
        cell.value, cell.number_format = value
    elif isinstance(value, str):
        cell.value = harmless(value)
        cell.data_type = "s"
    else:
        cell.value = value  # a date gets the format of dates


def harmless(text: str) -> str:
    """Return text for a cell: an apostrophe stands before what any spreadsheet program could take for a formula."""
    said = _CONTROLS.sub("", text)[:_LONGEST]
    return f"'{said}" if _FORMULA.match(said) else said


def _lay_out(sheet: Any) -> None:
    """Bold heads that stay in view, columns as wide as their words, long words over several lines."""
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    sheet.freeze_panes = "B2"
    for k, column in enumerate(sheet.iter_cols(), 1):
        widest = max(sum(2 if ord(sign) > 0x2E7F else 1 for sign in str(cell.value or "")) for cell in column)
        sheet.column_dimensions[get_column_letter(k)].width = min(max(widest + 2, 9), _WIDEST)
        for cell in column:
            cell.alignment = Alignment(wrap_text=isinstance(cell.value, str), vertical="top")
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = "landscape", 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _sheets(seen: Overview, before: Projection | None, lang: Language) -> Iterator[tuple[str, list[Sequence[Value]]]]:
    heads = {name: said[lang] for name, said in columns.HEADS.items()}
    yield "targets", [heads["targets"], *(_target(seen, row, lang) for row in seen.rows)]
    yield "joints", [heads["joints"], *_joints(seen, lang)]
    yield "scenarios", list(_scenarios(seen, heads["scenarios"], lang))
    yield "yearly", [heads["yearly"], *(line for row in seen.rows for line in _yearly(seen, row, lang))]
    if before is not None:
        yield "moved", [heads["moved"], *(_moved(seen, move, lang) for move in moves(before, seen.projection))]
    yield "findings", [heads["findings"], *([item.words(lang), item.kind] for item in seen.findings)]
    yield "assumptions", [heads["assumptions"], *([line.removeprefix("- ")] for line in assumption_lines(seen, lang))]
    yield "sources", [heads["sources"], *_sources(seen, lang)]
    yield "recipe", [heads["recipe"], *([key, str(value)] for key, value in asdict(seen.projection.recipe).items())]


def _chance(value: float | None, lang: Language) -> Cell:
    """A chance in whole per cent, never 0 or 100."""
    return Cell(value, columns.CHANCE[lang])


def _bounds(chance: Bounds, lang: Language) -> list[Value]:
    said = words.phrase(chance.value.value, lang)
    return [_chance(chance.value.value, lang), _chance(chance.low, lang), _chance(chance.high, lang), said]


def _target(seen: Overview, row: Row, lang: Language) -> list[Value]:
    study, target, need = seen.study, row.target, row.need
    latest = (None, None) if row.latest is None else (row.latest[1], row.latest[0])
    found: list[Value] = [None] * 4
    if row.status == "open" and row.chance is not None:
        found = _bounds(row.chance, lang)
    elif row.chance is not None:
        found = [None, None, None, columns.STATUS["met" if row.chance.value.value == 1.0 else "missed"][lang]]
    else:
        found[3] = columns.STATUS["no_basis"][lang]
    return [
        words.named(study, target, lang),
        target.year,
        Cell(latest[0], "General"),
        latest[1],
        words.bound(study, target, lang),
        Cell(target.aimed(study), "General"),
        target.measured(study).unit,
        Cell(need.value, _RATE[need.way]) if need else None,
        words.needed(study, row, lang) if need else None,
        Cell(row.pace.lead, "+0%;-0%;0%") if row.pace else None,
        *(Cell(level, "General" if level is None else _level(level)) for level in (row.median, row.low, row.high)),
        *found,
        _chance(row.own_data, lang) if row.own_data is not None else None,
        target.name,
    ]


def _level(level: float) -> str:
    """Return the format of a level: four digits."""
    return "0" if abs(level) >= 1000 else "0.0" if abs(level) >= 100 else "0.00" if abs(level) >= 1 else "0.0000"


def _joints(seen: Overview, lang: Language) -> Iterator[list[Value]]:
    for joint in seen.joints:
        said = [aim(seen.study, seen.row(name).target, lang) for name in joint.targets]
        binding = aim(seen.study, seen.row(joint.binding).target, lang)
        yield [("、" if lang == "zh" else ", ").join(said), len(said), *_bounds(joint.chance, lang), binding]


def _scenarios(seen: Overview, first: Sequence[str], lang: Language) -> Iterator[list[Value]]:
    """A row for each open target and joint chance, a column for each scenario."""
    places = [k for k, v in enumerate(seen.variations) if v.kind == "scenario"]
    yield [*first, *(scenario_label(seen.projection, name)(lang) for name in (None, *(seen.variations[k].about for k in places)))]
    for row in seen.rows:
        if row.status == "open" and row.chance is not None:
            yield [f"{aim(seen.study, row.target, lang)}", row.target.year, *_under(row.chance, places, lang)]
    joint = headline_joint(seen)
    if joint is not None and headline_rows(seen):
        said = ("、" if lang == "zh" else ", ").join(aim(seen.study, seen.row(name).target, lang) for name in joint.targets)
        yield [said, seen.row(joint.targets[0]).target.year, *_under(joint.chance, places, lang)]


def _under(chance: Bounds, places: Sequence[int], lang: Language) -> list[Value]:
    return [_chance(chance.value.value, lang), *(_chance(chance.by[k], lang) for k in places)]


def _yearly(seen: Overview, row: Row, lang: Language) -> Iterator[list[Value]]:
    found = outlook(seen, row)
    for year in () if found is None else found.years:
        low, lower, median, upper, high = found.ahead.get(year, (None,) * 5) if found else (None,) * 5
        levels = (found.published.get(year), found.reference.get(year), median, lower, upper, low, high) if found else ()
        yield [aim(seen.study, row.target, lang), seen.study.unit(row.target.indicator), year, *(Cell(x, "General" if x is None else _level(x)) for x in levels)]


def _moved(seen: Overview, move: Move, lang: Language) -> list[Value]:
    """The chance before and now, where figures did not settle it since, and the difference."""
    now = _chance(move.now, lang) if move.met is None else columns.STATUS["met" if move.met else "missed"][lang]
    change = Cell(move.now - move.before, "+0%;-0%;0%") if move.met is None and move.now is not None and move.before is not None else None
    return [aim(seen.study, move.target, lang), move.target.year, _chance(move.before, lang), now, change]


def _sources(seen: Overview, lang: Language) -> Iterator[list[Value]]:
    for source in seen.study.sources:
        cited = sorted({e.section for e in (*seen.study.evidence, *seen.study.targets) if e.source == source.name and e.section})
        title, publisher = (part(lang) if part else None for part in (source.title, source.publisher))
        yield [title or source.name, publisher, source.published, source.covers_until, ("、" if lang == "zh" else ", ").join(cited), source.url]
