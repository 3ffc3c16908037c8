"""Paths in blocks that stay in the cache: drawn, moved, asked and counted in place; only whole numbers are kept.

What is asked for are weighted sums of standard normals. Their means are not added to them: bounds and bins are moved
instead, so that scenarios that differ in their means share all paths.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..numerics.tally import Scratch, Tally
from ..numerics.yes_or_no import Questions
from ..shocks import Antithetic, PseudoRandom, Shocks
from . import fast
from .sampling import draw_chunk
from .schedule import scheduled
from .worlds import Source, World

Floats = NDArray[np.float64]
BLOCK = 16_384


@dataclass(frozen=True)
class Plan:
    """What a worker needs to count a chunk of paths.

    Attributes:
        worlds: the places, by what scenarios have in common.
        questions: what is asked of every scenario.
        shocks: where the normals come from.
        width: how many paths a part of the sample has at a time (see `Tally`).
        compiled: whether a compiled loop does it where all is drawn (see `fast`).
    """

    worlds: tuple[World, ...]
    questions: Questions
    shocks: Shocks
    width: int
    compiled: bool = False

    @property
    def is_drawn(self) -> bool:
        """Whether all rows of all worlds follow from normals of mean 0."""
        return all(world.is_drawn for world in self.worlds)

    @cached_property
    def programs(self) -> tuple[fast.Program, ...]:
        """What the compiled loop does, world by world."""
        return tuple(fast.Program.of(world) for world in self.worlds)

    @property
    def mirrored(self) -> bool:
        """Whether half of the paths are drawn, and the mirror image of each is counted from its very places."""
        return mirrors(self.shocks) and self.is_drawn


def mirrors(shocks: Shocks) -> bool:
    """Tell whether shocks are pseudo-random ones and their mirror images."""
    return isinstance(shocks, Antithetic) and isinstance(shocks.base, PseudoRandom)


def blocks(first: int, start: int, stop: int) -> list[tuple[slice, int]]:
    """Return the blocks of some paths of a chunk, each with the number of its first path; `first` is that of path `start`."""
    return [(slice(k, min(k + BLOCK, stop)), first + k - start) for k in range(start, stop, BLOCK)]


def blocks_of(shocks: Shocks, first: int, size: int) -> list[tuple[slice, int]]:
    """Return the blocks of a chunk with the numbers by which parts of the sample take paths in turn; `first` is its first path.

    A path and its mirror image have one number, so that parts are independent.
    """
    if not isinstance(shocks, Antithetic):
        return blocks(first, 0, size)
    half = -(-size // 2)
    return blocks(first // 2, 0, half) + blocks(first // 2, half, size)


class Walker:
    """Walks paths of one chunk block by block, in room that is used again."""

    def __init__(self, plan: Plan, chunk: int, size: int) -> None:
        self.plan = plan
        sources = [source for world in plan.worlds for source in world.sources]
        streams, self.draws, height = scheduled(sources)
        self.generators = [_generator(plan.shocks, *stream, chunk) for stream in streams]
        self.drawn = {id(s): draw_chunk(s.job, chunk, size).T for s in sources if s.job is not None}
        block = min(size, BLOCK)
        self.normals = np.empty((height, block))
        self.rooms = [np.empty((world.height, block)) for world in plan.worlds]

    def at(self, block: slice) -> list[Floats]:
        """Return by world the places (q, B) of the next block of paths; blocks are asked for in their order."""
        found = [room[:, : block.stop - block.start] for room in self.rooms]
        for world, x in zip(self.plan.worlds, found, strict=True):
            for source in world.sources:
                self._fill(source, x, block)
            for row, parts in world.sums:
                np.sum(x[list(parts)], axis=0, out=x[row])
        return found

    def _fill(self, source: Source, x: Floats, block: slice) -> None:
        if source.job is not None:
            x[source.rows] = self.drawn[id(source)][:, block]
            return
        in_place, size = isinstance(source.rows, slice), x.shape[1]
        own = x[source.rows] if in_place else np.empty((len(source.mean), size))
        for step, draw in zip(source.steps, self.draws[id(source)], strict=True):
            for k, slot in draw.fresh:
                self.generators[k].standard_normal(out=self.normals[slot, :size])
            step.take(self.normals[draw.slots, :size], own)
        if not in_place:
            x[source.rows] = own


def _generator(shocks: Shocks, name: str, column: int, chunk: int) -> np.random.Generator:
    base = shocks.base if isinstance(shocks, Antithetic) else shocks
    assert isinstance(base, PseudoRandom)  # no other source has streams
    return base.generator(name, column, chunk)


def tally_chunk(plan: Plan, chunk: int, first: int, size: int) -> list[Tally]:
    """Return what is counted on one chunk of paths, world by world; `first` is the number of its first path.

    Of mirror images bins have only the originals; see `Tally.mirrored`.
    """
    questions, drawn = plan.questions, -(-size // 2) if plan.mirrored else size
    tallies = [Tally.empty(len(world.bounds), questions.size, world.bins) for world in plan.worlds]
    if plan.compiled and plan.is_drawn:
        _compiled(plan, tallies, chunk, first, drawn, size - drawn)
        return tallies
    asked = [[questions.tests(lower, upper) for lower, upper in world.bounds] for world in plan.worlds]
    reverse = [[questions.tests(-upper, -lower) for lower, upper in world.bounds] for world in plan.worlds]
    walker, scratch = Walker(plan, chunk, drawn), Scratch(min(drawn, BLOCK))
    for block, number in blocks(first // 2, 0, drawn) if plan.mirrored else blocks_of(plan.shocks, first, size):
        for k, (tally, x) in enumerate(zip(tallies, walker.at(block), strict=True)):
            tally.add(x, questions, asked[k], number, plan.width)
            if (images := min(x.shape[1], size - drawn - block.start)) > 0:
                tally.add(x[:, :images], questions, reverse[k], number, plan.width)
            if tally.binned is not None and (bins := plan.worlds[k].bins) is not None:
                bins.count(x[: len(bins.low)], tally.binned, scratch)
    return tallies


def _compiled(plan: Plan, tallies: Sequence[Tally], chunk: int, first: int, drawn: int, images: int) -> None:
    taken = fast.Taken(drawn, images, first // 2 if plan.mirrored else first, plan.width)
    for program, world, tally in zip(plan.programs, plan.worlds, tallies, strict=True):
        streams = [_generator(plan.shocks, *stream, chunk).bit_generator.state["state"]["state"] for stream in program.streams]
        fast.add(tally, world, program, plan.questions, np.array(streams, np.uint64).reshape(-1, 4), taken)
