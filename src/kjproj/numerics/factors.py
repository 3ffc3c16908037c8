"""Boxes under normals whose correlations come from one or two common factors: quadrature over the factors."""

import numpy as np
from scipy.special import log_ndtr

from .arrays import FloatArray
from .normal import interval_probability

_EXACT, _NEARLY = 1e-12, 1e-6
_LEAST_OWN = 1e-3
_REACH, _DROP = 38.0, 45.0
_FIRST, _MOST = {1: 64, 2: 48}, {1: 4096, 2: 384}
_AGREED = 1e-13


def loadings(correlation: FloatArray) -> FloatArray | None:
    """Loadings (q, f) of f = 0, 1 or 2 factors with Λ Λᵀ + diagonal = correlation (q, q) to 1e-12; None where there are none.

    One factor: λ_i² = r_ij r_ik / r_jk. Two: what others say about a variable's communality, r_iA R_BA⁻¹ r_Bi for two pairs
    A and B that are disjoint and leave i out, where R_BA is far from singular; so 5 variables at least. None too where a
    variable has less than a thousandth of its variance for itself: then the integrand is all but a step.

    Source: Thurstone (1947), Multiple-factor analysis; Albert (1944), doi 10.1073/pnas.30.4.90.
    """
    q = len(correlation)
    off = correlation - np.diag(correlation.diagonal())
    if np.abs(off).max() <= _EXACT:
        return np.zeros((q, 0))
    for count, communality in ((1, _one), (2, _two)):
        if q < 2 * count + 1:
            return None
        if not _low_rank(off, count):
            continue
        square = communality(off)
        if square is None or (square < -_EXACT).any() or (square > 1.0 - _LEAST_OWN).any():
            continue
        values, vectors = np.linalg.eigh(off + np.diag(square))
        found = vectors[:, -count:] * np.sqrt(np.maximum(values[-count:], 0.0))
        rebuilt = found @ found.T
        rebuilt[np.arange(q), np.arange(q)] = 0.0
        if np.abs(rebuilt - off).max() <= _EXACT:
            return np.asarray(found)
    return None


def _low_rank(off: FloatArray, rank: int) -> bool:
    """Tell quickly whether off-diagonal values may be those of a matrix of this rank: what its pivots leave nearly vanishes."""
    left = off.copy()
    for _ in range(rank):
        row, column = np.unravel_index(np.abs(left).argmax(), left.shape)
        if abs(left[row, column]) <= _NEARLY:
            return True
        left -= np.outer(left[:, column], left[row] / left[row, column])
        left[[row, column]] = left[:, [row, column]] = 0.0
        np.fill_diagonal(left, 0.0)
    return bool(np.abs(left).max() <= _NEARLY)


def _one(off: FloatArray) -> FloatArray | None:
    """Communalities under one factor: from the pair of others that is correlated most strongly."""
    size = np.abs(off)
    found = np.zeros(len(off))
    for i in range(len(off)):
        others = size.copy()
        others[i] = others[:, i] = 0.0
        others *= (size[i] > _EXACT)[:, None] & (size[i] > _EXACT)
        j, k = np.unravel_index(others.argmax(), others.shape)
        if others[j, k] > 0.0:
            found[i] = off[i, j] * off[i, k] / off[j, k]
        elif size[i].max() > _EXACT:
            return None
    return found


def _two(off: FloatArray) -> FloatArray | None:
    """Communalities under two factors, by the largest pivots."""
    found = np.zeros(len(off))
    for i in range(len(off)):
        left = off.copy()
        left[i], left[:, i] = 0.0, 0.0
        b1, a1 = np.unravel_index(np.abs(left).argmax(), left.shape)
        rest = left - np.outer(left[:, a1], left[b1]) / left[b1, a1]
        for used in (i, a1, b1):
            rest[used], rest[:, used] = 0.0, 0.0
        np.fill_diagonal(rest, 0.0)
        b2, a2 = np.unravel_index(np.abs(rest).argmax(), rest.shape)
        if abs(rest[b2, a2]) < 1e-6:
            return None
        a, b = [int(a1), int(a2)], [int(b1), int(b2)]
        found[i] = off[i, a] @ np.linalg.solve(off[np.ix_(b, a)], off[b, i])
    return found


def factored(lower: FloatArray, upper: FloatArray, loading: FloatArray) -> tuple[float, float]:
    """P(lower < X < upper) for standardised X = Λ z + own parts, and how far the last two rules differ.

    lower, upper (q,), loading Λ (q, f) with f up to 2. ∫ φ(z) Π_i [Φ(b_i(z)) − Φ(a_i(z))] dz by the trapezoidal rule, which
    converges geometrically on the whole line, where the integrand is within e⁻⁴⁵ of its greatest value; steps are halved
    until two rules agree to 1e-13 of the value. Rare events keep their relative accuracy.

    Source: Dunnett and Sobel (1955), doi 10.1093/biomet/42.1-2.258; Trefethen and Weideman (2014), doi 10.1137/130932132.
    """
    count = loading.shape[1]
    if count == 0:
        return float(np.prod(interval_probability(lower, upper))), 0.0
    own = np.sqrt(1.0 - (loading**2).sum(axis=1))
    start, stop = _where_it_counts(lower / own, upper / own, loading / own[:, None])
    n, before = _FIRST[count], np.nan
    while True:
        value = _trapezoid(lower / own, upper / own, loading / own[:, None], start, stop, n)
        gap = abs(value - before)
        if gap <= _AGREED * value or n >= _MOST[count]:
            return value, float(gap)
        n, before = 2 * n, value


def _grid(start: FloatArray, stop: FloatArray, n: int) -> tuple[FloatArray, float]:
    """Points (f, M) of a box in factor space and their weight."""
    axes = [np.linspace(a, b, n + 1) for a, b in zip(start, stop, strict=True)]
    points = np.stack([axis.ravel() for axis in np.meshgrid(*axes, indexing="ij")])
    return points, float(np.prod((stop - start) / n))


def _trapezoid(a: FloatArray, b: FloatArray, slope: FloatArray, start: FloatArray, stop: FloatArray, n: int) -> float:
    z, weight = _grid(start, stop, n)
    found = np.exp(-0.5 * (z**2).sum(axis=0)) * (2.0 * np.pi) ** (-0.5 * len(z))
    for low, high, own in zip(a, b, slope, strict=True):
        at = own @ z
        found *= interval_probability(low - at, high - at)
    return float(found.sum() * weight)


def _where_it_counts(a: FloatArray, b: FloatArray, slope: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The box (f,), (f,) outside which an upper bound of the integrand is below e⁻⁴⁵ of its greatest value."""
    step = 0.25 if slope.shape[1] == 1 else 1.0
    z, _ = _grid(np.full(slope.shape[1], -_REACH), np.full(slope.shape[1], _REACH), round(2.0 * _REACH / step))
    log = -0.5 * (z**2).sum(axis=0)
    for low, high, own in zip(a, b, slope, strict=True):
        at = own @ z
        log += np.minimum(log_ndtr(high - at), log_ndtr(at - low))
    inside = z[:, log >= log.max() - _DROP]
    return inside.min(axis=1) - step, inside.max(axis=1) + step
