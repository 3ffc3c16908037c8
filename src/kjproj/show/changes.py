"""What new figures change: what was added, what it replaces, and which chances moved."""

from __future__ import annotations

from collections.abc import Iterator

from ..answers.phrases import aim, label
from ..answers.probability import probability
from ..answers.questions import observed
from ..errors import KjprojError
from ..evidence import Evidence
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
    name = label(study, item.indicator)(lang)
    said, before = _figure(item, study, lang), [_figure(other, study, lang) for other in old]
    if lang == "zh":
        return f"已加入：{item.year}年{name}{said}" + (f"，取代{'、'.join(before)}" if before else "")
    return f"added: {name} in {item.year}, {said}" + (f"; replaces {', '.join(before)}" if before else "")


def _figure(item: Evidence, study: Study, lang: Language) -> str:
    unit = getattr(item, "unit", None) or study.unit(item.indicator)
    value = getattr(item, "value", "")
    expected = ("（预计）" if lang == "zh" else " (expected)") if item.expected else ""
    return f"{value}{unit}{expected}" if lang == "zh" else f"{value} {unit}{expected}"


def _moved(update: Update, lang: Language) -> Iterator[str]:
    before, after = project(update.before), project(update.after)
    for target in update.after.questions:
        if observed(before, target) is not None:
            continue
        was, now = _per_cent(before, target), _per_cent(after, target)
        if was == now:
            continue
        name = aim(update.after, target, lang)
        a, b = (_words(chance, lang) for chance in (was, now))
        seen = observed(after, target)
        if lang == "zh":
            end = "" if seen is None else "，已完成" if seen else "，未完成"
            yield f"  {target.year}年{name}：{a} → {b}{end}"
        else:
            end = "" if seen is None else ", met" if seen else ", missed"
            yield f"  {name} in {target.year}: {a} → {b}{end}"


def _per_cent(projection: Projection, target: BaseTarget) -> int | None:
    """Return a chance in whole per cent; None where there is no basis for one."""
    try:
        return round(100 * probability(projection, target).value)
    except KjprojError:
        return None


def _words(chance: int | None, lang: Language) -> str:
    if chance is None:
        return "无依据" if lang == "zh" else "no basis"
    return f"{chance}%" if lang == "zh" else f"{chance} %"
