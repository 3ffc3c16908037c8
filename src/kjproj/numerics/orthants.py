"""Probabilities of boxes under multivariate normals by separation of variables: a point for each, or many for each."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from .arrays import FloatArray
from .lattice import folded_points
from .ordering import greedy_order

_SINGULAR = 1e-12
_TINY = 1e-300
_BELOW_ONE = 1.0 - 2.0**-53
_BLOCK, _BLOCK_OF_ROWS = 3072, 8192


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
    return Separated.of(lower, upper, cov).at(np.ascontiguousarray(u.T)[:, :, None])[:, 0]


@dataclass(frozen=True)
class Separated:
    """Boxes of K rows whose variables are ordered and factored, to be estimated at any number of points.

    Limits lo, hi (d, K), factor (d, d, K), and the column (d, K) that determines each variable; 1 in the place of K
    serves all rows. Variable j is Σ_l factor[j, l] y_l over columns l up to its own `column`, y standard normal; the
    column is −1 for a variable without variance.
    """

    lo: FloatArray
    hi: FloatArray
    factor: FloatArray
    column: NDArray[np.intp]

    @classmethod
    def of(cls, lower: FloatArray, upper: FloatArray, cov: FloatArray) -> "Separated":
        """The variables of boxes lower, upper (K, d) under N(0, cov (K, d, d)) in greedy order, factored.

        Those that are bounded from below only are reflected.
        """
        order = greedy_order(lower, upper, cov)
        lo, hi = lower.T[order], upper.T[order]
        c = np.moveaxis(cov[:, order[:, None], order], 0, -1).copy()
        from_below = (lo > -np.inf).any(axis=1) & (hi == np.inf).all(axis=1)
        sign = np.where(from_below, -1.0, 1.0)[:, None]
        c *= sign[:, None] * sign
        lo, hi = np.where(from_below[:, None], -hi, lo), np.where(from_below[:, None], -lo, hi)
        return cls(lo, hi, *_factor(c))

    @property
    def rows(self) -> int:
        """K, the number of boxes."""
        return int(max(self.lo.shape[1], self.hi.shape[1], self.factor.shape[2]))

    @property
    def dim(self) -> int:
        """How many uniforms a point takes."""
        return len(self.lo) - 1

    def at(self, u: FloatArray) -> FloatArray:
        """Unbiased estimates (K, N) at N uniform points for each box: u (d − 1, K, N), or (d − 1, 1, N) for all alike."""
        regular = bool((self.column == np.arange(len(self.lo))[:, None]).all())
        sweep = _regular_sweep if regular else _sweep
        K, N = max(self.rows, u.shape[1]), u.shape[2]
        found = np.empty((K, N))
        block = _BLOCK if self.rows == 1 else _BLOCK_OF_ROWS
        rows = K if self.rows == 1 else max(1, block // N)
        columns = max(1, block // min(rows, K))
        for start in range(0, K, rows):
            own = self._some(slice(start, start + rows))
            points = u if u.shape[1] == 1 else u[:, start : start + rows]
            for first in range(0, N, columns):
                found[start : start + rows, first : first + columns] = sweep(own, points[:, :, first : first + columns])
        return found

    def _some(self, rows: slice) -> "Separated":
        every = (x if x.shape[-1] == 1 else x[..., rows] for x in (self.lo, self.hi, self.factor, self.column))
        return Separated(*every)  # type: ignore[arg-type]


def _factor(c: FloatArray) -> tuple[FloatArray, NDArray[np.intp]]:
    """Cholesky factors of positive semidefinite c (d, d, K), overwritten, and the determining columns (d, K).

    A variable is determined where what remains of its variance is below 1e-12 of it; where that happens
    before its turn its own column is zero.
    """
    d = len(c)
    axis = np.arange(d)
    if c.shape[2] == 1 and (root := _regular_factor(c[:, :, 0])) is not None:
        return root[:, :, None], axis[:, None]
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


def _regular_factor(c: FloatArray) -> FloatArray | None:
    """The Cholesky factor of one matrix c (d, d); None where a variable is determined by those before it."""
    try:
        root = np.asarray(np.linalg.cholesky(c), float)
    except np.linalg.LinAlgError:
        return None
    return root if (root.diagonal() ** 2 > _SINGULAR * c.diagonal()).all() else None


def _regular_sweep(problem: Separated, u: FloatArray) -> FloatArray:
    """Products of interval chances (K, N) where no covariance is singular, for uniforms u (d − 1, K or 1, N)."""
    d = len(problem.lo)
    own = problem.factor[np.arange(d), np.arange(d)]
    lo, hi = problem.lo / own, problem.hi / own
    slope = problem.factor / own[:, None]
    shape = max(problem.rows, u.shape[1]), u.shape[2]
    if problem.rows == 1 and (lo == -np.inf).all():
        return _half_spaces(hi[:, 0], slope[:, :, 0], u.reshape(d - 1, -1)).reshape(shape)
    y, chance = np.empty((d, *shape)), np.ones(shape)
    for i in range(d):
        known = weighted_sum(slope[i, :i], y[:i])
        next_u = u[i] if i < d - 1 else None
        if (lo[i] == -np.inf).all():
            part, y[i] = _below(hi[i][:, None] - known, next_u)
        else:
            part, y[i] = truncated(lo[i][:, None] - known, hi[i][:, None] - known, next_u)
        chance *= part
    return chance


def _half_spaces(hi: FloatArray, slope: FloatArray, u: FloatArray) -> FloatArray:
    """The same (N,) of one row whose variables are all bounded from above: hi (d,), slope (d, d), u (d − 1, N), in place."""
    y, part = np.empty(u.shape), np.empty(u.shape[1])
    chance = np.full(u.shape[1], ndtr(hi[0]))
    for i in range(1, len(hi)):
        last = y[i - 1]
        np.multiply(u[i - 1], part if i > 1 else chance[0], out=last)
        np.maximum(last, _TINY, out=last)
        ndtri(last, out=last)
        np.matmul(slope[i, :i], y[:i], out=part)
        np.subtract(hi[i], part, out=part)
        ndtr(part, out=part)
        chance *= part
    return chance


def weighted_sum(weights: FloatArray, y: FloatArray) -> FloatArray:
    """Σ_l weights[l] y[l], (K, N), for weights (i, K or 1) and y (i, K, N)."""
    if weights.shape[1] == 1 and len(y):
        flat = weights[:, 0] @ y.reshape(len(y), -1)
        return np.asarray(flat.reshape(y.shape[1:]))
    total = np.zeros(y.shape[1:])
    for weight, part in zip(weights, y, strict=True):
        total += weight[:, None] * part
    return total


def _sweep(problem: Separated, u: FloatArray) -> FloatArray:
    """The same for covariances that may be singular."""
    lo, hi, factor, column = (x[..., None] for x in (problem.lo, problem.hi, problem.factor, problem.column))
    d, shape = len(lo), (max(problem.rows, u.shape[1]), u.shape[2])
    chance = np.ones(shape) * ((column >= 0) | ((lo <= 0.0) & (hi >= 0.0))).all(axis=0)
    y = np.zeros((d, *shape))
    for i in range(d):
        bounds: tuple[FloatArray, FloatArray] | None = None
        for j in np.flatnonzero((column == i).any(axis=(1, 2))):
            known = weighted_sum(problem.factor[j, :i], y[:i])
            a, b = _limits(lo[j] - known, hi[j] - known, factor[j, i], column[j] == i)
            bounds = (a, b) if bounds is None else (np.maximum(bounds[0], a), np.minimum(bounds[1], b))
        if bounds is None:
            continue
        part, y[i] = truncated(*bounds, u[i] if i < d - 1 else None)
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


def truncated(a: FloatArray, b: FloatArray, u: FloatArray | None) -> tuple[FloatArray, FloatArray]:
    """Chance of a < y < b for a standard normal y, and y's quantile u within (0 when u is None, not needed).

    Intervals above zero are reflected, so that both stay accurate far out.
    """
    if (a == -np.inf).all():
        return _below(b, u)
    if (b == np.inf).all():
        part, y = _below(-a, u)
        return part, -y
    with np.errstate(invalid="ignore"):
        flip = a + b > 0.0
    low, high = np.where(flip, -b, a), np.where(flip, -a, b)
    start = ndtr(low)
    part = np.maximum(ndtr(high) - start, 0.0)
    if u is None:
        return part, np.zeros(())
    y = ndtri(np.clip(start + u * part, _TINY, _BELOW_ONE))
    return part, np.where(flip, -y, y)


def _below(b: FloatArray, u: FloatArray | None) -> tuple[FloatArray, FloatArray]:
    """The same for y < b alone."""
    part = ndtr(b)
    if u is None:
        return part, np.zeros(())
    at = u * part
    np.maximum(at, _TINY, out=at)
    return part, ndtri(at, out=at)


class Chances(Protocol):
    """Chances of K rows that are integrated over a cube: `Separated`, `Lines`."""

    @property
    def dim(self) -> int:
        """How many uniforms a point takes."""

    def at(self, u: FloatArray) -> FloatArray:
        """Unbiased estimates (K, N) at points u (dim, K or 1, N)."""


def by_shift(chances: Chances, n: int, first: int, last: int, seed: int) -> FloatArray:
    """Means (last − first, K) over lattices of n points, one for each of the shifts."""
    found = chances.at(folded_points(n, chances.dim, first, last, seed)[:, None])
    return np.ascontiguousarray(found.reshape(len(found), last - first, n).mean(axis=2).T)
