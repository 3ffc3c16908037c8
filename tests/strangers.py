"""Motions that somebody else wrote: a sound one, one that is not Gaussian, and some with planted faults."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import numpy as np

from kjproj.beliefs import Parameter
from kjproj.motions import Motion
from kjproj.motions.base import Floats
from kjproj.text import Language


class Walk(Motion):
    """A sound random walk with drift, from which the faulty ones differ in one thing."""

    kind: str = "walk"
    drift: Parameter
    volatility: Parameter
    linear: ClassVar[tuple[str, ...]] = ("drift",)
    positive: ClassVar[tuple[str, ...]] = ("volatility",)

    def path(self, start: Any, dt: Floats, z: Floats) -> Any:
        return np.asarray(start)[..., None] + np.cumsum(self.drift * dt + self.volatility * np.sqrt(dt) * z, axis=-1)

    def moments(self, start: float, elapsed: float) -> tuple[float, float]:
        return start + self.drift * elapsed, self.volatility * elapsed**0.5

    @classmethod
    def examples(cls) -> tuple[Self, ...]:
        return (cls(drift=0.05, volatility=0.1), cls(drift=-0.3, volatility=0.01))

    def describe(self, lang: Language) -> str:
        return "walk"


class Wave(Motion):
    """Two shocks a step, each remembered for its own time: the sum of two Ornstein–Uhlenbeck processes about 0."""

    kind: str = "wave"
    fast: Parameter
    slow: Parameter
    size: Parameter
    positive: ClassVar[tuple[str, ...]] = ("fast", "slow", "size")

    @property
    def shocks(self) -> int:
        return 2

    def path(self, start: Any, dt: Floats, z: Floats) -> Any:
        total = np.asarray(start)[..., None] + np.zeros(len(dt))
        for k, rate in enumerate((self.fast, self.slow)):
            keep = np.exp(-rate * dt) + 0 * z[..., k, :]
            kick = self.size * np.sqrt(1 - np.exp(-2 * rate * dt)) * z[..., k, :]
            place, places = np.zeros(kick.shape[:-1]), []
            for step in range(len(dt)):
                place = keep[..., step] * place + kick[..., step]
                places.append(place)
            total = total + np.stack(places, axis=-1)
        return total

    def moments(self, start: float, elapsed: float) -> tuple[float, float]:
        variance = sum(self.size**2 * (1 - np.exp(-2 * rate * elapsed)) for rate in (self.fast, self.slow))
        return start, float(np.sqrt(variance))

    @classmethod
    def examples(cls) -> tuple[Self, ...]:
        return (cls(fast=2.0, slow=0.2, size=0.1),)

    def describe(self, lang: Language) -> str:
        return "wave"


class Skewed(Walk):
    """Not affine in its shocks: yearly log-normal leaps. All but `affine` can hold, where steps are whole draws."""

    kind: str = "skewed"

    def path(self, start: Any, dt: Floats, z: Floats) -> Any:
        walk = np.cumsum(np.sqrt(dt) * z, axis=-1)
        return np.asarray(start)[..., None] + self.drift * np.cumsum(dt) + np.expm1(self.volatility * walk)

    def moments(self, start: float, elapsed: float) -> tuple[float, float]:
        s2 = self.volatility**2 * elapsed
        return start + self.drift * elapsed + float(np.expm1(s2 / 2)), float(np.sqrt(np.expm1(s2) * np.exp(s2)))
