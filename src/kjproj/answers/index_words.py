"""The groups of inputs behind a variance, in words."""

from __future__ import annotations

from collections.abc import Sequence

from ..study import Study
from ..text import Text
from .dials.figures import nuisance_name
from .directions import Directions, Key
from .phrases import label


def index_words(study: Study, found: Sequence[Directions], key: Key) -> Text:
    """Say a group of inputs of some blocks: "drift of GDP", "shocks of 2024"."""
    kind, about = key
    if kind == "shock":
        return Text(zh=f"{about}年的波动", en=f"shocks of {about}")
    if kind == "commitment":
        return Text(zh="阶段目标是否兑现", en="whether interim targets are kept")
    if kind == "nuisance":
        return nuisance_name(study, next(n for one in found for n in one.block.block.nuisances if n.name == about))
    if kind in ("reading", "volatility"):
        own = next(one for one in found if one.block.name == about)
        return _reading(study, own) if kind == "reading" else _volatility(study, own)
    own, name = next(one for one in found if about in one.block.block.moving), label(study, about)
    if kind == "drift":
        return Text(zh=f"{name('zh')}的年均变动", en=f"drift of {name('en')}")
    return Text(zh=f"{name('zh')}{own.base}年的实际水平", en=f"level of {name('en')} in {own.base}")


def _reading(study: Study, own: Directions) -> Text:
    changes = [name.split(":")[1:] for name in own.block.readings[0].reading.names]
    zh = "、".join(f"{year}年{label(study, name)('zh')}的变动" for name, year in changes)
    en = " and ".join(f"the change of {label(study, name)('en')} in {year}" for name, year in changes)
    return Text(zh=f"{zh}是增长还是一次性", en=f"whether {en} was growth")


def _volatility(study: Study, own: Directions) -> Text:
    names = dict.fromkeys(axis.indicator for axis in own.block.readings[0].axes)
    zh, en = "、".join(label(study, n)("zh") for n in names), ", ".join(label(study, n)("en") for n in names)
    return Text(zh=f"波动的大小（{zh}）", en=f"how large shocks are ({en})")
