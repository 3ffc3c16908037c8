"""The two types that every module here speaks."""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
"""An array of float64 of any shape; shapes stand in the docstrings."""

LogDensity = Callable[[FloatArray], FloatArray]
"""The log of a density up to a constant: points (M, d) to values (M,)."""


def by_code(codes: NDArray[np.int64]) -> Iterator[tuple[int, NDArray[np.intp]]]:
    """Yield each whole number from 0 up that stands among codes (n,), in order, with the positions where it does."""
    order = np.argsort(codes.astype(np.int16 if codes.max(initial=0) < 2**15 else np.int64), kind="stable")  # of few bits faster
    chosen, begins = np.unique(codes[order], return_index=True)
    yield from zip(chosen.tolist(), np.split(order, begins[1:]), strict=False)  # of none there is one empty part


def lower_factor(factor: FloatArray) -> FloatArray:
    """Return triangular L (K, q, q) with L·Lᵀ = F·Fᵀ, F (K, q, p): modified Gram and Schmidt, all K at once.

    Rows that depend on earlier ones (to 1e-10 of their length) get a 0 on the diagonal.
    """
    left = factor[:, :, factor.any(axis=(0, 1))]  # what no row depends on costs nothing
    K, q, _ = left.shape
    found, lengths = np.zeros((K, q, q)), np.sqrt((left**2).sum(axis=2))
    for j in range(q):
        length = np.sqrt((left[:, j] ** 2).sum(axis=1))
        length = np.where(length > 1e-10 * lengths[:, j], length, 0.0)
        axis = np.divide(left[:, j], length[:, None], out=np.zeros_like(left[:, j]), where=length[:, None] > 0.0)
        found[:, j:, j] = along = (left[:, j:] @ axis[:, :, None])[:, :, 0]
        if j + 1 < q:
            left[:, j + 1 :] -= along[:, 1:, None] * axis[:, None, :]
    return found


def root_of(cov: FloatArray) -> FloatArray:
    """Cholesky factors of positive semidefinite cov (K, q, q), with 1e-12 of each variance (or of 1) added.

    What is determined so gets a standard deviation of 1e-6 of its own. Raises ValueError for a negative eigenvalue
    beyond rounding.
    """
    axis = np.arange(cov.shape[1])
    variance = np.diagonal(cov, axis1=1, axis2=2)
    for jitter in (1e-12, 1e-10, 1e-8):
        raised = cov.copy()
        raised[:, axis, axis] += jitter * np.maximum(variance, 1.0)
        try:
            return np.asarray(np.linalg.cholesky(raised), float)
        except np.linalg.LinAlgError:
            continue
    raise ValueError("a covariance has negative eigenvalues beyond rounding")
