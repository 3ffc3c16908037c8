"""Scales: which values an indicator can take, and where its changes add up.

A scale is a fact about an indicator; how the indicator moves on it is a `Motion`, an assumption.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from .model import Model, Number

__all__ = ["AnyScale", "Linear", "Log", "Logit", "Scale"]

Floats = NDArray[np.float64]


class Scale(Model):
    """A one-to-one, increasing map from levels to the real line. Arrays of any shape go in and come out.

    Levels are in the indicator's unit. A place so far out that no floating-point number lies between its level and a
    bound becomes the bound itself.
    """

    kind: str

    @property
    @abstractmethod
    def bounds(self) -> tuple[float, float]:
        """The open interval in which levels lie."""

    @abstractmethod
    def to_scale(self, level: Any) -> Any:
        """Return where levels lie on the scale."""

    @abstractmethod
    def to_level(self, x: Any) -> Any:
        """Return the levels at places on the scale."""

    @abstractmethod
    def slope(self, level: Any) -> Any:
        """Return the derivative of `to_scale` at levels."""

    def holds(self, level: float) -> bool:
        """Tell whether a level lies inside the bounds."""
        low, high = self.bounds
        return low < level < high

    def place(self, level: float) -> float:
        """Return where one level lies on the scale; −∞ and ∞ at and beyond the bounds."""
        low, high = self.bounds
        if level <= low:
            return -np.inf
        return np.inf if level >= high else float(self.to_scale(level))


class Linear(Scale):
    """The level itself: any value, changes add up as they are."""

    kind: Literal["linear"] = "linear"

    @property
    def bounds(self) -> tuple[float, float]:
        """Every finite number."""
        return -np.inf, np.inf

    def to_scale(self, level: Any) -> Any:
        """The level, as it is."""
        return np.asarray(level, float)

    def to_level(self, x: Any) -> Any:
        """Level = x."""
        return np.asarray(x, float)

    def slope(self, level: Any) -> Any:
        """1."""
        return np.ones_like(np.asarray(level, float))


class Log(Scale):
    """x = ln(level): positive values, changes are growth rates that compound."""

    kind: Literal["log"] = "log"

    @property
    def bounds(self) -> tuple[float, float]:
        """Above 0."""
        return 0.0, np.inf

    def to_scale(self, level: Any) -> Any:
        """The logarithm: x = ln(level)."""
        return np.log(level)

    def to_level(self, x: Any) -> Any:
        """Level = exp(x); infinite above x = 709.78, the largest number's logarithm."""
        with np.errstate(over="ignore", under="ignore"):
            return np.exp(x)

    def slope(self, level: Any) -> Any:
        """1/level."""
        return 1.0 / np.asarray(level, float)


class Logit(Scale):
    """x = ln((level − low)/(high − level)): values between two bounds, growth that saturates.

    The bounds are in the indicator's unit: 0 and 100 for a share in per cent.
    """

    kind: Literal["logit"] = "logit"
    low: Number = 0.0
    high: Number = 1.0

    @model_validator(mode="after")
    def _ordered(self) -> Logit:
        if not self.low < self.high:
            raise ValueError(f"low is {self.low} and high is {self.high}; expected low below high")
        return self

    @property
    def bounds(self) -> tuple[float, float]:
        """Between low and high."""
        return self.low, self.high

    def to_scale(self, level: Any) -> Any:
        """The log odds: x = ln((level − low)/(high − level))."""
        level = np.asarray(level, float)
        return np.log((level - self.low) / (self.high - level))

    def to_level(self, x: Any) -> Any:
        """Level = low + (high − low)/(1 + e^(−x)), from the nearer bound: no overflow, and never beyond."""
        x = np.asarray(x, float)
        with np.errstate(under="ignore"):
            e = np.exp(-np.abs(x))
        distance = (self.high - self.low) * (e / (1.0 + e))
        return np.where(x >= 0, self.high - distance, self.low + distance)

    def slope(self, level: Any) -> Any:
        """1/(level − low) + 1/(high − level)."""
        level = np.asarray(level, float)
        return 1.0 / (level - self.low) + 1.0 / (self.high - level)


AnyScale = Annotated[Linear | Log | Logit, Field(discriminator="kind")]
