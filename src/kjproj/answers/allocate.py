"""How to split a whole's target among its members, and how likely each part and the whole are then."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from ..errors import KjprojError, NoBasisError
from ..estimate import Estimate
from ..figures import number
from ..identities import Sum
from ..numbers import digits
from ..projection import Projection
from ..study import Study
from ..study.verdicts import is_linear
from ..targets import BaseTarget, Target
from ..text import Text
from ..units import convert, unit
from .alike import Alike, Figures, alike, with_fields
from .allocation import Allocation, Portion
from .levels import attainable
from .phrases import label
from .probability import probability
from .questions import required
from .required import last_figure, required_growth
from .simulated import on_paths, share
from .splits import Split, SplitRule, largest_remainder, rule_named

_CLOSE = 1e-6
_COVERED = 0.005
_MOST_PLACES = 6


def allocate(
    projection: Projection,
    target: str | BaseTarget,
    members: Sequence[str] | Mapping[str, Figures],
    *,
    rule: str | SplitRule = "equal_chance",
    reference_class: str | None = None,
) -> Allocation:
    """Return how a whole's target is split among counties or parks, and how likely each part and the whole are then.

    Members are indicators of the study of which the whole is the `sum`, or places with figures of their own. Such places
    move as the whole is assumed to, by its class (widened for regions a size smaller) or motion; what a class says all
    regions have in common in the years to come, they have in common, else they are independent. The whole is then also
    their sum. Parts are rounded to one digit more than the target has, counts to whole ones, and still add up to the
    target, by largest remainders; chances are those of the rounded parts.

    Args:
        projection: from `kjproj.project`.
        target: the name of a target for the level of a year with one bound, or such a target.
        members: names of indicators, or figures by place: ``{"君山区": {2021: "3.21"}, …}``; a text alone is of the year of
            the whole's last figure.
        rule: "equal_chance" (every member meets its part with the same probability), "same_growth" (all grow at one rate
            from their last figures), "share" (in proportion to the last figures), ``InShares({…})`` (in shares of your
            own), or a `SplitRule` of your own.
        reference_class: the class that places move by, in the place of the whole's own.

    Raises:
        NoBasisError: where a member has no figure, or there is no class or motion for it.
        KjprojError: where the whole is not the sum of the members, for a target that cannot be split, and for an unknown rule.

    >>> import kjproj as kj
    >>> counties = {"A": "60.10", "B": "25.31", "C": "12.65"}
    >>> found = kj.allocate(kj.project(kj.datasets.yueyang()), "rd_spending_2025", counties)
    >>> [portion.figure for portion in found.portions], sum(portion.value for portion in found.portions)
    (['92.2', '38.6', '19.2'], 150.0)
    """
    study, chosen = projection.study, rule_named(rule)
    asked = _splittable(study, study.target(target))
    placed, total, notes = _members(projection, asked, members, reference_class)
    own = asked.unit or study.unit(asked.indicator)
    split = _split(placed, asked, own)
    exact = _checked(chosen.parts(split), split, chosen)
    figures = _rounded(exact, asked.figure, counts=unit(own).counts)
    wider, parts = _with_parts(placed.projection, asked, tuple(placed.names.values()), figures, own)
    summed = asked.model_copy(update={"indicator": total, "name": f"{total}_{asked.year}"})
    given, together = _given_each(wider, summed, parts)
    portions = _portions(wider, split, exact, parts, given)
    whole, every = probability(projection, asked), probability(wider, all_of=parts)
    return Allocation(asked, split.goal, own, chosen, portions, whole, together, every, wider, notes, _check(wider.study, asked.indicator, total))


def _split(placed: Alike, target: Target, own: str) -> Split:
    """Return what a rule is told, in the target's unit."""
    projection, names = placed.projection, tuple(placed.names.values())

    def level(position: int, p: float) -> float:
        found = attainable(projection, names[position], target.year, probability=p if target.upwards else 1.0 - p)
        return convert(found.value, found.unit, own)

    latest = tuple(_latest(projection.study, name, place, target, own) for place, name in placed.names.items())
    return Split(number(target.figure), target.year, target.upwards, tuple(placed.names), latest, level)


def _portions(
    projection: Projection, split: Split, exact: Sequence[float], parts: Sequence[Target], given: Sequence[Estimate | None]
) -> tuple[Portion, ...]:
    """Return each member's part with what it takes and how likely it is."""
    found = []
    for name, (year, base), part, target, whole in zip(split.names, split.latest, exact, parts, given, strict=True):
        need, chance = required_growth(projection.study, target), probability(projection, target)
        found.append(Portion(name, target.indicator, base, year, part, target.figure, need, chance, whole))
    return tuple(found)


def _splittable(study: Study, target: BaseTarget) -> Target:
    """Return a target whose figure can be split; more or fewer than a whole number is at least or at most the next."""
    if not isinstance(target, Target) or target.when != "at" or target.between is not None:
        raise KjprojError(
            f"{target.name} is no single bound on the level of one year; only such targets are split (give a kjproj.Target "
            "with at_least, more_than, at_most or less_than)"
        )
    if study.counts_events(target.indicator):
        raise KjprojError(f"{target.indicator} counts events, which are not split; give each member a target of its own")
    if target.strict and target.counted(study.unit(target.indicator)):
        step, bound = (1, "at_least") if target.more_than is not None else (-1, "at_most")
        figure = str(math.floor(number(target.figure)) + step if step > 0 else math.ceil(number(target.figure)) + step)
        return target.model_copy(update={target.bound: None, bound: figure})
    return target


def _members(
    projection: Projection, target: Target, members: Sequence[str] | Mapping[str, Figures], cls: str | None
) -> tuple[Alike, str, tuple[Text, ...]]:
    """Return the members as indicators of a projection, the indicator that is their sum, and what is assumed."""
    study, whole = projection.study, target.indicator
    if isinstance(members, Mapping):
        if study.measure(whole) == "ratio":
            raise KjprojError(f"{whole} is a ratio, and its members' ratios do not add up; split the amount above or below it")
        if len(members) < 2:
            raise KjprojError(f"{len(members)} member given; a target is split among two or more")
        found = alike(projection, whole, members, peers=False, reference_class=cls)
        total = f"{whole}_of_members"
        study = _with_total(found.projection.study, whole, total, tuple(found.names.values()))
        return Alike(found.projection.extended(study), found.names, ()), total, found.notes
    if isinstance(members, str) or not all(isinstance(name, str) for name in members):
        raise KjprojError(f"members are {members!r}; expected names of indicators, or figures by place")
    identity = study.derived.get(whole)
    for name in members:
        study.indicator(name)
    if not isinstance(identity, Sum) or sorted(identity.parts) != sorted(members) or len(members) < 2:
        parts = f"the sum of {', '.join(identity.parts)}" if isinstance(identity, Sum) else "no sum"
        raise KjprojError(
            f"{whole} is {parts} in this study, not of {', '.join(members)}; name all of its parts, add an identity of kind "
            "'sum', or give the members' figures as a mapping"
        )
    if cls is not None:
        raise KjprojError("reference_class is for places with figures of their own; indicators of the study have theirs")
    notes = (Text(zh="各指标的变动和关联按本研究的假设", en="the members move, and hang together, as the study assumes"),)
    return Alike(projection, {name: name for name in members}, ()), whole, notes


def _with_total(study: Study, whole: str, total: str, names: tuple[str, ...]) -> Study:
    """Return the study with the sum of the members as an indicator of its own."""
    model, said = study.indicator(whole), label(study, whole)
    words = {"zh": f"{said('zh')}（各单位合计）", "en": f"{said('en')}, sum of the members"}
    same = {key: getattr(model, key) for key in ("unit", "measure", "prices", "scale")}
    indicator = type(model).model_validate({"name": total, "label": words, **same})
    identity = Sum(result=total, parts=names)
    return with_fields(study, {"indicators": [*study.indicators, indicator], "identities": [*study.identities, identity]})


def _check(study: Study, whole: str, total: str) -> Text | None:
    """Say where the members' figures do not add up to the whole's, in the last year for which both are known."""
    if whole == total:
        return None
    ours, theirs = study.implied.get(whole, {}), study.implied.get(total, {})
    year = max(set(ours) & set(theirs), default=None)
    if year is None or abs(theirs[year] / ours[year] - 1.0) < _COVERED:
        return None
    share_, own = digits(100 * theirs[year] / ours[year], 3), study.unit(whole)
    zh = f"请核对：{year}年各单位合计{digits(theirs[year])}{own}，为总量{digits(ours[year])}{own}的{share_}%。"
    en = f"Please check: in {year} the members add up to {digits(theirs[year])} {own}, {share_} % of the whole's {digits(ours[year])} {own}."
    return Text(zh=zh, en=en)


def _latest(study: Study, name: str, place: str, target: Target, own: str) -> tuple[int, float]:
    found = last_figure(study, name, target.year)
    if found is None:
        raise NoBasisError(f"no figure says where {place} stood before {target.year}; add one")
    return found[0], convert(found[1], study.unit(name), own)


def _checked(parts: Sequence[float], split: Split, rule: SplitRule) -> tuple[float, ...]:
    """Return a rule's parts; raises `KjprojError` where they do not add up to the target."""
    found = tuple(float(part) for part in parts)
    if len(found) != len(split.names) or not all(math.isfinite(part) for part in found):
        raise KjprojError(f"the rule {rule.describe('en')} gives {found}; expected a finite part for each of {', '.join(split.names)}")
    if abs(math.fsum(found) - split.goal) > _CLOSE * max(abs(split.goal), 1e-12):
        raise KjprojError(f"the parts of the rule {rule.describe('en')} add up to {math.fsum(found):g}; expected {split.goal:g}")
    return found


def _rounded(parts: Sequence[float], figure: str, *, counts: bool) -> list[str]:
    """Return parts as figures that add up to the target's: one digit more, or as many as show two digits of the least."""
    places = len(figure.partition(".")[2])
    if not counts:
        least = min((abs(part) for part in parts if part), default=1.0)
        places = max(places + 1, min(1 - math.floor(math.log10(least)), _MOST_PLACES))
    step = Decimal(1).scaleb(-places)
    goal = int((Decimal(figure.replace(",", "")) / step).to_integral_value())
    return [f"{n * step:.{places}f}" for n in largest_remainder(parts, goal, float(step))]


def _with_parts(
    projection: Projection, target: Target, names: Sequence[str], figures: Sequence[str], own: str
) -> tuple[Projection, list[Target]]:
    """Return the projection whose study has the parts as targets."""
    kept: dict[str, Any] = {"nature": target.nature, "role": target.role}
    parts = [
        Target.model_validate({"name": f"{n}_{target.year}", "indicator": n, "year": target.year, "unit": own, target.bound: f, **kept})
        for n, f in zip(names, figures, strict=True)
    ]
    return projection.extended(projection.study.with_target(*parts)), parts


def _given_each(projection: Projection, whole: Target, parts: Sequence[Target]) -> tuple[list[Estimate | None], Estimate]:
    """Return the chance of the sum of the members, given each part and alone: computed where it is linear, else on paths."""
    if is_linear(projection.study, whole.indicator):
        return [probability(projection, whole, given=part) for part in parts], probability(projection, whole)
    met, *flags = on_paths(projection, [required(projection.study, t) for t in (whole, *parts)])
    everywhere = met | ~met
    return [share(met, inside) if inside.any() else None for inside in flags], share(met, everywhere)
