"""Conditioning is right: a brute-force posterior, written here from scratch, gives the same chances.

Prior paths are drawn with the motions' own `path` and weighed by how well they explain the figures, without any
linearisation. The first year's level is flat, so paths start at its figure, spread by the figure's error.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from scipy.special import ndtri
from studies import inv_chi2, normal, reach, walk

import kjproj as kj

DRAWS = 400_000
YEARS = np.arange(2018, 2025)


@dataclass(frozen=True)
class Case:
    """One indicator, or two and their product; figures; a question."""

    indicators: list[dict[str, Any]]
    evidence: list[dict[str, Any]]
    target: kj.Target
    identities: tuple[dict[str, Any], ...] = ()
    one_off: tuple[str, int, float, float] | None = None

    def study(self) -> kj.Study:
        evidence = list(self.evidence)
        if self.one_off is not None:
            name, year, probability, sd = self.one_off
            evidence.append({"kind": "break", "indicator": name, "year": year, "probability": probability, "sd": sd, "reason": "x"})
        return kj.Study.from_dict(
            {"as_of": "2021-12-31", "indicators": self.indicators, "identities": self.identities, "evidence": evidence}
        )


def prior_levels(case: Case, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Levels (draws, years) by indicator, from the prior; starts from the first figure, used up by it."""
    study, levels = case.study(), {}
    for indicator in study.indicators:
        if indicator.motion is None:
            continue
        values = {name: p.belief.sample(rng, DRAWS)[:, None] for name, p in indicator.motion.parameters().items()}
        first = next(e for e in study.evidence if e.indicator == indicator.name and e.year == 2018)
        figure, error = float(first.value), float(first.error) / np.sqrt(3)
        start = indicator.scale.to_scale(figure) + rng.normal(0, error * indicator.scale.slope(figure), DRAWS)
        z = rng.standard_normal((DRAWS, len(YEARS) - 1))
        path = indicator.motion.at(values, 2018.0).path(start, np.ones(len(YEARS) - 1), z)
        x = np.concatenate([start[:, None], path], axis=1)
        if case.one_off is not None and case.one_off[0] == indicator.name:
            _, year, probability, sd = case.one_off
            jump = rng.normal(0, sd, DRAWS) * (rng.random(DRAWS) < probability)
            x = x + jump[:, None] * (year <= YEARS)
        levels[indicator.name] = indicator.scale.to_level(x)
    for identity in study.identities:
        sizes = {"亿元": 1.0, "%": 0.01, "share": 1.0}
        product = np.prod([levels[n] * sizes[study.unit(n)] for n in identity.members], axis=0)
        levels[identity.result] = product / sizes[study.unit(identity.result)]
    return levels


def log_weights(case: Case, levels: dict[str, np.ndarray]) -> np.ndarray:
    total = np.zeros(DRAWS)
    for e in case.evidence:
        x, k = levels[e["indicator"]], e["year"] - 2018
        sd, value = float(e["error"]) / np.sqrt(3), float(e["value"])
        base = e.get("since", e["year"] - 1) - 2018
        if e["kind"] == "level":
            if e["year"] == 2018 and e["indicator"] in {i["name"] for i in case.indicators if "motion" in i}:
                continue
            seen = x[:, k]
        elif e["kind"] == "change":
            seen = x[:, k] - x[:, base]
        else:
            seen = 100 * (x[:, k] / x[:, base] - 1)
        total -= 0.5 * ((value - seen) / sd) ** 2
    return total


def level(indicator: str, year: int, value: str, error: str) -> dict[str, Any]:
    return {"kind": "level", "indicator": indicator, "year": year, "value": value, "error": error}


BROWN = walk(normal(0.05, 0.04), inv_chi2(4, 0.08))
CASES = {
    "levels and a growth rate on log": Case(
        [{"name": "x", "unit": "亿元", "motion": BROWN}],
        [
            level("x", 2018, "100", "3"),
            level("x", 2020, "118", "3"),
            {"kind": "growth", "indicator": "x", "year": 2021, "value": "9", "error": "3"},
        ],
        reach("150", 2024),
    ),
    "a reverting level with an unknown rate": Case(
        [
            {
                "name": "x",
                "unit": "亿元",
                "motion": {
                    "kind": "reverting",
                    "level": normal(5.0, 0.2),
                    "rate": {"kind": "log_normal", "median": 0.3, "sd_log": 0.4},
                    "volatility": inv_chi2(4, 0.08),
                },
            }
        ],
        [level("x", 2018, "100", "3"), level("x", 2019, "112", "4"), level("x", 2021, "121", "4")],
        reach("140", 2024),
    ),
    "a share on logit with a change in points": Case(
        [{"name": "x", "unit": "%", "scale": {"kind": "logit", "low": 0, "high": 100}, "motion": walk(normal(0.1, 0.1), 0.15)}],
        [
            level("x", 2018, "60", "2"),
            level("x", 2020, "68", "2"),
            {"kind": "change", "indicator": "x", "year": 2021, "value": "2", "error": "1.5", "unit": "pp"},
        ],
        reach("80", 2024),
    ),
    "an elicited drift and a step": Case(
        [
            {
                "name": "x",
                "unit": "亿元",
                "motion": {
                    "kind": "sum",
                    "parts": [
                        walk({"kind": "elicited", "low": 0.0, "mode": 0.03, "high": 0.12}, 0.06),
                        {"kind": "step", "year": 2023, "size": normal(0.1, 0.05)},
                    ],
                },
            }
        ],
        [level("x", 2018, "100", "2"), level("x", 2021, "112", "3")],
        reach("140", 2024),
    ),
    "linear growth by a fixed amount": Case(
        [{"name": "x", "unit": "亿元", "scale": {"kind": "linear"}, "motion": walk(normal(5.0, 3.0), {"kind": "log_normal", "median": 0.8, "sd_log": 0.5, "upper": 20})}],
        [
            level("x", 2018, "100", "1"),
            {"kind": "growth", "indicator": "x", "year": 2019, "value": "5", "error": "1"},
            level("x", 2021, "117", "1"),
        ],
        reach("130", 2024),
    ),
    "a break": Case(
        [{"name": "x", "unit": "%", "motion": walk(normal(0.04, 0.03), inv_chi2(4, 0.08))}],
        [level("x", 2018, "1.6", "0.02"), level("x", 2019, "1.68", "0.06"), level("x", 2020, "1.95", "0.1")],
        reach("2.6", 2024),
        one_off=("x", 2020, 0.3, 0.5),
    ),
    "a change whose level only an identity determines": Case(
        [
            {"name": "a", "unit": "亿元", "motion": BROWN},
            {"name": "b", "unit": "%", "motion": walk(normal(0.03, 0.03), inv_chi2(4, 0.06))},
            {"name": "p", "unit": "亿元"},
        ],
        [
            level("a", 2018, "3000", "200"),
            level("b", 2018, "1.8", "0.05"),
            level("p", 2020, "68", "6"),
            level("a", 2020, "3300", "300"),
            {"kind": "change", "indicator": "b", "year": 2021, "value": "0.2", "error": "0.1", "unit": "pp"},
        ],
        reach("95", 2024, "p"),
        identities=({"kind": "product", "result": "p", "factors": ["a", "b"]},),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_brute_force_gives_the_same_chance(name: str) -> None:
    """Within 5.5 standard errors of the weighted sample (one in ten million), plus .002 for linearised figures."""
    case = CASES[name]
    levels = prior_levels(case, np.random.default_rng(1))
    logs = log_weights(case, levels)
    weights = np.exp(logs - logs.max())
    weights /= weights.sum()
    met = levels[case.target.indicator][:, case.target.year - 2018] >= float(case.target.figure)
    brute = float(weights @ met)
    error = float(np.sqrt((weights**2 * (met - brute) ** 2).sum()))
    assert error < 0.006, "too few draws explain the figures for a check"
    found = kj.probability(kj.project(case.study()), case.target)
    assert abs(found.value - brute) < -ndtri(1e-7 / 2) * np.hypot(error, found.stderr) + 0.002
