"""The current status index of the Economic and Social Commission for Asia and the Pacific."""

from __future__ import annotations

from ...text import Text
from .common import Progress, Score

METHOD = "escap"
TITLE = Text(zh="亚太经社会现状指数", en="ESCAP, current status index")
SOURCE = "https://data.unescap.org/resource-guides/progress-assessment-methodology"


def score(progress: Progress) -> Score:
    """Return how far of the way from the base to the target is behind, on a scale on which the target is 10.

    10·(level − base)/(goal − base); below 0 where the level moved away. It has no names for its values, and no years: the
    report draws it beside the line where the present year should be, which is what the pace of the plan measures.

    Sources: ESCAP, Asia and the Pacific SDG progress report (yearly), technical notes,
    https://data.unescap.org/resource-guides/progress-assessment-methodology; Bidarbakhtnia (2020), Measuring Sustainable
    Development Goals: an inclusive approach, doi 10.1111/1758-5899.12774.

    >>> round(score(Progress(2015, 100.0, 2020, 120.0, 2025, 150.0)).value, 7)
    4.0
    """
    value = 10.0 * progress.done
    zh = f"{value:.1f}（{progress.base_year}年为0，目标为10）"
    en = f"{value:.1f} (0 in {progress.base_year}, 10 at the target)"
    return Score(METHOD, value, "", Text(zh=zh, en=en), "behind" if value < 0 else "between", {"done": progress.done})
