"""Which level is reached with a probability, and the quantiles year by year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..engine.law import Law
from ..errors import KjprojError, NotAnswerableError
from ..estimate import Value
from ..numerics.estimates import combine
from ..numerics.mixtures import density, quantile
from ..numerics.normal import interval_probability
from ..projection import Projection
from ..rows import Unknown
from ..scales import Scale
from .sample import horizon

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Quantiles:
    """Quantiles by year.

    Attributes:
        years: shape (n_years,).
        q: shape (n_q,).
        values: levels in `unit`, shape (n_years, n_q); this is what numpy takes it for.
        unit: the indicator's unit.
    """

    years: NDArray[np.int64]
    q: Floats
    values: Floats
    unit: str

    def __array__(self, dtype: object = None, copy: bool | None = None) -> Floats:
        return np.array(self.values, dtype=dtype, copy=True if copy is None else copy)  # type: ignore[call-overload, no-any-return]

    def __iter__(self) -> Iterator[Floats]:
        return iter(self.values)

    def __len__(self) -> int:
        return len(self.years)

    def at(self, year: int) -> Floats:
        """Return the quantiles of one year, shape (n_q,)."""
        return np.asarray(self.values[list(self.years).index(year)])


def attainable(projection: Projection, indicator: str, year: int, *, probability: float) -> Value:
    """Return the level that is reached or exceeded with a probability: the (1 − probability)-quantile of a year.

    Raises `NoBasisError` where the study does not say where the indicator stands, or how it moves.
    """
    (q,) = _probabilities([1.0 - probability])
    law = _law(projection, indicator, year)
    x, error = _quantiles(law, np.array([q]))
    scale, unit = projection.study.scale(indicator), projection.study.unit(indicator)
    level = float(_levels(scale, x, indicator)[0])
    return Value(level, float(error[0] / abs(scale.slope(level))), unit)


def quantiles(
    projection: Projection,
    indicator: str,
    *,
    q: Sequence[float] = (0.05, 0.5, 0.95),
    first_year: int | None = None,
    last_year: int | None = None,
) -> Quantiles:
    """Return quantiles of an indicator's level by year, from the first open year to the last target's year.

    Raises `NoBasisError` where the study does not say where the indicator stands, or how it moves.
    """
    wanted = _probabilities(q)
    first, last = horizon(projection, first_year, last_year)
    scale = projection.study.scale(indicator)
    laws = {year: _law(projection, indicator, year) for year in range(last, first - 1, -1)}
    rows = [_levels(scale, _quantiles(laws[year], wanted)[0], indicator) for year in range(first, last + 1)]
    return Quantiles(np.arange(first, last + 1), wanted, np.array(rows), projection.study.unit(indicator))


def median(projection: Projection, indicator: str, year: int) -> float:
    """Return the median level of a year."""
    return attainable(projection, indicator, year, probability=0.5).value


def _levels(scale: Scale, x: Floats, indicator: str) -> Floats:
    with np.errstate(over="ignore"):
        levels = np.asarray(scale.to_level(x), float)
    if not np.isfinite(levels).all():
        raise NotAnswerableError(f"levels of {indicator} exceed what numbers can hold; narrow the beliefs about its motion")
    return levels


def _law(projection: Projection, indicator: str, year: int) -> Law:
    return projection.block(indicator).law([((Unknown(indicator, year), 1.0),)])


def _probabilities(q: Sequence[float]) -> Floats:
    wanted = np.asarray(q, float)
    if wanted.ndim != 1 or not len(wanted) or not ((wanted > 0) & (wanted < 1)).all():
        raise KjprojError(f"probabilities are {list(map(float, np.ravel(q)))}; expected numbers between 0 and 1")
    return wanted


def _quantiles(law: Law, q: Floats) -> tuple[Floats, Floats]:
    """Return quantiles on the scale and their errors: that of the probability there, over the density."""
    weights, mean, sd = law.weights, law.mean[:, 0], law.sd[:, 0]
    x = quantile(weights, mean, sd, q)
    with np.errstate(divide="ignore", invalid="ignore"):
        below = interval_probability(-np.inf, np.nan_to_num((x[None, :] - mean[:, None]) / sd[:, None]))
    _, stderr = combine(law.log_weights, below, law.kind)
    height = np.maximum(density(weights, mean, sd, x), 1e-300)
    return x, stderr / height
