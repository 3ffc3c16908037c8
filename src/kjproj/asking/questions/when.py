"""When is a target reached?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from ...answers.when import when
from ...estimate import Estimate
from ...model import Model, Year
from ...projection import Projection
from .asked import Asked
from .base import Answer, Fields, Question, Say


class Reached(Model):
    """The chance that the bound was met by the end of a year."""

    year: int
    value: float
    stderr: float
    method: str


class WhenAnswer(Answer):
    """The chance by the end of each open year; `median` is the first with one half or more, none where that is later.

    `never` is the chance that it is not met in any of these years; `already` has the past years without a figure in which
    it was probably met.
    """

    kind: Literal["when"]
    median: int | None
    never: float
    reached: tuple[Reached, ...]
    already: tuple[Reached, ...]


class When(Question):
    """When is the bound of `target` first met, by yearly checks up to `until`?"""

    kind: Literal["when"]
    target: Asked
    until: Year | None = None
    gives: ClassVar = WhenAnswer

    def ask(self, projection: Projection) -> tuple[Fields, Say]:
        """Return the chance by the end of each year."""
        found = when(projection, self.target, until=self.until)
        by_year = {"reached": _listed(found.reached), "already": _listed(found.already)}
        return {"median": found.median, "never": found.never.value, **by_year}, found.to_text


def _listed(chances: Mapping[int, Estimate]) -> list[Reached]:
    return [Reached(year=year, value=chance.value, stderr=chance.stderr, method=chance.method) for year, chance in sorted(chances.items())]
