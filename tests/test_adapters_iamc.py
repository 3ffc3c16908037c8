"""The IAMC's tables: pyam reads them, and what is read back is what was written, to the bit, with its unit."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from exchanged import bits, same_numbers, same_quantiles, some_paths, some_quantiles
from hypothesis import given, settings
from hypothesis import strategies as st

import kjproj as kj
from kjproj.adapters.iamc import (
    figures_from_iamc,
    figures_to_iamc,
    levels_from_iamc,
    levels_to_iamc,
    paths_from_iamc,
    paths_to_iamc,
    quantiles_from_iamc,
    quantiles_to_iamc,
    to_iamc,
)
from kjproj.adapters.iamc.quantiles import percentile
from kjproj.adapters.other_units import figure_in, shifted
from kjproj.figures import number
from kjproj.units import convert, known_units, unit

LAYOUTS = st.sampled_from(["long", "wide"])
BACKENDS = st.sampled_from(["pandas", "polars", "pyarrow"])
VARIABLES = {"rd_spending": "R&D|Spending", "gdp": "GDP|MER"}


@pytest.fixture(scope="module")
def pyam() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pyam

        return pyam


@pytest.fixture(scope="module")
def projections() -> list[kj.Projection]:
    study = kj.datasets.yueyang()
    return [kj.project(study), kj.project(study, "slow_economy")]


@settings(deadline=None, max_examples=60)
@given(some_quantiles(), LAYOUTS, BACKENDS)
def test_quantiles_come_back_to_the_bit(found: dict[str, kj.Quantiles], layout: Any, backend: Any) -> None:
    """Also their probabilities, which stand in the variables' names; labels have no place."""
    frame = quantiles_to_iamc(found, scenario="trend", region="岳阳", layout=layout, backend=backend)
    assert same_quantiles(found, quantiles_from_iamc(frame), labels=False)


@settings(deadline=None, max_examples=60)
@given(some_paths(equal_weights=True), LAYOUTS, BACKENDS)
def test_paths_come_back_to_the_bit(paths: kj.Paths, layout: Any, backend: Any) -> None:
    frame = paths_to_iamc(paths, scenario="trend", region="岳阳", layout=layout, backend=backend)
    assert same_numbers(paths, paths_from_iamc(frame))


@settings(deadline=None, max_examples=100)
@given(st.floats(0.0, 1.0, exclude_min=True, exclude_max=True))
def test_a_probability_comes_back_from_its_variable(q: float) -> None:
    """The text of a percentile is exact in decimals."""
    table = {"a": kj.Quantiles(np.array([2025]), np.array([q]), np.array([[1.0]]), "家")}
    frame = quantiles_to_iamc(table, scenario="s", region="r")
    assert bits(quantiles_from_iamc(frame)["a"].q) == bits([q])


def test_percentiles_are_named_as_in_the_ar6_database() -> None:
    assert [percentile(q) for q in (0.05, 0.167, 0.5, 0.975)] == [
        "5.0th Percentile", "16.7th Percentile", "50.0th Percentile", "97.5th Percentile",
    ]  # fmt: skip


@pytest.mark.parametrize("layout", ["long", "wide"])
def test_pyam_takes_several_scenarios(pyam: Any, projections: list[kj.Projection], layout: Any, tmp_path: Path) -> None:
    """An `IamDataFrame` holds both scenarios, hierarchical variables and units; from it, and from its CSV, all comes back."""
    names = ["gdp", "rd_spending"]
    frame = to_iamc(projections, indicators=names, q=(0.1, 0.5, 0.9), region="Yueyang", variables=VARIABLES, layout=layout)
    held = pyam.IamDataFrame(frame)
    assert held.scenario == ["slow_economy", "trend"]
    assert held.unit == ["亿元"]
    assert "R&D|Spending|50.0th Percentile" in held.variable
    assert set(held.filter(variable="R&D|*", level=1).variable) == {v for v in held.variable if v.startswith("R&D")}
    held.to_csv(tmp_path / "x.csv")
    for source in (frame, held, pd.read_csv(tmp_path / "x.csv", float_precision="round_trip")):
        for projection in projections:
            expected = {name: kj.quantiles(projection, name, q=(0.1, 0.5, 0.9)) for name in names}
            found = quantiles_from_iamc(source, scenario=projection.scenario.name, variables=VARIABLES)
            assert same_quantiles(expected, found, labels=False)


@pytest.mark.parametrize("layout", ["long", "wide"])
def test_pyam_takes_paths(pyam: Any, projections: list[kj.Projection], layout: Any) -> None:
    """The samples are an index of an `IamDataFrame`; its own quantiles of them are ours."""
    paths = kj.sample(projections[0], 40, rng=1)
    held = pyam.IamDataFrame(paths_to_iamc(paths, region="Yueyang", layout=layout))
    assert held.extra_cols == ["sample_id"]
    assert same_numbers(paths, paths_from_iamc(held))
    by_sample = held.filter(variable="gdp", year=2025).data["value"].to_numpy()
    assert np.sort(by_sample).tolist() == np.sort(paths.values["gdp"][:, -1]).tolist()


def test_pyam_knows_our_units(pyam: Any) -> None:
    """A plain conversion in pyam, by our factor, gives what our units give."""
    frame = levels_to_iamc({"rd": {2021: 98.06}}, units={"rd": "亿元"}, scenario="history", region="Yueyang")
    moved = pyam.IamDataFrame(frame).convert_unit("亿元", to="万元", factor=1e4)
    assert moved.data["value"].tolist() == [convert(98.06, "亿元", "万元")]
    assert moved.unit == ["万元"]


@settings(deadline=None, max_examples=60)
@given(
    st.dictionaries(
        st.from_regex(r"[a-z]{1,5}", fullmatch=True),
        st.dictionaries(st.integers(1900, 2200), st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=4),
        min_size=1,
        max_size=3,
    ),
    LAYOUTS,
    BACKENDS,
)
def test_levels_come_back_to_the_bit(levels: dict[str, dict[int, float]], layout: Any, backend: Any) -> None:
    """A mapping of years to values; a wide table's empty cells are left out."""
    units = dict.fromkeys(levels, "亿元")
    frame = levels_to_iamc(levels, units=units, scenario="history", region="r", layout=layout, backend=backend)
    found = levels_from_iamc(frame)
    assert {n: {y: bits([v]) for y, v in own.items()} for n, own in found.items()} == {
        n: {y: bits([v]) for y, v in own.items()} for n, own in levels.items()
    }


def test_what_is_reported_goes_out_and_comes_back_as_evidence() -> None:
    study = kj.datasets.yueyang()
    found = figures_from_iamc(figures_to_iamc(study, region="Yueyang"), error="0", source="IAMC")
    assert {(f.indicator, f.year): number(f.value) for f in found} == {  # type: ignore[attr-defined]
        (name, year): level for name, by_year in study.reported.items() for year, level in by_year.items()
    }
    assert {f.unit for f in found} >= {"亿元", "%", "家"}  # type: ignore[attr-defined]


@settings(deadline=None, max_examples=200)
@given(
    st.from_regex(r"-?[0-9]{1,6}(\.[0-9]{1,6})?", fullmatch=True),
    st.sampled_from(["CNY", "thousand CNY", "million yuan", "bn USD", "1e8 RMB", "10^4 CNY", "billion CNY", "1e12 CNY"]),
)
def test_figures_move_exactly_and_keep_their_error(figure: str, given_unit: str) -> None:
    """In decimals the amount is the same, half a unit of the last digit too, and no nought is added behind."""
    power = {"CNY": 0, "thousand CNY": 3, "million yuan": 6, "bn USD": 9, "1e8 RMB": 8, "10^4 CNY": 4, "billion CNY": 9, "1e12 CNY": 12}
    moved, name, error = figure_in(figure, given_unit)
    factor = Fraction(10) ** power[given_unit] / Fraction(unit(name).size)
    assert Fraction(moved) == Fraction(figure) * factor
    half = Fraction(error) if error else Fraction(1, 2) / 10 ** len(moved.partition(".")[2])
    assert half == Fraction(1, 2) / 10 ** len(figure.partition(".")[2]) * factor


def test_shifting_forth_and_back_is_exact() -> None:
    for figure in ("98.10", "0.5", "1169", "-3.25"):
        for places in range(-6, 7):
            assert number(shifted(shifted(figure, places), -places)) == number(figure)


def test_our_own_units_stay() -> None:
    for name in known_units():
        assert figure_in("98.10", name) == ("98.10", name, None)


def test_figures_of_text_keep_their_digits() -> None:
    row = {"Model": "m", "Scenario": "s", "Region": "r", "Variable": "R&D", "Unit": "billion CNY", "2020": "8.90", "2021": "9.806"}
    found = figures_from_iamc(pd.DataFrame([row]), variables={"rd": "R&D"})
    assert [(f.indicator, f.year, f.value, f.unit) for f in found] == [  # type: ignore[attr-defined]
        ("rd", 2020, "0.00890", "万亿元"),
        ("rd", 2021, "0.009806", "万亿元"),
    ]


def test_a_nought_that_was_not_printed_is_told_by_the_error() -> None:
    row = {"model": "m", "scenario": "s", "region": "r", "variable": "trade", "unit": "billion USD", "2020": "98", "2021": "98.1"}
    found = figures_from_iamc(pd.DataFrame([row]))
    assert [(f.value, f.unit, f.error) for f in found] == [("980", "亿美元", "5"), ("981", "亿美元", None)]  # type: ignore[attr-defined]


def test_a_stated_error_moves_with_its_figure() -> None:
    row = {"model": "m", "scenario": "s", "region": "r", "variable": "rd", "unit": "billion CNY", "2021": 9.806}
    (found,) = figures_from_iamc(pd.DataFrame([row]), error="0.5")
    assert (found.value, found.error) == ("0.009806", "0.0005")  # type: ignore[attr-defined]


ROW: dict[str, Any] = {
    "model": "m", "scenario": "s", "region": "r", "variable": "a|50.0th Percentile", "unit": "亿元", "year": 2025, "value": 1.0,
}  # fmt: skip


def _rows(*changes: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame([{key: value for key, value in {**ROW, **change}.items() if value is not None} for change in changes])


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (_rows({"region": None}), "no column region; its columns are"),
        (_rows({"value": None}), "neither a column value nor columns of years"),
        (_rows({"year": None}), "no column year"),
        (_rows({}, {"scenario": "t"}), "column scenario has s, t; name one of them"),
        (_rows({}, {"model": "n"}), "column model has m, n; name one of them"),
        (_rows({}, {}), "2 rows for a, ds 2025, quantile 0.5"),
        (_rows({}, {"year": 2026, "unit": "万元"}), "a has the unit '亿元' and '万元'"),
        (_rows({"unit": "parsec"}), "unknown unit 'parsec'"),
        (_rows({"variable": "a"}), "no variable of the frame ends as"),
        (_rows({"value": "many"}), "column y holds something other than numbers"),
        (_rows({"variable": "a|150.0th Percentile"}), "a quantile is 1.5; expected probabilities from 0 to 1"),
        ("IAMC", "is str; expected one of pandas"),
    ],
)
def test_a_wrong_table_is_refused(frame: Any, message: str) -> None:
    with pytest.raises(kj.KjprojError, match=message):
        quantiles_from_iamc(frame)


def test_wrong_arguments_are_refused(projections: list[kj.Projection]) -> None:
    paths = kj.sample(projections[0], 3)
    weighted = replace(paths, weights=np.array([0.2, 0.3, 0.5]))
    one = {"region": "r", "scenario": "s"}
    row = _rows({"variable": "rd"})
    cases: list[tuple[Callable[[], Any], str]] = [
        (lambda: quantiles_from_iamc(_rows({}), variables={"gdp": "GDP|PPP"}), "has no variable 'GDP|PPP'; it has a"),
        (lambda: levels_from_iamc(_rows({}), variables={"gdp": "GDP|PPP"}), "has no variable 'GDP|PPP'; it has a|50.0th Percentile"),
        (lambda: paths_to_iamc(weighted, region="r"), "different weights, which an IAMC table cannot say"),
        (lambda: paths_to_iamc(paths, region=" "), "region is ' '; expected a name"),
        (lambda: paths_to_iamc(paths, region="r", variables={"gpd": "GDP"}), "variables name gpd, which is not in the table"),
        (lambda: paths_to_iamc(paths, region="r", variables={"gdp": "tech_smes"}), "two indicators have the same variable"),
        (lambda: to_iamc([projections[0]] * 2, region="r"), "two projections have the same scenario"),
        (lambda: to_iamc([], region="r"), "projections are none"),
        (lambda: to_iamc(projections, region="r", layout="tall"), "layout is 'tall'"),  # type: ignore[arg-type]
        (lambda: levels_to_iamc({}, units={}, **one), "levels are empty"),
        (lambda: levels_to_iamc({"a": {2021: 1.0}}, units={}, **one), "no unit for a"),
        (lambda: levels_to_iamc({"a": {2021: float("nan")}}, units={"a": "家"}, **one), "a in 2021 is no finite number"),
        (lambda: levels_to_iamc({"a": {2021: 1.0}}, units={"a": "league"}, **one), "unknown unit 'league'"),
        (lambda: quantiles_from_iamc(_rows({}), scenario="t"), "column scenario has no 't', but s"),
        (lambda: paths_from_iamc(_rows({})), "no column sample_id"),
        (lambda: figures_from_iamc(row), 'which do not keep their digits; give text as printed, or error="0"'),
        (lambda: figures_from_iamc(_rows({"variable": "rd", "unit": "zillion CNY"}), error="0"), "unknown unit 'zillion CNY'"),
        (lambda: figures_from_iamc(_rows({"variable": "rd", "unit": "billion US$2010/yr"}), error="0"), "unknown unit 'billion US$2010/yr'"),
    ]
    for call, message in cases:
        with pytest.raises(kj.KjprojError) as refused:
            call()
        assert message in str(refused.value)
