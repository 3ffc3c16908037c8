"""Rows of a block as matrices over its places; what is not linear on the scales is linearised.

That is done at the levels that figures state or imply; where one is not known, about each node's mean, iterated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..errors import KjprojError, NoBasisError
from ..rows import Row, Terms, Unknown, linearised
from ..scales import Linear
from ..study import Study
from ..study.verdicts import is_linear
from .conditioning import Conditioned, Rows, condition, marginal
from .system import Places, System
from .unknowns import expand_all, known_places, linear_parts, on_level, with_gradient

Floats = NDArray[np.float64]
_ROUNDS = 4


@dataclass(frozen=True)
class Compiled:
    """The rows of a block: those that are linear on the scales, and those on levels that no figure states."""

    fixed: Rows
    loose: tuple[Row, ...]
    places: tuple[str, ...]


def functional(study: Study, terms: Terms, places: Places) -> tuple[Floats, float]:
    """Return a weighted sum of unknowns as (vector over places (n,), offset)."""
    found, vector = expand_all(study, terms), np.zeros(len(places))
    for unknown, weight in found.terms:
        vector[places[unknown]] += weight
    return vector, found.offset


def compile_rows(study: Study, rows: Sequence[Row], places: Places) -> Compiled:
    """Return the rows as matrices; those that are not linear are linearised at known levels where all are known."""
    H, y, sd, loose = [], [], [], []
    for row in rows:
        found = _row(study, row, places)
        if found is None:
            loose.append(row)
            continue
        vector, value, spread = found
        for nuisance, weight in row.nuisances:
            vector[places[nuisance]] += weight
        H.append(vector)
        y.append(value)
        sd.append(spread)
    fixed = Rows(np.reshape(H, (1, len(H), len(places))), np.reshape(y, (1, -1)), np.reshape(sd, (1, -1)))
    named = [r.place for r in rows if r not in loose] + [r.place for r in loose]
    return Compiled(fixed, tuple(loose), tuple(named))


def _row(study: Study, row: Row, places: Places) -> tuple[Floats, float, float] | None:
    """Return (vector (n,), value, sd) of one row; None where it is to be linearised about each node's mean."""
    if not all(is_linear(study, unknown.indicator) for unknown, _ in row.terms):
        known = known_places(study, _parts(study, row))
        if known is None:
            return None
        vectors, values = _tangent(study, row, places, known)
        return vectors[0], float(values[0]), row.sd
    terms, value, spread = row.terms, row.value, row.sd
    if row.on == "level":
        at = [_known(study, unknown, level) for (unknown, _), level in zip(row.terms, row.at, strict=True)]
        if None in at:
            return None
        scales = {indicator.name: indicator.scale for indicator in study.indicators}
        c, v, s = linearised(row, scales, np.array(at, float))
        terms = tuple((unknown, float(weight)) for (unknown, _), weight in zip(row.terms, c, strict=True))
        value, spread = float(v), float(s)
    vector, offset = functional(study, terms, places)
    return vector, value - offset, spread


def _known(study: Study, unknown: Unknown, stated: float | None) -> float | None:
    """The level about which a row is linearised: stated, implied, or on `Linear` any."""
    if stated is not None:
        return stated
    implied = study.implied.get(unknown.indicator, {}).get(unknown.year)
    return 0.0 if implied is None and isinstance(study.scale(unknown.indicator), Linear) else implied


def _parts(study: Study, row: Row) -> tuple[Unknown, ...]:
    return tuple(dict.fromkeys(part for unknown, _ in row.terms for part in linear_parts(study, unknown)))


def _tangent(study: Study, row: Row, places: Places, at: Floats) -> tuple[Floats, Floats]:
    """Return (vectors (K, n), values (K,)) of a row to first order about its linear parts' places `at` (K, parts)."""
    parts = _parts(study, row)
    found = [functional(study, ((part, 1.0),), places) for part in parts]
    vectors, offsets = np.array([vector for vector, _ in found]), np.array([offset for _, offset in found])

    def place(unknown: Unknown) -> tuple[Floats, Floats]:
        j = parts.index(unknown)
        return at[:, j], np.broadcast_to(np.eye(len(parts))[j], at.shape)

    total, derivative = np.zeros(len(at)), np.zeros(at.shape)
    for unknown, weight in row.terms:
        value, slope = with_gradient(study, unknown, place)
        if row.on == "level":
            value, slope = on_level(study, unknown.indicator, value, slope)
        total, derivative = total + weight * value, derivative + weight * slope
    return derivative @ vectors, row.value - total + (derivative * (at - offsets)).sum(axis=1)


def condition_all(study: Study, compiled: Compiled, system: System, flat: Floats) -> tuple[Conditioned, Rows]:
    """Condition a system on all rows; return also these. Loose rows are iterated about each node's mean."""
    rows = compiled.fixed
    given = condition(system.offset, flat, system.normal, rows)
    if not compiled.loose:
        return given, rows
    for _ in range(_ROUNDS):
        extra = [_about_mean(study, row, system, flat, given) for row in compiled.loose]
        K = len(system.offset)
        H = np.concatenate([np.broadcast_to(compiled.fixed.H, (K, *compiled.fixed.H.shape[1:])), *(e[0] for e in extra)], 1)
        y = np.concatenate([np.broadcast_to(compiled.fixed.y, (K, compiled.fixed.y.shape[1])), *(e[1] for e in extra)], 1)
        sd = np.concatenate([np.broadcast_to(compiled.fixed.sd, (K, compiled.fixed.sd.shape[1])), *(e[2] for e in extra)], 1)
        rows = Rows(H, y, sd)
        given = condition(system.offset, flat, system.normal, rows)
    return given, rows


def _about_mean(
    study: Study, row: Row, system: System, flat: Floats, given: Conditioned
) -> tuple[Floats, Floats, Floats]:
    """Return (H (K, 1, n), y (K, 1), sd (K, 1)) of a row, linearised at the posterior mean of each node."""
    found = [functional(study, ((part, 1.0),), system.places) for part in _parts(study, row)]
    vectors, offsets = np.array([vector for vector, _ in found]), np.array([offset for _, offset in found])
    mean = marginal(given, vectors, system.offset, flat, system.normal).mean + offsets
    H, value = _tangent(study, row, system.places, mean)
    for nuisance, weight in row.nuisances:
        H[:, system.places[nuisance]] += weight
    return H[:, None, :], value[:, None], np.full((len(mean), 1), row.sd)


def identified(flat: Floats, H: Floats) -> tuple[Floats, Floats]:
    """Part the flat unknowns into those that the rows determine and those that they do not.

    Args:
        flat: F at one node, (n, p).
        H: (m, n).

    Returns:
        Two orthonormal bases of combinations, (p, rank) and (p, p − rank).
    """
    p = flat.shape[1]
    if H.shape[0] == 0 or p == 0:
        return np.zeros((p, 0)), np.eye(p)
    _, singular, vh = np.linalg.svd(H @ flat)
    rank = int((singular > 1e-10 * max(singular.max(), 1e-300)).sum())
    return vh[:rank].T, vh[rank:].T


def require_identified(study: Study, compiled: Compiled, places: Places, open_flat: Floats) -> None:
    """Refuse a loose row whose levels nothing else determines. `open_flat` (n, …): what the fixed rows leave open."""
    for row in compiled.loose:
        for unknown in _parts(study, row):
            vector, _ = functional(study, ((unknown, 1.0),), places)
            if open_flat.size and np.abs(vector @ open_flat).max() > 1e-9:
                raise NoBasisError(
                    f"{row.place} needs the level of {unknown.indicator} in {unknown.year}, or of the other years and indicators "
                    "that it speaks of; add evidence of kind 'level'"
                )


def contradiction(places: Sequence[str]) -> KjprojError:
    """Return the error for exact figures that cannot hold together."""
    return KjprojError(
        f"{', '.join(places)} cannot all hold: they are stated without error and contradict each other; "
        "take one out, or state an error"
    )
