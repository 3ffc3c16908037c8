"""What does a target need a year?"""

from __future__ import annotations

from typing import ClassVar, Literal

from ...answers.required import required_growth
from ...projection import Projection
from .asked import Asked
from .base import Answer, Fields, Question, Say


class RequiredGrowthAnswer(Answer):
    """Growth a year from the last figure: `value` is a fraction ("rate"), or in the indicator's unit ("points", "units")."""

    kind: Literal["required_growth"]
    value: float
    way: Literal["rate", "points", "units"]
    base: float
    base_year: int
    implied: bool
    goal: float
    year: int
    unit: str


class RequiredGrowth(Question):
    """What growth a year leads from the last figure to `target`, by arithmetic alone?"""

    kind: Literal["required_growth"]
    target: Asked
    gives: ClassVar = RequiredGrowthAnswer

    def ask(self, projection: Projection) -> tuple[Fields, Say]:
        """Return what is needed."""
        found = required_growth(projection.study, self.target)
        names = ("value", "way", "base", "base_year", "implied", "goal", "year", "unit")
        return {name: getattr(found, name) for name in names}, found.to_text
