"""Probabilities of boxes under multivariate normals: one point for each of many, or one to a tolerance."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from .arrays import FloatArray
from .lattice import nearest_prime, shifted_points, tent
from .normal import bivariate_rectangle, interval_probability
from .ordering import greedy_order

_SINGULAR = 1e-12
_TINY = 1e-300
_BELOW_ONE = 1.0 - 2.0**-53
_SIZES = (64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384)
_BLOCK = 4096


def separation_of_variables(
    lower: FloatArray, upper: FloatArray, cov: FloatArray, u: FloatArray
) -> FloatArray:
    """Unbiased estimates (K,) of P(lower < X < upper), X ~ N(0, cov), from one uniform point a row.

    lower, upper (K, d), cov (K, d, d), u (K, d − 1) inside (0, 1); a leading 1 serves all rows; limits may
    be infinite. The estimate is the product, over the variables in a greedy order common to all rows, of
    the chances of their intervals given the ones before, which are drawn from their truncated normals.
    Covariances may be singular: a variable that those before it determine narrows the interval of the
    last of these, and one without any variance is an indicator (limits included).

    Source: Genz (1992), doi 10.1080/10618600.1992.10477010; for singular covariances Genz and Kwong (2000),
    doi 10.1080/00949650008812053.
    """
    return _sweep(_prepare(lower, upper, cov), np.ascontiguousarray(u.T))


@dataclass(frozen=True)
class _Problem:
    """Limits lo, hi (d, K), factor (d, d, K), and the column (d, K) that determines each variable.

    Variable j is Σ_l factor[j, l] y_l over columns l up to its own `column`, y standard normal; the column
    is −1 for a variable without variance.
    """

    lo: FloatArray
    hi: FloatArray
    factor: FloatArray
    column: NDArray[np.intp]


def _prepare(lower: FloatArray, upper: FloatArray, cov: FloatArray) -> _Problem:
    """The variables in greedy order, reflected if bounded from below only, and their covariance factored."""
    order = greedy_order(lower, upper, cov)
    lo, hi = lower.T[order], upper.T[order]
    c = np.moveaxis(cov[:, order[:, None], order], 0, -1).copy()
    from_below = (lo > -np.inf).any(axis=1) & (hi == np.inf).all(axis=1)
    sign = np.where(from_below, -1.0, 1.0)[:, None]
    c *= sign[:, None] * sign
    lo, hi = np.where(from_below[:, None], -hi, lo), np.where(from_below[:, None], -lo, hi)
    return _Problem(lo, hi, *_factor(c))


def _factor(c: FloatArray) -> tuple[FloatArray, NDArray[np.intp]]:
    """Cholesky factors of positive semidefinite c (d, d, K), overwritten, and the determining columns (d, K).

    A variable is determined where what remains of its variance is below 1e-12 of it; where that happens
    before its turn its own column is zero.
    """
    d = len(c)
    axis = np.arange(d)
    tolerance = _SINGULAR * c[axis, axis]
    free = c[axis, axis] > 0.0
    factor, column = np.zeros_like(c), np.full(free.shape, -1, dtype=np.intp)
    for i in range(d):
        sd = np.sqrt(np.where(free[i], c[i, i], 1.0))
        factor[i:, i] = np.where(free[i], c[i:, i] / sd, 0.0)
        c[i:, i:] -= factor[i:, i, None] * factor[i:, i]
        now = free & (c[axis, axis] <= tolerance)
        now[i] = free[i]
        column[now] = i
        free &= ~now
    return factor, column


def _sweep(problem: _Problem, u: FloatArray) -> FloatArray:
    """Products of interval chances (K,), one variable after the other, for uniforms u (d − 1, K)."""
    lo, hi, factor, column = problem.lo, problem.hi, problem.factor, problem.column
    d = len(lo)
    rows = np.broadcast_shapes(lo.shape[1:], hi.shape[1:], column.shape[1:], u.shape[1:])
    chance = np.ones(rows) * ((column >= 0) | ((lo <= 0.0) & (hi >= 0.0))).all(axis=0)
    y = np.zeros((d, *rows))
    for i in range(d):
        bounds: tuple[FloatArray, FloatArray] | None = None
        for j in np.flatnonzero((column == i).any(axis=1)):
            known = np.einsum("lk,lk->k", factor[j, :i], y[:i])
            a, b = _limits(lo[j] - known, hi[j] - known, factor[j, i], column[j] == i)
            bounds = (a, b) if bounds is None else (np.maximum(bounds[0], a), np.minimum(bounds[1], b))
        if bounds is None:
            continue
        part, y[i] = _truncated(*bounds, u[i] if i < d - 1 else None)
        chance *= part
    return chance


def _limits(
    a: FloatArray, b: FloatArray, loading: FloatArray, applies: NDArray[np.bool_]
) -> tuple[FloatArray, FloatArray]:
    """Limits of y from a < loading · y < b, (−∞, ∞) in rows where the constraint does not apply."""
    if applies.all() and (loading > 0.0).all():
        return a / loading, b / loading
    scale = np.where(applies, loading, 1.0)
    low, high = np.where(scale > 0.0, a, b) / scale, np.where(scale > 0.0, b, a) / scale
    return np.where(applies, low, -np.inf), np.where(applies, high, np.inf)


def _truncated(a: FloatArray, b: FloatArray, u: FloatArray | None) -> tuple[FloatArray, FloatArray]:
    """Chance of a < y < b for a standard normal y, and y's quantile u within (0 when u is None, not needed).

    Intervals above zero are reflected, so that both stay accurate far out.
    """
    if (a == -np.inf).all():
        part = ndtr(b)
        return part, np.zeros(()) if u is None else ndtri(np.maximum(u * part, _TINY))
    with np.errstate(invalid="ignore"):
        flip = a + b > 0.0
    low, high = np.where(flip, -b, a), np.where(flip, -a, b)
    start = ndtr(low)
    part = np.maximum(ndtr(high) - start, 0.0)
    if u is None:
        return part, np.zeros(())
    y = ndtri(np.clip(start + u * part, _TINY, _BELOW_ONE))
    return part, np.where(flip, -y, y)


def rectangle(
    lower: FloatArray,
    upper: FloatArray,
    mean: FloatArray,
    cov: FloatArray,
    *,
    atol: float = 1e-5,
    seed: int = 0,
    shifts: int = 16,
) -> tuple[float, float]:
    """P(lower < X < upper) for one X ~ N(mean, cov), and its standard error.

    lower, upper, mean (d,), cov (d, d), which may be singular; limits may be infinite. Variables without
    limits are left out; those without variance are indicators (limits included). One variable is exact,
    two are Owen's T; more are separated on `shifts` (at most 32) randomly shifted lattices, whose size
    doubles from 61 until the standard error over shifts is at most atol, or 16,381 points are reached.
    Stopping there picks errors that look small (they are a fifth too small), so as many fresh shifts are
    then averaged in, and only their spread is stated, never below 1e-12. The same seed gives the same answer.
    """
    lo, hi = lower - mean, upper - mean
    fixed = cov.diagonal() <= 0.0
    if np.any(fixed & ((lo > 0.0) | (hi < 0.0))):
        return 0.0, 1e-15
    kept = ~fixed & ((lo > -np.inf) | (hi < np.inf))
    sd = np.sqrt(cov.diagonal()[kept])
    lo, hi, correlation = lo[kept] / sd, hi[kept] / sd, cov[np.ix_(kept, kept)] / (sd * sd[:, None])
    if sd.size <= 1:
        return float(np.prod(interval_probability(lo, hi))), 1e-15
    if sd.size == 2:
        return float(bivariate_rectangle(lo, hi, np.clip(correlation[0, 1], -1.0, 1.0))), 1e-14
    problem = _prepare(lo[None], hi[None], correlation[None])
    for size in _SIZES:
        n = nearest_prime(size)
        pilot, spread = _randomised(problem, n, seed, 0, shifts)
        if spread > atol and size < _SIZES[-1]:
            continue
        fresh, spread = _randomised(problem, n, seed, shifts, 2 * shifts)
        if spread / np.sqrt(2.0) <= atol:
            break
    return 0.5 * (pilot + fresh), max(float(spread / np.sqrt(2.0)), 1e-12)


def _randomised(problem: _Problem, n: int, seed: int, first: int, last: int) -> tuple[float, float]:
    """Mean over lattices of n points with shifts first…last − 1, and its standard error."""
    u = tent(shifted_points(n, len(problem.lo) - 1, last, seed)[first:])
    together = max(1, _BLOCK // n)
    means = []
    for start in range(0, last - first, together):
        block = u[start : start + together]
        flat = np.ascontiguousarray(block.reshape(-1, block.shape[2]).T)
        means.append(_sweep(problem, flat).reshape(-1, n).mean(axis=1))
    by_shift = np.concatenate(means)
    return float(by_shift.mean()), float(by_shift.std(ddof=1) / np.sqrt(by_shift.size))
