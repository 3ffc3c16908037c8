"""Moments of a mixture X of normals: weights w, means m and standard deviations s, shapes (K,), all of them."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr

from .arrays import FloatArray

_ROOT_2PI = np.sqrt(2.0 * np.pi)


def mean_size(mean: FloatArray, sd: FloatArray) -> FloatArray:
    """E|X| of one normal; arguments broadcast, and a vanishing deviation leaves |mean|.

    Source: Gneiting and Raftery (2007), doi 10.1198/016214506000001437, section 4.2.
    """
    sd = np.maximum(sd, 1e-300)
    z = mean / sd
    return np.asarray(mean * (2.0 * ndtr(z) - 1.0) + 2.0 * sd * np.exp(-0.5 * z * z) / _ROOT_2PI)


def mean(w: FloatArray, m: FloatArray, s: FloatArray) -> float:
    """EX = Σ w m."""
    return float(w @ m)


def variance(w: FloatArray, m: FloatArray, s: FloatArray) -> float:
    """Var X = Σ w (s² + (m − EX)²)."""
    return float(w @ (s * s + (m - w @ m) ** 2))


def distance(w: FloatArray, m: FloatArray, s: FloatArray, x: float) -> float:
    """E|X − x|."""
    return float(w @ mean_size(m - x, s))


def mean_distance(w: FloatArray, m: FloatArray, s: FloatArray) -> float:
    """E|X − Y| of two independent ones."""
    return float(w @ mean_size(m[:, None] - m, np.hypot(s[:, None], s)) @ w)
