"""Scenarios: named sets of changes to the assumptions."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from ..beliefs import Parameter
from ..model import Model, Name, Number
from ..motions import AnyMotion
from ..text import Words


class Change(Model):
    """Another belief about one indicator: a parameter of its motion, or the whole motion."""

    indicator: Name
    drift: Parameter | None = None
    volatility: Parameter | None = None
    level: Parameter | None = None
    rate: Parameter | None = None
    motion: AnyMotion | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if (self.motion is None) == (not self.parameters):
            raise ValueError("give parameters to change (drift, volatility, level, rate), or a whole motion")
        return self

    @property
    def parameters(self) -> dict[str, Parameter]:
        """The parameters that are changed."""
        names = ("drift", "volatility", "level", "rate")
        return {name: getattr(self, name) for name in names if getattr(self, name) is not None}


class Commitment(Model):
    """An interim target that is kept with a stated credibility: a coin.

    With probability `credibility` the paths are those that meet the target, else all of them. Never a soft figure: that
    would lower a strong trend.
    """

    target: str
    credibility: Annotated[Number, Field(ge=0, le=1)]
    reason: Words


class Scenario(Model):
    """A named set of changes and commitments, with the reason for them.

    `weight` says how likely it is beside the other scenarios that carry one: their chances are averaged with it where
    that is asked for. It changes no chance of the scenario itself.
    """

    name: Name
    label: Words | None = None
    reason: Words
    changes: tuple[Change, ...] = ()
    commitments: Annotated[tuple[Commitment, ...], Field(max_length=12)] = ()
    weight: Annotated[Number, Field(ge=0, le=1)] | None = None
