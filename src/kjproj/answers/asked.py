"""All that is asked of a study at once: places by year, targets, all of them together, and when each is first met."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from ..numerics.yes_or_no import Questions
from ..projection import Projection
from ..rows import Requirement, Terms, Unknown
from ..study import Study
from ..study.verdicts import is_straight
from ..targets import Added, BaseTarget, Bounded, Target
from ..text import Text
from .phrases import aimed, label
from .questions import required
from .sample import answerable

Floats = NDArray[np.float64]
Functional = tuple[Terms, Literal["scale", "level"]]
_KNOWN: WeakKeyDictionary[Projection, dict[range, Asked]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Asked:
    """What is asked of a study.

    Attributes:
        places: the indicators by year of which quantiles are asked, year by year.
        functionals: the places, then whatever else the tests are about.
        questions: the targets that have an answer, all of them together, and of each that can be first met its years.
        lower, upper: the bounds of the tests.
        targets: their names.
        checked: by target, the years of its sequence.
        of: by target, what it is in words.
        indicators: by indicator whose quantiles are asked, the rows of its places, their years, its unit and what it is in words.
        by_block: the functionals that rest on one block, block by block.
    """

    places: tuple[Unknown, ...]
    functionals: tuple[Functional, ...]
    questions: Questions
    lower: Floats
    upper: Floats
    targets: tuple[str, ...]
    checked: dict[str, tuple[int, ...]]
    of: dict[str, Text]
    indicators: dict[str, tuple[list[int], NDArray[np.int64], str, Text]]
    by_block: tuple[tuple[int, ...], ...]

    @cached_property
    def single(self) -> tuple[tuple[int, float, float] | None, ...]:
        """Of each event that is one test: the functional it is about, and its bounds."""
        clauses = [[self.questions.clauses[k] for k in event] for event in self.questions.events]
        tests = [own[0][0] if len(own) == 1 and len(own[0]) == 1 else None for own in clauses]
        return tuple(None if k is None else (self.questions.rows[k], float(self.lower[k]), float(self.upper[k])) for k in tests)


def asked_of(projection: Projection, years: range) -> Asked:
    """Return what is asked of a projection's study, with quantiles of `years`; it is read once."""
    known = _KNOWN.setdefault(projection, {})
    if years not in known:
        known[years] = _read(projection, years)
    return known[years]


def _read(projection: Projection, years: range) -> Asked:
    study, names = projection.study, answerable(projection)
    places = tuple(Unknown(name, year) for year in years for name in names)
    collected = _Collected(study, {(((place, 1.0),), _measure(study, place)): k for k, place in enumerate(places)})
    answered = [t for t in study.targets if set(t.indicators) <= set(names) and not (isinstance(t, Added) and t.since is None)]
    joints = [(collected.event(required(study, target)),) for target in answered]
    together = tuple(dict.fromkeys(k for joint in joints for k in joint))
    checked = {t.name: found for t in answered if (found := _years(projection, t))}
    sequences = [
        tuple(collected.event(required(study, in_year(study.target(name), year))) for year in found)
        for name, found in checked.items()
    ]
    lower, upper = np.array([bounds for _, *bounds in collected.tests]).reshape(-1, 2).T
    questions = Questions(
        tuple(row for row, _, _ in collected.tests), tuple(collected.clauses), tuple(collected.events), (*joints, together), tuple(sequences)
    )
    of = {t.name: aimed(study, t) for t in answered}
    each, own = np.array([*years]), {n: [k for k, place in enumerate(places) if place.indicator == n] for n in names}
    indicators = {n: (own[n], each, study.unit(n), label(study, n)) for n in names}
    rows = tuple(collected.rows)
    return Asked(places, rows, questions, lower, upper, tuple(of), checked, of, indicators, _by_block(projection, rows))


def _by_block(projection: Projection, functionals: Sequence[Functional]) -> tuple[tuple[int, ...], ...]:
    own: dict[int, list[int]] = {}
    for row, functional in enumerate(functionals):
        if has_law(projection.study, functional):
            blocks = {id(block) for unknown, _ in functional[0] for block in projection.blocks_of(unknown.indicator)}
            if len(blocks) == 1:
                own.setdefault(blocks.pop(), []).append(row)
    return tuple(map(tuple, own.values()))


def has_law(study: Study, functional: Functional) -> bool:
    """Tell whether a functional is a weighted sum of places, neither of levels that grow nor of events."""
    terms, on = functional
    return not any(study.counts_events(unknown.indicator) for unknown, _ in terms) and is_straight(study, terms, on)


def in_year(target: BaseTarget, year: int) -> BaseTarget:
    """Return the same bound, at a year."""
    other = {"year": year} | ({"when": "at", "until": None} if isinstance(target, Target) else {})
    return target.model_copy(update=other)


def first_checked(projection: Projection, target: BaseTarget) -> int:
    """Return the first year end at which a target can be first met: the first open one, and after its base year."""
    first = projection.study.last_past_year + 1
    return max(first, target.base + 1) if isinstance(target, Added) else first


def _years(projection: Projection, target: BaseTarget) -> tuple[int, ...]:
    if isinstance(target, Bounded) and target.between is not None:
        return ()
    return tuple(range(first_checked(projection, target), target.year + 1))


def _measure(study: Study, place: Unknown) -> Literal["scale", "level"]:
    return "level" if study.counts_events(place.indicator) else "scale"


class _Collected:
    """Rows, tests, clauses and events, each once, in the order in which they were first asked for."""

    def __init__(self, study: Study, rows: dict[Functional, int]) -> None:
        self.study, self.rows = study, rows
        self.tests: dict[tuple[int, float, float], int] = {}
        self.clauses: dict[tuple[int, ...], int] = {}
        self.events: dict[tuple[int, ...], int] = {}

    def event(self, requirement: Requirement | bool) -> int:
        """Return the number of an event: one that figures decide has no clause, or a clause without a test."""
        clauses: list[tuple[int, ...]] = [] if requirement is True else [()]
        if not isinstance(requirement, bool):
            clauses = []
            for clause in requirement:
                rows = [self.rows.setdefault((half.terms, half.on), len(self.rows)) for half in clause]
                tests = [(row, half.lower, half.upper) for row, half in zip(rows, clause, strict=True)]
                clauses.append(tuple(self.tests.setdefault(test, len(self.tests)) for test in tests))
        event = tuple(self.clauses.setdefault(clause, len(self.clauses)) for clause in clauses)
        return self.events.setdefault(event, len(self.events))
