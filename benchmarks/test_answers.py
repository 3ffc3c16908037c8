"""How long answers about the bundled study take: `python -m pytest benchmarks --benchmark-enable`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import kjproj as kj

Benchmark = Callable[..., Any]
STUDY = kj.datasets.yueyang()
TARGETS = ["rd_spending_2025", "rd_intensity_2025", "rd_intensity_2022"]


@pytest.fixture(scope="module")
def solved() -> kj.Projection:
    """A projection whose nodes are placed already."""
    projection = kj.project(STUDY)
    kj.probability(projection, TARGETS[0])
    return projection


def test_project_and_summary(benchmark: Benchmark) -> None:
    """The whole main job, from the study to the text."""
    text = benchmark(lambda: kj.summary(kj.project(STUDY)).to_text("zh", 110))
    assert "150" in text


@pytest.mark.parametrize("count", [1, 2, 3])
def test_first_probability(benchmark: Benchmark, count: int) -> None:
    """A probability from scratch: nodes are placed, conditioned and weighted first."""
    found = benchmark(lambda: kj.probability(kj.project(STUDY), all_of=TARGETS[:count]))
    assert 0.0 < found.value < 1.0


@pytest.mark.parametrize("count", [1, 2, 3])
def test_next_probability(benchmark: Benchmark, solved: kj.Projection, count: int) -> None:
    """Of one target (normal tails), two (bivariate normals) or three (orthants), the nodes being there."""
    found = benchmark(kj.probability, solved, all_of=TARGETS[:count])
    assert found.method == ("closed form", "bivariate normal", "orthant")[count - 1]


def test_sample_100_000_paths(benchmark: Benchmark, solved: kj.Projection) -> None:
    """Paths of three indicators over three years."""
    paths = benchmark(kj.sample, solved, n_paths=100_000)
    assert paths.values["rd_spending"].shape == (100_000, 3)
