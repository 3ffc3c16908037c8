"""Places that are not in the study: indicators like one that is, from figures of their own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ..beliefs.reference import PooledClass, ReferenceClass, class_names, reference_class
from ..engine.blocks import shared_draws
from ..engine.unknowns import roots
from ..errors import KjprojError, NoBasisError
from ..projection import Projection
from ..study import Study, files
from ..study.indicator import Indicator
from ..study.pooling import unit_shift
from ..text import Text
from .phrases import label
from .required import last_figure

_NOT_IN_NAMES = re.compile(r"\W")
Figures = Mapping[int, str] | str
"""Figures of one place by year, as text; a single text is of the year of the last figure of the indicator it is like."""
Region = Literal["country", "province", "city", "county"]
_SMALLER: Mapping[str, Region] = {"country": "province", "province": "city", "city": "county", "county": "county"}


@dataclass(frozen=True)
class Alike:
    """A projection with indicators that are like another one, and what is assumed about them.

    Attributes:
        projection: of the study with them.
        names: the indicators, by place, in the order of the places.
        notes: what is assumed, in words.
    """

    projection: Projection
    names: Mapping[str, str]
    notes: tuple[Text, ...]


def alike(
    projection: Projection,
    indicator: str,
    places: Mapping[str, Figures],
    *,
    peers: bool,
    reference_class: str | None = None,
) -> Alike:
    """Return a projection in which places have the same indicator, with their own figures and like assumptions.

    Each moves as the indicator is assumed to move: by its class, or its motion. One that an identity derives has
    neither; then the class of its own name is taken, or the one that is given. Peers are regions of the same kind as the
    study's, others a size smaller, so a class of larger regions is widened.

    Raises:
        NoBasisError: where no class or motion is there to borrow.
        KjprojError: for figures that are not text, or not by year.
    """
    study, model = projection.study, projection.study.indicator(indicator)
    basis, own = _basis(projection, model, reference_class)
    region = _region(study, indicator)
    shared = {**basis, "region": region if peers or region is None else _SMALLER[region]}
    names = _names(study, indicator, places)
    new = [_like(study, model, place, name, {**shared, **({"peer_of": indicator} if peers else {})}) for place, name in names.items()]
    evidence = [
        {"kind": "level", "indicator": names[place], "year": year, "value": value}
        for place, given in places.items()
        for year, value in _by_year(study, indicator, place, given).items()
    ]
    scenarios = [_scenario(s, indicator, names.values() if own else ()) for s in study.scenarios]
    more = {"indicators": [*study.indicators, *new], "evidence": [*study.evidence, *evidence], "scenarios": scenarios}
    wider = projection.extended(with_fields(study, more))
    return Alike(wider, names, (*_assumptions(wider, names), *_not_carried(projection, indicator, own)))


def with_fields(study: Study, fields: Mapping[str, Any]) -> Study:
    """Return a study with other fields, checked again."""
    whole = {name: getattr(study, name) for name in study.model_fields_set}
    return files.validated(type(study), {**whole, **fields}, "the study with these places")


def _basis(projection: Projection, model: Indicator, asked: str | None) -> tuple[dict[str, Any], bool]:
    """Return class, beliefs or motion to borrow, and whether they are the indicator's own."""
    if asked is not None:
        return {"reference_class": reference_class(asked).name}, False
    if model.name in projection.assumed:
        fields = ("reference_class", "beliefs", "motion")
        return {name: value for name in fields if (value := getattr(model, name)) is not None}, True
    if model.name in _fitting(model):
        return {"reference_class": model.name}, False
    derived = model.name in projection.study.derived
    why = "is derived by an identity and has no class of its own" if derived else "has neither a class nor a motion"
    said = ", ".join(_fitting(model)) or "none of those that come with the library"
    raise NoBasisError(f"{model.name} {why} to lend to other places; give reference_class (those that fit: {said})")


def _fitting(model: Indicator) -> list[str]:
    """The classes of the indicator's scale and quantity."""
    return [name for name in class_names() if _fits(reference_class(name), model)]


def _fits(cls: ReferenceClass | PooledClass, model: Indicator) -> bool:
    try:
        if isinstance(cls, PooledClass):
            unit_shift(cls, model)
    except KjprojError:
        return False
    return cls.scale == model.scale.kind


def _region(study: Study, indicator: str) -> Region | None:
    """The kind of place that the indicator, or what it is derived from, is about."""
    found = (study.indicator(name).region for name in (indicator, *roots(study, indicator)))
    return next((region for region in found if region is not None), None)


def _names(study: Study, indicator: str, places: Mapping[str, Figures]) -> dict[str, str]:
    """Name the new indicators after the indicator and the place; those of a study stay as they are."""
    if not isinstance(places, Mapping) or not places:
        raise KjprojError(f"figures are {places!r}; expected them by place, such as {{'Junshan': {{2021: '3.21'}}}}")
    taken = {i.name for i in study.indicators}
    found: dict[str, str] = {}
    for place in places:
        if not isinstance(place, str) or not place.strip():
            raise KjprojError(f"a place is called {place!r}; expected a name")
        stem = f"{indicator}_{_NOT_IN_NAMES.sub('_', place)}"
        numbered = (f"{stem}_{k}" for k in range(2, len(taken) + len(places) + 2))
        name = next(n for n in (stem, *numbered) if n not in taken)
        taken.add(name)
        found[place] = name
    return found


def _like(study: Study, model: Indicator, place: str, name: str, more: Mapping[str, Any]) -> Indicator:
    said = label(study, model.name)
    words = {"zh": f"{place}{said('zh')}", "en": f"{said('en')} of {place}"}
    same = {key: getattr(model, key) for key in ("unit", "measure", "prices", "scale")}
    return Indicator.model_validate({"name": name, "label": words, "place": place, **same, **more})


def _by_year(study: Study, indicator: str, place: str, given: Figures) -> dict[int, str]:
    if isinstance(given, str):
        last = last_figure(study, indicator, study.as_of.year + 1)
        if last is None:
            raise KjprojError(f"{place}: {given} is of no year, and {indicator} has no figure to take one from; give {{year: figure}}")
        given = {last[0]: given}
    if not isinstance(given, Mapping) or not given or not all(isinstance(value, str) for value in given.values()):
        raise KjprojError(f'figures of {place} are {given!r}; expected text by year, such as {{2021: "3.21"}}')
    late = [year for year in given if not isinstance(year, int) or not 1800 <= year <= study.as_of.year]
    if late:
        raise KjprojError(f"{place}: {late[0]!r} is no year up to as_of, {study.as_of}; correct it, or move as_of")
    return dict(sorted(given.items()))


def _scenario(scenario: Any, indicator: str, names: Iterable[str]) -> Any:
    """Let a scenario change the places as it changes the indicator."""
    more = [c.model_copy(update={"indicator": n}) for c in scenario.changes if c.indicator == indicator for n in names]
    return scenario.model_copy(update={"changes": (*scenario.changes, *more)}) if more else scenario


def _assumptions(projection: Projection, names: Mapping[str, str]) -> Iterator[Text]:
    """Say by which class or motion they move, where it was widened, and what they have in common."""
    first = projection.assumed[next(iter(names.values()))]
    if first.reference_class is None:
        motion = first.motion
        yield Text(zh=f"各地变动方式同总体指标：{motion.describe('zh')}", en=f"each place moves as the whole: {motion.describe('en')}")
    else:
        cls = reference_class(first.reference_class)
        p = cls.provenance
        zh = f"各地按同类经验“{cls.title('zh')}”变动（{p.series}个地区，{p.first_year}—{p.last_year}年）"
        en = f"each place moves by the class “{cls.title('en')}” ({p.series} regions, {p.first_year} to {p.last_year})"
        yield Text(zh=zh, en=en)
    yield from _widened(projection, names)
    yield _together(projection, set(names.values()))


def _widened(projection: Projection, names: Mapping[str, str]) -> Iterator[Text]:
    """Each note once, with its places where it is not about all."""
    about: dict[tuple[str, str], list[str]] = {}
    for place, name in names.items():
        for note in projection.assumed[name].notes:
            about.setdefault((note("zh"), note("en")), []).append(place)
    for (zh, en), places in about.items():
        some = len(places) < len(names)
        zh_places, en_places = (f"（{'、'.join(places)}）", f" ({', '.join(places)})") if some else ("", "")
        yield Text(zh=f"{zh}{zh_places}", en=f"{en}{en_places}")


def _together(projection: Projection, names: set[str]) -> Text:
    if any(len(names & set(felt)) > 1 for felt in shared_draws(projection.assumed).values()):
        return Text(
            zh="今后各年同类地区共有的增减一并变动，除此之外各地相互独立",
            en="what the coming years add to all regions of the class alike is common to the places; else they are independent",
        )
    return Text(zh="各地相互独立", en="the places are independent of each other")


def _not_carried(projection: Projection, indicator: str, own: bool) -> Iterator[Text]:
    """Say where the scenario changes the indicator, or what it is derived from, and not the places."""
    touched = {indicator, *roots(projection.study, indicator)}
    if not own and any(change.indicator in touched for change in projection.scenario.changes):
        said = projection.scenario.label or Text(zh=projection.scenario.name, en=projection.scenario.name)
        yield Text(zh=f"情景“{said('zh')}”的改变未作用于各地", en=f"what the scenario “{said('en')}” changes is not carried over to the places")
