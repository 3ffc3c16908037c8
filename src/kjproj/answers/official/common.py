"""What the methods share: the figures that they are computed from, and a score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ...text import Text

_BORDER = 1e-9
Side = Literal["ahead", "between", "behind"]


@dataclass(frozen=True)
class Progress:
    """From where, how far by now, and to where: three years and levels in the indicator's unit.

    Attributes:
        base_year, base: where the way begins.
        year, level: the last figure.
        goal_year, goal: the target.
    """

    base_year: int
    base: float
    year: int
    level: float
    goal_year: int
    goal: float

    @property
    def done(self) -> float:
        """The share of the way that is behind: below 0 where the level moved away."""
        return (self.level - self.base) / (self.goal - self.base)

    @property
    def elapsed(self) -> float:
        """The share of the years that is over."""
        return (self.year - self.base_year) / (self.goal_year - self.base_year)

    @property
    def positive(self) -> bool:
        """Whether all levels are above 0, so that compound growth leads from one to the other."""
        return min(self.base, self.level, self.goal) > 0


@dataclass(frozen=True)
class Score:
    """What one method says. It is arithmetic on published figures, and no chance.

    Attributes:
        method: "eurostat", "unsd", "sdsn", "escap" or "pace".
        value: a ratio for the first three, an index for "escap" (0 at the base, 10 at the target), and for "pace" the
            share of the way less the share of the years (−0.1 is ten points behind).
        category: what the method calls it, in its own words; "" where it has no names.
        words: the value and the category in a sentence, after the method's name.
        side: whether the method finds the target on track ("ahead"), off it ("behind"), or in between.
        numbers: what the value was computed from.
    """

    method: str
    value: float
    category: str
    words: Text
    side: Side
    numbers: Mapping[str, float]


@dataclass(frozen=True)
class Category:
    """A name that a method gives to values from `least` on."""

    least: float
    name: str
    words: Text
    side: Side


def category(value: float, known: Sequence[Category]) -> Category:
    """Return the first category whose least value is reached; the last one holds the rest."""
    return next((one for one in known[:-1] if value >= one.least - _BORDER), known[-1])
