"""The partially pooled walk on full yearly figures, in closed form: nodes, their weights, and growth to come.

With x_t the published places on the scale and s = scale·exp(½·size·clip(x_n − center, low, high)), standardised growths
g_t = (x_{t+1} − x_t − pull·(x_t − center) − drift)/s are, given a node u = exp(spread·z), Gaussian with mean lean·spread·z
and covariance ρ·u^tie·11ᵀ + u·((1 + 2·noise)·I − noise·(first off-diagonals)), ρ = (drift_spread/scale)²: an uncertain
drift, shocks, and noise on every published place. Shocks of the coming years have u·exp(change·f) in place of u.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import ndtr

from .arrays import FloatArray

PAST = np.arange(-4, 5) * 0.75
PAST_WEIGHTS = np.exp(-0.5 * PAST**2) / np.exp(-0.5 * PAST**2).sum()
COMING = np.sqrt(3.0) * np.arange(-1, 2)
COMING_WEIGHTS = np.array([1.0, 4.0, 1.0]) / 6.0
_ROOT_2PI = np.sqrt(2.0 * np.pi)


Numbers = Any
"""What has drift, scale, spread, drift_spread, common_drift, noise, tie, size, pull, lean, change, center, low and high."""


@dataclass(frozen=True)
class Mixture:
    """N mixtures of K normals: weights, means and standard deviations, (N, K) each; weights add up to 1."""

    weights: FloatArray
    mean: FloatArray
    sd: FloatArray

    def cdf(self, y: FloatArray) -> FloatArray:
        """The chance of y or less, y (N,)."""
        return np.asarray((self.weights * ndtr((y[:, None] - self.mean) / self.sd)).sum(axis=1))

    def density(self, y: FloatArray) -> FloatArray:
        """The density at y (N,)."""
        bells = np.exp(-0.5 * ((y[:, None] - self.mean) / self.sd) ** 2) / (self.sd * _ROOT_2PI)
        return np.asarray((self.weights * bells).sum(axis=1))

    def quantile(self, q: float) -> FloatArray:
        """The q quantiles (N,), to 1e-12 of their brackets, by bisection."""
        from scipy.special import ndtri

        ends = self.mean + ndtri(q) * self.sd
        low, high = ends.min(axis=1), ends.max(axis=1)
        for _ in range(44):
            middle = 0.5 * (low + high)
            below = self.cdf(middle) < q
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        return np.asarray(0.5 * (low + high))


def growth_law(
    numbers: Numbers, x: FloatArray, horizon: int, *, wider: FloatArray | float = 1.0, rougher: FloatArray | float = 1.0
) -> Mixture:
    """Return the law of x_{n + horizon} − x_n given places x (N, n) of consecutive years, n ≥ 1.

    `wider` (N,) multiplies all variances of a class, `rougher` (N,) those of the coming shocks. 27 normals each, nodes
    of the past first.
    """
    c, n = numbers, x.shape[1]
    w = (1.0 + c.pull) ** np.arange(horizon - 1, -1, -1.0)
    total, squares, products = w.sum(), (w * w).sum(), (w[1:] * w[:-1]).sum()
    s = typical_volatility(c, x[:, -1]) * np.sqrt(wider)
    u, rho = np.asarray(np.exp(c.spread * PAST), float), (c.drift_spread / c.scale) ** 2
    lean, drift_variance = np.asarray(c.lean * c.spread * PAST, float), rho * u**c.tie
    log_weights = np.log(PAST_WEIGHTS) + np.zeros((len(x), 1))
    mean = lean * total + np.zeros((len(x), 1))
    variance = drift_variance * total**2 + u * ((1.0 + 2.0 * c.noise) * squares - 2.0 * c.noise * products)
    if n > 1:
        g = (np.diff(x, axis=1) - c.pull * (x[:, :-1] - c.center) - c.drift) / s[:, None]
        past = _Past(g, c.noise, u, drift_variance, lean)
        log_weights = log_weights + past.log_density
        along, last = drift_variance * total, -c.noise * u * w[0]
        mean = mean + along * past.ones + last * past.last
        variance = variance - (along**2 * past.ones_ones + 2.0 * along * last * past.ones_last + last**2 * past.last_last)
    weights = np.exp(log_weights - log_weights.max(axis=1, keepdims=True))
    weights /= weights.sum(axis=1, keepdims=True)
    shift = ((1.0 + c.pull) ** horizon - 1.0) * (x[:, -1] - c.center) + c.drift * total
    more = np.asarray(rougher, float)[..., None, None] * np.exp(c.change * COMING) - 1.0
    wide = variance[:, None] + u[:, None] * squares * more
    common = (c.common_drift * total) ** 2 * np.asarray(wider, float)[..., None]
    all_variance = (s**2)[:, None] * wide.reshape(-1, wide.shape[-2] * wide.shape[-1]) + common
    return Mixture(
        (weights[:, :, None] * COMING_WEIGHTS).reshape(len(x), -1),
        np.repeat(shift[:, None] + s[:, None] * mean, len(COMING), axis=1),
        np.sqrt(all_variance),
    )


def typical_volatility(numbers: Numbers, last: FloatArray) -> FloatArray:
    """Return the typical volatility of series of the class whose last places on the scale are `last`."""
    away = np.clip(last - numbers.center, numbers.low, numbers.high)
    return np.asarray(numbers.scale * np.exp(0.5 * numbers.size * away))


class _Past:
    """Products of the inverse C⁻¹ of the past growths' covariance, by node: C = drift_variance·11ᵀ + u·T.

    log_density (N, K) up to a constant; ones = 1ᵀC⁻¹e and last = e_kᵀC⁻¹e, (N, K), e the growths less their mean;
    ones_ones, ones_last, last_last (K,). By the formula of Sherman and Morrison T alone is inverted.
    """

    def __init__(self, g: FloatArray, noise: float, u: FloatArray, drift_variance: FloatArray, lean: FloatArray) -> None:
        k = g.shape[1]
        T = (1.0 + 2.0 * noise) * np.eye(k) - noise * (np.eye(k, k=1) + np.eye(k, k=-1))
        inverse, (_, log_det) = np.linalg.inv(T), np.linalg.slogdet(T)
        row, corner = inverse.sum(axis=0), inverse[-1, -1]
        everything, at_last = row.sum(), row[-1]
        ratio = drift_variance / u
        shrink = ratio / (1.0 + ratio * everything)
        gg = ((g @ inverse) * g).sum(axis=1)[:, None]
        g1, gk = (g @ row)[:, None], (g @ inverse[-1])[:, None]
        e1 = g1 - lean * everything
        ee = gg - 2.0 * lean * g1 + lean**2 * everything
        ek = gk - lean * at_last
        self.log_density = -0.5 * (ee - shrink * e1**2) / u - 0.5 * (k * np.log(u) + log_det + np.log1p(ratio * everything))
        self.ones = (e1 - shrink * everything * e1) / u
        self.last = (ek - shrink * at_last * e1) / u
        self.ones_ones = (everything - shrink * everything**2) / u
        self.ones_last = (at_last - shrink * everything * at_last) / u
        self.last_last = (corner - shrink * at_last**2) / u
