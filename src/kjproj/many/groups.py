"""Series of one shape: the same indicator, the same years with figures, exact or not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..beliefs.pooled import PooledClass
from ..beliefs.reference import reference_class
from ..motions import Brownian, Pooled
from ..study.assumptions import assumed_for
from ..study.indicator import Indicator
from .brownian import BrownianModel
from .given import Figures, Floats, Ints, distinct
from .pooled import PooledModel
from .walked import Walked

_CHUNK, _BITS = 4096, 32


@dataclass(frozen=True)
class Group:
    """N series of one shape: their numbers (N,), the years of their figures, the last places (N,), and what is known of them."""

    series: Ints
    years: tuple[int, ...]
    last: Floats
    walked: Walked


def chunks(
    figures: Figures, x: Floats, sd: Floats | None, usable: Ints, indicators: Sequence[Indicator], motions: Sequence[object] | None
) -> Iterator[Group | Ints]:
    """Part the usable series by shape and take their figures in, some thousands at a time.

    motions: the motion of each series (S,), for studies; None where an indicator moves alike in all regions. Series that
    cannot be taken together are given back by their numbers.
    """
    there = np.isfinite(x[usable])
    key = figures.indicator[usable]
    for start in range(0, 0 if there.all() else there.shape[1], _BITS):
        part = there[:, start : start + _BITS]
        key = _further(key, np.unique(part @ (1 << np.arange(part.shape[1], dtype=np.int64)), return_inverse=True)[1])
    inexact: NDArray[np.bool_] | None = None
    if sd is not None:
        inexact = np.any(np.where(there, sd[usable], 0.0) > 0.0, axis=1)
        key = _further(key, inexact)
    if motions is not None:
        key = _further(key, _kinds([motions[i] for i in usable]))
    for code in distinct(key):
        same = np.flatnonzero(key == code)
        held = np.flatnonzero(there[same[0]])
        rough = inexact is not None and inexact[same[0]]
        years = tuple(figures.years[j] for j in held)
        for start in range(0, len(same), _CHUNK):
            rows = usable[same[start : start + _CHUNK]]
            places = x[rows][:, held]
            errors = sd[rows][:, held] if rough and sd is not None else None
            own = None if motions is None else [motions[i] for i in rows]
            model = _model(indicators[int(figures.indicator[rows[0]])], own, places, years)
            if model is None:
                yield rows
                continue
            for part, walked in model.walked(places, years, errors):
                yield Group(rows[part], years, places[part, -1], walked)


def _further(key: Ints, part: Ints | NDArray[np.bool_]) -> Ints:
    """Return keys from 0 on that tell a further part apart."""
    return np.asarray(np.unique(key * (int(part.max(initial=0)) + 1) + part, return_inverse=True)[1], np.int64)


def _kinds(motions: Sequence[object]) -> Ints:
    """Number motions that can be taken together: equal ones, and pooled ones of one class."""
    known: dict[object, int] = {}
    return np.array([known.setdefault(_kind(motion), len(known)) for motion in motions], np.int64)


def _kind(motion: object) -> object:
    if isinstance(motion, Pooled):
        return ("pooled", motion.noise, motion.tie, motion.lean, motion.pull, motion.center, repr(type(motion.drift)))
    return motion.model_dump_json() if isinstance(motion, Brownian) else None


def _model(
    indicator: Indicator, motions: Sequence[object] | None, x: Floats, years: tuple[int, ...]
) -> BrownianModel | PooledModel | None:
    """Return the model of series; None where their motion has none, so that each is projected by itself."""
    if motions is not None:
        first = motions[0]
        if isinstance(first, Pooled):
            return PooledModel.of_motions([m for m in motions if isinstance(m, Pooled)])
        return BrownianModel.of(first) if isinstance(first, Brownian) else None
    named = indicator.reference_class if indicator.motion is None else None
    if named is not None and isinstance(own := reference_class(named), PooledClass):
        if own.today is not None and own.today.drift.gaussian is None:
            return None
        return PooledModel.of_class(own, indicator, x, years)
    assumed = assumed_for(indicator, None, {})
    motion = None if assumed is None else assumed.motion
    return BrownianModel.of(motion) if isinstance(motion, Brownian) else None


