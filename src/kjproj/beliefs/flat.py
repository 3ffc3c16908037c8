"""No preference at all."""

from __future__ import annotations

from typing import Literal

import numpy as np

from ..errors import KjprojError
from ..text import Language
from .base import Belief, Floats

SMALLEST = 1e-4
LARGEST = 1e13


class Flat(Belief):
    """Flat on the line for a drift or a level; flat in the logarithm, from 0.0001 a year up, for a volatility.

    Under it a series of exact levels has Student's t as its predictive distribution: the classical prediction
    interval of a random walk with estimated drift and volatility.
    """

    kind: Literal["flat"] = "flat"

    @property
    def gaussian(self) -> tuple[float, float] | None:
        """Centre 0, spread without bound."""
        return 0.0, np.inf

    @property
    def center(self) -> float:
        """A twentieth: 5 % a year."""
        return 0.05

    @property
    def support(self) -> tuple[float, float]:
        """From 0.0001 up, for a positive parameter; without an upper cut in practice."""
        return SMALLEST, LARGEST

    def log_density(self, x: Floats) -> Floats:
        """0 everywhere."""
        return np.zeros_like(x)

    def log_density_of_log(self, v: Floats) -> Floats:
        """0 everywhere."""
        return np.zeros_like(v)

    def quantile(self, p: float) -> float:
        """Refused: a flat belief has none."""
        raise KjprojError("a flat belief has no quantiles; give a belief that adds up to 1, such as normal")

    def sample(self, rng: np.random.Generator, size: int) -> Floats:
        """Refused: a flat belief is not a distribution."""
        raise KjprojError("a flat belief cannot be drawn from; give a belief that adds up to 1, such as normal")

    def scaled(self, factor: float) -> Flat:
        """Flat again."""
        return self

    def shifted(self, by: float) -> Flat:
        """Flat again."""
        return self

    def widened(self, factor: float) -> Flat:
        """Flat again."""
        return self

    def describe(self, lang: Language) -> str:
        """No preference."""
        return "无先验" if lang == "zh" else "no preference"
