"""How long joint chances take, and what they save: `python -m pytest benchmarks/test_joint.py --benchmark-enable`.

What is compared is measured in one run, in processor time, each the least of several repeats.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pairs import spent
from scipy.special import ndtri

import kjproj as kj
from kjproj.numerics.factors import factored, loadings
from kjproj.numerics.rectangles import rectangle

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from truth import EACH_YEAR, JOINT, apart, names, twelve, unknown_volatilities

Benchmark = Callable[..., Any]
RAISED = 2.85
"""By so many standard deviations the twelve targets are raised where all of them together are one in two million."""


def box(raised: float = 0.0) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Bounds, mean and covariance of the twelve in their last year, all of them to rise."""
    i = np.arange(12)
    m, sd, p = np.linspace(0.055, 0.005, 12), np.linspace(0.02, 0.12, 12), np.linspace(0.95, 0.5, 12)
    correlation = 0.25 + 0.75 * 0.5 ** np.abs(i[:, None] - i)
    return 4 * m - 2 * sd * (ndtri(p) - raised), np.full(12, np.inf), 4 * m, 4 * correlation * np.outer(sd, sd)


def afresh(projection: kj.Projection, asked: list[str], **more: Any) -> kj.Estimate:
    """The first answer of a projection that is solved."""
    projection.memory.clear()
    return kj.probability(projection, all_of=asked, **more)


@pytest.fixture(scope="module")
def solved() -> kj.Projection:
    projection = kj.project(twelve())
    kj.probability(projection, "at0")
    return projection


def test_the_twelve_in_the_kernel(benchmark: Benchmark) -> None:
    """To a standard error of 1e-4."""
    value, stderr = benchmark(rectangle, *box(), atol=1e-4)
    assert abs(value - JOINT) < 5e-4
    assert stderr < 1.5e-4


@pytest.mark.parametrize("atol", [1e-4, 3e-5])
def test_the_twelve_of_a_projection(benchmark: Benchmark, solved: kj.Projection, atol: float) -> None:
    found = benchmark(afresh, solved, names("at"), atol=atol)
    assert abs(found.value - JOINT) < 5 * atol


def test_a_rare_joint_chance(benchmark: Benchmark) -> None:
    """To 2 % of itself."""
    projection = kj.project(twelve(RAISED))
    kj.probability(projection, "at0")
    found = benchmark(afresh, projection, names("at"), rtol=0.02)
    assert 1e-8 < found.value < 1e-6
    assert found.stderr < 0.03 * found.value


def test_each_at_some_year(benchmark: Benchmark, solved: kj.Projection) -> None:
    found = benchmark(afresh, solved, names("by"), atol=3e-4)
    assert abs(found.value - EACH_YEAR) < 1.5e-3


def paths(n: int, seed: int) -> float:
    """The same from paths, as fast as numpy draws and multiplies them: thresholds hold the drift, one product a block."""
    least, _, four, cov = box()
    root, rng, hits = np.linalg.cholesky(cov / 4.0).T, np.random.Generator(np.random.SFC64(seed)), 0
    drift = four / 4.0
    bounds = least - drift * np.arange(1, 5)[:, None]
    for _ in range(n // 4096):
        x = (rng.standard_normal((4 * 4096, 12)) @ root).reshape(4, 4096, 12)
        met = x[0] >= bounds[0]
        for year in range(1, 4):
            x[year] += x[year - 1]
            met |= x[year] >= bounds[year]
        hits += int(met.all(axis=1).sum())
    return hits / n


def test_lines_are_worth_many_times_their_time_in_paths(solved: kj.Projection) -> None:
    """Time times variance, of paths over that of lines: at least 15."""
    n = 65_536
    assert abs(paths(n, 1) - EACH_YEAR) < 5 * np.sqrt(EACH_YEAR * (1 - EACH_YEAR) / n)
    plain = spent(lambda: paths(n, 2)) * EACH_YEAR * (1 - EACH_YEAR) / n
    stated = np.mean([afresh(kj.project(twelve(), rng=seed), names("by"), atol=3e-4).stderr ** 2 for seed in range(8)])
    lines = spent(lambda: afresh(solved, names("by"), atol=3e-4)) * stated
    print(f"lines are worth {plain / lines:.0f} times their time in paths")
    assert plain / lines > 15.0


@pytest.mark.parametrize(("q", "count"), [(12, 1), (12, 2)])
def test_few_factors(benchmark: Benchmark, q: int, count: int) -> None:
    """Found, and integrated over to 1e-13."""
    loading = np.stack([np.linspace(0.2, 0.6, q), np.linspace(0.6, -0.3, q)][:count], axis=1)
    correlation = loading @ loading.T
    np.fill_diagonal(correlation, 1.0)

    def work() -> tuple[float, float]:
        found = loadings(correlation)
        assert found is not None
        return factored(np.full(q, -np.inf), np.zeros(q), found)

    value, gap = benchmark(work)
    assert 0.0 < value < 1.0
    assert gap < 1e-13


@pytest.mark.parametrize(("correlation", "nodes"), [(0.0, 4096), (0.4, 4096), (1e-9, 4096)])
def test_six_unknown_volatilities(benchmark: Benchmark, correlation: float, nodes: int) -> None:
    """To 1e-4 from a solved block: a product of quadratures without correlation, nodes and points together with it."""
    projection = kj.project(unknown_volatilities(6, correlation), nodes=nodes)
    kj.probability(projection, all_of=names("at", 6))
    found = benchmark(afresh, projection, names("at", 6), atol=1e-4)
    assert found.stderr < 2e-4
    if correlation < 0.1:
        assert abs(found.value - apart(6, 0.0)) < 6e-4


def test_six_unknown_volatilities_from_the_start(benchmark: Benchmark) -> None:
    study = unknown_volatilities(6, 0.4)
    found = benchmark(lambda: kj.probability(kj.project(study), all_of=names("at", 6), atol=1e-4))
    assert found.stderr < 2e-4
