"""Random walk with drift."""

from __future__ import annotations

from typing import Any, ClassVar, Literal, Self

import numpy as np

from ..beliefs import Parameter
from ..text import Language
from .base import Floats, Motion, word


class Brownian(Motion):
    """Brownian motion with drift: dx = drift·dt + volatility·dW.

    On `Log` it is geometric Brownian motion, and with zero volatility plain compound growth at e^drift − 1 a year.

    Args:
        drift: change on the scale a year.
        volatility: standard deviation of a year's change.
    """

    kind: Literal["brownian"] = "brownian"
    drift: Parameter
    volatility: Parameter
    linear: ClassVar[tuple[str, ...]] = ("drift",)
    positive: ClassVar[tuple[str, ...]] = ("volatility",)
    may_be_flat: ClassVar[tuple[str, ...]] = ("volatility",)

    def path(self, start: Any, dt: Floats, z: Floats) -> Floats:
        """Start + Σ (drift·dt + volatility·√dt·z)."""
        steps = self.drift * dt + self.volatility * np.sqrt(dt) * z
        return np.asarray(np.asarray(start)[..., None] + np.cumsum(steps, axis=-1))

    def moments(self, start: float, elapsed: float) -> tuple[float, float]:
        """Start + drift·t and volatility·√t."""
        return start + self.drift * elapsed, self.volatility * elapsed**0.5

    @classmethod
    def examples(cls) -> tuple[Self, ...]:
        """A usual one, a falling one, and compound growth without shocks."""
        return (
            cls(drift=0.07, volatility=0.05),
            cls(drift=-0.02, volatility=0.2),
            cls(drift=0.1, volatility=0.0),
        )

    def describe(self, lang: Language) -> str:
        """Drift and volatility."""
        drift, volatility = word(self.drift, lang), word(self.volatility, lang)
        if lang == "zh":
            return f"带漂移的随机游走：年均变动{drift}，年波动{volatility}"
        return f"random walk with drift: {drift} a year, volatility {volatility}"
