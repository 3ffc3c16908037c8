"""How places follow from normals: a few of them for many rows at once, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Index = slice | NDArray[np.intp]
_SMALL_PRODUCT = 600_000
_ROUNDING = 1e-14


@dataclass(frozen=True)
class Own:
    """Normals that move one row each: weights (n, 1), of the step's last columns and of `rows` among its rows."""

    rows: Index
    weights: Floats


@dataclass(frozen=True)
class Step:
    """Rows of places at once: matrix·z[columns], added to the rows `before` where there are such, all by their numbers.

    Where most normals move a single row (common factors and shocks of one's own), these are multiplied apart.
    """

    rows: tuple[int, ...]
    before: tuple[int, ...] | None
    columns: tuple[int, ...]
    matrix: Floats
    own: Own | None

    def alike(self, other: Step) -> bool:
        """Tell whether both give the same values from the same normals, but for rounding."""
        mine, its = (step.own.weights if step.own else np.empty(0) for step in (self, other))
        same = self.columns == other.columns and self.matrix.shape == other.matrix.shape and mine.shape == its.shape
        return same and _close(self.matrix, other.matrix) and _close(mine, its)

    def take(self, z: Floats, before: Floats | None, into: Floats) -> None:
        """Put the rows (k, B) from the columns' normals (p, B) and the rows before, by products too small for threads of their own."""
        k, p = self.matrix.shape
        width = max(_SMALL_PRODUCT // max(k * p, 1), 64)
        for start in range(0, into.shape[1], width):
            part = slice(start, start + width)
            np.matmul(self.matrix, z[:p, part], out=into[:, part])
            if before is not None:
                into[:, part] += before[:, part]
        if self.own is not None:
            into[self.own.rows] += self.own.weights * z[p:]


def steps_of(factor: Floats, before: Sequence[int | None]) -> tuple[Step, ...]:
    """Part places factor·z, (q, p)·(p, B), into products of few columns.

    `before` says of each row which earlier one it continues, if any: it then takes only what it adds to it, where that
    rests on fewer normals. Rows of equal depth are taken at once.
    """
    added, base, depth = _cleared(factor, factor), list(before), list[int]()
    for row, previous in enumerate(before):
        if previous is not None:
            gain = _cleared(factor[row] - factor[previous], factor[row])
            if np.count_nonzero(gain) < np.count_nonzero(added[row]):
                added[row] = gain
            else:
                base[row] = None
        depth.append(0 if (last := base[row]) is None else depth[last] + 1)
    found = []
    for level in range(max(depth, default=-1) + 1):
        rows = [row for row, own in enumerate(depth) if own == level]
        earlier = [last for row in rows if (last := base[row]) is not None]
        columns, matrix, own = _parted(added[rows])
        found.append(Step(tuple(rows), tuple(earlier) or None, columns, matrix, own))
    return tuple(found)


def _parted(added: Floats) -> tuple[tuple[int, ...], Floats, Own | None]:
    """Return the columns that move something, those that move one row last where they are most of them; see `Step`."""
    touched = np.count_nonzero(added, axis=0)
    single = np.flatnonzero(touched == 1)
    rows = np.abs(added[:, single]).argmax(axis=0) if len(single) else np.array([], np.intp)
    several = np.flatnonzero(touched > 1)
    if len(single) <= len(several) or len(set(rows.tolist())) < len(rows):
        columns = np.flatnonzero(touched)
        return tuple(columns.tolist()), np.ascontiguousarray(added[:, columns]), None
    own = Own(index_of(rows.tolist()), added[rows, single][:, None])
    return (*several.tolist(), *single.tolist()), np.ascontiguousarray(added[:, several]), own


def _close(a: Floats, b: Floats) -> bool:
    return bool(np.abs(a - b).max(initial=0.0) <= _ROUNDING * np.abs(a).max(initial=0.0))


def _cleared(values: Floats, beside: Floats) -> Floats:
    """Return values with what rounding left of zeros cleared: below 1e-14 of the length of the rows beside them."""
    least = _ROUNDING * np.sqrt((beside**2).sum(axis=-1, keepdims=True))
    return np.where(np.abs(values) > least, values, 0.0)


def index_of(places: Sequence[int]) -> Index:
    """Return places as a slice where they are equally far apart, so that taking them copies nothing."""
    apart = np.diff(places)
    if len(apart) and apart[0] > 0 and (apart == apart[0]).all():
        return slice(places[0], places[-1] + 1, int(apart[0]))
    return slice(places[0], places[0] + 1) if len(places) == 1 else np.array(places, np.intp)
