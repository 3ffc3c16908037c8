"""`Sheet`: an axes, the reader's language, and what is written on it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, get_args

from ...errors import KjprojError, MissingExtraError
from ...numbers import digits
from ...text import Language
from .. import tables
from .colours import QUIET
from .fonts import families

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Text

Look = dict[str, Any]
"""How an artist looks, as matplotlib's keywords."""
Handle = Any
"""An artist, or a container of several, that stands in a legend."""
TITLE, SMALL, TINY = 12.0, 9.0, 8.0
"""Sizes of writing, in points."""
_ON_AXES = "0123456789.,-—% "
_PROBE: dict[Language, str] = {"zh": "中文", "en": "English"}
_LINE = 1.35


@dataclass(frozen=True)
class Stack:
    """Rows of one or more lines of writing, from the top: their middles and the height of all, in lines."""

    places: list[float]
    height: float

    @property
    def inches(self) -> float:
        """How high all rows are."""
        return self.height * SMALL * _LINE / 72


def stacked(labels: Sequence[str], columns: int, gap: float = 0.75) -> tuple[list[str], Stack]:
    """Break the labels of rows into lines, and place the rows one below the other, a gap of some lines between them."""
    broken = ["\n".join(tables.wrapped(label, columns)) for label in labels]
    places, top = [], gap / 2
    for label in broken:
        lines = label.count("\n") + 1
        places.append(top + lines / 2)
        top += lines + gap
    return broken, Stack(places, top - gap / 2)


@dataclass
class Sheet:
    """An axes, the reader's language, and what is written on it. `finished` gives all of it a font that shows it."""

    ax: Axes
    lang: Language
    written: list[Text] = field(default_factory=list)
    under: float = 2.6
    """How far below the axes the legend begins, in lines."""

    def write(self, x: float, y: float, text: str, **style: Any) -> Text:
        """Write a text at a place, in the data's coordinates unless a transform is given."""
        made = self.ax.text(x, y, text, **{"fontsize": SMALL, **style})
        self.written.append(made)
        return made

    def beside(self, y: float, points: float, text: str, **style: Any) -> Text:
        """Write a text to the right of the axes, some points away from them, at a height in the data's coordinates."""
        place: Look = {"xycoords": self.ax.get_yaxis_transform(), "textcoords": "offset points", "annotation_clip": False}
        made = self.ax.annotate(text, (1, y), (points, 0), **{"fontsize": SMALL, "va": "center", **place, **style})
        self.written.append(made)
        return made

    def head(self, title: str, notes: Iterable[str] = (), above: float = 6.0) -> None:
        """Write the title, left, and notes below it in small print, some points above the axes; lines are broken to fit."""
        small = [part for note in notes if note for part in tables.wrapped(note, self.columns(TINY))]
        if small:
            style: Look = {"xycoords": "axes fraction", "textcoords": "offset points", "va": "bottom", "fontsize": TINY, "color": QUIET}
            self.written.append(self.ax.annotate("\n".join(small), (0, 1), (0, above), linespacing=_LINE, **style))
        pad = above + 4 + len(small) * TINY * _LINE * 1.2
        lines = [part for line in title.split("\n") for part in tables.wrapped(line, self.columns(TITLE))]
        self.written.append(self.ax.set_title("\n".join(lines), loc="left", fontsize=TITLE, pad=pad, linespacing=_LINE))

    def columns(self, size: float, side: str = "width") -> int:
        """Return how many columns of writing of a size go along a side of the axes: a Chinese character takes two."""
        inches = getattr(self.ax.get_window_extent(), side) / self.ax.figure.dpi
        return max(int(72 * inches / (0.54 * size)), 16)

    def legend(self, handles: Sequence[Handle]) -> None:
        """Explain marks below the axes, in as many columns as fit; handles carry their labels."""
        labels = [str(handle.get_label()) for handle in handles]
        widest = max(map(tables.width, labels), default=0) + 7
        count = max(min(self.columns(SMALL) // widest, len(labels)), 1)
        place: Look = {"loc": "upper left", "bbox_to_anchor": (0, 0), "borderaxespad": self.under, "frameon": False}
        made = self.ax.legend(handles=handles, labels=labels, ncols=count, fontsize=SMALL, handlelength=2.2, **place)
        self.written += made.get_texts()

    def label_axes(self, x: str, y: str) -> None:
        """Say what the axes measure, broken to their lengths."""
        self.under += 1.4 * len(tables.wrapped(x, self.columns(SMALL)))
        for write, words, size in ((self.ax.set_xlabel, x, self.columns(SMALL)), (self.ax.set_ylabel, y, self.columns(SMALL, "height"))):
            self.written.append(write("\n".join(tables.wrapped(words, size)), fontsize=SMALL, linespacing=1.2))

    def rows(self, labels: Sequence[str], stack: Stack) -> None:
        """Write labels of rows to the left, each at its height, the first on top."""
        self.ax.set_ylim(stack.height, 0)
        self.ax.set_yticks(stack.places, labels)
        self.ax.tick_params(axis="y", length=0)
        for label in self.ax.get_yticklabels():
            label.set_linespacing(1.2)
            self.written.append(label)

    def plain(self) -> None:
        """Take away the frame but for the axes themselves, and put quiet lines behind the values."""
        for side in ("top", "right"):
            self.ax.spines[side].set_visible(False)
        self.ax.tick_params(labelsize=SMALL)
        self.ax.set_axisbelow(True)

    def finished(self) -> Axes:
        """Give everything that was written fonts that show it, and return the axes."""
        chosen = families([_ON_AXES, *(text.get_text() for text in self.written)], self.lang)
        for text in self.written:
            text.set_fontfamily(chosen)
            text.set_parse_math(False)  # a $ in a label is a dollar
        self.ax.tick_params(labelfontfamily=chosen)
        return self.ax


def sheet(ax: Axes | None, lang: Language, size: tuple[float, float]) -> Sheet:
    """Return a sheet on the axes that is given, or on that of a new figure of a size in inches.

    Raises `MissingExtraError` without matplotlib, `KjprojError` for what is neither axes nor language, and where no
    font shows the language.
    """
    if lang not in get_args(Language):
        raise KjprojError(f"lang is {lang!r}; expected 'zh' or 'en'")
    try:
        from matplotlib.axes import Axes
    except ModuleNotFoundError:
        raise MissingExtraError("matplotlib", "plot") from None
    families(_PROBE[lang], lang)  # without a font that shows the language nothing is begun
    if ax is None:
        from matplotlib import pyplot

        ax = pyplot.subplots(figsize=size, layout="constrained")[1]
    if not isinstance(ax, Axes):
        raise KjprojError(f"ax is {type(ax).__name__}; expected a matplotlib Axes, such as pyplot.subplots()[1]")
    return Sheet(ax, lang)


def level_ticks(axis: Any, *, logarithmic: bool = False) -> None:
    """Print levels at an axis as the screen does; on a logarithmic one at 1, 2 and 5 times powers of ten."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

    if logarithmic:
        axis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
        axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(lambda level, _: digits(round(level, 10))))


def year_ticks(ax: Axes, first: float, last: float) -> None:
    """Put whole years below, at most a dozen."""
    step = max(-(-int(last - first + 1) // 12), 1)
    years = range(int(first), int(last) + 1, step)
    ax.set_xticks(list(years), [str(year) for year in years])


def chance_ticks(axis: Any, chances: Sequence[float], lang: Language) -> None:
    """Print ends and borders of chances at an axis, in whole per cent."""
    axis.set_ticks(list(chances), [f"{100 * c:.0f}%" if lang == "zh" else f"{100 * c:.0f} %" for c in chances])


