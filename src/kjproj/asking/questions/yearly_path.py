"""Which yearly values lead evenly to a target?"""

from __future__ import annotations

from typing import ClassVar, Literal

from ...answers.required import yearly_path
from ...projection import Projection
from .asked import Asked
from .base import Answer, Fields, Question, Say


class YearlyPathAnswer(Answer):
    """Values by year, the target's last."""

    kind: Literal["yearly_path"]
    unit: str
    years: tuple[int, ...]
    values: tuple[float, ...]


class YearlyPath(Question):
    """Which values of the years after the last figure lead evenly to `target`?"""

    kind: Literal["yearly_path"]
    target: Asked
    gives: ClassVar = YearlyPathAnswer

    def ask(self, projection: Projection) -> tuple[Fields, Say]:
        """Return the values."""
        found = yearly_path(projection.study, self.target)
        return {"unit": found.unit, "years": found.years.tolist(), "values": found.values.tolist()}, found.to_text
