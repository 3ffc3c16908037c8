"""Forecasts of other tools in a study: whether they fit its indicators and its figures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..errors import KjprojError, Problem, unknown
from ..forecasts import Forecast

if TYPE_CHECKING:
    from .study import Study


def stated_forecasts(study: Study) -> dict[str, Forecast]:
    """Return the forecasts that the study states, by indicator, on their scales."""
    given = ((i.name, i.given) for i in study.indicators)
    return {name: one.placed(name, study.unit(name), study.scale(name)) for name, one in given if one is not None}


def require_takes(study: Study, name: str, forecast: Forecast) -> None:
    """Raise `KjprojError` where an indicator cannot be given by a forecast, or figures speak of what they cannot change."""
    if name in study.derived:
        raise KjprojError(f"{name} is derived by an identity; give paths for one of its members")
    if study.counts_events(name):
        raise KjprojError(f"{name} counts events and does not move on a scale; no forecast of levels can be taken")
    own = [e.year for _, e in study.standing if e.indicator == name]
    if forecast.evidence == "cut" and max(own, default=forecast.first - 1) >= forecast.first:
        raise KjprojError(
            f"the forecast begins in {forecast.first}, but figures speak of {name} in {max(own)}; begin the paths after the last "
            "figure, or state evidence='update', so that figures change the forecast"
        )


def forecasts(study: Study) -> Iterator[Problem]:
    """A forecast must fit its indicator's unit and scale, its source be known, and its years lie after what it cannot heed."""
    sources = {source.name for source in study.sources}
    groups: dict[str, tuple[int, Forecast]] = {}
    for i, indicator in enumerate(study.indicators):
        if indicator.given is None:
            continue
        place = f"indicators[{i}].given"
        if indicator.given.source not in (None, *sources):
            yield Problem(f"{place}.source", unknown("source", str(indicator.given.source), sorted(sources)))
        try:
            forecast = indicator.given.placed(indicator.name, indicator.unit, indicator.scale)
            require_takes(study, indicator.name, forecast)
            require_together(indicator.name, forecast, groups)
        except KjprojError as error:
            yield Problem(place, str(error))


def require_together(name: str, forecast: Forecast, groups: dict[str, tuple[int, Forecast]]) -> None:
    """Raise `KjprojError` where forecasts that belong together differ in what they are; `groups` collects them."""
    if forecast.together is None:
        return
    size = forecast.size
    if size is None:
        raise KjprojError(f"together is {forecast.together!r}, but the forecast of {name} has no sample paths that could belong to others'")
    other, first = groups.setdefault(forecast.together, (size, forecast))
    if size != other:
        raise KjprojError(f"paths of {forecast.together} have {other} and {size} draws; expected equal lengths")
    if forecast.evidence != first.evidence:
        raise KjprojError(f"paths of {forecast.together} belong together; state 'cut' or 'update' for them all")
