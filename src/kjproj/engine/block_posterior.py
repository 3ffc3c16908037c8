"""The posterior of a block: readings of its breaks, each with its nodes, put together into laws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import NoBasisError
from ..numerics.estimates import Kind
from ..numerics.nodes import Nodes
from ..rows import Branch, HalfSpace, Terms
from ..study import Study
from .blocks import Block, shared_draws
from .compiled import functional
from .conditioning import marginal
from .conflicts import Conflict
from .drawn import Taken
from .law import Law
from .meeting import Heard, Pairs, effective, paired, require_enough
from .missing import no_level, too_early
from .posterior import Reading, ReadingPosterior, Solved, of_one_length, over_draws, tilts
from .taking import take
from .unknowns import leaves, roots

Floats = NDArray[np.float64]
_FEW = 16
Columns = tuple[Floats, Floats, Floats, Floats]
"""Mean (K, …), factor (K, …, p), drift slope (K, …), and slope in the drawn places (K, …, n)."""


@dataclass
class BlockPosterior:
    """The posterior of a block: one `ReadingPosterior` for every combination of its breaks' branches.

    `horizon` is the last year that answers usually ask for. `branch` is the name of a break's branch to condition on. `coins` are
    half-spaces that are held with a chance (commitments).
    """

    study: Study
    block: Block
    seed: int = 0
    n: int = 4096
    horizon: int = 0
    branch: str | None = None
    coins: tuple[tuple[HalfSpace, float], ...] = ()

    @cached_property
    def readings(self) -> tuple[ReadingPosterior, ...]:
        """One posterior per reading."""
        taken = self.taken
        return tuple(ReadingPosterior(self.study, self.block, one, self.seed, self.n, taken) for one in self._possible)

    @cached_property
    def _possible(self) -> tuple[Reading, ...]:
        names = set(self.block.moving)
        breaks = [item.branches() for _, item in self.study.standing if item.indicator in names and item.branches()]
        return tuple(_joined(chosen, breaks) for chosen in product(*breaks))

    @cached_property
    def taken(self) -> Taken:
        """How the forecasts of other tools enter it."""
        return take(self.study, self.block, self._possible[0], self.seed, self.n)

    @cached_property
    def _known(self) -> dict[tuple[tuple[str, ...], int], dict[Terms, Columns]]:
        """The columns of functionals that were asked for, by reading and number of years solved."""
        return {}

    @cached_property
    def shared(self) -> frozenset[str]:
        """The draws that its indicators share with others, perhaps in other blocks."""
        return frozenset(shared_draws(self.block.moving))

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        """Figures that contradict each other whatever the motion."""
        return self.readings[0].conflicts()

    @cached_property
    def reading_weights(self) -> Floats:
        """The posterior probability of each reading."""
        if len(self.readings) == 1:
            return np.ones(1)
        if self.block.half_spaces or (self.taken.heeded and self.taken.cut):
            law, pairs = self.sharing(branch=None, coins=())._law([()])
            of = np.repeat(np.arange(len(self.readings)), [len(r.nodes.points) for r in self.readings])
            return np.asarray(np.bincount(of if pairs is None else of[pairs.node], law.weights, len(self.readings)), float)
        logs = [
            np.log(r.reading.probability) + np.logaddexp.reduce(_value_rows(r.nodes), axis=None) for r in self.readings
        ]
        weights = np.exp(np.array(logs) - max(logs))
        return np.asarray(weights / weights.sum())

    def holds(self, indicator: str) -> bool:
        """Tell whether an indicator, or what it is derived from, is in this block."""
        return all(name in self.block.moving or name in self.block.given for name in roots(self.study, indicator))

    def prepare(self, last_year: int) -> None:
        """Solve up to a year at once, where laws of several years will be asked for."""
        for reading in self.readings:
            reading.at_nodes(last_year)

    def read_as(self, branch: str) -> BlockPosterior:
        """Return the posterior given one branch of a break; what is computed already is shared."""
        return self.sharing(branch=branch)

    def sharing(self, **changes: Any) -> BlockPosterior:
        """Return the posterior with other conditions and the same readings, solved once for all."""
        other = replace(self, **changes)
        other.__dict__["readings"], other.__dict__["taken"] = self.readings, self.taken
        other.__dict__["_known"], other.__dict__["_heard_by"] = self._known, self._heard_by
        return other

    def branch_weights(self) -> dict[str, float]:
        """Return the posterior probability of each branch of each break, by name."""
        weights: dict[str, float] = {}
        for reading, weight in zip(self.readings, self.reading_weights, strict=True):
            for name in reading.reading.names:
                weights[name] = weights.get(name, 0.0) + float(weight)
        return weights

    def diagnostics(self) -> dict[str, dict[str, float | int | str | None]]:
        """Return by reading how its nodes were placed: kind, number, effective number, and Pareto k-hat."""
        return {
            " ".join(r.reading.names) or "figures": {
                "kind": r.nodes.kind,
                "nodes": len(r.nodes.points),
                "effective": round(float(r.nodes.effective) * len(r.nodes.points), 1),
                "khat": None if np.isnan(r.nodes.khat) else round(float(r.nodes.khat), 3),
            }
            for r in self.readings
        }

    def law(self, functionals: Sequence[Terms]) -> Law:
        """Return the law of weighted sums of unknowns.

        Raises `NoBasisError` where the figures do not determine a level or begin later, or a forecast has no such year;
        `NotAnswerableError` where figures leave too few of a forecast's draws.
        """
        if self.effective is not None:
            require_enough(*self.effective, self.block.given)
        return self._law(functionals)[0]

    @cached_property
    def effective(self) -> tuple[float, int] | None:
        """The effective number of a forecast's draws that figures leave, and how many there are; None where they weigh none."""
        bounded = {u.indicator for half in self.block.half_spaces for u, _ in half.terms}
        drawn = self.taken.drawn
        if drawn is None or not (self.taken.heeded or any(self._rests_on_draws(name) for name in bounded)):
            return None
        law, pairs = self.sharing(branch=None, coins=())._law([()])
        assert pairs is not None  # there are draws
        return effective(law.log_weights, pairs, len(drawn.away)), len(drawn.away)

    def _rests_on_draws(self, indicator: str) -> bool:
        return any(name in self.block.given and name not in self.taken.normals for name in roots(self.study, indicator))

    def _law(self, functionals: Sequence[Terms]) -> tuple[Law, Pairs | None]:
        chosen = [r for r in self.readings if self.branch is None or self.branch in r.reading.names]
        functionals = [*functionals, *(half.terms for half in self.block.half_spaces), *(half.terms for half, _ in self.coins)]
        for unknown in (leaf for terms in functionals for u, _ in terms for leaf in leaves(self.study, u)):
            given = self.block.given.get(unknown.indicator)
            if given is not None and unknown.year > given.years[-1]:
                said = ", ".join(map(str, given.years))
                raise NoBasisError(f"paths of {unknown.indicator} have no year {unknown.year}; they have {said}: ask for these, or bring a longer forecast")
            if unknown.year < self.block.first_year and (given is None or unknown.year < given.first):
                raise NoBasisError(too_early(unknown, self.block.first_year))
        last = max(self.horizon, *(u.year for terms in functionals for u, _ in terms), *(r.solved_until for r in self.readings))
        first, *solved = of_one_length([self.readings[0], *chosen], last)
        parts = [self._one(*both, functionals) for both in zip(chosen, solved, strict=True)]
        rows = min(len(r.nodes.log_weights) for r in chosen)
        logs = [_in_rows(r.nodes.log_weights, rows) + np.log(r.reading.probability) for r in chosen]
        mean, factor, slope, along = (_together(arrays) for arrays in zip(*parts, strict=True))
        law = Law(
            np.concatenate(logs, axis=1),
            _kind_of(chosen),
            mean,
            factor,
            slope,
            self._streams(first),
            tuple(r.nodes for r in chosen),
        )
        pairs = None
        if self.taken.drawn is not None:
            law, pairs = paired(law, along, self.taken.drawn, self._heard(chosen), self.seed)
        if self.block.half_spaces or self.coins:
            law = law.held(self.block.half_spaces, self.coins, self.seed, self.name)
        return law, pairs

    @cached_property
    def _heard_by(self) -> dict[tuple[str, ...], tuple[Floats, Floats]]:
        """What the rows say of draws, by reading: tilts, and averages over draws."""
        return {}

    def _heard(self, chosen: Sequence[ReadingPosterior]) -> Heard | None:
        taken, known = self.taken, self._heard_by
        if not taken.heeded:
            return None
        for reading in chosen:
            if reading.reading.names not in known:
                solved = reading.at_nodes(reading.last_row_year)
                known[reading.reading.names] = tilts(taken, solved), over_draws(taken, solved)
        tilt, average = (np.concatenate([known[r.reading.names][k] for r in chosen]) for k in range(2))
        return Heard(tilt, taken.features, average, taken.cut)

    @property
    def name(self) -> str:
        """The name of its first indicator."""
        return next(iter((*self.block.moving, *self.block.given)))

    def _streams(self, solved: Solved) -> tuple[str, ...]:
        figures = solved.given.residual.shape[1]
        return (*solved.system.streams, *(f"{self.name}:figure {i}" for i in range(figures)))

    def _one(self, reading: ReadingPosterior, solved: Solved, functionals: Sequence[Terms]) -> Columns:
        """Return the functionals' columns under one reading; each is computed once."""
        known = self._known.setdefault((reading.reading.names, solved.system.n_years), {})
        missing = [terms for terms in dict.fromkeys(functionals) if terms not in known]
        if missing:
            known.update(zip(missing, self._columns(solved, missing), strict=True))
        every = zip(*(known[terms] for terms in functionals), strict=True)
        return tuple(map(_side_by_side, every))  # type: ignore[return-value]

    def _columns(self, solved: Solved, functionals: Sequence[Terms]) -> list[Columns]:
        system = solved.system
        compiled = [functional(self.study, terms, system.places) for terms in functionals]
        A = np.array([vector for vector, _ in compiled])
        for terms, vector in zip(functionals, A, strict=True):
            if solved.open_flat.size and np.abs(vector @ solved.open_flat[0]).max(initial=0.0) > 1e-9:
                raise NoBasisError(no_level(self.study, terms, self.block.given))
        found = marginal(solved.given, A, system.offset, solved.flat, system.normal)
        moved = A @ system.drift_mean[:, :, None] - found.gain @ (solved.H @ system.drift_mean[:, :, None])
        mean = found.mean + np.array([offset for _, offset in compiled])
        along = self._along_draws(solved, A, found.gain)
        return [(mean[:, j], found.factor[:, j], moved[:, j, 0], along[:, j]) for j in range(len(functionals))]

    def _along_draws(self, solved: Solved, A: Floats, gain: Floats) -> Floats:
        """Return how the means of functionals A (q, places) move with the drawn places, (K, q, n)."""
        places = self.taken.drawn.places if self.taken.drawn is not None else ()
        found = np.zeros((len(gain), len(A), len(places)))
        for j, at in ((j, solved.system.places[place]) for j, place in enumerate(places) if place in solved.system.places):
            found[:, :, j] = A[:, at] - (gain @ solved.H[:, :, at, None])[:, :, 0]
        return found


def _side_by_side(parts: Sequence[Floats]) -> Floats:
    """Return arrays (K, …) along a second axis; where there are few nodes an array of all is made faster than a stack."""
    if len(parts[0]) > _FEW:
        return np.stack(parts, axis=1)
    return np.ascontiguousarray(np.array(parts).swapaxes(0, 1))


def _joined(chosen: tuple[Branch, ...], breaks: list[tuple[Branch, ...]]) -> Reading:
    """Return the reading that takes one branch of each break; one-offs of the others are there with size 0."""
    one_offs = [
        replace(one_off, sd=one_off.sd if branch is taken else 0.0)
        for taken, branches in zip(chosen, breaks, strict=True)
        for branch in branches
        for one_off in branch.one_offs
    ]
    return Reading(tuple(b.name for b in chosen), float(np.prod([b.probability for b in chosen])), tuple(one_offs))


def _value_rows(nodes: Nodes) -> Floats:
    """The rows whose sum estimates the integral: the fine rule alone for a quadrature."""
    rows = nodes.log_weights[:1] if nodes.kind in ("exact", "quadrature") else nodes.log_weights
    return np.asarray(rows - np.log(len(rows)))


def _kind_of(readings: Sequence[ReadingPosterior]) -> Kind:
    """The kind that the rows of all readings share: with chains in one of them, independent rows in all."""
    kinds = {reading.nodes.kind for reading in readings}
    return kinds.pop() if len(kinds) == 1 else "randomised"


def _together(parts: Sequence[Floats]) -> Floats:
    """Return arrays one after the other; a single one, which may be large, as it is."""
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def _in_rows(log_weights: Floats, rows: int) -> Floats:
    """Average independent rows in groups, so that readings with more rows have as many as the others."""
    count, K = log_weights.shape
    if count == rows:
        return log_weights
    group = count // rows
    return np.asarray(np.logaddexp.reduce(log_weights.reshape(rows, group, K), axis=1) - np.log(group))
