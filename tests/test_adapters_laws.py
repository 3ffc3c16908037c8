"""The law of a level to come: the same by three ways of computing it, and its moments those of its quantiles."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import t as student

import kjproj as kj
from kjproj.adapters.forecasters.laws import LevelLaw
from kjproj.adapters.forecasters.outlooks import Assumptions, ClassOutlook, WalkOutlook
from kjproj.adapters.forecasters.series import Series
from kjproj.adapters.forecasters.studied import Studied
from kjproj.beliefs import Elicited, LogNormal, Normal, ScaledInvChi2
from kjproj.numerics.walks import Changes, flat_walk, walk
from kjproj.scales import Linear, Log, Logit

P = np.array([0.001, 0.1, 0.5, 0.9, 0.999])
YEARS = np.array([0, 1, 2, 4, 5, 7])
LEVELS = 100.0 * np.exp(np.cumsum(np.random.default_rng(0).normal(0.05, 0.08, 6)))
NORMAL, CHI2 = Normal(mean=0.05, sd=0.02), ScaledInvChi2(df=4, scale=0.06)
WALKS: dict[str, dict[str, Any]] = {
    "flat": {},
    "known drift": {"drift": 0.05},
    "known volatility": {"volatility": 0.05},
    "both known": {"scale": "linear", "drift": 3.0, "volatility": 5.0},
    "normal drift": {"drift": NORMAL},
    "normal and chi2": {"drift": NORMAL, "volatility": CHI2},
    "flat and log-normal": {"volatility": LogNormal(median=0.05, sd_log=0.5)},
    "logit": {"scale": Logit(low=0.0, high=300.0)},
    "a class of walks": {"reference_class": "high_tech_value_added"},
    "a class with its drift replaced": {"reference_class": "high_tech_value_added", "drift": 0.02},
}
CLASSES: dict[str, dict[str, Any]] = {
    "no unit": {"reference_class": "generic_positive"},
    "another unit, smaller region": {"reference_class": "rd_spending", "unit": "亿元", "region": "city"},
    "far outside its range": {"reference_class": "rd_spending", "unit": "元"},
    "bounded": {"reference_class": "internet_users", "unit": "%"},
}


def engine(assumptions: Assumptions, times: Any, levels: Any) -> Studied:
    return Studied(assumptions, assumptions.scale_of(levels), times, levels)


@pytest.mark.parametrize("stated", WALKS.values(), ids=WALKS)
@pytest.mark.parametrize("steps", [1, 6])
def test_the_closed_form_is_what_the_engine_says(stated: dict[str, Any], steps: int) -> None:
    """A walk from its sufficient statistics has the quantiles of a projected study, over gaps too."""
    assumptions = Assumptions(**stated)
    outlook = assumptions.outlook(YEARS, LEVELS)
    assert isinstance(outlook, WalkOutlook)
    law = outlook.law(steps)
    np.testing.assert_allclose(engine(assumptions, YEARS, LEVELS).law(steps).cdf(law.quantile(P)), P, atol=1e-10)


@pytest.mark.parametrize("stated", CLASSES.values(), ids=CLASSES)
@pytest.mark.parametrize("n", [1, 2, 6])
def test_the_class_is_what_the_engine_says(stated: dict[str, Any], n: int) -> None:
    """A fitted class in closed form has the quantiles of a projected study."""
    assumptions, levels = Assumptions(**stated), LEVELS[:n] / (3.0 if "internet_users" in stated.values() else 1.0)
    outlook = assumptions.outlook(np.arange(n), levels)
    assert isinstance(outlook, ClassOutlook)
    law = outlook.law(4)
    np.testing.assert_allclose(engine(assumptions, np.arange(n), levels).law(4).cdf(law.quantile(P)), P, atol=1e-10)


def test_flat_beliefs_are_student() -> None:
    """Under flat beliefs places have Student's law at every number of changes, to 1e-9 in probability."""
    for k in (2, 3, 5, 60, 400):
        changes = Changes(np.random.default_rng(k).normal(0.05, 0.1, k), np.ones(k))
        found = flat_walk(changes)
        for h in (1, 30):
            mean, sd = found.after(h)
            law = LevelLaw(Linear(), found.weights, mean, sd)
            width = changes.change.std(ddof=1) * np.sqrt(h * (1 + h / k))
            np.testing.assert_allclose(law.cdf(h * changes.mean + width * student(k - 1).ppf(P)), P, atol=1e-9)


def test_the_numbers_of_the_design() -> None:
    """Levels 80, 90, 97, 110: 150 in two years has 9.4586 %, 130 has 76.9708 %; from 100, 112, 121 it has 35.8762 %."""
    law = Assumptions().outlook(np.arange(4), np.array([80.0, 90.0, 97.0, 110.0])).law(2)
    np.testing.assert_allclose(1.0 - law.cdf([150.0, 130.0]), [0.094586, 0.769708], atol=5e-7)
    law = Assumptions().outlook(np.arange(3), np.array([100.0, 112.0, 121.0])).law(2)
    np.testing.assert_allclose(1.0 - law.cdf(150.0), 0.358762, atol=5e-7)


def test_a_wide_normal_drift_is_a_flat_one() -> None:
    """As a normal belief about the drift widens, the law becomes Student's."""
    changes = Changes(np.array([0.1, 0.02, 0.07]), np.array([1.0, 2.0, 1.0]))
    one, other = flat_walk(changes), walk(changes, (0.0, 1e7), None)
    a, b = (LevelLaw(Linear(), w.weights, *w.after(3.0)) for w in (one, other))
    np.testing.assert_allclose(b.cdf(a.quantile(P)), P, atol=1e-9)


def test_other_motions_beliefs_and_gaps_go_to_the_engine() -> None:
    """A return to a level, an elicited drift, and gaps or a stated drift under a class are projected as a study."""
    reverting = kj.motions.Reverting(level=Normal(mean=4.7, sd=0.3), rate=0.3, volatility=0.05)
    drift = Elicited(low=0.04, high=0.09, mode=0.06, probability=0.9)
    for stated in (
        {"motion": reverting},
        {"drift": drift, "volatility": 0.05},
        {"reference_class": "generic_positive"},
        {"reference_class": "gdp", "unit": "亿元"},
        {"reference_class": "generic_positive", "drift": 0.02},
    ):
        law = Assumptions(**stated).outlook(YEARS, LEVELS).law(3)  # type: ignore[arg-type]
        np.testing.assert_allclose(law.cdf(law.quantile(P)), P, atol=1e-10)


@pytest.mark.parametrize("stated", [{}, {"reference_class": "generic_positive"}], ids=["walk", "class"])
def test_paths_have_the_law_of_every_step(stated: dict[str, Any]) -> None:
    """Draws at a step lie below its quantiles as often as they should: five standard errors, a chance of 1e-5 in all."""
    n = 40_000
    outlook = Assumptions(**stated).outlook(np.arange(6), LEVELS)
    paths = outlook.paths(np.random.default_rng(3), n, 4)
    assert paths.shape == (n, 4)
    for step in (1, 4):
        below = (paths[:, step - 1, None] <= outlook.law(step).quantile(P)).mean(axis=0)
        np.testing.assert_array_less(np.abs(below - P), 5.0 * np.sqrt(P * (1 - P) / n) + 1e-12)


def test_drift_is_drawn_once_a_path() -> None:
    """Of a walk with estimated drift and known volatility, steps i < j have covariance σ²·i(1 + j/k)."""
    outlook = Assumptions(volatility=0.05).outlook(np.arange(5), LEVELS[:5])
    places = np.log(outlook.paths(np.random.default_rng(4), 60_000, 6))
    found = np.cov(places[:, 1], places[:, 5])[0, 1] / 0.05**2
    assert abs(found - 2 * (1 + 6 / 4)) < 0.15


SCALES = {"linear": Linear(), "log": Log(), "logit": Logit(low=10.0, high=30.0)}
SPREADS = [1e-3, 0.4, 1.5]


def mixture(scale: kj.scales.Scale, spread: float) -> LevelLaw:
    rng = np.random.default_rng(11)
    weights, mean = rng.dirichlet(np.ones(5)), 0.3 + spread * rng.standard_normal(5)
    return LevelLaw(scale, weights, mean, spread * np.exp(0.3 * rng.standard_normal(5)))


def integral(law: LevelLaw, f: Any) -> float:
    """∫ f dF over the places, piece by piece."""
    lo, hi = float((law.mean - 9 * law.sd).min()), float((law.mean + 14 * law.sd).max())

    def g(x: float) -> float:
        return float(f(float(law.scale.to_level(x))) * (law.weights @ (np.exp(-0.5 * ((x - law.mean) / law.sd) ** 2) / law.sd))) / 2.5066282746310002

    return float(sum(quad(g, a, b, epsabs=0, epsrel=1e-11)[0] for a, b in pairwise(np.linspace(lo, hi, 31))))


@pytest.mark.parametrize("scale", SCALES.values(), ids=SCALES)
@pytest.mark.parametrize("spread", SPREADS)
def test_moments_are_integrals(scale: kj.scales.Scale, spread: float) -> None:
    """Mean, variance and both distances are the integrals that define them."""
    law = mixture(scale, spread)
    mean = integral(law, lambda y: y)
    np.testing.assert_allclose(law.expectation, mean, rtol=1e-9)
    np.testing.assert_allclose(law.variance, integral(law, lambda y: (y - mean) ** 2), rtol=1e-8)
    for at in (float(law.quantile(0.2)), float(law.quantile(0.999)), 9.0, -1.0):
        np.testing.assert_allclose(law.distance(at), integral(law, lambda y, at=at: abs(y - at)), rtol=3e-6)
    np.testing.assert_allclose(law.mean_distance, integral(law, law.distance), rtol=1e-8)


@pytest.mark.parametrize("scale", SCALES.values(), ids=SCALES)
def test_quantile_density_and_chance_fit_together(scale: kj.scales.Scale) -> None:
    """cdf(quantile(p)) = p to 1e-11, quantiles rise, the density is the slope of the cdf, and nothing lies outside."""
    law, p = mixture(scale, 0.4), np.linspace(0.0, 1.0, 101)[1:-1]
    q = law.quantile(p)
    np.testing.assert_allclose(law.cdf(q), p, atol=1e-11)
    assert (np.diff(q) > 0).all()
    step = 1e-5 * float(q[-1] - q[0])
    np.testing.assert_allclose(law.density(q), (law.cdf(q + step) - law.cdf(q - step)) / (2 * step), rtol=1e-6)
    low, high = scale.bounds
    assert law.quantile([0.0, 1.0]).tolist() == [low, high]
    if np.isfinite(low):
        assert law.cdf([low - 1.0, low]).tolist() == [0.0, 0.0]
        assert law.density([low - 1.0, low]).tolist() == [0.0, 0.0]
    if np.isfinite(high):
        assert law.cdf([high, high + 1.0]).tolist() == [1.0, 1.0]


def test_moments_that_do_not_exist_are_not_numbers() -> None:
    """Under flat beliefs the mean is infinite on Log; on Linear it needs two degrees of freedom, the variance three."""
    three, four, five = (Series(Assumptions(scale="linear"), np.arange(n), LEVELS[:n]).law(n) for n in (3, 4, 5))
    assert np.isnan(three.expectation)
    assert three.variance == four.variance == three.distance(100.0) == np.inf
    assert np.isfinite([four.expectation, four.mean_distance, five.variance]).all()
    law = Series(Assumptions(), np.arange(5), LEVELS[:5]).law(5)
    assert law.expectation == law.variance == law.mean_distance == np.inf


def test_what_is_unknown_is_nan() -> None:
    """Within the sample, a level of which nothing was known has NaN for every answer."""
    law = Series(Assumptions(), np.arange(6), LEVELS).law(2)
    assert not law.is_known
    answers = [law.median, law.expectation, law.variance, law.mean_distance, law.distance(1.0), law.quantile(0.0), law.cdf(0.0)]
    assert np.isnan([*answers, law.density(1.0), law.density(-1.0)]).all()


def test_within_the_sample_nothing_is_known_beforehand() -> None:
    """The law of a figure's level is what a forecaster of the figures before it would have said."""
    series, early = Series(Assumptions(), YEARS, LEVELS), Series(Assumptions(), YEARS[:4], LEVELS[:4])
    for time in (5, 6, 7):
        n = int(np.searchsorted(YEARS, time))
        outlook = Series(Assumptions(), YEARS[:n], LEVELS[:n])
        np.testing.assert_allclose(series.law(time).quantile(P), outlook.law(time).quantile(P), rtol=1e-12)
    np.testing.assert_allclose(series.law(5).quantile(P), early.law(5).quantile(P), rtol=1e-12)


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "scale": ({"scale": "sqrt"}, "expected one of auto, log, linear, logit"),
    "class": ({"reference_class": "nobody"}, "known are .*generic_positive"),
    "unit of a class": ({"reference_class": "gdp"}, "say which unit"),
    "unit of another kind": ({"reference_class": "rd_spending", "unit": "家"}, "give a unit of yuan"),
    "scale of a class": ({"reference_class": "generic_positive", "scale": "linear"}, "is about the scale log"),
    "motion and drift": ({"motion": kj.motions.Brownian(drift=0.1, volatility=0.1), "drift": 0.1}, "its own beliefs"),
    "volatility": ({"volatility": 0}, "above 0"),
    "drift": ({"drift": "steady"}, "expected a number, a kjproj belief"),
    "region": ({"region": "village"}, "country, province, city, county"),
}


@pytest.mark.parametrize(("stated", "said"), WRONG.values(), ids=WRONG)
def test_what_does_not_fit_is_refused(stated: dict[str, Any], said: str) -> None:
    """Each wrong assumption says what was given and what was expected."""
    with pytest.raises(kj.KjprojError, match=said):
        Assumptions(**stated).outlook(np.arange(4), LEVELS[:4])


def test_too_little_is_refused_with_the_classes_that_help() -> None:
    """Flat beliefs need three figures not in line; below that, and for figures in line, classes are named."""
    for levels in (LEVELS[:1], LEVELS[:2], [100.0, 110.0, 121.0], [5.0, 5.0, 5.0, 5.0], [0.0, 1.0, 2.0]):
        with pytest.raises(kj.KjprojError, match="generic_positive"):
            Assumptions().outlook(np.arange(len(levels)), np.asarray(levels))
    with pytest.raises(kj.KjprojError, match="inf cannot lie on the scale log"):
        Series(Assumptions(), np.arange(4), np.array([3.0, np.inf, 2.0, 4.0]))
    with pytest.raises(kj.KjprojError, match="cannot lie on the scale log"):
        Assumptions(scale="log").outlook(np.arange(4), np.array([3.0, -1.0, 2.0, 4.0]))
