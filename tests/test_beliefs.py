"""Beliefs: densities and draws of one distribution, and what scaling, shifting and widening do to it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from pydantic import TypeAdapter, ValidationError
from scipy.special import ndtr
from scipy.stats import chi2

import kjproj as kj
from kjproj.beliefs import (
    AnyBelief,
    Belief,
    Beta,
    Elicited,
    Fixed,
    Flat,
    Gamma,
    LogNormal,
    LogNormalRule,
    Normal,
    Parameter,
    ScaledInvChi2,
)
from kjproj.errors import KjprojError

ELICITED = Elicited(low=4, mode=6, high=9)
ON_THE_LINE = [
    Normal(mean=0.035, sd=0.02),
    ELICITED,
    Elicited(low=-1, mode=-0.9, high=3, probability=0.5),
    Elicited(low=0.02, mode=0.05, high=0.06, probability=0.99),
]
POSITIVE = [
    LogNormal(median=0.06, sd_log=0.4),
    LogNormal(median=0.9, sd_log=0.5),  # half of it lies near or beyond the cut
    LogNormal(median=2.0, sd_log=0.3, upper=50),
    ScaledInvChi2(df=6, scale=0.045),
    ScaledInvChi2(df=1, scale=0.5),
    ScaledInvChi2(df=0.5, scale=1.0),
    ScaledInvChi2(df=5000, scale=0.06),
    Elicited(low=4, mode=6, high=9),
    Gamma(shape=7.5, rate=3.0),
    Gamma(shape=0.6, rate=0.02),
    Gamma(shape=5000, rate=1.0),
]
CHANCES = [Beta(a=1.5, b=40), Beta(a=0.8, b=1), Beta(a=300, b=20)]
DRAWS = 20_000
UNLUCKY = 2.8  # Kolmogorov's distance times the root of the number of draws exceeds it with probability 3e-7


def distribution(log_density: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Integrate a log density over a grid by trapezes, and divide by the total."""
    density = np.exp(log_density - log_density.max())
    total = np.concatenate([[0.0], np.cumsum(0.5 * (density[1:] + density[:-1]) * np.diff(x))])
    return np.asarray(total / total[-1])


def kolmogorov(shares: np.ndarray) -> float:
    u = np.sort(shares)
    steps = np.arange(len(u) + 1) / len(u)
    return float(max((steps[1:] - u).max(), (u - steps[:-1]).max()) * math.sqrt(len(u)))


@pytest.mark.parametrize("belief", ON_THE_LINE, ids=repr)
def test_draws_have_the_density_on_the_line(belief: Belief) -> None:
    x = np.linspace(*belief.support, 400_001)
    draws = belief.sample(np.random.default_rng(1), DRAWS)
    assert kolmogorov(np.interp(draws, x, distribution(belief.log_density(x), x))) < UNLUCKY


@pytest.mark.parametrize("belief", [*POSITIVE, *CHANCES], ids=repr)
def test_draws_have_the_density_of_the_logarithm(belief: Belief) -> None:
    low, high = belief.support
    v = np.linspace(math.log(max(low, 1e-12)), math.log(high), 400_001)
    draws = np.log(belief.sample(np.random.default_rng(2), DRAWS))
    assert kolmogorov(np.interp(draws, v, distribution(belief.log_density_of_log(v), v))) < UNLUCKY


@pytest.mark.parametrize("p", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("belief", [*ON_THE_LINE, *POSITIVE, *CHANCES], ids=repr)
def test_a_quantile_leaves_its_share_of_the_density_below(belief: Belief, p: float) -> None:
    if belief in ON_THE_LINE:
        x = np.linspace(*belief.support, 400_001)
        below = np.interp(belief.quantile(p), x, distribution(belief.log_density(x), x))
    else:
        low, high = belief.support
        v = np.linspace(math.log(max(low, 1e-12)), math.log(high), 400_001)
        below = np.interp(math.log(belief.quantile(p)), v, distribution(belief.log_density_of_log(v), v))
    assert below == pytest.approx(p, abs=1e-5)


@pytest.mark.parametrize("belief", [*POSITIVE, *CHANCES], ids=repr)
def test_the_density_of_the_logarithm_is_the_density_times_the_parameter(belief: Belief) -> None:
    x = belief.center * np.array([0.5, 0.8, 1.0, 1.05])
    x = x[x <= belief.support[1]]
    change = belief.log_density_of_log(np.log(x)) - belief.log_density(x)
    assert change == pytest.approx(np.log(x), abs=1e-9)


@pytest.mark.parametrize("df", [0.01, 1.0, 4.0, 100.0, 10_000.0])
def test_the_density_of_a_volatility_has_dropped_by_e_to_the_200_at_the_foot_of_its_support(df: float) -> None:
    belief = ScaledInvChi2(df=df, scale=0.05)
    foot, top = belief.log_density_of_log(np.log(np.array([belief.support[0], belief.scale])))
    assert foot <= top - 200


@pytest.mark.parametrize(("df", "scale"), [(6, 0.045), (4, 0.08), (0.3, 0.9)])
def test_a_scaled_inverse_chi_square_is_one_below_its_cut(df: float, scale: float) -> None:
    belief = ScaledInvChi2(df=df, scale=scale)
    draws = belief.sample(np.random.default_rng(3), DRAWS)
    assert draws.max() <= belief.upper
    assert kolmogorov(chi2.sf(df * scale**2 / draws**2, df) / chi2.sf(df * scale**2, df)) < UNLUCKY


def test_a_log_normal_is_one_below_its_cut() -> None:
    belief = LogNormal(median=0.8, sd_log=0.6)
    draws = belief.sample(np.random.default_rng(4), DRAWS)
    assert draws.max() <= 1.0
    assert kolmogorov(ndtr(np.log(draws / 0.8) / 0.6) / ndtr(-math.log(0.8) / 0.6)) < UNLUCKY


def test_four_to_nine_most_likely_six_at_90_percent() -> None:
    assert ELICITED.spreads == pytest.approx((1.2806, 1.7506), abs=5e-5)
    assert ELICITED.mean == pytest.approx(6.375, abs=5e-4)
    assert ELICITED.median == pytest.approx(6.296, abs=5e-4)


@pytest.mark.parametrize(
    ("low", "mode", "high", "probability"),
    [(4, 6, 9, 0.9), (-3, -1, -0.999, 0.5), (0, 1e-9, 1, 0.99), (0, 1e-20, 1, 0.9), (0, 1, 1e15, 0.9)],
)
def test_the_stated_probability_lies_between_low_and_high_and_the_rest_is_shared_evenly(
    low: float, mode: float, high: float, probability: float
) -> None:
    s1, s2 = Elicited(low=low, mode=mode, high=high, probability=probability).spreads
    below = 2 * s1 / (s1 + s2) * ndtr((low - mode) / s1)
    above = 2 * s2 / (s1 + s2) * ndtr((mode - high) / s2)
    assert (below, above) == pytest.approx(((1 - probability) / 2,) * 2, rel=1e-9)


@pytest.mark.parametrize("belief", [b for b in ON_THE_LINE if isinstance(b, Elicited)], ids=repr)
def test_mean_and_median_of_an_elicited_belief_are_those_of_its_density(belief: Elicited) -> None:
    x = np.linspace(*belief.support, 400_001)
    share = distribution(belief.log_density(x), x)
    assert belief.mean == pytest.approx(np.sum(0.5 * (x[1:] + x[:-1]) * np.diff(share)), abs=1e-6)
    assert np.interp(belief.median, x, share) == pytest.approx(0.5, abs=1e-6)


def test_an_even_elicited_belief_is_normal() -> None:
    even = Elicited(low=-1, mode=1, high=3)
    assert even.spreads == pytest.approx((2 / 1.6448536269514722,) * 2, rel=1e-12)
    assert even.mean == even.median == 1.0


@pytest.mark.parametrize(("low", "mode", "high"), [(4, 4, 9), (4, 9, 9), (9, 6, 4)])
def test_an_elicited_belief_out_of_order_is_refused(low: float, mode: float, high: float) -> None:
    with pytest.raises(ValidationError, match="low below mode below high"):
        Elicited(low=low, mode=mode, high=high)


@pytest.mark.parametrize("belief", [*ON_THE_LINE, *POSITIVE], ids=repr)
def test_a_scaled_belief_is_the_law_of_the_scaled_parameter(belief: Belief) -> None:
    x = belief.center * np.linspace(0.5, 1.0, 7)
    change = belief.scaled(0.7).log_density(0.7 * x) - belief.log_density(x)
    assert change == pytest.approx(np.full(7, change[0]), abs=1e-8)


@pytest.mark.parametrize("belief", ON_THE_LINE, ids=repr)
def test_a_shifted_belief_is_the_law_of_the_shifted_parameter(belief: Belief) -> None:
    x = np.linspace(*belief.support, 9)
    assert belief.shifted(0.3).log_density(x + 0.3) == pytest.approx(belief.log_density(x), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("belief", ON_THE_LINE, ids=repr)
def test_a_widened_belief_keeps_its_mode_and_multiplies_all_distances_from_it(belief: Belief) -> None:
    x = np.linspace(*belief.support, 9)
    wide = belief.center + 2.0 * (x - belief.center)
    assert belief.widened(2.0).log_density(wide) == pytest.approx(belief.log_density(x), rel=1e-9, abs=1e-9)


def test_a_widened_log_normal_multiplies_the_spread_of_the_logarithm() -> None:
    assert LogNormal(median=0.06, sd_log=0.4).widened(2.0) == LogNormal(median=0.06, sd_log=0.8, upper=1.0)


def test_a_widened_volatility_has_a_quarter_of_the_degrees_of_freedom_and_never_too_many() -> None:
    assert ScaledInvChi2(df=8, scale=0.05).widened(2.0).df == 2
    assert ScaledInvChi2(df=8000, scale=0.05).widened(0.5).df == 10_000


def moments(belief: Belief) -> tuple[float, float]:
    """Mean and standard deviation of a positive parameter, by trapezes over the logarithm."""
    v = np.linspace(math.log(max(belief.support[0], 1e-40)), math.log(belief.support[1]), 400_001)
    weight = np.exp(belief.log_density_of_log(v))
    mean = np.average(np.exp(v), weights=weight)
    return float(mean), float(np.average((np.exp(v) - mean) ** 2, weights=weight) ** 0.5)


@pytest.mark.parametrize("belief", [Gamma(shape=7.5, rate=3.0), Gamma(shape=4.0, rate=0.2), Beta(a=3, b=40)], ids=repr)
def test_a_moved_or_widened_gamma_or_beta_belief_has_the_stated_moments(belief: Belief) -> None:
    mean, sd = moments(belief)
    assert mean == pytest.approx(belief.center, rel=1e-6)
    assert moments(belief.widened(1.4)) == pytest.approx((mean, 1.4 * sd), rel=1e-6)
    assert moments(belief.scaled(0.7))[0] == pytest.approx(0.7 * mean, rel=1e-6)
    assert moments(belief.shifted(0.1))[0] == pytest.approx(mean + 0.1, rel=1e-6)
    assert belief.shifted(0.1).support[1] <= 1 or isinstance(belief, Gamma)


def test_a_chance_is_not_moved_to_1_nor_widened_beyond_a_coin_toss() -> None:
    with pytest.raises(KjprojError, match="is not above 0 and below 1"):
        Beta(a=1, b=3).scaled(4.0)
    with pytest.raises(KjprojError, match=r"use a factor below 2\.24"):
        Beta(a=1, b=3).widened(2.3)


def test_a_small_chance_scales_as_a_gamma_belief_does() -> None:
    mean, sd = moments(Beta(a=4, b=40_000))
    assert moments(Beta(a=4, b=40_000).scaled(3.0)) == pytest.approx((3 * mean, 3 * sd), rel=1e-3)


def test_a_cut_makes_way_for_a_centre_that_is_scaled_beyond_it() -> None:
    assert ScaledInvChi2(df=4, scale=0.6).scaled(2.0).support[1] == 1.2
    assert LogNormal(median=0.6, sd_log=0.2).shifted(0.6).center == 1.2


@pytest.mark.parametrize(
    "belief",
    [
        LogNormal(median=0.1, sd_log=1),
        ScaledInvChi2(df=4, scale=0.1),
        Gamma(shape=1.0, rate=10.0),
        Beta(a=1.0, b=9.0),
    ],
    ids=repr,
)
def test_a_positive_parameter_is_not_shifted_below_0(belief: Belief) -> None:
    with pytest.raises(KjprojError, match="not above 0"):
        belief.shifted(-0.1)


@pytest.mark.parametrize(
    ("kind", "fields"), [(LogNormal, {"median": 2.0, "sd_log": 0.1}), (ScaledInvChi2, {"df": 4, "scale": 2.0})]
)
def test_a_belief_beyond_its_own_cut_is_refused(kind: type[Belief], fields: dict[str, float]) -> None:
    with pytest.raises(ValidationError, match="above the cut at 1; give a larger upper"):
        kind(**fields)


def test_what_is_fixed_has_no_spread() -> None:
    fixed = Fixed(value=0.07)
    assert fixed.gaussian == (0.07, 0.0)
    assert (fixed.sample(np.random.default_rng(0), 3) == 0.07).all()
    assert fixed.widened(9.0) is fixed
    assert fixed.scaled(2.0).shifted(-0.14) == Fixed(value=0.0)
    assert fixed.log_density(np.array([0.07, 0.08])).tolist() == [0.0, -np.inf]


def test_a_flat_belief_stays_flat_and_cannot_be_drawn_from() -> None:
    flat = Flat()
    assert flat.gaussian == (0.0, np.inf)
    assert flat.scaled(3.0) == flat.shifted(1.0) == flat.widened(2.0) == flat
    assert (flat.log_density(np.linspace(-5, 5, 4)) == 0).all()
    with pytest.raises(KjprojError, match="cannot be drawn from"):
        flat.sample(np.random.default_rng(0), 1)
    with pytest.raises(KjprojError, match="no quantiles"):
        flat.quantile(0.5)


def test_the_quantiles_of_a_rule_are_those_of_the_log_normal_that_it_stands_for() -> None:
    rule, smooth = LogNormalRule(median=0.05, sd_log=0.3), LogNormal(median=0.05, sd_log=0.3, upper=50)
    assert [rule.quantile(p) for p in (0.1, 0.9)] == pytest.approx([smooth.quantile(p) for p in (0.1, 0.9)], rel=1e-12)


@pytest.mark.parametrize("belief", [Fixed(value=1), Flat(), *ON_THE_LINE, *POSITIVE, *CHANCES], ids=repr)
def test_a_belief_returns_from_json_as_it_was_and_speaks_both_languages(belief: Belief) -> None:
    assert TypeAdapter(AnyBelief).validate_json(belief.model_dump_json()) == belief
    assert belief.describe("zh")
    assert belief.describe("en")


@pytest.mark.parametrize("given", [0.05, 1, np.int64(1), np.float32(0.5), {"kind": "fixed", "value": 0.05}])
def test_a_known_parameter_is_a_plain_number(given: Any) -> None:
    parameter = TypeAdapter(Parameter)
    number = parameter.validate_python(given)
    assert type(number) is float
    assert parameter.validate_json(parameter.dump_json(number)) == number


@pytest.mark.parametrize("given", [True, "0.05", None, [0.05], 10**400, math.nan, math.inf])
def test_a_parameter_that_is_neither_a_finite_number_nor_a_belief_is_refused(given: Any) -> None:
    with pytest.raises(ValidationError, match="number"):
        TypeAdapter(Parameter).validate_python(given)


@pytest.mark.parametrize("belief", [LogNormal(median=0.1, sd_log=1800.0), LogNormalRule(median=0.1, sd_log=1800.0, points=3)])
def test_an_absurd_spread_is_put_into_words_too(belief: Belief) -> None:
    """What is no number any more breaks no screen."""
    assert belief.describe("en")
    assert belief.describe("zh")


def test_flat_beliefs_about_two_correlated_indicators() -> None:
    """Four exact growths of each: the volatilities' posterior on a fine grid of both, with drifts integrated, in closed form."""
    levels = {"a": [97.0, 103.5, 104.2, 112.9, 121.4], "b": [40.0, 41.9, 45.7, 46.1, 50.3]}
    study = kj.Study.from_dict({
        "as_of": "2022-12-31",
        "indicators": [{"name": n, "unit": "index", "motion": {"kind": "brownian", "drift": {"kind": "flat"}, "volatility": {"kind": "flat"}}} for n in levels],
        "evidence": [
            {"kind": "level", "indicator": n, "year": 2018 + i, "value": str(v), "error": "0"} for n, own in levels.items() for i, v in enumerate(own)
        ],
        "correlations": [{"between": ["a", "b"], "value": 0.3, "reason": "stated"}],
        "targets": [{"name": "t", "indicator": "a", "year": 2024, "at_least": "130"}],
    })  # fmt: skip
    x = np.log(np.array([*levels.values()])).T
    growth = np.diff(x, axis=0)
    count, mean = len(growth), growth.mean(axis=0)
    squares = (growth - mean).T @ (growth - mean)
    first, second = np.meshgrid(*[np.exp(np.linspace(-9.0, 4.0, 1200))] * 2, indexing="ij")
    det = (first * second) ** 2 * (1 - 0.3**2)
    spread = squares[0, 0] * second**2 + squares[1, 1] * first**2 - 2 * 0.3 * first * second * squares[0, 1]
    log = -0.5 * (count - 1) * np.log(det) - 0.5 * spread / det
    weight = np.exp(log - log.max())
    chance = ndtr((x[-1, 0] + 2 * mean[0] - np.log(130)) / (first * np.sqrt(2 + 4 / count)))
    found = kj.probability(kj.project(study), "t")
    assert found.value == pytest.approx((weight * chance).sum() / weight.sum(), abs=6 * found.stderr)
    assert found.stderr < 1e-3
