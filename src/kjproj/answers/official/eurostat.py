"""Eurostat's assessment of an indicator with a quantitative target."""

from __future__ import annotations

import math

from ...growth import compound_rate
from ...numbers import rate_words
from ...text import Text
from .common import Category, Progress, Score, category

METHOD = "eurostat"
TITLE = Text(zh="欧盟统计局可持续发展监测", en="Eurostat, monitoring of sustainable development")
SOURCE = "https://ec.europa.eu/eurostat/statistics-explained/index.php?title=SDG_-_Introduction"
CATEGORIES = (
    Category(0.95, "significant progress", Text(zh="进展显著", en="significant progress"), "ahead"),
    Category(0.60, "moderate progress", Text(zh="进展适度", en="moderate progress"), "between"),
    Category(0.0, "insufficient progress", Text(zh="进展不足", en="insufficient progress"), "behind"),
    Category(-math.inf, "movement away", Text(zh="偏离目标", en="movement away from the target"), "behind"),
)


def score(progress: Progress) -> Score | None:
    """Return the ratio of actual to required compound growth since the base; None where a level is not above 0.

    R = CAGR_a/CAGR_r with CAGR_a = (level/base)^(1/(year − base year)) − 1 and CAGR_r = (goal/base)^(1/(goal year − base
    year)) − 1. From .95 it is significant, from .60 moderate, from 0 insufficient progress, below 0 movement away. A target
    that is to fall has two negative rates, and the same ratio.

    Sources: Eurostat, Sustainable development in the European Union, monitoring report on progress towards the SDGs in an
    EU context (yearly), annex on methodology, indicators with quantitative targets; compared with others in Lafortune,
    Fuller, Schmidt-Traub and Kroll (2020), doi 10.3390/su12187675.

    >>> found = score(Progress(2015, 100.0, 2020, 120.0, 2025, 150.0))
    >>> round(found.value, 7), found.category
    (0.8974751, 'moderate progress')
    """
    if not progress.positive:
        return None
    actual = compound_rate(progress.base, progress.level, progress.year - progress.base_year)
    required = compound_rate(progress.base, progress.goal, progress.goal_year - progress.base_year)
    value = actual / required
    found, since = category(value, CATEGORIES), progress.base_year
    zh = f"{since}年以来年均复合增速{rate_words(actual, 'zh')}，为所需{rate_words(required, 'zh')}的{100 * value:.1f}%，{found.words('zh')}"
    en = f"{rate_words(actual, 'en')} a year since {since} is {100 * value:.1f} % of the {rate_words(required, 'en')} required: {found.words('en')}"
    return Score(METHOD, value, found.name, Text(zh=zh, en=en), found.side, {"actual": actual, "required": required})
