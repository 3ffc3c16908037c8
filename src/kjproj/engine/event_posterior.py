"""The posterior of an indicator that counts events: its figures as tallies, its belief, and what a year's count is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from ..errors import NoBasisError
from ..events import Counts, Events, Milestone, Outlook
from ..rows import Odds, Tally, Terms
from ..shocks import PseudoRandom, Shocks, numbered
from ..study import Study

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class EventPosterior:
    """What the figures say about the events of one indicator."""

    study: Study
    name: str

    @cached_property
    def said(self) -> tuple[Tally | Odds, ...]:
        """What the figures say, in the study's order."""
        own = ((i, item) for i, item in self.study.standing if item.indicator == self.name)
        rows = (row for i, item in own for row in item.rows(self.study, f"evidence[{i}]"))
        return tuple(row for row in rows if isinstance(row, Tally | Odds))

    @cached_property
    def tallies(self) -> tuple[Tally, ...]:
        """The counts of years and of parts of years."""
        return tuple(row for row in self.said if isinstance(row, Tally))

    @cached_property
    def belief(self) -> Events | None:
        """The study's belief, or the one that its judgement of the odds leads to; None without either."""
        indicator = self.study.indicator(self.name)
        judged = [row for row in self.said if isinstance(row, Odds)]
        if judged:
            return _judged(judged[-1], self.first_open, tallied=bool(self.tallies))
        if isinstance(indicator.events, Milestone) and indicator.events.since is None and not self.tallies:
            return indicator.events.model_copy(update={"since": self.first_open})
        if indicator.events is not None:
            return indicator.events
        return None if indicator.measure == "milestone" else Counts()

    @cached_property
    def first_open(self) -> int:
        """The first year that no tally speaks of."""
        last = max((t.year for t in self.tallies), default=self.study.last_past_year)
        return max(last, self.study.last_past_year) + 1

    @cached_property
    def outlook(self) -> Outlook:
        """What is known after the figures; raises `NoBasisError` where nothing says how often it happens."""
        found = None if self.belief is None else self.belief.given(self.tallies)
        if found is not None:
            return found
        if self.study.measure(self.name) == "milestone":
            bring = "add evidence of kind 'judgement' with a chance by a year, or give the indicator a hazard under events"
        else:
            bring = "add evidence of kind 'level' with one year's number, or give the indicator a rate under events"
        raise NoBasisError(f"no basis for {self.name}: nothing says how often it happens; {bring}")

    def believing(self, belief: Events) -> EventPosterior:
        """Return the posterior of the same figures under another belief."""
        other = EventPosterior(self.study, self.name)
        other.__dict__["belief"] = belief
        return other

    def told(self, tally: Tally) -> EventPosterior:
        """Return the posterior of the same belief with one more tally."""
        other = self.believing(self.belief) if self.belief is not None else EventPosterior(self.study, self.name)
        other.__dict__["tallies"] = (*self.tallies, tally)
        return other

    def years(self, terms: Terms) -> list[int]:
        """Return the years whose events a sum of unknowns counts; a milestone's state counts all years up to its own."""
        years = [unknown.year for unknown, _ in terms]
        if self.study.measure(self.name) != "milestone":
            return years
        since = self.belief.since if isinstance(self.belief, Milestone) else None
        first = min((t.year for t in self.tallies), default=self.study.last_past_year + 1)
        return list(range(min(first, since or first, *years), max(years) + 1))

    def drawing(self, years: Sequence[int], n_paths: int, shocks: Shocks) -> Callable[[slice], Floats]:
        """Return what gives counts (milestones: states) by path and year, (paths, len(years)), of slices that follow one another.

        All paths are one chunk: some of the paths are what they are among all. Pseudo-random ones are drawn as they are asked for.
        """
        wanted = sorted(set(years))
        milestone = self.study.measure(self.name) == "milestone"
        covered = list(range(min(wanted[0], self.first_open), wanted[-1] + 1)) if milestone else wanted
        streams = (f"{self.name}:rate", *(f"{self.name}:events of {year}" for year in covered))
        outlook, normals = self.outlook, _in_turn(shocks, streams, n_paths)

        def counts(rows: slice) -> Floats:
            found = outlook.counts(covered, ndtr(normals(rows)))
            values = np.cumsum(found, axis=1) if milestone else found
            return np.asarray(values[:, [covered.index(year) for year in years]], float)

        return counts


def _in_turn(shocks: Shocks, streams: Sequence[str], n_paths: int) -> Callable[[slice], Floats]:
    """Return what gives the normals (paths, streams) of slices of the paths of one chunk, asked for one after the other."""
    if not isinstance(shocks, PseudoRandom):
        return shocks.normals(streams, 0, n_paths).__getitem__
    generators = [shocks.generator(name, column, 0) for name, column in numbered(streams)]
    return lambda rows: np.stack([one.standard_normal(rows.stop - rows.start) for one in generators], axis=1)


def event_posteriors(study: Study) -> dict[str, EventPosterior]:
    """Return the posteriors of all indicators of a study that count events, by name."""
    return {i.name: EventPosterior(study, i.name) for i in study.indicators if study.counts_events(i.name)}


def _judged(odds: Odds, first_open: int, *, tallied: bool) -> Events:
    """Return the milestone whose chance by the end of a year is the one stated, with an even hazard."""
    years = max(odds.year - first_open + 1, 1)
    return Milestone(hazard=1.0 - (1.0 - odds.chance) ** (1.0 / years), since=None if tallied else first_open)
