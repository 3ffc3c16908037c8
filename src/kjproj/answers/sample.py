"""Sample paths."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..engine.block_posterior import BlockPosterior
from ..engine.execution import ahead, in_order, whole_or_kept
from ..engine.sampling import Job, draw_chunk
from ..engine.unknowns import computed, leaves
from ..errors import KjprojError, NoBasisError, WorkerLostError
from ..numbers import digits
from ..progress import OnProgress, Progress
from ..projection import Projection
from ..recipe import Recipe
from ..rows import Terms, Unknown
from ..scales import Scale
from ..shocks import Rng, Shocks, shocks_from
from ..study import Study
from ..tables import Shown, Table
from ..text import Language, Text
from .phrases import label
from .questions import calendar_year

Floats = NDArray[np.float64]
CHUNK = 65_536
_MOST = 50_000_000


@dataclass(frozen=True, eq=False, repr=False)
class Paths(Shown):
    """Sample paths of every indicator that has a basis; of events their number, of a milestone 1 once it is reached.

    Attributes:
        years: shape (n_years,), from the first year after the last figure's to the last target's.
        values: by indicator, levels in its unit, shape (n_paths, n_years).
        weights: shape (n_paths,), adding up to 1.
        recipe: what reproduces them.
        units: by indicator, the unit of its levels.
        labels: by indicator, its name in words.
    """

    years: NDArray[np.int64]
    values: Mapping[str, Floats]
    weights: Floats
    recipe: Recipe
    units: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, Text] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.weights)

    def __repr__(self) -> str:
        return f"Paths({self._counted('en')}, {len(self.values)} indicators, {self.years[0]} to {self.years[-1]})"

    def tables(self, lang: Language) -> tuple[Table, ...]:
        """Return medians with 80 % ranges by indicator and year, of the first 65,536 paths at most."""
        zh = lang == "zh"
        rows = tuple((name, *_ranges(levels[:CHUNK], lang)) for name, levels in self.values.items())
        said = self._counted(lang)
        cells = "；表中为中位数和80%区间" if zh else "; cells are medians with 80 % ranges"
        part = "" if len(self) <= CHUNK else f"（前{CHUNK:,}条）" if zh else f" of the first {CHUNK:,}"
        return (Table(("指标" if zh else "indicator", *map(str, self.years)), rows, notes=(f"{said}{cells}{part}",)),)

    def _counted(self, lang: Language) -> str:
        """Say how many paths there are, and of how many where the drawing was interrupted."""
        count, asked = len(self), self.recipe.asked or len(self)
        if count == asked:
            return f"{count:,}条路径" if lang == "zh" else f"{count:,} paths"
        if lang == "zh":
            return f"{asked:,}条路径中完成{count:,}条后中断"
        return f"interrupted at {count:,} of {asked:,} paths"


def _ranges(levels: Floats, lang: Language) -> Iterator[str]:
    """Say the median and the 80 % range of each year."""
    for low, middle, high in np.quantile(levels, (0.1, 0.5, 0.9), axis=0).T.tolist():
        a, b, c = digits(low), digits(middle), digits(high)
        yield f"{b}（{a}—{c}）" if lang == "zh" else f"{b} ({a} to {c})"


def sample(
    projection: Projection,
    n_paths: int = 100_000,
    *,
    rng: Rng | None = None,
    executor: Executor | None = None,
    first_year: int | None = None,
    last_year: int | None = None,
    on_progress: OnProgress | None = None,
) -> Paths:
    """Draw paths of all indicators that have a basis, conditioned on the figures.

    Ctrl-C (`KeyboardInterrupt`) returns the paths that are finished, the first so many of those asked for; the recipe says how
    many of how many. `WorkerLostError`, where a worker of the executor is lost, has the same as its `partial`.

    Args:
        projection: from `kjproj.project`.
        n_paths: how many.
        rng: an int, `SeedSequence`, `Generator` or `Shocks`; that of the projection unless given. With `PseudoRandom`
            every indicator has its own stream, and the bits depend neither on the executor nor on its workers.
        executor: any `concurrent.futures.Executor`; without one, this thread.
        first_year: the study's first open year unless given.
        last_year: the last target's year unless given.
        on_progress: told (done, total, None) in paths, in this thread: after the first 65,536, then at most every tenth
            of a second, and at the end. What it raises ends the drawing.

    >>> import kjproj as kj
    >>> projection = kj.project(kj.datasets.yueyang())
    >>> paths = kj.sample(projection, 1000, rng=1)
    >>> paths.values["rd_spending"].shape, paths.years.tolist()
    ((1000, 3), [2023, 2024, 2025])
    """
    count, shocks = counted(n_paths), shocks_of(projection, rng)
    first, last = horizon(projection, first_year, last_year)
    names, years = answerable(projection), range(first, last + 1)
    values = {name: np.empty((count, len(years))) for name in names}
    work, done, stopped = Progress(on_progress, count), 0, None
    try:
        with closing(levels_by_chunk(projection, names, years, count, shocks, executor)) as chunks:
            for rows, levels in chunks:
                for name in names:
                    values[name][rows] = levels[name]
                done = rows.stop
                work(done)
    except (KeyboardInterrupt, WorkerLostError) as error:
        stopped = error
    recipe = replace(projection.recipe, shocks=repr(shocks), paths=done, asked=count)
    named = {name: projection.study.unit(name) for name in names}, {name: label(projection.study, name) for name in names}
    found = _first(done, np.arange(first, last + 1), values, recipe, *named) if done else None
    return whole_or_kept(stopped, found, done, count)


def _first(
    done: int, years: NDArray[np.int64], values: Mapping[str, Floats], recipe: Recipe, units: dict[str, str], labels: dict[str, Text]
) -> Paths:
    """Return the first so many paths."""
    kept = {name: levels[:done] for name, levels in values.items()}
    return Paths(years, kept, np.full(done, 1.0 / done), recipe, units, labels)


def levels_by_chunk(
    projection: Projection, names: Sequence[str], years: range, n_paths: int, shocks: Shocks, executor: Executor | None
) -> Generator[tuple[slice, dict[str, Floats]]]:
    """Yield paths chunk by chunk: which they are, and by name levels (events: their number), (size, len(years))."""
    study, span = projection.study, len(years)
    unknowns = [Unknown(name, year) for name in names for year in years]
    with closing(chunks(projection, unknowns, n_paths, shocks, executor)) as found:
        for rows, x in found:
            own = {name: x[:, i * span : (i + 1) * span] for i, name in enumerate(names)}
            yield rows, {n: part if study.counts_events(n) else _levels(study.scale(n), part) for n, part in own.items()}


def answerable(projection: Projection) -> list[str]:
    """Return the indicators that have a basis, in the study's order."""
    return [i.name for i in projection.study.indicators if _answerable(projection, i.name)]


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
    out = np.empty((n_paths, len(unknowns)))
    for rows, x in chunks(projection, unknowns, n_paths, shocks, executor):
        out[rows] = x
    return out


def chunks(
    projection: Projection, unknowns: Sequence[Unknown], n_paths: int, shocks: Shocks, executor: Executor | None
) -> Generator[tuple[slice, Floats]]:
    """Yield the same by chunks of paths, in order: which they are, and their draws, (size, len(unknowns)).

    With `PseudoRandom` the first so many chunks are the same however many are asked for. Who stops early closes the
    generator, and what an executor has not begun is cancelled.
    """
    study = projection.study
    parts = dict.fromkeys(part for unknown in unknowns for part in leaves(study, unknown))
    blocks = _by_block(projection, [p for p in parts if not study.counts_events(p.indicator)])
    jobs = [Job(block.law([((u, 1.0),) for u in wanted]), block.name, shocks, block.shared) for block, wanted in blocks]
    events = {name: [p for p in parts if p.indicator == name] for name in projection.events}
    counts = {
        name: projection.events[name].drawing([part.year for part in wanted], n_paths, shocks)
        for name, wanted in events.items()
        if wanted
    }
    slices = [slice(start, min(start + CHUNK, n_paths)) for start in range(0, n_paths, CHUNK)]
    with closing(_by_chunk(jobs, slices, executor)) as each:
        for rows, values in zip(slices, each, strict=True):
            found = {u: x for (_, wanted), own in zip(blocks, values, strict=True) for u, x in zip(wanted, own.T, strict=True)}
            for name, count in counts.items():
                found.update(zip(events[name], count(rows).T, strict=True))
            columns = [computed(study, unknown, found.__getitem__) for unknown in unknowns]
            yield rows, np.stack(columns, axis=1) if columns else np.empty((rows.stop - rows.start, 0))


def _by_chunk(jobs: Sequence[Job], slices: Sequence[slice], executor: Executor | None) -> Generator[list[Floats]]:
    """Yield every job's draws of one chunk after the other; what is left when that ends is cancelled."""
    tasks = ((job, chunk, rows.stop - rows.start) for chunk, rows in enumerate(slices) for job in jobs)
    n_bytes = max((job.law.factor.nbytes + 8 * CHUNK * job.law.mean.shape[1] for job in jobs), default=0)
    with closing(in_order(draw_chunk, tasks, executor, ahead(n_bytes))) as drawn_parts:
        for _ in slices:
            yield [next(drawn_parts) for _ in jobs]


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
