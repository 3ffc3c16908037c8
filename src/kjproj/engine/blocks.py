"""Blocks: indicators that figures, correlations or commitments connect are conditioned together.

An identity connects its members where a figure speaks of its result; else they stay independent given the figures, and
what is asked about the result is answered from the blocks' joint law. So it is with a draw that indicators share: it
connects them where a figure speaks of a year in which it is felt; else the blocks' joint law has it in common. Forecasts of other tools are paired with nodes within
a block, so identities of theirs connect too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..forecasts import Forecast
from ..rows import HalfSpace, Nuisance, Row
from ..study import Study
from ..study.assumptions import Assumed
from .unknowns import leaves, roots

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Block:
    """Indicators that move together, in the study's order, with their figures.

    Attributes:
        moving: the indicators that have a motion, with it.
        given: indicators that another tool's forecast gives, with it; their levels before its first year are free.
        rows: what the figures say, over moving, given and derived indicators.
        half_spaces: the bounds that figures state.
        nuisances: the unknowns that the rows declare.
        correlation: of the moving indicators' first shocks, shape (n, n).
        first_year: the year in which paths start.
    """

    moving: Mapping[str, Assumed]
    given: Mapping[str, Forecast]
    rows: tuple[Row, ...]
    half_spaces: tuple[HalfSpace, ...]
    nuisances: tuple[Nuisance, ...]
    correlation: Floats
    first_year: int

    def same_as(self, other: Block) -> bool:
        """Tell whether two blocks hold the same indicators, assumptions and figures."""
        names = ("moving", "given", "rows", "half_spaces", "nuisances", "first_year")
        alike = all(getattr(self, name) == getattr(other, name) for name in names)
        return alike and np.array_equal(self.correlation, other.correlation)


def blocks(study: Study, assumed: Mapping[str, Assumed], given: Mapping[str, Forecast]) -> list[Block]:
    """Part a study into blocks."""
    based = [i.name for i in study.indicators if i.name in assumed or i.name in given]
    rows = _rows(study, set(based))
    groups = _components(study, based, rows, given, _sharing(study, rows, assumed))
    found = []
    for names in groups:
        said = [r for r in rows if set(_touched(study, r)) <= set(names)]
        own = tuple(r for r in said if isinstance(r, Row))
        bounds = tuple(r for r in said if isinstance(r, HalfSpace))
        nuisances = tuple(dict.fromkeys(n for r in own for n, _ in r.nuisances))
        moving = {name: assumed[name] for name in names if name not in given}
        years = [leaf.year for row in said for unknown, _ in row.terms for leaf in leaves(study, unknown)]
        first = min(years, default=study.last_past_year)
        matrix = _correlation(study, tuple(moving))
        found.append(Block(moving, {n: given[n] for n in names if n in given}, own, bounds, nuisances, matrix, first))
    return found


Said = Row | HalfSpace


def _rows(study: Study, based: set[str]) -> list[Said]:
    """Collect the rows whose every indicator has a basis; the others bear on nothing that is answered."""
    said = (row for i, item in study.standing for row in item.rows(study, f"evidence[{i}]"))
    return [row for row in said if isinstance(row, Row | HalfSpace) and set(_touched(study, row)) <= based]


def _touched(study: Study, row: Said) -> list[str]:
    return [name for unknown, _ in row.terms for name in roots(study, unknown.indicator)]


def shared_draws(assumed: Mapping[str, Assumed]) -> dict[str, dict[str, float]]:
    """Return by the name of a shared draw the indicators that share it, each with the year after which it is felt."""
    found: dict[str, dict[str, float]] = {}
    for name, one in assumed.items():
        for parameter in one.motion.parameters().values():
            if parameter.shared and parameter.belief.gaussian != (0.0, 0.0):
                found.setdefault(parameter.shared, {})[name] = parameter.felt_after
    return found


def _sharing(study: Study, rows: list[Said], assumed: Mapping[str, Assumed]) -> list[list[str]]:
    """Return the indicators that share a draw of which the figures speak, by draw.

    They do where a row is about a year in which it is felt. A bound or a commitment counts as one whatever its year:
    paths are drawn again where they miss it, and with them what is shared.
    """
    last: dict[str, float] = {}
    for row in rows:
        for name, year in (leaf for unknown, _ in row.terms for leaf in leaves(study, unknown)):
            last[name] = max(last.get(name, -np.inf), np.inf if isinstance(row, HalfSpace) else year)
    last |= dict.fromkeys((root for roots_ in _committed(study) for root in roots_), np.inf)
    draws = shared_draws(assumed).values()
    return [list(felt) for felt in draws if any(last.get(name, -np.inf) > after for name, after in felt.items())]


def _committed(study: Study) -> list[list[str]]:
    """Return the indicators on which each target rests that a scenario commits to."""
    targets = [study.target(c.target) for scenario in study.scenarios for c in scenario.commitments]
    return [[root for name in target.indicators for root in roots(study, name)] for target in targets]


def _components(
    study: Study, names: list[str], rows: list[Said], given: Mapping[str, Forecast], sharing: list[list[str]]
) -> list[list[str]]:
    links = [_touched(study, row) for row in rows]
    shared: dict[str, list[str]] = {}
    for row in rows:
        for nuisance, _ in row.nuisances if isinstance(row, Row) else ():
            shared.setdefault(nuisance.name, []).extend(_touched(study, row))
    links += shared.values()
    links += _committed(study)
    links += [list(r) for identity in study.identities if set(r := roots(study, identity.result)) & set(given)]
    links += [*_together(given), *sharing]
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


def _together(given: Mapping[str, Forecast]) -> list[list[str]]:
    """Return the indicators whose sample paths belong together."""
    found: dict[str, list[str]] = {}
    for name, forecast in given.items():
        if forecast.together:
            found.setdefault(forecast.together, []).append(name)
    return list(found.values())


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
