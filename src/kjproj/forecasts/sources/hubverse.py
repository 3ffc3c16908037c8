"""Rows of a hubverse model output file: output_type, output_type_id, value, and the columns that name the task.

Source: hubverse documentation, model output, https://docs.hubverse.io/en/latest/user-guide/model-output.html.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...errors import KjprojError
from ..calendar import Dates, years_of
from .arrays import Table
from .frames import eager, pivoted, require

_OWN = ("output_type", "output_type_id", "value")
_TIMES = ("target_end_date", "target_date", "target_year", "year", "horizon", "reference_date", "origin_date", "forecast_date")
Quantiles = tuple[tuple[int, ...], tuple[float, ...], tuple[tuple[float, ...], ...]]
"""Years, levels, and values by year and level."""


def samples_of(frame: Any, where: Mapping[str, Any], time_col: str | None, origin_year: int | None, dates: Dates) -> Table:
    """Return the years and paths of the rows with output_type "sample"."""
    rows, years = _rows(frame, "sample", where, time_col, origin_year, dates)
    return pivoted(years, rows["output_type_id"].to_list(), rows["value"].to_numpy(), "column value")


def quantiles_of(frame: Any, where: Mapping[str, Any], time_col: str | None, origin_year: int | None, dates: Dates) -> Quantiles:
    """Return the quantiles by year of the rows with output_type "quantile"."""
    rows, years = _rows(frame, "quantile", where, time_col, origin_year, dates)
    try:
        levels = [float(level) for level in rows["output_type_id"].to_list()]
    except (TypeError, ValueError):
        raise KjprojError("column output_type_id holds words; expected quantile levels such as 0.5") from None
    found, table = pivoted(years, levels, rows["value"].to_numpy(), "column value", "quantile")
    return found, tuple(sorted(set(levels))), tuple(tuple(row) for row in table.T.tolist())


def types_in(frame: Any) -> list[str]:
    """Return the output types that a file holds."""
    rows = eager(frame)
    require(rows, [*_OWN])
    return [str(kind) for kind in rows["output_type"].unique(maintain_order=True).to_list()]


def _rows(
    frame: Any, kind: str, where: Mapping[str, Any], time_col: str | None, origin_year: int | None, dates: Dates
) -> tuple[Any, list[int]]:
    """Return the rows of one kind that `where` leaves, of one task, and the year of each."""
    import narwhals as nw

    rows = eager(frame)
    require(rows, [*_OWN, *where])
    for name, wanted in where.items():
        rows = rows.filter(nw.col(name) == wanted)
    rows = rows.filter(nw.col("output_type") == kind)
    if not len(rows):
        raise KjprojError(f"no rows of output_type {kind!r} with {dict(where)}; the file has {', '.join(types_in(frame))}")
    for name in rows.columns:
        values = [] if name in (*_OWN, *_TIMES, time_col) else rows[name].unique(maintain_order=True).to_list()
        if len(values) > 1:
            raise KjprojError(f"the rows have {len(values)} values of {name!r} ({', '.join(map(str, values[:5]))}); say which one with where=")
    return rows, _years(rows, time_col, origin_year, dates)


def _years(rows: Any, time_col: str | None, origin_year: int | None, dates: Dates) -> list[int]:
    """Return each row's year: from a date or year, or from a horizon in years after `origin_year`."""
    column = time_col or next((name for name in ("target_end_date", "target_date", "target_year", "year", "horizon") if name in rows.columns), None)
    if column is None or column not in rows.columns:
        raise KjprojError(f"the file has no column {column or 'target_end_date'!r} that says the year; name it by time_col")
    if column != "horizon":
        return years_of(rows[column].to_list(), dates, f"column {column}")
    if origin_year is None:
        raise KjprojError("the file counts years by horizon; say from which year with origin_year (horizon 1 is the year after)")
    return [int(origin_year) + int(h) for h in rows["horizon"].to_list()]
