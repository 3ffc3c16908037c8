"""Probabilities by plain simulation: the check on everything that is computed, and the answer where nothing is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..errors import NotAnswerableError
from ..estimate import Estimate
from ..projection import Projection
from ..rows import Clause, HalfSpace, Requirement, Unknown
from ..shocks import Rng
from ..study import Study
from .sample import counted, drawn, shocks_of, total

_PARTS = 64
_PATHS = 65_536

Flags = NDArray[np.bool_]


def share_of_paths(projection: Projection, clauses: Requirement) -> Estimate:
    """Return the share of sample paths on which all clauses hold."""
    return simulated(projection, [clauses], [], False, _PATHS, None)


def simulated(
    projection: Projection,
    events: Sequence[Requirement | bool],
    condition: Sequence[Requirement | bool],
    at_least_one: bool,
    n_paths: int,
    rng: Rng | None,
) -> Estimate:
    """Return the share of paths that meet all (or at least one) of the events, among those that meet the condition.

    The standard error comes from 64 parts of the sample; without any or with only hits it is that of one hit in all.
    """
    flags = on_paths(projection, [*events, *condition], n_paths, rng)
    everywhere = np.ones(counted(n_paths), bool)
    hits, given = flags[: len(events)], flags[len(events) :]
    met = np.any(hits, axis=0) if at_least_one else np.all(hits, axis=0)
    return share(met, np.all([everywhere, *given], axis=0))


def on_paths(
    projection: Projection, events: Sequence[Requirement | bool], n_paths: int = _PATHS, rng: Rng | None = None
) -> list[Flags]:
    """Return on which sample paths each event holds, (n_paths,) each: all of them on the same paths."""
    asked = [e for e in events if not isinstance(e, bool)]
    unknowns = list(dict.fromkeys(u for event in asked for clause in event for half in clause for u, _ in half.terms))
    n_paths = counted(n_paths)
    x = drawn(projection, unknowns, n_paths, shocks_of(projection, rng), None)
    column = {unknown: x[:, j] for j, unknown in enumerate(unknowns)}
    everywhere = np.ones(n_paths, bool)
    return [_met(projection.study, event, column, everywhere) for event in events]


def share(met: Flags, inside: Flags) -> Estimate:
    """Return the share of the paths inside a condition on which something is met; raises `NotAnswerableError` without any."""
    if not inside.any():
        raise NotAnswerableError("no path meets the targets under `given`; take more paths, or leave simulation out")
    value = float(met[inside].mean())
    return Estimate(value, _error(met & inside, inside, value), "simulated")


def _met(study: Study, event: Requirement | bool, column: dict[Unknown, NDArray[np.float64]], everywhere: Flags) -> Flags:
    if isinstance(event, bool):
        return everywhere & event
    return np.asarray(np.all([everywhere, *(_any(study, clause, column) for clause in event)], axis=0))


def _any(study: Study, clause: Clause, column: dict[Unknown, NDArray[np.float64]]) -> Flags:
    return np.asarray(np.any([_holds(study, half, column) for half in clause], axis=0))


def _holds(study: Study, half: HalfSpace, column: dict[Unknown, NDArray[np.float64]]) -> Flags:
    found = total(study, half.terms, half.on, column)
    return np.asarray((found >= half.lower) & (found <= half.upper))


def _error(hits: Flags, inside: Flags, value: float) -> float:
    """Return the error of a ratio from parts of the sample, never below that of one path."""
    parts = min(_PARTS, len(hits))
    residuals = np.array([h.sum() - value * i.sum() for h, i in zip(np.array_split(hits, parts), np.array_split(inside, parts), strict=True)])
    spread = float(np.sqrt((residuals**2).sum() * parts / max(parts - 1, 1))) / inside.sum()
    return float(max(spread, 1.0 / float(inside.sum())))
