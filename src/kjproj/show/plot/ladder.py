"""How likely is each target? All of them below each other, between the borders of the phrases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, get_args

from ...answers.overview import Overview, Row, overview
from ...errors import KjprojError
from ...projection import Projection
from ...text import Language
from .. import words
from ..screen import Sort, without_basis
from ..summary import Summary
from . import zones
from .colours import BANDS, PROJECTION, QUIET
from .labels import circumstances, said, target_words
from .sheet import TINY, Handle, Look, Sheet, Stack, sheet, stacked

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_COLUMNS, _WIDTH, _REST = 44, 9.6, 1.9
_SECOND: dict[Language, float] = {"zh": 66.0, "en": 84.0}
"""Points from the axes to the second column beside them."""


def ladder(
    of: Summary | Projection, *, ax: Axes | None = None, lang: Language = "zh", sort: Sort = "plan"
) -> Axes:
    """Draw how likely each open target is, with its range over assumptions, between the borders of the phrases.

    A dot is the chance, the bar its range when assumptions are changed one at a time. Targets without a basis stand
    below, hollow. Where figures are published already nothing is open, and nothing drawn.

    Args:
        of: a summary, or a projection to be summed up.
        ax: a matplotlib Axes, tall enough for its rows; that of a new figure unless given.
        lang: "zh" or "en".
        sort: targets as in the "plan", or by "risk", the least likely first.

    Raises:
        MissingExtraError: without matplotlib (extra `plot`).
        KjprojError: where the study has no open target, or no installed font shows Chinese.

    >>> import kjproj as kj
    >>> study = kj.Study.from_levels({"rd": {2019: "80", 2020: "90", 2021: "97", 2022: "110"}}, unit="亿元")
    >>> study = study.with_target(kj.Target(name="rd_2024", indicator="rd", year=2024, at_least="130"))
    >>> ax = kj.plot.ladder(kj.project(study), lang="en")
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['rd 130 (100 million yuan), 2024']
    """
    if sort not in get_args(Sort):
        raise KjprojError(f"sort is {sort!r}; expected 'plan' or 'risk'")
    if not isinstance(of, Summary | Projection):
        raise KjprojError(f"ladder takes a Summary or a Projection; got {type(of).__name__}")
    seen = of.overview if isinstance(of, Summary) else overview(of)
    rows = [*_open(seen, sort), *without_basis(seen)]
    if not rows:
        raise KjprojError("the study has no open target to draw; add one whose figure is not published yet")
    labels, stack = stacked([target_words(seen.study, row.target, lang) for row in rows], _COLUMNS)
    page = sheet(ax, lang, (_WIDTH, stack.inches + _REST))
    page.plain()
    page.rows(labels, stack)
    handles = _rows(page, rows, stack)
    above = zones.across(page)
    _heads(page, handles)
    title = seen.study.title(lang) if seen.study.title else said("ladder", lang)
    page.head(title, [circumstances(seen.projection, lang)], above)
    page.legend(handles)
    return page.finished()


def _open(seen: Overview, sort: Sort) -> list[Row]:
    rows = [(row.chance.value.value, row) for row in seen.rows if row.status == "open" and row.chance is not None]
    return [row for _, row in (sorted(rows, key=lambda pair: pair[0]) if sort == "risk" else rows)]


def _rows(page: Sheet, rows: Sequence[Row], stack: Stack) -> list[Handle]:
    """Draw the dots, their ranges and, beside them, the same in numbers; return one handle a kind."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch
    from matplotlib.transforms import ScaledTranslation

    figure = page.ax.figure
    aside = page.ax.get_yaxis_transform() + ScaledTranslation(12 / 72, 0, figure.dpi_scale_trans)
    hollow: Look = {"marker": "o", "markersize": 8, "markerfacecolor": "white", "markeredgecolor": QUIET, "linestyle": "none", "markeredgewidth": 1.4}
    full: Look = {"marker": "o", "markersize": 8, "markerfacecolor": PROJECTION, "markeredgecolor": "white", "linestyle": "none"}
    ranged: Look = {"facecolor": BANDS[0.80], "edgecolor": PROJECTION, "linewidth": 0.8}
    used: dict[str, Handle] = {}
    for row, y in zip(rows, stack.places, strict=True):
        if row.chance is None:
            page.ax.plot([1], [y], transform=aside, clip_on=False, **hollow)
            page.beside(y, 22, said("no_basis", page.lang), color=QUIET)
            used["no_basis"] = Line2D([], [], label=said("no_basis", page.lang), **hollow)
            continue
        low, high = row.chance.low, row.chance.high
        if high > low:
            page.ax.barh(y, high - low, left=low, height=0.72, zorder=3, gid="range", **ranged)
            page.beside(y, _SECOND[page.lang], words.over(row.chance, page.lang), color=QUIET)
            used["over"] = Patch(label=said("over", page.lang), **ranged)
        page.ax.plot([row.chance.value.value], [y], zorder=4, gid="chance", **full)
        page.beside(y, 8, words.about(row.chance, page.lang))
        used["chance"] = Line2D([], [], label=said("chance", page.lang), **full)
    return [used[key] for key in ("chance", "over", "no_basis") if key in used]


def _heads(page: Sheet, handles: Sequence[Handle]) -> None:
    """Write above each column beside the axes what it says."""
    keys = [str(handle.get_label()) for handle in handles]
    for points, key in ((8.0, "chance"), (_SECOND[page.lang], "over")):
        if said(key, page.lang) in keys:
            page.beside(0, points, said(key, page.lang), va="bottom", fontsize=TINY, color=QUIET)
