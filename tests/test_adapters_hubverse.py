"""The hubverse's model output: what is written is read back to the bit, fits its hub's tasks, and what does not fit is named."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pandas as pd
import pytest
from exchanged import bits, same_numbers, same_quantiles, some_paths, some_quantiles
from hypothesis import given, settings
from hypothesis import strategies as st

import kjproj as kj
from kjproj.adapters import hubverse

BACKENDS = st.sampled_from(["pandas", "polars", "pyarrow"])
PLACE: dict[str, Any] = {"region": "430600", "origin_date": "2023-03-20"}
FILE = "yueyang-kjproj/2023-03-20-yueyang-kjproj.csv"


@pytest.fixture(scope="module")
def projection() -> kj.Projection:
    return kj.project(kj.datasets.yueyang())


@pytest.fixture(scope="module")
def paths(projection: kj.Projection) -> kj.Paths:
    return kj.sample(projection, 20, rng=1)


@pytest.fixture(scope="module")
def frame(projection: kj.Projection, paths: kj.Paths) -> pd.DataFrame:
    """Model output of every type that is written."""
    found: pd.DataFrame = hubverse.to_model_output(
        projection,
        region="430600",
        levels={"rd_spending": [100, 120.5, 150], "high_tech_enterprises": [800, 1000]},
        targets=["rd_spending_2025", "rd_intensity_2025"],
        paths=paths,
    )
    return found


@pytest.fixture(scope="module")
def tasks(frame: pd.DataFrame, paths: kj.Paths) -> dict[str, Any]:
    return hubverse.tasks(frame, units=paths.units, labels=paths.labels)


@settings(deadline=None, max_examples=50)
@given(some_quantiles(), BACKENDS)
def test_quantiles_come_back_to_the_bit(found: dict[str, kj.Quantiles], backend: Any) -> None:
    frame = hubverse.quantiles_to_model_output(found, scenario="trend", **PLACE, backend=backend)
    units = {name: own.unit for name, own in found.items()}
    assert same_quantiles(found, hubverse.quantiles_from_model_output(frame, units=units), labels=False)


@settings(deadline=None, max_examples=50)
@given(some_paths(equal_weights=True), BACKENDS)
def test_paths_come_back_to_the_bit(paths: kj.Paths, backend: Any) -> None:
    frame = hubverse.paths_to_model_output(paths, scenario="trend", **PLACE, backend=backend)
    assert same_numbers(paths, hubverse.paths_from_model_output(frame, units=paths.units))


@settings(deadline=None, max_examples=30)
@given(some_paths(equal_weights=True), st.sampled_from(["csv", "parquet"]))
def test_paths_come_back_from_a_file(tmp_path_factory: pytest.TempPathFactory, paths: kj.Paths, ending: Any) -> None:
    folder = tmp_path_factory.mktemp("model-output")
    frame = hubverse.paths_to_model_output(paths, scenario="trend", **PLACE)
    path = hubverse.write(frame, folder, model="yueyang-kjproj", ending=ending)
    assert same_numbers(paths, hubverse.paths_from_model_output(hubverse.read(path), units=paths.units))


@pytest.mark.parametrize("ending", ["csv", "parquet"])
@pytest.mark.parametrize("backend", ["pandas", "polars", "pyarrow"])
def test_a_file_fits_its_hub_and_comes_back(
    frame: pd.DataFrame, tasks: dict[str, Any], projection: kj.Projection, paths: kj.Paths, tmp_path: Path, ending: Any, backend: Any
) -> None:
    """Quantiles, samples, distribution functions and chances, with units from the hub's tasks."""
    path = hubverse.write(frame, tmp_path, model="yueyang-kjproj", ending=ending)
    assert path.relative_to(tmp_path).as_posix() == FILE.replace("csv", ending)
    read = hubverse.read(path, backend=backend)
    assert hubverse.check(read, tasks, file=path).ok
    assert same_numbers(paths, hubverse.paths_from_model_output(read, tasks=tasks))
    expected = {name: kj.quantiles(projection, name, q=(0.05, 0.25, 0.5, 0.75, 0.95)) for name in paths.values}
    assert same_quantiles(expected, hubverse.quantiles_from_model_output(read, tasks=tasks), labels=False)
    for name, chance in hubverse.chances_from_model_output(read).items():
        assert chance == kj.probability(projection, name).value
    cdf = hubverse.cdf_from_model_output(read)
    assert list(cdf["rd_spending"][2025]) == [100.0, 120.5, 150.0]


def test_the_distribution_function_agrees_with_the_quantiles(projection: kj.Projection) -> None:
    """At the median it is one half."""
    median = float(kj.quantiles(projection, "rd_intensity", q=(0.5,)).at(2025)[0])
    frame = hubverse.cdf_to_model_output(projection, region="430600", levels={"rd_intensity": [round(median, 12)]})
    assert hubverse.cdf_from_model_output(frame)["rd_intensity"][2025][round(median, 12)] == pytest.approx(0.5, abs=1e-6)


def test_parquet_has_the_types_that_a_hub_expects(frame: pd.DataFrame, tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    schema = pq.read_schema(hubverse.write(frame, tmp_path, model="a-b"))
    assert [f"{field.name}:{field.type}" for field in schema] == [
        "origin_date:date32[day]", "scenario_id:string", "location:string", "target:string", "horizon:int32",
        "target_end_date:date32[day]", "output_type:string", "output_type_id:string", "value:double",
    ]  # fmt: skip


def test_several_scenarios_stand_in_one_file(projection: kj.Projection) -> None:
    slow = kj.project(projection.study, "slow_economy")
    parts = [hubverse.to_model_output(one, region="430600", indicators=["gdp"]) for one in (projection, slow)]
    both = pd.concat(parts)
    assert hubverse.check(both, hubverse.tasks(both, units={"gdp": "亿元"})).ok
    found = hubverse.quantiles_from_model_output(both, scenario="slow_economy", units={"gdp": "亿元"})
    assert bits(found["gdp"].values) == bits(kj.quantiles(slow, "gdp", q=(0.05, 0.25, 0.5, 0.75, 0.95)).values)


# the hub's own configuration


def _values(item: dict[str, Any]) -> dict[str, Any]:
    listed = {"type": ["array", "null"], "uniqueItems": True, "items": item}
    return {
        "type": "object",
        "properties": {"required": listed, "optional": listed},
        "required": ["required", "optional"],
        "additionalProperties": False,
    }


def _output(ids: dict[str, Any], value: dict[str, Any], where: str = "output_type_id") -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {where: ids, "value": value, "is_required": {"type": "boolean"}},
        "required": [where, "value", "is_required"],
        "additionalProperties": False,
    }


def _listed(item: dict[str, Any]) -> dict[str, Any]:
    listed = {"type": "array", "uniqueItems": True, "items": item}
    return {"type": "object", "properties": {"required": listed}, "required": ["required"], "additionalProperties": False}


_DATE = {"type": "string", "format": "date"}
_NUMBER = {
    "type": "object",
    "properties": {"type": {"enum": ["double", "integer"]}, "minimum": {"type": "number"}, "maximum": {"type": "number"}},
    "required": ["type"],
    "additionalProperties": False,
}
_CHANCE = {
    "type": "object",
    "properties": {"type": {"const": "double"}, "minimum": {"const": 0}, "maximum": {"const": 1}},
    "required": ["type", "minimum", "maximum"],
    "additionalProperties": False,
}
_SAMPLES = {
    "type": "object",
    "properties": {
        "type": {"enum": ["character", "integer"]},
        "max_length": {"type": "integer", "minimum": 1},
        "min_samples_per_task": {"type": "integer", "minimum": 1},
        "max_samples_per_task": {"type": "integer", "minimum": 1},
        "compound_taskid_set": {"type": "array", "uniqueItems": True, "items": {"type": "string"}},
    },
    "required": ["type", "min_samples_per_task", "max_samples_per_task"],
    "additionalProperties": False,
}
_TARGET = {
    "type": "object",
    "properties": {
        "target_id": {"type": "string", "maxLength": 30},
        "target_name": {"type": "string", "maxLength": 100},
        "target_units": {"type": "string", "maxLength": 100},
        "target_keys": {"type": ["object", "null"], "minProperties": 1, "maxProperties": 1, "additionalProperties": {"type": "string"}},
        "description": {"type": "string"},
        "target_type": {"enum": ["continuous", "discrete", "date", "binary", "nominal", "ordinal", "compositional"]},
        "is_step_ahead": {"type": "boolean"},
        "time_unit": {"enum": ["day", "week", "month"]},
    },
    "required": ["target_id", "target_name", "target_units", "target_type", "target_keys", "is_step_ahead"],
    "if": {"properties": {"is_step_ahead": {"const": True}}},
    "then": {"required": ["time_unit"]},
}
_GROUP = {
    "type": "object",
    "properties": {
        "task_ids": {
            "type": "object",
            "properties": {
                "origin_date": _values(_DATE),
                "scenario_id": _values({"type": ["integer", "string"]}),
                "location": _values({"type": "string"}),
                "target": _values({"type": "string"}),
                "horizon": _values({"type": ["integer", "string"]}),
                "target_end_date": _values(_DATE),
            },
            "additionalProperties": _values({}),
        },
        "output_type": {
            "type": "object",
            "properties": {
                "quantile": _output(_listed({"type": "number", "minimum": 0, "maximum": 1}), _NUMBER),
                "cdf": _output(_listed({"type": ["number", "string"]}), _CHANCE),
                "pmf": _output(_listed({"type": "string"}), _CHANCE),
                "sample": _output(_SAMPLES, _NUMBER, "output_type_id_params"),
            },
            "additionalProperties": False,
        },
        "target_metadata": {"type": "array", "items": _TARGET},
    },
    "required": ["task_ids", "output_type", "target_metadata"],
    "additionalProperties": False,
}
SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {
        "schema_version": {"type": "string", "format": "uri"},
        "rounds": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "round_id_from_variable": {"type": "boolean"},
                    "round_id": {"type": "string"},
                    "model_tasks": {"type": "array", "items": _GROUP},
                    "submissions_due": {
                        "type": "object",
                        "properties": {"relative_to": {"type": "string"}, "start": {"type": "integer"}, "end": {"type": "integer"}},
                        "required": ["relative_to", "start", "end"],
                        "additionalProperties": False,
                    },
                    "file_format": {"type": "array", "items": {"enum": ["csv", "parquet", "arrow"]}},
                },
                "required": ["round_id_from_variable", "round_id", "model_tasks", "submissions_due"],
            },
        },
        "output_type_id_datatype": {"enum": ["auto", "character", "double", "integer", "logical", "Date"]},
        "derived_task_ids": {"type": ["array", "null"], "uniqueItems": True, "items": {"type": "string"}},
    },
    "required": ["rounds", "schema_version"],
    "additionalProperties": False,
}
"""What version 5.0.1 of the hubverse's schema of `tasks.json` requires of the parts that are used here."""


def test_the_tasks_are_as_the_schema_has_them(tasks: dict[str, Any]) -> None:
    """The configuration is valid, as JSON, by what the published schema requires; units stand in it."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    again = json.loads(json.dumps(tasks, ensure_ascii=False, allow_nan=False))
    assert again == tasks
    jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker()).validate(again)
    said = {t["target_id"]: t for group in again["rounds"][0]["model_tasks"] for t in group["target_metadata"]}
    assert said["rd_spending"]["target_units"] == "亿元"
    assert said["rd_spending"]["target_units_ascii"] == "1e8 CNY"
    assert said["rd_spending_2025"]["target_type"] == "binary"


def test_the_schema_refuses_what_is_wrong(tasks: dict[str, Any]) -> None:
    """The test's own schema is not empty: it finds a missing unit and a doubled value."""
    validator = jsonschema.Draft202012Validator(SCHEMA)
    for spoil in (
        lambda group: group["target_metadata"][0].pop("target_units"),
        lambda group: group["task_ids"]["horizon"]["required"].append(0),
        lambda group: group["output_type"].update(density={}),
    ):
        wrong = copy.deepcopy(tasks)
        spoil(wrong["rounds"][0]["model_tasks"][0])
        assert not validator.is_valid(wrong)


# the check


def _set(rows: Callable[[pd.DataFrame], Any], column: str, value: Any) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """Return a change that sets a column in the first row of those chosen."""

    def change(frame: pd.DataFrame) -> pd.DataFrame:
        out = frame.copy()
        first = out.index[rows(out)][0]
        out.loc[first, column] = value
        return out

    return change


def _of(kind: str, own: str | None = None) -> Callable[[pd.DataFrame], Any]:
    return lambda frame: (frame["output_type"] == kind) & ((frame["output_type_id"] == own) if own else True)


def _without(rows: Callable[[pd.DataFrame], Any]) -> Callable[[pd.DataFrame], pd.DataFrame]:
    return lambda frame: frame.drop(frame.index[rows(frame)][0])


WRONG: list[tuple[str, Callable[[pd.DataFrame], pd.DataFrame], str]] = [
    ("a column is missing", lambda f: f.drop(columns="horizon"), "column horizon: is missing"),
    ("a column too many", lambda f: f.assign(note=1), "column note: is not one of the tasks"),
    ("two rounds", _set(_of("cdf"), "origin_date", "2023-04-20"), "expected one round a file"),
    ("an unknown round", lambda f: f.assign(origin_date="2024-03-20"), "2024-03-20 is no round of the hub"),
    ("a wrong date", _set(_of("cdf"), "target_end_date", "2025-02-30"), "'2025-02-30' is no date"),
    ("an unknown target", _set(_of("quantile"), "target", "gpd"), "the tasks have no target 'gpd'"),
    ("an unknown place", _set(_of("quantile"), "location", "430100"), "the tasks have no location '430100'"),
    ("an unknown type", _set(_of("cdf"), "output_type", "density"), "the tasks have no output_type 'density'"),
    ("a combination", _set(_of("cdf"), "target", "gdp"), "no such combination of values"),
    ("a wrong horizon", _set(_of("quantile"), "horizon", 7), "the tasks have no horizon '7'"),
    ("an unknown quantile", _set(_of("quantile"), "output_type_id", "0.33"), "output_type_id is '0.33'; expected one of 0.05"),
    ("a sample's number", _set(_of("sample"), "output_type_id", "s1"), "output_type_id is 's1'; expected a whole number"),
    ("a category", _set(_of("pmf"), "output_type_id", "maybe"), "output_type_id is 'maybe'; expected one of yes, no"),
    ("twice", lambda f: pd.concat([f, f[_of("pmf")(f)].head(1)]), "is there 2 times; expected once"),
    ("twice, written differently", _set(_of("quantile", "0.25"), "output_type_id", "0.050"), "is there 2 times"),
    ("a quantile is missing", _without(_of("quantile", "0.5")), "has no output_type_id 0.5"),
    ("a level is missing", _without(_of("cdf")), "has no output_type_id 100.0"),
    ("a task is missing", lambda f: f[~(_of("quantile")(f) & (f["target"] == "gdp") & (f["horizon"] == 1))], "is missing; the tasks require it"),
    ("no number", lambda f: _set(_of("cdf"), "value", "high")(f.astype({"value": object})), "value is 'high'; expected a finite number"),
    ("infinite", _set(_of("sample"), "value", float("inf")), "value is inf; expected a finite number"),
    ("above 1", _set(_of("cdf"), "value", 1.2), "value is 1.2; expected one from 0 to 1"),
    ("a chance below 0", _set(_of("pmf"), "value", -0.1), "value is -0.1; expected one from 0 to 1"),
    ("falling quantiles", _set(_of("quantile", "0.5"), "value", 1e9), "less than before it; expected none that falls"),
    ("a falling cdf", _set(_of("cdf", "100"), "value", 1.0), "less than before it"),
    ("chances that do not add up", _set(_of("pmf"), "value", 0.999), "the values add up to"),
    ("a sample less", lambda f: f[f["output_type_id"] != "20"], "19 samples; expected from 20 to 20"),
    ("a sample of fewer tasks", _without(_of("sample", "20")), "sample 20: is over 47 tasks, others are over 48"),
]


@pytest.mark.parametrize(("change", "message"), [(c, m) for _, c, m in WRONG], ids=[name for name, _, _ in WRONG])
def test_what_does_not_fit_is_named(frame: pd.DataFrame, tasks: dict[str, Any], change: Any, message: str) -> None:
    assert hubverse.check(frame, tasks, file=FILE).ok
    found = hubverse.check(change(frame), tasks)
    assert not found.ok
    assert any(message in str(problem) for problem in found.problems), str(found)


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ("2023-03-20-kjproj.csv", "is no name of model output"),
        ("yueyang-kjproj/2023-03-20-岳阳-kjproj.csv", "is no name of model output"),
        ("other-model/2023-03-20-yueyang-kjproj.csv", "is in the folder other-model; expected yueyang-kjproj"),
        ("2023-04-20-yueyang-kjproj.csv", "is of the round 2023-04-20, its rows are of 2023-03-20"),
        ("2023-03-20-yueyang-kjproj.xlsx", "ends in .xlsx; expected one of csv, parquet"),
    ],
)
def test_a_wrong_file_name_is_named(frame: pd.DataFrame, tasks: dict[str, Any], file: str, message: str) -> None:
    assert any(message in str(problem) for problem in hubverse.check(frame, tasks, file=file).problems)
    assert hubverse.check(frame, tasks, file="2023-03-20-yueyang-kjproj.gz.parquet").ok


def test_samples_of_other_shapes_are_held_to_the_hub(frame: pd.DataFrame, tasks: dict[str, Any]) -> None:
    """A hub that takes marginal samples refuses joint ones; names of samples are held to their length, and to one group."""
    hub = copy.deepcopy(tasks)
    (group,) = [g for g in hub["rounds"][0]["model_tasks"] if "sample" in g["output_type"]]
    params = group["output_type"]["sample"]["output_type_id_params"]
    del params["compound_taskid_set"]
    assert "has more than one target" in str(hubverse.check(frame, hub))
    params.update(type="character", max_length=1)
    assert "output_type_id is '10'; expected at most 1 signs" in str(hubverse.check(frame, hub))
    split = copy.deepcopy(tasks)
    groups = split["rounds"][0]["model_tasks"]
    (joint,) = [g for g in groups if "sample" in g["output_type"]]
    other = copy.deepcopy(joint)
    joint["task_ids"]["target"]["required"].remove("gdp")
    other["task_ids"]["target"]["required"] = ["gdp"]
    groups.append(other)
    assert "is in two groups of tasks" in str(hubverse.check(frame, split))


def test_a_check_says_itself_in_both_languages(frame: pd.DataFrame, tasks: dict[str, Any]) -> None:
    found = hubverse.check(frame.assign(note=1), tasks)
    assert found.to_text("zh").splitlines()[0].split() == ["位置", "问题"]
    assert "<td" in found._repr_html_()
    assert repr(hubverse.check(frame, tasks)) == "Checked(fits the tasks)"
    assert hubverse.check(frame, tasks).to_text("zh") == "与预测平台任务相符。"


def _round(**change: Any) -> dict[str, Any]:
    return {"rounds": [{"round_id_from_variable": True, "round_id": "origin_date", "model_tasks": [], **change}]}


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda t: {}, "the tasks have no rounds"),
        (lambda t: _round(), "the tasks have no rounds"),
        (lambda t: {**t, "rounds": t["rounds"] * 2}, "the tasks have 2 rounds; hand in one"),
        (lambda t: {**t, "schema_version": "https://x/v3.0.1/tasks-schema.json"}, "follow version 3 of the schema"),
        (lambda t: _round(model_tasks=[{"task_ids": {"a": 1}}, {"task_ids": {}}]), "different task ids"),
        (lambda t: {**t, "rounds": [{k: v for k, v in t["rounds"][0].items() if k != "round_id"}]}, "not as the hubverse's schema"),
    ],
)
def test_wrong_tasks_are_refused(frame: pd.DataFrame, tasks: dict[str, Any], spoil: Any, message: str) -> None:
    with pytest.raises(kj.KjprojError, match=message):
        hubverse.check(frame, spoil(tasks))


def test_wrong_arguments_are_refused(projection: kj.Projection, paths: kj.Paths, frame: pd.DataFrame, tmp_path: Path) -> None:
    weighted = replace(paths, weights=np.linspace(0, 1, 20))
    falling = {"gdp": kj.quantiles(projection, "gdp", q=(0.9, 0.1))}
    long = {"x" * 31: kj.quantiles(projection, "gdp")}
    (tmp_path / "2023-03-20-a-b.csv").write_text("a,b\n1\n")
    (tmp_path / "2023-03-20-a-b.parquet").write_text("no")
    place: dict[str, Any] = {**PLACE, "scenario": "s"}
    cases: list[tuple[Callable[[], Any], str]] = [
        (lambda: hubverse.paths_to_model_output(weighted, **PLACE), "different weights, which model output cannot say"),
        (lambda: hubverse.paths_to_model_output(paths, region="r", origin_date="today"), "origin_date is 'today'"),
        (lambda: hubverse.quantiles_to_model_output(falling, **place), "probabilities of gdp are [0.9, 0.1]; expected rising ones"),
        (lambda: hubverse.cdf_to_model_output(projection, region="r", levels={"gdp": [2, 1]}), "levels of gdp are [2, 1]"),
        (lambda: hubverse.cdf_to_model_output(projection, region="r", levels={"gdp": 120}), "levels of gdp are 120; expected a list"),  # type: ignore[dict-item]
        (lambda: hubverse.to_model_output(projection, region="r", q=(2,), levels={"none": [1]}), "unknown indicator 'none'"),
        (lambda: hubverse.to_model_output(projection, region="r", q=(2,), targets=["none"]), "unknown target 'none'"),
        (lambda: hubverse.chances_to_model_output(projection, region="r", targets=["none"]), "unknown target 'none'"),
        (lambda: hubverse.tasks(frame, units={}), "no unit for gdp"),
        (lambda: hubverse.tasks(hubverse.quantiles_to_model_output(long, **place), units={"x" * 31: "亿元"}), "has 31 signs"),
        (lambda: hubverse.quantiles_from_model_output(frame), "no unit for gdp"),
        (lambda: hubverse.quantiles_from_model_output(frame, tasks={}), "not as the hubverse's schema has them"),
        (lambda: hubverse.quantiles_from_model_output(frame, region="x"), "column location has no 'x', but 430600"),
        (lambda: hubverse.chances_from_model_output(frame[frame["output_type"] != "pmf"]), 'no row has the output_type "pmf"'),
        (lambda: hubverse.file_name("2023-03-20", "kjproj"), "expected a team and a model"),
        (lambda: hubverse.write(frame, tmp_path, model="a-b", ending="xlsx"), "ending is 'xlsx'"),  # type: ignore[arg-type]
        (lambda: hubverse.write(frame.assign(origin_date=["2023-01-01", *frame["origin_date"][1:]]), tmp_path, model="a-b"), "one file for each"),
        (lambda: hubverse.read(tmp_path / "x.csv"), "is no name of model output"),
        (lambda: hubverse.read(tmp_path / "2024-03-20-a-b.csv"), "cannot be read"),
        (lambda: hubverse.read(tmp_path / "2023-03-20-a-b.csv"), "is no model output in CSV"),
        (lambda: hubverse.read(tmp_path / "2023-03-20-a-b.parquet"), "is no model output in Parquet"),
        (lambda: hubverse.check(3, {"rounds": [{"model_tasks": [{"task_ids": {}}]}]}), "is int; expected one of pandas"),
    ]
    for call, message in cases:
        with pytest.raises(kj.KjprojError) as refused:
            call()
        assert message in str(refused.value)
