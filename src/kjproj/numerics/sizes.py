"""How many points an answer takes: small pilots say, and do not count."""

from collections.abc import Callable

import numpy as np

from .arrays import FloatArray
from .lattice import nearest_prime

SHIFTS = 8
_PILOT = 8
_LEAST, _FAR, _AIM = 61, 32.0, 0.55
Rows = Callable[[int, int, int], FloatArray]
"""(n, first, last) → what is found on the lattice of n points with each of the shifts first, …, last − 1: (shifts, …)."""


def to_tolerance(
    rows: Rows, answers: Callable[[FloatArray], FloatArray], allowed: Callable[[float], float], most: int
) -> FloatArray:
    """What `rows` finds, shift by shift (8, …), on lattices of as few points as make the error of the mean what is allowed.

    `answers` turns it into one number a shift; `allowed` maps their mean to a standard error; where it is 0, and beyond
    `most` points a shift, the lattices have about `most` points. The number of points follows from the spread over 8
    shifts of 61 points, or where they ask for more than 32 times as many, over 8 shifts of a third of what they ask for, for
    convergence like n⁻¹ and .55 of what is allowed. Pilots do not count, and what is found is never judged by its own spread:
    answers that are taken because they look right state errors that are too small. So a few miss the tolerance a little, and
    say so.
    """
    end, final = nearest_prime(max(most, _LEAST)), (2 * _PILOT, 2 * _PILOT + SHIFTS)
    n = min(nearest_prime(_LEAST), end)
    if n == end or allowed(1.0) <= 0.0:
        return rows(end, *final)
    growth = _growth(answers(rows(n, 0, _PILOT)), allowed)
    if growth > _FAR:
        n = nearest_prime(min(n * growth, end) / 3.0)
        growth = _growth(answers(rows(n, _PILOT, 2 * _PILOT)), allowed)
    return rows(nearest_prime(min(max(n * growth, _LEAST), end)), *final)


def _growth(pilot: FloatArray, allowed: Callable[[float], float]) -> float:
    """How many times the points of a pilot all shifts take, 1 at least."""
    error, wanted = spread(pilot) * np.sqrt(pilot.size / SHIFTS), _AIM * allowed(float(pilot.mean()))
    return max(float(error / wanted), 1.0) if wanted > 0.0 else np.inf


def spread(by_shift: FloatArray) -> float:
    """The standard error of a mean over independent shifts."""
    return float(by_shift.std(ddof=1) / np.sqrt(by_shift.size))
