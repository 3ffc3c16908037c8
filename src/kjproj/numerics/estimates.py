"""From weighted nodes to one number and the standard error of its computation."""

from typing import Literal

import numpy as np

from .arrays import FloatArray

Kind = Literal["exact", "quadrature", "randomised", "gibbs"]
"""How nodes were placed, hence what their rows mean."""


def combine(log_weights: FloatArray, values: FloatArray, kind: Kind) -> tuple[FloatArray, FloatArray]:
    """The weighted mean Σ w f / Σ w of `values` over the nodes, and its standard error.

    log_weights (R, K), values (K,) or (K, q); both results have shape values.shape[1:]. With
    N_r = Σ_k w_rk f_k and Z_r = Σ_k w_rk:
    exact: row 0, error that of rounding. quadrature: row 0 (fine), error |row 0 − row 1| and rounding.
    randomised, gibbs: v = Σ N_r / Σ Z_r, error sd_r(N_r − v Z_r) / (mean Z √R), the delta method over
    independent rows, never below rounding. Rounding is 1e-12 of the value, and 1e-15. Raises ValueError
    when all weights vanish.

    Source: ratio estimator, Owen, Monte Carlo theory, methods and examples (2013), chapter 2.
    """
    numerators, totals = _row_sums(log_weights, values)
    if kind in ("exact", "quadrature"):
        rows = numerators / totals.reshape(-1, *[1] * (numerators.ndim - 1))
        spread = np.abs(rows[0] - rows[1]) if kind == "quadrature" else np.zeros_like(rows[0])
        return rows[0], spread + _rounding(rows[0])
    value = numerators.sum(axis=0) / totals.sum()
    residuals = numerators - np.multiply.outer(totals, value)
    stderr = np.std(residuals, axis=0, ddof=1) / (totals.mean() * np.sqrt(totals.size))
    return value, np.maximum(stderr, _rounding(value))


def error_parts(log_weights: FloatArray, values: FloatArray, kind: Kind) -> FloatArray:
    """The signed parts of the error of `combine`, whose squares add up to its square but for rounding: (1,) or (1 + R,).

    log_weights (R, K), values (K,). First that of the rule, N₀/Z₀ − N₁/Z₁ for quadrature and 0 else; then for randomised
    and gibbs nodes one for each row, √(R/(R − 1))·(N_r − v Z_r)/Σ Z. Two means whose rows are the same randomisations in
    the same order have a difference whose error is that of the differences of their parts: what they share cancels.
    """
    if kind == "exact":
        return np.zeros(1)
    numerators, totals = _row_sums(log_weights, values)
    if kind == "quadrature":
        return np.array([numerators[0] / totals[0] - numerators[1] / totals[1]])
    residuals = numerators - totals * (numerators.sum() / totals.sum())
    rows = totals.size
    return np.concatenate([[0.0], residuals / totals.sum() * np.sqrt(rows / (rows - 1.0))])


def _rounding(value: FloatArray) -> FloatArray:
    rounding: FloatArray = 1e-12 * np.abs(value) + 1e-15
    return rounding


def _row_sums(log_weights: FloatArray, values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """N (R,) or (R, q) and Z (R,), all divided by the greatest weight."""
    top = log_weights.max()
    if not np.isfinite(top):
        raise ValueError("every node has weight zero (or an infinite one): nothing can be averaged")
    weights = np.zeros(log_weights.shape)
    np.exp(log_weights - top, out=weights, where=log_weights > -np.inf)
    return weights @ values, weights.sum(axis=1)
