"""A target that compares an indicator with another one."""

from __future__ import annotations

import math
from typing import Literal

from ..errors import KjprojError
from ..model import Name
from ..rows import Levels, Requirement, Unknown
from ..scales import Linear, Log
from ..text import Language
from ..units import convert, unit
from .base import Measured
from .bounded import Bounded, joined_words


class Comparison(Bounded):
    """The level of `indicator` less that of `than` in `year`, in the first one's unit: ``more_than: "0"`` is to overtake.

    With a bound of 0 and both on `Log` it is linear, and exact; else it is answered from paths.
    """

    kind: Literal["comparison"] = "comparison"
    than: Name

    @property
    def indicators(self) -> tuple[str, ...]:
        """Both."""
        return self.indicator, self.than

    def _linear(self, levels: Levels) -> bool:
        scales = levels.scale(self.indicator), levels.scale(self.than)
        if all(isinstance(scale, Linear) for scale in scales):
            return True
        edges = [edge for edge in self.edges(levels.unit(self.indicator)) if math.isfinite(edge)]
        return all(isinstance(scale, Log) for scale in scales) and edges == [0.0]

    def requirement(self, levels: Levels) -> Requirement:
        """One half-space over both."""
        own, other = levels.unit(self.indicator), levels.unit(self.than)
        low, high = self.edges(own)
        mine, theirs = Unknown(self.indicator, self.year), Unknown(self.than, self.year)
        factor, counts = convert(1.0, other, own), self.counted(own)
        if self._linear(levels) and isinstance(levels.scale(self.than), Log):
            shift = math.log(factor)
            return ((self.half(((mine, 1.0), (theirs, -1.0)), low + shift, high + shift, on="scale", counts=counts),),)
        on: Literal["scale", "level"] = "scale" if self._linear(levels) else "level"
        return ((self.half(((mine, 1.0), (theirs, -factor)), low, high, on=on, counts=counts),),)

    def measured(self, levels: Levels) -> Measured:
        """The difference of the two levels."""
        own, other = levels.unit(self.indicator), levels.unit(self.than)
        terms = ((Unknown(self.indicator, self.year), 1.0), (Unknown(self.than, self.year), -convert(1.0, other, own)))
        return Measured(terms, "level", own)

    def check(self, levels: Levels) -> None:
        """Two indicators of one quantity."""
        own, other = levels.unit(self.indicator), levels.unit(self.than)
        if self.indicator == self.than:
            raise KjprojError(f"{self.indicator} is compared with itself; expected another indicator under than")
        if any(levels.counts_events(name) for name in self.indicators):
            raise KjprojError("events are not compared with each other; give a target of kind 'added' for each")
        if unit(own).quantity != unit(other).quantity:
            raise KjprojError(f"{own} and {other} do not compare; expected indicators of one quantity")

    def say(self, name: str, unit: str, lang: Language) -> str:
        """The difference as printed."""
        return joined_words(f"{name}{' ' if lang == 'en' else ''}{self.qualifier(lang)}", self.printed(self.unit or unit, lang), lang)

    def qualifier(self, lang: Language) -> str:
        """Less the other indicator."""
        return f"与{self.than}之差" if lang == "zh" else f"less {self.than}"
