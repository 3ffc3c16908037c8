"""Questions whose answers are known, each as a function of the seed: are the errors that answers state as large as they are?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np
from scipy.special import ndtr, ndtri
from studies import inv_chi2, level, walk

import kjproj as kj
from kjproj.answers.contract import Tolerance
from kjproj.answers.questions import required
from kjproj.answers.regions import chance_under, functionals_of
from kjproj.estimate import Estimate

Question = Callable[[int], Estimate]
JOINT, EACH_YEAR = 0.1601814, 0.31060
"""The reference work's joint chance in its last year, and that every indicator meets its target at some year end."""


def twelve(raised: float = 0.0, chances: Sequence[float] | None = None) -> kj.Study:
    """Twelve correlated indicators over four years, every fourth of which is to fall; targets `raised` by so many sd."""
    i = np.arange(12)
    m, sd = np.linspace(0.055, 0.005, 12), np.linspace(0.02, 0.12, 12)
    p = np.linspace(0.95, 0.5, 12) if chances is None else np.asarray(chances)
    correlation = 0.25 + 0.75 * 0.5 ** np.abs(i[:, None] - i)
    sign = np.where(i % 4 == 3, -1.0, 1.0)
    goal = 100.0 * np.exp(sign * (4 * m - 2 * sd * (ndtri(p) - raised)))
    targets: list[dict[str, Any]] = []
    for k in i:
        bound = {("at_least" if sign[k] > 0 else "at_most"): f"{goal[k]:.10f}"}
        for name, when in (("at", "at"), ("by", "by")):
            targets.append({"name": f"{name}{k}", "indicator": f"x{k}", "year": 2025, "when": when, **bound})
    pairs = [(a, b) for a in i for b in i if a < b]
    return kj.Study.from_dict(
        {
            "as_of": "2021-12-31",
            "indicators": [{"name": f"x{k}", "unit": "亿元", "motion": walk(float(sign[k] * m[k]), float(sd[k]))} for k in i],
            "evidence": [level(f"x{k}", 2021, "100", error="0") for k in i],
            "correlations": [
                {"between": [f"x{a}", f"x{b}"], "value": float(sign[a] * sign[b] * correlation[a, b]), "reason": "given"}
                for a, b in pairs
            ],
            "targets": targets,
        }
    )


def unknown_volatilities(count: int, correlation: float, raised: float = 0.0) -> kj.Study:
    """Indicators with a drift that is known and a volatility that is not, one target each, `raised` by so many scales."""
    motions = [walk(0.03 + 0.01 * k, inv_chi2(4 + k, 0.03 + 0.01 * k)) for k in range(count)]
    goals = [100.0 * np.exp(4 * (0.03 + 0.01 * k) + (raised - 0.5) * 2 * (0.03 + 0.01 * k)) for k in range(count)]
    pairs = [(a, b) for a in range(count) for b in range(a)] if correlation else []
    return kj.Study.from_dict(
        {
            "as_of": "2021-12-31",
            "indicators": [{"name": f"x{k}", "unit": "亿元", "motion": motion} for k, motion in enumerate(motions)],
            "evidence": [level(f"x{k}", 2021, "100", error="0") for k in range(count)],
            "correlations": [{"between": [f"x{a}", f"x{b}"], "value": correlation, "reason": "given"} for a, b in pairs],
            "targets": [{"name": f"at{k}", "indicator": f"x{k}", "year": 2025, "at_least": f"{goal:.10f}"} for k, goal in enumerate(goals)],
        }
    )


def names(kind: str, count: int = 12) -> list[str]:
    return [f"{kind}{k}" for k in range(count)]


def at_one_node(study: kj.Study, asked: Sequence[str], tolerance: Tolerance) -> Question:
    """The same law under every seed, which only places points."""
    clauses = tuple(clause for name in asked for clause in required(study, study.target(name)))  # type: ignore[union-attr]
    functionals = functionals_of(clauses)
    law = kj.project(study).law(functionals)
    return lambda seed: chance_under(law, functionals, clauses, seed, tolerance)


def with_nodes(study: kj.Study, asked: Sequence[str], nodes: int, **more: Any) -> Question:
    """Nodes and points are placed anew under every seed."""
    return lambda seed: kj.probability(kj.project(study, rng=seed, nodes=nodes), all_of=asked, **more)


@cache
def apart(count: int, raised: float) -> float:
    """The joint chance of `unknown_volatilities` without correlation: the product of quadratures."""
    return kj.probability(kj.project(unknown_volatilities(count, 0.0, raised)), all_of=names("at", count)).value


def ratio(question: Question, exact: float, seeds: int) -> tuple[float, float]:
    """Root mean square error over that stated, over seeds, and the latter over the answer."""
    found = [question(seed) for seed in range(seeds)]
    stated = np.sqrt(np.mean([estimate.stderr**2 for estimate in found]))
    actual = np.sqrt(np.mean([(estimate.value - exact) ** 2 for estimate in found]))
    return float(actual / stated), float(stated / exact)


def chance_of_a_walk(bound: float, years: int) -> float:
    """P(a standard walk is above a bound at some year end), by 400 Gauss–Legendre points a year."""
    x, w = np.polynomial.legendre.leggauss(400)
    reach = 9.0 * np.sqrt(years)
    y, weight = bound - reach * (1 - x) / 2, w * reach / 2
    alive = np.exp(-0.5 * y**2) / np.sqrt(2 * np.pi)
    step = np.exp(-0.5 * (y[:, None] - y) ** 2) / np.sqrt(2 * np.pi) * weight
    reached = float(ndtr(-bound))
    for _ in range(years - 1):
        reached += float((weight * alive) @ ndtr(y - bound))
        alive = step @ alive
    return reached
