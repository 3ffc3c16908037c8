"""Where a log density has its peaks, from few evaluations."""

import numpy as np
from numpy.typing import NDArray

from .arrays import FloatArray, LogDensity

_STEP = 0.05
_LONGEST = 1.5
_SAME = 0.5
_ARRIVED = 0.02
_HOPELESS = 15.0
_BUDGET = 800


def find_modes(
    log_density: LogDensity, lower: FloatArray, upper: FloatArray, starts: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Peaks (M, d) of a density on a box, best first, their heights (M,) and widths along each axis (M, d).

    From every start (S, d): Newton's step in each coordinate by central differences of .05, no longer
    than 1.5; a step that does not rise is retried at a quarter of its length, one that does doubles the
    next. Searches that come within .5 of a better one are merged with it, those that lie 15 below the
    best after three steps are given up, after 800 points only the best goes on, after 1200 it stops.
    A width is 1/√(−second derivative), between .02 and 3.
    Raises ValueError when no start has a density.
    """
    x = np.clip(starts, lower, upper)
    height = log_density(x)
    if not np.isfinite(height).any():
        raise ValueError(f"the density is zero (or infinite) at all {len(x)} starting points")
    keep = np.isfinite(height) & _leaders(x, height)
    x, height, spent, rounds = x[keep], height[keep], len(starts), 0
    damping, width = np.ones(len(x)), np.full_like(x, 0.5)
    while (damping > _ARRIVED).any() and spent < 1.5 * _BUDGET:
        gradient, curvature = _differences(log_density, lower, upper, x, height)
        width = 1.0 / np.sqrt(np.clip(-curvature, 0.1, 2500.0))
        candidate = np.clip(x + _step(gradient, curvature) * damping[:, None], lower, upper)
        reached = log_density(candidate)
        x, height, damping = _accept(x, height, damping, candidate, reached)
        spent, rounds = spent + len(x) * (2 * x.shape[1] + 1), rounds + 1
        keep = _leaders(x, height) & ((height > height.max() - _HOPELESS) | (rounds < 3))
        keep &= (spent < _BUDGET) | (height == height.max())
        x, height, damping, width = x[keep], height[keep], damping[keep], width[keep]
    order = np.argsort(-height, kind="stable")
    return x[order], height[order], np.clip(width[order], 0.02, 3.0)


def _accept(
    x: FloatArray, height: FloatArray, damping: FloatArray, candidate: FloatArray, reached: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Positions, heights and next step lengths after the candidates (M, d) were tried; 0 has arrived."""
    rose = reached > height
    arrived = np.abs(candidate - x).max(axis=1) < _ARRIVED
    damping = np.where(arrived, 0.0, np.where(rose, np.minimum(1.0, 2.0 * damping), 0.25 * damping))
    return np.where(rose[:, None], candidate, x), np.where(rose, reached, height), damping


def _step(gradient: FloatArray, curvature: FloatArray) -> FloatArray:
    """Newton's step along each coordinate (M, d), no longer than 1.5; 1.5 uphill where the curve opens up."""
    newton = gradient / np.maximum(-curvature, 1e-9)
    return np.clip(newton, -_LONGEST, _LONGEST)


def _leaders(x: FloatArray, height: FloatArray) -> NDArray[np.bool_]:
    """Which points (M, d) have no higher one (or an equal earlier one) within .5 in every coordinate."""
    near = np.abs(x[:, None, :] - x).max(axis=2) < _SAME
    index = np.arange(len(x))
    better = (height > height[:, None]) | ((height == height[:, None]) & (index < index[:, None]))
    leaders: NDArray[np.bool_] = ~(near & better).any(axis=1)
    return leaders


def _differences(
    log_density: LogDensity, lower: FloatArray, upper: FloatArray, x: FloatArray, height: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """First and second derivatives (M, d) along the coordinates; next to an edge those just inside."""
    m, d = x.shape
    step = np.minimum(_STEP, (upper - lower) / 8.0)
    centre = np.clip(x, lower + step, upper - step)
    around = np.repeat(x[:, None, :], 3 * d, axis=1)
    j = np.arange(d)
    around[:, j, j], around[:, d + j, j], around[:, 2 * d + j, j] = centre - step, centre, centre + step
    needed = np.ones((m, 3, d), dtype=bool)
    needed[:, 1] = centre != x
    values = np.broadcast_to(height[:, None, None], needed.shape).copy()
    values[needed] = log_density(around[needed.reshape(m, -1)])
    values = np.maximum(values, height[:, None, None] - 1e4)
    before, here, after = values[:, 0], values[:, 1], values[:, 2]
    return (after - before) / (2.0 * step), (after + before - 2.0 * here) / step**2
