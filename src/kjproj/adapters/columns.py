"""Frames of several libraries as columns, and back, through narwhals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Literal

from ..errors import KjprojError
from .long import Columns
from .needed import needed

Backend = Literal["pandas", "polars", "pyarrow"]
_EXTRA = "frames"


def frame_from(columns: Columns, backend: Backend) -> Any:
    """Return columns as a frame of `backend`; raises `KjprojError` for another one, `MissingExtraError` for a missing one."""
    if backend not in ("pandas", "polars", "pyarrow"):
        raise KjprojError(f'backend is {backend!r}; expected "pandas", "polars" or "pyarrow"')
    narwhals, _ = needed("narwhals", _EXTRA), needed(backend, _EXTRA)
    return narwhals.from_dict(dict(columns), backend=backend).to_native()


def columns_in(frame: Any, required: Sequence[str], what: str) -> dict[str, Any]:
    """Return the columns of a pandas, polars or pyarrow frame, as arrays by name.

    Raises `KjprojError` for anything else, for an empty frame, for two columns of one name, and where a required column is missing.
    """
    narwhals = needed("narwhals", _EXTRA)
    try:
        table = narwhals.from_native(frame, eager_only=True)
    except TypeError:
        given = type(frame).__name__
        raise KjprojError(f"the frame of {what} is {given}; expected one of pandas, polars or pyarrow") from None
    except narwhals.exceptions.DuplicateError:
        raise KjprojError(f"the frame of {what} has two columns of one name; rename or drop one") from None
    missing = [name for name in required if name not in table.columns]
    if missing:
        has = ", ".join(map(str, table.columns)) or "none"
        raise KjprojError(f"the frame of {what} has no column {', '.join(missing)}; its columns are {has}")
    if not len(table):
        raise KjprojError(f"the frame of {what} has no rows")
    return {name: table[name].to_numpy() for name in table.columns}


def text_in(value: Any) -> str | None:
    """Return a cell's text, None where it is empty."""
    if value is None or type(value).__name__ in ("NAType", "NaTType") or (isinstance(value, float) and math.isnan(value)):
        return None
    return str(value) or None


def metadata_column(text: str, size: int) -> list[str | None]:
    """Return the column `metadata`: what is said of the whole table stands in its first row."""
    return [text, *[None] * (size - 1)]


def metadata_in(columns: Columns) -> str | None:
    """Return the text of the column `metadata`, wherever it stands; None without one."""
    distinct = {text for text in map(text_in, columns.get("metadata", ())) if text is not None}
    if len(distinct) > 1:
        raise KjprojError("the column metadata says two things; read the frames that were joined one by one")
    return distinct.pop() if distinct else None
