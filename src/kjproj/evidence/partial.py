"""The part of a year's total that a report states before the year is over."""

from __future__ import annotations

import math
from collections.abc import Hashable
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from ..beliefs import Normal
from ..errors import KjprojError
from ..figures import Figure, HalfWidth, number, standard_error
from ..model import Number
from ..rows import Branch, Levels, Nuisance, Row, Tally, Unknown, wobble_name
from ..scales import Log
from ..text import Language
from ..units import UnitName, convert
from ..units import unit as unit_named
from .base import Evidence, check_count
from .bias import biases
from .periods import months_from_january


class Partial(Evidence):
    """`value` is what `period` ("Q1-Q3") of `year` brought; `share` is a belief about its share of a year's total.

    The share is one unknown for all years: every partial figure of the same period informs it. In a single year it
    differs by a relative `wobble`. The growth rate of the same part is evidence of kind "growth" with that `period`.
    """

    kind: Literal["partial"] = "partial"
    period: Annotated[str, Field(min_length=1, max_length=40)]
    value: Figure
    error: HalfWidth | None = None
    unit: UnitName | None = None
    share: Normal
    wobble: Annotated[Number, Field(gt=0, le=0.5)] = 0.01

    @model_validator(mode="after")
    def _is_a_share(self) -> Self:
        if not (0 < self.share.mean < 1 and self.share.sd < self.share.mean):
            raise ValueError(
                f"share is {self.share.mean:g} ± {self.share.sd:g}; expected a share of the year's total, such as 0.73 ± 0.03"
            )
        return self

    @property
    def subject(self) -> tuple[Hashable, ...]:
        """The part of the year counts too."""
        return (*super().subject, self.period)

    @property
    def months(self) -> int | None:
        """How many months from January on the period covers: 9 for "Q1-Q3"; None for any other period."""
        return months_from_january(self.period)

    def rows(self, levels: Levels, place: str) -> tuple[Row | Tally, ...]:
        """One row: ln total + ln share + wobble = ln value, the logarithm of the share taken as normal; of events a tally."""
        if levels.measure(self.indicator) == "events":
            count, part = round(self._value(levels)[0]), (self.share.mean, self.share.sd)
            return (Tally(self.indicator, self.year, count, place, part, self.period),)
        value, sd = self._value(levels)
        share = Nuisance(f"{self.indicator}: share of {self.period}", math.log(self.share.mean), self.share.sd / self.share.mean)
        wobble = Nuisance(wobble_name(self.indicator, self.period, self.year), 0.0, self.wobble)
        terms = ((Unknown(self.indicator, self.year), 1.0),)
        return (Row(terms, math.log(value), sd / value, place, nuisances=((share, 1.0), (wobble, 1.0), *biases(self))),)

    def branches(self) -> tuple[Branch, ...]:
        """None."""
        return ()

    def states(self, known: dict[int, float], levels: Levels) -> dict[int, float]:
        """No level of a whole year."""
        return {}

    def check(self, levels: Levels) -> None:
        """A flow on the scale log, above 0; or a number of events."""
        if levels.measure(self.indicator) == "events":
            check_count(self._value(levels)[0], self.indicator, self.year, levels)
            return
        if not isinstance(levels.scale(self.indicator), Log) or levels.measure(self.indicator) != "flow":
            raise KjprojError(f"a partial figure speaks of a flow on the scale log; {self.indicator} is not one")
        if self._value(levels)[0] <= 0:
            raise KjprojError(f"{self.value} in {self.period} of {self.year}; expected a figure above 0")

    def describe(self, lang: Language) -> str:
        """Value, unit and period."""
        return " ".join(filter(None, (self.value, self.unit, f"({self.year} {self.period})")))

    def _value(self, levels: Levels) -> tuple[float, float]:
        own = levels.unit(self.indicator)
        given = self.unit or own
        sd = standard_error(self.value, error=self.error, counts=unit_named(given).counts)
        return convert(number(self.value), given, own), convert(sd, given, own)
