"""Do the targets and figures fit together? Found by arithmetic from the study alone; one finder a question."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from ..growth import compound_rate
from ..numbers import digits, rate_words
from ..projection import project
from ..study import Study
from ..targets import Target
from ..text import Language, Text
from .findings import Finding, Findings
from .phrases import aim, growth_words, label
from .required import last_figure, way_of

_APART = 0.02
_UNEVEN = 1.5
_LANGUAGES: tuple[Language, ...] = ("zh", "en")


def coherence(study: Study) -> Findings:
    """Return what does not fit together in a study: an empty list where nothing was found.

    Kinds: "implied" (two targets imply a third quantity; different pairs imply different ones), "uneven_pace" (interim
    and final target ask for very different growth a year), "below_earlier" (a target below an earlier one), "met"
    (a target that the last figure meets), "conflict" (figures that contradict each other whatever the motion), "leap"
    (a year's change that may be a one-off).

    >>> import kjproj as kj
    >>> [finding.kind for finding in kj.coherence(kj.datasets.yueyang())]
    ['implied', 'implied', 'leap', 'uneven_pace']
    """
    return Findings(tuple(finding for finder in _FINDERS for finding in finder(study)))


@dataclass(frozen=True)
class _Implied:
    """A level that two targets imply for a third indicator in a year."""

    indicator: str
    year: int
    level: float
    targets: tuple[Target, ...]


def _implied(study: Study) -> list[_Implied]:
    found = []
    years = sorted({target.year for target in study.targets})
    for identity in study.identities:
        for year in years:
            own = {t.indicator: t for t in study.targets if t.year == year and t.upwards}
            members = (identity.result, *identity.members)
            aimed = {name: own[name].goal(study) for name in members if name in own}
            third = identity.implied(aimed, study)
            if third is not None:
                found.append(_Implied(third[0], year, third[1], tuple(own[name] for name in members if name in own)))
    return found


def _implied_apart(study: Study) -> Iterator[Finding]:
    groups: dict[tuple[str, int], list[_Implied]] = defaultdict(list)
    for item in _implied(study):
        groups[item.indicator, item.year].append(item)
    for (indicator, year), items in groups.items():
        levels = [item.level for item in items]
        apart = max(levels) / min(levels) > 1 + _APART
        if len(items) > 1 and apart:
            yield _differing(study, indicator, year, items)
            yield from _crossed(study, items)
        elif len(items) == 1 or not apart:
            yield _single(study, items[0])


def _needed(study: Study, item: _Implied) -> tuple[float, int, float] | None:
    """Return (rate a year, base year, base level) that an implied level needs from the last known one."""
    found = last_figure(study, item.indicator, item.year)
    if found is None or found[1] <= 0 or item.level <= 0:
        return None
    return compound_rate(found[1], item.level, item.year - found[0]), found[0], found[1]


def _part(study: Study, item: _Implied, lang: Language) -> str:
    aims = ("与" if lang == "zh" else " with ").join(aim(study, t, lang) for t in item.targets)
    need = _needed(study, item)
    level = f"{digits(item.level)}{study.unit(item.indicator)}" if lang == "zh" else f"{digits(item.level)} {study.unit(item.indicator)}"
    if need is None:
        return f"{aims}隐含{level}" if lang == "zh" else f"{aims} implies {level}"
    rate = rate_words(need[0], lang)
    return f"{aims}隐含{level}（须年均增长{rate}）" if lang == "zh" else f"{aims} implies {level} ({rate} a year)"


def _differing(study: Study, indicator: str, year: int, items: list[_Implied]) -> Finding:
    name, base = label(study, indicator), _needed(study, items[0])
    zh_base = f"，以{base[1]}年{digits(base[2])}{study.unit(indicator)}为基期" if base else ""
    en_base = f", from {digits(base[2])} {study.unit(indicator)} in {base[1]}" if base else ""
    zh = f"隐含的{year}年{name('zh')}不一致{zh_base}：{'；'.join(_part(study, i, 'zh') for i in items)}。建议核实口径。"
    en = f"The {name('en')} of {year} that the targets imply differs{en_base}: {'; '.join(_part(study, i, 'en') for i in items)}. Please check the basis."
    numbers = {}
    for item in items:
        key = item.targets[0].name
        numbers[key] = item.level
        need = _needed(study, item)
        if need:
            numbers[f"{key}:rate"] = need[0]
    levels = [(digits(i.level), _needed(study, i)) for i in items]
    unit = study.unit(indicator)
    zh_parts = [f"{level}{unit}" + (f"（须年均增长{rate_words(n[0], 'zh')}）" if n else "") for level, n in levels]
    en_parts = [f"{level} {unit}" + (f" ({rate_words(n[0], 'en')} a year)" if n else "") for level, n in levels]
    brief = Text(
        zh=f"各组目标隐含的{year}年{name('zh')}不一致：{'、'.join(zh_parts)}，建议核实口径。",
        en=f"The targets imply different {name('en')} for {year}: {', '.join(en_parts)}; please check the basis.",
    )
    about = tuple(t.name for i in items for t in i.targets)
    return Finding("implied", about, Text(zh=zh, en=en), numbers, brief)


def _single(study: Study, item: _Implied) -> Finding:
    name = label(study, item.indicator)
    zh = f"{item.year}年{name('zh')}：{_part(study, item, 'zh')}。"
    en = f"{name('en')} in {item.year}: {_part(study, item, 'en')}."
    need = _needed(study, item)
    numbers = {item.targets[0].name: item.level} | ({f"{item.targets[0].name}:rate": need[0]} if need else {})
    return Finding("implied", tuple(t.name for t in item.targets), Text(zh=zh, en=en), numbers)


def _crossed(study: Study, items: list[_Implied]) -> Iterator[Finding]:
    """Say what the lowest pair's targets become at the highest implied level."""
    low, high = min(items, key=lambda i: i.level), max(items, key=lambda i: i.level)
    result = next((t for t in low.targets if t.indicator in study.derived), None)
    ratio = next((t for t in low.targets if t.indicator not in study.derived), None)
    if result is None or ratio is None:
        return
    factor = high.level / low.level
    needed, only = result.goal(study) * factor, ratio.goal(study) / factor
    units = study.unit(result.indicator), study.unit(ratio.indicator)
    names = label(study, low.indicator)
    zh = (
        f"若{low.year}年{names('zh')}为{digits(high.level)}{study.unit(low.indicator)}，{aim(study, ratio, 'zh')}"
        f"需要{label(study, result.indicator)('zh')}{digits(needed, 3)}{units[0]}，"
        f"而{digits(result.goal(study))}{units[0]}只合{digits(only, 2)}{units[1]}。"
    )
    en = (
        f"With {names('en')} of {digits(high.level)} {study.unit(low.indicator)} in {low.year}, {aim(study, ratio, 'en')} "
        f"takes {digits(needed, 3)} {units[0]} of {label(study, result.indicator)('en')}, and "
        f"{digits(result.goal(study))} {units[0]} is {digits(only, 2)} {units[1]}."
    )
    yield Finding("implied", (result.name, ratio.name), Text(zh=zh, en=en), {"needed": needed, "only": only})


def _by_indicator(study: Study) -> Iterator[tuple[str, list[Target]]]:
    """Yield the upward targets of each indicator by year; of several in one year (a floor, an aim) the highest."""
    groups: dict[str, dict[int, Target]] = defaultdict(dict)
    for target in sorted(study.targets, key=lambda t: (t.year, t.goal(study))):
        if target.upwards:
            groups[target.indicator][target.year] = target
    for indicator, by_year in groups.items():
        yield indicator, list(by_year.values())


def _uneven(study: Study) -> Iterator[Finding]:
    for indicator, targets in _by_indicator(study):
        last = last_figure(study, indicator, targets[0].year)
        if last is None or len(targets) < 2:
            continue
        points = [(last[0], last[1]), *((t.year, t.goal(study)) for t in targets)]
        paces = [_pace(study, indicator, a, b) for a, b in pairwise(points)]
        for (interim, final), (first, second) in zip(pairwise(targets), pairwise(paces), strict=True):
            if min(first, second) > 0 and max(first, second) / min(first, second) > _UNEVEN:
                zh = (
                    f"{aim(study, interim, 'zh')}的阶段目标（{interim.year}年）须年均{growth_words(study, indicator, first, 'zh')}，"
                    f"此后到{final.year}年须年均{growth_words(study, indicator, second, 'zh')}，前后节奏不一，建议核实。"
                )
                en = (
                    f"{aim(study, interim, 'en')} by {interim.year} needs {growth_words(study, indicator, first, 'en')} a year, "
                    f"then {growth_words(study, indicator, second, 'en')} a year to {final.year}: the paces differ, please check."
                )
                yield Finding("uneven_pace", (indicator,), Text(zh=zh, en=en), {"first": first, "second": second})


def _pace(study: Study, indicator: str, a: tuple[int, float], b: tuple[int, float]) -> float:
    if way_of(study, indicator) == "rate" and a[1] > 0 and b[1] > 0:
        return compound_rate(a[1], b[1], b[0] - a[0])
    return (b[1] - a[1]) / (b[0] - a[0])


def _below_earlier(study: Study) -> Iterator[Finding]:
    for _, targets in _by_indicator(study):
        for a, b in pairwise(targets):
            if b.goal(study) < a.goal(study):
                zh = f"{aim(study, b, 'zh')}（{b.year}年）低于{a.year}年的目标（{aim(study, a, 'zh')}），建议核实。"
                en = f"{aim(study, b, 'en')} in {b.year} lies below the target of {a.year}, {aim(study, a, 'en')}; please check."
                yield Finding("below_earlier", (a.name, b.name), Text(zh=zh, en=en))


def _met(study: Study) -> Iterator[Finding]:
    for target in study.targets:
        last = last_figure(study, target.indicator, target.year + 1)
        if last is not None and target.met_by(last[1], study):
            unit, later = study.unit(target.indicator), last[0] < target.year
            zh = f"{aim(study, target, 'zh')}（{target.year}年）：{last[0]}年为{digits(last[1])}{unit}，已符合目标"
            en = f"{aim(study, target, 'en')} ({target.year}): {last[0]} stood at {digits(last[1])} {unit}, which meets it already"
            words = Text(zh=zh + ("，建议核实。" if later else "。"), en=en + ("; please check." if later else "."))
            yield Finding("met", (target.name,), words, {"level": last[1]})


def _conflicts(study: Study) -> Iterator[Finding]:
    for block in project(study).blocks:
        for conflict in block.conflicts:
            zh_figures, en_figures = ([_figure(study, place, lang) for place in conflict.places] for lang in _LANGUAGES)
            factor = f"{conflict.factor:.1f}"
            zh = f"{'、'.join(zh_figures)}不一致，测算时误差放大到{factor}倍（Birge法），建议核实口径。"
            en = f"{', '.join(en_figures)} do not agree; their errors were multiplied by {factor} (Birge's factor). Please check."
            yield Finding("conflict", conflict.places, Text(zh=zh, en=en), {"factor": conflict.factor})


def _figure(study: Study, place: str, lang: Language) -> str:
    """Say the figure that stands at a place such as evidence[3]."""
    item = study.evidence[int(place.removeprefix("evidence[").removesuffix("]"))]
    return f"{label(study, item.indicator)(lang)} {item.describe(lang)}"


def _leaps(study: Study) -> Iterator[Finding]:
    for item in study.evidence:
        if item.branches():
            name = label(study, item.indicator)
            zh = f"{name('zh')}：{item.describe('zh')}。按增长理解与按一次性理解结果不同，两种情形均已列出，建议核实口径。"
            en = f"{name('en')}: {item.describe('en')}. Read as growth or as a one-off it gives different answers; both are shown, please check."
            yield Finding("leap", (item.indicator,), Text(zh=zh, en=en), {"year": item.year})


Finder = Callable[[Study], Iterator[Finding]]
_FINDERS: tuple[Finder, ...] = (_implied_apart, _leaps, _uneven, _below_earlier, _met, _conflicts)
