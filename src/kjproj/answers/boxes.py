"""The probability that functionals of one block lie in a box, under its mixture of Gaussians."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from ..engine.boxes import most_points, node_probabilities
from ..engine.law import Law
from ..engine.pairing import thin
from ..estimate import Estimate, weighted_errors
from ..numerics.estimates import combine, error_parts
from ..numerics.orthants import Separated, by_shift
from ..numerics.sizes import spread, to_tolerance
from .contract import ALWAYS_THE_SAME, Region, Side, Tolerance

Floats = NDArray[np.float64]
_METHODS = {1: "closed form", 2: "bivariate normal"}


def box(law: Law, region: Region, tolerance: Tolerance, seed: int) -> Estimate | None:
    """One side a clause: closed form, bivariate normal or orthant by the number of functionals."""
    if any(len(clause) > 1 for clause in region):
        return None
    columns, lower, upper = zip(*(clause[0] for clause in region), strict=True)
    return box_probability(thin(law, columns, seed), np.array(lower), np.array(upper), seed, tolerance)


def at_least_one(law: Law, region: Region, tolerance: Tolerance, seed: int) -> Estimate | None:
    """One clause of several one-sided sides at the most: what meets the others, less what also misses all of its sides."""
    several = [clause for clause in region if len(clause) > 1]
    if not all(math.isinf(side.lower) or math.isinf(side.upper) for clause in several for side in clause):
        return None
    if len(several) > 8:
        return None
    parts = []
    for sign, sides in _boxes(region, several):
        if sides is None:
            continue
        found = box(law, sides, tolerance, seed) if sides else Estimate(1.0, 0.0, "closed form")
        assert found is not None  # one side a clause is a box
        parts.append((sign, found))
    value = sum(sign * found.value for sign, found in parts)
    stderr = math.hypot(*(found.stderr for _, found in parts))
    method = max((found for _, found in parts), key=lambda found: found.stderr).method
    return Estimate(min(max(value, 0.0), 1.0), stderr, method, weighted_errors(parts))


def _boxes(region: Region, several: list[tuple[Side, ...]]) -> Iterator[tuple[int, Region | None]]:
    """Yield signed boxes whose probabilities add up to that of the region, by inclusion and exclusion; None for an empty one.

    A clause of several sides is one less "none of them".
    """
    single = [clause[0] for clause in region if len(clause) == 1]
    for size in range(len(several) + 1):
        for chosen in combinations(several, size):
            missed = [_missed(side) for clause in chosen for side in clause]
            yield (-1) ** size, _intersection([*single, *missed])


def _missed(side: Side) -> Side:
    if math.isinf(side.upper):
        return Side(side.column, -math.inf, side.lower)
    return Side(side.column, side.upper, math.inf)


def _intersection(sides: list[Side]) -> Region | None:
    bounds: dict[int, tuple[float, float]] = {}
    for column, lower, upper in sides:
        low, high = bounds.get(column, (-math.inf, math.inf))
        bounds[column] = max(low, lower), min(high, upper)
    if any(low > high for low, high in bounds.values()):
        return None
    return tuple((Side(column, *limits),) for column, limits in bounds.items())


def box_probability(law: Law, lower: Floats, upper: Floats, seed: int, tolerance: Tolerance = ALWAYS_THE_SAME) -> Estimate:
    """Return P(lower ≤ functionals ≤ upper), bounds (q,): closed form, bivariate normal or orthant by their number.

    Bounds that the figures state count as functionals of their own: the answer is the share of what lies inside them.
    """
    law = thin(law, range(len(lower)), seed)
    return box_of(law, law.joint(lower, upper), seed, tolerance)


def box_of(
    law: Law, joint: tuple[Floats, Floats, Floats, Floats], seed: int, tolerance: Tolerance = ALWAYS_THE_SAME
) -> Estimate:
    """Return the same from `law.joint`: mean, covariance and bounds of what is asked and of what figures bound."""
    mean, cov, low, high = joint
    method = _METHODS.get(mean.shape[1], "orthant")
    if method != "orthant":
        values = node_probabilities(mean, cov, low, high)
    elif (points := law.own_points(mean.shape[1] - 1, seed)) is not None:
        values = node_probabilities(mean, cov, low, high, points)
    else:
        return _averaged(law, joint, seed, tolerance)
    values = law.within(values)
    value, stderr = combine(law.log_weights, values, law.kind)
    return Estimate(float(value), float(stderr), method, tuple(error_parts(law.log_weights, values, law.kind).tolist()))


def _averaged(law: Law, joint: tuple[Floats, Floats, Floats, Floats], seed: int, tolerance: Tolerance) -> Estimate:
    """Few nodes that are averaged over shifted lattices, of as many points as the tolerance takes."""
    mean, cov, low, high = joint
    problem = Separated.of(low - mean, high - mean, cov)

    def rows(n: int, first: int, last: int) -> Floats:
        return np.stack([law.within(values) for values in by_shift(problem, n, first, last, seed)])

    def answers(found: Floats) -> Floats:
        return np.array([float(combine(law.log_weights, values, law.kind)[0]) for values in found])

    return of_shifts(law, to_tolerance(rows, answers, tolerance.allowed, most_points(len(mean))), "orthant")


def of_shifts(law: Law, by_shift: Floats, method: str) -> Estimate:
    """Return the mean of chances (shifts, K) at a law's nodes; its error is that of the shifts, and of the nodes' own rule."""
    found = [combine(law.log_weights, values, law.kind) for values in by_shift]
    values, count = np.array([value for value, _ in found]), len(found)
    rule = max(float(error) for _, error in found)
    parts = error_parts(law.log_weights, np.mean(by_shift, axis=0), law.kind)
    parts = np.concatenate([parts, np.zeros(max(count + 1 - len(parts), 0))])
    parts[1 : count + 1] += (values - values.mean()) / np.sqrt(count * (count - 1.0))
    return Estimate(float(values.mean()), float(np.hypot(spread(values), rule)), method, tuple(parts.tolist()))
