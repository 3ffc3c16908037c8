"""Proper scores of forecasts that are mixtures of normals. N forecasts at a time; lower is better for all but the log.

Source: Gneiting and Raftery (2007), Strictly proper scoring rules, doi 10.1198/016214506000001437; the closed form of
the CRPS of a mixture of normals: Grimit et al. (2006), doi 10.1256/qj.05.235.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ..numerics.normal_moments import mean_size
from ..numerics.pooled import Mixture

Floats = NDArray[np.float64]
LEVELS = (0.5, 0.8, 0.95)
_CHUNK = 2000
_FLOOR = 1e-12


class Forecasts(Protocol):
    """N predictive distributions of one number each."""

    def cdf(self, y: Floats) -> Floats:
        """The chance of y (N,) or less."""

    def density(self, y: Floats) -> Floats:
        """The density at y (N,)."""

    def quantile(self, q: float) -> Floats:
        """The q quantiles (N,)."""


def crps(forecasts: Forecasts, y: Floats) -> Floats:
    """Return the continuous ranked probability score (N,): exact for a mixture, by 199 quantiles for others."""
    if not isinstance(forecasts, Mixture):
        return crps_by_quantiles(forecasts, y)
    parts = [_mixture_crps(forecasts, y, slice(i, i + _CHUNK)) for i in range(0, len(y), _CHUNK)]
    return np.concatenate(parts) if parts else np.zeros(0)


def _mixture_crps(forecasts: Mixture, y: Floats, rows: slice) -> Floats:
    w, m, s = forecasts.weights[rows], forecasts.mean[rows], forecasts.sd[rows]
    from_outcome = (w * mean_size(y[rows, None] - m, s)).sum(axis=1)
    between = np.zeros(len(w))
    for k in range(w.shape[1]):  # pairs (k, l ≥ k), so that memory stays small
        size = mean_size(m[:, k, None] - m[:, k:], np.hypot(s[:, k, None], s[:, k:]))
        twice = np.where(np.arange(k, w.shape[1]) == k, 1.0, 2.0)
        between += w[:, k] * (w[:, k:] * size * twice).sum(axis=1)
    return np.asarray(from_outcome - 0.5 * between)


def crps_by_quantiles(forecasts: Forecasts, y: Floats, count: int = 199) -> Floats:
    """Return twice the mean pinball loss over `count` evenly spaced quantiles: the CRPS but for the far tails."""
    total = np.zeros(len(y))
    for q in (np.arange(count) + 0.5) / count:
        away = y - forecasts.quantile(float(q))
        total += np.maximum(q * away, (q - 1.0) * away)
    return np.asarray(2.0 * total / count)


def interval_score(low: Floats, high: Floats, y: Floats, level: float) -> Floats:
    """Return the width of central intervals, plus 2/(1 − level) times how far y lies outside."""
    outside = np.maximum(low - y, 0.0) + np.maximum(y - high, 0.0)
    return np.asarray(high - low + 2.0 / (1.0 - level) * outside)


def scored(forecasts: Forecasts, y: Floats, targets: Floats) -> dict[str, Floats]:
    """Return all scores by name, (N,) each, and the chances (N, T) that y reaches targets (N, T)."""
    pit = forecasts.cdf(y)
    found = {
        "pit": pit,
        "crps": crps(forecasts, y),
        "log_score": np.log(np.maximum(forecasts.density(y), _FLOOR)),
        "beyond_99": (np.abs(pit - 0.5) > 0.495).astype(float),
    }
    for level in LEVELS:
        name = f"{level * 100:g}"
        low, high = (forecasts.quantile(q) for q in (0.5 - 0.5 * level, 0.5 + 0.5 * level))
        found[f"covered_{name}"] = ((low <= y) & (y <= high)).astype(float)
        found[f"interval_score_{name}"] = interval_score(low, high, y, level)
        found[f"width_{name}"] = high - low
    found["chance"] = np.stack([1.0 - forecasts.cdf(t) for t in targets.T], axis=1)
    return found
