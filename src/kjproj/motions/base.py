"""What a motion is: how an indicator moves on its scale, given standard normal shocks."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Self, cast

import numpy as np
from numpy.typing import NDArray
from pydantic import PrivateAttr, model_validator

from ..beliefs import Belief, Elicited, Fixed, Flat, Normal
from ..model import Model
from ..text import Language

Floats = NDArray[np.float64]


class Motion(Model):
    """How an indicator moves on its scale: the path as a function of its start and of standard normal shocks.

    A motion owns parameters, never randomness. Each parameter is a number or a belief. A subclass says in

    - `linear` in which parameters its path is affine (a drift, a level): normal beliefs about them are exact;
    - `positive` which parameters are positive (a volatility, a rate): they are handled in the logarithm;
    - `may_be_flat` which of the positive ones a flat belief makes sense for;
    - `shocks` how many standard normals it takes a step.

    The path must be affine in its start, its linear parameters and its shocks; zero shocks give the median path.
    `kjproj.testing.check_motion` tests all this.
    """

    kind: str
    linear: ClassVar[tuple[str, ...]] = ()
    positive: ClassVar[tuple[str, ...]] = ()
    may_be_flat: ClassVar[tuple[str, ...]] = ()
    _origin: float = PrivateAttr(0.0)

    @property
    def shocks(self) -> int:
        """How many standard normals a step takes."""
        return 1

    @property
    def origin(self) -> float:
        """The calendar year at whose end the path starts; 0 unless `at` was told otherwise."""
        return self._origin

    @abstractmethod
    def path(self, start: Any, dt: Floats, z: Floats) -> Floats:
        """Return the places on the scale at the ends of the steps, shape (…, n_steps).

        Args:
            start: the place before the first step, shape (…) or a number.
            dt: the lengths of the steps in years, shape (n_steps,).
            z: standard normals, shape (…, n_steps); a motion with `shocks` other than 1 is given
                (…, shocks, n_steps). Neither it nor `dt` is changed.

        The leading shapes (…) of start, z and the parameters (given by `at` as columns (…, 1)) broadcast.
        """

    @abstractmethod
    def moments(self, start: float, elapsed: float) -> tuple[float, float]:
        """Return the mean and the standard deviation `elapsed` years after `start`, all parameters being numbers."""

    @classmethod
    @abstractmethod
    def examples(cls) -> tuple[Self, ...]:
        """Return instances with numbers for parameters, which do something within ten years of year 0.

        `kjproj.testing.check_motion` holds each to the laws of motions.
        """

    @abstractmethod
    def describe(self, lang: Language) -> str:
        """Say the motion and its parameters in words."""

    def shared_as(self, parameter: str) -> str | None:
        """Return the name under which indicators share the draw of a linear parameter; None where each has its own."""
        del parameter
        return None

    def felt_after(self, parameter: str) -> float:
        """Return the calendar year after whose end a shared parameter moves the path; minus infinity where always."""
        del parameter
        return -np.inf

    @model_validator(mode="after")
    def _beliefs_fit(self) -> Self:
        for name in self.positive:
            belief = getattr(self, name)
            if isinstance(belief, Normal):
                raise ValueError(
                    f"{name} is positive, a normal belief is not; use log_normal, scaled_inv_chi2 or elicited"
                )
            if isinstance(belief, Elicited) and belief.low <= 0:
                raise ValueError(f"{name} is positive; expected a low above 0 (given: {belief.low:g})")
            if isinstance(belief, Flat) and name not in self.may_be_flat:
                raise ValueError(f"a flat belief about {name} has no answer; give a log_normal one, or a number")
            if isinstance(belief, float) and belief < 0:
                raise ValueError(f"{name} is {belief:g}; expected 0 or more")
        return self

    def at(self, values: Mapping[str, Any], origin: float = 0.0) -> Self:
        """Return the motion with numbers, or arrays that broadcast against paths, in place of parameters."""
        fields = {name: _put(name, getattr(self, name), values, origin) for name in type(self).model_fields}
        moved = cast("Self", type(self).model_construct(set(self.model_fields_set), **fields))
        moved._origin = origin
        return moved

    def parameters(self) -> dict[str, Parameterised]:
        """Return every parameter by name (those of parts as "parts.0.drift"), with its belief."""
        return dict(_walk(self, ""))


class Parameterised:
    """One parameter of a motion: its belief, how the path depends on it, under which name and from when it is shared."""

    __slots__ = ("belief", "felt_after", "linear", "positive", "shared")

    def __init__(
        self, belief: Belief, linear: bool, positive: bool, shared: str | None = None, felt_after: float = -np.inf
    ) -> None:
        self.belief, self.linear, self.positive = belief, linear, positive
        self.shared, self.felt_after = shared, felt_after


def _walk(motion: Motion, prefix: str) -> Iterator[tuple[str, Parameterised]]:
    for name in (*motion.linear, *motion.positive):
        value = getattr(motion, name)
        belief = value if isinstance(value, Belief) else Fixed(value=value)
        shared = motion.shared_as(name)
        linear, positive = name in motion.linear, name in motion.positive
        yield prefix + name, Parameterised(belief, linear, positive, shared, motion.felt_after(name))
    for i, part in enumerate(getattr(motion, "parts", ())):
        yield from _walk(part, f"{prefix}parts.{i}.")


def _put(name: str, value: Any, values: Mapping[str, Any], origin: float) -> Any:
    if name == "parts":
        return tuple(part.at(_of_part(i, values), origin) for i, part in enumerate(value))
    return values.get(name, value)


def _of_part(i: int, values: Mapping[str, Any]) -> dict[str, Any]:
    prefix = f"parts.{i}."
    return {name.removeprefix(prefix): value for name, value in values.items() if name.startswith(prefix)}


def word(parameter: Any, lang: Language) -> str:
    """Say a parameter: its belief, or its number."""
    return parameter.describe(lang) if isinstance(parameter, Belief) else f"{parameter:g}"
