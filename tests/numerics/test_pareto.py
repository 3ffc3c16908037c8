"""The shape of the tail of importance weights."""

import numpy as np
import pytest
from scipy.stats import genpareto

from kjproj.numerics.pareto import effective_share, khat


@pytest.mark.parametrize("shape", [0.1, 0.3, 0.5, 0.7, 1.0])
def test_khat_finds_the_shape_of_pareto_weights(shape):
    """Mean over 20 samples of 20,000; the prior towards .5 moves it by at most .02. Eight standard errors."""
    draws = [genpareto.rvs(shape, size=20_000, random_state=s) + 1e-9 for s in range(20)]
    found = np.array([khat(np.log(w)) for w in draws])
    assert found.mean() == pytest.approx(shape, abs=0.02 + 8 * found.std(ddof=1) / np.sqrt(20))
    assert found.std() < 0.12


def test_khat_ignores_the_scale_of_the_weights_and_their_order():
    log_weights = np.random.default_rng(0).normal(size=1000) ** 2
    shuffled = np.random.default_rng(1).permutation(log_weights)
    assert khat(shuffled - 4000.0) == pytest.approx(khat(log_weights), abs=1e-9)


def test_only_the_three_root_n_greatest_weights_and_the_next_one_matter():
    log_weights = np.sort(np.random.default_rng(2).normal(size=1000) ** 2)
    cut = np.where(np.arange(1000) < 1000 - 96, -np.inf, log_weights)
    assert khat(cut) == khat(log_weights)
    cut[-96] = -np.inf
    assert khat(cut) != khat(log_weights)


def test_equal_weights_have_no_tail_and_few_weights_show_nothing():
    assert khat(np.full(100, -3.0)) == 0.0
    assert khat(np.zeros(20)) == np.inf


def test_the_effective_share_of_equal_one_and_half_used_weights():
    assert effective_share(np.full(10, 5.0)) == pytest.approx(1.0)
    assert effective_share(np.array([0.0, -np.inf, -np.inf, -np.inf])) == 0.25
    assert effective_share(np.array([0.0, 0.0, -np.inf, -np.inf])) == 0.5
