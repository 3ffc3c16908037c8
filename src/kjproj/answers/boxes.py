"""The probability that functionals of one block lie in a box, under its mixture of Gaussians."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..engine.boxes import averaged, node_probabilities
from ..engine.law import Law, joined
from ..estimate import Estimate
from ..numerics.estimates import combine, error_parts

Floats = NDArray[np.float64]
_SHIFTS = 16
_MANY, _PAIRS = 512, 4096
_METHODS = {1: "closed form", 2: "bivariate normal"}


def box_probability(law: Law, lower: Floats, upper: Floats, seed: int) -> Estimate:
    """Return P(lower ≤ functionals ≤ upper), bounds (q,): closed form, bivariate normal or orthant by their number.

    Bounds that the figures state count as functionals of their own: the answer is the share of what lies inside them.
    """
    law = thinned(law, len(lower), seed)
    return box_of(law, law.joint(lower, upper), seed)


def thinned(law: Law, functionals: int, seed: int) -> Law:
    """Return the law, drawn on a lattice where it has many nodes of a rule and a box takes an orthant at each."""
    bounded = 0 if law.bound is None else law.bound.mean.shape[1]
    many = len(law.mean) > _MANY and functionals + bounded > 2
    if not many or law.own_points(1, seed) is not None:
        return law
    return joined([law], np.zeros(law.mean.shape[1]), seed, _PAIRS)


def box_of(law: Law, joint: tuple[Floats, Floats, Floats, Floats], seed: int) -> Estimate:
    """Return the same from `law.joint`: mean, covariance and bounds of what is asked and of what figures bound."""
    mean, cov, low, high = joint
    method = _METHODS.get(mean.shape[1], "orthant")
    if method != "orthant":
        values = node_probabilities(mean, cov, low, high)
    elif (points := law.own_points(mean.shape[1] - 1, seed)) is not None:
        values = node_probabilities(mean, cov, low, high, points)
    else:
        return _averaged(law, averaged(mean, cov, low, high, _SHIFTS, seed))
    values = law.within(values)
    value, stderr = combine(law.log_weights, values, law.kind)
    return Estimate(float(value), float(stderr), method, tuple(error_parts(law.log_weights, values, law.kind).tolist()))


def _averaged(law: Law, by_shift: Floats) -> Estimate:
    """The error of few nodes that are averaged over shifted lattices: of the shifts, and of the nodes' own rule."""
    within = [law.within(values) for values in by_shift]
    found = [combine(law.log_weights, values, law.kind) for values in within]
    values, count = np.array([value for value, _ in found]), len(found)
    spread = np.std(values, ddof=1) / np.sqrt(count)
    rule = max(float(error) for _, error in found)
    parts = error_parts(law.log_weights, np.mean(within, axis=0), law.kind)
    parts = np.concatenate([parts, np.zeros(max(count + 1 - len(parts), 0))])
    parts[1 : count + 1] += (values - values.mean()) / np.sqrt(count * (count - 1.0))
    return Estimate(float(values.mean()), float(np.hypot(spread, rule)), "orthant", tuple(parts.tolist()))
