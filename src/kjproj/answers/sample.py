"""Sample paths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..engine.block_posterior import BlockPosterior
from ..engine.sampling import Job, draw_chunk
from ..engine.unknowns import computed, leaves
from ..errors import KjprojError, NoBasisError
from ..projection import Projection
from ..recipe import Recipe
from ..rows import Terms, Unknown
from ..scales import Scale
from ..shocks import Rng, Shocks, shocks_from
from ..study import Study
from .questions import calendar_year

Floats = NDArray[np.float64]
CHUNK = 65_536
_MOST = 50_000_000


@dataclass(frozen=True, eq=False)
class Paths:
    """Sample paths of every indicator that has a basis; of events their number, of a milestone 1 once it is reached.

    Attributes:
        years: shape (n_years,), from the first year after the last figure's to the last target's.
        values: by indicator, levels in its unit, shape (n_paths, n_years).
        weights: shape (n_paths,), adding up to 1.
        recipe: what reproduces them.
    """

    years: NDArray[np.int64]
    values: Mapping[str, Floats]
    weights: Floats
    recipe: Recipe


def sample(
    projection: Projection,
    n_paths: int = 100_000,
    *,
    rng: Rng | None = None,
    executor: Executor | None = None,
    first_year: int | None = None,
    last_year: int | None = None,
) -> Paths:
    """Draw paths of all indicators that have a basis, conditioned on the figures.

    Args:
        projection: from `kjproj.project`.
        n_paths: how many.
        rng: an int, `SeedSequence`, `Generator` or `Shocks`; that of the projection unless given. With `PseudoRandom`
            every indicator has its own stream, and the bits depend neither on the executor nor on its workers.
        executor: any `concurrent.futures.Executor`; without one, this thread.
        first_year: the study's first open year unless given.
        last_year: the last target's year unless given.

    >>> import kjproj as kj
    >>> projection = kj.project(kj.datasets.yueyang())
    >>> paths = kj.sample(projection, 1000, rng=1)
    >>> paths.values["rd_spending"].shape, paths.years.tolist()
    ((1000, 3), [2023, 2024, 2025])
    """
    count = counted(n_paths)
    first, last = horizon(projection, first_year, last_year)
    names = [i.name for i in projection.study.indicators if _answerable(projection, i.name)]
    unknowns = [Unknown(name, year) for name in names for year in range(first, last + 1)]
    values = drawn(projection, unknowns, count, shocks_of(projection, rng), executor)
    span = last - first + 1
    own = [values[:, i * span : (i + 1) * span] for i in range(len(names))]
    plain = [projection.study.counts_events(name) for name in names]
    levels = {n: x if p else _levels(projection.study.scale(n), x) for n, x, p in zip(names, own, plain, strict=True)}
    weights = np.full(count, 1.0 / count)
    return Paths(np.arange(first, last + 1), levels, weights, projection.recipe)


def counted(n_paths: int) -> int:
    """Return a number of paths; raises `KjprojError` for anything but a whole number in reach."""
    if not isinstance(n_paths, int | np.integer) or isinstance(n_paths, bool) or not 1 <= n_paths <= _MOST:
        raise KjprojError(f"n_paths is {n_paths!r}; expected a whole number from 1 to {_MOST:,}")
    return int(n_paths)


def shocks_of(projection: Projection, rng: Rng | None) -> Shocks:
    """Return the shocks asked for, or those of the projection's seed."""
    return shocks_from(projection.seed if rng is None else rng)


def horizon(projection: Projection, first_year: int | None, last_year: int | None) -> tuple[int, int]:
    """Return the first and the last year of an answer by year."""
    study = projection.study
    first = study.last_past_year + 1 if first_year is None else calendar_year(first_year, "first_year")
    years = [t.year for t in study.targets]
    last = max([*years, first + 4 if not years else first]) if last_year is None else calendar_year(last_year, "last_year")
    if last < first:
        raise KjprojError(f"last_year is {last}, before {first}, the first; give a later one")
    return first, last


def _answerable(projection: Projection, name: str) -> bool:
    study = projection.study
    try:
        if name in projection.events:
            return projection.events[name].outlook is not None
        for leaf in leaves(study, Unknown(name, study.last_past_year + 1)):
            projection.law([((leaf, 1.0),)])
    except NoBasisError:
        return False
    return True


def _levels(scale: Scale, x: Floats) -> Floats:
    return np.asarray(scale.to_level(x), float)


def drawn(
    projection: Projection, unknowns: Sequence[Unknown], n_paths: int, shocks: Shocks, executor: Executor | None
) -> Floats:
    """Return draws of unknowns on their scales, and of events as they count, (n_paths, len(unknowns))."""
    study = projection.study
    parts = dict.fromkeys(part for unknown in unknowns for part in leaves(study, unknown))
    found: dict[Unknown, Floats] = {}
    for block, wanted in _by_block(projection, [p for p in parts if not study.counts_events(p.indicator)]):
        values = _of_block(Job(block.law([((u, 1.0),) for u in wanted]), block.name, shocks), n_paths, executor)
        found.update(zip(wanted, values.T, strict=True))
    for name, posterior in projection.events.items():
        years = [part.year for part in parts if part.indicator == name]
        if years:
            counted_events = posterior.drawn(years, n_paths, shocks)
            found.update((Unknown(name, year), counted_events[:, j]) for j, year in enumerate(years))
    return np.stack([computed(study, unknown, found.__getitem__) for unknown in unknowns], axis=1) if unknowns else np.empty((n_paths, 0))


def total(study: Study, terms: Terms, on: Literal["scale", "level"], column: Mapping[Unknown, Floats]) -> Floats:
    """Return a weighted sum of drawn places, or of the levels there; events count as they are."""
    found: Floats | float = 0.0
    for unknown, weight in terms:
        plain = on == "scale" or study.counts_events(unknown.indicator)
        place = column[unknown]
        found = found + weight * (place if plain else study.scale(unknown.indicator).to_level(place))
    return np.asarray(found)


def _by_block(projection: Projection, unknowns: Sequence[Unknown]) -> list[tuple[BlockPosterior, list[Unknown]]]:
    found: dict[int, tuple[BlockPosterior, list[Unknown]]] = {}
    for unknown in unknowns:
        block = projection.block(unknown.indicator)
        found.setdefault(id(block), (block, []))[1].append(unknown)
    return list(found.values())


def _of_block(job: Job, n_paths: int, executor: Executor | None) -> Floats:
    out = np.empty((n_paths, job.law.mean.shape[1]))
    for start, values in _chunks(job, n_paths, executor):
        out[start : start + len(values)] = values
    return out


def _chunks(job: Job, n_paths: int, executor: Executor | None) -> list[tuple[int, Floats]]:
    starts = list(range(0, n_paths, CHUNK))
    sizes = [min(CHUNK, n_paths - start) for start in starts]
    if executor is None:
        found = [draw_chunk(job, chunk, size) for chunk, size in enumerate(sizes)]
    else:
        futures = [executor.submit(draw_chunk, job, chunk, size) for chunk, size in enumerate(sizes)]
        found = [future.result() for future in futures]
    return list(zip(starts, found, strict=True))

