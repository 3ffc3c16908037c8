"""The levels that the evidence states, or leads to without any model."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ..errors import KjprojError
from ..evidence import Evidence
from ..identities import Identity
from ..rows import Unknown

if TYPE_CHECKING:
    from .study import Study


def stated_levels(study: Study, *, expected: bool = True) -> dict[str, dict[int, float]]:
    """Return levels by indicator and year: stated ones, and those that changes and growth lead to from them; without expected figures if asked."""
    by_indicator = defaultdict(list)
    for _, item in study.standing:
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
    """Return the stated levels, and those that identities and gaps lead to from them."""
    known = {Unknown(name, year): level for name, by_year in study.stated.items() for year, level in by_year.items()}
    before = -1
    while len(known) > before:
        before = len(known)
        for _, item in study.standing:
            follows = item.implies(known, study)
            if follows is not None:
                known.setdefault(*follows)
        for identity in study.identities:
            for year in _years(study, identity, known):
                found = identity.implied(known, year, study)
                if found is not None:
                    known.setdefault(*found)
    levels: dict[str, dict[int, float]] = {}
    for unknown, level in known.items():
        levels.setdefault(unknown.indicator, {})[unknown.year] = level
    return levels


def _years(study: Study, identity: Identity, known: Mapping[Unknown, float]) -> list[int]:
    """The years whose identity speaks of an unknown that is known."""
    lags = {0, *(unknown.year for unknown, _ in identity.terms(0, study) if unknown.year <= 0)}
    names = {identity.result, *identity.members}
    return sorted({unknown.year - lag for unknown in known if unknown.indicator in names for lag in lags})
