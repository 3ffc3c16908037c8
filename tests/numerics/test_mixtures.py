"""Mixtures of normals: tails, quantiles, density."""

import numpy as np
import pytest
from scipy.stats import norm

from kjproj.numerics.mixtures import density, quantile, tail

_RNG = np.random.default_rng(3)
_W = _RNG.dirichlet(np.ones(50))
_M = _RNG.normal(size=50)
_S = _RNG.lognormal(size=50)


def test_a_tail_is_the_weighted_sum_of_normal_tails():
    x = np.array([-3.0, 0.0, 9.0, 60.0])
    exact = (_W * norm.sf(x[:, None], _M, _S)).sum(axis=1)
    assert tail(_W, _M, _S, lower=x) == pytest.approx(exact, rel=1e-12, abs=0)
    assert tail(_W, _M, _S, -1.0, 2.0) == pytest.approx(_W @ (norm.cdf(2, _M, _S) - norm.cdf(-1, _M, _S)))


def test_an_atom_on_the_limit_is_inside():
    assert tail(np.ones(1), np.array([2.0]), np.zeros(1), lower=np.array([1.9, 2.0, 2.1])).tolist() == [
        1,
        1,
        0,
    ]


def test_quantiles_invert_the_distribution_to_1e_10():
    q = np.array([[1e-9, 1e-4, 0.05], [0.5, 0.999, 1 - 1e-9]])
    x = quantile(_W, _M, _S, q)
    assert x.shape == q.shape
    assert tail(_W, _M, _S, upper=x) == pytest.approx(q, abs=1e-12)


def test_quantiles_are_found_between_separated_and_very_unequal_parts():
    w, m, s = np.array([0.3, 0.4, 0.3]), np.array([-50.0, 0.0, 3e4]), np.array([1e-3, 2.0, 1e3])
    q = np.linspace(0.01, 0.99, 99)
    q = q[np.abs(q - 0.3) + np.abs(q - 0.7) > 0.4001]
    assert tail(w, m, s, upper=quantile(w, m, s, q)) == pytest.approx(q, abs=1e-10)


def test_one_normal_and_a_student_t_have_their_own_quantiles():
    assert quantile(np.ones(1), np.array([2.0]), np.array([3.0]), 0.9) == pytest.approx(norm.ppf(0.9, 2, 3))


def test_the_quantile_at_an_atom_is_the_atom_and_beyond_it_the_rest():
    w, m, s = np.array([0.5, 0.5]), np.array([150.0, 100.0]), np.array([0.0, 10.0])
    assert quantile(w, m, s, np.array([0.51, 0.75, 0.999])).tolist() == [150.0] * 3
    assert quantile(w, m, s, 0.25) == pytest.approx(100.0)
    atoms = quantile(
        np.array([0.2, 0.5, 0.3]), np.array([3.0, 1.0, 2.0]), np.zeros(3), np.array([0.4, 0.6, 0.9])
    )
    assert atoms.tolist() == [1.0, 2.0, 3.0]


def test_parts_without_weight_do_not_matter():
    w, m, s = np.append(_W, 0.0), np.append(_M, np.inf), np.append(_S, 1.0)
    assert quantile(w, m, s, 0.3) == quantile(_W, _M, _S, 0.3)


@pytest.mark.parametrize("q", [0.0, 1.0, -0.1, np.nan])
def test_a_level_outside_the_open_unit_interval_is_refused(q):
    with pytest.raises(ValueError, match="strictly between"):
        quantile(_W, _M, _S, q)


def test_the_density_is_the_derivative_and_infinite_on_an_atom():
    x, h = np.linspace(-5, 5, 11), 1e-5
    slope = (tail(_W, _M, _S, upper=x + h) - tail(_W, _M, _S, upper=x - h)) / (2 * h)
    assert density(_W, _M, _S, x) == pytest.approx(slope, rel=1e-6)
    both = density(np.array([0.5, 0.5]), np.zeros(2), np.array([0.0, 1.0]), np.array([0.0, 1.0]))
    assert both.tolist() == [np.inf, 0.5 * norm.pdf(1.0)]
