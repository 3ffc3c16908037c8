"""A gamma belief, for a positive parameter such as a yearly rate of events."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np

from ..errors import KjprojError
from ..model import Positive
from ..text import Language
from .base import Belief, Floats, density_above_0

_OUT = 1e-87
_LEAST = 1e-300


class Gamma(Belief):
    """The parameter has density ∝ x^(shape − 1)·exp(−rate·x): about shape/rate, give or take √shape/rate.

    As a belief about how many events a year brings it is worth `shape` events seen in `rate` years.
    """

    kind: Literal["gamma"] = "gamma"
    shape: Positive
    rate: Positive

    @property
    def gaussian(self) -> tuple[float, float] | None:
        """Not normal."""
        return None

    @property
    def center(self) -> float:
        """The mean, shape/rate."""
        return self.shape / self.rate

    @property
    def support(self) -> tuple[float, float]:
        """What leaves 1e-87 out at each end, never below 1e-300."""
        from scipy.special import gammainccinv, gammaincinv

        low, high = float(gammaincinv(self.shape, _OUT)), float(gammainccinv(self.shape, _OUT))
        return max(low / self.rate, _LEAST), max(high / self.rate, 2 * _LEAST)

    def log_density(self, x: Floats) -> Floats:
        """(shape − 1)·ln x − rate·x above 0."""
        return density_above_0(self, x)

    def log_density_of_log(self, v: Floats) -> Floats:
        """shape·v − rate·exp(v)."""
        with np.errstate(over="ignore"):
            return self.shape * v - self.rate * np.exp(v)

    def quantile(self, p: float) -> float:
        """By inverting the distribution function."""
        from scipy.special import gammaincinv

        return float(gammaincinv(self.shape, p)) / self.rate

    def sample(self, rng: np.random.Generator, size: int) -> Floats:
        """Draw from the gamma distribution."""
        return rng.gamma(self.shape, 1.0 / self.rate, size)

    def scaled(self, factor: float) -> Gamma:
        """The same shape, the rate over `factor`."""
        return Gamma(shape=self.shape, rate=self.rate / factor)

    def shifted(self, by: float) -> Gamma:
        """The mean plus `by`, the same shape."""
        if self.center + by <= 0:
            raise KjprojError(f"mean {self.center:g} moved by {by:g} is not above 0")
        return self.scaled(1.0 + by / self.center)

    def widened(self, factor: float) -> Gamma:
        """The same mean, `factor` times the standard deviation."""
        return Gamma(shape=self.shape / factor**2, rate=self.rate / factor**2)

    def describe(self, lang: Language) -> str:
        """Mean and standard deviation."""
        return f"{self.center:g} ± {math.sqrt(self.shape) / self.rate:.2g}"
