"""The posterior of one reading of a block: nodes, and what the rows leave of every path at them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from ..beliefs import Flat
from ..beliefs.reference import class_names
from ..errors import KjprojError
from ..numerics.nodes import Nodes, place
from ..numerics.pareto import effective_share
from ..rows import OneOff
from ..study import Study
from .blocks import Block
from .compiled import Compiled, compile_rows, condition_all, identified, require_identified
from .conditioning import Conditioned, condition
from .conflicts import Conflict, reconciled
from .drawn import Taken
from .system import Coordinate, Given, Places, System, build, coordinates

Floats = NDArray[np.float64]
_CHUNK = 1024
_ROWS_AT_ONCE = 256
_SMALL = math.log(1e-3)
_SMALL_WEIGHT = 1e-3
_MOST_BYTES = 2e9


class NoRoomError(KjprojError):
    """Exact figures leave no room for the motion's shocks."""


@dataclass(frozen=True)
class Reading:
    """One reading of a block's breaks: the names of the branches, their joint prior, and the one-offs."""

    names: tuple[str, ...]
    probability: float
    one_offs: tuple[OneOff, ...]


@dataclass(frozen=True)
class Solved:
    """A system at K nodes and what the rows leave of it.

    `flat` are the combinations of flat unknowns that the rows determine, `open_flat` those that they leave open,
    (K, n, …) both; `H` the rows (K or 1, m, n).
    """

    system: System
    flat: Floats
    open_flat: Floats
    given: Conditioned
    H: Floats


@dataclass
class ReadingPosterior:
    """The posterior under one reading."""

    study: Study
    block: Block
    reading: Reading
    seed: int
    n: int
    taken: Taken
    _solved: tuple[int, Solved] | None = None
    _compiled: dict[int, tuple[Compiled, tuple[Conflict, ...]]] = field(default_factory=dict)

    @cached_property
    def axes(self) -> list[Coordinate]:
        """The coordinates of the nodes."""
        return coordinates(self.block)

    @cached_property
    def nodes(self) -> Nodes:
        """The nodes, weighed by how well each explains the rows."""
        listed = self._listed()
        if listed is not None:
            return listed
        lower, upper = (np.array([axis.box[side] for axis in self.axes]) for side in (0, 1))
        try:
            nodes = place(self.log_density, lower, upper, self.starts, n=self.n, seed=self.seed)
        except ValueError:
            raise KjprojError(
                f"no values of the parameters of {', '.join(self.block.moving)} explain the figures; widen the beliefs, "
                "or check the figures"
            ) from None
        _refuse_improper(self, nodes)
        idle = np.isinf(nodes.log_weights.max(axis=0))  # where nothing could be solved; they weigh nothing elsewhere either
        best = nodes.points[nodes.log_weights.max(axis=0).argmax()]
        return replace(nodes, points=np.where(idle[:, None], best, nodes.points)) if idle.any() else nodes

    def _listed(self) -> Nodes | None:
        """Return every combination of the coordinates' points, where all have such and the combinations are few."""
        rules = [rule for axis in self.axes if axis.positive and (rule := axis.belief.rule) is not None]
        if not rules or len(rules) < len(self.axes) or math.prod(len(v) for v, _ in rules) > self.n:
            return None
        points = np.stack(np.meshgrid(*(v for v, _ in rules), indexing="ij"), axis=-1).reshape(-1, len(rules))
        weights = np.stack(np.meshgrid(*(w for _, w in rules), indexing="ij"), axis=-1).reshape(-1, len(rules))
        found = self.log_likelihood(points) + weights.sum(axis=1)
        if not np.isfinite(found).any():
            return None
        return Nodes(points, found[None], "exact", effective_share(found), np.nan)

    @cached_property
    def starts(self) -> Floats:
        """Where the search for modes begins: the priors' centres, and once per coordinate a large volatility."""
        centre = np.array([axis.start for axis in self.axes])
        large = [np.where(np.arange(len(centre)) == j, centre + 1.5 * axis.positive, centre) for j, axis in enumerate(self.axes)]
        return np.array([centre, *large]).reshape(len(large) + 1, len(centre))

    @cached_property
    def last_row_year(self) -> int:
        """The last year that a row speaks of, or before which draws of another tool begin: free levels end there."""
        begins = (forecast.first - 1 for forecast in self.block.given.values())
        return max((*(u.year for row in self.block.rows for u, _ in row.terms), *begins), default=self.block.first_year)

    @cached_property
    def _bases(self) -> tuple[Floats, Floats]:
        """Which combinations of flat unknowns the rows determine and leave open, found at the priors' centres."""
        system = build(self.block, self.axes, self.starts[:1], self.last_row_year, self.reading.one_offs, self.taken.columns())
        compiled, _ = self._rows(system.places, self.last_row_year)
        found = identified(system.flat[0], compiled.fixed.H[0])
        require_identified(self.study, compiled, system.places, system.flat[0] @ found[1])
        return found

    def conflicts(self) -> tuple[Conflict, ...]:
        """Return the rows that contradict each other."""
        system = build(self.block, self.axes, self.starts[:1], self.last_row_year, self.reading.one_offs, self.taken.columns())
        return self._rows(system.places, self.last_row_year)[1]

    def _rows(self, places: Places, last_year: int) -> tuple[Compiled, tuple[Conflict, ...]]:
        if last_year not in self._compiled:
            self._compiled[last_year] = reconciled(compile_rows(self.study, self.block.rows, places))
        return self._compiled[last_year]

    @property
    def solved_until(self) -> int:
        """The last year up to which it is solved at the nodes; 0 before."""
        return 0 if self._solved is None else self._solved[0]

    def at_nodes(self, last_year: int) -> Solved:
        """Return the system up to `last_year` or later at the nodes, and what the rows leave of it."""
        known = self._solved
        if known is None or known[0] < last_year:
            last_year = max(last_year, self.last_row_year)
            self._solved = known = last_year, self.solve(self.nodes.points, last_year)
        return known[1]

    def solve(self, points: Floats, last_year: int) -> Solved:
        """Return the same at any points (K, coordinates); raises `KjprojError` where exact figures leave no room."""
        self._require_room(len(points), last_year)
        try:
            with np.errstate(all="ignore"):
                return self._solve(points, last_year)
        except np.linalg.LinAlgError:
            names = ", ".join(self.block.moving)
            raise NoRoomError(
                f"the figures of {names} are exact and leave no room for the motion's shocks (a volatility of 0, or a "
                "correlation of 1): state an error, or a volatility above 0"
            ) from None

    def _require_room(self, nodes: int, last_year: int) -> None:
        """Refuse what would not fit into memory: at every node each place has a coefficient for each shock."""
        names, years = (*self.block.moving, *self.block.given), max(last_year - self.block.first_year, 0) + 1
        size = 8 * nodes * (len(names) * years) ** 2
        if size > _MOST_BYTES:
            raise KjprojError(
                f"{years} years of {len(names)} connected indicators ({', '.join(names[:3])}{', …' if len(names) > 3 else ''}) at "
                f"{nodes} nodes need {size / 1e9:.0f} GB and more; ask for fewer years, connect fewer indicators, or "
                "project with fewer nodes"
            )

    def _solve(self, points: Floats, last_year: int) -> Solved:
        def system_with(given: Given) -> System:
            return build(self.block, self.axes, points, last_year, self.reading.one_offs, given)

        system = system_with(self.taken.columns())
        compiled, _ = self._rows(system.places, last_year)
        determined, left_open = self._bases
        flat = system.flat @ determined
        if self.taken.drawn is not None and compiled.loose:  # linearised about where the rows pull the draws to
            wide = system_with(self.taken.columns(wide=True))
            rows = condition_all(self.study, compiled, wide, flat)[1]
            given = condition(system.offset, flat, system.normal, rows)
        else:
            given, rows = condition_all(self.study, compiled, system, flat)
        return Solved(system, flat, system.flat @ left_open, given, rows.H)

    def log_likelihood(self, points: Floats) -> Floats:
        """Return the log density of the rows at node coordinates (K, d)."""
        found = [self._explained(points[i : i + _CHUNK]) for i in range(0, len(points), _CHUNK)]
        return np.asarray(np.nan_to_num(np.concatenate(found), nan=-np.inf, posinf=-np.inf, neginf=-np.inf))

    def _explained(self, points: Floats) -> Floats:
        """Return the same of some points: −∞ where volatilities are so far apart that nothing can be solved, found by halving."""
        try:
            part = self.solve(points, self.last_row_year)
        except NoRoomError:
            if not self.axes:
                raise
            half = len(points) // 2
            return np.concatenate([self._explained(points[:half]), self._explained(points[half:])]) if half else np.array([-np.inf])
        return np.asarray(part.given.log_density + (over_draws(self.taken, part) if self.taken.heeded else 0.0))

    def log_density(self, points: Floats) -> Floats:
        """Return the log of prior times likelihood at node coordinates (K, d), up to a constant."""
        total = self.log_likelihood(points)
        with np.errstate(all="ignore"):
            for j, axis in enumerate(self.axes):
                total = total + axis.log_density(points[:, j])
        return np.asarray(np.nan_to_num(total, nan=-np.inf, posinf=-np.inf, neginf=-np.inf))


def tilts(taken: Taken, solved: Solved) -> Floats:
    """Return (K, f): with features (P, f), tilts·features is the log density of the rows at a draw less that at the centre."""
    assert taken.drawn is not None
    at = [solved.system.places[taken.drawn.places[j]] for j in taken.heeded]
    C = solved.given.M @ np.broadcast_to(solved.H[:, :, at], (len(solved.given.M), *solved.H[:, :, at].shape[1:]))
    linear = (solved.given.u[:, None, :] @ C)[:, 0]
    return np.concatenate([linear, (C.swapaxes(-1, -2) @ C).reshape(len(C), -1)], axis=1)


def of_one_length(readings: Sequence[ReadingPosterior], last_year: int) -> list[Solved]:
    """Return the systems of readings up to `last_year` or later, all up to one year, whoever else asks for more meanwhile."""
    while True:
        solved = [reading.at_nodes(last_year) for reading in readings]
        if len({one.system.n_years for one in solved}) == 1:
            return solved
        last_year = max(reading.solved_until for reading in readings)


def over_draws(taken: Taken, solved: Solved) -> Floats:
    """Return the log of the average over draws of the rows' density, less that at the centre, (K,)."""
    assert taken.drawn is not None
    tilt, log_share = tilts(taken, solved), np.log(taken.drawn.share)
    parts = (tilt[i : i + _ROWS_AT_ONCE] @ taken.features.T for i in range(0, len(tilt), _ROWS_AT_ONCE))
    return np.concatenate([logsumexp(part + log_share, axis=1) for part in parts])


def _refuse_improper(posterior: ReadingPosterior, nodes: Nodes) -> None:
    """Refuse a flat volatility that the figures do not bound above, or bound only by the cut below."""
    weights = np.exp(nodes.log_weights[0] - nodes.log_weights[0].max())
    for j, axis in enumerate(posterior.axes):
        if not (isinstance(axis.belief, Flat) and axis.positive):
            continue
        v = nodes.points[:, j]
        far = weights[v > axis.box[1] - 2.0].sum() / weights.sum()
        near = weights[v < _SMALL].sum() / weights.sum()
        if far > 1e-6:
            raise KjprojError(_too_little(axis.indicator, "its figures say nothing about its volatility"))
        if near > _SMALL_WEIGHT:
            raise KjprojError(_too_little(axis.indicator, "its figures fit a volatility of zero"))


def _too_little(indicator: str, why: str) -> str:
    classes = ", ".join(class_names())
    return (
        f"indicator {indicator}: with flat beliefs {why} (at least three yearly levels that are not in line are needed); "
        f"borrow from a reference class ({classes}), or give beliefs about drift and volatility"
    )
