"""The probability that clauses hold: independent groups multiply, each computed where it can be, else simulated."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from ..engine.block_posterior import BlockPosterior
from ..engine.law import Law
from ..estimate import Estimate
from ..projection import Projection
from ..rows import Clause, HalfSpace, Requirement, Terms
from ..study.verdicts import is_straight
from .boxes import box_probability
from .simulated import share_of_paths

RANK = ("observed", "closed form", "bivariate normal", "quadrature", "orthant", "simulated")
_MOST_CLAUSES = 8
_NEVER = Estimate(0.0, 0.0, "closed form")


@dataclass(frozen=True)
class Group:
    """Clauses that rest on the same blocks, or on blocks that share a draw; `events` names an indicator that counts."""

    blocks: tuple[BlockPosterior, ...]
    events: str | None
    clauses: Requirement


def holds(projection: Projection, clauses: Requirement) -> Estimate:
    """Return the probability that all clauses hold; the relative errors of independent groups add in squares."""
    value, variance, methods = 1.0, 0.0, []
    for group in grouped(projection, clauses):
        part = _remembered(projection, group)
        variance = variance * part.value**2 + (value * part.stderr) ** 2
        value *= part.value
        methods.append(part.method)
    method = max(methods, key=RANK.index) if methods else "observed"
    return Estimate(min(max(value, 0.0), 1.0), math.sqrt(variance), method)


def _remembered(projection: Projection, group: Group) -> Estimate:
    """Compute a group's probability once for all projections that share its posteriors."""
    if group.events is not None:
        return _events(projection, group)
    key = (*map(id, group.blocks), group.clauses)
    if key not in projection.memory:
        projection.memory[key] = group.blocks, _group(projection, group)  # the blocks stay alive, and their ids theirs
    found: Estimate = projection.memory[key][1]
    return found


def grouped(projection: Projection, clauses: Requirement) -> list[Group]:
    """Part clauses into groups that are independent of each other."""
    groups: list[Group] = []
    for clause in clauses:
        blocks, events = _basis(projection, clause)
        touched = [g for g in groups if g.events == events and (events is not None or _common(g.blocks) & _common(blocks))]
        merged = {id(b): b for g in touched for b in g.blocks} | {id(b): b for b in blocks}
        said = tuple(c for g in touched for c in g.clauses)
        groups = [g for g in groups if g not in touched] + [Group(tuple(merged.values()), events, (*said, clause))]
    return groups


def _common(blocks: Sequence[BlockPosterior]) -> set[int | str]:
    """What makes blocks dependent: being the same one, and the draws that they share with others."""
    return {*map(id, blocks), *(name for block in blocks for name in block.shared)}


def _basis(projection: Projection, clause: Clause) -> tuple[tuple[BlockPosterior, ...], str | None]:
    names = dict.fromkeys(unknown.indicator for half in clause for unknown, _ in half.terms)
    counted = [name for name in names if projection.study.counts_events(name)]
    if counted:
        return (), counted[0]
    blocks = {id(b): b for name in names for b in projection.blocks_of(name)}
    return tuple(blocks.values()), None


def _group(projection: Projection, group: Group) -> Estimate:
    study = projection.study
    straight = all(is_straight(study, half.terms, half.on) for clause in group.clauses for half in clause)
    several = [clause for clause in group.clauses if len(clause) > 1]
    if not straight or len(several) > _MOST_CLAUSES:
        return share_of_paths(projection, group.clauses)
    boxes = [(sign, box) for sign, box in _boxes(group.clauses) if box is not None]
    functionals = list(dict.fromkeys(terms for _, box in boxes for terms in box))
    if not functionals:
        return _NEVER
    law = projection.law(functionals)
    parts = [(sign, _box(law, functionals, box, projection.seed)) for sign, box in boxes]
    value = sum(sign * part.value for sign, part in parts)
    method = max((part.method for _, part in parts), key=RANK.index, default="closed form")
    return Estimate(min(max(value, 0.0), 1.0), math.hypot(*(part.stderr for _, part in parts)), method)


Box = dict[Terms, tuple[float, float]]


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


def _box(law: Law, functionals: Sequence[Terms], box: Box, seed: int) -> Estimate:
    if not box:
        return Estimate(1.0, 0.0, "closed form")
    columns = [functionals.index(terms) for terms in box]
    lower, upper = np.array(list(box.values())).T
    return box_probability(law.part(columns), lower, upper, seed)


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
    outlook, years = posterior.outlook, posterior.years(terms)
    value = outlook.at_least(years, math.ceil(low)) if low > 0 else 1.0
    if high < math.inf:
        value -= outlook.at_least(years, math.floor(high) + 1)
    return Estimate(min(max(value, 0.0), 1.0), 0.0, "quadrature")


def complement(clauses: Requirement) -> Requirement | None:
    """Return the clauses of "not all of them" where that is again an "and" of half-spaces: for one clause of them."""
    if len(clauses) != 1 or not all(half.one_sided for half in clauses[0]):
        return None
    return tuple((half.missed(),) for half in clauses[0])
