"""When is a target reached, by yearly checks?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..errors import KjprojError, NotAnswerableError
from ..estimate import Estimate
from ..projection import Projection
from ..rows import Terms, Unknown
from ..targets import Target
from .boxes import box_probability
from .probability import probability
from .questions import calendar_year

_YEARS_BEYOND = 5


@dataclass(frozen=True)
class When:
    """The year in which a target's bound is first met, checked at year ends from the first open year on.

    Attributes:
        years: the years that were checked.
        reached: by year, the probability that the bound was met in that year or before.
        already: by year, the probability that it was met in a year that is past but not published, where above ½.
    """

    years: tuple[int, ...]
    reached: Mapping[int, Estimate]
    already: Mapping[int, Estimate]

    def by(self, year: int) -> Estimate:
        """Return the probability that the bound is met in `year` or an earlier open year."""
        if year < self.years[0]:
            return Estimate(0.0, 0.0, "closed form")
        if year > self.years[-1]:
            raise KjprojError(f"checked until {self.years[-1]}; ask kj.when(…, until={year})")
        return self.reached[year]

    @property
    def median(self) -> int | None:
        """The first year by which the bound is met with probability one half; None if that lies later."""
        return next((year for year in self.years if self.reached[year].value >= 0.5), None)

    @property
    def never(self) -> Estimate:
        """The probability that the bound is not met in any year that was checked."""
        last = self.reached[self.years[-1]]
        return Estimate(1.0 - last.value, last.stderr, last.method)


def when(projection: Projection, target: str | Target, *, until: int | None = None) -> When:
    """Return when a target's bound is first met, whatever the target's own year.

    Args:
        projection: from `kjproj.project`.
        target: a one-sided target.
        until: the last year that is checked; five years after the target's unless given.

    Raises:
        NoBasisError: where the study does not say where the indicator stands, or how it moves.
        NotAnswerableError: for a target between two bounds.

    >>> import kjproj as kj
    >>> projection = kj.project(kj.datasets.yueyang())
    >>> found = kj.when(projection, "rd_spending_2025")
    >>> found.median, round(found.by(2025).value, 2) > 0.5
    (2025, True)
    """
    asked = projection.study.target(target)
    if asked.between is not None:
        raise NotAnswerableError(f"{asked.name} lies between two bounds; kj.when takes one-sided targets")
    first = projection.study.last_past_year + 1
    last = max(asked.year + _YEARS_BEYOND, first) if until is None else calendar_year(until, "until")
    if last < first:
        raise KjprojError(f"until is {last}; expected {first} or later, the first year after as_of")
    years = tuple(range(first, last + 1))
    reached, before = {}, Estimate(0.0, 0.0, "observed")
    for count in range(1, len(years) + 1):
        now = _met_in_any(projection, asked, years[:count], years[-1])
        before = now if now.value >= before.value else Estimate(before.value, now.stderr, now.method)
        reached[years[count - 1]] = before
    return When(years, reached, _already(projection, asked, first))


def _met_in_any(projection: Projection, target: Target, years: tuple[int, ...], horizon: int) -> Estimate:
    """One less the probability that the bound is missed in every year."""
    study = projection.study
    half = target.half_space(study)
    missed = (-np.inf, half.lower) if np.isinf(half.upper) else (half.upper, np.inf)
    functionals: list[Terms] = []
    for year in years:
        level = study.published(target.indicator, year)
        if level is None:
            functionals.append(((Unknown(target.indicator, year), 1.0),))
        elif target.met_by(level, study):
            return Estimate(1.0, 0.0, "observed")
    if not functionals:
        return Estimate(0.0, 0.0, "observed")
    block = projection.block(target.indicator)
    block.prepare(horizon)
    lower, upper = np.full(len(functionals), missed[0]), np.full(len(functionals), missed[1])
    none = box_probability(block.law(functionals), lower, upper, projection.seed)
    return Estimate(min(max(1.0 - none.value, 0.0), 1.0), none.stderr, none.method)


def _already(projection: Projection, target: Target, first_open: int) -> dict[int, Estimate]:
    study = projection.study
    stated = study.implied.get(target.indicator, {})
    found = {}
    for year in range(max(stated, default=first_open) + 1, first_open):
        earlier = target.model_copy(update={"year": year})
        chance = probability(projection, earlier)
        if chance.value > 0.5:
            found[year] = chance
    return found
