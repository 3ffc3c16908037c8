"""The probability that the bounds of several years have been met by each of them: one sweep for all years."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ..engine.law import Law
from ..engine.pairing import thin
from ..estimate import Estimate
from ..numerics.estimates import combine, error_parts
from ..numerics.lattice import nearest_prime, shifted_points, tent
from ..numerics.sequential import leaving_in_turn
from ..projection import Projection
from ..rows import Requirement
from .contract import STANDARD
from .passage import bounds_of, in_order, left_by, start
from .regions import computed, grouped

Floats = NDArray[np.float64]
_SHIFTS = 16
_VALUES = 1 << 21
_FEWEST, _MOST = 31, 8192
_MANY_YEARS = 12
_SINGULAR = 1e-14


def reached_by_year(projection: Projection, events: Sequence[Requirement | bool]) -> list[Estimate] | None:
    """Return the probability that one of the events of years up to each happens; None where they take other methods.

    Each event is one half-space, in the order of their years.
    """
    clause = tuple(event[0][0] for event in events if not isinstance(event, bool) and len(event) == len(event[0]) == 1)
    terms = [half.terms for half in clause]
    if not terms or len(terms) < len(events) or in_order(terms) != list(range(len(terms))):
        return None
    (group,) = grouped(projection, (clause,))
    if group.events is not None or not computed(projection.study, (clause,)):
        return None
    functionals = (*start(projection, terms), *terms)
    lower, upper = bounds_of(functionals, [half.missed() for half in clause])
    law, first = projection.law(functionals), len(functionals) - len(terms)
    found = left_by(law, lower, upper) or _in_turn(law.part(range(first, len(functionals))), lower[first:], upper[first:], projection.seed)
    if found is None:
        return None
    asked = found[len(found) - len(terms) :]
    reached = [replace(asked[0], method="closed form"), *asked[1:]]
    for k, estimate in enumerate(reached, 1):
        projection.memory[(*map(id, group.blocks), (clause[:k],), STANDARD)] = group.blocks, estimate
    return reached


def _in_turn(law: Law, lower: Floats, upper: Floats, seed: int) -> list[Estimate] | None:
    """Return the same from points of lattices, for many years; orthants year by year are more accurate for few.

    What figures bound comes before the years. None too where one of the functionals follows from those before.
    """
    if len(lower) <= _MANY_YEARS:
        return None
    law = thin(law, range(len(lower)), seed)
    mean, whole, low, high = law.joint(lower, upper)
    K, bounded, n = len(mean), mean.shape[1] - len(lower), mean.shape[1]
    turns = [*range(len(lower), n), *range(len(lower))]
    cov = whole[:, turns][:, :, turns]
    cov = cov * (1.0 + _SINGULAR * np.eye(n))
    try:
        factor = np.asarray(np.linalg.cholesky(cov), float)
    except np.linalg.LinAlgError:
        return None
    low, high = (bound[..., turns] - mean[:, turns] for bound in (low, high))
    points = law.own_points(n - 1, seed)
    if points is not None:
        by_shift = leaving_in_turn(low, high, factor, points)[None]
    else:
        size = nearest_prime(min(max(_VALUES / (K * _SHIFTS * n), _FEWEST), _MOST / K))
        low, high, factor = (np.repeat(x, size, axis=0) for x in (low, high, factor))
        lattices = tent(shifted_points(size, n - 1, _SHIFTS, seed))
        by_shift = np.array([leaving_in_turn(low, high, factor, np.tile(u, (K, 1))).reshape(K, size, n).mean(axis=1) for u in lattices])
    reached = np.cumsum(by_shift[:, :, bounded:], axis=2)
    return _each_year(law, np.stack([law.within(reached[..., j]) for j in range(reached.shape[2])], axis=2))


def _each_year(law: Law, by_shift: Floats) -> list[Estimate]:
    """The means over components of chances (shifts, K, n), with the errors of the shifts and of the nodes."""
    means = np.array([combine(law.log_weights, values, law.kind)[0] for values in by_shift])
    value, count = means.mean(axis=0), len(means)
    _, rule = combine(law.log_weights, by_shift.mean(axis=0), law.kind)
    apart = (means - value) / math.sqrt(count * max(count - 1.0, 1.0))
    found = []
    for j in range(len(value)):
        parts = error_parts(law.log_weights, by_shift.mean(axis=0)[:, j], law.kind)
        parts = np.concatenate([parts, np.zeros(max(count + 1 - len(parts), 0))])
        parts[1 : count + 1] += apart[:, j]
        stderr = math.hypot(float(rule[j]), float(np.linalg.norm(apart[:, j])))
        found.append(Estimate(float(np.clip(value[j], 0.0, 1.0)), stderr, "orthant", tuple(parts.tolist())))
    return found
