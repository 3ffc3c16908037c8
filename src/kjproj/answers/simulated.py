"""Probabilities by plain simulation: the check on everything that is computed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..errors import NotAnswerableError
from ..estimate import Estimate
from ..projection import Projection
from ..rows import Unknown
from ..shocks import Rng
from ..targets import Target
from .questions import observed
from .sample import counted, drawn, shocks_of

_PARTS = 64


def simulated(
    projection: Projection,
    targets: Sequence[Target],
    condition: Sequence[Target],
    at_least_one: bool,
    n_paths: int,
    rng: Rng | None,
) -> Estimate:
    """Return the share of paths that meet all (or at least one) of the targets, among those that meet the condition.

    The standard error comes from 64 parts of the sample; without any or with only hits it is that of one hit in all.
    """
    unknowns = [Unknown(t.indicator, t.year) for t in (*targets, *condition) if observed(projection, t) is None]
    unknowns = list(dict.fromkeys(unknowns))
    n_paths = counted(n_paths)
    x = drawn(projection, unknowns, n_paths, shocks_of(projection, rng), None)
    place = {unknown: j for j, unknown in enumerate(unknowns)}
    hits = [_met(projection, target, x, place) for target in targets]
    event = np.any(hits, axis=0) if at_least_one else np.all(hits, axis=0)
    inside = np.all([_met(projection, t, x, place) for t in condition] or [np.ones(n_paths, bool)], axis=0)
    if not inside.any():
        raise NotAnswerableError("no path meets the targets under `given`; take more paths, or leave simulation out")
    value = float(event[inside].mean())
    return Estimate(value, _error(event & inside, inside, value), "simulated")


def _met(projection: Projection, target: Target, x: NDArray[np.float64], place: dict[Unknown, int]) -> NDArray[np.bool_]:
    seen = observed(projection, target)
    if seen is not None:
        return np.full(len(x), seen)
    half = target.half_space(projection.study)
    values = x[:, place[Unknown(target.indicator, target.year)]]
    return np.asarray((values >= half.lower) & (values <= half.upper))


def _error(hits: NDArray[np.bool_], inside: NDArray[np.bool_], value: float) -> float:
    """Return the error of a ratio from parts of the sample, never below that of one path."""
    parts = min(_PARTS, len(hits))
    residuals = np.array([h.sum() - value * i.sum() for h, i in zip(np.array_split(hits, parts), np.array_split(inside, parts), strict=True)])
    spread = float(np.sqrt((residuals**2).sum() * parts / max(parts - 1, 1))) / inside.sum()
    return float(max(spread, 1.0 / float(inside.sum())))
