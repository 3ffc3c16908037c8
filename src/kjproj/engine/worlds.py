"""What paths consist of: rows of places from normals or from draws, and what scenarios ask of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..numerics.tally import Bins
from ..shocks import PseudoRandom, numbered
from .sampling import Job
from .steps import Step, steps_of

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Source:
    """What gives some rows their values: one Gaussian step by step, or draws from a mixture.

    Attributes:
        rows: which of all rows they are, in its own order.
        steps: how its own rows follow from normals; empty where they are drawn by the job.
        streams: the name and column of each normal that the steps use.
        mean: what the values lack, (own rows,).
        sd: how far they spread, (own rows,); not known of what is drawn by the job.
        job: of a mixture, where figures bound something, and for other shocks than pseudo-random ones: what draws them.
    """

    rows: tuple[int, ...]
    steps: tuple[Step, ...]
    streams: tuple[tuple[str, int], ...]
    mean: Floats
    sd: Floats
    job: Job | None = None

    @classmethod
    def of(cls, job: Job, rows: Sequence[int], before: Sequence[int | None]) -> Source:
        """Return the source of a job's functionals; `before` counts its own rows, see `steps_of`."""
        law = job.law.with_one_of_each(job.shared)
        if len(law.mean) > 1 or law.bound is not None or not isinstance(job.shocks, PseudoRandom):
            unknown = np.zeros(law.mean.shape[1])
            return cls(tuple(rows), (), (), unknown, unknown, job)
        moving = (law.factor[0] != 0.0).any(axis=0)
        streams = tuple(one for one, moves in zip(numbered(law.streams), moving, strict=True) if moves)
        factor = law.factor[0][:, moving]
        return cls(tuple(rows), steps_of(factor, before), streams, law.mean[0], np.sqrt((factor**2).sum(axis=1)))

    def alike(self, other: Source) -> bool:
        """Tell whether both give the same values."""
        if self.job is not None or other.job is not None:
            return self.job is other.job
        return self.streams == other.streams and all(map(Step.alike, self.steps, other.steps))


@dataclass(frozen=True)
class World:
    """Places that some scenarios have in common, and what each asks of them.

    Attributes:
        sources: what gives the rows their values.
        sums: rows that are sums of other rows, each with these.
        height: how many rows there are.
        bounds: by scenario, the lower and the upper bounds of the tests.
        bins: over the first rows, those that quantiles are asked of; None for none.
    """

    sources: tuple[Source, ...]
    sums: tuple[tuple[int, tuple[int, ...]], ...]
    height: int
    bounds: tuple[tuple[Floats, Floats], ...]
    bins: Bins | None = None

    @property
    def mirrored(self) -> tuple[tuple[Floats, Floats], ...]:
        """By scenario, the bounds within which the places of paths lie whose mirror images lie within `bounds`."""
        return tuple((-upper, -lower) for lower, upper in self.bounds)

    @property
    def is_drawn(self) -> bool:
        """Whether all rows follow from normals of mean 0, so that mirror images of paths are paths as well."""
        return all(source.job is None for source in self.sources)

    @property
    def spread(self) -> Floats:
        """The standard deviation of each row (height,); of sums at most so much, and 0 where it is not known."""
        found = np.zeros(self.height)
        for source in self.sources:
            found[list(source.rows)] = source.sd
        for row, parts in self.sums:
            found[row] = found[list(parts)].sum()
        return found
