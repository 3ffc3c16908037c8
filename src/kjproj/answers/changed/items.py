"""The items by which two projections differ, each of which moves as a whole, and the day on which it became known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ...evidence import Break, Evidence, Rank
from ...projection import Projection
from ...study.standing import published_on
from ...text import Text
from .links import resting_on
from .pieces import Key, Pieces, differ, informing, redefined
from .wording import change_words

_MOST_SAID = 4


@dataclass(frozen=True)
class Item:
    """One change.

    Attributes:
        keys: the pieces that it takes from the newer projection.
        words: what it is.
        published: when it became known; None for what has no date.
        about: the indicators that it touches; None where it may touch all.
    """

    keys: frozenset[Key]
    words: Text
    published: date | None
    about: frozenset[str] | None

    @property
    def moves_the_day(self) -> bool:
        """Whether it moves the day from which one looks ahead."""
        return ("as_of",) in self.keys

    @property
    def order(self) -> list[tuple[str, ...]]:
        """What items are sorted by, whatever the order of the two studies."""
        return sorted(tuple(map(str, key)) for key in self.keys)


def items(before: Projection, after: Projection, old: Pieces, new: Pieces) -> tuple[Item, ...]:
    """Return the changes between two projections, in an order that does not hang on that of their figures.

    Figures on one subject are one item: a revision with what it revises. So are all figures of one indicator and year
    where some went and others came; an indicator that became another quantity, with all that is said about it; and an
    identity with what is assumed about its result.
    """
    keys = [key for key in {**new, **old} if differ(key, old.get(key), new.get(key))]
    groups = _fused(keys, old, new)
    found = [_item(group, before, after, old, new) for group in groups]
    return tuple(sorted(found, key=lambda item: item.order))


def together(several: Sequence[Item]) -> Item:
    """Return items that cannot be taken apart as one."""
    days = [item.published for item in several if item.published is not None]
    about = frozenset(name for item in several for name in item.about or ())
    whole = any(item.about is None for item in several)
    keys = frozenset(key for item in several for key in item.keys)
    return Item(keys, _joined([item.words for item in several]), max(days, default=None), None if whole else about)


def _fused(keys: Sequence[Key], old: Pieces, new: Pieces) -> list[list[Key]]:
    """Part the changed pieces into those that move together."""
    group = {key: [key] for key in keys}
    for link in _links(keys, old, new):
        present = [key for key in keys if key in link]
        merged = list({id(g): g for g in (group[key] for key in present)}.values())
        whole = [key for part in merged for key in part]
        for key in whole:
            group[key] = whole
    return list({id(g): g for g in group.values()}.values())


def _links(keys: Sequence[Key], old: Pieces, new: Pieces) -> Iterable[set[Key]]:
    for key in keys:
        if key[0] == "indicator" and redefined(old[key], new[key]):
            yield {key, *(other for other in keys if key[1] in _speaks_of(other, old, new))}
        if key[0] == "identity":
            yield {key, ("indicator", key[1])}
    figures = [key for key in keys if key[0] == "figures" and not isinstance(_first(key, old, new), Break | Rank)]
    for about in {(key[2], key[3]) for key in figures}:
        own = [key for key in figures if (key[2], key[3]) == about]
        went, came = ([key for key in own if not informing(side.get(key))] for side in (new, old))
        if went and came:
            yield {*went, *came}


def _first(key: Key, old: Pieces, new: Pieces) -> Any:
    return (new.get(key) or old[key])[0]


def _speaks_of(key: Key, old: Pieces, new: Pieces) -> set[str]:
    """The indicators that a piece is about by itself."""
    if key[0] == "figures":
        return {name for side in (old, new) for figure in side.get(key) or () for name in figure.indicators}
    if key[0] == "target":
        return {name for side in (old, new) if key in side for name in side[key].indicators}
    return {str(name) for name in key[1:2]} if key[0] in ("step", "identity") else set()


def _item(keys: Sequence[Key], before: Projection, after: Projection, old: Pieces, new: Pieces) -> Item:
    ordered = sorted(keys, key=lambda key: (key[0] != "indicator", tuple(map(str, key))))
    if all(key[0] == "figures" for key in keys):  # some took the place of others
        was, now = (tuple(figure for key in ordered for figure in informing(side.get(key))) for side in (old, new))
        said = [change_words(ordered[0], was, now, before, after)]
    else:
        said = [change_words(key, old.get(key), new.get(key), before, after) for key in ordered]
    days = [day for key in keys if (day := _day(key, old.get(key), new.get(key), after)) is not None]
    touched = [_touched(key, before, after, old, new) for key in keys]
    about = None if None in touched else frozenset(name for names in touched for name in names or ())
    return Item(frozenset(keys), _joined(said), max(days, default=None), about)


def _joined(several: Sequence[Text]) -> Text:
    """Say several changes as one; of many the first ones."""
    first, more = several[:_MOST_SAID], len(several) - _MOST_SAID
    zh, en = ("；".join(words("zh") for words in first), "; ".join(words("en") for words in first))
    if more > 0:
        zh, en = f"{zh}等{len(several)}项", f"{en} and {more} more"
    return Text(zh=zh, en=en)


def _day(key: Key, old: Any, new: Any, after: Projection) -> date | None:
    """When the newer piece became known: of figures, and of a target that cites another source. A break is an assumption."""
    if key[0] == "figures":
        fresh = [item for item in informing(new) if item not in informing(old) and not isinstance(item, Break)]
        return max((published_on(after.study, item) for item in fresh if isinstance(item, Evidence)), default=None)
    if key[0] == "target" and new.source not in (None, old.source):
        return {source.name: source.published for source in after.study.sources}.get(new.source)
    return None


def _touched(key: Key, before: Projection, after: Projection, old: Pieces, new: Pieces) -> frozenset[str] | None:
    """The indicators that a piece touches, with what they are derived from; None where it may touch all."""
    if key[0] in ("as_of", "repair"):
        return None
    if key[0] == "scenario":
        names = _scenarios(old[key], new[key], before, after)
    elif key[0] == "draws":
        names = {*old[key], *new[key]}
    elif key[0] == "identity":
        names = {name for side in (old, new) if side.get(key) for name in (side[key].result, *side[key].members)}
    elif key[0] in ("figures", "target"):
        names = _speaks_of(key, old, new)
    else:
        names = {str(name) for name in (key[1:] if key[0] == "correlation" else key[1:2])}
    return frozenset(name for one in names for name in resting_on((before, after), one))


def _scenarios(old: Any, new: Any, before: Projection, after: Projection) -> set[str]:
    """The indicators whose changes or commitments are not the same in two scenarios."""
    changes = [{change.indicator: change for change in scenario.changes} for scenario in (old, new)]
    names = {name for name in {**changes[0], **changes[1]} if changes[0].get(name) != changes[1].get(name)}
    for scenario, projection in ((old, before), (new, after)):
        others = {(c.target, c.credibility) for c in (new if scenario is old else old).commitments}
        for commitment in scenario.commitments:
            if (commitment.target, commitment.credibility) not in others:
                names.update(projection.study.target(commitment.target).indicators)
    return names
