"""Sample paths in arrays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import KjprojError
from ..base import require_contiguous
from ..calendar import Dates, years_of

Floats = NDArray[np.float64]
Table = tuple[tuple[int, ...], Floats]
"""Years (n,), and paths (P, n)."""
_NO_NUMBERS = {"b": "True and False", "c": "complex", "m": "spans of time", "M": "dates"}


def from_array(values: Any, years: Iterable[Any], dates: Dates = "year_end") -> Table:
    """Return the years and paths (P, n) of an array of n_paths × years; raises `KjprojError` for another shape."""
    if not isinstance(years, Iterable) or isinstance(years, str):
        raise KjprojError(f"the years are {years!r}; expected one for each column of the paths, such as (2024, 2025)")
    found = tuple(years_of(list(years), dates))
    array = numbers(values, "the paths")
    if array.ndim != 2 or array.shape[1] != len(found) or not array.size:
        raise KjprojError(
            f"the paths have shape {array.shape}; expected one row a path and one column for each of {len(found)} years"
        )
    require_contiguous(found)
    return found, array


def from_mapping(by_year: Mapping[Any, Any]) -> Table:
    """Return the same from arrays by year, of equal lengths, draw k of every year belonging together."""
    wrong = [year for year in by_year if not isinstance(year, int | np.integer) or not 1800 <= year <= 2300]
    if wrong:
        raise KjprojError(f"have the year {wrong[0]!r}; expected a calendar year such as 2024")
    years = tuple(sorted(map(int, by_year)))
    if years != tuple(range(years[0], years[0] + len(years))):
        raise KjprojError(f"have the years {', '.join(map(str, years))}; expected every year in between")
    columns = [_column(by_year[year], year) for year in years]
    sizes = {len(column) for column in columns}
    if len(sizes) > 1:
        raise KjprojError(f"have {' and '.join(map(str, sorted(sizes)))} draws; expected equal lengths")
    return years, np.stack(columns, axis=1)


def _column(values: Any, year: int) -> Floats:
    try:
        found = _real(values)
    except (TypeError, ValueError):
        raise KjprojError(f"in {year} are not numbers; expected one number a draw") from None
    if found.ndim != 1 or not len(found):
        raise KjprojError(f"in {year} have shape {found.shape}; expected one value a draw")
    return found


def numbers(values: Any, what: str) -> Floats:
    """Return an array of finite numbers; raises `KjprojError` for words, yes and no, complex numbers, and what is missing."""
    try:
        found = _real(values)
    except (TypeError, ValueError):
        raise KjprojError(f"{what} are not numbers{_kind(values)}; expected an array of real numbers") from None
    if not np.isfinite(found).all():
        raise KjprojError(f"{what} hold {found[~np.isfinite(found)][0]}; expected finite numbers: leave out or repair what is missing")
    return found


def _real(values: Any) -> Floats:
    """Return an array of real numbers; raises `TypeError` or `ValueError` for anything else."""
    given = np.asarray(values)
    if given.dtype.kind in _NO_NUMBERS:
        raise TypeError(given.dtype)
    return np.asarray(given, dtype=float)


def _kind(values: Any) -> str:
    """Say what kind of array it is, where that is known."""
    kind = getattr(getattr(values, "dtype", None), "kind", "")
    return f", but {_NO_NUMBERS[kind]}" if kind in _NO_NUMBERS else ""
