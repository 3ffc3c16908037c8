"""The two types that every module here speaks."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
"""An array of float64 of any shape; shapes stand in the docstrings."""

LogDensity = Callable[[FloatArray], FloatArray]
"""The log of a density up to a constant: points (M, d) to values (M,)."""


def lower_factor(factor: FloatArray) -> FloatArray:
    """Return triangular L (K, q, q) with L·Lᵀ = F·Fᵀ, F (K, q, p): modified Gram and Schmidt, all K at once.

    Rows that depend on earlier ones (to 1e-10 of their length) get a 0 on the diagonal.
    """
    K, q, _ = factor.shape
    left, found = np.array(factor), np.zeros((K, q, q))
    lengths = np.sqrt(np.einsum("kqp,kqp->kq", factor, factor))
    for j in range(q):
        length = np.sqrt(np.einsum("kp,kp->k", left[:, j], left[:, j]))
        length = np.where(length > 1e-10 * lengths[:, j], length, 0.0)
        axis = np.divide(left[:, j], length[:, None], out=np.zeros_like(left[:, j]), where=length[:, None] > 0.0)
        along = np.einsum("kqp,kp->kq", left[:, j:], axis)
        found[:, j:, j] = along
        left[:, j:] -= along[:, :, None] * axis[:, None, :]
    return found
