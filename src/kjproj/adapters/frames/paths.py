"""Sample paths as a frame."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np

from ...answers.sample import Paths
from ...errors import KjprojError
from ..about import FOREIGN, About, units_of
from ..columns import Backend, columns_in, frame_from, metadata_column, metadata_in
from ..long import Columns, box, calendar_years, numbers, ordered, paths_in, sample_places, weights_of

Layout = Literal["long", "wide"]
_OWN = ("sample_id", "ds", "weight", "metadata")


def paths_to_frame(paths: Paths, *, layout: Layout = "long", backend: Backend = "pandas") -> Any:
    """Return sample paths as a frame.

    Args:
        paths: from `kjproj.sample`.
        layout: "long", a row a value: `unique_id`, `ds`, `sample_id`, `y`, `weight`, `unit`, `metadata`; or "wide", a row
            a path and year, and a column an indicator.
        backend: "pandas", "polars" or "pyarrow".

    Raises:
        KjprojError: for paths without units, another layout or backend, or an indicator named like a column.
        MissingExtraError: without narwhals or the backend (extra `frames`).

    >>> import kjproj as kj
    >>> paths = kj.sample(kj.project(kj.datasets.yueyang()), 2, first_year=2025)
    >>> frame = kj.adapters.frames.paths_to_frame(paths)
    >>> frame.loc[frame["unique_id"] == "gdp", ["ds", "sample_id", "unit"]].values.tolist()
    [[2025, 0, '亿元'], [2025, 1, '亿元']]
    """
    about = About.of_paths(paths)
    if layout == "long":
        columns = long_columns(paths)
        return frame_from({**columns, "metadata": metadata_column(about.to_json(), len(columns["y"]))}, backend)
    if layout != "wide":
        raise KjprojError(f'layout is {layout!r}; expected "long" or "wide"')
    return frame_from(wide_columns(paths), backend)


def long_columns(paths: Paths) -> dict[str, Any]:
    """Return the columns of a long table of paths: by indicator, by path, by year."""
    count, span, names = len(paths), len(paths.years), list(paths.values)
    every = len(names)
    return {
        "unique_id": [name for name in names for _ in range(count * span)],
        "ds": np.tile(paths.years, count * every),
        "sample_id": np.tile(np.repeat(np.arange(count), span), every),
        "y": np.concatenate([paths.values[name].ravel() for name in names]),
        "weight": np.tile(np.repeat(paths.weights, span), every),
        "unit": [paths.units[name] for name in names for _ in range(count * span)],
    }


def wide_columns(paths: Paths) -> dict[str, Any]:
    """Return the columns of a wide table of paths; raises `KjprojError` for an indicator named like one of its columns."""
    taken = [name for name in paths.values if name in _OWN]
    if taken:
        raise KjprojError(f'an indicator is called {taken[0]}, as a column is; use layout="long"')
    count, span = len(paths), len(paths.years)
    return {
        "sample_id": np.repeat(np.arange(count), span),
        "ds": np.tile(paths.years, count),
        "weight": np.repeat(paths.weights, span),
        **{name: levels.ravel() for name, levels in paths.values.items()},
        "metadata": metadata_column(About.of_paths(paths).to_json(), count * span),
    }


def paths_from_frame(frame: Any, *, units: Mapping[str, str] | None = None) -> Paths:
    """Return the sample paths in a frame, long or wide; rows may stand in any order.

    Args:
        frame: of pandas, polars or pyarrow, with the columns that `paths_to_frame` writes; `weight`, `unit` and `metadata`
            may be missing. Without `weight` paths weigh the same, without `metadata` the recipe says "unknown".
        units: by indicator, where the frame does not say them, or says ones that are not known here.

    Raises:
        KjprojError: where a column, a unit or a value is missing, a value is there twice, a weight is below 0 or none is above,
            or `units` contradict the frame.

    >>> import kjproj as kj
    >>> from kjproj.adapters.frames import paths_from_frame, paths_to_frame
    >>> paths = kj.sample(kj.project(kj.datasets.yueyang()), 100)
    >>> again = paths_from_frame(paths_to_frame(paths, backend="polars"))
    >>> bool((again.values["gdp"] == paths.values["gdp"]).all()), again.units["gdp"], again.recipe == paths.recipe
    (True, '亿元', True)
    """
    columns = columns_in(frame, ("ds", "sample_id"), "paths")
    about = About.from_json(metadata_in(columns))
    if "unique_id" not in columns:
        return wide_paths_in(columns, about, units)
    return paths_in(columns_in(frame, ("unique_id", "ds", "sample_id", "y"), "paths"), about, units)


def wide_paths_in(columns: Columns, about: About, units: Mapping[str, str] | None = None) -> Paths:
    """Return the paths in a wide table."""
    names = [name for name in columns if name not in _OWN]
    if not names:
        raise KjprojError("the frame of paths has no column of an indicator")
    year, years = ordered(calendar_years(columns["ds"], "ds"))
    sample, samples = sample_places(columns["sample_id"])
    axes = ((sample, samples), (year, years))
    values = {name: box(axes, numbers(columns[name], name), ("sample_id", "ds")) for name in names}
    weights = weights_of(sample, len(samples), columns.get("weight"))
    found = units_of(names, units or {}, about.units)
    labels = {name: text for name, text in about.labels.items() if name in values}
    return Paths(np.array(years), values, weights, about.recipe or FOREIGN, found, labels)
