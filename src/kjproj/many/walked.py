"""What is known of many series of one shape once their figures are taken in: laws of growth to come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from ..numerics.arrays import by_code
from ..numerics.first_years import chi_rule, pull
from ..numerics.many_walks import Drift, Normals, Students, Sweep, ahead, weighed

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Codes = NDArray[np.int8]
AGREED = 1e-9
"""How far the fine and the coarse rule may differ in a probability; beyond it a region is projected by itself."""


class Shocks(NamedTuple):
    """At nodes of the volatility, (n, K) each: weights, standard deviation of a year's shock, drift, and variance of that belief."""

    weights: Floats
    sd: Floats
    drift: Floats
    doubt: Floats


class Walked(Protocol):
    """N series after their figures.

    refused: (N,) codes of `reasons`; 0 where they are answered. markov: whether the last place is known and growth to
    come depends on no other, so that yearly checks have a closed form (see `numerics.first_years`).
    """

    @property
    def refused(self) -> Codes: ...  # noqa: D102

    @property
    def markov(self) -> bool: ...  # noqa: D102

    def growth(self, horizon: int) -> tuple[Students | Normals, Normals | None]:
        """Return the law of the place `horizon` years after the last figure, less the last place; and by a coarser rule."""
        ...

    def shocks(self, rows: Ints, bound: Floats, sign: Floats, checks: tuple[int, ...]) -> Iterator[tuple[Ints, Shocks]]:
        """Return nodes of the volatility for targets, part by part with the positions of those in it.

        rows: their series (n,); bound: from the last places (n,); sign: 1 for at least, −1 for at most, (n,).
        """
        ...


_FINER, _POINTS = (1.5, 2.0, 2.5, 3.0, 4.0, 8.0, 16.0), {1: (10, 11, 13, 15, 17, 28, 48, 96)}
_FEWER = 9, 11, 12, 14, 16, 26, 40, 72
"""So many nodes of χ leave errors below 2e-6 in what falls back behind a bound, up to so many times finer features and beyond."""


@dataclass(frozen=True)
class StudentWalk:
    """Flat or scaled-inverse-χ² volatility, exact figures: in closed form.

    df, drift (N,), scale (N,): the volatility's; doubt: variance of the drift in squares of the volatility.
    """

    df: int
    drift: Floats
    scale: Floats
    doubt: float
    refused: Codes
    markov: bool = True

    def growth(self, horizon: int) -> tuple[Students, None]:
        """Student: centre h·drift, scale s√(h(1 + h·doubt))."""
        width = (horizon * (1.0 + horizon * self.doubt)) ** 0.5
        return Students(self.df, horizon * self.drift, self.scale * width), None

    def shocks(self, rows: Ints, bound: Floats, sign: Floats, checks: tuple[int, ...]) -> Iterator[tuple[Ints, Shocks]]:
        """At Gauss's nodes of χ: σ = s√df/λ, drawn together towards 0 by the `pull` of each target.

        What is averaged falls like exp(−κ²λ²/2), so λ√(1 + κ²) takes the place of λ. The finer it changes the more nodes there are.
        """
        unit, drift = self.scale[rows] * self.df**0.5, self.drift[rows]
        kappas, finer = pull(sign * bound / unit, sign * drift / unit, self.doubt, checks)
        for points, own in by_code(np.array(_POINTS.get(self.df, _FEWER))[np.searchsorted(_FINER, finer)]):
            nodes, weights = chi_rule(self.df, points)
            kappa = kappas[own, None]
            shrink = 1.0 / np.sqrt(1.0 + kappa * kappa)
            sd = unit[own, None] / (nodes * shrink)
            share = weights * shrink**self.df * np.exp(0.5 * (nodes * shrink * kappa) ** 2)
            yield own, Shocks(share, sd, np.broadcast_to(drift[own, None], sd.shape), self.doubt * sd * sd)


@dataclass(frozen=True)
class NormalWalk:
    """Known volatility, known or flat drift, exact figures: in closed form. Such walks are called plain.

    What figures of the same years say of a correlated indicator they have said already, where both drifts are known or both flat.

    drift (N,): its mean; doubt: its variance, of every series alike; volatility: a number.
    """

    drift: Floats
    doubt: float
    volatility: float
    refused: Codes
    markov: bool = True

    def growth(self, horizon: int) -> tuple[Normals, None]:
        """Normal: mean h·drift, variance h(σ² + h·doubt)."""
        mean = horizon * self.drift[:, None]
        width = (horizon * (self.volatility**2 + horizon * self.doubt)) ** 0.5
        return Normals(np.ones_like(mean), mean, np.full_like(mean, width)), None

    def shocks(self, rows: Ints, bound: Floats, sign: Floats, checks: tuple[int, ...]) -> Iterator[tuple[Ints, Shocks]]:
        """At one node."""
        drift = self.drift[rows, None]
        yield np.arange(len(rows)), Shocks(np.ones_like(drift), np.full_like(drift, self.volatility), drift, np.full_like(drift, self.doubt))


@dataclass(frozen=True)
class Ahead:
    """The growth of `horizon` years at nodes: a share of the drift, a further mean, its noise's variance and tie, (N, K) or numbers."""

    share: float
    mean: Any
    variance: Any
    tie: Any
    more: Any = 0.0


@dataclass(frozen=True)
class Nodes:
    """Nodes of N series: volatilities (N, K), log weights (N, K), the sweep over the figures, None of one, and the drift."""

    volatility: Floats
    log_weights: Floats
    found: Sweep | None
    drift: Drift

    def normals(self, step: Ahead) -> Normals:
        """Return the mixture of a step ahead."""
        mean, variance = ahead(self.found, self.drift, step.share, step.tie, step.variance)
        mean, variance = np.broadcast_arrays(mean + step.mean, variance)
        return Normals(weighed(self.log_weights), mean, np.sqrt(np.maximum(variance + step.more, 0.0)))
