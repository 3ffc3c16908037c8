"""Plain data as a data frame of one of several libraries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from ..errors import KjprojError, MissingExtraError

FrameLibrary = Literal["pandas", "polars"]


def frame_of(rows: Sequence[Mapping[str, Any]] | Mapping[str, Any], backend: FrameLibrary) -> Any:
    """Return rows, or columns by name, as a frame of `backend`: "pandas" (extra `pandas`) or "polars" (extra `frames`).

    Raises `KjprojError` for another one, and `MissingExtraError` where it is not installed.
    """
    if backend not in ("pandas", "polars"):
        raise KjprojError(f'backend is {backend!r}; expected "pandas" or "polars"')
    try:
        if backend == "pandas":
            import pandas as pd

            return pd.DataFrame(rows)
        import polars as pl
    except ModuleNotFoundError:
        raise MissingExtraError(backend, "pandas" if backend == "pandas" else "frames") from None
    return pl.DataFrame(rows, infer_schema_length=None, strict=False)
