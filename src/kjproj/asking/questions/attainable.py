"""Which level is reached with a stated chance?"""

from __future__ import annotations

from typing import ClassVar, Literal

from ...answers.levels import attainable
from ...model import Name, Number, Year
from ...projection import Projection
from .base import Answer, Fields, Question, Say


class AttainableAnswer(Answer):
    """A level in the indicator's unit, and the standard error of its computation in that unit."""

    kind: Literal["attainable"]
    value: float
    stderr: float
    unit: str


class Attainable(Question):
    """Which level does `indicator` reach or exceed in `year` with this `probability`?"""

    kind: Literal["attainable"]
    indicator: Name
    year: Year
    probability: Number
    gives: ClassVar = AttainableAnswer

    def ask(self, projection: Projection) -> tuple[Fields, Say]:
        """Return the level."""
        found = attainable(projection, self.indicator, self.year, probability=self.probability)
        return {"value": found.value, "stderr": found.stderr, "unit": found.unit}, found.to_text
