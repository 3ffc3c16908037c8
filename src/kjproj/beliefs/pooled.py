"""The fitted numbers of a class of similar series, and the reference class that carries them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ..model import Model, Number, Positive
from ..text import Words
from . import AnyBelief

Region = Literal["country", "province", "city", "county", "any"]
_SIZES: tuple[Region, ...] = ("country", "province", "city", "county")
SMALLER_REGION = 2.0
"""By how much the variance grows where a class of provinces stands in for a city: a judgement, not a fit."""
OUTSIDE = 1.25
"""By how much variances grow where the last level lies outside a class's range: a judgement, not a fit."""
EXTREME, AFTER_EXTREME = 4.0, 1.25
"""A growth beyond so many usual ones from the class's drift, and by how much the variance of later shocks grows then."""


class PooledNumbers(Model):
    """How the series of a class grow, on their scale; times in years.

    Attributes:
        drift: mean growth.
        scale: typical standard deviation of a year's shock, at the median level.
        spread: standard deviation of the logarithm of a series' shock variance about scale².
        drift_spread: standard deviation of a series' drift about `drift`, at volatility `scale`.
        common_drift: standard deviation of what the coming years add to the drift of all series alike.
        noise: variance of a published figure's noise, as a share of the shock variance.
        tie: a series' drift spread goes with its shock variance to the power tie/2.
        size: growth of the log variance with the level on the scale (below 0: the small are rougher).
        pull: share of the distance from `center` that a year adds.
        lean: by how much rougher series grow faster.
        change: standard deviation of the log of the coming shock variance over the past one.
        center, low, high: the median level on the scale, and the 2 % and 98 % quantiles less it, in the class's unit.
    """

    drift: Number
    scale: Positive
    spread: Positive
    drift_spread: Positive
    common_drift: Annotated[Number, Field(ge=0)] = 0.0
    noise: Annotated[Number, Field(ge=0)] = 0.0
    tie: Number = 0.0
    size: Number = 0.0
    pull: Annotated[Number, Field(gt=-1, lt=1)] = 0.0
    lean: Number = 0.0
    change: Positive = 1e-6
    center: Number = 0.0
    low: Number = -1e6
    high: Number = 1e6

    def widened(self, variance: float) -> PooledNumbers:
        """Return the numbers with all variances multiplied."""
        if variance == 1.0:
            return self
        changed = {name: getattr(self, name) * variance**0.5 for name in ("scale", "drift_spread", "common_drift")}
        return self.model_copy(update=changed)


class Today(Model):
    """A stated belief about the mean growth of coming years, where the class's period is over; with its reason."""

    drift: AnyBelief
    reason: Words


class Fitted(Model):
    """Where the numbers come from."""

    data: str
    regions: str
    series: Annotated[int, Field(ge=1)]
    first_year: int
    last_year: int
    script: str
    date: str
    licence: str = ""
    note: str = ""


class PooledClass(Model):
    """A reference class whose numbers were fitted by `kjproj.calibration.fit_class`.

    `unit` is that of the levels behind `center`; None where levels of different units were pooled. `region` is the
    kind of region that the series are about. `candidates` are classes that might serve as well. `scores` are coverage and
    CRPS on series that the fit did not see.
    """

    name: str
    title: Words
    provisional: bool = False
    scale: Literal["linear", "log", "logit"]
    motion: Literal["pooled"]
    unit: str | None
    region: Region
    numbers: PooledNumbers
    today: Today | None = None
    candidates: tuple[str, ...] = ()
    provenance: Fitted
    scores: dict[str, float] = Field(default_factory=dict)

    def variance_for(self, region: str | None) -> float:
        """Return by how much variances grow when the class is used for a kind of region: 2 for each size smaller."""
        if region not in _SIZES or self.region not in _SIZES:
            return 1.0
        return SMALLER_REGION ** max(_SIZES.index(region) - _SIZES.index(self.region), 0)
