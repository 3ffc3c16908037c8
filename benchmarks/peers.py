"""What a user would pick instead, each doing the same part of the reference work; returns the number of paths done."""

from __future__ import annotations

import numpy as np
from reference_work import YEARS, Work


def quantlib(work: Work, n_paths: int) -> float:
    """QuantLib's multi-path generator, path by path from Python: all years, for chances and when they are first met; the joint chance."""
    import QuantLib as ql  # noqa: N813 - as its own documentation does

    today = ql.Date(31, 12, 2021)
    flat = ql.YieldTermStructureHandle(ql.FlatForward(today, 0.0, ql.Actual365Fixed()))
    sd = np.sqrt(np.diag(work.cov))
    processes = []
    for m, s in zip(work.mean, sd, strict=True):
        growth = ql.YieldTermStructureHandle(ql.FlatForward(today, float(m + s**2 / 2), ql.Actual365Fixed()))
        spread = ql.BlackVolTermStructureHandle(ql.BlackConstantVol(today, ql.NullCalendar(), float(s), ql.Actual365Fixed()))
        processes.append(ql.BlackScholesMertonProcess(ql.QuoteHandle(ql.SimpleQuote(100.0)), flat, growth, spread))
    array = ql.StochasticProcessArray(processes, (work.cov / np.outer(sd, sd)).tolist())
    times = list(ql.TimeGrid(float(YEARS), YEARS))
    draws = ql.GaussianRandomSequenceGenerator(
        ql.UniformRandomSequenceGenerator(work.n * YEARS, ql.UniformRandomGenerator(seed=1))
    )
    paths = ql.GaussianMultiPathGenerator(array, times, draws, False)
    goals, found = 100.0 * np.exp(work.sign * work.goal), np.empty((n_paths, work.n, YEARS))
    for k in range(n_paths):
        found[k] = [list(path)[1:] for path in paths.next().value()]
    met = work.sign[:, None] * (found - goals[:, None]) >= 0
    np.logical_or.accumulate(met, axis=2).mean(axis=0)
    return float(met[:, :, -1].all(axis=1).mean())


def squigglepy(work: Work, n_paths: int) -> float:
    """squigglepy's correlated variables, one year after the other: the joint chance."""
    import squigglepy as sq

    sd = np.sqrt(np.diag(work.cov))
    total = np.zeros((work.n, n_paths))
    for _ in range(YEARS):
        parts = sq.correlate(tuple(sq.norm(mean=m, sd=s) for m, s in zip(work.mean, sd, strict=True)), (work.cov / np.outer(sd, sd)).tolist())
        total += np.array([sq.sample(part, n=n_paths) for part in parts])
    return float((work.sign[:, None] * total >= work.goal[:, None]).all(axis=0).mean())


def openturns(work: Work, n_paths: int) -> float:
    """openturns' random walk: the joint chance."""
    import openturns as ot

    steps = ot.Normal(list(work.mean), ot.CovarianceMatrix(work.cov.tolist()))
    walk = ot.RandomWalk([0.0] * work.n, steps, ot.RegularGrid(0.0, 1.0, YEARS + 1))
    paths = walk.getSample(n_paths)
    last = np.array([np.asarray(paths[k])[-1] for k in range(n_paths)])
    return float((work.sign * last >= work.goal).all(axis=1).mean())


def scipy_joint(work: Work) -> float:
    """scipy's multivariate normal: the joint chance, without an error."""
    from scipy.stats import multivariate_normal

    sign = work.sign
    mean, cov = YEARS * sign * work.mean, YEARS * np.outer(sign, sign) * work.cov
    return float(multivariate_normal(mean=-mean, cov=cov).cdf(-work.goal))
