"""Weighted means over nodes and what is said of their error."""

import numpy as np
import pytest

from kjproj.numerics.estimates import combine


def _rows(weights):
    rows, each = weights.shape
    log_weights = np.full((rows, rows * each), -np.inf)
    for r in range(rows):
        log_weights[r, r * each : (r + 1) * each] = np.log(weights[r])
    return log_weights


def test_one_exact_node_is_its_value():
    assert combine(np.array([[-700.0]]), np.array([0.25]), "exact") == (0.25, pytest.approx(1e-12 * 0.25 + 1e-15))


def test_a_quadrature_is_its_fine_rule_with_the_difference_from_the_coarse_one():
    log_weights = np.log([[1.0, 3.0, 1e-300, 1e-300], [1e-300, 1e-300, 2.0, 2.0]])
    value, stderr = combine(log_weights, np.array([0.0, 1.0, 0.0, 1.0]), "quadrature")
    assert value == pytest.approx(0.75)
    assert stderr == pytest.approx(0.25)


def test_randomisations_follow_the_delta_method():
    rng = np.random.default_rng(0)
    weights, values = rng.random((8, 5)), rng.random(40)
    n, z = (weights * values.reshape(8, 5)).sum(axis=1), weights.sum(axis=1)
    value, stderr = combine(_rows(weights), values, "randomised")
    assert value == pytest.approx(n.sum() / z.sum())
    assert stderr == pytest.approx(np.std(n - n.sum() / z.sum() * z, ddof=1) / z.mean() / np.sqrt(8))


def test_the_scale_of_the_weights_does_not_matter_and_several_values_go_side_by_side():
    rng = np.random.default_rng(1)
    log_weights, values = _rows(rng.random((8, 5))), rng.random((40, 3))
    together = combine(log_weights - 5000.0, values, "gibbs")
    for column in range(3):
        alone = combine(log_weights, values[:, column], "gibbs")
        assert (together[0][column], together[1][column]) == pytest.approx(alone, rel=1e-10)


def test_a_constant_has_almost_no_error_but_never_none():
    value, stderr = combine(_rows(np.ones((4, 3))), np.ones(12), "randomised")
    assert value == 1.0
    assert 0.0 < stderr < 1e-11


def test_nothing_can_be_averaged_without_weight():
    with pytest.raises(ValueError, match="weight zero"):
        combine(np.full((2, 3), -np.inf), np.ones(3), "randomised")
