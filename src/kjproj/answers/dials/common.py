"""What the dials share: what they are, what bears on some targets, and how one block's assumptions are exchanged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from ...engine.block_posterior import BlockPosterior
from ...figures import normal_quantile
from ...projection import Projection
from ...targets import BaseTarget
from ...text import Text
from ..questions import required
from ..variations import NODES, Variation

LOW, HIGH = 0.1, 0.9
"""The quantiles of its prior to which a belief is moved."""
DEVIATIONS = normal_quantile(HIGH)
"""How many standard deviations from its mean a normal belief is moved: 1.2816."""


@dataclass(frozen=True)
class Dial:
    """One assumption and what it may be turned to, on either side of what is assumed.

    Attributes:
        kind: see `tornado`.
        about: what it is about; no two of a kind are alike.
        words: the assumption and its settings.
        below, above: the settings, in order; what is assumed lies between the two.
    """

    kind: str
    about: str
    words: Text
    below: tuple[Variation, ...]
    above: tuple[Variation, ...]


@dataclass(frozen=True)
class Scope:
    """What bears on some targets: the posteriors of blocks, and the names of indicators that count events."""

    blocks: tuple[BlockPosterior, ...]
    events: tuple[str, ...]

    def touched(self, other: Projection) -> bool:
        """Tell whether another projection differs in what bears on the targets."""
        kept = set(map(id, other.blocks))
        return any(id(block) not in kept for block in self.blocks)


def scope_of(projection: Projection, targets: Sequence[BaseTarget]) -> Scope:
    """Return what bears on targets that published figures leave open."""
    study = projection.study
    left = [required(study, target) for target in targets]
    halves = [half for one in left if not isinstance(one, bool) for clause in one for half in clause]
    names = dict.fromkeys(unknown.indicator for half in halves for unknown, _ in half.terms)
    counted = tuple(name for name in names if study.counts_events(name))
    blocks = {id(b): b for name in names if name not in counted for b in projection.blocks_of(name)}
    return Scope(tuple(blocks.values()), counted)


def exchanged(projection: Projection, old: BlockPosterior, **fields: Any) -> Projection:
    """Return the projection with other fields of one block: its motions, rows, nuisances or correlation."""
    other = replace(old, block=replace(old.block, **fields), n=min(old.n, NODES))
    return projection.replacing(old, other)


def two_sided(
    kind: str, about: str, words: Text, low: Projection, high: Projection, sides: tuple[str, str] = ("low", "high")
) -> Dial:
    """Return a dial with one setting on either side."""
    below, above = (Variation(kind, f"{about}:{side}", words, p) for side, p in zip(sides, (low, high), strict=True))
    return Dial(kind, about, words, (below,), (above,))
