"""A milestone: something that happens once at most."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, Self

import numpy as np
from pydantic import model_validator

from ..beliefs import Beta, Elicited, Parameter
from ..errors import KjprojError, NotAnswerableError
from ..model import Year
from ..rows import Tally
from ..text import Language
from .base import Events, Floats, Ints, Outlook, check_tally, check_years
from .nodes import gauss

_PANELS = 24
_POINTS = 16


class Milestone(Events):
    """It happens once at most, in every year with the same chance if it has not happened before.

    A tally of a year says that it had (1) or had not (0) happened by the end of that year.

    Args:
        hazard: that chance: a number from 0 to 1, a beta or an elicited belief. There is no default.
        since: the first year in which it could have happened; without it the first year with a tally.
    """

    kind: Literal["milestone"] = "milestone"
    hazard: Parameter | None = None
    since: Year | None = None

    @model_validator(mode="after")
    def _is_a_chance(self) -> Self:
        hazard = self.hazard
        if isinstance(hazard, float):
            if not 0 <= hazard <= 1:
                raise ValueError(f"hazard is {hazard:g}; expected a chance a year, from 0 to 1")
        elif isinstance(hazard, Elicited):
            if not 0 < hazard.low < hazard.high < 1:
                raise ValueError(
                    f"hazard is from {hazard.low:g} to {hazard.high:g}; expected low above 0 and high below 1"
                )
        elif hazard is not None and not isinstance(hazard, Beta):
            raise ValueError(f"a chance is from 0 to 1; give a beta or elicited belief, or a number, not {hazard.kind}")
        return self

    def given(self, tallies: Sequence[Tally]) -> Outlook | None:
        """Return the outlook after the tallies; None without a hazard, or with neither `since` nor a tally.

        Raises `KjprojError` for a tally that is not 0 or 1, of a part of a year in which it had not happened, before
        `since` if it had, after another that says it had if it had not; and where the hazard makes them impossible.
        """
        for tally in tallies:
            self._check(tally)
        years = [tally.year for tally in tallies]
        not_by = max((tally.year for tally in tallies if not tally.count), default=None)
        by = min((tally.year for tally in tallies if tally.count), default=None)
        if not_by is not None and by is not None and not_by >= by:
            raise KjprojError(
                f"it had happened by the end of {by} and had not by the end of {not_by}; correct one of them"
            )
        start = min(years, default=None) if self.since is None else self.since
        if self.hazard is None or start is None:
            return None
        if self.since is None and not_by is None:
            return MilestoneOutlook(_Survival(self.hazard, 0), None, by)
        last = start - 1 if not_by is None else max(not_by, start - 1)
        survival = _Survival(self.hazard, last - start + 1)
        if not survival.possible or (by is not None and survival(by - last) >= 1.0):
            raise KjprojError(f"the tallies cannot be with a hazard of {self.hazard}; give a number between 0 and 1")
        return MilestoneOutlook(survival, last, by)

    def describe(self, lang: Language) -> str:
        """Hazard and first year."""
        hazard = self.hazard if self.hazard is None or isinstance(self.hazard, float) else self.hazard.describe(lang)
        said = f"{hazard:.3g}" if isinstance(hazard, float) else hazard
        if lang == "zh":
            text = "至多发生一次" if said is None else f"至多发生一次，年概率{said}"
            return text if self.since is None else f"{text}，{self.since}年起"
        text = "happens once at most" if said is None else f"happens once at most, with a chance of {said} a year"
        return text if self.since is None else f"{text} from {self.since} on"

    def _check(self, tally: Tally) -> None:
        check_tally(tally)
        if tally.count > 1:
            raise KjprojError(f"{tally.place}: {tally.count} in {tally.year}; expected 1 if it had happened, 0 if not")
        if not tally.count and (tally.share is not None or tally.period is not None):
            raise KjprojError(
                f"{tally.place}: it had not happened in a part of {tally.year}; wait for the end of the year"
            )
        if tally.count and self.since is not None and tally.year < self.since:
            raise KjprojError(f"{tally.place}: it had happened by the end of {tally.year}, before since, {self.since}")


@dataclass(frozen=True)
class _Survival:
    """P(not in k more years | not in the first `years`) under a hazard: E(1 − h)^(years + k) / E(1 − h)^years."""

    hazard: Beta | Elicited | float
    years: int

    @property
    def possible(self) -> bool:
        """Whether the first years can have passed without it."""
        return self.hazard != 1.0 or self.years == 0

    def __call__(self, k: int) -> float:
        if isinstance(self.hazard, Beta):
            from scipy.special import betaln

            a, b = self.hazard.a, self.hazard.b + self.years
            return math.exp(betaln(a, b + k) - betaln(a, b)) if k else 1.0
        if isinstance(self.hazard, float):
            return (1.0 - self.hazard) ** k
        hazard, weight = self._nodes
        return float(weight @ (1.0 - hazard) ** k)

    @cached_property
    def _nodes(self) -> tuple[Floats, Floats]:
        """Hazards (K,) and weights (K,) of an elicited belief after the first years."""
        assert isinstance(self.hazard, Elicited)
        low, high = max(self.hazard.support[0], 0.0), min(self.hazard.support[1], 1.0)
        ends = np.unique(np.append(np.linspace(low, high, _PANELS + 1), self.hazard.mode))
        h, width = (part.ravel() for part in gauss(ends[:-1], ends[1:], _POINTS))
        log_weight = self.hazard.log_density(h) + self.years * np.log1p(-h) + np.log(width)
        weight = np.exp(log_weight - log_weight.max())
        return h, weight / weight.sum()


@dataclass(frozen=True, eq=False)
class MilestoneOutlook(Outlook):
    """When it happens: not by the end of `not_by` (None: nobody knows), by the end of `by` (None: perhaps never)."""

    survival: _Survival
    not_by: int | None
    by: int | None

    def at_least(self, years: Sequence[int], count: int) -> float:
        """Return the probability that it happens in one of the years: 0 for more than once, 1 for 0 times."""
        check_years(years)
        if count <= 0:
            return 1.0
        chance = math.fsum(self._chance(year) for year in years)
        return min(max(chance, 0.0), 1.0) if count == 1 else 0.0

    def counts(self, years: Sequence[int], u: Floats) -> Ints:
        """Return 1 in the year in which it happens, shape (n, len(years)): the first uniform alone picks it."""
        check_years(years)
        counts = np.zeros((len(u), len(years)), dtype=np.int64)
        if not years:
            return counts
        first = min(years) if self.not_by is None else self.not_by + 1
        happened = np.cumsum([self._chance(year) for year in range(first, max(years) + 1)])
        if self.by is not None and self.by >= first:
            happened[self.by - first :] = 1.0  # not a rounding below
        year = first + np.searchsorted(happened, u[:, 0], side="right")
        return np.asarray(counts + (year[:, None] == np.asarray(years)), dtype=np.int64)

    def known(self, year: int) -> int | None:
        """Return 1 for the year in which it must have happened, 0 for those in which it cannot have."""
        if self.not_by is not None and year <= self.not_by:
            return 0
        if self.by is not None and year > self.by:
            return 0
        return 1 if self.not_by is not None and self.by == self.not_by + 1 else None

    def _chance(self, year: int) -> float:
        """The probability that it happens in the year."""
        sure = self.known(year)
        if sure is not None:
            return float(sure)
        if self.not_by is None:
            raise NotAnswerableError(
                f"it had happened by the end of {self.by}, nobody says since when it could; give since"
            )
        within = 1.0 if self.by is None else 1.0 - self.survival(self.by - self.not_by)
        return (self.survival(year - 1 - self.not_by) - self.survival(year - self.not_by)) / within
