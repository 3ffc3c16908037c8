"""Did what was forecast come as often as it was said? Chances against shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ...calibration.backtest import Backtest
from ...calibration.reliability import Reliability, record
from ...errors import KjprojError
from ...text import Language, Text
from .colours import FIGURE, PROJECTION, RULE, TARGET
from .sheet import TINY, Handle, Look, Sheet, chance_ticks, sheet

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Rows = Sequence[Mapping[str, float]]
_SIZE = (6.6, 6.6)
_LINE = 0.055
_REACH = 1.96
_NEEDED = ("chance", "reached", "error", "count")
_LOOKS: tuple[Look, ...] = (
    {"color": PROJECTION, "marker": "o", "markerfacecolor": PROJECTION, "linestyle": "-"},
    {"color": TARGET, "marker": "s", "markerfacecolor": "white", "linestyle": "--"},
    {"color": FIGURE, "marker": "^", "markerfacecolor": "white", "linestyle": ":"},
)
_SPLITS = (
    ("reliability_series", Text(zh="未参与拟合的地区", en="regions that the fit did not see")),
    ("reliability_years", Text(zh="拟合之后的年份", en="years after those fitted on")),
)


def reliability(
    of: Backtest | Reliability | Rows | Mapping[str, Rows], *, ax: Axes | None = None, lang: Language = "zh"
) -> Axes:
    """Draw how often targets were reached against the chance that had been forecast; on the diagonal both agree.

    Marks stand at the mean chance of a bin, with a line as far as 19 in 20 shares would lie by their error (over target
    years); below are the numbers of forecasts.

    Args:
        of: a `Backtest`; the record of `kj.reliability`, whose diagram is that of all groups on which the classes were
            tested, other regions and later years apart; rows of `Backtest.reliability()`; or up to three such by name.
        ax: a matplotlib Axes; that of a new figure unless given.
        lang: "zh" or "en".

    Raises:
        MissingExtraError: without matplotlib (extra `plot`).
        KjprojError: for what is none of these, and where no installed font shows Chinese.

    >>> import kjproj as kj
    >>> ax = kj.plot.reliability(kj.reliability("gdp"), lang="en")
    >>> [container.get_label() for container in ax.containers]
    ['regions that the fit did not see', 'years after those fitted on']
    """
    series = _series(of, lang)
    page = sheet(ax, lang, _SIZE)
    diagonal = page.ax.plot([0, 1], [0, 1], color=RULE, linewidth=1.2, linestyle=(0, (4, 3)), zorder=1, label={"zh": "完全一致", "en": "as forecast"}[lang])[0]
    handles = [_marks(page, name, rows, k) for k, (name, rows) in enumerate(series.items())]
    page.ax.set_xlim(-0.02, 1.02)
    page.ax.set_ylim(-0.035 - _LINE * (len(series) + 0.4), 1.02)
    ticks = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
    chance_ticks(page.ax.xaxis, ticks, lang)
    chance_ticks(page.ax.yaxis, ticks, lang)
    page.plain()
    page.ax.axhline(-0.025, color=RULE, linewidth=0.8)
    page.ax.set_aspect("equal")
    page.label_axes(*{"zh": ("预测的概率", "实际达到的比例"), "en": ("chance that was forecast", "share that came")}[lang])
    page.head({"zh": "预测的概率与实际的比例", "en": "Did what was forecast come?"}[lang], _said(of, series, lang))
    page.legend([*handles, diagonal])
    return page.finished()


def _series(of: Backtest | Reliability | Rows | Mapping[str, Rows], lang: Language) -> dict[str, Rows]:
    """The rows to draw by name; raises `KjprojError` for rows that are none."""
    found: dict[str, Rows]
    if isinstance(of, Backtest):
        found = {"": of.reliability()}
    elif isinstance(of, Reliability):
        found = {name(lang): record()[key] for key, name in _SPLITS}
    elif isinstance(of, Mapping):
        found = dict(of)
    else:
        found = {"": of}
    if not 1 <= len(found) <= len(_LOOKS):
        raise KjprojError(f"{len(found)} sets of rows; expected 1 to {len(_LOOKS)}")
    for rows in found.values():
        if isinstance(rows, str) or not isinstance(rows, Sequence) or not rows or not all(_complete(row) for row in rows):
            raise KjprojError(f"reliability takes a Backtest, kj.reliability(…), or rows of Backtest.reliability() with {', '.join(_NEEDED)}")
    return found


def _complete(row: object) -> bool:
    return isinstance(row, Mapping) and all(key in row for key in _NEEDED)


def _marks(page: Sheet, name: str, rows: Rows, k: int) -> Handle:
    """Draw one set: marks joined by a line, errors, and the numbers of forecasts in a row of their own below."""
    look, chances = _LOOKS[k], [row["chance"] for row in rows]
    label = name or {"zh": "预测", "en": "forecasts"}[page.lang]
    made = page.ax.errorbar(
        chances, [row["reached"] for row in rows], yerr=[_REACH * row["error"] for row in rows], markersize=7, linewidth=1.2,
        elinewidth=1.4, capsize=3, zorder=4 + k, label=label, markeredgecolor=look["color"], **look,
    )  # fmt: skip
    for row in rows:
        count = f"{row['count']:.0f}" if page.lang == "zh" else f"{row['count']:,.0f}"
        page.write(row["chance"], -0.035 - _LINE * (k + 0.6), count, ha="center", va="center", fontsize=TINY - 1.5, color=look["color"])
    return made


def _said(of: object, series: Mapping[str, Rows], lang: Language) -> list[str]:
    """How many forecasts, and what the record says of the classes that were asked for."""
    total = sum(row["count"] for rows in series.values() for row in rows)
    line = f"共{total:.0f}次预测，下方为各组次数；线为95%误差范围。" if lang == "zh" else f"{total:,.0f} forecasts; their numbers stand below, and lines are 95 % errors."
    own = of.describe(lang) if isinstance(of, Reliability) else ""
    return [line, own[:1].upper() + own[1:]]


