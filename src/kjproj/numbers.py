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
    return f"{100 * rate:.1f}%" if lang == "zh" else f"{100 * rate:.1f} %"


def per_cent(chance: float, lang: Language) -> str:
    """Return a probability in whole per cent, never 0 or 100: below 1 % and above 99 % are said so."""
    gap = "" if lang == "zh" else " "
    if chance < 0.01:
        return "不足1%" if lang == "zh" else "below 1 %"
    if chance > 0.99:
        return "超过99%" if lang == "zh" else "above 99 %"
    return f"{min(max(round(100 * chance), 1), 99)}{gap}%"


def per_cent_range(low: float, high: float, lang: Language) -> str:
    """Return a range of probabilities in whole per cent: 25%—60% in Chinese, 25 to 60 % in English."""
    a, b = (min(max(round(100 * p), 1), 99) for p in (low, high))
    if lang == "zh":
        return f"{a}%—{b}%" if a != b else f"{a}%"
    return f"{a} to {b} %" if a != b else f"{a} %"
