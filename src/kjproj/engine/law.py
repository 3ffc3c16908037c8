"""The law of functionals of a block's paths: a weighted mixture of Gaussians, perhaps cut at bounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..numerics.estimates import Kind
from ..numerics.nodes import Nodes
from ..rows import HalfSpace
from .boxes import averaged, node_probabilities

Floats = NDArray[np.float64]
_PAIRS, _ROWS = 16_384, 16
_SHARE_SHIFTS = 4


@dataclass(frozen=True)
class Bound:
    """Functionals that figures bound: mean (K, h), factor (K, h, p), bounds (h,), share (K,) of each inside them."""

    mean: Floats
    factor: Floats
    lower: Floats
    upper: Floats
    share: Floats


@dataclass(frozen=True)
class Law:
    """The law of q functionals as a mixture of K Gaussians.

    Attributes:
        log_weights: (R, K); each row is an independent estimate, or a quadrature rule (see `numerics.nodes`).
        kind: how the nodes were placed.
        mean: (K, q).
        factor: (K, q, p); factor·factorᵀ is the covariance.
        drift_slope: (K, q), the derivative of the mean with respect to the drifts' prior means.
        streams: (p,) the name of the random stream of each column of the factor.
        nodes: the nodes of each reading, in order; None where components are pairs of nodes and draws.
        bound: what lies inside the bounds that figures state; the weights count it already.
    """

    log_weights: Floats
    kind: Kind
    mean: Floats
    factor: Floats
    drift_slope: Floats
    streams: tuple[str, ...]
    nodes: tuple[Nodes, ...] | None
    bound: Bound | None = None

    @property
    def weights(self) -> Floats:
        """The components' weights, (K,), adding up to 1: those of the fine rule for a quadrature."""
        rows = self.log_weights[:1] if self.kind in ("exact", "quadrature") else self.log_weights
        weights = np.exp(rows - rows.max()).sum(axis=0)
        return np.asarray(weights / weights.sum())

    @property
    def sd(self) -> Floats:
        """Standard deviations, (K, q)."""
        return np.asarray(np.sqrt((self.factor**2).sum(-1)))

    @property
    def cov(self) -> Floats:
        """Covariances, (K, q, q)."""
        return np.asarray(self.factor @ self.factor.swapaxes(-1, -2))

    def joint(self, lower: Floats, upper: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """Return mean, covariance and bounds (q + h,) of the functionals and of those that figures bound."""
        if self.bound is None:
            return self.mean, self.cov, lower, upper
        factor = np.concatenate([self.factor, self.bound.factor], axis=1)
        mean = np.concatenate([self.mean, self.bound.mean], axis=1)
        cov = np.asarray(factor @ factor.swapaxes(-1, -2))
        return mean, cov, np.concatenate([lower, self.bound.lower]), np.concatenate([upper, self.bound.upper])

    def within(self, values: Floats) -> Floats:
        """Return probabilities (K,) that count the bounds, as shares of what lies inside them."""
        if self.bound is None:
            return values
        share = self.bound.share
        return np.divide(values, share, out=np.zeros_like(values), where=share > 0.0)

    def bounded(self, half_spaces: Sequence[HalfSpace], seed: int) -> Law:
        """Return the law of all functionals but the last, which the half-spaces bound, given that they hold."""
        if not half_spaces:
            return self
        h = len(half_spaces)
        blur = np.zeros((len(self.mean), self.mean.shape[1], h))
        blur[:, -h:] = np.diag([half.sd for half in half_spaces])
        factor = np.concatenate([self.factor, blur], axis=2)
        lower = np.array([half.lower for half in half_spaces])
        upper = np.array([half.upper for half in half_spaces])
        inside = Bound(self.mean[:, -h:], factor[:, -h:], lower, upper, np.ones(len(self.mean)))
        cov = np.asarray(inside.factor @ inside.factor.swapaxes(-1, -2))
        if h <= 2:
            share = node_probabilities(inside.mean, cov, lower, upper)
        else:
            share = averaged(inside.mean, cov, lower, upper, _SHARE_SHIFTS, seed).mean(axis=0)
        with np.errstate(divide="ignore"):
            log_weights = self.log_weights + np.log(share)
        streams = (*self.streams, *(f"bound {k}" for k in range(h)))
        return replace(
            self,
            log_weights=log_weights,
            mean=self.mean[:, :-h],
            factor=factor[:, :-h],
            drift_slope=self.drift_slope[:, :-h],
            streams=streams,
            bound=replace(inside, share=share),
        )


def paired(law: Law, offsets: Floats, seed: int) -> Law:
    """Return the law with every draw paired with nodes, picked in proportion to their weights."""
    P = len(offsets)
    repeats = -(-_PAIRS // P)
    draw = np.repeat(np.arange(P), repeats)
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(0x70616972,)))
    ticks = (np.arange(len(draw)) + rng.random()) / len(draw)
    node = np.searchsorted(np.cumsum(law.weights), rng.permutation(ticks)).clip(max=len(law.mean) - 1)
    batch = (draw if P >= 2 * _ROWS else np.arange(len(draw))) % _ROWS
    log_weights = np.where(batch == np.arange(_ROWS)[:, None], 0.0, -np.inf)
    mean = law.mean[node] + offsets[draw]
    return Law(log_weights, "randomised", mean, law.factor[node], law.drift_slope[node], law.streams, None)
