"""A log-normal belief, for a positive parameter."""

from __future__ import annotations

import math
from typing import Literal, Self

import numpy as np
from pydantic import model_validator

from ..errors import KjprojError
from ..model import Positive
from ..text import Language
from .base import LARGEST_VOLATILITY, Belief, Floats, density_above_0


class LogNormal(Belief):
    """The parameter's logarithm is normal about ln `median` with standard deviation `sd_log`; cut at `upper`."""

    kind: Literal["log_normal"] = "log_normal"
    median: Positive
    sd_log: Positive
    upper: Positive = LARGEST_VOLATILITY

    @model_validator(mode="after")
    def _keeps_its_middle(self) -> Self:
        if self.median > self.upper:
            raise ValueError(f"median is {self.median:g}, above the cut at {self.upper:g}; give a larger upper")
        return self

    @property
    def gaussian(self) -> tuple[float, float] | None:
        """Not normal."""
        return None

    @property
    def center(self) -> float:
        """The median."""
        return self.median

    @property
    def support(self) -> tuple[float, float]:
        """Twelve standard deviations each way, cut at `upper`."""
        spread = math.exp(min(12 * self.sd_log, 50.0))
        return self.median / spread, min(self.median * spread, self.upper)

    def log_density(self, x: Floats) -> Floats:
        """The density of the logarithm, over x."""
        return density_above_0(self, x)

    def log_density_of_log(self, v: Floats) -> Floats:
        """−½((v − ln median)/sd_log)², cut at ln upper."""
        density = -0.5 * ((v - math.log(self.median)) / self.sd_log) ** 2
        return np.where(v <= math.log(self.upper) + 1e-12, density, -np.inf)

    def quantile(self, p: float) -> float:
        """By inverting the distribution function below the cut."""
        from scipy.special import ndtr, ndtri

        below = ndtr(math.log(self.upper / self.median) / self.sd_log)
        return float(self.median * np.exp(self.sd_log * ndtri(below * p)))

    def sample(self, rng: np.random.Generator, size: int) -> Floats:
        """Draw by inverting the distribution function below the cut."""
        from scipy.special import ndtr, ndtri

        below = ndtr(math.log(self.upper / self.median) / self.sd_log)
        return np.asarray(self.median * np.exp(self.sd_log * ndtri(below * (1.0 - rng.random(size)))))

    def scaled(self, factor: float) -> LogNormal:
        """Log-normal about `factor` times the median."""
        return self._about(self.median * factor)

    def shifted(self, by: float) -> LogNormal:
        """Log-normal about the median plus `by`."""
        if self.median + by <= 0:
            raise KjprojError(f"median {self.median:g} moved by {by:g} is not above 0")
        return self._about(self.median + by)

    def _about(self, median: float) -> LogNormal:
        return LogNormal(median=median, sd_log=self.sd_log, upper=max(self.upper, median))

    def widened(self, factor: float) -> LogNormal:
        """The same median, `factor` times the logarithm's spread."""
        return LogNormal(median=self.median, sd_log=self.sd_log * factor, upper=self.upper)

    def describe(self, lang: Language) -> str:
        """Median and factor."""
        times = math.exp(min(self.sd_log, 600.0))
        low, high = self.median / times, self.median * times
        between = "—" if lang == "zh" else " to "
        return f"{self.median:g} ({low:.2g}{between}{high:.2g})"
