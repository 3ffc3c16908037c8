"""What a study assumes about each indicator under a scenario: its motion, and where the motion comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..beliefs import Belief
from ..beliefs.reference import PooledClass, reference_class
from ..errors import KjprojError, unknown
from ..motions import Brownian, Motion, Step, Sum
from ..text import Text
from .indicator import Indicator
from .pooling import own_drift, pooled_motion
from .scenario import Change, Scenario

if TYPE_CHECKING:
    from .study import Study

_MOTIONS: Mapping[str, type[Motion]] = {"brownian": Brownian}
TREND = Scenario.model_validate(
    {"name": "trend", "label": {"zh": "趋势延续", "en": "trend"}, "reason": {"zh": "不作改变", "en": "nothing changed"}}
)


@dataclass(frozen=True)
class Assumed:
    """The motion of one indicator, the reference class whose beliefs are in it, if any, and where it was widened."""

    motion: Motion
    reference_class: str | None
    notes: tuple[Text, ...] = ()


def scenario_named(study: Study, name: str | None) -> Scenario:
    """Return a scenario by name: the first one (or plain trend, where a study has none) without a name."""
    if name is None:
        return study.scenarios[0] if study.scenarios else TREND
    known = study.scenarios or (TREND,)
    for scenario in known:
        if scenario.name == name:
            return scenario
    raise KjprojError(unknown("scenario", str(name), (s.name for s in known)))


def assumptions(
    study: Study, scenario: Scenario, spreads: Mapping[str, float], classes: Mapping[str, str] | None = None
) -> dict[str, Assumed]:
    """Return what is assumed, by indicator; indicators without a basis, and derived ones, are absent.

    `spreads` multiplies, by reference class, the spreads that come from it: the standard deviations of drifts, and
    volatilities. `classes` names, by indicator, another class in the place of its own.
    """
    changes = {change.indicator: change for change in scenario.changes}
    found = {}
    for indicator in study.indicators:
        own = indicator
        if classes and indicator.name in classes:
            own = indicator.model_copy(update={"reference_class": classes[indicator.name]})
        assumed = assumed_for(own, changes.get(indicator.name), spreads, study)
        if assumed is not None and indicator.name not in study.derived:
            stepped = _stepped(study, indicator.name, assumed.motion)
            found[indicator.name] = Assumed(stepped, assumed.reference_class, assumed.notes)
    return found


def assumed_for(
    indicator: Indicator, change: Change | None, spreads: Mapping[str, float], study: Study | None = None
) -> Assumed | None:
    """Return what is assumed about one indicator under a change; None where it has no basis.

    What depends on the study's figures (the size of the level, the last year) is put in where the study is given.

    Raises `KjprojError` or pydantic's `ValidationError` where the change does not fit the motion.
    """
    motion = indicator.motion if change is None or change.motion is None else change.motion
    name = indicator.reference_class if motion is None else None
    notes: tuple[Text, ...] = ()
    if motion is None and name is not None:
        cls = reference_class(name)
        factor = spreads.get(name, 1.0)
        if isinstance(cls, PooledClass):
            motion, notes = pooled_motion(cls, indicator, study, factor)
        else:
            motion = _MOTIONS[cls.motion](**{key: _spread(key, belief, factor) for key, belief in cls.beliefs.items()})
        for key, belief in (indicator.beliefs or {}).items():
            motion = type(motion)(**{**_fields(motion), **own_drift(motion, key), key: belief})
    if motion is None:
        return None
    if change is not None and change.parameters:
        motion = changed_motion(motion, change)
    return Assumed(motion, name, notes)


def _spread(parameter: str, belief: Belief, factor: float) -> Belief:
    return belief.scaled(factor) if parameter == "volatility" else belief.widened(factor)


def changed_motion(motion: Motion, change: Change) -> Motion:
    """Put a scenario's parameters into a motion, or into the first part of a sum that has them."""
    fields = _fields(motion)
    if isinstance(motion, Sum):
        return Sum(parts=(changed_motion(motion.parts[0], change), *motion.parts[1:]))
    unknown = [name for name in change.parameters if name not in fields]
    if unknown:
        raise KjprojError(
            f"the motion {motion.kind} of {change.indicator} has no {unknown[0]}; it has {', '.join(fields)}"
        )
    own = {key: value for name in change.parameters for key, value in own_drift(motion, name).items()}
    return type(motion)(**{**fields, **own, **change.parameters})


def _fields(motion: Motion) -> dict[str, Any]:
    return {name: getattr(motion, name) for name in type(motion).model_fields if name != "kind"}


def _stepped(study: Study, name: str, motion: Motion) -> Motion:
    steps = tuple(Step(year=step.year, size=step.size) for step in study.steps if step.indicator == name)
    return Sum(parts=(motion, *steps)) if steps else motion
