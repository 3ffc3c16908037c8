"""From targets to clauses: what published figures decide already is left out."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ..errors import KjprojError
from ..projection import Projection
from ..rows import Clause, Requirement
from ..study import Study
from ..study.verdicts import verdict
from ..targets import BaseTarget

Names = str | BaseTarget
_FIRST, _LAST = 1800, 2300


def resolve(projection: Projection, targets: Names | Iterable[Names]) -> list[BaseTarget]:
    """Return targets by name, or as handed in and checked; raises `KjprojError` for an empty list."""
    if not isinstance(targets, str | BaseTarget | Iterable):
        raise KjprojError(f"a target is {targets!r}; expected a target's name, a kjproj.Target, or several of them")
    several = [targets] if isinstance(targets, str | BaseTarget) else list(targets)
    if not several:
        raise KjprojError("no target given; name at least one")
    return [projection.study.target(target) for target in several]


def calendar_year(year: int, name: str) -> int:
    """Return a year that an answer is asked for; raises `KjprojError` for anything but a calendar year."""
    if not isinstance(year, int | np.integer) or isinstance(year, bool) or not _FIRST <= year <= _LAST:
        raise KjprojError(f"{name} is {year!r}; expected a calendar year such as 2025")
    return int(year)


def observed(projection: Projection, target: BaseTarget) -> bool | None:
    """Tell whether published figures meet a target; None where they do not say, or differ about it."""
    left = required(projection.study, target)
    return left if isinstance(left, bool) else None


def required(study: Study, target: BaseTarget) -> Requirement | bool:
    """Return the clauses that figures leave open; True where all are met, False where one is missed."""
    open_clauses: list[Clause] = []
    for clause in target.requirement(study):
        verdicts = [verdict(study, half) for half in clause]
        if True in verdicts:
            continue
        left = tuple(half for half, seen in zip(clause, verdicts, strict=True) if seen is None)
        if not left:
            return False
        open_clauses.append(left)
    return tuple(open_clauses) or True
