"""A normal belief."""

from __future__ import annotations

from typing import Literal

import numpy as np

from ..model import Number, Positive
from ..text import Language
from .base import Belief, Floats, density_of_log


class Normal(Belief):
    """The parameter is about `mean`, give or take `sd`."""

    kind: Literal["normal"] = "normal"
    mean: Number
    sd: Positive

    @property
    def gaussian(self) -> tuple[float, float] | None:
        """Mean and standard deviation."""
        return self.mean, self.sd

    @property
    def center(self) -> float:
        """The mean."""
        return self.mean

    @property
    def support(self) -> tuple[float, float]:
        """Twelve standard deviations each way."""
        return self.mean - 12 * self.sd, self.mean + 12 * self.sd

    def log_density(self, x: Floats) -> Floats:
        """−½((x − mean)/sd)²."""
        return -0.5 * ((x - self.mean) / self.sd) ** 2

    def log_density_of_log(self, v: Floats) -> Floats:
        """The same of exp(v), cut below 0."""
        return density_of_log(self, v)

    def quantile(self, p: float) -> float:
        """Mean + sd·z."""
        from scipy.special import ndtri

        return self.mean + self.sd * float(ndtri(p))

    def sample(self, rng: np.random.Generator, size: int) -> Floats:
        """Draw from the normal distribution."""
        return rng.normal(self.mean, self.sd, size)

    def scaled(self, factor: float) -> Normal:
        """Normal about `factor` times the mean."""
        return Normal(mean=self.mean * factor, sd=self.sd * abs(factor))

    def shifted(self, by: float) -> Normal:
        """Normal about the mean plus `by`."""
        return Normal(mean=self.mean + by, sd=self.sd)

    def widened(self, factor: float) -> Normal:
        """The same mean, `factor` times the standard deviation."""
        return Normal(mean=self.mean, sd=self.sd * factor)

    def describe(self, lang: Language) -> str:
        """Mean and standard deviation."""
        return f"{self.mean:g} ± {self.sd:g}"
