"""Paths in blocks that stay in the cache: drawn, moved, asked and counted in place; only whole numbers are kept.

What is asked for are weighted sums of standard normals. Their means are not added to them: bounds and bins are moved
instead, so that scenarios that differ in their means share all paths.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

import numpy as np
from numpy.typing import NDArray

from ..numerics.tally import Bins, Counts, Questions, Scratch, Tally
from ..shocks import PseudoRandom, Shocks, numbered
from . import fast
from .sampling import Job, draw_chunk

Floats = NDArray[np.float64]
Index = slice | NDArray[np.intp]
BLOCK = 16_384
_SMALL_PRODUCT = 600_000
_ROUNDING = 1e-14


@dataclass(frozen=True)
class Own:
    """Normals that move one row each: weights (n, 1), of the step's last columns and of `rows` among its rows."""

    rows: Index
    weights: Floats


@dataclass(frozen=True)
class Step:
    """Rows of places at once: matrix·z[columns], added to the rows `before` where there are such.

    Where most normals move a single row (common factors and shocks of one's own), these are multiplied apart.
    """

    rows: Index
    before: Index | None
    columns: tuple[int, ...]
    matrix: Floats
    own: Own | None

    def alike(self, other: Step) -> bool:
        """Tell whether both give the same values from the same normals, but for rounding."""
        mine, its = (step.own.weights if step.own else np.empty(0) for step in (self, other))
        same = self.columns == other.columns and self.matrix.shape == other.matrix.shape and mine.shape == its.shape
        return same and _close(self.matrix, other.matrix) and _close(mine, its)

    def take(self, z: Floats, x: Floats) -> None:
        """Put the rows of x (q, B) from the columns' normals (p, B), by products too small for threads of their own."""
        kept = x[self.rows]
        into = kept if isinstance(self.rows, slice) else np.empty(kept.shape)
        k, p = self.matrix.shape
        width = max(_SMALL_PRODUCT // max(k * p, 1), 64)
        for start in range(0, x.shape[1], width):
            part = slice(start, start + width)
            np.matmul(self.matrix, z[:p, part], out=into[:, part])
        if self.own is not None:
            into[self.own.rows] += self.own.weights * z[p:]
        if self.before is not None:
            into += x[self.before]
        if into is not kept:
            x[self.rows] = into


def steps_of(factor: Floats, before: Sequence[int | None]) -> tuple[Step, ...]:
    """Part places factor·z, (q, p)·(p, B), into products of few columns.

    `before` says of each row which earlier one it continues, if any: it then takes only what it adds to it, where that
    rests on fewer normals. Rows of equal depth are taken at once.
    """
    added, base, depth = _cleared(factor, factor), list(before), list[int]()
    for row, previous in enumerate(before):
        if previous is not None:
            gain = _cleared(factor[row] - factor[previous], factor[row])
            if np.count_nonzero(gain) < np.count_nonzero(added[row]):
                added[row] = gain
            else:
                base[row] = None
        depth.append(0 if (last := base[row]) is None else depth[last] + 1)
    found = []
    for level in range(max(depth, default=-1) + 1):
        rows = [row for row, own in enumerate(depth) if own == level]
        earlier = [last for row in rows if (last := base[row]) is not None]
        columns, matrix, own = _parted(added[rows])
        found.append(Step(_index(rows), _index(earlier) if earlier else None, columns, matrix, own))
    return tuple(found)


def _parted(added: Floats) -> tuple[tuple[int, ...], Floats, Own | None]:
    """Return the columns that move something, those that move one row last where they are most of them; see `Step`."""
    touched = np.count_nonzero(added, axis=0)
    single = np.flatnonzero(touched == 1)
    rows = np.abs(added[:, single]).argmax(axis=0) if len(single) else np.array([], np.intp)
    several = np.flatnonzero(touched > 1)
    if len(single) <= len(several) or len(set(rows.tolist())) < len(rows):
        columns = np.flatnonzero(touched)
        return tuple(columns.tolist()), np.ascontiguousarray(added[:, columns]), None
    own = Own(_index(rows.tolist()), added[rows, single][:, None])
    return (*several.tolist(), *single.tolist()), np.ascontiguousarray(added[:, several]), own


def _close(a: Floats, b: Floats) -> bool:
    return bool(np.abs(a - b).max(initial=0.0) <= _ROUNDING * np.abs(a).max(initial=0.0))


def _cleared(values: Floats, beside: Floats) -> Floats:
    """Return values with what rounding left of zeros cleared: below 1e-14 of the length of the rows beside them."""
    least = _ROUNDING * np.sqrt((beside**2).sum(axis=-1, keepdims=True))
    return np.where(np.abs(values) > least, values, 0.0)


def _index(places: Sequence[int]) -> Index:
    """Return places as a slice where they are equally far apart, so that taking them copies nothing."""
    apart = np.diff(places)
    if len(apart) and apart[0] > 0 and (apart == apart[0]).all():
        return slice(places[0], places[-1] + 1, int(apart[0]))
    return slice(places[0], places[0] + 1) if len(places) == 1 else np.array(places, np.intp)


@dataclass(frozen=True)
class Source:
    """What gives some rows their values: one Gaussian step by step, or draws from a mixture.

    Attributes:
        rows: which of all rows they are.
        steps: how its own rows follow from normals; empty where they are drawn by the job.
        streams: the name and column of each normal that the steps use.
        mean: what the values lack, (own rows,).
        job: of a mixture, where figures bound something, and for other shocks than pseudo-random ones: what draws them.
    """

    rows: Index
    steps: tuple[Step, ...]
    streams: tuple[tuple[str, int], ...]
    mean: Floats
    job: Job | None = None

    @classmethod
    def of(cls, job: Job, rows: Sequence[int], before: Sequence[int | None]) -> Source:
        """Return the source of a job's functionals; `before` counts its own rows, see `steps_of`."""
        law = job.law.with_one_of_each(job.shared)
        if len(law.mean) > 1 or law.bound is not None or not isinstance(job.shocks, PseudoRandom):
            return cls(_index(rows), (), (), np.zeros(law.mean.shape[1]), job)
        moving = (law.factor[0] != 0.0).any(axis=0)
        streams = tuple(one for one, moves in zip(numbered(law.streams), moving, strict=True) if moves)
        return cls(_index(rows), steps_of(law.factor[0][:, moving], before), streams, law.mean[0])

    def alike(self, other: Source) -> bool:
        """Tell whether both give the same values."""
        if self.job is not None or other.job is not None:
            return self.job is other.job
        return self.streams == other.streams and all(map(Step.alike, self.steps, other.steps))


@dataclass(frozen=True)
class World:
    """Places that some scenarios have in common, and what each asks of them.

    Attributes:
        sources: what gives the rows their values.
        sums: rows that are sums of other rows, each with these.
        height: how many rows there are.
        bounds: by scenario, the lower and the upper bounds of the tests.
        bins: over the first rows, those that quantiles are asked of; None for none.
    """

    sources: tuple[Source, ...]
    sums: tuple[tuple[int, tuple[int, ...]], ...]
    height: int
    bounds: tuple[tuple[Floats, Floats], ...]
    bins: Bins | None = None


@dataclass(frozen=True)
class Plan:
    """What a worker needs to count a chunk of paths.

    Attributes:
        worlds: the places, by what scenarios have in common.
        questions: what is asked of every scenario.
        shocks: where the normals come from.
        width: how many paths a part of the sample has at a time (see `Tally`).
        compiled: whether compiled loops draw and count (see `fast`).
    """

    worlds: tuple[World, ...]
    questions: Questions
    shocks: Shocks
    width: int
    compiled: bool = False


@dataclass(frozen=True)
class Draw:
    """What a step takes: the normals in `slots`, of which the generators `fresh` fill some first (generator, slot)."""

    slots: Index
    fresh: tuple[tuple[int, int], ...]


def scheduled(sources: Sequence[Source]) -> tuple[tuple[tuple[str, int], ...], dict[int, list[Draw]], int]:
    """Return the streams that some sources take, what each of their steps takes (by the source's id), and how many slots.

    A stream is drawn when a step first takes it, and its slot goes to another once no later step does, so that normals
    are still in the cache when they are used.
    """
    wanted = [(id(s), [s.streams[j] for j in step.columns]) for s in sources for step in s.steps]
    last = {stream: k for k, (_, streams) in enumerate(wanted) for stream in streams}
    number: dict[tuple[str, int], int] = {}
    slot: dict[tuple[str, int], int] = {}
    draws: dict[int, list[Draw]] = {}
    free: list[int] = []
    height = 0
    for k, (source, streams) in enumerate(wanted):
        fresh = [stream for stream in streams if stream not in number]
        for stream in fresh:
            if not free:
                free.append(height)
                height += 1
            number[stream], slot[stream] = len(number), heappop(free)
        taken = Draw(_index([slot[stream] for stream in streams]), tuple((number[stream], slot[stream]) for stream in fresh))
        draws.setdefault(source, []).append(taken)
        for stream in streams:
            if last[stream] == k:
                heappush(free, slot[stream])
    return tuple(number), draws, height


class Walker:
    """Walks the paths of one chunk block by block, in room that is used again."""

    def __init__(self, plan: Plan, chunk: int, size: int) -> None:
        self.plan, self.size, self.block = plan, size, min(size, BLOCK)
        sources = [source for world in plan.worlds for source in world.sources]
        streams, self.draws, height = scheduled(sources)
        self.generators = [_generator(plan.shocks, *stream, chunk) for stream in streams]
        self.drawn = {id(s): draw_chunk(s.job, chunk, size).T for s in sources if s.job is not None}
        self.normals = np.empty((height, self.block))
        self.rooms = [np.empty((world.height, self.block)) for world in plan.worlds]
        self.fill = fast.compiled(fast.fill) if plan.compiled else _fill

    def __iter__(self) -> Iterator[tuple[int, list[Floats]]]:
        """Yield the number of each block's first path, and by world the places of its paths, (q, B)."""
        for start in range(0, self.size, self.block):
            block = slice(start, min(start + self.block, self.size))
            found = [room[:, : block.stop - start] for room in self.rooms]
            for world, x in zip(self.plan.worlds, found, strict=True):
                for source in world.sources:
                    self._fill(source, x, block)
                for row, parts in world.sums:
                    np.sum(x[list(parts)], axis=0, out=x[row])
            yield start, found

    def _fill(self, source: Source, x: Floats, block: slice) -> None:
        if source.job is not None:
            x[source.rows] = self.drawn[id(source)][:, block]
            return
        in_place, size = isinstance(source.rows, slice), x.shape[1]
        own = x[source.rows] if in_place else np.empty((len(source.mean), size))
        for step, draw in zip(source.steps, self.draws[id(source)], strict=True):
            for k, slot in draw.fresh:
                self.fill(self.generators[k], self.normals[slot, :size])
            step.take(self.normals[draw.slots, :size], own)
        if not in_place:
            x[source.rows] = own


def _fill(generator: np.random.Generator, out: Floats) -> None:
    generator.standard_normal(out=out)


def _generator(shocks: Shocks, name: str, column: int, chunk: int) -> np.random.Generator:
    assert isinstance(shocks, PseudoRandom)  # no other source has streams
    return shocks.generator(name, column, chunk)


def tally_chunk(plan: Plan, chunk: int, first: int, size: int) -> list[Tally]:
    """Return what is counted on one chunk of paths, world by world; `first` is the number of its first path."""
    tallies = [Tally.empty(len(world.bounds), plan.questions.size, world.bins) for world in plan.worlds]
    count = _counter(plan, min(size, BLOCK))
    for start, places in Walker(plan, chunk, size):
        for tally, world, x in zip(tallies, plan.worlds, places, strict=True):
            tally.add(x, plan.questions, world.bounds, first + start, plan.width)
            if world.bins is not None and tally.binned is not None:
                count(world.bins, x[: len(world.bins.low)], tally.binned)
    return tallies


def _counter(plan: Plan, block: int) -> Callable[[Bins, Floats, Counts], None]:
    if plan.compiled:
        return lambda bins, x, total: fast.compiled(fast.count)(x, *bins.places(), total)
    scratch = Scratch(block)
    return lambda bins, x, total: bins.count(x, total, scratch)
