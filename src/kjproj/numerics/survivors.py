"""The paths that have stayed inside a region so far: their density, year after year, on Gauss–Legendre nodes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, roots_hermitenorm, roots_legendre

from .arrays import FloatArray
from .normal import interval_probability

REACH = 6.5
"""Half-width of the range of nodes, in standard deviations about the paths that count."""
BEYOND = 4.1e-11
"""Φ(−REACH), the share of those paths that is left out at one end."""
_BLOCK, _SMALL = 1 << 17, 1 << 14
_FEWEST = 5.0
_LITTLE = 0.25
_ROOT_2PI = np.sqrt(2.0 * np.pi)


@dataclass(frozen=True)
class Paths:
    """Standardised paths: bounds lo, hi (K, n) of the region, and correlations (K, n, n) of the years, none negative."""

    lo: FloatArray
    hi: FloatArray
    corr: FloatArray

    def __len__(self) -> int:
        return len(self.lo)

    def of(self, rows: NDArray[np.intp]) -> Paths:
        """Return some of them, by their positions in rising order."""
        return self if len(rows) == len(self) else Paths(self.lo[rows], self.hi[rows], self.corr[rows])

    @cached_property
    def outside(self) -> FloatArray:
        """The chance of lying outside in each year, (K, n)."""
        return np.asarray(ndtr(self.lo) + ndtr(-self.hi))

    @cached_property
    def leaving(self) -> tuple[FloatArray, FloatArray]:
        """The range, (K, n) both, of what leads outside in a later year; from +∞ to −∞ where nothing does."""
        return _about_leaving(self)

    @cached_property
    def narrowest(self) -> FloatArray:
        """The width of the narrowest feature in each year but the last, (K, n − 1)."""
        step = np.diagonal(self.corr, offset=1, axis1=1, axis2=2)
        left = 1.0 - step**2
        into = np.concatenate([np.ones((len(left), 1)), left[:, :-1]], axis=1)
        return np.asarray(1.0 / np.sqrt(1.0 / into + step**2 / left))


@dataclass(frozen=True)
class Plan:
    """Where nodes lie: ranges low, high (K, n) and the number needed (K, n); the last year has none."""

    low: FloatArray
    high: FloatArray
    needed: NDArray[np.int64]

    @property
    def work(self) -> float:
        """How many values of the transition's density are computed."""
        return float((self.needed[:, :-1].astype(float) * self.needed[:, 1:]).sum())

    def of(self, rows: NDArray[np.intp]) -> Plan:
        """Return that of some paths, by their positions in rising order."""
        return self if len(rows) == len(self.low) else Plan(self.low[rows], self.high[rows], self.needed[rows])


def plan(paths: Paths, density: float, staying: NDArray[np.bool_]) -> Plan:
    """Place nodes for each path (see `Plan`), about `density` for each width of the narrowest feature, and for five more.

    They cover the paths that lead outside in each later year, 6.5 standard deviations about them; for those `staying`
    (K,) the paths that stay as well.
    """
    lo, hi, corr = paths.lo, paths.hi, paths.corr
    low, high = paths.leaving
    if staying.any():
        later = np.triu(np.ones(corr.shape[1:], bool))
        down = np.where(later, corr * _finite(np.minimum(hi, 0.0))[:, None, :], 0.0).min(axis=2) - REACH
        up = np.where(later, corr * _finite(np.maximum(lo, 0.0))[:, None, :], 0.0).max(axis=2) + REACH
        low = np.where(staying[:, None], np.minimum(low, down), low)
        high = np.where(staying[:, None], np.maximum(high, up), high)
    low = np.maximum(low, lo)[:, :-1]
    high = np.maximum(np.minimum(high, hi)[:, :-1], low)
    return Plan(low, high, np.ceil(density * (_FEWEST + (high - low) / paths.narrowest)).astype(np.int64))


def _finite(bound: FloatArray) -> FloatArray:
    return np.where(np.isfinite(bound), bound, 0.0)


def _about_leaving(paths: Paths) -> tuple[FloatArray, FloatArray]:
    n = paths.lo.shape[1]
    later = np.triu(np.ones((n, n), bool), 1)
    near = REACH * np.sqrt(np.maximum(1.0 - paths.corr**2, 0.0))
    low, high = np.full(paths.lo.shape, np.inf), np.full(paths.lo.shape, -np.inf)
    for bound, sign in ((paths.hi, 1.0), (-paths.lo, -1.0)):
        if not np.isfinite(bound).any():
            continue
        leads = later & np.isfinite(bound)[:, None, :]
        inner = np.where(leads, paths.corr * _finite(bound)[:, None, :] - near, np.inf).min(axis=2)
        outer = np.where(leads, paths.corr * _finite(np.maximum(bound, 0.0))[:, None, :] + REACH, -np.inf).max(axis=2)
        if sign > 0.0:
            low, high = np.minimum(low, inner), np.maximum(high, outer)
        else:
            low, high = np.minimum(low, -outer), np.maximum(high, -inner)
    return low, high


def sweep(paths: Paths, where: Plan, staying: NDArray[np.bool_]) -> tuple[FloatArray, FloatArray]:
    """Return the chance that each path first lies outside in each year (K, n), and that it never does (K,).

    The latter is integrated for those `staying` (K,), whose nodes cover the paths that stay, and else what is left.
    """
    first, stays = np.empty(paths.lo.shape), np.empty(len(paths))
    for rows in _alike(where):
        chances, below, above, mass = _swept(paths.of(rows), where.of(rows))
        first[rows], stays[rows] = chances, 1.0 - chances.sum(axis=1)
        if staying[rows].any():
            stays[rows] = np.where(staying[rows], (mass * _inside(below, above)).sum(axis=1), stays[rows])
    return first, stays


def _alike(where: Plan) -> Iterator[NDArray[np.intp]]:
    """Yield the positions of paths that need about as many nodes, in blocks that fit the cache."""
    most = where.needed.max(axis=1, initial=1)
    if 0 < len(most) * int(most.max(initial=1)) ** 2 <= _SMALL:
        yield np.arange(len(most))
        return
    order = np.argsort(most, kind="stable")
    start = 0
    while start < len(order):
        least = most[order[start]]
        alike = int(np.searchsorted(most[order], 1.15 * least + 1.0, side="right"))
        fits = max(1, int(_BLOCK / most[order[alike - 1]] ** 2))
        stop = min(alike, start + fits)
        yield np.sort(order[start:stop])
        start = stop


def _swept(paths: Paths, where: Plan) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return the chances of leaving first in each year, and the masses before the last one with their bounds, each (K, m)."""
    lo, hi, first = paths.lo, paths.hi, paths.outside
    n = lo.shape[1]
    if n == 1:
        return first, lo, hi, np.ones_like(lo)
    z, mass = _started(where)
    for t in range(1, n):
        step = paths.corr[:, t - 1, t, None]
        sd = np.sqrt((1.0 - step) * (1.0 + step))
        centre = step * z
        below, above = (lo[:, t, None] - centre) / sd, (hi[:, t, None] - centre) / sd
        first[:, t] = (mass * _outside(below, above)).sum(axis=1)
        if t < n - 1:
            z, weight = _nodes(where, t)
            mass = _moved(mass, centre, z, sd) * weight
    return first, below, above, mass


def first_year(paths: Paths, density: float, staying: NDArray[np.bool_]) -> tuple[FloatArray, FloatArray]:
    """Return nodes (K, m) of the first year, and the masses at them: Gauss–Hermite where it is unbounded and says little.

    It says little where the later years vary much beside what it tells of them.
    """
    told = float((paths.corr[:, 0, 1:] ** 2 / (1.0 - paths.corr[:, 0, 1:] ** 2)).max())
    if np.isfinite(paths.lo[:, 0]).any() or np.isfinite(paths.hi[:, 0]).any() or told > _LITTLE:
        return _started(plan(paths, density, staying))
    x, w = _hermite(3 + round(density * (3.0 + 16.0 * np.sqrt(told))))
    shape = len(paths), len(x)
    return np.broadcast_to(x, shape), np.broadcast_to(w, shape)


def _started(where: Plan) -> tuple[FloatArray, FloatArray]:
    z, weight = _nodes(where, 0)
    return z, weight * np.exp(-0.5 * z * z) / _ROOT_2PI


def _moved(mass: FloatArray, centre: FloatArray, z: FloatArray, sd: FloatArray) -> FloatArray:
    """Density (K, m) at nodes z of what moves from masses (K, l) about their centres with standard deviations sd (K, 1)."""
    scale = 1.0 / (np.sqrt(2.0) * sd)
    away = (z * scale)[:, :, None] - (centre * scale)[:, None, :]
    np.multiply(away, -away, out=away)
    np.exp(away, out=away)
    return np.asarray((away @ mass[:, :, None])[:, :, 0] / (sd * _ROOT_2PI))


def _outside(below: FloatArray, above: FloatArray) -> FloatArray:
    if (below == -np.inf).all():
        return np.asarray(ndtr(-above))
    return np.asarray(ndtr(below) if (above == np.inf).all() else ndtr(below) + ndtr(-above))


def _inside(below: FloatArray, above: FloatArray) -> FloatArray:
    if (below == -np.inf).all():
        return np.asarray(ndtr(above))
    return np.asarray(ndtr(-below)) if (above == np.inf).all() else interval_probability(below, above)


def _nodes(where: Plan, t: int) -> tuple[FloatArray, FloatArray]:
    """Nodes and weights (K, m) of year t."""
    x, w = _legendre(_rounded(int(where.needed[:, t].max())))
    half = 0.5 * (where.high[:, t, None] - where.low[:, t, None])
    return 0.5 * (where.high[:, t, None] + where.low[:, t, None]) + half * x, half * w


def _rounded(m: int) -> int:
    """All numbers up to 32, then multiples of four and of 16: rules are kept."""
    unit = 1 if m <= 32 else 4 if m <= 160 else 16
    return -(-m // unit) * unit


@lru_cache(maxsize=256)
def _legendre(m: int) -> tuple[FloatArray, FloatArray]:
    return roots_legendre(m)


@lru_cache(maxsize=64)
def _hermite(m: int) -> tuple[FloatArray, FloatArray]:
    x, w = roots_hermitenorm(m)
    return x, w / _ROOT_2PI
