"""Every example runs by itself, quickly, and says something."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
EXAMPLES = sorted((ROOT / "examples").glob("[0-9]*.py"))
NUMBERED = sorted((ROOT / "examples").glob("[0-9]*"))
LONGEST = 30.0
"""Seconds. An example takes below five; a noisy machine gets six times as many."""


def test_examples_are_numbered_without_gaps() -> None:
    """01 to the last, scripts and notebooks, so that they can be read in order."""
    numbers = [path.name[:2] for path in NUMBERED]
    assert numbers == [f"{k:02}" for k in range(1, int(numbers[-1]) + 1)]
    assert len(EXAMPLES) >= 8


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_example_runs(path: Path, tmp_path: Path) -> None:
    """An example ends well, in time, from any folder, prints to a person and nothing to the error stream."""
    env = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT / "src"), os.environ.get("PYTHONPATH")])),
        "PYTHONUTF8": "1",
    }
    started = time.perf_counter()
    command = [sys.executable, str(path)]
    run = subprocess.run(command, capture_output=True, encoding="utf-8", cwd=tmp_path, env=env, check=False)
    assert run.returncode == 0, run.stderr
    assert run.stderr == ""
    assert len(run.stdout.splitlines()) >= 4
    assert time.perf_counter() - started < LONGEST
    assert list(tmp_path.iterdir()) == []
    docstring = path.read_text(encoding="utf-8").split('"""')[1]
    assert "?" in docstring, "the docstring says the question that the example answers"
