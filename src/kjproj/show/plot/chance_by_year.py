"""By when is a target reached? The chance year by year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...answers.probability import probability
from ...answers.when import When, when
from ...numbers import about_per_cent, per_cent
from ...projection import Projection
from ...study import Study
from ...targets import BaseTarget, Target
from ...text import Language
from ..tables import wrapped
from . import zones
from .colours import BANDS, FIGURE, PROJECTION, TARGET
from .labels import circumstances, target_words
from .sheet import Handle, Look, Sheet, sheet, year_ticks

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_SIZE = (7.4, 4.6)
_NARROW = 6
"""Columns of writing above a column of the picture."""


def chance_by_year(
    projection: Projection, target: str | BaseTarget, *, ax: Axes | None = None, lang: Language = "zh", until: int | None = None
) -> Axes:
    """Draw the chance that a target has been reached by the end of each year, with the target's year marked.

    Columns are `kj.when`: the bound was met in that year or in an earlier open one. For a target that is to be met in
    its own year a diamond adds the chance of that year alone, `kj.probability`, which may be lower: what was reached
    can be lost again.

    Args:
        projection: from `kjproj.project`.
        target: a one-sided target, or its name.
        ax: a matplotlib Axes; that of a new figure unless given.
        lang: "zh" or "en".
        until: the last year; five years after the target's unless given.

    Raises:
        MissingExtraError: without matplotlib (extra `plot`).
        NoBasisError: where the study does not say where the indicator stands, or how it moves.
        NotAnswerableError: for a target between two bounds.
        KjprojError: where no installed font shows Chinese.

    >>> import kjproj as kj
    >>> projection = kj.project(kj.datasets.yueyang())
    >>> ax = kj.plot.chance_by_year(projection, "rd_spending_2025", lang="en")
    >>> [f"{bar.get_height():.2f}" for bar in ax.patches if bar.get_gid() == "reached"][:3]
    ['0.06', '0.27', '0.52']
    """
    study, asked = projection.study, projection.study.target(target)
    found = when(projection, asked, until=until)
    page = sheet(ax, lang, _SIZE)
    zones.upwards(page)
    handles = _columns(page, found, asked)
    if isinstance(asked, Target) and asked.when == "at" and asked.year in found.years:
        handles.append(_own_year(page, asked.year, probability(projection, asked).value))
    page.ax.set_xlim(found.years[0] - 0.6, found.years[-1] + 0.6)
    year_ticks(page.ax, found.years[0], found.years[-1])
    page.plain()
    page.head(target_words(study, asked, lang), [*_said(found, study, lang), circumstances(projection, lang)])
    page.legend(handles)
    return page.finished()


def _columns(page: Sheet, found: When, target: BaseTarget) -> list[Handle]:
    """Draw a column a year, that of the target darker and hatched, with its chance above."""
    from matplotlib.patches import Patch
    from matplotlib.patheffects import withStroke

    plain: Look = {"facecolor": BANDS[0.50], "edgecolor": PROJECTION, "linewidth": 0.8}
    marked: Look = {"facecolor": PROJECTION, "edgecolor": FIGURE, "linewidth": 0.8}
    for year in found.years:
        chance = found.reached[year].value
        look = marked if year == target.year else plain
        page.ax.bar(year, chance, width=0.62, zorder=3, gid="reached", **look)
        above = chance < 0.93
        colour = FIGURE if above or look is plain else "white"
        halo = [withStroke(linewidth=2.0, foreground="white")] if above else []
        style: Look = {"ha": "center", "va": "bottom" if above else "top", "color": colour, "zorder": 5, "path_effects": halo}
        page.write(year, chance + (0.022 if above else -0.02), "\n".join(wrapped(per_cent(chance, page.lang), _NARROW)), **style)
    said = {"zh": ("到该年底已达到过", "目标年"), "en": ("reached by the end of the year", "the target's year")}[page.lang]
    return [Patch(label=label, **look) for label, look in zip(said, (plain, marked), strict=True)]


def _own_year(page: Sheet, year: int, chance: float) -> Handle:
    said = per_cent(chance, page.lang)
    label = f"{year}年当年达到（{said}）" if page.lang == "zh" else f"reached in {year} itself ({said})"
    style: Look = {"marker": "D", "markersize": 9, "markerfacecolor": TARGET, "markeredgecolor": "white", "linestyle": "none"}
    return page.ax.plot([year], [chance], zorder=6, label=label, **style)[0]


def _said(found: When, study: Study, lang: Language) -> list[str]:
    """The year by which it is reached with even odds, and an earlier year that probably saw it."""
    last, middle = found.years[-1], found.median
    if lang == "zh":
        lines = [f"到{middle}年底达到的概率过半。" if middle else f"到{last}年底达到的概率不足一半。"]
        lines += [f"{year}年数据尚未公布，很可能已达到（{about_per_cent(c.value, lang)}）。" for year, c in found.already.items()]
        return lines
    lines = [f"More likely than not by the end of {middle}." if middle else f"Less likely than not by the end of {last}."]
    return lines + [f"{year}, not published yet, has probably met it ({about_per_cent(c.value, lang)})." for year, c in found.already.items()]
