"""From a document to a workbook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

from ...text import Language
from ...units import known_units
from .cells import encode
from .fields import ROWS_WITHIN, STUDY, Fields, sheets
from .headers import header, key_value, sheet_title
from .workbook import openpyxl

_BASIC = {
    "sources": ("name",),
    "indicators": ("name", "label", "label.zh", "label.en", "unit"),
    "identities": ("kind", "result", "factors"),
    "correlations": ("between", "value", "reason"),
    "steps": ("indicator", "year", "size", "reason"),
    "evidence": ("kind", "indicator", "year", "value", "unit", "error", "source", "section", "note"),
    "targets": ("name", "indicator", "year", "at_least", "unit", "nature", "source", "section", "note"),
    "scenarios": ("name", "reason"),
}
_LISTS = "#lists"
_ROWS = 500


def workbook(document: Mapping[str, Any], lang: Language, guide: list[str] | None = None) -> bytes:
    """Return a study's document as a workbook, after a sheet of explanations where `guide` has any."""
    book = openpyxl().Workbook()
    book.remove(book.active)
    if guide:
        _write_guide(book, guide, lang)
    _write_study(book.create_sheet(sheet_title(STUDY, lang)), document, lang)
    for name, columns in sheets().items():
        if name != STUDY and name in document:
            _write_list(book, name, document[name], columns, lang)
    if _LISTS in book.sheetnames:
        book.move_sheet(_LISTS, len(book.sheetnames))
    held = BytesIO()
    book.save(held)
    return held.getvalue()


def _write_guide(book: Any, guide: list[str], lang: Language) -> None:
    from openpyxl.styles import Alignment

    from .headers import GUIDE

    sheet = book.create_sheet(GUIDE[lang])
    sheet.column_dimensions["A"].width = 110
    for row, line in enumerate(guide, 1):
        put(sheet, row, 1, line)
        sheet.cell(row, 1).alignment = Alignment(wrap_text=True, vertical="top")
        sheet.cell(row, 1).number_format = "General"
    _bold(sheet, 1)


def _write_study(sheet: Any, document: Mapping[str, Any], lang: Language) -> None:
    known = sheets()[STUDY]
    for column, text in enumerate(key_value(lang), 1):
        put(sheet, 1, column, text)
    alone = {key: value for key, value in document.items() if key.split(".")[0] in known}
    for row, (path, value) in enumerate(flat(alone, known), 2):
        put(sheet, row, 1, header(STUDY, path, lang))
        put(sheet, row, 2, encode(value, known[path]))
    _finish(sheet)


def _write_list(book: Any, name: str, items: list[dict[str, Any]], known: Fields, lang: Language) -> None:
    sheet = book.create_sheet(sheet_title(name, lang))
    rows = [dict(flat(part, known)) for item in items for part in split(name, item)]
    said = {path.rpartition(".")[0] for row in rows for path in row}
    used = {*(p for p in _BASIC.get(name, ("name",)) if not p.startswith("label") and p not in said), *(path for row in rows for path in row)}
    order = dict.fromkeys((*_BASIC.get(name, ()), *known))
    columns = {path: k for k, path in enumerate((path for path in order if path in used), 1)}
    for path, column in columns.items():
        put(sheet, 1, column, header(name, path, lang))
    for number, row in enumerate(rows, 2):
        for path, value in row.items():
            put(sheet, number, columns[path], encode(value, known[path]))
    for path, column in columns.items():
        if known[path].takes & {"text", "names"}:
            for number in range(len(rows) + 2, len(rows) + 52):
                sheet.cell(number, column).number_format = "@"  # what is typed below keeps its digits
        _offer(book, sheet, name, path, column, lang)
    _finish(sheet)


def split(name: str, item: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the rows of an item: one, or one for every part that gets a row of its own."""
    within = ROWS_WITHIN.get(name)
    parts = item.get(within) if within else None
    if not parts:
        yield item
        return
    own = {key: value for key, value in item.items() if key != within}
    for k, part in enumerate(parts):
        yield {**(own if k == 0 else {"name": own["name"]}), **part}


def flat(value: Mapping[str, Any], known: Fields, outer: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the columns of an item with their values; what has no columns of its own stays whole."""
    for key, inner in value.items():
        path = f"{outer}.{key}" if outer else key
        if isinstance(inner, dict) and inner and _has_columns(inner, path, known):
            yield from flat(inner, known, path)
        else:
            yield path, inner


def _has_columns(value: Mapping[str, Any], path: str, known: Fields) -> bool:
    return all(f"{path}.{key}" in known for key in value)


def put(sheet: Any, row: int, column: int, value: Any) -> None:
    """Write a cell; text is text for every program, also where it begins like a formula."""
    cell = sheet.cell(row, column)
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
        cell.number_format = "@"
        if value[:1] in ("=", "+", "-", "@", "\t", "'"):
            cell.quotePrefix = True
    elif hasattr(value, "isoformat"):
        cell.number_format = "yyyy-mm-dd"


def _offer(book: Any, sheet: Any, name: str, path: str, column: int, lang: Language) -> None:
    """Offer the words to choose from as a drop-down list; another word is warned of, not forbidden."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    source = _choices(book, name, path, lang)
    if source is None:
        return
    offer = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=True, errorStyle="warning")
    where = get_column_letter(column)
    offer.add(f"{where}2:{where}{_ROWS}")
    sheet.add_data_validation(offer)


def _choices(book: Any, name: str, path: str, lang: Language) -> str | None:
    field = sheets()[name][path]
    if field.choices:
        return f'"{",".join(field.choices)}"' if len(",".join(field.choices)) < 250 else None
    if field.takes == {"flag"}:
        return '"TRUE,FALSE"'
    if path == "unit":
        return _listed(book, 1, list(known_units()))
    if path == "reference_class":
        from ...beliefs.reference import class_names

        return _listed(book, 2, list(class_names()))
    if path in ("indicator", "result") and sheet_title("indicators", lang) in book.sheetnames:
        return f"'{sheet_title('indicators', lang)}'!$A$2:$A${_ROWS}"
    return None


def _listed(book: Any, column: int, words: list[str]) -> str:
    """Return the reference to a list on a hidden sheet."""
    if _LISTS not in book.sheetnames:
        book.create_sheet(_LISTS).sheet_state = "hidden"
    sheet = book[_LISTS]
    for row, word in enumerate(words, 1):
        put(sheet, row, column, word)
    where = "ABC"[column - 1]
    return f"'{_LISTS}'!${where}$1:${where}${len(words)}"


def _finish(sheet: Any) -> None:
    """Show the headers bold and always, and the columns as wide as what stands in them."""
    from openpyxl.utils import get_column_letter

    _bold(sheet, 1)
    sheet.freeze_panes = "A2"
    for column in range(1, sheet.max_column + 1):
        texts = (str(c.value or "") for c in next(sheet.iter_cols(min_col=column, max_col=column)))
        width = max(sum(2 if ord(sign) > 0x2E7F else 1 for sign in text) for text in texts)
        sheet.column_dimensions[get_column_letter(column)].width = min(max(width + 2, 8), 50)


def _bold(sheet: Any, row: int) -> None:
    from openpyxl.styles import Font

    for cell in sheet[row]:
        cell.font = Font(bold=True)
