"""What many regions are projected from: figures and targets as arrays, and the study of each region."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..study import Study
from ..study.indicator import Indicator
from .given import Codes, Figures, Floats, Goals, Ints
from .groups import Group, chunks
from .reasons import ANSWERED, APART, NO_FIGURE, TOO_EARLY
from .walked import NormalWalk


@dataclass(frozen=True)
class Inputs:
    """Checked figures and targets of R regions.

    Attributes:
        regions: their names.
        indicators: what is measured; `Figures.indicator` and `Goals.indicator` are positions here.
        figures, goals: S series and T targets.
        name: the name of a target, by number.
        x, sd: places and standard deviations of their errors on the scale, (S, Y); sd None where all are exact.
        bound: the place of each target, (T,).
        series_refused, goal_refused: codes of `reasons`, (S,) and (T,).
        past: the last year that had ended, by region (R,): yearly checks begin after it.
        study: the study of a region, by number.
        motions: the motion of each series, for studies; None where an indicator moves alike in all regions.
        correlations: between the yearly shocks of two indicators, by their numbers.
        alone: regions that are projected one by one.
    """

    regions: tuple[str, ...]
    indicators: tuple[Indicator, ...]
    figures: Figures
    goals: Goals
    name: Callable[[int], str]
    x: Floats
    sd: Floats | None
    bound: Floats
    series_refused: Codes
    goal_refused: Codes
    past: Ints
    study: Callable[[int], Study]
    motions: tuple[object, ...] | None = None
    correlations: Mapping[tuple[int, int], float] | None = None
    alone: frozenset[int] = frozenset()

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The series that are taken together, by shape."""
        return tuple(part for part in self._parted if isinstance(part, Group))

    @cached_property
    def _parted(self) -> tuple[Group | Ints, ...]:
        usable = self.series_refused == ANSWERED
        if self.alone:
            usable &= ~np.isin(self.figures.region, list(self.alone))
        return tuple(chunks(self.figures, self.x, self.sd, np.flatnonzero(usable), self.indicators, self.motions))

    @cached_property
    def place(self) -> tuple[Ints, Ints]:
        """The group of each series, −1 without one, and its position there; (S,) both."""
        group, position = np.full(len(self.figures.region), -1), np.zeros(len(self.figures.region), np.int64)
        for k, one in enumerate(self.groups):
            group[one.series], position[one.series] = k, np.arange(len(one.series))
        return group, position

    @cached_property
    def refused(self) -> Codes:
        """The code of each series, with what its figures say about a flat volatility; (S,)."""
        found = self.series_refused.copy()
        for part in self._parted:
            if isinstance(part, Group):
                found[part.series] = part.walked.refused
            else:
                found[part] = APART
        if self.alone:
            found[np.isin(self.figures.region, list(self.alone))] = APART
        shape = self.shape
        if self.correlations and ((shape < 0) | (shape != shape[0])).any():
            for first, second in self.correlations:
                found[self._crossed(first, second) & (found == ANSWERED)] = APART
        return found

    @cached_property
    def shape(self) -> Ints:
        """A number for the years of each series' figures, and whether its drift is known, where its walk is plain; else −1, (S,).

        Correlated series of one number say nothing about each other (see `walked.Walked`).
        """
        known: dict[object, int] = {}
        walks = [(one.years, one.walked) for one in self.groups]
        of_group = [known.setdefault((years, walk.doubt > 0.0), len(known)) if isinstance(walk, NormalWalk) else -1 for years, walk in walks]
        return np.array([*of_group, -1], np.int64)[self.place[0]]

    def _crossed(self, first: int, second: int) -> NDArray[np.bool_]:
        """Series of two correlated indicators whose figures say something about each other, (S,)."""
        region, kind, shape = self.figures.region, self.figures.indicator, self.shape
        pair = np.full((2, len(self.regions)), -2)
        for row, number in enumerate((first, second)):
            pair[row, region[kind == number]] = shape[kind == number]
        both = (pair > -2).all(axis=0)
        crossed = both & ((pair[0] != pair[1]) | (pair[0] < 0))
        return np.asarray(crossed[region] & ((kind == first) | (kind == second)))

    @cached_property
    def last(self) -> Ints:
        """The year of the last figure of each series, (S,)."""
        there = np.isfinite(self.x)
        years = np.array(self.figures.years, np.int64)
        return np.asarray(years[there.shape[1] - 1 - there[:, ::-1].argmax(axis=1)])

    @cached_property
    def codes(self) -> Codes:
        """The code of each target, (T,): its own, or that of its series; years between figures are answered alone."""
        goals = self.goals
        found = np.append(self.refused, np.int8(NO_FIGURE))[goals.series]  # −1 is the last
        found = np.where(self.goal_refused != ANSWERED, self.goal_refused, found).astype(np.int8)
        past = np.flatnonzero((found == ANSWERED) & (goals.year <= np.append(self.last, 0)[goals.series]))
        if len(past):
            open_ = past[self.observed[past] < 0]
            first = np.array(self.figures.years)[np.isfinite(self.x[goals.series[open_]]).argmax(axis=1)]
            found[open_] = np.where(goals.year[open_] < first, TOO_EARLY, APART)
        if self.alone:
            found[np.isin(goals.region, list(self.alone))] = APART
        return found

    @cached_property
    def observed(self) -> Codes:
        """1 where a published figure meets a target, 0 where it misses it, −1 where there is none; (T,)."""
        goals, years = self.goals, np.array(self.figures.years)
        found = np.full(len(goals.year), -1, np.int8)
        if not len(goals.year) or goals.year.min() > years.max():
            return found
        column = np.searchsorted(years, goals.year).clip(max=len(years) - 1)
        rows = np.flatnonzero((years[column] == goals.year) & (goals.series >= 0))
        x = self.x[goals.series[rows], column[rows]]
        margin = 1e-12 * (1.0 + np.abs(x))
        met = np.where(goals.upwards[rows], x >= self.bound[rows] - margin, x <= self.bound[rows] + margin)
        found[rows] = np.where(np.isfinite(x), met, -1)
        return found
