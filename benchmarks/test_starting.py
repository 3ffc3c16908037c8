"""How long starting takes, beside what numpy and pydantic cost anyway. A measurement, not a gate."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Benchmark = Callable[..., Any]
SRC = Path(__file__).parents[1] / "src"
STARTS = {
    "numpy and pydantic": "import numpy, pydantic",
    "kjproj": "import kjproj",
    "kjproj and the bundled study": "import kjproj; kjproj.datasets.yueyang()",
    "the command": "from kjproj.cli import main; main(['--lang', 'en'])",
}


@pytest.mark.parametrize("name", STARTS)
def test_start(benchmark: Benchmark, name: str) -> None:
    """A fresh interpreter; compare the rows of this table with its first."""
    env = {**os.environ, "PYTHONPATH": str(SRC), "PYTHONUTF8": "1"}

    def start() -> int:
        return subprocess.run(
            [sys.executable, "-c", STARTS[name]], env=env, capture_output=True, check=True
        ).returncode

    assert benchmark.pedantic(start, rounds=5, iterations=1, warmup_rounds=1) == 0
