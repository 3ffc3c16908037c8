"""Shapley values against closed forms and their axioms."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kjproj.numerics.shapley import EXACT, Value, shapley

Game = dict[frozenset[int], float]


def value_of(game: Game, error: float = 0.0) -> Value:
    return lambda made: (game[made], error)


@st.composite
def games(draw: st.DrawFn) -> tuple[int, Game]:
    n = draw(st.integers(1, 4))
    numbers = st.floats(-1, 1)
    return n, {frozenset(i for i in range(n) if k >> i & 1): draw(numbers) for k in range(2**n)}


@given(games())
@settings(max_examples=60, deadline=None)
def test_the_values_are_the_mean_over_all_orders(drawn: tuple[int, Game]) -> None:
    """By definition: what each brings after those before it, averaged over n! orders; they add up to v(all) − v(none)."""
    n, game = drawn
    brought = np.zeros(n)
    orders = list(permutations(range(n)))
    for order in orders:
        for k, i in enumerate(order):
            brought[i] += game[frozenset(order[: k + 1])] - game[frozenset(order[:k])]
    found, _ = shapley(value_of(game), n)
    np.testing.assert_allclose(found, brought / len(orders), atol=1e-12)
    assert found.sum() == pytest.approx(game[frozenset(range(n))] - game[frozenset()], abs=1e-12)


@given(games(), st.data())
@settings(max_examples=40, deadline=None)
def test_how_changes_are_numbered_does_not_matter(drawn: tuple[int, Game], data: st.DataObject) -> None:
    """Renumbering the changes renumbers their values."""
    n, game = drawn
    other = data.draw(st.permutations(range(n)))
    renumbered = {frozenset(other[i] for i in made): v for made, v in game.items()}
    np.testing.assert_allclose(shapley(value_of(renumbered), n)[0][list(other)], shapley(value_of(game), n)[0], atol=1e-12)


def test_what_never_moves_the_number_gets_exactly_nothing() -> None:
    """A dummy among others, by sets and by orders."""
    for n in (4, EXACT + 3):
        found, stderr = shapley(lambda made: (float(np.sin(sum((i + 1) ** 2 for i in made if i != 2))), 0.0), n)
        assert found[2] == 0.0
        assert stderr[2] == 0.0
        assert np.count_nonzero(found) == n - 1


def pairwise(n: int) -> tuple[Value, np.ndarray]:
    """v(S) = Σ aᵢ + Σ bᵢⱼ over pairs in S, whose values are aᵢ + ½ Σⱼ bᵢⱼ."""
    rng = np.random.default_rng(5)
    a, b = rng.normal(size=n), np.triu(rng.normal(size=(n, n)), 1)

    def value(made: frozenset[int]) -> tuple[float, float]:
        chosen = np.array([i in made for i in range(n)], float)
        return float(a @ chosen + chosen @ b @ chosen), 0.0

    return value, a + 0.5 * (b + b.T).sum(axis=1)


@pytest.mark.parametrize("n", [5, EXACT, EXACT + 4])
def test_pairs_share_evenly(n: int) -> None:
    """Exactly by sets; and by orders too, because the reverse of an order puts each pair the other way round."""
    value, known = pairwise(n)
    found, stderr = shapley(value, n)
    np.testing.assert_allclose(found, known, atol=1e-12)
    assert stderr.max() < 1e-12


def test_orders_state_their_error() -> None:
    """Of ten changes that bend and double each other the sampled values lie within their errors, and still add up."""
    n, rng = 10, np.random.default_rng(8)
    a = rng.uniform(0.2, 1.2, size=n)

    def value(made: frozenset[int]) -> tuple[float, float]:
        return float(np.tanh(sum(a[i] for i in made)) * (1.0 + (0 in made and 1 in made))), 0.0

    memo: dict[frozenset[int], tuple[float, float]] = {}

    def counted(made: frozenset[int]) -> tuple[float, float]:
        return memo.setdefault(made, value(made))

    found, stderr = shapley(counted, n)
    assert len(memo) <= 2 + 256
    assert found.sum() == pytest.approx(value(frozenset(range(n)))[0], abs=1e-12)
    assert (found == shapley(value, n)[0]).all(), "the same numbers every time"
    many = np.mean([shapley(value, n, seed=k)[0] for k in range(1, 101)], axis=0)
    assert (stderr > 0).all()
    assert (np.abs(found - many) < 4 * stderr).all()
    assert 0.5 < np.sqrt(np.mean(((found - many) / stderr) ** 2)) < 2


def test_errors_of_the_number_are_carried_over() -> None:
    """One change: both errors in squares. Two: each of the two differences counts a half."""
    assert shapley(value_of({frozenset(): 0.0, frozenset({0}): 1.0}, 0.3), 1)[1][0] == pytest.approx(0.3 * 2**0.5)
    game = {frozenset(): 0.0, frozenset({0}): 1.0, frozenset({1}): 1.0, frozenset({0, 1}): 2.0}
    assert shapley(value_of(game, 0.3), 2)[1][0] == pytest.approx(0.3)
