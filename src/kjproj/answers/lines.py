"""The probability that clauses hold, each of which any of several sides meets: along a line for each clause."""

from __future__ import annotations

import math

import numpy as np

from ..engine.law import Law
from ..engine.pairing import thin
from ..estimate import Estimate
from ..numerics.lines import HalfLine, Lines
from ..numerics.unions import Union
from .contract import Region, Tolerance
from .integrated import integrated

_RARE = 0.05


def rare_union(law: Law, region: Region, tolerance: Tolerance, seed: int) -> Estimate | None:
    """One clause of rays of which none is likely, where figures state no bounds: the share of the sum of their chances."""
    if len(region) != 1 or law.bound is not None or not all(math.isinf(s.lower) or math.isinf(s.upper) for s in region[0]):
        return None
    columns, lower, upper = zip(*region[0], strict=True)
    law = thin(law, columns, seed)
    sign = np.where(np.isinf(upper), 1.0, -1.0)
    bound = np.where(np.isinf(upper), lower, -np.array(upper))
    mean, cov = sign * law.mean, sign[:, None] * law.cov * sign
    sd = np.sqrt(np.diagonal(cov, axis1=1, axis2=2))
    if not (sd > 0.0).all():
        return None
    union = Union.of((bound - mean) / sd, cov / (sd[:, :, None] * sd[:, None, :]))
    if float(law.weights @ union.least_and_most[1]) > _RARE:
        return None
    return integrated(law, union, "importance sampling", tolerance, seed)


def along_lines(law: Law, region: Region, tolerance: Tolerance, seed: int) -> Estimate | None:
    """Any clauses whose sides are rays wherever there are several; what figures bound are further clauses of one side."""
    rays = (math.isinf(side.lower) or math.isinf(side.upper) for clause in region if len(clause) > 1 for side in clause)
    if not all(rays):
        return None
    q = law.mean.shape[1]
    law = thin(law, range(q), seed)
    none, any_ = np.full(q, -np.inf), np.full(q, np.inf)
    mean, cov, low, high = law.joint(none, any_)
    clauses = [[HalfLine(*side) for side in clause] for clause in region]
    bounded = range(q, mean.shape[1])
    clauses += [[HalfLine(j, low[:, j], high[:, j])] for j in bounded if np.isfinite(low[:, j]).any() or np.isfinite(high[:, j]).any()]
    return integrated(law, Lines.of(mean, cov, clauses), "line conditioning", tolerance, seed)
