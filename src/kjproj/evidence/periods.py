"""Periods of a year as reports write them."""

from __future__ import annotations

import re

_MONTHS = {"Q": 3, "H": 6, "M": 1}
_PERIOD = re.compile(r"([QHM])(\d{1,2})(?:[-–—~]([QHM])?(\d{1,2}))?")
_CHINESE_MONTHS = re.compile(r"1[-–—~至到](\d{1,2})月份?")
_CHINESE = {
    "一季度": 3,
    "第一季度": 3,
    "前两季度": 6,
    "前二季度": 6,
    "上半年": 6,
    "前三季度": 9,
    "1月": 1,
    "1月份": 1,
}


def months_from_january(period: str) -> int | None:
    """Return how many months a period that begins with the year covers; None for any other.

    "Q1-Q3", "H1", "M1-M8", "1-8月" and "上半年" are understood.
    """
    text = "".join(period.split())
    if text in _CHINESE:
        return _CHINESE[text]
    chinese = _CHINESE_MONTHS.fullmatch(text)
    if chinese:
        return _within_a_year(int(chinese[1]))
    found = _PERIOD.fullmatch(text.upper())
    if found is None or int(found[2]) != 1 or (found[3] or found[1]) != found[1]:
        return None
    return _within_a_year(int(found[4] or 1) * _MONTHS[found[1]])


def _within_a_year(months: int) -> int | None:
    return months if 1 <= months <= 12 else None
