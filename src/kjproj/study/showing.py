"""How a study shows itself: what it is about, how much it holds, and its indicators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..beliefs.reference import reference_class
from ..numbers import digits
from ..tables import Table
from ..text import Language
from .indicator import Indicator

if TYPE_CHECKING:
    from .study import Study

_NAMED = 8
_HEADS: dict[Language, tuple[str, ...]] = {
    "zh": ("指标", "名称", "单位", "最新值", "变动依据"),
    "en": ("indicator", "label", "unit", "latest", "moves as"),
}


def title(study: Study, lang: Language) -> str:
    """Return a study's title, or its place, or what it is."""
    words = study.title or study.place
    return words(lang) if words else {"zh": "研究", "en": "study"}[lang]


def line(study: Study) -> str:
    """Return a study in one line: title, day, counts, and the first indicators by name."""
    names = [indicator.name for indicator in study.indicators]
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f'Study("{title(study, "en")}", as of {study.as_of}, {_counts(study, "en")}; {", ".join(names[:_NAMED])}{more})'


def study_table(study: Study, lang: Language) -> Table:
    """Return the indicators with their last figures and what is assumed about them, under the title."""
    rows = tuple(_row(study, indicator, lang) for indicator in study.indicators)
    day = f"数据时点{study.as_of}：" if lang == "zh" else f"as of {study.as_of}: "
    return Table(_HEADS[lang], rows, title(study, lang), (f"{day}{_counts(study, lang)}{'。' if lang == 'zh' else ''}",))


def _counts(study: Study, lang: Language) -> str:
    parts = (
        (len(study.indicators), "个指标", "indicator"),
        (len(study.evidence), "条依据", "figure"),
        (len(study.targets), "项目标", "target"),
        (len(study.scenarios), "个情景", "scenario"),
    )
    if lang == "zh":
        return "，".join(f"{n}{zh}" for n, zh, _ in parts)
    return ", ".join(f"{n} {en}{'' if n == 1 else 's'}" for n, _, en in parts)


def _row(study: Study, indicator: Indicator, lang: Language) -> tuple[str, ...]:
    levels = study.implied.get(indicator.name, {})
    year = max(levels, default=None)
    latest = "—" if year is None else f"{digits(levels[year])}（{year}）" if lang == "zh" else f"{digits(levels[year])} ({year})"
    label = indicator.label(lang) if indicator.label else ""
    return indicator.name, label, indicator.unit, latest, _moves(study, indicator, lang)


def _moves(study: Study, indicator: Indicator, lang: Language) -> str:
    """Say what an indicator's motion is, whose it is, or what it follows from."""
    own = study.derived.get(indicator.name) or indicator.events or indicator.given or indicator.motion
    if own is not None:
        return own.describe(lang)
    if indicator.reference_class is not None:
        words = reference_class(indicator.reference_class).title(lang)
        return f"同类经验“{words}”" if lang == "zh" else f"as the class “{words}”"
    said = {item.kind for _, item in study.standing if item.indicator == indicator.name}
    if study.counts_events(indicator.name) and "judgement" in said:
        return "按给出的判断" if lang == "zh" else "by the judgement given"
    if indicator.measure == "events" and said:
        return "按公布数量推断" if lang == "zh" else "by its numbers alone"
    return "无依据" if lang == "zh" else "no basis yet"
