"""A random walk with drift on exact figures, in closed form: what its figures leave of it, whatever the gaps between them.

Changes d_i over τ_i steps are N(μ·τ_i, σ²·τ_i). Three numbers say all that they say: how many there are, k; their mean a
step m = Σd/T with T = Στ; and their scatter S = Σ(d_i − m·τ_i)²/τ_i. Given σ, S is σ²·χ²(k − 1) and m is N(μ, σ²/T), so with
μ ~ N(μ₀, s²) the figures have the density

    σ^−(k−1) · exp(−S/2σ²) · N(m; μ₀, s² + σ²/T)

up to a constant, and μ given σ is normal again. Only σ is left, which becomes nodes.
Source: Gelman et al., Bayesian Data Analysis, 3rd ed., sections 2.5 and 3.2.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from .arrays import FloatArray
from .nodes import place

LogPrior = Callable[[FloatArray], FloatArray]
_LEFT, _RIGHT = 5.0, 80.0


@dataclass(frozen=True)
class Changes:
    """Changes between successive figures (k,), k ≥ 0, and over how many steps each went (k,), above 0."""

    change: FloatArray
    steps: FloatArray

    @property
    def count(self) -> int:
        """How many there are: k."""
        return len(self.change)

    @property
    def total(self) -> float:
        """How many steps they went in all: T."""
        return float(self.steps.sum())

    @property
    def mean(self) -> float:
        """The mean change a step: m; 0 without changes."""
        return float(self.change.sum() / self.total) if self.count else 0.0

    @property
    def scatter(self) -> float:
        """S = Σ(d_i − m·τ_i)²/τ_i, which is σ²·χ²(k − 1)."""
        return float((((self.change - self.mean * self.steps) ** 2) / self.steps).sum())


@dataclass(frozen=True)
class Walk:
    """What is known about a walk: K nodes, each with its volatility and a normal drift; shapes (K,), all of them.

    `tail` are the degrees of freedom of its tails: the changes to come have moments below it; infinite where a belief
    bounds the volatility.
    """

    weights: FloatArray
    volatility: FloatArray
    drift: FloatArray
    drift_sd: FloatArray
    tail: float

    def after(self, steps: float) -> tuple[FloatArray, FloatArray]:
        """Return means and standard deviations (K,) of the change over so many steps, above 0."""
        return self.drift * steps, np.hypot(self.drift_sd * steps, self.volatility * steps**0.5)

    def paths(self, rng: np.random.Generator, n: int, steps: int) -> FloatArray:
        """Return n draws (n, steps) of the changes since the last figure: one node and one drift a path."""
        k = rng.choice(len(self.weights), n, p=self.weights)
        drift = self.drift[k] + self.drift_sd[k] * rng.standard_normal(n)
        shocks = self.volatility[k][:, None] * rng.standard_normal((n, steps))
        return np.asarray(np.cumsum(drift[:, None] + shocks, axis=1))


def flat_walk(changes: Changes) -> Walk:
    """Return the walk under flat beliefs about drift and ln σ: Student's t of k − 1 degrees of freedom, at nodes.

    Needs two changes whose scatter is above 0.
    """
    df = changes.count - 1
    weights, ratio = _student_nodes(df)
    volatility = ratio * np.sqrt(changes.scatter / df)
    drift = np.full(len(weights), changes.mean)
    return Walk(weights, volatility, drift, volatility / np.sqrt(changes.total), float(df))


def walk(
    changes: Changes,
    drift: tuple[float, float],
    volatility: float | LogPrior | None,
    support: tuple[float, float] = (0.0, np.inf),
) -> Walk:
    """Return the walk under a belief about its drift and one about its volatility.

    Args:
        changes: what was seen; with flat beliefs there must be enough of it.
        drift: mean and standard deviation: 0 where it is known, infinite where it is flat.
        volatility: a number above 0; or the log density of ln σ, (K,) to (K,), up to a constant; None is flat.
        support: the least and the greatest σ that count, under a log density.
    """
    if isinstance(volatility, float | int):
        return _at(changes, drift, np.zeros(1), np.array([float(volatility)]), np.inf)
    if volatility is None and np.isinf(drift[1]):
        return flat_walk(changes)
    prior: LogPrior = volatility or np.zeros_like
    low, high = np.log(np.maximum(support, 1e-300)) if volatility else _where(changes, drift)

    def log_density(points: FloatArray) -> FloatArray:
        v = points[:, 0]
        with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
            found = prior(v) + _log_likelihood(changes, drift, np.exp(v))
        return np.nan_to_num(found, nan=-np.inf, posinf=-np.inf, neginf=-np.inf)

    start = np.array([[np.clip(0.5 * np.log(max(changes.scatter, 1e-300) / max(changes.count, 1)), low, high)]])
    nodes = place(log_density, np.array([low]), np.array([high]), start)
    tail = np.inf if volatility else changes.count - np.isinf(drift[1])
    return _at(changes, drift, nodes.log_weights[0], np.exp(nodes.points[:, 0]), float(tail))


def _at(changes: Changes, drift: tuple[float, float], log_weights: FloatArray, sigma: FloatArray, tail: float) -> Walk:
    """Put the drift beside nodes: precisions add up."""
    kept = np.isfinite(log_weights)
    weights, sigma = np.exp(log_weights[kept] - log_weights[kept].max()), sigma[kept]
    prior = np.inf if drift[1] == 0.0 else drift[1] ** -2.0
    if np.isinf(prior) or not changes.count:
        mean, sd = np.full(len(sigma), drift[0]), np.full(len(sigma), drift[1])
    else:
        own = changes.total / sigma**2
        mean, sd = (prior * drift[0] + own * changes.mean) / (prior + own), (prior + own) ** -0.5
    return Walk(weights / weights.sum(), sigma, mean, sd, tail)


def _log_likelihood(changes: Changes, drift: tuple[float, float], sigma: FloatArray) -> FloatArray:
    """The log density of the changes at σ (K,), up to a constant."""
    k = changes.count
    if k == 0:
        return np.zeros_like(sigma)
    found = -(k - 1) * np.log(sigma) - 0.5 * changes.scatter / sigma**2
    if np.isinf(drift[1]):
        return found
    variance = drift[1] ** 2 + sigma**2 / changes.total
    return found - 0.5 * np.log(variance) - 0.5 * (changes.mean - drift[0]) ** 2 / variance


def _where(changes: Changes, drift: tuple[float, float]) -> tuple[float, float]:
    """Return the range of ln σ that counts under a flat belief about it and a normal one about the drift."""
    off = changes.scatter + changes.total * (changes.mean - drift[0]) ** 2
    least = changes.scatter if changes.count > 1 else off
    return 0.5 * np.log(least / changes.count) - _LEFT, 0.5 * np.log(off / changes.count) + _RIGHT / changes.count


@cache
def _student_nodes(df: int) -> tuple[FloatArray, FloatArray]:
    """Return weights (K,) and σ/s (K,) of df·s²/σ² ~ χ²(df)."""

    def log_density(points: FloatArray) -> FloatArray:
        v = points[:, 0]
        return np.asarray(-df * (v + 0.5 * np.expm1(-2.0 * v)))

    nodes = place(log_density, np.array([-_LEFT]), np.array([_RIGHT / df + 1.0]), np.zeros((1, 1)))
    kept = np.isfinite(nodes.log_weights[0])
    weights = np.exp(nodes.log_weights[0][kept])
    return weights / weights.sum(), np.exp(nodes.points[kept, 0])
