"""A one-off change of level."""

from __future__ import annotations

from typing import Any, ClassVar, Literal, Self

import numpy as np

from ..beliefs import Parameter
from ..model import Number
from ..text import Language
from .base import Floats, Motion, word


class Step(Motion):
    """A change of level by `size`, on the scale, in `year`; nothing else moves. Use it as a part of a `Sum`.

    Args:
        year: the change is there from the end of this year on.
        size: how much, on the scale (on `Log`, 0.1 is about 10 %).
    """

    kind: Literal["step"] = "step"
    year: Number
    size: Parameter
    linear: ClassVar[tuple[str, ...]] = ("size",)

    @property
    def shocks(self) -> int:
        """None."""
        return 0

    def path(self, start: Any, dt: Floats, z: Floats) -> Floats:
        """Start, and from `year` on start + size."""
        ends = self.origin + np.cumsum(dt)
        there = (ends >= self.year - 1e-9) & (self.origin < self.year - 1e-9)
        still = np.zeros((*z.shape[:-2], 1))
        return np.asarray(np.asarray(start)[..., None] + still + self.size * there)

    def moments(self, start: float, elapsed: float) -> tuple[float, float]:
        """The path itself, and 0."""
        there = self.origin < self.year - 1e-9 and self.origin + elapsed >= self.year - 1e-9
        return start + self.size * there, 0.0

    @classmethod
    def examples(cls) -> tuple[Self, ...]:
        """A rise after two years, a fall after one."""
        return cls(year=2, size=0.3), cls(year=1, size=-0.1)

    def describe(self, lang: Language) -> str:
        """Year and size."""
        size = word(self.size, lang)
        return f"{self.year:g}年一次性变动{size}" if lang == "zh" else f"one-off change of {size} in {self.year:g}"
