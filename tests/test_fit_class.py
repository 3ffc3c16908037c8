"""Reference classes: what ships, and fitting one's own."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pandas as pd
import pytest
from panels import TRUE, panel

import kjproj as kj
from kjproj.beliefs.pooled import PooledClass
from kjproj.beliefs.reference import class_names, reference_class
from kjproj.calibration import fit_class
from kjproj.calibration.fit import common_drift
from kjproj.calibration.panel import read_panel

FITTED = [name for name in class_names() if isinstance(reference_class(name), PooledClass)]
NEEDED = {
    "rd_spending", "city_gdp", "contract_turnover", "contract_count", "high_tech_enterprises", "patents_in_force",
    "patent_grants", "fiscal_science", "gerd_share", "internet_users", "generic_positive", "generic_ratio",
}  # fmt: skip


@pytest.fixture(scope="module")
def fitted() -> PooledClass:
    return fit_class(panel(40))


def test_the_classes_that_reports_need_are_shipped() -> None:
    assert set(FITTED) >= NEEDED


@pytest.mark.parametrize("name", FITTED)
def test_a_shipped_class_says_where_it_comes_from_and_gives_an_answer(name: str) -> None:
    cls = reference_class(name)
    assert isinstance(cls, PooledClass)
    assert cls.provenance.series >= 8
    assert cls.provenance.script
    assert cls.provenance.licence
    unit = cls.unit or "亿元"
    data: dict[str, Any] = {"as_of": "2022-12-31", "indicators": [{"name": "x", "unit": unit, "reference_class": name}]}
    if cls.scale == "logit":
        data["indicators"][0]["scale"] = {"kind": "logit", "low": 0, "high": 100}
    data["evidence"] = [{"kind": "level", "indicator": "x", "year": 2022, "value": "40"}]
    study = kj.Study.from_dict({"kjproj": 1, "title": "t", **data})
    low, high = (float(kj.attainable(kj.project(study), "x", 2025, probability=p)) for p in (0.9, 0.1))
    assert 0 < low < high


def test_a_fit_finds_the_numbers_that_made_the_series(fitted: PooledClass) -> None:
    found = fitted.numbers
    assert found.drift == pytest.approx(TRUE.drift, abs=0.01)
    assert found.scale == pytest.approx(TRUE.scale, rel=0.2)
    assert found.drift_spread == pytest.approx(TRUE.drift_spread, abs=0.012)
    assert fitted.provenance.series == 40
    assert (fitted.provenance.first_year, fitted.provenance.last_year) == (2005, 2020)


def test_a_fit_takes_seconds_and_reads_a_pandas_frame(fitted: PooledClass) -> None:
    frame = pd.DataFrame(panel(40)).rename(columns={"series": "region", "value": "level"})
    began = time.perf_counter()
    again = fit_class(frame, series="region", value="level")
    assert time.perf_counter() - began < 30
    assert again.numbers == fitted.numbers


def test_a_fitted_class_is_written_and_read(fitted: PooledClass) -> None:
    assert PooledClass.model_validate_json(fitted.model_dump_json()) == fitted


def test_more_regions_do_not_shrink_the_common_part_of_the_drift() -> None:
    rng = np.random.default_rng(1)
    common = np.repeat(rng.normal(0, 0.03, 4), 4)

    def of(count: int) -> float:
        made = panel(count, 16)
        values = np.log(made["value"]).reshape(count, 16) + np.cumsum(common)
        return common_drift(read_panel({**made, "value": np.exp(values).ravel()}), 0.06)

    assert of(15) > 0.2 * 0.06
    assert of(120) == pytest.approx(of(15), rel=0.4)


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        ({"series": ["a"], "year": [2020]}, "no column 'value'"),
        ({"series": ["a", "a"], "year": [2020, 2020], "value": [1, 2]}, "the year 2020 twice"),
        ({"series": ["a", "a"], "year": [2020.5, 2021], "value": [1, 2]}, "expected calendar years"),
        ({"series": ["a", "a"], "year": [2020, 2021], "value": [1, 2]}, "a class needs 8 or more"),
    ],
)
def test_a_frame_that_cannot_be_fitted_is_refused(frame: Any, message: str) -> None:
    with pytest.raises(kj.KjprojError, match=message):
        fit_class(frame)


def test_a_class_in_another_unit_is_refused() -> None:
    with pytest.raises(kj.StudyError, match=r"indicators\[0\].unit: class rd_spending is in 万元"):
        kj.Study.from_levels({"x": {2021: "100"}}, unit="家", reference_class="rd_spending")


def test_own_beliefs_need_a_class() -> None:
    indicator = {"name": "x", "unit": "亿元", "beliefs": {"drift": 0.05}}
    with pytest.raises(kj.StudyError, match=r"indicators\[0\].beliefs"):
        kj.Study.from_dict({"kjproj": 1, "title": "t", "as_of": "2021-12-31", "indicators": [indicator]})


def test_own_beliefs_take_the_place_of_the_class_s() -> None:
    def chance(**own: Any) -> float:
        indicator = {"name": "x", "unit": "亿元", "reference_class": "rd_spending", **own}
        evidence = {"kind": "level", "indicator": "x", "year": 2021, "value": "100"}
        study = kj.Study.from_dict(
            {"kjproj": 1, "title": "t", "as_of": "2021-12-31", "indicators": [indicator], "evidence": [evidence]}
        )
        return float(kj.probability(kj.project(study), kj.Target(name="t", indicator="x", year=2024, at_least="130")))

    slow = {"kind": "normal", "mean": 0.02, "sd": 0.01}
    assert chance(beliefs={"drift": slow}) < chance() - 0.2
    assert chance(region="city") != chance()
    assert chance(region="province") == chance()


def test_a_class_whose_period_is_over_states_the_growth_of_today() -> None:
    cls = reference_class("city_gdp")
    assert isinstance(cls, PooledClass)
    assert cls.today is not None
    assert cls.today.drift.center < cls.numbers.drift - 0.03
    assert cls.today.reason("en")


def test_three_peers_move_a_class_part_of_the_way() -> None:
    made = panel(3, 8)
    slow = {**made, "value": made["value"] * 50.0 * np.exp(-0.08 * (made["year"] - 2005))}
    base = reference_class("rd_spending")
    assert isinstance(base, PooledClass)
    own = fit_class(slow, base="rd_spending", unit="万元").numbers
    assert 0.0 < own.drift < base.numbers.drift - 0.005
    with pytest.raises(kj.KjprojError, match="give a class in their unit"):
        fit_class(made, base="rd_spending", unit="亿元")
    with pytest.raises(kj.KjprojError, match="2 or more"):
        fit_class(panel(1), base="rd_spending", unit="万元")
