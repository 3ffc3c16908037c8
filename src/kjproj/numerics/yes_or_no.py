"""Yes-or-no questions about paths: tests of places, joined by or and by and, alone, together and one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from .arrays import FloatArray

Flags = NDArray[np.bool_]
Bits = NDArray[np.uint8]
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

    def tests(self, lower: FloatArray, upper: FloatArray, stages: Sequence[Sequence[int]]) -> Tests:
        """Return the tests with bounds (m,), test k holding from lower[k] to upper[k] inclusive, by stages of rows."""
        place = {row: (stage, at) for stage, rows in enumerate(stages) for at, row in enumerate(rows)}
        by_stage: list[list[tuple[int, int]]] = [[] for _ in stages]
        for test, row in enumerate(self.rows):
            by_stage[place[row][0]].append((place[row][1], test))
        return Tests(tuple(tuple(_runs(sorted(found), lower, upper)) for found in by_stage))

    def empty(self, size: int) -> Bits:
        """Return room for the tests of so many paths."""
        return np.empty((len(self.rows), -(-size // 8)), np.uint8)

    def count(self, bits: Bits, size: int, width: int) -> Counts:
        """Return of each `width` of `size` paths, the last ones maybe fewer, how many answer yes: (pieces, self.size).

        bits (m, ⌈size/8⌉) are the tests, eight paths a byte.
        """
        every = np.packbits(np.ones(size, bool))
        clauses = _each(np.bitwise_or, bits, self._clauses, np.zeros_like(every))
        events = _each(np.bitwise_and, clauses, self._events, every)
        one = _counted(events, size, width)
        found = np.empty((one.shape[1], self.size), np.int64)
        single, several, together = self._joints
        found[:, single] = one[[self.joints[k][0] for k in single]].T
        if several:
            found[:, several] = _counted(_each(np.bitwise_and, events, together, every), size, width).T
        for first, members in self._sequences:
            met = events[members]
            for step in range(1, members.shape[1]):
                met[:, step] |= met[:, step - 1]
            found[:, first] = _counted(met.reshape(-1, met.shape[-1]), size, width).T
        return found

    @cached_property
    def _clauses(self) -> Groups:
        return Groups.of(self.clauses, len(self.rows))

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
    """Tests of neighbouring rows of a stage, as one comparison.

    Attributes:
        rows: their places in the stage.
        tests: their numbers.
        bound: (k, 1) what the rows are to reach; of a test from above alone the next number after its own.
        turned: (k, 1) which tests are from above alone: they hold where that is not so.
        most: (k, 1) the upper bounds where a test is from both sides; None where none is.
    """

    rows: slice
    tests: slice | Index
    bound: FloatArray
    turned: Flags
    most: FloatArray | None


def _runs(tests: Sequence[tuple[int, int]], lower: FloatArray, upper: FloatArray) -> Iterator[Run]:
    """Yield runs of tests (place, number), in the order of their places."""
    places, numbers = (np.array(part, np.intp) for part in zip(*tests, strict=True)) if tests else (np.empty(0, np.intp),) * 2
    breaks = np.flatnonzero(np.diff(places) != 1) + 1
    for start, stop in pairwise([0, *breaks.tolist(), len(places)] if tests else []):
        own = numbers[start:stop]
        low, high = lower[own, None], upper[own, None]
        turned = low == -np.inf
        between = bool((~turned & (high < np.inf)).any())
        in_order = bool((np.diff(own) == 1).all())
        yield Run(
            slice(int(places[start]), int(places[stop - 1]) + 1),
            slice(int(own[0]), int(own[-1]) + 1) if in_order else own,
            np.where(turned, np.nextafter(high, np.inf), low),
            turned,
            high if between else None,
        )


@dataclass(frozen=True)
class Tests:
    """Tests by stages of rows, as few operations on many rows, so that threads hardly meet at the interpreter's lock."""

    stages: tuple[tuple[Run, ...], ...]

    def make(self, stage: int, X: FloatArray, bits: Bits) -> None:
        """Put the tests of a stage's rows X (k, B) where they belong among the bits of all, (m, ⌈B/8⌉)."""
        for run in self.stages[stage]:
            x = X[run.rows]
            flags = x >= run.bound
            np.not_equal(flags, run.turned, out=flags)
            if run.most is not None:
                flags &= (x <= run.most) | run.turned
            bits[run.tests] = np.packbits(flags, axis=1)


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


def _each(operation: np.ufunc, bits: Bits, groups: Groups, none: Bits) -> Bits:
    """Join rows of bits (n, bytes) group by group, (groups, bytes); `none` is what a group of none gives."""
    if groups.alone is not None:
        return bits if groups.as_they_are else bits[groups.alone]
    found = np.empty((len(groups.members), len(none)), np.uint8)
    for out, members in zip(found, groups.members, strict=True):
        if len(members):
            operation.reduce(bits[members], axis=0, out=out)
        else:
            out[:] = none
    return found


def _counted(bits: Bits, size: int, width: int) -> Counts:
    """Return how many of each row's first `size` bits (n, bytes) are set, `width` at a time, (n, pieces)."""
    if width % 8 or not hasattr(np, "bitwise_count"):  # before numpy 2
        flags = np.unpackbits(bits, axis=1, count=size)
        return np.add.reduceat(flags, np.arange(0, size, width), axis=1, dtype=np.int64)
    each = width // 8
    if each % 8 == 0 and bits.shape[1] % 8 == 0:
        bits, each = bits.view(np.uint64), each // 8
    ones = np.bitwise_count(bits)
    if each >= ones.shape[1]:
        return np.asarray(ones.sum(axis=1, dtype=np.int64))[:, None]
    return np.add.reduceat(ones, np.arange(0, ones.shape[1], each), axis=1, dtype=np.int64)
