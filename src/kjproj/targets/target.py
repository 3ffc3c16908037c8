"""A target for the value of one year."""

from __future__ import annotations

import math
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from ..errors import KjprojError
from ..figures import Figure, number
from ..model import Model, Name, Year
from ..rows import HalfSpace, Levels, Unknown
from ..text import Language, Words
from ..units import UnitName, convert, unit

ShortText = Annotated[str, Field(max_length=200)]
BOUNDS = ("at_least", "more_than", "at_most", "less_than", "between")
_SIGNS = {"at_least": "≥", "more_than": ">", "at_most": "≤", "less_than": "<"}


class Target(Model):
    """What an indicator is to reach: exactly one of `at_least`, `more_than`, `at_most`, `less_than`, `between`.

    With `when` "at" the value of `year` counts (a stock: at its end). Figures are text, in `unit`, which defaults to
    the indicator's. For whole counts the bound lies half way to the next: at least 1100 is 1099.5 and more.
    `nature` is "expected" (预期性) or "binding" (约束性).
    """

    name: Name
    label: Words | None = None
    indicator: Name
    year: Year
    when: Literal["at"] = "at"
    at_least: Figure | None = None
    more_than: Figure | None = None
    at_most: Figure | None = None
    less_than: Figure | None = None
    between: tuple[Figure, Figure] | None = None
    unit: UnitName | None = None
    nature: Literal["expected", "binding"] | None = None
    source: ShortText | None = None
    section: ShortText | None = None
    note: Words | None = None

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
    def figure(self) -> str:
        """The figure of a one-sided target; for `between`, the lower one."""
        if self.between is not None:
            return self.between[0]
        return next(g for g in (self.at_least, self.more_than, self.at_most, self.less_than) if g is not None)

    def goal(self, levels: Levels) -> float:
        """Return the figure in the indicator's unit."""
        own = levels.unit(self.indicator)
        return convert(number(self.figure), self.unit or own, own)

    def limits(self, levels: Levels) -> tuple[float, float]:
        """Return the least and the greatest level that meet the target, in the indicator's unit."""
        own = levels.unit(self.indicator)

        def level(figure: str, side: int) -> float:
            return convert(self._between_counts(number(figure), own, side), self.unit or own, own)

        if self.between is not None:
            return level(self.between[0], -1), level(self.between[1], +1)
        if self.upwards:
            return level(self.figure, -1 if self.at_least else +1), math.inf
        return -math.inf, level(self.figure, +1 if self.at_most else -1)

    def _between_counts(self, value: float, own: str, side: int) -> float:
        """Move a bound half way to the next whole count on one side; values that are not counted stay."""
        given = self.unit or own
        counted = next((name for name in (given, own) if unit(name).counts), None)
        if counted is None:
            return value
        count = convert(value, given, counted)
        moved = math.ceil(count - 1e-9) - 0.5 if side < 0 else math.floor(count + 1e-9) + 0.5
        return convert(moved, counted, given)

    def half_space(self, levels: Levels) -> HalfSpace:
        """Return the target on the indicator's scale."""
        scale = levels.scale(self.indicator)
        low, high = self.limits(levels)
        return HalfSpace(((Unknown(self.indicator, self.year), 1.0),), scale.place(low), scale.place(high))

    def met_by(self, level: float, levels: Levels) -> bool:
        """Tell whether a published level meets the target."""
        own = levels.unit(self.indicator)
        low, high = self.limits(levels)
        if unit(own).counts or unit(self.unit or own).counts or not (self.more_than or self.less_than):
            return low <= level <= high
        return low < level < high

    def check(self, levels: Levels) -> None:
        """The figures must be reachable on the indicator's scale."""
        scale = levels.scale(self.indicator)
        low, high = scale.bounds
        for figure in self.between or (self.figure,):
            own = levels.unit(self.indicator)
            value = convert(number(figure), self.unit or own, own)
            if not low <= value <= high:
                raise KjprojError(
                    f"{figure} {self.unit or own} cannot lie on a scale from {low:g} to {high:g} "
                    f"(indicator {self.indicator})"
                )

    def describe(self, lang: Language) -> str:
        """The bound: "≥150"."""
        if self.between is not None:
            return f"{self.between[0]}—{self.between[1]}" if lang == "zh" else f"{self.between[0]} to {self.between[1]}"
        sign = next(sign for name, sign in _SIGNS.items() if getattr(self, name) is not None)
        return f"{sign}{self.figure}"
