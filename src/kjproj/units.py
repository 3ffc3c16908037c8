"""Units: which quantity they measure, and how they convert.

A mismatch is an error, never a silent factor: 万元 and 亿元 convert, 家 and 项 do not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator

from .errors import UnitError


@dataclass(frozen=True)
class Unit:
    """A unit: its name, the quantity it measures, its size in that quantity's base, and whether it counts."""

    name: str
    quantity: str
    size: float
    counts: bool = False


def _family(quantity: str, **sizes: float) -> list[Unit]:
    return [Unit(name, quantity, size) for name, size in sizes.items()]


_COUNTERS = "家 项 个 人 名 件 笔 户 篇 种 台 套 所 支 次"
_UNITS = {
    unit.name: unit
    for unit in [
        *_family("yuan", 元=1.0, 万元=1e4, 百万元=1e6, 亿元=1e8, 万亿元=1e12, CNY=1.0),
        *_family("US dollars", USD=1.0, 美元=1.0, 万美元=1e4, 亿美元=1e8),
        *_family("euros", EUR=1.0, 欧元=1.0, 亿欧元=1e8),
        *_family("people", 万人=1e4, 亿人=1e8),
        *_family("items per person", **{"件/万人": 1e-4, "项/万人": 1e-4, "家/万人": 1e-4}),
        *_family("yuan per item", **{"元/项": 1.0, "万元/项": 1e4, "亿元/项": 1e8}),
        *_family("yuan per person", **{"元/人": 1.0, "万元/人": 1e4}),
        Unit("%", "share", 1e-2),
        Unit("‰", "share", 1e-3),
        Unit("share", "share", 1.0),
        Unit("百分点", "percentage points", 1e-2),
        Unit("pp", "percentage points", 1e-2),
        Unit("index", "index", 1.0),
        *(Unit(name, "people" if name == "人" else f"count of {name}", 1.0, counts=True) for name in _COUNTERS.split()),
        Unit("count", "count", 1.0, counts=True),
    ]
}
_POINTS = {"share": "percentage points"}


_ENGLISH = {
    "亿元": "100 million yuan",
    "万元": "10,000 yuan",
    "百万元": "million yuan",
    "万亿元": "trillion yuan",
    "元": "yuan",
    "家": "firms",
    "项": "items",
    "个": "items",
    "人": "persons",
    "名": "persons",
    "件": "pieces",
    "笔": "loans or deals",
    "户": "households",
    "篇": "papers",
    "万人": "10,000 persons",
    "件/万人": "per 10,000 persons",
    "项/万人": "per 10,000 persons",
    "家/万人": "per 10,000 persons",
    "元/项": "yuan per item",
    "万元/项": "10,000 yuan per item",
    "亿元/项": "100 million yuan per item",
    "元/人": "yuan per person",
    "万元/人": "10,000 yuan per person",
    "百分点": "percentage points",
}


def in_english(name: str) -> str | None:
    """Return what a Chinese unit is in English; None where it needs no translation."""
    return _ENGLISH.get(name)


def known_units() -> tuple[str, ...]:
    """Return the names of all units."""
    return tuple(_UNITS)


def unit(name: str) -> Unit:
    """Return the unit called `name`; raises `UnitError` naming the known ones."""
    try:
        return _UNITS[name]
    except KeyError:
        raise UnitError(f"unknown unit {name[:40]!r}; known are {' '.join(_UNITS)}") from None


def convert(value: float, given: str, wanted: str) -> float:
    """Return `value` in the unit `wanted`: 5113.32 万元 are 0.511332 亿元.

    Raises `UnitError` where the two do not measure the same quantity.
    """
    a, b = unit(given), unit(wanted)
    if a.quantity != b.quantity:
        raise UnitError(
            f"{given} measures {a.quantity}, {wanted} measures {b.quantity}: give a unit of {b.quantity}"
        )
    return value if a.size == b.size else _exact_ratio(value, a.size, b.size)


def _exact_ratio(value: float, given: float, wanted: float) -> float:
    """Multiply or divide by a whole number, so that powers of ten stay exact."""
    return value * (given / wanted) if given >= wanted else value / (wanted / given)


def convert_change(value: float, given: str, wanted: str) -> float:
    """Return a difference of levels, given in the unit `given`, in the unit `wanted` of the levels.

    A change of a share is given in percentage points, never in per cent (which would be a growth rate).
    """
    a, b = unit(given), unit(wanted)
    points = _POINTS.get(b.quantity)
    if points is None:
        return convert(value, given, wanted)
    if a.quantity != points:
        raise UnitError(
            f"the change of a share is given in {given}; expected 百分点 or pp (a growth rate in % is evidence "
            "of kind 'growth')"
        )
    return value if a.size == b.size else _exact_ratio(value, a.size, b.size)


def per(above: str, below: str) -> str | None:
    """Return the quantity of a ratio of two quantities; None where no unit measures it."""
    if above == below:
        return "share"
    if above == "yuan" and below.startswith("count"):
        return "yuan per item"
    if below != "people":
        return None
    return "items per person" if above.startswith("count") else {"yuan": "yuan per person"}.get(above)


def _known(name: str) -> str:
    return unit(name).name


UnitName = Annotated[str, AfterValidator(_known)]
"""The name of a known unit."""
