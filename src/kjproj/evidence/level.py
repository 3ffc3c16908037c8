"""The level of an indicator in a year."""

from __future__ import annotations

from typing import Literal

from ..errors import KjprojError
from ..figures import Figure, HalfWidth, RelativeError, expected_error, number, standard_error
from ..rows import Branch, Levels, Row, Tally, Unknown
from ..text import Language
from ..units import UnitName, convert
from ..units import unit as unit_named
from .base import Evidence, check_count
from .bias import biases


class Level(Evidence):
    """The indicator stood at `value` in `year` (a stock: at its end).

    The error is uniform within half a unit of the last digit, or within ±`error`; whole counts are exact. An
    `expected` figure, and one with a `relative_error`, has that relative standard deviation (3 % unless stated).
    """

    kind: Literal["level"] = "level"
    value: Figure
    error: HalfWidth | None = None
    relative_error: RelativeError | None = None
    unit: UnitName | None = None

    def rows(self, levels: Levels, place: str) -> tuple[Row | Tally, ...]:
        """One row on the scale, the error carried over by the scale's slope; of events a tally."""
        if levels.counts_events(self.indicator):
            return (Tally(self.indicator, self.year, round(self._level(levels)), place),)
        scale, level = levels.scale(self.indicator), self._level(levels)
        sd = self._sd(levels) * float(scale.slope(level))
        return (Row(((Unknown(self.indicator, self.year), 1.0),), float(scale.to_scale(level)), sd, place, nuisances=biases(self)),)

    def branches(self) -> tuple[Branch, ...]:
        """None."""
        return ()

    def states(self, known: dict[int, float], levels: Levels) -> dict[int, float]:
        """The level itself."""
        return {self.year: self._level(levels)}

    def check(self, levels: Levels) -> None:
        """The level must lie on the indicator's scale; events are counted."""
        if levels.counts_events(self.indicator):
            check_count(self._level(levels), self.indicator, self.year, levels)
            return
        level, scale = self._level(levels), levels.scale(self.indicator)
        if not scale.holds(level):
            low, high = scale.bounds
            given = f"{self.value} {self.unit or levels.unit(self.indicator)} in {self.year}"
            raise KjprojError(f"{given} cannot lie on a scale from {low:g} to {high:g} (indicator {self.indicator})")

    def describe(self, lang: Language) -> str:
        """Value, unit and year."""
        return " ".join(filter(None, (self.value, self.unit, f"({self.year})")))

    def _level(self, levels: Levels) -> float:
        own = levels.unit(self.indicator)
        return convert(number(self.value), self.unit or own, own)

    def _sd(self, levels: Levels) -> float:
        own = levels.unit(self.indicator)
        given = self.unit or own
        if self.relative_error is not None or (self.expected and self.error is None):
            return convert(expected_error(self.value, self.relative_error), given, own)
        return convert(standard_error(self.value, error=self.error, counts=unit_named(given).counts), given, own)
