"""Dials: every assumption on which a set of targets rests, with the settings that it is turned to. One kind a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ...projection import Projection
from ...targets import BaseTarget
from .commitments import commitments
from .common import Dial, Scope, scope_of
from .correlations import correlations
from .declared import declared
from .events import rates
from .figures import figures, nuisances
from .parameters import parameters

__all__ = ["Dial", "dials"]

_KINDS: tuple[Callable[[Projection, Scope], Iterator[Dial]], ...] = (
    declared,
    parameters,
    correlations,
    figures,
    nuisances,
    commitments,
    rates,
)


def dials(projection: Projection, targets: Sequence[BaseTarget]) -> Iterator[Dial]:
    """Yield the dials of the blocks and events that bear on some targets; those of others move nothing.

    They are made one after the other, so that what is computed for one may go before the next.
    """
    scope = scope_of(projection, targets)
    for kind in _KINDS:
        yield from kind(projection, scope)
