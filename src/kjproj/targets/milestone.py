"""A target that something happens."""

from __future__ import annotations

from typing import Literal

from ..errors import KjprojError
from ..rows import HalfSpace, Levels, Requirement, Unknown
from ..text import Language
from .base import BaseTarget, Measured


class Milestone(BaseTarget):
    """A milestone is reached by the end of `year`: an approval, a foundation, a law."""

    kind: Literal["milestone"] = "milestone"

    def requirement(self, levels: Levels) -> Requirement:
        """It has happened by the end of the year."""
        return ((HalfSpace(((Unknown(self.indicator, self.year), 1.0),), lower=0.5, on="level"),),)

    def measured(self, levels: Levels) -> Measured:
        """Whether it has happened: 0 or 1."""
        return Measured(((Unknown(self.indicator, self.year), 1.0),), "level", levels.unit(self.indicator))

    def shown_unit(self, levels: Levels) -> str:
        """None."""
        return ""

    def check(self, levels: Levels) -> None:
        """The indicator must be a milestone."""
        if levels.measure(self.indicator) != "milestone":
            raise KjprojError(f"{self.indicator} is no milestone; give it measure 'milestone', or another kind of target")

    def describe(self, lang: Language) -> str:
        """By when."""
        return f"{self.year}年底前实现" if lang == "zh" else f"by the end of {self.year}"

    def say(self, name: str, unit: str, lang: Language) -> str:
        """The milestone alone."""
        return name
