"""From targets to the regions whose probability is asked, block by block."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from ..engine.block_posterior import BlockPosterior
from ..errors import KjprojError
from ..projection import Projection
from ..rows import HalfSpace, Terms
from ..targets import Target

Names = str | Target
_FIRST, _LAST = 1800, 2300
Box = dict[Terms, tuple[float, float]]


@dataclass(frozen=True)
class Asked:
    """Targets that must all be met, as boxes: by block, an interval for every functional that they bound.

    `decided` is False where a published figure misses a target, or two targets exclude each other.
    """

    boxes: tuple[tuple[BlockPosterior, Box], ...]
    decided: bool = True

    @property
    def size(self) -> int:
        """The largest number of functionals in one block."""
        return max((len(box) for _, box in self.boxes), default=0)


def resolve(projection: Projection, targets: Names | Iterable[Names]) -> list[Target]:
    """Return targets by name, or as handed in and checked; raises `KjprojError` for an empty list."""
    if not isinstance(targets, str | Target | Iterable):
        raise KjprojError(f"a target is {targets!r}; expected a target's name, a kjproj.Target, or several of them")
    several = [targets] if isinstance(targets, str | Target) else list(targets)
    if not several:
        raise KjprojError("no target given; name at least one")
    return [projection.study.target(target) for target in several]


def calendar_year(year: int, name: str) -> int:
    """Return a year that an answer is asked for; raises `KjprojError` for anything but a calendar year."""
    if not isinstance(year, int | np.integer) or isinstance(year, bool) or not _FIRST <= year <= _LAST:
        raise KjprojError(f"{name} is {year!r}; expected a calendar year such as 2025")
    return int(year)


def observed(projection: Projection, target: Target) -> bool | None:
    """Tell whether a published figure meets a target; None where none is published, or figures differ about it."""
    study = projection.study
    level = study.reported.get(target.indicator, {}).get(target.year)
    if level is None:
        return None
    own = [item for item in study.evidence if item.indicator == target.indicator and not item.expected]
    stated = [found for item in own for year, found in item.states({}, study).items() if year == target.year]
    verdicts = {target.met_by(found, study) for found in stated or [level]}
    return verdicts.pop() if len(verdicts) == 1 else None


def asked(projection: Projection, met: Sequence[Target], unmet: Sequence[Target] = ()) -> Asked:
    """Return the boxes of targets that must all be met, and of one-sided ones that must all be missed.

    A functional that is bounded twice gets the intersection.
    """
    boxes: dict[int, tuple[BlockPosterior, Box]] = {}
    decided = True
    for target, wanted in [*((t, True) for t in met), *((t, False) for t in unmet)]:
        seen = observed(projection, target)
        if seen is not None:
            decided = decided and seen is wanted
            continue
        block = projection.block(target.indicator)
        box = boxes.setdefault(id(block), (block, {}))[1]
        half = target.half_space(projection.study)
        lower, upper = (half.lower, half.upper) if wanted else _complement(half)
        low, high = box.get(half.terms, (-np.inf, np.inf))
        box[half.terms] = max(low, lower), min(high, upper)
    empty = any(low > high for _, box in boxes.values() for low, high in box.values())
    return Asked(tuple(boxes.values()), decided and not empty)


def _complement(half: HalfSpace) -> tuple[float, float]:
    return (-np.inf, half.lower) if np.isinf(half.upper) else (half.upper, np.inf)
