"""Probabilities of boxes under the Gaussian of each node: exact for one and two functionals, one point each beyond."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..numerics.lattice import nearest_prime
from ..numerics.nodes import Nodes, companion_uniforms
from ..numerics.normal import bivariate_rectangle, interval_probability
from ..numerics.orthants import Separated, by_shift, separation_of_variables

Floats = NDArray[np.float64]
_POINTS = 8192


def node_probabilities(mean: Floats, cov: Floats, lower: Floats, upper: Floats, u: Floats | None = None) -> Floats:
    """Return P(lower ≤ X ≤ upper) for X ~ N(mean, cov), (K,): mean (K, q), cov (K, q, q), bounds (q,) or (K, q).

    Closed form for q = 1, bivariate normal for q = 2; for more an unbiased estimate from u (K, q − 1).
    """
    q = mean.shape[1]
    if q > 2:
        assert u is not None  # the caller brings points where they are needed
        return separation_of_variables(lower - mean, upper - mean, cov, u)
    sd = np.sqrt(np.diagonal(cov, axis1=-2, axis2=-1))
    with np.errstate(divide="ignore", invalid="ignore"):
        low = np.nan_to_num((lower - mean) / sd, nan=-np.inf, posinf=np.inf, neginf=-np.inf)
        high = np.nan_to_num((upper - mean) / sd, nan=np.inf, posinf=np.inf, neginf=-np.inf)
        if q == 1:
            return interval_probability(low[:, 0], high[:, 0])
        rho = np.nan_to_num(cov[:, 0, 1] / (sd[:, 0] * sd[:, 1]))
    return bivariate_rectangle(low, high, np.clip(rho, -1.0, 1.0))


def have_points(nodes: tuple[Nodes, ...] | None) -> bool:
    """Tell whether nodes lie on lattices of their own."""
    return nodes is not None and all(n.kind in ("randomised", "gibbs") for n in nodes)


def own_points(nodes: tuple[Nodes, ...] | None, dim: int, seed: int, copy: int = 0) -> Floats | None:
    """Return a point (K, dim) of the nodes' own lattices for each, shifted anew for each copy; None where they have none."""
    if nodes is None or not have_points(nodes):
        return None
    return np.concatenate([companion_uniforms(part, dim, seed, copy) for part in nodes])


def averaged(mean: Floats, cov: Floats, lower: Floats, upper: Floats, shifts: int, seed: int) -> Floats:
    """Return the same for q > 2 at few nodes, (shifts, K): averages over a lattice, shift by shift."""
    rows = Separated.of(lower - mean, upper - mean, cov)
    return by_shift(rows, nearest_prime(most_points(len(mean))), 0, shifts, seed)


def most_points(nodes: int) -> int:
    """Return how many points of a lattice each of a few nodes gets at the most."""
    return max(_POINTS // nodes, 61)
