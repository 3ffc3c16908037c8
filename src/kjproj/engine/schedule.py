"""What happens when: which normals are drawn, which rows come about at once, and where they wait for what takes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from heapq import heappop, heappush

from .steps import Index, Step, index_of
from .worlds import Source, World


@dataclass(frozen=True)
class Draw:
    """What a step takes: the normals in `slots`, of which the generators `fresh` fill some first (generator, slot)."""

    slots: Index
    fresh: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Stage:
    """Rows of a world that come about at once: by a step from normals, by a job's draws, or one as the sum of others.

    Attributes:
        rows: their numbers.
        step, draw: of a step; `before` are the rows that it continues.
        source: of a job.
        parts: of a sum, the rows that it adds up.
        first: where in the world's room they begin.
        takes: where `before` or `parts` are; None without.
    """

    rows: tuple[int, ...]
    step: Step | None = None
    draw: Draw | None = None
    before: tuple[int, ...] = ()
    source: Source | None = None
    parts: tuple[int, ...] = ()
    first: int = 0
    takes: Index | None = None

    @property
    def room(self) -> slice:
        """Where they are put."""
        return slice(self.first, self.first + len(self.rows))


@dataclass(frozen=True)
class Schedule:
    """Streams (name, column) in the order of their drawing, how many normals wait at a time, and by world its stages with their room."""

    streams: tuple[tuple[str, int], ...]
    normals: int
    stages: tuple[tuple[Stage, ...], ...]
    heights: tuple[int, ...]

    @classmethod
    def of(cls, worlds: Sequence[World]) -> Schedule:
        """Return the schedule of worlds that share normals.

        A stream is drawn when a step first takes it, and its slot goes to another once no later step does; so does the room of
        rows. What is used is still in the cache then, and memory stays small.
        """
        streams, draws, normals = _drawn([source for world in worlds for source in world.sources])
        placed = [_placed(_stages(world, draws)) for world in worlds]
        return cls(streams, normals, tuple(stages for stages, _ in placed), tuple(height for _, height in placed))


def _drawn(sources: Sequence[Source]) -> tuple[tuple[tuple[str, int], ...], dict[int, list[Draw]], int]:
    """Return the streams that some sources take, what each of their steps takes (by the source's id), and how many slots."""
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
        taken = Draw(index_of([slot[stream] for stream in streams]), tuple((number[stream], slot[stream]) for stream in fresh))
        draws.setdefault(source, []).append(taken)
        for stream in streams:
            if last[stream] == k:
                heappush(free, slot[stream])
    return tuple(number), draws, height


def _stages(world: World, draws: dict[int, list[Draw]]) -> list[Stage]:
    found = []
    for source in world.sources:
        if source.job is not None:
            found.append(Stage(source.rows, source=source))
        for step, draw in zip(source.steps, draws.get(id(source), ()), strict=True):
            rows, before = (tuple(source.rows[k] for k in numbers) for numbers in (step.rows, step.before or ()))
            found.append(Stage(rows, step, draw, before))
    return found + [Stage((row,), parts=parts) for row, parts in world.sums]


def _placed(stages: Sequence[Stage]) -> tuple[tuple[Stage, ...], int]:
    """Give each stage room, that of rows which no later stage takes where it fits; and return how much there is."""
    last = {row: k for k, stage in enumerate(stages) for row in (*stage.rows, *stage.before, *stage.parts)}
    place: dict[int, int] = {}
    free: list[tuple[int, int]] = []
    height, found = 0, list[Stage]()
    for k, stage in enumerate(stages):
        size = len(stage.rows)
        first = next((first for first, own in free if own == size), height)
        if first == height:
            height += size
        else:
            free.remove((first, size))
        place.update({row: first + j for j, row in enumerate(stage.rows)})
        taken = [place[row] for row in stage.before or stage.parts]
        found.append(replace(stage, first=first, takes=index_of(taken) if taken else None))
        free += [(one.first, len(one.rows)) for one in found if max(last[row] for row in one.rows) == k]
    return tuple(found), height
