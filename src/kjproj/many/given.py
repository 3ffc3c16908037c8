"""Figures and targets of many regions as arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..scales import Scale
from ..study.indicator import Indicator
from ..units import unit
from .reasons import ANSWERED, BEYOND_SCALE, NO_FIGURE, NO_TARGET, OFF_SCALE

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Codes = NDArray[np.int8]
_SPARSE = 8


@dataclass(frozen=True)
class Figures:
    """S series, each of a region and an indicator.

    region, indicator: their numbers, (S,). years: (Y,), rising. levels: (S, Y) in the indicator's unit, NaN where a year is
    missing. half_widths: (S, Y), by how much a level may be wrong either way; None where all are exact. texts: (S, Y), the
    figures as printed; None where they came as numbers.
    """

    region: Ints
    indicator: Ints
    years: tuple[int, ...]
    levels: Floats
    half_widths: Floats | None = None
    texts: NDArray[np.object_] | None = None


@dataclass(frozen=True)
class Goals:
    """T targets: the number of a series, −1 where it has no figures, its year, the figure, and whether it is at least that; (T,) each.

    region, indicator: their numbers, (T,).
    """

    series: Ints
    region: Ints
    indicator: Ints
    year: Ints
    figure: Floats
    upwards: NDArray[np.bool_]


def placed(figures: Figures, indicators: tuple[Indicator, ...]) -> tuple[Floats, Floats | None, Codes]:
    """Return places and standard deviations of their errors on the scale, (S, Y), and which series are refused, (S,)."""
    x, refused = np.full(figures.levels.shape, np.nan), np.zeros(len(figures.region), np.int8)
    sd = None if figures.half_widths is None else np.zeros(x.shape)
    for k, indicator in enumerate(indicators):
        rows: Ints | slice = slice(None) if len(indicators) == 1 else np.flatnonzero(figures.indicator == k)
        levels = figures.levels[rows]
        low, high = indicator.scale.bounds
        inside = (levels > low) & (levels < high)
        if not inside.all():
            missing = np.isnan(levels)
            off = (~missing & ~inside).any(axis=1)
            refused[rows] = np.where(missing.all(axis=1), NO_FIGURE, np.where(off, OFF_SCALE, ANSWERED))
        with np.errstate(all="ignore"):
            x[rows] = indicator.scale.to_scale(levels)
            if sd is not None and figures.half_widths is not None:
                sd[rows] = np.nan_to_num(figures.half_widths[rows] / np.sqrt(3.0) * indicator.scale.slope(levels))
    return x, sd, refused


def bounds(goals: Goals, indicators: tuple[Indicator, ...]) -> tuple[Floats, Codes]:
    """Return the places on the scale that targets stand at, whole counts half way to the next, and which are refused, (T,)."""
    found, refused = np.full(len(goals.year), np.nan), np.zeros(len(goals.year), np.int8)
    for k, indicator in enumerate(indicators):
        rows: Ints | slice = slice(None) if len(indicators) == 1 else np.flatnonzero(goals.indicator == k)
        figure, upwards = goals.figure[rows], goals.upwards[rows]
        low, high = indicator.scale.bounds
        beyond = (figure < low) | (figure > high) | np.isinf(figure)
        refused[rows] = np.where(np.isnan(figure), NO_TARGET, np.where(beyond, BEYOND_SCALE, ANSWERED))
        if unit(indicator.unit).counts:
            figure = np.where(upwards, np.ceil(figure - 1e-9) - 0.5, np.floor(figure + 1e-9) + 0.5)
        found[rows] = places_of(indicator.scale, figure)
    return found, refused


def places_of(scale: Scale, levels: Floats) -> Floats:
    """Return where levels lie on a scale, −∞ and ∞ at and beyond its bounds."""
    low, high = scale.bounds
    with np.errstate(all="ignore"):
        x = np.asarray(scale.to_scale(levels), float)
    return np.where(levels <= low, -np.inf, np.where(levels >= high, np.inf, x))


def distinct(values: Ints) -> list[int]:
    """Return the different values, in order; faster than sorting where they lie close together."""
    if not len(values):
        return []
    low = int(values.min())
    if int(values.max()) - low > _SPARSE * len(values):
        return list(np.unique(values).tolist())
    return list((np.flatnonzero(np.bincount(values - low)) + low).tolist())
