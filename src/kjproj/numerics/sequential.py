"""Leaving a region year by year, from uniform points: for any Gaussian paths, every year in one pass."""

import numpy as np
from scipy.special import ndtr, ndtri

from .arrays import FloatArray

_TINY = 1e-300
_BELOW_ONE = 1.0 - 2.0**-53


def leaving_in_turn(lower: FloatArray, upper: FloatArray, factor: FloatArray, u: FloatArray) -> FloatArray:
    """Unbiased estimates (K, n) of the chance that X first lies outside of [lower, upper] in each variable's turn.

    lower, upper (K, n) less the mean, factor (K, n, n) lower triangular with a positive diagonal, factor·factorᵀ the
    covariance, u (K, n − 1) inside (0, 1). Each variable is drawn from its normal given the ones before, cut to the region.

    Source: Genz (1992), doi 10.1080/10618600.1992.10477010, with the variables in the order of time.
    """
    K, n = lower.shape
    first, y, stayed = np.empty((K, n)), np.zeros((K, n)), np.ones(K)
    for t in range(n):
        known = np.einsum("kl,kl->k", factor[:, t, :t], y[:, :t])
        a, b = (lower[:, t] - known) / factor[:, t, t], (upper[:, t] - known) / factor[:, t, t]
        first[:, t] = stayed * (ndtr(a) + ndtr(-b))
        if t == n - 1:
            break
        with np.errstate(invalid="ignore"):
            flip = a + b > 0.0
        low, high = np.where(flip, -b, a), np.where(flip, -a, b)
        from_low = ndtr(low)
        inside = np.maximum(ndtr(high) - from_low, 0.0)
        stayed *= inside
        drawn = ndtri(np.clip(from_low + u[:, t] * inside, _TINY, _BELOW_ONE))
        y[:, t] = np.where(flip, -drawn, drawn)
    return first
