"""When each normal is drawn, and in which slot it waits for the steps that take it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

from .steps import Index, index_of
from .worlds import Source


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
        taken = Draw(index_of([slot[stream] for stream in streams]), tuple((number[stream], slot[stream]) for stream in fresh))
        draws.setdefault(source, []).append(taken)
        for stream in streams:
            if last[stream] == k:
                heappush(free, slot[stream])
    return tuple(number), draws, height
