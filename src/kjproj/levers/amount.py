"""An amount added in one year: a project of known size."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Literal

from ..scales import Linear, Scale
from ..text import Language
from .base import Change, Lever, year_of


@dataclass(frozen=True)
class Amount(Lever):
    """A project of known size: from `year` on the level is higher by so many units, every year the same.

    It neither grows along with the rest nor fades: a laboratory that spends 5 亿元 a year from 2024 on. On `Log` that is no
    fixed step: where the rest stands low, the same amount lifts it further. So the chance is not taken from a step but from
    the condition itself, level + amount ≥ goal.
    """

    year: int
    kind: ClassVar[str] = "amount"
    on: ClassVar[Literal["scale", "level"]] = "level"

    def __post_init__(self) -> None:
        """Refuse what is no year."""
        super().__post_init__()
        year_of(self.year, "an amount")

    def times(self, year: int, first_open: int) -> int:
        """Once, from its year on."""
        return int(year >= self.year >= first_open)

    def size(self, added: float, scale: Scale) -> float:
        """The amount itself."""
        return added

    def unit(self, scale: Scale, own: str) -> str:
        """The indicator's."""
        return own

    def most(self, scale: Scale, level: float) -> float:
        """As much as the median level, which doubles it; on `Linear` any."""
        return math.inf if isinstance(scale, Linear) else level

    def least(self, scale: Scale, level: float) -> float:
        """Half the median level."""
        return -0.5 * self.most(scale, level)

    def first_year(self, first_open: int) -> int:
        """Its own."""
        return self.year

    def how(self, lang: Language, change: Change) -> str:
        """So much in every year from its own on."""
        if lang == "zh":
            return f"{change.must}自{self.year}年起每年{'增加' if change.more else '减少'}{change.size}"
        return f"at {change.size} {'more' if change.more else 'less'} in every year from {self.year} on"
