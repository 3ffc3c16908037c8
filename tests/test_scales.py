"""A scale is an increasing, one-to-one map from its open interval to the line."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from kjproj.scales import AnyScale, Linear, Log, Logit, Scale

SCALES: list[Scale] = [Linear(), Log(), Logit(), Logit(low=0, high=100), Logit(low=-3, high=0.1)]
places = st.floats(-12, 12)


@pytest.mark.parametrize("scale", SCALES, ids=repr)
@given(x=places)
def test_levels_lie_within_the_bounds_and_lead_back(scale: Scale, x: float) -> None:
    level = float(scale.to_level(x))
    assert scale.holds(level)
    assert float(scale.to_scale(level)) == pytest.approx(x, rel=1e-9, abs=1e-9)
    assert scale.place(level) == pytest.approx(x, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("scale", SCALES, ids=repr)
@given(x=places)
def test_the_slope_is_the_derivative(scale: Scale, x: float) -> None:
    a, b = float(scale.to_level(x - 1e-5)), float(scale.to_level(x + 1e-5))
    assert float(scale.slope(scale.to_level(x))) * (b - a) == pytest.approx(2e-5, rel=2e-4)


@pytest.mark.parametrize("scale", SCALES, ids=repr)
def test_arrays_of_any_shape_go_in_and_come_out(scale: Scale) -> None:
    x = np.linspace(-3, 3, 24).reshape(2, 3, 4)
    level = scale.to_level(x)
    assert level.shape == scale.to_scale(level).shape == scale.slope(level).shape == x.shape
    assert (np.diff(level.ravel()) > 0).all()


@pytest.mark.parametrize("scale", SCALES, ids=repr)
def test_places_however_far_out_give_levels_within_the_bounds(scale: Scale) -> None:
    low, high = scale.bounds
    level = scale.to_level(np.array([-1e4, -800.0, -40.0, 0.0, 40.0, 800.0, 1e4]))
    assert ((low <= level) & (level <= high)).all()
    assert (level[1:] >= level[:-1]).all()


def test_equal_steps_on_log_are_equal_ratios_of_levels() -> None:
    levels = Log().to_level(np.log(100) + 0.07 * np.arange(5))
    assert levels[1:] / levels[:-1] == pytest.approx([math.exp(0.07)] * 4, rel=1e-12)


def test_the_middle_of_a_logit_scale_is_half_way_and_its_mirror_is_exact() -> None:
    scale = Logit(low=0, high=100)
    assert scale.to_level(0.0) == 50
    assert scale.to_level(1.7) + scale.to_level(-1.7) == pytest.approx(100, rel=1e-15)


def test_at_and_beyond_the_bounds_the_place_is_infinite() -> None:
    scale = Logit(low=0, high=100)
    assert [scale.place(level) for level in (-1.0, 0.0, 100.0, 120.0)] == [-np.inf, -np.inf, np.inf, np.inf]
    assert Log().place(0.0) == -np.inf
    assert Linear().place(np.inf) == np.inf
    assert not scale.holds(100.0)


@pytest.mark.parametrize("bounds", [{"low": 1, "high": 1}, {"low": 2, "high": 1}])
def test_bounds_that_hold_nothing_are_refused(bounds: dict[str, float]) -> None:
    with pytest.raises(ValidationError, match="low below high"):
        Logit(**bounds)


def test_scales_are_told_apart_by_kind_and_return_from_json_as_they_were() -> None:
    adapter = TypeAdapter(AnyScale)
    for scale in SCALES:
        assert adapter.validate_json(scale.model_dump_json()) == scale
