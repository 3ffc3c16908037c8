"""The joint density of what two targets are measured by: exact where the law is computed, else from paths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from ...answers.levels import measured_quantiles
from ...answers.sample import drawn, shocks_of, total
from ...engine.law import Law
from ...errors import NotAnswerableError
from ...numerics.normal import interval_probability
from ...projection import Projection
from ...scales import Log, Scale
from ...study.verdicts import is_straight
from ...targets import BaseTarget, Measured

Floats = NDArray[np.float64]
GRID, _BINS = 101, 81
_ENDS, _MIDDLE = (0.0005, 0.9995), (0.025, 0.975)
FAR = 8.0
"""Levels on `Log` whose 95 % range spans so many times its lower end are shown along a logarithmic axis."""
_PATHS, _SMOOTH = 65_536, 1.2
_LEAST, _SINGULAR = 1e-6, 1e-9


@dataclass(frozen=True)
class Axis:
    """How one value is shown: a level, or a rate a year in per cent; along a plain or a logarithmic axis.

    A *place* is where it lies on the scale, where its law is normal given the nodes.
    """

    measured: Measured
    scale: Scale | None
    logarithmic: bool = False

    def value(self, place: Floats) -> Floats:
        """The values at places."""
        if self.measured.rate_years is not None:
            return np.asarray(100.0 * np.expm1(place / self.measured.rate_years))
        return np.asarray(place if self.scale is None else self.scale.to_level(place), float)

    def place(self, value: Floats) -> Floats:
        """The places of values."""
        if self.measured.rate_years is not None:
            return np.asarray(self.measured.rate_years * np.log1p(value / 100.0))
        return np.asarray(value if self.scale is None else self.scale.to_scale(value), float)

    def slope(self, value: Floats) -> Floats:
        """How much of the scale goes by on the axis: the derivative of `place`, by the logarithm on a logarithmic one."""
        if self.logarithmic or (self.scale is None and self.measured.rate_years is None):
            return np.ones_like(value)
        if self.measured.rate_years is not None:
            return np.asarray(self.measured.rate_years / (100.0 + value))
        return np.asarray(self.scale.slope(value), float) if self.scale is not None else np.ones_like(value)

    def along(self, value: Floats) -> Floats:
        """Where values stand along the axis."""
        return np.log(value) if self.logarithmic else value


@dataclass(frozen=True)
class Density:
    """A density on a grid, as it is seen: per unit along both axes, of a logarithmic one per unit of the logarithm.

    Attributes:
        axes: how the two values are shown.
        x, y: the values, each in its own unit, (nx,) and (ny,), evenly spaced on their scales.
        height: the density, (ny, nx).
        exact: whether it is the mixture itself, not a share of paths.
    """

    axes: tuple[Axis, Axis]
    x: Floats
    y: Floats
    height: Floats
    exact: bool

    @property
    def mass(self) -> Floats:
        """The probability about each point, (ny, nx)."""
        widths = [np.gradient(axis.along(values)) for axis, values in zip(self.axes, (self.x, self.y), strict=True)]
        return np.asarray(self.height * widths[1][:, None] * widths[0][None, :])

    def borders(self, inside: Sequence[float]) -> list[float]:
        """Return the heights above which a probability lies: the smallest regions that hold so much."""
        order = np.argsort(self.height, axis=None)[::-1]
        falling, held = self.height.ravel()[order], np.cumsum(self.mass.ravel()[order])
        return [float(falling[min(int(np.searchsorted(held, share)), len(falling) - 1)]) for share in inside]

    def window(self, border: float, through: tuple[float, float]) -> tuple[tuple[float, float], tuple[float, float]]:
        """Return the ends of x and y that hold all that is higher than a border, and a point."""
        high = self.height >= border
        x, y = self.x[high.any(axis=0)], self.y[high.any(axis=1)]
        return (min(*x, through[0]), max(*x, through[0])), (min(*y, through[1]), max(*y, through[1]))


def density(projection: Projection, targets: tuple[BaseTarget, BaseTarget]) -> Density:
    """Return the joint density of two targets' values, on a grid that holds 99.9 % of each.

    On the scales it is Σ w φ₂((x, y); mean, covariance), of figures that bound another value times the chance that this
    is kept, given (x, y); the slopes of the scales (the Jacobian) carry it over to levels.
    """
    found = [_axis(projection, target) for target in targets]
    (axis_x, ends_x), (axis_y, ends_y) = found
    axes = axis_x, axis_y
    law = _law(projection, axes)
    if law is None:
        return _from_paths(projection, axes, (ends_x, ends_y))
    places = np.linspace(ends_x[0], ends_x[1], GRID), np.linspace(ends_y[0], ends_y[1], GRID)
    x, y = axis_x.value(places[0]), axis_y.value(places[1])
    return Density(axes, x, y, on_scale(law, *places) * axis_y.slope(y)[:, None] * axis_x.slope(x)[None, :], True)


def _axis(projection: Projection, target: BaseTarget) -> tuple[Axis, Floats]:
    """How a target's value is shown, and the ends of its grid on the scale.

    It lies on a scale where it is the level of one year; along a logarithmic axis where that scale is and 95 % span far.
    """
    study, measured = projection.study, target.measured(projection.study)
    single = len(measured.terms) == 1 and measured.on == "scale"
    scale = study.scale(target.indicator) if single else None
    ends = measured_quantiles(projection, target, (*_ENDS, *_MIDDLE))
    assert ends is not None  # a milestone is refused before
    axis = Axis(measured, scale, isinstance(scale, Log) and ends[3] > FAR * ends[2])
    return axis, axis.place(np.array(ends[:2]))


def _law(projection: Projection, axes: Sequence[Axis]) -> Law | None:
    """The law of the two places; None where it is not computed, has no density, or is bounded more than once."""
    study = projection.study
    terms = [axis.measured.terms for axis in axes]
    names = {unknown.indicator for one in terms for unknown, _ in one}
    if any(study.counts_events(name) for name in names) or not all(is_straight(study, a.measured.terms, a.measured.on) for a in axes):
        return None
    law = projection.law(terms)
    determinant = np.linalg.det(law.cov)
    flat = determinant <= _SINGULAR * np.prod(law.sd**2, axis=1)
    if flat.any() or (law.bound is not None and law.bound.mean.shape[1] > 1):
        return None
    return law


def on_scale(law: Law, x: Floats, y: Floats) -> Floats:
    """Return the density of two places on a grid, (ny, nx), component by component.

    Components that together weigh below a millionth are left out.
    """
    weights = law.weights
    order = np.argsort(weights)[::-1]
    kept = order[: int(np.searchsorted(np.cumsum(weights[order]), 1.0 - _LEAST)) + 1]
    found = np.zeros((len(y), len(x)))
    for k in kept:
        cov = law.factor[k] @ law.factor[k].T
        inverse = np.linalg.inv(cov)
        dx, dy = (x - law.mean[k, 0])[None, :], (y - law.mean[k, 1])[:, None]
        square = inverse[0, 0] * dx**2 + 2 * inverse[0, 1] * dx * dy + inverse[1, 1] * dy**2
        part = np.exp(-0.5 * square) / (2 * np.pi * np.sqrt(np.linalg.det(cov)))
        found += weights[k] * part * _kept(law, int(k), inverse, dx, dy)
    return found


def _kept(law: Law, k: int, inverse: Floats, dx: Floats, dy: Floats) -> Floats | float:
    """How much more likely (x, y) is because another value lies within the bound that a figure states."""
    bound = law.bound
    if bound is None:
        return 1.0
    with_both = law.factor[k] @ bound.factor[k, 0]
    pull = inverse @ with_both
    mean = bound.mean[k, 0] + pull[0] * dx + pull[1] * dy
    sd = np.sqrt(max(float(bound.factor[k, 0] @ bound.factor[k, 0] - with_both @ pull), 1e-300))
    low, high = bound.lower[k, 0], bound.upper[k, 0]
    if np.isinf(high):  # the usual cases, by one call
        inside = ndtr((mean - low) / sd)
    elif np.isinf(low):
        inside = ndtr((high - mean) / sd)
    else:
        inside = interval_probability((low - mean) / sd, (high - mean) / sd)
    return np.asarray(inside / bound.share[k])


def _from_paths(projection: Projection, axes: tuple[Axis, Axis], ends: Sequence[Floats]) -> Density:
    """The share of sample paths in cells, smoothed a little."""
    from scipy.ndimage import gaussian_filter

    unknowns = list(dict.fromkeys(unknown for axis in axes for unknown, _ in axis.measured.terms))
    values = drawn(projection, unknowns, _PATHS, shocks_of(projection, None), None)
    column = dict(zip(unknowns, values.T, strict=True))
    x, y = (total(projection.study, axis.measured.terms, axis.measured.on, column) for axis in axes)
    if np.ptp(x) == 0.0 or np.ptp(y) == 0.0 or abs(np.corrcoef(x, y)[0, 1]) > 1.0 - _SINGULAR:
        raise NotAnswerableError("one of the two values follows from the other, so they have no joint density; draw one with plot.fan")
    edges = [np.linspace(end[0], end[1], _BINS + 1) for end in ends]
    counts, *_ = np.histogram2d(y, x, bins=(edges[1], edges[0]))
    shown = [axis.value(0.5 * (edge[1:] + edge[:-1])) for axis, edge in zip(axes, edges, strict=True)]
    widths = [np.diff(axis.along(axis.value(edge))) for axis, edge in zip(axes, edges, strict=True)]
    height = gaussian_filter(counts / _PATHS, _SMOOTH) / (widths[1][:, None] * widths[0][None, :])
    return Density(axes, shown[0], shown[1], np.asarray(height), False)
