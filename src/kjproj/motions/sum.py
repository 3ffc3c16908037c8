"""Motions add."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Self

import numpy as np
from pydantic import Field

from ..text import Language
from .base import Floats, Motion
from .brownian import Brownian
from .step import Step

if TYPE_CHECKING:
    Part = Motion
else:
    Part = "AnyMotion"


class Sum(Motion):
    """The sum of motions with shocks of their own. The first part starts at the start, the others at 0.

    Correlations between indicators are those of the first shock of each.
    """

    kind: Literal["sum"] = "sum"
    parts: tuple[Part, ...] = Field(min_length=1, max_length=20)

    @property
    def shocks(self) -> int:
        """Those of the parts."""
        return sum(part.shocks for part in self.parts)

    def path(self, start: Any, dt: Floats, z: Floats) -> Floats:
        """Add the parts' paths."""
        stacked = z[..., None, :] if self.shocks == 1 else z
        total, first = np.zeros(len(dt)), 0
        for part in self.parts:
            own = stacked[..., first : first + part.shocks, :]
            total = total + part.path(start, dt, own[..., 0, :] if part.shocks == 1 else own)
            start, first = 0.0, first + part.shocks
        return total

    def moments(self, start: float, elapsed: float) -> tuple[float, float]:
        """Means and variances add."""
        pairs = [part.moments(start if i == 0 else 0.0, elapsed) for i, part in enumerate(self.parts)]
        return sum(mean for mean, _ in pairs), sum(sd**2 for _, sd in pairs) ** 0.5

    @classmethod
    def examples(cls) -> tuple[Self, ...]:
        """Growth with a step; a walk with a fading wave on top."""
        from .reverting import Reverting

        walk = Brownian(drift=0.05, volatility=0.1)
        return (
            cls(parts=(walk, Step(year=2, size=0.2))),
            cls(parts=(walk, Reverting(level=0.0, rate=0.8, volatility=0.05))),
        )

    def describe(self, lang: Language) -> str:
        """The parts."""
        return ("；" if lang == "zh" else "; ").join(part.describe(lang) for part in self.parts)
