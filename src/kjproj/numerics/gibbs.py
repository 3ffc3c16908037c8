"""Gibbs sampling by slices, for densities that no product of profiles follows."""

import numpy as np

from .arrays import FloatArray, LogDensity

CHAINS = 16
_BURN_IN = 60
_STREAM = 1


def chains(
    log_density: LogDensity,
    lower: FloatArray,
    upper: FloatArray,
    points: FloatArray,
    log_weights: FloatArray,
    length: int,
    seed: int,
) -> tuple[FloatArray, float]:
    """16 chains of `length` points, one after the other, (16·length, d), and their effective share.

    They start at draws from a weighted sample (points (N, d), log_weights (N,)), drop 60 sweeps, and
    move along one coordinate at a time by slice sampling, all chains at once: about 8 evaluations a
    coordinate and point.
    """
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(_STREAM,)))
    weights = np.exp(log_weights - log_weights.max())
    x = points[rng.choice(len(points), CHAINS, p=weights / weights.sum())]
    height = log_density(x)
    kept = np.empty((CHAINS, length, x.shape[1]))
    for sweep in range(-_BURN_IN, length):
        for j in range(x.shape[1]):
            x, height = _slice(log_density, lower[j], upper[j], x, height, j, rng)
        if sweep >= 0:
            kept[:, sweep] = x
    return kept.reshape(-1, x.shape[1]), _effective(kept)


def _slice(
    log_density: LogDensity,
    lower: float,
    upper: float,
    x: FloatArray,
    height: FloatArray,
    j: int,
    rng: np.random.Generator,
) -> tuple[FloatArray, FloatArray]:
    """One slice update of coordinate j of every chain x (C, d): from all of [lower, upper], shrunk to a hit.

    Starting from the whole box needs no step width and reaches every mode along the coordinate.
    Source: Neal (2003), doi 10.1214/aos/1056562461, sections 3 and 4.
    """
    level = height - rng.exponential(size=len(x))
    left, right = np.full(len(x), lower), np.full(len(x), upper)
    proposal, reached = x.copy(), height.copy()
    active = np.arange(len(x))
    while active.size:
        proposal[active, j] = left[active] + rng.random(active.size) * (right[active] - left[active])
        reached[active] = log_density(proposal[active])
        active = active[~(reached[active] > level[active])]
        below = proposal[active, j] < x[active, j]
        left[active] = np.where(below, proposal[active, j], left[active])
        right[active] = np.where(below, right[active], proposal[active, j])
    return proposal, reached


def _effective(kept: FloatArray) -> float:
    """Effective share of chains (C, n, d): variance of the points over n times that of the chains' means.

    For the worst coordinate, at most 1.
    """
    within = kept.var(axis=(0, 1))
    between = kept.mean(axis=1).var(axis=0, ddof=1)
    return float(np.min(within / np.maximum(kept.shape[1] * between, within)))
