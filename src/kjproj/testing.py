"""The laws of motions, to which ours and your own class are held: `check_motion`."""

from __future__ import annotations

import json
import pickle
import random
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .beliefs import Fixed
from .errors import KjprojError
from .motions import Motion
from .scales import Linear, Log, Logit, Scale

__all__ = ["check_motion"]
Floats = NDArray[np.float64]
_START = 1.3
_GRIDS = tuple(
    np.array(steps)
    for steps in ([1.0] * 5, [0.25] * 10, [0.5] * 8, [2.0] * 4, [3.7] * 2, [0.3, 2.6, 0.05, 1.0, 4.5])
)
for _grid in _GRIDS:
    _grid.setflags(write=False)
_SCALES: tuple[Scale, ...] = (Linear(), Log(), Logit(low=0, high=1), Logit(low=0, high=100))
_DRAWS = 100_000
_SURE = 6.5  # standard errors within which all of 500 simulated figures lie, but for a chance below 1e-7


def check_motion(cls: type[Motion]) -> dict[str, str | Exception]:
    """Hold every instance of ``cls.examples()`` to the laws of motions.

    Args:
        cls: a class that derives from `kjproj.motions.Motion`, in its union or not.

    Returns:
        For each check "PASSED", or the exception that the first failing instance met (a note says which instance).
        Nothing is raised. Laws about means, covariances and medians are exact to 1e-9 where the path is affine in its
        shocks; elsewhere they are tested on simulated paths, with a fixed seed and a chance of a false alarm below
        1e-6 (fourth moments being finite).

    Example:
        >>> from kjproj.motions import Brownian
        >>> set(check_motion(Brownian).values())
        {'PASSED'}
    """
    try:
        examples = _examples(cls)
    except Exception as error:
        return dict.fromkeys(_LAWS, error)
    return {name: _verdict(law, examples) for name, law in _LAWS.items()}


def _examples(cls: type[Motion]) -> tuple[Motion, ...]:
    if not (isinstance(cls, type) and issubclass(cls, Motion)):
        raise KjprojError(f"{cls!r} given; expected a class that derives from kjproj.motions.Motion")
    examples = tuple(cls.examples())
    if not examples:
        raise KjprojError(f"{cls.__name__}.examples() is empty; expected one instance or more")
    for motion in examples:
        if type(motion) is not cls:
            raise KjprojError(f"{cls.__name__}.examples() contains {motion!r}; expected instances of {cls.__name__}")
        for name, parameter in motion.parameters().items():
            if not isinstance(parameter.belief, Fixed):
                raise KjprojError(f"{name} of {motion!r} is a belief; expected numbers in examples()")
    return examples


def _verdict(law: Callable[[Motion], None], examples: tuple[Motion, ...]) -> str | Exception:
    for motion in examples:
        try:
            law(motion)
        except Exception as error:
            error.add_note(f"in {motion!r}")
            return error
    return "PASSED"


def _json_round_trip(motion: Motion) -> None:
    """What is written to JSON and read again is equal, kind and all, and moves the same."""
    text = motion.model_dump_json()
    again = type(motion).model_validate_json(text)
    _require(again == motion, f"written as {text} and read as {again!r}")
    _require(json.loads(text).get("kind") == motion.kind, f"{text} does not say its kind, {motion.kind!r}")
    path = _path(motion, _START, _GRIDS[0], _normals(motion, (), 5))
    _same(_path(again, _START, _GRIDS[0], _normals(motion, (), 5)), path, "the path after a round trip", 0.0)


def _same_shocks_same_path(motion: Motion) -> None:
    """The path depends on start, steps and shocks alone, changes none of them, and broadcasts.

    It asks no random generator, and what comes later changes nothing earlier.
    """
    dt, lead = _GRIDS[-1].copy(), (2, 3)
    start, z = np.linspace(-1.0, 2.0, 6).reshape(lead), _normals(motion, lead, len(dt))
    given = [start.copy(), dt.copy(), z.copy()]
    first = _untouched_by_global_randomness(motion, start, dt, z)
    unchanged = [np.array_equal(now, before) for now, before in zip((start, dt, z), given, strict=True)]
    _require(all(unchanged), "path changes its start, dt or z in place; work on a copy")
    _require(first.shape == (*lead, len(dt)), f"the path has shape {first.shape}; expected {(*lead, len(dt))}")
    early = _path(motion, start, dt[:2], z[..., :2])
    _same(early, first[..., :2], "the path of the first two steps alone")
    for place in np.ndindex(*lead):
        _same(_path(motion, start[place], dt, z[place]), first[place], f"row {place} by itself")
    still = _path(motion, _START, dt, np.zeros_like(z))
    _require(still.shape == first.shape, f"a single start and shocks {z.shape} give a path of shape {still.shape}")
    _columns_broadcast(motion, dt)


def _untouched_by_global_randomness(motion: Motion, start: Floats, dt: Floats, z: Floats) -> Floats:
    """Return the path, having seen that it neither reads nor moves any generator."""
    kept = _shared_generators()
    try:
        random.seed(20)
        np.random.seed(20)  # noqa: NPY002 - the generator that everyone shares is what is looked at
        before = pickle.dumps(_shared_generators())
        first = _path(motion, start, dt, z)
        after = pickle.dumps(_shared_generators())
        _path(motion, start - 1.0, dt, 0.5 * z)  # what was asked in between must not matter
        again = _path(motion, start, dt, z)
    finally:
        random.setstate(kept[0])
        np.random.set_state(kept[1])  # noqa: NPY002
    _require(after == before, "path uses a global random generator; use the shocks z alone")
    _same(again, first, "the path asked for again with the same shocks", 0.0)
    return first


def _shared_generators() -> tuple[Any, Any]:
    return random.getstate(), np.random.get_state()  # noqa: NPY002


def _columns_broadcast(motion: Motion, dt: Floats) -> None:
    """Parameters given as columns (K, 1) lead to K paths, each as with its number."""
    z = _normals(motion, (4, 1), len(dt))
    for name, parameter in motion.parameters().items():
        values = parameter.belief.center * np.array([1.0, 0.99])
        together = _path(motion.at({name: values[:, None]}), 0.0, dt, z)
        for k, value in enumerate(values):
            alone = _path(motion.at({name: value}), 0.0, dt, z)[:, 0]
            _same(np.broadcast_to(together, (4, 2, len(dt)))[:, k], alone, f"{name} as a column (K, 1)")


def _zero_shocks_median_path(motion: Motion) -> None:
    """Zero shocks give the median path; for a Gaussian motion it is the stated mean too."""
    for dt in _GRIDS:
        middle = _path(motion, _START, dt, np.zeros(_shape(motion, (), len(dt))))
        if _is_affine_in_shocks(motion, dt):
            stated = [motion.moments(_START, t)[0] for t in np.cumsum(dt)]
            _same(middle, np.array(stated), f"the path of zero shocks, steps {dt}, against the stated mean")
            continue
        paths = _path(motion, _START, dt, _normals(motion, (_DRAWS,), len(dt)))
        most = 0.5 + _SURE * 0.5 / _DRAWS**0.5
        above, below = (paths > middle + 1e-12).mean(axis=0), (paths < middle - 1e-12).mean(axis=0)
        worst = float(max(above.max(), below.max()))
        _require(worst <= most, f"{worst:.2%} of paths lie on one side of the path of zero shocks; expected half")


def _halved_steps_same_law(motion: Motion) -> None:
    """Steps of dt and of dt/2 give the same mean and covariance at common times."""
    for dt in _GRIDS:
        coarse, fine = _law(motion, dt, 1), _law(motion, np.repeat(dt / 2, 2), 2).every_second()
        _same(fine.mean, coarse.mean, f"the mean with steps {dt} halved", coarse.mean_error + fine.mean_error)
        error = coarse.covariance_error + fine.covariance_error
        _same(fine.covariance, coarse.covariance, f"the covariance with steps {dt} halved", error)


def _stated_moments(motion: Motion) -> None:
    """The stated mean and standard deviation are the path's, whatever the steps."""
    for dt in _GRIDS:
        law = _law(motion, dt, 3)
        mean, sd = np.array([motion.moments(_START, t) for t in np.cumsum(dt)]).T
        _same(mean, law.mean, f"the stated mean, steps {dt}", law.mean_error)
        _require(bool((sd >= 0).all()), f"the stated standard deviation is {sd.min():g}; expected 0 or more")
        error = np.diagonal(law.covariance_error)
        _same(sd**2, np.diagonal(law.covariance), f"the stated variance, steps {dt}", error)


def _affine(motion: Motion) -> None:
    """The path is affine in start, shocks and linear parameters, together, and every linear parameter matters."""
    dt, rng = _GRIDS[-1], np.random.default_rng(4)
    linear = [name for name, parameter in motion.parameters().items() if parameter.linear]
    parts = ("start", "shocks", *linear)

    def moved(moves: dict[str, Any]) -> Floats:
        numbers = {name: moves.get(name, 0.0) for name in linear}
        shocks = moves.get("shocks", np.zeros(_shape(motion, (), len(dt))))
        return _path(motion.at(numbers), moves.get("start", 0.0), dt, shocks)

    def some(names: tuple[str, ...]) -> dict[str, Any]:
        return {n: rng.standard_normal(_shape(motion, (), len(dt)) if n == "shocks" else ()) for n in names}

    for names in (*((name,) for name in parts), parts):
        a, b = some(names), some(names)
        here, base = moved({n: 25.0 * a[n] - 14.0 * b[n] for n in names}), moved({})
        _same(here, base + 25.0 * (moved(a) - base) - 14.0 * (moved(b) - base), f"superposition in {', '.join(names)}")
    for name in linear:
        matters = bool((moved({name: 1.0}) != moved({})).any())
        _require(matters, f"{name} changes nothing within {dt.sum():g} years; use it, or take it out of `linear`")


def _bounds_respected(motion: Motion) -> None:
    """On every scale levels are finite, within its bounds, and lead back to their places, after large shocks too."""
    dt = _GRIDS[0]
    z = _normals(motion, (50,), len(dt))
    z[:2] = np.array([6.0, -6.0]).reshape(2, *(1,) * (z.ndim - 1))
    places = _path(motion, 0.0, dt, z)
    _require(bool(np.isfinite(places).all()), "the path is not finite")
    for scale in _SCALES:
        (low, high), level = scale.bounds, scale.to_level(places)
        _require(bool(np.isfinite(level).all()), f"levels on {scale!r} are not finite")
        _require(bool(((low <= level) & (level <= high)).all()), f"levels leave {scale!r}")
        inside = (low < level) & (level < high)
        x, level = places[inside], level[inside]
        rounding = 8.0 * scale.slope(level) * np.spacing(np.abs(level)) + 1e-12 * np.maximum(1.0, np.abs(x))
        _same(scale.to_scale(level), x, f"places after the way over levels on {scale!r}", rounding)


_LAWS: dict[str, Callable[[Motion], None]] = {
    "json_round_trip": _json_round_trip,
    "same_shocks_same_path": _same_shocks_same_path,
    "zero_shocks_median_path": _zero_shocks_median_path,
    "halved_steps_same_law": _halved_steps_same_law,
    "stated_moments": _stated_moments,
    "affine": _affine,
    "bounds_respected": _bounds_respected,
}


class _Law(NamedTuple):
    """Mean (n,) and covariance (n, n) of a path at the ends of its steps, and how far they may be off."""

    mean: Floats
    covariance: Floats
    mean_error: Floats
    covariance_error: Floats

    def every_second(self) -> _Law:
        mean, covariance, mean_error, covariance_error = self
        return _Law(mean[1::2], covariance[1::2, 1::2], mean_error[1::2], covariance_error[1::2, 1::2])


def _law(motion: Motion, dt: Floats, seed: int) -> _Law:
    """Return the law of the path: by pushing units through it where it is affine in its shocks, else by simulation."""
    n = len(dt)
    if not _is_affine_in_shocks(motion, dt):
        return _simulated_law(_path(motion, _START, dt, _normals(motion, (_DRAWS,), n, seed)))
    mean = _path(motion, _START, dt, np.zeros(_shape(motion, (), n)))
    count = motion.shocks * n
    units = np.eye(count).reshape(_shape(motion, (count,), n)) if count else np.zeros(_shape(motion, (1,), n))
    columns = _path(motion, _START, dt, units) - mean
    covariance = columns.T @ columns
    top, rounding = np.sqrt(np.abs(covariance).max()), 1e-13 * max(1.0, np.abs(mean).max())
    error = 1e-9 * top**2 + 10.0 * rounding * top + rounding**2
    return _Law(mean, covariance, np.full(n, 1e-9 * max(1.0, np.abs(mean).max())), np.full((n, n), error))


def _simulated_law(paths: Floats) -> _Law:
    mean = paths.mean(axis=0)
    centred = paths - mean
    covariance = centred.T @ centred / len(paths)
    products = (centred**2).T @ centred**2 / len(paths) - covariance**2
    error = _SURE / len(paths) ** 0.5
    return _Law(mean, covariance, error * np.sqrt(np.diagonal(covariance)), error * np.sqrt(np.maximum(products, 0.0)))


def _is_affine_in_shocks(motion: Motion, dt: Floats) -> bool:
    a, b = _normals(motion, (2,), len(dt), 5)
    wide, one, two, none = _path(motion, _START, dt, np.stack([2.5 * a - 1.5 * b, a, b, 0.0 * a]))
    return bool(np.allclose(wide - none, 2.5 * (one - none) - 1.5 * (two - none), rtol=1e-9, atol=1e-9))


def _shape(motion: Motion, lead: tuple[int, ...], n: int) -> tuple[int, ...]:
    return (*lead, n) if motion.shocks == 1 else (*lead, motion.shocks, n)


def _normals(motion: Motion, lead: tuple[int, ...], n: int, seed: int = 0) -> Floats:
    return np.random.default_rng([20, seed]).standard_normal(_shape(motion, lead, n))


def _path(motion: Motion, start: Any, dt: Floats, z: Floats) -> Floats:
    return np.asarray(motion.path(start, dt, z), float)


def _require(holds: bool, message: str) -> None:
    if not holds:
        raise AssertionError(message)


def _same(found: Floats, expected: Floats, what: str, error: Floats | float | None = None) -> None:
    """Require equal shapes, and values that differ by no more than `error`: 1e-9 of the largest unless given."""
    _require(found.shape == expected.shape, f"{what} has shape {found.shape}; expected {expected.shape}")
    within = 1e-9 * max(1.0, np.abs(expected).max(initial=0.0)) if error is None else error
    wrong = np.flatnonzero(~(np.abs(found - expected) <= within))
    if len(wrong):
        raise AssertionError(f"{what} is {found.flat[wrong[0]]:.10g}; expected {expected.flat[wrong[0]]:.10g}")
