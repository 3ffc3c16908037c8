"""Why a region has no answer, in words of two languages."""

from __future__ import annotations

from ..text import Language

ANSWERED, NO_FIGURE, TOO_FEW, IN_LINE, UNBOUNDED, OFF_SCALE, NO_TARGET, BEYOND_SCALE, TOO_EARLY, REFUSED, APART = range(11)
"""The codes of an answer; `APART` stands until such a region is projected by itself."""

_WORDS: dict[int, dict[Language, str]] = {
    ANSWERED: {"zh": "", "en": ""},
    NO_FIGURE: {"zh": "没有数值", "en": "no figure"},
    TOO_FEW: {
        "zh": "数值太少：无先验时至少要有三个年份，或指定同类经验（reference_class）",
        "en": "too few figures: flat beliefs take three years at least; or name a reference_class",
    },
    IN_LINE: {
        "zh": "各年数值几乎在一条直线上，波动无从估计，请指定同类经验（reference_class）",
        "en": "figures in line: they fit a volatility of zero; name a reference_class",
    },
    UNBOUNDED: {"zh": "数值对波动没有约束，请指定同类经验", "en": "figures say nothing about volatility; name a reference_class"},
    OFF_SCALE: {"zh": "数值超出标度范围", "en": "a figure cannot lie on the scale"},
    NO_TARGET: {"zh": "没有目标", "en": "no target"},
    BEYOND_SCALE: {"zh": "目标值超出标度范围", "en": "the target cannot lie on the scale"},
    TOO_EARLY: {"zh": "目标年份早于首个数值", "en": "the target's year is before the first figure"},
    REFUSED: {"zh": "单独测算时被拒绝", "en": "refused when projected alone"},
    APART: {"zh": "须单独测算", "en": "is projected alone"},
}


def said(code: int, lang: Language = "en") -> str:
    """Return a reason in words; no words where there is an answer."""
    return _WORDS[code][lang]
