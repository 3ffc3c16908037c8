"""Low, middle and high rates: quantiles of one belief, and three scenarios whose weighted chance is near the belief's."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from studies import document, four_scales, level, normal, one_walk, rd_block, reach, target, walk

import kjproj as kj
from kjproj.beliefs import Elicited, Normal
from kjproj.study.rates import weights_at

RATES = {"low": 0.03, "middle": 0.06, "high": 0.1}
CASES = ("low", "middle", "high")


def rated(study: kj.Study | None = None, **rates: Any) -> kj.Study:
    given = study or one_walk(normal(0.05, 0.03), 0.05, {2022: "100"})
    return given.with_rates("x", **{**RATES, "reason": "three cases", **rates})


def weighted(study: kj.Study, goal: kj.Target) -> float:
    """The weighted chance of the scenarios that carry a weight."""
    chosen = {s.name: kj.project(study, s.name) for s in study.scenarios if s.weight is not None}
    mixture = kj.compare(chosen, goal, weights={name: p.scenario.weight or 0.0 for name, p in chosen.items()}).mixture
    assert mixture is not None
    return mixture.value


# the belief


def cdf(belief: Elicited, x: float) -> float:
    """The distribution function by the trapezium rule on the density."""
    grid = np.linspace(belief.support[0], x, 200_001)
    whole = np.linspace(*belief.support, 400_001)
    return float(np.trapezoid(np.exp(belief.log_density(grid)), grid) / np.trapezoid(np.exp(belief.log_density(whole)), whole))


@pytest.mark.parametrize(
    ("values", "at"),
    [((2, 5, 8), (0.1, 0.5, 0.9)), ((2, 5, 9), (0.1, 0.5, 0.9)), ((-3, 1, 2), (0.05, 0.6, 0.8)), ((0.01, 0.02, 0.031), (0.25, 0.5, 0.75))],
)
def test_an_elicited_belief_has_the_quantiles_that_were_given(values: Any, at: Any) -> None:
    """F(values) = at, whatever the levels, even or lopsided."""
    belief = Elicited.from_quantiles(values, at)
    assert [cdf(belief, value) for value in values] == pytest.approx(at, abs=1e-6)


def test_the_planners_own_figures_are_kept_where_they_can_be() -> None:
    """At even levels low and high are the very values, so that a reader recognises them."""
    belief = Elicited.from_quantiles((0.02, 0.05, 0.09))
    assert (belief.low, belief.high, belief.probability) == pytest.approx((0.02, 0.09, 0.8), abs=1e-12)
    assert belief.median == pytest.approx(0.05, abs=1e-12)


@pytest.mark.parametrize("lopsided", [(0.0, 0.2, 1.0), (0.0, 0.8, 1.0)])
def test_what_is_more_lopsided_than_half_a_normal_is_refused(lopsided: Any) -> None:
    """The message says where the middle may lie: from 36 to 64 % of the way."""
    with pytest.raises(kj.KjprojError, match=r"the middle may lie from 0\.361 to 0\.639"):
        Elicited.from_quantiles(lopsided)
    Elicited.from_quantiles((0.0, 0.365, 1.0))


def test_the_variance_of_an_elicited_belief_is_that_of_its_density() -> None:
    """sd² = (1 − 2/π)(s₂ − s₁)² + s₁s₂, against the density."""
    belief = Elicited(low=4, mode=6, high=9)
    grid = np.linspace(*belief.support, 400_001)
    density = np.exp(belief.log_density(grid))
    density /= density.sum()
    assert belief.sd == pytest.approx(math.sqrt((density * (grid - belief.mean) ** 2).sum()), rel=1e-8)


# the scenarios


def test_rates_become_drifts_quantiles_and_scenarios() -> None:
    """ln(1 + r) on the scale log: the belief's quantiles, and the drift of a scenario each."""
    study = rated()
    drifts = [math.log1p(RATES[case]) for case in CASES]
    belief = study.indicator("x").motion.drift  # type: ignore[union-attr]
    assert [cdf(belief, drift) for drift in drifts] == pytest.approx([0.1, 0.5, 0.9], abs=1e-6)
    added = study.scenarios[-3:]
    assert [s.name for s in added] == ["x_low", "x_middle", "x_high"]
    assert [s.changes[0].drift for s in added] == drifts
    assert [s.weight for s in added] == [0.3, 0.4, 0.3]
    assert study.scenarios[0].name == "trend"
    assert kj.project(study).scenario.name == "trend"
    for case, drift in zip(CASES, drifts, strict=True):
        found = kj.quantiles(kj.project(study, f"x_{case}"), "x", q=(0.5,), first_year=2023, last_year=2025)
        assert found.values[:, 0] == pytest.approx([100 * (1 + RATES[case]) ** k for k in (1, 2, 3)], rel=1e-9), drift


def test_even_rates_make_a_normal_belief_within_a_fiftieth() -> None:
    """4, 6.5 and 9 %: the median is the middle rate, the outer quantiles are off by at most 2 % of their distance."""
    study = rated(low=0.04, middle=0.065, high=0.09)
    belief = study.indicator("x").motion.drift  # type: ignore[union-attr]
    assert isinstance(belief, Normal)
    low, middle, high = (math.log1p(rate) for rate in (0.04, 0.065, 0.09))
    assert belief.mean == middle
    for drift, sign in ((low, -1), (high, 1)):
        assert abs(belief.mean + sign * 1.2815515655 * belief.sd - drift) <= 0.02 * (high - low)
    assert isinstance(rated().indicator("x").motion.drift, Elicited)  # type: ignore[union-attr]


@pytest.mark.parametrize("goal", ["105", "110", "120", "130", "140"])
def test_one_figure_the_weighted_chance_is_near_the_beliefs_own(goal: str) -> None:
    """Where figures say nothing about growth and years vary as much as the rates do: within one and a half points."""
    study, wanted = rated(), reach(goal, 2025)
    assert weighted(study, wanted) == pytest.approx(kj.probability(kj.project(study), wanted).value, abs=0.015)


def test_several_figures_the_weights_no_longer_hold() -> None:
    """Figures that speak of growth update the belief and not the weights: the two are then different questions."""
    figures = {2018: "80", 2019: "90", 2020: "97", 2021: "100", 2022: "104"}
    study, wanted = rated(one_walk(normal(0.05, 0.03), 0.02, figures)), reach("120", 2025)
    own = kj.probability(kj.project(study), wanted).value
    assert abs(weighted(study, wanted) - own) > 0.1


def test_the_bundled_study_within_half_a_point() -> None:
    """GDP at 4, 6.5 and 9 %: spending and intensity, as the page on levers says."""
    study = kj.datasets.yueyang().with_rates("gdp", low=0.04, middle=0.065, high=0.09, reason="three cases")
    for name in ("rd_spending_2025", "rd_intensity_2025"):
        own = kj.probability(kj.project(study), name).value
        assert weighted(study, study.target(name)) == pytest.approx(own, abs=0.005)
    beliefs = study.indicator("gdp").beliefs
    assert beliefs is not None
    assert set(beliefs) == {"drift"}


def test_other_levels_have_the_beliefs_own_moments() -> None:
    """Weights at 20, 50 and 80 % give mean and variance of the belief; at 10 % it is the rule; some levels have none."""
    values, at = (0.02, 0.05, 0.09), (0.2, 0.5, 0.8)
    with pytest.raises(kj.KjprojError, match="no three weights at 20, 50, 80 %"):
        weights_at(Elicited.from_quantiles(values, at), values, at)
    at = (0.08, 0.5, 0.92)
    belief = Elicited.from_quantiles(values, at)
    weights = np.array(weights_at(belief, values, at))
    x = np.array(values)
    assert weights.sum() == pytest.approx(1.0)
    assert weights @ x == pytest.approx(belief.mean)
    assert weights @ (x - belief.mean) ** 2 == pytest.approx(belief.sd**2)
    assert weights_at(belief, values, (0.05, 0.5, 0.95)) == (0.185, 0.63, 0.185)


def test_a_linear_scale_takes_units_a_year() -> None:
    """On linear a rate is so many units a year."""
    study = four_scales().with_rates("index", low=0.01, middle=0.05, high=0.09, reason="r")
    assert [s.changes[0].drift for s in study.scenarios[-3:]] == [0.01, 0.05, 0.09]
    assert study.scenarios[-1].label("en") == "high (0.09 index)"  # type: ignore[misc]


def test_given_again_they_take_the_old_ones_place() -> None:
    """Three scenarios an indicator; those of another indicator stand beside them, and all else stays."""
    study = rd_block().with_rates("gdp", low=0.04, middle=0.06, high=0.08, reason="r")
    again = study.with_rates("gdp", low=0.03, middle=0.06, high=0.09, reason="s").with_rates("rd_intensity", low=0.01, middle=0.03, high=0.05, reason="r")
    assert [s.name for s in again.scenarios] == ["trend", *(f"{n}_{c}" for n in ("gdp", "rd_intensity") for c in CASES)]
    assert again.targets == study.targets
    assert rd_block().scenarios == (), "the old study stays as it is"


def test_a_weight_returns_from_every_kind_of_file(tmp_path: Path) -> None:
    """JSON, YAML and both spreadsheets give the same study, digest and weights; the words are in both languages."""
    study = rated(reason={"zh": "三种方案", "en": "three cases"})
    again = [kj.Study.from_json(study.to_json())]
    for name, lang in (("a.yaml", "en"), ("a.xlsx", "en"), ("b.xlsx", "zh")):
        study.to_file(tmp_path / name, lang=lang)  # type: ignore[arg-type]
        again.append(kj.Study.from_file(tmp_path / name))
    assert all((one, one.digest) == (study, study.digest) for one in again)
    assert [s.weight for s in again[-1].scenarios] == [None, 0.3, 0.4, 0.3]
    assert study.scenarios[1].reason("zh") == "x年均增长3.0%：三种方案"
    assert study.scenarios[1].reason("en") == "x at 3.0 % a year: three cases"
    assert study.scenarios[1].label("zh") == "低方案（3.0%）"  # type: ignore[misc]


@pytest.mark.parametrize("weight", [-0.1, 1.1, "0.3", True])
def test_a_weight_is_a_share(weight: Any) -> None:
    with pytest.raises(kj.StudyError, match=r"scenarios\[0\]\.weight"):
        kj.Study.from_dict({**one_walk(0.05, 0.05, {2022: "100"}).to_dict(), "scenarios": [{"name": "a", "reason": "r", "weight": weight}]})


def events() -> kj.Study:
    still = {"name": "still", "unit": "亿元", "motion": {"kind": "reverting", "level": 4.6, "rate": 0.1, "volatility": 0.05}}
    parks = {"name": "parks", "unit": "个", "measure": "events"}
    bare = {"name": "bare", "unit": "亿元"}
    return kj.Study.from_dict(document(indicators=[still, parks, bare, {"name": "x", "unit": "亿元", "motion": walk(0.05, 0.05)}], evidence=[level("x", 2022, "100")], targets=[target("t", "x", 2025, at_least="120")]))


@pytest.mark.parametrize(
    ("indicator", "rates", "words"),
    [
        ("still", {}, "has no drift"),
        ("parks", {}, "nothing says how parks moves"),
        ("bare", {}, "nothing says how bare moves"),
        ("x", {"low": 0.06, "middle": 0.05}, "expected rates that rise"),
        ("x", {"high": 12}, "a rate is 12; expected a fraction"),
        ("x", {"low": "3"}, "expected three numbers"),
        ("x", {"low": float("nan")}, "expected three numbers"),
        ("x", {"at": (0.1, 0.5)}, "expected three numbers that rise between 0 and 1"),
        ("x", {"at": (0.0, 0.5, 0.9)}, "expected three numbers that rise between 0 and 1"),
        ("x", {"low": 0.03, "middle": 0.06, "high": 0.12}, "between 0.03 and 0.12 the middle one may lie from 0.0617 to 0.0866"),
        ("nothing_such", {}, "unknown indicator"),
    ],
)
def test_rates_that_fit_nothing_are_refused(indicator: str, rates: Any, words: str) -> None:
    with pytest.raises(kj.KjprojError, match=words):
        events().with_rates(indicator, **{**RATES, "reason": "r", **rates})


def test_derived_indicators_and_saturating_scales_are_refused() -> None:
    """Rates belong to what moves, and to a scale on which growth is a rate."""
    with pytest.raises(kj.KjprojError, match="give the rates of one of gdp, rd_intensity"):
        rd_block().with_rates("rd_spending", **RATES, reason="r")
    with pytest.raises(kj.KjprojError, match="lies on the scale logit"):
        four_scales().with_rates("share", **RATES, reason="r")
