"""Compound-growth arithmetic obeys its own equations."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kjproj.errors import KjprojError
from kjproj.growth import compound, compound_path, compound_rate, even_path, years_to

levels = st.floats(1e-3, 1e9)
rates = st.floats(-0.5, 2.0).filter(lambda rate: abs(rate) > 1e-6)


@given(base=levels, rate=rates, years=st.integers(1, 30))
def test_the_rate_between_two_levels_is_the_rate_that_led_there(base: float, rate: float, years: int) -> None:
    assert compound_rate(base, compound(base, rate, years), years) == pytest.approx(rate, rel=1e-9, abs=1e-12)


@given(base=levels, rate=rates, years=st.floats(0.1, 30))
def test_the_years_to_a_level_are_the_years_that_led_there(base: float, rate: float, years: float) -> None:
    assert years_to(base, compound(base, rate, years), rate) == pytest.approx(years, rel=1e-6)


def test_spending_of_98_06_needs_11_2_percent_a_year_to_reach_150_in_four_years() -> None:
    assert compound_rate(98.06, 150, 4) == pytest.approx((150 / 98.06) ** 0.25 - 1, abs=1e-15)
    assert [round(level, 1) for level in compound_path(98.06, 150, 4)] == [109.1, 121.3, 134.9, 150.0]


def test_zero_years_of_growth_change_nothing() -> None:
    assert compound(98.06, 0.5, 0) == 98.06


def test_a_level_that_is_there_already_takes_no_years() -> None:
    assert years_to(5.0, 5.0, -0.3) == 0.0


@pytest.mark.parametrize(("level", "rate"), [(2.0, 0.0), (2.0, -0.1), (0.5, 0.1)])
def test_growth_in_the_wrong_direction_never_arrives(level: float, rate: float) -> None:
    assert years_to(1.0, level, rate) == math.inf


def test_paths_end_at_the_level_exactly_and_grow_by_equal_ratios_or_steps() -> None:
    path = [98.06, *compound_path(98.06, 150, 4)]
    ratios = [after / before for before, after in pairwise(path)]
    assert path[-1] == 150
    assert ratios == pytest.approx([ratios[0]] * 4, rel=1e-12)
    assert even_path(2.23, 2.6, 4) == pytest.approx([2.3225, 2.415, 2.5075, 2.6], abs=1e-12)


def test_one_year_leads_straight_to_the_level() -> None:
    assert compound_path(3.0, 4.0, 1) == even_path(3.0, 4.0, 1) == [4.0]


def test_levels_too_far_apart_for_their_ratio_still_have_a_rate() -> None:
    assert compound_rate(1e-200, 1e200, 400) == pytest.approx(9.0, rel=1e-12)


@pytest.mark.parametrize(
    "call",
    [
        lambda: compound(0.0, 0.1, 1),
        lambda: compound(math.nan, 0.1, 1),
        lambda: compound(1.0, -1.0, 1),
        lambda: compound(1.0, 1.0, 5000),
        lambda: compound_rate(1.0, -2.0, 3),
        lambda: compound_rate(1.0, 2.0, 0),
        lambda: compound_rate(1e-200, 1e200, 1),
        lambda: years_to(1.0, 2.0, -1.0),
        lambda: years_to(1.0, 2.0, math.nan),
        lambda: compound_path(1.0, 2.0, 0),
        lambda: even_path(1.0, 2.0, 0),
        lambda: even_path(1.0, 2.0, 1.5),  # type: ignore[arg-type]
    ],
)
def test_what_has_no_answer_is_refused(call: Callable[[], object]) -> None:
    with pytest.raises(KjprojError):
        call()
