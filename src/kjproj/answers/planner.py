"""Which method computes a joint chance: the first of an ordered list that applies."""

from __future__ import annotations

from collections.abc import Sequence

from ..engine.law import Law
from ..estimate import Estimate
from ..rows import HalfSpace, Requirement, Terms
from .boxes import BOXES, at_least_one
from .contract import Method, Region, Side, Tolerance
from .lines import along_lines, rare_union

NEVER, ALWAYS = Estimate(0.0, 0.0, "closed form"), Estimate(1.0, 0.0, "closed form")

LADDER: tuple[Method, ...] = (*BOXES, rare_union, at_least_one, along_lines)
"""From the most exact to the most general. A method is handed (law, region, tolerance, seed):

law: a mixture of K Gaussians of all functionals, perhaps cut at bounds that figures state (`law.bound`, which a method
counts in or else declines); region: clauses of sides, which name functionals by their columns in the law (not every column
need occur); tolerance: the error that is allowed; seed: of every randomisation, the same for the same bits. It returns an
`Estimate` whose `stderr` is the root mean square of its error over seeds, or None where it does not apply: quickly, for the
next one is then asked. A method that reads fewer columns takes `engine.pairing.thin(law, columns, seed)`. Its name stands in `RANK` and in
`estimate._METHODS`.
"""

RANK = (
    "observed", "closed form", "bivariate normal", "quadrature", "orthant", "line conditioning", "importance sampling", "simulated",
)  # fmt: skip
"""The names of methods, from the most exact to the least: a sum or a product is called by the last of its parts."""


def planned(law: Law, region: Region | None, tolerance: Tolerance, seed: int) -> Estimate | None:
    """Return the probability of a region under a law by the first method that applies; None where none does."""
    if not region:
        return NEVER if region is None else ALWAYS
    found = (method(law, region, tolerance, seed) for method in LADDER)
    return next((estimate for estimate in found if estimate is not None), None)


def region_of(clauses: Requirement, functionals: Sequence[Terms]) -> Region | None:
    """Return clauses by the positions of their functionals: what is always true left out, one side for each functional
    that must lie within bounds; None where bounds exclude each other.
    """
    place = {terms: column for column, terms in enumerate(functionals)}
    bounds: dict[int, tuple[float, float]] = {}
    several: dict[tuple[Side, ...], None] = {}
    for clause in clauses:
        sides = tuple(Side(place[half.terms], half.lower, half.upper) for half in clause if not _impossible(half))
        if not sides:
            return None
        if any(side.lower == -float("inf") and side.upper == float("inf") for side in sides):
            continue
        if len(sides) > 1:
            several[sides] = None
            continue
        ((column, lower, upper),) = sides
        low, high = bounds.get(column, (lower, upper))
        bounds[column] = max(low, lower), min(high, upper)
    if any(low > high for low, high in bounds.values()):
        return None
    return (*((Side(column, *limits),) for column, limits in bounds.items()), *several)


def _impossible(half: HalfSpace) -> bool:
    return half.lower > half.upper or half.lower == float("inf") or half.upper == -float("inf")
