"""Figures are text, and their digits are their error."""

from __future__ import annotations

import math

import pytest
from pydantic import TypeAdapter, ValidationError

from kjproj.figures import Figure, HalfWidth, half_unit, number, signed, standard_error

figure = TypeAdapter(Figure)
half_width = TypeAdapter(HalfWidth)


@pytest.mark.parametrize("text", ["98.06", "98.10", "1,169", "1,234,567.8", "-0.5", "+4.6", "0", "007"])
def test_a_figure_stays_as_it_was_printed(text: str) -> None:
    assert figure.validate_python(text) == text


@pytest.mark.parametrize(
    "text",
    ["", " 98", "98.", ".5", "1e5", "NaN", "inf", "98,06", "1,16", "1,1690", "98.06亿元", "--1", "1" * 25, "98\n"],
)
def test_what_is_not_plain_digits_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="is not a figure"):
        figure.validate_python(text)


@pytest.mark.parametrize("given", [98.06, 98, True, None, ["98.06"]])
def test_a_number_is_refused_because_its_digits_are_lost(given: object) -> None:
    with pytest.raises(ValidationError, match="in quotes"):
        figure.validate_python(given)


def test_commas_part_thousands() -> None:
    assert number("1,169") == 1169
    assert number("-0.50") == -0.5


@pytest.mark.parametrize(
    ("text", "half"),
    [("98.06", 0.005), ("98.10", 0.005), ("767", 0.5), ("1,169", 0.5), ("2.3", 0.05), ("100.000", 0.0005)],
)
def test_half_a_unit_of_the_last_digit(text: str, half: float) -> None:
    assert half_unit(text) == pytest.approx(half, rel=1e-15)


def test_a_uniform_error_has_standard_deviation_half_over_root_three() -> None:
    assert standard_error("98.06", error=None, counts=False) == pytest.approx(0.005 / math.sqrt(3), rel=1e-15)
    assert standard_error("98.06", error="2", counts=False) == pytest.approx(2 / math.sqrt(3), rel=1e-15)


def test_whole_counts_are_exact_unless_they_state_an_error() -> None:
    assert standard_error("767", error=None, counts=True) == 0.0
    assert standard_error("767", error="5", counts=True) == pytest.approx(5 / math.sqrt(3), rel=1e-15)
    assert standard_error("76.7", error=None, counts=True) == pytest.approx(0.05 / math.sqrt(3), rel=1e-15)


def test_an_error_of_zero_states_an_exact_figure() -> None:
    assert standard_error("98.06", error="0", counts=False) == 0.0


def test_an_error_is_never_negative() -> None:
    assert half_width.validate_python("0.5") == "0.5"
    with pytest.raises(ValidationError, match="negative"):
        half_width.validate_python("-0.5")


def test_a_signed_figure_keeps_its_digits() -> None:
    assert [signed(text) for text in ("0.60", "-0.60", "+0.60")] == ["+0.60", "-0.60", "+0.60"]
