"""The change of a level between two years."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Literal

from ..errors import KjprojError
from ..figures import Figure, HalfWidth, RelativeError, expected_error, number, signed, standard_error
from ..model import Year
from ..rows import Branch, Levels, Row, Unknown
from ..text import Language
from ..units import UnitName, convert_change
from ..units import unit as unit_named
from .base import Evidence, require_level


class Change(Evidence):
    """The level rose by `value` from `since` (else the year before) to `year`; a share changes in points.

    Errors are those of a level: the last digit, ±`error`, or a `relative_error` (3 % for an `expected` change).
    """

    kind: Literal["change"] = "change"
    since: Year | None = None
    value: Figure
    error: HalfWidth | None = None
    relative_error: RelativeError | None = None
    unit: UnitName

    @property
    def base(self) -> int:
        """The year from which the change is counted."""
        return self.year - 1 if self.since is None else self.since

    @property
    def subject(self) -> tuple[Hashable, ...]:
        """Its years count too."""
        return (*super().subject, self.base)

    def rows(self, levels: Levels, place: str) -> tuple[Row, ...]:
        """One row on levels, linearised at the published ones."""
        now, then = Unknown(self.indicator, self.year), Unknown(self.indicator, self.base)
        own = levels.unit(self.indicator)
        sd = convert_change(self._error(), self.unit, own)
        at = (levels.published(*now), levels.published(*then))
        return (Row(((now, 1.0), (then, -1.0)), self._change(levels), sd, place, on="level", at=at),)

    def branches(self) -> tuple[Branch, ...]:
        """None."""
        return ()

    def states(self, known: dict[int, float], levels: Levels) -> dict[int, float]:
        """One level from the other."""
        change = self._change(levels)
        if self.year in known:
            return {self.base: known[self.year] - change}
        return {self.year: known[self.base] + change} if self.base in known else {}

    def check(self, levels: Levels) -> None:
        """Two different years; a unit of differences; levels that stay on the scale."""
        require_level(self.kind, self.indicator, levels)
        if self.base >= self.year:
            raise KjprojError(f"since is {self.base} and year is {self.year}; expected since before year")
        change, scale = self._change(levels), levels.scale(self.indicator)
        for year in (self.base, self.year):
            level = levels.published(self.indicator, year)
            if level is not None and not scale.holds(level):
                raise KjprojError(
                    f"a change of {change:g} leads to {level:g} in {year}, outside the scale of {self.indicator}"
                )

    def describe(self, lang: Language) -> str:
        """Value, unit and years."""
        return f"{signed(self.value)} {self.unit} ({self.base}→{self.year})"

    def _error(self) -> float:
        if self.relative_error is not None or (self.expected and self.error is None):
            return expected_error(self.value, self.relative_error)
        return standard_error(self.value, error=self.error, counts=unit_named(self.unit).counts)

    def _change(self, levels: Levels) -> float:
        return convert_change(number(self.value), self.unit, levels.unit(self.indicator))
