"""A bad study is refused with place and advice; it never ends in numpy's traceback or in a silent number."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import kjproj as kj

WRONG: list[Any] = [
    None,
    "",
    "x" * 100_000,
    -1,
    0,
    10**400,
    1e308,
    -1e308,
    5e-324,
    math.nan,
    math.inf,
    "NaN",
    "-5",
    "0",
    "999999999999999999999",
    "0.00000000000000000001",
    True,
    [],
    {},
    [None],
    {"kind": "flat"},
    {"kind": "normal", "mean": 1e300, "sd": 1e-300},
    {"kind": "normal", "mean": 0, "sd": 1e300},
    {"kind": "scaled_inv_chi2", "df": 1e-9, "scale": 1e-9},
    {"kind": "log_normal", "median": 1e-300, "sd_log": 1e-9},
    {"kind": "elicited", "low": 1, "mode": 1, "high": 1},
    {"kind": "logit", "low": 0, "high": 1},
    "2021-02-30",
    "9999-12-31",
]


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place of a document, containers too."""
    if path:
        yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from leaves(inner, (*path, key))


def put(document: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    changed = copy.deepcopy(document)
    inner: Any = changed
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return changed


def small() -> dict[str, Any]:
    """A study with every part that a document can have."""
    return {
        "kjproj": 1,
        "title": {"zh": "甲", "en": "A"},
        "as_of": "2023-03-20",
        "plan": {"name": "p", "base_year": 2020, "last_year": 2025},
        "sources": [{"name": "r", "publisher": "b", "published": "2023-03-20", "covers_until": "2022-12-31"}],
        "indicators": [
            {"name": "gdp", "unit": "亿元", "measure": "flow", "prices": "current", "scale": {"kind": "log"}, "reference_class": "gdp"},
            {
                "name": "ratio",
                "label": "R",
                "unit": "%",
                "scale": {"kind": "log"},
                "motion": {
                    "kind": "sum",
                    "parts": [
                        {
                            "kind": "brownian",
                            "drift": {"kind": "normal", "mean": 0.03, "sd": 0.02},
                            "volatility": {"kind": "scaled_inv_chi2", "df": 4, "scale": 0.06},
                        },
                        {"kind": "step", "year": 2024, "size": 0.01},
                    ],
                },
            },
            {"name": "spend", "unit": "亿元"},
            {
                "name": "share",
                "unit": "%",
                "scale": {"kind": "logit", "low": 0, "high": 100},
                "motion": {"kind": "reverting", "level": 1.5, "rate": 0.2, "volatility": {"kind": "log_normal", "median": 0.1, "sd_log": 0.4}},
            },
        ],
        "identities": [{"kind": "product", "result": "spend", "factors": ["gdp", "ratio"]}],
        "correlations": [{"between": ["gdp", "ratio"], "value": -0.4, "reason": "x"}],
        "steps": [{"indicator": "gdp", "year": 2024, "size": 0.02, "reason": "x"}],
        "evidence": [
            {"kind": "level", "indicator": "spend", "year": 2021, "value": "98.06", "unit": "亿元", "source": "r", "section": "1"},
            {"kind": "level", "indicator": "ratio", "year": 2021, "value": "2.23", "error": "0.01", "unit": "%"},
            {"kind": "change", "indicator": "ratio", "year": 2021, "since": 2020, "value": "0.66", "unit": "pp"},
            {"kind": "growth", "indicator": "gdp", "year": 2021, "since": 2020, "value": "8.1", "unit": "%", "prices": "current"},
            {"kind": "break", "indicator": "ratio", "year": 2021, "probability": 0.2, "sd": 0.5, "reason": "x"},
            {"kind": "level", "indicator": "share", "year": 2021, "value": "61.2"},
        ],
        "targets": [
            {"name": "a", "indicator": "spend", "year": 2025, "when": "at", "at_least": "150", "unit": "亿元", "nature": "expected"},
            {"name": "b", "indicator": "share", "year": 2025, "between": ["60", "70"]},
        ],
        "scenarios": [
            {"name": "trend", "reason": "x", "changes": []},
            {"name": "slow", "reason": "x", "changes": [{"indicator": "gdp", "drift": {"kind": "normal", "mean": 0.04, "sd": 0.01}}]},
        ],
    }


def test_the_small_study_is_good() -> None:
    """What is broken below is sound before."""
    assert kj.summary(kj.project(kj.Study.from_dict(small()), nodes=64)).to_dict()["joints"][0] is not None


def answers(study: kj.Study) -> list[float]:
    """Every chance of a study that was not refused, under every scenario."""
    found = []
    for scenario in [s.name for s in study.scenarios] or [None]:
        projection = kj.project(study, scenario, nodes=64)
        for target in study.targets:
            found.append(kj.probability(projection, target.name).value)
            found.extend(np.ravel(kj.quantiles(projection, target.indicator, first_year=target.year, last_year=target.year).values))
    return found


PLACES = list(leaves(small()))


@pytest.mark.parametrize("path", PLACES, ids=[".".join(map(str, p)) for p in PLACES])
def test_every_field_broken_in_turn(path: tuple[Any, ...]) -> None:
    """A `StudyError` with a place, a `KjprojError`, or finite numbers: nothing else comes out."""
    for wrong in WRONG:
        try:
            study = kj.Study.from_dict(put(small(), path, wrong))
            found = answers(study)
        except kj.StudyError as error:
            assert error.problems
            assert all(p.place and p.message for p in error.problems), (wrong, error)
            assert len(str(error)) < 6000, str(error)[:300]
        except kj.KjprojError as error:
            assert str(error)
        else:
            assert np.isfinite(found).all(), (wrong, found)


def test_every_key_left_out_and_every_key_misspelt() -> None:
    """A missing key has a default or is named; an unknown one is named with its place."""
    for path in PLACES:
        if not isinstance(path[-1], str):
            continue
        document = small()
        inner: Any = document
        for key in path[:-1]:
            inner = inner[key]
        value = inner.pop(path[-1])
        try:
            answers(kj.Study.from_dict(document))
        except kj.KjprojError as error:
            assert str(error)
        inner[path[-1] + "_"] = value
        with pytest.raises(kj.StudyError, match="kind" if path[-1] == "kind" else path[-1] + "_"):
            kj.Study.from_dict(document)
