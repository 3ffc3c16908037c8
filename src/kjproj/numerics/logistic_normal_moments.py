"""Moments of U = 1/(1 + e^−X), X a mixture of normals: weights w, means m and standard deviations s, shapes (K,).

No closed forms exist. All are integrals over the distribution function F of X against U's slope, by eight Gauss–Legendre
points between each two of: quantiles of X, where F bends; whole numbers, where the slope does; and points handed in.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit, ndtr, ndtri

from .arrays import FloatArray

_POINTS, _WEIGHTS = np.polynomial.legendre.leggauss(8)
_END = 38.0
_BENDS = np.unique(np.concatenate([[1e-14, 1e-11, 1e-8, 1e-6], np.linspace(1e-4, 1.0 - 1e-4, 24)]))


@dataclass(frozen=True)
class _Grid:
    """Points: their weights times U's slope, U there, its distribution function, and the chance of more."""

    weight: FloatArray
    u: FloatArray
    below: FloatArray
    above: FloatArray


def _grid(w: FloatArray, m: FloatArray, s: FloatArray, *at: float) -> _Grid:
    bends = m[:, None] + s[:, None] * ndtri(np.concatenate([_BENDS, [1 - 1e-6, 1 - 1e-8, 1 - 1e-11]]))
    heavy = bends[w > 1e-4 * w.max()]
    thinned = np.quantile(heavy, np.linspace(0.0, 1.0, 120))
    stops = np.concatenate([np.arange(-_END, _END + 1.0), thinned, np.asarray(at, float)])
    stops = np.unique(np.clip(stops, -_END, _END))
    half, middle = 0.5 * np.diff(stops)[:, None], 0.5 * (stops[1:] + stops[:-1])[:, None]
    x = (middle + half * _POINTS).ravel()
    z = (x[:, None] - m) / s
    u = expit(x)
    return _Grid((half * _WEIGHTS).ravel() * u * expit(-x), u, ndtr(z) @ w, ndtr(-z) @ w)


def mean(w: FloatArray, m: FloatArray, s: FloatArray) -> float:
    """E U = ∫(1 − F) dU."""
    g = _grid(w, m, s)
    return float(g.weight @ g.above)


def variance(w: FloatArray, m: FloatArray, s: FloatArray) -> float:
    """Var U = 2∫(U − c)(1 − F) dU above c = E U, and 2∫(c − U)F dU below: nothing cancels."""
    c = mean(w, m, s)
    g = _grid(w, m, s, float(logit(c)))
    return float(2.0 * g.weight @ (np.abs(g.u - c) * np.where(g.u > c, g.above, g.below)))


def distance(w: FloatArray, m: FloatArray, s: FloatArray, x: float) -> float:
    """E|U − x| = ∫(1 − F) dU above x, and ∫F dU below; x may lie outside 0 and 1."""
    inside = min(max(x, 0.0), 1.0)
    g = _grid(w, m, s, float(np.clip(logit(inside), -_END, _END)))
    return float(g.weight @ np.where(g.u > inside, g.above, g.below)) + abs(x - inside)


def mean_distance(w: FloatArray, m: FloatArray, s: FloatArray) -> float:
    """E|U − U′| of two independent ones: 2∫F(1 − F) dU."""
    g = _grid(w, m, s)
    return float(2.0 * g.weight @ (g.below * g.above))
