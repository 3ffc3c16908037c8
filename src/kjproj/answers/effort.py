"""What does it take? The extra growth, amount or step at which a target, or several together, have a stated chance."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from ..errors import KjprojError, NotAnswerableError
from ..estimate import Estimate
from ..levers import Growth, Lever
from ..projection import Projection
from ..scales import Linear, Scale
from ..study import Study
from ..targets import BaseTarget
from ..text import Language, Text
from .carrier import acted_on, carrier
from .effort_words import effort_words
from .levels import quantiles
from .lifted import Lifted
from .questions import Names, required, resolve
from .required import Way, way_of
from .search import Found, Search


@dataclass(frozen=True)
class Effort:
    """How much of a lever gives the asked chance.

    Attributes:
        targets: what is to be met, together.
        asked: the probability that is wanted.
        before: the chance without the lever.
        reached: the chance with `value` of it: the asked one, unless it is out of reach.
        value: how much, in `unit`: of extra growth a fraction a year on `Log` (0.02 is 2 %), of an amount its units, of a
            one-off the step on the scale. The sign is that of the change: below 0 for a target from above. Where the chance
            is there already it is the room: by so much the indicator could do worse.
        stderr: the error of `value` that comes from the computation.
        unit: of `value`.
        lever: what is done, and to which indicator.
        feasible: whether the chance can be had; if not, `value` is what gives the best one, and `reached` is that.
        spare: whether the chance is there without it, so that `value` is room.
        way: how the indicator's growth is counted: "rate", "points" or "units"; None but for extra growth.
        a_year: extra growth a year in that way: a fraction; points or units a year that the median of `last_year` gains,
            in the indicator's unit. On `Linear` always units of the indicator.
        first_year, last_year: the years in which it acts, up to the last target's.
        medians: of the lever's indicator in `last_year`, without it and with it, in its unit.
        words: the answer as a sentence.
    """

    targets: tuple[str, ...]
    asked: float
    before: Estimate
    reached: Estimate
    value: float
    stderr: float
    unit: str
    lever: Lever
    feasible: bool
    spare: bool
    way: Way | None
    a_year: float | None
    first_year: int
    last_year: int
    medians: tuple[float, float]
    words: Text

    def __float__(self) -> float:
        return self.value

    def __str__(self) -> str:
        return self.words("en")

    def to_text(self, lang: Language = "zh") -> str:
        """Return the answer as a sentence."""
        return self.words(lang)

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as plain data."""
        lever = {"kind": self.lever.kind, "indicator": self.lever.indicator, "year": getattr(self.lever, "year", None)}
        plain = ("asked", "value", "stderr", "unit", "feasible", "spare", "way", "a_year", "first_year", "last_year")
        return {
            "targets": list(self.targets),
            "lever": lever,
            **{name: getattr(self, name) for name in plain},
            "before": self.before.value,
            "reached": self.reached.value,
            "method": self.reached.method,
            "median_without": self.medians[0],
            "median_with": self.medians[1],
        }


def effort(
    projection: Projection,
    target: Names | None = None,
    *,
    all_of: Iterable[Names] | None = None,
    probability: float,
    by: Lever | None = None,
) -> Effort:
    """Return how much of a lever it takes that a target, or several together, are met with a stated probability.

    The lever adds a known amount to the paths that the figures leave, from the first year after `as_of` on. The probability
    as a function of the amount is computed as ever (P(x + a·s ≥ b) = P(x ≥ b − a·s), no figure is conditioned on again) and
    inverted to 1e-6. What is not linear on the scales is found on sample paths, to one path of 65,536. A scenario's
    commitments stay what they are: the coin is thrown for the course without the lever, which is added to what it leaves.

    Args:
        projection: from `kjproj.project`.
        target: a target's name, or a target.
        all_of: several of them, to be met together, in its place.
        probability: the chance that is wanted, between 0 and 1.
        by: the lever, from `kjproj.levers`: `Growth(indicator)`, `Amount(indicator, year)` or `OneOff(indicator, year)`.
            Without one, extra growth of the target's indicator; of a derived one the member that carries it: of R&D
            spending = GDP · intensity the intensity, of a ratio the numerator.

    Returns:
        An `Effort`. Where the chance is out of reach (figures decide against it, the lever does not move the target, or more
        than doubling or halving the indicator at a time would be needed) it is not feasible, and says why and what is best.

    Raises:
        NoBasisError: where the study does not say where an indicator stands, or how it moves.
        NotAnswerableError: for targets that count events, or a lever on what counts them.
        KjprojError: for an unknown target or indicator, a probability that is none, a derived indicator in a lever, or several
            targets that different indicators carry and no lever.

    >>> import kjproj as kj
    >>> projection = kj.project(kj.datasets.yueyang())
    >>> found = kj.effort(projection, "rd_intensity_2025", probability=0.8)
    >>> print(f"{found.value:.1%} more a year, {found.a_year:.2f} points; {found.before.value:.0%} becomes {found.reached.value:.0%}")
    4.6% more a year, 0.13 points; 52% becomes 80%
    """
    if (target is None) == (all_of is None):
        raise KjprojError("give a target, or all_of for several together")
    asked = _wanted(probability)
    targets = resolve(projection, target if target is not None else all_of or [])
    lever = _default(projection.study, targets) if by is None else _given(projection.study, by)
    course = _course(projection, lever, targets)
    before, found = _searched(projection, targets, lever, course, asked)
    return _effort(projection.study, targets, lever, course, asked, before, found)


@dataclass(frozen=True)
class _Course:
    """The lever's indicator without it: its scale, its median in the last year that is asked about, its spread there."""

    scale: Scale
    year: int
    median: float
    step: float


def _course(projection: Projection, lever: Lever, targets: list[BaseTarget]) -> _Course:
    last = max(getattr(target, "until", None) or target.year for target in targets)
    acted_on(projection.study, lever)
    year = max(last, projection.study.last_past_year + 1)
    low, median, high = quantiles(projection, lever.indicator, q=(0.25, 0.5, 0.75), first_year=year, last_year=year).values[0]
    return _Course(projection.study.scale(lever.indicator), last, float(median), float(high - low) or abs(float(median)) or 1.0)


def _searched(
    projection: Projection, targets: list[BaseTarget], lever: Lever, course: _Course, asked: float
) -> tuple[Estimate, Found]:
    """Return the chance without the lever, and what was found."""
    events = [required(projection.study, one) for one in targets]
    if False in events:
        missed = Estimate(0.0, 0.0, "observed")
        return missed, Found(0.0, missed, "decided")
    lifted = Lifted(projection, lever, tuple(clause for event in events if not isinstance(event, bool) for clause in event))
    limits = lever.least(course.scale, course.median), lever.most(course.scale, course.median)
    return lifted.chance(0.0), Search(lifted, *limits, course.step).run(asked)


def _wanted(probability: float) -> float:
    if isinstance(probability, bool) or not isinstance(probability, int | float) or not 0.0 < probability < 1.0:
        raise KjprojError(f"probability is {probability!r}; expected a number between 0 and 1, such as 0.8")
    return float(probability)


def _given(study: Study, by: Lever) -> Lever:
    if not isinstance(by, Lever):
        raise KjprojError(f"by is {by!r}; expected a lever such as kj.levers.Growth('gdp')")
    first_open = study.last_past_year + 1
    if by.first_year(first_open) < first_open:
        raise KjprojError(f"the lever acts in {by.first_year(first_open)}, which is over by {study.as_of}; expected {first_open} or later")
    return by


def _default(study: Study, targets: list[BaseTarget]) -> Lever:
    """Return extra growth of the one indicator that carries the targets."""
    moving = [target for target in targets if not study.counts_events(target.indicator)]
    if not moving:
        raise NotAnswerableError(f"{targets[0].name} counts events, which no extra growth brings; state another rate of events under events")
    carriers = list(dict.fromkeys(carrier(study, target.indicator) for target in moving))
    if len(carriers) > 1:
        raise KjprojError(f"the targets are carried by {', '.join(carriers)}; say which is acted on, such as by=kj.levers.Growth({carriers[0]!r})")
    return Growth(carriers[0])


def _effort(
    study: Study, targets: list[BaseTarget], lever: Lever, course: _Course, asked: float, before: Estimate, found: Found
) -> Effort:
    scale, first_open = course.scale, study.last_past_year + 1
    times = lever.times(max(course.year, first_open), first_open)
    medians = course.median, _with(lever, course, found.added * times)
    way, a_year = _a_year(study, lever, medians, found.added, times)
    nudge = 1e-6 * (abs(found.added) + 1.0)
    turn = (lever.size(found.added + nudge, scale) - lever.size(found.added - nudge, scale)) / (2 * nudge)
    made = Effort(
        targets=tuple(target.name for target in targets),
        asked=asked,
        before=before,
        reached=found.chance,
        value=lever.size(found.added, scale),
        stderr=abs(turn) * found.stderr,
        unit=lever.unit(scale, study.unit(lever.indicator)),
        lever=lever,
        feasible=not found.why,
        spare=not found.why and before.value >= asked,
        way=way,
        a_year=a_year,
        first_year=lever.first_year(first_open),
        last_year=course.year,
        medians=medians,
        words=Text(en="-"),
    )
    return replace(made, words=effort_words(study, targets, made, found.why))


def _with(lever: Lever, course: _Course, added: float) -> float:
    """Return the median with what is added: on the scale, or in units."""
    if lever.on == "level":
        return course.median + added
    return float(course.scale.to_level(course.scale.place(course.median) + added))


def _a_year(
    study: Study, lever: Lever, medians: tuple[float, float], added: float, times: int
) -> tuple[Way | None, float | None]:
    """Return how growth is counted, and the extra growth a year in that way; nothing but for extra growth."""
    if not isinstance(lever, Growth):
        return None, None
    way = way_of(study, lever.indicator)
    if way == "rate" and not isinstance(study.scale(lever.indicator), Linear):
        return way, math.expm1(added)
    return way, (medians[1] - medians[0]) / max(times, 1)
