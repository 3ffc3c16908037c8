"""Compound-growth arithmetic: plain functions of levels, rates and years."""

from __future__ import annotations

import math

from .errors import KjprojError


def _positive(**values: float) -> None:
    for name, value in values.items():
        if not (math.isfinite(value) and value > 0):
            raise KjprojError(f"{name} is {value!r}; expected a finite number above 0")


def _fraction(rate: float) -> None:
    if not (math.isfinite(rate) and rate > -1):
        raise KjprojError(f"rate is {rate!r}; expected a fraction above -1, such as 0.05 for 5 %")


def _whole(years: int) -> None:
    if years != int(years) or years < 1:
        raise KjprojError(f"years is {years!r}; expected a whole number of 1 or more")


def _log_ratio(base: float, level: float) -> float:
    ratio = level / base
    usual = 0.0 < ratio < math.inf
    return math.log(ratio) if usual else math.log(level) - math.log(base)


def compound(base: float, rate: float, years: float) -> float:
    """Return the level after `years` of growth at `rate` a year: ``base · (1 + rate)^years``.

    `rate` is a fraction (0.05 is 5 %). Raises `KjprojError` where it is −1 or less, where `base` is not above 0,
    and where the level is too large for a number.
    """
    _positive(base=base)
    _fraction(rate)
    try:
        level = base * math.pow(1 + rate, years)
    except OverflowError:
        level = math.inf
    if not math.isfinite(level):
        raise KjprojError(f"{base:g} growing by {rate:g} a year for {years:g} years is too large for a number")
    return level


def compound_rate(base: float, level: float, years: float) -> float:
    """Return the yearly rate that leads from `base` to `level`: ``(level / base)^(1/years) − 1``, a fraction.

    Raises `KjprojError` where an argument is not above 0, or the rate is too large for a number.
    """
    _positive(base=base, level=level, years=years)
    try:
        return math.expm1(_log_ratio(base, level) / years)
    except OverflowError:
        raise KjprojError(f"from {base:g} to {level:g} in {years:g} years is too fast for a number") from None


def years_to(base: float, level: float, rate: float) -> float:
    """Return after how many years growth at `rate` leads from `base` to `level`; infinity if it never does.

    Raises `KjprojError` where a level is not above 0, or `rate` (a fraction) is −1 or less.
    """
    _positive(base=base, level=level)
    _fraction(rate)
    needed, pace = _log_ratio(base, level), math.log1p(rate)
    if needed == 0.0:
        return 0.0
    return needed / pace if needed * pace > 0 else math.inf


def compound_path(base: float, level: float, years: int) -> list[float]:
    """Return the levels at the ends of `years` years of equal growth, the last of them `level`.

    Raises `KjprojError` where a level is not above 0, or `years` is not a whole number of 1 or more.
    """
    _whole(years)
    rate = compound_rate(base, level, years)
    return [compound(base, rate, year) for year in range(1, years)] + [level]


def even_path(base: float, level: float, years: int) -> list[float]:
    """Return the levels at the ends of `years` years of equal steps, the last of them `level`.

    Raises `KjprojError` where `years` is not a whole number of 1 or more.
    """
    _whole(years)
    return [base + (level - base) * year / years for year in range(1, years)] + [level]
