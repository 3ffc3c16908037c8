"""Correlations of one or two factors are found exactly, and nothing else is taken for them."""

import numpy as np
import pytest
from scipy.special import ndtr

from kjproj.numerics.factors import factored, loadings
from kjproj.numerics.rectangles import rectangle

_INF = np.inf


def correlation(loading):
    found = loading @ loading.T
    np.fill_diagonal(found, 1.0)
    return found


@pytest.mark.parametrize("d", [3, 4, 5, 9])
def test_half_correlated_signs_are_all_alike_once_in_d_plus_one(d):
    """P(all of d equicorrelated normals at ½ below 0) = 1/(d + 1)."""
    loading = loadings(np.full((d, d), 0.5) + 0.5 * np.eye(d))
    value, gap = factored(np.full(d, -_INF), np.zeros(d), loading)
    assert value == pytest.approx(1 / (d + 1), abs=1e-14)
    assert gap < 1e-13


@pytest.mark.parametrize(("q", "count"), [(3, 1), (6, 1), (5, 2), (8, 2), (12, 2)])
def test_factors_are_found_and_agree_with_orthants(q, count):
    rng = np.random.default_rng(q)
    true = rng.uniform(0.2, 0.9, (q, count)) / np.sqrt(count) * rng.choice([-1, 1], (q, count))
    found = loadings(correlation(true))
    assert found is not None
    assert found.shape == (q, count)
    lower, upper = rng.uniform(-3, -0.5, q), rng.uniform(0.0, 2.0, q)
    lower[0], upper[1] = -_INF, _INF
    value, _ = factored(lower, upper, found)
    orthant, stderr = rectangle(lower, upper, np.zeros(q), correlation(true), atol=1e-6)
    assert abs(value - orthant) < 8 * stderr


def test_two_groups_that_do_not_hang_together_are_two_factors():
    loading = np.zeros((8, 2))
    loading[:4, 0], loading[4:, 1] = 0.7, [0.5, 0.6, 0.7, 0.8]
    found = loadings(correlation(loading))
    parts = [factored(np.full(4, -_INF), np.zeros(4), loadings(correlation(loading[rows, None][:, :, k])))[0] for k, rows in enumerate((slice(0, 4), slice(4, 8)))]
    value, _ = factored(np.full(8, -_INF), np.zeros(8), found)
    assert value == pytest.approx(parts[0] * parts[1], rel=1e-12)


@pytest.mark.parametrize("off", [1e-9, 1e-3])
def test_what_is_not_exactly_of_few_factors_is_left_to_others(off):
    exact = correlation(np.linspace(0.3, 0.8, 6)[:, None])
    exact[0, 1] += off
    exact[1, 0] += off
    exact[2, 4] -= off
    exact[4, 2] -= off
    exact[3, 5] += off
    exact[5, 3] += off
    assert loadings(exact) is None
    d = np.arange(12)
    assert loadings(0.25 + 0.75 * 0.5 ** np.abs(d[:, None] - d)) is None
    assert loadings(np.ones((4, 4))) is None


def test_no_correlation_is_no_factor():
    value, gap = factored(np.full(4, -1.0), np.full(4, 0.5), loadings(np.eye(4)))
    assert (value, gap) == (pytest.approx((ndtr(0.5) - ndtr(-1.0)) ** 4, rel=1e-14), 0.0)


def test_rare_boxes_keep_their_relative_accuracy():
    """All of four at ½ above b, by a fine rule of its own."""
    b, d, rho = 6.0, 4, 0.5
    x = np.linspace(-2.0, 16.0, 20_001)
    exact = np.trapezoid(np.exp(-x * x / 2) / np.sqrt(2 * np.pi) * ndtr((np.sqrt(rho) * x - b) / np.sqrt(1 - rho)) ** d, x)
    value, _ = factored(np.full(d, b), np.full(d, _INF), loadings(np.full((d, d), rho) + (1 - rho) * np.eye(d)))
    assert value == pytest.approx(exact, rel=1e-11)
