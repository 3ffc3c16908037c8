"""What is counted on paths, in whole numbers: which questions hold, when first, and how places spread over bins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from .arrays import FloatArray

_BINS = 1024
_ROWS = 4
_MARGIN = 0.2
PARTS = 64
Flags = NDArray[np.bool_]
Counts = NDArray[np.int64]


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

    def count(self, X: FloatArray, lower: FloatArray, upper: FloatArray) -> Counts:
        """Return the counts (size,) of paths X (q, B), test k holding from lower[k] to upper[k] inclusive.

        Few operations on many rows, so that threads hardly meet at the interpreter's lock.
        """
        tests = self._tests(X, lower[self._order], upper[self._order])
        clauses = _each(np.logical_or, tests, self._places)
        events = _each(np.logical_and, clauses, self.events)
        together = [joint for joint in self.joints if len(joint) != 1]
        one, several = _counted(events), _counted(_each(np.logical_and, events, together))
        of_several = iter(several.tolist())
        found = [one[joint[0]] if len(joint) == 1 else next(of_several) for joint in self.joints]
        by_sequence: dict[int, Counts] = {}
        for length in sorted({len(sequence) for sequence in self.sequences}):
            chosen = [k for k, sequence in enumerate(self.sequences) if len(sequence) == length]
            met = events[np.array([self.sequences[k] for k in chosen])]
            for step in range(1, length):
                np.logical_or(met[:, step - 1], met[:, step], out=met[:, step])
            counts = _counted(met.reshape(-1, X.shape[1])).reshape(-1, length)
            by_sequence.update(zip(chosen, counts, strict=True))
        return np.concatenate([np.array(found, np.int64), *(by_sequence[k] for k in range(len(self.sequences)))])

    @cached_property
    def _order(self) -> NDArray[np.intp]:
        """The tests by the rows that they are about, so that those of neighbouring rows are made at once."""
        return np.argsort(np.array(self.rows, np.intp), kind="stable")

    @cached_property
    def _places(self) -> tuple[tuple[int, ...], ...]:
        """By clause, where its tests stand in that order."""
        place = np.argsort(self._order)
        return tuple(tuple(int(place[k]) for k in clause) for clause in self.clauses)

    def _tests(self, X: FloatArray, lower: FloatArray, upper: FloatArray) -> Flags:
        """Return the tests (m, B) in the order of their rows; runs of neighbours with bounds of one kind at once."""
        rows, found = np.array(self.rows, np.intp)[self._order], np.empty((len(self.rows), X.shape[1]), bool)
        kind = np.where(upper == np.inf, 0, np.where(lower == -np.inf, 1, 2))
        breaks = np.flatnonzero((np.diff(rows) != 1) | (np.diff(kind) != 0)) + 1
        for start, stop in pairwise([0, *breaks.tolist(), len(rows)]):
            if start == stop:
                continue
            x, out = X[rows[start] : rows[stop - 1] + 1], found[start:stop]
            if kind[start] == 0:
                np.greater_equal(x, lower[start:stop, None], out=out)
                continue
            np.less_equal(x, upper[start:stop, None], out=out)
            if kind[start] == 2:
                out &= x >= lower[start:stop, None]
        return found


def _each(operation: np.ufunc, flags: Flags, groups: Sequence[tuple[int, ...]]) -> Flags:
    """Join rows of flags (n, B) group by group, (groups, B); a group of none is the operation's identity."""
    if all(len(group) == 1 for group in groups):
        chosen = [group[0] for group in groups]
        return flags if chosen == list(range(len(flags))) else flags[chosen]
    found = np.empty((len(groups), flags.shape[1]), bool)
    for out, group in zip(found, groups, strict=True):
        operation.reduce(flags[list(group)], axis=0, out=out)
    return found


def _counted(flags: Flags) -> Counts:
    """Return how many of each row of flags (n, B) are true, (n,)."""
    if not hasattr(np, "bitwise_count"):  # before numpy 2
        return np.asarray(np.count_nonzero(flags, axis=1), np.int64)
    return np.asarray(np.bitwise_count(np.packbits(flags, axis=1)).sum(axis=1, dtype=np.int64))


@dataclass(frozen=True)
class Bins:
    """Equal bins for each of q rows, (q,) both; the first and the last take what lies outside.

    Attributes:
        low: the lower edge of the second bin.
        width: of a bin.
    """

    low: FloatArray
    width: FloatArray

    @classmethod
    def about(cls, X: FloatArray, least: float, greatest: float) -> Bins:
        """Return bins that hold the quantiles from `least` to `greatest`, going by a sample X (q, n)."""
        low, high = np.quantile(X, (least / 4.0, 1.0 - (1.0 - greatest) / 4.0), axis=1)
        span = np.maximum(high - low, 1e-12 * np.maximum(np.abs(high), 1.0))
        return cls(low - _MARGIN * span, (1.0 + 2.0 * _MARGIN) * span / (_BINS - 2))

    def places(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return factor, shift and first (q,): a value lies in bin factor·value + shift − first, cut to whole numbers.

        Rows are counted sixteen at a time, and `first` is where the bins of one begin among those of the sixteen.
        """
        first = _BINS * (np.arange(len(self.low)) % _ROWS).astype(float)
        return 1.0 / self.width, first + 1.0 - self.low / self.width, first

    def count(self, X: FloatArray, total: Counts, scratch: Scratch) -> None:
        """Add to `total` (q, bins) how many of X (q, B) fall into each."""
        columns = [column[:, None] for column in self.places()]
        for start in range(0, len(X), _ROWS):
            part = slice(start, min(start + _ROWS, len(X)))
            k = part.stop - part.start
            place, index = scratch.place[:k, : X.shape[1]], scratch.index[:k, : X.shape[1]]
            factor, shift, first = (column[part] for column in columns)
            np.multiply(X[part], factor, out=place)
            place += shift
            np.clip(place, first, first + (_BINS - 1.0), out=place)
            np.copyto(index, place, casting="unsafe")
            total[part] += np.bincount(index.ravel(), minlength=k * _BINS).reshape(k, _BINS)

    def quantiles(self, total: Counts, q: FloatArray) -> FloatArray:
        """Return quantiles (q, len(q)) from counts (q, bins), linear within a bin; bins outside give their edge."""
        found = np.empty((len(total), len(q)))
        for j, counts in enumerate(total):
            cumulated = np.cumsum(counts)
            wanted = q * cumulated[-1]
            k = np.searchsorted(cumulated, wanted).clip(max=_BINS - 1)
            inside = (wanted - cumulated[k] + counts[k]) / np.maximum(counts[k], 1)
            found[j] = self.low[j] + self.width[j] * np.clip(k - 1.0 + inside, 0.0, _BINS - 2.0)
        return found

    def empty(self) -> Counts:
        """Return counts of nothing, (q, bins)."""
        return np.zeros((len(self.low), _BINS), np.int64)

    def moved(self, by: FloatArray) -> Bins:
        """Return the bins of rows to which (q,) was added."""
        return Bins(self.low + by, self.width)


@dataclass(frozen=True)
class Tally:
    """Counts of paths, which add up in any order.

    Attributes:
        parts: (64,) how many paths each part of the sample has: blocks in turn, or pieces of them where there are few.
        hits: (scenarios, questions, 64) how many of them answer yes.
        binned: (q, bins); None without bins.
    """

    parts: Counts
    hits: Counts
    binned: Counts | None

    @classmethod
    def empty(cls, scenarios: int, questions: int, bins: Bins | None) -> Tally:
        """Return counts of nothing."""
        hits = np.zeros((scenarios, questions, PARTS), np.int64)
        return cls(np.zeros(PARTS, np.int64), hits, None if bins is None else bins.empty())

    def add(
        self, X: FloatArray, questions: Questions, bounds: Sequence[tuple[FloatArray, FloatArray]], first: int, width: int
    ) -> None:
        """Count paths X (q, B), of which `first` is the first one's number, `width` of them at a time for each part."""
        for start in range(0, X.shape[1], width):
            x = X[:, start : start + width]
            part = (first + start) // width % PARTS
            self.parts[part] += x.shape[1]
            for scenario, (lower, upper) in enumerate(bounds):
                self.hits[scenario, :, part] += questions.count(x, lower, upper)

    @property
    def n_bytes(self) -> int:
        """How much room the counts take."""
        return self.hits.nbytes + (0 if self.binned is None else self.binned.nbytes)

    def shares(self) -> tuple[FloatArray, FloatArray]:
        """Return the share of each question (scenarios, questions), and what each part adds to its error (…, 64)."""
        size = self.parts.sum()
        share = self.hits.sum(axis=2) / size
        used = max(int(np.count_nonzero(self.parts)), 2)
        return share, (self.hits - share[:, :, None] * self.parts) * (np.sqrt(used / (used - 1.0)) / size)

    def take(self, other: Tally) -> None:
        """Add what was counted on other paths."""
        np.add(self.parts, other.parts, out=self.parts)
        np.add(self.hits, other.hits, out=self.hits)
        if self.binned is not None and other.binned is not None:
            np.add(self.binned, other.binned, out=self.binned)


class Scratch:
    """Room for the bins of up to 16 rows of B paths, used again and again."""

    def __init__(self, size: int) -> None:
        self.place, self.index = np.empty((_ROWS, size)), np.empty((_ROWS, size), np.intp)
