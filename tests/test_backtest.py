"""Backtests: scores against closed forms and a maintained package, calibration where the class is true, speed."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest
from panels import TRUE, panel

import kjproj as kj
from kjproj.beliefs.pooled import Fitted, PooledClass
from kjproj.calibration import read_panel
from kjproj.calibration.forecasters import SIMPLE, StudentT, class_forecaster, pooled_student, pooled_student_by_cell
from kjproj.calibration.panel import cases
from kjproj.calibration.scores import crps, crps_by_quantiles, interval_score, scored
from kjproj.numerics.pooled import Mixture, growth_law

CLASS = PooledClass(
    name="made", title="made", scale="log", motion="pooled", unit=None, region="any", numbers=TRUE,
    provenance=Fitted(data="made", regions="made", series=60, first_year=2005, last_year=2020, script="test", date=""),
)  # fmt: skip


def some(count: int = 50, parts: int = 5) -> tuple[Mixture, np.ndarray]:
    rng = np.random.default_rng(0)
    weights = rng.dirichlet(np.ones(parts), count)
    law = Mixture(weights, rng.normal(size=(count, parts)), rng.uniform(0.2, 2.0, (count, parts)))
    return law, rng.normal(size=count) * 2


def test_the_crps_of_a_normal_is_its_closed_form() -> None:
    law = Mixture(np.ones((1, 1)), np.array([[0.0]]), np.array([[1.0]]))
    assert crps(law, np.array([0.0]))[0] == pytest.approx(np.sqrt(2 / np.pi) - 1 / np.sqrt(np.pi), rel=1e-12)


def test_exact_crps_and_that_by_quantiles_agree() -> None:
    law, y = some()
    assert crps(law, y) == pytest.approx(crps_by_quantiles(law, y, 999), rel=5e-3)


def test_scores_agree_with_scoringrules() -> None:
    import scoringrules as package

    law, y = some()
    assert crps(law, y) == pytest.approx(package.crps_mixnorm(y, law.mean, law.sd, law.weights), rel=1e-9)
    low, high = law.quantile(0.1), law.quantile(0.9)
    assert interval_score(low, high, y, 0.8) == pytest.approx(package.interval_score(y, low, high, 0.2), rel=1e-9)
    normal = Mixture(np.ones((len(y), 1)), law.mean[:, :1], law.sd[:, :1])
    assert -np.log(normal.density(y)) == pytest.approx(package.logs_normal(y, law.mean[:, 0], law.sd[:, 0]), rel=1e-9)


def test_quantiles_invert_the_distribution_function() -> None:
    law, _ = some()
    for q in (0.005, 0.1, 0.5, 0.975):
        assert law.cdf(law.quantile(q)) == pytest.approx(q, abs=1e-9)


def test_student_s_t_is_scipy_s() -> None:
    from scipy import stats

    law, y = StudentT(3.0, np.array([0.2, 1.0]), np.array([0.5, 2.0])), np.array([0.1, 4.0])
    scipy_law = stats.t(3.0, law.center, law.scale)
    assert law.cdf(y) == pytest.approx(scipy_law.cdf(y))
    assert law.density(y) == pytest.approx(scipy_law.pdf(y))
    assert law.quantile(0.9) == pytest.approx(scipy_law.ppf(0.9))


def test_cases_are_those_with_all_years() -> None:
    frame = {"series": ["a"] * 5, "year": [2010, 2011, 2012, 2014, 2015], "value": [1.0, 2.0, 4.0, 8.0, 16.0]}
    read = read_panel(frame)
    one = cases(read, 2, 1)
    assert one.origin.tolist() == [2011]
    assert cases(read, 2, 3).origin.tolist() == [2011, 2012]
    assert cases(read, 2, 3).y == pytest.approx(np.log([4, 4]))
    assert cases(read, 2, 3, last=1).origin.tolist() == [2012]
    assert len(cases(read, 4, 1)) == 0


def test_values_off_the_scale_are_counted_and_left_out() -> None:
    read = read_panel({"series": ["a"] * 3, "year": [2010, 2011, 2012], "value": [1.0, 0.0, 2.0]})
    assert read.dropped == 1
    assert len(cases(read, 1, 1)) == 0


def test_where_the_class_is_true_ranges_hold_as_often_as_they_say() -> None:
    tested = kj.backtest(panel(400, 12, seed=5), CLASS)
    for row in tested.table(by=("n",)):
        assert row["covered_80"] == pytest.approx(0.8, abs=0.025)
        assert row["covered_95"] == pytest.approx(0.95, abs=0.015)
        assert row["covered_50"] == pytest.approx(0.5, abs=0.03)
    assert tested.pit_histogram() == pytest.approx(np.full(10, 0.1), abs=0.015)
    for row in tested.reliability():
        assert abs(row["reached"] - row["chance"]) < 0.05 or row["count"] < 500


def test_targets_are_forecast_better_than_by_the_base_rate() -> None:
    rows = {row["n"]: row for row in kj.backtest(panel(120, 14), CLASS, lengths=(1, 4), horizons=(3,)).table(by=("n",))}
    assert rows[4]["brier_skill"] > 0.02
    assert rows[4]["brier_skill"] > rows[1]["brier_skill"]


def test_ten_thousand_forecasts_take_seconds_and_are_the_engine_s() -> None:
    frame = panel(250, 14, seed=3)
    began = time.perf_counter()
    tested = kj.backtest(frame, CLASS)
    assert len(tested) > 10_000
    assert time.perf_counter() - began < 20
    read = read_panel(frame)
    rule = class_forecaster(CLASS)
    for n, h in ((1, 3), (3, 1), (6, 5)):
        x = cases(read, n, h).x[:1]
        levels = {2021 - n + k: f"{level:.12f}" for k, level in enumerate(np.exp(x[0]), start=1)}
        study = kj.Study.from_levels({"x": levels}, unit="亿元", error="0")
        from kjproj.study.pooling import pooled_motion

        motion, _ = pooled_motion(CLASS, study.indicators[0], study)
        aim = float(np.exp(x[0, -1] + 0.3))
        target = kj.Target(name="t", indicator="x", year=2021 + h, at_least=f"{aim:.12f}")
        chance = float(kj.probability(kj.project(study.with_motion("x", motion)), target))
        assert chance == pytest.approx(1.0 - rule(x, h).cdf(np.array([np.log(aim) - x[0, -1]]))[0], abs=1e-8)


def test_a_split_by_years_is_fitted_on_earlier_years_only() -> None:
    tested = kj.backtest(panel(10, 16), split="years", hold=4, lengths=(2,), horizons=(1, 3))
    assert min(tested.columns["origin"]) == 2016
    later = panel(10, 16)
    later["value"] = np.where(later["year"] > 2016, later["value"] * 5.0, later["value"])
    moved = kj.backtest(later, split="years", hold=4, lengths=(2,), horizons=(1,))
    assert moved.table(by=())[0]["covered_80"] < 0.8


def test_errors_resample_whole_years() -> None:
    """A shock common to all series leaves as many independent outcomes as years."""
    made = panel(60, 14)
    shock = np.cumsum(np.random.default_rng(2).normal(0, 0.1, 14))
    values = np.log(made["value"]).reshape(60, 14) + shock
    common = kj.backtest({**made, "value": np.exp(values).ravel()}, CLASS, lengths=(2,), horizons=(1,)).table()[0]
    apart = kj.backtest(made, CLASS, lengths=(2,), horizons=(1,)).table()[0]
    assert common["covered_80_se"] > 3 * apart["covered_80_se"]


@pytest.mark.parametrize("rule", SIMPLE.values())
def test_simple_rules_need_three_figures(rule: object) -> None:
    assert rule(np.zeros((2, 2)), 1) is None  # type: ignore[operator]
    assert rule(np.array([[0.0, 0.1, 0.15]]), 1).cdf(np.array([0.075]))[0] == pytest.approx(0.5)  # type: ignore[operator]


@pytest.mark.parametrize("pooled", [pooled_student, pooled_student_by_cell])
def test_the_law_beats_the_pooled_student_t_where_it_is_true(pooled: Any) -> None:
    train, test = read_panel(panel(60, 14, seed=1)), read_panel(panel(200, 14, seed=2))
    plain = pooled(train)
    ours = theirs = 0.0
    for n in (2, 4):
        found = cases(test, n, 3)
        ours += crps(growth_law(TRUE, found.x, 3), found.y).mean()
        theirs += crps(plain(found.x, 3), found.y).mean()
    assert ours < theirs


def test_no_case_is_an_error_that_says_so() -> None:
    with pytest.raises(kj.KjprojError, match="no case"):
        kj.backtest(panel(10, 3), CLASS, lengths=(6,), horizons=(5,))
    with pytest.raises(kj.KjprojError, match="expected 'series' or 'years'"):
        kj.backtest(panel(10, 3), CLASS, split="both")  # type: ignore[arg-type]


def test_scored_returns_chances_by_target() -> None:
    law, y = some()
    marks = scored(law, y, np.tile([-10.0, 10.0], (len(y), 1)))
    assert marks["chance"][:, 0] == pytest.approx(1.0, abs=1e-4)
    assert marks["chance"][:, 1] == pytest.approx(0.0, abs=1e-4)


def test_the_record_speaks_of_a_study_s_classes() -> None:
    study = kj.Study.from_levels({"x": {2021: "100"}}, unit="亿元", reference_class="rd_spending")
    for found in (kj.reliability(study), kj.reliability(kj.project(study)), kj.reliability("rd_spending")):
        assert 0.6 < found.classes["rd_spending"]["series"]["covered_80"] < 0.95
        assert "80 %" in str(found)
        assert "80%" in found.describe("zh")
    assert kj.reliability(["nothing"]).without == ("nothing",)
    assert "no record" in str(kj.reliability(["nothing"]))
