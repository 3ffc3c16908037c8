"""Cross-checks of a study: each is a small generator of problems, with the place and what to do."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from ..errors import KjprojError, Problem, UnitError, unknown
from ..evidence import Bound, Evidence, Growth, Level
from ..evidence.bias import check_bias
from ..rows import HalfSpace, Nuisance, Row
from ..targets import Bounded
from ..units import unit
from . import assumed_checks as assumed
from .forecasting import forecasts
from .naming import doubled, named_indicators
from .standing import idle_revisions

if TYPE_CHECKING:
    from .study import Study

_FAR = 3.0
Check = Callable[["Study"], Iterator[Problem]]


def problems(study: Study) -> list[Problem]:
    """Return everything that is wrong with a study; later checks wait until the names are right."""
    for stage in _STAGES:
        found = [problem for check in stage for problem in check(study)]
        if found:
            return found
    return []


def _names(study: Study) -> Iterator[Problem]:
    for place in ("sources", "indicators", "targets", "scenarios"):
        yield from doubled((item.name for item in getattr(study, place)), place)


def _references(study: Study) -> Iterator[Problem]:
    known = {indicator.name for indicator in study.indicators}
    for place, name in named_indicators(study):
        if name not in known:
            yield Problem(place, unknown("indicator", name, sorted(known)))
    sources = {source.name for source in study.sources}
    for group in ("evidence", "targets"):
        for i, item in enumerate(getattr(study, group)):
            if item.source is not None and item.source not in sources:
                said = unknown("source", item.source, sorted(sources)) + ("" if sources else "; add it under sources")
                yield Problem(f"{group}[{i}].source", said)


def _derived(study: Study) -> Iterator[Problem]:
    results = [identity.result for identity in study.identities]
    yield from doubled(results, "identities")
    for i, indicator in enumerate(study.indicators):
        if indicator.name in results and (indicator.motion or indicator.reference_class):
            place = f"indicators[{i}].{'motion' if indicator.motion else 'reference_class'}"
            yield Problem(place, f"{indicator.name} is derived by an identity and moves with its members; leave it out")
    for place, name in named_indicators(study):
        if name in results and (place.startswith(("steps", "correlations", "scenarios")) or _breaks(study, place)):
            yield Problem(place, f"{name} is derived by an identity; say it of one of its members")
    for i, identity in enumerate(study.identities):
        if identity.result in _ancestors(study, identity.members):
            yield Problem(f"identities[{i}]", f"{identity.result} is derived from itself; take one identity out")


def _peers(study: Study) -> Iterator[Problem]:
    """A peer is the same statistic in another place, and of an indicator that is no peer itself."""
    for i, indicator in enumerate(study.indicators):
        if indicator.peer_of is None:
            continue
        place, other = f"indicators[{i}].peer_of", study.indicator(indicator.peer_of)
        if other.peer_of is not None:
            yield Problem(place, f"{other.name} is a peer itself; name the indicator of the study's own place")
        elif "events" in (indicator.measure, other.measure) or "milestone" in (indicator.measure, other.measure):
            yield Problem(place, f"{indicator.name} or {other.name} counts events, which are not ranked; leave it out")
        elif (indicator.measure, unit(indicator.unit).quantity) != (other.measure, unit(other.unit).quantity):
            yield Problem(
                place,
                f"{indicator.name} ({indicator.measure}, {indicator.unit}) is not the same statistic as {other.name} "
                f"({other.measure}, {other.unit}); correct measure or unit, or name another indicator",
            )
        if indicator.place is None:
            yield Problem(f"indicators[{i}].place", f"is missing: say which place {indicator.name} is about")


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


def _figures(study: Study) -> Iterator[Problem]:
    for group in ("evidence", "targets"):
        for i, item in enumerate(getattr(study, group)):
            try:
                item.check(study)
                if isinstance(item, Evidence):
                    check_bias(item, study)
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
    if "a bias" in str(error):
        return "bias"
    if isinstance(item, Bounded):
        return item.bound
    return "value" if hasattr(item, "value") else "year"


def _dates(study: Study) -> Iterator[Problem]:
    for i, item in enumerate(study.evidence):
        if item.year > study.as_of.year and not item.ahead:
            wrong = f"{item.year} lies after as_of, {study.as_of}; move as_of, or take the figure out"
            yield Problem(f"evidence[{i}].year", wrong)
    for i, source in enumerate(study.sources):
        if source.published and source.covers_until and source.covers_until > source.published:
            wrong = f"{source.covers_until} lies after {source.published}, its date"
            yield Problem(f"sources[{i}].covers_until", wrong)


def _revisions(study: Study) -> Iterator[Problem]:
    for i, item in idle_revisions(study.evidence):
        yield Problem(
            f"evidence[{i}].revises",
            f"revises nothing: no {item.kind} of {item.indicator} in {item.year} (over the same period) stands before it; "
            "put it after the figure that it revises, or take revises out",
        )


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
    for i, item in study.standing:
        if not isinstance(item, Level):
            continue
        (row,) = item.rows(study, "")
        if not isinstance(row, Row):
            continue
        first = stated.setdefault((item.indicator, item.year), (i, row.value, row.sd))
        if first[0] != i and first[2] == row.sd == 0 and abs(first[1] - row.value) > 1e-12:
            yield Problem(
                f"evidence[{i}].value",
                f"contradicts evidence[{first[0]}]: both are exact levels of {item.indicator} in {item.year}; "
                "take one out, state an error, or mark the later one as revises: true",
            )


def _contradicting_bounds(study: Study) -> Iterator[Problem]:
    """A bound must leave room for the other bounds, and for the reported levels, of its indicator and year."""
    placed = [(i, item) for i, item in study.standing if isinstance(item, Level | Bound) and not item.expected]
    ranges = [(i, item, *_range(study, item)) for i, item in placed if not study.counts_events(item.indicator)]
    for k, (i, item, low, high, sd) in enumerate(ranges):
        for j, other, low_2, high_2, sd_2 in ranges[:k]:
            same = (other.indicator, other.year) == (item.indicator, item.year)
            gap = max(low, low_2) - min(high, high_2)
            if same and Bound in (type(item), type(other)) and gap > _FAR * math.hypot(sd, sd_2) + 1e-12:
                field = item.name if isinstance(item, Bound) else "value"
                wrong = f"contradicts evidence[{j}] ({other.describe('en')}); take one out, or correct it"
                yield Problem(f"evidence[{i}].{field}", wrong)


def _range(study: Study, item: Level | Bound) -> tuple[float, float, float]:
    """What a figure says of its place: least, greatest, and the standard deviation of both."""
    (said,) = item.rows(study, "")
    if isinstance(said, HalfSpace):
        return said.lower, said.upper, said.sd
    assert isinstance(said, Row)  # a level of what does not count events
    return said.value, said.value, said.sd


def _shared(study: Study) -> Iterator[Problem]:
    """What figures share under one name must be believed alike."""
    known: dict[str, tuple[int, Nuisance]] = {}
    for i, item in study.standing:
        rows = (row for row in item.rows(study, "") if isinstance(row, Row))
        for nuisance in (n for row in rows for n, _ in row.nuisances):
            j, first = known.setdefault(nuisance.name, (i, nuisance))
            if first != nuisance:
                yield Problem(
                    f"evidence[{i}]",
                    f"says {nuisance.mean:g} ± {nuisance.sd:g} of what it shares with evidence[{j}] ({nuisance.name}), which "
                    f"says {first.mean:g} ± {first.sd:g}; state one belief",
                )


_STAGES: tuple[tuple[Check, ...], ...] = (
    (_names, _references),
    (_derived, _peers, assumed.classes, _dates, assumed.correlations, _revisions, assumed.events),
    (assumed.scenarios, _figures, forecasts),
    (assumed.magnitudes,),
    (_price_basis, _exact_contradictions, _contradicting_bounds, _shared, assumed.commitments),
)
