"""The probability that clauses hold: independent groups multiply, each computed where it can be, else simulated."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from ..engine.block_posterior import BlockPosterior
from ..engine.law import Law
from ..estimate import Estimate, weighted_errors
from ..events import Outlook
from ..projection import Projection
from ..rows import Clause, HalfSpace, Requirement, Terms
from ..study import Study
from ..study.verdicts import is_straight
from .boxes import box_probability, thinned
from .passage import by_passage, in_turn, start
from .simulated import share_of_paths

RANK = ("observed", "closed form", "bivariate normal", "quadrature", "orthant", "simulated")
_MOST_CLAUSES = 8
Box = dict[Terms, tuple[float, float]]
_NEVER = Estimate(0.0, 0.0, "closed form")


@dataclass(frozen=True)
class Group:
    """Clauses that rest on the same blocks, or on blocks that share a draw; `events` names an indicator that counts."""

    blocks: tuple[BlockPosterior, ...]
    events: str | None
    clauses: Requirement


def holds(projection: Projection, clauses: Requirement) -> Estimate:
    """Return the probability that all clauses hold; the relative errors of independent groups add in squares."""
    return _product([_remembered(projection, group) for group in grouped(projection, clauses)])


class Regions:
    """The probabilities of regions that differ in their bounds alone: laws of functionals are computed once for all."""

    def __init__(self, projection: Projection) -> None:
        self.projection = projection
        self._laws: dict[tuple[Terms, ...], Law] = {}
        self._parts: dict[tuple[tuple[Terms, ...], tuple[int, ...]], Law] = {}

    def holds(self, clauses: Requirement) -> Estimate:
        """Return the probability that all clauses hold."""
        return _product([self.group(group) for group in grouped(self.projection, clauses)])

    def group(self, group: Group) -> Estimate:
        """Return the probability that a group's clauses hold: of boxes, of numbers of events, or from paths."""
        projection, clauses = self.projection, group.clauses
        if group.events is not None:
            return _events(projection, group)
        if not computed(projection.study, clauses):
            return share_of_paths(projection, clauses)
        functionals = functionals_of(clauses)
        if not functionals:
            return _NEVER
        if in_turn(clauses) and (found := by_passage(*self._from_start(functionals), clauses)) is not None:
            return found
        return _chance(clauses, functionals, lambda columns: self._part(functionals, columns), projection.seed)

    def _from_start(self, functionals: tuple[Terms, ...]) -> tuple[Law, tuple[Terms, ...]]:
        functionals = (*start(self.projection, functionals), *functionals)
        return self._law(functionals), functionals

    def _law(self, functionals: tuple[Terms, ...]) -> Law:
        if functionals not in self._laws:
            self._laws[functionals] = self.projection.law(functionals)
        return self._laws[functionals]

    def _part(self, functionals: tuple[Terms, ...], columns: tuple[int, ...]) -> Law:
        key = functionals, columns
        if key not in self._parts:
            self._parts[key] = thinned(self._law(functionals).part(columns), len(columns), self.projection.seed)
        return self._parts[key]


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


def _remembered(projection: Projection, group: Group) -> Estimate:
    """Compute a group's probability once for all projections that share its posteriors."""
    if group.events is not None:
        return _events(projection, group)
    key = (*map(id, group.blocks), group.clauses)
    if key not in projection.memory:
        projection.memory[key] = group.blocks, Regions(projection).group(group)  # the blocks stay alive, and their ids theirs
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
    several = [clause for clause in clauses if len(clause) > 1]
    return len(several) <= _MOST_CLAUSES and all(is_straight(study, half.terms, half.on) for clause in clauses for half in clause)


def functionals_of(clauses: Requirement) -> tuple[Terms, ...]:
    """Return the weighted sums on whose joint law clauses depend; none where they exclude each other."""
    return tuple(dict.fromkeys(terms for _, box in _boxes(clauses) if box is not None for terms in box))


def chance_under(law: Law, functionals: Sequence[Terms], clauses: Requirement, seed: int) -> Estimate:
    """Return the probability that clauses hold under a law of `functionals_of` them."""
    found = by_passage(law, functionals, clauses) if in_turn(clauses) else None
    return _chance(clauses, functionals, law.part, seed) if found is None else found


def _chance(
    clauses: Requirement, functionals: Sequence[Terms], part: Callable[[tuple[int, ...]], Law], seed: int
) -> Estimate:
    """Return the same, from the laws of some of the functionals by their positions."""
    parts = []
    for sign, box in _boxes(clauses):
        if box:
            lower, upper = np.array(list(box.values())).T
            columns = tuple(functionals.index(terms) for terms in box)
            parts.append((sign, box_probability(part(columns), lower, upper, seed)))
        elif box is not None:
            parts.append((sign, Estimate(1.0, 0.0, "closed form")))
    value = sum(sign * found.value for sign, found in parts)
    method = max((found.method for _, found in parts), key=RANK.index, default="closed form")
    stderr = math.hypot(*(found.stderr for _, found in parts))
    return Estimate(min(max(value, 0.0), 1.0), stderr, method, weighted_errors(parts))


def _boxes(clauses: Requirement) -> Iterator[tuple[int, Box | None]]:
    """Yield signed boxes whose probabilities add up to that of the clauses; None for an empty one.

    A clause of several half-spaces is one less "none of them": inclusion and exclusion over such clauses.
    """
    single = [clause[0] for clause in clauses if len(clause) == 1]
    several = [clause for clause in clauses if len(clause) > 1]
    for size in range(len(several) + 1):
        for chosen in combinations(several, size):
            missed = [half.missed() for clause in chosen for half in clause]
            yield (-1) ** size, _intersection([*single, *missed])


def _intersection(halves: Sequence[HalfSpace]) -> Box | None:
    box: Box = {}
    for half in halves:
        low, high = box.get(half.terms, (-np.inf, np.inf))
        box[half.terms] = max(low, half.lower), min(high, half.upper)
    return None if any(low > high for low, high in box.values()) else box


def _events(projection: Projection, group: Group) -> Estimate:
    """Counts of one indicator: exact for one number of events, from paths for several."""
    assert group.events is not None
    posterior = projection.events[group.events]
    halves = [clause[0] for clause in group.clauses if len(clause) == 1]
    box = _intersection(halves)
    if len(halves) < len(group.clauses) or (box is not None and len(box) > 1):
        return share_of_paths(projection, group.clauses)
    if box is None:
        return _NEVER
    ((terms, (low, high)),) = box.items()
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
