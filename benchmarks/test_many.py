"""How long many regions take, a region, against a loop over what else there is, in one run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from pairs import kept, spent

import kjproj as kj
from kjproj.motions import Brownian

YEARS, REGIONS = (2019, 2020, 2021, 2022), 10_000
FEW = 60


def levels(rows: int) -> np.ndarray:
    rng = np.random.default_rng(0)
    return 100 * np.exp(np.cumsum(rng.normal(0.08, 0.06, (rows, len(YEARS))), axis=1))


def frame(indicators: int = 1) -> dict[Any, Any]:
    x = levels(REGIONS * indicators)
    columns: dict[Any, Any] = {year: x[:, j] for j, year in enumerate(YEARS)}
    columns["region"] = np.repeat([f"r{i}" for i in range(REGIONS)], indicators).astype(object)
    columns["indicator"] = np.array(["a", "b", "c"][:indicators] * REGIONS, object)
    return columns | {"target": x[:, -1] * np.exp(np.random.default_rng(1).normal(0.3, 0.1, len(x)))}


def microseconds(job: Callable[[], object], count: int, rounds: int = 5) -> float:
    """The least time on the processor of several rounds, for one of `count`."""
    return 1e6 * spent(job, rounds) / count


def many(columns: dict[Any, Any], **options: Any) -> kj.Projections:
    return kj.project_many(columns, levels=YEARS, at_least="target", target_year=2026, indicator="indicator", **options)


def test_one_target(benchmark: Callable[..., Any]) -> None:
    """From columns to chances, against a random walk with drift a series."""
    models = pytest.importorskip("statsforecast.models")
    columns, x = frame(), levels(FEW)
    ours = microseconds(lambda: many(columns).probability, REGIONS)

    def loop() -> None:
        for row in np.log(x):
            models.RandomWalkWithDrift().forecast(y=row, h=4, level=[80])

    theirs = microseconds(loop, FEW, 3)
    kept(benchmark, theirs / ours, 500, at_least=True)
    benchmark.extra_info["microseconds"] = round(ours, 2)
    assert np.isfinite(benchmark(lambda: many(columns).probability)).mean() > 0.99


def test_first_years(benchmark: Callable[..., Any]) -> None:
    """Four yearly checks under flat beliefs, against `kj.when`."""
    projections = many(frame())
    ours = microseconds(projections.first_years, REGIONS, 15)
    some = [projections[f"r{i}"] for i in range(3)]
    theirs = microseconds(lambda: [kj.when(one, "a_2026", until=2026) for one in some], 3, 1)
    kept(benchmark, ours, 10, at_least=False, unit="µs")
    benchmark.extra_info["times_faster_than_one_by_one"] = round(theirs / ours)
    assert len(benchmark(projections.first_years)) == REGIONS


def test_three_together(benchmark: Callable[..., Any]) -> None:
    """Three correlated indicators, against scipy's multivariate normal in a loop."""
    from scipy.stats import multivariate_normal

    columns = frame(3)
    kinds = [kj.Indicator(name=n, unit="index", motion=Brownian(drift=kj.beliefs.Flat(), volatility=0.06)) for n in "abc"]
    ties = {("a", "b"): 0.4, ("a", "c"): 0.3, ("b", "c"): 0.5}
    cov = np.array([[1.0, 0.4, 0.3], [0.4, 1.0, 0.5], [0.3, 0.5, 1.0]])
    ours = microseconds(lambda: many(columns, indicators=kinds, correlations=ties).together(), REGIONS, 15)
    upper = np.random.default_rng(2).normal(size=(FEW, 3))
    theirs = microseconds(lambda: [multivariate_normal(np.zeros(3), cov).cdf(u) for u in upper], FEW, 3)
    kept(benchmark, theirs / ours, 500, at_least=True)
    benchmark.extra_info["microseconds"] = round(ours, 2)
    projections = many(columns, indicators=kinds, correlations=ties)
    assert np.isfinite(benchmark(projections.together).probability).all()
