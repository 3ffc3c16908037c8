"""The gap to another indicator, such as the same figure of a peer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from ..errors import KjprojError
from ..figures import Figure, HalfWidth, number, signed, standard_error
from ..model import Name
from ..rows import Branch, Levels, Row, Unknown
from ..text import Language
from ..units import UnitName, convert
from ..units import unit as unit_named
from .base import Evidence, require_level


class Gap(Evidence):
    """In `year` the indicator stood `value` above `than` (below, with a minus sign): "92 fewer than the neighbour".

    It connects the two: what is known of one informs the other. A peer without a motion is only recorded.
    """

    kind: Literal["gap"] = "gap"
    than: Name
    value: Figure
    error: HalfWidth | None = None
    unit: UnitName | None = None

    @property
    def subject(self) -> tuple[object, ...]:
        """The peer counts too."""
        return (*super().subject, self.than)

    @property
    def indicators(self) -> tuple[str, ...]:
        """Both."""
        return self.indicator, self.than

    def rows(self, levels: Levels, place: str) -> tuple[Row, ...]:
        """One row on levels."""
        own, other = levels.unit(self.indicator), levels.unit(self.than)
        mine, theirs = Unknown(self.indicator, self.year), Unknown(self.than, self.year)
        at = (levels.published(*mine), levels.published(*theirs))
        given = self.unit or own
        sd = convert(standard_error(self.value, error=self.error, counts=unit_named(given).counts), given, own)
        terms = ((mine, 1.0), (theirs, -convert(1.0, other, own)))
        return (Row(terms, convert(number(self.value), given, own), sd, place, on="level", at=at),)

    def branches(self) -> tuple[Branch, ...]:
        """None."""
        return ()

    def states(self, known: dict[int, float], levels: Levels) -> dict[int, float]:
        """No level: it takes the peer's."""
        return {}

    def implies(self, known: Mapping[Unknown, float], levels: Levels) -> tuple[Unknown, float] | None:
        """The one level from the other, where it lies on its scale."""
        (row,) = self.rows(levels, "")
        (mine, _), (theirs, factor) = row.terms
        if (mine in known) == (theirs in known):
            return None
        unknown = mine if theirs in known else theirs
        level = row.value - factor * known[theirs] if unknown == mine else (row.value - known[mine]) / factor
        return (unknown, level) if levels.scale(unknown.indicator).holds(level) else None

    def check(self, levels: Levels) -> None:
        """Two indicators with levels of one quantity."""
        for name in self.indicators:
            require_level(self.kind, name, levels)
        if self.indicator == self.than:
            raise KjprojError(f"{self.indicator} is compared with itself; expected another indicator under than")
        convert(1.0, levels.unit(self.than), levels.unit(self.indicator))
        convert(1.0, self.unit or levels.unit(self.indicator), levels.unit(self.indicator))

    def describe(self, lang: Language) -> str:
        """Value, unit, year and peer."""
        size = " ".join(filter(None, (signed(self.value), self.unit)))
        return f"比{self.than} {size}（{self.year}）" if lang == "zh" else f"{size} against {self.than} ({self.year})"
