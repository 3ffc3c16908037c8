"""A place in a ranking, for the record."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ..errors import KjprojError
from ..rows import Branch, Levels, Row
from ..text import Language, Words
from .base import Evidence


class Rank(Evidence):
    """The indicator (or its growth, with `of_growth`) was number `rank` among `among`, of `regions` where that is known.

    It is kept with its source and shown; it informs nothing, because the others' figures are not in the study.
    """

    kind: Literal["rank"] = "rank"
    rank: Annotated[int, Field(strict=True, ge=1, le=10_000)]
    among: Words
    regions: Annotated[int, Field(strict=True, ge=1, le=10_000)] | None = None
    of_growth: bool = False

    @property
    def subject(self) -> tuple[object, ...]:
        """What is ranked, and among whom, count too."""
        return (*super().subject, self.of_growth, str(self.among))

    def rows(self, levels: Levels, place: str) -> tuple[Row, ...]:
        """None."""
        return ()

    def branches(self) -> tuple[Branch, ...]:
        """None."""
        return ()

    def states(self, known: dict[int, float], levels: Levels) -> dict[int, float]:
        """No level."""
        return {}

    def check(self, levels: Levels) -> None:
        """A place among so many."""
        if self.regions is not None and self.rank > self.regions:
            raise KjprojError(f"rank {self.rank} of {self.regions}; expected a rank up to the number of regions")

    def describe(self, lang: Language) -> str:
        """Place and year."""
        of = f"/{self.regions}" if self.regions else ""
        if lang == "zh":
            return f"{self.among(lang)}{'增速' if self.of_growth else ''}第{self.rank}{of}（{self.year}）"
        return f"{'growth ' if self.of_growth else ''}number {self.rank}{of} in {self.among(lang)} ({self.year})"
