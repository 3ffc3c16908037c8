"""Clauses along lines, and unions of rare half-spaces. Random answers are held to 8 stated errors (chance below 1e-6)."""

import numpy as np
import pytest
from scipy.special import ndtr
from scipy.stats import multivariate_normal

from kjproj.numerics.lines import HalfLine, Lines
from kjproj.numerics.normal import bivariate_rectangle
from kjproj.numerics.orthants import Separated, by_shift
from kjproj.numerics.rectangles import rectangle
from kjproj.numerics.sizes import spread
from kjproj.numerics.unions import Union

_INF = np.inf


def chance(lines, n=1021, seed=0):
    found = by_shift(lines, n, 0, 16, seed)[:, 0]
    return found.mean(), max(spread(found), 1e-12)


def walks(d, years, rho):
    """Covariance of d correlated walks over some years, indicator by indicator."""
    cov = np.minimum.outer(np.arange(1, years + 1), np.arange(1, years + 1)).astype(float)
    return np.kron(np.full((d, d), rho) + (1 - rho) * np.eye(d), cov)


def simulated(mean, cov, clauses, n=1_000_000):
    x = np.random.default_rng(5).multivariate_normal(mean, cov, n, method="eigh")
    sides = [[(x[:, s.column] >= s.lower) & (x[:, s.column] <= s.upper) for s in clause] for clause in clauses]
    share = np.mean(np.all([np.any(clause, axis=0) for clause in sides], axis=0))
    return share, np.sqrt(share * (1 - share) / n)


def test_independent_walks_reach_their_bounds_with_the_product_of_their_chances():
    """Each at some year of four: one less the orthant of none, and these multiply."""
    bounds = np.array([0.5, 1.5, -0.3])
    exact = 1.0
    for bound in bounds:
        missed, _ = rectangle(np.full(4, -_INF), np.full(4, bound), np.zeros(4), walks(1, 4, 0.0), atol=1e-7)
        exact *= 1 - missed
    clauses = [[HalfLine(4 * i + year, bounds[i], _INF) for year in range(4)] for i in range(3)]
    value, stderr = chance(Lines.of(np.zeros((1, 12)), walks(3, 4, 0.0)[None], clauses))
    assert stderr < 3e-4
    assert abs(value - exact) < 8 * stderr


@pytest.mark.parametrize("seed", range(6))
def test_any_clauses_agree_with_simulation(seed):
    """Rays either way in one clause, columns in two clauses, a clause that has no line of its own, an interval."""
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(7, 5))  # singular: five dimensions
    cov, mean = root @ root.T, rng.normal(size=7)
    low, high = mean - rng.uniform(-1, 2, 7), mean + rng.uniform(-1, 2, 7)
    clauses = [
        [HalfLine(0, low[0], _INF), HalfLine(1, -_INF, high[1]), HalfLine(2, low[2], _INF)],
        [HalfLine(2, -_INF, high[2]), HalfLine(3, low[3], _INF)],
        [HalfLine(4, mean[4] - 2.0, mean[4] + 1.5)],
        [HalfLine(0, -_INF, high[0] + 1.0), HalfLine(3, -_INF, high[3])],
        [HalfLine(5, -_INF, high[5]), HalfLine(6, low[6], _INF)],
    ]
    value, stderr = chance(Lines.of(mean[None], cov[None], clauses))
    share, error = simulated(mean, cov, clauses)
    assert abs(value - share) < 6 * np.hypot(stderr, error) + 1e-9


@pytest.mark.parametrize("rho", [0.8, -0.6])
def test_two_rays_on_one_line_are_drawn_from_by_their_chances(rho):
    """x is above ½ or below −1, and y, which hangs together with it, above ¼: two quadrants of a bivariate normal."""
    correlation = np.array([[1.0, 1.0, rho], [1.0, 1.0, rho], [rho, rho, 1.0]])
    quadrants = bivariate_rectangle(np.array([[0.5, 0.25], [-_INF, 0.25]]), np.array([[_INF, _INF], [-1.0, _INF]]), rho)
    clauses = [[HalfLine(0, 0.5, _INF), HalfLine(1, -_INF, -1.0)], [HalfLine(2, 0.25, _INF)]]
    for order in (clauses, clauses[::-1]):
        value, stderr = chance(Lines.of(np.zeros((1, 3)), correlation[None], order), n=4093)
        assert stderr < 1e-5
        assert value == pytest.approx(quadrants.sum(), abs=8 * stderr + 2e-5)  # all shifts may have as many points on a ray


def test_one_side_a_clause_is_an_orthant():
    cov = walks(2, 3, 0.4)
    lower = np.array([-0.5, 0.2, -1.0, 0.0, -0.2, 0.4])
    exact, _ = rectangle(lower, np.full(6, _INF), np.zeros(6), cov, atol=1e-7)
    value, stderr = chance(Lines.of(np.zeros((1, 6)), cov[None], [[HalfLine(j, lower[j], _INF)] for j in range(6)]))
    assert abs(value - exact) < 8 * stderr + 1e-6


def test_every_row_has_its_own_law_and_its_own_points():
    """At one point for each of many rows, and at points that serve all, the mean over points is the same."""
    covs = np.stack([walks(2, 3, 0.5), 2.0 * walks(2, 3, -0.3), walks(2, 3, 0.0)])
    means = np.array([np.zeros(6), np.full(6, 0.3), np.full(6, -0.2)])
    clauses = [[HalfLine(j, 0.8, _INF) for j in range(3)], [HalfLine(j, -_INF, -0.5) for j in range(3, 6)]]
    together = Lines.of(means, covs, clauses)
    rng = np.random.default_rng(1)
    own = together.at(rng.random((together.dim, 3, 40_000)))
    for k in range(3):
        share, error = simulated(means[k], covs[k], clauses)
        value, stderr = chance(Lines.of(means[k : k + 1], covs[k : k + 1], clauses))
        assert abs(value - share) < 6 * np.hypot(stderr, error)
        assert abs(own[k].mean() - value) < 6 * np.hypot(stderr, own[k].std() / 200.0)


def test_a_variable_without_spread_decides_its_side_limits_included():
    cov = np.diag([1.0, 0.0, 1.0])
    for level, wanted in ((1.0, 1.0), (1.0 - 1e-9, 0.5)):
        clauses = [[HalfLine(0, 0.0, _INF), HalfLine(1, 1.0, _INF)]]
        value, _ = chance(Lines.of(np.array([[0.0, level, 0.0]]), cov[None], clauses), n=61)
        assert value == pytest.approx(wanted, abs=1e-9)


@pytest.mark.parametrize("b", [3.5, 5.3])
def test_a_rare_union_has_a_small_relative_error(b):
    """Two half-spaces: P(A) + P(B) − P(A and B) is known."""
    rho = 0.8
    both = multivariate_normal([0, 0], [[1, rho], [rho, 1]]).cdf([-b, -b])
    exact = 2 * ndtr(-b) - both
    union = Union.of(np.full((1, 2), b), np.array([[[1.0, rho], [rho, 1.0]]]))
    value, stderr = chance(union, n=251)
    assert stderr < 0.01 * exact
    assert abs(value - exact) < 8 * stderr


def test_a_rare_union_of_many_rows_is_that_of_each():
    bounds = np.array([[3.0, 3.2, 3.5], [4.0, 3.9, 5.0]])
    correlation = np.stack([np.full((3, 3), 0.6) + 0.4 * np.eye(3), np.ones((3, 3))])
    found = by_shift(Union.of(bounds, correlation), 251, 0, 16, 0)
    none = Separated.of(np.full((1, 3), -_INF), bounds[:1], correlation[:1])
    exact = 1 - by_shift(none, 4093, 0, 16, 0)[:, 0].mean()
    assert found[:, 0].mean() == pytest.approx(exact, rel=0.03)
    assert found[:, 1].mean() == pytest.approx(ndtr(-3.9), rel=1e-3)
