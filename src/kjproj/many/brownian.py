"""Many series that move by one `Brownian`: exact or rounded figures, with gaps, under any belief about the volatility."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..beliefs import Belief, Fixed, Flat, ScaledInvChi2
from ..motions import Brownian
from ..numerics.many_walks import Drift, Normals, drift_given, sweep, weighed
from ..numerics.rules import many_rules
from .reasons import ANSWERED, APART, IN_LINE, TOO_FEW, UNBOUNDED
from .walked import Ahead, Codes, Floats, Ints, Nodes, NormalWalk, Shocks, StudentWalk, Walked

_SMALL, _SMALL_WEIGHT, _FAR_WEIGHT = 1e-3, 1e-3, 1e-6
_CUT = 1e-14
_SIZES, _MOST_POINTS, _RULES_AGREE = (64, 40), 512, 1e-10
"""Rules are doubled until they agree, as for one region (see `numerics.nodes`)."""


@dataclass(frozen=True)
class BrownianModel:
    """One belief about drift, as mean and variance (0 known, infinity flat), and one about the volatility."""

    drift: float
    doubt: float
    volatility: Belief

    @classmethod
    def of(cls, motion: Brownian) -> BrownianModel | None:
        """Return the model of a motion; None where its drift is not Gaussian."""
        drift, volatility = (p if isinstance(p, Belief) else Fixed(value=p) for p in (motion.drift, motion.volatility))
        if drift.gaussian is None or not volatility.center > 0.0:
            return None
        return cls(drift.gaussian[0], drift.gaussian[1] ** 2, volatility)

    @property
    def known(self) -> bool:
        """Whether the volatility is a number."""
        moments = self.volatility.gaussian
        return moments is not None and moments[1] == 0.0

    def walked(self, x: Floats, years: tuple[int, ...], sd: Floats | None) -> Iterator[tuple[Ints, Walked]]:
        """Take in places (N, n) of given years, with standard deviations (N, n) of their errors; None where exact.

        Return parts of the series, by their positions, that have rules of one size.
        """
        everyone = np.arange(len(x))
        at_once = self._at_once(x, years, sd)
        if at_once is not None:
            yield everyone, at_once
            return
        errors, low, high = None if sd is None else sd * sd, *self.volatility.support
        figures, sizes = BrownianFigures(self, np.diff(x, axis=1), np.diff(np.array(years, float)), errors), _SIZES
        while len(everyone):
            fine, coarse = many_rules(figures.log_density, math.log(max(low, 1e-12)), math.log(high), len(everyone), sizes)
            open_ = _disagreement(fine, coarse) > _RULES_AGREE if sizes[0] < _MOST_POINTS else np.zeros(len(everyone), bool)
            if not open_.all():
                settled = figures.take(~open_)
                nodes = [settled.nodes(v[~open_], weights[~open_]) for v, weights in (fine, coarse)]
                refused = self._refused(fine[0][~open_], fine[1][~open_], math.log(high))
                yield everyone[~open_], BrownianWalk(settled, nodes[0], nodes[1], refused)
            everyone, figures, sizes = everyone[open_], figures.take(open_), (2 * sizes[0], 2 * sizes[1])

    def _at_once(self, x: Floats, years: tuple[int, ...], sd: Floats | None) -> Walked | None:
        """Return what needs no quadrature: a closed form, a known volatility, one on a few points, too few figures."""
        gaps, flat = np.diff(np.array(years, float)), math.isinf(self.doubt)
        unknown = isinstance(self.volatility, Flat)
        if len(gaps) < flat + unknown:
            return StudentWalk(1, x[:, 0], x[:, 0], 0.0, np.full(len(x), TOO_FEW, np.int8))
        answered = np.zeros(len(x), np.int8)
        if sd is None and (flat or self.doubt == 0.0):
            found = self._closed(x, gaps, flat)
            if found is not None:
                return found
        given = BrownianFigures(self, np.diff(x, axis=1), gaps, None if sd is None else sd * sd)
        if self.known:
            v = np.full((len(x), 1), math.log(self.volatility.center))
            return BrownianWalk(given, given.nodes(v, np.zeros_like(v)), None, answered)
        if self.volatility.rule is not None:
            values, weights = (np.broadcast_to(part, (len(x), len(part))) for part in self.volatility.rule)
            return BrownianWalk(given, given.nodes(values, given.log_likelihood(values) + weights), None, answered)
        return None

    def _closed(self, x: Floats, gaps: Floats, flat: bool) -> NormalWalk | StudentWalk | None:
        """A normal law, or Student's: with D years, m gaps, S = Σ(g − d·drift)²/d about the drift that is known, or D⁻¹Σg."""
        span, refused = float(gaps.sum()), np.zeros(len(x), np.int8)
        drift = (x[:, -1] - x[:, 0]) / span if flat else np.full(len(x), self.drift)
        if self.known:
            volatility = self.volatility.center
            return NormalWalk(drift, volatility**2 / span if flat else 0.0, volatility, refused)
        kind = self.volatility
        df, prior, upper = (kind.df, kind.df * kind.scale**2, kind.upper) if isinstance(kind, ScaledInvChi2) else (0.0, 0.0, math.inf)
        if not isinstance(kind, Flat | ScaledInvChi2) or not len(gaps):
            return None
        squares = prior + ((np.diff(x, axis=1) - gaps * drift[:, None]) ** 2 / gaps).sum(axis=1)
        df = df + len(gaps) - flat
        if isinstance(kind, Flat):
            least, most = _bounds(df)
            refused[squares < least], refused[squares > most] = IN_LINE, UNBOUNDED
        elif df != int(df) or (squares > _largest(df, upper)).any():
            return None
        return StudentWalk(int(df), drift, np.sqrt(squares / df), 1.0 / span if flat else 0.0, refused)

    def _refused(self, v: Floats, log_weights: Floats, high: float) -> Codes:
        """Refuse a flat volatility that the figures bound by its cut alone, as a projection does."""
        refused = np.where(np.isfinite(log_weights.max(axis=1)), ANSWERED, APART).astype(np.int8)
        if isinstance(self.volatility, Flat):
            weights = weighed(log_weights)
            refused[(weights * (v < math.log(_SMALL))).sum(axis=1) > _SMALL_WEIGHT] = IN_LINE
            refused[(weights * (v > high - 2.0)).sum(axis=1) > _FAR_WEIGHT] = UNBOUNDED
        return refused


def _disagreement(fine: tuple[Floats, Floats], coarse: tuple[Floats, Floats]) -> Floats:
    """How far two rules differ in the integral, relatively, and in the mean log volatility; (N,)."""
    top = fine[1].max(axis=1, keepdims=True)
    with np.errstate(invalid="ignore"):
        (one, first), (two, second) = ((np.exp(w - top).sum(axis=1), (weighed(w) * v).sum(axis=1)) for v, w in (fine, coarse))
    apart = np.maximum(np.abs(two / one - 1.0), np.abs(second - first))
    return np.asarray(np.nan_to_num(apart, nan=0.0))


def _bounds(df: float) -> tuple[float, float]:
    """Sums of squares below and above which a flat volatility is refused: its cuts hold too much of the posterior."""
    from scipy.special import chdtri

    far = float(chdtri(df, 1.0 - _FAR_WEIGHT)) if df else 0.0
    return float(chdtri(df, _SMALL_WEIGHT)) * _SMALL**2, far * (Flat().support[1] * math.exp(-2.0)) ** 2


def _largest(df: float, upper: float) -> float:
    """The sum of squares up to which a cut at `upper` holds nothing of the posterior."""
    from scipy.special import chdtri

    return float(chdtri(df, 1.0 - _CUT)) * upper**2


@dataclass(frozen=True)
class BrownianFigures:
    """Growths (N, k) over gaps (k,) in years, and variances (N, k + 1) of the figures' errors."""

    model: BrownianModel
    growths: Floats
    gaps: Floats
    errors: Floats | None

    def take(self, rows: NDArray[np.bool_]) -> BrownianFigures:
        """Some of them."""
        return BrownianFigures(self.model, self.growths[rows], self.gaps, None if self.errors is None else self.errors[rows])

    def log_density(self, v: Floats) -> Floats:
        """Prior times likelihood at log volatilities (N, K)."""
        return np.asarray(self.log_likelihood(v) + self.model.volatility.log_density_of_log(v))

    def log_likelihood(self, v: Floats) -> Floats:
        """The likelihood of the growths."""
        return self.nodes(v, v).drift.log_density

    def nodes(self, v: Floats, log_weights: Floats) -> Nodes:
        """Return what the growths leave of the drift at log volatilities (N, K)."""
        u = np.exp(2.0 * v)
        if not len(self.gaps):
            none = np.zeros_like(u)
            return Nodes(np.exp(v), log_weights, None, Drift(none + self.model.drift, none + self.model.doubt, none))
        e = self.errors
        variances = [d * u + (0.0 if e is None else (e[:, j] + e[:, j + 1])[:, None]) for j, d in enumerate(self.gaps)]
        ties = [np.zeros((1, 1)) if e is None else -e[:, j, None] for j in range(1, len(self.gaps))]
        found = sweep(self.growths, self.gaps.tolist(), variances, ties)
        return Nodes(np.exp(v), log_weights, found, drift_given(found, self.model.drift, self.model.doubt))


@dataclass(frozen=True)
class BrownianWalk:
    """The posterior at nodes of the volatility, by a fine and a coarse rule (None where nodes are exact)."""

    figures: BrownianFigures
    fine: Nodes
    coarse: Nodes | None
    refused: Codes

    @property
    def markov(self) -> bool:
        """Whether the last place is known, and a year of growth, which bounds the drift."""
        return self.figures.errors is None and len(self.figures.gaps) > 0

    def growth(self, horizon: int) -> tuple[Normals, Normals | None]:
        """Mixtures of normals."""
        return self._normals(self.fine, horizon), None if self.coarse is None else self._normals(self.coarse, horizon)

    def _normals(self, nodes: Nodes, horizon: int) -> Normals:
        last = 0.0 if self.figures.errors is None else self.figures.errors[:, -1:]
        return nodes.normals(Ahead(float(horizon), 0.0, horizon * nodes.volatility**2 + last, -last))

    def shocks(self, rows: Ints, bound: Floats, sign: Floats, checks: tuple[int, ...]) -> Iterator[tuple[Ints, Shocks]]:
        """At the fine rule's nodes."""
        fine, drift = self.fine, self.fine.drift
        yield np.arange(len(rows)), Shocks(weighed(fine.log_weights[rows]), fine.volatility[rows], drift.mean[rows], drift.variance[rows])
