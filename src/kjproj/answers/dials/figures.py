"""The dials of figures whose error is a belief, and of the nuisances that figures declare."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from ...engine.block_posterior import BlockPosterior
from ...evidence import Evidence, Growth, Judgement, Level, Partial
from ...numbers import digits, rate_words
from ...projection import Projection
from ...rows import Nuisance, Row, wobble_name
from ...scales import Log
from ...study import Study
from ...text import Language, Text
from ..phrases import label
from .common import DEVIATIONS, Dial, Scope, exchanged, two_sided

_HARDLY = 1e-6
"""What is left of the error of a figure that is taken to be off by so much: none, but no exact contradiction either."""


def figures(projection: Projection, scope: Scope) -> Iterator[Dial]:
    """Yield a dial a figure that is expected, stated with a relative error, or a judgement.

    The truth is taken to lie at the 10 % and at the 90 % quantile of what the figure says alone.
    """
    for i, item in projection.study.standing:
        for block in scope.blocks:
            own = [row for row in block.block.rows if row.place == f"evidence[{i}]"]
            if own and _believed(item) and own[0].sd > 0.0:
                words = _figure_words(projection.study, item, own[0])
                low, high = (_true_at(projection, block, own[0], side) for side in (-1, 1))
                yield two_sided("figure", f"evidence[{i}]", words, low, high)


def _believed(item: Evidence) -> bool:
    return item.expected or isinstance(item, Judgement) or getattr(item, "relative_error", None) is not None


def _true_at(projection: Projection, block: BlockPosterior, row: Row, side: int) -> Projection:
    moved = replace(row, value=row.value + side * DEVIATIONS * row.sd, sd=row.sd * _HARDLY)
    return exchanged(projection, block, rows=tuple(moved if r is row else r for r in block.block.rows))


def _figure_words(study: Study, item: Evidence, row: Row) -> Text:
    name, unit = label(study, item.indicator), study.unit(item.indicator)
    if isinstance(item, Judgement):
        scale = study.scale(item.indicator)
        a, b = (digits(float(scale.to_level(row.value + side * DEVIATIONS * row.sd)), 3) for side in (-1, 1))
        return Text(zh=f"{item.year}年{name('zh')}实为{a}或{b}{unit}", en=f"{name('en')} in {item.year} truly {a} or {b} {unit}")

    def off(lang: Language) -> str:
        if row.on == "level":
            return rate_words(DEVIATIONS * row.sd / abs(row.value), lang) if row.value else digits(DEVIATIONS * row.sd, 2)
        return rate_words(math.expm1(DEVIATIONS * row.sd), lang) if isinstance(study.scale(item.indicator), Log) else digits(DEVIATIONS * row.sd, 2)

    said, expected = (f"{item.value}{item.unit or unit}" if isinstance(item, Level) else item.describe("zh")), item.expected
    zh = f"{item.year}年{name('zh')}（{'预计' if expected else ''}{said}）实际比所列低或高{off('zh')}"
    return Text(zh=zh, en=f"{name('en')}, {'expected ' if expected else ''}{item.describe('en')}: truly {off('en')} lower or higher")


def nuisances(projection: Projection, scope: Scope) -> Iterator[Dial]:
    """Yield a dial a nuisance: the share of a part of the year, a bias, a deflator, a year's wobble.

    It is known to lie at the 10 % and at the 90 % quantile of its belief before the figures.
    """
    for block in scope.blocks:
        for nuisance in block.block.nuisances:
            words = nuisance_words(projection.study, nuisance)
            low, high = (_known(projection, block, nuisance, side) for side in (-1, 1))
            yield two_sided("nuisance", nuisance.name, words, low, high)


def _known(projection: Projection, block: BlockPosterior, nuisance: Nuisance, side: int) -> Projection:
    fixed = Nuisance(nuisance.name, nuisance.mean + side * DEVIATIONS * nuisance.sd, 0.0)
    rows = tuple(
        replace(row, nuisances=tuple((fixed if n == nuisance else n, weight) for n, weight in row.nuisances))
        for row in block.block.rows
    )
    changed = tuple(fixed if n == nuisance else n for n in block.block.nuisances)
    return exchanged(projection, block, rows=rows, nuisances=changed)


def nuisance_words(study: Study, nuisance: Nuisance) -> Text:
    """Say a nuisance and where it is taken to lie."""
    name = nuisance_name(study, nuisance)
    if ": share of " in nuisance.name:
        a, b = (round(100 * math.exp(nuisance.mean + side * DEVIATIONS * nuisance.sd)) for side in (-1, 1))
        return Text(zh=f"{name('zh')}取{a}%或{b}%", en=f"{name('en')} {a} or {b} %")
    ends = [math.expm1(nuisance.mean + side * DEVIATIONS * nuisance.sd) for side in (-1, 1)]
    (a_zh, b_zh), (a_en, b_en) = ([rate_words(end, lang) for end in ends] for lang in ("zh", "en"))
    return Text(zh=f"{name('zh')}取{a_zh}或{b_zh}", en=f"{name('en')} {a_en} or {b_en}")


def nuisance_name(study: Study, nuisance: Nuisance) -> Text:
    """Name a nuisance as the evidence that declares it does."""
    for _, item in study.standing:
        if isinstance(item, Partial | Growth) and item.period is not None:
            name, period = label(study, item.indicator), item.period
            if nuisance.name == f"{item.indicator}: share of {period}":
                return Text(zh=f"{name('zh')}{period}占全年比重", en=f"share of {period} in a year's {name('en')}")
            for year in (item.year, getattr(item, "base", item.year)):
                if nuisance.name == wobble_name(item.indicator, period, year):
                    return Text(zh=f"{year}年{name('zh')}{period}比重的偏离", en=f"deviation of the share of {period} in {year} ({name('en')})")
        if item.bias is not None and nuisance.name == f"bias: {item.bias.name}":
            name = label(study, item.indicator)
            return Text(zh=f"{name('zh')}的口径偏差（{item.bias.reason('zh')}）", en=f"bias of {name('en')} ({item.bias.reason('en')})")
        if isinstance(item, Growth) and nuisance.name == f"deflator from {item.base} to {item.year}":
            return Text(zh=f"{item.base}—{item.year}年价格变动", en=f"price rise from {item.base} to {item.year}")
    return Text(zh=nuisance.name, en=nuisance.name)
