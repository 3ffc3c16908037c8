"""The arrows of the Sustainable Development Solutions Network's SDG Index."""

from __future__ import annotations

import math

from ...text import Text
from .common import Category, Progress, Score, category

METHOD = "sdsn"
TITLE = Text(zh="可持续发展解决方案网络（SDSN）趋势箭头", en="SDSN, trend arrow of the SDG Index")
SOURCE = "https://doi.org/10.3390/su12187675"
CATEGORIES = (
    Category(1.0, "on track", Text(zh="↑按期推进", en="↑ on track"), "ahead"),
    Category(0.5, "moderately improving", Text(zh="↗适度改善", en="↗ moderately improving"), "between"),
    Category(0.0, "stagnating", Text(zh="→停滞", en="→ stagnating"), "behind"),
    Category(-math.inf, "decreasing", Text(zh="↓下降", en="↓ decreasing"), "behind"),
)


def score(progress: Progress) -> Score:
    """Return the ratio of the actual change a year since the base to the one that leads to the target in even steps.

    ((level − base)/(year − base year)) / ((goal − base)/(goal year − base year)). From 1 the arrow points up (on track), from
    .5 it is slanted (moderately improving), from 0 level (stagnating), below it points down. The SDG Index does it on
    scores from 0 to 100, which are linear in the levels, so the ratio is the same.

    Sources: Lafortune, Fuller, Moreno, Schmidt-Traub and Kroll (2018), SDG Index and Dashboards, detailed methodological
    paper, section on trends, and https://dashboards.sdgindex.org/chapters/methodology; compared with others in Lafortune,
    Fuller, Schmidt-Traub and Kroll (2020), doi 10.3390/su12187675.

    >>> found = score(Progress(2015, 100.0, 2020, 120.0, 2025, 150.0))
    >>> round(found.value, 7), found.category
    (0.8, 'moderately improving')
    """
    value = progress.done / progress.elapsed
    found = category(value, CATEGORIES)
    zh = f"{progress.base_year}年以来年均变动为所需的{100 * value:.1f}%，{found.words('zh')}"
    en = f"the change a year since {progress.base_year} is {100 * value:.1f} % of what is required: {found.words('en')}"
    actual = (progress.level - progress.base) / (progress.year - progress.base_year)
    required = (progress.goal - progress.base) / (progress.goal_year - progress.base_year)
    return Score(METHOD, value, found.name, Text(zh=zh, en=en), found.side, {"actual": actual, "required": required})
