"""Numbers that are known in closed form, or worked out independently, come out."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest
from scipy import stats
from studies import inv_chi2, normal, one_walk, rd_block, reach, walk

import kjproj as kj

FLAT = {"kind": "flat"}
FOUR = {2018: "80", 2019: "90", 2020: "97", 2021: "110"}
THREE = {2018: "100", 2019: "112", 2020: "121"}


def chance(study: kj.Study, *targets: kj.Target, **options: object) -> float:
    found = kj.probability(kj.project(study), all_of=targets, **options)  # type: ignore[arg-type]
    assert found.stderr < 1e-3
    return found.value


def growths(levels: dict[int, str]) -> np.ndarray:
    return np.diff(np.log([float(v) for v in levels.values()]))


@pytest.mark.parametrize(
    ("levels", "goal", "years", "known"),
    [(FOUR, "150", 2, 0.094586), (FOUR, "130", 2, 0.769708), (THREE, "150", 2, 0.358762)],
)
def test_flat_beliefs_give_students_t(levels: dict[int, str], goal: str, years: int, known: float) -> None:
    """Flat in drift and ln σ: 1 − T_{k−1}((z − hg)/(s√(h(1 + h/k))))."""
    g = growths(levels)
    k, z = len(g), math.log(float(goal) / float(list(levels.values())[-1]))
    t = (z - years * g.mean()) / (g.std(ddof=1) * math.sqrt(years * (1 + years / k)))
    found = chance(one_walk(FLAT, FLAT, levels), reach(goal, max(levels) + years))
    assert found == pytest.approx(stats.t.sf(t, k - 1), abs=1e-7)
    assert found == pytest.approx(known, abs=1e-6)


@pytest.mark.parametrize(("goal", "known"), [("150", 0.0896), ("130", 0.7761)])
def test_printed_figures_are_read_with_their_rounding(goal: str, known: float) -> None:
    """Levels read as ± half a unit of the last digit, not as exact."""
    assert chance(one_walk(FLAT, FLAT, FOUR, error=None), reach(goal, 2023)) == pytest.approx(known, abs=1e-4)


@pytest.mark.parametrize(("levels", "goal", "known"), [(FOUR, "150", 0.025045), (FOUR, "130", 0.817521), (THREE, "150", 0.317278)])
def test_known_volatility_with_flat_drift_is_normal(levels: dict[int, str], goal: str, known: float) -> None:
    """With σ at its estimate and the drift flat: a normal with standard deviation σ√(h(1 + h/k))."""
    s = float(growths(levels).std(ddof=1))
    assert chance(one_walk(FLAT, s, levels), reach(goal, max(levels) + 2)) == pytest.approx(known, abs=1e-6)


@pytest.mark.parametrize(("levels", "goal", "known"), [(FOUR, "150", 0.005715), (FOUR, "130", 0.878916), (THREE, "150", 0.250725)])
def test_known_drift_and_volatility_are_normal(levels: dict[int, str], goal: str, known: float) -> None:
    """1 − Φ((z − hμ)/(σ√h))."""
    g = growths(levels)
    study = one_walk(float(g.mean()), float(g.std(ddof=1)), levels)
    assert chance(study, reach(goal, max(levels) + 2)) == pytest.approx(known, abs=1e-6)


def test_the_drift_is_one_number_for_all_years() -> None:
    """The spread of a walk with estimated drift at h is σ√(h(1 + h/k)): the drift is drawn once a path."""
    projection = kj.project(one_walk(FLAT, 0.1, FOUR))
    z = NormalDist().inv_cdf(0.9)
    for h in (1, 2, 5, 10):
        low, middle, high = np.log(kj.quantiles(projection, "x", q=(0.1, 0.5, 0.9), first_year=2021 + h, last_year=2021 + h).at(2021 + h))
        expected = 0.1 * math.sqrt(h * (1 + h / 3))
        assert (high - low) / (2 * z) == pytest.approx(expected, rel=1e-9)
        assert middle == pytest.approx(math.log(110) + h * growths(FOUR).mean(), rel=1e-9)


def test_first_passage_by_yearly_checks() -> None:
    """L = 110, B = 150, μ = .10, σ = .08: at the third year end .4707889; at any of three .4773844."""
    study = one_walk(0.10, 0.08, {2021: "110"})
    projection = kj.project(study.with_target(reach("150", 2024)))
    assert kj.probability(projection, "t").value == pytest.approx(0.4707889, abs=1e-7)
    found = kj.when(projection, "t").by(2024)
    assert abs(found.value - 0.4773844) < max(4 * found.stderr, 1e-6)
    assert found.stderr < 1e-4


def two_factors() -> kj.Study:
    """Spending 120·exp(N(.10, .05) twice), GDP 4800·exp(N(.06, .03) twice), independent; intensity their ratio."""
    return kj.Study.from_dict(
        {
            "as_of": "2020-12-31",
            "indicators": [
                {"name": "spending", "unit": "亿元", "motion": {"kind": "brownian", "drift": 0.10, "volatility": 0.05}},
                {"name": "deflated", "unit": "share", "motion": {"kind": "brownian", "drift": -0.06, "volatility": 0.03}},
                {"name": "intensity", "unit": "亿元"},
            ],
            "identities": [{"kind": "product", "result": "intensity", "factors": ["spending", "deflated"]}],
            "evidence": [
                {"kind": "level", "indicator": "spending", "year": 2020, "value": "120", "error": "0"},
                {"kind": "level", "indicator": "deflated", "year": 2020, "value": "1", "error": "0"},
            ],
        }
    )


def test_two_targets_of_a_ratio_are_bivariate_normal() -> None:
    """P(spending ≥ 150) .3717208, P(intensity ≥ 2.6 %) .6895310, both .3658852 and not their product."""
    study = two_factors()  # intensity in units of 1/4800: 2.6 % of 4800 is 124.8
    a, b = reach("150", 2022, "spending", "a"), reach("124.8", 2022, "intensity", "b")
    assert chance(study, a) == pytest.approx(0.3717208, abs=1e-7)
    assert chance(study, b) == pytest.approx(0.6895310, abs=1e-7)
    assert chance(study, a, b) == pytest.approx(0.3658852, abs=1e-7)
    projection = kj.project(study)
    either = kj.probability(projection, any_of=[a, b]).value
    assert either == pytest.approx(0.3717208 + 0.6895310 - 0.3658852, abs=1e-7)
    assert kj.probability(projection, a, given=b).value == pytest.approx(0.3658852 / 0.6895310, abs=1e-7)


@pytest.mark.parametrize(
    ("options", "known"),
    [
        ({}, (0.501, 0.516, 0.448)),
        ({"correlation": -0.4}, (0.502, 0.516, 0.443)),
        ({"change": False}, (0.452, 0.466, 0.352)),
    ],
)
def test_the_rd_block(options: dict[str, float], known: tuple[float, float, float]) -> None:
    """Identity, three printed figures, two unknown volatilities, two drifts."""
    projection = kj.project(rd_block(**options))  # type: ignore[arg-type]
    asked = ("spending", "intensity", ["spending", "intensity"])
    found = [kj.probability(projection, **({"all_of": a} if isinstance(a, list) else {"target": a})).value for a in asked]
    assert found == pytest.approx(known, abs=1e-3)


def test_the_rd_block_with_a_break() -> None:
    """The Bayes factor of the one-off is 7.0; the mixture and both branches come out."""
    projection = kj.project(rd_block(correlation=-0.4, leap=0.1, scale=0.08))
    block = projection.block("rd_intensity")
    weights = block.branch_weights()
    once, growth = weights["one_off:rd_intensity:2021"], weights["growth:rd_intensity:2021"]
    assert (once / growth) / (0.1 / 0.9) == pytest.approx(7.0, abs=0.05)
    for branch, known in (
        (None, (0.480, 0.496, 0.407)),
        ("growth:rd_intensity:2021", (0.499, 0.512, 0.443)),
        ("one_off:rd_intensity:2021", (0.456, 0.476, 0.361)),
    ):
        read = projection if branch is None else projection.read_as(branch)
        found = (
            kj.probability(read, "spending").value,
            kj.probability(read, "intensity").value,
            kj.probability(read, all_of=["spending", "intensity"]).value,
        )
        assert found == pytest.approx(known, abs=5e-3)


def test_quantiles_of_the_rd_block_and_the_gdp_it_implies() -> None:
    """Spending 10/50/90 %: 92, 150, 243; GDP of 2021: 4397, within 4387 to 4407."""
    projection = kj.project(rd_block())
    spending = kj.quantiles(projection, "rd_spending", q=(0.1, 0.5, 0.9), first_year=2025, last_year=2025).at(2025)
    assert spending == pytest.approx([92, 150, 243], abs=0.6)
    gdp = kj.quantiles(projection, "gdp", q=(0.001, 0.5, 0.999), first_year=2021, last_year=2021).at(2021)
    assert gdp[1] == pytest.approx(4397, abs=1)
    assert 4375 < gdp[0] < 4390
    assert 4404 < gdp[2] < 4420


def test_attainable_inverts_probability() -> None:
    """The level attained with 80 % is a target with a chance of 80 %."""
    projection = kj.project(rd_block(correlation=-0.4, leap=0.1))
    level = kj.attainable(projection, "rd_spending", 2025, probability=0.8)
    target = reach(f"{level.value:.9f}", 2025, "rd_spending")
    assert kj.probability(projection, target).value == pytest.approx(0.8, abs=1e-7)


def test_required_growth_and_the_yearly_path() -> None:
    """150 from 98.06 in four years: 11.2 % a year by way of 109.1, 121.3 and 134.9."""
    study = rd_block()
    assert float(kj.required_growth(study, "spending")) == pytest.approx((150 / 98.06) ** 0.25 - 1, abs=1e-12)
    assert list(kj.yearly_path(study, "spending")) == pytest.approx([109.1, 121.3, 134.9, 150.0], abs=0.05)
    points = kj.required_growth(study, "intensity")
    assert (points.way, float(points)) == ("points", pytest.approx(0.0925))


def test_a_derived_indicator_says_nothing_about_an_unconnected_one() -> None:
    """An indicator that is not connected changes no other answer by a bit."""
    study = rd_block()
    before = kj.probability(kj.project(study), "spending").value
    more = study.to_dict()
    more["indicators"].append({"name": "other", "unit": "家", "motion": {"kind": "brownian", "drift": normal(0.1, 0.1), "volatility": inv_chi2(3, 0.2)}})
    more["evidence"].append({"kind": "level", "indicator": "other", "year": 2021, "value": "617"})
    assert kj.probability(kj.project(kj.Study.from_dict(more)), "spending").value == before


def test_own_data_is_nothing_at_one_point_and_all_under_flat_beliefs() -> None:
    """Own data is one minus the derivative of posterior growth with respect to the prior mean of growth."""
    from kjproj.answers.own_data import own_data

    one = kj.project(one_walk(normal(0.05, 0.02), inv_chi2(4, 0.05), {2021: "110"}))
    assert own_data(one, "x", 2025) == pytest.approx(0.0, abs=1e-12)
    assert own_data(kj.project(one_walk(FLAT, FLAT, FOUR)), "x", 2025) == pytest.approx(1.0, abs=1e-12)
    s, tau, k = 0.05, 0.02, 3
    known = kj.project(one_walk(normal(0.05, tau), s, FOUR))
    assert own_data(known, "x", 2025) == pytest.approx(tau**2 / (tau**2 + s**2 / k), abs=1e-9)


def test_own_data_of_a_ratio_is_that_of_its_two_sides() -> None:
    """The denominator's prior mean shifts the other way, so what both sides' figures tell counts; here each tells half."""
    from kjproj.answers.own_data import own_data

    s, tau, k = 0.05, 0.05 / 3**0.5, 3
    moving = {"unit": "亿元", "motion": walk(normal(0.05, tau), s)}
    levels = [
        {"kind": "level", "indicator": name, "year": year, "value": value, "error": "0"}
        for name in ("a", "b")
        for year, value in FOUR.items()
    ]
    study = kj.Study.from_dict(
        {
            "as_of": "2021-12-31",
            "indicators": [{"name": "a", **moving}, {"name": "b", **moving}, {"name": "a_over_b", "unit": "%"}],
            "identities": [{"kind": "ratio", "result": "a_over_b", "numerator": "a", "denominator": "b"}],
            "evidence": levels,
        }
    )
    assert own_data(kj.project(study), "a_over_b", 2025) == pytest.approx(tau**2 / (tau**2 + s**2 / k), abs=1e-9)


def test_figures_that_contradict_each_other_are_widened() -> None:
    """150 and 170 with equal errors become 160 ± 10: Birge's factor makes χ² a degree of freedom equal to one."""
    study = kj.Study.from_dict(
        {
            "as_of": "2021-12-31",
            "indicators": [{"name": "x", "unit": "亿元", "scale": {"kind": "linear"}, "motion": {"kind": "brownian", "drift": 0.0, "volatility": 1e-6}}],
            "evidence": [
                {"kind": "level", "indicator": "x", "year": 2021, "value": "150", "error": "3"},
                {"kind": "level", "indicator": "x", "year": 2021, "value": "170", "error": "3"},
            ],
        }
    )
    q = kj.quantiles(kj.project(study), "x", q=(0.15865525, 0.5, 0.84134475), first_year=2021, last_year=2021).at(2021)
    assert q == pytest.approx([150, 160, 170], abs=1e-3)
    (finding,) = kj.coherence(study).of("conflict")
    assert finding.about == ("evidence[0]", "evidence[1]")
