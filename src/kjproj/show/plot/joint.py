"""Are two targets met together? Their joint density, both bounds, and the chances of the four quarters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...answers.phrases import label, with_labels
from ...answers.probability import probability
from ...answers.questions import observed
from ...errors import KjprojError, NotAnswerableError
from ...numbers import about_per_cent
from ...projection import Projection
from ...study import Study
from ...targets import BaseTarget, Bounded
from ...text import Language
from .colours import BANDS, FIGURE, QUIET, TARGET
from .density import Density, density
from .labels import circumstances, said, target_words, unit_words
from .sheet import Handle, Look, Sheet, level_ticks, sheet

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_SIZE = (7.0, 6.4)
_MARGIN = 0.08
"""The room beside the regions, as a share."""
_OTHER_SIDE = {"at_least": "less_than", "more_than": "at_most", "at_most": "more_than", "less_than": "at_least"}


def joint(
    projection: Projection, target_a: str | BaseTarget, target_b: str | BaseTarget, *, ax: Axes | None = None, lang: Language = "zh"
) -> Axes:
    """Draw two targets together: where both values may lie, both bounds, and the chance of each quarter.

    The regions are the smallest that hold 50, 80 and 95 %. Where the law of the two values is computed they come from the
    exact mixture of bivariate normals, carried over from the scales to levels; else from 65,536 paths. The four chances
    are `kj.probability`: both met, only the one, only the other, neither; they add up to 1.

    Args:
        projection: from `kjproj.project`.
        target_a: a one-sided target for one value, or its name; along x.
        target_b: another one; along y.
        ax: a matplotlib Axes; that of a new figure unless given.
        lang: "zh" or "en".

    Raises:
        MissingExtraError: without matplotlib (extra `plot`).
        NoBasisError: where the study does not say where an indicator stands, or how it moves.
        NotAnswerableError: for a milestone, a target between two bounds or over several years, one whose figure is
            published, and two about the same value.
        KjprojError: where no installed font shows Chinese.

    >>> import kjproj as kj
    >>> projection = kj.project(kj.datasets.yueyang())
    >>> ax = kj.plot.joint(projection, "rd_spending_2025", "rd_intensity_2025", lang="en")
    >>> [text.get_text().replace(chr(10), ": ") for text in ax.texts if text.get_gid() == "both"]
    ['both met: about 39 %']
    """
    study = projection.study
    targets = _drawable(projection, study.target(target_a)), _drawable(projection, study.target(target_b))
    if targets[0].measured(study).terms == targets[1].measured(study).terms:
        raise NotAnswerableError(f"{targets[0].name} and {targets[1].name} are about one and the same value; draw it with plot.fan")
    quarters, found = quarter_chances(projection, *targets), density(projection, targets)
    page = sheet(ax, lang, _SIZE)
    goals = _figure(study, targets[0]), _figure(study, targets[1])
    handles = [*_regions(page, found), _bounds(page, goals)]
    for name, axis, ends in zip("xy", found.axes, found.window(found.borders([max(BANDS)])[0], goals), strict=True):
        _frame(page, name, ends, logarithmic=axis.logarithmic)
    _quarters(page, targets, quarters)
    page.label_axes(*(_axis_words(study, target, lang, axis.logarithmic) for target, axis in zip(targets, found.axes, strict=True)))
    page.plain()
    page.head(_title(study, targets, lang), [*_how(found, lang), circumstances(projection, lang)])
    page.legend(handles)
    return page.finished()


def _figure(study: Study, target: Bounded) -> float:
    """The target's figure, in the unit of what it is measured by."""
    aimed = target.aimed(study)
    assert aimed is not None  # what is bounded has one
    return aimed


def _drawable(projection: Projection, target: BaseTarget) -> Bounded:
    """Return a target that parts the values in two; raises `NotAnswerableError` for any other."""
    study = projection.study
    if not isinstance(target, Bounded):
        raise NotAnswerableError(f"{target.name} has no value to draw; joint takes two targets with a figure")
    if target.between is not None:
        raise NotAnswerableError(f"{target.name} lies between two bounds; joint takes one-sided targets")
    if observed(projection, target) is not None:
        raise NotAnswerableError(f"the figure of {target.name} is published; joint takes two open targets")
    clauses, measured = target.requirement(study), target.measured(study)
    asked = {unknown for clause in clauses for half in clause for unknown, _ in half.terms}
    if len(clauses) > 1 or len(clauses[0]) > 1 or asked != {unknown for unknown, _ in measured.terms}:
        raise NotAnswerableError(f"{target.name} is not about one value of one year; joint takes targets that are")
    return target


def quarter_chances(projection: Projection, a: Bounded, b: Bounded) -> dict[str, float]:
    """Return the chances that both are met, only the first, only the second, and neither."""
    sides = {"both": (a, b), "only_a": (a, missed(b)), "only_b": (missed(a), b), "neither": (missed(a), missed(b))}
    return {name: probability(projection, all_of=pair).value for name, pair in sides.items()}


def missed(target: Bounded) -> Bounded:
    """Return the target that is met where a one-sided one is not: ≥ 150 becomes < 150."""
    other = {target.bound: None, _OTHER_SIDE[target.bound]: target.figure, "name": f"{target.name}_missed"}
    return target.model_copy(update=other)


def _regions(page: Sheet, found: Density) -> list[Handle]:
    from matplotlib.patches import Patch

    borders = found.borders(list(BANDS))
    top = float(found.height.max()) * (1 + 1e-9)
    levels = sorted({*borders, top})
    if len(levels) < len(BANDS) + 1:
        raise KjprojError("the joint density is too narrow to be drawn")
    page.ax.contourf(found.x, found.y, found.height, levels=levels, colors=list(BANDS.values()), zorder=1)
    page.ax.contour(found.x, found.y, found.height, levels=levels[:-1], colors=QUIET, linewidths=0.6, zorder=2)
    shares = reversed(BANDS.items())
    return [Patch(facecolor=c, edgecolor=QUIET, linewidth=0.6, label=said("region", page.lang).format(f"{100 * w:.0f}")) for w, c in shares]


def _bounds(page: Sheet, goals: tuple[float, float]) -> Handle:
    page.ax.axvline(goals[0], color=TARGET, linewidth=1.8, zorder=4, gid="bound")
    return page.ax.axhline(goals[1], color=TARGET, linewidth=1.8, zorder=4, label=said("target", page.lang), gid="bound")


def _frame(page: Sheet, name: str, ends: tuple[float, float], *, logarithmic: bool) -> None:
    """Set the ends of an axis, with some room, and whether it is logarithmic."""
    low, high = ends
    if logarithmic:
        room = (high / low) ** _MARGIN
        low, high = low / room, high * room
    else:
        room = _MARGIN * (high - low)
        low, high = low - room, high + room
    page.ax.set(**{f"{name}scale": "log" if logarithmic else "linear", f"{name}lim": (low, high)})
    level_ticks(getattr(page.ax, f"{name}axis"), logarithmic=logarithmic)


def _quarters(page: Sheet, targets: tuple[Bounded, Bounded], chances: dict[str, float]) -> None:
    """Write each chance into the outer corner of its quarter."""
    from matplotlib.patheffects import withStroke

    names = {
        "zh": {"both": "两项都完成", "only_a": "只完成前一项", "only_b": "只完成后一项", "neither": "两项都未完成"},
        "en": {"both": "both met", "only_a": "only the first", "only_b": "only the second", "neither": "neither"},
    }[page.lang]
    for name, chance in chances.items():
        x, y = (_corner(target, met=name in ("both", one)) for target, one in zip(targets, ("only_a", "only_b"), strict=True))
        style: Look = {"ha": "right" if x else "left", "va": "top" if y else "bottom", "color": FIGURE, "linespacing": 1.3, "gid": name}
        page.write(
            0.985 if x else 0.015, 0.985 if y else 0.015, f"{names[name]}\n{about_per_cent(chance, page.lang)}",
            transform=page.ax.transAxes, zorder=6, path_effects=[withStroke(linewidth=3, foreground="white")], **style,
        )  # fmt: skip


def _corner(target: Bounded, *, met: bool) -> bool:
    """Whether the quarter lies on the side of the greater values."""
    return target.upwards == met


def _axis_words(study: Study, target: Bounded, lang: Language, logarithmic: bool) -> str:
    name, unit = (target.label or label(study, target.indicator))(lang), unit_words(target.measured(study).unit, lang)
    more = with_labels(study, target, target.qualifier(lang), lang)
    year = f"{target.year}年" if lang == "zh" else f"{target.year}"
    inside = ("，" if lang == "zh" else ", ").join(filter(None, (more, unit, said("log", lang) if logarithmic else "")))
    return f"{year}{name}（{inside}）" if lang == "zh" else f"{name} {year} ({inside})"


def _title(study: Study, targets: tuple[Bounded, Bounded], lang: Language) -> str:
    """Both targets, a line each."""
    a, b = (target_words(study, target, lang) for target in targets)
    return f"{a}\n{b}"


def _how(found: Density, lang: Language) -> list[str]:
    if found.exact:
        return []
    return ["区域由模拟路径得出。" if lang == "zh" else "The regions come from simulated paths."]


