"""What a derived unknown rests on: a weighted sum of unknowns that are not derived, or a function of their levels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..rows import Terms, Unknown
from ..study import Study
from ..study.verdicts import is_linear

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Expansion:
    """An unknown as a weighted sum of unknowns that are not derived, plus an offset."""

    terms: Terms
    offset: float


def expand(study: Study, unknown: Unknown) -> Expansion:
    """Write an unknown of an indicator that `is_linear` in terms of indicators that are not derived."""
    identity = study.derived.get(unknown.indicator)
    if identity is None:
        return Expansion(((unknown, 1.0),), 0.0)
    assert identity.linear(study)  # asked by the callers
    found = expand_all(study, identity.terms(unknown.year, study))
    return Expansion(found.terms, identity.offset(study) + found.offset)


def expand_all(study: Study, terms: Terms) -> Expansion:
    """Write a weighted sum of linear unknowns in terms of indicators that are not derived, each unknown once."""
    found: dict[Unknown, float] = {}
    offset = 0.0
    for unknown, weight in terms:
        part = expand(study, unknown)
        offset += weight * part.offset
        for inner, inner_weight in part.terms:
            found[inner] = found.get(inner, 0.0) + weight * inner_weight
    return Expansion(tuple(found.items()), offset)


def leaves(study: Study, unknown: Unknown) -> tuple[Unknown, ...]:
    """Return the unknowns that are not derived on which one rests."""
    identity = study.derived.get(unknown.indicator)
    if identity is None:
        return (unknown,)
    found = (leaf for member, _ in identity.terms(unknown.year, study) for leaf in leaves(study, member))
    return tuple(dict.fromkeys(found))


def roots(study: Study, indicator: str) -> tuple[str, ...]:
    """Return the indicators that are not derived on which an indicator rests."""
    identity = study.derived.get(indicator)
    if identity is None:
        return (indicator,)
    return tuple(dict.fromkeys(root for name in identity.members for root in roots(study, name)))


def computed(study: Study, unknown: Unknown, drawn: Callable[[Unknown], Floats]) -> Floats:
    """Return the place of an unknown from those of its `leaves`, arrays of any one shape."""
    identity = study.derived.get(unknown.indicator)
    if identity is None:
        return drawn(unknown)
    total: Floats | float = identity.offset(study)
    for member, weight in identity.terms(unknown.year, study):
        place = computed(study, member, drawn)
        total = total + weight * (place if identity.on == "scale" else study.scale(member.indicator).to_level(place))
    if identity.on == "scale":
        return np.asarray(total)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(study.scale(unknown.indicator).to_scale(np.asarray(total)))


def linear_parts(study: Study, unknown: Unknown) -> tuple[Unknown, ...]:
    """Return the linear unknowns on which an unknown rests: itself where it is linear."""
    if is_linear(study, unknown.indicator):
        return (unknown,)
    identity = study.derived[unknown.indicator]
    found = (part for member, _ in identity.terms(unknown.year, study) for part in linear_parts(study, member))
    return tuple(dict.fromkeys(found))


Place = Callable[[Unknown], tuple[Floats, Floats]]


def with_gradient(study: Study, unknown: Unknown, place: Place) -> tuple[Floats, Floats]:
    """Return the place of an unknown (K,) and its gradient (K, n), from those of linear unknowns."""
    if is_linear(study, unknown.indicator):
        return place(unknown)
    identity = study.derived[unknown.indicator]
    total: Floats | float = identity.offset(study)
    gradient: Floats | float = 0.0
    for member, weight in identity.terms(unknown.year, study):
        x, slope = with_gradient(study, member, place)
        if identity.on == "level":
            x, slope = on_level(study, member.indicator, x, slope)
        total, gradient = total + weight * x, gradient + weight * slope
    if identity.on == "scale":
        return np.asarray(total), np.asarray(gradient)
    scale = study.scale(unknown.indicator)
    return np.asarray(scale.to_scale(total)), scale.slope(total)[:, None] * np.asarray(gradient)


def on_level(study: Study, indicator: str, x: Floats, gradient: Floats) -> tuple[Floats, Floats]:
    """Return the level at a place, and its gradient."""
    scale = study.scale(indicator)
    level = np.asarray(scale.to_level(x))
    return level, gradient / scale.slope(level)[:, None]


def known_places(study: Study, parts: tuple[Unknown, ...]) -> Floats | None:
    """Return the places (1, parts) of unknowns whose levels figures state or imply; None unless they do for all."""
    levels = [study.implied.get(unknown.indicator, {}).get(unknown.year) for unknown in parts]
    known = [(u, level) for u, level in zip(parts, levels, strict=True) if level is not None]
    if len(known) < len(parts):
        return None
    return np.array([[study.scale(u.indicator).place(level) for u, level in known]])
