"""The dials of commitments: how far an interim target is believed to be kept."""

from __future__ import annotations

from collections.abc import Iterator

from ...engine.block_posterior import BlockPosterior
from ...projection import Projection
from ...rows import HalfSpace
from ...text import Text
from ..phrases import aim
from .common import Dial, Scope, two_sided


def commitments(projection: Projection, scope: Scope) -> Iterator[Dial]:
    """Yield a dial a commitment of the scenario: with a credibility of 0, and kept for certain."""
    study = projection.study
    for commitment in projection.scenario.commitments:
        target = study.target(commitment.target)
        ((half,),) = target.requirement(study)
        for block in scope.blocks:
            if any(own == half for own, _ in block.coins):
                zh = f"{target.year}年{aim(study, target, 'zh')}不兑现或必定兑现"
                en = f"{aim(study, target, 'en')} in {target.year}: not counted on, or kept for certain"
                none, sure = (_with(projection, block, half, chance) for chance in (0.0, 1.0))
                yield two_sided("commitment", target.name, Text(zh=zh, en=en), none, sure, ("none", "certain"))


def _with(projection: Projection, block: BlockPosterior, half: HalfSpace, chance: float) -> Projection:
    coins = tuple((own, chance if own == half else credibility) for own, credibility in block.coins)
    return projection.replacing(block, block.sharing(coins=coins))
