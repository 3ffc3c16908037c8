"""Long tables: from a row a value to arrays, each cell exactly once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..answers.levels import Quantiles
from ..answers.sample import Paths
from ..errors import KjprojError
from .about import FOREIGN, About, units_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Columns = Mapping[str, Any]
"""By name, columns of equal lengths."""

_ENDS = "-01-01", "-12-31"
_ROUNDING = 1e-9
_YEAR = re.compile(r"(\d{4})(-\d{2}-\d{2}.*)?")


def codes(column: Iterable[Any]) -> tuple[Ints, list[Any]]:
    """Return a column as numbers, and the values that these stand for, in order of first appearance."""
    seen: dict[Any, int] = {}
    found = [seen.setdefault(value, len(seen)) for value in column]
    return np.array(found, np.int64), list(seen)


def numbers(column: Any, name: str) -> Floats:
    """Return a column of numbers, also where they are written as text; raises `KjprojError` for what is none."""
    try:
        found = np.asarray(column, np.float64)
    except (TypeError, ValueError):
        raise KjprojError(f"the column {name} holds something other than numbers; correct it") from None
    if np.isnan(found).any():
        raise KjprojError(f"the column {name} has no number in row {int(np.flatnonzero(np.isnan(found))[0])}; fill or drop it")
    return found


def calendar_years(column: Any, name: str) -> Ints:
    """Return a column of years, given as numbers, text or dates."""
    values = np.asarray(column)
    if values.dtype.kind == "M":
        values = values.astype("datetime64[D]")
    given, distinct = codes(values.tolist())
    return np.array([_year(value, name) for value in distinct], np.int64)[given]


def _year(value: Any, name: str) -> int:
    if hasattr(value, "year"):
        value = f"{value:%Y-%m-%d}"
    whole = int(value) if isinstance(value, float) and value.is_integer() else value
    found = _YEAR.fullmatch(str(whole).strip())
    if found is None:
        raise KjprojError(f"{value!r} in the column {name} is no year; expected one such as 2025, or a date")
    if found[2] is not None and found[2][:6] not in _ENDS:
        raise KjprojError(
            f"{value!r} in the column {name} lies within a year; expected years, or their first or last days: take yearly figures, "
            "or put the year in the date's place"
        )
    return int(found[1])


def constant(of: Ints, names: Sequence[str], column: Any, name: str) -> dict[str, Any]:
    """Return what a column says of each indicator, once; raises `KjprojError` where it says two things."""
    given, distinct = codes(column)
    pairs = np.unique(np.stack([of, given]), axis=1).T.tolist()
    found: dict[str, Any] = {}
    for indicator, value in pairs:
        if names[indicator] in found:
            other = found[names[indicator]]
            raise KjprojError(f"{names[indicator]} has the {name} {other!r} and {distinct[value]!r}; make it one")
        found[names[indicator]] = distinct[value]
    return found


def box(axes: Sequence[tuple[Ints, Sequence[Any]]], values: Any, names: Sequence[str]) -> NDArray[Any]:
    """Return values as an array over axes, each a row's place and what the places are.

    Raises `KjprojError` where a cell has no row, or two.
    """
    shape = tuple(len(places) for _, places in axes)
    where = np.ravel_multi_index(tuple(row for row, _ in axes), shape)
    rows = np.bincount(where, minlength=int(np.prod(shape)))
    wrong = np.flatnonzero(rows != 1)
    if len(wrong):
        at = np.unravel_index(int(wrong[0]), shape)
        cell = ", ".join(f"{name} {places[int(k)]}" for name, (_, places), k in zip(names, axes, at, strict=True))
        count = int(rows[wrong[0]])
        raise KjprojError(f"{count} rows for {cell}; expected one row for each ({len(wrong):,} cells are wrong)")
    out = np.empty(shape)
    out.flat[where] = values
    return out


def only(columns: Columns, chosen: Mapping[str, Any]) -> NDArray[np.bool_]:
    """Return which rows are about what is chosen, by column; None is the only one that is there.

    Raises `KjprojError` where there are several and none is chosen, or none of the one that is.
    """
    kept = np.ones(len(columns[next(iter(chosen))]), bool)
    for name, wanted in chosen.items():
        row, distinct = codes(np.asarray(columns[name]).tolist())
        here = [distinct[k] for k in np.unique(row[kept])]
        listed = ", ".join(map(str, here)) or "none"
        if wanted is None and len(here) != 1:
            raise KjprojError(f"the column {name} has {listed}; name one of them")
        if wanted is not None and wanted not in here:
            raise KjprojError(f"the column {name} has no {wanted!r}, but {listed}")
        kept &= row == distinct.index(here[0] if wanted is None else wanted)
    return kept


def ordered(column: Ints | Floats) -> tuple[Ints, list[Any]]:
    """Return a column of numbers as places in their rising order, and the numbers."""
    distinct, place = np.unique(column, return_inverse=True)
    return place.astype(np.int64).ravel(), distinct.tolist()


def sample_places(column: Any) -> tuple[Ints, list[Any]]:
    """Return the samples' places: by number where they are numbered, else in order of first appearance."""
    given, distinct = codes(np.asarray(column).tolist())
    try:
        rank = np.argsort(np.argsort(np.array([int(value) for value in distinct]), kind="stable"))
    except (TypeError, ValueError):
        return given, distinct
    return rank[given], [distinct[k] for k in np.argsort(rank)]


def paths_in(columns: Columns, about: About, units: Mapping[str, str] | None = None) -> Paths:
    """Return the paths in a long table: `unique_id`, `ds`, `sample_id`, `y`; with `weight` and `unit` where it has them."""
    indicator, names = codes(columns["unique_id"])
    year, years = ordered(calendar_years(columns["ds"], "ds"))
    sample, samples = sample_places(columns["sample_id"])
    axes = ((indicator, names), (sample, samples), (year, years))
    values = box(axes, numbers(columns["y"], "y"), ("unique_id", "sample_id", "ds"))
    stated = constant(indicator, names, columns["unit"], "unit") if "unit" in columns else {}
    weights = weights_of(sample, len(samples), columns.get("weight"))
    ordered_names = sorted(names, key=list(about.units).index) if set(names) <= set(about.units) else names
    levels = {name: values[names.index(name)] for name in ordered_names}
    found = units_of(ordered_names, units or {}, stated, about.units)
    labels = {name: text for name, text in about.labels.items() if name in levels}
    return Paths(np.array(years), levels, weights, about.recipe or FOREIGN, found, labels)


def weights_of(sample: Ints, count: int, column: Any) -> Floats:
    """Return the samples' weights: equal ones without a column; raises `KjprojError` where one sample has two, or they are none."""
    if column is None:
        return np.full(count, 1.0 / count)
    given = numbers(column, "weight")
    found = np.empty(count)
    found[sample] = given
    if not np.array_equal(found[sample], given):
        raise KjprojError("a sample has two weights; expected one, the same in all its rows")
    wrong = found[~((found >= 0.0) & np.isfinite(found))]
    if wrong.size:
        raise KjprojError(f"weight holds {wrong[0]:g}; expected finite numbers, none below 0")
    if not found.any():
        raise KjprojError("weight holds 0 alone; expected weights above 0, or none where all weigh the same")
    return found


def quantiles_in(columns: Columns, about: About, units: Mapping[str, str] | None = None) -> dict[str, Quantiles]:
    """Return the quantiles in a long table by indicator, probabilities rising: `unique_id`, `ds`, `quantile`, `y`, and `unit`."""
    indicator, names = codes(columns["unique_id"])
    years, y = calendar_years(columns["ds"], "ds"), numbers(columns["y"], "y")
    q = numbers(columns["quantile"], "quantile")
    if not ((q >= 0) & (q <= 1)).all():
        raise KjprojError(f"a quantile is {q[(q < 0) | (q > 1)][0]}; expected probabilities from 0 to 1")
    stated = constant(indicator, names, columns["unit"], "unit") if "unit" in columns else {}
    found = units_of(names, units or {}, stated, about.units)
    tables = {}
    for code, name in enumerate(names):
        own = indicator == code
        (year, own_years), (level, levels) = ordered(years[own]), ordered(q[own])
        values = box(((year, own_years), (level, levels)), y[own], (f"{name}, ds", "quantile"))
        require_rising(name, own_years, levels, values)
        tables[name] = Quantiles(np.array(own_years), np.array(levels), values, found[name], about.labels.get(name))
    return tables


def require_rising(name: str, years: Sequence[int], levels: Sequence[float], values: Floats) -> None:
    """Raise `KjprojError` where a quantile lies below one of a lower probability by more than rounding."""
    low, high = values[:, :-1], values[:, 1:]
    with np.errstate(over="ignore", invalid="ignore"):
        crossing = np.argwhere(low > high + _ROUNDING * np.abs(high))
    if len(crossing):
        t, k = map(int, crossing[0])
        raise KjprojError(
            f"the quantiles of {name} in {years[t]} cross: {values[t, k]:g} at {levels[k]:g} and {values[t, k + 1]:g} at {levels[k + 1]:g}; "
            "expected none below the last"
        )
