"""Where an indicator goes: its median and ranges by year, beside what was published and what is aimed at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ...answers.levels import Quantiles, quantiles
from ...answers.sample import horizon
from ...errors import NotAnswerableError
from ...projection import Projection
from ...study import Study
from ...text import Language
from .. import tables, words
from .colours import BANDS, FIGURE, OUTTURN, PROJECTION, QUIET, TARGET, TARGET_INK
from .labels import circumstances, indicator_words, levels_words, said, unit_words
from .marks import Figure, Goal, Limit, checked, figures, first_year, goals, limits
from .sheet import SMALL, Handle, Look, Sheet, level_ticks, sheet, year_ticks
from .spread import apart

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_SIZE = (7.4, 5.0)
_ROOM = 3.0
"""A 95 % range that is more than so many times as wide as the 80 % range may run out of the picture."""
_SHORT = 14
_STYLES: dict[str, Look] = {
    "reported": {"marker": "o", "markersize": 6.5, "markerfacecolor": FIGURE},
    "expected": {"marker": "o", "markersize": 6.5, "markerfacecolor": "white", "markeredgewidth": 1.4},
    "implied": {"marker": "d", "markersize": 5.5, "markerfacecolor": "white"},
}


def fan(
    projection: Projection,
    indicator: str,
    *,
    ax: Axes | None = None,
    lang: Language = "zh",
    outturns: Mapping[int, float] | None = None,
) -> Axes:
    """Draw where an indicator goes: median, ranges, published figures, targets, yearly reference values, what came.

    The median and the central 50, 80 and 95 % ranges are `kj.quantiles` by year, from the last figure on. Figures stand
    with their errors (as far as 19 in 20 values lie), expected ones hollow, those that follow from others as diamonds,
    bounds as a line with an arrow. A target is a triangle that points the way it is to be passed; an aim (力争) is
    hollow. Its yearly reference values, `kj.yearly_path`, are dotted.

    Args:
        projection: from `kjproj.project`.
        indicator: an indicator's name.
        ax: a matplotlib Axes; that of a new figure unless given.
        lang: "zh" or "en".
        outturns: what came, by year, in the indicator's unit.

    Raises:
        MissingExtraError: without matplotlib (extra `plot`).
        NoBasisError: where the study does not say where the indicator stands, or how it moves.
        NotAnswerableError: for a milestone, which has no level.
        KjprojError: where no installed font shows Chinese.

    >>> import kjproj as kj
    >>> projection = kj.project(kj.datasets.yueyang())
    >>> ax = kj.plot.fan(projection, "rd_spending", lang="en", outturns={2022: 112.0})
    >>> ax.get_title(loc="left")
    'R&D spending (100 million yuan)'
    """
    study = projection.study
    if study.measure(indicator) == "milestone":
        raise NotAnswerableError(f"{indicator} is a milestone, which has no level; draw its target with plot.chance_by_year")
    shown = Shown(figures(study, indicator), limits(study, indicator), goals(study, indicator), checked({} if outturns is None else outturns))
    _, last = horizon(projection, None, None)
    first = min(first_year(projection, indicator), last)
    found = quantiles(projection, indicator, q=_levels(), first_year=first, last_year=last)
    page = sheet(ax, lang, _SIZE)
    ends, cut = _frame(found, shown)
    page.ax.set_ylim(*np.clip(ends, *_possible(study, indicator)))
    page.legend([*_bands(page, found), *_marks(page, study, shown), _as_of(page, study.as_of)])
    _years(page, [*found.years.tolist(), *shown.years])
    page.head(indicator_words(study, indicator, lang), [_answer(found, study.unit(indicator), lang), circumstances(projection, lang), *_cut(cut, lang)])
    return page.finished()


class Shown(NamedTuple):
    """What is drawn over the ranges."""

    figures: Sequence[Figure]
    limits: Sequence[Limit]
    goals: Sequence[Goal]
    outturns: Mapping[int, float]

    @property
    def years(self) -> list[int]:
        """All their years."""
        wanted = [year for goal in self.goals for year in (goal.year, goal.until)]
        return [*(f.year for f in self.figures), *(limit.year for limit in self.limits), *wanted, *self.outturns]

    @property
    def levels(self) -> list[float]:
        """All their levels, and the ends of errors."""
        known = [end for figure in self.figures for end in (figure.low, figure.high)]
        wanted = [level for goal in self.goals for level in goal.levels]
        return [*known, *(limit.level for limit in self.limits), *wanted, *self.outturns.values()]


def _levels() -> tuple[float, ...]:
    """The quantiles that bound the ranges, from the widest in, and the median between them."""
    tails = [round(0.5 - width / 2, 6) for width in BANDS]
    return (*tails, 0.5, *(1.0 - tail for tail in reversed(tails)))


def _bands(page: Sheet, found: Quantiles) -> list[Handle]:
    from matplotlib.patches import Patch

    years, values, count = found.years.astype(float), found.values, len(BANDS)
    if len(years) == 1:  # a year alone is as wide as a column
        years, values = years[0] + np.array([-0.15, 0.15]), np.repeat(values, 2, axis=0)
    for k, colour in enumerate(BANDS.values()):
        page.ax.fill_between(years, values[:, k], values[:, -1 - k], color=colour, linewidth=0, zorder=1 + 0.1 * k)
    (median,) = page.ax.plot(years, values[:, count], color=PROJECTION, linewidth=2.2, zorder=3, label=said("median", page.lang))
    patches = [Patch(facecolor=c, edgecolor=QUIET, linewidth=0.4, label=said("band", page.lang).format(f"{100 * w:.0f}")) for w, c in BANDS.items()]
    return [median, *reversed(patches)]


def _marks(page: Sheet, study: Study, shown: Shown) -> list[Handle]:
    return [*_figures(page, shown.figures), *_limits(page, shown.limits), *_goals(page, study, shown.goals), *_outturns(page, shown.outturns)]


def _figures(page: Sheet, known: Sequence[Figure]) -> list[Handle]:
    handles: list[Handle] = []
    for kind, style in _STYLES.items():
        own = [figure for figure in known if figure.kind == kind]
        years, level = [figure.year for figure in own], np.array([figure.level for figure in own])
        look: Look = {"color": FIGURE, "linestyle": "none", "markeredgecolor": FIGURE, "zorder": 5, "label": said(kind, page.lang), **style}
        if own and kind == "implied":  # what follows from several figures has no error of its own
            handles += page.ax.plot(years, level, **look)
        elif own:
            ends = np.abs([[figure.low for figure in own], [figure.high for figure in own]] - level)
            handles.append(page.ax.errorbar(years, level, yerr=ends, elinewidth=1.4, capsize=3, **look))
    return handles


def _limits(page: Sheet, passed: Sequence[Limit]) -> list[Handle]:
    """A bound is a line across, and an arrow the way the level lies."""
    handles: list[Handle] = []
    length = 0.06 * np.ptp(page.ax.get_ylim())
    for upwards, key in ((True, "at_least"), (False, "at_most")):
        own = [limit for limit in passed if limit.upwards is upwards]
        if own:
            handles.append(page.ax.errorbar(
                [limit.year for limit in own], [limit.level for limit in own], yerr=length, lolims=upwards, uplims=not upwards,
                color=FIGURE, linestyle="none", marker="_", markersize=14, markeredgewidth=2, elinewidth=1.4, capsize=4, zorder=5,
                label=said(key, page.lang),
            ))  # fmt: skip
    return handles


def _goals(page: Sheet, study: Study, wanted: Sequence[Goal]) -> list[Handle]:
    from matplotlib.lines import Line2D

    used: dict[str, Handle] = {}
    for goal in wanted:
        up, hollow, key = goal.target.upwards, goal.target.role == "aim", goal.target.role or "target"
        marker = ("^" if up else "v") if len(goal.levels) == 1 else "D"
        style: Look = {"marker": marker, "markersize": 9, "color": TARGET, "markerfacecolor": "white" if hollow else TARGET, "markeredgewidth": 1.6}
        if len(goal.levels) == 2 or goal.until > goal.year:
            xs, ys = _outline(goal)
            page.ax.plot(xs, ys, color=TARGET, linewidth=2, zorder=4)
        page.ax.plot([goal.year] * len(goal.levels), goal.levels, linestyle="none", zorder=6, **style)
        used.setdefault(key, Line2D([], [], linestyle="none", label=said(key, page.lang), **style))
        if goal.path is not None and goal.base is not None:
            line = page.ax.plot(
                [goal.base[0], *goal.path.years], [goal.base[1], *goal.path.values], color=TARGET, linestyle=":", linewidth=1.6,
                marker="o", markersize=4, markerfacecolor="white", zorder=4, label=said("path", page.lang),
            )  # fmt: skip
            used["path"] = line[0]
    _names(page, study, wanted)
    return [used[key] for key in ("target", "floor", "aim", "path") if key in used]


def _outline(goal: Goal) -> tuple[list[float], list[float]]:
    """The line of a target: between its two levels, along its years, or around both."""
    low, high = goal.levels[0], goal.levels[-1]
    if goal.until == goal.year:
        return [goal.year, goal.year], [low, high]
    around = [low, low, high, high, low] if high > low else [low, low]
    years: list[float] = [goal.year, goal.until, goal.until, goal.year, goal.year]
    return years[: len(around)], around


def _names(page: Sheet, study: Study, wanted: Iterable[Goal]) -> None:
    """Write the targets beside their marks: one alone before the last year above or below it, else to the right, apart."""
    from matplotlib.patheffects import withStroke

    by_year: dict[int, dict[tuple[float, str], bool]] = {}
    for goal in wanted:
        name = levels_words(study, goal.target, page.lang)
        by_year.setdefault(goal.until, {})[goal.levels[-1], name] = goal.target.upwards or len(goal.levels) == 2
    low, high = page.ax.get_ylim()
    line = 0.055 * (high - low)
    style: Look = {"color": TARGET_INK, "zorder": 7, "path_effects": [withStroke(linewidth=2.5, foreground="white")]}
    for year, found in by_year.items():
        if len(found) == 1 and year < max(by_year):
            (((level, text), up),) = found.items()
            aside = "center" if tables.width(text) <= _SHORT else "right"  # a long one keeps clear of the years to come
            page.write(year, level + (line if up else -line), text, ha=aside, va="center", **style)
            continue
        labels = sorted(found)
        for (_, text), y in zip(labels, apart([level for level, _ in labels], line, low, high), strict=True):
            page.write(year, y, f"   {text}", va="center", **style)


def _outturns(page: Sheet, came: Mapping[int, float]) -> list[Handle]:
    if not came:
        return []
    style: Look = {"marker": "s", "markersize": 8, "markerfacecolor": OUTTURN, "markeredgecolor": FIGURE, "markeredgewidth": 1.4}
    return page.ax.plot(list(came), list(came.values()), linestyle="none", zorder=8, label=said("outturn", page.lang), **style)


def _as_of(page: Sheet, day: date) -> Handle:
    """A line at the day from which the study looks ahead; a year's level stands at the year's end."""
    label = f"{said('as_of', page.lang)}{'' if page.lang == 'zh' else ' '}{day}"
    return page.ax.axvline(day_place(day), color=QUIET, linestyle=(0, (6, 3)), linewidth=1.0, zorder=2, label=label)


def day_place(day: date) -> float:
    """Return where a day lies among years whose ends are whole numbers: the last day of 2022 at 2022."""
    length = (date(day.year, 12, 31) - date(day.year - 1, 12, 31)).days
    return day.year - 1 + day.timetuple().tm_yday / length


def _frame(found: Quantiles, shown: Shown) -> tuple[tuple[float, float], bool]:
    """Return the ends of the level axis, and whether the widest range runs out of it."""
    outer, inner = found.values[:, [0, -1]], found.values[:, [1, -2]]
    cut = bool(np.ptp(outer) > _ROOM * max(np.ptp(inner), 1e-300))
    points = [*(inner if cut else outer).ravel(), *shown.levels]
    low, high = min(points), max(points)
    margin = 0.07 * (high - low) or max(0.05 * abs(high), 0.5)
    return (low - margin, high + margin), cut


def _possible(study: Study, indicator: str) -> tuple[float, float]:
    """The levels that an indicator can take."""
    return (0.0, np.inf) if study.counts_events(indicator) else study.scale(indicator).bounds


def _years(page: Sheet, years: Sequence[int]) -> None:
    first, last = min(years), max(years)
    page.ax.set_xlim(first - 0.4, last + 0.4)
    year_ticks(page.ax, first, last)
    level_ticks(page.ax.yaxis)
    page.ax.grid(axis="y", color="#DDDDDD", linewidth=0.6)
    page.plain()
    page.ax.tick_params(labelsize=SMALL)


def _answer(found: Quantiles, unit: str, lang: Language) -> str:
    """Say the median and the 80 % range of the last year, rounded as on the screen."""
    count = len(BANDS)
    low, middle, high = words.rounded(tuple(found.values[-1, [1, count, -2]].tolist()))
    year, name = found.years[-1], unit_words(unit, lang)
    if lang == "zh":
        return f"{year}年中位数{middle}{name}（80%区间{low}—{high}）"
    return f"{year}: median {middle} (80 % range {low} to {high})"


def _cut(cut: bool, lang: Language) -> list[str]:
    if not cut:
        return []
    return ["95%区间过宽，超出图幅。" if lang == "zh" else "The 95 % range is so wide that it runs out of the picture."]
