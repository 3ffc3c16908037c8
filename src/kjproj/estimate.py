"""`Estimate`: a computed number, the error of its computation, and the method."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import zip_longest


@dataclass(frozen=True, slots=True)
class Estimate:
    """A computed number.

    Attributes:
        value: the answer.
        stderr: the standard error of the computation alone. It says nothing about how well the assumptions hold.
        method: "observed", "closed form", "bivariate normal", "orthant", "simulated", …
        errors: signed parts of the error: of a quadrature rule, then of each independent randomisation, in order. Answers
            under one seed have their parts from the same randomisations, so those of a difference are the differences.
            Empty where an answer does not part its error.
    """

    value: float
    stderr: float
    method: str
    errors: tuple[float, ...] = field(default=(), repr=False, compare=False)

    def __float__(self) -> float:
        return float(self.value)

    def __str__(self) -> str:
        return f"{self.value:.6g} ± {self.stderr:.1g} ({self.method})"


def weighted_errors(terms: Iterable[tuple[float, Estimate]]) -> tuple[float, ...]:
    """Return the parts of the error of Σ weight · estimate, part by part."""
    scaled = ([weight * part for part in estimate.errors] for weight, estimate in terms)
    return tuple(map(math.fsum, zip_longest(*scaled, fillvalue=0.0)))


@dataclass(frozen=True, slots=True)
class Value:
    """A level with its unit, and the error of its computation in that unit."""

    value: float
    stderr: float
    unit: str

    def __float__(self) -> float:
        return float(self.value)

    def __str__(self) -> str:
        return f"{self.value:.6g} {self.unit}"
