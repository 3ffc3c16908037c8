"""Several targets of a region whose indicators' shocks are correlated, under known volatilities: a normal law."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..numerics.normal import bivariate_rectangle
from ..numerics.trivariate import trivariate_below
from .given import Floats, Ints
from .inputs import Inputs
from .walked import NormalWalk


def correlated(inputs: Inputs, regions: Ints) -> Iterator[tuple[Ints, Floats]]:
    """Return regions with two or three open targets, all at once, and the chances that all are met.

    Places ahead of two indicators have the covariance ρσ₁σ₂(min(h₁, h₂) + h₁h₂/D), D years of figures, without the last
    where the drifts are known. Others are left to the caller.
    """
    goals = inputs.goals
    order, counts = np.argsort(goals.region, kind="stable"), np.bincount(goals.region, minlength=len(inputs.regions))
    begins = np.cumsum(counts) - counts
    for count in (2, 3):
        chosen = regions[counts[regions] == count]
        if not len(chosen):
            continue
        rows = order[begins[chosen, None] + np.arange(count)]
        fits, z, rho = _standardised(inputs, rows)
        if not fits.any():
            continue
        z, rho = z[fits], rho[fits]
        if count == 2:
            yield chosen[fits], bivariate_rectangle(np.full(z.shape, -np.inf), z, rho[:, 0])
        else:
            yield chosen[fits], trivariate_below(z, rho)


def _standardised(inputs: Inputs, rows: Ints) -> tuple[np.ndarray, Floats, Floats]:
    """Return which regions' targets (M, q) can be taken together, standard bounds (M, q) not to be exceeded, and correlations."""
    goals, groups = inputs.goals, [(one, one.walked) for one in inputs.groups]
    drifts, places = np.full(len(inputs.last), np.nan), np.full(len(inputs.last), np.nan)
    alike = np.full((2, len(groups) + 1), np.nan)  # the volatility and the drift's variance, by group
    for k, (one, walked) in enumerate(groups):
        if isinstance(walked, NormalWalk):
            drifts[one.series], places[one.series], alike[:, k] = walked.drift, one.last, (walked.volatility, walked.doubt)
    own = goals.series[rows]
    shape, h = inputs.shape[own], goals.year[rows] - inputs.last[own]
    fits = (shape >= 0).all(axis=1) & (h > 0).all(axis=1) & (shape == shape[:, :1]).all(axis=1)
    sigma, doubt = alike[:, inputs.place[0][own]]
    sign = np.where(goals.upwards[rows], 1.0, -1.0)
    with np.errstate(divide="ignore", invalid="ignore"):  # where it does not fit
        share = doubt / sigma**2
        z = sign * (places[own] + h * drifts[own] - inputs.bound[rows]) / (sigma * np.sqrt(h * (1.0 + h * share)))
    return fits, z, _correlations(inputs, rows, h, share, sign)


def _correlations(inputs: Inputs, rows: Ints, ahead: Ints, share: Floats, sign: Floats) -> Floats:
    """The correlations of the pairs (1, 2), (1, 3), (2, 3) of targets, (M, pairs)."""
    kinds = len(inputs.indicators)
    matrix = np.eye(kinds)
    for (a, b), value in (inputs.correlations or {}).items():
        matrix[a, b] = matrix[b, a] = value
    kind, found = inputs.goals.indicator[rows], []
    for i in range(rows.shape[1]):
        for j in range(i + 1, rows.shape[1]):
            h, k = ahead[:, i].astype(float), ahead[:, j].astype(float)
            both = np.sqrt(share[:, i] * share[:, j])
            widths = np.sqrt(h * (1.0 + h * share[:, i]) * k * (1.0 + k * share[:, j]))
            with np.errstate(divide="ignore", invalid="ignore"):
                r = matrix[kind[:, i], kind[:, j]] * (np.minimum(h, k) + h * k * both) / widths
            found.append(np.nan_to_num(sign[:, i] * sign[:, j] * r))
    return np.stack(found, axis=1)
