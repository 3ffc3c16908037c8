"""Intervals and rectangles under the normal law, against closed forms and one-dimensional quadrature."""

import numpy as np
import pytest
from scipy.special import owens_t
from scipy.stats import norm

from kjproj.numerics.normal import bivariate_rectangle, interval_probability

_X, _W = np.polynomial.legendre.leggauss(200)


def test_tails_keep_their_relative_accuracy_on_both_sides():
    a = np.array([2.0, 8.0, 20.0, 35.0])
    exact = norm.sf(a) - norm.sf(a + 0.5)
    assert interval_probability(a, a + 0.5) == pytest.approx(exact, rel=1e-13, abs=0)
    assert interval_probability(-a - 0.5, -a) == pytest.approx(exact, rel=1e-13, abs=0)
    assert interval_probability(a, np.inf) == pytest.approx(norm.sf(a), rel=1e-14, abs=0)


def test_a_narrow_interval_has_density_times_width():
    for a in (0.0, -3.0, 12.0):
        assert interval_probability(a, a + 1e-9) == pytest.approx(
            norm.pdf(a) * (a + 1e-9 - a), rel=2e-8, abs=0
        )


def test_narrow_and_wide_intervals_join_without_a_step():
    edge = np.nextafter(1 / 3, [0.0, 1.0])  # where width · (1 + 2) passes 1
    both = interval_probability(np.full(2, -2.0), -2.0 + edge)
    assert both[0] == pytest.approx(both[1], rel=1e-14, abs=0)


def test_the_line_is_certain_the_empty_interval_impossible_and_nan_stays_nan():
    assert interval_probability(-np.inf, np.inf) == 1.0
    assert interval_probability(np.array([1.0, np.inf, 0.0]), np.array([0.0, np.inf, 0.0])).tolist() == [
        0,
        0,
        0,
    ]
    assert np.isnan(interval_probability(np.nan, 1.0))


def _by_quadrature(lower, upper, rho):
    """∫ φ(x) P(l₂ < ρx + √(1 − ρ²) Z < u₂) dx over [l₁, u₁], in pieces broken where the kernel turns."""
    s = np.sqrt((1 - rho) * (1 + rho))
    a, b = max(lower[0], -13.0), min(upper[0], 13.0)
    turns = [
        c / rho + k * s
        for c in (lower[1], upper[1])
        if np.isfinite(c) and abs(rho) > 0.3
        for k in (-8, -4, -2, 0, 2, 4, 8)
    ]
    ends = np.sort([a, b, *np.linspace(a, b, 9), *[t for t in turns if a < t < b]])
    x = 0.5 * (ends[1:] + ends[:-1])[:, None] + 0.5 * np.diff(ends)[:, None] * _X
    inner = interval_probability((lower[1] - rho * x) / s, (upper[1] - rho * x) / s)
    return float(((norm.pdf(x) * inner) @ _W * 0.5 * np.diff(ends)).sum())


def test_rectangles_agree_with_quadrature_to_1e_14():
    rng = np.random.default_rng(1)
    for _ in range(400):
        lower = rng.normal(size=2) * 2 - 1
        upper = lower + rng.exponential(size=2) * 2
        lower[rng.random(2) < 0.2] = -np.inf
        upper[rng.random(2) < 0.2] = np.inf
        if rng.random() < 0.3:
            upper[rng.integers(2)] = 0.0
        lower = np.minimum(lower, upper - 0.01)
        gap = 10 ** rng.uniform(-8, -2)
        rho = rng.choice([rng.uniform(-1, 1), 1 - gap, gap - 1])
        assert bivariate_rectangle(lower, upper, rho) == pytest.approx(
            _by_quadrature(lower, upper, rho), abs=1e-14
        )


def test_the_quadrant_follows_sheppard():
    rho = np.array([-1.0, -0.999999, -0.3, 0.0, 0.5, 0.999999, 1.0])
    quadrant = bivariate_rectangle(np.zeros(2), np.full(2, np.inf), rho)
    assert quadrant == pytest.approx(0.25 + np.arcsin(rho) / (2 * np.pi), abs=1e-15)


def test_almost_perfect_correlation_keeps_its_digits():
    """Φ₂(h, h; ρ) = Φ(h) − 2 T(h, √((1 − ρ)/(1 + ρ))), also where 1 − ρ is of the order of rounding."""
    h = np.array([-1.3, 0.4, 2.0])
    for gap in (2.0**-20, 2.0**-40, 2.0**-50):
        exact = norm.cdf(h) - 2 * owens_t(h, np.sqrt(gap / (2 - gap)))
        both = bivariate_rectangle(np.full((3, 2), -np.inf), np.stack([h, h], axis=1), 1 - gap)
        assert both == pytest.approx(exact, abs=1e-15)


def test_a_negative_zero_is_zero():
    for k in (-0.7, 0.0, 0.7):
        lower = np.full(2, -np.inf)
        signed = bivariate_rectangle(lower, np.array([-0.0, k]), 0.3)
        assert signed == bivariate_rectangle(lower, np.array([0.0, k]), 0.3)


def test_independent_variables_multiply():
    lower, upper = np.array([[-1.0, 0.3], [2.0, -np.inf]]), np.array([[0.5, np.inf], [3.0, -1.0]])
    product = np.prod(interval_probability(lower, upper), axis=1)
    assert bivariate_rectangle(lower, upper, 0.0) == pytest.approx(product, rel=1e-13)


def test_perfectly_correlated_variables_are_one():
    lower, upper = np.array([-1.0, 0.2]), np.array([0.7, 2.0])
    assert bivariate_rectangle(lower, upper, 1.0) == pytest.approx(norm.cdf(0.7) - norm.cdf(0.2), abs=1e-16)
    assert bivariate_rectangle(lower, upper, -1.0) == pytest.approx(
        norm.cdf(-0.2) - norm.cdf(-1.0), abs=1e-16
    )


def test_far_quadrants_keep_seven_digits():
    """Two independent tails at 5 multiply; with correlation .5 the chance is that of quadrature."""
    far = bivariate_rectangle(np.full(2, 5.0), np.full(2, np.inf), np.array([0.0, 0.5]))
    assert far[0] == pytest.approx(norm.sf(5.0) ** 2, rel=1e-7, abs=0)
    assert far[1] == pytest.approx(_by_quadrature((5.0, 5.0), (np.inf, np.inf), 0.5), rel=1e-7, abs=0)


def test_shapes_broadcast_and_empty_rectangles_are_impossible():
    assert bivariate_rectangle(np.zeros((4, 1, 2)), np.ones(2), np.zeros(3)).shape == (4, 3)
    assert bivariate_rectangle(np.array([1.0, 0.0]), np.array([0.0, 1.0]), 0.5) == 0.0
