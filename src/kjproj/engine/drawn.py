"""How the forecasts of a block enter it: normal ones as columns, the others as draws.

A forecast that is normal on its scale is one more Gaussian, and is conditioned on the rows exactly. Of any other there are
draws g, each with a weight: given one, everything else is Gaussian as before. The rows weigh draws and nodes together. The
draws of quantile curves are lattice points, half of them placed where the rows pull the forecast to (a defensive mixture),
so that a precise figure does not leave almost none.

Source: Hesterberg (1995), doi 10.1080/00401706.1995.10484303 (defensive mixtures).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp, ndtri

from ..forecasts import Curves, Forecast, Normal, Paths
from ..numerics.lattice import lattices, primes_about, tent
from ..rows import Unknown

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Lattices = tuple[int, tuple[int, ...], int]
BATCHES = 16
_LEAST = 4096
_WIDER = 1.3


@dataclass(frozen=True, eq=False)
class Drawn:
    """P draws of n places of a block.

    Attributes:
        places: the n unknowns.
        centre: their mean, (n,).
        away: the draws' distances from it, (P, n).
        log_weights: (P,), those of equal weights being 0.
        batch: to which of 16 independent batches each draw belongs, (P,).
        picks: (P,) numbers in (0, 1) that pick a node for each draw; None where nodes are picked at random.
        lattice: which lattices they are, as (seed, points of each shift, dimensions used).
    """

    places: tuple[Unknown, ...]
    centre: Floats
    away: Floats
    log_weights: Floats
    batch: Ints
    picks: Floats | None = None
    lattice: Lattices | None = None

    @property
    def share(self) -> Floats:
        """The draws' weights, adding up to 1."""
        return np.asarray(np.exp(self.log_weights - logsumexp(self.log_weights)))

    def normal(self, name: str) -> tuple[tuple[int, ...], Normal]:
        """Return the years of one forecast, and the normal one with the mean and the covariance of its draws."""
        at = [j for j, place in enumerate(self.places) if place.indicator == name]
        away = self.away[:, at]
        cov = np.atleast_2d((self.share[:, None] * away).T @ away)
        values, vectors = np.linalg.eigh(cov)
        return tuple(self.places[j].year for j in at), Normal(self.centre[at], vectors * np.sqrt(np.clip(values, 0.0, None)))

    def fixed(self, name: str) -> tuple[tuple[int, ...], Normal]:
        """Return the years of one forecast, and its centre as if it were known."""
        at = [j for j, place in enumerate(self.places) if place.indicator == name]
        return tuple(self.places[j].year for j in at), Normal(self.centre[at], np.zeros((len(at), 0)))


@dataclass(frozen=True, eq=False)
class Taken:
    """How a block's forecasts enter it.

    Attributes:
        normals: forecasts that are Gaussian, by indicator.
        drawn: draws of the others; None where there are none.
        heeded: the places among the drawn of which rows speak, as positions.
        evidence: what the rows do to the draws.
    """

    forecasts: Mapping[str, Forecast]
    normals: Mapping[str, Normal]
    drawn: Drawn | None = None
    heeded: tuple[int, ...] = ()
    cut: bool = False

    def columns(self, wide: bool = False) -> dict[str, tuple[tuple[int, ...], Normal]]:
        """Return every forecast as a normal one with its years; drawn ones at their centre, or as wide as they are."""
        found = {name: (self.forecasts[name].years, normal) for name, normal in self.normals.items()}
        for name in self.forecasts:
            if name not in found and self.drawn is not None:
                found[name] = self.drawn.normal(name) if wide else self.drawn.fixed(name)
        return found

    @cached_property
    def features(self) -> Floats:
        """(P, f): what a draw's log likelihood is linear in, g and −½·g·gᵀ over the heeded places."""
        assert self.drawn is not None  # asked where rows speak of draws
        g = self.drawn.away[:, list(self.heeded)]
        return np.concatenate([g, -0.5 * (g[:, :, None] * g[:, None, :]).reshape(len(g), -1)], axis=1)


def lattice_draws(curves: Mapping[str, Forecast], n: int, seed: int, about: tuple[Floats, Floats] | None) -> Drawn:
    """Return lattice draws of quantile curves; `about` are mean (r,) and covariance (r, r) of w given the rows, if known.

    Each batch is a lattice of another size: of one size all would put as many points above a bound, and show no error.
    """
    laws = {name: forecast.law for name, forecast in curves.items() if isinstance(forecast.law, Curves)}
    widths = [law.root.shape[1] for law in laws.values()]
    r, more = sum(widths), 1 if about is None else 2
    sizes = primes_about(max(n, _LEAST) / BATCHES, BATCHES)
    u = tent(lattices(sizes, r + more, seed))
    batch = np.repeat(np.arange(BATCHES), sizes)
    w, log_weights = ndtri(u[:, more:]), np.log(np.mean(sizes) / np.array(sizes))[batch]
    if about is not None:
        w, more_weights = _mixed(w, u[:, 1], *about)
        log_weights = log_weights + more_weights
    starts = np.cumsum([0, *widths])
    x = np.concatenate([law.at(w[:, a:b]) for law, a, b in zip(laws.values(), starts, starts[1:], strict=False)], axis=1)
    places = tuple(Unknown(name, year) for name in laws for year in curves[name].years)
    return _about_mean(places, x, log_weights, batch, u[:, 0], (seed, sizes, r + more))


def _mixed(w: Floats, coin: Floats, mean: Floats, cov: Floats) -> tuple[Floats, Floats]:
    """Move half of the standard normals to N(mean, 1.3²·cov); return them and the log weights that undo it."""
    values, vectors = np.linalg.eigh(cov)
    sd = _WIDER * np.sqrt(np.clip(values, 1e-20, None))
    moved = mean + (w * sd) @ vectors.T
    w = np.where(coin[:, None] < 0.5, w, moved)
    prior = -0.5 * (w**2).sum(axis=1)
    z = ((w - mean) @ vectors) / sd
    other = -0.5 * (z**2).sum(axis=1) - np.log(sd).sum()
    return w, prior - np.logaddexp(prior, other) + np.log(2.0)


def sample_draws(samples: Mapping[str, Forecast]) -> Drawn:
    """Return draws of sample paths: draw k of paths that belong together is path k of each, other paths are shuffled in.

    Paths of one batch meet those of the same batch, so that the scatter of all is in the error.
    """
    groups: dict[str, list[str]] = {}
    for name, forecast in samples.items():
        groups.setdefault(f"{forecast.together}" if forecast.together else f"{name}:", []).append(name)
    tables = {key: np.concatenate([_paths(samples[name]) for name in names], axis=1) for key, names in groups.items()}
    places = tuple(Unknown(name, year) for names in groups.values() for name in names for year in samples[name].years)
    size = max(len(table) for table in tables.values())
    x, log_weights = [], np.zeros(size)
    for k, table in enumerate(tables.values()):
        index = np.arange(size) if len(tables) == 1 else _shuffled(len(table), size, k)
        counts = np.bincount(index, minlength=len(table))
        log_weights -= np.log(counts[index] * len(table) / size)
        x.append(table[index])
    return _about_mean(places, np.concatenate(x, axis=1), log_weights, np.arange(size) % BATCHES)


def _shuffled(own: int, size: int, k: int) -> Ints:
    """Return which of `own` paths stands at each of `size` places: batch by batch, as often as the others, in random order."""
    rng = np.random.default_rng(np.random.SeedSequence((own, size, k)))
    if own < 2 * BATCHES:
        return np.asarray(rng.permutation(np.resize(np.arange(own), size)), np.int64)
    found = np.empty(size, np.int64)
    for b in range(BATCHES):
        at = np.arange(b, size, BATCHES)
        found[at] = np.resize(rng.permutation(np.arange(b, own, BATCHES)), len(at))
    return found


def beside(a: Drawn, b: Drawn, seed: int) -> Drawn:
    """Return independent draws of both: lattice draws `a`, each with a sample path of its batch out of `b`."""
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(0x67697665,)))
    few = len(b.away) < 2 * BATCHES
    index = np.empty(len(a.away), np.int64)
    for batch in range(BATCHES):
        at = np.flatnonzero(a.batch == batch)
        own = np.arange(len(b.away)) if few else np.flatnonzero(b.batch == batch)
        index[at] = rng.permutation(np.resize(rng.permutation(own), len(at)))
    counts = np.bincount(index, minlength=len(b.away))
    log_weights = a.log_weights + b.log_weights[index] - np.log(counts[index] * len(b.away) / len(index))
    x = np.concatenate([a.centre + a.away, (b.centre + b.away)[index]], axis=1)
    return _about_mean((*a.places, *b.places), x, log_weights, a.batch, a.picks, a.lattice)


def _paths(forecast: Forecast) -> Floats:
    assert isinstance(forecast.law, Paths)
    return forecast.law.places


def _about_mean(
    places: tuple[Unknown, ...],
    x: Floats,
    log_weights: Floats,
    batch: Ints,
    picks: Floats | None = None,
    lattice: Lattices | None = None,
) -> Drawn:
    share = np.exp(log_weights - logsumexp(log_weights))
    centre = share @ x
    return Drawn(places, centre, x - centre, log_weights, batch, picks, lattice)
