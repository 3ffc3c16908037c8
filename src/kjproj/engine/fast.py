"""Compiled loops that give the same numbers as numpy's, from the same generators; needs the extra "fast" (numba)."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..numerics.arrays import FloatArray


@cache
def compiled(loop: Callable[..., None]) -> Any:
    """Return one of the loops below, compiled (once a machine) and free of the interpreter's lock."""
    from numba import njit

    return njit(nogil=True, cache=True)(loop)


def fill(generator: np.random.Generator, out: FloatArray) -> None:
    """Put standard normals into out (n,), those that the generator's own method gives."""
    for i in range(out.size):
        out[i] = generator.standard_normal()


def count(X: FloatArray, factor: FloatArray, shift: FloatArray, first: FloatArray, total: NDArray[np.int64]) -> None:
    """Add to total (q, bins) how many of X (q, B) fall into each, at X·factor + shift − first (see `Bins.places`)."""
    most = total.shape[1] - 1.0
    for row in range(X.shape[0]):
        low, high = first[row], first[row] + most
        for i in range(X.shape[1]):
            place = X[row, i] * factor[row]
            place += shift[row]
            total[row, int(min(max(place, low), high)) - int(low)] += 1
