"""The chance given a figure, over what is believed of the figure: by quadrature for a level, by a sum for a number."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from ..engine.event_posterior import EventPosterior
from ..engine.law import Law
from ..engine.pairing import joined
from ..errors import NotAnswerableError
from ..estimate import Estimate
from ..events import Outlook
from ..numerics.mixtures import density, quantile
from ..projection import Projection
from ..rows import HalfSpace, Requirement, Tally, Terms, Unknown
from .levels import quantiles
from .regions import chance_under, counted_chance, functionals_of
from .related import shares_a_block

Floats = NDArray[np.float64]
EIGHTY = (0.1, 0.5, 0.9)
_KNOWN, _NEVER, _CENTRE, _THIN = 1e-9, 1e-12, 4.0, 512
_WIDE, _STEP = 5.6, 0.2
_JUMP, _NARROWEST, _MOST_POINTS, _FINE = 0.1, 1e-4, 400, 8001
_MOST, _GRID = 200, 101


@dataclass(frozen=True)
class Learned:
    """What a figure does to a chance: see `learning.Worth`."""

    moved: Estimate
    resolved: Estimate
    figures: tuple[float, float, float]
    chances: tuple[Estimate, Estimate, Estimate]


def learned_level(projection: Projection, clauses: Requirement, name: str, year: int) -> Learned:
    """Return what the level of an indicator in a year does; raises `NotAnswerableError` where it is known by now."""
    functionals = functionals_of(clauses)
    figure: Terms = ((Unknown(name, year), 1.0),)
    asked = dict.fromkeys(unknown.indicator for terms in functionals for unknown, _ in terms)
    low, middle, high = quantiles(projection, name, q=EIGHTY, first_year=year, last_year=year).at(year).tolist()
    if not shares_a_block(projection, name, asked):
        now = chance_under(projection.law(functionals), functionals, clauses, projection.seed)
        return Learned(Estimate(0.0, 0.0, now.method), Estimate(0.0, 0.0, now.method), (low, middle, high), (now, now, now))
    law = projection.law([figure, *functionals])
    if not (law.sd[:, 0] > _KNOWN).all():
        raise NotAnswerableError(f"{name} in {year} follows from what is published, or another tool draws it; ask for a later year")
    weighed = _Weighed(law, functionals, clauses, projection.seed)
    scale = projection.study.scale(name)
    after = [weighed.chance(float(scale.to_scale(level))) for level in (low, middle, high)]
    moved, resolved = weighed.moments()
    return Learned(moved, resolved, (low, middle, high), (after[0], after[1], after[2]))


class _Weighed:
    """The chance given the figure x, the law's first functional, over what is believed of x."""

    def __init__(self, law: Law, functionals: tuple[Terms, ...], clauses: Requirement, seed: int) -> None:
        bounded = 0 if law.bound is None else law.bound.mean.shape[1]
        self.orthant = len(functionals) + bounded > 2  # then a chance takes long, so fewer nodes and steps must do
        thin = self.orthant and len(law.mean) > _THIN
        self.law = (joined([law], np.zeros(law.mean.shape[1]), seed, _THIN) if thin else law).narrow()
        self.functionals, self.clauses, self.seed = functionals, clauses, seed
        self.rest = list(range(1, 1 + len(functionals)))
        self.now = self._under(self.law)
        self.total = _log_total(self.law)
        self.nodes = self.law.weights, self.law.mean[:, 0], self.law.sd[:, 0]

    def chance(self, x: float) -> Estimate:
        return self._under(self.law.given(0, x, self.seed))

    def _under(self, given: Law) -> Estimate:
        return chance_under(given.part(self.rest), self.functionals, self.clauses, self.seed)

    def _at(self, s: float) -> tuple[float, float]:
        """Return, where the nodes' mixture has its quantile Φ(s), the density of the figure over its own, and the chance."""
        x = float(quantile(*self.nodes, ndtr(s)))
        given = self.law.given(0, x, self.seed)
        ratio = math.exp(_log_total(given) - self.total) / float(density(*self.nodes, x))
        return ratio, self._under(given).value if ratio > _NEVER else math.nan

    def moments(self) -> tuple[Estimate, Estimate]:
        """Return the expected absolute change and the share of p(1 − p) that is resolved.

        The chance is computed at even steps of s, the standard normal of the figure, more closely where it rises fast,
        joined by monotone cubics; half of the points say how far that can be trusted.
        """
        step = 2.0 * _STEP if self.orthant else _STEP
        known = {float(s): self._at(s) for s in np.arange(-_WIDE, _WIDE + step / 2, step)}
        while not self.orthant and len(known) < _MOST_POINTS and (steep := _steep(known)):
            known |= {s: self._at(s) for s in steep}
        s = np.array(sorted(known))
        ratio, chance = np.array([known[x] for x in s]).T
        there = np.isfinite(chance)
        chance = np.interp(s, s[there], chance[there])  # where the figure cannot lie the chance does not count
        p = self.now.value
        half = np.unique([*range(0, len(s), 2), len(s) - 1])
        fine, coarse = _means(s, ratio, chance, p), _means(s[half], ratio[half], chance[half], p)
        error = float(max(abs(a - b) for a, b in zip(fine, coarse, strict=True)) + self.now.stderr)
        spread = p * (1.0 - p)
        resolved = (min(fine[1] / spread, 1.0), error / spread) if spread > 0.0 else (0.0, 0.0)
        return Estimate(fine[0], error, "quadrature"), Estimate(*resolved, "quadrature")


def _log_total(law: Law) -> float:
    rows = law.log_weights[:1] if law.kind in ("exact", "quadrature") else law.log_weights
    top = rows.max()
    return float(top + np.log(np.exp(rows - top).sum()))


def _steep(known: dict[float, tuple[float, float]]) -> list[float]:
    """Return the middles of steps in the bulk over which the chance or the density changes by more than a tenth."""
    most = max(ratio for ratio, _ in known.values())

    def jumps(a: float, b: float) -> bool:
        (ratio_a, chance_a), (ratio_b, chance_b) = known[a], known[b]
        matters = min(abs(a), abs(b)) < _CENTRE
        return matters and (abs(chance_b - chance_a) > _JUMP or abs(ratio_b - ratio_a) > _JUMP * most)

    return [0.5 * (a + b) for a, b in pairwise(sorted(known)) if b - a > _NARROWEST and jumps(a, b)]


def _means(s: Floats, ratio: Floats, chance: Floats, now: float) -> tuple[float, float]:
    """Return the means of |change| and change² over a figure whose standard normal is s.

    What is joined is Φ⁻¹(chance), which is a straight line where figure and value are normal.
    """
    from scipy.integrate import trapezoid
    from scipy.interpolate import PchipInterpolator

    points = np.unique(np.concatenate([s, np.linspace(s[0], s[-1], _FINE)]))
    weight = np.exp(-0.5 * points**2) * PchipInterpolator(s, ratio)(points)
    moved = ndtr(PchipInterpolator(s, ndtri(np.clip(chance, 1e-15, 1.0 - 1e-15)))(points)) - now
    whole = trapezoid(weight, points)
    return float(trapezoid(weight * np.abs(moved), points) / whole), float(trapezoid(weight * moved**2, points) / whole)


def learned_count(projection: Projection, clauses: Requirement, name: str, year: int) -> Learned:
    """Return what the number of events of a year does, summed over the numbers that it may have."""
    posterior = projection.events[name]
    outlook = posterior.outlook
    if len(clauses) != 1 or len(clauses[0]) != 1:
        raise NotAnswerableError(f"{name}: only a target for one number of events can be weighed")
    half = clauses[0][0]
    numbers, weights = _numbers(outlook, year)
    grid = np.unique(np.round(np.linspace(0, len(numbers) - 1, min(len(numbers), _GRID))).astype(int))
    known = [_chance_given(posterior, half, year, int(numbers[k])) for k in grid]
    chances = np.interp(numbers, numbers[grid], known)
    now = counted_chance(outlook, posterior.years(half.terms), half)
    p, spread = now.value, now.value * (1.0 - now.value)
    moved = float(weights @ np.abs(chances - p))
    resolved = float(weights @ (chances - p) ** 2) / spread if spread > 0.0 else 0.0
    low, middle, high = (outlook.quantile([year], q) for q in EIGHTY)
    after = [Estimate(_chance_given(posterior, half, year, n), 0.0, "quadrature") for n in (low, middle, high)]
    return Learned(
        Estimate(moved, 0.0, "quadrature"), Estimate(resolved, 0.0, "quadrature"), (float(low), float(middle), float(high)), (after[0], after[1], after[2])
    )


def _numbers(outlook: Outlook, year: int) -> tuple[NDArray[np.int64], Floats]:
    """Return the numbers that a year may bring, all but one in a million, and their probabilities."""
    low, high = (max(outlook.quantile([year], q), 0) for q in (1e-6, 1.0 - 1e-6))
    numbers = np.arange(low, high + 1)
    beyond = np.array([outlook.at_least([year], int(n)) for n in (*numbers, high + 1)])
    weights = beyond[:-1] - beyond[1:]
    return numbers, weights / weights.sum()


def _chance_given(posterior: EventPosterior, half: HalfSpace, year: int, count: int) -> float:
    learned = Tally(posterior.name, year, count, "the figure that is weighed")
    told = posterior.told(learned)
    return counted_chance(told.outlook, told.years(half.terms), half).value
