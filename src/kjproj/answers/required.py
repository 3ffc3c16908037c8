"""What a target still needs, by arithmetic alone: growth a year from the last figure, and a path of yearly values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..errors import NoBasisError, NotAnswerableError
from ..figures import number
from ..growth import compound_path, compound_rate, even_path
from ..numbers import digits
from ..study import Study
from ..tables import Shown, Table
from ..targets import BaseTarget, Target
from ..text import Language, Text
from ..units import convert
from .phrases import Way, aimed, said_growth, way_of

__all__ = ["RequiredGrowth", "Way", "YearlyPath", "last_figure", "required_growth", "way_of", "yearly_path"]
Floats = NDArray[np.float64]


@dataclass(frozen=True, repr=False)
class RequiredGrowth(Shown):
    """Growth a year from the last figure to the target.

    Attributes:
        value: a fraction a year (`way` "rate", for amounts), points a year ("points", for shares, in the indicator's
            unit: 0.09 is 0.09 percentage points) or units a year ("units", for counts); below 0 where it is to fall.
        way: which of the three.
        base, base_year: the last figure and its year.
        implied: whether the last figure follows from others by an identity.
        goal, year: the target's; between two bounds the nearer one, or the last figure itself where it lies inside.
        unit: that of the indicator.
        of: the target in words.
    """

    value: float
    way: Way
    base: float
    base_year: int
    implied: bool
    goal: float
    year: int
    unit: str = ""
    of: Text | None = None

    def __float__(self) -> float:
        return self.value

    def __repr__(self) -> str:
        return f"RequiredGrowth({self.tables('en')[0].notes[0]})"

    def tables(self, lang: Language) -> tuple[Table, ...]:
        """Say what it takes a year, from what to what."""
        a_year = said_growth(self.way, self.value, self.unit, lang)
        title = "" if self.of is None else self.of(lang)
        first, gap = self.base_year + 1, "" if lang == "zh" else " "
        base, goal = (f"{digits(level)}{gap}{self.unit}".rstrip() for level in (self.base, self.goal))
        if lang == "zh":
            years = f"{first}—{self.year}年须年均" if self.year > first else f"{self.year}年须"
            implied = "（推算）" if self.implied else ""
            said = f"以{self.base_year}年{base}{implied}为基期，{years}{a_year}，达到{goal}。"
        else:
            implied = " (implied)" if self.implied else ""
            said = f"{a_year} a year from {base} in {self.base_year}{implied} to {goal} in {self.year}"
        return (Table(title=title, notes=(said,)),)


@dataclass(frozen=True, eq=False, repr=False)
class YearlyPath(Shown):
    """Values by year that lead evenly to a target: equal rates for amounts, equal steps for shares and counts.

    Attributes:
        years: shape (n_years,).
        values: in `unit`, shape (n_years,); this is what numpy and iteration take it for.
        unit: the indicator's unit.
        of: the target in words.
    """

    years: NDArray[np.int64]
    values: Floats
    unit: str
    of: Text | None = None

    def __repr__(self) -> str:
        values = ", ".join(f"{year}: {digits(value)}" for year, value in zip(self.years, self.values, strict=True))
        return f"YearlyPath({values} {self.unit})"

    def tables(self, lang: Language) -> tuple[Table, ...]:
        """Return one row a year."""
        head = {"zh": ("年份", f"参考值（{self.unit}）"), "en": ("year", f"reference value ({self.unit})")}[lang]
        rows = tuple((str(year), digits(value)) for year, value in zip(self.years, self.values, strict=True))
        return (Table(head, rows, "" if self.of is None else self.of(lang)),)

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
    own = study.unit(asked.indicator)
    return RequiredGrowth(value, way, base, base_year, implied, goal, asked.year, own, aimed(study, asked))


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
    return YearlyPath(np.arange(need.base_year + 1, need.year + 1), np.array(values), need.unit, need.of)
