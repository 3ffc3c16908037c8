"""What is counted on paths, in whole numbers: which answers are yes, and how places spread over bins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy.special import ndtri

from .arrays import FloatArray
from .yes_or_no import Bits, Counts, Questions

_BINS = 1024
_ROWS = 2
_MARGIN = 0.2
PARTS = 64


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
        return cls._between(*np.quantile(X, (least / 4.0, 1.0 - (1.0 - greatest) / 4.0), axis=1))

    @classmethod
    def normal(cls, sd: FloatArray, least: float, greatest: float) -> Bins:
        """Return the same of normals with mean 0, symmetric, so that the mirror image of bin k is bin −1 − k."""
        high = -float(ndtri(min(least, 1.0 - greatest) / 4.0)) * sd
        return cls._between(-high, high)

    @classmethod
    def _between(cls, low: FloatArray, high: FloatArray) -> Bins:
        span = np.maximum(high - low, 1e-12 * np.maximum(np.abs(high), 1.0))
        width = (1.0 + 2.0 * _MARGIN) * span / (_BINS - 2)
        return cls((low + high) / 2.0 - (_BINS - 2) / 2.0 * width, width)

    @cached_property
    def places(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return factor, shift and first (q,): a value lies in bin factor·value + shift − first, cut to whole numbers.

        Rows are counted two at a time, and `first` is where the bins of one begin among those of the two.
        """
        first = _BINS * (np.arange(len(self.low)) % _ROWS).astype(float)
        return 1.0 / self.width, first + 1.0 - self.low / self.width, first

    def of(self, rows: Sequence[int]) -> Bins:
        """Return those of some rows."""
        return Bins(self.low[list(rows)], self.width[list(rows)])

    def count(self, X: FloatArray, scratch: Scratch) -> Counts:
        """Return how many of X (q, B) fall into each, (q, bins)."""
        columns, found = [column[:, None] for column in self.places], np.empty((len(X), _BINS), np.int64)
        for start in range(0, len(X), _ROWS):
            part = slice(start, min(start + _ROWS, len(X)))
            k = part.stop - part.start
            place, index = scratch.place[:k, : X.shape[1]], scratch.index[:k, : X.shape[1]]
            factor, shift, first = (column[part] for column in columns)
            np.multiply(X[part], factor, out=place)
            place += shift
            np.clip(place, first, first + (_BINS - 1.0), out=place)
            np.copyto(index, place, casting="unsafe")
            found[part] = np.bincount(index.ravel(), minlength=k * _BINS).reshape(k, _BINS)
        return found

    def quantiles(self, total: Counts, q: FloatArray) -> FloatArray:
        """Return quantiles (q, len(q)) from counts (q, bins), linear within a bin; bins outside give their edge."""
        cumulated = np.cumsum(total, axis=1)
        wanted = q * cumulated[:, -1:]
        k = (cumulated[:, None, :] < wanted[:, :, None]).sum(axis=2).clip(max=_BINS - 1)
        before, here = (np.take_along_axis(counts, k, axis=1) for counts in (cumulated - total, total))
        inside = (wanted - before) / np.maximum(here, 1)
        return np.asarray(self.low[:, None] + self.width[:, None] * np.clip(k - 1.0 + inside, 0.0, _BINS - 2.0))

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

    def add(self, tested: Sequence[Bits], questions: Questions, size: int, first: int, width: int) -> None:
        """Count `size` paths by each scenario's tests (m, ⌈size/8⌉), `width` of them at a time for each part.

        `first` is the first one's number among those that parts take in turn.
        """
        starts = np.arange(0, size, width)
        place = (((first + starts) // width % PARTS)[:, None] == np.arange(PARTS)).astype(np.int64)
        self.parts[:] += np.minimum(size - starts, width) @ place
        for scenario, bits in enumerate(tested):
            self.hits[scenario] += questions.count(bits, size, width).T @ place

    def mirrored(self) -> Tally:
        """Return the same with the mirror images of all places in symmetric bins."""
        return replace(self, binned=None if self.binned is None else self.binned + self.binned[:, ::-1])

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

    def plus(self, other: Tally) -> Tally:
        """Return what was counted on both."""
        binned = None if self.binned is None or other.binned is None else self.binned + other.binned
        return Tally(self.parts + other.parts, self.hits + other.hits, binned)


class Scratch:
    """Room for the bins of up to two rows of B paths, used again and again."""

    def __init__(self, size: int) -> None:
        self.place, self.index = np.empty((_ROWS, size)), np.empty((_ROWS, size), np.intp)
