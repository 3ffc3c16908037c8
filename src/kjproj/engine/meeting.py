"""Draws of forecasts meet nodes: components of a law, one for each pair."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from ..errors import NotAnswerableError
from .drawn import BATCHES, Drawn
from .law import Law
from .pairing import picked

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_PAIRS = 4096
_AT_ONCE = 256
_FEWEST = 100.0


@dataclass(frozen=True, eq=False)
class Heard:
    """What rows say of draws: tilts (K, f), features (P, f), the log of their average over draws at each node (K,)."""

    tilts: Floats
    features: Floats
    average: Floats
    cut: bool

    def of_pairs(self, node: Ints, draw: Ints, log_weights: Floats) -> Floats:
        """Return the log weight of each pair of a node, picked by the weights `log_weights` (K,), and a draw.

        Nodes carry the average over draws already, so that a pair counts by how much better its own draw does. Where the
        forecast is cut each draw keeps its weight, and only shares it out among nodes.
        """
        found = (self.tilts[node] * self.features[draw]).sum(axis=1) - self.average[node]
        return np.asarray(found - self._of_draws(log_weights)[draw]) if self.cut else np.asarray(found)

    def _of_draws(self, log_weights: Floats) -> Floats:
        """Return how much better a draw does than the average one, in logarithms, (P,)."""
        total = np.full(len(self.features), -np.inf)
        for start in range(0, len(self.tilts), _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            each = self.tilts[part] @ self.features.T + (log_weights - self.average)[part, None]
            total = np.logaddexp(total, logsumexp(each, axis=0))
        return total


@dataclass(frozen=True, eq=False)
class Pairs:
    """Which node and which draw each component of a paired law is of."""

    node: Ints
    draw: Ints


def paired(law: Law, slope: Floats, drawn: Drawn, heard: Heard | None, seed: int) -> tuple[Law, Pairs]:
    """Return the law with every draw paired with nodes, picked in proportion to their weights.

    slope (K, q, n) is how each functional's mean moves with the drawn places.
    """
    if drawn.picks is None:
        pairs = _at_random(law, len(drawn.away), seed)
        batch = drawn.batch[pairs.draw]
    else:
        pairs, batch = Pairs(picked(law, drawn.picks), np.arange(len(drawn.away))), drawn.batch
    own = drawn.log_weights[pairs.draw]
    if heard is not None:
        with np.errstate(divide="ignore"):
            own = own + heard.of_pairs(pairs.node, pairs.draw, np.log(law.weights))
    log_weights = np.where(batch == np.arange(BATCHES)[:, None], own, -np.inf)
    mean = law.mean[pairs.node] + (slope[pairs.node] @ drawn.away[pairs.draw][:, :, None])[:, :, 0]
    found = Law(
        log_weights, "randomised", mean, law.factor[pairs.node], law.drift_slope[pairs.node], law.streams, None, lattice=drawn.lattice
    )
    return found, pairs


def _at_random(law: Law, size: int, seed: int) -> Pairs:
    """Return pairs in which every draw stands as often as the others, and nodes as often as their weights say."""
    draw = np.repeat(np.arange(size), -(-_PAIRS // size))
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(0x70616972,)))
    ticks = (np.arange(len(draw)) + rng.random()) / len(draw)
    node = np.searchsorted(np.cumsum(law.weights), rng.permutation(ticks)).clip(max=len(law.mean) - 1)
    return Pairs(np.asarray(node, np.int64), draw)


def effective(log_weights: Floats, pairs: Pairs, size: int) -> float:
    """Return the effective number (Σw)²/Σw² of draws with these weights of pairs, (R, pairs)."""
    top = log_weights.max()
    if not np.isfinite(top):
        return 0.0
    w = np.bincount(pairs.draw, weights=np.exp(log_weights - top).sum(axis=0), minlength=size)
    return float(w.sum() ** 2 / (w @ w))


def require_enough(left: float, size: int, names: Iterable[str]) -> None:
    """Raise `NotAnswerableError` where figures leave next to nothing of a forecast's draws."""
    if left < min(_FEWEST, size / 2.0):
        raise NotAnswerableError(
            f"figures leave the worth of {left:.1f} of the {size:,} draws of {', '.join(names)}: they are far more precise than the "
            "forecast, or contradict it; bring more paths, or quantiles, begin the forecast after the figures, or state "
            "evidence='cut'"
        )
