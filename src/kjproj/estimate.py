"""`Estimate`: a computed number, the error of its computation, and the method."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import zip_longest

from .tables import Shown, Table
from .text import Language

_SIGNIFICANT = 6
_METHODS = {
    "observed": "已公布",
    "closed form": "解析计算",
    "bivariate normal": "二元正态",
    "quadrature": "数值积分",
    "orthant": "多元正态",
    "line conditioning": "沿直线积分",
    "importance sampling": "重要性抽样",
    "simulated": "模拟",
}
_INTERRUPTED = re.compile(r"interrupted at ([\d,]+) of ([\d,]+) paths")


@dataclass(frozen=True, slots=True, repr=False)
class Estimate(Shown):
    """A computed number.

    Attributes:
        value: the answer.
        stderr: the standard error of the computation alone. It says nothing about how well the assumptions hold.
        method: "observed", "closed form", "bivariate normal", "orthant", "simulated", …; what was stopped early says so:
            "simulated, interrupted at 131,072 of 1,000,000 paths".
        errors: signed parts of the error: of a quadrature rule, then of each independent randomisation, in order. Answers
            under one seed have their parts from the same randomisations, so those of a difference are the differences.
            Empty where an answer does not part its error.

    >>> Estimate(0.51234567, 0.0004, "orthant")
    0.5123 ± 0.0004 (orthant)
    """

    value: float
    stderr: float
    method: str
    errors: tuple[float, ...] = field(default=(), repr=False, compare=False)

    def __float__(self) -> float:
        return float(self.value)

    def __repr__(self) -> str:
        return self.to_text("en")

    def tables(self, lang: Language) -> tuple[Table, ...]:
        """Say the number with as many digits as its error leaves, the error, and the method."""
        said = with_error(self.value, self.stderr)
        if lang == "en":
            return (Table(notes=(f"{said} ({self.method})",)),)
        parts = _INTERRUPTED.sub(r"在\2条路径中完成\1条后中断", self.method).split(", ")
        return (Table(notes=(f"{said}（{'，'.join(_METHODS.get(part, part) for part in parts)}）",)),)


def weighted_errors(terms: Iterable[tuple[float, Estimate]]) -> tuple[float, ...]:
    """Return the parts of the error of Σ weight · estimate, part by part."""
    scaled = ([weight * part for part in estimate.errors] for weight, estimate in terms)
    return tuple(map(math.fsum, zip_longest(*scaled, fillvalue=0.0)))


@dataclass(frozen=True, slots=True, repr=False)
class Value(Shown):
    """A level with its unit, and the error of its computation in that unit.

    >>> Value(126.8123, 0.02, "亿元")
    126.81 ± 0.02 亿元
    """

    value: float
    stderr: float
    unit: str

    def __float__(self) -> float:
        return float(self.value)

    def __repr__(self) -> str:
        return f"{with_error(self.value, self.stderr)} {self.unit}"

    def tables(self, lang: Language) -> tuple[Table, ...]:
        """Say the level with its unit; its error is that of the computation, and left to `repr`."""
        said = with_error(self.value, self.stderr).partition(" ± ")[0]
        return (Table(notes=(f"{said}{self.unit}" if lang == "zh" else f"{said} {self.unit}",)),)


def interrupted(done: int, total: int) -> str:
    """Return the method of what was simulated until it was stopped."""
    return f"simulated, interrupted at {done:,} of {total:,} paths"


def with_error(value: float, stderr: float) -> str:
    """Return a number with its error: the digits that one digit of the error leaves, six at the most."""
    if not (stderr > 0 and math.isfinite(stderr) and math.isfinite(value)):
        return f"{value:.{_SIGNIFICANT}g}"
    last = math.floor(math.log10(stderr))
    error = f"{stderr:.1g}" if last < -6 else _to_digit(stderr, last)
    first = math.floor(math.log10(abs(value))) if value else 0
    shown = max(last, first - _SIGNIFICANT + 1)
    return f"{value:.{max(first - shown, 0)}e} ± {error}" if first < -4 else f"{_to_digit(value, shown)} ± {error}"


def _to_digit(value: float, place: int) -> str:
    """Return a number rounded to the power of ten with the exponent `place`."""
    return f"{round(value, -place):.{max(-place, 0)}f}"
