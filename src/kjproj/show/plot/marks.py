"""What is known and what is wanted of an indicator, as points to draw: figures, bounds, targets with their yearly paths."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ...answers.required import YearlyPath, last_figure, required_growth, yearly_path
from ...engine.unknowns import roots
from ...errors import KjprojError, NoBasisError, NotAnswerableError
from ...evidence import Bound, Evidence, Level, Partial
from ...figures import number
from ...projection import Projection
from ...rows import HalfSpace, Row
from ...study import Study
from ...targets import BaseTarget, Bounded, Target
from ...units import convert

Kind = Literal["reported", "expected", "implied"]
_REACH = 1.96
"""Errors are drawn as far as nineteen values in twenty lie from the figure."""


@dataclass(frozen=True)
class Figure:
    """A level in a year, in the indicator's unit, with the ends of its error."""

    year: int
    level: float
    low: float
    high: float
    kind: Kind


@dataclass(frozen=True)
class Limit:
    """A level that is known to be passed, upwards or downwards, in a year."""

    year: int
    level: float
    upwards: bool


@dataclass(frozen=True)
class Goal:
    """A target as levels: one, or the two of a range; from `year` to `until`; the yearly values that lead there."""

    target: BaseTarget
    year: int
    until: int
    levels: tuple[float, ...]
    path: YearlyPath | None
    base: tuple[int, float] | None


def figures(study: Study, indicator: str) -> tuple[Figure, ...]:
    """Return the levels that figures state, with their errors, and those that follow from other figures."""
    stated = [_stated(study, item) for _, item in study.standing if isinstance(item, Level) and item.indicator == indicator]
    years = {figure.year for figure in stated}
    implied = sorted((y, v) for y, v in study.implied.get(indicator, {}).items() if y not in years)
    return (*stated, *(Figure(year, level, level, level, "implied") for year, level in implied))


def _stated(study: Study, item: Level) -> Figure:
    kind: Kind = "expected" if item.expected else "reported"
    (row,) = item.rows(study, "")
    if not isinstance(row, Row):  # events are counted without error
        return Figure(item.year, row.count, row.count, row.count, kind)
    scale = study.scale(item.indicator)
    low, level, high = (float(scale.to_level(row.value + side * _REACH * row.sd)) for side in (-1, 0, 1))
    return Figure(item.year, level, low, high, kind)


def limits(study: Study, indicator: str) -> tuple[Limit, ...]:
    """Return the bounds that figures state: "more than 200"."""
    return tuple(_limit(study, item) for _, item in study.standing if isinstance(item, Bound) and item.indicator == indicator)


def _limit(study: Study, item: Bound) -> Limit:
    (half,) = item.rows(study, "")
    assert isinstance(half, HalfSpace)
    upwards = half.upper == float("inf")
    return Limit(item.year, float(study.scale(item.indicator).to_level(half.lower if upwards else half.upper)), upwards)


def goals(study: Study, indicator: str) -> tuple[Goal, ...]:
    """Return the targets of an indicator that amount to a level of it."""
    found = [_goal(study, target) for target in study.questions if target.indicator == indicator]
    return tuple(goal for goal in found if goal is not None)


def _goal(study: Study, target: BaseTarget) -> Goal | None:
    level, own = target.goal_level(study), study.unit(target.indicator)
    if level is None:
        return None
    levels: tuple[float, ...] = (level,)
    if isinstance(target, Target):
        levels = tuple(convert(number(figure), target.unit or own, own) for figure in target.figures)
    elif isinstance(target, Bounded) and target.between is not None:
        return None  # two rates or amounts: no one level
    until = getattr(target, "until", None) or target.year
    path, base = _way(study, target)
    return Goal(target, target.year, until, levels, path, base)


def _way(study: Study, target: BaseTarget) -> tuple[YearlyPath | None, tuple[int, float] | None]:
    """The yearly values that lead to a target, from the last figure; none where that meets it already."""
    try:
        need = required_growth(study, target)
        met = target.met_by(need.base, study) if isinstance(target, Target) else (need.value <= 0) is target.upwards
        return (None, None) if met else (yearly_path(study, target), (need.base_year, need.base))
    except (NoBasisError, NotAnswerableError):
        return None, None


def first_year(projection: Projection, indicator: str) -> int:
    """Return from which year a projection of an indicator is drawn: that of its last figure, else the first open year."""
    study = projection.study
    open_year = study.last_past_year + 1
    given = [projection.forecasts[name].first for name in roots(study, indicator) if name in projection.forecasts]
    if given:
        return max(open_year, *given)
    if study.counts_events(indicator):
        return open_year
    last = last_figure(study, indicator, open_year)
    if last is not None:
        return last[0]
    return max((item.year for _, item in study.standing if _near(item, indicator, open_year)), default=open_year)


def _near(item: Evidence, indicator: str, before: int) -> bool:
    return isinstance(item, Bound | Partial) and item.indicator == indicator and item.year < before


def checked(outturns: object) -> dict[int, float]:
    """Return what came, by year; raises `KjprojError` for anything but numbers by year."""
    if not hasattr(outturns, "items"):
        raise KjprojError(f"outturns are {type(outturns).__name__}; expected levels by year, such as {{2023: 131.2}}")
    found: dict[int, float] = {}
    for year, value in outturns.items():
        try:
            found[int(year)] = float(value)
        except (TypeError, ValueError):
            raise KjprojError(f"the outturn of {year!r} is {value!r}; expected a level by year, such as {{2023: 131.2}}") from None
        if not abs(found[int(year)]) < float("inf"):
            raise KjprojError(f"the outturn of {year} is {value!r}; expected a finite level")
    return found
