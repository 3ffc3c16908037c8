"""What do the paths that succeed have in common? Courses of the related indicators given that targets are met."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ..errors import KjprojError, NotAnswerableError
from ..estimate import Estimate
from ..growth import compound_rate
from ..numbers import about_per_cent, digits
from ..projection import Projection
from ..rows import Requirement
from ..study import Study
from ..text import Language
from .conditional import Course, exact_courses, path_courses, within_reach
from .phrases import growth_words, label
from .probability import probability
from .questions import Names, required, resolve
from .related import related
from .required import last_figure, way_of


@dataclass(frozen=True)
class Member:
    """One indicator on the paths that succeed, and on those that do not.

    Attributes:
        indicator: its name.
        course: quantiles by year of its level: overall, where the targets are met, and where they are not.
        base, base_year: its last figure and its year; None where no figure is known.
        growth: median growth a year from the last figure to the last year, where met and where missed: a fraction, points
            or units a year (`way` "rate", "points", "units"); None without a figure.
        way: how its growth is counted.
    """

    indicator: str
    course: Course
    base: float | None
    base_year: int | None
    growth: tuple[float, float] | None
    way: str


@dataclass(frozen=True)
class Succeeding:
    """The paths that succeed.

    Attributes:
        targets: the targets' names.
        chance: that all of them are met.
        members: the related indicators, those of the targets first.
        study: the study, for labels and units.
    """

    targets: tuple[str, ...]
    chance: Estimate
    members: tuple[Member, ...]
    study: Study

    def member(self, indicator: str) -> Member:
        """Return one indicator's; raises `KjprojError` naming those that are there."""
        for found in self.members:
            if found.indicator == indicator:
                return found
        raise KjprojError(f"{indicator!r} is not related to the targets; there are {', '.join(m.indicator for m in self.members)}")

    def to_text(self, lang: Language = "zh") -> str:
        """Return a sentence on growth, and a line an indicator on its last year."""
        return "\n".join([_sentence(self, lang), *(_line(self.study, member, lang) for member in self.members)])

    def __str__(self) -> str:
        return self.to_text("en")

    def to_dict(self) -> dict[str, Any]:
        """Return chance, courses and growth as plain data."""
        return {
            "targets": list(self.targets),
            "probability": self.chance.value,
            "indicators": [{"name": m.indicator, **m.course.to_dict(), **_growth_data(m)} for m in self.members],
        }


def succeeding(
    projection: Projection, target: Names | None = None, *, all_of: Iterable[Names] | None = None
) -> Succeeding:
    """Return what the paths that meet a target, or several together, have in common.

    For every related indicator the 10, 50 and 90 % quantiles of each year among the paths that succeed, beside those of
    the paths that do not and of all: q solves P(X ≤ q, met) = p·P(met). Where one half-space decides, this is computed
    from bivariate normals; else it is read from 65,536 sample paths or more, and `course.method` is "simulated".

    It is a description, not a cause: growth is higher where a target is met also because both share the luck of the years.

    Args:
        projection: from `kjproj.project`.
        target: a target's name, or a target.
        all_of: several of them, to be met together, in its place.

    Raises:
        NoBasisError: where the study does not say where an indicator stands, or how it moves.
        NotAnswerableError: where the targets are decided already, or next to certain either way.
        KjprojError: unless exactly one of `target` and `all_of` is given.

    >>> import kjproj as kj
    >>> found = kj.succeeding(kj.project(kj.datasets.yueyang()), "rd_spending_2025")
    >>> met, missed = found.member("gdp").growth
    >>> print(f"GDP grows {met:.1%} a year where it is met, {missed:.1%} where not")
    GDP grows 8.4% a year where it is met, 5.4% where not
    """
    if (target is None) == (all_of is None):
        raise KjprojError("give a target, or all_of for several together")
    targets = resolve(projection, target if target is not None else all_of or [])
    names = ", ".join(one.name for one in targets)
    left = [required(projection.study, one) for one in targets]
    if all(isinstance(one, bool) for one in left) or False in left:
        raise NotAnswerableError(f"{names}: published figures decide already; there are no paths to compare")
    clauses: Requirement = tuple(clause for one in left if not isinstance(one, bool) for clause in one)
    chance = probability(projection, all_of=targets)
    if not within_reach(chance.value):
        raise NotAnswerableError(f"{names}: met with a chance of {chance.value:.1g}; there is next to nothing to compare")
    years = _years(projection.study, clauses)
    own = list(dict.fromkeys(name for one in targets for name in one.indicators))
    order = [*own, *(name for name in related(projection, *targets) if name not in own)]
    courses = exact_courses(projection, clauses, order, years) or path_courses(projection, clauses, order, years, chance.value)
    members = tuple(_member(projection.study, name, course) for name, course in zip(order, courses, strict=True))
    return Succeeding(tuple(one.name for one in targets), chance, members, projection.study)


def _years(study: Study, clauses: Requirement) -> range:
    """The years from the first open one to the last that the targets speak of."""
    last = max(unknown.year for clause in clauses for half in clause for unknown, _ in half.terms)
    return range(min(study.last_past_year + 1, last), last + 1)


def _member(study: Study, name: str, course: Course) -> Member:
    last = int(course.years[-1])
    found = None if study.counts_events(name) else last_figure(study, name, last)
    way = way_of(study, name)
    if found is None:
        return Member(name, course, None, None, None, way)
    base_year, base, _ = found
    met, missed = (_growth(way, base, float(q[-1, 1]), last - base_year) for q in (course.met, course.missed))
    return Member(name, course, base, base_year, (met, missed), way)


def _growth(way: str, base: float, level: float, years: int) -> float:
    return compound_rate(base, level, years) if way == "rate" and base > 0 and level > 0 else (level - base) / years


def _growth_data(member: Member) -> dict[str, Any]:
    met, missed = member.growth or (None, None)
    return {"base": member.base, "base_year": member.base_year, "growth_met": met, "growth_missed": missed, "growth_as": member.way}


def _sentence(found: Succeeding, lang: Language) -> str:
    chance = about_per_cent(found.chance.value, lang)
    grown = [_grown(found.study, m, m.growth, lang) for m in found.members if m.growth is not None]
    if lang == "zh":
        return f"完成概率{chance}。" + (f"完成的情形与未完成的情形相比（中位数）：{'；'.join(grown)}。" if grown else "")
    met = f"Met with a chance of {chance.removeprefix('about ')}."
    return met + (f" Where it is met, beside where it is not (medians): {'; '.join(grown)}." if grown else "")


def _grown(study: Study, member: Member, growth: tuple[float, float], lang: Language) -> str:
    name = label(study, member.indicator)(lang)
    met, missed = (growth_words(study, member.indicator, g, lang) for g in growth)
    return f"{name}年均{met}（未完成的{missed}）" if lang == "zh" else f"{name} {met} a year ({missed})"


def _line(study: Study, member: Member, lang: Language) -> str:
    words, last = label(study, member.indicator)(lang), int(member.course.years[-1])
    (a, b, c), (d, e, f) = ([digits(float(x), 4) for x in q[-1]] for q in (member.course.met, member.course.missed))
    unit = member.course.unit
    if lang == "zh":
        return f"  {words}{last}年：完成时{b}{unit}（{a}—{c}），未完成时{e}{unit}（{d}—{f}）"
    return f"  {words} in {last}: {b} {unit} ({a} to {c}) where met, {e} ({d} to {f}) where missed"
