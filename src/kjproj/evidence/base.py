"""What evidence is: a figure from a source that says something about an indicator in a year."""

from __future__ import annotations

from abc import abstractmethod
from typing import Annotated

from pydantic import Field

from ..model import Model, Name, Year
from ..rows import Branch, HalfSpace, Levels, Row
from ..text import Language, Words

ShortText = Annotated[str, Field(max_length=200)]


class Evidence(Model):
    """A figure with its source. It becomes rows over unknowns, or readings among which the figures decide."""

    kind: str
    indicator: Name
    year: Year
    source: ShortText | None = None
    section: ShortText | None = None
    note: Words | None = None
    expected: bool = False
    """Whether the source expects the figure rather than reports it: then no target is observed by it."""

    @abstractmethod
    def rows(self, levels: Levels, place: str) -> tuple[Row | HalfSpace, ...]:
        """Return what the figure says, as rows and half-spaces; `place` is where it stands in the study."""

    @abstractmethod
    def branches(self) -> tuple[Branch, ...]:
        """Return the readings among which the figures decide; none for a plain figure."""

    @abstractmethod
    def states(self, known: dict[int, float], levels: Levels) -> dict[int, float]:
        """Return the levels, by year, that follow from this figure and the levels already known."""

    @abstractmethod
    def check(self, levels: Levels) -> None:
        """Raise `KjprojError` where the figure's unit or value does not fit its indicator."""

    @abstractmethod
    def describe(self, lang: Language) -> str:
        """Say the figure in words."""
