"""Chances that three correlated normals all lie below their bounds, for many triples at once."""

from __future__ import annotations

from functools import cache

import numpy as np
from scipy.special import ndtr

from .arrays import FloatArray
from .normal import bivariate_rectangle

_LEAST, _BLOCK, _OWEN = 1e-14, 2048, 0.8
_POINTS = ((0.55, 5), (0.25, 8), (0.05, 16), (0.0, 64))
"""So many Gauss–Legendre points where the determinant of the correlations is above so much."""


def trivariate_below(upper: FloatArray, rho: FloatArray) -> FloatArray:
    """Return P(X₁ ≤ u₁, X₂ ≤ u₂, X₃ ≤ u₃) for M standard normal triples: upper (M, 3), rho (M, 3) as ρ₁₂, ρ₁₃, ρ₂₃; (M,).

    Φ₃ = Φ(u₁) Φ₂(u₂, u₃; ρ₂₃) + ∫ of its derivatives in ρ₁₂ and ρ₁₃ (Plackett's identity), which both grow from 0 along
    sin(t·arcsin ρ), by Gauss–Legendre points. The variables are turned so that ρ₂₃ is the largest in size. Measured errors are
    below 1e-9 where the least eigenvalue of the correlations is above .001, and below 1e-8 down to .0001.

    Source: Plackett (1954), doi 10.1093/biomet/41.3-4.351; Genz (2004), doi 10.1023/B:STCO.0000035304.20635.31.
    """
    u, r = np.clip(np.asarray(upper, float), -40.0, 40.0).T, np.asarray(rho, float).T
    alike = (r == r[:, :1]).all()  # often all regions have the same
    u, r = _turned(u, r[:, :1] if alike else r)
    determinant, found = 1.0 - (r * r).sum(axis=0) + 2.0 * r.prod(axis=0), np.empty(u.shape[1])
    rule = np.broadcast_to(np.searchsorted([-floor for floor, _ in _POINTS[:-1]], -determinant), found.shape)
    for k, (_, points) in enumerate(_POINTS):
        rows = np.flatnonzero(rule == k)
        for some in (rows[i : i + _BLOCK] for i in range(0, len(rows), _BLOCK)):
            found[some] = _below(u[:, some], r if alike else r[:, some], *_rule(points))
    return np.clip(found, 0.0, 1.0)


def _turned(u: FloatArray, r: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Name the variables anew so that the last two are the most correlated; u (3, M), r (3, M) or (3, 1)."""
    most = np.abs(r).argmax(axis=0)
    order, pairs = np.array([[2, 0, 1], [1, 0, 2], [0, 1, 2]])[most].T, np.array([[1, 2, 0], [0, 2, 1], [0, 1, 2]])[most].T
    return np.take_along_axis(u, order, axis=0), np.take_along_axis(r, pairs, axis=0)


@cache
def _rule(points: int) -> tuple[FloatArray, FloatArray]:
    """Nodes (n, 1) and weights (n,) on [0, 1]."""
    nodes, weights = np.polynomial.legendre.leggauss(points)
    return 0.5 * (nodes[:, None] + 1.0), 0.5 * weights


def _below(u: FloatArray, r: FloatArray, nodes: FloatArray, weights: FloatArray) -> FloatArray:
    """The chances of triples u (3, m), with correlations r (3, m) or (3, 1), by one rule."""
    first, second, third = u
    found = ndtr(first) * _pair(second, third, r[2])
    angles = np.arcsin(r[:2])
    r12, r13, r23 = np.sin(nodes * angles[0]), np.sin(nodes * angles[1]), r[2]
    determinant = np.maximum(1.0 - r12 * r12 - r13 * r13 - r23 * r23 + 2.0 * r12 * r13 * r23, _LEAST)
    for b, c, angle, this, other in ((second, third, angles[0], r12, r13), (third, second, angles[1], r13, r12)):
        free = (1.0 - this) * (1.0 + this)
        scale = 1.0 / np.sqrt(determinant * free)
        z = free * scale * c - (other - this * r23) * scale * first - (r23 - this * other) * scale * b
        found += angle / (2.0 * np.pi) * _added(weights, _density(first, b, this, free) * ndtr(z))
    return np.asarray(found)


def _added(weights: FloatArray, rows: FloatArray) -> FloatArray:
    """Σ weights·rows (n, m), row by row: the bits of a matrix product would hang on who else is asked."""
    total = np.zeros(rows.shape[1])
    for weight, row in zip(weights, rows, strict=True):
        total += weight * row
    return total


def _density(u1: FloatArray, u2: FloatArray, rho: FloatArray, free: FloatArray) -> FloatArray:
    """2π √(1 − ρ²) φ₂(u₁, u₂; ρ), (nodes, m); free is 1 − ρ²."""
    return np.asarray(np.exp((-0.5 / free) * (u1 * u1 + u2 * u2) + (rho / free) * (u1 * u2)))


def _pair(u1: FloatArray, u2: FloatArray, rho: FloatArray) -> FloatArray:
    """Φ₂(u₁, u₂; ρ), (m,): by the same identity to 1e-10 up to .8, by Owen's T beyond."""
    nodes, weights = _rule(8)
    angle = np.arcsin(rho)
    near = np.sin(nodes * angle)
    found = ndtr(u1) * ndtr(u2) + angle / (2.0 * np.pi) * _added(weights, _density(u1, u2, near, (1.0 - near) * (1.0 + near)))
    close = np.broadcast_to(np.abs(rho) > _OWEN, found.shape)
    if close.any():
        upper = np.stack([u1, u2], axis=1)[close]
        found[close] = bivariate_rectangle(np.full_like(upper, -np.inf), upper, np.broadcast_to(rho, found.shape)[close])
    return np.asarray(found)
