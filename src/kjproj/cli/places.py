"""Places and their figures on the command line: a file, `name=value` pairs, or names of indicators."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..errors import KjprojError
from .sheet import rows_of, text_of

Places = Mapping[str, "Mapping[int, str] | str"]
_PAIR = re.compile(r"\s*(.+?)\s*(?:\.\s*(\d{4}))?\s*=\s*(\S+)\s*")
PLACES = "a file of figures (.csv: name, year, value; .json, .yaml: {name: {year: value}}), NAME[.YEAR]=VALUE,… or names of indicators"


def places_of(text: str) -> Sequence[str] | Places:
    """Return names of indicators, or figures by place, from a text such as "Junshan.2021=3.21,Pingjiang.2021=6.1"."""
    if "=" in text:
        return _pairs(text)
    path = Path(text)
    if path.suffix.lower() in (".csv", ".json", ".yaml", ".yml"):
        return _in_csv(path) if path.suffix.lower() == ".csv" else _in_document(path)
    return [name.strip() for name in text.split(",") if name.strip()]


def _pairs(text: str) -> Places:
    return _gathered((*_parsed(part), f"{part!r}") for part in text.split(",") if part.strip())


def _parsed(part: str) -> tuple[str, str | None, str]:
    found = _PAIR.fullmatch(part)
    if found is None:
        raise KjprojError(f"{part!r} is no figure; expected NAME=VALUE or NAME.YEAR=VALUE, such as Junshan.2021=3.21")
    return found[1], found[2], found[3]


def _in_csv(path: Path) -> Places:
    """Rows of name and value, or of name, year and value; a first row without a number is a head."""
    rows = [[cell.strip() for cell in row] for row in rows_of(path, text_of(path))]
    if rows and not rows[0][-1][-1:].isdigit():
        rows = rows[1:]
    return _gathered(_of_row(row, f"{path}, row {k}") for k, row in enumerate(rows, 1))


def _of_row(row: list[str], where: str) -> tuple[str, str | None, str, str]:
    if len(row) not in (2, 3) or not all(row):
        raise KjprojError(f"{where}: {', '.join(row)}; expected name and value, or name, year and value")
    return row[0], (row[1] if len(row) == 3 else None), row[-1], where


def _gathered(figures: Iterator[tuple[str, str | None, str, str]]) -> Places:
    """Gather figures by place; a figure without a year stands alone."""
    found: dict[str, Any] = {}
    for name, year, value, where in figures:
        if year is not None and not re.fullmatch(r"\d{4}", year):
            raise KjprojError(f"{where}: the year is {year!r}; expected four digits")
        known = found.get(name)
        if isinstance(known, str) or (year is None and known is not None) or (year is not None and known and int(year) in known):
            raise KjprojError(f"{where}: {name} stands twice; give each figure of a place a year of its own")
        if year is None:
            found[name] = value
        else:
            found.setdefault(name, {})[int(year)] = value
    if not found:
        raise KjprojError("no figures given; expected NAME=VALUE, or a file with a row a figure")
    return found


def _in_document(path: Path) -> Places:
    from ..study.files import read

    found: dict[str, Any] = {}
    for name, given in read(path).items():
        years = {_year(path, name, year): value for year, value in given.items()} if isinstance(given, Mapping) else given
        found[str(name)] = years
    return found


def _year(path: Path, name: str, year: object) -> int:
    if not re.fullmatch(r"\d{4}", str(year)):
        raise KjprojError(f"{path}, {name}: the year is {year!r}; expected four digits")
    return int(str(year))
