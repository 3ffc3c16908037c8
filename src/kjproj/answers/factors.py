"""The probability of a box whose functionals hang together by one or two factors alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ..engine.law import Law
from ..estimate import Estimate
from ..numerics.factors import factored, loadings
from .contract import Region, Tolerance
from .integrated import weighted

Floats = NDArray[np.float64]
_MOST_NODES = {0: 512, 1: 128, 2: 4}


def few_factors(law: Law, region: Region, tolerance: Tolerance, seed: int) -> Estimate | None:
    """One side a clause, few nodes, and at each of them correlations of one or two factors: quadrature, to about 1e-13."""
    if any(len(clause) > 1 for clause in region) or len(law.mean) > max(_MOST_NODES.values()):
        return None
    columns, lower, upper = zip(*(clause[0] for clause in region), strict=True)
    mean, cov, low, high = law.part(columns).joint(np.array(lower), np.array(upper))
    sd = np.sqrt(np.diagonal(cov, axis1=1, axis2=2))
    if not (sd > 0.0).all():
        return None
    low, high, correlation = (low - mean) / sd, (high - mean) / sd, cov / (sd[:, :, None] * sd[:, None, :])
    first = loadings(correlation[0])
    if first is None or len(law.mean) > _MOST_NODES[first.shape[1]]:
        return None
    found = [first, *(loadings(own) for own in correlation[1:])]
    if any(own is None for own in found):
        return None
    values, gaps = np.array([factored(*node) for node in zip(low, high, found, strict=True) if node[2] is not None]).T  # type: ignore[arg-type]
    estimate = weighted(law, law.within(values), "quadrature")
    return replace(estimate, stderr=float(np.hypot(estimate.stderr, law.weights @ law.within(gaps))))
