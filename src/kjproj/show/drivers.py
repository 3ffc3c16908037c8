"""What drives some targets, as the command shows it: the tornado, where the spread comes from, what a figure is worth."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from ..answers.indices import Indices, indices
from ..answers.learning import Learning, learning
from ..answers.phrases import aim
from ..answers.questions import resolve
from ..answers.tornado import Tornado, tornado
from ..errors import NotAnswerableError
from ..numbers import about_per_cent, digits, per_cent, per_cent_range
from ..projection import Projection
from ..targets import BaseTarget
from ..text import Language
from . import tables
from .words import glossary

_BAR = 33
_HARDLY = 0.005
_TITLES: dict[str, dict[Language, str]] = {
    "tornado": {"zh": "哪些假设影响最大（逐项改变，其余不变）", "en": "What moves the chance most (one assumption changed at a time)"},
    "indices": {"zh": "{}：数值的不确定性来自哪里", "en": "{}: where the spread of its value comes from"},
    "learning": {"zh": "{}：先公布哪个数据最有用", "en": "{}: which figure is worth most, if it came first"},
}
_HEADS: dict[str, dict[Language, tuple[str, ...]]] = {
    "tornado": {"zh": ("假设", "完成概率"), "en": ("assumption", "chance")},
    "indices": {"zh": ("来源", "单独解释", "含交互作用"), "en": ("source", "alone", "with others")},
    "learning": {
        "zh": ("数据", "概率平均变动", "可消除的不确定性", "数据偏低、居中、偏高时的概率"),
        "en": ("figure", "moves the chance by", "uncertainty it ends", "chance after a low, middle, high figure"),
    },
}
_NOT_HERE = "此目标没有这项结果：按事件计数、不能换算为线性关系，或同时受多个界限和承诺约束。"
Part = TypeVar("Part")


@dataclass(frozen=True, eq=False)
class Drivers:
    """The drivers of some targets.

    Attributes:
        projection: what was asked.
        targets: the targets; the tornado is about all of them together.
        tornado: of their chance.
        indices, learning: by target, in their order; where there is no answer, why.
    """

    projection: Projection
    targets: tuple[BaseTarget, ...]
    tornado: Tornado
    indices: tuple[Indices | str, ...]
    learning: tuple[Learning | str, ...]

    def to_text(self, lang: Language = "zh", columns: int | None = None) -> str:
        """Return the sections as text, for a width in columns (the terminal's unless given)."""
        width = columns or shutil.get_terminal_size((120, 40)).columns
        lines = [self._head(lang), "", _TITLES["tornado"][lang], *_tornado(self.tornado, lang, width)]
        for target, shares, worth in zip(self.targets, self.indices, self.learning, strict=True):
            name = self._name(target, lang)
            lines += ["", _TITLES["indices"][lang].format(name), *_part(shares, _indices, lang, width)]
            lines += ["", _TITLES["learning"][lang].format(name), *_part(worth, _learning, lang, width)]
        units = glossary(self.projection.study, lang)
        return "\n".join([*lines, *([""] if units else []), *units]) + "\n"

    def __str__(self) -> str:
        return self.to_text("en")

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain data; None in place of what has no answer."""
        return {
            "targets": [target.name for target in self.targets],
            "scenario": self.projection.scenario.name,
            "tornado": self.tornado.to_dict(),
            "indices": [None if isinstance(one, str) else one.to_dict() for one in self.indices],
            "learning": [None if isinstance(one, str) else one.to_dict() for one in self.learning],
            "recipe": self.projection.recipe.to_dict(),
        }

    def _name(self, target: BaseTarget, lang: Language) -> str:
        said = aim(self.projection.study, target, lang)
        return f"{target.year}年{said}" if lang == "zh" else f"{said} in {target.year}"

    def _head(self, lang: Language) -> str:
        names, chance = [self._name(t, lang) for t in self.targets], about_per_cent(self.tornado.value.value, lang)
        if lang == "zh":
            return f"{'、'.join(names)}：{'同时完成' if len(names) > 1 else '完成'}概率{chance}"
        return f"{', '.join(names)}: {'together ' if len(names) > 1 else ''}{chance}"


def drivers(projection: Projection, names: Sequence[str]) -> Drivers:
    """Return what drives some targets; `KjprojError` for an unknown one."""
    targets = tuple(resolve(projection, names))
    shares = tuple(_asked(lambda target=target: indices(projection, target)) for target in targets)  # type: ignore[misc]
    worths = tuple(_asked(lambda target=target: learning(projection, target)) for target in targets)  # type: ignore[misc]
    return Drivers(projection, targets, tornado(projection, all_of=targets), shares, worths)


def _asked(answer: Callable[[], Part]) -> Part | str:
    try:
        return answer()
    except NotAnswerableError as error:
        return str(error)


def _part(found: Part | str, lines: Callable[[Part, Language, int], list[str]], lang: Language, width: int) -> list[str]:
    if isinstance(found, str):
        return tables.wrapped(_NOT_HERE if lang == "zh" else f"Not for this target: {found}.", width)
    return lines(found, lang, width)


def _tornado(found: Tornado, lang: Language, width: int) -> list[str]:
    shown = [swing for swing in found.swings if swing.size >= _HARDLY]
    rest = len(found.swings) - len(shown)
    ends = min((s.low for s in shown), default=0.0), max((s.high for s in shown), default=1.0)
    spans = [per_cent_range(swing.low, swing.high, lang) for swing in shown]
    column = max(map(tables.width, spans), default=0)
    rows = [
        [swing.words(lang), f"{tables.padded(span, column)}  {bar(swing.low, found.value.value, swing.high, ends)}"]
        for swing, span in zip(shown, spans, strict=True)
    ]
    lines = tables.fitting(_HEADS["tornado"][lang], rows, width, 1) if rows else []
    if rest:
        zh = f"{'其余' if rows else ''}{rest}项假设的影响均不足1个百分点。"
        lines.append(zh if lang == "zh" else f"{rest} {'more' if rows else 'assumptions'} move it by less than 1 point.")
    return lines or ["没有可改变的假设。" if lang == "zh" else "There is no assumption to change."]


def bar(low: float, value: float, high: float, ends: tuple[float, float]) -> str:
    """Draw a swing between the ends of the scale: = from the least to the greatest chance, | at the one as assumed."""
    first, last = ends

    def at(chance: float) -> int:
        return round((chance - first) / (last - first) * (_BAR - 1)) if last > first else 0

    signs = ["=" if at(low) <= k <= at(high) else " " for k in range(_BAR)]
    signs[at(value)] = "|"
    return "".join(signs).rstrip()


def _indices(found: Indices, lang: Language, width: int) -> list[str]:
    shown = [item for item in found.items if max(item.first.value, item.total.value) >= _HARDLY]
    rows = [
        [item.words(lang), per_cent(item.first.value, lang), "—" if item.kind == "nuisance" else per_cent(item.total.value, lang)]
        for item in shown
    ]
    return tables.fitting(_HEADS["indices"][lang], rows, width, 1)


def _learning(found: Learning, lang: Language, width: int) -> list[str]:
    rows = []
    for item in found.items:
        points = f"{100 * item.moved.value:.0f}"
        pairs = [f"{digits(figure, 3)}: {per_cent(chance.value, lang)}" for figure, chance in zip(item.figures, item.chances, strict=True)]
        rows.append(
            [
                f"{item.words(lang)}（{item.unit}）" if lang == "zh" else f"{item.words(lang)} ({item.unit})",
                f"{points}个百分点" if lang == "zh" else f"{points} points",
                per_cent(item.resolved.value, lang),
                ("，" if lang == "zh" else ", ").join(pairs),
            ]
        )
    if not rows:
        return ["没有待公布的相关数据。" if lang == "zh" else "No related figure is still to come."]
    return tables.fitting(_HEADS["learning"][lang], rows, width, 1)
