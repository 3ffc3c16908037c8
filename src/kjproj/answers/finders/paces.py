"""How fast targets ask to go, beside each other and beside what was."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from ...evidence import Growth, Partial
from ...figures import number
from ...growth import compound_rate
from ...numbers import digits, rate_words
from ...study import Study
from ...targets import Target
from ...text import Text
from ...units import convert
from ..findings import Finding
from ..phrases import aim, growth_words, label
from ..required import last_figure
from .common import by_indicator, last_bound, level_targets, pace, printed

_UNEVEN = 1.5
_NEAR, _YEARS_AHEAD = 0.05, 2
_FASTER = 1.1


def uneven(study: Study) -> Iterator[Finding]:
    """Interim and final target ask for very different growth a year."""
    for indicator, targets in by_indicator(study):
        last = _start(study, indicator, targets[0].year)
        if last is None or len(targets) < 2:
            continue
        points = [(last[0], last[1]), *((t.year, t.goal(study)) for t in targets)]
        paces = [pace(study, indicator, a, b) for a, b in pairwise(points)]
        for k, ((interim, final), (first, second)) in enumerate(zip(pairwise(targets), pairwise(paces), strict=True)):
            if min(first, second) > 0 and max(first, second) / min(first, second) > _UNEVEN:
                yield _uneven(study, (interim, final), (first, second), at_most=last[2] and k == 0)


def _start(study: Study, indicator: str, before: int) -> tuple[int, float, bool] | None:
    """Return (year, level, whether it is a bound) from which the first pace is counted."""
    last = last_figure(study, indicator, before)
    if last is not None:
        return last[0], last[1], False
    bound = last_bound(study, indicator, before)
    return None if bound is None else (*bound, True)


def _uneven(study: Study, targets: tuple[Target, Target], paces: tuple[float, float], *, at_most: bool) -> Finding:
    interim, final = targets
    zh_a, zh_b = (growth_words(study, interim.indicator, value, "zh") for value in paces)
    en_a, en_b = (growth_words(study, interim.indicator, value, "en") for value in paces)
    zh = (
        f"{aim(study, interim, 'zh')}的阶段目标（{interim.year}年）须年均{zh_a}{'以内' if at_most else ''}，"
        f"此后到{final.year}年须年均{zh_b}，前后节奏不一，建议核实。"
    )
    en = (
        f"{aim(study, interim, 'en')} by {interim.year} needs {'at most ' if at_most else ''}{en_a} a year, "
        f"then {en_b} a year to {final.year}: the paces differ, please check."
    )
    return Finding("uneven_pace", (interim.indicator,), Text(zh=zh, en=en), {"first": paces[0], "second": paces[1]})


def below_earlier(study: Study) -> Iterator[Finding]:
    """A target lies below an earlier one."""
    for _, targets in by_indicator(study):
        for a, b in pairwise(targets):
            if b.goal(study) < a.goal(study):
                zh = f"{aim(study, b, 'zh')}（{b.year}年）低于{a.year}年的目标（{aim(study, a, 'zh')}），建议核实。"
                en = f"{aim(study, b, 'en')} in {b.year} lies below the target of {a.year}, {aim(study, a, 'en')}; please check."
                yield Finding("below_earlier", (a.name, b.name), Text(zh=zh, en=en))


def met(study: Study) -> Iterator[Finding]:
    """The last figure meets a target already, or nearly does years before."""
    for target in level_targets(study):
        last = last_figure(study, target.indicator, target.year + 1)
        if last is not None and target.met_by(last[1], study):
            unit, later = study.unit(target.indicator), last[0] < target.year
            zh = f"{aim(study, target, 'zh')}（{target.year}年）：{last[0]}年为{digits(last[1])}{unit}，已符合目标"
            en = f"{aim(study, target, 'en')} ({target.year}): {last[0]} stood at {digits(last[1])} {unit}, which meets it already"
            words = Text(zh=zh + ("，建议核实。" if later else "。"), en=en + ("; please check." if later else "."))
            yield Finding("met", (target.name,), words, {"level": last[1]})
        elif last is not None and target.upwards and _nearly(target.goal(study), last, target.year):
            share = last[1] / target.goal(study)
            zh = f"{aim(study, target, 'zh')}（{target.year}年）：{last[0]}年已有{digits(last[1])}{study.unit(target.indicator)}，为目标的{share:.0%}，建议核实。"
            en = (
                f"{aim(study, target, 'en')} ({target.year}): {last[0]} had {digits(last[1])} {study.unit(target.indicator)} already, "
                f"{100 * share:.0f} % of it; please check."
            )
            yield Finding("nearly_met", (target.name,), Text(zh=zh, en=en), {"level": last[1], "share": share})


def _nearly(goal: float, last: tuple[int, float, bool], year: int) -> bool:
    return year - last[0] >= _YEARS_AHEAD and 1 - _NEAR <= last[1] / goal < 1 if goal > 0 else False


def part_of_year(study: Study) -> Iterator[Finding]:
    """A part of a year and its growth say how fast a target must be approached, beside how fast it was."""
    for _, item in study.standing:
        if not isinstance(item, Partial) or study.counts_events(item.indicator):
            continue
        grown = [g for _, g in study.standing if isinstance(g, Growth) and (g.indicator, g.year, g.period) == (item.indicator, item.year, item.period)]
        later = [t for t in level_targets(study) if t.indicator == item.indicator and t.year > item.year and t.upwards]
        for target in later[-1:] if grown else []:
            stated = convert(number(grown[0].value), grown[0].unit, "share")
            totals = _totals(item, printed(study, item))
            paces = [compound_rate(total, target.goal(study), target.year - item.year) for total in totals]
            if min(paces) > stated * _FASTER:
                yield _faster(study, target, item, totals, paces, stated)


def _totals(item: Partial, part: float) -> list[float]:
    """The year's total if spread evenly over the months, and with the share that is believed."""
    even = [part * 12 / item.months] if item.months else []
    return [*even, part / item.share.mean]


def _faster(study: Study, target: Target, item: Partial, totals: list[float], paces: list[float], stated: float) -> Finding:
    unit = study.unit(item.indicator)
    levels = [digits(total, 4) for total in totals]
    zh_levels, en_levels = f"{'或'.join(levels)}{unit}", f"{' or '.join(levels)} {unit}"
    zh_rates, en_rates = ("或".join(rate_words(p, "zh") for p in paces), " or ".join(rate_words(p, "en") for p in paces))
    zh = (
        f"{label(study, item.indicator)('zh')}：{item.describe('zh')}折合全年约{zh_levels}，到{target.year}年{aim(study, target, 'zh')}须年均增长"
        f"{zh_rates}，而同期实际增长{rate_words(stated, 'zh')}，建议核实。"
    )
    en = (
        f"{label(study, item.indicator)('en')}: {item.describe('en')} makes about {en_levels} in the year; {aim(study, target, 'en')} in "
        f"{target.year} takes {en_rates} a year, against {rate_words(stated, 'en')} in that period; please check."
    )
    numbers = {"stated": stated, **{f"total {k}": t for k, t in enumerate(totals)}, **{f"rate {k}": p for k, p in enumerate(paces)}}
    return Finding("part_of_year", (target.name,), Text(zh=zh, en=en), numbers)
