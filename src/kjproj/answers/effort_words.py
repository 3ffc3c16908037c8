"""What an effort says: one sentence, in Chinese and English."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..levers import Change, Growth, OneOff
from ..numbers import about_per_cent, digits, per_cent, points_words, rate_words
from ..scales import Linear, Log
from ..study import Study
from ..targets import BaseTarget
from ..text import Language, Text
from ..units import convert
from .phrases import dated, label
from .search import Why

if TYPE_CHECKING:
    from .effort import Effort

_WHY: dict[str, dict[Language, str]] = {
    "decided": {"zh": "已公布的数据未达到目标", "en": "published figures miss the target"},
    "idle": {"zh": "该措施对目标没有影响", "en": "the lever does not move the targets"},
    "most": {"zh": "所需力度超过每年翻番或减半，已超出可设想的范围", "en": "it would take more than doubling or halving it every year"},
    "cap": {"zh": "再加大也不再提高", "en": "more would not help"},
    "peak": {"zh": "再加大反而降低", "en": "more would harm"},
}


def effort_words(study: Study, targets: Sequence[BaseTarget], found: Effort, why: Why) -> Text:
    """Return the answer as a sentence."""
    return Text(zh=_sentence(study, targets, found, why, "zh"), en=_sentence(study, targets, found, why, "en"))


def targets_words(study: Study, targets: Sequence[BaseTarget], lang: Language) -> str:
    """Name targets with their years: 2025年研发经费投入150亿元, "R&D spending 150 亿元 in 2025"."""
    said = ("、" if lang == "zh" else " and ").join(dated(study, target, lang) for target in targets)
    if len(targets) == 1:
        return said
    return f"{said}同时完成" if lang == "zh" else f"{said} together"


def _sentence(study: Study, targets: Sequence[BaseTarget], found: Effort, why: Why, lang: Language) -> str:
    goal, now, asked = targets_words(study, targets, lang), about_per_cent(found.before.value, lang), per_cent(found.asked, lang)
    reached = about_per_cent(found.reached.value, lang)
    change = _change(study, found, lang, "须" if not found.spare and not why else "")
    if lang == "zh":
        best = f"；{change}时最高，{reached}" if found.value else ""
        return f"{goal}：完成概率{now}" + _ending(
            found,
            why,
            out=f"，达不到{asked}：{_WHY[why]['zh'] if why else ''}{best}。",
            still=f"，已高于{asked}；即使{change}，仍{reached}。",
            met=f"，已不低于{asked}。",
            needed=f"；要达到{asked}，{change}。",
        )
    best = f"; the best is {reached}, with {change}" if found.value else ""
    return f"{goal}: {now}" + _ending(
        found,
        why,
        out=f", and {asked} is out of reach: {_WHY[why]['en'] if why else ''}{best}.",
        still=f", above {asked} already; with {change} it would still be {reached}.",
        met=f", which is {asked} or more already.",
        needed=f"; for {asked} it takes {change}.",
    )


def _ending(found: Effort, why: Why, *, out: str, still: str, met: str, needed: str) -> str:
    if why:
        return out
    return needed if not found.spare else still if found.value else met


def _change(study: Study, found: Effort, lang: Language, must: str) -> str:
    """Say what is added: 研发经费投入强度2023—2025年须在现有趋势基础上年均多提高0.16个百分点（…）."""
    name, unit = label(study, found.lever.indicator)(lang), study.unit(found.lever.indicator)
    how = found.lever.how(lang, Change(found.value > 0.0, _size(study, found, lang), found.first_year, found.last_year, must))
    without, with_it = (digits(level, 3) for level in found.medians)
    if lang == "zh":
        return f"{name}{how}（{found.last_year}年中位数由{without}{unit}变为{with_it}{unit}）"
    return f"{name} {how} (median of {found.last_year}: {without} to {with_it} {unit})"


_GAINS = {"rate": "增长", "points": "提高", "units": "净增"}


def _size(study: Study, found: Effort, lang: Language) -> str:
    """Say how much, without its sign: 增长2.1%, 提高0.08个百分点, 净增31家, 6.3亿元, 4.1%."""
    unit, scale = study.unit(found.lever.indicator), study.scale(found.lever.indicator)
    if isinstance(found.lever, Growth):
        assert found.a_year is not None  # it stands for extra growth, and so does its way
        assert found.way is not None
        size, verb = abs(found.a_year), _GAINS[found.way] if lang == "zh" else ""
        if found.way == "rate" and not isinstance(scale, Linear):
            return f"{verb}{rate_words(size, lang)}"
        if found.way == "points":
            return f"{verb}{points_words(convert(size, unit, '%'), lang)}"
        said = f"{math.ceil(size - 1e-9)}" if found.way == "units" else digits(size, 3)
        return f"{verb}{said}{unit}" if lang == "zh" else f"{said} {unit}"
    size = abs(found.value)
    if isinstance(found.lever, OneOff) and not isinstance(scale, Linear):
        if isinstance(scale, Log):
            return rate_words(abs(math.expm1(found.value)), lang)
        return f"{digits(size, 3)}（尺度{scale.kind}上）" if lang == "zh" else f"{digits(size, 3)} on the scale {scale.kind}"
    return f"{digits(size, 3)}{unit}" if lang == "zh" else f"{digits(size, 3)} {unit}"
