"""`check_motion` passes sound motions of ours and of strangers, and catches planted faults."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np
import pytest
from pydantic import Field
from strangers import Skewed, Walk, Wave

from kjproj.beliefs import Parameter
from kjproj.motions import Brownian, Motion, Reverting, Step, Sum
from kjproj.motions.base import Floats
from kjproj.testing import check_motion

CHECKS = {
    "json_round_trip",
    "same_shocks_same_path",
    "zero_shocks_median_path",
    "halved_steps_same_law",
    "stated_moments",
    "affine",
    "bounds_respected",
}


def failed(cls: Any) -> set[str]:
    return {name for name, verdict in check_motion(cls).items() if verdict != "PASSED"}


@pytest.mark.parametrize("cls", [Brownian, Reverting, Step, Sum, Walk, Wave])
def test_a_sound_motion_passes_every_check(cls: type[Motion]) -> None:
    assert check_motion(cls) == dict.fromkeys(CHECKS, "PASSED")


def test_a_motion_that_is_not_gaussian_fails_only_where_the_engine_needs_it_to_be() -> None:
    assert failed(Skewed) == {"affine"}


def walk(path: Callable[..., Any], **fields: Any) -> type[Walk]:
    return type("Faulty", (Walk,), {"path": path, "__module__": __name__, **fields})


def steps(self: Walk, dt: Floats, z: Floats) -> Any:
    return np.asarray(self.drift * dt + self.volatility * np.sqrt(dt) * z)


def no_root(self: Walk, start: Any, dt: Floats, z: Floats) -> Any:
    return np.asarray(start)[..., None] + np.cumsum((self.drift + self.volatility * z) * dt, axis=-1)


def no_steps(self: Walk, start: Any, dt: Floats, z: Floats) -> Any:
    return np.asarray(start)[..., None] + np.cumsum(self.drift * dt + self.volatility * z, axis=-1)


def no_drift(self: Walk, start: Any, dt: Floats, z: Floats) -> Any:
    return np.asarray(start)[..., None] + np.cumsum(self.volatility * np.sqrt(dt) * z, axis=-1)


def half_the_variance_off(self: Walk, start: Any, dt: Floats, z: Floats) -> Any:
    return Walk.path(self, start, dt, z) - 0.5 * self.volatility**2 * np.cumsum(dt)


def drift_from_the_global_generator(self: Walk, start: Any, dt: Floats, z: Floats) -> Any:
    drift = np.random.normal(self.drift, 0.02, len(dt))  # noqa: NPY002
    return np.asarray(start)[..., None] + np.cumsum(drift * dt + self.volatility * np.sqrt(dt) * z, axis=-1)


def global_generator_with_a_seed(self: Walk, start: Any, dt: Floats, z: Floats) -> Any:
    np.random.seed(0)  # noqa: NPY002
    return np.asarray(Walk.path(self, start, dt, z) + 0 * np.random.normal())  # noqa: NPY002


def python_generator(self: Walk, start: Any, dt: Floats, z: Floats) -> Any:
    return Walk.path(self, start, dt, z) + 0 * random.random()


OWN = np.random.default_rng(0)


def own_generator(self: Walk, start: Any, dt: Floats, z: Floats) -> Any:
    return Walk.path(self, start, dt, z) + 1e-3 * OWN.standard_normal()


def shocks_in_place(self: Walk, start: Any, dt: Floats, z: Floats) -> Any:
    z *= self.volatility * np.sqrt(dt)
    return np.asarray(start)[..., None] + np.cumsum(self.drift * dt + z, axis=-1)


def steps_in_place(self: Walk, start: Any, dt: Floats, z: Floats) -> Any:
    path = Walk.path(self, start, dt, z)
    np.cumsum(dt, out=dt)
    return path


def start_in_place(self: Walk, start: Any, dt: Floats, z: Floats) -> Any:
    path = Walk.path(self, start, dt, z)
    if isinstance(start, np.ndarray):
        start += 1.0
    return path


def clipped(self: Walk, start: Any, dt: Floats, z: Floats) -> Any:
    return np.clip(Walk.path(self, start, dt, z), -8.0, 8.0)


def start_times_drift(self: Walk, start: Any, dt: Floats, z: Floats) -> Any:
    grown = np.asarray(start)[..., None] * (1 + self.drift * np.cumsum(dt))
    return np.asarray(grown + self.volatility * np.cumsum(np.sqrt(dt) * z, axis=-1))


def leading_shape_lost(self: Walk, start: Any, dt: Floats, z: Floats) -> Any:
    return Walk.path(self, np.ravel(start)[0], dt, z.reshape(-1, z.shape[-1])[0])


def looks_ahead(self: Walk, start: Any, dt: Floats, z: Floats) -> Any:
    return Walk.path(self, start, dt, z[..., ::-1])


def one_step_late(self: Walk, start: Any, dt: Floats, z: Floats) -> Any:
    path = Walk.path(self, start, dt, z)
    return np.concatenate([np.broadcast_to(np.asarray(start)[..., None], (*path.shape[:-1], 1)), path[..., :-1]], -1)


def sum_over_all_axes(self: Walk, start: Any, dt: Floats, z: Floats) -> Any:
    return np.asarray(start)[..., None] + np.cumsum(steps(self, dt, z), axis=0)


def not_finite(self: Walk, start: Any, dt: Floats, z: Floats) -> Any:
    return np.where(np.abs(z) > 5, np.nan, Walk.path(self, start, dt, z))


def raises(self: Walk, start: Any, dt: Floats, z: Floats) -> Any:
    raise ZeroDivisionError("planted")


@pytest.mark.parametrize(
    ("path", "caught_by"),
    [
        (no_root, "halved_steps_same_law"),
        (no_root, "stated_moments"),
        (no_steps, "halved_steps_same_law"),
        (no_drift, "stated_moments"),
        (no_drift, "zero_shocks_median_path"),
        (no_drift, "affine"),
        (half_the_variance_off, "stated_moments"),
        (drift_from_the_global_generator, "same_shocks_same_path"),
        (global_generator_with_a_seed, "same_shocks_same_path"),
        (python_generator, "same_shocks_same_path"),
        (own_generator, "same_shocks_same_path"),
        (shocks_in_place, "same_shocks_same_path"),
        (steps_in_place, "same_shocks_same_path"),
        (start_in_place, "same_shocks_same_path"),
        (clipped, "affine"),
        (start_times_drift, "affine"),
        (leading_shape_lost, "same_shocks_same_path"),
        (looks_ahead, "same_shocks_same_path"),
        (one_step_late, "stated_moments"),
        (sum_over_all_axes, "same_shocks_same_path"),
        (not_finite, "bounds_respected"),
        (raises, "affine"),
    ],
)
def test_a_fault_planted_in_the_path_is_caught(path: Callable[..., Any], caught_by: str) -> None:
    assert caught_by in failed(walk(path))


def test_drift_that_is_redrawn_each_step_is_caught_by_halving_the_steps() -> None:
    class Redrawn(Walk):
        """Its drift is uncertain by 0.05 a year, and another one every step."""

        kind: str = "redrawn"

        @property
        def shocks(self) -> int:
            return 2

        def path(self, start: Any, dt: Floats, z: Floats) -> Any:
            drift = self.drift + 0.05 * z[..., 1, :]
            return np.asarray(start)[..., None] + np.cumsum(
                drift * dt + self.volatility * np.sqrt(dt) * z[..., 0, :], axis=-1
            )

        def moments(self, start: float, elapsed: float) -> tuple[float, float]:
            return start + self.drift * elapsed, (self.volatility**2 * elapsed + 0.05**2 * elapsed**2) ** 0.5

    assert {"halved_steps_same_law", "stated_moments"} <= failed(Redrawn)


def test_a_wrong_stated_deviation_is_caught() -> None:
    def moments(self: Walk, start: float, elapsed: float) -> tuple[float, float]:
        return start + self.drift * elapsed, self.volatility * elapsed

    assert failed(walk(Walk.path, moments=moments)) == {"stated_moments"}


def test_a_wrong_stated_mean_is_caught() -> None:
    def moments(self: Walk, start: float, elapsed: float) -> tuple[float, float]:
        return start + self.drift * elapsed - self.volatility**2 / 2 * elapsed, self.volatility * elapsed**0.5

    assert failed(walk(Walk.path, moments=moments)) == {"stated_moments", "zero_shocks_median_path"}


def test_faults_of_a_motion_that_is_not_gaussian_are_caught_by_simulation() -> None:
    class Shifted(Skewed):
        kind: str = "shifted"

        def path(self, start: Any, dt: Floats, z: Floats) -> Any:
            return super().path(start, dt, z + 0.1 * (z != 0))

    class Coarse(Skewed):
        kind: str = "coarse"

        def path(self, start: Any, dt: Floats, z: Floats) -> Any:
            return super().path(start, dt, z * dt)

    assert {"zero_shocks_median_path", "stated_moments"} <= failed(Shifted)
    assert {"halved_steps_same_law", "stated_moments"} <= failed(Coarse)


def test_a_field_that_is_lost_on_the_way_to_json_is_caught() -> None:
    class Forgetful(Walk):
        kind: str = "forgetful"
        bend: float = Field(default=0.0, exclude=True)

        @classmethod
        def examples(cls) -> tuple[Forgetful, ...]:
            return (cls(drift=0.1, volatility=0.1, bend=0.5),)

    assert failed(Forgetful) == {"json_round_trip"}


def test_a_parameter_that_ignores_columns_is_caught() -> None:
    def path(self: Walk, start: Any, dt: Floats, z: Floats) -> Any:
        first = np.ravel(self.volatility)[0]
        return np.asarray(start)[..., None] + np.cumsum(self.drift * dt + first * np.sqrt(dt) * z, axis=-1)

    assert failed(walk(path)) == {"same_shocks_same_path"}


def test_a_linear_parameter_in_which_the_path_is_not_affine_is_caught() -> None:
    class Quadratic(Walk):
        kind: str = "quadratic"
        bend: Parameter
        linear: ClassVar[tuple[str, ...]] = ("drift", "bend")

        def path(self, start: Any, dt: Floats, z: Floats) -> Any:
            return super().path(start, dt, z) + self.bend**2 * np.cumsum(dt)

        def moments(self, start: float, elapsed: float) -> tuple[float, float]:
            mean, sd = super().moments(start, elapsed)
            return mean + self.bend**2 * elapsed, sd

        @classmethod
        def examples(cls) -> tuple[Quadratic, ...]:
            return (cls(drift=0.1, volatility=0.1, bend=0.5),)

    assert failed(Quadratic) == {"affine"}


def test_the_note_says_which_instance_failed() -> None:
    error = check_motion(walk(no_root))["stated_moments"]
    assert isinstance(error, AssertionError)
    assert error.__notes__ == [f"in {walk(no_root).examples()[0]!r}"]


class NoExamples(Walk):
    @classmethod
    def examples(cls) -> tuple[NoExamples, ...]:
        return ()


class OthersExamples(Walk):
    @classmethod
    def examples(cls) -> Any:
        return Walk.examples()


class BeliefsAsExamples(Walk):
    @classmethod
    def examples(cls) -> Any:
        return (cls(drift={"kind": "flat"}, volatility=0.1),)


class BrokenExamples(Walk):
    @classmethod
    def examples(cls) -> Any:
        return (cls(drift="fast", volatility=0.1),)


UNFIT = [NoExamples, OthersExamples, BeliefsAsExamples, BrokenExamples, dict, 7, Walk.examples()[0]]


@pytest.mark.parametrize("cls", UNFIT)
def test_what_cannot_be_tested_fails_every_check_and_raises_nothing(cls: Any) -> None:
    verdicts = check_motion(cls)
    assert set(verdicts) == CHECKS
    assert all(isinstance(verdict, Exception) for verdict in verdicts.values())


def test_the_shared_generators_stand_where_they_stood_before_the_check() -> None:
    np.random.seed(5)  # noqa: NPY002
    random.seed(5)
    expected = np.random.random(), random.random()  # noqa: NPY002
    np.random.seed(5)  # noqa: NPY002
    random.seed(5)
    check_motion(Walk)
    assert (np.random.random(), random.random()) == expected  # noqa: NPY002
