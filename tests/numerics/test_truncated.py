"""The truncated standard normal as a rising function of an uncut one."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import truncnorm

from kjproj.numerics.truncated import normal_rule, truncated_normal

BOUNDS = [(-np.inf, np.inf), (-1.0, 0.5), (0.3, np.inf), (-np.inf, -2.0), (6.0, 9.0), (-9.0, -6.0), (8.0, np.inf)]


@pytest.mark.parametrize(("low", "high"), BOUNDS)
def test_it_has_the_quantiles_of_the_truncated_law(low: float, high: float) -> None:
    """Φ(z) of the truncated law lies below it, in both tails to relative accuracy."""
    z = np.linspace(-3.0, 3.0, 13)
    found = truncated_normal(np.array(low), np.array(high), z)
    assert truncnorm(low, high).cdf(found) == pytest.approx(truncnorm(-np.inf, np.inf).cdf(z), rel=1e-8)
    assert (np.diff(found) > 0).all()


@pytest.mark.parametrize(("low", "high"), BOUNDS)
def test_the_rule_gives_its_mean_and_variance(low: float, high: float) -> None:
    """Means over the rule are those of the law to 1e-9."""
    z, weights = normal_rule()
    x = truncated_normal(np.array(low), np.array(high), z)
    mean = weights @ x
    assert mean == pytest.approx(truncnorm(low, high).mean(), abs=1e-9)
    assert weights @ (x - mean) ** 2 == pytest.approx(truncnorm(low, high).var(), abs=1e-8)


def test_where_nothing_lies_between_the_bounds_it_is_the_nearer_one() -> None:
    """Far tails leave the bound itself, and never nan."""
    assert truncated_normal(np.array(50.0), np.array(60.0), np.array([0.0])).tolist() == [50.0]
    assert truncated_normal(np.array(-60.0), np.array(-50.0), np.array([0.0])).tolist() == [-50.0]
