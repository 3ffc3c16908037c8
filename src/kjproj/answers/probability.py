"""How likely is a target, or several together?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Literal

import numpy as np

from ..errors import KjprojError, NotAnswerableError
from ..estimate import Estimate
from ..projection import Projection
from ..shocks import Rng
from ..targets import Target
from .boxes import box_probability
from .questions import Asked, Names, asked, observed, resolve
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
    n_paths: int = 100_000,
    rng: Rng | None = None,
) -> Estimate:
    """Return how likely a target is, or all of several, or at least one of several, given that others are met.

    One target in a block is a weighted sum of normal tails, two are bivariate normals, more are orthant probabilities;
    blocks are independent and multiply. A target whose figure is published is answered by "observed".

    Args:
        projection: from `kjproj.project`.
        target: a target's name, or a `Target`; or one of `all_of` and `any_of` instead.
        all_of: several of them, all to be met.
        any_of: several of them, at least one to be met.
        given: one or several that are taken to be met: P(A | B) = P(A and B)/P(B).
        method: "simulate" forces simulation.
        n_paths: how many paths are simulated.
        rng: that of the projection unless given; for simulation.

    Raises:
        NoBasisError: where the study does not say where an indicator stands, or how it moves.
        NotAnswerableError: where the condition has probability 0.
        KjprojError: for an unknown target, or other than one of `target`, `all_of` and `any_of`.

    >>> import kjproj as kj
    >>> projection = kj.project(kj.datasets.yueyang())
    >>> print(f"{kj.probability(projection, 'rd_spending_2025').value:.2f}")
    0.51
    >>> print(f"{kj.probability(projection, all_of=['rd_spending_2025', 'rd_intensity_2025']).value:.2f}")
    0.40
    """
    chosen = [x for x in (target, all_of, any_of) if x is not None]
    if len(chosen) != 1:
        raise KjprojError(f"{len(chosen)} of target, all_of and any_of given; expected exactly one")
    if method not in ("auto", "simulate"):
        raise KjprojError(f"method is {method!r}; expected 'auto' or 'simulate'")
    targets, condition = resolve(projection, chosen[0]), [] if given is None else resolve(projection, given)
    if method == "simulate":
        return simulated(projection, targets, condition, any_of is not None, n_paths, rng)
    event = _any if any_of is not None else _all
    if not condition:
        return event(projection, targets, [])
    return _ratio(event(projection, targets, condition), _all(projection, condition, []))


def _ratio(part: Estimate, whole: Estimate) -> Estimate:
    """P(A and B)/P(B), the errors added as if independent."""
    if whole.value <= 0.0:
        raise NotAnswerableError("the targets under `given` have probability 0; take one out, or lower it")
    value = min(part.value / whole.value, 1.0)
    stderr = np.hypot(part.stderr, value * whole.stderr) / whole.value
    method = part.method if whole.method in ("observed", part.method) else f"{part.method}, {whole.method}"
    return Estimate(value, float(stderr), method)


def _all(projection: Projection, targets: Sequence[Target], more: Sequence[Target]) -> Estimate:
    """All of the targets, and all of `more`."""
    return _of(projection, asked(projection, [*targets, *more]))


def _of(projection: Projection, question: Asked) -> Estimate:
    """Blocks multiply; the relative errors of independent factors add in squares."""
    if not question.decided:
        return Estimate(0.0, 0.0, "observed" if not question.boxes else "closed form")
    value, variance, methods = 1.0, 0.0, []
    for block, box in question.boxes:
        lower, upper = np.array(list(box.values())).T
        part = box_probability(block.law(list(box)), lower, upper, projection.seed)
        variance = variance * part.value**2 + (value * part.stderr) ** 2
        value *= part.value
        methods.append(part.method)
    method = max(methods, key=_RANK.index) if methods else "observed"
    return Estimate(min(max(value, 0.0), 1.0), float(np.sqrt(variance)), method)


_RANK = ("observed", "closed form", "bivariate normal", "orthant")


def _any(projection: Projection, targets: Sequence[Target], more: Sequence[Target]) -> Estimate:
    """At least one of the targets, and all of `more`: all of `more` less none of the targets."""
    if any(observed(projection, t) for t in targets):
        return _all(projection, [], more)
    open_targets = [t for t in targets if observed(projection, t) is None]
    if any(t.between is not None for t in open_targets):
        return _included(projection, open_targets, more)
    whole = _all(projection, [], more)
    none = _of(projection, asked(projection, more, unmet=open_targets))
    method = max(whole.method, none.method, key=_RANK.index)
    value = min(max(whole.value - none.value, 0.0), 1.0)
    return Estimate(value, float(np.hypot(whole.stderr, none.stderr)), method)


def _included(projection: Projection, targets: Sequence[Target], more: Sequence[Target]) -> Estimate:
    """The same by inclusion and exclusion, for targets between two bounds."""
    if len(targets) > _MOST_INCLUDED:
        raise NotAnswerableError(
            f"any_of with {len(targets)} targets, some between two bounds, needs method='simulate'; "
            f"{_MOST_INCLUDED} at most without"
        )
    value, variance, methods = 0.0, 0.0, ["observed"]
    for size in range(1, len(targets) + 1):
        for subset in combinations(targets, size):
            part = _all(projection, subset, more)
            value += part.value if size % 2 else -part.value
            variance += part.stderr**2
            methods.append(part.method)
    method = max(methods, key=_RANK.index)
    return Estimate(min(max(value, 0.0), 1.0), float(np.sqrt(variance)), method)
