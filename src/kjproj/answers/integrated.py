"""Chances at the nodes of a law that are integrated over a cube: on lattices of their own, or each node at its own points."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..engine.boxes import most_points
from ..engine.law import Law
from ..estimate import Estimate
from ..numerics.estimates import combine, error_parts
from ..numerics.orthants import Chances, by_shift
from ..numerics.pareto import khat
from ..numerics.sizes import spread, to_tolerance
from .contract import Tolerance

Floats = NDArray[np.float64]
_PILOT = 4
_AIM = 0.7
_RARE, _UNTRUSTED = 1e-3, 0.7


def integrated(law: Law, chances: Chances, method: str, tolerance: Tolerance, seed: int) -> Estimate:
    """Return the mean over a law's nodes of chances (K rows) that take points of a cube, as shares inside stated bounds.

    A few nodes share 8 shifted lattices, of as many points as the tolerance takes, 16,384 for all nodes of a shift at the
    most. Many nodes lie on lattices of their own, whose further dimensions give each node one point; where these leave
    more than is allowed, up to as many as the tolerance says.
    """
    if law.scattered:
        return _at_own_points(law, chances, method, tolerance, seed)

    def rows(n: int, first: int, last: int) -> Floats:
        found = by_shift(chances, n, first, last, seed)
        return found if law.bound is None else np.stack([law.within(values) for values in found])

    def answers(found: Floats) -> Floats:
        return combine(law.log_weights, found.T, law.kind)[0]

    return _of_shifts(law, to_tolerance(rows, answers, tolerance.allowed, 2 * most_points(len(law.mean))), method)


def _of_shifts(law: Law, by_shift: Floats, method: str) -> Estimate:
    """The mean of chances (shifts, K) at a law's nodes; its error is that of the shifts, and of the nodes' own rule."""
    values, errors = combine(law.log_weights, by_shift.T, law.kind)
    rule, count = float(errors.max()), len(values)
    parts = error_parts(law.log_weights, np.mean(by_shift, axis=0), law.kind)
    parts = np.concatenate([parts, np.zeros(max(count + 1 - len(parts), 0))])
    away, error = values - values.mean(), spread(values)
    length = float(np.linalg.norm(away))
    parts[1 : count + 1] += away * (error / length if length > 0.0 else 0.0)
    return Estimate(float(values.mean()), float(np.hypot(error, rule)), method, tuple(parts.tolist()))


def _at_own_points(law: Law, chances: Chances, method: str, tolerance: Tolerance, seed: int) -> Estimate:
    """One point a node; or, where that leaves too large an error, as many as it takes."""
    def at(first: int, last: int) -> Floats:
        found = chances.at(_points(law, chances.dim, seed, first, last))
        return found if law.bound is None else np.stack([law.within(values) for values in found.T], axis=1)

    values = at(0, 1)
    value, stderr = combine(law.log_weights, values[:, 0], law.kind)
    allowed = tolerance.allowed(float(value))
    if tolerance.most > _PILOT and 0.0 < allowed < stderr:
        values = at(1, 1 + _PILOT)
        count = _copies(law, values, allowed, tolerance.most)
        if count > _PILOT:
            values = np.concatenate([values, at(1 + _PILOT, 1 + count)], axis=1)
    return weighted(law, values.mean(axis=1), method)


def _copies(law: Law, pilot: Floats, allowed: float, most: int) -> int:
    """How many points a node takes, from its first few (K, copies): until the nodes themselves leave the error."""
    weights = np.exp(law.log_weights - law.log_weights.max())
    by_lattice = weights @ pilot / weights.sum(axis=1).mean()
    own = float(by_lattice.var(axis=1, ddof=1).mean()) / len(by_lattice)
    nodes = max(float(combine(law.log_weights, pilot.mean(axis=1), law.kind)[1]) ** 2 - own / _PILOT, 0.0)
    left = max((_AIM * allowed) ** 2 - nodes, 0.2 * nodes)
    return int(np.clip(np.ceil(own / left) if left > 0.0 else most, _PILOT, most))


def _points(law: Law, dim: int, seed: int, first: int, last: int) -> Floats:
    """Points (dim, K, last − first) of the nodes' own lattices, each copy shifted anew."""
    found = np.empty((dim, len(law.mean), last - first))
    for k, copy in enumerate(range(first, last)):
        points = law.own_points(dim, seed, copy)
        assert points is not None  # the law is scattered
        found[:, :, k] = points.T
    return found


def weighted(law: Law, values: Floats, method: str) -> Estimate:
    """Return the mean of chances (K,) over a law's nodes, with the error that these leave.

    Nodes lie where the parameters are believed to be. What is rare may come from where hardly any lie: where a few nodes bring
    most of it (Pareto k-hat above .7) it is only as good as its order of magnitude, and its error is no less than itself.
    """
    value, stderr = (float(found) for found in combine(law.log_weights, values, law.kind))
    if law.scattered and 0.0 < value < _RARE and khat(_log_shares(law, values)) > _UNTRUSTED:
        stderr = max(stderr, value)
    return Estimate(value, stderr, method, tuple(error_parts(law.log_weights, values, law.kind).tolist()))


def _log_shares(law: Law, values: Floats) -> Floats:
    with np.errstate(divide="ignore"):
        return np.asarray(np.logaddexp.reduce(law.log_weights, axis=0) + np.log(values))
