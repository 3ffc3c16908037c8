"""Quantiles by indicator as a frame."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...answers.levels import Quantiles
from ...errors import KjprojError
from ..about import About
from ..columns import Backend, columns_in, frame_from, metadata_column, metadata_in
from ..long import Columns, quantiles_in
from .paths import Layout

_OWN = ("unique_id", "ds", "unit", "metadata")


def quantiles_to_frame(found: Mapping[str, Quantiles], *, layout: Layout = "long", backend: Backend = "pandas") -> Any:
    """Return quantiles as a frame.

    Args:
        found: by indicator, from `kjproj.quantiles`.
        layout: "long", a row a value: `unique_id`, `ds`, `quantile`, `y`, `unit`, `metadata`; or "wide", a row an indicator
            and year, and a column a probability ("0.05").
        backend: "pandas", "polars" or "pyarrow".

    Raises:
        KjprojError: for anything but quantiles by indicator; in a wide frame, for different probabilities.
        MissingExtraError: without narwhals or the backend (extra `frames`).

    >>> import kjproj as kj
    >>> projection = kj.project(kj.datasets.yueyang())
    >>> found = {"rd_spending": kj.quantiles(projection, "rd_spending", q=(0.1, 0.5, 0.9))}
    >>> kj.adapters.frames.quantiles_to_frame(found, layout="wide").columns.tolist()
    ['unique_id', 'ds', 'unit', '0.1', '0.5', '0.9', 'metadata']
    """
    about = About.of_quantiles(found).to_json()
    if layout == "long":
        columns = long_columns(found)
        return frame_from({**columns, "metadata": metadata_column(about, len(columns["y"]))}, backend)
    if layout != "wide":
        raise KjprojError(f'layout is {layout!r}; expected "long" or "wide"')
    return frame_from(_wide(found, about), backend)


def long_columns(found: Mapping[str, Quantiles]) -> dict[str, Any]:
    """Return the columns of a long table of quantiles: by indicator, by year, by probability."""
    tables = found.values()
    return {
        "unique_id": [name for name, table in found.items() for _ in range(table.values.size)],
        "ds": np.concatenate([np.repeat(table.years, len(table.q)) for table in tables]),
        "quantile": np.concatenate([np.tile(table.q, len(table.years)) for table in tables]),
        "y": np.concatenate([table.values.ravel() for table in tables]),
        "unit": [table.unit for table in tables for _ in range(table.values.size)],
    }


def same_probabilities(found: Mapping[str, Quantiles]) -> list[float]:
    """Return the probabilities of all tables; raises `KjprojError` where they differ."""
    distinct = {tuple(table.q.tolist()) for table in found.values()}
    if len(distinct) > 1:
        raise KjprojError('the indicators have quantiles at different probabilities; ask for the same q, or use layout="long"')
    return list(distinct.pop())


def _wide(found: Mapping[str, Quantiles], about: str) -> dict[str, Any]:
    levels = same_probabilities(found)
    rows = [(name, table.unit) for name, table in found.items() for _ in table.years]
    return {
        "unique_id": [name for name, _ in rows],
        "ds": np.concatenate([table.years for table in found.values()]),
        "unit": [own for _, own in rows],
        **{repr(q): np.concatenate([t.values[:, k] for t in found.values()]) for k, q in enumerate(levels)},
        "metadata": metadata_column(about, len(rows)),
    }


def quantiles_from_frame(frame: Any, *, units: Mapping[str, str] | None = None) -> dict[str, Quantiles]:
    """Return the quantiles in a frame, long or wide, by indicator.

    Args:
        frame: of pandas, polars or pyarrow, with the columns that `quantiles_to_frame` writes; `unit` and `metadata` may be
            missing.
        units: by indicator, where the frame does not say them, or says ones that are not known here.

    Raises:
        KjprojError: where a column, a unit or a value is missing, a value is there twice, quantiles fall as the probability
            rises, or `units` contradict the frame.

    >>> import kjproj as kj
    >>> from kjproj.adapters.frames import quantiles_from_frame, quantiles_to_frame
    >>> projection = kj.project(kj.datasets.yueyang())
    >>> found = {"rd_intensity": kj.quantiles(projection, "rd_intensity")}
    >>> quantiles_from_frame(quantiles_to_frame(found))
    {'rd_intensity': Quantiles(R&D intensity, 2023 to 2025, q 0.05, 0.5, 0.95, %)}
    """
    columns = columns_in(frame, ("unique_id", "ds"), "quantiles")
    about = About.from_json(metadata_in(columns))
    if "quantile" not in columns:
        columns = _molten(columns)
    if "y" not in columns:
        raise KjprojError("the frame of quantiles has no column y")
    return quantiles_in(columns, about, units)


def _molten(columns: Columns) -> dict[str, Any]:
    """Return the long table of a wide one."""
    levels = [name for name in columns if name not in _OWN]
    wrong = [name for name in levels if not _is_number(name)]
    if wrong or not levels:
        expected = "expected a column quantile, or a column for each probability, such as 0.05"
        raise KjprojError(f"the column {wrong[0]} is no probability; {expected}" if wrong else expected)
    size = len(columns["ds"])
    repeated = {name: np.repeat(columns[name], len(levels)) for name in ("unique_id", "ds", "unit") if name in columns}
    y = np.stack([np.asarray(columns[name]) for name in levels], axis=1).ravel()
    return {**repeated, "quantile": np.tile(np.array([float(name) for name in levels]), size), "y": y}


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
