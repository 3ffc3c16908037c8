"""Many series that move by one fitted class: the partially pooled walk, exact or rounded figures, with gaps."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ..beliefs import Belief, Fixed
from ..beliefs.pooled import AFTER_EXTREME, EXTREME, OUTSIDE, PooledClass
from ..beliefs.rule import LogNormalRule
from ..motions import Pooled
from ..numerics.many_walks import Drift, Normals, drift_given, sweep
from ..numerics.pooled import COMING, COMING_WEIGHTS, PAST, PAST_WEIGHTS, typical_volatility
from ..study.indicator import Indicator
from ..study.pooling import unit_shift
from .walked import Ahead, Codes, Floats, Ints, Nodes, Shocks

_FIELDS = ("noise", "tie", "lean", "pull", "center")


@dataclass(frozen=True)
class PooledModel:
    """The parameters of N pooled motions (see `motions.Pooled`): arrays (N,) of what differs, numbers of what they share.

    drift, doubt: mean and variance of the class's drift; deviation, common: standard deviations; spread, change: of the
    logarithms of the volatility and of what multiplies it in the coming years.
    """

    drift: Floats
    doubt: Floats
    deviation: Floats
    common: Floats
    scale: Floats
    coming: Floats
    spread: float
    change: float
    noise: float
    tie: float
    lean: float
    pull: float
    center: float

    @classmethod
    def of_class(cls, own: PooledClass, indicator: Indicator, x: Floats, years: tuple[int, ...]) -> PooledModel:
        """Return what `study.pooling.pooled_motion` gives each series with places x (N, n)."""
        c = own.numbers.widened(own.variance_for(indicator.region))
        center = c.center + unit_shift(own, indicator)
        last = x[:, -1]
        outside = (last - center < c.low) | (last - center > c.high)
        wider = np.where(outside, OUTSIDE**0.5, 1.0)
        scale = typical_volatility(c.model_copy(update={"center": center}), last) * wider
        coming = np.ones(len(x))
        if len(years) > 1 and years[-1] - years[-2] == 1:
            coming = np.where(np.abs(last - x[:, -2] - c.drift) > EXTREME * scale, AFTER_EXTREME**0.5, 1.0)
        moments = (c.drift, 0.0) if own.today is None else own.today.drift.gaussian
        assert moments is not None
        return cls(
            np.full(len(x), moments[0]), np.full(len(x), moments[1] ** 2), c.drift_spread * scale / c.scale,
            wider * c.common_drift * (own.today is None), scale, coming, c.spread, c.change, c.noise, c.tie, c.lean, c.pull, center,
        )  # fmt: skip

    @classmethod
    def of_motions(cls, motions: Sequence[Pooled]) -> PooledModel | None:
        """Return the model of motions that share their `_FIELDS` and rules; None where one is of another kind."""
        rows, rules = [], set()
        for motion in motions:
            moments = [_gaussian(getattr(motion, name)) for name in ("drift", "deviation", "common", "first_noise")]
            past, coming = motion.volatility, motion.coming
            if not isinstance(past, LogNormalRule) or not isinstance(coming, LogNormalRule):
                return None
            (mean, sd), (deviated, deviation), (moved, common), first = moments
            if (past.points, coming.points, first, past.median, deviated, moved) != (9, 3, (0.0, 1.0), motion.scale, 0.0, 0.0):
                return None
            rules.add((past.sd_log, coming.sd_log, *(getattr(motion, name) for name in _FIELDS)))
            rows.append((mean, sd**2, deviation, common, motion.scale, coming.median))
        if len(rules) > 1:
            return None
        varying, ((spread, change, *shared),) = np.array(rows, float), rules
        if not np.isfinite(varying).all():
            return None
        drift, doubt, deviation, common, scale, coming = varying.T
        return cls(drift, doubt, deviation, common, scale, coming, 2.0 * spread, 2.0 * change, *shared)

    def walked(self, x: Floats, years: tuple[int, ...], sd: Floats | None) -> Iterator[tuple[Ints, PooledWalk]]:
        """Take in places (N, n) of given years, with standard deviations (N, n) of their errors; None where exact."""
        spread = self.spread * PAST
        u = (self.scale**2)[:, None] * np.exp(spread)
        mean = self.drift[:, None] + (self.lean * self.scale)[:, None] * spread
        doubt = self.doubt[:, None] + (self.deviation**2)[:, None] * np.exp(self.tie * spread)
        weights = np.broadcast_to(np.log(PAST_WEIGHTS), u.shape)
        errors = np.zeros(x.shape) if sd is None else sd * sd
        steps = [self._step(int(d)) for d in np.diff(years)]
        nodes = Nodes(np.sqrt(u), weights, None, Drift(mean, doubt, np.zeros_like(u)))
        if steps:
            away = x - self.center
            g = np.stack([away[:, j + 1] - s.keep * away[:, j] for j, s in enumerate(steps)], axis=1)
            variances = [u * s.noise + (errors[:, j + 1] + s.keep**2 * errors[:, j])[:, None] for j, s in enumerate(steps)]
            ties = [-steps[j].first * self.noise * u - (steps[j].keep * errors[:, j])[:, None] for j in range(1, len(steps))]
            found = sweep(g, [s.share for s in steps], variances, ties)
            drift = drift_given(found, mean, doubt)
            nodes = Nodes(np.sqrt(u), weights + drift.log_density, found, drift)
        yield np.arange(len(x)), PooledWalk(self, nodes, x[:, -1] - self.center, errors[:, -1], np.zeros(len(x), np.int8))

    def _step(self, length: int) -> _Step:
        w = (1.0 + self.pull) ** np.arange(length - 1, -1, -1.0)
        squares = float((w * w).sum())
        noise = squares + self.noise * float(1.0 + w[0] ** 2 + (np.diff(w) ** 2).sum())
        return _Step((1.0 + self.pull) ** length, float(w.sum()), squares, noise, float(w[0]))


def _gaussian(parameter: float | Belief) -> tuple[float, float]:
    """Mean and standard deviation; infinite where the belief is not normal."""
    belief = parameter if isinstance(parameter, Belief) else Fixed(value=parameter)
    return belief.gaussian or (math.inf, math.inf)


@dataclass(frozen=True)
class _Step:
    """Several years in one: what is kept of a place, the drift's share, the shocks' variance, that with noise (both in
    volatility²), and the first year's weight.
    """

    keep: float
    share: float
    squares: float
    noise: float
    first: float


@dataclass(frozen=True)
class PooledWalk:
    """The posterior at the class's nine nodes; with three each for the coming years' volatility."""

    model: PooledModel
    nodes: Nodes
    last: Floats
    error: Floats
    refused: Codes
    markov: bool = False

    def growth(self, horizon: int) -> tuple[Normals, None]:
        """27 normals each."""
        m, s, u = self.model, self.model._step(horizon), self.nodes.volatility**2
        error = self.error[:, None]
        shift = (s.keep - 1.0) * self.last[:, None]
        tie = -s.first * m.noise * u - s.keep * error
        found = self.nodes.normals(Ahead(s.share, shift, u * s.noise + s.keep**2 * error, tie, ((m.common * s.share) ** 2)[:, None]))
        more = (m.coming**2)[:, None, None] * np.exp(m.change * COMING) - 1.0
        variance = (found.sd**2)[:, :, None] + (u * s.squares)[:, :, None] * more
        weights = found.weights[:, :, None] * COMING_WEIGHTS
        rows = len(u)
        return Normals(
            weights.reshape(rows, -1), np.repeat(found.mean, len(COMING), axis=1), np.sqrt(variance).reshape(rows, -1)
        ), None

    def shocks(self, rows: Ints, bound: Floats, sign: Floats, checks: tuple[int, ...]) -> Iterator[tuple[Ints, Shocks]]:
        """Unused: the noise of figures ties the years."""
        raise NotImplementedError
