"""Tail chances, quantiles and the density of a weighted mixture of normals."""

import numpy as np
from scipy.special import ndtr, ndtri

from .arrays import FloatArray
from .normal import interval_probability

_ROOT_2PI = np.sqrt(2.0 * np.pi)


def tail(
    weights: FloatArray,
    mean: FloatArray,
    sd: FloatArray,
    lower: FloatArray | float = -np.inf,
    upper: FloatArray | float = np.inf,
) -> FloatArray:
    """Chance that the mixture lies from `lower` to `upper`, both included: Σ w P(lower ≤ X ≤ upper).

    weights, mean, sd (K,), the weights summing to one, sd ≥ 0 (0 is an atom); lower and upper broadcast
    to some shape S and may be infinite; returns S. Rare events keep their relative accuracy.
    """
    lo, hi = np.broadcast_arrays(np.asarray(lower, float), np.asarray(upper, float))
    scale = np.where(sd > 0.0, sd, 1.0)
    from_mean, to_mean = lo[..., None] - mean, hi[..., None] - mean
    inside = interval_probability(from_mean / scale, to_mean / scale)
    inside = np.where(sd > 0.0, inside, (from_mean <= 0.0) & (to_mean >= 0.0))
    chance: FloatArray = inside @ weights
    return chance


def density(weights: FloatArray, mean: FloatArray, sd: FloatArray, x: FloatArray | float) -> FloatArray:
    """Density of the mixture at `x`: Σ w φ((x − mean)/sd)/sd; infinite on an atom.

    weights, mean, sd (K,); x of any shape S; returns S.
    """
    away = np.asarray(x, float)[..., None] - mean
    scale = np.where(sd > 0.0, sd, 1.0)
    bell = np.exp(-0.5 * (away / scale) ** 2) / (scale * _ROOT_2PI)
    atom = np.where((away == 0.0) & (weights > 0.0), np.inf, 0.0)
    with np.errstate(invalid="ignore"):
        parts = np.where(weights > 0.0, weights * np.where(sd > 0.0, bell, atom), 0.0)
    total: FloatArray = parts.sum(axis=-1)
    return total


def quantile(weights: FloatArray, mean: FloatArray, sd: FloatArray, q: FloatArray | float) -> FloatArray:
    """The least x with P(mixture ≤ x) ≥ q, to 1e-10 in probability, for every q in (0, 1).

    weights, mean, sd (K,), sd ≥ 0; weights are divided by their sum; q of any shape, which is returned.
    Newton's iteration on Φ⁻¹(F(x)), which is a straight line for a single normal, bracketed by the least
    and the greatest quantile of the components and replaced by bisection where it would leave the bracket.
    Raises ValueError for q outside (0, 1).
    """
    levels = np.asarray(q, float)
    if not np.all((levels > 0.0) & (levels < 1.0)):
        raise ValueError(f"quantile levels must lie strictly between 0 and 1, got {q}")
    used = weights > 0.0
    w, m, s = weights[used] / weights[used].sum(), mean[used], sd[used]
    x = _solve(w, m, s, levels.ravel())
    return _on_atoms(x, m[s == 0.0]).reshape(levels.shape)[()]


def _solve(w: FloatArray, m: FloatArray, s: FloatArray, q: FloatArray) -> FloatArray:
    """Bracketed probit–Newton for levels q (Q,) of a mixture (K,) of positive weights."""
    z = ndtri(q)
    ends = m + s * z[:, None]
    lo, hi = ends.min(axis=1), ends.max(axis=1)
    centre = w @ m
    x = np.clip(centre + z * np.sqrt(w @ (s * s + (m - centre) ** 2)), lo, hi)
    tolerance = np.minimum(1e-13, 1e-12 * q)
    active = np.arange(q.size)
    for _ in range(200):
        f, slope = _cdf_and_density(w, m, s, x[active])
        below = f < q[active]
        lo[active] = np.where(below, x[active], lo[active])
        hi[active] = np.where(below, hi[active], x[active])
        done = np.abs(f - q[active]) <= tolerance[active]
        collapsed = hi[active] - lo[active] <= 2.0 * np.spacing(np.abs(hi[active]))
        x[active[collapsed & ~done]] = hi[active[collapsed & ~done]]
        keep = ~(done | collapsed)
        if not keep.any():
            break
        active, f, slope = active[keep], f[keep], slope[keep]
        x[active] = _next(x[active], z[active], f, slope, lo[active], hi[active])
    return x


def _next(
    x: FloatArray, z: FloatArray, f: FloatArray, slope: FloatArray, lo: FloatArray, hi: FloatArray
) -> FloatArray:
    """One step from x (Q,), by Newton where it stays inside the bracket, else to the bracket's middle."""
    with np.errstate(all="ignore"):
        probit = ndtri(f)
        step = x + (z - probit) * np.exp(-0.5 * probit * probit) / (_ROOT_2PI * slope)
    good = (step > lo) & (step < hi)
    return np.where(good, step, 0.5 * (lo + hi))


def _cdf_and_density(
    w: FloatArray, m: FloatArray, s: FloatArray, x: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """F(x) and the density of the part without atoms, for x (Q,)."""
    scale = np.where(s > 0.0, s, 1.0)
    t = (x[:, None] - m) / scale
    cdf = np.where(s > 0.0, ndtr(t), t >= 0.0) @ w
    slope = np.exp(-0.5 * t * t) @ (np.where(s > 0.0, w / scale, 0.0) / _ROOT_2PI)
    return cdf, slope


def _on_atoms(x: FloatArray, atoms: FloatArray) -> FloatArray:
    """Moves every x (Q,) that is within rounding of an atom onto it."""
    if atoms.size == 0:
        return x
    nearest = atoms[np.abs(x[:, None] - atoms).argmin(axis=1)]
    return np.where(np.abs(x - nearest) <= 8.0 * np.spacing(np.abs(nearest)), nearest, x)
