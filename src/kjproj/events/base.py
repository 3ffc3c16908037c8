"""What events are: things that happen so many times a year, and so do not move on a scale."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..errors import KjprojError, NotAnswerableError
from ..model import Model
from ..rows import Tally
from ..text import Language

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_MOST = 10**15


class Outlook(ABC):
    """What is known about the events of every year once the figures are in."""

    @abstractmethod
    def at_least(self, years: Sequence[int], count: int) -> float:
        """Return the probability that the years, in any order, bring `count` events or more in all."""

    @abstractmethod
    def counts(self, years: Sequence[int], u: Floats) -> Ints:
        """Return the events of each year, shape (n, len(years)), by inverting distribution functions.

        Args:
            years: different years, in any order.
            u: independent uniforms, shape (n, 1 + len(years)): the first column decides on what all years of a
                path share, the others on the years.
        """

    @abstractmethod
    def known(self, year: int) -> int | None:
        """Return the number of events of a year where the figures leave no doubt, else None."""

    def quantile(self, years: Sequence[int], q: float) -> int:
        """Return the least number that the years' total exceeds with probability 1 − q or less, q inside 0 and 1."""
        if not 0 < q < 1:
            raise KjprojError(f"q is {q:g}; expected a number above 0 and below 1, such as 0.5")
        low, high = -1, 1  # the total exceeds low too often, and high rarely enough
        while self.at_least(years, high + 1) > 1.0 - q:
            low, high = high, 2 * high
            if high > _MOST:
                raise NotAnswerableError(f"the total's quantile at {q:g} is above 1e15; give a tighter belief")
        while high - low > 1:
            middle = (low + high) // 2
            if self.at_least(years, middle + 1) > 1.0 - q:
                low = middle
            else:
                high = middle
        return high


class Events(Model):
    """How often something happens: counts of a year, or once at most."""

    kind: str

    @abstractmethod
    def given(self, tallies: Sequence[Tally]) -> Outlook | None:
        """Return what is known after the tallies of one indicator, in any order; None where there is no basis.

        Raises `KjprojError` where a tally is not possible or contradicts another.
        """

    @abstractmethod
    def describe(self, lang: Language) -> str:
        """Say the kind and its parameters in words."""


def check_tally(tally: Tally) -> None:
    """Raise `KjprojError` where a tally's count is no count or its share no share."""
    if isinstance(tally.count, bool) or tally.count != math.floor(tally.count) or tally.count < 0:
        raise KjprojError(f"{tally.place}: {tally.count} events in {tally.year}; expected a whole number, 0 or more")
    if tally.share is None:
        return
    mean, sd = tally.share
    if not (0 < mean < 1 and 0 <= sd < mean):
        raise KjprojError(
            f"{tally.place}: share is {mean:g} ± {sd:g}; expected a share of a year's events, such as 0.7 ± 0.05, "
            "and none for a whole year"
        )


def check_years(years: Sequence[int]) -> None:
    """Raise `KjprojError` where a year is asked for twice."""
    if len(set(years)) < len(years):
        raise KjprojError(f"years are {', '.join(map(str, years))}; expected each of them once")
