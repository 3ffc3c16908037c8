"""The columns of model output, and what the rows of one round share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from ...errors import KjprojError
from ..long import Columns

TASK = ("origin_date", "scenario_id", "location", "target", "horizon", "target_end_date")
OUTPUT = ("output_type", "output_type_id", "value")
COLUMNS = (*TASK, *OUTPUT)
YES, NO = "yes", "no"

Cell = tuple[str, int, str, float]
"""Target, year, output_type_id, value."""


def day(value: date | str) -> date:
    """Return a date, also where it is written as text; raises `KjprojError` for what is none."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) else date(value.year, value.month, value.day)
    except (ValueError, AttributeError):
        raise KjprojError(f"origin_date is {value!r}; expected a date such as 2023-03-20") from None


@dataclass(frozen=True)
class Round:
    """The day from which a forecast looks ahead, the scenario, and the place."""

    origin_date: date
    scenario: str
    region: str

    def columns(self, output_type: str, cells: Iterable[Cell]) -> dict[str, list[Any]]:
        """Return rows as columns. The horizon is in calendar years; a year ends on 31 December."""
        targets, years, ids, values = ([*column] for column in zip(*cells, strict=True))
        size = len(values)
        return {
            "origin_date": [self.origin_date.isoformat()] * size,
            "scenario_id": [self.scenario] * size,
            "location": [self.region] * size,
            "target": targets,
            "horizon": [year - self.origin_date.year for year in years],
            "target_end_date": [f"{year}-12-31" for year in years],
            "output_type": [output_type] * size,
            "output_type_id": ids,
            "value": values,
        }


def together(parts: Iterable[Columns]) -> dict[str, list[Any]]:
    """Return the rows of several tables as one."""
    tables = list(parts)
    return {name: [cell for part in tables for cell in part[name]] for name in COLUMNS}
