"""A belief elicited from a person: low, most likely, high."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from ..errors import KjprojError
from ..model import Number
from ..text import Language
from .base import Belief, Floats, density_of_log

_LEAST_SHARE = 2e-3
"""The least mass on one side of the mode that `from_quantiles` considers: beyond it the belief is half a normal."""


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

    @classmethod
    def from_quantiles(cls, values: Sequence[float], at: Sequence[float] = (0.1, 0.5, 0.9)) -> Elicited:
        """Return the belief with three given quantiles: `values` are not exceeded with the probabilities `at`.

        With w the mass below the mode, (Q(p₂) − Q(p₁))/(Q(p₃) − Q(p₁)) rises in w and in nothing else; w is found by
        bisection, and location and scale follow. Raises `KjprojError` for values or probabilities that do not rise, and
        where the values are more lopsided than half a normal distribution.
        """
        _require_rising(values, at)
        v1, v2, v3 = values
        least, greatest = cls.middles(v1, v3, at)
        if not least <= v2 <= greatest:
            raise KjprojError(
                f"{v1:g}, {v2:g} and {v3:g} are too lopsided for a two-piece normal belief: between {v1:g} and {v3:g} the middle "
                f"may lie from {least:.3g} to {greatest:.3g}"
            )
        wanted, low, high = (v2 - v1) / (v3 - v1), _LEAST_SHARE, 1.0 - _LEAST_SHARE
        for _ in range(100):
            share = 0.5 * (low + high)
            low, high = (share, high) if _middle(share, at) < wanted else (low, share)
        total = (v3 - v1) / (_quantile(share, at[2]) - _quantile(share, at[0]))
        mode = v1 - total * _quantile(share, at[0])
        room = min(share, 1.0 - share)
        even = abs(at[0] + at[2] - 1.0) < 1e-12 and at[0] <= 0.25
        tail = at[0] if even and at[0] < 0.95 * room else min(0.05, 0.5 * room)
        ends = (mode + total * _quantile(share, p) for p in (tail, 1.0 - tail))
        return cls(low=next(ends), mode=mode, high=next(ends), probability=1.0 - 2.0 * tail)

    @staticmethod
    def middles(low: float, high: float, at: Sequence[float] = (0.1, 0.5, 0.9)) -> tuple[float, float]:
        """Return the least and the greatest middle value that may stand between two outer quantiles."""
        least, greatest = (_middle(share, at) for share in (_LEAST_SHARE, 1.0 - _LEAST_SHARE))
        return low + least * (high - low), low + greatest * (high - low)

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
    def sd(self) -> float:
        """√((1 − 2/π)(s₂ − s₁)² + s₁s₂)."""
        s1, s2 = self.spreads
        return math.sqrt((1.0 - 2.0 / math.pi) * (s2 - s1) ** 2 + s1 * s2)

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


def _quantile(share: float, p: float) -> float:
    """Return the p-quantile of the two-piece normal with mode 0, s₁ = share and s₂ = 1 − share."""
    from statistics import NormalDist

    inverse = NormalDist().inv_cdf
    return share * inverse(p / (2 * share)) if p <= share else -(1 - share) * inverse((1 - p) / (2 * (1 - share)))


def _middle(share: float, at: Sequence[float]) -> float:
    """Return how far the second of three quantiles lies on the way from the first to the third."""
    first, second, third = (_quantile(share, p) for p in at)
    return (second - first) / (third - first)


def _require_rising(values: Sequence[float], at: Sequence[float]) -> None:
    for name, found, low, high in (("values", values, -math.inf, math.inf), ("at", at, 0.0, 1.0)):
        inside = len(found) == 3 and all(isinstance(x, int | float) and low < x < high for x in found)
        if not inside or not found[0] < found[1] < found[2]:
            between = " between 0 and 1, such as (0.1, 0.5, 0.9)" if name == "at" else ""
            raise KjprojError(f"{name} are {tuple(found)!r}; expected three numbers that rise{between}")
