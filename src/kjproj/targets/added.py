"""A target for what is added since a base year: a rise of a stock, the total of a flow, a number of events."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, Self

from pydantic import model_validator

from ..errors import KjprojError
from ..figures import number
from ..model import Year
from ..rows import Levels, Requirement, Terms, Unknown
from ..scales import Linear
from ..text import Language
from ..units import convert, convert_change, unit
from .base import Measured
from .bounded import Bounded, joined_words


class Added(Bounded):
    """What is added from the end of `since` to the end of `year`.

    A stock or a ratio: the difference of the two levels (a ratio in percentage points). A flow: the total of the years
    after `since`. Events: their number. Where the source prints no base year give `candidates`: the target is then
    answered for each, as "name@2020".
    """

    kind: Literal["added"] = "added"
    since: Year | None = None
    candidates: tuple[Year, ...] = ()

    @model_validator(mode="after")
    def _has_a_base(self) -> Self:
        if (self.since is None) == (not self.candidates):
            raise ValueError("an amount is added since a base year: give since, or candidates where none is printed")
        if len(set(self.candidates)) != len(self.candidates):
            raise ValueError("candidates name a year twice; give each once")
        for year in self.candidates or (self.since,):
            if year is not None and year >= self.year:
                raise ValueError(f"since is {year} and year is {self.year}; expected since before year")
        return self

    def each(self) -> Iterator[Added]:
        """Return the target itself, or one for each candidate base year."""
        if self.since is not None:
            yield self
        for year in self.candidates:
            yield self.model_copy(update={"name": f"{self.name}@{year}", "since": year, "candidates": ()})

    @property
    def base(self) -> int:
        """The base year; raises `KjprojError` where several are candidates."""
        if self.since is None:
            names = ", ".join(f"{self.name}@{year}" for year in self.candidates)
            raise KjprojError(f"no base year is printed for {self.name}; ask for one of {names}")
        return self.since

    def requirement(self, levels: Levels) -> Requirement:
        """One half-space on levels (on the scale where that is linear)."""
        measured = self.measured(levels)
        low, high = self.limits(levels)
        return ((self.half(measured.terms, low, high, on=measured.on, counts=self.counted(measured.unit)),),)

    def measured(self, levels: Levels) -> Measured:
        """The difference of two levels, or the total of the years after the base year."""
        measure, own = levels.measure(self.indicator), levels.unit(self.indicator)
        terms: Terms
        if measure in ("stock", "ratio"):
            terms = ((Unknown(self.indicator, self.year), 1.0), (Unknown(self.indicator, self.base), -1.0))
        else:
            terms = tuple((Unknown(self.indicator, year), 1.0) for year in range(self.base + 1, self.year + 1))
        linear = not levels.counts_events(self.indicator) and isinstance(levels.scale(self.indicator), Linear)
        return Measured(terms, "scale" if linear else "level", own)

    def limits(self, levels: Levels) -> tuple[float, float]:
        """The least and the greatest amount that meet the target, in the indicator's unit (percentage points of a ratio)."""
        own = levels.unit(self.indicator)
        if unit(own).quantity != "share":
            return self.edges(own)
        low, high = self.edges(self._given(own))
        return self._in_own(low, levels), self._in_own(high, levels)

    def aimed(self, levels: Levels) -> float | None:
        """The amount in the indicator's unit."""
        return self._in_own(number(self.figure), levels)

    def _in_own(self, amount: float, levels: Levels) -> float:
        own = levels.unit(self.indicator)
        return (convert_change if unit(own).quantity == "share" else convert)(amount, self._given(own), own)

    def _given(self, own: str) -> str:
        """The unit of the figure: as stated, else the indicator's, of a share percentage points."""
        return self.unit or ("百分点" if unit(own).quantity == "share" else own)

    def goal_level(self, levels: Levels) -> float | None:
        """A stock: the published level of the base year, and what is to be added."""
        if levels.measure(self.indicator) not in ("stock", "ratio") or self.since is None:
            return None
        base = levels.published(self.indicator, self.base)
        return None if base is None else base + self._in_own(number(self.figure), levels)

    def check(self, levels: Levels) -> None:
        """A unit of differences; for events a bound that can be met."""
        if levels.measure(self.indicator) == "milestone":
            raise KjprojError(f"{self.indicator} is a milestone; give a target of kind 'milestone'")
        for figure in self.figures:
            value = self._in_own(number(figure), levels)
            if levels.measure(self.indicator) == "events" and value < 0:
                raise KjprojError(f"{figure} events; expected 0 or more")

    def say(self, name: str, unit: str, lang: Language) -> str:
        """What is to be added, and since when."""
        return joined_words(f"{name}{' ' if lang == 'en' else ''}{self.qualifier(lang)}", self.printed(self._given(unit), lang), lang)

    def qualifier(self, lang: Language) -> str:
        """Added since the base year."""
        if self.since is None:
            return "新增（基期未注明）" if lang == "zh" else "added (base year not printed)"
        return f"较{self.since}年底新增" if lang == "zh" else f"added since {self.since}"
