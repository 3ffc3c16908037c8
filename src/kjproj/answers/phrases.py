"""What several answers say alike: indicators, targets, and growth a year, in words."""

from __future__ import annotations

import math
from typing import Literal

from ..evidence import Evidence
from ..numbers import points_words, rate_words
from ..study import Study
from ..targets import BaseTarget, Growth, Target
from ..text import Language, Text
from ..units import convert, unit

Way = Literal["rate", "points", "units"]


def label(study: Study, indicator: str) -> Text:
    """Return an indicator's label, or its name."""
    return study.indicator(indicator).label or Text(zh=indicator, en=indicator)


def aim(study: Study, target: BaseTarget, lang: Language) -> str:
    """Say a target as printed: 研发经费投入150亿元; "R&D intensity 2.6 %"; "energy use at most 0.5 index"."""
    said = target.say((target.label or label(study, target.indicator))(lang), study.unit(target.indicator), lang)
    return with_labels(study, target, said, lang)


def aimed(study: Study, target: BaseTarget) -> Text:
    """Return the same in both languages."""
    return Text(zh=aim(study, target, "zh"), en=aim(study, target, "en"))


def dated(study: Study, target: BaseTarget, lang: Language) -> str:
    """Say a target with the year in which it counts: 2025年研发经费投入150亿元; "R&D spending 150 亿元 by 2025"."""
    said = aim(study, target, lang)
    if isinstance(target, Growth):  # it names its years itself
        return said
    if isinstance(target, Target) and target.when == "by":
        return f"{target.year}年底前{said}" if lang == "zh" else f"{said} by {target.year}"
    if isinstance(target, Target) and target.until is not None:
        return f"{target.year}—{target.until}年保持{said}" if lang == "zh" else f"{said} in every year from {target.year} to {target.until}"
    return f"{target.year}年{said}" if lang == "zh" else f"{said} in {target.year}"


def with_labels(study: Study, target: BaseTarget, said: str, lang: Language) -> str:
    """Put labels in place of the names of other indicators that a target speaks of."""
    for name in target.indicators[1:]:
        said = said.replace(name, label(study, name)(lang))
    return said


def growth_words(study: Study, indicator: str, growth: float, lang: Language) -> str:
    """Say growth in the indicator's own way: 增长11.2%, 提高0.09个百分点, 净增111家; a fall is called one."""
    return said_growth(way_of(study, indicator), growth, study.unit(indicator), lang)


def way_of(study: Study, indicator: str) -> Way:
    """Return how an indicator's growth is counted: points for shares, units for counts, a rate for amounts."""
    own = unit(study.unit(indicator))
    if own.quantity == "share":
        return "points"
    return "units" if own.counts else "rate"


def said_growth(way: Way, growth: float, unit_name: str, lang: Language) -> str:
    """Say growth that is counted in a way: as a fraction, or in the unit."""
    size, rises = abs(growth), growth >= 0
    if way == "rate":
        said, verb = rate_words(size, lang), "增长" if rises else "下降"
    elif way == "points":
        said, verb = points_words(convert(size, unit_name, "%"), lang), "提高" if rises else "降低"
    else:
        whole = math.ceil(size - 1e-9)
        said = f"{whole}{unit_name}" if lang == "zh" else f"{whole} {unit_name}"
        verb = "净增" if rises else "净减"
    if lang == "zh":
        return f"{verb}{said}"
    return said if rises else f"a fall of {said}"


def figure_words(study: Study, item: Evidence, lang: Language) -> str:
    """Say a figure; another indicator that it names by that one's label."""
    said = item.describe(lang)
    for name in item.indicators[1:]:
        said = said.replace(name, label(study, name)(lang))
    return said
