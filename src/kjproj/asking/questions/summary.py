"""Everything at once: every target of the study answered."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ...model import Model
from ...projection import Projection
from ...show.summary import summary
from .base import Answer, Fields, Question, Say
from .coherence import Found

_COLUMNS = 120
"""The text is laid out for a page, not for the terminal in which a service happens to run."""


class GivenGrowth(Model):
    """The chance by the growth a year of an indicator that the target rests on."""

    indicator: str
    growth: tuple[float, ...]
    probability: tuple[float, ...]


class Chance(Model):
    """A chance, its range over the assumptions, and the chance under each of them."""

    probability: float
    stderr: float
    method: str
    low: float
    high: float
    moved_most_by: str | None
    under: dict[str, float]
    given: tuple[GivenGrowth, ...]


class Joint(Chance):
    """The chance of several targets together; `binding` is the least likely alone."""

    targets: tuple[str, ...]
    binding: str | None
    pair: bool


class TargetRow(Model):
    """A target: its figure, where the indicator stands, what is still needed, and its chance where there is one."""

    name: str
    indicator: str
    year: int
    kind: str
    unit: str
    goal: float | None
    bound: str
    least: float | None
    greatest: float | None
    status: Literal["open", "observed", "no_basis"]
    latest: float | None
    latest_year: int | None
    needed_a_year: float | None
    needed_as: Literal["rate", "points", "units"] | None
    yearly_path: Annotated[dict[str, float] | None, Field(description="by year")]
    pace_lead: float | None
    median: float | None
    low_80: float | None
    high_80: float | None
    own_data: float | None
    advice: str | None
    probability: float | None = None
    stderr: float | None = None
    method: str | None = None
    low: float | None = None
    high: float | None = None
    moved_most_by: str | None = None
    under: dict[str, float] | None = None
    given: tuple[GivenGrowth, ...] | None = None


class Nodes(Model):
    """How the integration nodes of a block were placed, and how evenly they are weighed."""

    kind: str
    nodes: int
    effective: float
    khat: float | None


class SummaryAnswer(Answer):
    """What `kjproj.summary` says, as data and as a screen; `nodes` by block and reading, `readings` the weights of breaks."""

    kind: Literal["summary"]
    targets: tuple[TargetRow, ...]
    joints: tuple[Joint, ...]
    readings: dict[str, float]
    findings: tuple[Found, ...]
    nodes: dict[str, dict[str, Nodes]]


class Summary(Question):
    """How likely is every target, alone and together, and what does the answer hang on?"""

    kind: Literal["summary"]
    gives: ClassVar = SummaryAnswer

    def ask(self, projection: Projection) -> tuple[Fields, Say]:
        """Return the answers about every target."""
        found = summary(projection)
        data = found.to_dict()
        shared = ("scenario", "as_of", "recipe")
        return {name: value for name, value in data.items() if name not in shared}, lambda lang: found.to_text(lang, _COLUMNS)
