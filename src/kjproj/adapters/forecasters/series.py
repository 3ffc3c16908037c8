"""One series as a forecaster holds it: its figures, and the law of its level at any step, from the figures before it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...errors import KjprojError
from .laws import LevelLaw
from .outlooks import Assumptions, Outlook

Floats = NDArray[np.float64]
POINTS = ("median", "mean")


class Series:
    """Levels (n,) at times (n,), whole steps that rise; missing levels are NaN.

    Raises `KjprojError` for levels outside the scale, and where a flat belief has too few of them.
    """

    def __init__(self, assumptions: Assumptions, times: NDArray[np.int64], levels: Floats) -> None:
        known = ~np.isnan(levels)
        self.assumptions, self.times, self.levels = assumptions, times[known], levels[known]
        self.scale = assumptions.scale_of(self.levels)
        assumptions.require_enough(self.levels)
        self._outlooks: dict[int, Outlook | None] = {}

    def law(self, time: int) -> LevelLaw:
        """Return the law of the level at a time; within the sample it is unknown where the figures before say too little."""
        used = int(np.searchsorted(self.times, time))
        if used not in self._outlooks:
            self._outlooks[used] = self._outlook(used)
        outlook = self._outlooks[used]
        return LevelLaw.unknown(self.scale) if outlook is None else outlook.law(time - int(self.times[used - 1]))

    def paths(self, rng: np.random.Generator, n: int, times: NDArray[np.int64]) -> Floats:
        """Return n joint draws (n, times) of the levels at times after the last figure."""
        outlook = self.assumptions.outlook(self.times, self.levels, self.scale)
        steps = np.asarray(times) - self.times[-1]
        return outlook.paths(rng, n, int(steps.max()))[:, steps - 1]

    def _outlook(self, used: int) -> Outlook | None:
        try:
            return self.assumptions.outlook(self.times[:used], self.levels[:used], self.scale)
        except KjprojError:
            if used == len(self.levels):
                raise
            return None


def point_of(law: LevelLaw, point: str) -> float:
    """Return the median or the mean of a law, NaN where it is unknown; raises `KjprojError` where it has no mean."""
    if point == "median":
        return law.median
    if point != "mean":
        raise KjprojError(f"point is {point!r}; expected median or mean")
    found = law.expectation
    if law.is_known and not np.isfinite(found):
        raise KjprojError("the predictive law has no mean; take point='median', or state a belief about the volatility")
    return found
