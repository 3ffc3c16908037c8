"""The levels that the evidence states, or leads to without any model."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..errors import KjprojError
from ..evidence import Evidence

if TYPE_CHECKING:
    from .study import Study


def stated_levels(study: Study, *, expected: bool = True) -> dict[str, dict[int, float]]:
    """Return levels by indicator and year: stated ones, and those that changes and growth lead to from them; without expected figures if asked."""
    by_indicator = defaultdict(list)
    for item in study.evidence:
        if item.expected and not expected:
            continue
        by_indicator[item.indicator].append(item)
    return {name: _closure(study, items) for name, items in by_indicator.items()}


def _closure(study: Study, items: Sequence[Evidence]) -> dict[int, float]:
    known: dict[int, float] = {}
    _learn(study, items, {}, known)  # what is stated outright comes before what follows from it
    before = -1
    while len(known) > before:
        before = len(known)
        _learn(study, items, known, known)
    return known


def _learn(study: Study, items: Sequence[Evidence], given: dict[int, float], known: dict[int, float]) -> None:
    for item in items:
        try:
            for year, level in item.states(given, study).items():
                known.setdefault(year, level)
        except KjprojError:  # what is wrong with a figure is reported by the checks, with its place
            continue


def implied_levels(study: Study) -> dict[str, dict[int, float]]:
    """Return the stated levels, and those that the identities lead to from them."""
    levels = {name: dict(years) for name, years in study.stated.items()}
    for _ in range(len(study.identities) + 1):
        for identity in study.identities:
            members = (identity.result, *identity.members)
            for year in sorted({year for name in members for year in levels.get(name, ())}):
                known = {name: levels[name][year] for name in members if year in levels.get(name, ())}
                found = identity.implied(known, study)
                if found is not None:
                    levels.setdefault(found[0], {}).setdefault(year, found[1])
    return levels
