"""What is counted on paths: by workers, chunk by chunk, where places are sums of normals; else on draws handed back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from ..engine.block_posterior import BlockPosterior
from ..engine.execution import ahead, in_order
from ..engine.kernel import BLOCK, Plan, Walker, blocks_of, mirrors, tally_chunk
from ..engine.sampling import Job
from ..engine.schedule import Schedule
from ..engine.unknowns import expand_all
from ..engine.worlds import Source, World
from ..numerics.tally import PARTS, Bins, Scratch, Tally
from ..projection import Projection
from ..rows import Terms, Unknown
from ..shocks import Antithetic, Shocks
from .asked import Asked, has_law
from .sample import CHUNK, chunks, total

Floats = NDArray[np.float64]
Layout = tuple[tuple[Source, ...], tuple[tuple[int, tuple[int, ...]], ...], Floats]
_PILOT = 4096
_KEPT: WeakKeyDictionary[Projection, tuple[Asked, Shocks, Layout]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Sample:
    """How paths are drawn and counted: how many, from which shocks, by whom, for which quantiles (m,), with what loops.

    `mirror` says that the shocks are pseudo-random ones, and mirror images are taken along where they cost nothing.
    """

    n_paths: int
    shocks: Shocks
    mirror: bool
    executor: Executor | None
    q: Floats
    compiled: bool

    @property
    def chunks(self) -> list[tuple[int, int, int]]:
        """The number, the first path and the size of each chunk."""
        starts = range(0, self.n_paths, CHUNK)
        return [(k, start, min(CHUNK, self.n_paths - start)) for k, start in enumerate(starts)]

    @property
    def width(self) -> int:
        """How many numbers of paths a part of the sample takes at a time, so that all parts take some; see `blocks_of`."""
        numbers = self.n_paths // 2 if isinstance(self.shocks, Antithetic) else self.n_paths
        return int(min(BLOCK, 2 ** max(numbers // PARTS, 1).bit_length() // 2))


@dataclass(frozen=True)
class Counted:
    """What was counted under one scenario.

    Attributes:
        shares: of each question, (questions,).
        errors: what each part of the sample adds to their errors, (questions, 64).
            quantiles: of the places on their scales, (places, len(q)).
    """

    shares: Floats
    errors: Floats
    quantiles: Floats


@dataclass(frozen=True)
class SoFar:
    """How many paths are counted, and what was counted on them: both at once, so that Ctrl-C finds them together."""

    paths: int
    tallies: tuple[Tally, ...]

    def plus(self, paths: int, tallies: Sequence[Tally]) -> SoFar:
        """Return the same with another chunk, after which there are so many paths."""
        return SoFar(paths, tuple(own.plus(more) for own, more in zip(self.tallies, tallies, strict=True)))


def straight(study_of: Projection, asked: Asked) -> bool:
    """Tell whether all that is asked rests on weighted sums of places."""
    return all(has_law(study_of.study, one) for one in asked.functionals)


def _bins(pilot: Floats, asked: Asked, sample: Sample) -> Bins | None:
    """Return bins for the places, going by the first paths; None where no quantile is asked for."""
    return Bins.about(pilot[: len(asked.places)], float(sample.q.min()), float(sample.q.max())) if len(sample.q) and asked.places else None


def _counted(tally: Tally, scenario: int, bins: Bins | None, q: Floats) -> Counted:
    shares, errors = tally.shares()
    found = np.empty((0, len(q))) if bins is None or tally.binned is None else bins.quantiles(tally.binned, q)
    return Counted(shares[scenario], errors[scenario], found)


class Worlds:
    """The places of several projections of one study, whose paths workers draw and count."""

    def __init__(self, projections: Sequence[Projection], asked: Asked, sample: Sample) -> None:
        self.asked = asked
        worlds, self.of, self.sample = _mirrored(projections, asked, sample)
        plan = Plan(tuple(worlds), asked.questions, self.sample.shocks, self.sample.width, sample.compiled)
        self.plan = replace(plan, worlds=tuple(replace(w, bins=self._bins(plan, k)) for k, w in enumerate(worlds)))
        self.so_far = SoFar(0, tuple(Tally.empty(len(w.bounds), asked.questions.size, w.bins) for w in self.plan.worlds))

    def run(self) -> Iterator[None]:
        """Count all chunks, in order; after each yield."""
        tasks = [(self.plan, *chunk) for chunk in self.sample.chunks]
        most = ahead(sum(tally.n_bytes for tally in self.so_far.tallies))
        with closing(in_order(tally_chunk, tasks, self.sample.executor, most)) as found:
            for (_, _, first, size), tallies in zip(tasks, found, strict=True):
                self.so_far = self.so_far.plus(first + size, tallies)
                yield

    def counted(self) -> list[Counted]:
        """Return what was counted so far, by projection."""
        found = []
        for world, scenario, offset in self.of:
            tally, bins = self.so_far.tallies[world], self.plan.worlds[world].bins
            tally = tally.mirrored() if self.plan.mirrored else tally
            moved = None if bins is None else bins.moved(offset[: len(self.asked.places)])
            found.append(_counted(tally, scenario, moved, self.sample.q))
        return found

    def _bins(self, plan: Plan, k: int) -> Bins | None:
        """Return bins for the places of a world, by what is known of them or by the first paths."""
        world, q, places = plan.worlds[k], self.sample.q, len(self.asked.places)
        if not len(q) or not places:
            return None
        if world.is_drawn:
            return Bins.normal(world.spread[:places], float(q.min()), float(q.max()))
        few = min(self.sample.n_paths, _PILOT)
        pilot, stages = np.empty((world.height, few)), Schedule.of([world]).stages[0]
        for _, stage, x in Walker(replace(plan, worlds=(world,)), 0, few).at(slice(0, few)):
            pilot[list(stages[stage].rows)] = x
        return _bins(pilot, self.asked, self.sample)


def _mirrored(projections: Sequence[Projection], asked: Asked, sample: Sample) -> tuple[list[World], list[tuple[int, int, Floats]], Sample]:
    """Return what `_laid` does with the sample as it is drawn: mirror images from the same places, where all are drawn."""
    shocks = sample.shocks
    base = shocks.base if isinstance(shocks, Antithetic) and mirrors(shocks) else shocks
    worlds, of = _laid(projections, asked, base)
    if all(world.is_drawn for world in worlds):
        return worlds, of, replace(sample, shocks=Antithetic(base)) if sample.mirror else sample
    return (worlds, of, sample) if base is shocks else (*_laid(projections, asked, shocks), sample)


def _laid(projections: Sequence[Projection], asked: Asked, shocks: Shocks) -> tuple[list[World], list[tuple[int, int, Floats]]]:
    """Return worlds, and of each projection its world, its place among the world's scenarios, and what its rows lack."""
    worlds: list[World] = []
    of = []
    for projection in projections:
        sources, sums, offset = _layout(projection, asked, shocks)
        rows = list(asked.questions.rows)
        bounds = asked.lower - offset[rows], asked.upper - offset[rows]
        for k, world in enumerate(worlds):
            if len(world.sources) == len(sources) and all(map(Source.alike, world.sources, sources)):
                of.append((k, len(world.bounds), offset))
                worlds[k] = replace(world, bounds=(*world.bounds, bounds))
                break
        else:
            of.append((len(worlds), 0, offset))
            worlds.append(World(sources, sums, len(offset), (bounds,)))
    return worlds, of


def _layout(projection: Projection, asked: Asked, shocks: Shocks) -> Layout:
    """Return what `_laid_out` does; the last one of a projection is kept for its next answer."""
    known = _KEPT.get(projection)
    if known is None or known[0] is not asked or known[1] != shocks:
        known = _KEPT[projection] = asked, shocks, _laid_out(projection, asked, shocks)
    return known[2]


def _laid_out(projection: Projection, asked: Asked, shocks: Shocks) -> Layout:
    """Return the sources of all rows, the rows that are sums, and what each row lacks (rows,).

    A functional of several blocks is the sum of rows of each, which follow after all functionals.
    """
    study = projection.study
    spread = [expand_all(study, terms) for terms, _ in asked.functionals]
    offset = [one.offset for one in spread]
    sums: list[tuple[int, tuple[int, ...]]] = []
    own: dict[int, tuple[BlockPosterior, list[tuple[Terms, int]]]] = {}
    for row, one in enumerate(spread):
        parts: dict[int, list[tuple[Unknown, float]]] = {}
        for unknown, weight in one.terms:
            block = projection.block(unknown.indicator)
            own.setdefault(id(block), (block, []))
            parts.setdefault(id(block), []).append((unknown, weight))
        rows = [row] if len(parts) == 1 else list(range(len(offset), len(offset) + len(parts)))
        for (key, terms), place in zip(parts.items(), rows, strict=True):
            own[key][1].append((tuple(terms), place))
        if len(parts) != 1:
            sums.append((row, tuple(rows)))
            offset += [0.0] * len(parts)
    lacking, sources = np.array(offset), []
    for block, placed in own.values():
        functionals, places = [terms for terms, _ in placed], [place for _, place in placed]
        job = Job(block.law(functionals), block.name, shocks, block.shared)
        sources.append(Source.of(job, places, _before(functionals)))
        lacking[places] += sources[-1].mean
    for row, parts_of in sums:
        lacking[row] += lacking[list(parts_of)].sum()
    return tuple(sources), tuple(sums), lacking


def _before(functionals: Sequence[Terms]) -> list[int | None]:
    """Return of each functional which earlier one asks the same a year before."""
    known: dict[Terms, int] = {}
    found: list[int | None] = []
    for k, terms in enumerate(functionals):
        found.append(known.get(tuple((Unknown(u.indicator, u.year - 1), weight) for u, weight in terms)))
        known[terms] = k
    return found


class Drawn:
    """The same where levels add up or events are counted: places are drawn chunk by chunk, and counted here."""

    def __init__(self, projections: Sequence[Projection], asked: Asked, sample: Sample) -> None:
        self.projections, self.asked, self.sample = projections, asked, sample
        self.unknowns = list(dict.fromkeys(unknown for terms, _ in asked.functionals for unknown, _ in terms))
        few = replace(sample, n_paths=min(_PILOT, sample.n_paths), executor=None)
        self.bins = [_bins(next(self._places(p, few))[1], asked, sample) for p in projections]
        self.so_far = SoFar(0, tuple(Tally.empty(1, asked.questions.size, bins) for bins in self.bins))

    def run(self) -> Iterator[None]:
        """Count all chunks, in order; after each yield."""
        scratch = Scratch(BLOCK)
        for drawn in zip(*(self._places(p, self.sample) for p in self.projections), strict=True):
            tallies = [self._count(start, x, bins, scratch) for (start, x), bins in zip(drawn, self.bins, strict=True)]
            first, x = drawn[0]
            self.so_far = self.so_far.plus(first + x.shape[1], tallies)
            yield

    def counted(self) -> list[Counted]:
        """Return what was counted so far, by projection."""
        return [_counted(tally, 0, bins, self.sample.q) for tally, bins in zip(self.so_far.tallies, self.bins, strict=True)]

    def _count(self, first: int, x: Floats, bins: Bins | None, scratch: Scratch) -> Tally:
        questions = self.asked.questions
        tally = Tally.empty(1, questions.size, bins)
        tests = questions.tests(self.asked.lower, self.asked.upper, [range(len(x))])
        for block, number in blocks_of(self.sample.shocks, first, x.shape[1]):
            size = block.stop - block.start
            bits = questions.empty(size)
            tests.make(0, x[:, block], bits)
            tally.add([bits], questions, size, number, self.sample.width)
            if bins is not None and tally.binned is not None:
                tally.binned[:] += bins.count(x[: len(self.asked.places), block], scratch)
        return tally

    def _places(self, projection: Projection, sample: Sample) -> Iterator[tuple[int, Floats]]:
        """Yield the first path of each chunk, and the values of all functionals (q, size)."""
        with closing(chunks(projection, self.unknowns, sample.n_paths, sample.shocks, sample.executor)) as found:
            for rows, x in found:
                column = dict(zip(self.unknowns, x.T, strict=True))
                places = [total(projection.study, terms, on, column) for terms, on in self.asked.functionals]
                yield rows.start, np.stack(places)
