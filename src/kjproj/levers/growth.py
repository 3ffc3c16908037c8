"""Extra growth a year."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from ..scales import Linear, Scale
from ..text import Language
from .base import Change, Lever


@dataclass(frozen=True)
class Growth(Lever):
    """So much more growth every year, from the first open year on: x in year t rises by s·(t − first + 1).

    Its size is a fraction on `Log`, e^s − 1: 0.02 makes every year's level 2 % higher against the year before than it would
    be. On `Logit` it is the same of the odds, on `Linear` s itself, units a year.
    """

    kind: ClassVar[str] = "growth"

    def times(self, year: int, first_open: int) -> int:
        """One for each year that has passed from the first open one."""
        return max(year - first_open + 1, 0)

    def size(self, added: float, scale: Scale) -> float:
        """A fraction a year, on `Linear` units a year."""
        return added if isinstance(scale, Linear) else math.expm1(added)

    def unit(self, scale: Scale, own: str) -> str:
        """A year's fraction, or units a year."""
        return f"{own} a year" if isinstance(scale, Linear) else "fraction a year"

    def how(self, lang: Language, change: Change) -> str:
        """So much more or less a year than the trend."""
        first, last, several = change.first_year, change.last_year, change.last_year > change.first_year
        if lang == "zh":
            years = f"{first}—{last}年{change.must}在现有趋势基础上年均" if several else f"{last}年{change.must}在现有趋势基础上"
            return f"{years}{'多' if change.more else '少'}{change.size}"
        side = "above" if change.more else "below"
        return f"at {change.size} a year {side} its trend over {first} to {last}" if several else f"at {change.size} {side} its trend in {last}"
