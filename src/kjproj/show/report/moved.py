"""What moved since last time: chances before and now, and the figures that came in between."""

from __future__ import annotations

from ...answers.overview import Overview
from ...answers.phrases import aim
from ...answers.variations import scenario_label
from ...numbers import per_cent, whole_per_cent
from ...projection import Projection
from ...text import Language
from ..changes import Move, moves, new_figure
from ..section import Section, Table
from . import wording

_MOST = 10

def moved(before: Projection, seen: Overview, lang: Language) -> Section:
    """Return the targets whose chance moved by a whole per cent, and what is new."""
    rows = [_line(seen, move, lang) for move in moves(before, seen.projection)]
    table = Table(wording.HEADS["moved"][lang], rows) if rows else None
    return Section("moved", wording.TITLES["moved"][lang], _notes(before, seen, lang, some=bool(rows)), table)


def _line(seen: Overview, move: Move, lang: Language) -> list[str]:
    name, year = aim(seen.study, move.target, lang), move.target.year
    if move.before is None or move.now is None:
        change = "—"
    else:
        points = whole_per_cent(move.now) - whole_per_cent(move.before)
        change = f"{points:+d}个百分点" if lang == "zh" else f"{points:+d} point{'' if abs(points) == 1 else 's'}"
    now = _chance(move.now, lang)
    if move.met is not None:
        now, change = {"zh": ("未达到", "已达到"), "en": ("published: not met", "published: met")}[lang][move.met], "—"
    return [f"{year}年{name}" if lang == "zh" else f"{name} in {year}", _chance(move.before, lang), now, change.replace("-", "−")]


def _chance(chance: float | None, lang: Language) -> str:
    if chance is None:
        return "无依据" if lang == "zh" else "no basis"
    return per_cent(chance, lang)


def _notes(before: Projection, seen: Overview, lang: Language, *, some: bool) -> list[str]:
    """Say when last time was, which figures are new, and that the rest did not move."""
    scenario, new = scenario_label(before)(lang), _new(before, seen, lang)
    if lang == "zh":
        rest = "其余目标的概率变动均不足1个百分点。" if some else "各项目标的概率变动均不足1个百分点。"
        figures = [f"- 新增数据：{'；'.join(new)}。"] if new else []
        return [f"- 上次测算时点：{before.study.as_of}，情景：{scenario}。", *figures, f"- {rest}"]
    rest = "No other chance moved by 1 point or more." if some else "No chance moved by 1 point or more."
    figures = [f"- New figures: {'; '.join(new)}."] if new else []
    return [f"- Last time: as of {before.study.as_of}, scenario {scenario}.", *figures, f"- {rest}"]


def _new(before: Projection, seen: Overview, lang: Language) -> list[str]:
    """The figures that were not known last time, the first ten of them in words."""
    new = [item for item in seen.study.evidence if item not in before.study.evidence]
    said = [new_figure(seen.study, item, lang) for item in new[:_MOST]]
    more = len(new) - len(said)
    return [*said, f"等{len(new)}条" if lang == "zh" else f"{more} more"] if more else said
