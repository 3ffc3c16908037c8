"""A step in one year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..scales import Scale
from ..text import Language
from .base import Change, Lever, year_of


@dataclass(frozen=True)
class OneOff(Lever):
    """A step on the scale in `year`: x is higher by the size from the end of that year on, as by `Study.with_step`.

    On `Log` a size of 0.04 is about 4 % of whatever the level then is, in every later year too: it grows along.
    """

    year: int
    kind: ClassVar[str] = "one_off"

    def __post_init__(self) -> None:
        """Refuse what is no year."""
        super().__post_init__()
        year_of(self.year, "a one-off")

    def times(self, year: int, first_open: int) -> int:
        """Once, from its year on."""
        return int(year >= self.year >= first_open)

    def size(self, added: float, scale: Scale) -> float:
        """The step on the scale."""
        return added

    def unit(self, scale: Scale, own: str) -> str:
        """That of the scale."""
        return f"on the scale {scale.kind}"

    def first_year(self, first_open: int) -> int:
        """Its own."""
        return self.year

    def how(self, lang: Language, change: Change) -> str:
        """Once, in its year."""
        if lang == "zh":
            return f"{self.year}年{change.must}一次性{'提高' if change.more else '降低'}{change.size}"
        return f"at {change.size} {'more' if change.more else 'less'} from {self.year} on, once"
