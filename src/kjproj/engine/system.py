"""From motions to matrices: the paths of a block as an affine function of unknowns.

For every node (a value of each parameter in which the path is not linear) the block's places on its scales are

    x = offset + F·f + W·w,

f being flat unknowns (first levels, flat drifts) and w independent standard normals (normal drifts, one-offs, shocks).
A motion is affine in its start, its linear parameters and its shocks, so pushing units through its `path` gives the
columns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .. import motions
from ..beliefs import Belief
from ..errors import KjprojError
from ..forecasts import Normal
from ..motions import Motion
from ..rows import Nuisance, OneOff, Unknown
from .blocks import Block

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Coordinate:
    """One coordinate of the nodes: a parameter, in the logarithm where it is positive."""

    indicator: str
    parameter: str
    belief: Belief
    positive: bool

    def value(self, v: Floats) -> Floats:
        """Return the parameter at coordinates v."""
        return np.exp(v) if self.positive else v

    def log_density(self, v: Floats) -> Floats:
        """Return the prior log density of v, up to a constant."""
        return self.belief.log_density_of_log(v) if self.positive else self.belief.log_density(v)

    @property
    def box(self) -> tuple[float, float]:
        """The range of v that matters."""
        low, high = self.belief.support
        return (float(np.log(max(low, 1e-12))), float(np.log(high))) if self.positive else (low, high)

    @property
    def start(self) -> float:
        """Where the search for modes starts."""
        return float(np.log(self.belief.center)) if self.positive else self.belief.center


Places = dict[Unknown | Nuisance, int]


@dataclass(frozen=True)
class System:
    """x = offset + F·f + W·w at K nodes, for the n = indicators × years places of a block.

    Attributes:
        places: the n unknowns, by indicator and then by year, and the nuisances.
        offset: (K, n).
        flat: F, (K, n, flat unknowns).
        normal: W, (K, n, standard normals); shocks stand last, by year.
        drift_mean: (K, n), the derivative of the offset when every drift's prior mean rises by 1 (see `own data`).
        streams: for each standard normal the name of its random stream.
        n_years: how many years it covers.
    """

    places: Places
    offset: Floats
    flat: Floats
    normal: Floats
    drift_mean: Floats
    streams: tuple[str, ...]
    n_years: int


def coordinates(block: Block) -> list[Coordinate]:
    """Return the coordinates of a block's nodes: every parameter that is neither a number nor linear and Gaussian."""
    return [
        Coordinate(indicator, name, p.belief, p.positive)
        for indicator, assumed in block.moving.items()
        for name, p in assumed.motion.parameters().items()
        if not _exact(p.belief, p.linear)
    ]


def _exact(belief: Belief, linear: bool) -> bool:
    moments = belief.gaussian
    return moments is not None and (linear or moments[1] == 0.0)


Given = Mapping[str, tuple[tuple[int, ...], Normal]]
"""Forecasts that enter as normal ones, by indicator, with their years."""


def build(
    block: Block, axes: Sequence[Coordinate], points: Floats, last_year: int, one_offs: Sequence[OneOff], given: Given
) -> System:
    """Return the system at nodes `points` (K, coordinates) for the years up to `last_year`."""
    years = np.arange(block.first_year, max(last_year, block.first_year) + 1)
    columns = _Columns(len(points), len(years), (*block.moving, *block.given), block.first_year, block.nuisances)
    mixing = _root(block.correlation)
    for i, (name, assumed) in enumerate(block.moving.items()):
        values = {c.parameter: c.value(points[:, j])[:, None] for j, c in enumerate(axes) if c.indicator == name}
        _Pushed(columns, name, assumed.motion, values).push(i, mixing, tuple(block.moving))
    for name, (spoken, normal) in given.items():
        columns.forecast(name, spoken, normal)
    columns.declare()
    for one_off in one_offs:
        columns.add_normal(one_off.indicator, np.where(years >= one_off.year, one_off.sd, 0.0), f"{one_off.indicator}:one-off {one_off.year}", -1)
    return columns.assembled()


def _root(matrix: Floats) -> Floats:
    """Return L with L·Lᵀ = matrix, also where it is singular."""
    values, vectors = np.linalg.eigh(matrix)
    root = vectors * np.sqrt(np.clip(values, 0.0, None))
    q, r = np.linalg.qr(root.T)
    del q
    return np.asarray(r.T * np.where(np.diag(r) < 0, -1.0, 1.0))


class _Columns:
    """Collects the columns of F and W, each the path of one indicator."""

    def __init__(
        self, nodes: int, years: int, names: tuple[str, ...], first_year: int, nuisances: tuple[Nuisance, ...]
    ) -> None:
        self.nodes, self.years, self.names, self.first_year = nodes, years, names, first_year
        self.nuisances: Places = {nuisance: years * len(names) + k for k, nuisance in enumerate(nuisances)}
        self.n = years * len(names) + len(nuisances)
        self.offset, self.drift_mean = np.zeros((nodes, self.n)), np.zeros((nodes, self.n))
        self.flats: list[Floats] = []
        self.normals: dict[tuple[int, str], Floats] = {}

    def span(self, name: str) -> slice:
        i = self.names.index(name)
        return slice(i * self.years, (i + 1) * self.years)

    def column(self, name: str, path: Floats) -> Floats:
        full = np.zeros((self.nodes, self.n))
        full[:, self.span(name)] = path
        return full

    def add_normal(self, name: str, path: Floats, stream: str, step: int) -> None:
        """Let the unit of a standard normal move `name` along `path`; `step` −1 for what is drawn once a path.

        Normals of the same stream and step are the same: correlation makes one indicator's shock another's too.
        """
        column = self.column(name, path)
        known = self.normals.get((step, stream))
        self.normals[step, stream] = column if known is None else known + column

    def free(self, name: str, before: int) -> None:
        """Give each year of an indicator up to `before` a flat unknown of its own."""
        units = np.eye(self.years)[: max(before - self.first_year, 0)]
        self.flats.extend(self.column(name, unit) for unit in units)

    def forecast(self, name: str, years: tuple[int, ...], normal: Normal) -> None:
        """Put an indicator where a forecast has it; its levels before are free."""
        self.free(name, years[0])
        at = np.array(years) - self.first_year
        inside = (at >= 0) & (at < self.years)
        path = np.zeros((self.years, 1 + normal.factor.shape[1]))
        path[at[inside]] = np.column_stack([normal.mean, normal.factor])[inside]
        self.offset[:, self.span(name)] = path[:, 0]
        for j, unit in enumerate(path.T[1:]):
            self.add_normal(name, unit, f"{name}:forecast {j}", -1)

    def declare(self) -> None:
        """Give each nuisance its place, its mean and its standard normal."""
        for nuisance, place in self.nuisances.items():
            assert isinstance(nuisance, Nuisance)
            column = np.zeros((self.nodes, self.n))
            column[:, place] = nuisance.sd
            self.offset[:, place] = nuisance.mean
            self.normals[-1, nuisance.name] = column

    def assembled(self) -> System:
        """Return the collected columns as arrays; what is drawn once a path stands first, then shocks by year."""
        places: Places = {
            Unknown(name, self.first_year + k): i * self.years + k
            for i, name in enumerate(self.names)
            for k in range(self.years)
        }
        places |= self.nuisances
        ordered = sorted(self.normals, key=lambda key: key[0])
        shape = (self.nodes, self.n, 0)
        return System(
            places,
            self.offset,
            np.stack(self.flats, axis=-1) if self.flats else np.zeros(shape),
            np.stack([self.normals[key] for key in ordered], axis=-1) if ordered else np.zeros(shape),
            self.drift_mean,
            tuple(stream for _, stream in ordered),
            self.years,
        )


class _Pushed:
    """Pushes units through one motion's path."""

    def __init__(self, columns: _Columns, name: str, motion: Motion, values: dict[str, Floats]) -> None:
        self.columns, self.name, self.motion = columns, name, motion
        self.parameters = motion.parameters()
        self.values = values
        self.linear = {k: m for k, p in self.parameters.items() if p.linear and (m := p.belief.gaussian) is not None}
        self.zero = {k: m[0] if m[1] == 0.0 else 0.0 for k, m in self.linear.items()}
        self.base = self.path({}, 0.0, None)

    def path(self, changed: dict[str, float], start: float, z: Floats | None) -> Floats:
        """Return the path including the first year, shape (…, K, years)."""
        steps = self.columns.years - 1
        moved = self.motion.at({**self.values, **self.zero, **changed}, float(self.columns.first_year))
        shocks = np.zeros((1, steps) if self.motion.shocks == 1 else (1, self.motion.shocks, steps)) if z is None else z
        after = np.asarray(moved.path(start, np.ones(steps), shocks)) if steps else np.zeros((1, 0))
        lead = np.broadcast_shapes(after.shape[:-1], (*after.shape[:-2], self.columns.nodes))
        first = np.full((*lead, 1), start)
        return np.concatenate([first, np.broadcast_to(after, (*lead, steps))], axis=-1)

    def push(self, row: int, mixing: Floats, names: tuple[str, ...]) -> None:
        """Add all columns of this indicator."""
        columns, span = self.columns, self.columns.span(self.name)
        columns.offset[:, span] = self.base
        columns.flats.append(columns.column(self.name, self.path({}, 1.0, None) - self.base))
        for key, moments in self.linear.items():
            unit = self.path({key: self.zero[key] + 1.0}, 0.0, None) - self.base
            if key.endswith("drift"):
                columns.drift_mean[:, span] += unit if np.isfinite(moments[1]) else 0.0
            if moments[1] == 0.0:
                continue
            if np.isinf(moments[1]):
                columns.flats.append(columns.column(self.name, unit))
            else:
                columns.offset[:, span] += moments[0] * unit
                stream = self.parameters[key].shared or f"{self.name}:{key}"
                columns.add_normal(self.name, moments[1] * unit, stream, -1)
        self._shocks(row, mixing, names)

    def _shocks(self, row: int, mixing: Floats, names: tuple[str, ...]) -> None:
        steps, count = self.columns.years - 1, self.motion.shocks
        for shock in range(count):
            z = np.zeros((steps, 1, count, steps))
            z[np.arange(steps), 0, shock, np.arange(steps)] = 1.0
            units = self.path({}, 0.0, z[:, :, 0] if count == 1 else z) - self.base
            for step in range(steps):
                if shock > 0:
                    self.columns.add_normal(self.name, units[step], f"{self.name}:shock {shock}", step)
                    continue
                for j, other in enumerate(names):
                    if mixing[row, j]:
                        self.columns.add_normal(self.name, mixing[row, j] * units[step], f"{other}:shock", step)


def require_affine(block: Block) -> None:
    """Refuse a motion whose path is not affine in its start and shocks: the engine could not condition it."""
    rng = np.random.default_rng(0)
    for name, assumed in block.moving.items():
        motion = assumed.motion
        if all(type(part).__module__.startswith(motions.__name__) for part in (motion, *getattr(motion, "parts", ()))):
            continue  # the library's own motions are held to this by its tests
        values = {k: p.belief.center for k, p in motion.parameters().items()}
        shape = (3, 4) if motion.shocks == 1 else (3, motion.shocks, 4)
        a, b = rng.standard_normal(shape), rng.standard_normal(shape)
        path = motion.at(values, float(block.first_year)).path
        dt = np.ones(4)
        bent = path(1.5, dt, a) + path(-0.5, dt, b) - path(1.0, dt, a + b) - path(0.0, dt, 0 * a)
        if not np.allclose(bent, 0.0, atol=1e-8):
            raise KjprojError(
                f"the path of motion {motion.kind!r} ({name}) is not affine in its start and shocks, so no figures can "
                "be taken into account; check it with kjproj.testing.check_motion"
            )
