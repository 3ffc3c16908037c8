"""The partially pooled walk: its laws, the plain recipe's numbers through the engine, and other kinds of evidence."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.stats import multivariate_normal, norm

import kjproj as kj
from kjproj.beliefs import LogNormalRule, Normal
from kjproj.beliefs.pooled import PooledClass, PooledNumbers
from kjproj.motions import Brownian, Pooled
from kjproj.numerics.pooled import growth_law
from kjproj.study.pooling import motion_of, pooled_motion, scale_at
from kjproj.testing import check_motion

NUMBERS = PooledNumbers(
    drift=0.05, scale=0.08, spread=0.8, drift_spread=0.03, noise=0.06, tie=0.3, size=-0.3, pull=-0.002, change=0.8,
    center=4.6, low=-2, high=2,
)  # fmt: skip
ORACLES = [
    ((100,), 3, 120, 0.420394),
    ((80, 90, 97, 110), 2, 150, 0.068567),
    ((90, 110), 5, 130, 0.710966),
    ((50, 52, 51, 60, 63, 64), 1, 70, 0.312454),
]


def study_of(levels: tuple[float, ...], numbers: PooledNumbers = NUMBERS, **changes: Any) -> kj.Study:
    years = range(2022 - len(levels), 2022)
    texts = {year: f"{level:g}" for year, level in zip(years, levels, strict=True)}
    motion = motion_of(numbers, scale_at(numbers, float(np.log(levels[-1]))), 2021, "c")
    return kj.Study.from_levels({"x": texts}, unit="亿元", error="0").with_motion("x", motion.model_copy(update=changes))


def chance(study: kj.Study, year: int, level: float, **options: Any) -> kj.Estimate:
    target = kj.Target(name="t", indicator="x", year=year, at_least=f"{level:g}")
    return kj.probability(kj.project(study), target, **options)


def test_the_laws_of_motions_hold() -> None:
    assert set(check_motion(Pooled).values()) == {"PASSED"}


@pytest.mark.parametrize(("levels", "h", "target", "expected"), ORACLES)
def test_the_plain_recipe_and_the_engine_agree(levels: tuple[float, ...], h: int, target: float, expected: float) -> None:
    closed = 1.0 - growth_law(NUMBERS, np.log([levels]), h).cdf(np.log([target / levels[-1]]))[0]
    assert closed == pytest.approx(expected, abs=1e-6)
    assert float(chance(study_of(levels), 2021 + h, target)) == pytest.approx(closed, abs=1e-12)


@pytest.mark.parametrize("h", [1, 2, 5])
@pytest.mark.parametrize("n", [1, 2, 3, 4, 6])
def test_all_ties_at_once_agree_with_the_closed_form(n: int, h: int) -> None:
    numbers = NUMBERS.model_copy(update={"lean": 0.1, "common_drift": 0.02, "pull": 0.01, "noise": 0.3})
    levels = (50, 52, 51, 60, 63, 64)[:n]
    closed = 1.0 - growth_law(numbers, np.log([levels]), h).cdf(np.log([70 / levels[-1]]))[0]
    assert float(chance(study_of(levels, numbers), 2021 + h, 70)) == pytest.approx(closed, abs=1e-10)


def test_without_ties_and_noise_it_is_brownian_motion() -> None:
    z = np.random.default_rng(0).standard_normal((3, 2, 6))
    pooled = Pooled(drift=0.05, volatility=0.1, scale=0.1)
    assert pooled.path(1.0, np.ones(6), z) == pytest.approx(
        Brownian(drift=0.05, volatility=0.1).path(1.0, np.ones(6), z[:, 0])
    )


def test_simulation_agrees() -> None:
    study = study_of((80, 90, 97, 110))
    found = chance(study, 2023, 130, method="simulate")
    assert abs(found.value - chance(study, 2023, 130).value) < 5 * found.stderr


def rounded(*evidence: dict[str, Any]) -> kj.Study:
    study = study_of((97, 110))
    items = [item for item in study.to_dict()["evidence"] if item["year"] != 2020]
    data = {**study.to_dict(), "as_of": "2023-03-20", "evidence": [*items, *evidence]}
    return kj.Study.from_dict(data)


def test_every_kind_of_evidence_conditions_it() -> None:
    alone = float(chance(rounded(), 2023, 130))
    grew = {"kind": "growth", "indicator": "x", "year": 2021, "value": "25", "unit": "%"}
    partial = {"kind": "partial", "indicator": "x", "year": 2022, "period": "Q1-Q3", "value": "110", "unit": "亿元", "share": {"kind": "normal", "mean": 0.75, "sd": 0.02}}
    bound = {"kind": "bound", "indicator": "x", "year": 2022, "more_than": "125", "unit": "亿元"}
    change = {"kind": "change", "indicator": "x", "year": 2021, "since": 2020, "value": "20", "unit": "亿元"}
    for item in (grew, partial, bound, change):
        moved = float(chance(rounded(item), 2023, 130))
        assert moved > alone + 0.01, item["kind"]


def test_growth_alone_counts_as_the_two_levels_do() -> None:
    levels = float(chance(study_of((97, 110)), 2023, 130))
    grew = {"kind": "growth", "indicator": "x", "year": 2021, "value": f"{100 * (110 / 97 - 1):.10f}", "unit": "%"}
    assert float(chance(rounded(grew), 2023, 130)) == pytest.approx(levels, abs=1e-5)


def class_of(**changes: Any) -> PooledClass:
    data = {
        "name": "c", "title": "a class", "scale": "log", "motion": "pooled", "unit": "亿元", "region": "province",
        "numbers": NUMBERS.model_copy(update={"common_drift": 0.03}).model_dump(),
        "provenance": {"data": "made", "regions": "made", "series": 9, "first_year": 2000, "last_year": 2020,
                       "script": "test", "date": "2024-01-01"},
    }  # fmt: skip
    return PooledClass.model_validate({**data, **changes})


def indicator_of(**changes: Any) -> kj.Indicator:
    return kj.Indicator(name="x", unit="亿元", **changes)


def test_a_class_of_provinces_is_widened_for_a_city_and_says_so() -> None:
    own, none = pooled_motion(class_of(), indicator_of(region="province"), None)
    city, notes = pooled_motion(class_of(), indicator_of(region="city"), None)
    assert not none
    assert city.scale == pytest.approx(own.scale * 2**0.5)
    assert city.deviation.sd == pytest.approx(own.deviation.sd * 2**0.5)
    assert "province" in notes[0]("en")
    assert "城市" in notes[0]("zh")


def test_a_level_outside_the_range_and_an_extreme_growth_widen_and_say_so() -> None:
    indicator = indicator_of().model_copy(update={"region": "province"})
    far = pooled_motion(class_of(), indicator, study_of((2000, 2100)))[1]
    leap = pooled_motion(class_of(), indicator, study_of((60, 100)))[1]
    usual = pooled_motion(class_of(), indicator, study_of((97, 100)))[1]
    assert len(far) == 1
    assert "outside" in far[0]("en")
    assert len(leap) == 1
    assert "beyond" in leap[0]("en")
    assert not usual
    (unsaid,) = pooled_motion(class_of(), indicator_of(), study_of((97, 100)))[1]
    assert "which kind of region this is is not said" in unsaid("en")


def test_the_unit_of_the_study_changes_nothing() -> None:
    yuan = pooled_motion(class_of(), indicator_of(), study_of((97, 100)))[0]
    ten_thousand = kj.Indicator(name="x", unit="万元")
    study = kj.Study.from_dict({**study_of((97, 100)).to_dict(), "targets": []})
    levels = {2020: "970000", 2021: "1000000"}
    other = kj.Study.from_levels({"x": levels}, unit="万元", error="0").with_motion("x", study.indicators[0].motion)
    moved = pooled_motion(class_of(), ten_thousand, other)[0]
    assert moved.scale == pytest.approx(yuan.scale)
    assert moved.center - yuan.center == pytest.approx(np.log(1e4))


def test_indicators_of_a_class_share_what_the_coming_years_add() -> None:
    def joint(shared: str | None) -> tuple[float, float]:
        numbers = NUMBERS.model_copy(update={"common_drift": 0.05})
        levels = {name: {2020: "97", 2021: "110"} for name in ("x", "y")}
        study = kj.Study.from_levels(levels, unit="亿元", error="0")
        motion = motion_of(numbers, 0.08, 2021, shared)
        study = study.with_motion("x", motion).with_motion("y", motion)
        study = study.with_target(*(kj.Target(name=n, indicator=n, year=2024, at_least="130") for n in ("x", "y")))
        projection = kj.project(study)
        return float(kj.probability(projection, all_of=["x", "y"])), float(kj.probability(projection, "x"))

    both, one = joint("c")
    apart, alone = joint(None)
    assert one == pytest.approx(alone, abs=1e-9)
    assert apart == pytest.approx(alone**2, abs=1e-6)
    assert both > apart + 0.02


def sharing(names: str, *, common: float = 0.05, last_year: int = 2021, **levels: str) -> kj.Study:
    """Walks with a known volatility of .08 and drift of .07 from exact levels of 2021, and what the years to come add to all."""
    motion = Pooled(drift=0.07, common=Normal(mean=0.0, sd=common), volatility=0.08, scale=0.08, last_year=last_year, shared="c")
    study = kj.Study.from_levels({n: {2021: levels.get(n, "110")} for n in names}, unit="亿元", error="0")
    for name in names:
        study = study.with_motion(name, motion)
    return study.with_target(*(kj.Target(name=f"{n}_2024", indicator=n, year=2024, at_least="130") for n in names))


def test_a_shared_draw_of_which_no_figure_speaks_leaves_blocks_apart_and_correlates_them() -> None:
    """P(both) is bivariate normal with correlation h²s²/(h²s² + hσ²), as computed and as simulated; marginals are exact."""
    projection = kj.project(sharing("xy"))
    assert len(projection.blocks) == 2
    h, own, shared = 3, 3 * 0.08**2, (3 * 0.05) ** 2
    z = (np.log(130 / 110) - h * 0.07) / np.sqrt(own + shared)
    exact = multivariate_normal(cov=[[1, shared / (own + shared)], [shared / (own + shared), 1]]).cdf([-z, -z])
    found = kj.probability(projection, all_of=["x_2024", "y_2024"])
    assert found.value == pytest.approx(exact, abs=1e-9)
    assert kj.probability(projection, "x_2024").value == pytest.approx(float(norm.cdf(-z)), abs=1e-12)
    simulated = kj.probability(projection, all_of=["x_2024", "y_2024"], method="simulate")
    assert simulated.value == pytest.approx(exact, abs=5 * simulated.stderr)
    paths = kj.sample(projection, 50_000, last_year=2024).values
    together = np.corrcoef(np.log(paths["x"][:, -1]), np.log(paths["y"][:, -1]))[0, 1]
    assert together == pytest.approx(shared / (own + shared), abs=0.02)


def test_a_sum_of_indicators_that_share_a_draw_is_wider_than_one_of_independent_ones() -> None:
    """The standard deviation of x + y on levels follows from both variances and the shared part, by paths."""
    study = sharing("xy")
    parts = {"kind": "sum", "result": "z", "parts": ["x", "y"]}
    data = study.to_dict()
    data["indicators"].append({"name": "z", "unit": "亿元"})
    whole = kj.project(kj.Study.from_dict({**data, "identities": [parts]}))
    z = np.log(kj.sample(whole, 100_000, last_year=2024).values["z"][:, -1])
    own, shared = 3 * 0.08**2, (3 * 0.05) ** 2
    assert z.std() == pytest.approx(np.sqrt(own / 2 + shared), rel=0.02)


def test_a_figure_of_a_year_in_which_the_shared_draw_is_felt_joins_the_blocks() -> None:
    """News about x after the last year moves y, and does so as the joint normal law says."""
    study = sharing("xy")
    figure = {"kind": "level", "indicator": "x", "year": 2022, "value": "130", "error": "0"}
    later = kj.Study.from_dict({**study.to_dict(), "as_of": "2022-12-31"}).with_evidence(figure)
    projection = kj.project(later)
    assert len(projection.blocks) == 1
    own, shared = 0.08**2, 0.05**2
    gain = shared / (own + shared)
    surprise = np.log(130 / 110) - 0.07
    mean = 3 * (0.07 + gain * surprise)
    sd = np.sqrt(3 * own + 9 * (shared - gain * shared))
    chance_of_y = 1 - norm.cdf((np.log(130 / 110) - mean) / sd)
    assert kj.probability(projection, "y_2024").value == pytest.approx(float(chance_of_y), abs=1e-9)


@pytest.mark.parametrize("what", ["a bound", "a commitment"])
def test_bounds_and_commitments_join_blocks_that_share_a_draw(what: str) -> None:
    """Paths are drawn again where they miss one, so what is shared must be drawn with them: computed and simulated agree."""
    study = sharing("xy")
    if what == "a bound":
        study = study.with_evidence({"kind": "bound", "indicator": "x", "year": 2021, "more_than": "100"})
    else:
        kept = {"target": "x_2024", "credibility": 0.5, "reason": "r"}
        study = kj.Study.from_dict({**study.to_dict(), "scenarios": [{"name": "s", "reason": "r", "commitments": [kept]}]})
    projection = kj.project(study)
    assert len(projection.blocks) == 1
    computed, drawn = (kj.probability(projection, all_of=["x_2024", "y_2024"], method=m) for m in ("auto", "simulate"))
    assert computed.value == pytest.approx(drawn.value, abs=5 * (computed.stderr + drawn.stderr))


def test_many_indicators_of_a_class_are_no_slower_than_a_few() -> None:
    """Twelve with one figure each have twelve small blocks, and the chance of all is an orthant over them."""
    names = "abcdefghijkl"
    study = kj.Study.from_levels({n: {2021: "8.1"} for n in names}, unit="亿元", reference_class="rd_spending")
    goals = [kj.Target(name=f"{n}_2024", indicator=n, year=2024, at_least="10") for n in names]
    projection = kj.project(study.with_target(*goals))
    assert len(projection.blocks) == len(names)
    one, every = kj.probability(projection, "a_2024").value, kj.probability(projection, all_of=goals)
    simulated = kj.probability(projection, all_of=goals, method="simulate")
    assert one**12 + 0.01 < every.value < one
    assert every.value == pytest.approx(simulated.value, abs=5 * (every.stderr + simulated.stderr))


def test_many_indicators_take_the_log_normal_belief_for_the_rule() -> None:
    """Five in one block are more combinations than nodes: the answer stays within a hundredth."""
    numbers = NUMBERS.model_copy(update={"common_drift": 1e-6})
    levels = {name: {2020: "97", 2021: "110"} for name in "xabcd"}
    motion = motion_of(numbers, scale_at(numbers, float(np.log(110))), 2021, "c")
    study = kj.Study.from_levels(levels, unit="亿元", error="0")
    for name in "xabcd":
        study = study.with_motion(name, motion)
    links = [{"between": ["x", name], "value": 0.0, "reason": "one block"} for name in "abcd"]
    study = kj.Study.from_dict({**study.to_dict(), "correlations": links})
    assert len(kj.project(study).blocks) == 1
    assert float(chance(study, 2023, 130)) == pytest.approx(float(chance(study_of((97, 110)), 2023, 130)), abs=0.01)


def test_a_rule_is_a_distribution() -> None:
    for points in (3, 9):
        belief = LogNormalRule(median=0.1, sd_log=0.5, points=points)
        values, log_weights = belief.rule
        assert np.exp(log_weights).sum() == pytest.approx(1.0)
        drawn = np.log(belief.sample(np.random.default_rng(0), 20_000))
        assert drawn.std() == pytest.approx(np.sqrt(np.exp(log_weights) @ (values - np.log(0.1)) ** 2), rel=0.03)
