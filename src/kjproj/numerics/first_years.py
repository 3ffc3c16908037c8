"""In which year does a walk first reach a bound, by yearly checks? For many walks at once.

A path that reaches the bound at check h is weighed by how likely its end is, since given its end a walk's way there does not
depend on its drift (Girsanov). So one matrix per drift bin serves all walks of the bin, whatever their starts, drifts and beliefs
about drift: the density of those that have not yet reached it lives on Gauss and Legendre's nodes above the bound, a year is a
matrix product, and what lands below is weighed by the likelihood of its end under the walk's own drift.

Source: Girsanov (1960), doi 10.1137/1105027; quadrature over the nodes, Genz and Kahaner (1986),
doi 10.1016/0771-050X(86)90007-5.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from .arrays import FloatArray, by_code

_STEEP = 6.0
"""A drift of so many standard deviations of a year: who has reached the bound stays beyond it, but for 1e-9."""
_BIN = 2.0
_REACH = 5.0
_ROOM = 2.5
_ROWS, _LARGEST = 256, 600.0
_ROOT_2PI = np.sqrt(2.0 * np.pi)


def first_reached(
    distance: FloatArray, drift: FloatArray, doubt: FloatArray, checks: tuple[int, ...]
) -> FloatArray:
    """Return the chance that each of M walks first reaches its bound at each check, (H, M); absolute error below 2e-7.

    Lengths are in standard deviations of a year's shock.

    Args:
        distance: from the last place to the bound, (M,); below 0 where it lies beyond.
        drift: mean of the belief about the drift towards the bound, a year, (M,).
        doubt: variance of that belief, (M,), from 0, where the drift is known, to 1, one year of figures.
        checks: years after the last place, rising by one from the first.
    """
    by = beyond(distance, drift, doubt, checks) + fallen_back(distance, drift, doubt, checks)
    return np.diff(by, axis=0, prepend=0.0)


def beyond(distance: FloatArray, drift: FloatArray, doubt: FloatArray, checks: tuple[int, ...]) -> FloatArray:
    """Return the chance to stand beyond the bound at each check, (H, M)."""
    return np.stack([ndtr((drift * h - distance) / np.sqrt(h * (1.0 + doubt * h))) for h in checks])


def fallen_back(
    distance: FloatArray, drift: FloatArray, doubt: FloatArray, checks: tuple[int, ...], least: FloatArray | float = 1e-9
) -> FloatArray:
    """Return the chance to have reached the bound at a check, and to stand short of it at this one, (H, M).

    What is below `least`, (M,) or a number, may be left out.
    """
    marginal = beyond(distance, drift, doubt, checks)
    found, before = np.zeros_like(marginal), marginal[0]
    for j in range(1, len(checks)):
        before = np.maximum(before, marginal[j - 1])
        found[j] = np.maximum(before - marginal[j], 0.0)
    if len(checks) == 1:
        return found
    near = (drift * drift < _STEEP**2 * (1.0 + doubt)) & (before > least) & (marginal[0] < 1.0 - least) & (marginal[1:].min(axis=0) < 1.0 - least)
    rows = np.flatnonzero(near)
    bins = 50 + np.round(drift[rows] / _BIN).astype(np.int64) + 100 * _room(distance[rows], checks)
    for one, own in by_code(bins):
        some, (room, tilt) = rows[own], divmod(one, 100)
        later = _later(distance[some], drift[some], doubt[some], checks, _grid(_ROOM * room, _BIN * (tilt - 50)))
        found[1:, some] = marginal[0, some] + np.cumsum(later, axis=0) - marginal[1:, some]
    return found


def pull(
    distance: FloatArray, drift: FloatArray, doubt: FloatArray | float, checks: tuple[int, ...]
) -> tuple[FloatArray, FloatArray]:
    """Return κ (M,) so that the chances of `fallen_back` are at most about exp(−κ²λ²/2) where distance and drift are λ times what is given.

    Falling back behind the bound takes standing short of it at a check, and having stood beyond it before: at one of two
    deviates, λ times what they are here. κ is the larger of their sizes, at the check where it is least. Then how many times finer
    than that the chances change with λ, (M,): as finely as the greatest deviate does.
    """
    deviates = [(distance - drift * h) / np.sqrt(h * (1.0 + doubt * h)) for h in checks]
    reached, least = np.full(len(distance), np.inf), np.full(len(distance), np.inf)
    for before, now in pairwise(deviates):
        reached = np.minimum(reached, np.maximum(before, 0.0))
        least = np.minimum(least, np.maximum(reached, np.maximum(-now, 0.0)))
    least = np.where(np.isfinite(least), least, 0.0)
    return least, np.sqrt((1.0 + np.abs(deviates).max(axis=0) ** 2) / (1.0 + least**2))


def _room(distance: FloatArray, checks: tuple[int, ...]) -> NDArray[np.int64]:
    """How far above the bound walks can be that still reach it: within five standard deviations of the bridge to it."""
    last, room = checks[-1], np.zeros(len(distance))
    for t in checks[:-1]:
        room = np.maximum(room, np.maximum(distance, 0.0) * (1.0 - t / last) + _REACH * np.sqrt(t * (last - t) / last))
    return np.asarray(np.ceil((room + 1.0) / _ROOM).astype(np.int64))


@dataclass(frozen=True)
class _Grid:
    """Nodes y above the bound (n,) and beyond it (m,), as 1, y, y² (3, …); and what a year's step under a drift `tilt` makes
    of the density on the former: on itself (n, n), and beyond (n, m), the rules' weights in them.
    """

    above: FloatArray
    beyond: FloatArray
    tilt: float
    stays: FloatArray
    lands: FloatArray


@cache
def _grid(room: float, tilt: float) -> _Grid:
    above, weights = _legendre(0.0, room, int(1.5 * room) + 6)
    below, landing = _legendre(-max(tilt, 0.0) - 7.0, 0.0, int(1.2 * max(tilt, 0.0)) + 14)
    stays, lands = (
        np.exp(-0.5 * (to - above[:, None] + tilt) ** 2) / _ROOT_2PI * weights[:, None] for to in (above, below)
    )
    return _Grid(_powers(above), _powers(below), tilt, stays, lands * landing)


def _powers(y: FloatArray) -> FloatArray:
    return np.stack([np.ones_like(y), y, y * y])


def _legendre(low: float, high: float, n: int) -> tuple[FloatArray, FloatArray]:
    t, w = np.polynomial.legendre.leggauss(n)
    return low + 0.5 * (high - low) * (t + 1.0), 0.5 * (high - low) * w


def _later(
    distance: FloatArray, drift: FloatArray, doubt: FloatArray, checks: tuple[int, ...], grid: _Grid
) -> FloatArray:
    """The chances of first reaching the bound at the second check, the third, …: (H − 1, M)."""
    first, count = checks[0], len(distance)
    start = distance - first * grid.tilt
    density = [_quadratic(start, -0.5 / first + 0.0 * start, 0.0, -0.5 * np.log(2.0 * np.pi * first))]
    for h in checks[1:]:
        spread = 0.5 / (1.0 + h * doubt)
        rest = 0.5 * h * grid.tilt**2 - spread * h * drift * drift + 0.5 * np.log(2.0 * spread)
        density.append(_quadratic(distance, spread * doubt, 2.0 * spread * drift - grid.tilt, rest))
    reach = np.abs(grid.beyond).max(axis=1)
    wild = np.max([np.abs(end) @ reach for end in density[1:]], axis=0) >= _LARGEST
    if not wild.any():
        return _stepped(density, grid, _plain)
    found = np.empty((len(checks) - 1, count))
    for rows, exponential in ((~wild, _plain), (wild, _scaled)):
        found[:, rows] = _stepped([part[rows] for part in density], grid, exponential)
    return found


def _stepped(density: list[FloatArray], grid: _Grid, exponential: Callable[[FloatArray], tuple[FloatArray, FloatArray | float]]) -> FloatArray:
    """The same (H − 1, M) from the quadratics (M, 3) of the density after the first check, and of the likelihood of ends at the later ones."""
    count = len(density[0])
    found = np.empty((len(density) - 1, count))
    for begin in range(0, count, _ROWS):
        part = slice(begin, begin + _ROWS)
        begun, *ends = [_padded(one[part]) for one in density]
        alive, size = exponential(begun @ grid.above)
        for j, end in enumerate(ends):
            weighed, more = exponential(end @ grid.beyond)
            share = np.einsum("ij,ij->i", weighed, alive @ grid.lands)
            found[j, part] = (share * np.exp(np.minimum(size + more, _LARGEST)))[: count - begin]
            if j + 1 < len(ends):
                alive = alive @ grid.stays
    return found


def _plain(log: FloatArray) -> tuple[FloatArray, float]:
    """Return exp(log) (M, n), and 0."""
    return np.exp(log, out=log), 0.0


def _scaled(log: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return exp(log) over its greatest in each row, which may leave the range of numbers, and the logs of these (M,)."""
    most = log.max(axis=1)
    log -= most[:, None]
    return np.exp(log, out=log), most


def _quadratic(a: FloatArray, second: FloatArray, first: FloatArray | float, rest: FloatArray | float) -> FloatArray:
    """The coefficients (M, 3) in 1, y, y² of second·(a − y)² + first·(a − y) + rest."""
    return np.stack([(second * a + first) * a + rest, -2.0 * second * a - first, second], axis=1)


def _padded(rows: FloatArray) -> FloatArray:
    """Always as many rows: the bits of a product must not hang on who else is asked."""
    if len(rows) == _ROWS:
        return rows
    return np.concatenate([rows, np.zeros((_ROWS - len(rows), rows.shape[1]))])


@cache
def chi_rule(df: int, size: int) -> tuple[FloatArray, FloatArray]:
    """Gauss's rule for Σ w f(λ) ≈ E f(λ), λ² ~ χ²(df): nodes and weights (size,), the weights adding up to 1.

    By Stieltjes's procedure on a fine rule and the eigenvalues of the Jacobi matrix; exact for polynomials in λ of degree
    2·size − 1. Source: Golub and Welsch (1969), doi 10.1090/S0025-5718-69-99647-1.
    """
    x, w = _legendre(0.0, df**0.5 + 12.0, 600)
    log = (df - 1.0) * np.log(x) - 0.5 * x * x
    w = w * np.exp(log - log.max())
    w /= w.sum()
    a: list[float] = []
    b: list[float] = []
    before, now = np.zeros_like(x), np.ones_like(x)
    for _ in range(size):
        a.append(float(w @ (x * now * now)))
        following = (x - a[-1]) * now - (b[-1] if b else 0.0) * before
        b.append(float(np.sqrt(w @ (following * following))))
        before, now = now, following / b[-1]
    nodes, vectors = np.linalg.eigh(np.diag(a) + np.diag(b[:-1], 1) + np.diag(b[:-1], -1))
    return nodes, vectors[0] ** 2
