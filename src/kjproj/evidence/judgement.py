"""A judgement: what somebody who answers for it thinks."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from ..errors import KjprojError
from ..figures import Figure, normal_quantile, number
from ..model import Number
from ..rows import Branch, Levels, Odds, Row, Unknown
from ..text import Language, Words
from ..units import UnitName, convert
from .base import Evidence


class Judgement(Evidence):
    """A stated belief: the level of `year` lies between `low` and `high` with `confidence`; or, of a milestone, a `chance`.

    The level is taken as normal on the indicator's scale, with as much below `low` as above `high`. A judgement may
    speak of a year to come; the others' figures and the motion weigh in as with any figure. `chance` is that of a
    milestone happening by the end of `year`.
    """

    kind: Literal["judgement"] = "judgement"
    low: Figure | None = None
    high: Figure | None = None
    confidence: Annotated[Number, Field(ge=0.1, le=0.999)] = 0.8
    chance: Annotated[Number, Field(ge=0, le=1)] | None = None
    unit: UnitName | None = None
    reason: Words

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if (self.low is None) != (self.high is None) or (self.low is None) == (self.chance is None):
            raise ValueError("give low and high of a level, or the chance of a milestone")
        if self.low is not None and self.high is not None and number(self.low) >= number(self.high):
            raise ValueError(f"low {self.low} is not below high {self.high}; give the smaller first")
        return self

    @property
    def ahead(self) -> bool:
        """Whether it may speak of a year after `as_of`."""
        return True

    def rows(self, levels: Levels, place: str) -> tuple[Row | Odds, ...]:
        """One row on the scale, or the odds of a milestone."""
        if self.chance is not None:
            return (Odds(self.indicator, self.year, self.chance, place),)
        low, high = (float(levels.scale(self.indicator).to_scale(x)) for x in self._range(levels))
        z = 2.0 * normal_quantile(0.5 + 0.5 * self.confidence)
        return (Row(((Unknown(self.indicator, self.year), 1.0),), 0.5 * (low + high), (high - low) / z, place),)

    def branches(self) -> tuple[Branch, ...]:
        """None."""
        return ()

    def states(self, known: dict[int, float], levels: Levels) -> dict[int, float]:
        """No level."""
        return {}

    def check(self, levels: Levels) -> None:
        """A chance speaks of a milestone, a range of levels on the indicator's scale."""
        measure = levels.measure(self.indicator)
        if (measure == "milestone") != (self.chance is not None) or measure == "events":
            wanted = {"milestone": "a chance", "events": "a rate under the indicator's events"}.get(measure, "low and high")
            raise KjprojError(f"{self.indicator} has measure {measure!r}; expected {wanted}")
        if self.chance is None:
            scale = levels.scale(self.indicator)
            for level in self._range(levels):
                if not scale.holds(level):
                    low, high = scale.bounds
                    raise KjprojError(f"{level:g} cannot lie on a scale from {low:g} to {high:g} (indicator {self.indicator})")

    def describe(self, lang: Language) -> str:
        """Range or chance, and the year."""
        if self.chance is not None:
            return f"{self.year}年底前实现的可能性{self.chance:.0%}" if lang == "zh" else f"{100 * self.chance:.0f} % by the end of {self.year}"
        size = " ".join(filter(None, (f"{self.low}—{self.high}", self.unit, f"({self.year})")))
        return f"{size}，把握{self.confidence:.0%}" if lang == "zh" else f"{size} with {100 * self.confidence:.0f} %"

    def _range(self, levels: Levels) -> tuple[float, float]:
        own = levels.unit(self.indicator)
        return convert(number(self.low or "0"), self.unit or own, own), convert(number(self.high or "0"), self.unit or own, own)
