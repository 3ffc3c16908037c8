"""Panels that the tests make: series of a known class."""

from __future__ import annotations

from typing import Any

import numpy as np

from kjproj.beliefs.pooled import PooledNumbers

TRUE = PooledNumbers(
    drift=0.09, scale=0.06, spread=0.6, drift_spread=0.02, noise=0.08, tie=0.35, change=0.6, center=4.6, low=-2, high=2
)


def panel(count: int = 60, years: int = 16, numbers: PooledNumbers = TRUE, seed: int = 0) -> dict[str, Any]:
    """Return a long frame of `count` series of `years` years."""
    rng = np.random.default_rng(seed)
    c = numbers
    u = np.exp(c.spread * rng.standard_normal(count))
    drift = c.drift + c.drift_spread * u ** (c.tie / 2) * rng.standard_normal(count)
    volatility = c.scale * np.sqrt(u)
    shocks = volatility[:, None] * rng.standard_normal((count, years))
    shocks[:, years // 2 :] *= np.exp(0.5 * c.change * rng.standard_normal(count))[:, None]
    noise = np.sqrt(c.noise) * volatility[:, None] * rng.standard_normal((count, years))
    x = rng.normal(4.6, 0.8, count)[:, None] + np.cumsum(drift[:, None] + shocks, axis=1) + noise
    return {
        "series": np.repeat([f"s{i}" for i in range(count)], years),
        "year": np.tile(np.arange(2005, 2005 + years), count),
        "value": np.exp(x).ravel(),
    }
