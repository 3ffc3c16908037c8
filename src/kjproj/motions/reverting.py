"""Return to a level."""

from __future__ import annotations

from typing import Any, ClassVar, Literal, Self

import numpy as np
from pydantic import model_validator

from ..beliefs import Parameter
from ..text import Language
from .base import Floats, Motion, word


class Reverting(Motion):
    """Ornstein–Uhlenbeck process: dx = rate·(level − x)·dt + volatility·dW.

    On `Log` its median path is Gompertz's curve. A year's step keeps the share e^(−rate) of the distance to `level`
    and adds a shock of variance volatility²·(1 − e^(−2·rate))/(2·rate).
    Source: Uhlenbeck and Ornstein (1930), doi 10.1103/PhysRev.36.823.

    Args:
        level: the place on the scale to which it returns (on `Log`, the logarithm of a level).
        rate: share of the distance lost per year, in the limit of short steps; above 0.
        volatility: standard deviation of a short step's change, per square root of a year.
    """

    kind: Literal["reverting"] = "reverting"
    level: Parameter
    rate: Parameter
    volatility: Parameter
    linear: ClassVar[tuple[str, ...]] = ("level",)
    positive: ClassVar[tuple[str, ...]] = ("rate", "volatility")
    may_be_flat: ClassVar[tuple[str, ...]] = ("volatility",)

    @model_validator(mode="after")
    def _returns(self) -> Self:
        if self.rate == 0:
            raise ValueError("rate is 0; expected above 0 (without return the motion is brownian)")
        return self

    def path(self, start: Any, dt: Floats, z: Floats) -> Floats:
        """Exact steps: no error however long they are."""
        keep = np.exp(-self.rate * dt)
        spread = self.volatility * np.sqrt(-np.expm1(-2.0 * self.rate * dt) / (2.0 * self.rate))
        moves = -np.expm1(-self.rate * dt) * self.level + spread * z
        lead = np.broadcast_shapes(np.shape(start), keep.shape[:-1], moves.shape[:-1])
        path, place = np.empty((*lead, len(dt))), np.asarray(start, float)
        for k in range(len(dt)):
            place = path[..., k] = keep[..., k] * place + moves[..., k]
        return path

    def moments(self, start: float, elapsed: float) -> tuple[float, float]:
        """Level + (start − level)·e^(−rate·t), and the root of volatility²(1 − e^(−2·rate·t))/(2·rate)."""
        keep = np.exp(-self.rate * elapsed)
        variance = self.volatility**2 * -np.expm1(-2.0 * self.rate * elapsed) / (2.0 * self.rate)
        return float(self.level + (start - self.level) * keep), float(np.sqrt(variance))

    @classmethod
    def examples(cls) -> tuple[Self, ...]:
        """Slow and fast return."""
        return cls(level=4.6, rate=0.1, volatility=0.05), cls(level=-0.5, rate=1.5, volatility=0.3)

    def describe(self, lang: Language) -> str:
        """Level, rate and volatility."""
        level, rate, volatility = (word(p, lang) for p in (self.level, self.rate, self.volatility))
        if lang == "zh":
            return f"均值回复：趋向{level}，速度{rate}，年波动{volatility}"
        return f"return to {level} at rate {rate}, volatility {volatility}"
