"""How long first passages take: rare ones, unknown drift and volatility, many regions, seventy years."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from pairs import kept, spent

import kjproj as kj
from kjproj.answers.by_year import reached_by_year
from kjproj.answers.questions import required
from kjproj.numerics.passage import Passage, first_passage, passage_by_year

Benchmark = Callable[..., Any]


def projected(df: int | None, last: int) -> kj.Projection:
    volatility: Any = 0.05 if df is None else {"kind": "scaled_inv_chi2", "df": df, "scale": 0.05}
    motion = {"kind": "brownian", "drift": {"kind": "normal", "mean": 0.05, "sd": 0.03}, "volatility": volatility}
    projection = kj.project(
        kj.Study.from_dict(
            {
                "as_of": "2022-12-31",
                "indicators": [{"name": "x", "unit": "亿元", "motion": motion}],
                "evidence": [{"kind": "level", "indicator": "x", "year": 2022, "value": "100", "error": "0"}],
                "targets": [{"name": "t", "indicator": "x", "year": last, "at_least": "130"}],
            }
        )
    )
    kj.probability(projection, "t")
    return projection


def test_one_in_a_million(benchmark: Benchmark) -> None:
    """Four years, known drift and volatility, to 1 %: 5 ms."""
    t = np.arange(1.0, 5.0)
    mean, cov = 0.05 * t[None], 0.08**2 * np.minimum.outer(t, t)[None]

    def ours() -> Passage | None:
        return first_passage(mean, cov, np.full(4, -np.inf), np.full(4, 0.97), rtol=1e-2, atol=0.0)

    found = benchmark(ours)
    kept(benchmark, 1e3 * spent(ours), 5, at_least=False, unit="ms")
    assert 3e-7 < found.by[0, -1] < 3e-6
    assert found.error[0, -1] < 1e-2 * found.by[0, -1]


@pytest.mark.parametrize("df", [1, 2, 5])
def test_unknown_drift_and_volatility(benchmark: Benchmark, df: int) -> None:
    """Three years, to 5e-6: 5 ms, all years at once."""
    projection = projected(df, 2025)
    target = projection.study.target("t")
    events = [required(projection.study, target.model_copy(update={"year": year})) for year in (2023, 2024, 2025)]
    found = benchmark(reached_by_year, projection, events)
    kept(benchmark, 1e3 * spent(lambda: reached_by_year(projection, events)), 5, at_least=False, unit="ms")
    assert found[-1].stderr < 5e-6


@pytest.mark.parametrize("df", [None, 5])
def test_seventy_years(benchmark: Benchmark, df: int | None) -> None:
    """Well under a second."""
    projection = projected(df, 2092)
    found = benchmark(kj.when, projection, "t", until=2092)
    assert found.reached[2092].method == "quadrature"


def test_ten_thousand_regions(benchmark: Benchmark) -> None:
    """Four years each: 10 µs a region."""
    rng = np.random.default_rng(0)
    start, drift, sd = rng.normal(4.6, 0.3, 10_000), rng.normal(0.06, 0.03, 10_000), rng.uniform(0.03, 0.12, 10_000)
    found = benchmark(passage_by_year, start, drift, sd, start + rng.uniform(0.05, 0.5, 10_000), 4)
    kept(benchmark, 100 * benchmark.stats["min"] if benchmark.stats else 0.0, 10, at_least=False, unit="µs")
    assert found.error.max() < 1e-4
