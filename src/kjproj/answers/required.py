"""What a target still needs, by arithmetic alone: growth a year from the last figure, and a path of yearly values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..errors import NoBasisError, NotAnswerableError
from ..figures import number
from ..growth import compound_path, compound_rate, even_path
from ..study import Study
from ..targets import BaseTarget, Target
from ..units import convert, unit

Floats = NDArray[np.float64]
Way = Literal["rate", "points", "units"]


@dataclass(frozen=True)
class RequiredGrowth:
    """Growth a year from the last figure to the target.

    Attributes:
        value: a fraction a year (`way` "rate", for amounts), points a year ("points", for shares, in the indicator's
            unit: 0.09 is 0.09 percentage points) or units a year ("units", for counts); below 0 where it is to fall.
        way: which of the three.
        base, base_year: the last figure and its year.
        implied: whether the last figure follows from others by an identity.
        goal, year: the target's; between two bounds the nearer one, or the last figure itself where it lies inside.
    """

    value: float
    way: Way
    base: float
    base_year: int
    implied: bool
    goal: float
    year: int

    def __float__(self) -> float:
        return self.value


@dataclass(frozen=True, eq=False)
class YearlyPath:
    """Values by year that lead evenly to a target: equal rates for amounts, equal steps for shares and counts.

    Attributes:
        years: shape (n_years,).
        values: in `unit`, shape (n_years,); this is what numpy and iteration take it for.
        unit: the indicator's unit.
    """

    years: NDArray[np.int64]
    values: Floats
    unit: str

    def __array__(self, dtype: object = None, copy: bool | None = None) -> Floats:
        return np.array(self.values, dtype=dtype, copy=True if copy is None else copy)  # type: ignore[call-overload, no-any-return]

    def __iter__(self) -> Iterator[float]:
        return iter(self.values.tolist())

    def __len__(self) -> int:
        return len(self.years)

    def __getitem__(self, position: int) -> float:
        return float(self.values[position])

    @property
    def by_year(self) -> dict[int, float]:
        """The values by year."""
        return {int(year): float(value) for year, value in zip(self.years, self.values, strict=True)}


def last_figure(study: Study, indicator: str, before: int) -> tuple[int, float, bool] | None:
    """Return (year, level, whether an identity implies it) of the last figure before a year; None without one."""
    for levels, implied in ((study.stated, False), (study.implied, True)):
        years = [year for year in levels.get(indicator, {}) if year < before]
        if years:
            return max(years), levels[indicator][max(years)], implied
    return None


def required_growth(study: Study, target: str | BaseTarget) -> RequiredGrowth:
    """Return what a target needs a year, from the last figure before its year.

    Raises `NoBasisError` where no figure states the indicator's level, `NotAnswerableError` where the target amounts to
    none (a number of events).

    >>> import kjproj as kj
    >>> need = kj.required_growth(kj.datasets.yueyang(), "rd_spending_2025")
    >>> print(f"{need.value:.1%} a year from {need.base:g} in {need.base_year}")
    11.2% a year from 98.06 in 2021
    """
    asked = study.target(target)
    found = last_figure(study, asked.indicator, asked.year)
    if found is None:
        raise NoBasisError(
            f"no figure says where {asked.indicator} stood before {asked.year}; add evidence of kind 'level'"
        )
    base_year, base, implied = found
    goal, years, way = _goal(study, asked, base), asked.year - base_year, way_of(study, asked.indicator)
    if way == "rate" and (base <= 0 or goal <= 0):
        raise NotAnswerableError(f"no rate leads from {base:g} to {goal:g}; levels must be above 0")
    value = compound_rate(base, goal, years) if way == "rate" else (goal - base) / years
    return RequiredGrowth(value, way, base, base_year, implied, goal, asked.year)


def _goal(study: Study, target: BaseTarget, base: float) -> float:
    if isinstance(target, Target) and target.between is not None:
        own = study.unit(target.indicator)
        low, high = (convert(number(figure), target.unit or own, own) for figure in target.between)
        return min(max(base, low), high)
    level = target.goal_level(study)
    if level is None:
        raise NotAnswerableError(
            f"{target.name} amounts to no level of {target.indicator} in {target.year}: it counts events, or the level of its "
            "base year is not published"
        )
    return level


def meets(study: Study, target: BaseTarget, need: RequiredGrowth) -> bool:
    """Tell whether the last figure meets a target already."""
    if isinstance(target, Target):
        return target.met_by(need.base, study)
    return need.value <= 0 if target.upwards else need.value >= 0


def yearly_path(study: Study, target: str | BaseTarget) -> YearlyPath:
    """Return the values of the years after the last figure that lead evenly to a target, the target's last.

    Raises `NoBasisError` where no figure states the indicator's level.

    >>> import kjproj as kj
    >>> [round(value, 1) for value in kj.yearly_path(kj.datasets.yueyang(), "rd_spending_2025")]
    [109.1, 121.3, 134.9, 150.0]
    """
    need = required_growth(study, target)
    years = need.year - need.base_year
    values = (compound_path if need.way == "rate" else even_path)(need.base, need.goal, years)
    indicator = study.target(target).indicator
    return YearlyPath(np.arange(need.base_year + 1, need.year + 1), np.array(values), study.unit(indicator))


def way_of(study: Study, indicator: str) -> Way:
    """Return how an indicator's growth is counted: points for shares, units for counts, a rate for amounts."""
    own = unit(study.unit(indicator))
    if own.quantity == "share":
        return "points"
    return "units" if own.counts else "rate"
