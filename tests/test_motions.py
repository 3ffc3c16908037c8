"""Motions obey the laws of motions, and their closed forms."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from pydantic import TypeAdapter, ValidationError
from strangers import Walk, Wave

from kjproj.beliefs import Elicited, LogNormal, Normal, ScaledInvChi2
from kjproj.growth import compound
from kjproj.motions import AnyMotion, Brownian, Motion, Reverting, Step, Sum
from kjproj.scales import Log, Logit
from kjproj.testing import check_motion

OURS: list[type[Motion]] = [Brownian, Reverting, Step, Sum]
YEARS = np.ones(6)
STILL = np.zeros(6)
AROUND_0 = Elicited(low=-0.1, mode=0.1, high=0.2)


@pytest.mark.parametrize("cls", OURS)
def test_our_motions_obey_the_laws(cls: type[Motion]) -> None:
    assert set(check_motion(cls).values()) == {"PASSED"}


def test_geometric_brownian_motion_without_volatility_is_compound_growth() -> None:
    x = Brownian(drift=math.log(1.112), volatility=0).path(math.log(98.06), YEARS, STILL)
    assert Log().to_level(x) == pytest.approx([compound(98.06, 0.112, year) for year in range(1, 7)], rel=1e-12)


def test_brownian_motion_with_drift_on_a_logit_scale_is_logistic_growth() -> None:
    """x(t) = K/(1 + (K/x₀ − 1)·e^(−rt)), Verhulst's curve, at uneven steps."""
    capacity, first, rate, dt = 100.0, 4.0, 0.6, np.array([0.5, 3.0, 0.25, 7.0])
    scale = Logit(low=0, high=capacity)
    x = Brownian(drift=rate, volatility=0).path(scale.to_scale(first), dt, np.zeros(4))
    t = np.cumsum(dt)
    assert scale.to_level(x) == pytest.approx(capacity / (1 + (capacity / first - 1) * np.exp(-rate * t)), rel=1e-12)


def test_return_to_a_level_on_a_log_scale_is_gompertz_curve() -> None:
    """x(t) = K·exp(ln(x₀/K)·e^(−rt)), at uneven steps."""
    capacity, first, rate, dt = 300.0, 20.0, 0.4, np.array([0.5, 3.0, 0.25, 7.0])
    x = Reverting(level=math.log(capacity), rate=rate, volatility=0).path(math.log(first), dt, np.zeros(4))
    curve = capacity * np.exp(math.log(first / capacity) * np.exp(-rate * np.cumsum(dt)))
    assert Log().to_level(x) == pytest.approx(curve, rel=1e-12)


def test_a_five_year_autoregression_of_0_92464_and_0_04522_is_yearly_0_98445_and_0_02086() -> None:
    """bayesTFR's numbers: keep = e^(−5·rate), and the shock's variance is volatility²(1 − e^(−10·rate))/(2·rate)."""
    rate = -math.log(0.92464) / 5
    volatility = 0.04522 / math.sqrt((1 - 0.92464**2) / (2 * rate))
    motion = Reverting(level=0, rate=rate, volatility=volatility)
    five, one = np.array([5.0]), np.array([1.0])
    assert motion.path(1.0, five, np.zeros(1)) == pytest.approx(0.92464, abs=1e-12)
    assert motion.path(0.0, five, np.ones(1)) == pytest.approx(0.04522, abs=1e-12)
    assert motion.path(1.0, one, np.zeros(1)) == pytest.approx(0.98445, abs=5e-6)
    assert motion.path(0.0, one, np.ones(1)) == pytest.approx(0.02086, abs=5e-6)


def test_return_forgets_its_start_and_keeps_its_stationary_spread() -> None:
    mean, sd = Reverting(level=4.6, rate=0.5, volatility=0.1).moments(-30.0, 1e3)
    assert (mean, sd) == pytest.approx((4.6, 0.1 / math.sqrt(2 * 0.5)), rel=1e-12)


def test_a_slow_return_to_a_level_far_away_is_a_walk_with_drift() -> None:
    slow = Reverting(level=0.07e9, rate=1e-9, volatility=0.05)
    z = np.random.default_rng(0).standard_normal((3, 6))
    walk = Brownian(drift=0.07, volatility=0.05)
    assert slow.path(1.0, YEARS, z) == pytest.approx(walk.path(1.0, YEARS, z), abs=1e-7)


def test_a_step_is_there_from_the_end_of_its_year_on() -> None:
    moved = Step(year=2024, size=0.3).at({}, origin=2021)
    assert moved.path(1.0, YEARS, np.zeros((0, 6))).tolist() == [1.0, 1.0, 1.3, 1.3, 1.3, 1.3]
    assert moved.moments(1.0, 2.9) == (1.0, 0.0)
    assert moved.moments(1.0, 3.0) == (1.3, 0.0)


def test_a_step_before_the_path_begins_is_in_its_start_already() -> None:
    moved = Step(year=2021, size=0.3).at({}, origin=2021)
    assert moved.path(1.0, YEARS, np.zeros((0, 6))).tolist() == [1.0] * 6
    assert moved.moments(1.0, 5.0) == (1.0, 0.0)


def test_the_parts_of_a_sum_add_with_shocks_of_their_own() -> None:
    walk, wave = Brownian(drift=0.05, volatility=0.1), Reverting(level=0.2, rate=0.8, volatility=0.05)
    step = Step(year=3, size=-0.1)
    z = np.random.default_rng(0).standard_normal((4, 2, 6))
    start = np.array([0.0, 1.0, 2.0, -3.0])
    expected = (
        walk.path(start, YEARS, z[:, 0])
        + wave.path(0.0, YEARS, z[:, 1])
        + step.path(0.0, YEARS, np.zeros((4, 0, 6)))
    )
    total = Sum(parts=(walk, step, wave))
    assert total.shocks == 2
    assert total.path(start, YEARS, z) == pytest.approx(expected, abs=1e-14)
    assert total.moments(1.0, 2.0)[1] == pytest.approx(math.hypot(walk.moments(0, 2)[1], wave.moments(0, 2)[1]))


def test_a_sum_of_one_motion_is_that_motion() -> None:
    walk, z = Brownian(drift=0.05, volatility=0.1), np.random.default_rng(0).standard_normal((4, 6))
    assert np.array_equal(Sum(parts=(walk,)).path(1.0, YEARS, z), walk.path(1.0, YEARS, z))


def test_a_sum_is_associative() -> None:
    a, b, c = Brownian(drift=0.05, volatility=0.1), Step(year=2, size=0.1), Brownian(drift=0.01, volatility=0.02)
    z = np.random.default_rng(0).standard_normal((4, 2, 6))
    left, right = Sum(parts=(Sum(parts=(a, b)), c)), Sum(parts=(a, Sum(parts=(b, c))))
    assert left.path(1.0, YEARS, z) == pytest.approx(right.path(1.0, YEARS, z), abs=1e-14)


def test_the_parameters_of_the_parts_are_known_by_their_place_and_can_be_put_in() -> None:
    inner = Sum(parts=(Step(year=2, size=0.1), Reverting(level=1, rate=0.5, volatility=0.1)))
    total: Any = Sum(parts=(Brownian(drift=0.05, volatility=0.1), inner))
    assert set(total.parameters()) == {
        "parts.0.drift",
        "parts.0.volatility",
        "parts.1.parts.0.size",
        "parts.1.parts.1.level",
        "parts.1.parts.1.rate",
        "parts.1.parts.1.volatility",
    }
    moved = total.at({"parts.1.parts.1.level": 7.0, "parts.0.drift": 0.5}, origin=2021)
    assert moved.parts[1].parts[1].level == 7.0
    assert moved.parts[0].drift == 0.5
    assert moved.parts[1].parts[0].origin == 2021
    assert total.parts[0].drift == 0.05


@pytest.mark.parametrize("motion", [m for cls in OURS for m in cls.examples()], ids=repr)
@pytest.mark.parametrize("lead", [(), (1,), (2, 3), (0,)])
def test_no_steps_make_a_path_of_none(motion: Motion, lead: tuple[int, ...]) -> None:
    shape = (*lead, 0) if motion.shocks == 1 else (*lead, motion.shocks, 0)
    assert motion.path(1.0, np.ones(0), np.zeros(shape)).shape == (*lead, 0)


@pytest.mark.parametrize("name", ["level", "rate", "volatility"])
def test_return_takes_any_parameter_as_a_column_of_nodes(name: str) -> None:
    """A column (K, 1) broadcasts against shocks (columns, 1, n), (columns, K, n), (1, n) and (n,)."""
    motion, column = Reverting(level=4.6, rate=0.3, volatility=0.2), np.array([[0.2], [0.5], [3.0]])
    z = np.random.default_rng(0).standard_normal((5, 3, 6))
    for shocks in (z, z[:, :1], z[0, :1], z[0, 0]):
        together = motion.at({name: column}).path(1.0, YEARS, shocks)
        assert together.shape == np.broadcast_shapes((3, 6), shocks.shape)
        for k, value in enumerate(column[:, 0]):
            own = shocks if shocks.ndim == 1 else shocks[..., min(k, shocks.shape[-2] - 1), :]
            alone = motion.at({name: value}).path(1.0, YEARS, own)
            assert together[..., k, :] == pytest.approx(alone, abs=1e-13)


def test_beliefs_and_numbers_return_from_json_as_they_were() -> None:
    adapter: TypeAdapter[Motion] = TypeAdapter(AnyMotion)
    slow = Reverting(level=1, rate=LogNormal(median=0.2, sd_log=0.5), volatility=0.1)
    motions = [
        Brownian(drift=Normal(mean=0.035, sd=0.02), volatility=ScaledInvChi2(df=4, scale=0.06)),
        Sum(parts=(slow, Step(year=2024, size=0.1))),
    ]
    for motion in motions:
        assert adapter.validate_json(motion.model_dump_json()) == motion
        assert motion.describe("zh")
        assert motion.describe("en")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Brownian(drift=0, volatility=-0.1), "volatility is -0.1; expected 0 or more"),
        (lambda: Brownian(drift=0, volatility=Normal(mean=0.1, sd=0.1)), "a normal belief is not"),
        (lambda: Reverting(level=0, rate=0, volatility=0.1), "rate is 0; expected above 0"),
        (lambda: Reverting(level=0, rate={"kind": "flat"}, volatility=0.1), "a flat belief about rate has no answer"),
        (lambda: Reverting(level=0, rate=AROUND_0, volatility=0.1), "rate is positive; expected a low above 0"),
        (lambda: Sum(parts=()), "at least 1 item"),
        (lambda: Brownian.model_validate({"drift": 0, "volatility": 0.1, "level": 3}), "Extra inputs"),
    ],
)
def test_parameters_that_make_no_motion_are_refused(make: Any, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        make()


@pytest.mark.parametrize("cls", [Walk, Wave])
def test_a_strangers_motion_obeys_the_laws_and_adds_to_ours(cls: type[Motion]) -> None:
    assert set(check_motion(cls).values()) == {"PASSED"}
    stranger, walk = cls.examples()[0], Brownian(drift=0.05, volatility=0.1)
    z = np.random.default_rng(0).standard_normal((4, 1 + stranger.shocks, 6))
    own = z[:, 1] if stranger.shocks == 1 else z[:, 1:]
    total = Sum(parts=(walk, stranger))
    assert total.path(1.0, YEARS, z) == pytest.approx(walk.path(1.0, YEARS, z[:, 0]) + stranger.path(0.0, YEARS, own))
