"""What all IAMC tables share: where a value belongs, long and wide, and back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...errors import KjprojError
from ..columns import Backend, columns_in, frame_from, text_in
from ..frames.paths import Layout
from ..long import only

INDEX = ("model", "scenario", "region", "variable", "unit")
_TITLED = {name: name.capitalize() for name in INDEX}
_YEAR = re.compile(r"\d{4}")


@dataclass(frozen=True)
class Place:
    """The model, the scenario and the region that all rows of a table are about."""

    model: str
    scenario: str
    region: str

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if not isinstance(value, str) or not value.strip():
                raise KjprojError(f"{name} is {value!r}; expected a name")

    def columns(self, series: Sequence[tuple[str, str, Mapping[int, float]]]) -> dict[str, list[Any]]:
        """Return the long columns of series of (variable, unit, levels by year)."""
        rows = [(variable, unit, year, value) for variable, unit, levels in series for year, value in levels.items()]
        own = {name: [value] * len(rows) for name, value in vars(self).items()}
        return {**own, **{name: [row[k] for row in rows] for k, name in enumerate(("variable", "unit", "year", "value"))}}


def table(columns: Mapping[str, Sequence[Any]], layout: Layout, backend: Backend) -> Any:
    """Return long columns as a long or a wide frame."""
    if layout == "long":
        return frame_from(columns, backend)
    if layout != "wide":
        raise KjprojError(f'layout is {layout!r}; expected "long" or "wide"')
    index = [name for name in columns if name not in ("year", "value")]
    series: dict[tuple[Any, ...], dict[int, float]] = {}
    keys = zip(*(columns[name] for name in index), strict=True)
    for key, year, value in zip(keys, columns["year"], columns["value"], strict=True):
        series.setdefault(key, {})[year] = value
    named: dict[str, Any] = {_TITLED.get(name, name): [key[k] for key in series] for k, name in enumerate(index)}
    years = sorted(set(columns["year"]))
    return frame_from({**named, **{str(year): [own.get(year) for own in series.values()] for year in years}}, backend)


def variables_of(names: Sequence[str], variables: Mapping[str, str] | None) -> dict[str, str]:
    """Return each indicator's variable: the one given, else its name. Raises `KjprojError` where two have the same."""
    unknown = [name for name in variables or {} if name not in names]
    if unknown:
        raise KjprojError(f"variables name {unknown[0]}, which is not in the table; known are {', '.join(names)}")
    found = {name: (variables or {}).get(name, name) for name in names}
    if len(set(found.values())) < len(found):
        raise KjprojError("two indicators have the same variable; give each one of its own")
    return found


def read(
    frame: Any, chosen: Mapping[str, str | None], variables: Mapping[str, str] | None, more: Sequence[str] = ()
) -> dict[str, Any]:
    """Return the long columns of one model, scenario and region of a frame, or of a `pyam.IamDataFrame`.

    `unique_id` is the variable, or the indicator that `variables` gives it to; empty cells of a wide frame are left out.
    """
    given = frame.data if hasattr(frame, "as_pandas") else frame
    columns = {str(name).lower(): column for name, column in columns_in(given, (), "IAMC").items()}
    missing = [name for name in (*INDEX, *more) if name not in columns]
    if missing:
        raise KjprojError(f"the frame of IAMC has no column {missing[0]}; its columns are {', '.join(columns)}")
    columns = columns if "value" in columns else _molten(columns)
    if "year" not in columns:
        raise KjprojError("the frame of IAMC has no column year; sub-annual times are not read")
    kept = only(columns, chosen)
    kept &= np.array([text_in(value) is not None for value in columns["value"]])
    held = {name: np.asarray(column)[kept] for name, column in columns.items()}
    names = np.array(own_names(held["variable"].tolist(), variables), object)
    return {**held, "unique_id": names, "ds": held["year"], "y": held["value"]}


def own_names(found: Sequence[str], variables: Mapping[str, str] | None) -> list[str]:
    """Return the indicator of each variable, and the variable where none is named; where none of `variables` is there they are refused."""
    known = dict.fromkeys(found)
    wanted = list((variables or {}).values())
    if wanted and not known.keys() & set(wanted):
        raise KjprojError(f"the frame of IAMC has no variable {wanted[0]!r}; it has {', '.join(known) or 'none'}")
    own = {variable: name for name, variable in (variables or {}).items()}
    return [own.get(variable, variable) for variable in found]


def _molten(columns: Mapping[str, Any]) -> dict[str, Any]:
    years = [name for name in columns if _YEAR.fullmatch(name)]
    if not years:
        raise KjprojError("the frame of IAMC has neither a column value nor columns of years")
    size = len(columns["variable"])
    index = {name: np.repeat(np.asarray(column), len(years)) for name, column in columns.items() if name not in years}
    values = np.stack([np.asarray(columns[year]) for year in years], axis=1).ravel()
    return {**index, "year": np.tile(np.array(years, int), size), "value": values}
