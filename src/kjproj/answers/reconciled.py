"""How an assessment of the way behind goes together with a chance about the way that is left, in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from ..text import Language, Text

FAR = 0.1
"""From how many points, as a fraction, a lead or a lag over the plan is far."""
_LIKELY, _THIRD = 0.66, 1.0 / 3.0
BORDER = 1e-9
"""What rounding may do to a value that lies on a border."""


def lead_words(lead: float, lang: Language) -> str:
    """Say a lead or a lag over the plan in percentage points; within two points it is on time."""
    points = round(100 * lead)
    if abs(points) < 2:
        return "基本符合时序" if lang == "zh" else "on time"
    if lang == "zh":
        return f"{'快于' if points > 0 else '慢于'}时序{abs(points)}个百分点"
    return f"{abs(points)} points {'ahead' if points > 0 else 'behind'}"


def far_ahead(lead: float, year: int, chance: float) -> Text | None:
    """Say how a lead over the plan goes together with a chance that is not high; None where nothing is to be said."""
    if lead < FAR - BORDER or chance >= _LIKELY:
        return None
    return Text(
        zh=f"{year}年进度{lead_words(lead, 'zh')}，反映的是已完成部分；完成概率取决于剩余部分和今后各年的波动，两者并不矛盾。",
        en=f"Being {lead_words(lead, 'en')} of the plan in {year} speaks of the way behind; the chance speaks of the way that is "
        "left and of how much the years vary, so both hold.",
    )


def on_track_yet_unlikely(judged: Sequence[Text], base_year: int, chance: float) -> Text | None:
    """The same for methods that find a target on track; `judged` are their names with what they call it."""
    if not judged or chance >= _THIRD - BORDER:
        return None
    return Text(
        zh=f"{_listed(judged, 'zh')}，是假定{base_year}年以来的平均速度保持不变；完成概率还取决于这一速度能否持续和今后各年的波动，两者并不矛盾。",
        en=f"{_listed(judged, 'en')}: that carries the average pace since {base_year} on as it was, while the chance also asks "
        "how far such a pace lasts and how much the years vary, so both hold.",
    )


def off_track_yet_likely(judged: Sequence[Text], base_year: int, chance: float) -> Text | None:
    """The same for methods that find a target off track beside a high chance."""
    if not judged or chance <= 1.0 - _THIRD + BORDER:
        return None
    return Text(
        zh=f"{_listed(judged, 'zh')}，看的是{base_year}年以来的平均进度；完成概率依据最新数据和对今后增长的判断，剩余部分完成的可能性仍较大，两者并不矛盾。",
        en=f"{_listed(judged, 'en')}: that measures the average since {base_year}, while the chance starts from the latest figures "
        "and from what is believed about growth to come, so both hold.",
    )


def _listed(judged: Sequence[Text], lang: Language) -> str:
    return ("、" if lang == "zh" else ", ").join(words(lang) for words in judged)
