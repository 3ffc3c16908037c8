"""What both forecasters rest on: from yearly levels and what is believed about them to the law of levels to come.

A walk is computed in closed form from its sufficient statistics, a fitted class by `numerics.pooled`, everything else by
the engine, from a study of one indicator. All three say the same where they speak of the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ...beliefs import Belief, Flat
from ...beliefs.reference import PooledClass, class_names, reference_class
from ...calibration.forecasters import class_forecaster
from ...errors import KjprojError
from ...motions import Brownian, Motion
from ...numerics.walks import Changes, Walk, walk
from ...scales import Linear, Log, Logit, Scale
from ...study import Indicator
from ...study.pooling import unit_shift
from .laws import LevelLaw
from .studied import Studied

Floats = NDArray[np.float64]
SCALES = ("auto", "log", "linear", "logit")
REGIONS = (None, "country", "province", "city", "county")
_IN_LINE = 1e-10


class Outlook(Protocol):
    """What levels of one series are to come, steps after its last figure."""

    def law(self, steps: int) -> LevelLaw:
        """Return the law of the level so many steps, 1 or more, after the last figure."""

    def paths(self, rng: np.random.Generator, n: int, steps: int) -> Floats:
        """Return n joint draws (n, steps) of the levels that follow the last figure."""


@dataclass(frozen=True)
class Assumptions:
    """How a series is taken to move. All times are steps of its index; a reference class takes a step for a year.

    Attributes:
        reference_class: the class whose beliefs are borrowed; flat ones without.
        scale: "log", "linear", "logit" (0 to 1), a `kjproj.scales.Scale`, or "auto": the class's scale, else "log" where
            all levels are above 0 and "linear" where not.
        drift: a number or a belief, in the place of the class's or of a flat one: mean change on the scale a step.
        volatility: likewise: standard deviation of a step's change on the scale.
        motion: a `kjproj.motions.Motion` in the place of the random walk with drift.
        unit: the unit of the levels, for a class that has one.
        region: the kind of place the series is about, for a class of larger ones.

    Raises `KjprojError` for what does not fit together.
    """

    reference_class: str | None = None
    scale: str | Scale = "auto"
    drift: Any = None
    volatility: Any = None
    motion: Motion | Mapping[str, Any] | None = None
    unit: str | None = None
    region: str | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.scale, Scale) and self.scale not in SCALES:
            raise KjprojError(f"scale is {self.scale!r}; expected one of {', '.join(SCALES)}, or a kjproj.scales.Scale")
        if self.motion is not None and not (self.reference_class is self.drift is self.volatility is None):
            raise KjprojError("a motion has its own beliefs; give it, or a reference_class, drift and volatility")
        if self.region not in REGIONS:
            raise KjprojError(f"region is {self.region!r}; expected one of {', '.join(map(str, REGIONS))}")
        if self.cls is not None and self.cls_unit is not None and self.unit is None:
            raise KjprojError(f"class {self.reference_class} is in {self.cls_unit}: say which unit the levels are in, as unit")
        for name, value in (("drift", self.drift), ("volatility", self.volatility)):
            if value is not None and not isinstance(value, Mapping | Belief | int | float):
                raise KjprojError(f"{name} is {value!r}; expected a number, a kjproj belief, or None")
        if isinstance(self.volatility, int | float) and not self.volatility > 0.0:
            raise KjprojError(f"volatility is {self.volatility:g}; expected a number above 0: nothing is certain to come")

    @cached_property
    def cls(self) -> Any:
        """The reference class, or None."""
        return None if self.reference_class is None else reference_class(self.reference_class)

    @property
    def cls_unit(self) -> str | None:
        """The unit of the class, or None."""
        return self.cls.unit if isinstance(self.cls, PooledClass) else None

    @cached_property
    def brownian(self) -> Brownian | None:
        """The random walk with its beliefs; None where the class or the motion is another."""
        if isinstance(self.motion, Brownian):
            return self.motion
        if self.motion is not None or isinstance(self.cls, PooledClass):
            return None
        beliefs = {"drift": Flat(), "volatility": Flat()} if self.cls is None else dict(self.cls.beliefs)
        stated = {"drift": self.drift, "volatility": self.volatility}
        return Brownian(**{**beliefs, **{name: value for name, value in stated.items() if value is not None}})

    def scale_of(self, levels: Floats) -> Scale:
        """Return the scale of a series; raises `KjprojError` for a level outside its bounds."""
        if isinstance(self.scale, Scale):
            scale = self.scale
        elif self.scale != "auto":
            scale = {"log": Log(), "linear": Linear(), "logit": Logit()}[self.scale]
        elif self.cls is not None:
            scale = _class_scale(self.cls.scale, self.unit)
        else:
            scale = Log() if (levels > 0.0).all() else Linear()
        if self.cls is not None and scale.kind != self.cls.scale:
            raise KjprojError(f"class {self.reference_class} is about the scale {self.cls.scale}, not {scale.kind}")
        low, high = scale.bounds
        outside = levels[~((levels > low) & (levels < high))]
        if outside.size:
            raise KjprojError(
                f"{outside[0]:g} cannot lie on the scale {scale.kind}, between {low:g} and {high:g}; "
                "choose another scale, or check the figures"
            )
        return scale

    def outlook(self, times: NDArray[np.int64], levels: Floats, scale: Scale | None = None) -> Outlook:
        """Return what follows levels (n,) at times (n,), whole steps that rise; on their own scale unless one is given.

        Raises `KjprojError` where the figures and beliefs say too little.
        """
        scale = scale or self.scale_of(levels)
        if not len(levels):
            raise KjprojError("no figure is given; expected at least one level that is a number")
        places = np.asarray(scale.to_scale(levels), float)
        motion = self.brownian
        if motion is not None and _is_plain(motion):
            return WalkOutlook(scale, float(places[-1]), _walk(motion, times, places))
        by_engine = Studied(self, scale, times, levels)
        plain = self.drift is self.volatility is self.motion is None and (np.diff(times) == 1).all()
        if isinstance(self.cls, PooledClass) and self.cls.today is None and plain:
            return ClassOutlook(scale, places, _made_to_fit(self.cls, by_engine.indicator), by_engine)
        return by_engine

    def require_enough(self, levels: Floats) -> None:
        """Raise `KjprojError` where a flat belief about the volatility has too few levels, whatever they are."""
        motion = self.brownian
        flat = motion is not None and isinstance(motion.volatility, Flat)
        if motion is not None and flat and len(levels) < (2 if isinstance(motion.drift, float) else 3):
            raise _too_little(f"{_figures(len(levels))} cannot tell the volatility")


@dataclass(frozen=True)
class WalkOutlook:
    """A random walk with drift, from its last place."""

    scale: Scale
    last: float
    walk: Walk

    def law(self, steps: int) -> LevelLaw:
        """Return the law of the level so many steps after the last figure."""
        change, sd = self.walk.after(steps)
        return LevelLaw(self.scale, self.walk.weights, self.last + change, sd, self.walk.tail)

    def paths(self, rng: np.random.Generator, n: int, steps: int) -> Floats:
        """Return n joint draws (n, steps) of the levels that follow."""
        return np.asarray(self.scale.to_level(self.last + self.walk.paths(rng, n, steps)))


@dataclass(frozen=True)
class ClassOutlook:
    """A series of consecutive years under a fitted class; joint draws come from the engine."""

    scale: Scale
    places: Floats
    cls: PooledClass
    by_engine: Studied

    def law(self, steps: int) -> LevelLaw:
        """Return the law of the level so many steps after the last figure."""
        found: Any = class_forecaster(self.cls)(self.places[None], steps)
        return LevelLaw(self.scale, found.weights[0], self.places[-1] + found.mean[0], found.sd[0])

    def paths(self, rng: np.random.Generator, n: int, steps: int) -> Floats:
        """Return n joint draws (n, steps) of the levels that follow."""
        return self.by_engine.paths(rng, n, steps)


def _class_scale(kind: str, unit: str | None) -> Scale:
    """Return a class's scale: a share is bounded by 1 in its unit."""
    if kind == "logit":
        return Logit(high={"%": 100.0, "‰": 1000.0}.get(unit or "", 1.0))
    return Log() if kind == "log" else Linear()


def _is_plain(motion: Brownian) -> bool:
    """Tell whether a walk's beliefs have the closed form: a normal drift, and a volatility with a density, above 0."""
    drift, volatility = motion.drift, motion.volatility
    normal = not isinstance(drift, Belief) or drift.gaussian is not None
    return normal and (volatility.rule is None if isinstance(volatility, Belief) else volatility > 0.0)


def _walk(motion: Brownian, times: NDArray[np.int64], places: Floats) -> Walk:
    changes = Changes(np.diff(places), np.diff(times).astype(float))
    belief = motion.drift
    drift = (belief.gaussian or (0.0, 0.0)) if isinstance(belief, Belief) else (float(belief), 0.0)
    if not isinstance(motion.volatility, Flat) and not changes.count and np.isinf(drift[1]):
        raise _too_little("1 figure cannot tell the drift")
    if not isinstance(motion.volatility, Belief):
        return walk(changes, drift, float(motion.volatility))
    if not isinstance(motion.volatility, Flat):
        return walk(changes, drift, motion.volatility.log_density_of_log, motion.volatility.support)
    known = drift[1] == 0.0
    if changes.count < (1 if known else 2):
        raise _too_little(f"{_figures(len(places))} cannot tell the volatility")
    off = changes.scatter + (changes.total * (changes.mean - drift[0]) ** 2 if known else 0.0)
    if off <= changes.count * (_IN_LINE * max(np.abs(places).max(), 1e-300)) ** 2:
        raise _too_little("the figures lie in line and fit a volatility of zero")
    return walk(changes, drift, None)


def _made_to_fit(cls: PooledClass, indicator: Indicator) -> PooledClass:
    """Return the class in the indicator's unit, wider where it is about larger regions."""
    center = cls.numbers.center + unit_shift(cls, indicator)
    numbers = cls.numbers.model_copy(update={"center": center}).widened(cls.variance_for(indicator.region))
    return cls.model_copy(update={"numbers": numbers})


def _figures(count: int) -> str:
    return f"{count} figure{'s' if count != 1 else ''}"


def _too_little(why: str) -> KjprojError:
    return KjprojError(
        f"with flat beliefs {why} (three figures that are not in line are needed); borrow from a reference_class "
        f"({', '.join(class_names())}), or give beliefs about drift and volatility"
    )
