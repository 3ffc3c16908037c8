"""What targets imply together for a third quantity."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from ...growth import compound_rate
from ...numbers import digits, rate_words
from ...rows import Unknown
from ...study import Study
from ...targets import Target
from ...text import Language, Text
from ..findings import Finding
from ..phrases import aim, label
from ..required import last_figure
from .common import level_targets

_APART = 0.02


@dataclass(frozen=True)
class _Implied:
    """A level that two targets imply for a third indicator in a year."""

    indicator: str
    year: int
    level: float
    targets: tuple[Target, ...]


def _pairs(study: Study) -> list[_Implied]:
    found = []
    targets = [t for t in level_targets(study) if t.upwards]
    for identity in study.identities:
        for year in sorted({t.year for t in targets}):
            own = {t.indicator: t for t in targets if t.year == year}
            members = {identity.result, *identity.members}
            named = [t for t in own.values() if t.indicator in members]
            third = identity.implied({Unknown(t.indicator, year): t.goal(study) for t in named}, year, study)
            if third is not None and len(named) > 1 and third[0].indicator != identity.result:
                found.append(_Implied(third[0].indicator, third[0].year, third[1], tuple(named)))
    return found


def implied(study: Study) -> Iterator[Finding]:
    """Two targets imply a third quantity; different pairs imply different ones."""
    groups: dict[tuple[str, int], list[_Implied]] = defaultdict(list)
    for item in _pairs(study):
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
