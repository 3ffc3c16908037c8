"""Probabilities of intervals and of rectangles under the normal law."""

import numpy as np
from scipy.special import ndtr, owens_t

from .arrays import FloatArray

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(8)
_ROOT_2PI = np.sqrt(2.0 * np.pi)


def interval_probability(lower: FloatArray | float, upper: FloatArray | float) -> FloatArray:
    """Chance that a standard normal lies between `lower` and `upper`, to relative accuracy in both tails.

    Φ(upper) − Φ(lower), reflected into the lower tail; intervals so narrow that the difference would
    cancel are integrated by eight Gauss–Legendre points. Arguments broadcast, may be infinite, and an
    empty interval (lower ≥ upper) has chance 0; NaN gives NaN.
    """
    a, b = np.broadcast_arrays(np.asarray(lower, float), np.asarray(upper, float))
    with np.errstate(invalid="ignore"):
        flip = a + b > 0.0
        width = b - a
    lo, hi = np.where(flip, -b, a), np.where(flip, -a, b)
    probability = np.where(lo >= hi, 0.0, ndtr(hi) - ndtr(lo))
    narrow = (width > 0.0) & (width * (1.0 + np.abs(lo)) < 1.0)
    if np.any(narrow):
        probability[narrow] = _narrow(lo[narrow], hi[narrow])
    return probability[()]


def _narrow(lo: FloatArray, hi: FloatArray) -> FloatArray:
    """∫ φ over [lo, hi] (each (M,)) where the exponent varies by less than about one."""
    half = 0.5 * (hi - lo)
    x = 0.5 * (hi + lo)[:, None] + half[:, None] * _NODES
    integral: FloatArray = half * (np.exp(-0.5 * x * x) @ _WEIGHTS) / _ROOT_2PI
    return integral


def bivariate_rectangle(lower: FloatArray, upper: FloatArray, rho: FloatArray | float) -> FloatArray:
    """Chance that two standard normals with correlation `rho` lie in a rectangle; absolute error 1e-14.

    lower, upper (..., 2), rho (...), broadcasting; limits may be infinite, rho may be ±1, an empty
    rectangle has chance 0. Each axis is reflected so that the rectangle lies towards the lower tail,
    then P = Φ₂(u₁, u₂) − Φ₂(l₁, u₂) − Φ₂(u₁, l₂) + Φ₂(l₁, l₂) with Φ₂ by Owen's T.

    Source: Owen (1956), doi 10.1214/aoms/1177728074.
    """
    shape = np.broadcast_shapes(np.shape(lower)[:-1], np.shape(upper)[:-1], np.shape(rho))
    lo = np.broadcast_to(np.asarray(lower, float), (*shape, 2)).reshape(-1, 2).T
    hi = np.broadcast_to(np.asarray(upper, float), (*shape, 2)).reshape(-1, 2).T
    r = np.broadcast_to(np.asarray(rho, float), shape).ravel()
    with np.errstate(invalid="ignore"):
        flip = lo + hi > 0.0
    lo, hi = np.where(flip, -hi, lo), np.where(flip, -lo, hi)
    r = np.where(flip[0] != flip[1], -r, r)
    inside = _lower_orthant(hi[0], hi[1], r) - _lower_orthant(lo[0], hi[1], r)
    inside -= _lower_orthant(hi[0], lo[1], r) - _lower_orthant(lo[0], lo[1], r)
    probability = np.where((lo >= hi).any(axis=0), 0.0, np.clip(inside, 0.0, 1.0))
    line = np.abs(r) == 1.0
    if line.any():
        probability[line] = _on_a_line(lo[:, line], hi[:, line], r[line])
    return probability.reshape(shape)[()]


def _on_a_line(lo: FloatArray, hi: FloatArray, sign: FloatArray) -> FloatArray:
    """The rectangle's chance when the second variable is `sign` (±1) times the first; lo, hi (2, M)."""
    second_lo, second_hi = np.where(sign > 0, lo[1], -hi[1]), np.where(sign > 0, hi[1], -lo[1])
    return interval_probability(np.maximum(lo[0], second_lo), np.minimum(hi[0], second_hi))


def _lower_orthant(h: FloatArray, k: FloatArray, rho: FloatArray) -> FloatArray:
    """Φ₂(h, k; ρ) for |ρ| < 1, each argument (M,); Owen's T is only called where both limits are finite."""
    probability = np.where(h == np.inf, ndtr(k), np.where(k == np.inf, ndtr(h), 0.0))
    finite = np.isfinite(h) & np.isfinite(k) & (np.abs(rho) < 1.0)
    if finite.any():
        probability[finite] = _owen(h[finite], k[finite], rho[finite])
    return probability


def _owen(h: FloatArray, k: FloatArray, rho: FloatArray) -> FloatArray:
    """Φ₂ = ½Φ(h) + ½Φ(k) − T(h, a) − T(k, b) − δ, a = (k/h − ρ)/√(1 − ρ²), b likewise; finite limits.

    k − ρh is taken as (k ∓ h) ± (1 ∓ ρ)h, whose parts are exact when ρ is close to ±1.
    """
    h, k = h + 0.0, k + 0.0  # no negative zeros: h = 0 must give a = ±inf by the sign of k alone
    sign = np.where(rho < 0.0, -1.0, 1.0)
    gap = 1.0 - np.abs(rho)
    root = np.sqrt(gap * (1.0 + np.abs(rho)))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        a = (k - sign * h + sign * gap * h) / (h * root)
        b = (h - sign * k + sign * gap * k) / (k * root)
        opposite = (h * k < 0.0) | ((h * k == 0.0) & (h + k < 0.0))
        probability = 0.5 * (ndtr(h) + ndtr(k)) - owens_t(h, a) - owens_t(k, b) - 0.5 * opposite
    centre: FloatArray = 0.25 + np.arcsin(rho) / (2.0 * np.pi)
    return np.where((h == 0.0) & (k == 0.0), centre, probability)
