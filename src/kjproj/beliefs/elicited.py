"""A belief elicited from a person: low, most likely, high."""

from __future__ import annotations

import math
from functools import cached_property
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from ..model import Number
from ..text import Language
from .base import Belief, Floats, density_of_log


class Elicited(Belief):
    """"Between `low` and `high` with `probability`, most likely `mode`": a two-piece normal distribution.

    The two halves of the normal have standard deviations s₁ below and s₂ above the mode; a value below `low` and
    one above `high` are equally likely. Source: Wallis (2014), Statistical Science 29(1), doi 10.1214/13-STS417.
    """

    kind: Literal["elicited"] = "elicited"
    low: Number
    mode: Number
    high: Number
    probability: Annotated[Number, Field(ge=0.5, le=0.999)] = 0.9

    @model_validator(mode="after")
    def _ordered(self) -> Elicited:
        if not self.low < self.mode < self.high:
            raise ValueError(
                f"low, mode, high are {self.low:g}, {self.mode:g}, {self.high:g}; expected low below mode below high"
            )
        return self

    @cached_property
    def spreads(self) -> tuple[float, float]:
        """The standard deviations below and above the mode."""
        from statistics import NormalDist

        quantile, tail = NormalDist().inv_cdf, (1.0 - self.probability) / 2.0
        below, above = self.mode - self.low, self.high - self.mode

        def distances(share: float) -> tuple[float, float]:
            return -quantile(tail / (2 * share)), -quantile(tail / (2 * (1 - share)))

        low, high = tail, 1.0 - tail  # the share of the mass below the mode, s1/(s1 + s2), found by bisection
        for _ in range(100):
            share = 0.5 * (low + high)
            z1, z2 = distances(share)
            low, high = (share, high) if below * z2 * (1 - share) > above * z1 * share else (low, share)
        z1, z2 = distances(share)
        odds = share / (1 - share)
        return (below / z1, below / z1 / odds) if odds > 1 else (above / z2 * odds, above / z2)

    @property
    def mean(self) -> float:
        """Mode + √(2/π)(s₂ − s₁)."""
        s1, s2 = self.spreads
        return self.mode + math.sqrt(2.0 / math.pi) * (s2 - s1)

    @property
    def median(self) -> float:
        """The value that is exceeded with probability one half."""
        from statistics import NormalDist

        s1, s2 = self.spreads
        if s1 >= s2:
            return self.mode + s1 * NormalDist().inv_cdf((s1 + s2) / (4.0 * s1))
        return self.mode - s2 * NormalDist().inv_cdf((s1 + s2) / (4.0 * s2))

    @property
    def gaussian(self) -> tuple[float, float] | None:
        """Not normal."""
        return None

    @property
    def center(self) -> float:
        """The mode."""
        return self.mode

    @property
    def support(self) -> tuple[float, float]:
        """Twelve standard deviations each way."""
        s1, s2 = self.spreads
        return self.mode - 12 * s1, self.mode + 12 * s2

    def log_density(self, x: Floats) -> Floats:
        """−½((x − mode)/s)² with s of its side."""
        s1, s2 = self.spreads
        return -0.5 * ((x - self.mode) / np.where(x < self.mode, s1, s2)) ** 2

    def log_density_of_log(self, v: Floats) -> Floats:
        """The same of exp(v), cut below 0."""
        return density_of_log(self, v)

    def quantile(self, p: float) -> float:
        """Mode + s·z with s of its side."""
        from statistics import NormalDist

        s1, s2 = self.spreads
        share, z = s1 / (s1 + s2), NormalDist().inv_cdf
        return self.mode + (s1 * z(p / (2.0 * share)) if p <= share else -s2 * z((1.0 - p) / (2.0 * (1.0 - share))))

    def sample(self, rng: np.random.Generator, size: int) -> Floats:
        """Draw a side, then a half-normal distance."""
        s1, s2 = self.spreads
        distance = np.abs(rng.standard_normal(size))
        return self.mode + np.where(rng.random(size) < s1 / (s1 + s2), -s1, s2) * distance

    def scaled(self, factor: float) -> Elicited:
        """All three multiplied."""
        low, high = sorted((self.low * factor, self.high * factor))
        return Elicited(low=low, mode=self.mode * factor, high=high, probability=self.probability)

    def shifted(self, by: float) -> Elicited:
        """All three moved."""
        return Elicited(low=self.low + by, mode=self.mode + by, high=self.high + by, probability=self.probability)

    def widened(self, factor: float) -> Elicited:
        """The same mode, both distances multiplied."""
        low, high = self.mode - factor * (self.mode - self.low), self.mode + factor * (self.high - self.mode)
        return Elicited(low=low, mode=self.mode, high=high, probability=self.probability)

    def describe(self, lang: Language) -> str:
        """The three figures."""
        if lang == "zh":
            return f"{self.low:g}—{self.high:g}，最可能{self.mode:g}（{self.probability:.0%}）"
        return f"{self.low:g} to {self.high:g}, most likely {self.mode:g} ({self.probability:.0%})"
