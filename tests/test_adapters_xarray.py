"""xarray, netCDF and Parquet: levels, weights, units, names and recipe come back from a file to the bit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xarray as xr
from exchanged import same_paths, same_quantiles, some_paths, some_quantiles
from hypothesis import given, settings
from hypothesis import strategies as st

import kjproj as kj
from kjproj.adapters.other_units import ascii_unit
from kjproj.adapters.parquet import paths_from_parquet, paths_to_parquet, quantiles_from_parquet, quantiles_to_parquet
from kjproj.adapters.xarray import paths_from_dataset, paths_to_dataset, quantiles_from_dataset, quantiles_to_dataset
from kjproj.units import known_units, unit

ENGINES = ["h5netcdf", "netcdf4"]


@pytest.fixture(scope="module")
def paths() -> kj.Paths:
    return kj.sample(kj.project(kj.datasets.yueyang()), 7, rng=1)


def through(dataset: Any, engine: str) -> Any:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "x.nc"
        dataset.to_netcdf(path, engine=engine)
        return xr.load_dataset(path, engine=engine)


@settings(deadline=None, max_examples=50)
@given(some_paths())
def test_paths_come_back_from_a_dataset(paths: kj.Paths) -> None:
    assert same_paths(paths, paths_from_dataset(paths_to_dataset(paths)))


@settings(deadline=None, max_examples=25)
@given(some_paths(), st.sampled_from(ENGINES))
def test_paths_come_back_from_netcdf(paths: kj.Paths, engine: str) -> None:
    """By both libraries that write netCDF-4, whatever the numbers, the units and the names."""
    assert same_paths(paths, paths_from_dataset(through(paths_to_dataset(paths), engine)))


@settings(deadline=None, max_examples=25)
@given(some_quantiles(aligned=True), st.sampled_from([*ENGINES, None]))
def test_quantiles_come_back_from_netcdf(found: dict[str, kj.Quantiles], engine: str | None) -> None:
    dataset = quantiles_to_dataset(found)
    assert same_quantiles(found, quantiles_from_dataset(dataset if engine is None else through(dataset, engine)))


@settings(deadline=None, max_examples=25)
@given(some_paths())
def test_paths_come_back_from_parquet(paths: kj.Paths) -> None:
    with TemporaryDirectory() as folder:
        paths_to_parquet(paths, f"{folder}/x.parquet")
        assert same_paths(paths, paths_from_parquet(f"{folder}/x.parquet"))


@settings(deadline=None, max_examples=25)
@given(some_quantiles())
def test_quantiles_come_back_from_parquet(found: dict[str, kj.Quantiles]) -> None:
    with TemporaryDirectory() as folder:
        quantiles_to_parquet(found, f"{folder}/x.parquet")
        assert same_quantiles(found, quantiles_from_parquet(f"{folder}/x.parquet"))


def test_a_dataset_says_units_and_names_as_cf_has_them(paths: kj.Paths) -> None:
    """`units` as in the study, a plain form beside it, and long names in both languages."""
    spending = through(paths_to_dataset(paths), "h5netcdf")["rd_spending"]
    assert spending.attrs["units"] == "亿元"
    assert spending.attrs["units_ascii"] == "1e8 CNY"
    assert spending.attrs["units_en"] == "100 million yuan"
    assert spending.attrs["long_name_zh"] == "研发经费投入"
    assert spending.attrs["long_name"].isascii()


def test_plain_units_mean_the_same() -> None:
    """Read by pint, every plain form has the size of its unit, and is ASCII."""
    import pint

    registry: Any = pint.UnitRegistry()
    for currency in ("CNY", "USD", "EUR"):
        registry.define(f"{currency} = [{currency.lower()}]")
    for name in known_units():
        own = ascii_unit(name)
        assert own.isascii()
        size = registry.parse_expression(own)
        found = size if isinstance(size, int | float) else size.to_base_units().magnitude
        assert found == pytest.approx(unit(name).size, rel=1e-15), name


def test_parquet_says_units_to_any_tool(paths: kj.Paths, tmp_path: Path) -> None:
    """A column's field carries the unit, the schema the recipe; the numbers are plain columns."""
    path = tmp_path / "paths.parquet"
    paths_to_parquet(paths, path)
    schema = pq.read_schema(path)
    field = schema.field("rd_spending")
    assert field.type == pa.float64()
    assert field.metadata[b"unit"].decode() == "亿元"
    assert field.metadata[b"unit_ascii"] == b"1e8 CNY"
    assert paths.recipe.study in schema.metadata[b"kjproj"].decode()
    assert pq.read_table(path)["rd_spending"].to_numpy().tolist() == paths.values["rd_spending"].ravel().tolist()


def test_another_tools_dataset_is_read() -> None:
    """Any order of dimensions, without weights or numbered samples; units from the attributes or by hand."""
    values = np.arange(6.0).reshape(3, 2)
    dataset = xr.Dataset({"gdp": (("year", "sample"), values)}, {"year": [2023, 2024, 2025]})
    read = paths_from_dataset(dataset, units={"gdp": "亿元"})
    assert read.values["gdp"].tolist() == values.T.tolist()
    assert read.weights.tolist() == [0.5, 0.5]
    dataset["gdp"].attrs["units"] = "万元"
    assert paths_from_dataset(dataset).units == {"gdp": "万元"}


def _dataset(**change: Any) -> xr.Dataset:
    dims = change.pop("dims", ("sample", "year"))
    held = xr.Dataset({"gdp": (dims, np.ones((2, 2)))}, {"year": [2023, 2024]} if "year" in dims else {})
    held["gdp"].attrs["units"] = change.pop("units", "亿元")
    held.attrs.update(change)
    return held


@pytest.mark.parametrize(
    ("dataset", "message"),
    [
        (lambda: _dataset(dims=("draw", "year")), "no dimension sample; its dimensions are draw, year"),
        (lambda: _dataset(dims=("sample", "time")), "no dimension year"),
        (lambda: _dataset(units="furlong"), "unknown unit 'furlong'"),
        (lambda: _dataset(kjproj="?"), "metadata '\\?' are not those"),
        (lambda: _dataset().assign(extra=("year", [1.0, 2.0])), "extra has the dimensions year; expected indicators with"),
        (lambda: _dataset().assign(gdp=(("sample", "year"), np.full((2, 2), np.nan))), "column gdp has|gdp"),
        (lambda: _dataset().drop_vars("gdp").assign_coords(sample=[0, 1]), "the dataset is empty"),
        (lambda: _dataset().drop_vars("year"), "the dimension year has no coordinate"),
        (lambda: _dataset().assign(weight=("sample", [1.0, -1.0])), "weight holds -1; expected finite numbers, none below 0"),
        (lambda: _dataset().assign(weight=("year", [1.0, 1.0])), "weight has the dimensions year; expected sample alone"),
        (lambda: 3, "no dimension sample"),
    ],
)
def test_a_wrong_dataset_is_refused(dataset: Callable[[], Any], message: str) -> None:
    with pytest.raises(kj.KjprojError, match=message):
        paths_from_dataset(dataset())


def test_underlines_begin_an_indicators_name_in_parquet_too(paths: kj.Paths, tmp_path: Path) -> None:
    """Only the index that pandas writes is left out."""
    named = replace(paths, values={"__": paths.values["gdp"]}, units={"__": "亿元"}, labels={})
    paths_to_parquet(named, tmp_path / "p.parquet")
    assert same_paths(named, paths_from_parquet(tmp_path / "p.parquet"))


def test_crossing_quantiles_of_a_dataset_are_refused() -> None:
    """Whatever the order of probabilities."""
    coords = {"year": [2024], "quantile": [0.9, 0.1]}
    right, wrong = (xr.Dataset({"gdp": (("year", "quantile"), [row], {"units": "亿元"})}, coords) for row in ([5100.0, 5000.0], [5000.0, 5100.0]))
    assert quantiles_from_dataset(right)["gdp"].values.tolist() == [[5100.0, 5000.0]]
    with pytest.raises(kj.KjprojError, match=r"quantiles of gdp in 2024 cross: 5100 at 0.1 and 5000 at 0.9"):
        quantiles_from_dataset(wrong)


def test_wrong_arguments_are_refused(paths: kj.Paths, tmp_path: Path) -> None:
    projection = kj.project(kj.datasets.yueyang())
    one, other = (kj.quantiles(projection, "gdp", last_year=year) for year in (2024, 2025))
    called = replace(paths, values={"year": paths.values["gdp"]}, units={"year": "亿元"}, labels={})
    (tmp_path / "text.parquet").write_text("no")
    pq.write_table(pa.table({"ds": [1]}), tmp_path / "other.parquet")
    cases: list[tuple[Callable[[], Any], str]] = [
        (lambda: quantiles_to_dataset({"a": one, "b": other}), "different years"),
        (lambda: paths_to_dataset(called), "an indicator is called year"),
        (lambda: paths_from_parquet(tmp_path / "text.parquet"), "cannot be read as Parquet"),
        (lambda: paths_from_parquet(tmp_path / "none.parquet"), "cannot be read"),
        (lambda: paths_from_parquet(tmp_path / "other.parquet"), "has no column sample_id; its columns are ds"),
        (lambda: paths_to_parquet(paths, tmp_path / "no" / "x.parquet"), "cannot be written"),
    ]
    for call, message in cases:
        with pytest.raises(kj.KjprojError, match=message):
            call()
