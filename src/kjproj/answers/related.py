"""Which indicators bear on a target: those of its blocks, and what is derived from them."""

from __future__ import annotations

from collections.abc import Iterable

from ..engine.unknowns import roots
from ..projection import Projection
from ..study.verdicts import is_linear
from ..targets import BaseTarget
from .regions import dependence


def related(projection: Projection, *targets: BaseTarget) -> list[str]:
    """Return the indicators that share a block, or a draw, with what some targets speak of, in the study's order.

    Derived ones are among them where all that they rest on is, or a target speaks of them.
    """
    study = projection.study
    own = dict.fromkeys(name for target in targets for name in target.indicators)
    counted = {name for name in own if study.counts_events(name)}
    mine = dependence(block for name in own if name not in counted for block in projection.blocks_of(name))
    blocks = [block for block in projection.blocks if dependence([block]) & mine]
    inside = {name for block in blocks for name in (*block.block.moving, *block.block.given)}

    def bears(name: str) -> bool:
        return name in own or (not study.counts_events(name) and is_linear(study, name) and set(roots(study, name)) <= inside)

    return [i.name for i in study.indicators if bears(i.name)]


def shares_a_block(projection: Projection, one: str, others: Iterable[str]) -> bool:
    """Tell whether an indicator rests on a block on which one of some others rests, or one that shares a draw with it."""
    mine = dependence(projection.blocks_of(one))
    return any(mine & dependence(projection.blocks_of(other)) for other in others)
