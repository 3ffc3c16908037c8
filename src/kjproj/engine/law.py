"""The law of functionals of a block's paths: a weighted mixture of Gaussians, perhaps cut at bounds."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..numerics.arrays import lower_factor
from ..numerics.estimates import Kind
from ..numerics.lattice import lattices, shift_seed, tent
from ..numerics.nodes import Nodes
from ..rows import HalfSpace
from .boxes import averaged, have_points, node_probabilities, own_points

Floats = NDArray[np.float64]
LATTICES = 16
_SHARE_SHIFTS = 4


@dataclass(frozen=True)
class Bound:
    """Functionals that are bounded: mean (K, h), factor (K, h, p), bounds (K, h), share (K,) of each inside them."""

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
        lattice: of paired components, which lattices paired them, as (seed, points of each shift, dimensions used).
    """

    log_weights: Floats
    kind: Kind
    mean: Floats
    factor: Floats
    drift_slope: Floats
    streams: tuple[str, ...]
    nodes: tuple[Nodes, ...] | None
    bound: Bound | None = None
    lattice: tuple[int, tuple[int, ...], int] | None = None

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
        return mean, cov, _beside(lower, self.bound.lower), _beside(upper, self.bound.upper)

    @property
    def scattered(self) -> bool:
        """Whether its components lie on lattices, which give each a point of further dimensions."""
        return self.lattice is not None or have_points(self.nodes)

    def own_points(self, dim: int, seed: int, copy: int = 0) -> Floats | None:
        """Return a point (K, dim) of the components' own lattices for each, shifted anew for each copy; None without."""
        if self.lattice is not None:
            first, sizes, used = self.lattice
            return tent(lattices(sizes, used + dim, shift_seed(first, copy), start=used))
        return own_points(self.nodes, dim, seed, copy)

    def part(self, columns: Sequence[int]) -> Law:
        """Return the law of some of the functionals."""
        if list(columns) == list(range(self.mean.shape[1])):
            return self
        chosen = list(columns)
        mean, slope = self.mean[:, chosen], self.drift_slope[:, chosen]
        return replace(self, mean=mean, factor=self.factor[:, chosen], drift_slope=slope)

    @cached_property
    def memory(self) -> dict[Hashable, Any]:
        """What was computed from it, once for all answers."""
        return {}

    def with_one_of_each(self, shared: frozenset[str]) -> Law:
        """Return the law in which all columns of a shared stream are one standard normal."""
        first = {name: self.streams.index(name) for name in shared if self.streams.count(name) > 1}
        if not first:
            return self
        more = [j for j, name in enumerate(self.streams) if name in first and j != first[name]]
        kept = [j for j in range(len(self.streams)) if j not in more]

        def merged(factor: Floats) -> Floats:
            found = factor.copy()
            for j in more:
                found[:, :, first[self.streams[j]]] += factor[:, :, j]
            return found[:, :, kept]

        bound = None if self.bound is None else replace(self.bound, factor=merged(self.bound.factor))
        return replace(self, factor=merged(self.factor), streams=tuple(self.streams[j] for j in kept), bound=bound)

    def within(self, values: Floats) -> Floats:
        """Return probabilities (K,) that count the bounds, as shares of what lies inside them."""
        if self.bound is None:
            return values
        share = self.bound.share
        return np.divide(values, share, out=np.zeros_like(values), where=share > 0.0)

    def narrow(self) -> Law:
        """Return the same law with as few columns as functionals, for repeated use; it cannot be drawn from by streams."""
        q, bound = self.mean.shape[1], self.bound
        whole = self.factor if bound is None else np.concatenate([self.factor, bound.factor], axis=1)
        if whole.shape[2] <= whole.shape[1]:
            return self
        root = lower_factor(whole)
        kept = None if bound is None else replace(bound, factor=root[:, q:])
        return replace(self, factor=root[:, :q], streams=(), bound=kept)

    def given(self, column: int, value: float, seed: int) -> Law:
        """Return the law given the value of one functional, which varies in every component.

        Components are weighed by its density there; within each the others follow by regression. Raises `ValueError` where
        it has no spread of its own in some component.
        """
        own = self.factor[:, column]
        variance, away = (own**2).sum(axis=1), value - self.mean[:, column]
        if not (variance > 0.0).all():
            raise ValueError("a functional without a spread takes its value with probability 0 or 1")

        def moved(mean: Floats, factor: Floats) -> tuple[Floats, Floats]:
            gain = (factor @ own[:, :, None])[:, :, 0] / variance[:, None]
            return mean + gain * away[:, None], factor - gain[:, :, None] * own[:, None, :]

        mean, factor = moved(self.mean, self.factor)
        log_weights = self.log_weights - 0.5 * (away**2 / variance + np.log(2.0 * np.pi * variance))
        if self.bound is None:
            return replace(self, log_weights=log_weights, mean=mean, factor=factor)
        bound = replace(self.bound, **dict(zip(("mean", "factor"), moved(self.bound.mean, self.bound.factor), strict=True)))
        share = _share(bound.mean, bound.factor, bound.lower, bound.upper, seed)
        with np.errstate(divide="ignore", invalid="ignore"):
            log_weights = np.nan_to_num(log_weights + np.log(share / bound.share), nan=-np.inf, neginf=-np.inf)
        return replace(self, log_weights=log_weights, mean=mean, factor=factor, bound=replace(bound, share=share))

    def held(
        self, half_spaces: Sequence[HalfSpace], coins: Sequence[tuple[HalfSpace, float]], seed: int, name: str
    ) -> Law:
        """Return the law of all functionals but the last, given the half-spaces, and given those whose coin shows heads.

        The last functionals are those of the half-spaces and then of the coins (each with the chance of heads). With
        probability c a coin keeps only what meets its half-space, with 1 − c everything: a mixture over coins. `name` is the
        block's, for the streams of the bounds' errors.
        """
        every = (*half_spaces, *(half for half, _ in coins))
        blur = np.zeros((len(self.mean), self.mean.shape[1], len(every)))
        blur[:, -len(every) :] = np.diag([half.sd for half in every])
        streams = (*self.streams, *(f"{name}:bound {k}" for k in range(len(every))))
        free = replace(self, factor=np.concatenate([self.factor, blur], axis=2), streams=streams)
        cases = []
        for heads in product((False, True), repeat=len(coins)):
            on = [True] * len(half_spaces) + list(heads)
            lower = np.array([half.lower if held else -np.inf for half, held in zip(every, on, strict=True)])
            upper = np.array([half.upper if held else np.inf for half, held in zip(every, on, strict=True)])
            chance = np.prod([c if head else 1.0 - c for (_, c), head in zip(coins, heads, strict=True)])
            if chance > 0.0:
                cases.append((float(chance), free._inside(lower, upper, seed)))
        return cases[0][1] if len(cases) == 1 else _mixed(cases)

    def _inside(self, lower: Floats, upper: Floats, seed: int) -> Law:
        """Return the law of the functionals but the last, which lie within the bounds (h,)."""
        h, K = len(lower), len(self.mean)
        mean, factor = self.mean[:, -h:], self.factor[:, -h:]
        low, high = np.broadcast_to(lower, (K, h)), np.broadcast_to(upper, (K, h))
        share = _share(mean, factor, low, high, seed)
        with np.errstate(divide="ignore"):
            log_weights = self.log_weights + np.log(share)
        return replace(
            self,
            log_weights=log_weights,
            mean=self.mean[:, :-h],
            factor=self.factor[:, :-h],
            drift_slope=self.drift_slope[:, :-h],
            bound=Bound(mean, factor, low, high, share),
        )


def _share(mean: Floats, factor: Floats, lower: Floats, upper: Floats, seed: int) -> Floats:
    """Return the probability (K,) of h functionals to lie within their bounds (K, h); those without any do not count."""
    kept = [j for j in range(mean.shape[1]) if np.isfinite(lower[:, j]).any() or np.isfinite(upper[:, j]).any()]
    if not kept:
        return np.ones(len(mean))
    cov = np.asarray(factor[:, kept] @ factor[:, kept].swapaxes(-1, -2))
    if len(kept) <= 2:
        return node_probabilities(mean[:, kept], cov, lower[:, kept], upper[:, kept])
    return np.asarray(averaged(mean[:, kept], cov, lower[:, kept], upper[:, kept], _SHARE_SHIFTS, seed).mean(axis=0))


def _beside(own: Floats, bounds: Floats) -> Floats:
    return np.concatenate([np.broadcast_to(own, (len(bounds), len(own))), bounds], axis=1)


def _mixed(cases: Sequence[tuple[float, Law]]) -> Law:
    """Return the mixture of laws of the same functionals, each with its chance."""
    first = cases[0][1]
    bounds = [law.bound for _, law in cases if law.bound is not None]
    logs = []
    for chance, law in cases:
        rows = law.log_weights[:1] if law.kind in ("exact", "quadrature") else law.log_weights
        total = np.logaddexp.reduce(rows, axis=None) - np.log(len(rows))
        logs.append(law.log_weights - total + np.log(chance))
    return replace(
        first,
        log_weights=np.concatenate(logs, axis=1),
        mean=np.concatenate([law.mean for _, law in cases]),
        factor=np.concatenate([law.factor for _, law in cases]),
        drift_slope=np.concatenate([law.drift_slope for _, law in cases]),
        nodes=None if first.nodes is None else tuple(part for _, law in cases for part in law.nodes or ()),
        bound=Bound(*(np.concatenate([getattr(b, f.name) for b in bounds]) for f in fields(Bound))),
        lattice=None,  # it has one point for each component of one case
    )
