"""Quadrature nodes for many densities of one coordinate at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np

from .arrays import FloatArray

_DROP = 32.0
_SCAN = 41
_ROUNDS = 3
_MAX_STRETCH = 1.0
Densities = Callable[[FloatArray], FloatArray]
"""From coordinates (N, K) to the log densities there (N, K), row by row."""


def many_rules(
    log_density: Densities, lower: float, upper: float, rows: int, sizes: tuple[int, int] = (64, 40)
) -> tuple[tuple[FloatArray, FloatArray], ...]:
    """Return for two sizes nodes (N, K) and log weights (N, K) of ∫ exp(log_density) over a box, for N densities.

    The rules are those of `quadrature.two_rules`, each density being one hill in its own range. The two agree where that
    holds; where they do not, a density has valleys and wants `nodes.place`.

    Source: trapezoid rule after a change of variable, Trefethen and Weideman (2014), doi 10.1137/130932132.
    """
    left, mode, right, died = _ranges(log_density, np.full(rows, lower), np.full(rows, upper))
    sides = np.maximum([right - mode, mode - left], 1e-9 * (right - left))
    kappa = np.clip(np.log(sides[0] / sides[1]), -_MAX_STRETCH, _MAX_STRETCH)
    kappa = np.where(np.abs(kappa) < 1e-3, 1e-3, kappa)[:, None]
    unit = (right - left)[:, None] / np.expm1(2.0 * kappa)
    found = []
    for size in sizes:
        even, weight, t, w = _unit_rules(size)
        t, w = np.where(died[:, None], even, t), np.where(died[:, None], weight, w)
        v = left[:, None] + unit * np.expm1(kappa * (t + 1.0))
        found.append((v, log_density(v) + np.log(unit * kappa * np.exp(kappa * (t + 1.0)) * w)))
    return tuple(found)


@cache
def _unit_rules(size: int) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """The trapezoid rule and Gauss and Legendre's on [−1, 1]."""
    return np.linspace(-1.0, 1.0, size), np.full(size, 2.0 / (size - 1)), *np.polynomial.legendre.leggauss(size)


def _ranges(
    log_density: Densities, lower: FloatArray, upper: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray, np.ndarray]:
    """Return where each density exceeds e⁻³² of its top, (N,): left end, mode, right end, and whether it died out at both."""
    steps, rows = np.linspace(0.0, 1.0, _SCAN), np.arange(len(lower))
    for _ in range(_ROUNDS):
        v = lower[:, None] + (upper - lower)[:, None] * steps
        height = log_density(v)
        top = height.max(axis=1)
        above = height > (top - _DROP)[:, None]
        first = np.maximum(above.argmax(axis=1) - 1, 0)
        last = np.minimum(_SCAN - above[:, ::-1].argmax(axis=1), _SCAN - 1)
        lower, upper, mode = v[rows, first], v[rows, last], v[rows, height.argmax(axis=1)]
    ends = np.maximum(height[rows, first], height[rows, last])
    return lower, mode, upper, ends < top - 0.8 * _DROP
