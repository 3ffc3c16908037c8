"""Vintages: which figures inform, and which figures and forecasts were known on a day."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from ..errors import KjprojError
from ..evidence import Evidence, Partial
from ..forecasts import Given

if TYPE_CHECKING:
    from .indicator import Indicator
    from .study import Study

Placed = tuple[int, Evidence]
_WHOLE_YEARS = frozenset({"level", "change", "growth", "gap", "rank"})


def standing(evidence: Iterable[Evidence]) -> tuple[Placed, ...]:
    """Return the figures that inform, each with its position.

    Those that a later one revises are left out; so are the parts of a year that a longer part from January on holds.
    """
    latest: dict[Hashable, list[Placed]] = {}
    for i, item in enumerate(evidence):
        others = [] if item.revises else latest.get(item.subject, [])
        latest[item.subject] = [*others, (i, item)]
    placed = sorted((found for several in latest.values() for found in several), key=lambda found: found[0])
    return tuple((i, item) for i, item in placed if not _held(item, placed))


def _held(item: Evidence, placed: Iterable[Placed]) -> bool:
    """Tell whether a longer part of the same year holds this one; an expected part holds no reported one."""
    if not isinstance(item, Partial) or item.months is None:
        return False
    return any(
        isinstance(other, Partial)
        and (other.indicator, other.year) == (item.indicator, item.year)
        and (other.months or 0) > item.months
        and (item.expected or not other.expected)
        for _, other in placed
    )


def idle_revisions(evidence: Iterable[Evidence]) -> list[Placed]:
    """Return the figures that are to revise others, but find none before them."""
    seen: set[Hashable] = set()
    idle = []
    for i, item in enumerate(evidence):
        if item.revises and item.subject not in seen:
            idle.append((i, item))
        seen.add(item.subject)
    return idle


def day(value: date | str, what: str) -> date:
    """Return a date that is given as one or as text such as 2022-06-30."""
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise KjprojError(f"{what} is {value!r}; expected a date such as 2022-06-30") from None
    if type(value) is not date:
        raise KjprojError(f"{what} is {value!r}; expected a datetime.date, or a text such as 2022-06-30")
    return value


def published_on(study: Study, item: Evidence) -> date:
    """Return when a figure was published: its own date, else its source's, else the end of its year.

    The figure of a whole year that is not expected was not known before the year was over, whatever its source's date.
    What speaks of years to come, without a date, was said at `as_of`.
    """
    dates = {source.name: source.published for source in study.sources}
    stated, end = dates.get(item.source or ""), date(item.year, 12, 31)
    if item.published is not None:
        return item.published
    if stated is None:
        return study.as_of if item.ahead else end
    whole = item.kind in _WHOLE_YEARS and not item.expected and getattr(item, "period", None) is None
    return max(stated, end) if whole else stated


def made_on(study: Study, given: Given) -> date | None:
    """Return when another tool's forecast was made: its own date, else its source's; None where neither is known."""
    dates = {source.name: source.published for source in study.sources}
    return given.made or dates.get(given.source or "")


def known_on(study: Study, on: date) -> dict[str, Any]:
    """Return the fields of a study that were otherwise on an earlier day: `as_of`, `evidence`, and `indicators` without later forecasts."""
    if on > study.as_of:
        raise KjprojError(f"{on} lies after as_of, {study.as_of}; expected a day up to then, or a study with a later as_of")
    known = [item for item in study.evidence if published_on(study, item) <= on and (item.ahead or item.year <= on.year)]
    idle = {i for i, _ in idle_revisions(known)}  # what they revise came out later still
    plain: list[Evidence] = [item.model_copy(update={"revises": False}) if i in idle else item for i, item in enumerate(known)]
    return {"as_of": on, "evidence": _readable(study, plain), "indicators": [_without_later(study, one, on) for one in study.indicators]}


def _without_later(study: Study, indicator: Indicator, on: date) -> Indicator:
    """Return an indicator, without its forecast where this was made after a day."""
    made = None if indicator.given is None else made_on(study, indicator.given)
    return indicator if made is None or made <= on else indicator.model_copy(update={"given": None})


def _readable(study: Study, evidence: list[Evidence]) -> list[Evidence]:
    """Leave out what cannot be read without a figure that was not yet known, such as the base of a growth rate."""
    while True:
        fields: Mapping[str, Any] = {name: getattr(study, name) for name in study.model_fields_set}
        probe = type(study).model_construct(**{**fields, "evidence": tuple(evidence)})
        kept = [item for item in evidence if _fits(item, probe)]
        if len(kept) == len(evidence):
            return kept
        evidence = kept


def _fits(item: Evidence, study: Study) -> bool:
    try:
        item.check(study)
    except KjprojError:
        return False
    return True
