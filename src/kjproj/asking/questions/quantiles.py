"""Between what does an indicator lie, year by year?"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ...answers.levels import quantiles
from ...model import Name, Number, Year
from ...projection import Projection
from .base import Answer, Fields, Question, Say


class QuantilesAnswer(Answer):
    """Levels in `unit`: `values` has one list a year, and in it one level for each of `q`."""

    kind: Literal["quantiles"]
    unit: str
    years: tuple[int, ...]
    q: tuple[float, ...]
    values: tuple[tuple[float, ...], ...]


class Quantiles(Question):
    """Which levels does `indicator` stay below with the probabilities `q`, from `first_year` to `last_year`?"""

    kind: Literal["quantiles"]
    indicator: Name
    q: Annotated[tuple[Number, ...], Field(min_length=1, max_length=99)] = (0.05, 0.5, 0.95)
    first_year: Year | None = None
    last_year: Year | None = None
    gives: ClassVar = QuantilesAnswer

    def ask(self, projection: Projection) -> tuple[Fields, Say]:
        """Return the quantiles of each year."""
        found = quantiles(projection, self.indicator, q=self.q, first_year=self.first_year, last_year=self.last_year)
        plain = {"years": found.years.tolist(), "q": found.q.tolist(), "values": found.values.tolist()}
        return {"unit": found.unit, **plain}, found.to_text
