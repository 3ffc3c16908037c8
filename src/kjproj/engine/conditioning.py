"""Conditioning a Gaussian vector with flat unknowns on rows, at many nodes at once.

The rows say  y = offset + B·f + D·w,  with w standard normal (the errors of the figures among them) and f flat.
With B = Q·[R; 0] the part of y along the first columns of Q only determines f; the rest, D₂·w = e, is the evidence
about w. Whitened by the Cholesky factor of D₂·D₂ᵀ it reads G·w = u with orthonormal rows G, so that

    w | y ~ N(Gᵀu, I − GᵀG),    log density of y = −½(u·u + m·ln 2π) − ln det L − ln|det R|.

This is generalised least squares with diffuse effects; it stays exact for figures without error.
Source: de Jong (1991), Annals of Statistics 19(2), doi 10.1214/aos/1176348139.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Rows:
    """Rows in matrix form: H·x = y with errors of standard deviation sd. Shapes (K or 1, m, n), (K or 1, m), alike."""

    H: Floats
    y: Floats
    sd: Floats


@dataclass(frozen=True)
class Conditioned:
    """What the rows leave of f and w at K nodes.

    Attributes:
        log_density: of the rows, (K,).
        G: orthonormal rows, (K, m₂, w + m), over standard normals and then errors.
        u: (K, m₂).
        M: u = M·residual, (K, m₂, m).
        solve: R⁻¹Q₁ᵀ, (K, flat, m): the flat unknowns from the residuals.
        residual: y − H·offset, (K, m).
        D: (K, m, w + m).
    """

    log_density: Floats
    G: Floats
    u: Floats
    M: Floats
    solve: Floats
    residual: Floats
    D: Floats


def condition(offset: Floats, flat: Floats, normal: Floats, rows: Rows) -> Conditioned:
    """Condition x = offset + flat·f + normal·w (K nodes) on rows; every flat unknown must be identified by them."""
    K, m = len(offset), rows.y.shape[-1]
    H = np.broadcast_to(rows.H, (K, *rows.H.shape[1:]))
    residual = rows.y - (H @ offset[:, :, None])[:, :, 0]
    B = H @ flat
    errors = np.zeros((K, m, m))
    errors[:, np.arange(m), np.arange(m)] = rows.sd
    D = np.concatenate([H @ normal, errors], axis=-1)
    p = B.shape[-1]
    Q, R = np.linalg.qr(B, mode="complete")
    R = R[:, :p, :]
    Q1, Q2 = Q[:, :, :p], Q[:, :, p:]
    D2 = Q2.swapaxes(-1, -2) @ D
    L = np.linalg.cholesky(D2 @ D2.swapaxes(-1, -2))
    whiten = np.linalg.inv(L)
    M = whiten @ Q2.swapaxes(-1, -2)
    u = (M @ residual[:, :, None])[:, :, 0]
    log_density = -0.5 * (u * u).sum(-1) - 0.5 * (m - p) * np.log(2 * np.pi)
    log_density -= np.log(np.diagonal(L, axis1=-2, axis2=-1)).sum(-1)
    log_density -= np.log(np.abs(np.diagonal(R, axis1=-2, axis2=-1))).sum(-1)
    solve = np.linalg.inv(R) @ Q1.swapaxes(-1, -2)
    return Conditioned(log_density, whiten @ D2, u, M, solve, residual, D)


@dataclass(frozen=True)
class Marginal:
    """Functionals of x given the rows: mean (K, q), and a factor (K, q, w + m) with factor·factorᵀ the covariance.

    `gain` (K, q, m) is the derivative of the mean with respect to the rows' residuals.
    """

    mean: Floats
    factor: Floats
    gain: Floats


def marginal(given: Conditioned, A: Floats, offset: Floats, flat: Floats, normal: Floats) -> Marginal:
    """Return the distribution of A·x given the rows, for functionals A (q, n); exact also for singular ones."""
    K, m = given.residual.shape
    own = A @ flat @ given.solve
    w = np.concatenate([A @ normal, np.zeros((K, len(A), m))], axis=-1) - own @ given.D
    along = w @ given.G.swapaxes(-1, -2)
    mean = A @ offset[:, :, None] + own @ given.residual[:, :, None] + along @ given.u[:, :, None]
    gain = own + along @ given.M
    return Marginal(mean[:, :, 0], w - along @ given.G, gain)
