"""Figures and targets that look like a mistake of units: 1.8 % written as 0.018, 亿元 as 万元."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

from ...numbers import digits
from ...study import Study
from ...text import Text
from ...units import unit
from ..findings import Finding
from ..phrases import aim, label
from ..required import last_figure
from .common import level_targets

TIMES = 20.0
"""No yearly figure of the panels that the classes are fitted on moves by so much in a year but small counts."""
_SMALL_COUNT = 100.0
_TIMES_A_YEAR = 2.0


def out_of_scale(study: Study) -> Iterator[Finding]:
    """A figure, or a target, is a multiple of the figure before."""
    for indicator, by_year in study.implied.items():
        years = sorted(year for year, level in by_year.items() if level > 0)
        if study.counts_events(indicator):
            continue
        for before, after in pairwise(years):
            a, b = by_year[before], by_year[after]
            if abs(math.log(b / a)) > math.log(TIMES) and max(a, b) > _few(study, indicator):
                yield _figure(study, indicator, (before, a), (after, b))
    for target in level_targets(study):
        last = last_figure(study, target.indicator, target.year)
        if last is None or last[1] <= 0 or target.goal(study) <= 0:
            continue
        times = (target.goal(study) / last[1]) ** (1.0 / (target.year - last[0]))
        if not 1.0 / _TIMES_A_YEAR < times < _TIMES_A_YEAR and max(last[1], target.goal(study)) > _few(study, target.indicator):
            said = Text(
                zh=f"{target.year}年{aim(study, target, 'zh')}为{last[0]}年{digits(last[1])}{study.unit(target.indicator)}的"
                f"{digits(target.goal(study) / last[1], 3)}倍，相当于每年为上年的{digits(times, 3)}倍，请核对数值和单位。",
                en=f"{aim(study, target, 'en')} in {target.year} is {digits(target.goal(study) / last[1], 3)} times the {digits(last[1])} "
                f"{study.unit(target.indicator)} of {last[0]}, {digits(times, 3)} times a year; please check the figure and its unit.",
            )
            yield Finding("out_of_scale", (target.name,), said, {"times_a_year": times})


def _few(study: Study, indicator: str) -> float:
    """Return up to which level a multiple is no wonder: small counts."""
    return _SMALL_COUNT if unit(study.unit(indicator)).counts else 0.0


def _figure(study: Study, indicator: str, before: tuple[int, float], after: tuple[int, float]) -> Finding:
    name, own, times = label(study, indicator), study.unit(indicator), after[1] / before[1]
    zh = f"{name('zh')}{after[0]}年{digits(after[1])}{own}为{before[0]}年{digits(before[1])}{own}的{digits(times, 3)}倍，请核对数值和单位。"
    en = (
        f"{name('en')}: {digits(after[1])} {own} in {after[0]} is {digits(times, 3)} times the {digits(before[1])} {own} of {before[0]}; "
        "please check the figure and its unit."
    )
    return Finding("out_of_scale", (indicator,), Text(zh=zh, en=en), {"times": times})
