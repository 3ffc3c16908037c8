"""How many points an answer takes: a small pilot says, and does not count."""

from collections.abc import Callable

import numpy as np

from .arrays import FloatArray
from .lattice import nearest_prime

PILOT, SHIFTS = 8, 16
_LEAST = 61
_AIM = 0.6
Rows = Callable[[int, int, int], FloatArray]
"""(n, first, last) → what is found on the lattice of n points with each of the shifts first, …, last − 1: (shifts, …)."""


def to_tolerance(
    rows: Rows, answers: Callable[[FloatArray], FloatArray], allowed: Callable[[float], float], most: int
) -> FloatArray:
    """What `rows` finds, shift by shift (16, …), on lattices of as few points as make the standard error of their mean what is allowed.

    `answers` turns it into one number a shift; `allowed` maps their mean to an error; where it is 0, and beyond `most` points a shift, the answers are those on the
    lattice of about `most` points. The number of points follows from the spread over 8 shifts of 61 points, whose
    answers do not count, for convergence like n⁻¹ and an aim of .6 of what is allowed: an answer that is taken because
    its own spread looks small would state an error that is too small. Where the aim is missed the round counts as the
    pilot of another one, on other shifts.
    """
    least, end = nearest_prime(_LEAST), nearest_prime(max(most, _LEAST))
    if least == end or allowed(1.0) <= 0.0:
        return rows(end, SHIFTS, 2 * SHIFTS)
    n, pilot = least, answers(rows(least, 0, PILOT))
    for first in (SHIFTS, 2 * SHIFTS, 3 * SHIFTS):
        n = _next_size(n, pilot, allowed(float(pilot.mean())), end)
        found = rows(n, first, first + SHIFTS)
        pilot = answers(found)
        if n == end or spread(pilot) <= allowed(float(pilot.mean())):
            break
    return found


def _next_size(n: int, pilot: FloatArray, wanted: float, end: int) -> int:
    """The number of points at which 16 shifts have about .6 of the wanted error, as n points have `pilot`'s."""
    error = spread(pilot) * np.sqrt(pilot.size / SHIFTS)
    if error <= _AIM * wanted:
        return n
    return nearest_prime(n * min(error / (_AIM * wanted), end / n)) if wanted > 0.0 else end


def spread(by_shift: FloatArray) -> float:
    """The standard error of a mean over independent shifts."""
    return float(by_shift.std(ddof=1) / np.sqrt(by_shift.size))
