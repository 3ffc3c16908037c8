"""How many points an answer takes: small pilots say, and do not count."""

from collections.abc import Callable

import numpy as np

from .arrays import FloatArray
from .lattice import nearest_prime

SHIFTS = 8
_PILOT = 8
_LEAST, _FAR, _AIM = 61, 32.0, 0.65
_MISSED, _MARGIN, _MOST_SHIFTS = 1.6, 1.15, 32
Rows = Callable[[int, int, int], FloatArray]
"""(n, first, last) → what is found on the lattice of n points with each of the shifts first, …, last − 1: (shifts, …)."""


def to_tolerance(
    rows: Rows, answers: Callable[[FloatArray], FloatArray], allowed: Callable[[float], float], most: int
) -> FloatArray:
    """What `rows` finds, shift by shift (8 or more, …), on lattices of as few points as make the error of the mean what is allowed.

    `answers` turns it into one number a shift; `allowed` maps their mean to a standard error; where it is 0, and beyond
    `most` points a shift, the lattices have about `most` points. The number of points follows from the spread over 8
    shifts of 61 points, or where they ask for more than 32 times as many, over 8 shifts of a third of what they ask for, for
    convergence like n⁻¹ and .65 of what is allowed. Pilots do not count. Where the 8 shifts that follow leave too much, further
    ones on the same lattice are added to them, as many as their spread asks for, and all count (Stein's two stages: the first 8 are
    kept however they came out, or else errors would be too small); where they leave more than 1.6 times of what is
    allowed they are a pilot themselves.

    Source: Stein (1945), doi 10.1214/aoms/1177731088.
    """
    end, first = nearest_prime(max(most, _LEAST)), 2 * _PILOT
    n = min(nearest_prime(_LEAST), end)
    if n == end or allowed(1.0) <= 0.0:
        return rows(end, first, first + SHIFTS)
    growth = _excess(answers(rows(n, 0, _PILOT)), allowed) / _AIM
    if growth > _FAR:
        n = nearest_prime(min(n * growth, end) / 3.0)
        growth = _excess(answers(rows(n, _PILOT, 2 * _PILOT)), allowed) / _AIM
    n = nearest_prime(min(max(n * max(growth, 1.0), _LEAST), end))
    found = rows(n, first, first + SHIFTS)
    excess = _excess(answers(found), allowed)
    if excess > _MISSED and n < end:
        n, first = nearest_prime(min(n * excess / _AIM, end)), first + SHIFTS
        found = rows(n, first, first + SHIFTS)
        excess = _excess(answers(found), allowed)
    if excess > 1.0 and n < end:
        shifts = int(np.ceil(min(_MARGIN * excess**2 * SHIFTS, _MOST_SHIFTS)))
        found = np.concatenate([found, rows(n, first + SHIFTS, first + shifts)])
    return found


def _excess(found: FloatArray, allowed: Callable[[float], float]) -> float:
    """How many times as much error the mean over 8 shifts has as is allowed."""
    most = allowed(float(found.mean()))
    return spread(found) / most if most > 0.0 else np.inf


def spread(by_shift: FloatArray) -> float:
    """The standard error of a mean over independent shifts.

    Where more than 8 were taken it is the first 8 that say it, since how many followed was up to them, and a little more than they
    say: what their spread asked for, the tolerance itself.
    """
    margin = _MARGIN if by_shift.size > SHIFTS else 1.0
    return float(by_shift[:SHIFTS].std(ddof=1) * np.sqrt(margin / by_shift.size))
