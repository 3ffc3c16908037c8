"""From the dates of other tools to calendar years."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Literal

import numpy as np

from ..errors import KjprojError

Dates = Literal["year_end", "within_year"]
"""How dates are read: "year_end" takes the last day (or quarter or month, where a period is named) of a year alone, and
refuses others; "within_year" takes any day for the year in which it lies."""


def years_of(values: Sequence[Any] | np.ndarray, dates: Dates = "year_end", what: str = "the years") -> list[int]:
    """Return calendar years: whole numbers as they are, dates by `dates`; raises `KjprojError` for anything else."""
    if dates not in ("year_end", "within_year"):
        raise KjprojError(f"dates is {dates!r}; expected 'year_end' or 'within_year'")
    known: dict[Any, int] = {}
    found = []
    for value in values:
        if value not in known:
            known[value] = _year(value, dates, what)
        found.append(known[value])
    return found


def _year(value: Any, dates: Dates, what: str) -> int:
    if isinstance(value, int | np.integer) and not isinstance(value, bool):
        year = int(value)
    else:
        year, month, day = _day(value, what)
        if dates == "year_end" and (month, day) != (12, 31):
            raise KjprojError(
                f"{what} hold {year}-{month:02}-{day:02}, which is no year's end; expected years such as 2024, or 2024-12-31: add "
                "quarters or months up first, or, where the whole year is meant, say dates='within_year'"
            )
    if not 1800 <= year <= 2300:
        raise KjprojError(f"{what} hold the year {year}; expected a calendar year such as 2024")
    return year


def _day(value: Any, what: str) -> tuple[int, int, int]:
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value[:10])
        except ValueError:
            raise KjprojError(f"{what} hold {value!r}; expected years such as 2024, or dates such as 2024-12-31") from None
    elif isinstance(value, np.datetime64):
        value = value.astype("datetime64[D]").item()
    try:
        end = getattr(value, "end_time", value)  # a period of pandas is its last day
        return int(end.year), int(end.month), int(end.day)
    except (AttributeError, TypeError, ValueError):
        raise KjprojError(f"{what} hold {value!r}; expected years such as 2024, or dates such as 2024-12-31") from None
