"""Figures that contradict each other whatever the motion, widened by the Birge factor.

With H the rows, V their variances and N a basis of the left null space of H, c = Nᵀy is what no path can explain. If
B² = cᵀ(NᵀVN)⁻¹c / rank N exceeds 1, the standard deviations of the rows in N are multiplied by B.
Source: Birge (1932), Physical Review 40, doi 10.1103/PhysRev.40.207.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from .compiled import Compiled, contradiction
from .conditioning import Rows

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Conflict:
    """Rows that contradict each other, by their places in the study, and the factor that widens their errors."""

    places: tuple[str, ...]
    factor: float


def reconciled(compiled: Compiled) -> tuple[Compiled, tuple[Conflict, ...]]:
    """Return the rows with contradicting ones widened, redundant exact ones left out, and the conflicts."""
    H, y, sd = compiled.fixed.H[0], compiled.fixed.y[0], compiled.fixed.sd[0]
    keep, places = _without_redundant(H, y, sd, compiled.places)
    H, y, sd = H[keep], y[keep], sd[keep].copy()
    conflicts = []
    for group, basis in _groups(H):
        c = basis.T @ y[group]
        spread = basis.T @ (sd[group, None] ** 2 * basis)
        birge = float(np.sqrt(c @ np.linalg.solve(spread, c) / basis.shape[1]))
        if birge > 1.0:
            sd[group] *= birge
            conflicts.append(Conflict(tuple(dict.fromkeys(places[i] for i in group)), birge))
    rows = Rows(H[None], y[None], sd[None])
    return replace(compiled, fixed=rows, places=(*places, *compiled.places[len(keep) :])), tuple(conflicts)


def _without_redundant(H: Floats, y: Floats, sd: Floats, places: tuple[str, ...]) -> tuple[Floats, tuple[str, ...]]:
    """Return which rows to keep: an exact row that other exact rows imply says nothing new, or contradicts them."""
    keep = np.ones(len(y), bool)
    exact: list[int] = []
    for i in np.flatnonzero(sd == 0.0):
        if exact:
            weights, *_ = np.linalg.lstsq(H[exact].T, H[i], rcond=None)
            if np.allclose(H[exact].T @ weights, H[i], atol=1e-10):
                if abs(weights @ y[exact] - y[i]) > 1e-9:
                    involved = [places[j] for j, w in zip(exact, weights, strict=True) if abs(w) > 1e-10]
                    raise contradiction([*involved, places[i]])
                keep[i] = False
                continue
        exact.append(int(i))
    return keep, tuple(place for place, kept in zip(places, keep, strict=False) if kept)


def _groups(H: Floats) -> list[tuple[NDArray[np.int64], Floats]]:
    """Return groups of rows that are linearly dependent, each with a basis of its dependencies."""
    if len(H) == 0:
        return []
    u, singular, _ = np.linalg.svd(H)
    rank = int((singular > 1e-10 * max(singular.max(initial=0.0), 1e-300)).sum())
    projector = u[:, rank:] @ u[:, rank:].T
    linked = np.abs(projector) > 1e-9
    groups, seen = [], np.zeros(len(H), bool)
    for i in range(len(H)):
        if linked[i, i] and not seen[i]:
            member = linked[i]
            for _ in range(len(H)):
                member = linked[member].any(axis=0)
            seen |= member
            group = np.flatnonzero(member)
            v, values, _ = np.linalg.svd(projector[np.ix_(group, group)])
            groups.append((group, v[:, values > 0.5]))
    return groups
