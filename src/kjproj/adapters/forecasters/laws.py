"""The law of one level to come: a mixture of normals on its scale."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp, ndtr

from ...numerics import log_normal_moments, logistic_normal_moments, normal_moments
from ...numerics.mixtures import quantile
from ...scales import Logit, Scale

Floats = NDArray[np.float64]
_LOG_ROOT_2PI = 0.5 * np.log(2.0 * np.pi)
_MOMENTS: Mapping[str, ModuleType] = {
    "linear": normal_moments,
    "log": log_normal_moments,
    "logit": logistic_normal_moments,
}
"""By scale: the moments of what lies on (−∞, ∞), (0, ∞) and (0, 1); a level is low + width times that."""


@dataclass(frozen=True, eq=False)
class LevelLaw:
    """The law of a level whose place on its scale is a mixture of K normals.

    Attributes:
        scale: the scale, in the unit of the levels.
        weights, mean, sd: (K,), the weights adding up to 1, the deviations above 0; all NaN where nothing is known.
        tail: the places have moments below it only; infinite where a belief bounds the volatility.
    """

    scale: Scale
    weights: Floats
    mean: Floats
    sd: Floats
    tail: float = np.inf

    @classmethod
    def unknown(cls, scale: Scale) -> LevelLaw:
        """Return the law of a level of which nothing can be said: every answer is NaN."""
        return cls(scale, *np.full((3, 1), np.nan))

    def __deepcopy__(self, memo: Any) -> LevelLaw:
        return self

    @property
    def is_known(self) -> bool:
        """Tell whether anything is known."""
        return bool(np.isfinite(self.weights).all())

    def cdf(self, level: Any) -> Floats:
        """The chance of `level` or less; levels of any shape."""
        level = np.asarray(level, float)
        low, high = self.scale.bounds
        with np.errstate(divide="ignore", invalid="ignore"):
            found = ndtr(self._away(level)) @ self.weights
        return np.asarray(np.select([level <= low, level >= high], [0.0 * self._nothing, 1.0 + self._nothing], found))

    def log_density(self, level: Any) -> Floats:
        """The log density at levels of any shape; −∞ outside the scale's bounds."""
        level = np.asarray(level, float)
        low, high = self.scale.bounds
        with np.errstate(divide="ignore", invalid="ignore"):
            z = self._away(level)
            bells = np.log(self.weights) - np.log(self.sd) - 0.5 * z * z - _LOG_ROOT_2PI
            found = logsumexp(bells, axis=-1) + np.log(self.scale.slope(level))
        return np.asarray(np.where((level <= low) | (level >= high), self._nothing - np.inf, found))

    def density(self, level: Any) -> Floats:
        """The density at levels of any shape."""
        return np.asarray(np.exp(self.log_density(level)))

    def quantile(self, p: Any) -> Floats:
        """The quantiles for probabilities of any shape; the scale's bounds at 0 and 1."""
        p = np.asarray(p, float)
        found = np.array(np.select([p == 0.0, p == 1.0], [*self.scale.bounds], np.nan) + self._nothing)
        between = (p > 0.0) & (p < 1.0)
        if self.is_known and between.any():
            found[between] = self.scale.to_level(quantile(self.weights, self.mean, self.sd, p[between]))
        return found

    def sample(self, rng: Any, n: int) -> Floats:
        """Return n draws (n,); `rng` is a numpy `Generator` or `RandomState`."""
        if not self.is_known:
            return np.full(n, np.nan)
        k = rng.choice(len(self.weights), n, p=self.weights)
        return np.asarray(self.scale.to_level(self.mean[k] + self.sd[k] * rng.standard_normal(n)))

    @property
    def median(self) -> float:
        """The level that is exceeded with probability one half."""
        return float(self.quantile(0.5))

    @property
    def expectation(self) -> float:
        """The mean; under flat beliefs infinite on `Log`, and NaN on `Linear` at one degree of freedom."""
        share = self._moment("mean", 1.0)
        return np.nan if self.scale.kind == "linear" and np.isinf(share) else self._low + self._width * share

    @property
    def variance(self) -> float:
        """The variance; under flat beliefs infinite on `Log`, and on `Linear` up to two degrees of freedom."""
        return self._width**2 * self._moment("variance", 2.0)

    def distance(self, level: float) -> float:
        """E|X − level| of a level X; infinite where there is no mean."""
        return self._width * self._moment("distance", 1.0, (level - self._low) / self._width)

    @property
    def mean_distance(self) -> float:
        """E|X − Y| of two independent levels; infinite where there is no mean."""
        return self._width * self._moment("mean_distance", 1.0)

    def _moment(self, name: str, order: float, *at: float) -> float:
        """Return a moment of what the level is `low` plus `width` times of; infinite below its order, NaN if unknown."""
        if not self.is_known:
            return np.nan
        kind = self.scale.kind
        if np.isinf(self.tail) or kind == "logit" or (kind == "linear" and self.tail > order):
            return float(getattr(_MOMENTS[kind], name)(self.weights, self.mean, self.sd, *at))
        return np.inf

    def _away(self, level: Floats) -> Floats:
        return np.asarray((np.asarray(self.scale.to_scale(level))[..., None] - self.mean) / self.sd)

    @property
    def _nothing(self) -> float:
        """0, and NaN where nothing is known."""
        return 0.0 if self.is_known else np.nan

    @property
    def _low(self) -> float:
        return self.scale.low if isinstance(self.scale, Logit) else 0.0

    @property
    def _width(self) -> float:
        return self.scale.high - self.scale.low if isinstance(self.scale, Logit) else 1.0
