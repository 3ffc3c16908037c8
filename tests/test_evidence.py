"""Evidence says where the levels stand, and what is wrong with a figure is said at its place."""

from __future__ import annotations

import math
from typing import Any

import pytest

from kjproj.errors import StudyError
from kjproj.study import Study

WALK = {"kind": "brownian", "drift": 0.05, "volatility": 0.1}


def study(*evidence: dict[str, Any], **fields: Any) -> Study:
    items = [{"indicator": "rd", **item} for item in evidence]
    indicators = [{"name": "rd", "unit": "亿元", "motion": WALK}]
    return Study.from_dict({"as_of": "2023-03-20", "indicators": indicators, "evidence": items, **fields})


def level(year: int, value: str, **fields: Any) -> dict[str, Any]:
    return {"kind": "level", "year": year, "value": value, **fields}


def change(year: int, value: str, **fields: Any) -> dict[str, Any]:
    return {"kind": "change", "year": year, "value": value, "unit": "亿元", **fields}


def growth(year: int, value: str, **fields: Any) -> dict[str, Any]:
    return {"kind": "growth", "year": year, "value": value, **fields}


def test_changes_and_growth_lead_from_stated_levels_to_others() -> None:
    told = study(growth(2022, "10"), level(2021, "98.06"), change(2021, "8.06"), growth(2020, "-10", since=2018))
    assert told.stated["rd"] == pytest.approx({2022: 107.866, 2021: 98.06, 2020: 90.0, 2018: 100.0}, rel=1e-12)


def test_a_stated_level_stands_before_one_that_follows_from_a_change() -> None:
    told = study(level(2021, "98.06"), change(2021, "8"), level(2020, "91"))
    assert told.published("rd", 2020) == 91


def test_a_figure_in_another_unit_of_its_quantity_is_the_same_figure() -> None:
    (row,) = study(level(2021, "980600", unit="万元")).evidence[0].rows(study(level(2021, "1")), "here")
    (own,) = study(level(2021, "98.06", error="0.00005")).evidence[0].rows(study(level(2021, "1")), "here")
    assert (row.value, row.sd) == pytest.approx((own.value, own.sd), rel=1e-12)
    assert row.sd == pytest.approx(0.00005 / math.sqrt(3) / 98.06, rel=1e-12)


@pytest.mark.parametrize(
    ("evidence", "place"),
    [
        ([level(2021, "98.06", error="-1")], "evidence[0].error: an error of -1 is negative"),
        ([change(2021, "1"), growth(2021, "-100"), level(2021, "9")], "evidence[1].value: a growth of -100 %"),
        ([level(2021, "9", unit="家")], "evidence[0].unit: 家 measures count of 家"),
        ([level(2021, "-9")], "evidence[0].value: -9 亿元 in 2021 cannot lie on a scale from 0"),
        ([level(2021, "9"), change(2021, "10")], "evidence[1].value: a change of 10 leads to -1 in 2020"),
        ([change(2021, "1", since=2021)], "evidence[0].since: since is 2021 and year is 2021"),
    ],
)
def test_a_wrong_figure_is_refused_at_its_place(evidence: list[dict[str, Any]], place: str) -> None:
    with pytest.raises(StudyError) as error:
        study(*evidence)
    assert place in str(error.value)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ([{"level": 3}], "scenarios[0].changes[0]: the motion brownian of rd has no level; it has drift, volatility"),
        ([{"volatility": {"kind": "normal", "mean": 1, "sd": 1}}], "scenarios[0].changes[0]: volatility is positive"),
        ([{"drift": {"kind": "normal", "mean": 1, "sd": -1}}], "scenarios[0].changes[0].drift.sd: input should be"),
        ([{"drift": 0.1}, {"drift": 0.2}], "scenarios[0].changes: 'rd' stands 2 times"),
        ([{"drift": "fast"}], "scenarios[0].changes[0].drift: expected a number such as 0.05"),
    ],
)
def test_a_scenario_that_does_not_fit_its_motion_is_refused_at_its_place(changes: list[Any], message: str) -> None:
    scenario = {"name": "s", "reason": "r", "changes": [{"indicator": "rd", **change} for change in changes]}
    with pytest.raises(StudyError) as error:
        study(level(2021, "9"), scenarios=[scenario])
    assert message in str(error.value)


def test_the_place_of_a_wrong_parameter_names_every_field_on_the_way_and_no_kind() -> None:
    part = {"kind": "reverting", "level": {"kind": "normal", "mean": 1, "sd": -1}, "rate": 0.3, "volatility": 0.1}
    with pytest.raises(StudyError) as error:
        study(level(2021, "9")).with_motion("rd", {"kind": "sum", "parts": [part]})
    assert [problem.place for problem in error.value.problems] == ["indicators[0].motion.parts[0].level.sd"]


def test_a_plan_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(StudyError, match="plan: base_year 2025 is not before last_year 2020"):
        study(level(2021, "9"), plan={"name": "十四五", "base_year": 2025, "last_year": 2020})


@pytest.mark.parametrize("year", ["2020", 0, 2020.5])
def test_levels_of_what_is_no_year_are_refused(year: Any) -> None:
    with pytest.raises(ValueError, match="is not a calendar year"):
        Study.from_levels({"rd": {year: "97"}}, unit="亿元")
