"""The probability that clauses hold, each of which any of several sides meets: along a line for each clause."""

from __future__ import annotations

import math

import numpy as np

from ..engine.law import Law
from ..engine.pairing import thin
from ..estimate import Estimate
from ..numerics.lines import HalfLine, Lines
from .contract import Region, Tolerance
from .integrated import integrated


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
