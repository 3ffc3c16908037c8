"""Probabilities of "all of several clauses, each of which any of its half-spaces meets", clause by clause along lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from .arrays import FloatArray, root_of
from .normal import interval_probability
from .orthants import truncated, weighted_sum

_FLAT = 1e-9
_TINY = 1e-300
_BLOCK = 2048


class HalfLine(NamedTuple):
    """lower < x[column] < upper; bounds a number, or (K,) one for each row, one of them infinite where it is one of several."""

    column: int
    lower: FloatArray | float
    upper: FloatArray | float


Clauses = Sequence[Sequence[HalfLine]]


@dataclass(frozen=True)
class _Clause:
    """A clause by its columns among those used: standardised bounds (s, K or 1) and the number of its own line, if any."""

    columns: NDArray[np.intp]
    lower: FloatArray
    upper: FloatArray
    line: int | None


@dataclass(frozen=True)
class Lines:
    """A normal vector of K rows as x = A t + B z, standardised; t, z independent standard normals.

    inner (K, q, C) is A, outer (K, q, r) is B. Clause c, if it has a line of its own, depends on z and on t up to its own
    t_c alone, along which the places where it holds are a union of rays: their chance is exact, and t_c is drawn there
    before the next clause. A clause without one (what earlier ones rest on determines it) is an indicator.
    """

    clauses: tuple[_Clause, ...]
    inner: FloatArray
    outer: FloatArray

    @classmethod
    def of(cls, mean: FloatArray, cov: FloatArray, clauses: Clauses) -> "Lines":
        """Lines for x ~ N(mean, cov): mean (K, q), cov (K, q, q), which may be singular; one column at least is named.

        The clauses least likely by their likeliest half-space come first. The line of a clause is that of the sum of its
        standardised variables, each turned towards its half-space, given all variables of the clauses before: the
        directions are columns of a Cholesky factor. Other directions are turned to the principal components of
        what is left. What is determined gets a standard deviation of 1e-6 of its own; without any it is decided at once.

        The chance is separated as an orthant is, Genz (1992), doi 10.1080/10618600.1992.10477010, each factor being the
        exact share of a line in a union of rays, as in line sampling: Koutsourelakis, Pradlwarter and Schuëller (2004),
        doi 10.1016/j.probengmech.2003.10.001.
        """
        used = sorted({side.column for clause in clauses for side in clause})
        sd = np.sqrt(np.maximum(np.diagonal(cov, axis1=1, axis2=2)[:, used], 0.0))
        scale = np.where(sd > 0.0, sd, 1.0)
        correlation = cov[:, used][:, :, used] / (scale[:, :, None] * scale[:, None, :])
        found = [_standardised(clause, used, mean, sd, scale) for clause in clauses]
        found.sort(key=_likeliest)
        towards, starts, ordered = _directions(found, len(used))
        factor = root_of(towards @ correlation @ towards.T)
        loadings = np.linalg.inv(towards) @ factor
        inner = np.ascontiguousarray(loadings[:, :, starts])
        rest = [j for j in range(len(used)) if j not in starts]
        outer = loadings[:, :, rest]
        if rest:
            outer = outer @ np.linalg.svd(outer.mean(axis=0))[2].T
        return cls(tuple(ordered), inner, np.ascontiguousarray(outer))

    @property
    def dim(self) -> int:
        """How many uniforms a point takes: the last line is not drawn on, unless a clause without one comes after it."""
        return int(self.inner.shape[2] + self.outer.shape[2] - (self.clauses[-1].line is not None))

    def at(self, u: FloatArray) -> FloatArray:
        """Unbiased estimates (K, N) at N uniform points for each row: u (dim, K, N), or (dim, 1, N) for all alike."""
        K, N = max(len(self.inner), u.shape[1]), u.shape[2]
        found = np.empty((K, N))
        rows = K if len(self.inner) == 1 else max(1, _BLOCK // N)
        columns = max(1, _BLOCK // min(rows, K))
        for start in range(0, K, rows):
            own = self._some(slice(start, start + rows))
            points = u if u.shape[1] == 1 else u[:, start : start + rows]
            for first in range(0, N, columns):
                found[start : start + rows, first : first + columns] = own._sweep(points[:, :, first : first + columns])
        return found

    def _some(self, rows: slice) -> "Lines":
        if len(self.inner) == 1:
            return self

        def part(bounds: FloatArray) -> FloatArray:
            return bounds if bounds.shape[1] == 1 else bounds[:, rows]

        clauses = tuple(_Clause(c.columns, part(c.lower), part(c.upper), c.line) for c in self.clauses)
        return Lines(clauses, self.inner[rows], self.outer[rows])

    def _sweep(self, u: FloatArray) -> FloatArray:
        lines = self.inner.shape[2]
        drawn = self.dim - self.outer.shape[2]
        base = _spread(self.outer, ndtri(u[drawn:]))
        t = np.empty((lines, *base.shape[1:]))
        chance = np.ones(base.shape[1:])
        for clause in self.clauses:
            before = lines if clause.line is None else clause.line
            slope = self.inner[:, clause.columns].transpose(1, 2, 0)
            known = [base[j] + weighted_sum(own[:before], t[:before]) for j, own in zip(clause.columns, slope, strict=True)]
            if clause.line is None:
                chance *= _met(clause, known)
                continue
            part, at = _on_line(clause, known, slope[:, before], u[before] if before < drawn else None)
            chance *= part
            if before < drawn:
                t[before] = at
        return chance


def _standardised(
    clause: Sequence[HalfLine], used: list[int], mean: FloatArray, sd: FloatArray, scale: FloatArray
) -> _Clause:
    """A clause in standard units; a variable without spread is inside its bounds (included) or not: infinite ones say so."""
    at = [used.index(side.column) for side in clause]
    centre = mean[:, [side.column for side in clause]].T
    low, high = (
        (np.stack([np.broadcast_to(side[k], len(mean)) for side in clause]) - centre) / scale.T[at] for k in (1, 2)
    )
    fixed = sd.T[at] <= 0.0
    inside = (low <= 0.0) & (high >= 0.0)
    low = np.where(fixed, np.where(inside, -np.inf, np.inf), low)
    return _Clause(np.array(at), low, np.where(fixed, np.inf, high), None)


def _likeliest(clause: _Clause) -> float:
    """The chance of its likeliest half-space, to six digits, so that rounding decides no ties."""
    return float(f"{_chances(clause).max():.6g}")


def _chances(clause: _Clause) -> FloatArray:
    """The mean over rows of the chance of each of its half-spaces, (s,)."""
    return np.asarray(interval_probability(clause.lower, clause.upper).mean(axis=1))


def _directions(clauses: Sequence[_Clause], q: int) -> tuple[FloatArray, list[int], list[_Clause]]:
    """A basis (q, q) of the variables in whose order they are factored, the places of the lines in it, and the clauses.

    A clause whose variables all occur before has no line; such come last.
    """
    basis, starts, seen = np.zeros((q, q)), list[int](), set[int]()
    own, left = list[_Clause](), list[_Clause]()
    for clause in clauses:
        first = {int(j): k for k, j in enumerate(clause.columns) if int(j) not in seen}
        if not first:
            left.append(clause)
            continue
        place, new = len(seen), list(first.values())
        seen.update(first)
        columns = clause.columns[new]
        upwards = np.isinf(clause.upper[new]).all(axis=1)
        likely = _chances(clause)[new] + _TINY
        basis[place, columns] = np.where(upwards, 1.0, -1.0) * (likely / likely.max())
        others = np.delete(columns, likely.argmax())
        basis[place + np.arange(1, len(new)), others] = 1.0
        own.append(_Clause(clause.columns, clause.lower, clause.upper, len(starts)))
        starts.append(place)
    return basis, starts, [*own, *left]


def _met(clause: _Clause, known: Sequence[FloatArray]) -> NDArray[np.bool_]:
    """Whether a clause is met by x = known, (K, N) each."""
    sides = zip(clause.lower, clause.upper, known, strict=True)
    return np.asarray(np.any([(low[:, None] <= x) & (x <= high[:, None]) for low, high, x in sides], axis=0))


def _spread(outer: FloatArray, z: FloatArray) -> FloatArray:
    """Σ_r outer[k, j, r] z[r, k, n], (q, K, N), for z (r, K or 1, N)."""
    K, q, r = outer.shape
    if z.shape[1] == 1:
        return np.asarray((outer.reshape(K * q, r) @ z[:, 0]).reshape(K, q, -1).swapaxes(0, 1))
    if K == 1:
        return np.asarray((outer[0] @ z.reshape(r, -1)).reshape(q, *z.shape[1:]))
    return np.ascontiguousarray((outer @ z.swapaxes(0, 1)).swapaxes(0, 1))


def _on_line(
    clause: _Clause, known: Sequence[FloatArray], slope: FloatArray, u: FloatArray | None
) -> tuple[FloatArray, FloatArray]:
    """Chance that a standard normal t meets the clause for one x = known + slope · t, and its quantile u where it does.

    known (K, N) each, slope (s, K or 1). One half-space may be an interval; of several each is a ray, and the places are
    those beyond the nearest ray on either side.
    """
    slope = np.where(np.abs(slope) > _FLAT, slope, _FLAT)[:, :, None]
    low, high = clause.lower[:, :, None], clause.upper[:, :, None]
    if len(known) == 1:
        a, b = (low[0] - known[0]) / slope[0], (high[0] - known[0]) / slope[0]
        return truncated(*((a, b) if (slope[0] > 0.0).all() else (np.minimum(a, b), np.maximum(a, b))), u)
    least, most = np.full(known[0].shape, np.inf), np.full(known[0].shape, -np.inf)
    for at, *ends in zip(known, slope, low, high, strict=True):
        _add_ray(least, most, at, *ends)
    if (most == -np.inf).all():
        return truncated(least, most * -1.0, u)
    if (least == np.inf).all():
        return truncated(-least, most, u)
    return _outside(most, least, u)


def _add_ray(
    least: FloatArray, most: FloatArray, at: FloatArray, slope: FloatArray, low: FloatArray, high: FloatArray
) -> None:
    """Widen the places t ≥ least or t ≤ most by those where low < at + slope · t < high, a ray."""
    if (slope > 0.0).all() and (high == np.inf).all():
        np.minimum(least, (low - at) / slope, out=least)
    elif (slope > 0.0).all() and (low == -np.inf).all():
        np.maximum(most, (high - at) / slope, out=most)
    else:
        a, b = (low - at) / slope, (high - at) / slope
        start, end = np.minimum(a, b), np.maximum(a, b)
        down = start == -np.inf
        np.minimum(least, np.where(down, np.inf, start), out=least)
        np.maximum(most, np.where(down, end, -np.inf), out=most)


def _outside(most: FloatArray, least: FloatArray, u: FloatArray | None) -> tuple[FloatArray, FloatArray]:
    """Chance of t ≤ most or t ≥ least, everything where they meet, and t's quantile u there."""
    whole = most >= least
    below, above = np.where(whole, 1.0, ndtr(most)), np.where(whole, 0.0, ndtr(-least))
    part = below + above
    if u is None:
        return part, np.zeros(())
    mass = u * part
    left = mass < below
    y = ndtri(np.maximum(np.where(left, mass, part - mass), _TINY))
    return part, np.where(left, y, -y)
