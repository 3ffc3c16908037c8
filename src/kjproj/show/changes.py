"""What new figures change: what was added, what it replaces, and which chances moved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..answers.phrases import aim, figure_words, label
from ..answers.probability import probability
from ..answers.questions import observed
from ..errors import KjprojError
from ..evidence import Evidence
from ..numbers import per_cent
from ..projection import Projection, project
from ..study import Study
from ..study.updating import Update
from ..targets import BaseTarget
from ..text import Language


def changes(update: Update, lang: Language) -> str:
    """Return a line for every new figure, and one for every open target whose chance moved by a whole per cent."""
    lines = [_added(update.after, item, old, lang) for item, old in update.added]
    moved = list(_moved(update, lang))
    unmoved = "  未决目标的概率变动均不足1个百分点。" if lang == "zh" else "  no open target's chance moved by 1 point or more"
    return "\n".join([*lines, *(moved or [unmoved])]) + "\n"


def _added(study: Study, item: Evidence, old: tuple[Evidence, ...], lang: Language) -> str:
    said, before = new_figure(study, item, lang), [_figure(other, study, lang) for other in old]
    if lang == "zh":
        return f"已加入：{said}" + (f"，取代{'、'.join(before)}" if before else "")
    return f"added: {said}" + (f"; replaces {', '.join(before)}" if before else "")


def new_figure(study: Study, item: Evidence, lang: Language) -> str:
    """Say a figure with its indicator and year: 2022年研发经费投入112.3亿元."""
    name = label(study, item.indicator)(lang)
    if item.kind != "level":
        return f"{name}{'，' if lang == 'zh' else ', '}{figure_words(study, item, lang)}"
    said = _figure(item, study, lang)
    return f"{item.year}年{name}{said}" if lang == "zh" else f"{name} in {item.year}, {said}"


def _figure(item: Evidence, study: Study, lang: Language) -> str:
    unit = getattr(item, "unit", None) or study.unit(item.indicator)
    value = getattr(item, "value", "")
    expected = ("（预计）" if lang == "zh" else " (expected)") if item.expected else ""
    return f"{value}{unit}{expected}" if lang == "zh" else f"{value} {unit}{expected}"


@dataclass(frozen=True)
class Move:
    """A chance that moved by a whole per cent: before (None without a basis), now, and whether figures met the target since."""

    target: BaseTarget
    before: float | None
    now: float | None
    met: bool | None


def moves(before: Projection, after: Projection) -> Iterator[Move]:
    """Yield what moved of the targets that were open before, in the plan's order."""
    for target in after.study.questions:
        if _decided(before, target) is not None:
            continue
        was, now = _chance(before, target), _chance(after, target)
        if _whole(was) != _whole(now):
            yield Move(target, was, now, observed(after, target))


def _decided(before: Projection, target: BaseTarget) -> bool | None:
    """Tell whether figures decided a target already; an indicator that was not there decided none."""
    try:
        return observed(before, target)
    except KjprojError:
        return None


def _moved(update: Update, lang: Language) -> Iterator[str]:
    for move in moves(project(update.before), project(update.after)):
        name, a = aim(update.after, move.target, lang), _words(move.before, lang)
        b = _words(move.now, lang) if move.met is None else _decided_words(move.met, lang)
        if lang == "zh":
            end = "" if move.met is None else "，已完成" if move.met else "，未完成"
            yield f"  {move.target.year}年{name}：{a} → {b}{end}"
        else:
            end = "" if move.met is None else ", met" if move.met else ", missed"
            yield f"  {name} in {move.target.year}: {a} → {b}{end}"


def _chance(projection: Projection, target: BaseTarget) -> float | None:
    """Return a chance; None where there is no basis for one."""
    try:
        return probability(projection, target).value
    except KjprojError:
        return None


def _whole(chance: float | None) -> int | None:
    return None if chance is None else round(100 * chance)


def _words(chance: float | None, lang: Language) -> str:
    if chance is None:
        return "无依据" if lang == "zh" else "no basis"
    return per_cent(chance, lang)


def _decided_words(met: bool, lang: Language) -> str:
    said = "100" if met else "0"
    return f"{said}%" if lang == "zh" else f"{said} %"
