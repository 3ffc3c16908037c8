"""Two ways of doing the same, timed in turn in one run: what counts is their ratio."""

from __future__ import annotations

import os
from collections.abc import Callable
from time import perf_counter, process_time
from typing import Any

HELD = os.environ.get("KJPROJ_RATIOS") == "1"
"""Whether ratios are held to their limits: on a machine that does nothing else."""


def ratio(ours: Callable[[], object], theirs: Callable[[], object], *, work: float = 1.0, rounds: int = 5) -> float:
    """Return how many times longer theirs takes: the least times of both, in turn, after one of each to warm up.

    Other machines on the same host take time from both; the least is what is left of that. `work` is how many times more one
    call of ours does.
    """
    ours(), theirs()
    times = [(_seconds(ours), _seconds(theirs)) for _ in range(rounds)]
    mine, its = (min(own) for own in zip(*times, strict=True))
    return work * its / mine


def best(call: Callable[[], object], rounds: int = 9) -> float:
    """Return the least time of a call, in seconds."""
    call()
    return min(_seconds(call) for _ in range(rounds))


def _seconds(call: Callable[[], object]) -> float:
    start = perf_counter()
    call()
    return perf_counter() - start


def kept(benchmark: Any, value: float, limit: float, *, at_least: bool, unit: str = "×") -> None:
    """Keep what was measured with its limit, and hold it to that where ratios are held."""
    benchmark.extra_info.update(measured=float(f"{value:.3g}"), limit=limit, at_least=at_least, unit=unit)
    if HELD:
        assert value >= limit if at_least else value <= limit, f"{value:.4g}; the limit is {limit:g}"


def spent(call: Callable[[], object], rounds: int = 7) -> float:
    """Return the least time on the processor of a call, in seconds."""
    call()
    found = []
    for _ in range(rounds):
        start = process_time()
        call()
        found.append(process_time() - start)
    return min(found)
