"""How firm is a chance?"""

from __future__ import annotations

from typing import ClassVar, Literal

from ...answers.bounds import bounds
from ...projection import Projection
from .asked import Asked, Several
from .base import Answer, Fields, Question, Say


class BoundsAnswer(Answer):
    """A chance, its least and greatest value when assumptions are changed one at a time, and which one moves it most.

    `under` is the chance under each change, by its name, such as "scenario:slow_economy".
    """

    kind: Literal["bounds"]
    value: float
    stderr: float
    method: str
    low: float
    high: float
    moved_most_by: str | None
    under: dict[str, float]


class Bounds(Question):
    """How likely is `target`, or all of `all_of`, and between what does that range over the assumptions?"""

    kind: Literal["bounds"]
    target: Asked | None = None
    all_of: Several | None = None
    gives: ClassVar = BoundsAnswer

    def ask(self, projection: Projection) -> tuple[Fields, Say]:
        """Return the chance with its range."""
        found = bounds(projection, self.target, all_of=self.all_of)
        chance = {"value": found.value.value, "stderr": found.value.stderr, "method": found.value.method}
        span = {"low": found.low, "high": found.high, "moved_most_by": found.mover, "under": dict(found.under)}
        return chance | span, found.to_text
