"""Panels of yearly series, and the cases in them: a few years to forecast from, and what came."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import KjprojError
from ..scales import Linear, Log, Logit, Scale

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_KINDS = {"linear": Linear(), "log": Log(), "logit": Logit(low=0.0, high=100.0)}


@dataclass(frozen=True)
class Panel:
    """Series on one scale: their names, first years, and places by year, NaN where a year is missing or impossible.

    `dropped` counts values that are missing or do not lie on the scale (a zero on `log`).
    """

    scale: Scale
    names: tuple[str, ...]
    first_years: tuple[int, ...]
    places: tuple[Floats, ...]
    dropped: int = 0

    def pick(self, chosen: Iterable[int]) -> Panel:
        """Return the panel of some series, by number."""
        rows = list(chosen)
        return Panel(
            self.scale,
            tuple(self.names[i] for i in rows),
            tuple(self.first_years[i] for i in rows),
            tuple(self.places[i] for i in rows),
        )

    def until(self, year: int) -> Panel:
        """Return what was known at the end of a year."""
        cut = tuple(p[: max(year - first + 1, 0)] for p, first in zip(self.places, self.first_years, strict=True))
        return Panel(self.scale, self.names, self.first_years, cut)

    @property
    def years(self) -> tuple[int, int]:
        """The first and the last year with a value; raises `KjprojError` for an empty panel."""
        known = [
            first + int(k) for p, first in zip(self.places, self.first_years, strict=True) for k in np.flatnonzero(np.isfinite(p))
        ]
        if not known:
            raise KjprojError(f"no value of the panel lies on the scale {self.scale.kind}; give another scale")
        return min(known), max(known)

    def growths(self) -> dict[int, Floats]:
        """Return the yearly growths on the scale by year."""
        found: dict[int, list[float]] = {}
        for p, first in zip(self.places, self.first_years, strict=True):
            for k, growth in enumerate(np.diff(p)):
                if np.isfinite(growth):
                    found.setdefault(first + k + 1, []).append(float(growth))
        return {year: np.array(found[year]) for year in sorted(found)}


def scale_named(scale: str | Scale) -> Scale:
    """Return a scale by its kind ("logit" is that of per cent), or the one that is handed in."""
    if isinstance(scale, Scale):
        return scale
    if scale not in _KINDS:
        raise KjprojError(f"scale is {scale!r}; expected one of {', '.join(_KINDS)}, or a kjproj.scales scale")
    return _KINDS[scale]


def read_panel(
    frame: Any, scale: str | Scale = "log", *, series: str = "series", year: str = "year", value: str = "value"
) -> Panel:
    """Return the panel in a long frame: a pandas frame, or a mapping of columns of equal lengths.

    Args:
        frame: one row a series and year.
        scale: "log", "linear", "logit" (of per cent), or a scale.
        series: the name of the column that names the series.
        year: the name of the column of calendar years.
        value: the name of the column of levels.

    Raises:
        KjprojError: for a missing column, years that are not whole numbers, or a year given twice.
    """
    found = scale_named(scale)
    for column in (series, year, value):
        if column not in frame:
            known = ", ".join(map(str, frame.keys() if hasattr(frame, "keys") else ()))
            raise KjprojError(f"the frame has no column {column!r}; it has {known}; name yours by series=, year=, value=")
    names = [str(name) for name in frame[series]]
    years, values = _whole(frame[year], year), np.asarray(frame[value], float)
    if not len(names) == len(years) == len(values):
        raise KjprojError(f"columns of {len(names)}, {len(years)} and {len(values)} rows; expected equal lengths")
    low, high = found.bounds
    on = np.isfinite(values) & (values > low) & (values < high)
    places = np.full(len(values), np.nan)
    places[on] = found.to_scale(values[on])
    rows: dict[str, dict[int, float]] = {}
    for name, y, x in zip(names, years, places, strict=True):
        if y in rows.setdefault(name, {}):
            raise KjprojError(f"series {name!r} has the year {y} twice; give one value a series and year")
        rows[name][int(y)] = float(x)
    firsts = {name: min(by) for name, by in rows.items()}
    lines = [np.array([by.get(y, np.nan) for y in range(firsts[n], max(by) + 1)]) for n, by in rows.items()]
    return Panel(found, tuple(rows), tuple(firsts.values()), tuple(lines), int((~on).sum()))


def _whole(values: Any, column: str) -> Ints:
    years = np.asarray(values)
    if years.dtype.kind not in "iuf" or not np.all(years == np.floor(years)):
        raise KjprojError(f"column {column!r} holds {years.dtype} values; expected calendar years such as 2024")
    return years.astype(np.int64)


@dataclass(frozen=True)
class Cases:
    """N forecasts to make: places x (N, n), growth that came y (N,), origin year and series number (N,) each."""

    x: Floats
    y: Floats
    origin: Ints
    series: Ints

    def __len__(self) -> int:
        return len(self.y)

    def pick(self, chosen: Any) -> Cases:
        """Return some of them."""
        return Cases(self.x[chosen], self.y[chosen], self.origin[chosen], self.series[chosen])


def cases(panel: Panel, n: int, h: int, *, last: int | None = None, after: int | None = None) -> Cases:
    """Return the cases of n consecutive years with an outcome h years on.

    Of each series the `last` origins, or all; with `after` those whose origin is that year or later.
    """
    parts = [_of_series(p, first, n, h, last, after) for p, first in zip(panel.places, panel.first_years, strict=True)]
    series = np.concatenate([np.full(len(y), i) for i, (_, y, _) in enumerate(parts)] or [np.zeros(0)])
    x = np.concatenate([part[0] for part in parts]) if parts else np.zeros((0, n))
    y, origin = (np.concatenate([part[k] for part in parts]) if parts else np.zeros(0) for k in (1, 2))
    return Cases(x, y, origin.astype(np.int64), series.astype(np.int64))


def _of_series(
    places: Floats, first: int, n: int, h: int, last: int | None, after: int | None
) -> tuple[Floats, Floats, Floats]:
    if len(places) < n + h:
        return np.zeros((0, n)), np.zeros(0), np.zeros(0)
    x = np.lib.stride_tricks.sliding_window_view(places, n)[: len(places) - n - h + 1]
    y, origin = places[n - 1 + h :] - x[:, -1], first + np.arange(n - 1, len(places) - h)
    kept = np.isfinite(x).all(axis=1) & np.isfinite(y) & (origin >= (after if after is not None else -(10**6)))
    rows = np.flatnonzero(kept)[-last if last else None :]
    return x[rows], y[rows], origin[rows].astype(float)


def folds(count: int, parts: int, seed: int) -> Sequence[Ints]:
    """Return which series are left out in turn, the series being dealt at random."""
    return [np.sort(part) for part in np.array_split(np.random.default_rng(seed).permutation(count), parts)]
