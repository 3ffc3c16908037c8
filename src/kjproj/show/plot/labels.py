"""The words of the pictures, in the words of the screen."""

from __future__ import annotations

from ...answers.phrases import aim, label
from ...answers.variations import scenario_label
from ...projection import Projection
from ...study import Study
from ...targets import BaseTarget
from ...text import Language
from ...units import in_english
from .. import words

WORDS: dict[str, dict[Language, str]] = {
    "median": {"zh": "中位数", "en": "median"},
    "band": {"zh": "{}%区间", "en": "{} % range"},
    "region": {"zh": "{}%区域", "en": "{} % region"},
    "reported": {"zh": "公布数据（线为误差）", "en": "published figure (line: its error)"},
    "expected": {"zh": "预计数据（线为误差）", "en": "expected figure (line: its error)"},
    "implied": {"zh": "由其他数据推算", "en": "implied by other figures"},
    "at_least": {"zh": "只知高于", "en": "known to lie above"},
    "at_most": {"zh": "只知低于", "en": "known to lie below"},
    "target": {"zh": "目标", "en": "target"},
    "floor": {"zh": "确保目标", "en": "floor"},
    "aim": {"zh": "力争目标", "en": "aim"},
    "path": {"zh": "分年参考值", "en": "yearly reference values"},
    "outturn": {"zh": "实际值", "en": "outturn"},
    "as_of": {"zh": "测算时点", "en": "as of"},
    "chance": {"zh": "完成概率", "en": "chance"},
    "over": {"zh": "假设变动", "en": "over assumptions"},
    "log": {"zh": "对数刻度", "en": "logarithmic"},
    "ladder": {"zh": "目标完成概率测算", "en": "How likely are the targets?"},
    "no_basis": {"zh": "报告无依据", "en": "no basis yet"},
}

_ROLES: dict[str, dict[Language, str]] = {"floor": {"zh": "确保", "en": "floor"}, "aim": {"zh": "力争", "en": "aim"}}


def said(key: str, lang: Language) -> str:
    """Return a word of the pictures."""
    return WORDS[key][lang]


def unit_words(name: str, lang: Language) -> str:
    """Return a unit; in English Chinese ones are translated, so that no Chinese font is needed."""
    return (in_english(name) or name) if lang == "en" else name


def indicator_words(study: Study, indicator: str, lang: Language) -> str:
    """Return an indicator with its unit: 研发经费投入（亿元）; R&D spending (100 million yuan)."""
    name, unit = label(study, indicator)(lang), unit_words(study.unit(indicator), lang)
    return f"{name}（{unit}）" if lang == "zh" else f"{name} ({unit})"


def target_words(study: Study, target: BaseTarget, lang: Language) -> str:
    """Return a target with its year: 2025年研发经费投入150亿元（力争）; R&D spending 150 (100 million yuan), 2025."""
    goal = in_words(aim(study, target, lang), study, target, lang)
    if str(target.year) not in goal:
        goal = f"{target.year}年{goal}" if lang == "zh" else f"{goal}, {target.year}"
    how = target.qualifier(lang)
    more = [*([_ROLES[target.role][lang]] if target.role else []), *([how] if how and target.kind == "level" else [])]
    if not more:
        return goal
    return f"{goal}（{'，'.join(more)}）" if lang == "zh" else f"{goal} ({', '.join(more)})"


def in_words(text: str, study: Study, target: BaseTarget, lang: Language) -> str:
    """Put English units in brackets in place of Chinese ones, in an English text about a target."""
    if lang == "zh":
        return text
    for name in dict.fromkeys((getattr(target, "unit", None), study.unit(target.indicator))):
        english = in_english(name) if name else None
        text = text.replace(f" {name}", f" ({english})") if english else text
    return text


def circumstances(projection: Projection, lang: Language) -> str:
    """Say under which scenario and as of which day: the second line of the screen."""
    scenario, day = scenario_label(projection)(lang), projection.study.as_of
    return f"情景：{scenario}    测算时点：{day}" if lang == "zh" else f"scenario: {scenario}; as of {day}"


def levels_words(study: Study, target: BaseTarget, lang: Language) -> str:
    """Return a target's bound beside its mark: ≥150; 确保≥150; what is measured where it is not the level of the year."""
    bound, more = words.bound(study, target, lang), target.qualifier(lang)
    return f"{more}{' ' if lang == 'en' else ''}{bound}" if more else bound
