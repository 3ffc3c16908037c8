"""Another tool's draws handed in through `paths`."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from studies import document, inv_chi2, level, normal, rd_block, reach, target, walk

import kjproj as kj

YEARS = range(2023, 2026)
DRIFT, VOLATILITY, INTENSITY = 0.03, 0.06, 2.23


def study(*, volatility: Any = VOLATILITY, **more: Any) -> kj.Study:
    """GDP without a motion of its own, intensity with a known one and an exact level, spending their product."""
    whole = document(
        indicators=[
            {"name": "gdp", "unit": "亿元"},
            {"name": "intensity", "unit": "%", "motion": walk(DRIFT, volatility)},
            {"name": "spending", "unit": "亿元"},
            {"name": "alone", "unit": "家", "motion": walk(0.1, 0.1)},
        ],
        identities=[{"kind": "product", "result": "spending", "factors": ["gdp", "intensity"]}],
        evidence=[level("intensity", 2022, str(INTENSITY), error="0"), level("alone", 2022, "700")],
        targets=[target("spending_2025", "spending", 2025, at_least="150"), target("intensity_2025", "intensity", 2025, at_least="2.4")],
    )
    return kj.Study.from_dict({**whole, **more})


def draws(size: int = 500, seed: int = 0) -> dict[int, np.ndarray]:
    """Skewed growth: no normal distribution would do."""
    rng = np.random.default_rng(seed)
    growth = rng.exponential(0.06, size=(len(YEARS), size)).cumsum(axis=0)
    return {year: 5000 * np.exp(growth[k]) for k, year in enumerate(YEARS)}


def given(gdp: Any, goal: float = 150.0) -> Any:
    """The chance of spending in 2025 given GDP: the normal tail of intensity."""
    z = (np.log(goal / (np.asarray(gdp) / 100)) - math.log(INTENSITY) - 3 * DRIFT) / (VOLATILITY * math.sqrt(3))
    return np.array([NormalDist().cdf(-x) for x in z])


def test_the_chance_is_the_average_over_draws_of_the_closed_form() -> None:
    """P(spending ≥ 150) = mean over draws of 1 − Φ((ln(150/GDP) − ln intensity − 3μ)/(σ√3))."""
    gdp = draws()
    found = kj.probability(kj.project(study(), paths={"gdp": gdp}), "spending_2025")
    assert found.value == pytest.approx(given(gdp[2025]).mean(), abs=1e-9)
    assert found.stderr == pytest.approx(given(gdp[2025]).std() / math.sqrt(500), rel=0.5), "the scatter of the draws"


def test_the_draws_keep_their_shape() -> None:
    """GDP's quantiles are those of the draws, and its target the share of draws that meet it."""
    gdp = draws()
    projection = kj.project(study(), paths={"gdp": gdp})
    found = kj.quantiles(projection, "gdp", q=(0.1, 0.5, 0.9), first_year=2024, last_year=2024).at(2024)
    assert found == pytest.approx(np.quantile(gdp[2024], (0.1, 0.5, 0.9)), rel=0.01)
    goal = kj.Target(name="g", indicator="gdp", year=2025, at_least="6000")
    assert kj.probability(projection, goal).value == pytest.approx((gdp[2025] >= 6000).mean(), abs=1e-9)


def test_a_draw_belongs_together_in_all_years_and_targets() -> None:
    """GDP and spending of one draw meet their goals together: the joint chance averages over draws, not products."""
    gdp = draws()
    projection = kj.project(study(), paths={"gdp": gdp})
    goal = kj.Target(name="g", indicator="gdp", year=2024, at_least="5600")
    both = kj.probability(projection, all_of=["spending_2025", goal]).value
    assert both == pytest.approx((given(gdp[2025]) * (gdp[2024] >= 5600)).mean(), abs=1e-9)
    assert both > kj.probability(projection, "spending_2025").value * kj.probability(projection, goal).value


@pytest.mark.parametrize("size", [1, 2, 17])
def test_few_draws_are_enough(size: int) -> None:
    """One draw is GDP known for certain; its chance is a closed form."""
    gdp = {year: values[:size] for year, values in draws().items()}
    found = kj.probability(kj.project(study(), paths={"gdp": gdp}), "spending_2025").value
    assert found == pytest.approx(given(gdp[2025]).mean(), abs=1e-9)


def test_unknown_volatility_is_averaged_over_nodes_and_draws() -> None:
    """The chance is the double average over draws and the posterior of the volatility."""
    gdp = draws(200)
    uncertain = study(volatility=inv_chi2(6, 0.06))
    found = kj.probability(kj.project(uncertain, paths={"gdp": gdp}), "spending_2025")
    one_by_one = [
        kj.probability(kj.project(uncertain, paths={"gdp": {y: [x[k]] for y, x in gdp.items()}}), "spending_2025").value
        for k in range(0, 200, 10)
    ]
    some = kj.probability(kj.project(uncertain, paths={"gdp": {y: x[::10] for y, x in gdp.items()}}), "spending_2025")
    assert some.value == pytest.approx(np.mean(one_by_one), abs=2e-3)
    assert abs(found.value - some.value) < 0.2


def test_evidence_does_not_change_the_draws() -> None:
    """A figure about intensity moves intensity and leaves the draws of GDP as they are."""
    gdp = draws()
    more = study().with_evidence(level("intensity", 2021, "2.0"), level("intensity", 2020, "1.5"))
    before, after = (kj.project(s, paths={"gdp": gdp}) for s in (study(), more))
    goal = kj.Target(name="g", indicator="gdp", year=2025, at_least="6000")
    assert kj.probability(after, goal).value == kj.probability(before, goal).value


def test_figures_before_the_draws_inform_the_other_member() -> None:
    """Spending and GDP of 2022 say what intensity was, though GDP's own motion is cut."""
    figures = [level("gdp", 2022, "5000", error="0"), level("spending", 2022, "111.5", error="0")]
    informed = study(evidence=figures)
    gdp = draws()
    found = kj.probability(kj.project(informed, paths={"gdp": gdp}), "spending_2025").value
    assert found == pytest.approx(given(gdp[2025]).mean(), abs=1e-9), "111.5 / 5000 is 2.23 %"


def test_paths_replace_the_indicators_own_motion_and_scenarios_about_it() -> None:
    """With GDP handed in, its class and what a scenario says of it bear on nothing."""
    data = study().to_dict()
    data["indicators"][0]["reference_class"] = "gdp"
    data["scenarios"] = [
        {"name": "trend", "reason": "r"},
        {"name": "fast", "reason": "r", "changes": [{"indicator": "gdp", "drift": 0.2}]},
    ]
    full, gdp = kj.Study.from_dict(data), draws()
    chances = {kj.probability(kj.project(full, name, paths={"gdp": gdp}), "spending_2025").value for name in ("trend", "fast")}
    assert chances == {kj.probability(kj.project(study(), paths={"gdp": gdp}), "spending_2025").value}
    assert "gdp" not in kj.project(full, paths={"gdp": gdp}).assumed


def test_other_blocks_do_not_notice() -> None:
    """An indicator that is not connected has the same answer with and without paths."""
    goal = kj.Target(name="a", indicator="alone", year=2025, at_least="900")
    plain, embedded = kj.project(study()), kj.project(study(), paths={"gdp": draws()})
    assert kj.probability(embedded, goal) == kj.probability(plain, goal)


def test_the_identity_holds_on_sampled_paths() -> None:
    """Spending = GDP · intensity on every path, and GDP's values are the draws."""
    gdp = draws(50)
    paths = kj.sample(kj.project(study(), paths={"gdp": gdp}), 2000)
    np.testing.assert_allclose(paths.values["spending"], paths.values["gdp"] * paths.values["intensity"] / 100, rtol=1e-12)
    for k, year in enumerate(paths.years):
        drawn = np.sort(gdp[int(year)])
        nearest = drawn[np.clip(np.searchsorted(drawn, paths.values["gdp"][:, k] * (1 - 1e-9)), 0, 49)]
        np.testing.assert_allclose(paths.values["gdp"][:, k], nearest, rtol=1e-9)


def test_simulation_agrees() -> None:
    """The same chance by plain simulation."""
    projection = kj.project(study(volatility=inv_chi2(6, 0.06)), paths={"gdp": draws()})
    computed = kj.probability(projection, all_of=["spending_2025", "intensity_2025"])
    simulated = kj.probability(projection, all_of=["spending_2025", "intensity_2025"], method="simulate")
    assert abs(computed.value - simulated.value) < 5 * math.hypot(computed.stderr, simulated.stderr)


def test_years_that_are_not_drawn_have_no_basis() -> None:
    """Draws that end in 2024 cannot answer 2025; the message names the years there are."""
    short = {year: values for year, values in draws().items() if year < 2025}
    projection = kj.project(study(), paths={"gdp": short})
    with pytest.raises(kj.NoBasisError, match="paths of gdp have no year 2025; they have 2023, 2024: ask for these"):
        kj.probability(projection, "spending_2025")
    rows = {row["name"]: row["status"] for row in kj.summary(projection).to_dict()["targets"]}
    assert rows == {"spending_2025": "no_basis", "intensity_2025": "open"}


WRONG: list[tuple[str, Any, str]] = [
    ("lengths", {"gdp": {2023: [5000.0, 5100.0], 2024: [5000.0]}}, "1 and 2 draws; expected equal lengths"),
    ("a gap", {"gdp": {2023: [5000.0], 2025: [5000.0]}}, "have the years 2023, 2025; expected every year in between"),
    ("not a number", {"gdp": {2023: [5000.0, math.nan]}}, "in 2023 hold nan; expected finite values on the scale from 0 to inf, in 亿元"),
    ("infinity", {"gdp": {2023: [math.inf]}}, "hold inf"),
    ("below the scale", {"gdp": {2023: [5000.0, -1.0]}}, "hold -1"),
    ("no draws", {"gdp": {2023: []}}, "expected one value a draw"),
    ("two dimensions", {"gdp": {2023: [[5000.0]]}}, r"shape \(1, 1\); expected one value a draw"),
    ("words", {"gdp": {2023: ["many"]}}, "are not numbers"),
    ("an unknown name", {"gpd": {2023: [5000.0]}}, "unknown indicator 'gpd'; known are gdp"),
    ("a derived name", {"spending": {2023: [150.0]}}, "derived by an identity; give paths for one of its members"),
    ("no years", {"gdp": {}}, "are empty; expected arrays by indicator and year"),
    ("an array for the years", {"gdp": np.ones((3, 4))}, "expected arrays by indicator and year"),
    ("an array for all", np.ones((3, 4)), "expected arrays by indicator and year"),
    ("years in words", {"gdp": {"2023": [5000.0]}}, "the year '2023'; expected a calendar year"),
    ("a year that is none", {"gdp": {20230: [5000.0]}}, "the year 20230; expected a calendar year"),
    ("a year with a figure", {"intensity": {2022: [2.0], 2023: [2.0]}}, "figures speak of intensity in 2022; begin the paths after the last figure"),
]


@pytest.mark.parametrize(("paths", "said"), [w[1:] for w in WRONG], ids=[w[0] for w in WRONG])
def test_paths_that_do_not_fit_are_refused_with_advice(paths: Any, said: str) -> None:
    """A `KjprojError` that names the indicator and the year, and says what is expected."""
    with pytest.raises(kj.KjprojError, match=said):
        kj.project(study(), paths=paths)


def test_draws_of_a_share_stay_on_its_scale() -> None:
    """A share on logit between 0 and 100 % refuses a draw of 100."""
    share = {"name": "x", "unit": "%", "scale": {"kind": "logit", "low": 0, "high": 100}, "motion": walk(normal(0, 0.1), 0.1)}
    with pytest.raises(kj.KjprojError, match="hold 100; expected finite values on the scale from 0 to 100, in %"):
        kj.project(kj.Study.from_dict(document(indicators=[share])), paths={"x": {2023: [50.0, 100.0]}})


def test_draws_may_begin_some_years_after_the_last_figure() -> None:
    """What lies between is open; from the first drawn year on the answer is that of the same draws begun at once."""
    rng = np.random.default_rng(0)
    draws = {year: 5000 * np.exp(rng.normal(0.05 * (year - 2021), 0.02, 400)) for year in range(2022, 2026)}
    study = rd_block()
    late = kj.project(study, paths={"gdp": {year: draws[year] for year in (2024, 2025)}})
    early = kj.project(study, paths={"gdp": draws})
    assert str(kj.summary(late))
    a, b = (kj.probability(projection, "spending") for projection in (late, early))
    assert a.value == pytest.approx(b.value, abs=5 * (a.stderr + b.stderr))
    with pytest.raises(kj.NoBasisError):
        kj.probability(late, reach("120", 2023, "rd_spending"))


def test_draws_of_two_indicators_belong_together() -> None:
    """Draw k of both is one scenario: identical draws meet the same bounds together, and stay ordered, path by path."""
    study = kj.Study.from_dict(
        document(
            indicators=[{"name": n, "unit": "亿元", "motion": walk(0.05, 0.05)} for n in "ab"],
            evidence=[level(n, 2022, "100") for n in "ab"],
            targets=[target(f"t{n}", n, 2023, at_least="100") for n in "ab"],
        )
    )
    x = 100 * np.exp(0.1 * np.random.default_rng(1).standard_normal(2000))
    projection = kj.project(study, paths={"a": {2023: x}, "b": {2023: x}})
    assert kj.probability(projection, all_of=["ta", "tb"]).value == pytest.approx((x >= 100).mean(), abs=1e-9)
    paths = kj.sample(projection, 2000, first_year=2023, last_year=2023).values
    assert paths["a"] == pytest.approx(paths["b"])
