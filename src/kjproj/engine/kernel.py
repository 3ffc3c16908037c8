"""Paths in blocks that stay in the cache: drawn, moved, asked and counted in place; only whole numbers are kept.

What is asked for are weighted sums of standard normals. Their means are not added to them: bounds and bins are moved
instead, so that scenarios that differ in their means share all paths.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..numerics.tally import Scratch, Tally
from ..numerics.yes_or_no import Bits, Questions
from ..shocks import Antithetic, PseudoRandom, Shocks
from . import fast
from .sampling import draw_chunk
from .schedule import Schedule, Stage
from .steps import index_of
from .worlds import World

Floats = NDArray[np.float64]
BLOCK = 32_768
_APART = 72
"""What rows are longer than blocks, which are powers of two: else all rows would compete for the same places in the cache."""


class Counter:
    """Asks and bins the rows of a world, stage by stage: on either side, of paths and of their mirror images."""

    def __init__(self, questions: Questions, world: World, stages: Sequence[Stage]) -> None:
        self.questions, rows = questions, [stage.rows for stage in stages]
        self.sides = [[questions.tests(*own, rows) for own in bounds] for bounds in (world.bounds, world.mirrored)]
        count = 0 if world.bins is None else len(world.bins.low)
        self.places = [[k for k, row in enumerate(own) if row < count] for own in rows]
        binned = [[row for row in own if row < count] for own in rows]
        self.rows = [index_of(own) for own in binned]
        self.bins = [None if world.bins is None else world.bins.of(own) for own in binned]

    def empty(self, sizes: Sequence[int]) -> list[list[Bits]]:
        """Return room for the tests of so many paths on either side, by scenario."""
        return [[self.questions.empty(size) for _ in tests] if size else [] for tests, size in zip(self.sides, sizes, strict=True)]

    def test(self, stage: int, x: Floats, sizes: Sequence[int], tested: Sequence[Sequence[Bits]]) -> None:
        """Ask the rows x (k, B) of a stage on either side."""
        for tests, size, bits in zip(self.sides, sizes, tested, strict=True):
            for own, into in zip(tests, bits, strict=False):
                own.make(stage, x[:, :size], into)

    def bin(self, stage: int, x: Floats, tally: Tally, scratch: Scratch) -> None:
        """Count the rows of a stage by bins."""
        places, bins = self.places[stage], self.bins[stage]
        if places and bins is not None and tally.binned is not None:
            tally.binned[self.rows[stage]] += bins.count(x if len(places) == len(x) else x[places], scratch)


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
    def schedule(self) -> Schedule:
        """What happens when."""
        return Schedule.of(self.worlds)

    @cached_property
    def counters(self) -> tuple[Counter, ...]:
        """What asks and bins, world by world."""
        return tuple(Counter(self.questions, *both) for both in zip(self.worlds, self.schedule.stages, strict=True))

    @cached_property
    def programs(self) -> tuple[fast.Program, ...]:
        """What the compiled loop does, world by world."""
        return tuple(fast.Program.of(world, self.questions) for world in self.worlds)

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
        self.schedule = plan.schedule
        self.generators = [_generator(plan.shocks, *stream, chunk) for stream in self.schedule.streams]
        jobs = {id(s): s.job for world in plan.worlds for s in world.sources if s.job is not None}
        self.drawn = {key: draw_chunk(job, chunk, size).T for key, job in jobs.items()}
        block = min(size, BLOCK) + _APART
        self.normals = np.empty((self.schedule.normals, block))
        self.rooms = [np.empty((height, block)) for height in self.schedule.heights]

    def at(self, block: slice) -> Iterator[tuple[int, int, Floats]]:
        """Yield the rows (k, B) of the next block of paths as they come about, with the numbers of the world and of its stage.

        Blocks are asked for in their order. Rows are there until the next ones are asked for.
        """
        size = block.stop - block.start
        for world, (stages, room) in enumerate(zip(self.schedule.stages, self.rooms, strict=True)):
            for number, stage in enumerate(stages):
                into = room[stage.room, :size]
                self._fill(stage, room[:, :size], into, block)
                yield world, number, into

    def _fill(self, stage: Stage, room: Floats, into: Floats, block: slice) -> None:
        if stage.source is not None:
            into[:] = self.drawn[id(stage.source)][:, block]
        elif stage.step is not None and stage.draw is not None:
            for k, slot in stage.draw.fresh:
                self.generators[k].standard_normal(out=self.normals[slot, : into.shape[1]])
            before = None if stage.takes is None else room[stage.takes]
            stage.step.take(self.normals[stage.draw.slots, : into.shape[1]], before, into)
        else:
            into[0] = 0.0 if stage.takes is None else np.sum(room[stage.takes], axis=0)


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
    counters = plan.counters
    walker, scratch = Walker(plan, chunk, drawn), Scratch(min(drawn, BLOCK))
    for block, number in blocks(first // 2, 0, drawn) if plan.mirrored else blocks_of(plan.shocks, first, size):
        own = block.stop - block.start
        sizes = own, max(min(own, size - drawn - block.start), 0)
        tested = [counter.empty(sizes) for counter in counters]
        for k, stage, x in walker.at(block):
            counters[k].test(stage, x, sizes, tested[k])
            counters[k].bin(stage, x, tallies[k], scratch)
        for tally, sides in zip(tallies, tested, strict=True):
            for side, paths in zip(sides, sizes, strict=True):
                if paths:
                    tally.add(side, questions, paths, number, plan.width)
    return tallies


def _compiled(plan: Plan, tallies: Sequence[Tally], chunk: int, first: int, drawn: int, images: int) -> None:
    taken = fast.Taken(drawn, images, first // 2 if plan.mirrored else first, plan.width)
    for program, tally in zip(plan.programs, tallies, strict=True):
        streams = [_generator(plan.shocks, *stream, chunk).bit_generator.state["state"]["state"] for stream in program.streams]
        fast.add(tally, program, np.array(streams, np.uint64).reshape(-1, 4), taken)
