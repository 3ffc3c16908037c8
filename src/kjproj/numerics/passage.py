"""First passage: the year end at which Gaussian paths first leave a region, by dynamic programming on nodes.

With X standardised year by year and r the correlation of consecutive years, the density of the paths that have stayed
follows f_t(z) = ∫ f_{t−1}(y) φ((z − r y)/k)/k dy over the region of the year before, k² = 1 − r². The chance of leaving in
year t, ∫ f_{t−1}(y) P(outside | y) dy, is integrated as it stands, never taken as one less what stays, and nodes lie where
the paths pass that leave later: rare passages keep their relative accuracy.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from .arrays import FloatArray
from .survivors import BEYOND, Paths, first_year, plan, sweep

_FURTHEST = 37.0
_MARKOV = 1e-9
_SINGULAR = 1e-12
_SINGULAR_GIVEN = 1e-6
_PAIRS = (0.65, 0.9, 0.1), (0.5, 0.7, 1.0)
"""Densities of the coarse and the fine nodes, and the share of their difference that bounds the error of the fine ones."""
_MORE, _ROUNDS = 1.35, 4
_HEAVIEST = 1e8
_FEW = 0.02
_LEAST = 1e-8
Flags = NDArray[np.bool_]
Rows = NDArray[np.intp]
Chances = tuple[FloatArray, FloatArray]
Sweep = Callable[[Paths, float, Flags], Chances | None]


@dataclass(frozen=True)
class Passage:
    """When K paths leave: first (K, n), the chance that they do so in each year; error (K, n), that of `by`."""

    first: FloatArray
    error: FloatArray

    @property
    def by(self) -> FloatArray:
        """The chance of having left by each year, (K, n)."""
        return np.minimum(np.cumsum(self.first, axis=1), 1.0)


def first_passage(
    mean: FloatArray,
    cov: FloatArray,
    lower: FloatArray,
    upper: FloatArray,
    *,
    rtol: float = 1e-7,
    atol: FloatArray | float = 1e-10,
) -> Passage | None:
    """When do K Gaussian paths of n years first lie outside of [lower, upper]? None where this method does not serve.

    mean (K, n), cov (K, n, n); bounds (n,) or (K, n), infinite where there is none. It serves paths that are Markov (a walk
    with known drift; one with a normal drift from an exact start; reverting motions), and those that are so given their
    first year (a walk whose drift and start are both uncertain), that vary in every year and whose years are not
    negatively correlated. A coarse and a fine set of nodes are used, then finer ones until the chances of having left by
    each year differ by little; a tenth of the last difference, which is more than the error of the finer ones, is what is
    stated and kept below atol (of each path, or of all) + rtol times the chance.

    Source: recursive numerical integration, Armitage, McPherson and Rowe (1969), doi 10.2307/2343787.

    >>> walk = 0.08**2 * np.minimum.outer([1, 2, 3], [1, 2, 3])
    >>> bound = np.full(3, np.log(150 / 110))
    >>> found = first_passage(np.array([[0.1, 0.2, 0.3]]), walk[None], np.full(3, -np.inf), bound)
    >>> [round(float(chance), 7) for chance in found.by[0]]
    [0.0043079, 0.1654007, 0.4773844]
    """
    paths = _standardised(mean, cov, lower, upper)
    swept = None if paths is None else _method(paths)
    return None if paths is None or swept is None else _leaving(swept, paths, rtol, _each(atol, paths))


def staying_inside(
    mean: FloatArray,
    cov: FloatArray,
    lower: FloatArray,
    upper: FloatArray,
    *,
    rtol: float = 1e-7,
    atol: FloatArray | float = 1e-10,
) -> tuple[FloatArray, FloatArray] | None:
    """The chances (K,) that paths lie inside in every year, and their errors (K,); see `first_passage`.

    They keep their relative accuracy too: where few stay nodes cover those that do.
    """
    paths = _standardised(mean, cov, lower, upper)
    swept = None if paths is None else _method(paths)
    return None if paths is None or swept is None else _staying(swept, paths, rtol, _each(atol, paths))


def passage_by_year(
    start: FloatArray | float,
    drift: FloatArray | float,
    sd: FloatArray | float,
    bound: FloatArray | float,
    years: int,
    *,
    upwards: Flags | bool = True,
    drift_sd: FloatArray | float = 0.0,
    rtol: float = 1e-4,
    atol: float = 1e-6,
) -> Passage:
    """In which of the next years do N walks first reach their bounds, checked at year ends?

    start, drift, sd (of a year, positive), bound and drift_sd (of a drift that is drawn once per path) are numbers or (N,),
    bound also (N, years), all on the scale where changes add up; `upwards` tells whether it is reached from below. Raises
    ValueError where sd is not positive.

    >>> found = passage_by_year(np.log(110), 0.10, 0.08, np.log(150), 3)
    >>> [round(float(chance), 5) for chance in found.first[0]]
    [0.00431, 0.16109, 0.31198]
    """
    bounds = np.asarray(bound, float)
    bounds = bounds if bounds.ndim == 2 else bounds[..., None]
    given = np.broadcast_arrays(*(np.asarray(x, float) for x in (start, drift, sd, drift_sd)), upwards, bounds[..., 0])
    x0, mu, sigma, tau, up = (np.reshape(x, (-1, 1)) for x in given[:5])
    if not (sigma > 0.0).all():
        raise ValueError("sd must be positive")
    t = np.arange(1.0, years + 1.0)
    ratio = (tau / sigma) ** 2
    corr = np.minimum.outer(t, t) + ratio[:, :, None] * np.multiply.outer(t, t)
    scale = np.sqrt(t + ratio * t**2)
    corr /= scale[:, :, None] * scale[:, None, :]
    z = (bounds - x0 - mu * t) / (sigma * scale)
    paths = Paths(*_within(np.where(up, -np.inf, z), np.where(up, z, np.inf)), corr)
    found = _leaving(partial(_markov, heaviest=np.inf), paths, rtol, _each(atol, paths))
    assert found is not None  # nothing is too heavy
    return found


def _each(atol: FloatArray | float, paths: Paths) -> FloatArray:
    return np.broadcast_to(np.asarray(atol, float), len(paths))


def _standardised(mean: FloatArray, cov: FloatArray, lower: FloatArray, upper: FloatArray) -> Paths | None:
    """None where a year does not vary, or two are negatively correlated."""
    variance = np.diagonal(cov, axis1=1, axis2=2)
    if not (variance > 0.0).all():
        return None
    sd = np.sqrt(variance)
    lo, hi = _within((lower - mean) / sd, (upper - mean) / sd)
    corr = cov / (sd[:, :, None] * sd[:, None, :])
    return Paths(lo, hi, np.clip(corr, 0.0, 1.0)) if (corr >= -_MARKOV).all() else None


def _within(lower: FloatArray, upper: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Bounds of a region, in standard deviations, kept where anything happens; −∞ and ∞ where it has none."""
    return tuple(np.where(b == free, b, np.clip(b, -_FURTHEST, _FURTHEST)) for b, free in ((lower, -np.inf), (upper, np.inf)))  # type: ignore[return-value]


def _method(paths: Paths) -> Sweep | None:
    if is_markov(paths.corr):
        return _markov
    if paths.corr.shape[1] < 3 or (paths.corr[:, 0, 1:] ** 2 > 1.0 - _SINGULAR_GIVEN).any():
        return None
    later = _given(paths.corr)
    return _given_first if (later >= -_MARKOV).all() and is_markov(later) else None


def is_markov(corr: FloatArray) -> bool:
    """Tell whether all correlations (K, n, n) are the products of those of the consecutive years between, none of them 1."""
    for t in range(1, corr.shape[1]):
        step = corr[:, t - 1, t]
        if (step**2 > 1.0 - _SINGULAR).any():
            return False
        if np.abs(corr[:, : t - 1, t] - corr[:, : t - 1, t - 1] * step[:, None]).max(initial=0.0) > _MARKOV:
            return False
    return True


def _given(corr: FloatArray) -> FloatArray:
    """Correlations (K, n − 1, n − 1) of the later years given the first."""
    first = corr[:, 0, 1:]
    sd = np.sqrt(1.0 - first**2)
    return np.asarray((corr[:, 1:, 1:] - first[:, :, None] * first[:, None, :]) / (sd[:, :, None] * sd[:, None, :]))


def _markov(paths: Paths, density: float, staying: Flags, heaviest: float = _HEAVIEST) -> Chances | None:
    """The chance of leaving first in each year (K, n), and of staying (K,); None where that takes too long."""
    where = plan(paths, density, staying)
    return None if where.work > heaviest else sweep(paths, where, staying)


def _given_first(paths: Paths, density: float, staying: Flags) -> Chances | None:
    """The same for paths that are Markov given their first year, over whose values it is integrated."""
    z, mass = first_year(paths, density, staying)
    if z.size * paths.lo.shape[1] ** 2 > _HEAVIEST:
        return None
    along = paths.corr[:, 0, None, 1:]
    sd = np.sqrt(1.0 - along**2)
    moved = ((bound[:, None, 1:] - along * z[:, :, None]) / sd for bound in (paths.lo, paths.hi))
    lo, hi = _within(*(bound.reshape(-1, bound.shape[2]) for bound in moved))
    later = np.repeat(np.clip(_given(paths.corr), 0.0, 1.0), z.shape[1], axis=0)
    found = _markov(Paths(lo, hi, later), density, np.repeat(staying, z.shape[1]))
    if found is None:
        return None
    after = (mass[:, :, None] * found[0].reshape(*z.shape, -1)).sum(axis=1)
    first = np.concatenate([paths.outside[:, :1], after], axis=1)
    return first, np.where(staying, (mass * found[1].reshape(z.shape)).sum(axis=1), 1.0 - first.sum(axis=1))


def _leaving(swept: Sweep, paths: Paths, rtol: float, atol: FloatArray) -> Passage | None:
    def first(rows: Rows, density: float) -> FloatArray | None:
        found = swept(paths.of(rows), density, np.zeros(len(rows), bool))
        return None if found is None else found[0]

    found = _refined(first, rtol, atol)
    if found is None:
        return None
    left_out = np.cumsum(BEYOND * np.arange(paths.lo.shape[1]) * paths.outside, axis=1)
    return Passage(found[0], found[1] + left_out)


def _staying(swept: Sweep, paths: Paths, rtol: float, atol: FloatArray) -> tuple[FloatArray, FloatArray] | None:
    rough = swept(paths, _PAIRS[-1][0], np.zeros(len(paths), bool))
    if rough is None:
        return None
    few = rough[1] < _FEW

    def stays(rows: Rows, density: float) -> FloatArray | None:
        found = swept(paths.of(rows), density, few[rows])
        return None if found is None else found[1][:, None]

    found = _refined(stays, rtol, atol)
    if found is None:
        return None
    before = BEYOND * np.arange(paths.lo.shape[1])
    left_out = np.where(few, 2.0 * before.sum() * (1.0 - paths.outside.max(axis=1)), paths.outside @ before)
    return np.maximum(found[0][:, 0], 0.0), found[1][:, 0] + left_out


def _refined(
    at: Callable[[Rows, float], FloatArray | None], rtol: float, atol: FloatArray
) -> tuple[FloatArray, FloatArray] | None:
    """Return chances (K, q), at more and more nodes until they agree, and the errors of their sums; None if it takes too long."""
    rows = np.arange(len(atol))
    pairs = ((at(rows, fine), coarse, fine, share) for coarse, fine, share in _PAIRS)
    found, less, density, share = next((pair for pair in pairs if pair[0] is not None), (None, 0.0, 0.0, 0.0))
    coarse = None if found is None else at(rows, less)
    if found is None or coarse is None:
        return None
    error = share * np.cumsum(np.abs(found - coarse), axis=1)
    for _ in range(_ROUNDS):
        rows = np.flatnonzero((error > atol[:, None] + rtol * np.cumsum(found, axis=1)).any(axis=1))
        density *= _MORE
        if not rows.size or (finer := at(rows, density)) is None:
            break
        error[rows] = share * np.cumsum(np.abs(finer - found[rows]), axis=1)
        found[rows] = finer
    return found, np.maximum(error, min(rtol, _LEAST) * np.cumsum(found, axis=1))
