"""Rank-1 lattice rules: few points that fill a cube of many dimensions evenly."""

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from .arrays import FloatArray

MAX_SHIFTS = 64
"""Shifts are drawn in blocks of this length, one block a coordinate."""

_EDGE = 2.0**-53
_KEPT = 1 << 14


def is_prime(n: int) -> bool:
    """Whether n is prime, by trial division."""
    return n > 1 and all(n % p for p in range(2, int(n**0.5) + 1))


def nearest_prime(n: float) -> int:
    """The prime nearest to n, the smaller one of two; at least 3."""
    centre = max(round(n), 3)
    return next(p for gap in range(centre) for p in (centre - gap, centre + gap) if is_prime(p))


def generating_vector(n: int, dim: int) -> NDArray[np.int64]:
    """Generating vector (dim,) of a lattice of n points, n an odd prime; longer ones begin with shorter ones.

    Component by component, each minimising the squared worst-case error in the weighted Sobolev space
    of mixed first derivatives after random shifting, Σ_i Π_j (1 + γ_j B₂({i z_j / n})) / n − 1 with
    B₂(x) = x² − x + 1/6 and γ_j = 6/(1 + (j/4)²), by fast Fourier transform over the cyclic group of residues
    with z and −z taken as one. Ties go to the smallest z. Raises ValueError when n is no odd prime.

    Source: Nuyens and Cools (2006), doi 10.1090/S0025-5718-06-01785-6.
    """
    if n < 3 or not is_prime(n):
        raise ValueError(f"a lattice needs an odd prime number of points, got {n}")
    blocks = -(-max(dim, 1) // 16)
    return _component_by_component(n, 16 * blocks)[:dim]


@lru_cache(maxsize=64)
def _component_by_component(n: int, dim: int) -> NDArray[np.int64]:
    powers = _powers_of_a_primitive_root(n)
    half = powers.size
    x = powers / n
    kernel = x * x - x + 1.0 / 6.0
    spectrum = np.conj(np.fft.rfft(kernel))
    candidate = np.roll(powers[::-1], 1)  # g^(−a) up to sign, for a = 0, 1, …
    candidate = np.minimum(candidate, n - candidate)
    product = np.ones(half)
    chosen = np.empty(dim, dtype=np.int64)
    for j in range(dim):
        error = np.fft.irfft(np.fft.rfft(product) * spectrum, n=half)
        tied = np.flatnonzero(error <= error.min() + 1e-11 * product.sum())
        a = int(tied[candidate[tied].argmin()])
        chosen[j] = candidate[a]
        product *= 1.0 + _weight(j) * np.roll(kernel, a)
    chosen.flags.writeable = False
    return chosen


def _weight(j: int) -> float:
    """Product weight of coordinate j = 0, 1, …"""
    return 6.0 / (1.0 + (j / 4.0) ** 2)


def _powers_of_a_primitive_root(n: int) -> NDArray[np.int64]:
    """g⁰, g¹, …, g^((n−3)/2) modulo the prime n: every residue once, up to sign."""
    order = n - 1
    factors = [p for p in range(2, order + 1) if order % p == 0 and is_prime(p)]
    root = next(g for g in range(2, n + 1) if all(pow(g, order // p, n) != 1 for p in factors) or n == 3)
    powers = np.empty(order // 2, dtype=np.int64)
    value = 1
    for i in range(order // 2):
        powers[i] = value
        value = value * root % n
    return powers


Seed = int | np.random.SeedSequence


def shift_seed(seed: int, copy: int) -> Seed:
    """The seed itself, and for copies 1, 2, … of a lattice seeds of shifts that are independent of it."""
    return np.random.SeedSequence(seed, spawn_key=(copy,)) if copy else seed


def shifted_points(n: int, dim: int, shifts: int, seed: Seed, start: int = 0) -> FloatArray:
    """Randomly shifted lattices, (shifts, n, dim), strictly inside (0, 1): {i z / n + shift}.

    The shift of a coordinate depends on the seed, the coordinate and the number of the shift only, so
    more dimensions or more shifts leave the first ones as they are. `start` leaves out the first
    coordinates. Raises ValueError for more than 64 shifts.

    Source: Cranley and Patterson (1976), doi 10.1137/0713071.
    """
    if shifts > MAX_SHIFTS:
        raise ValueError(f"at most {MAX_SHIFTS} random shifts, got {shifts}")
    shift = _shifts(seed, dim)[start:, :shifts]
    points = _lattice(n, dim)[:, start:] + shift.T[:, None, :]
    points -= points >= 1.0
    return np.clip(points, _EDGE, 1.0 - _EDGE, out=points)


def _kept_if_small(make: Callable[[int, int], FloatArray]) -> Callable[[int, int], FloatArray]:
    """Small lattices are kept, for they are shifted again and again."""
    kept = lru_cache(maxsize=64)(make)
    return lambda n, dim: (kept if n * dim <= _KEPT else make)(n, dim)


@_kept_if_small
def _lattice(n: int, dim: int) -> FloatArray:
    """{i z / n}, (n, dim)."""
    return np.asarray((np.arange(n)[:, None] * generating_vector(n, dim) % n) / n)


@_kept_if_small
def _doubled(n: int, dim: int) -> FloatArray:
    """Twice the lattice, a coordinate a row: (dim, n)."""
    return np.ascontiguousarray(2.0 * _lattice(n, dim).T)


def _shifts(seed: Seed, dim: int) -> FloatArray:
    """All shifts of a seed, (dim, 64); those of a number are kept."""
    return _kept_shifts(seed, dim) if isinstance(seed, int) else _new_shifts(seed, dim)


def _new_shifts(seed: Seed, dim: int) -> FloatArray:
    return np.random.default_rng(seed).random((dim, MAX_SHIFTS))


_kept_shifts = lru_cache(maxsize=64)(_new_shifts)


def lattices(sizes: Sequence[int], dim: int, seed: Seed, start: int = 0) -> FloatArray:
    """Randomly shifted lattices of several sizes, one shift each, one after the other, (Σ sizes, dim − start)."""
    found: dict[int, FloatArray] = {n: shifted_points(n, dim, len(sizes), seed, start) for n in dict.fromkeys(sizes)}
    return np.concatenate([found[n][k] for k, n in enumerate(sizes)])


def primes_about(n: float, count: int) -> tuple[int, ...]:
    """`count` odd primes, one after the other in size, whose mean is about n; none below 3."""
    found = [nearest_prime(n)]
    while len(found) < count:
        low = next((m for m in range(found[0] - 2, 2, -2) if is_prime(m)), None)
        high = next(m for m in range(found[-1] + 2, 4 * found[-1], 2) if is_prime(m))
        if low is not None and n - low < high - n:
            found.insert(0, low)
        else:
            found.append(high)
    return tuple(found)


def tent(u: FloatArray) -> FloatArray:
    """The baker's transform 1 − |2u − 1|, kept strictly inside (0, 1); makes smooth integrands periodic.

    With it shifted lattices converge like n⁻². Source: Hickernell (2002), doi 10.1007/978-3-642-56046-0_18.
    """
    return np.clip(1.0 - np.abs(2.0 * u - 1.0), _EDGE, 1.0 - _EDGE)


def folded_points(n: int, dim: int, first: int, last: int, seed: int) -> FloatArray:
    """`tent` of `shifted_points` with shifts first, …, last − 1, a coordinate a row: (dim, (last − first)·n), shift by shift.

    1 − |2{x} − 1| = 1 − |1 − |2x − 2|| for x in [0, 2). Raises ValueError beyond 64 shifts.
    """
    if last > MAX_SHIFTS:
        raise ValueError(f"at most {MAX_SHIFTS} random shifts, got {last}")
    shift = _shifts(seed, dim)[:, first:last]
    points = _doubled(n, dim)[:, None, :] + (2.0 * shift - 2.0)[:, :, None]
    np.abs(points, out=points)
    np.subtract(1.0, points, out=points)
    np.abs(points, out=points)
    np.subtract(1.0, points, out=points)
    return np.clip(points, _EDGE, 1.0 - _EDGE, out=points).reshape(dim, -1)
