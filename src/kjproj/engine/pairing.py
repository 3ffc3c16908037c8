"""Laws whose components are pairs: of components of independent laws, of nodes and lattice points."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..numerics.lattice import nearest_prime, shifted_points, tent
from .law import LATTICES, Bound, Law

Floats = NDArray[np.float64]
_PAIRS, _MANY = 4096, 512


def thin(law: Law, columns: Sequence[int], seed: int) -> Law:
    """Return the law of some of the functionals for an answer that takes an orthant at each node, once for all answers.

    Many nodes of a rule are drawn on a lattice, so that a point each is enough.
    """
    key = "thin", tuple(columns), seed
    if key not in law.memory:
        part = law.part(columns)
        bounded = 0 if law.bound is None else law.bound.mean.shape[1]
        many = len(law.mean) > _MANY and len(columns) + bounded > 2 and not part.scattered
        law.memory[key] = joined([part], np.zeros(len(columns)), seed, _PAIRS) if many else part
    found: Law = law.memory[key]
    return found


def joined(laws: Sequence[Law], offsets: Floats, seed: int, pairs: int, shared: frozenset[str] = frozenset()) -> Law:
    """Return the law of the sums, functional by functional, of laws, and offsets (q,).

    The laws are independent but for the standard normals whose streams are `shared`: each of these is one.
    Their components, in the order of their means, are paired by 16 shifted lattices of about `pairs` points in all: one
    point in the unit cube of as many dimensions picks one component of each, as often as its weight says. Rows are the lattices; of
    a single law whose components are draws, its own rows, so that the scatter of the draws is in the error.
    """
    n = nearest_prime(pairs / LATTICES)
    points = tent(shifted_points(n, len(laws), LATTICES, seed))
    u = points.reshape(-1, len(laws))
    picks = [picked(law, u[:, j]) for j, law in enumerate(laws)]
    batch, rows = np.repeat(np.arange(LATTICES), points.shape[1]), LATTICES
    if len(laws) == 1 and laws[0].kind == "randomised":
        batch, rows = laws[0].log_weights.argmax(axis=0)[picks[0]], len(laws[0].log_weights)
    log_weights = np.where(batch == np.arange(rows)[:, None], 0.0, -np.inf)
    mean = sum((law.mean[pick] for law, pick in zip(laws, picks, strict=True)), offsets)
    factor = np.concatenate([law.factor[pick] for law, pick in zip(laws, picks, strict=True)], axis=2)
    slope = sum((law.drift_slope[pick] for law, pick in zip(laws, picks, strict=True)), np.zeros(1))
    streams = tuple(name for law in laws for name in law.streams)
    bound = _joined_bounds(laws, picks)
    law = Law(log_weights, "randomised", mean, factor, slope, streams, None, bound, (seed, (n,) * LATTICES, len(laws)))
    return law.with_one_of_each(shared)


def picked(law: Law, u: Floats) -> NDArray[np.int64]:
    """Return components, in the order of their means, at numbers in (0, 1), as often as their weights say."""
    order = np.argsort(law.mean.sum(axis=1) + law.sd.sum(axis=1), kind="stable")
    found = np.searchsorted(np.cumsum(law.weights[order]), u)
    return np.asarray(order[found.clip(max=len(order) - 1)], np.int64)


def _joined_bounds(laws: Sequence[Law], picks: Sequence[NDArray[np.int64]]) -> Bound | None:
    widths = [law.factor.shape[2] for law in laws]
    parts = []
    for k, (law, pick) in enumerate(zip(laws, picks, strict=True)):
        if law.bound is not None:
            b = law.bound
            before, after = sum(widths[:k]), sum(widths[k + 1 :])
            factor = np.pad(b.factor[pick], ((0, 0), (0, 0), (before, after)))
            parts.append(Bound(b.mean[pick], factor, b.lower[pick], b.upper[pick], b.share[pick]))
    if not parts:
        return None
    mean, factor, lower, upper = (np.concatenate([getattr(p, n) for p in parts], axis=1) for n in ("mean", "factor", "lower", "upper"))
    return Bound(mean, factor, lower, upper, np.prod([p.share for p in parts], axis=0))
