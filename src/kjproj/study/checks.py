"""Cross-checks of a study: each is a small generator of problems, with the place and what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from pydantic import ValidationError

from ..beliefs.reference import reference_class
from ..errors import KjprojError, Problem, UnitError
from ..evidence import Growth, Level
from ..motions import Motion
from ..motions import Step as StepMotion
from ..scales import Linear
from ..targets import BOUNDS, Target
from .assumptions import assumed_for

if TYPE_CHECKING:
    from .study import Study

Check = Callable[["Study"], Iterator[Problem]]


def problems(study: Study) -> list[Problem]:
    """Return everything that is wrong with a study; later checks wait until the names are right."""
    for stage in _STAGES:
        found = [problem for check in stage for problem in check(study)]
        if found:
            return found
    return []


def _doubled(names: Iterable[str], place: str) -> Iterator[Problem]:
    counts = Counter(names)
    for name, count in counts.items():
        if count > 1:
            yield Problem(place, f"{name!r} stands {count} times; give each a name of its own")


def _names(study: Study) -> Iterator[Problem]:
    for place in ("sources", "indicators", "targets", "scenarios"):
        yield from _doubled((item.name for item in getattr(study, place)), place)


def _references(study: Study) -> Iterator[Problem]:
    known = {indicator.name for indicator in study.indicators}
    for place, name in _named_indicators(study):
        if name not in known:
            yield Problem(place, f"unknown indicator {name!r}; known are {', '.join(sorted(known))}")
    sources = {source.name for source in study.sources}
    for group in ("evidence", "targets"):
        for i, item in enumerate(getattr(study, group)):
            if item.source is not None and item.source not in sources:
                said = ", ".join(sorted(sources)) or "none; add it under sources"
                yield Problem(f"{group}[{i}].source", f"unknown source {item.source!r}; known are {said}")


def _named_indicators(study: Study) -> Iterator[tuple[str, str]]:
    for group in ("evidence", "targets", "steps"):
        for i, item in enumerate(getattr(study, group)):
            yield f"{group}[{i}].indicator", item.indicator
    for i, identity in enumerate(study.identities):
        yield f"identities[{i}].result", identity.result
        for j, member in enumerate(identity.members):
            yield f"identities[{i}].factors[{j}]", member
    for i, correlation in enumerate(study.correlations):
        for j, name in enumerate(correlation.between):
            yield f"correlations[{i}].between[{j}]", name
    for i, scenario in enumerate(study.scenarios):
        for j, change in enumerate(scenario.changes):
            yield f"scenarios[{i}].changes[{j}].indicator", change.indicator


def _derived(study: Study) -> Iterator[Problem]:
    results = [identity.result for identity in study.identities]
    yield from _doubled(results, "identities")
    for i, indicator in enumerate(study.indicators):
        if indicator.name in results and (indicator.motion or indicator.reference_class):
            place = f"indicators[{i}].{'motion' if indicator.motion else 'reference_class'}"
            yield Problem(place, f"{indicator.name} is derived by an identity and moves with its members; leave it out")
    for place, name in _named_indicators(study):
        if name in results and (place.startswith(("steps", "correlations", "scenarios")) or _breaks(study, place)):
            yield Problem(place, f"{name} is derived by an identity; say it of one of its members")
    for i, identity in enumerate(study.identities):
        if identity.result in _ancestors(study, identity.members):
            yield Problem(f"identities[{i}]", f"{identity.result} is derived from itself; take one identity out")


def _breaks(study: Study, place: str) -> bool:
    return place in {f"evidence[{i}].indicator" for i, item in enumerate(study.evidence) if item.branches()}


def _ancestors(study: Study, names: Iterable[str]) -> set[str]:
    members = {identity.result: identity.members for identity in study.identities}
    seen: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting.extend(members.get(name, ()))
    return seen


def _classes(study: Study) -> Iterator[Problem]:
    for i, indicator in enumerate(study.indicators):
        if indicator.reference_class is None:
            continue
        try:
            cls = reference_class(indicator.reference_class)
        except KjprojError as error:
            yield Problem(f"indicators[{i}].reference_class", str(error))
            continue
        if cls.scale != indicator.scale.kind:
            yield Problem(
                f"indicators[{i}].scale",
                f"class {cls.name} is about the scale {cls.scale}, {indicator.name} lies on {indicator.scale.kind}; "
                "use the class's scale, or give a motion",
            )


def _scenarios(study: Study) -> Iterator[Problem]:
    for i, scenario in enumerate(study.scenarios):
        yield from _doubled((change.indicator for change in scenario.changes), f"scenarios[{i}].changes")
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


def _magnitudes(study: Study) -> Iterator[Problem]:
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


def _figures(study: Study) -> Iterator[Problem]:
    for group in ("evidence", "targets"):
        for i, item in enumerate(getattr(study, group)):
            try:
                item.check(study)
            except KjprojError as error:
                yield Problem(f"{group}[{i}].{_field(item, error)}", str(error))
    for i, identity in enumerate(study.identities):
        try:
            identity.check(study)
        except KjprojError as error:
            yield Problem(f"identities[{i}]", str(error))


def _field(item: object, error: KjprojError) -> str:
    if isinstance(error, UnitError):
        return "unit"
    if "since" in str(error):
        return "since"
    if isinstance(item, Target):
        return next(name for name in BOUNDS if getattr(item, name) is not None)
    return "value" if hasattr(item, "value") else "year"


def _dates(study: Study) -> Iterator[Problem]:
    for i, item in enumerate(study.evidence):
        if item.year > study.as_of.year:
            wrong = f"{item.year} lies after as_of, {study.as_of}; move as_of, or take the figure out"
            yield Problem(f"evidence[{i}].year", wrong)
    for i, source in enumerate(study.sources):
        if source.published and source.covers_until and source.covers_until > source.published:
            wrong = f"{source.covers_until} lies after {source.published}, its date"
            yield Problem(f"sources[{i}].covers_until", wrong)


def _price_basis(study: Study) -> Iterator[Problem]:
    for i, item in enumerate(study.evidence):
        real = isinstance(item, Growth) and item.prices == "constant" and item.deflator is None
        if real and study.indicator(item.indicator).prices == "current":
            yield Problem(
                f"evidence[{i}].prices",
                f"a real growth rate says nothing about {item.indicator} at current prices without a deflator; "
                "give the nominal rate, or a belief about the deflator",
            )


def _exact_contradictions(study: Study) -> Iterator[Problem]:
    stated: dict[tuple[str, int], tuple[int, float, float]] = {}
    for i, item in enumerate(study.evidence):
        if not isinstance(item, Level):
            continue
        (row,) = item.rows(study, "")
        first = stated.setdefault((item.indicator, item.year), (i, row.value, row.sd))
        if first[0] != i and first[2] == row.sd == 0 and abs(first[1] - row.value) > 1e-12:
            yield Problem(
                f"evidence[{i}].value",
                f"contradicts evidence[{first[0]}]: both are exact levels of {item.indicator} in {item.year}; "
                "take one out, or state an error",
            )


def _correlations(study: Study) -> Iterator[Problem]:
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


_STAGES: tuple[tuple[Check, ...], ...] = (
    (_names, _references),
    (_derived, _classes, _dates, _correlations),
    (_scenarios, _figures),
    (_magnitudes,),
    (_price_basis, _exact_contradictions),
)
