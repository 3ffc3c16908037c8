"""Figures as a report prints them: text, whose digits are their error."""

from __future__ import annotations

import math
import re
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

_PATTERN = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?")
_LONGEST = 24


def _as_text(value: Any) -> Any:
    if not isinstance(value, str):
        advice = 'a figure is text, because its digits are its error: write "{given}" in quotes'
        raise PydanticCustomError("figure", advice, {"given": str(value)[:40]})
    return value


def _well_formed(text: str) -> str:
    if len(text) > _LONGEST or not _PATTERN.fullmatch(text):
        raise PydanticCustomError(
            "figure",
            "{given} is not a figure; expected plain digits such as 98.06, 1,169 or -0.5, at most {longest} signs",
            {"given": repr(text[:40]), "longest": _LONGEST},
        )
    return text


Figure = Annotated[str, BeforeValidator(_as_text, json_schema_input_type=str), AfterValidator(_well_formed)]
"""A number as it was printed: "98.06", "1,169", "-0.5"."""


def _not_negative(text: str) -> str:
    if text.startswith("-"):
        raise PydanticCustomError(
            "half_width",
            "an error of {given} is negative; expected the half-width of the range, such as 0.5 for ±0.5",
            {"given": text},
        )
    return text


HalfWidth = Annotated[Figure, AfterValidator(_not_negative)]
"""The stated error of a figure, as text: the figure may be wrong by this much either way; "0" is exact."""


RelativeError = Annotated[float, Field(strict=True, gt=0, le=1)]
"""The relative standard deviation of a figure."""


def number(figure: str) -> float:
    """Return the number that a figure states."""
    return float(figure.replace(",", ""))


def signed(figure: str) -> str:
    """Return the figure as printed, with its sign: "+0.60" for "0.60"."""
    return figure if figure[0] in "+-" else f"+{figure}"


def half_unit(figure: str) -> float:
    """Return half a unit of the figure's last digit: 0.005 for "98.06", 0.5 for "767"."""
    return 0.5 * 10.0 ** -len(figure.partition(".")[2])


EXPECTED = 0.03
"""The relative standard deviation of an expected figure, unless it states one."""


def expected_error(figure: str, relative_error: float | None) -> float:
    """Return the standard deviation of an expected figure's error: 3 % of the printed number unless stated."""
    return abs(number(figure)) * (EXPECTED if relative_error is None else relative_error)


def standard_error(figure: str, *, error: str | None, counts: bool) -> float:
    """Return the standard deviation of a figure's error, in the figure's own unit.

    The error is uniform within half a unit of the last digit, or within ±`error` where that is stated,
    so its standard deviation is half/√3. Whole counts are exact.
    """
    if error is not None:
        return number(error) / math.sqrt(3.0)
    if counts and "." not in figure:
        return 0.0
    return half_unit(figure) / math.sqrt(3.0)


def normal_quantile(p: float) -> float:
    """Return the standard normal quantile at p in [.5, 1), by Newton steps on `math.erf`; scipy need not be loaded."""
    z = 0.0
    for _ in range(60):
        step = (0.5 * math.erfc(-z / math.sqrt(2.0)) - p) * math.sqrt(2.0 * math.pi) * math.exp(0.5 * z * z)
        z -= step
        if abs(step) < 1e-14:
            break
    return z
