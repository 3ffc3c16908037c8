"""The probability that clauses hold: independent groups multiply, each computed where it can be, else simulated."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..engine.block_posterior import BlockPosterior
from ..engine.law import Law
from ..estimate import Estimate, weighted_errors
from ..events import Outlook
from ..projection import Projection
from ..rows import Clause, HalfSpace, Requirement, Terms
from ..study import Study
from ..study.verdicts import is_straight
from .contract import ALWAYS_THE_SAME, Tolerance
from .passage import by_passage, in_turn, start
from .planner import ALWAYS, NEVER, RANK, planned, region_of
from .simulated import share_of_paths


@dataclass(frozen=True)
class Group:
    """Clauses that rest on the same blocks, or on blocks that share a draw; `events` names an indicator that counts."""

    blocks: tuple[BlockPosterior, ...]
    events: str | None
    clauses: Requirement


def holds(projection: Projection, clauses: Requirement, tolerance: Tolerance = ALWAYS_THE_SAME) -> Estimate:
    """Return the probability that all clauses hold; the relative errors of independent groups add in squares."""
    groups = grouped(projection, clauses)
    each = tolerance.shared_by(len(groups))
    return _product([_remembered(projection, group, each) for group in groups])


class Regions:
    """The probabilities of regions that differ in their bounds alone: laws of functionals are computed once for all."""

    def __init__(self, projection: Projection, tolerance: Tolerance = ALWAYS_THE_SAME) -> None:
        self.projection, self.tolerance = projection, tolerance
        self._laws: dict[tuple[Terms, ...], Law] = {}

    def holds(self, clauses: Requirement) -> Estimate:
        """Return the probability that all clauses hold."""
        return _product([self.group(group) for group in grouped(self.projection, clauses)])

    def group(self, group: Group) -> Estimate:
        """Return the probability that a group's clauses hold: by the planner, of numbers of events, or from paths."""
        projection, clauses = self.projection, group.clauses
        if group.events is not None:
            return _events(projection, group)
        if not computed(projection.study, clauses):
            return share_of_paths(projection, clauses)
        functionals = functionals_of(clauses)
        region = region_of(clauses, functionals)
        if not region:
            return NEVER if region is None else ALWAYS
        if in_turn(clauses) and (found := by_passage(*self._from_start(functionals), clauses)) is not None:
            return found
        found = planned(self._law(functionals), region, self.tolerance, projection.seed)
        return share_of_paths(projection, clauses) if found is None else found

    def _from_start(self, functionals: tuple[Terms, ...]) -> tuple[Law, tuple[Terms, ...]]:
        functionals = (*start(self.projection, functionals), *functionals)
        return self._law(functionals), functionals

    def _law(self, functionals: tuple[Terms, ...]) -> Law:
        if functionals not in self._laws:
            self._laws[functionals] = self.projection.law(functionals)
        return self._laws[functionals]


def _product(parts: Sequence[Estimate]) -> Estimate:
    """Return the product of independent probabilities, part by part of their errors too."""
    value, variance = 1.0, 0.0
    for part in parts:
        variance = variance * part.value**2 + (value * part.stderr) ** 2
        value *= part.value
    method = max((part.method for part in parts), key=RANK.index, default="observed")
    others = [math.prod(part.value for k, part in enumerate(parts) if k != j) for j in range(len(parts))]
    errors = weighted_errors(zip(others, parts, strict=True))
    return Estimate(min(max(value, 0.0), 1.0), math.sqrt(variance), method, errors)


def _remembered(projection: Projection, group: Group, tolerance: Tolerance) -> Estimate:
    """Compute a group's probability once for all projections that share its posteriors."""
    if group.events is not None:
        return _events(projection, group)
    key = (*map(id, group.blocks), group.clauses, tolerance)
    if key not in projection.memory:
        projection.memory[key] = group.blocks, Regions(projection, tolerance).group(group)  # the blocks stay alive, and their ids theirs
    found: Estimate = projection.memory[key][1]
    return found


def grouped(projection: Projection, clauses: Requirement) -> list[Group]:
    """Part clauses into groups that are independent of each other."""
    groups: list[Group] = []
    for clause in clauses:
        blocks, events = _basis(projection, clause)
        touched = [g for g in groups if g.events == events and (events is not None or dependence(g.blocks) & dependence(blocks))]
        merged = {id(b): b for g in touched for b in g.blocks} | {id(b): b for b in blocks}
        said = tuple(c for g in touched for c in g.clauses)
        groups = [g for g in groups if g not in touched] + [Group(tuple(merged.values()), events, (*said, clause))]
    return groups


def dependence(blocks: Iterable[BlockPosterior]) -> set[int | str]:
    """Return what makes blocks dependent: being the same one, and the draws that they share with others."""
    blocks = tuple(blocks)
    return {*map(id, blocks), *(name for block in blocks for name in block.shared)}


def _basis(projection: Projection, clause: Clause) -> tuple[tuple[BlockPosterior, ...], str | None]:
    names = dict.fromkeys(unknown.indicator for half in clause for unknown, _ in half.terms)
    counted = [name for name in names if projection.study.counts_events(name)]
    if counted:
        return (), counted[0]
    blocks = {id(b): b for name in names for b in projection.blocks_of(name)}
    return tuple(blocks.values()), None


def computed(study: Study, clauses: Requirement) -> bool:
    """Tell whether the probability of clauses is computed from a law of weighted sums of places."""
    return all(is_straight(study, half.terms, half.on) for clause in clauses for half in clause)


def functionals_of(clauses: Requirement) -> tuple[Terms, ...]:
    """Return the weighted sums on whose joint law clauses depend."""
    return tuple(dict.fromkeys(half.terms for clause in clauses for half in clause))


def chance_under(
    law: Law, functionals: Sequence[Terms], clauses: Requirement, seed: int, tolerance: Tolerance = ALWAYS_THE_SAME
) -> Estimate:
    """Return the probability that clauses hold under a law of functionals, `functionals_of` them among these."""
    if in_turn(clauses) and (found := by_passage(law, functionals, clauses)) is not None:
        return found
    found = planned(law, region_of(clauses, functionals), tolerance, seed)
    assert found is not None  # the last method of the ladder takes every region
    return found


def _events(projection: Projection, group: Group) -> Estimate:
    """Counts of one indicator: exact for one number of events, from paths for several."""
    assert group.events is not None
    posterior = projection.events[group.events]
    functionals = functionals_of(group.clauses)
    region = region_of(group.clauses, functionals)
    if not region:
        return NEVER if region is None else ALWAYS
    if len(region) != 1 or len(region[0]) > 1:
        return share_of_paths(projection, group.clauses)
    ((column, low, high),) = region[0]
    terms = functionals[column]
    return counted_chance(posterior.outlook, posterior.years(terms), HalfSpace(terms, low, high))


def counted_chance(outlook: Outlook, years: Sequence[int], half: HalfSpace) -> Estimate:
    """Return the probability that the number of events of some years lies within the bounds of a half-space."""
    value = outlook.at_least(years, math.ceil(half.lower)) if half.lower > 0 else 1.0
    if half.upper < math.inf:
        value -= outlook.at_least(years, math.floor(half.upper) + 1)
    return Estimate(min(max(value, 0.0), 1.0), 0.0, "quadrature")


def complement(clauses: Requirement) -> Requirement | None:
    """Return the clauses of "not all of them" where that is again an "and" of half-spaces: for one clause of them."""
    if len(clauses) != 1 or not all(half.one_sided for half in clauses[0]):
        return None
    return tuple((half.missed(),) for half in clauses[0])
