"""Frames of pandas, polars and pyarrow: what is written is read back to the bit, with its unit; what does not fit is refused."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from exchanged import same_paths, same_quantiles, some_paths, some_quantiles
from hypothesis import given, settings
from hypothesis import strategies as st
from studies import rd_block

import kjproj as kj
from kjproj.adapters.frames import (
    figures_from_frame,
    figures_to_frame,
    paths_from_frame,
    paths_to_frame,
    quantiles_from_frame,
    quantiles_to_frame,
)
from kjproj.figures import number
from kjproj.tables import frame_of

BACKENDS = st.sampled_from(["pandas", "polars", "pyarrow"])
LAYOUTS = st.sampled_from(["long", "wide"])


@pytest.fixture(scope="module")
def projection() -> kj.Projection:
    return kj.project(kj.datasets.yueyang())


@pytest.fixture(scope="module")
def paths(projection: kj.Projection) -> kj.Paths:
    return kj.sample(projection, 7, rng=1)


@pytest.fixture(scope="module")
def found(projection: kj.Projection) -> dict[str, kj.Quantiles]:
    return {name: kj.quantiles(projection, name) for name in ("rd_spending", "rd_intensity")}


@settings(deadline=None, max_examples=60)
@given(some_paths(), LAYOUTS, BACKENDS)
def test_paths_come_back_to_the_bit(paths: kj.Paths, layout: Any, backend: Any) -> None:
    """Long and wide, in three libraries: levels, weights, years, units, labels, recipe and order."""
    assert same_paths(paths, paths_from_frame(paths_to_frame(paths, layout=layout, backend=backend)))


@settings(deadline=None, max_examples=60)
@given(some_quantiles(aligned=True), LAYOUTS, BACKENDS)
def test_quantiles_come_back_to_the_bit(found: dict[str, kj.Quantiles], layout: Any, backend: Any) -> None:
    assert same_quantiles(found, quantiles_from_frame(quantiles_to_frame(found, layout=layout, backend=backend)))


@settings(deadline=None, max_examples=30)
@given(some_quantiles(), BACKENDS)
def test_a_long_frame_holds_indicators_of_different_years(found: dict[str, kj.Quantiles], backend: Any) -> None:
    assert same_quantiles(found, quantiles_from_frame(quantiles_to_frame(found, backend=backend)))


@settings(deadline=None, max_examples=40)
@given(some_paths(), LAYOUTS, st.randoms())
def test_the_order_of_rows_does_not_matter(paths: kj.Paths, layout: Any, random: Any) -> None:
    frame = paths_to_frame(paths, layout=layout)
    order = list(range(len(frame)))
    random.shuffle(order)
    assert same_paths(paths, paths_from_frame(frame.iloc[order]))


def test_sample_paths_say_their_units_and_names(paths: kj.Paths) -> None:
    assert paths.units["rd_spending"] == "亿元"
    assert paths.labels["gdp"]("zh") == "地区生产总值"
    assert set(paths.units) == set(paths.labels) == set(paths.values)


def test_every_unit_of_the_study_stands_in_the_frame(paths: kj.Paths) -> None:
    frame = paths_to_frame(paths, backend="polars")
    seen = dict(frame.select("unique_id", "unit").unique().iter_rows())
    assert seen == dict(paths.units)
    assert {"亿元", "%", "家", "项"} <= set(seen.values())


@pytest.mark.parametrize("backend", ["pandas", "polars"])
def test_csv_keeps_every_bit(paths: kj.Paths, backend: Any, tmp_path: Any) -> None:
    """Through a CSV file too, because the shortest text of a double is read as that double."""
    frame, path = paths_to_frame(paths, backend=backend), tmp_path / "paths.csv"
    if backend == "pandas":
        frame.to_csv(path, index=False)
        again = pd.read_csv(path, float_precision="round_trip")
    else:
        frame.write_csv(path)
        again = pl.read_csv(path)
    assert same_paths(paths, paths_from_frame(again))


def test_metadata_stand_once_and_may_be_lost(paths: kj.Paths) -> None:
    """Not in every row, so that large frames stay small; a part of a frame still says its units."""
    frame = paths_to_frame(paths)
    assert frame["metadata"].notna().sum() == 1
    read = paths_from_frame(frame[frame["unique_id"] == "rd_spending"])
    assert read.units == {"rd_spending": "亿元"}
    assert read.recipe.study == "unknown"


def test_another_tools_frame_says_its_units_in_words(paths: kj.Paths) -> None:
    """Without metadata, weights and units a frame is read with `units`; years may be dates, samples may have names."""
    frame = pd.DataFrame(
        {
            "unique_id": "gdp",
            "ds": pd.to_datetime(["2023-12-31", "2024-12-31"] * 2),
            "sample_id": ["a", "a", "b", "b"],
            "y": [1, 2, 3, 4],
        }
    )
    read = paths_from_frame(frame, units={"gdp": "亿元"})
    assert read.years.tolist() == [2023, 2024]
    assert read.values["gdp"].tolist() == [[1.0, 2.0], [3.0, 4.0]]
    assert read.weights.tolist() == [0.5, 0.5]
    assert read.recipe.study == "unknown"
    projection = kj.project(kj.datasets.yueyang(), paths={"gdp": dict(zip([2023, 2024], read.values["gdp"].T, strict=True))})
    assert "gdp" in projection.forecasts


@pytest.mark.parametrize("backend", ["pandas", "polars", "pyarrow"])
def test_figures_keep_their_digits(backend: Any) -> None:
    """Every piece of evidence comes back as it stands in the document: 98.10 stays 98.10."""
    for study in (kj.datasets.yueyang(), rd_block(leap=0.1)):
        read = figures_from_frame(figures_to_frame(study, backend=backend))
        assert kj.Study.from_dict({**study.to_dict(), "evidence": [f.model_dump(mode="json") for f in read]}).digest == study.digest
        assert [f.model_dump(mode="json") for f in read] == [f.model_dump(mode="json") for f in study.evidence]


@settings(deadline=None, max_examples=30)
@given(st.from_regex(r"([1-9][0-9]{0,5}|[1-9],[0-9]{3})(\.[0-9]{0,3}0)?", fullmatch=True), BACKENDS)
def test_noughts_and_commas_of_figures_stay(figure: str, backend: Any) -> None:
    """ "98.10" is not 98.1, and "1,169" is kept as printed."""
    study = rd_block().with_evidence({"kind": "level", "indicator": "gdp", "year": 2020, "value": figure})
    assert figures_from_frame(figures_to_frame(study, backend=backend)) == study.evidence


@settings(deadline=None, max_examples=50)
@given(st.from_regex(r"[1-9][0-9]{0,5}(\.[0-9]{1,4})?", fullmatch=True), BACKENDS)
def test_a_printed_figure_is_read_as_printed(figure: str, backend: Any) -> None:
    """As text in `y`, whatever library; the study then knows its error from its digits."""
    frame = {"unique_id": ["gdp"], "ds": [2021], "y": [figure], "unit": ["亿元"]}
    (read,) = figures_from_frame({"pandas": pd.DataFrame, "polars": pl.DataFrame, "pyarrow": _arrow}[backend](frame))
    assert read.value == figure
    study = rd_block().with_evidence(read)
    assert study.evidence[-1].value == figure


def _arrow(columns: dict[str, list[Any]]) -> Any:
    import pyarrow as pa

    return pa.table(columns)


@settings(deadline=None, max_examples=50)
@given(st.floats(1e-6, 1e9))
def test_a_number_is_read_as_itself(value: float) -> None:
    """With its error stated, a number becomes the shortest text that is the same number."""
    if len(f"{value:.25f}".rstrip("0")) > 24:
        value = round(value, 6)
    frame = pd.DataFrame({"unique_id": ["rd"], "ds": [2021], "y": [value], "unit": ["亿元"]})
    (read,) = figures_from_frame(frame, error="0")
    assert number(read.value) == value
    assert read.error == "0"


def test_plain_columns_of_figures_are_read() -> None:
    frame = pd.DataFrame(
        {
            "unique_id": ["gdp", "gdp"],
            "ds": [2020, 2021],
            "figure": ["4001.55", "4402.98"],
            "y": [4001.55, 4402.98],
            "unit": ["亿元", None],
            "source": ["yearbook", None],
            "published": ["2021-10-01", None],
            "expected": [None, True],
            "relative_error": [None, 0.02],
        }
    )
    first, second = figures_from_frame(frame, source="report")
    assert (first.source, str(first.published), first.expected) == ("yearbook", "2021-10-01", False)
    assert (second.source, second.unit, second.expected, second.relative_error) == ("report", None, True, 0.02)


@pytest.mark.parametrize(
    ("result", "columns"),
    [
        (lambda p: kj.summary(p), ["name", "probability", "unit"]),
        (lambda p: kj.rank(p, "rd_spending", 2025, peers={"A": {2021: "120.3"}}), ["place", "probability"]),
        (lambda p: kj.allocate(p, "rd_spending_2025", {"A": "60.10", "B": "37.96"}), ["member", "part"]),
        (lambda p: kj.Backtest({"n": np.array([3, 4]), "h": np.array([1, 1])}, *np.zeros((3, 2, 3))), ["n", "h"]),
    ],
    ids=["summary", "rank", "allocation", "backtest"],
)
def test_results_become_frames_of_either_library(projection: kj.Projection, result: Callable[..., Any], columns: list[str]) -> None:
    """`to_frame` gives the same table in pandas and in polars."""
    found = result(projection)
    ours, theirs = found.to_frame(), found.to_frame(backend="polars")
    assert isinstance(ours, pd.DataFrame)
    assert isinstance(theirs, pl.DataFrame)
    assert set(ours.columns) == set(theirs.columns) >= set(columns)
    for name in columns:
        a, b = ours[name].tolist(), theirs[name].to_list()
        assert all(x == y or (y is None and pd.isna(x)) for x, y in zip(a, b, strict=True))
    with pytest.raises(kj.KjprojError, match="backend is 'dask'; expected"):
        found.to_frame(backend="dask")


LONG: dict[str, Any] = {"unique_id": ["a", "a"], "ds": [2023, 2023], "sample_id": [0, 1], "y": [1.0, 2.0], "unit": "家"}
FIGURE: dict[str, Any] = {"unique_id": ["a"], "ds": [2021], "y": ["98.06"], "unit": ["亿元"]}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"ds": None}, "no column ds; its columns are"),
        ({"sample_id": None}, "no column sample_id"),
        ({"y": None}, "no column y"),
        ({"sample_id": [0, 0]}, r"2 rows for unique_id a, sample_id 0, ds 2023; expected one row for each"),
        ({"unique_id": ["a", "b"], "unit": ["家", "家"]}, r"0 rows for unique_id a, sample_id 1, ds 2023"),
        ({"y": [1.0, float("nan")]}, "column y has no number in row 1"),
        ({"y": ["x", "y"]}, "column y holds something other than numbers"),
        ({"ds": ["soon", "soon"]}, "'soon' in the column ds is no year"),
        ({"unit": ["家", "项"]}, "a has the unit '家' and '项'"),
        ({"unit": None}, "no unit for a; give units="),
        ({"unit": "furlong"}, "unknown unit 'furlong'"),
        ({"weight": [0.5, float("nan")]}, "column weight has no number"),
        ({"weight": -1.0}, "weight holds -1; expected finite numbers, none below 0"),
        ({"weight": [1.0, float("inf")]}, "weight holds inf; expected finite"),
        ({"weight": 0.0}, "weight holds 0 alone"),
        ({"metadata": "hello"}, "the metadata 'hello' are not those that kjproj writes"),
        ({"metadata": ["{}", "{ }"]}, "metadata says two things"),
    ],
)
def test_a_wrong_frame_of_paths_is_refused(change: dict[str, Any], message: str) -> None:
    given_columns = {key: value for key, value in {**LONG, **change}.items() if value is not None}
    with pytest.raises(kj.KjprojError, match=message):
        paths_from_frame(pd.DataFrame(given_columns))


def test_two_columns_of_one_name_are_refused() -> None:
    frame = pd.DataFrame(LONG)
    with pytest.raises(kj.KjprojError, match="the frame of paths has two columns of one name; rename or drop one"):
        paths_from_frame(pd.concat([frame, frame[["y"]]], axis=1))


def test_crossing_quantiles_are_refused() -> None:
    """Equal ones are quantiles of something that can be no less; long and wide."""
    long = pd.DataFrame({"unique_id": "gdp", "ds": 2024, "unit": "亿元", "quantile": [0.9, 0.1, 0.5], "y": [5000.0, 4800.0, 5000.0]})
    assert quantiles_from_frame(long)["gdp"].values.tolist() == [[4800.0, 5000.0, 5000.0]]
    wide = pd.DataFrame({"unique_id": "gdp", "ds": [2024], "unit": "亿元", "0.1": 4800.0, "0.5": 5100.0, "0.9": 5000.0})
    for crossing in (long.assign(y=[5000.0, 4800.0, 5100.0]), wide):
        with pytest.raises(kj.KjprojError, match=r"quantiles of gdp in 2024 cross: 5100 at 0.5 and 5000 at 0.9; expected none below"):
            quantiles_from_frame(crossing)


def test_units_do_not_contradict_the_frame(paths: kj.Paths, found: dict[str, kj.Quantiles]) -> None:
    """Its column or its metadata; the same unit may be said again, and one that is not known here is said in its place."""
    frame = paths_to_frame(paths)
    words = "gdp is in 亿元, as the data say, and units= says 万元; leave out units=, or convert the values first"
    for said in (frame, frame.drop(columns="unit"), frame.drop(columns="metadata"), paths_to_frame(paths, layout="wide")):
        assert paths_from_frame(said, units={"gdp": "亿元"}).units["gdp"] == "亿元"
        with pytest.raises(kj.KjprojError, match=words):
            paths_from_frame(said, units={"gdp": "万元"})
    with pytest.raises(kj.KjprojError, match="rd_spending is in 亿元, as the data say, and units= says 万元"):
        quantiles_from_frame(quantiles_to_frame(found), units={"rd_spending": "万元"})
    other = frame[frame["unique_id"] == "gdp"].assign(unit="1e8 yuan")
    assert paths_from_frame(other, units={"gdp": "亿元"}).units == {"gdp": "亿元"}


def test_a_sample_has_one_weight() -> None:
    frame = pd.DataFrame({**LONG, "ds": [2023, 2024], "sample_id": [0, 0], "weight": [0.5, 0.6]})
    with pytest.raises(kj.KjprojError, match="a sample has two weights"):
        paths_from_frame(frame)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"y": [98.1]}, r'row 0 \(a, 2021\): 98.1 is a number, which does not keep its digits; .* error="0"'),
        ({"figure": ["98.10"], "y": [98.2]}, "the figure is 98.10, y is 98.2"),
        ({"y": ["about 98"]}, "row 0 .*'about 98' is not a figure"),
        ({"unit": ["lots"]}, "row 0 .*unknown unit 'lots'"),
        ({"kind": ["guess"]}, "row 0 .*kind|tag 'guess'"),
        ({"exog": [1.0]}, "the column exog means nothing here; known are"),
        ({"fields": ['{"colour": "red"}']}, "row 0 .*colour.*not permitted|Extra"),
        ({"y": [None]}, "row 0 .*value.*required"),
        ({"ds": pd.to_datetime(["2021-06-30"])}, "2021-06-30.* in the column ds lies within a year"),
        ({"ds": ["2021-03-31"]}, "2021-03-31.* in the column ds lies within a year"),
    ],
)
def test_a_wrong_frame_of_figures_is_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(kj.KjprojError, match=message):
        figures_from_frame(pd.DataFrame({**FIGURE, **change}))


def test_wrong_arguments_are_refused(paths: kj.Paths, found: dict[str, kj.Quantiles]) -> None:
    cases: list[tuple[Callable[[], Any], str]] = [
        (lambda: paths_to_frame(replace(paths, units={})), "no unit for gdp"),
        (lambda: paths_to_frame({"gdp": 1}), "paths is dict; expected kjproj.Paths"),  # type: ignore[arg-type]
        (lambda: paths_to_frame(paths, layout="tall"), "layout is 'tall'"),  # type: ignore[arg-type]
        (lambda: paths_to_frame(paths, backend="dask"), "backend is 'dask'"),  # type: ignore[arg-type]
        (lambda: paths_to_frame(_renamed(paths, "weight"), layout="wide"), "an indicator is called weight"),
        (lambda: quantiles_to_frame(found["rd_spending"]), 'expected them by indicator: {"gdp"'),  # type: ignore[arg-type]
        (lambda: quantiles_to_frame({}), "expected them by indicator"),
        (lambda: quantiles_to_frame(_mixed(found), layout="wide"), "different probabilities"),
        (lambda: quantiles_from_frame(pd.DataFrame({"unique_id": ["a"], "ds": [1]})), "'1' in the column ds|expected a column quantile"),
        (lambda: quantiles_from_frame(pd.DataFrame({"unique_id": ["a"], "ds": [2025], "mean": [1.0]})), "column mean is no probability"),
        (lambda: paths_from_frame([1, 2]), "is list; expected one of pandas"),
        (lambda: paths_from_frame(pd.DataFrame({"ds": [], "sample_id": []})), "has no rows"),
        (lambda: figures_to_frame(1), "study is int"),  # type: ignore[arg-type]
    ]
    for call, message in cases:
        with pytest.raises(kj.KjprojError) as refused:
            call()
        assert any(part in str(refused.value) for part in message.split("|")), str(refused.value)


def _renamed(paths: kj.Paths, name: str) -> kj.Paths:
    return replace(paths, values={name: paths.values["gdp"]}, units={name: "亿元"}, labels={})


def _mixed(found: dict[str, kj.Quantiles]) -> dict[str, kj.Quantiles]:
    first, second = found.values()
    return {"a": first, "b": replace(second, q=np.array([0.1, 0.5, 0.9]))}


@pytest.mark.parametrize(
    ("package", "call", "extra"),
    [
        ("narwhals", lambda paths: paths_to_frame(paths), "frames"),
        ("polars", lambda paths: paths_to_frame(paths, backend="polars"), "frames"),
        ("xarray", lambda paths: kj.adapters.xarray.paths_to_dataset(paths), "xarray"),
        ("pyarrow", lambda paths: kj.adapters.parquet.paths_to_parquet(paths, "x.parquet"), "parquet"),
        ("polars", lambda _: frame_of([{"a": 1}], "polars"), "frames"),
        ("pandas", lambda _: frame_of([{"a": 1}], "pandas"), "pandas"),
    ],
)
def test_a_missing_package_is_named_with_its_extra(
    package: str, call: Callable[[kj.Paths], Any], extra: str, paths: kj.Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(kj.MissingExtraError, match=rf"{package}.*kjproj\[{extra}\]"):
        call(paths)
