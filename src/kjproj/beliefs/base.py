"""What a belief is: a distribution of one parameter, on the real line or, for positive parameters, above 0."""

from __future__ import annotations

from abc import abstractmethod
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ..model import Model
from ..text import Language

Floats = NDArray[np.float64]

LARGEST_VOLATILITY = 1.0
"""Where proper beliefs about a volatility are cut, a year: an indicator that multiplies by e in a usual year."""


class Belief(Model):
    """A distribution of one parameter.

    A Gaussian belief (`gaussian` is not None) about a parameter in which the path is linear is handled exactly;
    every other belief becomes a coordinate of the integration nodes.
    """

    @property
    @abstractmethod
    def gaussian(self) -> tuple[float, float] | None:
        """Mean and standard deviation where the belief is normal (0 if known, infinity if flat), else None."""

    @property
    def rule(self) -> tuple[Floats, Floats] | None:
        """Points of the parameter's logarithm and their log weights, where the belief is on a few points."""
        return None

    @property
    @abstractmethod
    def center(self) -> float:
        """A typical value, from which the search for modes starts."""

    @property
    @abstractmethod
    def support(self) -> tuple[float, float]:
        """The range outside which the density is negligible whatever realistic data say."""

    @abstractmethod
    def log_density(self, x: Floats) -> Floats:
        """Return the log density at x, of any shape, up to a constant; −∞ where it is 0."""

    @abstractmethod
    def log_density_of_log(self, v: Floats) -> Floats:
        """Return the log density of v = ln x, up to a constant, for a parameter that is positive."""

    @abstractmethod
    def quantile(self, p: float) -> float:
        """Return the value that is exceeded with probability 1 − p, p inside 0 and 1; raises `KjprojError` if flat."""

    @abstractmethod
    def sample(self, rng: np.random.Generator, size: int) -> Floats:
        """Draw values, shape (size,); raises `KjprojError` for a flat belief."""

    @abstractmethod
    def scaled(self, factor: float) -> Self:
        """Return the belief about `factor` (above 0) times the parameter; a cut stays, or moves up to the centre."""

    @abstractmethod
    def shifted(self, by: float) -> Belief:
        """Return the belief about the parameter plus `by`; one about a positive parameter keeps its relative spread.

        Raises `KjprojError` where that leads to 0 or below.
        """

    @abstractmethod
    def widened(self, factor: float) -> Self:
        """Return the belief with its spread about its centre multiplied by `factor` (above 0)."""

    @abstractmethod
    def describe(self, lang: Language) -> str:
        """Say the belief in words, rates as fractions a year."""


def density_above_0(belief: Belief, x: Floats) -> Floats:
    """Change variables from v = ln x to x: the log density loses v; −∞ at and below 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        v = np.log(x)
        return np.where(x > 0, belief.log_density_of_log(v) - v, -np.inf)


def density_of_log(belief: Belief, v: Floats) -> Floats:
    """Change variables from x to v = ln x: the log density gains v."""
    with np.errstate(over="ignore"):
        return belief.log_density(np.exp(v)) + v
