"""Sample paths in a long frame of pandas, polars or whatever narwhals reads, as statsforecast's `simulate` gives them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...errors import KjprojError, MissingExtraError
from ..calendar import Dates, years_of
from .arrays import Table, numbers
from .units import agreed

_UNIT, _WEIGHT = "unit", "weight"


@dataclass(frozen=True)
class Columns:
    """The names of a long frame's columns, after Nixtla's habit; `target` None takes the only one that is left."""

    series: str = "unique_id"
    time: str = "ds"
    sample: str = "sample_id"
    target: str | None = None


def column_names(frame: Any) -> list[str]:
    """Return a frame's columns; raises `MissingExtraError` without narwhals, `KjprojError` for what is no frame."""
    return list(eager(frame).columns)


def series_in(frame: Any, columns: Columns) -> list[str]:
    """Return the names of the series in a frame; one without a name where there is no such column."""
    found = eager(frame)
    return [str(name) for name in found[columns.series].unique(maintain_order=True).to_list()] if columns.series in found.columns else []


def from_frame(frame: Any, series: str | None, columns: Columns, dates: Dates, unit: str | None = None) -> tuple[Table, str | None]:
    """Return the years and paths (P, n) of one series of a long frame, one row a path and year, and its unit where one is known.

    Paths are in the order of their samples' numbers or names, so that those of two series with the same samples go together.
    The unit is that of the column `unit`, where there is one, or `unit`. Raises `KjprojError` for paths of different weight.
    """
    found = eager(frame)
    require(found, [columns.time, columns.sample])
    found = _one_series(found, series, columns)
    target = columns.target or _only_target(found, columns)
    require(found, [target])
    if _WEIGHT in found.columns and target != _WEIGHT and found[_WEIGHT].n_unique() > 1:
        raise KjprojError("the paths weigh differently, by the column weight; expected equally likely ones: draw among them by their weights")
    own = found[_UNIT].to_list() if _UNIT in found.columns and target != _UNIT else []
    years = years_of(found[columns.time].to_list(), dates, f"column {columns.time}")
    table = pivoted(years, found[columns.sample].to_list(), found[target].to_numpy(), f"column {target}")
    return table, agreed(own, unit, "the column unit")


def pivoted(years: list[int], samples: list[Any], values: Any, what: str, each: str = "sample") -> Table:
    """Return rows of (year, sample, value) as a table, samples in the order of their numbers, or names.

    `each` says what samples are, where they are something else. Raises `KjprojError` unless every sample has every year once.
    """
    value = numbers(values, what)
    if not len(value):
        raise KjprojError(f"the frame has no rows; expected one a {each} and year")
    year, t = np.unique(np.array(years), return_inverse=True)
    rank = {name: k for k, name in enumerate(in_order(set(samples)))}
    k = np.array([rank[name] for name in samples])
    counts = np.zeros((len(rank), len(year)), np.int64)
    np.add.at(counts, (k, t), 1)
    if (counts != 1).any():
        i, j = np.argwhere(counts != 1)[0]
        raise KjprojError(f"{each} {list(rank)[i]} has {counts[i, j]} values in {year[j]}; expected one for every {each} in every year")
    table = np.empty(counts.shape)
    table[k, t] = value
    if year[-1] - year[0] != len(year) - 1:
        raise KjprojError(f"the years {', '.join(map(str, year))} do not follow one another; expected every year in between")
    return tuple(map(int, year)), table


def in_order(names: Iterable[Any]) -> list[Any]:
    """Return samples in the order of their numbers where all have one, else of their names."""
    try:
        return sorted(names, key=float)
    except (TypeError, ValueError):
        return sorted(names, key=str)


def eager(frame: Any) -> Any:
    """Return a frame as narwhals has it; raises `MissingExtraError` without narwhals, `KjprojError` for what is no frame."""
    try:
        import narwhals as nw
    except ImportError:
        raise MissingExtraError("narwhals", "frames") from None
    try:
        found = nw.from_native(frame)
    except TypeError:
        raise KjprojError(f"the frame is {type(frame).__name__}; expected one of pandas, polars or pyarrow") from None
    except nw.exceptions.DuplicateError:
        raise KjprojError("the frame has two columns of one name; rename one") from None
    return found.collect() if isinstance(found, nw.LazyFrame) else found


def require(frame: Any, names: list[str]) -> None:
    """Raise `KjprojError` for a column that is not there."""
    missing = [name for name in names if name not in frame.columns]
    if missing:
        said = ", ".join(map(str, frame.columns))
        raise KjprojError(f"the frame has no column {missing[0]!r}; it has {said}: name its columns, such as sample_col='path'")


def _one_series(frame: Any, series: str | None, columns: Columns) -> Any:
    import narwhals as nw

    if columns.series not in frame.columns:
        if series is not None:
            raise KjprojError(f"the frame has no column {columns.series!r} in which to look for the series {series!r}; name it by id_col")
        return frame
    names = frame[columns.series].unique(maintain_order=True).to_list()
    if series is None and len(names) != 1:
        raise KjprojError(f"the frame has {len(names)} series ({', '.join(map(str, names[:5]))}); say which one with series=")
    wanted = names[0] if series is None else series
    if wanted not in names:
        raise KjprojError(f"the frame has no series {wanted!r}; it has {', '.join(map(str, names[:5]))}")
    return frame.filter(nw.col(columns.series) == wanted)


def _only_target(frame: Any, columns: Columns) -> str:
    left = [name for name in frame.columns if name not in (columns.series, columns.time, columns.sample, _UNIT, _WEIGHT)]
    if "y" in left:
        return "y"
    if len(left) == 1:
        return str(left[0])
    raise KjprojError(f"the frame has the columns {', '.join(left) or 'none'} beside names, dates and samples; say which with target_col=")
