"""Numbers in words: never more digits than they deserve."""

from __future__ import annotations

import math

from .text import Language


def digits(value: float, significant: int = 4) -> str:
    """Return a level with at most `significant` digits, without exponent or trailing zeros: 5769, 98.06, 0.0925."""
    if value == 0 or not math.isfinite(value):
        return f"{value:g}"
    places = max(significant - 1 - math.floor(math.log10(abs(value))), 0)
    text = f"{value:.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def rate_words(rate: float, lang: Language) -> str:
    """Return a rate a year: 11.2% in Chinese, 11.2 % in English."""
    said = f"{100 * rate:.1f}" if abs(rate) >= 5e-4 else digits(100 * rate, 1)
    return f"{said}%" if lang == "zh" else f"{said} %"


def points_words(points: float, lang: Language) -> str:
    """Return percentage points: 0.09个百分点 in Chinese, 0.09 points in English."""
    said = f"{points:.2f}" if abs(points) >= 0.045 else digits(points, 1)
    return f"{said}个百分点" if lang == "zh" else f"{said} points"


def whole_per_cent(chance: float) -> int:
    """Return a probability as it is printed: in whole per cent, from 1 to 99."""
    return min(max(round(100 * chance), 1), 99)


def per_cent(chance: float, lang: Language) -> str:
    """Return a probability in whole per cent, never 0 or 100: below 1 % and above 99 % are said so."""
    if chance < 0.01:
        return "不足1%" if lang == "zh" else "below 1 %"
    if chance > 0.99:
        return "超过99%" if lang == "zh" else "above 99 %"
    return f"{whole_per_cent(chance)}%" if lang == "zh" else f"{whole_per_cent(chance)} %"


def about_per_cent(chance: float, lang: Language) -> str:
    """Return a probability as a judgement: 约43% in Chinese, about 43 % in English."""
    said = per_cent(chance, lang)
    if not 0.01 <= chance <= 0.99:
        return said
    return f"约{said}" if lang == "zh" else f"about {said}"


def per_cent_range(low: float, high: float, lang: Language) -> str:
    """Return a range of probabilities in whole per cent: 25%—60% in Chinese, 25 to 60 % in English."""
    a, b = per_cent(low, lang), per_cent(high, lang)
    if a == b:
        return a
    if lang == "zh":
        return f"{a}—{b}"
    return f"{a if low < 0.01 or high > 0.99 else a.removesuffix(' %')} to {b}"
