"""Drawing from a block's law, in chunks that any executor can take."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from ..errors import NotAnswerableError
from ..shocks import PseudoRandom, Shocks
from .law import Bound, Law

Floats = NDArray[np.float64]
_BATCH = 4096
_MOST_ATTEMPTS = 1000


@dataclass(frozen=True)
class Job:
    """What a worker needs: the law of the functionals, the block's name, the shocks, and streams that other blocks share."""

    law: Law
    block: str
    shocks: Shocks
    shared: frozenset[str] = frozenset()

    def normals(self, chunk: int, size: int) -> tuple[Floats, NDArray[np.intp]]:
        """Return the normals of the law's streams (size, p), and the order in which paths take components (size,).

        Shared streams are asked for one by one, so that every block gets the same whatever else it asks for.
        """
        pick = f"{self.block}:pick"
        own = [name for name in self.law.streams if name not in self.shared]
        if isinstance(self.shocks, PseudoRandom):
            drawn, order = self.shocks.normals(own, chunk, size), self.shocks.generator(pick, 0, chunk).permutation(size)
        else:  # what is asked for together fills the space evenly
            together = self.shocks.normals((*own, pick), chunk, size)
            drawn, order = together[:, :-1], np.argsort(together[:, -1], kind="stable")
        if len(own) == len(self.law.streams):
            return drawn, order
        z, rest = np.empty((size, len(self.law.streams))), iter(drawn.T)
        for j, name in enumerate(self.law.streams):
            z[:, j] = self.shocks.normals((name,), chunk, size)[:, 0] if name in self.shared else next(rest)
        return z, order


def draw_chunk(job: Job, chunk: int, size: int) -> Floats:
    """Draw `size` values of all functionals, (size, q): a component by its weight, then mean + factor·normals.

    The components are picked systematically (every one as often as its weight says, to within one) and in random
    order, so that blocks stay independent.
    """
    law = job.law
    z, order = job.normals(chunk, size)
    component = np.empty(size, np.int64)
    component[order] = _systematic(job, chunk, size)
    z = _inside(job, chunk, component, z)
    out = np.empty((size, law.mean.shape[1]))
    for start in range(0, size, _BATCH):
        part = slice(start, start + _BATCH)
        pick = component[part]
        out[part] = law.mean[pick] + (law.factor[pick] @ np.ascontiguousarray(z[part])[:, :, None])[:, :, 0]
    return out


def _inside(job: Job, chunk: int, component: NDArray[np.int64], z: Floats) -> Floats:
    """Bring normals inside what is bounded: one bound by the truncated normal, several by drawing again, path by path.

    Components are picked in proportion to their share inside, so paths keep equal weights.
    """
    bound = job.law.bound
    if bound is None:
        return z
    z = _moved_inside(bound, component, z)
    outside = np.arange(len(z))
    for attempt in range(1, _MOST_ATTEMPTS):
        pick = component[outside]
        x = bound.mean[pick] + (bound.factor[pick] @ z[outside, :, None])[:, :, 0]
        outside = outside[((x < bound.lower[pick]) | (x > bound.upper[pick])).any(axis=1)]
        if not len(outside):
            return z
        names = tuple(f"{name}, attempt {attempt}" for name in job.law.streams)
        z[outside] = job.shocks.normals(names, chunk, len(z))[outside]
    raise NotAnswerableError(
        "the figures' bounds leave almost nothing of what the other figures and beliefs say; check the bounds"
    )


def _moved_inside(bound: Bound, component: NDArray[np.int64], z: Floats) -> Floats:
    """Return normals whose projection on the one bounded functional follows the truncated normal; others as they are.

    A path of a component with one bound is moved along that functional's factor alone, by the quantile that it had.
    """
    active = np.isfinite(bound.lower) | np.isfinite(bound.upper)
    alone = active.sum(axis=1)[component] == 1
    if not alone.any():
        return z
    pick = component[alone]
    column = active[pick].argmax(axis=1)
    factor, rows = bound.factor[pick, column], np.arange(len(pick))
    length = np.sqrt((factor**2).sum(axis=1))
    mean = bound.mean[pick, column]
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = ((b[pick, column] - mean) / length for b in (bound.lower, bound.upper))
        along = (factor * z[alone]).sum(axis=1) / length
        flip = np.where(low > 0, -1.0, 1.0)  # in the upper tail count from above, where numbers are fine
        a, b = np.where(flip < 0, -high, low), np.where(flip < 0, -low, high)
        share = ndtr(flip * along)
        wanted = flip * ndtri(ndtr(a) + share * (ndtr(b) - ndtr(a)))
    usable = np.isfinite(wanted) & (length > 0)
    moved = z[alone]
    moved[rows[usable]] += (factor / length[:, None] * (wanted - along)[:, None])[usable]
    out = z.copy()
    out[alone] = moved
    return out


def _systematic(job: Job, chunk: int, size: int) -> NDArray[np.int64]:
    """Return component numbers in rising order."""
    tick = job.shocks.normals((f"{job.block}:tick",), chunk, 1)[0, 0]
    offset = 0.5 + np.arctan(tick) / np.pi
    ticks = (np.arange(size) + offset) / size
    found = np.searchsorted(np.cumsum(job.law.weights), ticks)
    return np.asarray(np.minimum(found, len(job.law.mean) - 1), np.int64)
