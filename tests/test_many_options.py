"""What goes into `project_many` and is refused in words, contradictory or of another kind than expected; and what comes out as a whole."""

from __future__ import annotations

import pickle
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

import kjproj as kj

YEARS = [2019, 2020, 2021, 2022]
ONE = {"region": ["a"], 2019: [80.0], 2020: [90.0], 2021: [97.0], 2022: [110.0], "target": [150.0]}
TWO = {"region": ["a", "a"], "name": ["gdp", "rd"], **{y: [80.0 + (y - 2018) ** 2, 5.0 + (y - 2018) ** 3] for y in YEARS}, "target": [150.0, 90.0]}
ASKED = {"region": ["a", "a"], "year": [2024, 2024], "at_least": [150.0, 160.0]}


def one(data: Any = ONE, **options: Any) -> kj.Projections:
    return kj.project_many(data, **{"levels": YEARS, "at_least": "target", "target_year": 2024, **options})


def two(**options: Any) -> kj.Projections:
    return one(TWO, indicator="name", **options)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({("gdp", "rd"): 0.4, ("rd", "gdp"): 0.9}, "correlation of rd and gdp is given twice, as 0.4 and as 0.9"),
        ([("gdp", "rd", 0.4)], r"correlations is list; expected a mapping of pairs .* \{\(\"gdp\", \"rd\"\): 0.4\}"),
        (pd.DataFrame([[1.0, 0.4], [0.4, 1.0]]), "correlations is DataFrame; expected a mapping"),
        ({"gdp": 0.4}, "correlations has the key 'gdp'; expected a mapping of pairs"),
        ({"ab": 0.4}, "correlations has the key 'ab'; expected a mapping of pairs"),
        ({("gdp", "rd"): "0.4"}, r"correlations has '0.4' for \('gdp', 'rd'\)"),
    ],
)
def test_correlations_are_numbers_by_pairs(given: Any, said: str) -> None:
    with pytest.raises(kj.KjprojError, match=said):
        two(correlations=given)


def test_a_correlation_may_be_said_both_ways() -> None:
    assert two(correlations={("gdp", "rd"): 0.4, ("rd", "gdp"): 0.4}).study("a").correlations[0].value == 0.4


@pytest.mark.parametrize("as_of", ["2023-12-31", "2024-03-01", date(2024, 3, 1), datetime(2024, 12, 30, 8), np.int64(2023)])
def test_a_day_stands_for_the_year_that_ended_last(as_of: Any) -> None:
    """As in a study: the 31st of December ends its year."""
    assert one(as_of=as_of).study("a").as_of == date(2023, 12, 31)
    assert one(as_of=as_of).first_years().years.tolist() == [2024]


@pytest.mark.parametrize("as_of", ["lately", "2023", 2023.0, True, 20230301, [2023]])
def test_what_is_neither_a_year_nor_a_day_is_refused(as_of: Any) -> None:
    with pytest.raises(kj.KjprojError, match="expected the year that ended last, such as 2022, or a date such as 2022-12-31"):
        one(as_of=as_of)


def test_a_day_before_the_last_figures_is_refused() -> None:
    with pytest.raises(kj.KjprojError, match="as_of is 2022-03-01, when 2021 was the year that had ended last, and there are figures of 2022"):
        one(as_of="2022-03-01")


LEVEL = kj.Indicator(name="level", unit="index")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["gdp"], "indicators holds 'gdp'; expected a list of indicators"),
        ("gdp", "indicators is str; expected a list of indicators"),
        (LEVEL, "indicators is Indicator; expected a list"),
        (3, "indicators is int; expected a list"),
        ([LEVEL, LEVEL], "indicators has 'level' twice"),
    ],
)
def test_indicators_are_a_list_of_different_ones(given: Any, said: str) -> None:
    with pytest.raises(kj.KjprojError, match=said):
        one(indicators=given)


@pytest.mark.parametrize("levels", [[2019, 2020, 2021, 2022, 2020], {2019: 2019, "2020": 2020, 2020: 2021}, [2019, 2020, "2020"]])
def test_a_year_stands_once(levels: Any) -> None:
    with pytest.raises(kj.KjprojError, match="levels has the year 2020 twice"):
        one(levels=levels)


@pytest.mark.parametrize("scale", ["log", "linear"])
@pytest.mark.parametrize("figure", [np.inf, -np.inf])
def test_an_infinite_target_has_no_answer(scale: str, figure: float) -> None:
    found = one({**ONE, "target": [figure]}, scale=scale)
    assert np.isnan(found.probability[0])
    assert found.reasons[0] == "the target cannot lie on the scale"


@pytest.mark.parametrize("column", ["indicator", "指标"])
def test_targets_of_several_indicators_name_their_column(column: str) -> None:
    """They would all be taken for those of the one indicator."""
    with pytest.raises(kj.KjprojError, match=rf"column '{column}' that names 'gdp', .* give indicator='{column}'"):
        one(targets={**ASKED, column: ["gdp", "rd"]}, at_least=None, target_year="year")


def test_targets_may_say_that_they_are_of_the_one_indicator() -> None:
    found = one(targets={**ASKED, "indicator": ["level", "level"]}, at_least=None, target_year="year")
    assert found.probability[0] == one().probability[0]


def test_a_lazy_frame_is_collected() -> None:
    lazy = pl.LazyFrame({str(name): column for name, column in ONE.items()})
    assert one(lazy).probability[0] == one().probability[0]
    asked = pl.LazyFrame(ASKED)
    assert one(lazy, targets=asked, at_least=None, target_year="year").probability[0] == one().probability[0]


@pytest.mark.parametrize("of", ["columns", "studies"])
def test_projections_go_to_another_process(of: str) -> None:
    """Before they are asked and after: the answers are the same to the bit, and so are the studies."""
    found = two(correlations={("gdp", "rd"): 0.4}, reference_class="generic_positive")
    if of == "studies":
        found = kj.project_many({"a": found.study("a"), "b": one().study("a"), "Y": kj.datasets.yueyang()})
    before = pickle.dumps(found)
    assert np.isfinite(found.probability).any()
    for copy in map(pickle.loads, (before, pickle.dumps(found))):
        np.testing.assert_array_equal(copy.probability, found.probability)
        np.testing.assert_array_equal(copy.together().probability, found.together().probability)
        assert copy.reasons.tolist() == found.reasons.tolist()
        assert copy.study("a") == found.study("a")
        assert copy.inputs.name(0) == found.inputs.name(0)
