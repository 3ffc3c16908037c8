"""Text files that spreadsheet programs write."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from ..errors import KjprojError

_LARGEST = 100_000_000
_BETWEEN = ",;\t，；"


def text_of(path: Path) -> str:
    """Read a text that a spreadsheet program wrote: UTF-8, UTF-16 as "Unicode text", or GB 18030 as Chinese ones do.

    Lines end with a line feed, whatever they end with in the file.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise KjprojError(f"{path} cannot be read: {error.strerror}") from None
    if len(raw) > _LARGEST:
        raise KjprojError(f"{path} is larger than {_LARGEST:,} bytes")
    marked = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    unmarked = "utf-16-le" if raw[1::2].count(0) > raw[::2].count(0) else "utf-16-be"  # a comma has a byte of 0 there
    for encoding in ("utf-16",) if marked else (unmarked,) if 0 in raw else ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if 0 not in raw or marked or not set(text).isdisjoint(_BETWEEN):  # other texts with a 0 make no cells
            return text.replace("\r\n", "\n").replace("\r", "\n")
    raise KjprojError(f"{path} is a text neither in UTF-8 or UTF-16 nor in GB 18030; save it as UTF-8")


def rows_of(path: Path, text: str, between: str = ",") -> list[list[str]]:
    """Return the rows of a text that are not empty, cell by cell; raises `KjprojError` for quotation marks that do not fit."""
    reader, found, line = csv.reader(io.StringIO(text), delimiter=between, strict=True), [], 1
    try:
        for row in reader:
            found.append(row)
            line = reader.line_num + 1
    except csv.Error as error:
        said = "a quotation mark is not closed, or closes before its cell ends; mend it" if "expected" in str(error) else str(error)
        raise KjprojError(f"{path} cannot be read from line {line} on: {said}") from None
    return [row for row in found if any(cell.strip() for cell in row)]


def columns_of(path: Path) -> dict[str, list[str | None]]:
    """Return the columns of a file with a head; empty cells are None. What stands between cells is what the head has most of."""
    text = text_of(path)
    head = next((line for line in text.splitlines() if line.strip()), "")
    names, *rows = rows_of(path, text, max(_BETWEEN, key=head.count)) or [[]]
    names = [name.strip() for name in names]
    if not rows:
        raise KjprojError(f"{path} has no rows; expected a head, and one row a region")
    for name in filter(None, names):
        if names.count(name) > 1:
            raise KjprojError(f"{path} has the column {name!r} twice; take one out")
    for number, row in enumerate(rows, 1):
        if len(row) > len(names):
            where = f"row {number}, which begins with {row[0]!r}"
            raise KjprojError(f"{path} has more cells than columns in {where}; write 1,090 without the comma, or in quotes")
    return {name: [_cell(row, k) for row in rows] for k, name in enumerate(names) if name}


def _cell(row: list[str], k: int) -> str | None:
    return (row[k].strip() or None) if k < len(row) else None
