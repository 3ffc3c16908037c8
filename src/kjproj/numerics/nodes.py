"""Integration nodes for a density that is known up to a constant."""

from dataclasses import dataclass

import numpy as np

from .arrays import FloatArray, LogDensity
from .axes import straighten
from .estimates import Kind
from .gibbs import CHAINS, chains
from .lattice import MAX_SHIFTS, nearest_prime, shift_seed, shifted_points, tent
from .modes import find_modes
from .pareto import effective_share, khat
from .profiles import Proposal, draw, fit_profiles, log_pdf
from .quadrature import two_rules

_RULES = 64, 40
_MOST_POINTS = 1024
_AGREED = 1e-10
_DOUBLE_ABOVE = 0.5
_GIBBS_ABOVE, _GIBBS_BELOW = 0.7, 0.5
_MOST_DOUBLINGS = 4


@dataclass(frozen=True)
class Nodes:
    """Nodes of a density in d coordinates, and what their weights are worth.

    points (K, d). log_weights (R, K): each row estimates Z = ∫ exp(log_density) by Σ_k exp(row), alone
    and with its own points (−inf marks the others): rows are the fine and the coarse rule for
    "quadrature", independent randomisations for "randomised", chains for "gibbs".
    effective: effective share of the nodes (1 for exact). khat: Pareto shape of the importance weights
    (nan for exact and quadrature; for gibbs that of the weights it was abandoned for).
    """

    points: FloatArray
    log_weights: FloatArray
    kind: Kind
    effective: float
    khat: float


def place(
    log_density: LogDensity,
    lower: FloatArray,
    upper: FloatArray,
    starts: FloatArray,
    *,
    n: int = 4096,
    shifts: int = 16,
    seed: int = 0,
) -> Nodes:
    """Places about n nodes for the density exp(log_density) on the box from lower to upper (d,).

    log_density maps (M, d) to (M,) and is evaluated at about n + 1500 points, all d at once; modes are
    sought from starts (S, d). No coordinate: one exact node. One: a fine and a coarse quadrature rule.
    More: the mixture over modes of products of profiles, sampled by `shifts` independently shifted
    lattices and weighted by importance; Pareto k-hat above .5 doubles the number of shifts (to four
    times, 64 at most), above .7 after that 16 Gibbs chains take over. The same seed gives the same nodes.
    Raises ValueError when the density vanishes at all starts.
    """
    lower, upper, starts = (np.asarray(given, dtype=float) for given in (lower, upper, starts))
    if lower.size == 0:
        return Nodes(np.empty((1, 0)), log_density(np.empty((1, 0)))[None], "exact", 1.0, np.nan)
    if lower.size == 1:
        points, log_weights = _agreeing_rules(log_density, float(lower[0]), float(upper[0]), starts)
        return Nodes(points, log_weights, "quadrature", effective_share(log_weights[0]), np.nan)
    log_density = _inside(log_density, lower, upper)
    modes = find_modes(log_density, lower, upper, starts)
    peaks = straighten(log_density, lower, upper, *modes)
    proposal = fit_profiles(log_density, lower, upper, *peaks, n)
    per_shift = nearest_prime(n / shifts)
    points, weights = _weigh(log_density, proposal, per_shift, 0, shifts, seed)
    rows = shifts
    while khat(weights) > _DOUBLE_ABOVE and 2 * rows <= min(_MOST_DOUBLINGS * shifts, MAX_SHIFTS):
        more, extra = _weigh(log_density, proposal, per_shift, rows, 2 * rows, seed)
        points, weights, rows = np.concatenate([points, more]), np.concatenate([weights, extra]), 2 * rows
    shape = khat(weights)
    if shape > _GIBBS_ABOVE and effective_share(weights) < _GIBBS_BELOW:
        log_integral = np.logaddexp.reduce(weights) - np.log(rows)
        length = nearest_prime(n / CHAINS)
        points, effective = chains(log_density, lower, upper, points, weights, length, seed)
        equal = np.full(len(points), log_integral - np.log(length))
        return Nodes(points, _in_rows(equal, CHAINS), "gibbs", effective, shape)
    return Nodes(points, _in_rows(weights, rows), "randomised", effective_share(weights), shape)


def _inside(log_density: LogDensity, lower: FloatArray, upper: FloatArray) -> LogDensity:
    """The log density, −inf (and not evaluated) outside of the box."""

    def restricted(points: FloatArray) -> FloatArray:
        inside = ((points >= lower) & (points <= upper)).all(axis=1)
        values = np.full(len(points), -np.inf)
        values[inside] = log_density(points[inside])
        return values

    return restricted


def _agreeing_rules(
    log_density: LogDensity, lower: float, upper: float, starts: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """The two rules of `two_rules`, doubled until they agree on the integral and on the mean coordinate to 1e-10.

    64 points are enough where the density is one smooth hill; a plateau beside it (figures whose rounding hides
    small volatilities) takes more. 1,024 at the most.
    """
    fine, coarse = _RULES
    points, log_weights = two_rules(log_density, lower, upper, starts, fine, coarse)
    while fine < _MOST_POINTS and _disagreement(points, log_weights) > _AGREED:
        fine, coarse = 2 * fine, 2 * coarse
        points, log_weights = two_rules(log_density, lower, upper, starts, fine, coarse)
    return points, log_weights


def _disagreement(points: FloatArray, log_weights: FloatArray) -> float:
    weights = np.exp(log_weights - log_weights.max())
    totals, means = weights.sum(axis=1), weights @ points[:, 0] / weights.sum(axis=1)
    return float(max(abs(totals[1] / totals[0] - 1.0), abs(means[1] - means[0])))


def _weigh(
    log_density: LogDensity, proposal: Proposal, n: int, first: int, last: int, seed: int
) -> tuple[FloatArray, FloatArray]:
    """Points of the lattices with shifts first…last − 1, one after the other, and their log weights."""
    d = proposal.first.shape[1]
    u = tent(shifted_points(n, d + 1, last, seed)[first:]).reshape(-1, d + 1)
    points = draw(proposal, u)
    return points, log_density(points) - log_pdf(proposal, points) - np.log(n)


def _in_rows(weights: FloatArray, rows: int) -> FloatArray:
    """Log weights (R, K) of rows that own K/R consecutive nodes each."""
    log_weights = np.full((rows, rows, weights.size // rows), -np.inf)
    own = np.arange(rows)
    log_weights[own, own] = weights.reshape(rows, -1)
    return log_weights.reshape(rows, -1)


def companion_uniforms(nodes: Nodes, dim: int, seed: int, copy: int = 0) -> FloatArray:
    """For every node a point (K, dim) of the further dimensions of its own lattice, inside (0, 1).

    With the seed of `place` nodes and companions are one lattice in d + 1 + dim dimensions (Gibbs
    chains, which have no lattice, get one a chain), so that one point set serves parameters and orthant.
    Each further copy is shifted anew.
    Raises ValueError for exact and quadrature nodes, which have no randomisation.
    """
    if nodes.kind in ("exact", "quadrature"):
        raise ValueError(f"{nodes.kind} nodes have no lattice to continue; give each node its own points")
    used = nodes.points.shape[1] + 1
    rows = len(nodes.log_weights)
    points = shifted_points(len(nodes.points) // rows, used + dim, rows, shift_seed(seed, copy), start=used)
    return tent(points).reshape(-1, dim)
