"""Zones of chances behind a picture: the borders of the phrases that are bound to them."""

from __future__ import annotations

from .. import tables, words
from .colours import QUIET, RULE, ZONES
from .sheet import TINY, Look, Sheet, chance_ticks

BORDERS = (0.0, *(border / 100 for border in reversed([b for b, _ in words.PHRASES if b])), 1.0)
"""0, 10, 33, 66, 90 and 100 %."""
_DENSE = 7.0


def across(page: Sheet) -> float:
    """Lay the zones along x, with their phrases above the axes; returns how many points these take."""
    names = []
    for low, high, colour in zip(BORDERS, BORDERS[1:], ZONES, strict=False):
        page.ax.axvspan(low, high, color=colour, linewidth=0, zorder=0)
        room = max(int((high - low) * page.columns(_DENSE)) - 1, 4)
        names.append((0.5 * (low + high), tables.wrapped(words.phrase(0.5 * (low + high), page.lang), room)))
    for border in BORDERS[1:-1]:
        page.ax.axvline(border, color=RULE, linewidth=0.8, linestyle=(0, (2, 2)), zorder=0.5)
    for x, lines in names:
        style: Look = {"ha": "center", "va": "bottom", "fontsize": _DENSE, "color": QUIET, "linespacing": 1.15}
        page.written.append(page.ax.annotate("\n".join(lines), (x, 1), (0, 3), xycoords=page.ax.get_xaxis_transform(), textcoords="offset points", **style))
    page.ax.set_xlim(0, 1)
    chance_ticks(page.ax.xaxis, BORDERS, page.lang)
    page.ax.tick_params(axis="x", labelsize=TINY)
    return 10 + TINY * 1.3 * max(len(lines) for _, lines in names)


def upwards(page: Sheet) -> None:
    """Lay the zones along y, with their phrases to the right of the axes."""
    for low, high, colour in zip(BORDERS, BORDERS[1:], ZONES, strict=False):
        page.ax.axhspan(low, high, color=colour, linewidth=0, zorder=0)
        page.beside(0.5 * (low + high), 6, words.phrase(0.5 * (low + high), page.lang), fontsize=TINY, color=QUIET)
    for border in BORDERS[1:-1]:
        page.ax.axhline(border, color=RULE, linewidth=0.8, linestyle=(0, (2, 2)), zorder=0.5)
    page.ax.set_ylim(0, 1)
    chance_ticks(page.ax.yaxis, BORDERS, page.lang)
