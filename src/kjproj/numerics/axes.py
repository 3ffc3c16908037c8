"""Directions at a peak along which a density falls apart into independent factors."""

import numpy as np
from numpy.typing import NDArray

from .arrays import FloatArray, LogDensity

_NEGLIGIBLE = 0.05
_LEAST_EIGENVALUE = 0.02


def straighten(
    log_density: LogDensity,
    lower: FloatArray,
    upper: FloatArray,
    modes: FloatArray,
    heights: FloatArray,
    widths: FloatArray,
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Improved modes (M, d), heights (M,), axes (M, d, d) and the widths (M, d) along these axes.

    The axes are the columns of a unit lower triangular matrix L with −(second derivatives)⁻¹ = L D² Lᵀ
    and widths D, so that in v = mode + L x a normal density has independent coordinates and dv = dx. The
    second derivatives are differences over half a width, at d (d + 1) points a mode (next to an edge of
    the box around a point inside); a mode moves by one Newton step if that takes it higher. Correlations
    are shrunk until their matrix is safely positive definite; where all are below .05 in size L is the
    identity.
    """
    m, d = modes.shape
    step = np.minimum(0.5 * widths, (upper - lower) / 8.0)
    centres = np.clip(modes, lower + step, upper - step)
    gradient, second = _derivatives(log_density, centres, log_density(centres), step)
    axes, widths = np.broadcast_to(np.eye(d), (m, d, d)).copy(), widths.copy()
    targets = centres.copy()
    for i in range(m):
        scale = 1.0 / np.sqrt(np.clip(-second[i].diagonal(), 1.0 / 9.0, 2500.0))
        correlation = _positive(-second[i] * scale * scale[:, None])
        if np.abs(correlation - np.eye(d)).max() > _NEGLIGIBLE:
            covariance = scale * scale[:, None] * np.linalg.inv(correlation)
            root = np.linalg.cholesky(covariance)
            widths[i] = root.diagonal()
            axes[i] = root / widths[i]
            longest = 3.0 * np.sqrt(covariance.diagonal())
            targets[i] += np.clip(covariance @ gradient[i], -longest, longest)
    reached = log_density(targets)
    better = reached > heights
    return (
        np.where(better[:, None], targets, modes),
        np.where(better, reached, heights),
        axes,
        np.clip(widths, 0.02, 3.0),
    )


def _derivatives(
    log_density: LogDensity, centres: FloatArray, heights: FloatArray, step: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Gradient (M, d) and second derivatives (M, d, d) by central differences, d (d + 1) points each."""
    d = centres.shape[1]
    i, j = np.triu_indices(d)
    away = np.maximum(np.eye(d)[i], np.eye(d)[j]) * step[:, None, :]
    around = centres[:, None, None, :] + np.stack([away, -away], axis=1)
    values = log_density(around.reshape(-1, d)).reshape(len(centres), 2, i.size)
    values = np.maximum(values - heights[:, None, None], -50.0)
    bend = values.sum(axis=1)
    single = bend[:, i == j]
    second = np.empty((len(centres), d, d))
    second[:, i, j] = second[:, j, i] = 0.5 * (bend - single[:, i] - single[:, j])
    second[:, np.arange(d), np.arange(d)] = single
    slope = values[:, 0, i == j] - values[:, 1, i == j]
    return slope / (2.0 * step), second / (step[:, :, None] * step[:, None, :])


def _positive(matrix: FloatArray) -> NDArray[np.float64]:
    """Correlations (d, d), shrunk towards the identity until no eigenvalue is below .02."""
    off = np.clip(matrix, -0.99, 0.99)
    np.fill_diagonal(off, 0.0)
    least = np.linalg.eigvalsh(off)[0]
    keep = 1.0 if least >= _LEAST_EIGENVALUE - 1.0 else (1.0 - _LEAST_EIGENVALUE) / -least
    return np.eye(len(matrix)) + keep * off
