"""The probability of clauses when a lever of some size is added to what is known: no figure is conditioned on again.

A known amount that is added after `as_of` shifts the paths that the figures leave. So "the lifted path lies in a
half-space" is "the path lies in another half-space", whose probability is computed as ever; where the condition does not
pull back to one, the paths are drawn once and lifted.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..engine.unknowns import computed, expand_all, leaves
from ..estimate import Estimate
from ..levers import Lever
from ..projection import Projection
from ..rows import HalfSpace, Requirement, Unknown
from ..scales import Linear, Scale
from ..study.verdicts import is_straight
from .carrier import acted_on
from .regions import Regions
from .sample import drawn, shocks_of, total
from .simulated import PATHS, requirement_met, share

Floats = NDArray[np.float64]
Columns = dict[Unknown, Floats]


class Lifted:
    """Clauses under a lever: `chance(added)` is their probability when `added` is added once, on the scale or in units."""

    def __init__(self, projection: Projection, lever: Lever, clauses: Requirement) -> None:
        self.projection, self.lever, self.clauses = projection, lever, clauses
        self.study, self.moved = projection.study, acted_on(projection.study, lever)
        self.first_open = self.study.last_past_year + 1
        self._halves = [half for clause in clauses for half in clause]
        self._regions = Regions(projection)
        self._known: dict[float, Estimate] = {}

    def chance(self, added: float) -> Estimate:
        """Return the probability that all clauses hold."""
        if added not in self._known:
            self._known[added] = self._computed(added) if self.exact else self._on_paths(added)
        return self._known[added]

    @cached_property
    def exact(self) -> bool:
        """Whether every condition pulls back to a half-space."""
        return all(self._pulled(half, 1.0) is not None for half in self._halves)

    @cached_property
    def effects(self) -> tuple[int, ...]:
        """For each half-space whether adding helps (1), hinders (−1), does nothing (0), or helps and then hinders (2)."""
        return tuple(map(self._effect, self._halves))

    @property
    def direction(self) -> int:
        """The sign of what is to be added for a better chance; 0 where that depends on how much."""
        signs = {effect for effect in self.effects if effect}
        return signs.pop() if signs in ({1}, {-1}) else 0

    def times(self, unknown: Unknown) -> int:
        """Return how often the size has been added to an unknown that is not derived."""
        return self.lever.times(unknown.year, self.first_open) if unknown.indicator == self.moved else 0

    def _computed(self, added: float) -> Estimate:
        pulled = tuple(tuple(self._require(half, added) for half in clause) for clause in self.clauses)
        return self._regions.holds(pulled)

    def _require(self, half: HalfSpace, added: float) -> HalfSpace:
        found = self._pulled(half, added)
        assert found is not None  # `exact` was asked before
        return found

    def _pulled(self, half: HalfSpace, added: float) -> HalfSpace | None:
        """Return where the path must lie without the lever; None where that is no half-space."""
        study = self.study
        if any(study.counts_events(unknown.indicator) for unknown, _ in half.terms):
            return half
        if not is_straight(study, half.terms, half.on):
            return None
        if self._on_scale:
            shift = added * sum(weight * self.times(unknown) for unknown, weight in expand_all(study, half.terms).terms)
            return replace(half, lower=half.lower - shift, upper=half.upper - shift)
        (unknown, weight), *others = half.terms
        if unknown.indicator == self.lever.indicator and weight == 1.0 and not others:
            scale, amount = study.scale(unknown.indicator), added * self.lever.times(unknown.year, self.first_open)
            return replace(half, lower=_less(scale, half.lower, amount), upper=_less(scale, half.upper, amount))
        touched = any(self.times(leaf) for unknown, _ in half.terms for leaf in leaves(study, unknown))
        return None if touched else half

    @property
    def _on_scale(self) -> bool:
        """Whether a known number is added to places: on `Linear` levels are places."""
        return self.lever.on == "scale" or (self.moved == self.lever.indicator and isinstance(self.study.scale(self.moved), Linear))

    def _effect(self, half: HalfSpace) -> int:
        before, after = (self._totals(half, added) for added in (0.0, 1e-3))
        rises, falls = bool((after > before).any()), bool((after < before).any())
        if not rises and not falls:
            return 0
        if rises == falls or not half.one_sided:
            return 2
        return 1 if rises == bool(np.isinf(half.upper)) else -1

    def _totals(self, half: HalfSpace, added: float) -> Floats:
        """What a half-space bounds: on draws, or where it pulls back, how far its bounds move."""
        if not self.exact:
            return total(self.study, half.terms, half.on, self._columns(added))
        pulled = self._require(half, added)
        finite = [(a, b) for a, b in ((half.lower, pulled.lower), (half.upper, pulled.upper)) if np.isfinite(a)]
        return np.array([a - b for a, b in finite])

    # on paths

    @cached_property
    def _unknowns(self) -> tuple[Unknown, ...]:
        return tuple(dict.fromkeys(unknown for half in self._halves for unknown, _ in half.terms))

    @cached_property
    def _drawn(self) -> Columns:
        """Draws of what the clauses rest on, and of the lever's indicator in the same years."""
        asked = (*self._unknowns, *(Unknown(self.lever.indicator, year) for _, year in self._unknowns))
        if self.study.derived.get(self.lever.indicator) is None:
            asked = self._unknowns
        parts = list(dict.fromkeys(leaf for unknown in asked for leaf in leaves(self.study, unknown)))
        values = drawn(self.projection, parts, PATHS, shocks_of(self.projection, None), None)
        return dict(zip(parts, values.T, strict=True))

    def _columns(self, added: float) -> Columns:
        found = {leaf: self._lift(leaf, x, added) for leaf, x in self._drawn.items()}
        return {unknown: computed(self.study, unknown, found.__getitem__) for unknown in self._unknowns}

    def _lift(self, leaf: Unknown, x: Floats, added: float) -> Floats:
        change = added * self.times(leaf)
        if change == 0.0:
            return x
        if self._on_scale:
            return x + change
        if self.moved == self.lever.indicator:
            return _raised(self.study.scale(leaf.indicator), x, change)
        place = computed(self.study, Unknown(self.lever.indicator, leaf.year), self._drawn.__getitem__)
        with np.errstate(divide="ignore", invalid="ignore"):
            grown = np.log1p(np.maximum(change / self.study.scale(self.lever.indicator).to_level(place), -1.0))
        return np.asarray(x + grown)

    def _on_paths(self, added: float) -> Estimate:
        everywhere = np.ones(PATHS, bool)
        return share(requirement_met(self.study, self.clauses, self._columns(added), everywhere), everywhere)


def _less(scale: Scale, bound: float, amount: float) -> float:
    """Return the place whose level lies an amount below that of a bound."""
    return bound if np.isinf(bound) else scale.place(float(scale.to_level(bound)) - amount)


def _raised(scale: Scale, x: Floats, amount: float) -> Floats:
    """Return the places whose levels lie an amount above those of x; −∞ and ∞ at and beyond the bounds."""
    low, high = scale.bounds
    level = np.asarray(scale.to_level(x)) + amount
    inside = (level > low) & (level < high)
    with np.errstate(divide="ignore", invalid="ignore"):
        place = np.asarray(scale.to_scale(np.where(inside, level, np.nan)))
    return np.where(inside, place, np.where(level <= low, -np.inf, np.inf))

