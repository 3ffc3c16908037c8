"""What evidence is: a figure from a source that says something about an indicator in a year."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Hashable, Mapping
from datetime import date
from typing import Annotated

from pydantic import Field

from ..errors import KjprojError
from ..model import Model, Name, Year
from ..rows import Branch, HalfSpace, Levels, Odds, Row, Tally, Unknown
from ..tables import Shown, Table
from ..text import Language, Words, given_words
from .bias import Bias

ShortText = Annotated[str, Field(max_length=200)]


class Evidence(Shown, Model):
    """A figure with its source. It becomes rows over unknowns, or readings among which the figures decide."""

    kind: str
    indicator: Name
    year: Year
    source: ShortText | None = None
    section: ShortText | None = None
    note: Words | None = None
    expected: bool = False
    """Whether the source expects the figure rather than reports it: then no target is observed by it."""
    published: date | None = None
    """When this figure was published; its source's date unless given."""
    bias: Bias | None = None
    """A bias that it may share with other figures."""
    taken_as: Words | None = None
    """Which statistic the figure is of, where that is not the indicator's: it is taken for it, and the reader is told."""
    revises: bool = False
    """Whether it takes the place of the earlier figures on the same subject: they stay, but no longer inform."""

    @property
    def subject(self) -> tuple[Hashable, ...]:
        """What the figure is about: a figure that revises takes the place of those with the same subject."""
        return (self.kind, self.indicator, self.year)

    @property
    def indicators(self) -> tuple[str, ...]:
        """The indicators that it speaks of, its own first."""
        return (self.indicator,)

    @property
    def ahead(self) -> bool:
        """Whether it may speak of a year after `as_of`."""
        return False

    @abstractmethod
    def rows(self, levels: Levels, place: str) -> tuple[Row | HalfSpace | Tally | Odds, ...]:
        """Return what the figure says, as rows, half-spaces, tallies or odds; `place` is where it stands in the study."""

    @abstractmethod
    def branches(self) -> tuple[Branch, ...]:
        """Return the readings among which the figures decide; none for a plain figure."""

    @abstractmethod
    def states(self, known: dict[int, float], levels: Levels) -> dict[int, float]:
        """Return the levels, by year, that follow from this figure and the levels already known."""

    def implies(self, known: Mapping[Unknown, float], levels: Levels) -> tuple[Unknown, float] | None:
        """Return another level that follows from this figure and from levels of other indicators."""
        return None

    @abstractmethod
    def check(self, levels: Levels) -> None:
        """Raise `KjprojError` where the figure's unit or value does not fit its indicator."""

    @abstractmethod
    def describe(self, lang: Language) -> str:
        """Say the figure in words."""

    def to_text(self, lang: Language = "en") -> str:
        """Say the indicator and the figure in one line."""
        return f"{self.indicator}{'：' if lang == 'zh' else ': '}{self.describe(lang)}"

    def tables(self, lang: Language) -> tuple[Table, ...]:
        """Return what the document states, field by field."""
        return (Table(rows=given_words(self, lang), title=self.to_text(lang)),)


def check_count(value: float, indicator: str, year: int, levels: Levels) -> None:
    """Raise `KjprojError` unless a number of events is whole and not negative; of a milestone 0 or 1."""
    most = 1 if levels.measure(indicator) == "milestone" else 10**9
    if value != round(value) or not 0 <= value <= most:
        expected = "0 (not yet) or 1 (reached)" if most == 1 else "a whole number of events, 0 or more"
        raise KjprojError(f"{value:g} in {year}; expected {expected} (indicator {indicator})")


def require_level(kind: str, indicator: str, levels: Levels) -> None:
    """Raise `KjprojError` where a kind of evidence that speaks of levels is about events."""
    if levels.counts_events(indicator):
        raise KjprojError(f"evidence of kind {kind!r} speaks of levels; {indicator} counts events, in evidence of kind 'level'")
