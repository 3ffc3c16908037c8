"""A proposal density: a mixture over modes of products of one-dimensional profiles."""

from dataclasses import dataclass

import numpy as np

from .arrays import FloatArray, LogDensity

_SIDE = 16
_CELLS = 512
_LOWEST = -60.0
_SCOUTS = 40
_MOST_SCOUTS = 0.1
_SIGNS = np.array([-1.0, 1.0])[:, None]


@dataclass(frozen=True)
class Proposal:
    """M products of step densities on C equal cells, and the modes' shares (M,), which sum to one.

    A product has independent coordinates s in v = mode + L (width · sinh s); modes, widths (M, d), axes L
    (M, d, d) unit lower triangular. first, cell (M, d): left end and width of the cells of s; cdf
    (M, d, C + 1) and density (M, d, C) of s.
    """

    modes: FloatArray
    axes: FloatArray
    widths: FloatArray
    first: FloatArray
    cell: FloatArray
    cdf: FloatArray
    density: FloatArray
    share: FloatArray


def fit_profiles(
    log_density: LogDensity,
    lower: FloatArray,
    upper: FloatArray,
    modes: FloatArray,
    heights: FloatArray,
    axes: FloatArray,
    widths: FloatArray,
    n: int,
) -> Proposal:
    """Proposal from the profiles of the log density along each axis through each mode; 32 M d points.

    modes, widths (M, d), heights (M,), axes (M, d, d); the log density is −inf outside of the box. A
    profile is evaluated at 16 points on either side up to the edge of the box, spaced evenly in
    s = arsinh(distance / width), and interpolated by cubics. With y its drop from the mode, the density
    in the coordinate is made proportional to (1 + y/c)^(−c), c = 10 + d (a normal profile becomes a
    Student t of 2c − 1 degrees of freedom): that bounds the weights and, unlike a sizeable flat part,
    keeps them smooth in the uniforms. In each coordinate about 40 of the n points to be drawn (a tenth of
    them in all coordinates together at most) are spread evenly over s: they find mass that the profiles
    do not show. Modes share by height times volume.
    """
    m, d = modes.shape
    room = np.stack([modes - lower, upper - modes], axis=2)
    reach = np.arcsinh(room / widths[:, :, None])
    s = reach[..., None] * np.arange(1, _SIDE + 1) / _SIDE
    offsets = _SIGNS * widths[:, :, None, None] * np.sinh(s)
    directions = np.swapaxes(axes, 1, 2)[:, :, None, None, :]
    along = modes[:, None, None, None, :] + offsets[..., None] * directions
    profile = np.zeros((m, d, 2, _SIDE + 1))
    profile[..., 1:] = log_density(along.reshape(-1, d)).reshape(offsets.shape)
    profile[..., 1:] -= heights[:, None, None, None]
    first, cell = -reach[..., 0], reach.sum(axis=2) / _CELLS
    centres = first[..., None] + (np.arange(_CELLS) + 0.5) * cell[..., None]
    smooth = _interpolate(np.maximum(profile, _LOWEST), reach, centres)
    cdf, density, log_volume = _steps(smooth, np.cosh(centres), cell, min(_SCOUTS / n, _MOST_SCOUTS / d))
    log_share = heights + log_volume + np.log(widths).sum(axis=1)
    share = np.exp(log_share - log_share.max())
    return Proposal(modes, axes, widths, first, cell, cdf, density, share / share.sum())


def _interpolate(profile: FloatArray, reach: FloatArray, s: FloatArray) -> FloatArray:
    """Cubic Hermite interpolation of profiles (M, d, 2, 17), evenly spaced up to `reach`, at s (M, d, C)."""
    slope = np.gradient(profile, axis=-1, edge_order=2)
    flat = (*profile.shape[:2], 2 * (_SIDE + 1))
    heights, slopes = profile.reshape(flat), slope.reshape(flat)
    side = (s > 0.0).astype(int)
    t = np.abs(s) * _SIDE / np.maximum(np.take_along_axis(reach, side, axis=-1), 1e-12)
    left = np.minimum(t.astype(int), _SIDE - 1)
    t, index = np.minimum(t - left, 1.0), side * (_SIDE + 1) + left
    y0, y1 = np.take_along_axis(heights, index, -1), np.take_along_axis(heights, index + 1, -1)
    s0, s1 = np.take_along_axis(slopes, index, -1), np.take_along_axis(slopes, index + 1, -1)
    cubic = s0 + s1 - 2.0 * (y1 - y0)
    value: FloatArray = y0 + t * (s0 + t * (y1 - y0 - s0 - cubic + t * cubic))
    return value


def _steps(
    profile: FloatArray, jacobian: FloatArray, cell: FloatArray, scouts: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Cdf and density of s, and the profiles' log volume (M,) in units of the widths.

    profile, jacobian dx/ds (M, d, C) at the middles of cells of size (M, d); scouts: the share spread evenly.
    """
    log_volume = np.log((np.exp(profile) * jacobian).sum(axis=-1) * cell).sum(axis=-1)
    heavy = 10.0 + profile.shape[1]
    mass = (1.0 - np.minimum(profile, 0.0) / heavy) ** -heavy * jacobian
    mass = (1.0 - scouts) * mass / mass.sum(axis=-1, keepdims=True) + scouts / _CELLS
    cdf = np.concatenate([np.zeros((*mass.shape[:2], 1)), np.cumsum(mass, axis=-1)], axis=-1)
    return cdf / cdf[..., -1:], mass / cell[..., None], log_volume


def draw(proposal: Proposal, u: FloatArray) -> FloatArray:
    """Points (N, d) of the proposal from uniforms (N, d + 1), the last of which picks the mode."""
    modes, d = proposal.first.shape
    chosen = np.minimum(np.searchsorted(np.cumsum(proposal.share), u[:, d]), modes - 1)
    points = np.empty((len(u), d))
    position = np.arange(_CELLS + 1.0)
    for m in range(modes):
        rows = np.flatnonzero(chosen == m)
        cells = [np.interp(u[rows, j], proposal.cdf[m, j], position) for j in range(d)]
        s = proposal.first[m] + np.stack(cells, axis=1) * proposal.cell[m]
        points[rows] = proposal.modes[m] + (proposal.widths[m] * np.sinh(s)) @ proposal.axes[m].T
    return points


def log_pdf(proposal: Proposal, points: FloatArray) -> FloatArray:
    """Log density (N,) of the whole mixture at points (N, d); −inf outside of all cells."""
    per_mode = np.empty((len(proposal.share), len(points)))
    axis = np.arange(points.shape[1])
    for m, share in enumerate(proposal.share):
        x = (points - proposal.modes[m]) @ np.linalg.inv(proposal.axes[m]).T
        scaled = x / proposal.widths[m]
        cell = (np.arcsinh(scaled) - proposal.first[m]) / proposal.cell[m]
        inside = ((cell > -1e-9) & (cell < _CELLS + 1e-9)).all(axis=1)
        index = np.clip(cell, 0, _CELLS - 1).astype(int)
        log_density = np.log(proposal.density[m])[axis, index].sum(axis=1)
        log_density -= 0.5 * np.log1p(scaled * scaled).sum(axis=1) + np.log(proposal.widths[m]).sum()
        per_mode[m] = np.where(inside, log_density + np.log(np.maximum(share, 1e-300)), -np.inf)
    total: FloatArray = np.logaddexp.reduce(per_mode, axis=0)
    return total
