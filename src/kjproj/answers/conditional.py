"""Quantiles by year given that clauses hold, and given that they do not: computed, or read from paths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..engine.law import Law
from ..estimate import Estimate
from ..numerics.mixtures import quantile
from ..numerics.roots import rising_root
from ..projection import Projection
from ..rows import HalfSpace, Requirement, Terms, Unknown
from .levels import quantiles
from .regions import chance_under, computed, functionals_of
from .sample import drawn, shocks_of
from .simulated import requirement_met

Floats = NDArray[np.float64]
EIGHTY = (0.1, 0.5, 0.9)
_LEAST = 1e-5
_GRID = np.array([1e-9, 1e-6, 1e-4, 1e-3, 0.01, 0.03, *np.linspace(0.06, 0.94, 12), 0.97, 0.99, 0.999, 1 - 1e-4, 1 - 1e-6, 1 - 1e-9])
_ROOT = 1e-7
_PATHS, _MOST, _HITS, _PARTS = 65_536, 1_048_576, 2000, 16


@dataclass(frozen=True, eq=False)
class Course:
    """One indicator year by year.

    Attributes:
        years: shape (n_years,).
        q: shape (3,): 0.1, 0.5, 0.9.
        overall, met, missed: levels in `unit` of all paths, of those that meet the targets and of the others, (n_years, 3).
        met_stderr, missed_stderr: the errors of their computation, in `unit`, (n_years, 3).
        unit: the indicator's unit.
        method: "bivariate normal", "closed form", or "simulated".
    """

    years: NDArray[np.int64]
    q: Floats
    overall: Floats
    met: Floats
    missed: Floats
    met_stderr: Floats
    missed_stderr: Floats
    unit: str
    method: str

    def to_dict(self) -> dict[str, Any]:
        """Return the course as plain data."""
        levels = {name: getattr(self, name).tolist() for name in ("overall", "met", "missed", "met_stderr", "missed_stderr")}
        return {"unit": self.unit, "years": self.years.tolist(), "q": self.q.tolist(), **levels, "method": self.method}


def within_reach(chance: float) -> bool:
    """Tell whether there is something on either side: a chance of one in a hundred thousand, or of missing it."""
    return _LEAST < chance < 1.0 - _LEAST


def exact_courses(projection: Projection, clauses: Requirement, names: Sequence[str], years: range) -> list[Course] | None:
    """Return the courses by computation; None where more than one half-space, or a bound of the figures, decides."""
    study = projection.study
    if any(study.counts_events(u.indicator) for clause in clauses for half in clause for u, _ in half.terms):
        return None
    if len(clauses) != 1 or len(clauses[0]) != 1 or not computed(study, clauses):
        return None
    functionals = functionals_of(clauses)
    if projection.law(functionals).bound is not None:
        return None
    return [_exact(projection, clauses, name, years) for name in names]


def _exact(projection: Projection, clauses: Requirement, name: str, years: range) -> Course:
    study = projection.study
    overall = quantiles(projection, name, q=EIGHTY, first_year=years[0], last_year=years[-1])
    rows = [_of_year(projection, clauses, Unknown(name, year)) for year in years]
    places = np.array([[side for side, _ in row] for row in rows])
    errors = np.array([[error for _, error in row] for row in rows])
    scale = study.scale(name)
    levels = np.asarray(scale.to_level(places), float)
    errors = errors / np.abs(np.asarray(scale.slope(levels), float))
    return Course(
        overall.years, overall.q, overall.values, levels[:, 0], levels[:, 1], errors[:, 0], errors[:, 1], study.unit(name), "bivariate normal"
    )


def _of_year(projection: Projection, clauses: Requirement, unknown: Unknown) -> list[tuple[list[float], list[float]]]:
    """Return quantiles of a place, with their errors, where the clauses hold and where they do not."""
    split = _Split(projection, clauses, unknown)
    return [split.quantiles(side) for side in (0, 1)]


class _Split:
    """The distribution of a place, parted into where clauses hold and where they do not."""

    def __init__(self, projection: Projection, clauses: Requirement, unknown: Unknown) -> None:
        self.place: Terms = ((unknown, 1.0),)
        self.clauses, self.seed = clauses, projection.seed
        self.functionals = list(dict.fromkeys([self.place, *functionals_of(clauses)]))
        self.law: Law = projection.law(self.functionals).narrow()
        self.grid = quantile(self.law.weights, self.law.mean[:, 0], self.law.sd[:, 0], _GRID)
        p = self._chance(clauses).value
        self.whole = p, 1.0 - p
        self.known: dict[float, tuple[Estimate, Estimate]] = {}

    def _chance(self, clauses: Requirement) -> Estimate:
        return chance_under(self.law, self.functionals, clauses, self.seed)

    def below(self, x: float, side: int) -> tuple[float, float]:
        """Return P(place ≤ x | side) and its error."""
        if x not in self.known:
            under = ((HalfSpace(self.place, upper=x),),)
            self.known[x] = self._chance((*self.clauses, *under)), self._chance(under)
        both, every = self.known[x]
        if side == 0:
            return both.value / self.whole[0], both.stderr / self.whole[0]
        return max(every.value - both.value, 0.0) / self.whole[1], float(np.hypot(every.stderr, both.stderr)) / self.whole[1]

    def quantiles(self, side: int) -> tuple[list[float], list[float]]:
        """Return the quantiles of one side, and their errors: that of the probability there, over the density."""
        shares = [self.below(float(x), side)[0] for x in self.grid]
        places, errors = [], []
        for q in EIGHTY:
            k = int(np.clip(np.searchsorted(shares, q), 1, len(shares) - 1))
            low, high = float(self.grid[k - 1]), float(self.grid[k])
            tolerance = _ROOT * (high - low)
            x = rising_root(lambda x, q=q: self.below(x, side)[0] - q, low, high, tolerance)  # type: ignore[misc]
            height = (shares[k] - shares[k - 1]) / (high - low)
            places.append(x)
            errors.append(tolerance + self.below(x, side)[1] / max(height, 1e-300))
        return places, errors


def path_courses(projection: Projection, clauses: Requirement, names: Sequence[str], years: range, chance: float) -> list[Course]:
    """Return the courses from sample paths: so many that about 2,000 lie on either side, 65,536 to a million."""
    study = projection.study
    count = int(min(max(_HITS / min(chance, 1.0 - chance), _PATHS), _MOST))
    asked = [unknown for clause in clauses for half in clause for unknown, _ in half.terms]
    wanted = list(dict.fromkeys([*asked, *(Unknown(name, year) for name in names for year in years)]))
    x = drawn(projection, wanted, count, shocks_of(projection, None), None)
    column = {unknown: x[:, j] for j, unknown in enumerate(wanted)}
    hit = requirement_met(study, clauses, column, np.ones(count, bool))
    return [_drawn(projection, name, np.stack([column[Unknown(name, year)] for year in years], axis=1), hit, years) for name in names]


def _drawn(projection: Projection, name: str, places: Floats, hit: NDArray[np.bool_], years: range) -> Course:
    study = projection.study
    overall = quantiles(projection, name, q=EIGHTY, first_year=years[0], last_year=years[-1])
    levels = places if study.counts_events(name) else np.asarray(study.scale(name).to_level(places), float)
    (met, met_error), (missed, missed_error) = (_quantiles(levels[side]) for side in (hit, ~hit))
    return Course(overall.years, overall.q, overall.values, met, missed, met_error, missed_error, study.unit(name), "simulated")


def _quantiles(levels: Floats) -> tuple[Floats, Floats]:
    """Return quantiles by year (n_years, 3) of paths (n, n_years), and their errors from 16 parts of the sample."""
    found = np.quantile(levels, EIGHTY, axis=0).T
    parts = [np.quantile(part, EIGHTY, axis=0).T for part in np.array_split(levels, min(_PARTS, len(levels)))]
    return found, np.std(parts, axis=0, ddof=1) / np.sqrt(len(parts))
