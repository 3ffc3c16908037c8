"""The pace of the plan (时序进度), as mid-term reviews of plans in China use it."""

from __future__ import annotations

from ...text import Text
from ..reconciled import BORDER, FAR, lead_words
from .common import Progress, Score, Side

METHOD = "pace"
TITLE = Text(zh="时序进度", en="pace of the plan")


def score(progress: Progress) -> Score:
    """Return the share of the way that is done less the share of the years that is over, in points of difference.

    (level − base)/(goal − base) − (year − base year)/(goal year − base year). Within two points it is called on time.

    Source: mid-term reviews of five-year plans, which compare 完成进度 with 时序进度; there is no one text that fixes it.

    >>> found = score(Progress(2015, 100.0, 2020, 120.0, 2025, 150.0))
    >>> round(found.value, 7), found.category
    (-0.1, '10 points behind')
    """
    value = progress.done - progress.elapsed
    done, over = 100 * progress.done, 100 * progress.elapsed
    zh = f"完成全程{done:.0f}%，时间已过{over:.0f}%，{lead_words(value, 'zh')}"
    en = f"{done:.0f} % of the way, {over:.0f} % of the years: {lead_words(value, 'en')}"
    side: Side = "ahead" if value >= FAR - BORDER else "behind" if value <= BORDER - FAR else "between"
    return Score(METHOD, value, lead_words(value, "en"), Text(zh=zh, en=en), side, {"done": progress.done, "elapsed": progress.elapsed})
