"""What forecasts a case: a reference class, and simple rules to compare it with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..beliefs.pooled import AFTER_EXTREME, EXTREME, OUTSIDE, PooledClass
from ..numerics.pooled import Mixture, growth_law, typical_volatility
from .panel import Cases, Panel, cases
from .scores import Forecasts

Floats = NDArray[np.float64]
_LENGTHS = (1, 2, 3, 4, 6)
Forecaster = Callable[[Floats, int], "Forecasts | None"]
"""From places (N, n) of consecutive years and a horizon to the laws of growth; None where it has no answer."""


def class_forecaster(cls: PooledClass) -> Forecaster:
    """Forecast as a projection does: by the class's numbers, wider outside its range and after an extreme growth."""
    c = cls.numbers

    def forecast(x: Floats, horizon: int) -> Forecasts:
        """The laws of growth of each series, from its last place and growth."""
        away = x[:, -1] - c.center
        outside = (away < c.low) | (away > c.high)
        wider = np.where(outside, OUTSIDE, 1.0)
        rougher = np.ones(len(x))
        if x.shape[1] > 1:
            usual = typical_volatility(c, x[:, -1]) * np.sqrt(wider)
            rougher = np.where(np.abs(x[:, -1] - x[:, -2] - c.drift) > EXTREME * usual, AFTER_EXTREME, 1.0)
        return growth_law(c, x, horizon, wider=wider, rougher=rougher)

    return forecast


@dataclass(frozen=True)
class StudentT:
    """N Student distributions: degrees of freedom (a number), centres and scales (N,)."""

    df: float
    center: Floats
    scale: Floats

    def cdf(self, y: Floats) -> Floats:
        """The chance of y or less."""
        from scipy.special import stdtr

        return np.asarray(stdtr(self.df, (y - self.center) / self.scale))

    def density(self, y: Floats) -> Floats:
        """The density at y."""
        from scipy.special import gammaln

        z, v = (y - self.center) / self.scale, self.df
        log = gammaln((v + 1) / 2) - gammaln(v / 2) - 0.5 * np.log(v * np.pi) - (v + 1) / 2 * np.log1p(z * z / v)
        return np.asarray(np.exp(log) / self.scale)

    def quantile(self, q: float) -> Floats:
        """The q quantiles."""
        from scipy.special import stdtrit

        return np.asarray(self.center + float(stdtrit(self.df, q)) * self.scale)


def _growths(x: Floats) -> tuple[Floats, Floats, int]:
    g = np.diff(x, axis=1)
    k = g.shape[1]
    sd = g.std(axis=1, ddof=1) if k > 1 else np.zeros(len(x))
    return (g.mean(axis=1) if k else np.zeros(len(x))), np.maximum(sd, 1e-9), k


def _normal(mean: Floats, sd: Floats) -> Mixture:
    return Mixture(np.ones((len(mean), 1)), mean[:, None], sd[:, None])


def plug_in(x: Floats, horizon: int) -> Forecasts | None:
    """Monte Carlo with the mean and the standard deviation of the growths as if they were known; from 3 figures."""
    mean, sd, k = _growths(x)
    return _normal(horizon * mean, sd * horizon**0.5) if k > 1 else None


def drift_walk(x: Floats, horizon: int) -> Forecasts | None:
    """A walk with estimated drift and a normal quantile: standard deviation σ√(h(1 + h/k)); from 3 figures."""
    mean, sd, k = _growths(x)
    return _normal(horizon * mean, sd * (horizon * (1 + horizon / k)) ** 0.5) if k > 1 else None


def student(x: Floats, horizon: int) -> Forecasts | None:
    """The same with Student's quantile of k − 1 degrees of freedom; from 3 figures."""
    mean, sd, k = _growths(x)
    return StudentT(k - 1, horizon * mean, sd * (horizon * (1 + horizon / k)) ** 0.5) if k > 1 else None


SIMPLE: Mapping[str, Forecaster] = {"plug-in Monte Carlo": plug_in, "walk with drift": drift_walk, "Student-t": student}


def pooled_student(panel: Panel, *, last: int = 6, most: int = 400, seed: int = 0) -> Forecaster:
    """Return the plain pooled Student-t of a class: one law for all lengths and horizons.

    Drift N(m, σ²/κ), σ² scaled inverse χ²(ν, s²), growth to come normal about h·drift with variance h·σ²: four numbers,
    by maximum likelihood over next year's growth at the last origins of each series.
    """
    found = [_of(cases(panel, n, 1, last=last), most, seed) for n in _LENGTHS]
    fitted = _most_likely([(1, some) for some in found if len(some)], fixed=True)
    return lambda x, horizon: _student_law(fitted, x, horizon)


def pooled_student_by_cell(panel: Panel, *, last: int = 6, most: int = 400, seed: int = 0) -> Forecaster:
    """Return the pooled Student-t that is fitted anew for each length and horizon, with growth variance c·h·σ².

    Five numbers a cell. On series of the years fitted on it knows what those years brought, horizon by horizon.
    """
    fitted: dict[tuple[int, int], Floats] = {}

    def forecast(x: Floats, horizon: int) -> Forecasts:
        n = x.shape[1]
        if (n, horizon) not in fitted:
            fitted[n, horizon] = _most_likely([(horizon, _of(cases(panel, n, horizon, last=last), most, seed))])
        return _student_law(fitted[n, horizon], x, horizon)

    return forecast


def _student_law(v: Any, x: Floats, horizon: int) -> StudentT:
    m, (s, strength, df, c) = float(v[0]), (float(e) for e in np.exp(v[1:]))
    g = np.diff(x, axis=1)
    k = g.shape[1]
    mean = g.mean(axis=1) if k else np.zeros(len(x))
    squares = ((g - mean[:, None]) ** 2).sum(axis=1) + strength * k / (strength + k) * (mean - m) ** 2
    variance = (df * s**2 + squares) / (df + k)
    center = horizon * (strength * m + k * mean) / (strength + k)
    return StudentT(df + k, center, np.sqrt(variance * (c * horizon + horizon**2 / (strength + k))))


def _of(found: Cases, most: int, seed: int) -> Cases:
    """Return `most` of the cases at the most."""
    return found if len(found) <= most else found.pick(np.random.default_rng(seed).permutation(len(found))[:most])


def _most_likely(cells: Sequence[tuple[int, Cases]], *, fixed: bool = False) -> Floats:
    """Return m and the logs of s, κ, ν and c (`fixed`: c = 1) under which cases of several horizons are likeliest."""
    from scipy.optimize import minimize

    count = sum(len(found) for _, found in cells)
    a_year = np.concatenate([found.y / h for h, found in cells] or [np.zeros(0)])
    middle = float(np.median(a_year)) if count else 0.0
    away = np.concatenate([np.abs(found.y - h * middle) / h**0.5 for h, found in cells] or [np.zeros(0)])
    scale = max(1.4826 * float(np.median(away)), 1e-3) if count else 0.1

    def surprise(v: Floats) -> float:
        held = 0.5 * float((((v[2:] - [1.0, 1.5, 0.0]) / 1.5) ** 2).sum()) / max(count, 1)
        if not count:
            return held
        logs = [np.log(np.maximum(_student_law(v, found.x, h).density(found.y), 1e-12)).mean() for h, found in cells if len(found)]
        return held - float(np.mean(logs))

    start = np.array([middle, np.log(scale), 1.0, 1.5, 0.0])
    bounds = [(None, None), (-12, 4), (-4, 6), (-1, 5), (0, 0) if fixed else (-4, 4)]
    return np.asarray(minimize(surprise, start, method="L-BFGS-B", bounds=bounds).x)
