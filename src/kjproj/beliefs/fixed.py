"""A parameter that is known."""

from __future__ import annotations

from typing import Literal

import numpy as np

from ..model import Number
from ..text import Language
from .base import Belief, Floats


class Fixed(Belief):
    """The parameter is known to be `value`."""

    kind: Literal["fixed"] = "fixed"
    value: Number

    @property
    def gaussian(self) -> tuple[float, float] | None:
        """The value, without error."""
        return self.value, 0.0

    @property
    def center(self) -> float:
        """The value."""
        return self.value

    @property
    def support(self) -> tuple[float, float]:
        """The value alone."""
        return self.value, self.value

    def log_density(self, x: Floats) -> Floats:
        """0 at the value, −∞ elsewhere."""
        return np.where(x == self.value, 0.0, -np.inf)

    def log_density_of_log(self, v: Floats) -> Floats:
        """0 at the value's logarithm, −∞ elsewhere."""
        return self.log_density(np.exp(v))

    def quantile(self, p: float) -> float:
        """The value."""
        return self.value

    def sample(self, rng: np.random.Generator, size: int) -> Floats:
        """Repeat the value."""
        return np.full(size, self.value)

    def scaled(self, factor: float) -> Fixed:
        """Known to be `factor` times the value."""
        return Fixed(value=self.value * factor)

    def shifted(self, by: float) -> Fixed:
        """Known to be the value plus `by`."""
        return Fixed(value=self.value + by)

    def widened(self, factor: float) -> Fixed:
        """What is known has no spread."""
        return self

    def describe(self, lang: Language) -> str:
        """The value."""
        return f"{self.value:g}"
