"""How does a target's chance change with its figure?"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from ..engine.law import Law
from ..errors import KjprojError
from ..estimate import Estimate
from ..projection import Projection
from ..rows import Terms
from ..study import Study
from ..study.verdicts import is_straight
from ..targets import BaseTarget, Bounded
from .boxes import box_probability
from .levels import measured_quantiles
from .probability import probability
from .questions import required

Floats = NDArray[np.float64]
_STOPS, _FEWER = 199, 49
_QUICK = ("closed form", "quadrature")
_KNOTS = (0.005, 0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98, 0.995)
_FAR = (0.0005, *_KNOTS, 0.9995)
_STEPS_IN_EIGHTY = 50


@dataclass(frozen=True, eq=False)
class Curve:
    """The chance of a target at other figures than its own, all else as assumed.

    Attributes:
        target: the target.
        unit: the unit of what it measures, in which its figures stand here.
        own: its own figure.
        step: the power of ten to which the figures are rounded; 1 or more for whole counts.
        figures: rising, `own` among them, shape (n,); about evenly spaced in chance, from one near 0 to one near 1.
        chances: by figure, shape (n,): each computed as `kjproj.probability` does, and monotone.
    """

    target: BaseTarget
    unit: str
    own: float
    step: float
    figures: Floats
    chances: Floats

    def chance(self, figure: float) -> float:
        """Return the chance at any figure: straight between its neighbours, beyond the ends that of the end."""
        return float(np.interp(figure, self.figures, self.chances))

    def figure(self, chance: float) -> float | None:
        """Return the figure at which the chance is as given; None beyond the ends."""
        x, p = (self.figures, self.chances) if self.chances[0] < self.chances[-1] else (self.figures[::-1], self.chances[::-1])
        return float(np.interp(chance, p, x)) if p[0] <= chance <= p[-1] else None


def curve(projection: Projection, target: str | BaseTarget, *, at_own: Estimate | None = None) -> Curve | None:
    """Return how likely a target would be with other figures; None for a milestone, between two bounds, or where all is certain.

    P(figure) is computed at up to 199 figures (49 where one takes an orthant or paths), which lie at evenly spaced
    chances of what the target measures, rounded to the power of ten at or below a fiftieth of its 80 % range.

    Args:
        projection: from `kjproj.project`.
        target: a target's name, or a target.
        at_own: the chance at the target's own figure, where it is known already.

    Raises:
        NoBasisError: where the study does not say where the indicator stands, or how it moves.

    >>> import kjproj as kj
    >>> found = curve(kj.project(kj.datasets.yueyang()), "rd_spending_2025")
    >>> [f"{found.chance(figure):.2f}" for figure in (130, 150, 170)]
    ['0.77', '0.51', '0.28']
    """
    study, asked = projection.study, projection.study.target(target)
    if not isinstance(asked, Bounded) or asked.between is not None:
        return None
    measured, own = asked.measured(study), asked.aimed(study)
    if own is None or (asked.kind == "growth" and measured.rate_years is None):  # a rate that is not what is measured
        return None
    own_chance = probability(projection, asked) if at_own is None else at_own
    q = np.array(_KNOTS if getattr(asked, "when", "at") == "at" else _FAR)  # the best of several years lies further out
    knots = np.array(measured_quantiles(projection, asked, q.tolist()))
    whole = asked.counted(measured.unit) and measured.rate_years is None
    step, stops = _stops(q, knots, _STOPS if own_chance.method in _QUICK else _FEWER, whole=whole)
    found = {own: own_chance.value} | _chances(projection, asked, (stop for stop in stops if abs(stop - own) > step / 1e6))
    if len(found) < 3:
        return None
    figures = np.array(sorted(found))
    chances = _monotone(figures, np.array([found[x] for x in figures]), own, falls=asked.upwards)
    return Curve(asked, measured.unit, own, step, figures, chances)


def with_figure(study: Study, target: Bounded, figure: float) -> Bounded:
    """Return a one-sided target with another figure, given in the unit of what it measures."""
    one = target.model_copy(update={target.bound: "1"}).aimed(study)
    assert one is not None  # a bounded target has a figure
    return target.model_copy(update={target.bound: f"{figure / one:.12f}".rstrip("0").rstrip(".")})


def _chances(projection: Projection, target: Bounded, figures: Iterable[float]) -> dict[float, float]:
    """The chances at figures; those that cannot lie on the indicator's scale are left out."""
    found: dict[float, float] = {}
    laws: dict[Terms, Law] = {}
    for figure in figures:
        other = with_figure(projection.study, target, figure)
        try:
            other.check(projection.study)
        except KjprojError:
            continue
        found[figure] = _chance(projection, other, laws)
    return found


def _chance(projection: Projection, target: Bounded, laws: dict[Terms, Law]) -> float:
    """The same as `probability` gives; the law of one half-space is computed once for all figures."""
    study, left = projection.study, required(projection.study, target)
    if isinstance(left, bool):
        return float(left)
    halves = [half for clause in left for half in clause]
    terms, on = halves[0].terms, halves[0].on
    if len(halves) > 1 or study.counts_events(terms[0][0].indicator) or not is_straight(study, terms, on):
        return probability(projection, target).value
    if terms not in laws:
        laws[terms] = projection.law([terms])
    lower, upper = np.array([halves[0].lower]), np.array([halves[0].upper])
    return box_probability(laws[terms], lower, upper, projection.seed).value


def _stops(q: Floats, knots: Floats, count: int, *, whole: bool) -> tuple[float, list[float]]:
    """Return the step, and rounded levels at evenly spaced chances between the quantiles (q, knots), and at their ends."""
    low, high = np.interp((0.1, 0.9), q, knots)
    places = -math.floor(math.log10((high - low) / _STEPS_IN_EIGHTY)) if high > low else 12
    places = min(places, 0 if whole else 12)
    even = np.interp(ndtri(np.linspace(_KNOTS[0], _KNOTS[-1], count)), ndtri(q), knots)
    levels = np.concatenate([knots[:1], even, knots[-1:]])
    return 10.0**-places, sorted({round(float(level), places) for level in levels})


def _monotone(figures: Floats, chances: Floats, own: float, *, falls: bool) -> Floats:
    """Level out what the errors of computation leave uneven; the chance at the target's own figure stays."""
    if not falls:
        return _monotone(-figures[::-1], chances[::-1], -own, falls=True)[::-1]
    k = int(np.searchsorted(figures, own))
    below = np.maximum.accumulate(np.maximum(chances[:k], chances[k])[::-1])[::-1]
    above = np.minimum.accumulate(np.minimum(chances[k:], chances[k]))
    return np.concatenate([below, above])
