"""The words of the screen, in official Chinese and plain English, bound to numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable

from ..answers.bounds import Bounds
from ..answers.overview import Pace, Row
from ..answers.phrases import growth_words, label, with_labels
from ..answers.reconciled import lead_words
from ..answers.required import meets
from ..evidence import Bound, Partial
from ..figures import number
from ..numbers import about_per_cent, digits, per_cent_range, whole_per_cent
from ..study import Study
from ..targets import BaseTarget, Bounded, Target
from ..text import Language
from ..units import convert, in_english, unit

HEADS: dict[Language, tuple[str, ...]] = {
    "zh": ("目标", "最新值", "目标值", "尚需", "时序进度", "中位数（80%区间）", "完成概率", "假设变动", "判断", "数据占比"),
    "en": ("target", "latest", "goal", "still needed", "pace of plan", "median (80 %)", "chance", "over assumptions", "in words", "own data"),
}
SECTIONS: dict[str, dict[Language, str]] = {
    "conclusions": {"zh": "结论", "en": "Conclusions"},
    "targets": {"zh": "{}年目标", "en": "Targets for {}"},
    "stage": {"zh": "阶段目标", "en": "Interim targets"},
    "events": {"zh": "里程碑和数量目标", "en": "Milestones and counts"},
    "yearly": {"zh": "分年参考值", "en": "Yearly reference values"},
    "no_basis": {"zh": "报告无依据的目标", "en": "Targets without a basis yet"},
    "notes": {"zh": "说明", "en": "Notes"},
    "findings": {"zh": "建议核实", "en": "Please check"},
    "scenarios": {"zh": "情景比较（完成概率）", "en": "Scenarios side by side (chance)"},
    "assumptions": {"zh": "主要假设（影响最大的在前）", "en": "Assumptions, the one that moves the answer most first"},
    "sources": {"zh": "资料来源", "en": "Sources"},
    "recipe": {"zh": "复算依据", "en": "Recipe"},
}
CLOSING: dict[Language, tuple[str, ...]] = {
    "zh": (
        "假设变动：逐项改变所列假设时完成概率的最小值和最大值。数据占比：对今后增长的判断中来自本报告数据的比重，其余来自同类地区经验或给定的判断。",
        "以上概率是依据现有数据和所列假设作出的判断，不是考核结果。",
    ),
    "en": (
        "Over assumptions: the least and the greatest chance when the stated assumptions are changed one at a time. Own "
        "data: how much of the judgement about coming growth is this report's figures; the rest is experience elsewhere or stated belief.",
        "The chances are judgements from the data at hand and the stated assumptions, not an assessment result.",
    ),
}
LACKING: dict[str, dict[Language, str]] = {
    "figures": {"zh": "历史数据", "en": "figures"},
    "motion": {"zh": "变动判断", "en": "growth"},
    "number": {"zh": "任一年度数量", "en": "a year's number"},
    "chance": {"zh": "实现可能性的判断", "en": "a judgement"},
}
BRING: dict[str, dict[Language, str]] = {
    "figures": {
        "zh": "报告未提供历史数据，请补充基期值或给出判断。",
        "en": "No basis in the report: bring a base value, or give a belief.",
    },
    "number": {
        "zh": "缺年度数量的，补充任意一年的数量（依据类型level）即可测算。",
        "en": "Where a year's number is lacking, bring that of any one year (evidence of kind level).",
    },
    "chance": {
        "zh": "里程碑请给出到某年底前实现的可能性（依据类型judgement）。",
        "en": "For a milestone give the chance that it is reached by some year (evidence of kind judgement).",
    },
    "motion": {
        "zh": "缺变动判断的，请指定同类经验或自行给出年均变动和年波动。",
        "en": "Where growth is lacking, borrow from a reference class, or give beliefs about drift and volatility.",
    },
}
PHRASES: tuple[tuple[int, dict[Language, str]], ...] = (
    (90, {"zh": "预计可完成", "en": "expected to be met"}),
    (66, {"zh": "把握较大", "en": "likely"}),
    (33, {"zh": "存在不确定性", "en": "uncertain"}),
    (10, {"zh": "难度较大", "en": "difficult"}),
    (0, {"zh": "预计难以完成", "en": "unlikely to be met"}),
)


def phrase(chance: float, lang: Language) -> str:
    """Return the phrase bound to a probability as printed: 90, 66, 33 and 10 % are the borders."""
    return next(words[lang] for border, words in PHRASES if whole_per_cent(chance) >= border)


def spaced(text: str, unit_name: str, lang: Language) -> str:
    """Put a unit behind a number: 150亿元, 150 亿元."""
    return f"{text}{unit_name}" if lang == "zh" else f"{text} {unit_name}"


ROLES: dict[str, dict[Language, str]] = {"floor": {"zh": "确保", "en": "floor "}, "aim": {"zh": "力争", "en": "aim "}}


def named(study: Study, target: BaseTarget, lang: Language) -> str:
    """Return a target's label, or its indicator's, with what is measured and its unit: 研发经费投入（亿元）."""
    words = (target.label or label(study, target.indicator))(lang)
    more = with_labels(study, target, target.qualifier(lang), lang)
    inside = ("，" if lang == "zh" else ", ").join(filter(None, (target.shown_unit(study), more)))
    if not inside:
        return words
    return f"{words}（{inside}）" if lang == "zh" else f"{words} ({inside})"


def titled(study: Study, target: BaseTarget, last: int, lang: Language) -> str:
    """Return the same with the target's year, where that is not the `last` one of a table."""
    name = named(study, target, lang)
    if target.year == last:
        return name
    return f"{target.year}年{name}" if lang == "zh" else f"{name} {target.year}"


def bound(study: Study, target: BaseTarget, lang: Language) -> str:
    """Return a target's bound in the unit it is measured in: ≥150; with 确保 or 力争 where the plan says so."""
    role = ROLES[target.role][lang] if target.role else ""
    if not isinstance(target, Target) or target.unit in (None, own := study.unit(target.indicator)):
        return role + target.describe(lang)

    def converted(figure: str) -> str:
        return digits(convert(number(figure), target.unit or own, own), 6)

    changed = tuple(map(converted, target.figures))
    update: object = changed if target.between is not None else changed[0]
    return role + target.model_copy(update={target.bound: update}).describe(lang)


def latest(study: Study, row: Row, lang: Language) -> str:
    """Return the last figure with its year: 98.06（2021）; what an identity implies is marked.

    Without a level of a whole year it is the last bound or part of a year: >200（2022）.
    """
    if row.latest is None:
        own = [item for _, item in study.standing if item.indicator == row.target.indicator and item.year <= row.target.year]
        stated = [item for item in own if isinstance(item, Bound | Partial)]
        if not stated:
            return "无" if lang == "zh" else "none"
        return _part(stated[-1], lang)
    year, level, implied = row.latest
    mark = ("，推算" if lang == "zh" else ", implied") if implied else ""
    return f"{digits(level)}（{year}{mark}）" if lang == "zh" else f"{digits(level)} ({year}{mark})"


def _part(item: Bound | Partial, lang: Language) -> str:
    when = f"{item.year} {item.period}" if isinstance(item, Partial) else f"{item.year}"
    said = item.value if isinstance(item, Partial) else f"{item.sign}{getattr(item, item.name)}"
    return f"{said}（{when}）" if lang == "zh" else f"{said} ({when})"


def reached(study: Study, row: Row) -> bool:
    """Tell whether the last figure meets the target already."""
    return row.need is not None and meets(study, row.target, row.need)


def needed(study: Study, row: Row, lang: Language) -> str:
    """Say what is still needed a year: 年均增长11.2%, 年均提高0.09个百分点, 年均净增111家."""
    if row.need is None:
        return "—"
    if reached(study, row):
        return "已符合目标" if lang == "zh" else "met by now"
    said = growth_words(study, row.target.indicator, row.need.value, lang)
    return f"年均{said}" if lang == "zh" else f"{said} a year"


def pace(row: Row, study: Study, lang: Language) -> str:
    """Say the pace of the plan: 快于时序44个百分点, or which figure is missing."""
    if row.pace is not None:
        return lead(row.pace, lang)
    plan, target = study.plan, row.target
    if plan is None or target.year != plan.last_year or row.latest is None:
        return "—"
    if target.goal_level(study) is None or plan.base_year in study.implied.get(target.indicator, {}):
        return "—"
    if isinstance(target, Bounded) and target.between is not None:
        return "—"
    return f"缺{plan.base_year}年基期值" if lang == "zh" else f"no figure for {plan.base_year}"


def lead(measured: Pace, lang: Language) -> str:
    """Say a lead or a lag in percentage points; within two points it is on time."""
    return lead_words(measured.lead, lang)


def median_range(study: Study, row: Row, lang: Language) -> str:
    """Return the median with its 80 % range, rounded to a tenth of the range's width: 151（112—205）."""
    if row.median is None or row.low is None or row.high is None:
        return "—"
    a, b, c = rounded((row.low, row.median, row.high), whole=unit(row.target.measured(study).unit).counts)
    return f"{b}（{a}—{c}）" if lang == "zh" else f"{b} ({a} to {c})"


def rounded(levels: tuple[float, float, float], *, whole: bool = False) -> tuple[str, str, str]:
    """Round three levels to the power of ten at or below a tenth of their spread; `whole` numbers have no decimals."""
    spread = (levels[2] - levels[0]) / 10
    places = min(-math.floor(math.log10(spread)), 6) if spread > 0 else 6
    places = min(places, 0) if whole else places
    low, middle, high = (f"{round(level, places):.{max(places, 0)}f}" for level in levels)
    return low, middle, high


def about(chance: Bounds, lang: Language) -> str:
    """Return a chance in whole per cent: 约43%, about 43 %."""
    return about_per_cent(chance.value.value, lang)


def over(chance: Bounds, lang: Language) -> str:
    """Return the range over assumptions: 25%—60%."""
    return per_cent_range(chance.low, chance.high, lang) if chance.low < chance.high else "—"


def over_words(chance: Bounds, lang: Language) -> str:
    """Return the range in brackets for a sentence; nothing where no assumption was varied."""
    if chance.low == chance.high:
        return ""
    return f"（假设变动区间{over(chance, lang)}）" if lang == "zh" else f" ({over(chance, lang)} over the assumptions)"


def reference_values(study: Study, target: BaseTarget, values: Iterable[float], lang: Language) -> str:
    """Return yearly reference values with their unit: 109.1、121.3、134.9、150.0亿元."""
    said = reference_figures(study, target, values)
    return spaced(("、" if lang == "zh" else ", ").join(said), study.unit(target.indicator), lang)


def reference_figures(study: Study, target: BaseTarget, values: Iterable[float]) -> list[str]:
    """Return yearly reference values with one more digit than the goal: 109.1, 121.3, 134.9, 150.0."""
    own = study.unit(target.indicator)
    if isinstance(target, Target) and target.unit in (None, own):
        places = 0 if unit(own).counts else len(target.figure.partition(".")[2]) + 1
        return [f"{value:.{places}f}" for value in values]
    return [digits(value) for value in values]


def glossary(study: Study, lang: Language) -> list[str]:
    """Return one line that says Chinese units in English; nothing in Chinese, or without such units."""
    names = dict.fromkeys(n for t in study.targets for n in (getattr(t, "unit", None), study.unit(t.indicator)) if n)
    said = [f"{name} is {in_english(name)}" for name in names if in_english(name)]
    return [f"Units: {', '.join(said)}."] if said and lang == "en" else []
