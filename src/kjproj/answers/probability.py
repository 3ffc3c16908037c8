"""How likely is a target, or several together?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import Executor
from itertools import combinations
from typing import Literal

import numpy as np

from ..errors import KjprojError, NotAnswerableError
from ..estimate import Estimate
from ..progress import OnProgress
from ..projection import Projection
from ..rows import Requirement
from ..shocks import Rng
from .contract import Tolerance
from .passage import in_turn
from .planner import RANK
from .questions import Names, required, resolve
from .regions import complement, holds
from .simulated import simulated

_MOST_INCLUDED = 6
Method = Literal["auto", "simulate"]


def probability(
    projection: Projection,
    target: Names | None = None,
    *,
    all_of: Iterable[Names] | None = None,
    any_of: Iterable[Names] | None = None,
    given: Names | Iterable[Names] | None = None,
    method: Method = "auto",
    rtol: float | None = None,
    atol: float | None = None,
    n_paths: int = 100_000,
    rng: Rng | None = None,
    executor: Executor | None = None,
    on_progress: OnProgress | None = None,
) -> Estimate:
    """Return how likely a target is, or all of several, or at least one of several, given that others are met.

    What is linear on the scales is computed by the first method that applies (docs/methods.md), counts of events are summed
    over their rates, the rest is a share of 65,536 sample paths; what is published is "observed". Ctrl-C, or a lost worker
    (`WorkerLostError.partial`), leaves the share of what is finished.

    Args:
        projection: from `kjproj.project`.
        target: a target's name, or a target; or one of `all_of` and `any_of` instead.
        all_of: several of them, all to be met.
        any_of: several of them, at least one to be met.
        given: one or several that are taken to be met: P(A | B) = P(A and B)/P(B).
        method: "simulate" forces simulation.
        rtol: the standard error asked for, as a share of the answer: 1e-4, with one point a node, unless either is given.
        atol: the same as a number; the larger one counts. One that cannot be met is stated as it is.
        n_paths: how many paths are simulated.
        rng: that of the projection unless given.
        executor: any `concurrent.futures.Executor`; without one, this thread.
        on_progress: told (done, total, estimate so far, or None) in paths of a simulation, as by `kj.sample`.

    Raises:
        NoBasisError: where the study does not say where an indicator stands, or how it moves.
        NotAnswerableError: where the condition has probability 0.

    >>> import kjproj as kj
    >>> projection = kj.project(kj.datasets.yueyang())
    >>> print(f"{kj.probability(projection, all_of=['rd_spending_2025', 'rd_intensity_2025']).value:.2f}")
    0.39
    """
    if method not in ("auto", "simulate"):
        raise KjprojError(f"method is {method!r}; expected 'auto' or 'simulate'")
    asked = _required(projection, _one_of(target, all_of, any_of)), _required(projection, given), any_of is not None
    if method == "auto" and (found := _computed(projection, *asked, Tolerance.asked(atol, rtol))) is not None:
        return found
    return simulated(projection, *asked, n_paths, rng, executor=executor, on_progress=on_progress)


Event = Requirement | bool


def _one_of(*options: Names | Iterable[Names] | None) -> Names | Iterable[Names]:
    chosen = [x for x in options if x is not None]
    if len(chosen) != 1:
        raise KjprojError(f"{len(chosen)} of target, all_of and any_of given; expected exactly one")
    return chosen[0]


def _required(projection: Projection, targets: Names | Iterable[Names] | None) -> list[Event]:
    return [] if targets is None else [required(projection.study, target) for target in resolve(projection, targets)]


def _computed(projection: Projection, events: list[Event], condition: list[Event], at_least_one: bool, tolerance: Tolerance) -> Estimate | None:
    """Compute; None for a conditional chance that has to be simulated as a whole."""
    event = _any if at_least_one else _all
    if not condition:
        return event(projection, events, [], tolerance)
    part = event(projection, events, condition, tolerance)
    return None if part.method == "simulated" else _ratio(part, _all(projection, condition, [], tolerance))


def _ratio(part: Estimate, whole: Estimate) -> Estimate:
    """P(A and B)/P(B), the errors added as if independent."""
    if whole.value <= 0.0:
        raise NotAnswerableError("the targets under `given` have probability 0; take one out, or lower it")
    value = min(part.value / whole.value, 1.0)
    stderr = np.hypot(part.stderr, value * whole.stderr) / whole.value
    method = part.method if whole.method in ("observed", part.method) else f"{part.method}, {whole.method}"
    return Estimate(value, float(stderr), method)


def _all(projection: Projection, events: Sequence[Event], more: Sequence[Event], tolerance: Tolerance) -> Estimate:
    """All of the events, and all of `more`."""
    together = (*events, *more)
    if False in together:
        return Estimate(0.0, 0.0, "observed")
    return holds(projection, tuple(clause for event in together if not isinstance(event, bool) for clause in event), tolerance)


def _any(projection: Projection, events: Sequence[Event], more: Sequence[Event], tolerance: Tolerance) -> Estimate:
    """At least one of the events, and all of `more`: all of `more` less none of the events."""
    if True in events:
        return _all(projection, [], more, tolerance)
    left = [event for event in events if not isinstance(event, bool)]
    missed = [complement(event) for event in left]
    none = tuple(clause for clauses in missed if clauses is not None for clause in clauses)
    if None in missed:
        return _included(projection, left, more, tolerance)
    if len(left) > 1 and not more and in_turn(either := (tuple(half for event in left for half in event[0]),)):
        return holds(projection, either, tolerance)
    whole = _all(projection, [], more, tolerance)
    rest = _all(projection, [none], more, tolerance) if left else whole
    method = max(whole.method, rest.method, key=RANK.index)
    value = min(max(whole.value - rest.value, 0.0), 1.0)
    return Estimate(value, float(np.hypot(whole.stderr, rest.stderr)), method)


def _included(projection: Projection, events: Sequence[Event], more: Sequence[Event], tolerance: Tolerance) -> Estimate:
    """The same by inclusion and exclusion, where "not met" is no "and" of half-spaces."""
    if len(events) > _MOST_INCLUDED:
        raise NotAnswerableError(
            f"any_of with {len(events)} targets, some between two bounds or over several years, needs "
            f"method='simulate'; {_MOST_INCLUDED} at most without"
        )
    value, variance, methods = 0.0, 0.0, ["observed"]
    for size in range(1, len(events) + 1):
        for subset in combinations(events, size):
            part = _all(projection, subset, more, tolerance)
            value += part.value if size % 2 else -part.value
            variance += part.stderr**2
            methods.append(part.method)
    method = max(methods, key=RANK.index)
    return Estimate(min(max(value, 0.0), 1.0), float(np.sqrt(variance)), method)
