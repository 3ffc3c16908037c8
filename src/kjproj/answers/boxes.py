"""The probability that functionals of one block lie in a box, under its mixture of Gaussians."""

from __future__ import annotations


import numpy as np
from numpy.typing import NDArray

from ..engine.law import Law
from ..estimate import Estimate
from ..numerics.estimates import combine
from ..numerics.lattice import nearest_prime, shifted_points, tent
from ..numerics.nodes import companion_uniforms
from ..numerics.normal import bivariate_rectangle, interval_probability

Floats = NDArray[np.float64]
_POINTS, _SHIFTS = 8192, 16


def box_probability(law: Law, lower: Floats, upper: Floats, seed: int) -> Estimate:
    """Return P(lower ≤ functionals ≤ upper), bounds (q,): closed form, bivariate normal or orthant by q."""
    q = len(lower)
    if q == 1:
        value, stderr = combine(law.log_weights, _intervals(law, lower, upper)[:, 0], law.kind)
        return Estimate(float(value), float(stderr), "closed form")
    if q == 2:
        value, stderr = combine(law.log_weights, _bivariate(law, lower, upper), law.kind)
        return Estimate(float(value), float(stderr), "bivariate normal")
    return Estimate(*_orthant(law, lower, upper, seed), "orthant")


def _standardised(law: Law, bound: Floats) -> Floats:
    """Return (bound − mean)/sd, (K, q); ±∞ where the functional is known."""
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (bound - law.mean) / law.sd
    return np.where(np.isnan(z), 0.0, z)


def _intervals(law: Law, lower: Floats, upper: Floats) -> Floats:
    return interval_probability(_standardised(law, lower), _standardised(law, upper))


def _bivariate(law: Law, lower: Floats, upper: Floats) -> Floats:
    cov, sd = law.cov, law.sd
    with np.errstate(divide="ignore", invalid="ignore"):
        rho = np.nan_to_num(cov[:, 0, 1] / (sd[:, 0] * sd[:, 1]))
    return bivariate_rectangle(_standardised(law, lower), _standardised(law, upper), np.clip(rho, -1.0, 1.0))


def _orthant(law: Law, lower: Floats, upper: Floats, seed: int) -> tuple[float, float]:
    """Randomised nodes go on in their own lattice; few nodes are repeated, each with points of one more lattice."""
    from ..numerics.orthants import separation_of_variables

    q = len(lower)
    if law.nodes is not None and all(n.kind in ("randomised", "gibbs") for n in law.nodes):
        u = np.concatenate([companion_uniforms(nodes, q - 1, seed) for nodes in law.nodes])
        values = separation_of_variables(lower - law.mean, upper - law.mean, law.cov, u)
        value, stderr = combine(law.log_weights, values, law.kind)
        return float(value), float(stderr)
    K = len(law.mean)
    per_shift = nearest_prime(max(_POINTS / K, 61))
    points = tent(shifted_points(per_shift, q - 1, _SHIFTS, seed))
    rows = []
    mean, cov = np.repeat(law.mean, per_shift, axis=0), np.repeat(law.cov, per_shift, axis=0)
    for u in points:
        values = separation_of_variables(lower - mean, upper - mean, cov, np.tile(u, (K, 1)))
        rows.append(combine(law.log_weights, values.reshape(K, per_shift).mean(axis=1), law.kind)[0])
    spread = np.std(rows, ddof=1) / np.sqrt(_SHIFTS)
    quadrature = 0.0 if law.kind == "exact" else combine(law.log_weights, values.reshape(K, -1).mean(axis=1), law.kind)[1]
    return float(np.mean(rows)), float(np.hypot(spread, quadrature))
