"""The United Nations Statistics Division's assessment of a target with a number."""

from __future__ import annotations

import math

from ...growth import compound, compound_rate
from ...numbers import digits
from ...text import Text
from .common import Category, Progress, Score, category

METHOD = "unsd"
TITLE = Text(zh="联合国统计司进展评估", en="UN Statistics Division, progress assessment")
SOURCE = "https://unstats.un.org/sdgs/files/report/2023/Progress_Chart_Technical_Note_2023.pdf"
CATEGORIES = (
    Category(0.95, "on track or target met", Text(zh="进展顺利或已达标", en="on track or target met"), "ahead"),
    Category(0.10, "fair progress", Text(zh="有进展但需加快", en="fair progress, but acceleration needed"), "between"),
    Category(-math.inf, "stagnation or regression", Text(zh="停滞或倒退", en="stagnation or regression"), "behind"),
)


def score(progress: Progress) -> Score | None:
    """Return how far of the way the pace since the base leads by the target's year; None where a level is not above 0.

    With CAGR_a = (level/base)^(1/(year − base year)) − 1 the expected level is level·(1 + CAGR_a)^(goal year − year), and
    the score (expected − base)/(goal − base). From .95 it is on track (or met), from .10 fair progress, below stagnation
    or regression. Base 100, 120 after five years, 150 aimed at after ten: expected 144, the score .88.

    Source: United Nations Statistics Division, SDG Progress Chart 2023, technical note, indicators with numerical targets,
    https://unstats.un.org/sdgs/files/report/2023/Progress_Chart_Technical_Note_2023.pdf.

    >>> found = score(Progress(2015, 100.0, 2020, 120.0, 2025, 150.0))
    >>> round(found.value, 7), found.category
    (0.88, 'fair progress')
    """
    if not progress.positive:
        return None
    actual = compound_rate(progress.base, progress.level, progress.year - progress.base_year)
    expected = compound(progress.level, actual, progress.goal_year - progress.year)
    value = (expected - progress.base) / (progress.goal - progress.base)
    found, last = category(value, CATEGORIES), progress.goal_year
    zh = f"按{progress.base_year}年以来的速度，{last}年为{digits(expected)}，走完全程的{100 * value:.1f}%，{found.words('zh')}"
    en = f"at the pace since {progress.base_year} it is {digits(expected)} in {last}, {100 * value:.1f} % of the way: {found.words('en')}"
    return Score(METHOD, value, found.name, Text(zh=zh, en=en), found.side, {"actual": actual, "expected": expected})
