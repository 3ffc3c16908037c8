"""A bias that figures share: another scope, a denominator to be revised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from ..errors import KjprojError
from ..model import Model, Number, Positive
from ..rows import Levels, Nuisance
from ..scales import Log
from ..text import Words

if TYPE_CHECKING:
    from .base import Evidence


class Bias(Model):
    """The logarithm of printed over true is about `mean`, give or take `sd`; figures that name the same bias share it.

    For a figure of a neighbouring statistic (firms for an industry), of the first release of a ratio whose denominator
    a census will revise, of a source known to read high. `mean` 0.02 is 2 % too high.
    """

    name: Annotated[str, Field(min_length=1, max_length=80)]
    mean: Number = 0.0
    sd: Positive
    reason: Words


def biases(item: Evidence) -> tuple[tuple[Nuisance, float], ...]:
    """Return the bias of a figure as a nuisance of its row on the scale `Log`: place + bias = printed."""
    if item.bias is None:
        return ()
    return ((Nuisance(f"bias: {item.bias.name}", item.bias.mean, item.bias.sd), 1.0),)


def check_bias(item: Evidence, levels: Levels) -> None:
    """Raise `KjprojError` where a bias stands on a kind of figure, or a scale, that it does not speak of."""
    if item.bias is None:
        return
    if item.kind not in ("level", "partial") or levels.counts_events(item.indicator):
        raise KjprojError(f"a bias is that of a level or a partial figure; evidence of kind {item.kind!r} has none here")
    if not isinstance(levels.scale(item.indicator), Log):
        raise KjprojError(f"a bias is relative and speaks of the scale log; {item.indicator} is on another")
