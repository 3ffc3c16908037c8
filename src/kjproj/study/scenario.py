"""Scenarios: named sets of changes to the assumptions."""

from __future__ import annotations

from typing import Self

from pydantic import model_validator

from ..beliefs import Parameter
from ..model import Model, Name
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


class Scenario(Model):
    """A named set of changes, with the reason for them."""

    name: Name
    label: Words | None = None
    reason: Words
    changes: tuple[Change, ...] = ()
