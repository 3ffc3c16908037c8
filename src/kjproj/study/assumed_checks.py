"""Cross-checks of what a study assumes: classes, motions, scenarios, correlations, events, commitments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from pydantic import ValidationError

from ..beliefs.reference import PooledClass, reference_class
from ..errors import KjprojError, Problem
from ..motions import Motion
from ..motions import Step as StepMotion
from ..scales import Linear
from .assumptions import assumed_for
from .indicator import Indicator
from .naming import doubled, named_indicators
from .pooling import unit_shift
from .verdicts import is_straight

if TYPE_CHECKING:
    from .study import Study


def classes(study: Study) -> Iterator[Problem]:
    """Classes must exist, and fit the scale."""
    for i, indicator in enumerate(study.indicators):
        if indicator.beliefs and (indicator.reference_class is None or indicator.motion is not None):
            yield Problem(f"indicators[{i}].beliefs", "they take the place of a class's; give reference_class, and no motion")
        if indicator.candidates and (indicator.reference_class is None or indicator.motion is not None):
            yield Problem(f"indicators[{i}].candidates", "they stand beside a class; give reference_class, and no motion")
        if indicator.reference_class is not None:
            place = f"indicators[{i}]"
            yield from _class_fits(indicator, indicator.reference_class, {"": f"{place}.reference_class", "scale": f"{place}.scale", "unit": f"{place}.unit"})
        for j, name in enumerate(indicator.candidates or ()):
            yield from _class_fits(indicator, name, dict.fromkeys(("", "scale", "unit"), f"indicators[{i}].candidates[{j}]"))


def _class_fits(indicator: Indicator, name: str, places: Mapping[str, str]) -> Iterator[Problem]:
    """A class must exist, and fit the indicator's scale and unit."""
    try:
        cls = reference_class(name)
    except KjprojError as error:
        yield Problem(places[""], str(error))
        return
    if cls.scale != indicator.scale.kind:
        yield Problem(
            places["scale"],
            f"class {cls.name} is about the scale {cls.scale}, {indicator.name} lies on {indicator.scale.kind}; "
            "use the class's scale, or give a motion",
        )
    elif isinstance(cls, PooledClass):
        try:
            unit_shift(cls, indicator)
        except KjprojError as error:
            yield Problem(places["unit"], str(error))


def scenarios(study: Study) -> Iterator[Problem]:
    """Changes must fit the motions that they change."""
    for i, scenario in enumerate(study.scenarios):
        yield from doubled((change.indicator for change in scenario.changes), f"scenarios[{i}].changes")
        for j, change in enumerate(scenario.changes):
            place = f"scenarios[{i}].changes[{j}]"
            try:
                basis = assumed_for(study.indicator(change.indicator), change, {})
            except ValidationError as error:
                yield Problem(place, error.errors()[0]["msg"].removeprefix("Value error, "))
            except KjprojError as error:
                yield Problem(place, str(error))
            else:
                if basis is None:
                    yield Problem(place, f"{change.indicator} has no motion to change; give a whole motion")


_STEEPEST = 20.0


def magnitudes(study: Study) -> Iterator[Problem]:
    """On a logarithmic scale a change of 20 multiplies by 500 million: such a parameter is a mistake of units."""
    for i, indicator in enumerate(study.indicators):
        if indicator.motion is not None and not isinstance(indicator.scale, Linear):
            yield from _steep(f"indicators[{i}].motion", indicator.scale.kind, indicator.motion)
    for i, step in enumerate(study.steps):
        scale = study.scale(step.indicator)
        if not isinstance(scale, Linear):
            yield from _steep(f"steps[{i}]", scale.kind, StepMotion(year=step.year, size=step.size))
    for i, scenario in enumerate(study.scenarios):
        for j, change in enumerate(scenario.changes):
            basis = assumed_for(study.indicator(change.indicator), change, {})
            scale = study.scale(change.indicator)
            if basis is not None and not isinstance(scale, Linear):
                yield from _steep(f"scenarios[{i}].changes[{j}]", scale.kind, basis.motion)


def _steep(place: str, scale: str, motion: Motion) -> Iterator[Problem]:
    for name, parameter in motion.parameters().items():
        gaussian = parameter.belief.gaussian
        sizes = (parameter.belief.center, *(x for x in gaussian or () if np.isfinite(x)))
        if max(map(abs, sizes)) > _STEEPEST:
            yield Problem(
                f"{place}.{name}",
                f"{max(sizes, key=abs):g} on the scale {scale} multiplies by e to that power; expected at most "
                f"{_STEEPEST:g} (0.05 is about 5 % a year)",
            )


def events(study: Study) -> Iterator[Problem]:
    """A belief about events belongs to what counts events, and only there; such indicators do not move on a scale."""
    for i, indicator in enumerate(study.indicators):
        counts = study.counts_events(indicator.name)
        if indicator.events is not None and indicator.events.kind != {"events": "counts"}.get(indicator.measure, indicator.measure):
            wanted = "counts with measure 'events', and milestone with measure 'milestone'"
            yield Problem(f"indicators[{i}].events", f"is of kind {indicator.events.kind!r} with measure {indicator.measure!r}; expected {wanted}")
        if counts and (indicator.motion is not None or indicator.reference_class is not None):
            yield Problem(f"indicators[{i}]", f"{indicator.name} counts events and does not move on a scale; give a belief under events")
    for place, name in named_indicators(study):
        if place.startswith(("steps", "correlations", "scenarios", "identities")) and study.counts_events(name):
            yield Problem(place, f"{name} counts events and has no level; name an indicator that moves on a scale")


def commitments(study: Study) -> Iterator[Problem]:
    """A commitment is to one bound on a level."""
    for i, scenario in enumerate(study.scenarios):
        for j, commitment in enumerate(scenario.commitments):
            place = f"scenarios[{i}].commitments[{j}].target"
            try:
                requirement = study.target(commitment.target).requirement(study)
            except KjprojError as error:
                yield Problem(place, str(error))
                continue
            plain = len(requirement) == 1 and len(requirement[0]) == 1
            if not plain or any(study.counts_events(u.indicator) for u, _ in requirement[0][0].terms):
                yield Problem(place, f"{commitment.target} is no single bound on a level; commit to a target 'at' one year")
            elif not is_straight(study, requirement[0][0].terms, requirement[0][0].on):
                wrong = "is not linear on its scale, so no paths can be held to it; commit to a level 'at' one year"
                yield Problem(place, f"{commitment.target} {wrong}")


def correlations(study: Study) -> Iterator[Problem]:
    """Correlations must hold together."""
    names = sorted({name for c in study.correlations for name in c.between})
    place = {name: k for k, name in enumerate(names)}
    matrix = np.eye(len(names))
    seen: set[frozenset[str]] = set()
    for i, correlation in enumerate(study.correlations):
        a, b = correlation.between
        if a == b or frozenset((a, b)) in seen:
            yield Problem(f"correlations[{i}].between", f"{a} and {b}: give two different indicators, each pair once")
        seen.add(frozenset((a, b)))
        matrix[place[a], place[b]] = matrix[place[b], place[a]] = correlation.value
    lowest = float(np.linalg.eigvalsh(matrix)[0]) if names else 0.0
    if lowest < -1e-9 and not study.repair_correlations:
        pairs = ", ".join(f"{a}–{b}" for a, b in combinations(names, 2) if frozenset((a, b)) in seen)
        factor = 1.0 / (1.0 - lowest)
        yield Problem(
            "correlations",
            f"{pairs} cannot hold together (smallest eigenvalue {lowest:.3g}); times {factor:.2f} they can; or "
            "set repair_correlations to true for the nearest matrix that can",
        )
