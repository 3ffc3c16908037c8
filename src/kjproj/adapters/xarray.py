"""Datasets of xarray, which write netCDF (extra `xarray`).

A variable is an indicator. It has the attributes `units` (as here: 亿元), `units_ascii` (1e8 CNY) and `long_name` in both
languages; the dataset has `kjproj`, JSON with units, labels and the recipe. Names of attributes follow the CF conventions,
version 1.11.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..answers.levels import Quantiles
from ..answers.sample import Paths
from ..errors import KjprojError
from ..text import Text
from ..units import in_english
from .about import FOREIGN, About, units_of
from .frames.quantiles import same_probabilities
from .long import Floats, calendar_years, numbers, require_rising, weights_of
from .needed import needed
from .other_units import ascii_unit

__all__ = ["paths_from_dataset", "paths_to_dataset", "quantiles_from_dataset", "quantiles_to_dataset"]

_OWN = ("year", "sample", "quantile", "weight")


def paths_to_dataset(paths: Paths) -> Any:
    """Return sample paths as a dataset: (sample, year) by indicator, and `weight` (sample).

    Raises:
        KjprojError: for paths without units, or an indicator named like a dimension.
        MissingExtraError: without xarray (extra `xarray`).

    >>> import kjproj as kj
    >>> paths = kj.sample(kj.project(kj.datasets.yueyang()), 100)
    >>> dataset = kj.adapters.xarray.paths_to_dataset(paths)
    >>> dict(dataset["rd_spending"].sizes), dataset["rd_spending"].units, dataset["rd_spending"].units_ascii
    ({'sample': 100, 'year': 3}, '亿元', '1e8 CNY')
    """
    about = About.of_paths(paths)
    held = {name: (("sample", "year"), levels) for name, levels in paths.values.items()}
    coordinates = {"sample": np.arange(len(paths)), "year": np.asarray(paths.years)}
    weight = {"weight": (("sample",), np.asarray(paths.weights))}
    return _dataset(held, coordinates, about, weight)


def paths_from_dataset(dataset: Any, *, units: Mapping[str, str] | None = None) -> Paths:
    """Return the sample paths in a dataset.

    Args:
        dataset: with the dimensions `sample` and `year`; `weight` may be missing, and with it paths weigh the same.
        units: by indicator, where the dataset does not say them, or says ones that are not known here.

    Raises:
        KjprojError: where a dimension or a unit is missing, or an indicator has other dimensions.

    >>> import kjproj as kj
    >>> from kjproj.adapters.xarray import paths_from_dataset, paths_to_dataset
    >>> paths = kj.sample(kj.project(kj.datasets.yueyang()), 100)
    >>> again = paths_from_dataset(paths_to_dataset(paths))
    >>> bool((again.values["gdp"] == paths.values["gdp"]).all()), again.recipe == paths.recipe
    (True, True)
    """
    years, values, found, about = _read(dataset, "sample", units)
    count = dataset.sizes["sample"]
    if "weight" in dataset and dataset["weight"].dims != ("sample",):
        raise KjprojError(f"weight has the dimensions {', '.join(map(str, dataset['weight'].dims)) or 'none'}; expected sample alone")
    weights = weights_of(np.arange(count), count, dataset["weight"].values if "weight" in dataset else None)
    labels = {name: text for name, text in about.labels.items() if name in values}
    return Paths(years, values, weights, about.recipe or FOREIGN, found, labels)


def quantiles_to_dataset(found: Mapping[str, Quantiles]) -> Any:
    """Return quantiles by indicator as a dataset: (year, quantile) by indicator.

    Raises:
        KjprojError: for anything but quantiles by indicator, or different years or probabilities.
        MissingExtraError: without xarray (extra `xarray`).

    >>> import kjproj as kj
    >>> projection = kj.project(kj.datasets.yueyang())
    >>> dataset = kj.adapters.xarray.quantiles_to_dataset({"gdp": kj.quantiles(projection, "gdp")})
    >>> dataset["gdp"].dims, dataset["quantile"].values.tolist()
    (('year', 'quantile'), [0.05, 0.5, 0.95])
    """
    about = About.of_quantiles(found)
    levels = same_probabilities(found)
    years = {tuple(table.years.tolist()) for table in found.values()}
    if len(years) > 1:
        raise KjprojError("the indicators have quantiles of different years; ask for the same first_year and last_year")
    held = {name: (("year", "quantile"), table.values) for name, table in found.items()}
    return _dataset(held, {"year": np.array(years.pop()), "quantile": np.array(levels)}, about)


def quantiles_from_dataset(dataset: Any, *, units: Mapping[str, str] | None = None) -> dict[str, Quantiles]:
    """Return the quantiles in a dataset by indicator; as `paths_from_dataset`, with the dimension `quantile`.

    >>> import kjproj as kj
    >>> from kjproj.adapters.xarray import quantiles_from_dataset, quantiles_to_dataset
    >>> projection = kj.project(kj.datasets.yueyang())
    >>> quantiles_from_dataset(quantiles_to_dataset({"gdp": kj.quantiles(projection, "gdp")}))
    {'gdp': Quantiles(GDP, 2023 to 2025, q 0.05, 0.5, 0.95, 亿元)}
    """
    years, values, found, about = _read(dataset, "quantile", units)
    q = numbers(dataset["quantile"].values, "quantile")
    order = np.argsort(q)
    for name, table in values.items():
        require_rising(name, years.tolist(), q[order].tolist(), table.T[:, order])
    return {name: Quantiles(years, q, table.T, found[name], about.labels.get(name)) for name, table in values.items()}


def _dataset(held: Mapping[str, Any], coordinates: Mapping[str, Any], about: About, more: Mapping[str, Any] | None = None) -> Any:
    xarray = needed("xarray", "xarray")
    taken = [name for name in held if name in _OWN]
    if taken:
        raise KjprojError(f"an indicator is called {taken[0]}, as a dimension or the weights are; rename it in the study")
    variables = {name: (*part, _attributes(about.units[name], about.labels.get(name))) for name, part in held.items()}
    attributes = {"Conventions": "CF-1.11", "kjproj": about.to_json()}
    return xarray.Dataset({**variables, **(more or {})}, coordinates, attributes)


def _attributes(own: str, label: Text | None) -> dict[str, str]:
    english = in_english(own)
    said = {"units": own, "units_ascii": ascii_unit(own), **({} if english is None else {"units_en": english})}
    return said if label is None else {**said, "long_name": label("en"), "long_name_zh": label("zh")}


def _read(dataset: Any, dimension: str, units: Mapping[str, str] | None) -> tuple[Any, dict[str, Floats], dict[str, str], About]:
    """Return years, values (dimension, year) by indicator, units, and what is said of the whole."""
    sizes, labelled = getattr(dataset, "sizes", {}), getattr(dataset, "coords", {})
    missing = [name for name in (dimension, "year") if name not in sizes]
    if missing:
        raise KjprojError(f"the dataset has no dimension {missing[0]}; its dimensions are {', '.join(map(str, sizes)) or 'none'}")
    bare = [name for name in ("year", "quantile") if name in sizes and name not in labelled]
    if bare:
        raise KjprojError(f"the dimension {bare[0]} has no coordinate; give each {bare[0]} its number")
    about = About.from_json(dataset.attrs.get("kjproj"))
    names = [name for name in dataset.data_vars if name != "weight"]
    wrong = [name for name in names if set(dataset[name].dims) != {dimension, "year"}]
    if wrong or not names:
        given = f"{wrong[0]} has the dimensions {', '.join(map(str, dataset[wrong[0]].dims))}" if wrong else "the dataset is empty"
        raise KjprojError(f"{given}; expected indicators with {dimension} and year")
    values = {name: numbers(dataset[name].transpose(dimension, "year").values, name) for name in names}
    stated = {name: dataset[name].attrs["units"] for name in names if "units" in dataset[name].attrs}
    years = calendar_years(dataset["year"].values, "year")
    return years, values, units_of(names, units or {}, stated, about.units), about
