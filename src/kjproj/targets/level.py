"""A target for the level of one year, of any year up to one, or of all years from one on."""

from __future__ import annotations

import math
from typing import ClassVar, Literal, Self

from pydantic import model_validator

from ..errors import KjprojError
from ..figures import number
from ..model import Year
from ..rows import HalfSpace, Levels, Requirement, Unknown
from ..text import Language
from ..units import convert
from .base import Measured
from .bounded import Bounded


class Target(Bounded):
    """What the level of an indicator is to reach: at least, more than, at most, less than, or between figures.

    `when` says which year counts: "at" the value of `year` (a stock: at its end); "by" any year end from the first after
    `as_of` up to `year`; "sustained" every year from `year` to `until`. Figures are text, in `unit`, which defaults to
    the indicator's.
    """

    names_kind: ClassVar[bool] = False
    kind: Literal["level"] = "level"
    when: Literal["at", "by", "sustained"] = "at"
    until: Year | None = None

    @model_validator(mode="after")
    def _years_fit(self) -> Self:
        if (self.until is not None) != (self.when == "sustained"):
            raise ValueError('until is the last year of when: "sustained", and is given with it alone')
        if self.until is not None and self.until < self.year:
            raise ValueError(f"until is {self.until}, before year {self.year}; expected the last year to be sustained")
        if self.when == "by" and self.between is not None:
            raise ValueError('"by" takes a one-sided bound; a value between two bounds is asked "at" a year')
        return self

    def goal(self, levels: Levels) -> float:
        """Return the figure in the unit of the indicator."""
        own = levels.unit(self.indicator)
        return convert(number(self.figure), self.unit or own, own)

    def requirement(self, levels: Levels) -> Requirement:
        """One clause; for "by" a clause of several years, for "sustained" a clause a year."""
        if self.when == "sustained" and self.until is not None:
            return tuple((self._half(year, levels),) for year in range(self.year, self.until + 1))
        if self.when == "by":
            first = min(levels.last_past_year + 1, self.year)
            return (tuple(self._half(year, levels) for year in range(first, self.year + 1)),)
        return ((self._half(self.year, levels),),)

    def _half(self, year: int, levels: Levels) -> HalfSpace:
        own = levels.unit(self.indicator)
        low, high = self.limits(levels)
        terms, counts = ((Unknown(self.indicator, year), 1.0),), self.counted(own)
        if levels.counts_events(self.indicator):
            return self.half(terms, low, high, on="level", counts=counts)
        scale = levels.scale(self.indicator)
        return self.half(terms, scale.place(low), scale.place(high), on="scale", counts=counts)

    def measured(self, levels: Levels) -> Measured:
        """The level of the year."""
        on: Literal["scale", "level"] = "level" if levels.counts_events(self.indicator) else "scale"
        return Measured(((Unknown(self.indicator, self.year), 1.0),), on, levels.unit(self.indicator))

    def goal_level(self, levels: Levels) -> float | None:
        """The figure itself."""
        return None if levels.counts_events(self.indicator) else self.goal(levels)

    def qualifier(self, lang: Language) -> str:
        """In any year up to the year, or in every year until the last one."""
        if self.when == "by":
            return f"{self.year}年底前" if lang == "zh" else f"by {self.year}"
        if self.until is not None:
            return f"保持至{self.until}年" if lang == "zh" else f"sustained until {self.until}"
        return ""

    def met_by(self, level: float, levels: Levels) -> bool:
        """Tell whether a published level meets the target."""
        own = levels.unit(self.indicator)
        low, high = self.limits(levels)
        if self.counted(own) or self.stepped or not self.strict:
            return low <= level <= high
        return low < level < high

    def check(self, levels: Levels) -> None:
        """The figures must be reachable on the indicator's scale."""
        own = levels.unit(self.indicator)
        if levels.measure(self.indicator) == "milestone":
            raise KjprojError(f"{self.indicator} is a milestone; give a target of kind 'milestone'")
        events = levels.measure(self.indicator) == "events"
        low, high = (0.0, math.inf) if events else levels.scale(self.indicator).bounds
        for figure in self.figures:
            value = convert(number(figure), self.unit or own, own)
            if not low <= value <= high:
                raise KjprojError(
                    f"{figure} {self.unit or own} cannot lie on a scale from {low:g} to {high:g} "
                    f"(indicator {self.indicator})"
                )
