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
    """How large a standard error may be: max(atol, rtol · value), or as small as the stated limits of a method allow."""

    atol: float = 0.0
    rtol: float = 0.0

    def allowed(self, value: float) -> float:
        """Return the largest standard error that an answer of this value may have."""
        return max(self.atol, self.rtol * abs(value))

    def shared_by(self, count: int) -> Tolerance:
        """Return the tolerance of each of several independent chances whose product keeps this one."""
        share = 1.0 / math.sqrt(max(count, 1))
        return Tolerance(self.atol * share, self.rtol * share)

    @classmethod
    def checked(cls, atol: float, rtol: float) -> Tolerance:
        """Raise `KjprojError` unless both are finite numbers from 0 up."""
        for name, given in (("atol", atol), ("rtol", rtol)):
            if isinstance(given, bool) or not isinstance(given, int | float) or not 0.0 <= given < math.inf:
                raise KjprojError(f"{name} is {given!r}; expected a number from 0 up, such as 1e-4")
        return cls(float(atol), float(rtol))


ALWAYS_THE_SAME = Tolerance()
"""The largest size of every method, whatever the value: answers that move smoothly with their bounds, for searches."""

USUAL = Tolerance(rtol=1e-4)
"""What `kj.probability` asks for unless told."""

Method = Callable[[Law, Region, Tolerance, int], Estimate | None]
"""(law, region, tolerance, seed) → the probability of the region under the law, or None where the method does not apply."""
