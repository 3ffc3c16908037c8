"""Many walks at once: what a few yearly places of N series say about growth to come, in closed form at each node.

Series of one shape share their years. Between two places g = p·μ + noise: μ is the drift, p how much of it lies in the gap, and
the noise of neighbouring gaps is tied by the error of the place that they share, so its covariance is tridiagonal. One
forward sweep over the gaps turns it into independent innovations, as a Kalman filter does; the drift is a regression on
what is left. Nodes (values of a volatility) are the last axis.

Source: generalised least squares by innovations, Harvey (1989), Forecasting, Structural Time Series Models, section 3.4;
diffuse drift, de Jong (1991), doi 10.1214/aos/1176348139.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, stdtr, stdtrit

from .arrays import FloatArray
from .pooled import Mixture


@dataclass(frozen=True)
class Students:
    """N Student distributions: degrees of freedom (a number), centres and scales (N,)."""

    df: float
    center: FloatArray
    scale: FloatArray

    def beyond(self, bound: FloatArray, sign: FloatArray) -> FloatArray:
        """The chance of `bound` or more (sign 1), or of `bound` or less (sign −1); all (N,)."""
        return np.asarray(stdtr(self.df, sign * (self.center - bound) / self.scale))

    def quantile(self, q: float) -> FloatArray:
        """The q quantiles (N,)."""
        return np.asarray(self.center + float(stdtrit(self.df, q)) * self.scale)

    def take(self, rows: NDArray[np.int64]) -> Students:
        """Some of them."""
        return Students(self.df, self.center[rows], self.scale[rows])


@dataclass(frozen=True)
class Normals:
    """N mixtures of K normals: weights, which add up to 1, means and standard deviations, (N, K) each."""

    weights: FloatArray
    mean: FloatArray
    sd: FloatArray

    def beyond(self, bound: FloatArray, sign: FloatArray) -> FloatArray:
        """The chance of `bound` or more (sign 1), or of `bound` or less (sign −1); bound and sign (N,)."""
        away = sign[:, None] * (self.mean - bound[:, None])
        with np.errstate(divide="ignore", invalid="ignore"):
            inside = np.where(self.sd > 0.0, ndtr(away / self.sd), away >= 0.0)
        return np.asarray((self.weights * inside).sum(axis=1))

    def quantile(self, q: float) -> FloatArray:
        """The q quantiles (N,)."""
        return Mixture(self.weights, self.mean, self.sd).quantile(q)

    def take(self, rows: NDArray[np.int64]) -> Normals:
        """Some of them."""
        return Normals(self.weights[rows], self.mean[rows], self.sd[rows])


@dataclass(frozen=True)
class Sweep:
    """What the sweep over the gaps leaves, (N, K) each.

    log_det: of the noise's covariance. yy, py, pp: sums of squares and products of the innovations of growth (y) and of
    drift (p). last_y, last_p, last_variance: the innovations of the last gap.
    """

    log_det: FloatArray
    yy: FloatArray
    py: FloatArray
    pp: FloatArray
    last_y: FloatArray
    last_p: FloatArray
    last_variance: FloatArray


def sweep(
    growths: FloatArray, drifts: Sequence[float], variances: Sequence[FloatArray], ties: Sequence[FloatArray]
) -> Sweep:
    """Return the innovations of growths (N, k) over gaps with drift shares (k), noise variances (N, K) and ties (k − 1 of them).

    A tie is the covariance of a gap's noise with that of the gap before.
    """
    y, p, variance = growths[:, :1] + 0.0 * variances[0], drifts[0] + 0.0 * variances[0], variances[0] + 0.0
    log_det, yy, py, pp = np.log(variance), y * y / variance, p * y / variance, p * p / variance
    for j in range(1, growths.shape[1]):
        gain = ties[j - 1] / variance
        y, p = growths[:, j, None] - gain * y, drifts[j] - gain * p
        variance = variances[j] - gain * ties[j - 1]
        inverse = 1.0 / variance
        log_det = log_det + np.log(variance)
        yy, py, pp = yy + y * y * inverse, py + p * y * inverse, pp + p * p * inverse
    return Sweep(log_det, yy, py, pp, y, p, variance)


@dataclass(frozen=True)
class Drift:
    """What is left of the drift at every node: mean and variance (N, K), and how likely the growths are there."""

    mean: FloatArray
    variance: FloatArray
    log_density: FloatArray


def drift_given(found: Sweep, mean: FloatArray | float, variance: FloatArray | float) -> Drift:
    """Return the drift given the growths, for a normal belief; a variance of 0 is a known drift, of infinity a flat belief."""
    e_py, e_yy = found.py - mean * found.pp, found.yy - mean * (2.0 * found.py - mean * found.pp)
    if np.ndim(variance) == 0 and np.isinf(variance):
        shrink, log_scale = 1.0 / found.pp, np.log(found.pp)
    else:
        shrink, log_scale = variance / (1.0 + variance * found.pp), np.log1p(variance * found.pp)
    log_density = -0.5 * (found.log_det + e_yy - shrink * e_py * e_py + log_scale)
    return Drift(mean + shrink * e_py, shrink + 0.0 * found.pp, log_density)


def ahead(
    found: Sweep | None, drift: Drift, share: float, tie: FloatArray | float, variance: FloatArray | float
) -> tuple[FloatArray, FloatArray]:
    """Return mean and variance of growth to come: share·μ + noise of a variance, which has a covariance with the last gap's."""
    if found is None:
        return share * drift.mean, variance + share * share * drift.variance
    gain = tie / found.last_variance
    left = share - gain * found.last_p
    return gain * found.last_y + left * drift.mean, variance - gain * tie + left * left * drift.variance


def weighed(log_weights: FloatArray) -> FloatArray:
    """Return weights that add up to 1 along the last axis."""
    weights = np.exp(log_weights - log_weights.max(axis=-1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True))
