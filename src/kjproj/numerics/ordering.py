"""In which order to integrate the variables of an orthant: the most restricted first."""

import math

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from .arrays import FloatArray

_ROWS = 64
_NEGLIGIBLE = 1e-9
_FEW = 24
_ROOT_2, _ROOT_2PI = math.sqrt(2.0), math.sqrt(2.0 * math.pi)


def greedy_order(lower: FloatArray, upper: FloatArray, cov: FloatArray) -> NDArray[np.intp]:
    """Order (d,) for all rows of a batch: lower, upper (K, d) or (1, d), cov (K, d, d) or (1, d, d).

    On the mean standardised limits and correlations of at most about 64 rows, takes next the variable
    least likely to lie within its limits given that the ones before are at their truncated means;
    variables already determined come last. Logs of chances are compared to six digits, so that rounding
    does not decide ties.

    Source: Gibson, Glasbey and Elston (1994), in Advances in Numerical Methods and Applications, 120–126.
    """
    a, b, c = _representative(lower, upper, cov)
    from_below, from_above = (b == np.inf) & (a > -np.inf), a == -np.inf
    if len(a) <= _FEW and (from_below | from_above).all():
        sign = np.where(from_below, -1.0, 1.0)
        return _one_sided(np.where(from_below, -a, b).tolist(), (c * sign * sign[:, None]).tolist())
    d = len(a)
    order, mean = np.arange(d), np.zeros(d)
    for i in range(d):
        rest = order[i:]
        variance = c[rest, rest]
        free = variance > _NEGLIGIBLE
        sd = np.sqrt(np.where(free, variance, 1.0))
        lo, hi = (a[rest] - mean[rest]) / sd, (b[rest] - mean[rest]) / sd
        flip = lo > -hi
        lo, hi = np.where(flip, -hi, lo), np.where(flip, -lo, hi)
        chance = np.maximum(ndtr(hi) - ndtr(lo), 1e-300)
        pick = int(np.where(free, np.round(np.log(chance), 6), 1.0).argmin())
        if not free[pick]:
            break
        y = (np.exp(-0.5 * lo[pick] ** 2) - np.exp(-0.5 * hi[pick] ** 2)) / (_ROOT_2PI * chance[pick])
        y = float(np.clip(-y if flip[pick] else y, -40.0, 40.0))
        order[i], order[i + pick] = order[i + pick], order[i]
        loading = c[:, order[i]] / sd[pick]
        mean += loading * y
        c -= loading[:, None] * loading
    return order


def _one_sided(limits: list[float], c: list[list[float]]) -> NDArray[np.intp]:
    """The same for a few limits from above alone and one covariance c, both overwritten: the least chance has the least limit.

    A few numbers are handled faster one by one than as arrays.
    """
    found, rest = list[int](), list(range(len(limits)))
    while free := [j for j in rest if c[j][j] > _NEGLIGIBLE]:
        pick = min(free, key=lambda j: round(1e6 * max(min(limits[j] / math.sqrt(c[j][j]), 1e9), -1e9)))
        sd = math.sqrt(c[pick][pick])
        h = max(min(limits[pick] / sd, 40.0), -40.0)
        below = 0.5 * math.erfc(-h / _ROOT_2)
        y = -math.exp(-0.5 * h * h) / (_ROOT_2PI * below) if below > 0.0 else h
        found.append(pick)
        rest.remove(pick)
        loading = [value / sd for value in c[pick]]
        for j in rest:
            own, row = loading[j], c[j]
            limits[j] -= own * y
            for k in rest:
                row[k] -= own * loading[k]
    return np.array([*found, *rest], np.intp)


def _representative(
    lower: FloatArray, upper: FloatArray, cov: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Mean standardised limits (d,), (d,) and correlations (d, d) of a sample of the rows."""
    rows = max(len(lower), len(upper), len(cov))
    picked = np.arange(0, rows, max(1, rows // _ROWS))
    lo, hi, c = (x[picked] if len(x) > 1 else x for x in (lower, upper, cov))
    sd = np.sqrt(np.maximum(np.diagonal(c, axis1=1, axis2=2), 0.0))
    scale = np.where(sd > 0.0, sd, 1.0)
    correlation = (c / (scale[:, :, None] * scale[:, None, :])).mean(axis=0)
    return (lo / scale).mean(axis=0), (hi / scale).mean(axis=0), correlation
