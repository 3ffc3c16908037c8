"""A leap that may have been a one-off."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ..model import Number
from ..rows import Branch, Levels, OneOff, Row
from ..text import Language, Words
from .base import Evidence


class Break(Evidence):
    """With `probability` the year's change contains a one-off: better reporting, a new scope, a single project.

    The figures are read both ways, as growth and as growth plus a one-off of unknown size (normal about 0, `sd` on
    the scale), and decide between the two. A one-off stays in the level and says nothing about later growth.
    """

    kind: Literal["break"] = "break"
    probability: Annotated[Number, Field(gt=0, lt=1)]
    sd: Annotated[Number, Field(gt=0, le=10)] = 0.5
    reason: Words

    def rows(self, levels: Levels, place: str) -> tuple[Row, ...]:
        """None: it is a reading of other figures."""
        return ()

    def branches(self) -> tuple[Branch, ...]:
        """Growth, and growth with a one-off."""
        one_off = OneOff(self.indicator, self.year, self.sd)
        return (
            Branch(f"growth:{self.indicator}:{self.year}", 1.0 - self.probability),
            Branch(f"one_off:{self.indicator}:{self.year}", self.probability, (one_off,)),
        )

    def states(self, known: dict[int, float], levels: Levels) -> dict[int, float]:
        """Nothing."""
        return {}

    def check(self, levels: Levels) -> None:
        """Nothing to convert."""

    def describe(self, lang: Language) -> str:
        """Probability, year and reason."""
        if lang == "zh":
            return f"{self.year}年的变动事先看有{self.probability:.0%}的可能为一次性（{self.reason(lang)}）"
        percent = f"{100 * self.probability:.0f} %"
        return f"beforehand the change of {self.year} is a one-off with {percent} ({self.reason(lang)})"
