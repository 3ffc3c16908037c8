"""Which level is reached with a probability, and the quantiles year by year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..engine.law import Law
from ..engine.pairing import thin
from ..errors import KjprojError, NotAnswerableError
from ..estimate import Estimate, Value
from ..numbers import digits
from ..numerics.estimates import combine
from ..numerics.mixtures import density, quantile
from ..numerics.normal import interval_probability
from ..numerics.roots import rising_root
from ..projection import Projection
from ..rows import Unknown
from ..scales import Scale
from ..study.verdicts import is_linear, is_straight
from ..tables import Shown, Table
from ..targets import BaseTarget, Measured
from ..text import Language, Text
from .boxes import box_of
from .phrases import label
from .questions import calendar_year
from .sample import drawn, horizon, shocks_of, total

Floats = NDArray[np.float64]
_ROOT = 1e-7
_PATHS = 65_536


@dataclass(frozen=True, eq=False, repr=False)
class Quantiles(Shown):
    """Quantiles by year.

    Attributes:
        years: shape (n_years,).
        q: shape (n_q,).
        values: levels in `unit`, shape (n_years, n_q); this is what numpy takes it for.
        unit: the indicator's unit.
        of: the indicator in words.
    """

    years: NDArray[np.int64]
    q: Floats
    values: Floats
    unit: str
    of: Text | None = None

    def __repr__(self) -> str:
        q = ", ".join(f"{level:g}" for level in self.q)
        name = "" if self.of is None else f"{self.of('en')}, "
        return f"Quantiles({name}{self.years[0]} to {self.years[-1]}, q {q}, {self.unit})"

    def tables(self, lang: Language) -> tuple[Table, ...]:
        """Return one row a year, one column a quantile."""
        middle, space = {"zh": ("中位数", ""), "en": ("median", " ")}[lang]
        named = [middle if level == 0.5 else f"{100 * level:g}{space}%" for level in self.q]
        rows = tuple((str(year), *map(digits, row)) for year, row in zip(self.years, self.values.tolist(), strict=True))
        name = "" if self.of is None else self.of(lang)
        title = f"{name}（{self.unit}）" if lang == "zh" else f"{name} ({self.unit})".strip()
        return (Table(({"zh": "年份", "en": "year"}[lang], *named), rows, title),)

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
    127 亿元
    """
    (p,) = probabilities([probability])
    if not _computed(projection, indicator):
        return _attained_on_paths(projection, indicator, calendar_year(year, "year"), p)
    law = _law(projection, indicator, calendar_year(year, "year"))
    x, error = law_quantiles(law, np.array([1.0 - p]))
    scale, unit = projection.study.scale(indicator), projection.study.unit(indicator)
    level = float(_levels(scale, x, indicator)[0])
    return Value(level, float(error[0] / abs(scale.slope(level))), unit)


def _attained_on_paths(projection: Projection, indicator: str, year: int, p: float) -> Value:
    study = projection.study
    if study.counts_events(indicator):
        found = _from_paths(projection, indicator, np.array([1.0 - p]), year, year)
        return Value(float(found.values[0, 0]), 0.0, found.unit)
    x = drawn(projection, [Unknown(indicator, year)], _PATHS, shocks_of(projection, None), None)[:, 0]
    scale = study.scale(indicator)
    parts = [float(scale.to_level(np.quantile(part, 1.0 - p))) for part in np.array_split(x, 16)]
    level = float(scale.to_level(np.quantile(x, 1.0 - p)))
    return Value(level, float(np.std(parts, ddof=1) / 4.0), study.unit(indicator))


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
    ([2023, 2024, 2025], [115.0, 151.0, 197.0])
    """
    wanted = probabilities(q)
    first, last = horizon(projection, first_year, last_year)
    if not _computed(projection, indicator):
        return _from_paths(projection, indicator, wanted, first, last)
    scale = projection.study.scale(indicator)
    laws = {year: _law(projection, indicator, year) for year in range(last, first - 1, -1)}
    rows = [_levels(scale, law_quantiles(laws[year], wanted)[0], indicator) for year in range(first, last + 1)]
    study = projection.study
    return Quantiles(np.arange(first, last + 1), wanted, np.array(rows), study.unit(indicator), label(study, indicator))


def measured_quantiles(projection: Projection, target: BaseTarget, q: Sequence[float]) -> tuple[float, ...] | None:
    """Return quantiles of what a target is measured by, in its unit; None for a milestone, which has none."""
    study, measured = projection.study, target.measured(projection.study)
    wanted = probabilities(q)
    if study.measure(target.indicator) == "milestone":
        return None
    if study.counts_events(target.indicator):
        posterior = projection.events[target.indicator]
        return tuple(float(posterior.outlook.quantile(posterior.years(measured.terms), float(p))) for p in wanted)
    if len(measured.terms) == 1 and measured.on == "scale":
        found = quantiles(projection, target.indicator, q=q, first_year=target.year, last_year=target.year)
        return tuple(found.values[0].tolist())
    if is_straight(study, measured.terms, measured.on):
        x, _ = law_quantiles(projection.law([measured.terms]), wanted)
    else:
        x = np.quantile(_totals(projection, measured), wanted)
    if measured.rate_years is not None:
        x = 100 * np.expm1(x / measured.rate_years)
    return tuple(x.tolist())


def _totals(projection: Projection, measured: Measured) -> Floats:
    """Draws of a weighted sum of places or levels."""
    unknowns = [unknown for unknown, _ in measured.terms]
    values = drawn(projection, unknowns, _PATHS, shocks_of(projection, None), None)
    return total(projection.study, measured.terms, measured.on, dict(zip(unknowns, values.T, strict=True)))


def _computed(projection: Projection, indicator: str) -> bool:
    """Tell whether an indicator's law is computed, not drawn."""
    return not projection.study.counts_events(indicator) and is_linear(projection.study, indicator)


def _from_paths(projection: Projection, indicator: str, wanted: Floats, first: int, last: int) -> Quantiles:
    """Quantiles of what is not linear, and of events, from paths (events: exact)."""
    study, years = projection.study, np.arange(first, last + 1)
    if study.counts_events(indicator):
        posterior = projection.events[indicator]
        spans = [posterior.years(((Unknown(indicator, int(year)), 1.0),)) for year in years]
        rows = np.array([[posterior.outlook.quantile(span, float(p)) for p in wanted] for span in spans], float)
        return Quantiles(years, wanted, rows, study.unit(indicator), label(study, indicator))
    values = drawn(projection, [Unknown(indicator, int(year)) for year in years], _PATHS, shocks_of(projection, None), None)
    levels = study.scale(indicator).to_level(np.quantile(values, wanted, axis=0).T)
    return Quantiles(years, wanted, np.asarray(levels), study.unit(indicator), label(study, indicator))


def _levels(scale: Scale, x: Floats, indicator: str) -> Floats:
    with np.errstate(over="ignore"):
        levels = np.asarray(scale.to_level(x), float)
    if not np.isfinite(levels).all():
        raise NotAnswerableError(f"levels of {indicator} exceed what numbers can hold; narrow the beliefs about its motion")
    return levels


def _law(projection: Projection, indicator: str, year: int) -> Law:
    return projection.law([((Unknown(indicator, year), 1.0),)])


def probabilities(q: Sequence[float]) -> Floats:
    """Return probabilities (m,) of quantiles; raises `KjprojError` for anything but numbers between 0 and 1."""
    try:
        wanted = np.asarray(q, float)
    except (TypeError, ValueError):
        wanted = np.array([])
    if wanted.ndim != 1 or not len(wanted) or not ((wanted > 0) & (wanted < 1)).all():
        raise KjprojError(f"probabilities are {q!r}; expected a list of numbers between 0 and 1, such as (0.1, 0.5, 0.9)")
    return wanted


def law_quantiles(law: Law, q: Floats) -> tuple[Floats, Floats]:
    """Return quantiles on the scale and their errors: that of the probability there, over the density."""
    weights, mean, sd = law.weights, law.mean[:, 0], law.sd[:, 0]
    x = quantile(weights, mean, sd, q)
    if law.bound is not None:
        found = [_bounded_quantile(law, level, start) for level, start in zip(q, x, strict=True)]
        return np.array([a for a, _ in found]), np.array([b for _, b in found])
    with np.errstate(divide="ignore", invalid="ignore"):
        below = interval_probability(-np.inf, np.nan_to_num((x[None, :] - mean[:, None]) / sd[:, None]))
    _, stderr = combine(law.log_weights, below, law.kind)
    if not (sd > 0.0).all():  # sample paths have no density
        low, high = (quantile(weights, mean, sd, np.clip(q + sign * stderr, 1e-9, 1.0 - 1e-9)) for sign in (-1.0, 1.0))
        return x, 0.5 * (high - low)
    height = np.maximum(density(weights, mean, sd, x), 1e-300)
    return x, stderr / height


def _bounded_quantile(law: Law, q: float, start: float) -> tuple[float, float]:
    """Return the same where figures state bounds: a root of the distribution function, and a difference quotient."""
    law = thin(law, [0], 0)
    joint = law.joint(np.array([-np.inf]), np.array([np.inf]))

    def below(x: float) -> Estimate:
        upper = np.concatenate([np.full((len(joint[3]), 1), x), joint[3][:, 1:]], axis=1)
        return box_of(law, (*joint[:3], upper), 0)

    center = float(law.weights @ law.mean[:, 0])
    step = max(float(law.weights @ law.sd[:, 0]), 1e-3 * float(law.weights @ np.abs(law.mean[:, 0] - center))) + 1e-12
    low, high = start - 0.5 * step, start + 0.5 * step
    while below(low).value > q:
        low -= step
    while below(high).value < q:
        high += step
    x = rising_root(lambda level: below(level).value - q, low, high, _ROOT * step)
    width, rise = 1e-3 * step, 0.0
    while rise == 0.0 and width < 1e4 * step:  # sample paths lie apart
        width *= 2.0
        rise = below(x + width).value - below(x - width).value
    return x, below(x).stderr * 2.0 * width / max(rise, 1e-300)
