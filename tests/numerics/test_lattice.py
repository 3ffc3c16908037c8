"""Lattices: built as the theory says, extensible, and as accurate as it promises."""

import numpy as np
import pytest

from kjproj.numerics.lattice import generating_vector, nearest_prime, shifted_points, tent


def _b2(x):
    return x * x - x + 1 / 6


def test_every_component_minimises_the_worst_case_error():
    n, i, product = 127, np.arange(127), np.ones(127)
    for j, z in enumerate(generating_vector(n, 14)):
        error = [(product * (1 + 6 / (1 + (j / 4) ** 2) * _b2(i * c % n / n))).sum() for c in range(1, n)]
        assert error[z - 1] <= min(error) + 1e-9
        product *= 1 + 6 / (1 + (j / 4) ** 2) * _b2(i * z % n / n)


@pytest.mark.parametrize("n", [3, 5, 61, 257, 4093])
def test_a_longer_vector_begins_with_the_shorter_one(n):
    long = generating_vector(n, 60)
    assert long.shape == (60,)
    assert np.all((long > 0) & (long < n))
    for dim in (1, 5, 16, 17):
        assert np.array_equal(generating_vector(n, dim), long[:dim])


@pytest.mark.parametrize("n", [1, 2, 64, 4096])
def test_a_number_of_points_that_is_no_odd_prime_is_refused(n):
    with pytest.raises(ValueError, match="odd prime"):
        generating_vector(n, 3)


def test_the_nearest_prime():
    assert [nearest_prime(n) for n in (1, 64, 256, 257, 1024, 4096)] == [3, 61, 257, 257, 1021, 4093]


def test_more_dimensions_and_more_shifts_leave_the_first_ones_as_they_are():
    few, many = shifted_points(61, 3, 4, seed=5), shifted_points(61, 7, 9, seed=5)
    assert np.array_equal(many[:4, :, :3], few)
    assert np.array_equal(shifted_points(61, 7, 9, seed=5, start=3), many[:, :, 3:])
    assert not np.array_equal(shifted_points(61, 3, 4, seed=6), few)


def test_points_lie_strictly_inside_and_each_coordinate_is_an_even_comb():
    points = shifted_points(257, 20, 64, seed=0)
    assert points.shape == (64, 257, 20)
    assert points.min() > 0.0
    assert points.max() < 1.0
    assert np.diff(np.sort(points, axis=1), axis=1) == pytest.approx(1 / 257, abs=1e-12)
    assert np.all((tent(np.array([1e-300, 0.5, 1 - 1e-16])) > 0) & (tent(np.array([0.0, 0.5, 1.0])) < 1))


def test_more_than_64_shifts_are_refused():
    with pytest.raises(ValueError, match="64"):
        shifted_points(61, 2, 65, seed=0)


def test_with_the_tent_errors_fall_like_the_square_of_the_number_of_points():
    """∫ Π exp(u_j)/(e − 1) = 1 in two dimensions; of 17² = 280 plain sampling would give 4."""
    errors = []
    for n in (61, 1021):
        u = tent(shifted_points(n, 2, 64, seed=1))
        errors.append(np.std(np.prod(np.exp(u) / (np.e - 1), axis=2).mean(axis=1) - 1))
    assert errors[1] < errors[0] / 100
    assert errors[1] < 1e-5
