"""A beta belief, for a parameter between 0 and 1 such as a yearly chance."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np

from ..errors import KjprojError
from ..model import Positive
from ..text import Language
from .base import Belief, Floats, density_of_log

_OUT = 1e-87
_LEAST = 1e-300
_NEAREST_1 = 1.0 - 2.0**-53


class Beta(Belief):
    """The parameter has density ∝ x^(a − 1)·(1 − x)^(b − 1) between 0 and 1: about a/(a + b).

    As a belief about a yearly chance it is worth `a` years in which it happened and `b` in which it did not.
    """

    kind: Literal["beta"] = "beta"
    a: Positive
    b: Positive

    @property
    def gaussian(self) -> tuple[float, float] | None:
        """Not normal."""
        return None

    @property
    def center(self) -> float:
        """The mean, a/(a + b)."""
        return self.a / (self.a + self.b)

    @property
    def support(self) -> tuple[float, float]:
        """What leaves 1e-87 out at each end, inside 0 and 1."""
        from scipy.special import betainccinv, betaincinv

        low, high = float(betaincinv(self.a, self.b, _OUT)), float(betainccinv(self.a, self.b, _OUT))
        return max(low, _LEAST), min(max(high, 2 * _LEAST), _NEAREST_1)

    def log_density(self, x: Floats) -> Floats:
        """(a − 1)·ln x + (b − 1)·ln(1 − x) between 0 and 1."""
        inside = (x > 0) & (x < 1)
        y = np.where(inside, x, 0.5)
        return np.where(inside, (self.a - 1.0) * np.log(y) + (self.b - 1.0) * np.log1p(-y), -np.inf)

    def log_density_of_log(self, v: Floats) -> Floats:
        """The same of exp(v), plus v."""
        return density_of_log(self, v)

    def quantile(self, p: float) -> float:
        """By inverting the distribution function."""
        from scipy.special import betaincinv

        return float(betaincinv(self.a, self.b, p))

    def sample(self, rng: np.random.Generator, size: int) -> Floats:
        """Draw from the beta distribution."""
        return rng.beta(self.a, self.b, size)

    def scaled(self, factor: float) -> Beta:
        """`factor` times the mean, the same a: for small chances this is the law of the scaled one.

        Raises `KjprojError` where the mean would reach 1.
        """
        return self._about(self.center * factor, f"times {factor:g}")

    def shifted(self, by: float) -> Beta:
        """The mean plus `by`, the same a; raises `KjprojError` where the mean leaves 0 to 1."""
        return self._about(self.center + by, f"moved by {by:g}")

    def _about(self, mean: float, how: str) -> Beta:
        if not 0 < mean < 1:
            raise KjprojError(f"mean {self.center:g} {how} is not above 0 and below 1; move it less")
        return Beta(a=self.a, b=self.a * (1.0 - mean) / mean)

    def widened(self, factor: float) -> Beta:
        """The same mean, `factor` times the standard deviation; raises `KjprojError` where no beta is so wide."""
        total = self.a + self.b
        worth = (total + 1.0) / factor**2 - 1.0
        if worth <= 0:
            most = math.sqrt(total + 1.0)
            raise KjprojError(
                f"no beta belief about {self.center:g} is {factor:g} times as wide; use a factor below {most:.3g}"
            )
        return Beta(a=self.a * worth / total, b=self.b * worth / total)

    def describe(self, lang: Language) -> str:
        """Mean and standard deviation."""
        mean = self.center
        return f"{mean:.3g} ± {math.sqrt(mean * (1.0 - mean) / (self.a + self.b + 1.0)):.2g}"
