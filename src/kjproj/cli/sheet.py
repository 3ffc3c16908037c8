"""Text files that spreadsheet programs write."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from ..errors import KjprojError

_LARGEST = 100_000_000
_BETWEEN = ",;\t，；"


def text_of(path: Path) -> str:
    """Read a text that a spreadsheet program wrote: UTF-8, UTF-16 as "Unicode text", or GB 18030 as Chinese ones do."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise KjprojError(f"{path} cannot be read: {error.strerror}") from None
    if len(raw) > _LARGEST:
        raise KjprojError(f"{path} is larger than {_LARGEST:,} bytes")
    marked = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise KjprojError(f"{path} is neither UTF-8 nor GB 18030; save it as UTF-8")


def columns_of(path: Path) -> dict[str, list[str | None]]:
    """Return the columns of a file with a head; empty cells are None. What stands between cells is what the head has most of."""
    text = text_of(path)
    head = next((line for line in text.splitlines() if line.strip()), "")
    between = max(_BETWEEN, key=head.count)
    try:
        reader = csv.DictReader(io.StringIO(text), delimiter=between)
        rows = [row for row in reader if any((cell or "").strip() for key, cell in row.items() if key is not None)]
    except csv.Error as error:
        raise KjprojError(f"{path} cannot be read: {error}; expected a CSV file with a head") from None
    names = [name.strip() for name in reader.fieldnames or ()]
    if not rows:
        raise KjprojError(f"{path} has no rows; expected a head, and one row a region")
    for name in filter(None, names):
        if names.count(name) > 1:
            raise KjprojError(f"{path} has the column {name!r} twice; take one out")
    for number, row in enumerate(rows, 1):
        if None in row:
            raise KjprojError(f"{path} has more cells than columns in row {number}; write 1,090 without the comma, or in quotes")
    return {name.strip(): [(row[name] or "").strip() or None for row in rows] for name in reader.fieldnames or () if name.strip()}
