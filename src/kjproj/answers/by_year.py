"""The probability that the bounds of several years have been met by each of them: one sweep for all years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..estimate import Estimate
from ..projection import Projection
from ..rows import Requirement
from .passage import bounds_of, in_order, left_by, start
from .regions import computed, grouped


def reached_by_year(projection: Projection, events: Sequence[Requirement | bool]) -> list[Estimate] | None:
    """Return the probability that one of the events of years up to each happens; None where they take other methods.

    Each event is one half-space, in the order of their years.
    """
    halves = [event[0][0] for event in events if not isinstance(event, bool) and len(event) == len(event[0]) == 1]
    clause = tuple(halves)
    if not halves or len(halves) < len(events) or not computed(projection.study, (clause,)):
        return None
    ((group),) = grouped(projection, (clause,))
    terms = [half.terms for half in halves]
    if group.events is not None or len(set(terms)) < len(terms) or in_order(terms) != list(range(len(terms))):
        return None
    functionals = (*start(projection, terms), *terms)
    found = left_by(projection.law(functionals), *bounds_of(functionals, [half.missed() for half in halves]))
    if found is None:
        return None
    found = found[-len(terms) :]
    found[0] = replace(found[0], method="closed form")
    for k, estimate in enumerate(found, 1):
        projection.memory[(*map(id, group.blocks), (clause[:k],))] = group.blocks, estimate
    return found
