"""What workers run in tests of executors: importable by name, so that other processes find it."""

from __future__ import annotations

import hashlib
import os
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from studies import document, inv_chi2, level, normal, target, walk

import kjproj as kj
from kjproj.answers import sample as sampling
from kjproj.shocks import PseudoRandom

CHUNK = 2048
N = 7 * CHUNK + 500
"""Eight chunks, the last one short."""
LAST = 5


def projection() -> kj.Projection:
    """Unknown drift and volatility, a product, a bounded figure, a count of events: every branch of the drawing."""
    study = kj.Study.from_dict(
        document(
            indicators=[
                {"name": "x", "unit": "亿元", "motion": walk(normal(0.07, 0.02), 0.05)},
                {"name": "y", "unit": "%", "motion": walk(normal(0.02, 0.01), inv_chi2(6, 0.03))},
                {"name": "xy", "unit": "亿元"},
                {"name": "z", "unit": "亿元", "motion": walk(0.05, 0.1)},
                {"name": "parks", "unit": "个", "measure": "events"},
            ],
            identities=[{"kind": "product", "result": "xy", "factors": ["x", "y"]}],
            evidence=[
                level("x", 2022, "100", error="0"), level("y", 2022, "2.23", error="0"), level("parks", 2022, "3"),
                {"kind": "bound", "indicator": "z", "year": 2022, "more_than": "50"},
                level("z", 2021, "50", error="0"),
            ],
            targets=[
                target("x_2025", "x", 2025, at_least="125"), target("xy_2025", "xy", 2025, at_least="3"),
                target("parks_2025", "parks", 2025, at_least="4"), target("z_2025", "z", 2025, at_least="60"),
            ],
        )
    )  # fmt: skip
    return kj.project(study)


ASK: dict[str, Any] = {"all_of": ["x_2025", "parks_2025"], "given": "z_2025", "method": "simulate"}


def digest(arrays: dict[str, Any]) -> str:
    """Return the SHA-256 of the bytes of all arrays, in order of their names."""
    found = hashlib.sha256()
    for name in sorted(arrays):
        found.update(np.ascontiguousarray(arrays[name]).tobytes())
    return found.hexdigest()


def answers(of: kj.Projection, executor: Any, rng: Any = 5, n_paths: int = N) -> tuple[str, kj.Estimate]:
    """Return the digest of sample paths, and a chance by simulation."""
    before, sampling.CHUNK = sampling.CHUNK, CHUNK
    try:
        paths = kj.sample(of, n_paths, rng=rng, executor=executor)
        chance = kj.probability(of, **ASK, n_paths=n_paths, rng=rng, executor=executor)
    finally:
        sampling.CHUNK = before
    return digest(dict(paths.values)), chance


@dataclass(frozen=True)
class Deadly(PseudoRandom):
    """The same normals; but a worker that is asked for one of the last chunks kills itself, `times` times in all.

    It waits for the file "go" in the folder `marks`, where it counts.
    """

    marks: str = ""
    parent: int = 0
    times: int = 1

    def normals(self, names: Sequence[str], chunk: int, size: int) -> Any:
        if chunk >= LAST and os.getpid() != self.parent and self._first():
            end = time.monotonic() + 60.0
            while not (Path(self.marks) / "go").exists() and time.monotonic() < end:
                time.sleep(0.01)
            os.kill(os.getpid(), signal.SIGKILL)
        return super().normals(names, chunk, size)

    def _first(self) -> bool:
        for k in range(self.times):
            try:
                (Path(self.marks) / str(k)).touch(exist_ok=False)
            except FileExistsError:
                continue
            return True
        return False


def one_more(x: int) -> int:
    return x + 1


def refuses(x: int) -> int:
    if x == 3:
        raise kj.NotAnswerableError("three is too many")
    return x


def blas_threads(_: int) -> list[int]:
    import threadpoolctl

    return [library["num_threads"] for library in threadpoolctl.threadpool_info() if library["user_api"] == "blas"]


if __name__ == "__main__":  # under `mpiexec -n 2 python -m mpi4py.futures`
    from mpi4py.futures import MPIPoolExecutor

    with MPIPoolExecutor() as pool:
        print(answers(projection(), pool))
