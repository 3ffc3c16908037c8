"""How long the kernel takes that everything rests on: conditioning at 4,096 nodes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from kjproj.engine.conditioning import Rows, condition, marginal

Benchmark = Callable[..., Any]
NODES, PLACES, FLAT, NORMAL, ROWS = 4096, 12, 2, 13, 3


def test_condition_and_marginal(benchmark: Benchmark) -> None:
    """Two indicators over six years, three rows, two functionals: the size of the bundled study's block."""
    rng = np.random.default_rng(1)
    offset, flat, normal = (rng.standard_normal((NODES, PLACES, *more)) for more in ((), (FLAT,), (NORMAL,)))
    rows = Rows(
        rng.standard_normal((1, ROWS, PLACES)), rng.standard_normal((1, ROWS)), np.full((1, ROWS), 0.01)
    )
    functionals = rng.standard_normal((2, PLACES))

    def job() -> np.ndarray:
        given = condition(offset, flat, normal, rows)
        return marginal(given, functionals, offset, flat, normal).mean

    assert benchmark(job).shape == (NODES, 2)
