"""Sample paths in the IAMC's format: a column `sample_id` more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...answers.sample import Paths
from ..about import About, equally_weighted
from ..columns import Backend, frame_from
from ..frames.paths import Layout, long_columns
from ..long import paths_in
from .rows import Place, read, table, variables_of


def paths_to_iamc(
    paths: Paths,
    *,
    model: str = "kjproj",
    scenario: str | None = None,
    region: str,
    variables: Mapping[str, str] | None = None,
    layout: Layout = "long",
    backend: Backend = "pandas",
) -> Any:
    """Return sample paths as an IAMC table with a column `sample_id`, which pyam takes as one more index.

    Args:
        paths: from `kjproj.sample`; they must weigh the same, because the format has no weights.
        model: the name of the model.
        scenario: that of the paths' recipe unless given.
        region: the place.
        variables: by indicator its variable; its name unless given.
        layout: "long", a row a value, or "wide", a column a year.
        backend: "pandas", "polars" or "pyarrow".

    Raises:
        KjprojError: for paths without units or of different weights, and where a variable does not fit.
        MissingExtraError: without narwhals or the backend (extra `frames`).

    >>> import kjproj as kj
    >>> paths = kj.sample(kj.project(kj.datasets.yueyang()), 10)
    >>> kj.adapters.iamc.paths_to_iamc(paths, region="Yueyang").columns.tolist()
    ['model', 'scenario', 'region', 'variable', 'unit', 'sample_id', 'year', 'value']
    """
    About.of_paths(paths)
    equally_weighted(paths, "an IAMC table")
    place = Place(model, paths.recipe.scenario if scenario is None else scenario, region)
    named = variables_of(list(paths.values), variables)
    if layout == "wide":
        return frame_from(_wide(paths, place, named), backend)
    columns = long_columns(paths)
    own = {name: [value] * len(columns["y"]) for name, value in vars(place).items()}
    held = {
        **own,
        "variable": [named[name] for name in columns["unique_id"]],
        "unit": columns["unit"],
        "sample_id": columns["sample_id"],
        "year": columns["ds"],
        "value": columns["y"],
    }
    return table(held, layout, backend)


def _wide(paths: Paths, place: Place, named: Mapping[str, str]) -> dict[str, Any]:
    """Return a row an indicator and path, a column a year."""
    rows = [name for name in paths.values for _ in range(len(paths))]
    levels = np.concatenate(list(paths.values.values()))
    return {
        **{name.capitalize(): [value] * len(rows) for name, value in vars(place).items()},
        "Variable": [named[name] for name in rows],
        "Unit": [paths.units[name] for name in rows],
        "sample_id": np.tile(np.arange(len(paths)), len(paths.values)),
        **{str(year): levels[:, k] for k, year in enumerate(paths.years.tolist())},
    }


def paths_from_iamc(
    frame: Any,
    *,
    model: str | None = None,
    scenario: str | None = None,
    region: str | None = None,
    variables: Mapping[str, str] | None = None,
    units: Mapping[str, str] | None = None,
) -> Paths:
    """Return the sample paths in an IAMC table with a column `sample_id`; all weigh the same, the recipe says "unknown".

    Arguments and errors as of `quantiles_from_iamc`.

    >>> import kjproj as kj
    >>> from kjproj.adapters.iamc import paths_from_iamc, paths_to_iamc
    >>> paths = kj.sample(kj.project(kj.datasets.yueyang()), 10)
    >>> again = paths_from_iamc(paths_to_iamc(paths, region="Yueyang"))
    >>> bool((again.values["gdp"] == paths.values["gdp"]).all()), again.units["gdp"]
    (True, '亿元')
    """
    chosen = {"model": model, "scenario": scenario, "region": region}
    return paths_in(read(frame, chosen, variables, ("sample_id",)), About(), units)
