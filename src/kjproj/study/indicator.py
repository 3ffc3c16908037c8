"""Indicators, and what is assumed about them one by one."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ..beliefs import Parameter
from ..model import Model, Name, Number, Year
from ..motions import AnyMotion
from ..scales import AnyScale, Log
from ..text import Words
from ..units import UnitName


class Indicator(Model):
    """A yearly quantity: its unit, its scale, and how it moves.

    `motion` gives beliefs of one's own; `reference_class` borrows them from similar series elsewhere. With neither,
    and without an identity that derives it, there is no basis for an answer.
    """

    name: Name
    label: Words | None = None
    aliases: tuple[str, ...] = ()
    unit: UnitName
    measure: Literal["flow", "stock", "ratio"] = "flow"
    prices: Literal["current", "constant"] | None = None
    scale: AnyScale = Log()
    reference_class: str | None = None
    motion: AnyMotion | None = None
    note: Words | None = None


class Correlation(Model):
    """The correlation of the yearly shocks of two indicators."""

    between: tuple[Name, Name]
    value: Annotated[Number, Field(ge=-1, le=1)]
    reason: Words


class StepChange(Model):
    """An assumed one-off change of an indicator: `size` on its scale, there from the end of `year` on."""

    indicator: Name
    year: Year
    size: Parameter
    reason: Words
