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
from .boxes import box_probability
from .questions import calendar_year
from .sample import horizon

Floats = NDArray[np.float64]
_HALVINGS = 36


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
        if year not in self.years:
            raise KjprojError(f"no quantiles of {year!r}; the years are {self.years[0]} to {self.years[-1]}")
        return np.asarray(self.values[list(self.years).index(year)])


def attainable(projection: Projection, indicator: str, year: int, *, probability: float) -> Value:
    """Return the level that is reached or exceeded with a probability: the (1 − probability)-quantile of a year.

    Raises `NoBasisError` where the study does not say where the indicator stands, or how it moves.

    >>> import kjproj as kj
    >>> projection = kj.project(kj.datasets.yueyang())
    >>> level = kj.attainable(projection, "rd_spending", 2025, probability=0.8)
    >>> print(f"{level.value:.0f} {level.unit}")
    125 亿元
    """
    (p,) = _probabilities([probability])
    law = _law(projection, indicator, calendar_year(year, "year"))
    x, error = _quantiles(law, np.array([1.0 - p]))
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

    >>> import kjproj as kj
    >>> projection = kj.project(kj.datasets.yueyang())
    >>> found = kj.quantiles(projection, "rd_spending", q=(0.1, 0.5, 0.9))
    >>> found.years.tolist(), found.at(2025).round().tolist()
    ([2023, 2024, 2025], [112.0, 151.0, 205.0])
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
    try:
        wanted = np.asarray(q, float)
    except (TypeError, ValueError):
        wanted = np.array([])
    if wanted.ndim != 1 or not len(wanted) or not ((wanted > 0) & (wanted < 1)).all():
        raise KjprojError(f"probabilities are {q!r}; expected a list of numbers between 0 and 1, such as (0.1, 0.5, 0.9)")
    return wanted


def _quantiles(law: Law, q: Floats) -> tuple[Floats, Floats]:
    """Return quantiles on the scale and their errors: that of the probability there, over the density."""
    weights, mean, sd = law.weights, law.mean[:, 0], law.sd[:, 0]
    x = quantile(weights, mean, sd, q)
    if law.bound is not None:
        found = [_bounded_quantile(law, level, start) for level, start in zip(q, x, strict=True)]
        return np.array([a for a, _ in found]), np.array([b for _, b in found])
    with np.errstate(divide="ignore", invalid="ignore"):
        below = interval_probability(-np.inf, np.nan_to_num((x[None, :] - mean[:, None]) / sd[:, None]))
    _, stderr = combine(law.log_weights, below, law.kind)
    height = np.maximum(density(weights, mean, sd, x), 1e-300)
    return x, stderr / height


def _bounded_quantile(law: Law, q: float, start: float) -> tuple[float, float]:
    """Return the same where figures state bounds: bisection on the distribution function, and a difference quotient."""

    def below(x: float) -> tuple[float, float]:
        found = box_probability(law, np.array([-np.inf]), np.array([x]), 0)
        return found.value, found.stderr

    step = float(law.weights @ law.sd[:, 0]) + 1e-12
    low, high = start, start
    while below(low)[0] > q:
        low -= step
    while below(high)[0] < q:
        high += step
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        low, high = (low, middle) if below(middle)[0] >= q else (middle, high)
    x, width = 0.5 * (low + high), 1e-3 * step
    height = (below(x + width)[0] - below(x - width)[0]) / (2 * width)
    return x, below(x)[1] / max(height, 1e-300)
