"""`Estimate`: a computed number, the error of its computation, and the method."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Estimate:
    """A computed number.

    Attributes:
        value: the answer.
        stderr: the standard error of the computation alone. It says nothing about how well the assumptions hold.
        method: "observed", "closed form", "bivariate normal", "orthant", "simulated", …
    """

    value: float
    stderr: float
    method: str

    def __float__(self) -> float:
        return float(self.value)

    def __str__(self) -> str:
        return f"{self.value:.6g} ± {self.stderr:.1g} ({self.method})"


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
