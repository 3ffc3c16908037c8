"""Indicators, and what is assumed about them one by one."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ..beliefs import Parameter
from ..events import AnyEvents
from ..forecasts import Given
from ..model import Model, Name, Number, Year
from ..motions import AnyMotion
from ..scales import AnyScale, Log
from ..text import Words
from ..units import UnitName


class Revision(Model):
    """How much an indicator's figures are revised later: a relative standard deviation, and why.

    It tells the reader that ratios to it depend on the vintage. A figure that is to be read with it names a `bias`.
    """

    sd: Annotated[Number, Field(gt=0, le=0.5)]
    reason: Words


class Indicator(Model):
    """A yearly quantity: its unit, its scale, and how it moves.

    `motion` gives beliefs of one's own; `reference_class` borrows them from similar series elsewhere, `beliefs` puts
    own ones in the place of some of these, `candidates` are classes that might serve as well (those that the class names
    unless given), and `region` says what kind of place the indicator is about (a class of larger regions is widened). With neither, and without an identity that derives it, there is no basis for an answer.

    `measure` says what a year's figure is: "flow" a total of the year, "stock" a level at its end, "ratio" a quotient,
    "events" a number of events in the year, "milestone" whether something has happened by its end. The last two do not
    move on a scale: `events` is the belief about them.

    `given` is another tool's forecast. In its years it takes the place of motion and class, and of what scenarios and steps
    say of them.

    `place` is the place that it is about, where that is not the study's; with `peer_of` it is the same statistic as that
    indicator, there: "R&D spending of Hengyang" is a peer of "R&D spending". Peers are ranked, and nothing else.
    """

    name: Name
    label: Words | None = None
    aliases: tuple[str, ...] = ()
    unit: UnitName
    measure: Literal["flow", "stock", "ratio", "events", "milestone"] = "flow"
    prices: Literal["current", "constant"] | None = None
    scale: AnyScale = Log()
    reference_class: str | None = None
    candidates: tuple[str, ...] | None = None
    region: Literal["country", "province", "city", "county"] | None = None
    place: Words | None = None
    peer_of: Name | None = None
    beliefs: dict[Literal["drift", "volatility"], Parameter] | None = None
    motion: AnyMotion | None = None
    events: AnyEvents | None = None
    given: Given | None = None
    revision: Revision | None = None
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
