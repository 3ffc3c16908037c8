"""What sharing the drawing among workers brings: time on two workers over time in this thread. A measurement, not a gate.

`python -m pytest benchmarks/test_engines.py --benchmark-enable -s` also prints the ratios; ideal is 0.5 on two free cores.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from typing import Any

import numpy as np
import psutil
import pytest
from reference_work import Work

import kjproj as kj
from kjproj.engine.execution import in_order

Benchmark = Callable[..., Any]
N = 4 * 65_536
WORK = Work()
BOTH = {"all_of": [f"{name}_2025" for name in WORK.names], "method": "simulate"}


@contextlib.contextmanager
def loky() -> Iterator[Executor]:
    pool = pytest.importorskip("loky").get_reusable_executor(2)
    try:
        yield pool
    finally:
        pool.shutdown(kill_workers=True)


@contextlib.contextmanager
def dask() -> Iterator[Executor]:
    distributed = pytest.importorskip("dask.distributed")
    cluster = distributed.LocalCluster(n_workers=2, processes=True, threads_per_worker=1, dashboard_address=None)
    with cluster, distributed.Client(cluster) as client:
        yield client.get_executor()


ENGINES: dict[str, Callable[[], Any]] = {
    "threads": lambda: ThreadPoolExecutor(2),
    "processes": lambda: ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")),
    "loky": loky,
    "dask": dask,
}


def nothing(_: object) -> None:
    """What a task costs that does nothing."""


def spent(work: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds that work takes, and the seconds of processors, of this process and of all that it started."""
    before, start = processors(), time.perf_counter()
    work()
    return time.perf_counter() - start, processors() - before


def processors() -> float:
    me = psutil.Process()
    return sum(t.user + t.system for t in (p.cpu_times() for p in (me, *me.children(recursive=True))))


def a_chance(projection: kj.Projection, executor: Executor | None) -> object:
    """What comes back is the last year's places."""
    return kj.probability(projection, **BOTH, n_paths=N, executor=executor)


def paths(projection: kj.Projection, executor: Executor | None) -> object:
    """What comes back is everything."""
    found = kj.sample(projection, N, executor=executor)
    return {name: levels.sum() for name, levels in found.values.items()}


CASES = [(engine, a_chance) for engine in ENGINES] + [("threads", paths), ("processes", paths)]


@pytest.mark.parametrize(("engine", "ask"), CASES, ids=[f"{engine} {ask.__name__}" for engine, ask in CASES])
def test_two_workers(benchmark: Benchmark, engine: str, ask: Callable[..., object]) -> None:
    """The least of three, on two workers and in this thread, in turn.

    Half of the processors' ratio is what two free cores would take at best; what is over 0.5 is overhead.
    """
    projection = kj.project(WORK.study())
    with ENGINES[engine]() as pool:
        list(in_order(nothing, [(0,)] * 8, pool))
        wanted = ask(projection, pool)
        empty = spent(lambda: list(in_order(nothing, [(0,)] * 200, pool)))[0] / 200
        alone, shared = [], []
        for _ in range(3):
            alone.append(spent(lambda: ask(projection, None)))
            shared.append(spent(lambda: ask(projection, pool)))
        assert benchmark.pedantic(lambda: ask(projection, None), rounds=1) == wanted
    (ratio, work), (wall, cpu) = (np.min(shared, axis=0) / np.min(alone, axis=0)).tolist(), np.min(alone, axis=0)
    nanoseconds = 1e9 * cpu / (N * 12 * (4 if ask is paths else 1))
    benchmark.extra_info.update(ratio=ratio, processors=work / 2, empty_task=empty, nanoseconds=nanoseconds)
    print(
        f"\n{engine}, {ask.__name__}: {ratio:.2f} of {wall:.2f} s, processors {work / 2:.2f}; an empty task "
        f"{1e3 * empty:.3f} ms; alone {nanoseconds:.0f} ns a path and place"
    )
