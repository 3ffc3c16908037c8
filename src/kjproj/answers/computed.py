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
from .asked import Asked
from .contract import Side, Tolerance
from .levels import law_quantiles, quantiles
from .planner import ALWAYS, planned
from .probability import probability
from .when import when

Floats = NDArray[np.float64]
Test = tuple[int, float, float]
_FEW = 64
_TOGETHER = Tolerance(atol=3e-5)
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
        return Answers(self._chances(), self._together(), self._reached(), self._quantiles())

    def _together(self) -> Estimate:
        """Return the chance of all: from the law at hand where each target asks one indicator once, all in one law."""
        targets, tests = list(self.asked.targets), [self._test(event) for event in self.asked.questions.joints[-1]]
        rows = [test[0] for test in tests if test is not None]
        names = {unknown.indicator for row in rows for unknown, _ in self.asked.functionals[row][0]}
        if targets and len(names) == len(rows) == len(tests) and len({id(self.laws[row][0]) for row in rows}) == 1:
            law = self.laws[rows[0]][0].part([self.laws[row][1] for row in rows])
            region = tuple((Side(k, *test[1:]),) for k, test in enumerate(tests) if test is not None)
            found = planned(law, region, _TOGETHER, self.projection.seed)
            if found is not None:
                return found
        return probability(self.projection, all_of=targets, atol=_TOGETHER.atol, rtol=0.0) if targets else ALWAYS

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
        by_law: dict[int, list[str]] = {}
        for name, tests in asked.items():
            by_law.setdefault(id(self.laws[tests[0][0]][0]), []).append(name)
        groups = [(self.laws[asked[names[0]][0][0]][0], names) for names in by_law.values()]
        means, covs, bounds = [], [], []
        for law, names in groups:
            columns = np.array([[self.laws[row][1] for row, _, _ in asked[name]] for name in names])
            cov, n = law.cov, columns.shape[1]
            means.append(law.mean[:, columns].reshape(-1, n))
            covs.append(cov[:, columns[:, :, None], columns[:, None, :]].reshape(-1, n, n))
            missed = np.array([[_missed(lower, upper) for _, lower, upper in asked[name]] for name in names])
            bounds.append(np.broadcast_to(missed, (len(cov), *missed.shape)).reshape(-1, n, 2))
        low, high = np.concatenate(bounds).transpose(2, 0, 1)
        passed = first_passage(np.concatenate(means), np.concatenate(covs), low, high, rtol=_RTOL, atol=_ATOL)
        if passed is None:
            return {}
        found, start = {}, 0
        for law, names in groups:
            part, shape = slice(start, start := start + len(law.mean) * len(names)), (len(law.mean), -1)
            values, errors = combine(law.log_weights, passed.by[part].reshape(shape), law.kind)
            errors = errors + combine(law.log_weights, passed.error[part].reshape(shape), law.kind)[0]
            for name, value, error in zip(names, *(x.reshape(len(names), -1).tolist() for x in (values, errors)), strict=True):
                found[name] = {
                    year: Estimate(v, e, "quadrature") for year, v, e in zip(self.asked.checked[name], value, error, strict=True)
                }
        return found

    def _quantiles(self) -> Floats:
        study, found = self.projection.study, np.empty((len(self.asked.places), len(self.q)))
        normal = ndtri(self.q)
        by_law: dict[int, list[int]] = {}
        for row, place in enumerate(self.asked.places):
            if row in self.laws:
                by_law.setdefault(id(self.laws[row][0]), []).append(row)
                continue
            levels = quantiles(self.projection, place.indicator, q=self.q.tolist(), first_year=place.year, last_year=place.year).values[0]
            found[row] = levels if study.counts_events(place.indicator) else study.scale(place.indicator).to_scale(levels)
        for rows in by_law.values():
            law, columns = self.laws[rows[0]][0], [self.laws[row][1] for row in rows]
            if len(law.mean) == 1 and law.bound is None:
                found[rows] = law.mean[0, columns, None] + law.sd[0, columns, None] * normal
            else:
                found[rows] = [law_quantiles(law.part([column]), self.q)[0] for column in columns]
        return found

    def _test(self, event: int) -> Test | None:
        """Return the one test of an event, as (row, lower, upper), where its law is computed and not cut; else None."""
        test = self.asked.single[event]
        return None if test is None or test[0] not in self.laws or self.laws[test[0]][0].bound is not None else test

    def _laws(self) -> dict[int, tuple[Law, int]]:
        """Return of each functional that rests on one block the law of all that does, and its column."""
        found = {}
        for rows in self.asked.by_block:
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
