"""Shapley values: what each of several changes brings to a number, whatever the order in which they are made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations
from math import factorial

import numpy as np

from .arrays import FloatArray

Value = Callable[[frozenset[int]], tuple[float, float]]
"""From the changes that are made to the number and the standard error of its computation."""

EXACT, BUDGET, _FEWEST = 8, 256, 4


def shapley(value: Value, n: int, *, seed: int = 0) -> tuple[FloatArray, FloatArray]:
    """Return the Shapley values of n changes, (n,), and their standard errors, (n,).

    φ_i = Σ over S without i of |S|!(n − |S| − 1)!/n! · (v(S ∪ i) − v(S)): the mean over all orders of what i brings when
    it is made after those before it. They add up to v(all) − v(none), do not depend on how the changes are numbered, and
    a change that never moves v gets exactly 0. Up to 8 changes all 2ⁿ sets are asked for. Beyond that it is the mean over
    orders drawn with `seed`, each with its reverse, about 256 sets in all; the values still add up exactly, and the spread
    over pairs of orders is in the error. Errors of v count as if independent (over orders, as if all went one way), though
    neighbouring sets share most of theirs: the stated error is rather too large.

    Sources: Shapley (1953), A value for n-person games, doi 10.1515/9781400881970-018; orders with their reverses: Mitchell,
    Cooper, Frank and Holmes (2022), Sampling permutations for Shapley value estimation, JMLR 23(43), section 4.
    """
    if n <= EXACT:
        return _over_sets(value, n)
    return _over_orders(value, n, seed)


def _over_sets(value: Value, n: int) -> tuple[FloatArray, FloatArray]:
    found, variance = np.zeros(n), np.zeros(n)
    for size in range(n):
        weight = factorial(size) * factorial(n - size - 1) / factorial(n)
        for chosen in map(frozenset, combinations(range(n), size)):
            before, error = value(chosen)
            for i in set(range(n)) - chosen:
                after, error_after = value(chosen | {i})
                found[i] += weight * (after - before)
                variance[i] += weight**2 * (error**2 + error_after**2)
    return found, np.sqrt(variance)


def _over_orders(value: Value, n: int, seed: int) -> tuple[FloatArray, FloatArray]:
    rng = np.random.default_rng(seed)
    pairs = max(BUDGET // (2 * n), _FEWEST)
    drawn, errors = np.zeros((pairs, n)), np.zeros(n)
    for pair in range(pairs):
        order = [int(i) for i in rng.permutation(n)]
        for one in (order, order[::-1]):
            brought, computed = _brought(value, one)
            drawn[pair] += brought / 2
            errors += computed / (2 * pairs)
    spread = drawn.std(axis=0, ddof=1) / np.sqrt(pairs)
    return drawn.mean(axis=0), np.hypot(errors, spread)


def _brought(value: Value, order: Sequence[int]) -> tuple[FloatArray, FloatArray]:
    """What each change brings when they are made in one order, and the errors."""
    brought, errors, made = np.zeros(len(order)), np.zeros(len(order)), frozenset[int]()
    before, error = value(made)
    for i in order:
        made |= {i}
        after, error_after = value(made)
        brought[i], errors[i] = after - before, np.hypot(error, error_after)
        before, error = after, error_after
    return brought, errors
