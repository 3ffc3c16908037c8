"""Blocks: indicators that evidence, identities or correlations connect are conditioned together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..rows import HalfSpace, Nuisance, Row, Terms, Unknown
from ..study import Study
from ..study.assumptions import Assumed

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Block:
    """Indicators that move together, in the study's order, with their figures.

    Attributes:
        moving: the indicators that have a motion, with it.
        given: indicators that another tool's draws give, with the first year drawn; their levels before are free.
        rows: what the figures say, over moving, given and derived indicators.
        half_spaces: the bounds that figures state.
        nuisances: the unknowns that the rows declare.
        correlation: of the moving indicators' first shocks, shape (n, n).
        first_year: the year in which paths start.
    """

    moving: Mapping[str, Assumed]
    given: Mapping[str, int]
    rows: tuple[Row, ...]
    half_spaces: tuple[HalfSpace, ...]
    nuisances: tuple[Nuisance, ...]
    correlation: Floats
    first_year: int


@dataclass(frozen=True)
class Expansion:
    """An unknown as a weighted sum of unknowns that are not derived, plus an offset."""

    terms: Terms
    offset: float


def expand(study: Study, unknown: Unknown) -> Expansion:
    """Write an unknown in terms of indicators that are not derived."""
    identity = study.derived.get(unknown.indicator)
    if identity is None:
        return Expansion(((unknown, 1.0),), 0.0)
    terms: dict[Unknown, float] = {}
    offset = identity.offset(study)
    for name, weight in identity.weights().items():
        part = expand(study, Unknown(name, unknown.year))
        offset += weight * part.offset
        for inner, inner_weight in part.terms:
            terms[inner] = terms.get(inner, 0.0) + weight * inner_weight
    return Expansion(tuple(terms.items()), offset)


def roots(study: Study, indicator: str) -> tuple[str, ...]:
    """Return the indicators that are not derived on which an indicator rests."""
    return tuple(unknown.indicator for unknown, _ in expand(study, Unknown(indicator, 0)).terms)


def blocks(study: Study, assumed: Mapping[str, Assumed], given: Mapping[str, int]) -> list[Block]:
    """Part a study into blocks."""
    based = [i.name for i in study.indicators if i.name in assumed or i.name in given]
    rows = _rows(study, set(based))
    groups = _components(study, based, rows)
    found = []
    for names in groups:
        said = [r for r in rows if set(_touched(study, r)) <= set(names)]
        own = tuple(r for r in said if isinstance(r, Row))
        bounds = tuple(r for r in said if isinstance(r, HalfSpace))
        nuisances = tuple(dict.fromkeys(n for r in own for n, _ in r.nuisances))
        moving = {name: assumed[name] for name in names if name not in given}
        years = [unknown.year for row in said for unknown, _ in row.terms]
        first = min(years, default=study.last_past_year)
        matrix = _correlation(study, tuple(moving))
        found.append(Block(moving, {n: given[n] for n in names if n in given}, own, bounds, nuisances, matrix, first))
    return found


Said = Row | HalfSpace


def _rows(study: Study, based: set[str]) -> list[Said]:
    """Collect the rows whose every indicator has a basis; the others bear on nothing that is answered."""
    said = (row for i, item in enumerate(study.evidence) for row in item.rows(study, f"evidence[{i}]"))
    return [row for row in said if set(_touched(study, row)) <= based]


def _touched(study: Study, row: Said) -> list[str]:
    return [name for unknown, _ in row.terms for name in roots(study, unknown.indicator)]


def _components(study: Study, names: list[str], rows: list[Said]) -> list[list[str]]:
    links = [_touched(study, row) for row in rows]
    shared: dict[str, list[str]] = {}
    for row in rows:
        for nuisance, _ in row.nuisances if isinstance(row, Row) else ():
            shared.setdefault(nuisance.name, []).extend(_touched(study, row))
    links += shared.values()
    links += [list(roots(study, identity.result)) for identity in study.identities]
    links += [list(c.between) for c in study.correlations]
    group = {name: {name} for name in names}
    for link in links:
        present = [name for name in link if name in group]
        merged = set().union(*(group[name] for name in present)) if present else set()
        for name in merged:
            group[name] = merged
    seen: set[str] = set()
    found = []
    for name in names:
        if name not in seen:
            found.append([n for n in names if n in group[name]])
            seen |= group[name]
    return found


def _correlation(study: Study, names: tuple[str, ...]) -> Floats:
    matrix = np.eye(len(names))
    for c in study.correlations:
        if set(c.between) <= set(names):
            i, j = (names.index(name) for name in c.between)
            matrix[i, j] = matrix[j, i] = c.value
    return _repaired(matrix) if study.repair_correlations and len(names) else matrix


def _repaired(matrix: Floats) -> Floats:
    """Cut negative eigenvalues off and scale the diagonal back to 1: a correlation matrix near the one given.

    Source: Rebonato and Jäckel (1999), The most general methodology to create a valid correlation matrix, section 3.
    """
    values, vectors = np.linalg.eigh(matrix)
    if values[0] >= 0.0:
        return matrix
    root = vectors * np.sqrt(np.clip(values, 0.0, None))
    root /= np.sqrt((root**2).sum(axis=1, keepdims=True))
    return np.asarray(root @ root.T)
