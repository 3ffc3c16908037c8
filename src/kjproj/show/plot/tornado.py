"""What moves a chance most? One bar an assumption, the widest on top."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...answers.tornado import Swing, Tornado
from ...numbers import about_per_cent, per_cent
from ...text import Language
from . import zones
from .colours import BANDS, FIGURE, PROJECTION
from .sheet import Handle, Look, Sheet, Stack, sheet, stacked

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_COLUMNS, _WIDTH, _REST = 44, 9.6, 1.9
_HARDLY = 0.005


def tornado(tornado: Tornado, *, ax: Axes | None = None, lang: Language = "zh", title: str = "") -> Axes:
    """Draw what moves a chance most: one bar an assumption, from the least to the greatest chance, the widest on top.

    What lies below the chance as assumed is hatched, so that the two sides stay apart in grey; a tick marks each
    changed assumption. Assumptions that move the chance by less than half a point are counted in a line below.

    Args:
        tornado: from `kj.tornado`.
        ax: a matplotlib Axes, tall enough for its rows; that of a new figure unless given.
        lang: "zh" or "en".
        title: a heading, such as the target's.

    Raises:
        MissingExtraError: without matplotlib (extra `plot`).
        KjprojError: where no installed font shows Chinese.

    >>> import kjproj as kj
    >>> from types import SimpleNamespace
    >>> from kjproj.text import Text
    >>> words = Text(zh="离散程度加倍", en="spreads doubled")
    >>> found = SimpleNamespace(value=kj.Estimate(0.5, 0.0, "closed form"), swings=(SimpleNamespace(words=words, chances=(0.4, 0.7)),))
    >>> ax = kj.plot.tornado(found, lang="en")
    >>> [f"{bar.get_x():.1f} + {bar.get_width():.1f}" for bar in ax.patches if bar.get_gid()]
    ['0.4 + 0.1', '0.5 + 0.2']
    """
    middle = tornado.value.value
    shown = [swing for swing in tornado.swings if _moves(swing, middle) >= _HARDLY]
    labels, stack = stacked([swing.words(lang) for swing in shown], _COLUMNS)
    page = sheet(ax, lang, (_WIDTH, stack.inches + _REST))
    page.plain()
    page.rows(labels, stack)
    _bars(page, shown, middle, stack)
    as_assumed = page.ax.axvline(middle, color=FIGURE, linewidth=1.6, zorder=5, label={"zh": "按现有假设", "en": "as assumed"}[lang])
    heading = title or {"zh": "完成概率随假设的变动", "en": "How the chance moves with the assumptions"}[lang]
    page.head(heading, _notes(middle, len(tornado.swings) - len(shown), lang), zones.across(page))
    page.legend([as_assumed, *_keys(lang)])
    return page.finished()


def _ends(swing: Swing, middle: float) -> tuple[float, float]:
    return min((middle, *swing.chances)), max((middle, *swing.chances))


def _moves(swing: Swing, middle: float) -> float:
    low, high = _ends(swing, middle)
    return high - low


_BELOW: Look = {"facecolor": BANDS[0.80], "edgecolor": PROJECTION, "hatch": "////", "linewidth": 0.8}
_ABOVE: Look = {"facecolor": BANDS[0.50], "edgecolor": PROJECTION, "linewidth": 0.8}


def _bars(page: Sheet, swings: Sequence[Swing], middle: float, stack: Stack) -> None:
    """Draw each swing on both sides of the chance, its changes as ticks, and its ends in numbers beside the axes."""
    for swing, y in zip(swings, stack.places, strict=True):
        low, high = _ends(swing, middle)
        for left, right, gid, look in ((low, middle, "below", _BELOW), (middle, high, "above", _ABOVE)):
            if right > left:
                page.ax.barh(y, right - left, left=left, height=0.85, zorder=3, gid=gid, **look)
        page.ax.plot(swing.chances, [y] * len(swing.chances), linestyle="none", marker="|", markersize=13, markeredgewidth=2.2, color=PROJECTION, zorder=4)
        said = " / ".join(per_cent(chance, page.lang) for chance in sorted(swing.chances))
        page.beside(y, 8, said)


def _keys(lang: Language) -> list[Handle]:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    below, above, change = {"zh": ("降低概率", "提高概率", "改变该假设后"), "en": ("lowers it", "raises it", "with the assumption changed")}[lang]
    tick = Line2D([], [], linestyle="none", marker="|", markersize=13, markeredgewidth=2.2, color=PROJECTION, label=change)
    return [Patch(label=below, **_BELOW), Patch(label=above, **_ABOVE), tick]


def _notes(middle: float, left_out: int, lang: Language) -> list[str]:
    """The chance as assumed, and how many assumptions hardly move it."""
    said = about_per_cent(middle, lang)
    if lang == "zh":
        return [f"按现有假设，完成概率{said}；逐项改变假设。", *([f"另有{left_out}项假设使概率变动不足1个百分点，未画出。"] if left_out else [])]
    rest = f"{left_out} more {'moves' if left_out == 1 else 'move'} the chance by less than 1 point and {'is' if left_out == 1 else 'are'} not drawn."
    return [f"The chance as assumed is {said}; one assumption is changed at a time.", *([rest] if left_out else [])]
