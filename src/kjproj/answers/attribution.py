"""Why did the chance change between two projections: which new figure, which assumption, and by how many points?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ..errors import KjprojError, NoBasisError
from ..estimate import Estimate
from ..numbers import per_cent, whole_per_cent
from ..projection import Projection
from ..targets import BaseTarget
from ..text import Language, Text
from .changed.between import Between
from .changed.items import Item
from .changed.walk import Share, turn, walked
from .questions import Names

_NOTHING, _ROUNDING = 1e-12, 1e-9
_COMPUTATION = Item(frozenset(), Text(zh="数值计算误差", en="the error of the computation"), None, None)


@dataclass(frozen=True)
class Part:
    """What one change brought.

    Attributes:
        words: the change.
        published: when it became known; None for what has no date (an assumption, a figure that is withdrawn).
        points: what it brought to the chance, as a probability: 0.05 is five points; exactly 0 where it cannot move it.
        stderr: the standard error of the computation of `points`, rather too large.
    """

    words: Text
    published: date | None
    points: float
    stderr: float = 0.0


@dataclass(frozen=True)
class Attribution:
    """Two chances, and the changes that lead from the one to the other, in the order in which they became known.

    Attributes:
        before, after: the chances.
        parts: the changes; their points add up to after − before.
        notes: changes that could not be taken apart, and why.
    """

    before: Estimate
    after: Estimate
    parts: tuple[Part, ...]
    notes: tuple[Text, ...] = ()

    def to_text(self, lang: Language) -> str:
        """Return a list: "51% → 59%:", then a line a change. Points are whole, rounded so that they add up."""
        was, now = (_chance(estimate, lang) for estimate in (self.before, self.after))
        moved = [part for part in self.parts if abs(part.points) > _ROUNDING]
        still = len(self.parts) - len(moved)
        whole = _whole([100 * part.points for part in moved], whole_per_cent(self.after.value) - whole_per_cent(self.before.value))
        lines = [_line(part, points, lang) for part, points in zip(moved, whole, strict=True)]
        if still:
            zh, en = f"- {'另有' if moved else ''}{still}项变化与此无关", f"- {still} {'other ' if moved else ''}change{'s do' if still > 1 else ' does'} not bear on it"
            lines.append(zh if lang == "zh" else en)
        if not self.parts:
            lines.append("- 前后没有变化" if lang == "zh" else "- nothing was changed")
        lines += [f"- {note(lang)}" for note in self.notes]
        return "\n".join([f"{was} → {now}{'：' if lang == 'zh' else ':'}", *lines])

    def __str__(self) -> str:
        return self.to_text("en")

    def to_dict(self) -> dict[str, Any]:
        """Return the chances and the parts as plain data."""
        parts = [
            {"zh": p.words("zh"), "en": p.words("en"), "published": p.published and p.published.isoformat(), "points": p.points, "stderr": p.stderr}
            for p in self.parts
        ]
        chances = {name: {"value": e.value, "stderr": e.stderr, "method": e.method} for name, e in (("before", self.before), ("after", self.after))}
        return {**chances, "parts": parts, "notes": [{"zh": note("zh"), "en": note("en")} for note in self.notes]}


def attribution(
    before: Projection, after: Projection, target: Names | None = None, *, all_of: Iterable[Names] | None = None
) -> Attribution:
    """Say why a chance is another one than it was: what each new figure, revision and assumption brought, in points.

    The changes are made one day after the other, in the order in which they were published (a figure's own date, else
    its source's, else the end of its year). Those of one day are shared out by their Shapley value: the mean of what each
    brings over all orders, so that no order is preferred. First of all the day from which one looks ahead moves on; last
    comes what has no date: assumptions, breaks, targets without a dated source, figures that are withdrawn. A revision and
    what it revises are one change; so are figures of one indicator and year that take the place of others. What touches
    no figure, correlation or belief that bears on the target gets exactly 0. With v the chance and D the changes up to a
    day, the changes of that day share v(D with them) − v(D).

    Args:
        before: a projection of the older study, from `kjproj.project`.
        after: a projection of the newer one, with the same `rng` and `nodes`.
        target: a target's name, looked up in each study (another bound is a change), or a target.
        all_of: several of them, to be met together, in its place.

    Raises:
        NoBasisError: where one of the two studies does not answer the target at all.
        KjprojError: unless exactly one of `target` and `all_of` is given, or for projections that do not compare.

    Source: Shapley (1953), A value for n-person games, doi 10.1515/9781400881970-018.

    >>> import kjproj as kj
    >>> old = kj.datasets.yueyang()
    >>> figure = kj.evidence.Level(indicator="rd_intensity", year=2022, value="2.41", published="2023-09-20")
    >>> new = kj.Study.from_dict({**old.with_evidence(figure).to_dict(), "as_of": "2023-09-30"})
    >>> print(kj.attribution(kj.project(old), kj.project(new), "rd_spending_2025"))
    51 % → 59 %:
    - 2023-09-20, R&D intensity 2.41 % in 2022: +8 points
    - 1 other change does not bear on it
    """
    for which, projection in (("before", before), ("after", after)):
        if not isinstance(projection, Projection):
            raise KjprojError(f"{which} is {type(projection).__name__}; expected a projection, from kjproj.project")
    if (target is None) == (all_of is None):
        raise KjprojError("give a target, or all_of for several together")
    asked = _asked(before, after, target if target is not None else all_of or [])
    between = Between.of(before, after, asked)
    start, end = (_answered(which, between, made) for which, made in (("before", ()), ("after", between.moving)))
    shares, notes = walked(between)
    found = [*shares, *(Share(item, 0.0, 0.0) for item in between.still)]
    if not between.moving and abs(end.value - start.value) > _NOTHING:
        found.append(Share(_COMPUTATION, end.value - start.value, start.stderr + end.stderr))
    found.sort(key=lambda share: (turn(share.item, between), -abs(share.points), share.item.order))
    return Attribution(start, end, tuple(Part(s.item.words, s.item.published, s.points, s.stderr) for s in found), notes)


def _asked(before: Projection, after: Projection, targets: Names | Iterable[Names]) -> tuple[Names, ...]:
    """Return what is asked: targets that are handed in, and names that at least one of the studies knows."""
    several = (targets,) if isinstance(targets, str | BaseTarget) else tuple(targets)
    if not several:
        raise KjprojError("no target given; name at least one")
    known = {target.name for target in (*before.study.targets, *before.study.questions)}
    for one in several:
        if not (isinstance(one, str) and one in known):
            after.study.target(one)
    return several


def _answered(which: str, between: Between, made: Sequence[Item]) -> Estimate:
    try:
        return between.chance(made)
    except NoBasisError as error:
        raise NoBasisError(f"{which}: {error}; a chance that is there only once has not changed") from None


def _chance(estimate: Estimate, lang: Language) -> str:
    """Say a chance in whole per cent; of a published figure whether it met the target."""
    if estimate.method == "observed":
        met = estimate.value == 1.0
        return ("已完成" if met else "未完成") if lang == "zh" else "met" if met else "missed"
    return per_cent(estimate.value, lang)


def _whole(points: Sequence[float], total: int) -> list[int]:
    """Round points to whole ones that add up to a total, by moving as few as possible to the other neighbour."""
    rounded = [round(point) for point in points]
    excess = sum(rounded) - total
    step = 1 if excess > 0 else -1
    by_need = sorted(range(len(points)), key=lambda i: step * (points[i] - rounded[i]))
    for i in by_need[: abs(excess)]:
        rounded[i] -= step
    return rounded


def _line(part: Part, points: int, lang: Language) -> str:
    day = "" if part.published is None else f"{part.published}{'，' if lang == 'zh' else ', '}"
    size = abs(points)
    sign = "+" if points > 0 else "−"
    if lang == "zh":
        said = f"{sign}{size}个百分点" if size else "不足1个百分点"
        return f"- {day}{part.words(lang)}：{said}"
    said = f"{sign}{size} point{'s' if size > 1 else ''}" if size else "less than 1 point"
    return f"- {day}{part.words(lang)}: {said}"
