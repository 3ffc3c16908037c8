"""Yes-or-no questions about paths: tests of places, joined by or and by and, alone, together and one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from .arrays import FloatArray

Flags = NDArray[np.bool_]
Counts = NDArray[np.int64]
Index = NDArray[np.intp]


@dataclass(frozen=True)
class Questions:
    """Yes-or-no questions about places X (q, B) of B paths.

    A test is about one row; a clause holds where one of its tests does, an event where all of its clauses do.

    Attributes:
        rows: (m,) the row of each test.
        clauses: by clause, its tests.
        events: by event, its clauses.
        joints: sets of events that are counted where all of them hold.
        sequences: events one after the other, counted by where the first one has held so far.
    """

    rows: tuple[int, ...]
    clauses: tuple[tuple[int, ...], ...]
    events: tuple[tuple[int, ...], ...]
    joints: tuple[tuple[int, ...], ...]
    sequences: tuple[tuple[int, ...], ...]

    @property
    def size(self) -> int:
        """How many counts there are: of joints, then of sequences, step by step."""
        return len(self.joints) + sum(map(len, self.sequences))

    def tests(self, lower: FloatArray, upper: FloatArray) -> Tests:
        """Return the tests with bounds (m,), test k holding from lower[k] to upper[k] inclusive."""
        lower, upper = lower[self._order], upper[self._order]
        rows = np.array(self.rows, np.intp)[self._order]
        from_above = lower == -np.inf
        bound = np.where(from_above, np.nextafter(upper, np.inf), lower)
        breaks = np.flatnonzero(np.diff(rows) != 1) + 1
        runs = tuple(
            Run(slice(int(rows[start]), int(rows[stop - 1]) + 1), slice(start, stop), bound[start:stop, None])
            for start, stop in pairwise([0, *breaks.tolist(), len(rows)] if len(rows) else [])
        )
        between = np.flatnonzero(~from_above & (upper < np.inf))
        return Tests(runs, from_above[:, None], tuple((int(k), int(rows[k]), float(upper[k])) for k in between))

    def count(self, X: FloatArray, made: Tests, width: int) -> Counts:
        """Return of each `width` paths X (q, B), the last ones maybe fewer, how many answer yes: (pieces, size)."""
        clauses = _each(np.logical_or, made.of(X), self._clauses)
        events = _each(np.logical_and, clauses, self._events)
        one = _counted(events, width)
        found = np.empty((one.shape[1], self.size), np.int64)
        single, several, together = self._joints
        found[:, single] = one[[joint[0] for joint in (self.joints[k] for k in single)]].T
        if several:
            found[:, several] = _counted(_each(np.logical_and, events, together), width).T
        for first, members in self._sequences:
            met = events[members]
            for step in range(1, members.shape[1]):
                np.logical_or(met[:, step - 1], met[:, step], out=met[:, step])
            found[:, first] = _counted(met.reshape(-1, X.shape[1]), width).T
        return found

    @cached_property
    def _order(self) -> Index:
        """The tests by the rows that they are about, so that those of neighbouring rows are made at once."""
        return np.argsort(np.array(self.rows, np.intp), kind="stable")

    @cached_property
    def _clauses(self) -> Groups:
        """By clause, where its tests stand in that order."""
        place = np.argsort(self._order)
        return Groups.of([[int(place[k]) for k in clause] for clause in self.clauses], len(self.rows))

    @cached_property
    def _events(self) -> Groups:
        return Groups.of(self.events, len(self.clauses))

    @cached_property
    def _joints(self) -> tuple[list[int], list[int], Groups]:
        """Which joints are single events, which are of several, and what these consist of."""
        single = [k for k, joint in enumerate(self.joints) if len(joint) == 1]
        several = [k for k, joint in enumerate(self.joints) if len(joint) != 1]
        return single, several, Groups.of([self.joints[k] for k in several], len(self.events))

    @cached_property
    def _sequences(self) -> list[tuple[Index, Index]]:
        """By length, where the counts of its sequences go, and the events (sequences, length) of each."""
        lengths = np.array([len(sequence) for sequence in self.sequences], np.intp)
        start = len(self.joints) + np.cumsum(lengths) - lengths
        found = []
        for length in np.unique(lengths[lengths > 0]).tolist():
            chosen = np.flatnonzero(lengths == length)
            places = (start[chosen][:, None] + np.arange(length)).ravel()
            found.append((places, np.array([self.sequences[k] for k in chosen], np.intp)))
        return found


@dataclass(frozen=True)
class Run:
    """Comparisons of neighbouring rows with bounds (k, 1)."""

    rows: slice
    tests: slice
    bound: FloatArray


@dataclass(frozen=True)
class Tests:
    """Tests as few operations on many rows, so that threads hardly meet at the interpreter's lock.

    Attributes:
        runs: that rows reach bounds; of a test from above alone it is the next number after its own.
        turned: (m, 1) which of the tests are from above alone: they hold where that is not so.
        between: of those from both sides the test, the row and the upper bound.
    """

    runs: tuple[Run, ...]
    turned: Flags
    between: tuple[tuple[int, int, float], ...]

    def of(self, X: FloatArray) -> Flags:
        """Return the tests (m, B) of X (q, B)."""
        found = np.empty((len(self.turned), X.shape[1]), bool)
        for run in self.runs:
            np.greater_equal(X[run.rows], run.bound, out=found[run.tests])
        np.not_equal(found, self.turned, out=found)
        for test, row, upper in self.between:
            found[test] &= X[row] <= upper
        return found


@dataclass(frozen=True)
class Groups:
    """Groups of flags, as they are joined: each alone and in order as it is, else by the members of each."""

    members: tuple[Index, ...]
    alone: Index | None
    as_they_are: bool

    @classmethod
    def of(cls, groups: Sequence[Sequence[int]], n: int) -> Groups:
        """Return groups of n flags."""
        members = tuple(np.array(group, np.intp) for group in groups)
        alone = np.concatenate(members) if members and all(len(group) == 1 for group in groups) else None
        return cls(members, alone, alone is not None and np.array_equal(alone, np.arange(n)))


def _each(operation: np.ufunc, flags: Flags, groups: Groups) -> Flags:
    """Join rows of flags (n, B) group by group, (groups, B); a group of none is the operation's identity."""
    if groups.alone is not None:
        return flags if groups.as_they_are else flags[groups.alone]
    found = np.empty((len(groups.members), flags.shape[1]), bool)
    for out, members in zip(found, groups.members, strict=True):
        operation.reduce(flags[members], axis=0, out=out)
    return found


def _counted(flags: Flags, width: int) -> Counts:
    """Return how many of each row of flags (n, B) are true, `width` at a time, (n, pieces)."""
    if width % 8 or not hasattr(np, "bitwise_count"):  # before numpy 2
        return np.add.reduceat(flags, np.arange(0, flags.shape[1], width), axis=1, dtype=np.int64)
    bits, each = np.packbits(flags, axis=1), width // 8
    if each % 8 == 0 and bits.shape[1] % 8 == 0:
        bits, each = bits.view(np.uint64), each // 8
    ones = np.bitwise_count(bits)
    if each >= ones.shape[1]:
        return np.asarray(ones.sum(axis=1, dtype=np.int64))[:, None]
    return np.add.reduceat(ones, np.arange(0, ones.shape[1], each), axis=1, dtype=np.int64)
