"""A target for growth: of one year, or on average since a year."""

from __future__ import annotations

import math
from typing import Literal

from ..errors import KjprojError
from ..figures import number
from ..model import Year
from ..rows import HalfSpace, Levels, Requirement, Unknown
from ..scales import Log
from ..text import Language
from ..units import convert
from .base import Measured
from .bounded import Bounded, joined_words


class Growth(Bounded):
    """Growth from `since` (else the year before) to `year`, a compound rate a year in per cent: exactly one bound.

    On `Log` it is linear, and exact; on other scales it is answered from paths.
    """

    kind: Literal["growth"] = "growth"
    since: Year | None = None

    @property
    def base(self) -> int:
        """The year from which the growth is counted."""
        return self.year - 1 if self.since is None else self.since

    @property
    def years(self) -> int:
        """Over how many years."""
        return self.year - self.base

    def rates(self) -> tuple[float, float]:
        """Return the least and the greatest rate that meet the target, as fractions a year."""
        low, high = self.edges("%")
        return low / 100, high / 100

    def requirement(self, levels: Levels) -> Requirement:
        """On `Log` a difference of two unknowns; elsewhere level − factor·level before, one half-space a bound."""
        now, then = Unknown(self.indicator, self.year), Unknown(self.indicator, self.base)
        low, high = self.rates()
        if isinstance(levels.scale(self.indicator), Log):
            terms = ((now, 1.0), (then, -1.0))
            return ((self.half(terms, self.years * _log1p(low), self.years * _log1p(high), on="scale", counts=False),),)
        halves = []
        if low > -math.inf:
            halves.append(HalfSpace(((now, 1.0), (then, -((1 + low) ** self.years))), lower=0.0, on="level", strict=self.strict))
        if high < math.inf:
            halves.append(HalfSpace(((now, 1.0), (then, -((1 + high) ** self.years))), upper=0.0, on="level", strict=self.strict))
        return tuple((half,) for half in halves)

    def measured(self, levels: Levels) -> Measured:
        """The growth on the scale `Log`, shown as a rate; elsewhere the level."""
        now, then = Unknown(self.indicator, self.year), Unknown(self.indicator, self.base)
        if isinstance(levels.scale(self.indicator), Log):
            return Measured(((now, 1.0), (then, -1.0)), "scale", "%", self.years)
        return Measured(((now, 1.0),), "scale", levels.unit(self.indicator))

    def shown_unit(self, levels: Levels) -> str:
        """Per cent a year."""
        return "%"

    def limits(self, levels: Levels) -> tuple[float, float]:
        """The rates that meet the target, in per cent a year."""
        return self.edges("%")

    def aimed(self, levels: Levels) -> float | None:
        """The rate in per cent a year."""
        return convert(number(self.figure), self.unit or "%", "%")

    def goal_level(self, levels: Levels) -> float | None:
        """The published level of `since`, grown."""
        base = levels.published(self.indicator, self.base)
        return None if base is None else float(base * (1 + convert(number(self.figure), self.unit or "%", "share")) ** self.years)

    def check(self, levels: Levels) -> None:
        """Two different years, rates above −100 %, an indicator with a level."""
        if self.base >= self.year:
            raise KjprojError(f"since is {self.base} and year is {self.year}; expected since before year")
        if levels.counts_events(self.indicator):
            raise KjprojError(f"{self.indicator} counts events, which have no rate of growth; give a target of kind 'added'")
        if min(convert(number(figure), self.unit or "%", "share") for figure in self.figures) <= -1:
            raise KjprojError(f"a growth of {self.figure} {self.unit or '%'} leaves nothing; expected above -100 %")

    def describe(self, lang: Language) -> str:
        """The bound, in per cent."""
        return f"{super().describe(lang)}{self.unit or '%'}"

    def say(self, name: str, unit: str, lang: Language) -> str:
        """The growth as printed."""
        return joined_words(f"{name}{' ' if lang == 'en' else ''}{self.qualifier(lang)}", self.printed(self.unit or "%", lang), lang)

    def qualifier(self, lang: Language) -> str:
        """Growth of the year, or a year since the base year."""
        if self.years == 1:
            return f"{self.year}年增速" if lang == "zh" else f"growth in {self.year}"
        return f"{self.base + 1}—{self.year}年年均增速" if lang == "zh" else f"growth a year over {self.base + 1} to {self.year}"


def _log1p(rate: float) -> float:
    return math.log1p(rate) if rate > -1 else -math.inf
