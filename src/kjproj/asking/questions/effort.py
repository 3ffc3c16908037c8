"""What does it take?"""

from __future__ import annotations

from typing import ClassVar, Literal, Self

from pydantic import model_validator

from ...answers.effort import effort
from ...levers import Amount, Growth, Lever, OneOff
from ...model import Model, Name, Number, Year
from ...projection import Projection
from .asked import Asked, Several
from .base import Answer, Fields, Question, Say

_DATED = {"amount": Amount, "one_off": OneOff}


class By(Model):
    """What is done: extra growth of an indicator, or an amount or a one-off in a `year`."""

    kind: Literal["growth", "amount", "one_off"]
    indicator: Name
    year: Year | None = None

    @model_validator(mode="after")
    def _dated(self) -> Self:
        if (self.kind in _DATED) != (self.year is not None):
            raise ValueError("growth has no year; an amount and a one_off have one")
        return self

    @property
    def lever(self) -> Lever:
        """The lever."""
        return Growth(self.indicator) if self.year is None else _DATED[self.kind](self.indicator, self.year)


class EffortAnswer(Answer):
    """How much of the lever gives the asked chance (see `kjproj.effort`)."""

    kind: Literal["effort"]
    targets: tuple[str, ...]
    asked: float
    before: float
    reached: float
    method: str
    value: float
    stderr: float
    unit: str
    lever: By
    feasible: bool
    spare: bool
    way: Literal["rate", "points", "units"] | None
    a_year: float | None
    first_year: int
    last_year: int
    median_without: float
    median_with: float


class Effort(Question):
    """How much of a lever gives `target`, or all of `all_of`, this `probability`? Extra growth without `by`."""

    kind: Literal["effort"]
    target: Asked | None = None
    all_of: Several | None = None
    probability: Number
    by: By | None = None
    gives: ClassVar = EffortAnswer

    def ask(self, projection: Projection) -> tuple[Fields, Say]:
        """Return how much."""
        lever = None if self.by is None else self.by.lever
        found = effort(projection, self.target, all_of=self.all_of, probability=self.probability, by=lever)
        return found.to_dict(), found.to_text
