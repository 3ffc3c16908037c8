"""What published figures decide, and what is linear: both follow from the study alone."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import TYPE_CHECKING, Literal

from ..rows import HalfSpace, Terms, Unknown
from ..scales import Linear

if TYPE_CHECKING:
    from .study import Study

_SAME = 1e-12


def is_linear(study: Study, indicator: str) -> bool:
    """Tell whether an indicator's place is a weighted sum of places of indicators that are not derived."""
    identity = study.derived.get(indicator)
    return identity is None or (identity.linear(study) and all(is_linear(study, name) for name in identity.members))


def is_straight(study: Study, terms: Terms, on: Literal["scale", "level"]) -> bool:
    """Tell whether a sum of places or levels is a weighted sum of places of indicators that are not derived."""
    names = {unknown.indicator for unknown, _ in terms}
    return all(is_linear(study, n) and (on == "scale" or isinstance(study.scale(n), Linear)) for n in names)


def verdict(study: Study, half: HalfSpace) -> bool | None:
    """Tell whether published levels lie in a half-space; None where one is not published, or figures differ about it."""
    levels = [_reported(study, unknown) for unknown, _ in half.terms]
    if not all(levels):
        return None
    found = {_inside(study, half, chosen) for chosen in product(*levels)}
    return found.pop() if len(found) == 1 else None


def _inside(study: Study, half: HalfSpace, levels: Sequence[float]) -> bool:
    total = 0.0
    for (unknown, weight), level in zip(half.terms, levels, strict=True):
        total += weight * (study.scale(unknown.indicator).place(level) if half.on == "scale" else level)
    margin = _SAME * (1.0 + abs(total)) * (1 if half.strict else -1)
    return half.lower + margin <= total <= half.upper - margin


def _reported(study: Study, unknown: Unknown) -> list[float]:
    """The levels that are reported, each once; several where reports differ. A milestone stays reached."""
    by_year = study.reported.get(unknown.indicator, {})
    if study.measure(unknown.indicator) == "milestone":
        reached = any(level == 1 for year, level in by_year.items() if year <= unknown.year)
        not_yet = any(level == 0 for year, level in by_year.items() if year >= unknown.year)
        return [1.0] if reached else [0.0] if not_yet else []
    if unknown.year not in by_year:
        return []
    own = (item for _, item in study.standing if item.indicator == unknown.indicator and not item.expected)
    stated = [found for item in own for year, found in item.states({}, study).items() if year == unknown.year]
    return list(dict.fromkeys(stated or [by_year[unknown.year]]))
