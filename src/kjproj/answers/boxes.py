"""The probability of a box, or of a box less another, under a mixture of Gaussians."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ..engine.boxes import node_probabilities
from ..engine.law import Law
from ..engine.pairing import thin
from ..estimate import Estimate, weighted_errors
from ..numerics.orthants import Separated
from .contract import ALWAYS_THE_SAME, Method, Region, Side, Tolerance
from .factors import few_factors
from .integrated import integrated, weighted

Floats = NDArray[np.float64]
_SMALL = 0.02
_METHODS = {1: "closed form", 2: "bivariate normal"}


def exact(law: Law, region: Region, tolerance: Tolerance, seed: int) -> Estimate | None:
    """One or two functionals, one side each: closed form or bivariate normal."""
    bounded = 0 if law.bound is None else law.bound.mean.shape[1]
    return orthant(law, region, tolerance, seed) if len(region) + bounded <= max(_METHODS) else None


def orthant(law: Law, region: Region, tolerance: Tolerance, seed: int) -> Estimate | None:
    """Any number of functionals, one side each."""
    if any(len(clause) > 1 for clause in region):
        return None
    columns, lower, upper = zip(*(clause[0] for clause in region), strict=True)
    return box_probability(thin(law, columns, seed), np.array(lower), np.array(upper), seed, tolerance)


BOXES: tuple[Method, ...] = (exact, few_factors, orthant)


def _box(law: Law, region: Region, tolerance: Tolerance, seed: int) -> Estimate:
    return next(found for method in BOXES if (found := method(law, region, tolerance, seed)) is not None)


def at_least_one(law: Law, region: Region, tolerance: Tolerance, seed: int) -> Estimate | None:
    """One clause of several sides: what meets the others, less what also misses all of its sides.

    None where that is below .02: of the difference of two large chances little would be right.
    """
    several = [clause for clause in region if len(clause) > 1]
    if len(several) != 1:
        return None
    others = tuple(clause for clause in region if len(clause) == 1)
    missed = _intersection([*(clause[0] for clause in others), *map(_missed, several[0])])
    whole = _box(law, others, tolerance, seed) if others else Estimate(1.0, 0.0, "closed form")
    none = Estimate(0.0, 0.0, "closed form") if missed is None else _box(law, missed, tolerance, seed)
    value = whole.value - none.value
    if value < _SMALL:
        return None
    method = max((whole, none), key=lambda found: found.stderr).method
    errors = weighted_errors(((1.0, whole), (-1.0, none)))
    return Estimate(min(value, 1.0), math.hypot(whole.stderr, none.stderr), method, errors)


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
        return weighted(law, law.within(values), method)
    return integrated(law, Separated.of(low - mean, high - mean, cov), method, tolerance, seed)
