"""The probability of one box under one multivariate normal, to a tolerance."""

import numpy as np

from .arrays import FloatArray
from .normal import bivariate_rectangle, interval_probability
from .orthants import Separated, by_shift
from .sizes import spread, to_tolerance

_MOST = 32_749


def rectangle(
    lower: FloatArray,
    upper: FloatArray,
    mean: FloatArray,
    cov: FloatArray,
    *,
    atol: float = 1e-5,
    rtol: float = 0.0,
    seed: int = 0,
) -> tuple[float, float]:
    """P(lower < X < upper) for one X ~ N(mean, cov), and its standard error.

    lower, upper, mean (d,), cov (d, d), which may be singular; limits may be infinite. Variables without
    limits are left out; those without variance are indicators (limits included). One variable is exact,
    two are Owen's T; more are separated on 8 randomly shifted lattices of as many points as the tolerance
    max(atol, rtol · value) takes, 32,749 at the most (see `sizes.to_tolerance`). The error is that of the
    spread over shifts, never below 1e-12 of the value. The same seed gives the same answer.
    """
    lo, hi = lower - mean, upper - mean
    fixed = cov.diagonal() <= 0.0
    if np.any(fixed & ((lo > 0.0) | (hi < 0.0))):
        return 0.0, 1e-15
    kept = ~fixed & ((lo > -np.inf) | (hi < np.inf))
    sd = np.sqrt(cov.diagonal()[kept])
    lo, hi, correlation = lo[kept] / sd, hi[kept] / sd, cov[np.ix_(kept, kept)] / (sd * sd[:, None])
    if sd.size <= 1:
        return float(np.prod(interval_probability(lo, hi))), 1e-15
    if sd.size == 2:
        return float(bivariate_rectangle(lo, hi, np.clip(correlation[0, 1], -1.0, 1.0))), 1e-14
    problem = Separated.of(lo[None], hi[None], correlation[None])
    found = to_tolerance(
        lambda n, first, last: by_shift(problem, n, first, last, seed)[:, 0], lambda rows: rows, lambda value: max(atol, rtol * value), _MOST
    )
    value = float(found.mean())
    return value, max(spread(found), 1e-12 * value)
