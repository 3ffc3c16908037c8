"""Rows of a block as matrices over its places; level rows linearised, and iterated where a level is not published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..errors import KjprojError, NoBasisError
from ..rows import Row, Terms, linearised
from ..study import Study
from .blocks import expand
from .conditioning import Conditioned, Rows, condition, marginal
from .system import Places, System

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
    vector, offset = np.zeros(len(places)), 0.0
    for unknown, weight in terms:
        expansion = expand(study, unknown)
        offset += weight * expansion.offset
        for inner, inner_weight in expansion.terms:
            vector[places[inner]] += weight * inner_weight
    return vector, offset


def compile_rows(study: Study, rows: Sequence[Row], places: Places) -> Compiled:
    """Return the rows as matrices; level rows are linearised at the published levels where all are known."""
    scales = {indicator.name: indicator.scale for indicator in study.indicators}
    H, y, sd, loose = [], [], [], []
    for row in rows:
        if row.on == "level" and None in row.at:
            loose.append(row)
            continue
        terms, value, spread = row.terms, row.value, row.sd
        if row.on == "level":
            c, v, s = linearised(row, scales, np.array(row.at, float))
            terms = tuple((unknown, float(x)) for (unknown, _), x in zip(row.terms, c, strict=True))
            value, spread = float(v), float(s)
        vector, offset = functional(study, terms, places)
        for nuisance, weight in row.nuisances:
            vector[places[nuisance]] += weight
        H.append(vector)
        y.append(value - offset)
        sd.append(spread)
    fixed = Rows(np.reshape(H, (1, len(H), len(places))), np.reshape(y, (1, -1)), np.reshape(sd, (1, -1)))
    named = [r.place for r in rows if r not in loose] + [r.place for r in loose]
    return Compiled(fixed, tuple(loose), tuple(named))


def condition_all(study: Study, compiled: Compiled, system: System, flat: Floats) -> tuple[Conditioned, Floats]:
    """Condition a system on all rows; return also H (K or 1, m, n). Loose rows are iterated about each node's mean."""
    rows = compiled.fixed
    given = condition(system.offset, flat, system.normal, rows)
    if not compiled.loose:
        return given, rows.H
    for _ in range(_ROUNDS):
        extra = [_about_mean(study, row, system, flat, given) for row in compiled.loose]
        K = len(system.offset)
        H = np.concatenate([np.broadcast_to(compiled.fixed.H, (K, *compiled.fixed.H.shape[1:])), *(e[0] for e in extra)], 1)
        y = np.concatenate([np.broadcast_to(compiled.fixed.y, (K, compiled.fixed.y.shape[1])), *(e[1] for e in extra)], 1)
        sd = np.concatenate([np.broadcast_to(compiled.fixed.sd, (K, compiled.fixed.sd.shape[1])), *(e[2] for e in extra)], 1)
        rows = Rows(H, y, sd)
        given = condition(system.offset, flat, system.normal, rows)
    return given, rows.H


def _about_mean(
    study: Study, row: Row, system: System, flat: Floats, given: Conditioned
) -> tuple[Floats, Floats, Floats]:
    """Return (H (K, 1, n), y (K, 1), sd (K, 1)) of a level row, linearised at the posterior mean of each node."""
    scales = {indicator.name: indicator.scale for indicator in study.indicators}
    vectors, offsets = zip(*(functional(study, ((unknown, 1.0),), system.places) for unknown, _ in row.terms), strict=True)
    A = np.array(vectors)
    at = marginal(given, A, system.offset, flat, system.normal).mean + np.array(offsets)
    levels = np.stack([scales[u.indicator].to_level(at[:, j]) for j, (u, _) in enumerate(row.terms)], axis=-1)
    c, value, sd = linearised(row, scales, levels)
    return (c[:, None, :] @ A)[:, :1], (value - c @ np.array(offsets))[:, None], sd[:, None]


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
        for unknown, _ in row.terms:
            vector, _ = functional(study, ((unknown, 1.0),), places)
            if open_flat.size and np.abs(vector @ open_flat).max() > 1e-9:
                raise NoBasisError(
                    f"{row.place}: a change needs the level of {unknown.indicator} in {unknown.year} or the other year; "
                    "add evidence of kind 'level'"
                )


def contradiction(places: Sequence[str]) -> KjprojError:
    """Return the error for exact figures that cannot hold together."""
    return KjprojError(
        f"{', '.join(places)} cannot all hold: they are stated without error and contradict each other; "
        "take one out, or state an error"
    )
