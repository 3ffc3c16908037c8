"""A log-normal belief on a few points, for a positive parameter."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np

from ..errors import KjprojError
from ..model import Positive
from ..text import Language
from .base import Belief, Floats, density_above_0

_POINTS = {
    9: (np.arange(-4, 5) * 0.75, np.exp(-0.5 * (np.arange(-4, 5) * 0.75) ** 2)),
    3: (np.sqrt(3.0) * np.arange(-1, 2), np.array([1.0, 4.0, 1.0]) / 6.0),
}


class LogNormalRule(Belief):
    """The parameter is median·exp(sd_log·z), z on nine points from −3 to 3 or on Gauss and Hermite's three.

    Summed exactly where all coordinates of a block are of this kind and few; elsewhere it is the log-normal belief
    that its points stand for, cut at 3.375 standard deviations.
    """

    kind: Literal["log_normal_rule"] = "log_normal_rule"
    median: Positive
    sd_log: Positive
    points: Literal[3, 9] = 9

    @property
    def rule(self) -> tuple[Floats, Floats]:
        """The points of the parameter's logarithm, and the logarithms of their weights, which add up to 1."""
        z, weights = _POINTS[self.points]
        return math.log(self.median) + self.sd_log * z, np.log(weights / weights.sum())

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
        """The middle of the cells about the outermost of nine points: 3.375 standard deviations each way."""
        spread = math.exp(3.375 * self.sd_log)
        return self.median / spread, self.median * spread

    def log_density(self, x: Floats) -> Floats:
        """The density of the logarithm, over x."""
        return density_above_0(self, x)

    def log_density_of_log(self, v: Floats) -> Floats:
        """−½((v − ln median)/sd_log)², cut."""
        z = (v - math.log(self.median)) / self.sd_log
        return np.where(np.abs(z) <= 3.375 + 1e-9, -0.5 * z**2, -np.inf)

    def quantile(self, p: float) -> float:
        """That of the log-normal belief which the points stand for."""
        from scipy.special import ndtri

        return self.median * math.exp(self.sd_log * float(ndtri(p)))

    def sample(self, rng: np.random.Generator, size: int) -> Floats:
        """Draw points by their weights."""
        values, log_weights = self.rule
        return np.asarray(np.exp(rng.choice(values, size, p=np.exp(log_weights))))

    def scaled(self, factor: float) -> LogNormalRule:
        """The points multiplied."""
        return LogNormalRule(median=self.median * factor, sd_log=self.sd_log, points=self.points)

    def shifted(self, by: float) -> LogNormalRule:
        """About the median plus `by`."""
        if self.median + by <= 0:
            raise KjprojError(f"median {self.median:g} moved by {by:g} is not above 0")
        return self.scaled((self.median + by) / self.median)

    def widened(self, factor: float) -> LogNormalRule:
        """The same median, `factor` times the logarithm's spread."""
        return LogNormalRule(median=self.median, sd_log=self.sd_log * factor, points=self.points)

    def describe(self, lang: Language) -> str:
        """Median and factor."""
        times = math.exp(min(self.sd_log, 600.0))
        low, high = self.median / times, self.median * times
        between = "—" if lang == "zh" else " to "
        return f"{self.median:.3g} ({low:.2g}{between}{high:.2g})"
