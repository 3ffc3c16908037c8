"""Which forecasts of a block are Gaussian, which are drawn, and where the rows pull their draws to."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ..errors import KjprojError
from ..forecasts import Curves, Forecast, Normal
from ..rows import HalfSpace, Row, Unknown
from ..study import Study
from .blocks import Block
from .drawn import Drawn, Taken, beside, lattice_draws, sample_draws
from .posterior import Reading, ReadingPosterior
from .unknowns import leaves

Floats = NDArray[np.float64]
_ROUNDS = 12


def take(study: Study, block: Block, reading: Reading, seed: int, n: int) -> Taken:
    """Return how the forecasts of a block enter it; raises `KjprojError` for figures that no forecast can heed."""
    rows = _spoken_of(study, block, block.rows)
    bounds = _spoken_of(study, block, block.half_spaces)
    _require_within(block, {**rows, **bounds})
    cut = {name for name in block.given if block.given[name].evidence == "cut"}
    _require_one_treatment(block, rows, cut)
    if wrong := next((u for u in bounds if u.indicator in cut), None):
        raise KjprojError(
            f"a bound speaks of {wrong.indicator} in {wrong.year} through an identity, and its forecast is cut from the figures; "
            "state evidence='update', or leave the bound out"
        )
    normals = {}
    for name, forecast in block.given.items():
        normal = forecast.law.normal if isinstance(forecast.law, Curves) else None
        if normal is not None and not (name in cut and any(u.indicator == name for u in rows)):
            normals[name] = normal
    rest = {name: forecast for name, forecast in block.given.items() if name not in normals}
    if not rest:
        return Taken(block.given, normals)
    _require_errors(study, block, set(rest))
    updated = {u.indicator for u in rows} - cut
    drawn = _draws(study, block, reading, rest, normals, updated, seed, n)
    heeded = tuple(j for j, place in enumerate(drawn.places) if place in rows)
    return Taken(block.given, normals, drawn, heeded, cut=any(drawn.places[j].indicator in cut for j in heeded))


def _spoken_of(study: Study, block: Block, said: tuple[Row, ...] | tuple[HalfSpace, ...]) -> dict[Unknown, str]:
    """Return the forecasts' places of which rows or bounds speak, each with where in the study."""
    found = {}
    for row in said:
        for unknown in (leaf for u, _ in row.terms for leaf in leaves(study, u)):
            if unknown.indicator in block.given and unknown.year >= block.given[unknown.indicator].first:
                found[unknown] = row.place if isinstance(row, Row) else "a bound"
    return found


def _require_within(block: Block, spoken: Mapping[Unknown, str]) -> None:
    for unknown, place in spoken.items():
        years = block.given[unknown.indicator].years
        if unknown.year > years[-1]:
            raise KjprojError(
                f"{place} speaks of {unknown.indicator} in {unknown.year}, and its forecast ends in {years[-1]}; leave it out, or "
                "bring a longer forecast"
            )


def _require_one_treatment(block: Block, rows: Mapping[Unknown, str], cut: set[str]) -> None:
    names = {unknown.indicator for unknown in rows}
    if names & cut and names - cut:
        a, b = min(names & cut), min(names - cut)
        raise KjprojError(
            f"figures speak of the forecasts of {a}, which is cut from them, and of {b}, which they update; state the same for both"
        )


def _require_errors(study: Study, block: Block, drawn: set[str]) -> None:
    """Refuse an exact figure about draws alone: none of them meets it."""
    for row in block.rows:
        about = [leaf for unknown, _ in row.terms for leaf in leaves(study, unknown)]
        alone = all(u.indicator in drawn and u.year >= block.given[u.indicator].first for u in about)
        if row.sd == 0.0 and alone and not row.nuisances:
            raise KjprojError(
                f"{row.place} is exact, and none of the draws of {about[0].indicator} meets an exact figure; state its error, or begin "
                "the forecast after it"
            )


def _draws(
    study: Study, block: Block, reading: Reading, rest: Mapping[str, Forecast], normals: Mapping[str, Normal],
    updated: set[str], seed: int, n: int,
) -> Drawn:  # fmt: skip
    curves = {name: forecast for name, forecast in rest.items() if isinstance(forecast.law, Curves)}
    samples = {name: forecast for name, forecast in rest.items() if name not in curves}
    sampled = sample_draws(samples) if samples else None
    if not curves:
        assert sampled is not None  # one of the two there is
        return sampled
    about = None
    if set(curves) & updated:
        about = _pulled(study, block, reading, curves, normals, sampled, seed, n)
    drawn = lattice_draws(curves, n, seed, about)
    return drawn if sampled is None else beside(drawn, sampled, seed)


def _pulled(
    study: Study, block: Block, reading: Reading, curves: Mapping[str, Forecast], normals: Mapping[str, Normal],
    sampled: Drawn | None, seed: int, n: int,
) -> tuple[Floats, Floats]:  # fmt: skip
    """Return mean and covariance of the curves' normals given the rows, to first order about that mean.

    Everything else is at the centre of its belief, and sample paths count as normal.
    """
    laws = {name: law for name, forecast in curves.items() if isinstance(law := forecast.law, Curves)}
    ends = np.cumsum([0, *(law.root.shape[1] for law in laws.values())])
    w, cov = np.zeros(ends[-1]), np.eye(ends[-1])
    others = {name: sampled.normal(name)[1] for name in block.given if sampled and name not in curves and name not in normals}
    for _ in range(_ROUNDS):
        about = {name: law.about(w[a:b]) for (name, law), a, b in zip(laws.items(), ends, ends[1:], strict=False)}
        posterior = ReadingPosterior(study, block, reading, seed, n, Taken(block.given, {**normals, **others, **about}))
        solved = posterior.solve(posterior.starts[:1], posterior.last_row_year)
        at = [solved.system.streams.index(f"{name}:forecast {j}") for name, law in laws.items() for j in range(law.root.shape[1])]
        G, u = solved.given.G[0], solved.given.u[0]
        before, w = w, (G.T @ u)[at]
        cov = np.eye(len(at)) - G[:, at].T @ G[:, at]
        if np.abs(w - before).max() < 1e-6:
            break
    return w, cov
