"""Everything that is asked of a study, computed: from one law of a block for all that rests on it, one sweep for all years."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from ..engine.law import Law
from ..estimate import Estimate
from ..numerics.estimates import combine
from ..numerics.normal import interval_probability
from ..numerics.passage import first_passage
from ..projection import Projection
from .asked import Asked, has_law
from .levels import law_quantiles, quantiles
from .planner import ALWAYS
from .probability import probability
from .when import when

Floats = NDArray[np.float64]
Test = tuple[int, float, float]
_FEW = 64
_ATOL, _RTOL = 2e-5, 1e-6


@dataclass(frozen=True)
class Answers:
    """What was computed: chances of targets, all together, by target and year the chance of having been met, quantiles.

    `quantiles` are of the places on their scales, (places, len(q)).
    """

    chances: dict[str, Estimate]
    together: Estimate
    reached: dict[str, dict[int, Estimate]]
    quantiles: Floats


class Computing:
    """Computes what is asked of one projection."""

    def __init__(self, projection: Projection, asked: Asked, q: Floats) -> None:
        self.projection, self.asked, self.q = projection, asked, q
        self.laws = self._laws()

    def answers(self) -> Answers:
        """Return everything."""
        targets = list(self.asked.targets)
        chances = self._chances()
        together = probability(self.projection, all_of=targets, atol=_ATOL, rtol=0.0) if targets else ALWAYS
        return Answers(chances, together, self._reached(), self._quantiles())

    def _chances(self) -> dict[str, Estimate]:
        """Return the chances of targets: of a half-space on one row a mean of normal tails, for all rows of a law at once."""
        names, found = self.asked.targets, dict[str, Estimate]()
        tests = {name: self._test(joint[0]) for name, joint in zip(names, self.asked.questions.joints, strict=False)}
        by_law: dict[int, list[str]] = {}
        for name in names:
            if (test := tests[name]) is not None:
                by_law.setdefault(id(self.laws[test[0]][0]), []).append(name)
        for several in by_law.values():
            chosen = [test for name in several if (test := tests[name]) is not None]
            law = self.laws[chosen[0][0]][0].part([self.laws[row][1] for row, _, _ in chosen])
            lower, upper = (np.array([test[k] for test in chosen]) for k in (1, 2))
            values, errors = combine(law.log_weights, interval_probability(*_standard(law, lower, upper)), law.kind)
            estimates = (Estimate(*both, "closed form") for both in zip(values.tolist(), errors.tolist(), strict=True))
            found.update(zip(several, estimates, strict=True))
        return {name: found[name] if name in found else probability(self.projection, name) for name in names}

    def _reached(self) -> dict[str, dict[int, Estimate]]:
        """Return by target when it is met: those with few nodes in one sweep, the others one by one."""
        study, found = self.projection.study, dict[str, dict[int, Estimate]]()
        by_length: dict[int, dict[str, list[Test]]] = {}
        for (name, years), events in zip(self.asked.checked.items(), self.asked.questions.sequences, strict=True):
            tests = [test for event in events if (test := self._test(event)) is not None]
            laws = {id(law): law for row, _, _ in tests for law, _ in [self.laws[row]]}
            if len(tests) == len(years) and len(laws) == 1 and all(len(law.mean) <= _FEW for law in laws.values()):
                by_length.setdefault(len(years), {})[name] = tests
        for asked in by_length.values():
            found.update(self._swept(asked))
        for name, years in self.asked.checked.items():
            if name not in found:
                reached = when(self.projection, study.target(name), until=years[-1]).reached
                found[name] = {year: reached[year] for year in years}
        return {name: found[name] for name in self.asked.checked}

    def _swept(self, asked: dict[str, list[Test]]) -> dict[str, dict[int, Estimate]]:
        """Return the same of targets with equally many years, all nodes of all of them at once; nothing where it does not serve."""
        laws = {name: self.laws[tests[0][0]][0].part([self.laws[row][1] for row, _, _ in tests]) for name, tests in asked.items()}
        bounds = [[_missed(lower, upper) for _, lower, upper in tests] for tests in asked.values()]
        sizes = [len(law.mean) for law in laws.values()]
        low, high = np.repeat(np.array(bounds), sizes, axis=0).transpose(2, 0, 1)
        mean, cov = (np.concatenate([getattr(law, part) for law in laws.values()]) for part in ("mean", "cov"))
        passed = first_passage(mean, cov, low, high, rtol=_RTOL)
        if passed is None:
            return {}
        found, start = {}, 0
        for (name, law), size in zip(laws.items(), sizes, strict=True):
            part = slice(start, start := start + size)
            values, errors = combine(law.log_weights, passed.by[part], law.kind)
            errors = errors + combine(law.log_weights, passed.error[part], law.kind)[0]
            by_year = zip(self.asked.checked[name], values.tolist(), errors.tolist(), strict=True)
            found[name] = {year: Estimate(value, error, "quadrature") for year, value, error in by_year}
        return found

    def _quantiles(self) -> Floats:
        study, found = self.projection.study, np.empty((len(self.asked.places), len(self.q)))
        normal = ndtri(self.q)
        for row, place in enumerate(self.asked.places):
            if row not in self.laws:
                levels = quantiles(self.projection, place.indicator, q=self.q.tolist(), first_year=place.year, last_year=place.year).values[0]
                found[row] = levels if study.counts_events(place.indicator) else study.scale(place.indicator).to_scale(levels)
                continue
            law, column = self.laws[row]
            own = law.part([column])
            alone = len(law.mean) == 1 and law.bound is None
            found[row] = own.mean[0, 0] + own.sd[0, 0] * normal if alone else law_quantiles(own, self.q)[0]
        return found

    def _test(self, event: int) -> Test | None:
        """Return the one test of an event, as (row, lower, upper), where its law is computed and not cut; else None."""
        questions = self.asked.questions
        clauses = [questions.clauses[clause] for clause in questions.events[event]]
        if len(clauses) != 1 or len(clauses[0]) != 1:
            return None
        (k,) = clauses[0]
        row = questions.rows[k]
        if row not in self.laws or self.laws[row][0].bound is not None:
            return None
        return row, float(self.asked.lower[k]), float(self.asked.upper[k])

    def _laws(self) -> dict[int, tuple[Law, int]]:
        """Return of each functional that rests on one block the law of all that does, and its column."""
        own: dict[int, list[int]] = {}
        for row, functional in enumerate(self.asked.functionals):
            if not has_law(self.projection.study, functional):
                continue
            names = {unknown.indicator for unknown, _ in functional[0]}
            blocks = {id(block): block for name in names for block in self.projection.blocks_of(name)}
            if len(blocks) == 1:
                own.setdefault(next(iter(blocks)), []).append(row)
        found = {}
        for rows in own.values():
            law = self.projection.law([self.asked.functionals[row][0] for row in rows])
            found.update({row: (law, column) for column, row in enumerate(rows)})
        return found


def _standard(law: Law, lower: Floats, upper: Floats) -> tuple[Floats, Floats]:
    """Return bounds (q,) in standard deviations, (K, q) both; what does not vary lies inside or outside for certain."""
    sd = law.sd
    with np.errstate(divide="ignore", invalid="ignore"):
        low = np.nan_to_num((lower - law.mean) / sd, nan=-np.inf, posinf=np.inf, neginf=-np.inf)
        high = np.nan_to_num((upper - law.mean) / sd, nan=np.inf, posinf=np.inf, neginf=-np.inf)
    return low, high


def _missed(lower: float, upper: float) -> tuple[float, float]:
    """Return the bounds within which a one-sided half-space is missed."""
    return (-np.inf, lower) if upper == np.inf else (upper, np.inf)
