"""Quadrature nodes for densities of one coordinate: Gauss–Legendre, where the density lives."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import NDArray

from ..errors import KjprojError
from .base import Floats

_ROUNDS = 8
_PANELS = 12
_MOST_PANELS = 240
_POINTS = 16
_YEARS = 16.0
_STEPS = 8.0
_NEVER = -20.0
_CORE = 22.0
_SCAN = 2001


def narrowed(
    log_density: Callable[[Floats], Floats], low: Floats, high: Floats, drop: float, n: int = 40
) -> tuple[Floats, Floats]:
    """Return the ends (K,), (K,) of the ranges where one-hilled log densities are above their tops less `drop`.

    `log_density` maps (K, n) to (K, n); rows are different densities. It is scanned inside of low to high (K,).
    Raises `KjprojError` where one is 0 on the whole scan.
    """
    low, high = np.array(low, dtype=float), np.array(high, dtype=float)
    for _ in range(_ROUNDS):
        step = (high - low) / n
        heights = log_density(low[:, None] + step[:, None] * (np.arange(n) + 0.5))
        top = heights.max(axis=1, keepdims=True)
        if not np.isfinite(top).all():
            raise KjprojError("the tallies are impossible under the belief; widen it")
        above = heights > top - drop
        first, last = above.argmax(axis=1), n - 1 - above[:, ::-1].argmax(axis=1)
        low, high = low + step * np.maximum(first - 1, 0), low + step * np.minimum(last + 2, n)
        if (last - first > n // 3).all():
            break
    return low, high


def gauss(low: Floats, high: Floats, n: int) -> tuple[Floats, Floats]:
    """Return the Gauss–Legendre nodes and weights, shapes (K, n), on the ranges from low to high (K,)."""
    t, weight = _rule(n)
    half = 0.5 * (high - low)[:, None]
    return low[:, None] + half * (t + 1.0), half * weight


@cache
def _rule(n: int) -> tuple[Floats, Floats]:
    return np.polynomial.legendre.leggauss(n)


def rate_nodes(log_density: Callable[[Floats], Floats], low: float, high: float, kink: float) -> tuple[Floats, Floats]:
    """Return nodes (K,) and log weights (K,), up to a constant, of a density of the logarithm v of a yearly rate.

    `log_density` maps (1, n) to (1, n). Panels of 16 Gauss–Legendre points follow the density down to e⁻⁴⁰ of its top,
    and end at `kink`. They are short where a count's distribution function is steep in v: eight standard
    deviations of a Poisson count of 16 years at the most (240 panels in all).
    """
    (left,), (right,) = narrowed(log_density, np.array([low]), np.array([high]), 40.0, 96)
    (inner,), (outer,) = narrowed(log_density, np.array([left]), np.array([right]), _CORE, 64)
    scan = np.linspace(left, right, _SCAN)
    core = np.clip(scan, inner, outer)
    steep = 2.0 * np.sqrt(_YEARS * np.exp(core)) / _STEPS
    steep *= min(1.0, _MOST_PANELS / (steep[-1] - steep[0] + 1e-9))
    place = steep + _PANELS * (scan - left) / (right - left) + 0.5 * np.maximum(core, _NEVER)
    panels = int(np.ceil(place[-1] - place[0]))
    ends = np.interp(np.linspace(place[0], place[-1], panels + 1), place, scan)
    if left < kink < right:
        ends = np.unique(np.append(ends, kink))
    v, weight = (part.ravel() for part in gauss(ends[:-1], ends[1:], _POINTS))
    return v, log_density(v[None, :])[0] + np.log(weight)


def kept(log_weights: Floats) -> NDArray[np.bool_]:
    """Return which nodes (K,) matter: the others together are worth less than 1e-13."""
    return np.asarray(log_weights > log_weights.max() - 30.0 - np.log(log_weights.size))
