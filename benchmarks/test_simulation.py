"""Simulating the reference work, against drawing its normals alone and against what one would pick instead.

Ratios are kept in `extra_info`. Run with `KJPROJ_RATIOS=1 python -m pytest benchmarks/test_simulation.py --benchmark-enable` on
a machine that does nothing else: then sizes are real, and each ratio is held to its limit.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import peers
import pytest
from pairs import HELD, best, kept, ratio, spent
from reference_work import JOINT, YEARS, Work, script
from scipy.special import ndtr, ndtri

import kjproj as kj
from kjproj.engine.steps import steps_of
from kjproj.numerics.passage import first_passage
from kjproj.numerics.rectangles import rectangle

WORK = Work()
PATHS = 2**20
CHUNK = 65_536


@pytest.fixture(scope="module")
def projection() -> kj.Projection:
    """The reference work, solved."""
    solved = kj.project(WORK.study())
    kj.outcomes(solved, method="simulate", n_paths=1000)
    return solved


@pytest.fixture(scope="module")
def threads() -> Iterator[ThreadPoolExecutor]:
    """Two threads."""
    with ThreadPoolExecutor(2) as pool:
        yield pool


@pytest.fixture
def size() -> int:
    """Paths of one call: few where ratios are not held to their limits."""
    return PATHS if HELD else CHUNK


def drawn(chunks: int, pool: ThreadPoolExecutor | None) -> None:
    """Draw the work's normals and nothing else, in blocks, with numpy's SFC64."""

    def chunk(number: int) -> None:
        rng, block = np.random.Generator(np.random.SFC64(number)), np.empty((WORK.n * YEARS, 4096))
        for _ in range(CHUNK // 4096):
            rng.standard_normal(out=block)

    list((pool.map if pool else map)(chunk, range(chunks)))


@pytest.mark.parametrize(("q", "limit"), [((), 1.3), ((0.05, 0.25, 0.5, 0.75, 0.95), 1.7)], ids=["chances", "quantiles"])
def test_against_drawing_alone(
    benchmark: Any, projection: kj.Projection, threads: ThreadPoolExecutor, size: int, q: tuple[float, ...], limit: float
) -> None:
    """On two threads, how many times the draws everything takes."""

    def ours() -> kj.Estimate:
        return kj.outcomes(projection, method="simulate", n_paths=size, q=q, executor=threads).together

    found = benchmark.pedantic(ours, rounds=3)
    assert abs(found.value - JOINT) < 6 * found.stderr
    kept(benchmark, 1 / ratio(ours, lambda: drawn(size // CHUNK, threads), rounds=9), limit, at_least=False)


@pytest.mark.parametrize(("compiled", "limit"), [(False, 15), (True, 40)], ids=["numpy", "compiled"])
def test_against_a_script(
    benchmark: Any, projection: kj.Projection, threads: ThreadPoolExecutor, size: int, compiled: bool, limit: float
) -> None:
    """On two threads with quantiles, against the script on one: numpy has no other way."""

    def ours() -> kj.Outcomes:
        return kj.outcomes(projection, method="simulate", n_paths=size, executor=threads, compiled=compiled)

    benchmark.pedantic(ours, rounds=3, warmup_rounds=1)
    kept(benchmark, ratio(ours, lambda: script(WORK, size)), limit, at_least=True)


def test_everything_computed(benchmark: Any, projection: kj.Projection, size: int) -> None:
    """All outputs computed, of a projection that is solved, against the script's 2²⁰ paths."""

    def ours() -> kj.Outcomes:
        projection.memory.clear()
        return kj.outcomes(projection)

    found = benchmark(ours)
    assert abs(found.together.value - JOINT) < 3e-5
    kept(benchmark, PATHS / size * spent(lambda: script(WORK, size), 2) / spent(ours, 100), 1000, at_least=True)


def test_everything_computed_from_arrays(benchmark: Any, size: int) -> None:
    """The same from the walks' moments, without a study: chances, all together, first years, quantiles."""
    years, sign, sd = np.arange(1.0, YEARS + 1), WORK.sign, np.sqrt(np.diag(WORK.cov))
    mean, walk = np.abs(WORK.mean)[:, None] * years, np.minimum.outer(years, years)
    cov = sd[:, None, None] ** 2 * walk
    normal = ndtri([0.05, 0.25, 0.5, 0.75, 0.95])

    def ours() -> tuple[Any, ...]:
        chances = ndtr((mean[:, -1] - WORK.goal) / (sd * np.sqrt(YEARS)))
        joint = rectangle(WORK.goal, np.full(12, np.inf), mean[:, -1], YEARS * WORK.cov * np.outer(sign, sign), atol=3e-5)
        first = first_passage(mean, cov, np.full(YEARS, -np.inf), np.repeat(WORK.goal[:, None], YEARS, axis=1), rtol=1e-6, atol=2e-5)
        return chances, joint, first, np.exp(mean[:, :, None] + sd[:, None, None] * np.sqrt(years)[:, None] * normal)

    _, (joint, _), _, _ = benchmark(ours)
    assert abs(joint - JOINT) < 3e-5
    kept(benchmark, PATHS / size * spent(lambda: script(WORK, size), 2) / spent(ours, 100), 1000, at_least=True)


@pytest.mark.parametrize(("peer", "paths", "limit"), [("quantlib", 4096, 250), ("squigglepy", 16_384, 50), ("openturns", 4096, 8)])
def test_against_other_packages(
    benchmark: Any, projection: kj.Projection, threads: ThreadPoolExecutor, size: int, peer: str, paths: int, limit: float
) -> None:
    """Without quantiles, on two threads."""
    pytest.importorskip({"quantlib": "QuantLib"}.get(peer, peer))

    def ours() -> kj.Estimate:
        return kj.outcomes(projection, method="simulate", n_paths=size, q=(), executor=threads).together

    benchmark.pedantic(ours, rounds=3)
    found = ratio(ours, lambda: getattr(peers, peer)(WORK, paths), work=size / paths, rounds=3)
    assert abs(getattr(peers, peer)(WORK, paths) - JOINT) < 6 * np.sqrt(JOINT / paths)
    kept(benchmark, found, limit, at_least=True)


def test_five_scenarios(benchmark: Any, size: int) -> None:
    """Five drifts instead of one, all counted."""
    five = kj.project(WORK.study(slow=(0.0, 0.005, 0.01, 0.015, 0.02)))

    def all_five() -> object:
        return kj.outcomes_by_scenario(five, n_paths=size)

    benchmark.pedantic(all_five, rounds=3)
    found = ratio(lambda: kj.outcomes_by_scenario(five, ["slower_0"], n_paths=size), all_five)
    kept(benchmark, found, 1.6, at_least=False)


def test_two_threads(benchmark: Any, projection: kj.Projection, threads: ThreadPoolExecutor, size: int) -> None:
    """Two threads instead of one."""

    def two() -> object:
        return kj.outcomes(projection, method="simulate", n_paths=size, executor=threads)

    benchmark.pedantic(two, rounds=3)
    found = ratio(lambda: kj.outcomes(projection, method="simulate", n_paths=size), two, rounds=9)
    kept(benchmark, found, 0.6, at_least=False)


def test_time_is_linear(benchmark: Any, projection: kj.Projection, size: int) -> None:
    """A path of ten million costs what one of a hundred thousand does."""
    many = 10_000_000 if size == PATHS else 200_000
    seconds = benchmark.pedantic(best, args=(lambda: kj.outcomes(projection, method="simulate", n_paths=100_000), 9), rounds=1)
    found = best(lambda: kj.outcomes(projection, method="simulate", n_paths=many), 1) / many * 100_000 / seconds
    kept(benchmark, abs(found - 1), 0.15, at_least=False)


@pytest.mark.parametrize("indicators", [2000])
def test_common_factors(benchmark: Any, indicators: int) -> None:
    """One step of two thousand indicators on ten factors and shocks of their own, against a dense factor."""
    rng = np.random.default_rng(0)
    loadings, own = 0.1 * rng.standard_normal((indicators, 10)), np.diag(np.full(indicators, 0.05))
    sparse, x = np.hstack([loadings, own]), np.empty((indicators, 512))
    dense = np.linalg.cholesky(sparse @ sparse.T)
    (apart,), (whole,) = steps_of(sparse, [None] * indicators), steps_of(dense, [None] * indicators)
    z = rng.standard_normal((indicators + 10, 512))
    benchmark.pedantic(lambda: apart.take(z, None, x), rounds=5)
    found = ratio(lambda: apart.take(z, None, x), lambda: whole.take(z[:indicators], None, x))
    kept(benchmark, found, 10, at_least=True)


MEMORY = """
import sys
sys.path.insert(0, {here!r})
from concurrent.futures import ThreadPoolExecutor
from reference_work import Work
import kjproj as kj
projection = kj.project(Work().study())
kj.outcomes(projection, method="simulate", n_paths=10, executor=None)
def peak():
    return int(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]) / 1024
open("/proc/self/clear_refs", "w").write("5")  # the peak is counted from here
before = peak()
with ThreadPoolExecutor(2) as pool:
    kj.outcomes(projection, method="simulate", n_paths={paths}, executor=pool)
print(peak() - before)
"""


def test_memory_is_flat(benchmark: Any, size: int) -> None:
    """MiB above what the imports and a first answer take, with two threads; read as Linux tells it."""
    paths = 10**8 if size == PATHS else 10**6
    here = str(__import__("pathlib").Path(__file__).parent)

    def run() -> float:
        done = subprocess.run([sys.executable, "-c", MEMORY.format(here=here, paths=paths)], capture_output=True, text=True, check=True)
        return float(done.stdout)

    found = benchmark.pedantic(run, rounds=1)
    kept(benchmark, found, 32, at_least=False)
