"""Moments of exp(X), X a mixture of normals: weights w, means m and standard deviations s, shapes (K,), all of them.

Where s is large they overflow to infinity, which is what a computer can say of them.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr

from .arrays import FloatArray


def mean(w: FloatArray, m: FloatArray, s: FloatArray) -> float:
    """E e^X = Σ w exp(m + s²/2)."""
    with np.errstate(over="ignore"):
        return float(w @ np.exp(m + 0.5 * s * s))


def variance(w: FloatArray, m: FloatArray, s: FloatArray) -> float:
    """Var e^X = Σ w M²(exp(s²) − 1) + Σ w (M − E e^X)² with M = exp(m + s²/2): nothing cancels."""
    with np.errstate(over="ignore", invalid="ignore"):
        means = np.exp(m + 0.5 * s * s)
        found = w @ (means**2 * np.expm1(s * s)) + w @ (means - w @ means) ** 2
    return float(np.nan_to_num(found, nan=np.inf))


def distance(w: FloatArray, m: FloatArray, s: FloatArray, x: float) -> float:
    """E|e^X − x| = E e^X − x + 2E(x − e^X)⁺, the last by Black and Scholes' formula."""
    with np.errstate(over="ignore", invalid="ignore"):
        if x <= 0.0:
            return mean(w, m, s) - x
        z = (np.log(x) - m) / s
        above = np.exp(m + 0.5 * s * s) * (1.0 - 2.0 * ndtr(z - s))
        found = w @ (above + x * (2.0 * ndtr(z) - 1.0))
    return float(np.nan_to_num(found, nan=np.inf))


def mean_distance(w: FloatArray, m: FloatArray, s: FloatArray) -> float:
    """E|e^X − e^Y| of two independent ones: Σ w w′ (M(2Φ(d + s²/r) − 1) + M′(2Φ(s′²/r − d) − 1)), d = (m − m′)/r, r² = s² + s′²."""
    r = np.hypot(s[:, None], s)
    d = (m[:, None] - m) / r
    with np.errstate(over="ignore", invalid="ignore"):
        means = np.exp(m + 0.5 * s * s)
        one = means[:, None] * (2.0 * ndtr(d + (s**2)[:, None] / r) - 1.0)
        found = 2.0 * (w @ one @ w)  # the other half is its transpose
    return float(np.nan_to_num(found, nan=np.inf))
