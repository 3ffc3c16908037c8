"""Model output as answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np

from ...answers.levels import Quantiles
from ...answers.sample import Paths
from ...errors import KjprojError
from ..about import About
from ..columns import columns_in
from ..long import Columns, calendar_years, numbers, only, paths_in, quantiles_in
from .form import COLUMNS, YES
from .submission import said

Tasks = Mapping[str, Any]


def quantiles_from_model_output(
    frame: Any,
    *,
    scenario: str | None = None,
    region: str | None = None,
    origin_date: date | str | None = None,
    tasks: Tasks | None = None,
    units: Mapping[str, str] | None = None,
) -> dict[str, Quantiles]:
    """Return the rows of the type "quantile" by indicator.

    Args:
        frame: model output, of pandas, polars or pyarrow.
        scenario: which `scenario_id`, where there are several.
        region: which `location`, likewise.
        origin_date: which, likewise.
        tasks: the hub's `tasks.json`, which says the units.
        units: by target, where the tasks do not say them, or say ones that are not known here.

    Raises:
        KjprojError: where a column, a unit or a value is missing, a value is there twice, or several rounds are there and
            none is named.

    >>> import kjproj as kj
    >>> from kjproj.adapters.hubverse import quantiles_from_model_output, to_model_output
    >>> frame = to_model_output(kj.project(kj.datasets.yueyang()), region="430600", indicators=["gdp"])
    >>> quantiles_from_model_output(frame, units={"gdp": "亿元"})
    {'gdp': Quantiles(2023 to 2025, q 0.05, 0.25, 0.5, 0.75, 0.95, 亿元)}
    """
    columns = _rows(frame, "quantile", scenario, region, origin_date)
    return quantiles_in({**columns, "quantile": numbers(columns["output_type_id"], "output_type_id")}, _about(tasks), units)


def paths_from_model_output(
    frame: Any,
    *,
    scenario: str | None = None,
    region: str | None = None,
    origin_date: date | str | None = None,
    tasks: Tasks | None = None,
    units: Mapping[str, str] | None = None,
) -> Paths:
    """Return the rows of the type "sample" as paths of equal weights; the recipe says "unknown".

    Arguments and errors as of `quantiles_from_model_output`. The targets must have the same samples in the same years.

    >>> import kjproj as kj
    >>> from kjproj.adapters.hubverse import paths_from_model_output, paths_to_model_output
    >>> paths = kj.sample(kj.project(kj.datasets.yueyang()), 10)
    >>> frame = paths_to_model_output(paths, region="430600", origin_date="2023-03-20")
    >>> again = paths_from_model_output(frame, units=paths.units)
    >>> bool((again.values["gdp"] == paths.values["gdp"]).all())
    True
    """
    columns = _rows(frame, "sample", scenario, region, origin_date)
    return paths_in({**columns, "sample_id": columns["output_type_id"]}, _about(tasks), units)


def cdf_from_model_output(
    frame: Any, *, scenario: str | None = None, region: str | None = None, origin_date: date | str | None = None
) -> dict[str, dict[int, dict[float, float]]]:
    """Return the rows of the type "cdf": by indicator and year, the chance of staying at or below each level.

    >>> import kjproj as kj
    >>> from kjproj.adapters.hubverse import cdf_from_model_output, cdf_to_model_output
    >>> frame = cdf_to_model_output(kj.project(kj.datasets.yueyang()), region="430600", levels={"rd_spending": [150]})
    >>> found = cdf_from_model_output(frame)
    >>> list(found["rd_spending"]), f"{found['rd_spending'][2025][150.0]:.2f}"
    ([2023, 2024, 2025], '0.49')
    """
    columns = _rows(frame, "cdf", scenario, region, origin_date)
    levels = numbers(columns["output_type_id"], "output_type_id").tolist()
    found: dict[str, dict[int, dict[float, float]]] = {}
    for name, year, level, value in zip(columns["unique_id"], columns["ds"], levels, columns["y"], strict=True):
        own = found.setdefault(name, {}).setdefault(int(year), {})
        if level in own:
            raise KjprojError(f"2 rows for {name}, {year}, {level:g}; expected one")
        own[level] = float(value)
    return found


def chances_from_model_output(
    frame: Any, *, scenario: str | None = None, region: str | None = None, origin_date: date | str | None = None
) -> dict[str, float]:
    """Return the rows of the type "pmf" with the categories "yes" and "no": by target, how likely it is.

    >>> import kjproj as kj
    >>> from kjproj.adapters.hubverse import chances_from_model_output, chances_to_model_output
    >>> projection = kj.project(kj.datasets.yueyang())
    >>> frame = chances_to_model_output(projection, region="430600", targets=["rd_spending_2025"])
    >>> chances_from_model_output(frame)["rd_spending_2025"] == kj.probability(projection, "rd_spending_2025").value
    True
    """
    columns = _rows(frame, "pmf", scenario, region, origin_date)
    rows = [(name, value) for name, said, value in zip(*_told(columns), strict=True) if said == YES]
    if len(dict(rows)) != len(rows) or {name for name, _ in rows} != set(columns["unique_id"]):
        raise KjprojError(f'expected one row "{YES}" for each target of a pmf')
    return {name: float(value) for name, value in rows}


def _told(columns: Columns) -> tuple[Any, Any, Any]:
    return columns["unique_id"], columns["output_type_id"], columns["y"]


def _rows(
    frame: Any, output_type: str, scenario: str | None, region: str | None, origin_date: date | str | None
) -> dict[str, Any]:
    """Return the rows of one output type and round."""
    columns = columns_in(frame, COLUMNS, "model output")
    own = np.asarray(columns["output_type"]) == output_type
    if not own.any():
        raise KjprojError(f'no row has the output_type "{output_type}"')
    held = {name: np.asarray(columns[name])[own] for name in COLUMNS}
    for name in ("origin_date", "scenario_id", "location"):
        held[name] = np.array([said(value) for value in held[name].tolist()], object)
    wanted = None if origin_date is None else str(origin_date)
    kept = only(held, {"origin_date": wanted, "scenario_id": scenario, "location": region})
    chosen = {name: column[kept] for name, column in held.items()}
    years = calendar_years(chosen["target_end_date"], "target_end_date")
    return {
        "unique_id": chosen["target"].tolist(),
        "ds": years,
        "y": numbers(chosen["value"], "value"),
        "output_type_id": chosen["output_type_id"].tolist(),
    }


def _about(tasks: Tasks | None) -> About:
    """Return the units that a hub's tasks say, by target."""
    if tasks is None:
        return About()
    try:
        targets = [one for each in tasks["rounds"] for group in each["model_tasks"] for one in group["target_metadata"]]
        return About({name: one["target_units"] for one in targets for name in (one["target_keys"] or {}).values()})
    except (KeyError, TypeError, AttributeError) as error:
        raise KjprojError(f"the tasks are not as the hubverse's schema has them: {error}") from None
