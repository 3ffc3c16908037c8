"""The growth rate between two years."""

from __future__ import annotations

import math
from collections.abc import Hashable
from typing import Annotated, Literal

from pydantic import Field

from ..beliefs import Normal
from ..errors import KjprojError
from ..figures import Figure, HalfWidth, number, signed, standard_error
from ..model import Number, Year
from ..rows import Branch, Levels, Nuisance, Row, Unknown, wobble_name
from ..scales import Log
from ..text import Language
from ..units import UnitName, convert
from .base import Evidence, require_level


class Growth(Evidence):
    """The level grew by `value` (per cent) from `since` (else the year before) to `year`.

    With a `period` it is the growth of the same part of two years ("Q1-Q3"), whose shares differ by a relative
    `wobble` from year to year; a partial figure of that period shares the wobble.

    `prices` says whether the rate is nominal ("current") or real ("constant"). A real rate says nothing about a
    level at current prices without a belief about the deflator, and is refused there; `deflator` is that belief, about
    the logarithm of the price rise over the same years, one unknown for all indicators.
    """

    kind: Literal["growth"] = "growth"
    since: Year | None = None
    value: Figure
    error: HalfWidth | None = None
    unit: UnitName = "%"
    prices: Literal["current", "constant"] | None = None
    deflator: Normal | None = None
    period: Annotated[str, Field(min_length=1, max_length=40)] | None = None
    wobble: Annotated[Number, Field(gt=0, le=0.5)] = 0.01

    @property
    def base(self) -> int:
        """The year from which the growth is counted."""
        return self.year - 1 if self.since is None else self.since

    @property
    def subject(self) -> tuple[Hashable, ...]:
        """Its years, the part of the year and the prices count too."""
        return (*super().subject, self.base, self.period, self.prices)

    def rows(self, levels: Levels, place: str) -> tuple[Row, ...]:
        """On `Log` one row on the scale; elsewhere level − (1 + rate)·level before = 0."""
        now, then = Unknown(self.indicator, self.year), Unknown(self.indicator, self.base)
        factor = self._factor()
        sd = convert(standard_error(self.value, error=self.error, counts=False), self.unit, "share")
        if isinstance(levels.scale(self.indicator), Log):
            return (Row(((now, 1.0), (then, -1.0)), math.log(factor), sd / factor, place, nuisances=self._nuisances()),)
        at = (levels.published(*now), levels.published(*then))
        return (Row(((now, 1.0), (then, -factor)), 0.0, sd * abs(at[1] or 0.0), place, on="level", at=at),)

    def branches(self) -> tuple[Branch, ...]:
        """None."""
        return ()

    def states(self, known: dict[int, float], levels: Levels) -> dict[int, float]:
        """One level from the other; a part of a year says nothing exact about the whole."""
        if self.period is not None:
            return {}
        factor = self._factor()
        if self.year in known:
            return {self.base: known[self.year] / factor}
        return {self.year: known[self.base] * factor} if self.base in known else {}

    def check(self, levels: Levels) -> None:
        """Two different years; a rate above −100 %; a published level where the scale is not `Log`."""
        require_level(self.kind, self.indicator, levels)
        if self.base >= self.year:
            raise KjprojError(f"since is {self.base} and year is {self.year}; expected since before year")
        self._factor()
        if self._nuisances() and not isinstance(levels.scale(self.indicator), Log):
            what = "the growth of a part of the year" if self.period is not None else "a deflator"
            raise KjprojError(f"{what} speaks of the scale log; {self.indicator} is on another")
        if not isinstance(levels.scale(self.indicator), Log) and levels.published(self.indicator, self.base) is None:
            raise KjprojError(
                f"a growth rate on this scale needs a published level of {self.indicator} in {self.base} or "
                f"{self.year}; add evidence of kind 'level', or use the scale log"
            )

    def describe(self, lang: Language) -> str:
        """Rate and years."""
        return f"{signed(self.value)}{self.unit} ({self.base}→{self.year})"

    def _factor(self) -> float:
        factor = 1.0 + convert(number(self.value), self.unit, "share")
        if factor <= 0:
            raise KjprojError(f"a growth of {self.value} {self.unit} leaves nothing; expected above -100 %")
        return factor

    def _nuisances(self) -> tuple[tuple[Nuisance, float], ...]:
        return (*self._wobbles(), *self._inflation())

    def _inflation(self) -> tuple[tuple[Nuisance, float], ...]:
        if self.deflator is None:
            return ()
        return ((Nuisance(f"deflator from {self.base} to {self.year}", self.deflator.mean, self.deflator.sd), -1.0),)

    def _wobbles(self) -> tuple[tuple[Nuisance, float], ...]:
        if self.period is None:
            return ()
        names = (wobble_name(self.indicator, self.period, year) for year in (self.year, self.base))
        now, then = (Nuisance(name, 0.0, self.wobble) for name in names)
        return (now, 1.0), (then, -1.0)
