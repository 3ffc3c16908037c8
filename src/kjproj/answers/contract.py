"""What the methods behind a joint chance are asked, and what they answer: see `planner`."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from ..engine.law import Law
from ..errors import KjprojError
from ..estimate import Estimate


class Side(NamedTuple):
    """lower ≤ functional number `column` of the law ≤ upper; one bound at least is finite."""

    column: int
    lower: float
    upper: float


Region = tuple[tuple[Side, ...], ...]
"""Clauses, all of which must hold; of the sides of each at least one."""


@dataclass(frozen=True)
class Tolerance:
    """How large a standard error may be: max(atol, rtol · value), or as small as the stated limits of a method allow.

    `most` is how many points each of many nodes may get.
    """

    atol: float = 0.0
    rtol: float = 0.0
    most: int = 16

    def allowed(self, value: float) -> float:
        """Return the largest standard error that an answer of this value may have."""
        return max(self.atol, self.rtol * abs(value))

    def shared_by(self, count: int) -> Tolerance:
        """Return the tolerance of each of several independent chances whose product keeps this one."""
        share = 1.0 / math.sqrt(max(count, 1))
        return Tolerance(self.atol * share, self.rtol * share, self.most)

    @classmethod
    def asked(cls, atol: float | None, rtol: float | None) -> Tolerance:
        """Return what is asked for, `STANDARD` for nothing; raises `KjprojError` unless numbers are finite, from 0 up."""
        for name, given in (("atol", atol), ("rtol", rtol)):
            number = isinstance(given, int | float) and not isinstance(given, bool) and 0.0 <= given < math.inf
            if given is not None and not number:
                raise KjprojError(f"{name} is {given!r}; expected a number from 0 up, such as 1e-4")
        return STANDARD if atol is None and rtol is None else cls(float(atol or 0.0), float(rtol or 0.0))


STANDARD = Tolerance(rtol=1e-4, most=1)
"""One part in ten thousand, and one point for each of many nodes, whatever they leave."""

ALWAYS_THE_SAME = Tolerance()
"""The largest size of every method, whatever the value: answers that move smoothly with their bounds, for searches."""

Method = Callable[[Law, Region, Tolerance, int], Estimate | None]
"""(law, region, tolerance, seed) → the probability of the region under the law, or None where the method does not apply."""
