"""Forecasts of other tools that are handed in: checked, and put on the indicators' scales."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import KjprojError
from ..forecasts import Forecast, Given
from ..forecasts.base import Onto
from ..forecasts.calendar import Dates
from ..forecasts.samples import paths_on
from ..forecasts.sources import arrays, frames, xarrays
from ..study import Study
from ..study.forecasting import require_takes, require_together

HANDED = "paths"
"""The name under which paths that are handed in belong together."""
_EXPECTED = "expected arrays by indicator and year, such as {'gdp': {2024: array, 2025: array}}"
_PAIR = 2
_DATES: Dates = "year_end"


def taken(study: Study, paths: Any) -> dict[str, Forecast]:
    """Return the study's forecasts, and in their places those that are handed in; raises `KjprojError` for what does not fit.

    Paths without a statement are cut, and belong together draw by draw.
    """
    handed = _by_indicator(paths)
    found = {name: _forecast(study, name, given) for name, given in handed.items()}
    both = {**study.forecasts, **found}
    groups: dict[str, tuple[int, Forecast]] = {}
    for name, forecast in both.items():
        require_together(name, forecast, groups)
    return both


def _by_indicator(paths: Any) -> dict[str, Any]:
    if isinstance(paths, Mapping):
        return dict(paths)
    columns = frames.Columns()
    if _is_frame(paths) and columns.series in frames.column_names(paths):
        return dict.fromkeys(frames.series_in(paths, columns), paths)
    raise KjprojError(f"paths are {type(paths).__name__}; {_EXPECTED}")


def _forecast(study: Study, name: str, given: Any) -> Forecast:
    indicator = study.indicator(name)
    if name in study.derived:
        raise KjprojError(f"paths: {name} is derived by an identity; give paths for one of its members")
    if isinstance(given, Forecast):
        found = given
    elif isinstance(given, Given):
        found = given.placed(name, indicator.unit, indicator.scale)
    else:
        (years, values), unit = _table(name, given)
        onto = Onto(name, indicator.unit, indicator.scale, unit or indicator.unit)
        found = Forecast(years, "cut", HANDED, paths_on(onto, years, values))
    try:
        require_takes(study, name, found)
    except KjprojError as error:
        raise KjprojError(f"paths of {name}: {error}") from None
    return found


def _table(name: str, given: Any) -> tuple[arrays.Table, str | None]:
    """Return years and paths of whatever holds them, and their unit if it is said; an error says which indicator's are wrong."""
    try:
        if isinstance(given, tuple) and len(given) == _PAIR:
            values, years = given
            return arrays.from_array(values, years), None
        if hasattr(given, "dims") and hasattr(given, "coords"):
            return xarrays.from_xarray(given, "sample", "year", _DATES)
        if _is_frame(given):
            columns = frames.Columns()
            series = frames.series_in(given, columns)
            if len(series) > 1 and name not in series:
                raise KjprojError(f"hold the series {', '.join(series[:5])}; expected one, or one that is called {name}")
            return frames.from_frame(given, name if name in series else None, columns, _DATES)
        if not isinstance(given, Mapping) or not given:
            raise KjprojError(f"are {'empty' if isinstance(given, Mapping) else 'no mapping'}; {_EXPECTED}")
        return arrays.from_mapping(given), None
    except KjprojError as error:
        raise KjprojError(f"paths of {name} {error}") from None


def _is_frame(given: Any) -> bool:
    return hasattr(given, "columns") and not isinstance(given, Mapping)
