"""Forecasts of other tools: taken as they are they are unchanged, updated they follow Bayes, against closed forms and draws."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from scipy.special import expit
from scipy.stats import gamma, lognorm, norm, skewnorm
from studies import document, inv_chi2, level, target, walk

import kjproj as kj

YEARS = (2023, 2024, 2025)
MEAN = np.log(5000) + 0.05 * np.arange(1, 4)
SD = 0.02 * np.sqrt(np.arange(1, 4))
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
DRIFT, VOLATILITY, INTENSITY = 0.03, 0.06, 2.23
REASON = {"reason": "the ministry's model"}


def study(given: kj.Given | None, *evidence: dict[str, Any], volatility: Any = VOLATILITY, **more: Any) -> kj.Study:
    """GDP from elsewhere, intensity a walk with an exact level of 2022, spending their product, as of early 2024."""
    gdp = {"name": "gdp", "unit": "亿元", **({"given": given} if given else {})}
    return kj.Study.from_dict(
        document(
            indicators=[gdp, {"name": "intensity", "unit": "%", "motion": walk(DRIFT, volatility)}, {"name": "spending", "unit": "亿元"}],
            identities=[{"kind": "product", "result": "spending", "factors": ["gdp", "intensity"]}],
            evidence=[level("intensity", 2022, str(INTENSITY), error="0"), *evidence],
            targets=[target("spending", "spending", 2025, at_least="150"), target("gdp", "gdp", 2025, at_least="6000")],
        )
        | {"as_of": "2024-01-31"}
        | more
    )


def fan(evidence: str = "cut", over_years: Any = "walk") -> kj.Given:
    """Quantiles of lognormal GDP, MEAN ± SD."""
    rows = {y: {q: math.exp(norm.ppf(q, MEAN[k], SD[k])) for q in LEVELS} for k, y in enumerate(YEARS)}
    return kj.Given.from_quantiles(rows, over_years=over_years, evidence=evidence, **REASON)


def paths(evidence: str = "cut", size: int = 20_000, seed: int = 3) -> kj.Given:
    """Sample paths of the same walk."""
    steps = np.random.default_rng(seed).normal(0.05, 0.02, (size, 3))
    return kj.Given.from_array(5000 * np.exp(steps.cumsum(axis=1)), YEARS, evidence=evidence, **REASON)


def bent(evidence: str = "cut", over_years: Any = 0.8) -> kj.Given:
    """Skewed distributions, which are normal on no scale."""
    rows = {y: gamma(30 * (k + 1), loc=4000 + 200 * k, scale=20) for k, y in enumerate(YEARS)}
    return kj.Given.from_distribution(rows, over_years=over_years, evidence=evidence, **REASON)


def near(estimate: kj.Estimate, wanted: float) -> bool:
    """Within 6 standard errors (a false alarm in a hundred thousand under t with 15 degrees of freedom) and 1e-9."""
    return abs(estimate.value - wanted) <= 8 * estimate.stderr + 1e-9


def above(projection: kj.Projection, indicator: str, year: int, goal: float) -> kj.Estimate:
    return kj.probability(projection, kj.Target(name="t", indicator=indicator, year=year, at_least=f"{goal:.12g}"))


# as it is


@pytest.mark.parametrize("evidence", ["cut", "update"])
@pytest.mark.parametrize("over_years", ["walk", "comonotone", "independent", 0.7])
def test_a_lognormal_forecast_is_answered_in_closed_form(evidence: str, over_years: Any) -> None:
    """P(GDP ≥ 6000) and P(GDP·intensity ≥ 150) are normal tails, whatever the dependence, whether stated by quantiles or not."""
    projection = kj.project(study(fan(evidence, over_years)))
    spread = math.hypot(SD[2], VOLATILITY * 3**0.5)
    assert kj.probability(projection, "gdp").value == pytest.approx(norm.sf(math.log(6000), MEAN[2], SD[2]), abs=1e-12)
    spending = norm.sf(math.log(150 / 0.0223), MEAN[2] + 3 * DRIFT, spread)
    assert kj.probability(projection, "spending").value == pytest.approx(spending, abs=1e-12)


def test_the_design_s_two_targets_with_gdp_given() -> None:
    """Spending 120·exp(N(.20, .05√2)), GDP 4800·exp(N(.12, .03√2)): .3717208, .6895310, and both .3658852."""
    rows = {2023: lognorm(0.03, scale=4800 * math.exp(0.06)), 2024: lognorm(0.03 * 2**0.5, scale=4800 * math.exp(0.12))}
    draws = 4800 * np.exp(np.random.default_rng(8).normal(0.06, 0.03, (40_000, 2)).cumsum(axis=1))
    forms = [kj.Given.from_distribution(rows, over_years="walk", evidence="cut", **REASON), kj.Given.from_array(draws, (2023, 2024), evidence="cut", **REASON)]
    for given, tolerance in zip(forms, (1e-7, None), strict=True):
        ratio = kj.Study.from_dict(
            document(
                indicators=[
                    {"name": "gdp", "unit": "亿元", "given": given},
                    {"name": "spending", "unit": "亿元", "motion": walk(0.10, 0.05)},
                    {"name": "intensity", "unit": "%"},
                ],
                identities=[{"kind": "ratio", "result": "intensity", "numerator": "spending", "denominator": "gdp"}],
                evidence=[level("spending", 2022, "120", error="0")],
                targets=[target("spending", "spending", 2024, at_least="150"), target("intensity", "intensity", 2024, at_least="2.6")],
            )
        )
        projection = kj.project(ratio)
        for asked, wanted in ((["spending"], 0.3717208), (["intensity"], 0.6895310), (["spending", "intensity"], 0.3658852)):
            found = kj.probability(projection, all_of=asked)
            assert abs(found.value - wanted) < (tolerance or 8 * found.stderr + 1e-6), asked


def test_a_stated_quantile_is_that_of_the_answer() -> None:
    """P(GDP ≤ its 5, 25, 50, 75, 95 % quantile) is 5, 25, 50, 75, 95 %, for a skewed forecast too; beyond, the tail is normal."""
    values = {0.05: 4700.0, 0.25: 4950.0, 0.5: 5040.0, 0.75: 5150.0, 0.95: 5600.0}
    given = kj.Given.from_quantiles({2023: values}, evidence="cut", **REASON)
    projection = kj.project(study(given))
    for q, value in values.items():
        found = above(projection, "gdp", 2023, value)
        assert near(found, 1 - q)
        assert found.stderr < 2e-3
    z = norm.ppf([0.75, 0.95])
    slope = math.log(5600 / 5150) / (z[1] - z[0])
    assert near(above(projection, "gdp", 2023, 5900), norm.sf(z[1] + math.log(5900 / 5600) / slope))


def test_a_distribution_is_that_of_the_answer() -> None:
    projection = kj.project(study(bent()))
    for k, year in enumerate(YEARS):
        law = gamma(30 * (k + 1), loc=4000 + 200 * k, scale=20)
        for p in (0.02, 0.3, 0.5, 0.9, 0.99):
            assert near(above(projection, "gdp", year, law.isf(p)), p), (year, p)


def test_what_years_have_in_common_changes_when_a_goal_is_reached_and_no_year_alone() -> None:
    """By a year under independence 1 − Π(1 − p), under comonotone quantiles the greatest p: the same for curves of any shape."""
    goal = 5600.0
    for make, law in ((fan, lambda k: lognorm(SD[k], scale=math.exp(MEAN[k]))), (bent, lambda k: gamma(30 * (k + 1), loc=4000 + 200 * k, scale=20))):
        p = np.array([law(k).sf(goal) for k in range(3)])
        by = {"independent": 1 - np.prod(1 - p[1:]), "comonotone": p[1:].max()}
        wanted = kj.Target(name="by", indicator="gdp", year=2025, at_least="5600", when="by")
        for over_years, chance in by.items():
            projection = kj.project(study(make("cut", over_years)))
            found = kj.when(projection, wanted, until=2025).by(2025)
            assert abs(found.value - chance) <= 8 * found.stderr + 2e-3, (make, over_years)
            assert near(above(projection, "gdp", 2024, goal), p[1])


def test_a_walk_has_independent_steps() -> None:
    """Two years of a walk correlate at sd_s/sd_t, so growth from one to the next does not hang on the first."""
    paths_ = kj.sample(kj.project(study(fan())), 40_000, first_year=2023, last_year=2025).values["gdp"]
    x = np.log(paths_)
    steps = np.diff(x, axis=1)
    assert abs(np.corrcoef(x[:, 0], steps[:, 0])[0, 1]) < 6 / 200
    assert np.corrcoef(x.T)[0, 2] == pytest.approx(SD[0] / SD[2], abs=0.02)
    assert steps.std(axis=0) == pytest.approx([0.02, 0.02], rel=0.03)


def test_paths_of_two_tools_are_independent_unless_they_belong_together() -> None:
    """Both above their medians: a quarter where they are independent, half where path k belongs to path k."""
    rng = np.random.default_rng(5)
    x = 100 * np.exp(0.1 * rng.standard_normal((1000, 1)))
    y = {"other": 100 * np.exp(0.1 * rng.standard_normal((700, 1))), "same": x}

    def joint(word: str | None, values: np.ndarray) -> float:
        """The joint chance; the one that is shuffled in keeps its shape, however often each path is needed."""
        a = kj.Given.from_array(x, [2023], evidence="cut", reason="r", together=word)
        b = kj.Given.from_array(values, [2023], evidence="cut", reason="r", together=word)
        both = kj.Study.from_dict(
            document(
                indicators=[{"name": "a", "unit": "亿元", "given": a}, {"name": "b", "unit": "亿元", "given": b}, {"name": "c", "unit": "%"}],
                identities=[{"kind": "ratio", "result": "c", "numerator": "a", "denominator": "b"}],
                targets=[
                    target("a", "a", 2023, at_least=f"{np.median(x):.9f}"),
                    target("b", "b", 2023, at_least=f"{np.median(values):.9f}"),
                ],
            )
        )
        projection = kj.project(both)
        if len(values) < len(x):
            for q in (0.1, 0.3, 0.8):
                goal = float(np.quantile(values, q))
                assert above(projection, "b", 2023, goal).value == pytest.approx((values >= goal).mean(), abs=1.5e-3)
        return kj.probability(projection, all_of=["a", "b"]).value

    assert joint("model", y["same"]) == pytest.approx(0.5, abs=1e-9)
    assert joint(None, y["same"]) == pytest.approx(0.25, abs=0.06)
    assert joint(None, y["other"]) == pytest.approx(0.25, abs=0.06)


# updated


@pytest.mark.parametrize("make", [fan, paths])
def test_an_exact_or_noisy_figure_about_the_forecast_itself(make: Any) -> None:
    """Normal forecast, normal error: precisions add up. 5200 ± 100 (sd 100/√3) about 2023 moves all years of the walk."""
    figure = level("gdp", 2023, "5200", error="100")
    projection = kj.project(study(make("update"), figure))
    s2, e2 = SD[0] ** 2, (100 / 3**0.5 / 5200) ** 2
    mean = (MEAN[0] / s2 + math.log(5200) / e2) / (1 / s2 + 1 / e2)
    left = 1 / (1 / s2 + 1 / e2)
    for k, year in ((1, 2024), (2, 2025)):
        spread = math.sqrt(left + SD[k] ** 2 - s2)
        wanted = norm.sf(math.log(5300 * 1.05**k), mean + 0.05 * k, spread)
        assert near(above(projection, "gdp", year, 5300 * 1.05**k), wanted), year
    found = kj.quantiles(projection, "gdp", q=(0.1, 0.9), first_year=2023).at(2023)
    assert found == pytest.approx(np.exp(norm.ppf([0.1, 0.9], mean, math.sqrt(left))), rel=1e-6 if make is fan else 2e-3)
    assert (projection.block("gdp").effective is None) == (make is fan)


def test_an_exact_figure_fixes_a_normal_forecast() -> None:
    projection = kj.project(study(fan("update"), level("gdp", 2023, "5400", error="0")))
    found = kj.quantiles(projection, "gdp", q=(0.1, 0.5, 0.9), first_year=2023).values
    wanted = [[5400 * math.exp(0.05 * k + 0.02 * math.sqrt(k) * norm.ppf(q)) for q in (0.1, 0.5, 0.9)] for k in range(3)]
    assert found == pytest.approx(np.array(wanted), rel=1e-6)


def test_a_precise_figure_in_a_skewed_forecast() -> None:
    """The figure fixes the year's normal score; the others follow by the copula: quantiles in closed form."""
    projection = kj.project(study(bent("update"), level("gdp", 2023, "4700", error="5")))
    left, size = projection.block("gdp").effective or (0.0, 0)
    assert left > 0.2 * size, "half of the draws are placed where the figure is"
    z = norm.ppf(gamma(30, loc=4000, scale=20).cdf(4700))
    for k in (1, 2):
        rho = 0.8**k
        law = gamma(30 * (k + 1), loc=4000 + 200 * k, scale=20)
        goal = law.ppf(norm.cdf(rho * z + math.sqrt(1 - rho**2) * 0.5))
        assert near(above(projection, "gdp", 2023 + k, goal), norm.sf(0.5))


def test_a_figure_of_what_is_derived_updates_both_members() -> None:
    """ln spending = ln GDP + ln intensity is known: GDP given it is normal, whether GDP is quantiles or paths."""
    figure = level("spending", 2023, "125", error="0")
    s2, v2 = SD[0] ** 2, VOLATILITY**2
    gain = s2 / (s2 + v2)
    mean = MEAN[0] + gain * (math.log(125) - math.log(0.0223) - DRIFT - MEAN[0])
    left = s2 * v2 / (s2 + v2)
    for make in (fan, paths):
        projection = kj.project(study(make("update"), figure))
        assert near(above(projection, "gdp", 2023, 5400), norm.sf(math.log(5400), mean, math.sqrt(left)))
        last = norm.sf(math.log(6000), mean + 0.10, math.sqrt(left + SD[2] ** 2 - s2))
        assert near(above(projection, "gdp", 2025, 6000), last)


@pytest.mark.parametrize("make", [fan, paths])
def test_a_bound_cuts_the_forecast_off(make: Any) -> None:
    """P(X₂₀₂₄ ≥ b | X₂₀₂₃ ≥ a) of a bivariate normal."""
    bound = {"kind": "bound", "indicator": "gdp", "year": 2023, "at_least": "5300", "relative_error": 0}
    projection = kj.project(study(make("update"), bound))
    z = np.random.default_rng(0).standard_normal((1_000_000, 2))
    x = MEAN[0] + 0.02 * z[:, 0]
    kept = x >= math.log(5300)
    share = np.mean(x[kept] + 0.05 + 0.02 * z[kept, 1] >= math.log(5700))
    found = above(projection, "gdp", 2024, 5700)
    assert abs(found.value - share) < 8 * found.stderr + 5 * math.sqrt(0.25 / kept.sum())
    assert near(above(projection, "gdp", 2023, 5350), norm.sf(math.log(5350), MEAN[0], SD[0]) / norm.sf(math.log(5300), MEAN[0], SD[0]))


@pytest.mark.parametrize("make", [fan, paths, bent])
def test_an_expected_figure_and_part_of_a_year_count(make: Any) -> None:
    """Expected: 3 % about the printed number. Against weighted draws of the forecast itself."""
    figures = {"kind": "level", "indicator": "gdp", "year": 2024, "value": "5300", "expected": True}
    projection = kj.project(study(make("update"), figures))
    before = kj.project(study(make("update")))
    draws = np.log(kj.sample(before, 100_000, rng=4, first_year=2023, last_year=2025).values["gdp"])
    w = norm.pdf((draws[:, 1] - math.log(5300)) / 0.03)
    goal = 6100 if make is bent else 5700
    share = w @ (draws[:, 2] >= math.log(goal)) / w.sum()
    found, left = above(projection, "gdp", 2025, goal), w.sum() ** 2 / (w @ w)
    assert abs(found.value - share) < 8 * found.stderr + 5 * math.sqrt(0.25 / left)
    assert abs(found.value - above(before, "gdp", 2025, goal).value) > 0.01, "the figure says something"


def weighed(seed: int, size: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw everything from beliefs and forecast and weigh by the figures: ln GDP and ln intensity of 2023, weights."""
    rng = np.random.default_rng(seed)
    sigma = np.sqrt(6 * 0.06**2 / rng.chisquare(6, size))
    x = math.log(0.0223) + DRIFT + sigma * rng.standard_normal(size)
    z = rng.standard_normal(size)
    g = np.log(gamma(30, loc=4000, scale=20).ppf(norm.cdf(z)))
    likelihood = norm.pdf((g + x - math.log(112)) / (0.5 / 3**0.5 / 112))
    return g, x, likelihood


def test_nodes_and_draws_are_weighed_together() -> None:
    """With an unknown volatility and a skewed forecast, against brute force: prior draws weighed by a figure of the product."""
    figure = level("spending", 2023, "112", error="0.5")
    projection = kj.project(study(bent("update"), figure, volatility=inv_chi2(6, 0.06)))
    g, x, w = weighed(1, 400_000)
    left = w.sum() ** 2 / (w @ w)
    for goal, name, values in ((4700.0, "gdp", np.exp(g)), (2.35, "intensity", 100 * np.exp(x))):
        share = w @ (values >= goal) / w.sum()
        found = above(projection, name, 2023, goal)
        assert abs(found.value - share) < 8 * found.stderr + 5 * math.sqrt(0.25 / left), name


def test_a_surprising_figure_of_the_product_raises_the_volatility() -> None:
    """25 % above what both were believed to be: brute force over the volatility, and what it says of the year after."""
    figure = level("spending", 2023, "142", error="0.5")
    projection = kj.project(study(bent("update"), figure, volatility=inv_chi2(4, 0.04)))
    rng = np.random.default_rng(7)
    size = 1_000_000
    sigma = np.sqrt(4 * 0.04**2 / rng.chisquare(4, size))
    g = np.log(gamma(30, loc=4000, scale=20).rvs(size, random_state=rng))
    x = math.log(142) - g + 0.5 / 3**0.5 / 142 * rng.standard_normal(size)  # the figure's error is far below all else
    w = norm.pdf(x, math.log(0.0223) + DRIFT, sigma)
    each = norm.sf(math.log(0.0350), x + DRIFT, sigma)
    share = w @ each / w.sum()
    error = math.sqrt((w**2) @ (each - share) ** 2) / w.sum()
    found = above(projection, "intensity", 2024, 3.50)
    assert abs(found.value - share) < 8 * found.stderr + 6 * error
    assert found.stderr < 2e-3


def test_a_sum_of_levels_informs_a_forecast() -> None:
    """total = a + b on logarithmic scales: a figure of the total updates a given one, to first order, as brute force says."""
    draws = 100 * np.exp(0.05 * np.random.default_rng(2).standard_normal((20_000, 1)))
    given = kj.Given.from_array(draws, [2023], evidence="update", reason="r")
    total = kj.Study.from_dict(
        document(
            indicators=[
                {"name": "a", "unit": "亿元", "given": given},
                {"name": "b", "unit": "亿元", "motion": walk(0.0, 0.05)},
                {"name": "total", "unit": "亿元"},
            ],
            identities=[{"kind": "sum", "result": "total", "parts": ["a", "b"]}],
            evidence=[level("b", 2022, "50", error="0"), level("total", 2023, "160", error="1")],
        )
        | {"as_of": "2024-01-31"}
    )
    rng = np.random.default_rng(0)
    a, b = 100 * np.exp(0.05 * rng.standard_normal(500_000)), 50 * np.exp(0.05 * rng.standard_normal(500_000))
    w = norm.pdf((a + b - 160) * 3**0.5)
    found = above(kj.project(total), "a", 2023, 107)
    assert abs(found.value - w @ (a >= 107) / w.sum()) < 8 * found.stderr + 5e-3


# cut


@pytest.mark.parametrize("make", [fan, paths, bent])
def test_a_figure_of_what_is_derived_leaves_a_cut_forecast_as_it_is(make: Any) -> None:
    """p(GDP) stays; intensity is read off at each GDP: ln intensity = ln spending − ln GDP, drawn from the forecast."""
    figure = level("spending", 2023, "125", error="0")
    projection, plain = (kj.project(study(make("cut"), *more)) for more in ((figure,), ()))
    for goal in (5100.0, 5250.0, 5400.0):
        a, b = above(projection, "gdp", 2023, goal), above(plain, "gdp", 2023, goal)
        assert abs(a.value - b.value) < 8 * (a.stderr + b.stderr) + 1e-9, goal
    goal = 2.35  # intensity ≥ goal just where GDP ≤ spending / goal
    found = above(projection, "intensity", 2023, goal)
    gdp = above(plain, "gdp", 2023, 125 / goal * 100)
    assert abs(found.value - (1 - gdp.value)) < 8 * (found.stderr + gdp.stderr) + 1e-6


def test_a_noisy_figure_under_a_cut_is_combined_with_beliefs_at_each_draw() -> None:
    """At each GDP intensity is normal by precisions; the mixture over the forecast is a normal of its own."""
    figure = level("spending", 2023, "125", error="4")
    projection = kj.project(study(fan("cut"), figure))
    e2, v2 = (4 / 3**0.5 / 125) ** 2, VOLATILITY**2
    gain = v2 / (v2 + e2)
    mean = (1 - gain) * (math.log(2.23) + DRIFT) + gain * (math.log(12500) - MEAN[0])
    spread = math.sqrt(gain * e2 + gain**2 * SD[0] ** 2)
    for goal in (2.2, 2.35, 2.5):
        assert near(above(projection, "intensity", 2023, goal), norm.sf(math.log(goal), mean, spread))


def test_under_a_cut_each_draw_has_its_own_posterior_of_the_volatility() -> None:
    """Cut posterior by brute force: p(GDP) · p(intensity, volatility | GDP, figure), each draw with its own normaliser."""
    figure = level("spending", 2023, "125", error="2")
    goal = 2.5
    projection = kj.project(study(paths("cut", 2000), figure, volatility=inv_chi2(4, 0.06)))
    gdp = np.log(np.array(paths("cut", 2000).forecast.values)[:, 0])  # type: ignore[union-attr]
    rng = np.random.default_rng(0)
    sigma = np.sqrt(4 * 0.06**2 / rng.chisquare(4, 4000))
    e2 = (2 / 3**0.5 / 125) ** 2
    y, prior = math.log(12500) - gdp[:, None], math.log(2.23) + DRIFT
    w = norm.pdf(y, prior, np.sqrt(sigma**2 + e2))
    gain = sigma**2 / (sigma**2 + e2)
    each = norm.sf(math.log(goal), prior + gain * (y - prior), np.sqrt(gain * e2))
    share = ((w * each).sum(axis=1) / w.sum(axis=1)).mean()
    found = above(projection, "intensity", 2025 - 2, goal)
    assert abs(found.value - share) < 8 * found.stderr + 4e-3
    assert near(above(projection, "gdp", 2023, 5250), float((np.exp(gdp) >= 5250).mean()))


def test_figures_about_a_cut_forecast_itself_are_refused() -> None:
    with pytest.raises(kj.StudyError, match=r"figures speak of gdp in 2023; begin the paths after the last figure, or state evidence='update'"):
        study(fan("cut"), level("gdp", 2023, "5200"))


# where it ends


def test_too_few_draws_left_are_refused() -> None:
    """A figure a thousand times as precise as the paths leaves a handful; one that they cannot reach leaves none."""
    for figure in (level("gdp", 2023, "5200", error="0.1"), level("gdp", 2023, "9000", error="100")):
        with pytest.raises(kj.NotAnswerableError, match=r"figures leave the worth of .* of the 2,000 draws of gdp"):
            kj.probability(kj.project(study(paths("update", 2000), figure)), "gdp")


def test_an_exact_figure_meets_paths() -> None:
    with pytest.raises(kj.KjprojError, match=r"evidence\[1\] is exact, and none of the draws of gdp meets an exact figure"):
        kj.probability(kj.project(study(paths("update"), level("gdp", 2023, "5200", error="0"))), "gdp")


def test_a_figure_after_the_forecast_is_refused() -> None:
    short = kj.Given.from_quantiles({2022: {0.1: 4900, 0.9: 5100}}, evidence="update", **REASON)
    with pytest.raises(kj.KjprojError, match=r"evidence\[1\] speaks of gdp in 2023, and its forecast ends in 2022"):
        kj.probability(kj.project(study(short, level("spending", 2023, "120"))), "spending")


def test_simulation_agrees_with_updated_draws() -> None:
    figure = level("spending", 2023, "118", error="2")
    projection = kj.project(study(bent("update"), figure, volatility=inv_chi2(6, 0.06)))
    computed = kj.probability(projection, all_of=["spending", "gdp"])
    simulated = kj.probability(projection, all_of=["spending", "gdp"], method="simulate")
    assert abs(computed.value - simulated.value) < 6 * math.hypot(computed.stderr, simulated.stderr)


@pytest.mark.heavy
@pytest.mark.parametrize("kind", ["paths", "curves"])
def test_updated_forecasts_are_calibrated(kind: str) -> None:
    """Truths drawn from forecast and beliefs: the probability integral transforms given the figures are uniform.

    200 studies; Kolmogorov and Smirnov's distance stays below 2.7/√200, which is exceeded once in a million.
    """
    rng = np.random.default_rng(11)
    law = skewnorm(4, loc=4800, scale=300)
    pit = []
    for _ in range(200):
        truth = float(law.rvs(random_state=rng))
        sigma = math.sqrt(6 * 0.06**2 / rng.chisquare(6))
        intensity = 2.23 * math.exp(DRIFT + sigma * rng.standard_normal())
        spending = truth * intensity / 100
        read = spending * math.exp(0.01 * rng.standard_normal())
        if kind == "paths":
            given = kj.Given.from_array(law.rvs((4000, 1), random_state=rng), [2023], evidence="update", **REASON)
        else:
            given = kj.Given.from_distribution({2023: law}, evidence="update", **REASON)
        figure = level("spending", 2023, f"{read:.6f}", error=f"{0.01 * 3**0.5 * read:.6f}")
        projection = kj.project(study(given, figure, volatility=inv_chi2(6, 0.06)), nodes=512)
        pit.append(above(projection, "gdp", 2023, truth).value)
    ranks = np.sort(pit)
    distance = np.abs(ranks - (np.arange(200) + 0.5) / 200).max() + 0.5 / 200
    assert distance < 2.7 / 200**0.5


def test_logit_scale_is_where_quantiles_are_joined() -> None:
    """Two quantiles of a share make it normal on its logit; the chance is a closed form there."""
    given = kj.Given.from_quantiles({2023: {0.1: 40.0, 0.9: 70.0}}, evidence="cut", **REASON)
    share = {"name": "x", "unit": "%", "scale": {"kind": "logit", "low": 0, "high": 100}, "given": given}
    projection = kj.project(kj.Study.from_dict(document(indicators=[share])))
    low, high = np.log(np.array([40 / 60, 70 / 30]))
    sd = (high - low) / (2 * NormalDist().inv_cdf(0.9))
    x = (low + high) / 2 + 0.3 * sd
    assert above(projection, "x", 2023, 100 * expit(x)).value == pytest.approx(norm.sf(0.3), abs=1e-9)


def test_normal_beliefs_about_drift_and_a_given_do_not_mix() -> None:
    """A level before the forecast stays free: figures of 2022 about both members inform intensity alone."""
    more = [level("gdp", 2022, "5000", error="0"), level("spending", 2022, "111.5", error="0")]
    whole = study(fan("update"), *more).to_dict()
    whole["evidence"] = whole["evidence"][1:]
    projection = kj.project(kj.Study.from_dict(whole))
    spread = math.hypot(SD[2], VOLATILITY * 3**0.5)
    wanted = norm.sf(math.log(150 / 0.0223), MEAN[2] + 3 * DRIFT, spread)
    assert kj.probability(projection, "spending").value == pytest.approx(wanted, abs=1e-12)
