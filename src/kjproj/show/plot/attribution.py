"""Why did a chance change? What each new figure did, from the chance before to the chance after."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from ...answers.attribution import Attribution
from ...numbers import per_cent
from ...text import Language
from . import zones
from .colours import BANDS, FIGURE, PROJECTION, QUIET, TARGET
from .sheet import Handle, Look, Sheet, Stack, sheet, stacked

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_COLUMNS, _WIDTH, _REST = 44, 9.6, 1.9
_REST_OF_IT = 0.005


class _Step(NamedTuple):
    words: str
    start: float
    end: float


def attribution(attribution: Attribution, *, ax: Axes | None = None, lang: Language = "zh", title: str = "") -> Axes:
    """Draw why a chance changed: the chance before, what each new figure added or took away, the chance after.

    Rows go down in the order of their days, each from where the one above it ended. What lowers the chance is hatched.
    What the parts leave open, where it is half a point or more, stands as a part of its own.

    Args:
        attribution: from `kj.attribution`.
        ax: a matplotlib Axes, tall enough for its rows; that of a new figure unless given.
        lang: "zh" or "en".
        title: a heading, such as the target's.

    Raises:
        MissingExtraError: without matplotlib (extra `plot`).
        KjprojError: where no installed font shows Chinese.

    >>> import kjproj as kj
    >>> from types import SimpleNamespace
    >>> from kjproj.text import Text
    >>> words = Text(zh="2022年研发经费投入", en="spending 2022")
    >>> part = SimpleNamespace(words=words, published=None, points=0.1)
    >>> before, after = (kj.Estimate(chance, 0.0, "closed form") for chance in (0.4, 0.5))
    >>> ax = kj.plot.attribution(SimpleNamespace(before=before, after=after, parts=(part,)), lang="en")
    >>> [f"{bar.get_width():.1f}" for bar in ax.patches if bar.get_gid()]
    ['0.4', '0.1', '0.5']
    """
    steps, before, after = _steps(attribution, lang), attribution.before.value, attribution.after.value
    names = {"zh": ("此前", "现在"), "en": ("before", "now")}[lang]
    labels, stack = stacked([names[0], *(step.words for step in steps), names[1]], _COLUMNS)
    page = sheet(ax, lang, (_WIDTH, stack.inches + _REST))
    page.plain()
    page.rows(labels, stack)
    rows = [_Step(names[0], 0.0, before), *steps, _Step(names[1], 0.0, after)]
    _bars(page, rows, stack)
    heading = title or {"zh": "完成概率为何变化", "en": "Why the chance changed"}[lang]
    page.head(heading, [_said(before, after, lang)], zones.across(page))
    page.legend(_keys(steps, lang))
    return page.finished()


def _steps(found: Attribution, lang: Language) -> list[_Step]:
    """The parts one after the other, each from the end of the one before it."""
    steps, place = [], found.before.value
    for part in found.parts:
        day = "" if part.published is None else f"（{part.published}）" if lang == "zh" else f" ({part.published})"
        steps.append(_Step(f"{part.words(lang)}{day}", place, place + part.points))
        place += part.points
    if abs(found.after.value - place) >= _REST_OF_IT:
        steps.append(_Step({"zh": "其他", "en": "other"}[lang], place, found.after.value))
    return steps


_WHOLE: Look = {"facecolor": PROJECTION, "edgecolor": FIGURE, "linewidth": 0.8}
_UP: Look = {"facecolor": BANDS[0.50], "edgecolor": PROJECTION, "linewidth": 0.8}
_DOWN: Look = {"facecolor": "#F7C9A9", "edgecolor": TARGET, "hatch": "////", "linewidth": 0.8}


def _bars(page: Sheet, rows: Sequence[_Step], stack: Stack) -> None:
    last = len(rows) - 1
    for k, (row, y) in enumerate(zip(rows, stack.places, strict=True)):
        whole = k in (0, last)
        look = _WHOLE if whole else _UP if row.end >= row.start else _DOWN
        page.ax.barh(y, abs(row.end - row.start), left=min(row.start, row.end), height=0.85, zorder=3, gid="whole" if whole else "part", **look)
        page.beside(y, 8, per_cent(row.end, page.lang) if whole else moved_words(row.end - row.start, page.lang))
        if k < last:
            page.ax.plot([row.end, row.end], [y, stack.places[k + 1]], color=QUIET, linewidth=1.0, linestyle=":", zorder=2)


def moved_words(points: float, lang: Language) -> str:
    """Say a move in whole percentage points: 提高5个百分点; down 3 points."""
    size, up = abs(100 * points), points > 0
    if points == 0.0:
        return "不变" if lang == "zh" else "no change"
    if lang == "zh":
        return f"{'提高' if up else '降低'}{'不足1' if size < 0.5 else f'{size:.0f}'}个百分点"
    said = "less than 1 point" if size < 0.5 else f"{size:.0f} point{'' if round(size) == 1 else 's'}"
    return f"{'up' if up else 'down'} {said}"


def _keys(steps: Sequence[_Step], lang: Language) -> list[Handle]:
    from matplotlib.patches import Patch

    chance, up, down = {"zh": ("完成概率", "提高", "降低"), "en": ("chance", "raises it", "lowers it")}[lang]
    keys: list[Handle] = [Patch(label=chance, **_WHOLE)]
    keys += [Patch(label=up, **_UP)] if any(s.end >= s.start for s in steps) else []
    return keys + ([Patch(label=down, **_DOWN)] if any(s.end < s.start for s in steps) else [])


def _said(before: float, after: float, lang: Language) -> str:
    a, b = per_cent(before, lang), per_cent(after, lang)
    return f"完成概率由{a}变为{b}。" if lang == "zh" else f"The chance went from {a} to {b}."
