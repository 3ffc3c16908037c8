"""The projections in between: of the older one with some of the changes made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ...errors import KjprojError
from ...estimate import Estimate
from ...projection import Projection
from ...study import Source
from ...study.assumptions import assumptions
from ...targets import BaseTarget
from ..probability import probability
from ..questions import Names
from .items import Item, items
from .links import connected, resting_on
from .pieces import EITHER, Key, Pieces, put_together, taken_apart

Keys = frozenset[Key]
_KEPT = 8


@dataclass(frozen=True, eq=False)
class Between:
    """Two projections, the items by which they differ, and the chance with any of these made.

    Attributes:
        before, after: the projections.
        old, new: their pieces.
        asked: what is asked; a name is that of the target as it stands with the changes that are made.
        moving: the items that may move the answer.
        still: the items that cannot: they touch nothing that bears on it.
        near: the indicators that may bear on what is asked.
    """

    before: Projection
    after: Projection
    old: Pieces
    new: Pieces
    asked: tuple[Names, ...]
    moving: tuple[Item, ...]
    still: tuple[Item, ...]
    near: frozenset[str]
    chances: dict[Keys, Estimate] = field(default_factory=dict)
    projections: dict[Keys, Projection] = field(default_factory=dict)

    @classmethod
    def of(cls, before: Projection, after: Projection, asked: tuple[Names, ...]) -> Between:
        """Take two projections apart; raises `KjprojError` for projections that do not compare."""
        _require_comparable(before, after)
        kept = {c.target for p in (before, after) for c in p.scenario.commitments}
        own = {name for name in asked if isinstance(name, str)}
        old, new = taken_apart(before, own | kept), taken_apart(after, own | kept)
        both, targets = (before, after), [t for name in asked for t in _versions(name, old, new)]
        near = connected(both, {n for t in targets for name in t.indicators for n in resting_on(both, name)})
        found, mine = items(before, after, old, new), {("target", name) for name in own}
        moving = tuple(item for item in found if item.about is None or item.about & near or item.keys & mine)
        return cls(before, after, old, new, asked, moving, tuple(i for i in found if i not in moving), near)

    def chance(self, made: Iterable[Item]) -> Estimate:
        """Return the chance with some of the moving items made; raises `KjprojError` where nothing can be projected."""
        keys = frozenset(key for item in made for key in item.keys)
        if keys not in self.chances:
            targets = [name if isinstance(name, BaseTarget) else self._piece(("target", name), keys) for name in self.asked]
            self.chances[keys] = probability(self._projection(keys), all_of=targets)
        return self.chances[keys]

    def _projection(self, keys: Keys) -> Projection:
        """Return the projection of what bears on the question, with some pieces of the newer one."""
        if not keys or keys == self._changed:
            return self.after if keys else self.before
        scenario = self._piece(("scenario",), keys)
        kept = {commitment.target for commitment in scenario.commitments}
        bearing = frozenset(key for key in keys if key[0] != "target" or key[1] in kept)
        if bearing not in self.projections:
            while len(self.projections) >= _KEPT:  # a posterior may be large
                self.projections.pop(next(iter(self.projections)))
            pieces = {key: self._piece(key, keys) for key in {**self.new, **self.old} if self._bears(key)}
            self.projections[bearing] = put_together(pieces, self.near, self.after, self._sources())
        return self.projections[bearing]

    @cached_property
    def _changed(self) -> Keys:
        return frozenset(key for item in self.moving for key in item.keys)

    def _piece(self, key: Key, keys: Keys) -> Any:
        """Return a piece: the older one where a moving item changes it that is not made, else the newer one."""
        older = key in self._changed and key not in keys
        first, second = (self.old, self.new) if older else (self.new, self.old)
        return first.get(key, second.get(key) if key[0] in EITHER else None)

    def _bears(self, key: Key) -> bool:
        """Tell whether a piece is needed: figures, steps and correlations only of indicators that bear on the question."""
        if key[0] == "figures":
            return key[2] in self.near
        return key[1] in self.near if key[0] in ("step", "correlation") else True

    def _sources(self) -> tuple[Source, ...]:
        found = {source.name: source for p in (self.before, self.after) for source in p.study.sources}
        return tuple(found.values())


def _versions(name: Names, old: Pieces, new: Pieces) -> tuple[BaseTarget, ...]:
    if isinstance(name, BaseTarget):
        return (name,)
    return tuple(side["target", name] for side in (old, new) if ("target", name) in side)


def _require_comparable(before: Projection, after: Projection) -> None:
    """Refuse what was changed after it was projected, because nothing in its study says so; and other randomness."""
    for which, projection in (("before", before), ("after", after)):
        stated = assumptions(projection.study, projection.scenario, {})
        plain = {name: assumed for name, assumed in stated.items() if name not in projection.forecasts}
        if dict(projection.assumed) != plain or any(block.branch for block in projection.blocks):
            raise KjprojError(
                f"{which} was varied or read one way after it was projected; give two projections as kj.project returns "
                "them, and state the difference in the study or its scenario"
            )
    if (before.seed, before.nodes) != (after.seed, after.nodes):
        raise KjprojError(
            f"before has rng {before.seed} and {before.nodes} nodes, after {after.seed} and {after.nodes}; project both with "
            "the same, so that only what was said differs"
        )
