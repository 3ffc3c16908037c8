"""New rows in a workbook that somebody keeps: the rest of it stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

from ...errors import KjprojError
from .cells import encode
from .fields import STUDY, sheets
from .headers import header, language_of, sheet_title
from .reading import Sheet, read_book
from .workbook import open_workbook
from .writing import flat, put


def appended(path: Path, items: Sequence[Mapping[str, Any]], as_of: str | None) -> bytes:
    """Return the workbook in a file with more rows of evidence, and another `as_of` where one is given."""
    read = read_book(path)
    book = open_workbook(path, computed=False)
    _without_formulas(path, book)
    known, where = sheets()["evidence"], read.sheets.get("evidence")
    if where is None:
        where = _new_sheet(book, read.sheets)
    sheet = book[where.title]
    first = where.header_row
    lang = language_of("".join(str(cell.value or "") for cell in sheet[first]))
    rows = [dict(flat(item, known)) for item in items]
    column = max([*where.columns.values(), *(c.column for c in sheet[first] if c.value is not None)], default=0)
    for path_ in dict.fromkeys(p for row in rows for p in row if p not in where.columns):
        column += 1
        where.columns[path_] = column
        put(sheet, first, column, header("evidence", path_, lang))
    for number, row in enumerate(rows, where.last_row + 1):
        for path_, value in row.items():
            put(sheet, number, where.columns[path_], encode(value, known[path_]))
    if as_of is not None:
        _set_as_of(book, read.sheets[STUDY], as_of)
    held = BytesIO()
    book.save(held)
    _same(path, held.getvalue(), {**read.document, "evidence": [*read.document.get("evidence", []), *items], **({"as_of": as_of} if as_of else {})})
    return held.getvalue()


def _without_formulas(path: Path, book: Any) -> None:
    """Require that no value is lost: only a spreadsheet program can compute a formula again."""
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    raise KjprojError(
                        f"{path} has a formula in {sheet.title}!{cell.coordinate}, whose value would be lost; add the row in "
                        "your spreadsheet program, or write the study to another file, such as -o study.json"
                    )


def _new_sheet(book: Any, others: Mapping[str, Sheet]) -> Sheet:
    lang = language_of(next(iter(others.values())).title)
    title = sheet_title("evidence", lang)
    sheet = book[title] if title in book.sheetnames else book.create_sheet(title)
    columns = {path: k for k, path in enumerate(("kind", "indicator", "year", "value"), 1)}
    for path, column in columns.items():
        put(sheet, 1, column, header("evidence", path, lang))
    return Sheet("evidence", title, columns)


def _set_as_of(book: Any, where: Sheet, as_of: str) -> None:
    cell = book[where.title].cell(where.columns["as_of"], 2)
    cell.value = date.fromisoformat(as_of)
    cell.number_format = "yyyy-mm-dd"


def _same(path: Path, content: bytes, expected: Mapping[str, Any]) -> None:
    """Require that the new workbook states what it should, read as any other."""
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        copy = Path(folder) / "study.xlsx"
        copy.write_bytes(content)
        if read_book(copy).document != expected:
            raise KjprojError(f"{path} is laid out in a way that no row can be added to; write the study to another file, such as -o study.json")
