"""Quantile curves: a distribution through stated quantiles."""

import numpy as np
from scipy.special import ndtri

from .arrays import FloatArray


class QuantileCurve:
    """The place at a standard normal score z, increasing and through stated quantiles: places x (k,) at levels q (k,).

    Between the outer quantiles it is Fritsch and Carlson's monotone cubic in (Φ⁻¹(q), x); beyond them the straight line
    through the outer pair, which is the normal distribution with those two quantiles. Quantiles of one normal
    distribution give that distribution. q and x rise strictly, k is at least 2.

    Source: Fritsch and Carlson (1980), doi 10.1137/0717021.
    """

    def __init__(self, q: FloatArray, x: FloatArray) -> None:
        from scipy.interpolate import PchipInterpolator

        self.z, self.x = np.asarray(ndtri(q), float), np.asarray(x, float)
        self._inside = PchipInterpolator(self.z, self.x, extrapolate=True)

    def __call__(self, z: FloatArray) -> FloatArray:
        """Return places at scores z, any shape."""
        z = np.asarray(z, float)
        low, high = self._line(z, 0), self._line(z, -2)
        inside = self._inside(np.clip(z, self.z[0], self.z[-1]))
        return np.where(z < self.z[0], low, np.where(z > self.z[-1], high, inside))

    def _line(self, z: FloatArray, j: int) -> FloatArray:
        (z0, z1), (x0, x1) = self.z[[j, j + 1]], self.x[[j, j + 1]]
        line: FloatArray = x0 + (x1 - x0) / (z1 - z0) * (z - z0)
        return line
