"""The law of a number of events given its mean: Poisson, or negative binomial with the variance a multiple of the mean.

The negative binomial is the one whose size grows with the mean (NB1): with dispersion d > 1 and mean λ its size is
λ/(d − 1), its variance d·λ, and parts of a year or several years add up to another. Given the total, the split among
two parts is binomial (d = 1) or beta-binomial. Source: Cameron and Trivedi, Regression Analysis of Count Data, 2nd ed.,
section 3.3.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ..numerics.arrays import by_code
from .base import Floats, Ints

_POISSON_BELOW = 1e-9
_LEAST = 1e-300
_FEW, _LONGEST = 16, 4096


@dataclass(frozen=True)
class Law:
    """Counts whose variance is `dispersion` (1 or more) times their mean. Arrays broadcast."""

    dispersion: float = 1.0

    @property
    def poisson(self) -> bool:
        """Whether it is as good as Poisson's."""
        return self.dispersion - 1.0 < _POISSON_BELOW

    def log_chance(self, counts: Iterable[int], log_mean: Floats) -> Floats:
        """Return the log probability of independent counts, all of one mean, up to a constant."""
        counts = list(counts)
        with np.errstate(over="ignore"):
            mean = np.exp(log_mean)
        if self.poisson:
            return np.asarray(sum(counts) * log_mean - len(counts) * mean)
        size = self._size(mean)
        risen = sum((_log_rising(size, n) for n in counts), np.zeros_like(mean))
        return risen - len(counts) * size * math.log1p(self.dispersion - 1.0)

    def log_split(self, part: int, total: int, share: Floats, mean: Floats) -> Floats:
        """Return the log probability, up to a constant, that of `total` the part with `share` has `part`."""
        if self.poisson:
            return np.asarray(part * np.log(share) + (total - part) * np.log1p(-share))
        here, there = self._size(mean * share), self._size(mean * (1.0 - share))
        return _log_rising(here, part) + _log_rising(there, total - part) - _log_rising(self._size(mean), total)

    def at_least(self, count: Floats | int, mean: Floats) -> Floats:
        """Return P(N ≥ count), for counts of 1 or more."""
        from scipy.special import betainc, gammainc

        if self.poisson:
            return np.asarray(gammainc(count, mean))
        return np.asarray(betainc(count, self._size(mean), (self.dispersion - 1.0) / self.dispersion))

    def below(self, count: Floats, mean: Floats) -> Floats:
        """Return P(N < count), for counts of 1 or more."""
        from scipy.special import betainc, gammaincc

        if self.poisson:
            return np.asarray(gammaincc(count, mean))
        return np.asarray(betainc(self._size(mean), count, 1.0 / self.dispersion))

    def inverse(self, u: Floats, mean: Floats) -> Ints:
        """Return the least counts whose distribution functions exceed u, 0 ≤ u < 1; shapes (n,).

        Where few means stand for many u, those of one mean are looked up in the table of its distribution function.
        """
        means, which = np.unique(mean, return_inverse=True)
        if len(means) * _FEW > len(u):
            return self._bisected(u, mean)
        found = np.empty(len(u), np.int64)
        for k, rows in by_code(which):
            found[rows] = self._looked_up(u[rows], float(means[k]))
        return found

    def _looked_up(self, u: Floats, mean: float) -> Ints:
        """Return the same of one mean; one by one what its table does not hold."""
        first, table = _table(self, mean)
        place = np.searchsorted(table, u, side="right")
        found = first + place
        outside = np.flatnonzero((place == len(table)) | ((place == 0) & (first > 0)))
        if outside.size:
            found[outside] = self._bisected(u[outside], np.full(outside.size, mean))
        return np.asarray(found, np.int64)

    def _bisected(self, u: Floats, mean: Floats) -> Ints:
        spread = np.sqrt(self.dispersion * mean) + self.dispersion
        low, high = np.maximum(np.floor(mean - 9.0 * spread), 0.0) - 1.0, np.ceil(mean + 9.0 * spread)
        low = np.where((low >= 0) & (self.below(np.maximum(low, 0.0) + 1.0, mean) > u), -1.0, low)
        short = np.flatnonzero(self.below(high + 1.0, mean) <= np.minimum(u, 1.0 - 2.0**-50))
        while short.size:
            low[short], high[short] = high[short], 2.0 * high[short]
            short = short[self.below(high[short] + 1.0, mean[short]) <= np.minimum(u[short], 1.0 - 2.0**-50)]
        while (high - low > 1.0).any():
            middle = np.floor(0.5 * (low + high))
            enough = (self.below(np.maximum(middle, 0.0) + 1.0, mean) > u) & (middle >= 0)
            high, low = np.where(enough, middle, high), np.where(enough, low, middle)
        return high.astype(np.int64)

    def _size(self, mean: Floats) -> Floats:
        return np.maximum(mean / (self.dispersion - 1.0), _LEAST)


@lru_cache(maxsize=2048)
def _table(law: Law, mean: float) -> tuple[int, Floats]:
    """Return the first count, and the distribution function from there on, as far as nearly all counts of a mean lie."""
    reach = min(6.0 * (math.sqrt(law.dispersion * mean) + law.dispersion), _LONGEST / 2.0)
    first = max(math.floor(mean - reach), 0)
    counts = np.arange(first, math.ceil(mean + reach) + 1, dtype=float)
    return first, np.maximum.accumulate(law.below(counts + 1.0, np.full(len(counts), mean)))


def _log_rising(size: Floats, n: int) -> Floats:
    """ln size·(size + 1)…(size + n − 1), up to a constant of n."""
    from scipy.special import betaln

    return np.zeros_like(size) if n == 0 else np.asarray(-betaln(float(n), size), dtype=np.float64)
