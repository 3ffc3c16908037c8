"""A bound: "more than 200"."""

from __future__ import annotations

import math
from collections.abc import Hashable
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from ..errors import KjprojError
from ..figures import Figure, number
from ..model import Number
from ..rows import Branch, HalfSpace, Levels, Unknown
from ..text import Language
from ..units import UnitName, convert
from .base import Evidence, require_level

_NAMES = ("at_least", "more_than", "at_most", "less_than")
_SIGNS = {"at_least": "≥", "more_than": ">", "at_most": "≤", "less_than": "<"}


class Bound(Evidence):
    """The indicator stood above (or below) a figure in `year`: exactly one of the four bounds.

    Reports round such figures: the bound is read with a relative error of standard deviation `relative_error`.
    It is a half-space, never a row: a row at 200 would say that the level is 200.
    """

    kind: Literal["bound"] = "bound"
    at_least: Figure | None = None
    more_than: Figure | None = None
    at_most: Figure | None = None
    less_than: Figure | None = None
    unit: UnitName | None = None
    relative_error: Annotated[Number, Field(ge=0, le=0.5)] = 0.02

    @model_validator(mode="after")
    def _one_bound(self) -> Self:
        given = [name for name in _NAMES if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"{', '.join(given) or 'no bound'} given; expected exactly one of {', '.join(_NAMES)}")
        return self

    @property
    def name(self) -> str:
        """Which of the four bounds is given."""
        return next(name for name in _NAMES if getattr(self, name) is not None)

    @property
    def sign(self) -> str:
        """The bound's sign: "≥", ">", "≤" or "<"."""
        return _SIGNS[self.name]

    @property
    def subject(self) -> tuple[Hashable, ...]:
        """The side counts too: one figure may stand above and another below."""
        return (*super().subject, self.name in ("at_least", "more_than"))

    def rows(self, levels: Levels, place: str) -> tuple[HalfSpace, ...]:
        """One half-space on the scale, blurred by the relative error."""
        scale, level = levels.scale(self.indicator), self._level(levels)
        x, sd = float(scale.to_scale(level)), self.relative_error * abs(level) * float(scale.slope(level))
        terms = ((Unknown(self.indicator, self.year), 1.0),)
        if self.name in ("at_least", "more_than"):
            return (HalfSpace(terms, lower=x, sd=sd),)
        return (HalfSpace(terms, upper=x, sd=sd),)

    def branches(self) -> tuple[Branch, ...]:
        """None."""
        return ()

    def states(self, known: dict[int, float], levels: Levels) -> dict[int, float]:
        """No level."""
        return {}

    def check(self, levels: Levels) -> None:
        """The bound must lie on the indicator's scale."""
        require_level(self.kind, self.indicator, levels)
        level, scale = self._level(levels), levels.scale(self.indicator)
        if not (scale.holds(level) and math.isfinite(level)):
            low, high = scale.bounds
            raise KjprojError(
                f"{getattr(self, self.name)} {self.unit or levels.unit(self.indicator)} in {self.year} cannot lie on a "
                f"scale from {low:g} to {high:g} (indicator {self.indicator})"
            )

    def describe(self, lang: Language) -> str:
        """The bound and the year."""
        return f"{self.sign}{getattr(self, self.name)} {self.unit or ''} ({self.year})"

    def _level(self, levels: Levels) -> float:
        own = levels.unit(self.indicator)
        return convert(number(getattr(self, self.name)), self.unit or own, own)
