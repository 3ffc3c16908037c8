"""From the older projection to the newer one, day by day; the changes of one day shared out among them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import NamedTuple

from ...errors import KjprojError, StudyError
from ...numerics.shapley import shapley
from ...text import Text
from .between import Between
from .items import Item, together


class Share(NamedTuple):
    """What one item brought, as a probability, with the error of its computation."""

    item: Item
    points: float
    stderr: float


class _StuckError(Exception):
    """Some items of a group, made without the others, cannot be projected."""

    def __init__(self, made: frozenset[int], why: KjprojError) -> None:
        self.made, self.why = made, why


def turn(item: Item, between: Between) -> tuple[int, date]:
    """Return when an item has its turn: the day looked ahead from moves on first (back, last), then dates, then the rest."""
    if item.moves_the_day:
        return (0 if between.new["as_of",] >= between.old["as_of",] else 3), date.min
    return (2, date.min) if item.published is None else (1, item.published)


def walked(between: Between) -> tuple[tuple[Share, ...], tuple[Text, ...]]:
    """Return what every moving item brought, and what could not be taken apart."""
    ordered = sorted(between.moving, key=lambda item: (turn(item, between), item.order))
    waiting = [[*group] for _, group in groupby(ordered, key=lambda item: turn(item, between))]
    made: list[Item] = []
    shares: list[Share] = []
    notes: list[Text] = []
    while waiting:
        group = waiting.pop(0)
        try:
            shares += _shared(between, made, group)
            made += group
        except _StuckError as stuck:
            left, note = _unstuck(between, made, group, stuck, waiting[0] if waiting else [])
            waiting[: 1 if len(stuck.made) == len(group) else 0] = [left]
            notes.append(note)
    return tuple(shares), tuple(notes)


def _shared(between: Between, made: Sequence[Item], group: Sequence[Item]) -> list[Share]:
    """Share a group out by its Shapley values."""

    def value(chosen: frozenset[int]) -> tuple[float, float]:
        try:
            found = between.chance([*made, *(group[i] for i in chosen)])
        except KjprojError as error:
            raise _StuckError(chosen, error) from None
        return found.value, found.stderr

    value(frozenset(range(len(group))))  # where the whole group cannot stand, none of its parts need be tried
    points, stderr = shapley(value, len(group), seed=between.after.seed)
    return [Share(item, float(p), float(e)) for item, p, e in zip(group, points, stderr, strict=True)]


def _unstuck(
    between: Between, made: Sequence[Item], group: Sequence[Item], stuck: _StuckError, later: Sequence[Item]
) -> tuple[list[Item], Text]:
    """Return a group that may stand: with the next one where it cannot as a whole, else with some items made one."""
    if len(stuck.made) == len(group):
        return [*group, *later], _note(group, later, stuck.why, whole=True)
    alone = _least(between, made, group, stuck.made)
    others = [i for i in range(len(group)) if i not in alone]
    needed = next(([i] for i in others if _stands(between, made, group, alone | {i})), others)
    one = [*(group[i] for i in sorted(alone)), *(group[i] for i in needed)]
    left = sorted([together(one), *(item for item in group if item not in one)], key=lambda item: item.order)
    return left, _note([group[i] for i in sorted(alone)], [group[i] for i in needed], stuck.why, whole=False)


def _least(between: Between, made: Sequence[Item], group: Sequence[Item], chosen: frozenset[int]) -> frozenset[int]:
    """Return a smallest part of the chosen items that cannot stand either."""
    for i in sorted(chosen):
        if len(chosen) > 1 and not _stands(between, made, group, chosen - {i}):
            chosen -= {i}
    return chosen


def _stands(between: Between, made: Sequence[Item], group: Sequence[Item], chosen: frozenset[int]) -> bool:
    try:
        between.chance([*made, *(group[i] for i in chosen)])
    except KjprojError:
        return False
    return True


def _note(first: Sequence[Item], second: Sequence[Item], why: KjprojError, *, whole: bool) -> Text:
    reason = "; ".join(map(str, why.problems)) if isinstance(why, StudyError) else str(why)
    a, b = ({lang: _names(group, lang) for lang in ("zh", "en")} for group in (first, second))
    if whole:
        zh, en = f"{a['zh']}须与{b['zh']}一并分摊", f"{a['en']} shared out together with {b['en']}"
    else:
        zh, en = f"{a['zh']}与{b['zh']}合为一项", f"{a['en']} taken as one with {b['en']}"
    return Text(zh=f"{zh}，单独计入时无法测算：{reason}", en=f"{en}, because by itself it cannot be projected: {reason}")


def _names(group: Sequence[Item], lang: str) -> str:
    words = together(group).words
    return f"“{words('zh')}”" if lang == "zh" else f"“{words('en')}”"
