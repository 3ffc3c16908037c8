"""Places of one block as a function of independent inputs: those from which its paths are drawn.

Given the node k (a value of every volatility, a reading of every break) the places are Gaussian, so

    place = mean[k] + Σ_j loading[k, j]·z_j + pull[k]·ζ_k(z₀)

with independent standard normals z whatever the node; ζ is z₀ cut at a bound that the figures state, if they do. The
normals of the years ahead are the motion's own shocks. What lies behind is known by what it does to the places: the
levels of the block's last year, and what will be added to them but for shocks, the drift. Where figures tie these
together they are replaced by the nearest uncorrelated variables, Z = R^(−1/2)·X with R their correlations, which treat
all alike. Source: Johnson (2000), doi 10.1207/S15327906MBR3501_1.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..engine.block_posterior import BlockPosterior
from ..engine.law import Law
from ..engine.posterior import ReadingPosterior
from ..engine.unknowns import leaves
from ..errors import NotAnswerableError
from ..numerics.estimates import Kind
from ..rows import Terms, Unknown

Floats = NDArray[np.float64]
Key = tuple[str, str]
"""A group of inputs: its kind, and what it is about."""
_KNOWN = 1e-12


@dataclass(frozen=True, eq=False)
class Directions:
    """Places of one block as a function of independent inputs.

    Attributes:
        block: the posterior.
        places: the q places.
        base: the last year of which its figures speak.
        log_weights, kind: of the nodes (see `engine.law.Law`), (R, K).
        case, reading: of each node which commitments are kept and which reading it belongs to, (K,).
        mean: (K, q).
        loading: of the normals, (K, q, d); `keys` (d,) the group of each.
        pull: of the normal that is cut, (K, q), at `low` to `high` (K,); `cut` its group, None where none is.
        hints: by nuisance, its standardised covariance with the places given the node, (K, q).
    """

    block: BlockPosterior
    places: tuple[Unknown, ...]
    base: int
    log_weights: Floats
    kind: Kind
    case: NDArray[np.int64]
    reading: NDArray[np.int64]
    mean: Floats
    loading: Floats
    keys: tuple[Key, ...]
    pull: Floats
    low: Floats
    high: Floats
    cut: Key | None
    hints: dict[str, Floats]


def directions(block: BlockPosterior, places: Sequence[Unknown]) -> Directions:
    """Return the places of a block, indicators that are not derived in given years, by independent inputs.

    Raises `NotAnswerableError` where another tool's draws are in the block, or several bounds cut the law at once.
    """
    if block.block.given:
        names = ", ".join(block.block.given)
        raise NotAnswerableError(f"paths of {names} are handed in, whose inputs nobody knows here; ask without them")
    base = _base(block)
    behind = list(dict.fromkeys(p if p.year <= base else Unknown(p.indicator, base) for p in places))
    law = block.law([_one(place) for place in (*places, *behind)])
    pull, low, high, cut, along = _cut(block, law)
    factor = law.factor - pull[:, :, None] * along[:, None, :]
    ahead = _ahead(block, law.streams, base)
    past, future = [j for j, year in enumerate(ahead) if year is None], [j for j, year in enumerate(ahead) if year is not None]
    loading, keys = _orthogonal(factor[:, :, past], places, behind)
    q, (case, reading) = len(places), _labels(block, len(law.mean))
    hints = {} if cut else _hints(block, law, reading, q)
    shocks = tuple(("shock", str(ahead[j])) for j in future)
    whole = np.concatenate([loading, factor[:, :q, future]], axis=2)
    return Directions(
        block, tuple(places), base, law.log_weights, law.kind, case, reading, law.mean[:, :q], whole, (*keys, *shocks), pull[:, :q], low, high, cut, hints
    )


def _one(place: Unknown) -> Terms:
    return ((place, 1.0),)


def _base(block: BlockPosterior) -> int:
    said = [*(row.terms for row in block.block.rows), *(half.terms for half in block.block.half_spaces)]
    years = [leaf.year for terms in said for unknown, _ in terms for leaf in leaves(block.study, unknown)]
    return max(years, default=block.block.first_year)


def _cut(block: BlockPosterior, law: Law) -> tuple[Floats, Floats, Floats, Key | None, Floats]:
    """Return what is cut: pull (K, q), bounds in standard deviations (K,), group, and the direction (K, p)."""
    K, q, p = law.factor.shape
    nothing = np.zeros((K, q)), np.full(K, -np.inf), np.full(K, np.inf), None, np.zeros((K, p))
    if law.bound is None:
        return nothing
    active: NDArray[np.bool_] = np.isfinite(law.bound.lower) | np.isfinite(law.bound.upper)
    if (active.sum(axis=1) > 1).any():
        raise NotAnswerableError(
            f"several bounds and commitments cut what is known of {block.name} at once; ask under a scenario without commitments"
        )
    at, rows = active.argmax(axis=1), np.arange(K)
    factor = np.where(active.any(axis=1, keepdims=True), law.bound.factor[rows, at], 0.0)
    length = np.sqrt((factor**2).sum(axis=1))
    scale = np.where(length > 0.0, length, 1.0)
    along = factor / scale[:, None]
    mean = law.bound.mean[rows, at]
    low, high = ((bound[rows, at] - mean) / scale for bound in (law.bound.lower, law.bound.upper))
    stated = block.block.half_spaces
    key = ("commitment", block.name) if active[:, len(stated) :].any() else ("level", stated[0].terms[0][0].indicator)
    return (law.factor @ along[:, :, None])[:, :, 0], low, high, key, along


def _ahead(block: BlockPosterior, streams: Sequence[str], base: int) -> list[int | None]:
    """Return for each normal the year whose shock it is, if that lies ahead of the figures; else None."""
    names = {f"{name}:shock" for name in block.block.moving}
    names |= {f"{n}:shock {k}" for n, a in block.block.moving.items() for k in range(1, a.motion.shocks)}
    seen: dict[str, int] = {}
    found: list[int | None] = []
    for stream in streams:
        if stream not in names:
            found.append(None)
            continue
        seen[stream] = seen.get(stream, block.block.first_year) + 1
        found.append(seen[stream] if seen[stream] > base else None)
    return found


def _orthogonal(factor: Floats, places: Sequence[Unknown], behind: Sequence[Unknown]) -> tuple[Floats, tuple[Key, ...]]:
    """Return loadings (K, q, v) on the uncorrelated variables nearest to levels and drifts, and their groups (v,)."""
    q = len(places)
    base_of = [behind.index(p) if p in behind else behind.index(_last(p, behind)) for p in places]
    grown = [j for j, p in enumerate(places) if p not in behind]
    levels = factor[:, q:]
    drifts = np.stack([factor[:, j] - levels[:, base_of[j]] for j in grown], axis=1) if grown else levels[:, :0]
    variables = np.concatenate([levels, drifts], axis=1)
    sd = np.sqrt((variables**2).sum(axis=2))
    unit = variables / np.where(sd > _KNOWN, sd, np.inf)[:, :, None]
    values, vectors = np.linalg.eigh(unit @ unit.swapaxes(-1, -2))
    root = (vectors * np.sqrt(np.clip(values, 0.0, None))[:, None, :]) @ vectors.swapaxes(-1, -2)
    spread = sd[:, :, None] * root
    taken = np.zeros((q, variables.shape[1]))
    taken[np.arange(q), base_of] = 1.0
    taken[grown, len(behind) + np.arange(len(grown))] = 1.0
    keys = (*(("level", p.indicator) for p in behind), *(("drift", places[j].indicator) for j in grown))
    return np.asarray(taken @ spread), keys


def _last(place: Unknown, behind: Sequence[Unknown]) -> Unknown:
    return max((b for b in behind if b.indicator == place.indicator), key=lambda b: b.year)


def _labels(block: BlockPosterior, K: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return of each of K components the case of commitments and the reading, (K,) both."""
    sizes = [len(r.nodes.points) for r in _chosen(block)]
    cases = K // sum(sizes)
    reading = np.repeat(np.arange(len(sizes)), sizes)
    return np.repeat(np.arange(cases), sum(sizes)), np.tile(reading, cases)


def _chosen(block: BlockPosterior) -> list[ReadingPosterior]:
    return [r for r in block.readings if block.branch is None or block.branch in r.reading.names]


def _hints(block: BlockPosterior, law: Law, reading: NDArray[np.int64], q: int) -> dict[str, Floats]:
    """Return cov(place, nuisance)/sd(nuisance) at each node, by nuisance."""
    return {name: values[:, :q] for name, values in _told(block, law, reading)}


def _told(block: BlockPosterior, law: Law, reading: NDArray[np.int64]) -> Iterator[tuple[str, Floats]]:
    last = max(r.solved_until for r in block.readings)
    G = [r.at_nodes(last).given.G for r in _chosen(block)]
    for nuisance in block.block.nuisances:
        j = law.streams.index(nuisance.name)
        left = np.concatenate([1.0 - (g[:, :, j] ** 2).sum(axis=1) for g in G])
        if len(left) == len(law.mean):
            yield nuisance.name, law.factor[:, :, j] / np.sqrt(np.maximum(left, _KNOWN))[:, None]
