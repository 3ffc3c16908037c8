"""Units convert within a quantity, and nowhere else."""

from __future__ import annotations

from itertools import product

import pytest

from kjproj.errors import UnitError
from kjproj.units import convert, convert_change, known_units, unit


def test_5113_32_wan_yuan_are_0_511332_yi_yuan_exactly() -> None:
    assert convert(5113.32, "万元", "亿元") == 0.511332


def test_powers_of_ten_stay_exact() -> None:
    assert convert(98.06, "亿元", "万元") == 980600.0
    assert convert(2.23, "%", "share") == 0.0223
    assert convert(4, "‰", "%") == 0.4
    assert convert(3, "万人", "人") == 30000


def test_there_and_back_is_the_same_number() -> None:
    for a, b in product(known_units(), repeat=2):
        if unit(a).quantity == unit(b).quantity:
            assert convert(convert(98.06, a, b), b, a) == pytest.approx(98.06, rel=1e-15)


def test_units_of_different_quantities_never_convert() -> None:
    for a, b in product(known_units(), repeat=2):
        if unit(a).quantity != unit(b).quantity:
            with pytest.raises(UnitError, match="measures"):
                convert(1.0, a, b)


def test_firms_and_contracts_are_counts_of_different_things() -> None:
    assert unit("家").counts
    assert unit("项").counts
    with pytest.raises(UnitError, match="家 measures count of 家, 项 measures count of 项"):
        convert(1, "家", "项")


def test_the_change_of_a_share_is_in_points_and_never_in_per_cent() -> None:
    assert convert_change(0.66, "百分点", "%") == 0.66
    assert convert_change(0.66, "pp", "%") == 0.66
    assert convert_change(0.66, "百分点", "share") == pytest.approx(0.0066, rel=1e-15)
    with pytest.raises(UnitError, match="百分点"):
        convert_change(0.66, "%", "%")


def test_the_change_of_an_amount_is_an_amount() -> None:
    assert convert_change(5113.32, "万元", "亿元") == 0.511332
    with pytest.raises(UnitError):
        convert_change(1.0, "百分点", "亿元")


def test_an_unknown_unit_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UnitError, match=r"unknown unit '亿'; known are 元 .*亿元"):
        unit("亿")
