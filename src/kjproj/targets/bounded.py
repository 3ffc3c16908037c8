"""Targets with a figure: at least, more than, at most, less than, between."""

from __future__ import annotations

import math
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from ..figures import Figure, number
from ..rows import HalfSpace, Levels, Terms
from ..text import Language
from ..units import UnitName, convert, unit
from .base import BaseTarget

BOUNDS = ("at_least", "more_than", "at_most", "less_than", "between")
_WORDS: dict[str, dict[Language, str]] = {
    "more_than": {"zh": "超过", "en": "above "},
    "at_most": {"zh": "不超过", "en": "at most "},
    "less_than": {"zh": "低于", "en": "below "},
}
_SIGNS = {"at_least": "≥", "more_than": ">", "at_most": "≤", "less_than": "<"}


class Bounded(BaseTarget):
    """A target with exactly one of `at_least`, `more_than`, `at_most`, `less_than`, `between`.

    Figures are text, in `unit`. Whole counts are met half way to the next: at least 1100 from 1099.5. With
    `published_digits` so are published values: at least 2.6 with 2 digits is met from 2.595.
    """

    at_least: Figure | None = None
    more_than: Figure | None = None
    at_most: Figure | None = None
    less_than: Figure | None = None
    between: tuple[Figure, Figure] | None = None
    unit: UnitName | None = None
    published_digits: Annotated[int, Field(strict=True, ge=0, le=8)] | None = None

    @model_validator(mode="after")
    def _one_bound(self) -> Self:
        given = [name for name in BOUNDS if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"{', '.join(given) or 'no bound'} given; expected exactly one of {', '.join(BOUNDS)}")
        if self.between is not None and number(self.between[0]) > number(self.between[1]):
            raise ValueError(f"between {self.between[0]} and {self.between[1]} is empty; give the smaller first")
        return self

    @property
    def upwards(self) -> bool:
        """Whether more is better: true for `at_least` and `more_than`."""
        return self.at_least is not None or self.more_than is not None

    @property
    def strict(self) -> bool:
        """Whether a value on the bound misses it."""
        return self.more_than is not None or self.less_than is not None

    @property
    def bound(self) -> str:
        """Which of the five bounds is given."""
        return next(name for name in BOUNDS if getattr(self, name) is not None)

    @property
    def figure(self) -> str:
        """The figure of a one-sided target; for `between`, the lower one."""
        given = getattr(self, self.bound)
        return str(given[0] if self.between is not None else given)

    @property
    def figures(self) -> tuple[str, ...]:
        """The figure, or both of `between`."""
        return self.between or (self.figure,)

    def edges(self, own: str) -> tuple[float, float]:
        """Return the least and the greatest value that meet the target, in the unit `own`."""
        given = self.unit or own

        def edge(figure: str, side: int) -> float:
            return convert(self._half_way(number(figure), given, own, side), given, own)

        if self.between is not None:
            return edge(self.between[0], -1), edge(self.between[1], +1)
        if self.upwards:
            return edge(self.figure, -1 if self.at_least else +1), math.inf
        return -math.inf, edge(self.figure, +1 if self.at_most else -1)

    def _half_way(self, value: float, given: str, own: str, side: int) -> float:
        """Move a bound half way to the next whole count, or published value, on one side."""
        counted = next((name for name in (given, own) if unit(name).counts), None)
        if self.published_digits is not None:
            return _moved(value * 10.0**self.published_digits, side) / 10.0**self.published_digits
        if counted is None:
            return value
        return convert(_moved(convert(value, given, counted), side), counted, given)

    @property
    def stepped(self) -> bool:
        """Whether values come in steps, so that no value lies on a bound."""
        return self.published_digits is not None

    def half(self, terms: Terms, low: float, high: float, *, on: Any, counts: bool) -> HalfSpace:
        """Return one half-space, strict where the bound is and values do not come in steps."""
        return HalfSpace(terms, low, high, on=on, strict=self.strict and not counts and not self.stepped)

    def counted(self, own: str) -> bool:
        """Tell whether the values are whole counts."""
        return unit(own).counts or unit(self.unit or own).counts

    def limits(self, levels: Levels) -> tuple[float, float]:
        """Return the least and the greatest measured value that meet the target, in the unit of `measured`."""
        return self.edges(levels.unit(self.indicator))

    def aimed(self, levels: Levels) -> float | None:
        """Return the figure in the unit of `measured`."""
        own = levels.unit(self.indicator)
        return convert(number(self.figure), self.unit or own, own)

    def describe(self, lang: Language) -> str:
        """The bound: "≥150"."""
        if self.between is not None:
            return f"{self.between[0]}—{self.between[1]}" if lang == "zh" else f"{self.between[0]} to {self.between[1]}"
        return f"{_SIGNS[self.bound]}{self.figure}"


    def printed(self, unit_name: str, lang: Language) -> str:
        """The figure in words: 150亿元; "above 100 亿元"; "at most 0.5 index"."""
        side = _WORDS.get(self.bound, {"zh": "", "en": ""})[lang]
        figure = self.figure if self.between is None else self.describe(lang)
        return f"{side}{figure}{unit_name}" if lang == "zh" else f"{side}{figure} {unit_name}"

    def say(self, name: str, unit: str, lang: Language) -> str:
        """研发经费投入150亿元; "R&D intensity 2.6 %"."""
        return joined_words(name, self.printed(self.unit or unit, lang), lang)


def joined_words(name: str, figure: str, lang: Language) -> str:
    """Put a name before a figure; in Chinese with a space only between Latin letters and digits."""
    gap = "" if lang == "zh" and not (name[-1].isascii() and figure[0].isascii()) else " "
    return f"{name}{gap}{figure}"


def _moved(steps: float, side: int) -> float:
    return math.ceil(steps - 1e-9) - 0.5 if side < 0 else math.floor(steps + 1e-9) + 0.5
