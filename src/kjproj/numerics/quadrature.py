"""Two quadrature rules, a fine and a coarse one, for a density of one coordinate."""

from itertools import pairwise

import numpy as np

from .arrays import FloatArray, LogDensity

_DROP = 32.0
"""The density is followed down to e⁻³² of its top; what is left out is of order 1e-13."""
_SCAN = 201
_VALLEY = 2.0
_MAX_STRETCH = 1.0


def two_rules(
    log_density: LogDensity, lower: float, upper: float, starts: FloatArray, fine: int = 64, coarse: int = 40
) -> tuple[FloatArray, FloatArray]:
    """Nodes (K, 1) and log weights (2, K) of ∫ exp(log_density) over a box; row 0 fine, row 1 coarse.

    The range where the density exceeds e⁻³² of its top is cut at its valleys; every piece is integrated
    in a coordinate t with v = a + b exp(κt), κ = log(right width / left width) kept within ±1, which makes
    the two sides of a posterior of log σ (exponential to the right, double exponential to the left) alike:
    by the trapezoid rule in t where the density has died out at both ends, by Gauss–Legendre in t where
    it is cut off. For scaled inverse chi-square σ² and 64 points the Student tails are right to 2e-9 at
    one degree of freedom and to 1e-12 from two up; Gauss–Legendre in 1/σ gives 3e-4 and 2e-7 when far
    tails count, in log σ 1e-6 and 4e-9, because none of them puts points where both the bulk and the
    tail need them. Further pieces get 40 and 26 points each.

    starts (S, 1) are added to the scan, for peaks narrower than its steps. Raises ValueError when the
    density vanishes everywhere on the scan.

    Source: trapezoid rule after a change of variable, Trefethen and Weideman (2014), doi 10.1137/130932132.
    """
    v, height = _scan(log_density, lower, upper, starts)
    pieces = _pieces(v, height)
    sizes = (fine, coarse) if len(pieces) == 1 else (5 * fine // 8, 13 * coarse // 20)
    rules = [[_rule(*piece, n) for piece in pieces] for n in sizes]
    nodes = [np.concatenate([points for points, _ in rule]) for rule in rules]
    weights = [np.concatenate([weight for _, weight in rule]) for rule in rules]
    points = np.concatenate(nodes)[:, None]
    total = log_density(points) + np.log(np.concatenate(weights))
    log_weights = np.full((2, points.shape[0]), -np.inf)
    log_weights[0, : nodes[0].size] = total[: nodes[0].size]
    log_weights[1, nodes[0].size :] = total[nodes[0].size :]
    return points, log_weights


def _scan(
    log_density: LogDensity, lower: float, upper: float, starts: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """A grid (M,) and the log density on it, narrowed until a good part of it is above the drop."""
    v = np.unique(np.clip(np.concatenate([np.linspace(lower, upper, _SCAN), starts.ravel()]), lower, upper))
    height = log_density(v[:, None])
    for _ in range(6):
        top = height.max()
        if not np.isfinite(top):
            raise ValueError(f"the density is zero (or infinite) on all of [{lower}, {upper}]")
        above = np.flatnonzero(height > top - _DROP)
        first, last = max(above[0] - 1, 0), min(above[-1] + 1, v.size - 1)
        inside = last - first + 1
        if inside > _SCAN // 3:
            break
        more = np.linspace(v[first], v[last], _SCAN)[1:-1]
        v, height = _merge(v, height, more, log_density(more[:, None]))
    return v[first : last + 1], np.maximum(height[first : last + 1], top - 2.0 * _DROP)


def _merge(
    v: FloatArray, height: FloatArray, more: FloatArray, heights: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Two scans put together in order, without repeated points."""
    merged, first = np.unique(np.concatenate([v, more]), return_index=True)
    return merged, np.concatenate([height, heights])[first]


def _pieces(v: FloatArray, height: FloatArray) -> list[tuple[float, float, float, bool]]:
    """Up to four pieces: left end, mode, right end, whether the density has died out at both ends."""
    cuts = [0, *_valleys(height), v.size - 1]
    dead = height.max() - 0.8 * _DROP
    pieces = []
    for left, right in pairwise(cuts):
        mode = left + int(height[left : right + 1].argmax())
        died = bool(height[left] < dead and height[right] < dead)
        pieces.append((float(v[left]), float(v[mode]), float(v[right]), died))
    return pieces


def _valleys(height: FloatArray) -> list[int]:
    """Positions of the (up to three deepest) minima that lie at least 2 below the maxima on both sides."""
    from_left, from_right = np.maximum.accumulate(height), np.maximum.accumulate(height[::-1])[::-1]
    depth = np.minimum(from_left, from_right) - height
    deep = depth > _VALLEY
    edges = np.flatnonzero(np.diff(deep.astype(int)))
    runs = zip(edges[::2] + 1, edges[1::2] + 1, strict=False)
    minima = [first + int(height[first:last].argmin()) for first, last in runs]
    return sorted(sorted(minima, key=lambda i: -depth[i])[:3])


def _rule(left: float, mode: float, right: float, died: bool, n: int) -> tuple[FloatArray, FloatArray]:
    """Nodes (n,) and weights (n,) on [left, right]."""
    if died:
        t, weight = np.linspace(-1.0, 1.0, n), np.full(n, 2.0 / (n - 1))  # nothing is left at the ends
    else:
        t, weight = np.polynomial.legendre.leggauss(n)
    sides = np.maximum([right - mode, mode - left], 1e-9 * (right - left))
    kappa = float(np.clip(np.log(sides[0] / sides[1]), -_MAX_STRETCH, _MAX_STRETCH))
    if abs(kappa) < 1e-3:
        return left + 0.5 * (right - left) * (t + 1.0), 0.5 * (right - left) * weight
    unit = (right - left) / np.expm1(2.0 * kappa)
    return left + unit * np.expm1(kappa * (t + 1.0)), unit * kappa * np.exp(kappa * (t + 1.0)) * weight
