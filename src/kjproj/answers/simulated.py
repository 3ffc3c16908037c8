"""Probabilities by plain simulation: the check on everything that is computed, and the answer where nothing is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..engine.execution import whole_or_kept
from ..errors import NotAnswerableError, WorkerLostError
from ..estimate import Estimate, interrupted
from ..progress import OnProgress, Progress
from ..projection import Projection
from ..rows import Clause, HalfSpace, Requirement, Unknown
from ..shocks import Rng, Shocks
from ..study import Study
from .sample import chunks, counted, drawn, shocks_of, total

_PARTS = 64
PATHS = 65_536
ONE_PATH = 1.0 / PATHS
"""The least error of a share of the paths that are drawn where nothing is computed."""

Flags = NDArray[np.bool_]


def share_of_paths(projection: Projection, clauses: Requirement) -> Estimate:
    """Return the share of sample paths on which all clauses hold."""
    hits = _Hits.of(PATHS)
    _count(projection, _Question((clauses,), (), False), hits, shocks_of(projection, None), None, Progress(None, PATHS))
    return hits.estimate()


def simulated(
    projection: Projection,
    events: Sequence[Requirement | bool],
    condition: Sequence[Requirement | bool],
    at_least_one: bool,
    n_paths: int,
    rng: Rng | None,
    *,
    executor: Executor | None = None,
    on_progress: OnProgress | None = None,
) -> Estimate:
    """Return the share of paths that meet all (or at least one) of the events, among those that meet the condition.

    The standard error comes from 64 parts of the sample; without any or with only hits it is that of one hit in all.
    `KeyboardInterrupt` returns the share among the paths that are finished, with their error and a method that says so;
    it is raised where none inside the condition is finished. `WorkerLostError` has that share as its `partial`.
    """
    count = counted(n_paths)
    hits, question = _Hits.of(count), _Question(tuple(events), tuple(condition), at_least_one)
    stopped = None
    try:
        _count(projection, question, hits, shocks_of(projection, rng), executor, Progress(on_progress, count))
    except (KeyboardInterrupt, WorkerLostError) as error:
        stopped = error
    found = hits.estimate() if stopped is None else hits.so_far()
    if found is not None and hits.done < count:
        found = replace(found, method=interrupted(hits.done, count))
    return whole_or_kept(stopped, found, hits.done, count)


@dataclass(frozen=True)
class _Question:
    events: tuple[Requirement | bool, ...]
    condition: tuple[Requirement | bool, ...]
    at_least_one: bool

    @property
    def unknowns(self) -> list[Unknown]:
        """What is to be drawn."""
        asked = [e for e in (*self.events, *self.condition) if not isinstance(e, bool)]
        return list(dict.fromkeys(u for event in asked for clause in event for half in clause for u, _ in half.terms))


@dataclass
class _Hits:
    """By path, whether it is inside the condition and whether it meets the events; of the first `done` it is known."""

    met: Flags
    inside: Flags
    done: int = 0

    @classmethod
    def of(cls, n_paths: int) -> _Hits:
        """Return those of paths of which nothing is known yet."""
        return cls(np.empty(n_paths, bool), np.empty(n_paths, bool))

    def estimate(self) -> Estimate:
        """Return the share so far; raises `NotAnswerableError` where no path is inside the condition."""
        return share(self.met[: self.done], self.inside[: self.done])

    def so_far(self) -> Estimate | None:
        """Return the share so far, None without a path inside the condition."""
        return self.estimate() if self.inside[: self.done].any() else None


def _count(
    projection: Projection, question: _Question, hits: _Hits, shocks: Shocks, executor: Executor | None, work: Progress
) -> None:
    """Draw paths chunk by chunk, and note which of them are hits."""
    study, unknowns = projection.study, question.unknowns
    join = np.any if question.at_least_one else np.all
    with closing(chunks(projection, unknowns, len(hits.met), shocks, executor)) as found:
        for rows, x in found:
            column = {unknown: x[:, j] for j, unknown in enumerate(unknowns)}
            everywhere = np.ones(len(x), bool)
            hits.met[rows] = join([requirement_met(study, event, column, everywhere) for event in question.events], axis=0)
            inside = (requirement_met(study, event, column, everywhere) for event in question.condition)
            hits.inside[rows] = np.all([everywhere, *inside], axis=0)
            hits.done = rows.stop
            work(hits.done, hits.so_far)


def on_paths(projection: Projection, events: Sequence[Requirement | bool], n_paths: int = PATHS) -> list[Flags]:
    """Return on which sample paths each event holds, (n_paths,) each: all of them on the same paths."""
    unknowns = _Question(tuple(events), (), False).unknowns
    x = drawn(projection, unknowns, counted(n_paths), shocks_of(projection, None), None)
    column = {unknown: x[:, j] for j, unknown in enumerate(unknowns)}
    return [requirement_met(projection.study, event, column, np.ones(n_paths, bool)) for event in events]


def share(met: Flags, inside: Flags) -> Estimate:
    """Return the share of the paths inside on which something is met, both (n_paths,), with its error part by part.

    Raises `NotAnswerableError` where no path is inside.
    """
    if not inside.any():
        raise NotAnswerableError("no path meets the targets under `given`; take more paths, or leave simulation out")
    value, count = float(met[inside].mean()), float(inside.sum())
    parts = _parts(met & inside, inside, value)
    return Estimate(value, max(math.hypot(*parts), 1.0 / count), "simulated", (0.0, *parts))


def requirement_met(study: Study, event: Requirement | bool, column: dict[Unknown, NDArray[np.float64]], everywhere: Flags) -> Flags:
    """Tell path by path whether a requirement is met; `everywhere` is all true, (n_paths,)."""
    if isinstance(event, bool):
        return everywhere & event
    return np.asarray(np.all([everywhere, *(_any(study, clause, column) for clause in event)], axis=0))


def _any(study: Study, clause: Clause, column: dict[Unknown, NDArray[np.float64]]) -> Flags:
    return np.asarray(np.any([_holds(study, half, column) for half in clause], axis=0))


def _holds(study: Study, half: HalfSpace, column: dict[Unknown, NDArray[np.float64]]) -> Flags:
    found = total(study, half.terms, half.on, column)
    return np.asarray((found >= half.lower) & (found <= half.upper))


def _parts(hits: Flags, inside: Flags, value: float) -> tuple[float, ...]:
    """Return what each part of the sample contributes to the error of a ratio."""
    count = min(_PARTS, len(hits))
    pairs = zip(np.array_split(hits, count), np.array_split(inside, count), strict=True)
    residuals = np.array([float(h.sum()) - value * float(i.sum()) for h, i in pairs])
    return tuple((residuals * np.sqrt(count / max(count - 1.0, 1.0)) / float(inside.sum())).tolist())
