"""Probabilities that at least one of several half-spaces is met, all of which are rare."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from .arrays import FloatArray, root_of

_BLOCK = 2048
_TINY = 1e-300


@dataclass(frozen=True)
class Union:
    """P(x_j > bound_j for some j) under K laws: correlation (K, q, q) with its root, standardised bounds (K, q)."""

    bounds: FloatArray
    correlation: FloatArray
    root: FloatArray

    @classmethod
    def of(cls, bounds: FloatArray, correlation: FloatArray) -> "Union":
        """The union for standardised bounds (K, q) and correlations (K, q, q), which may be singular."""
        return cls(bounds, correlation, root_of(correlation))

    @property
    def least_and_most(self) -> tuple[FloatArray, FloatArray]:
        """Bounds (K,) of the probabilities: the likeliest half-space alone, and the sum over them."""
        each = ndtr(-self.bounds)
        return each.max(axis=1), each.sum(axis=1)

    @property
    def dim(self) -> int:
        """How many uniforms a point takes: which half-space, how far inside it, and everything else."""
        return int(2 + self.bounds.shape[1])

    def at(self, u: FloatArray) -> FloatArray:
        """Unbiased estimates (K, N) at uniform points u (dim, K or 1, N).

        A half-space is picked by its chance p_j and x drawn within it; the estimate is Σ p_j over the number of half-spaces
        that x meets. It lies between Σ p_j / q and Σ p_j, so the relative error is bounded however rare they are.

        Source: Owen, Maximov and Chertkov (2019), doi 10.1214/18-EJS1527.
        """
        K, N = max(len(self.bounds), u.shape[1]), u.shape[2]
        found = np.empty((K, N))
        each = ndtr(-self.bounds)
        share = np.cumsum(each, axis=1) / np.maximum(each.sum(axis=1, keepdims=True), _TINY)
        for k in range(K):
            own = k if len(self.bounds) > 1 else 0
            points = u[:, k if u.shape[1] > 1 else 0]
            for start in range(0, N, _BLOCK):
                block = points[:, start : start + _BLOCK]
                met = self._met(own, each[own], np.searchsorted(share[own][:-1], block[0]), block)
                found[k, start : start + _BLOCK] = each[own].sum() / met
        return found

    def _met(self, k: int, each: FloatArray, picked: FloatArray, u: FloatArray) -> FloatArray:
        """How many half-spaces each point meets, at least the one that it was drawn in."""
        picked = picked.astype(np.intp)
        column = np.arange(len(picked))
        free = self.root[k] @ ndtri(u[2:])
        inside = -ndtri(np.maximum(u[1] * each[picked], _TINY))
        x = free + self.correlation[k][:, picked] * (inside - free[picked, column])
        x[picked, column] = np.inf
        return np.asarray((x > self.bounds[k][:, None]).sum(axis=0), float)
