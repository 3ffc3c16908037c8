"""What reproduces a result."""

from __future__ import annotations

import sys
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version

import numpy as np

STREAM = 2
"""The version of random streams and node sets: it changes when the same seed gives other draws."""


@dataclass(frozen=True)
class Recipe:
    """The study's digest, the scenario, the seed, and the versions: on one machine they give the same bits.

    Sample paths also say their `shocks`, how many `paths` there are, and how many were `asked` for: an interrupted run has
    the first of these. `given` are the digests of the forecasts that were handed in with it, by indicator; those that the study
    states are in its own digest.
    """

    study: str
    scenario: str
    seed: int
    stream: int
    kjproj: str
    numpy: str
    scipy: str
    python: str
    shocks: str | None = None
    paths: int | None = None
    asked: int | None = None
    given: str | None = None

    @classmethod
    def of(cls, study: str, scenario: str, seed: int) -> Recipe:
        """Return the recipe of a result computed now."""
        python = ".".join(map(str, sys.version_info[:3]))
        ours, scipy = installed_version("kjproj"), installed_version("scipy")
        return cls(study, scenario, seed, STREAM, ours, np.__version__, scipy, python)

    def to_dict(self) -> dict[str, object]:
        """Return the recipe as a dictionary, without what does not apply."""
        return {key: value for key, value in asdict(self).items() if value is not None}


@cache
def installed_version(package: str) -> str:
    """Return the version of an installed package."""
    try:
        return version(package)
    except PackageNotFoundError:  # run from a checkout that was never installed
        return "not installed"
