"""Simulation-based calibration of every kind of evidence: prior → what a report prints → answer.

A truth is drawn from the study's own beliefs and printed as its kind says; the place of a later year's truth in its
forecast is then uniform. Source: Talts et al. (2018), arXiv 1804.06788. First levels are flat in the model and fixed
here: by invariance under shifts of the scale the places are uniform all the same. A bound, which is not invariant,
follows an exact level.

In each report the figure on trial decides the answer, so that a wrong reading of it shows in few reports: 150 of
each kind by default. KJPROJ_CALIBRATION_SIZE=2000 takes some minutes and notices a width that is wrong by a twelfth.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest
from scipy import stats
from studies import inv_chi2, normal, reach, walk

import kjproj as kj
from kjproj.beliefs import ScaledInvChi2

SIZE = int(os.environ.get("KJPROJ_CALIBRATION_SIZE", "150"))
FALSE_ALARM = 1e-7
DRIFT = (0.06, 0.02)
Report = tuple[kj.Study, str, int, float]
"""A study, and the indicator, year and true level that it is asked about."""


def path(rng: np.random.Generator, years: int, volatility: float | None = 0.02, start: float = math.log(100.0)) -> np.ndarray:
    """Logarithms of `years` levels: a drift drawn once, a volatility that is given or drawn."""
    sigma = float(ScaledInvChi2(df=5, scale=0.06).sample(rng, 1)[0]) if volatility is None else volatility
    return np.asarray(start + np.concatenate([[0.0], np.cumsum(rng.normal(*DRIFT) + sigma * rng.standard_normal(years - 1))]))


def moves(name: str, volatility: float | None = 0.02, **more: Any) -> dict[str, Any]:
    return {"name": name, "unit": "亿元", "motion": walk(normal(*DRIFT), inv_chi2(5, 0.06) if volatility is None else volatility), **more}


def study(indicators: list[dict[str, Any]], evidence: list[dict[str, Any]], **more: Any) -> kj.Study:
    return kj.Study.from_dict({"as_of": "2022-12-31", "indicators": indicators, "evidence": evidence, **more})


def item(kind: str, year: int, value: float | None = None, indicator: str = "x", **more: Any) -> dict[str, Any]:
    printed = {} if value is None else {"value": f"{value:.6f}"}
    return {"kind": kind, "indicator": indicator, "year": year, **printed, **more}


def within(rng: np.random.Generator, half: float) -> float:
    """An error as that of a figure with a stated half-width."""
    return float(rng.uniform(-half, half))


def a_bound(rng: np.random.Generator) -> Report:
    """An exact level, then two years later only on which side of 112 a blurred look found it."""
    x = path(rng, 4, 0.1)
    seen = x[2] + 0.02 * rng.standard_normal()
    side = "more_than" if seen > math.log(112) else "less_than"
    bound = {"kind": "bound", "indicator": "x", "year": 2022, side: "112", "relative_error": 0.02}
    return study([moves("x", 0.1)], [item("level", 2020, 100.0, error="0"), bound]), "x", 2023, math.exp(x[3])


def parts_with_a_wobble(rng: np.random.Generator) -> Report:
    """Three years by their parts: the share is well known, the years' wobble is what is not."""
    x, share = path(rng, 4, 0.01), math.log(0.7) + 0.005 / 0.7 * rng.standard_normal()
    parts = np.exp(x[:3] + share + 0.05 * rng.standard_normal(3))
    belief = {"period": "Q1-Q3", "share": normal(0.7, 0.005), "wobble": 0.05, "error": "0"}
    return study([moves("x", 0.01)], [item("partial", 2020 + k, v, **belief) for k, v in enumerate(parts)]), "x", 2023, math.exp(x[3])


def parts_with_one_share(rng: np.random.Generator) -> Report:
    """Six years by their parts: all are off by the same share, and do not average it out."""
    x, share = path(rng, 7), math.log(0.6) + 0.06 / 0.6 * rng.standard_normal()
    parts = np.exp(x[:6] + share + 0.005 * rng.standard_normal(6))
    belief = {"period": "Q1-Q3", "share": normal(0.6, 0.06), "wobble": 0.005, "error": "0"}
    return study([moves("x")], [item("partial", 2017 + k, v, **belief) for k, v in enumerate(parts)]), "x", 2023, math.exp(x[6])


def expected_figures(rng: np.random.Generator) -> Report:
    """A level known to 10 % alone."""
    x = path(rng, 2)
    printed = math.exp(x[0] + 0.1 * rng.standard_normal())
    return study([moves("x")], [item("level", 2022, printed, expected=True, relative_error=0.1)]), "x", 2023, math.exp(x[1])


def growth_of_a_part(rng: np.random.Generator) -> Report:
    """Real growth of three quarters, after a level that is known: deflator and wobbles are what is not."""
    x, deflator = path(rng, 3, 0.3), 0.10 + 0.04 * rng.standard_normal()
    wobbles = 0.04 * rng.standard_normal(2)
    real = math.expm1(x[1] - x[0] + wobbles[1] - wobbles[0] - deflator)
    figure = item("growth", 2022, 100 * real, error="0", prices="constant", deflator=normal(0.10, 0.04), period="Q1-Q3", wobble=0.04)
    return study([moves("x", 0.3)], [item("level", 2021, math.exp(x[0]), error="0"), figure]), "x", 2022, math.exp(x[1])


def a_gap_to_a_peer(rng: np.random.Generator) -> Report:
    """The peer is known to ±2, how far it is ahead to ±6, and little else; both move on a linear scale."""
    linear = {"scale": {"kind": "linear"}, "motion": walk(normal(5, 1), 1.0)}
    peer, own = 150.0, 120.0
    later = own + rng.normal(5, 1) + rng.standard_normal()
    evidence = [item("level", 2022, own + within(rng, 60), error="60"), item("level", 2022, peer + within(rng, 2), "peer", error="2"), item("gap", 2022, own - peer + within(rng, 6), than="peer", error="6")]
    return study([{"name": n, "unit": "亿元", **linear} for n in ("x", "peer")], evidence), "x", 2023, later


def a_judgement(rng: np.random.Generator) -> Report:
    """Between so much and so much with 80 %, right as often as that."""
    x = path(rng, 2)
    middle = x[0] + 0.15 * rng.standard_normal()
    low, high = (f"{math.exp(middle + side * stats.norm.ppf(0.9) * 0.15):.6f}" for side in (-1, 1))
    return study([moves("x")], [item("judgement", 2022, low=low, high=high, confidence=0.8, reason="r")]), "x", 2023, math.exp(x[1])


def a_shared_bias(rng: np.random.Generator) -> Report:
    """Six figures that are all off by the same factor, and say little about it."""
    x, off = path(rng, 7, 0.01), 0.10 + 0.12 * rng.standard_normal()
    bias = {"name": "scope", "mean": 0.10, "sd": 0.12, "reason": "r"}
    return study([moves("x", 0.01)], [item("level", 2017 + k, math.exp(x[k] + off), error="0.2", bias=bias) for k in range(6)]), "x", 2023, math.exp(x[6])


def a_total(rng: np.random.Generator) -> Report:
    """The total and one part, each to a few: the other part is what is left."""
    x, y = path(rng, 2), path(rng, 2, start=math.log(300.0))
    evidence = [
        item("level", 2022, math.exp(x[0]) + math.exp(y[0]) + within(rng, 12), "total", error="12"),
        item("level", 2022, math.exp(y[0]) + within(rng, 5), "y", error="5"),
    ]
    indicators = [moves("x"), moves("y"), {"name": "total", "unit": "亿元"}]
    return study(indicators, evidence, identities=[{"kind": "sum", "result": "total", "parts": ["x", "y"]}]), "x", 2023, math.exp(x[1])


def a_rolling_total(rng: np.random.Generator) -> Report:
    """The total of three years and two of them: the third is what is left."""
    x = path(rng, 4, 0.3)
    flow = np.exp(x[:3])
    evidence = [item("level", 2020 + k, flow[k] + within(rng, 3), error="3") for k in (0, 1)]
    evidence.append(item("level", 2022, flow.sum() + within(rng, 12), "stock", error="12"))
    indicators = [moves("x", 0.3), {"name": "stock", "unit": "亿元", "measure": "stock"}]
    return study(indicators, evidence, identities=[{"kind": "rolling", "result": "stock", "of": "x", "years": 3}]), "x", 2022, float(flow[2])


def an_increase(rng: np.random.Generator) -> Report:
    """Last year's stock, and what was added to it."""
    x = path(rng, 3, 0.3)
    stock = np.exp(x)
    evidence = [item("level", 2021, stock[0] + within(rng, 2), error="2"), item("level", 2022, stock[1] - stock[0] + within(rng, 8), "new", error="8")]
    indicators = [moves("x", 0.3, measure="stock"), {"name": "new", "unit": "亿元", "scale": {"kind": "linear"}}]
    return study(indicators, evidence, identities=[{"kind": "increase", "result": "new", "of": "x"}]), "x", 2022, float(stock[1])


def mixed(rng: np.random.Generator) -> Report:
    """Four years, each printed in one of seven ways; drift and volatility unknown, a bias and a share in common."""
    x, off, share = path(rng, 6, None), 0.06 * rng.standard_normal(), math.log(0.7) + 0.03 / 0.7 * rng.standard_normal()
    bias = {"name": "scope", "sd": 0.06, "reason": "r"}
    evidence = [item("level", 2018, math.exp(x[0]), error="0")]
    for k in range(1, 5):
        year, level = 2018 + k, math.exp(x[k])
        ways: list[Callable[[], dict[str, Any]]] = [
            lambda y=year, v=level: item("level", y, v + within(rng, 2), error="2"),
            lambda y=year, v=level: item("level", y, v * math.exp(0.05 * rng.standard_normal()), expected=True, relative_error=0.05),
            lambda y=year, v=level: item("level", y, v * math.exp(off) + within(rng, 0.5), error="0.5", bias=bias),
            lambda y=year, v=level: item("partial", y, v * math.exp(share + 0.02 * rng.standard_normal()), error="0", period="H1", share=normal(0.7, 0.03), wobble=0.02),
            lambda y=year, v=level: judged(rng, y, v),
            lambda y=year, j=k: item("growth", y, 100 * math.expm1(x[j] - x[j - 1]) + within(rng, 0.5), error="0.5"),
            lambda y=year, v=level: side_of(rng, y, v),
        ]
        evidence += [ways[w]() for w in rng.choice(len(ways), size=int(rng.integers(1, 3)), replace=False)]
    return study([moves("x", None)], evidence), "x", 2023, math.exp(x[5])


def judged(rng: np.random.Generator, year: int, level: float) -> dict[str, Any]:
    middle = level * math.exp(0.1 * rng.standard_normal())
    low, high = (f"{middle * math.exp(side * stats.norm.ppf(0.75) * 0.1):.6f}" for side in (-1, 1))
    return item("judgement", year, low=low, high=high, confidence=0.5, reason="r")


def side_of(rng: np.random.Generator, year: int, level: float) -> dict[str, Any]:
    bound = 100 * 1.06 ** (year - 2018)
    above = math.log(level / bound) + 0.03 * rng.standard_normal() > 0
    return {"kind": "bound", "indicator": "x", "year": year, "at_least" if above else "at_most": f"{bound:.6f}", "relative_error": 0.03}


KINDS: dict[str, Callable[[np.random.Generator], Report]] = {
    f.__name__: f
    for f in (
        a_bound,
        parts_with_a_wobble,
        parts_with_one_share,
        expected_figures,
        growth_of_a_part,
        a_gap_to_a_peer,
        a_judgement,
        a_shared_bias,
        a_total,
        a_rolling_total,
        an_increase,
        mixed,
    )
}


def place_of_truth(kind: str, seed: int) -> float:
    rng = np.random.default_rng([seed, list(KINDS).index(kind)])
    reported, name, year, truth = KINDS[kind](rng)
    return 1.0 - kj.probability(kj.project(reported, nodes=256, rng=seed), reach(f"{truth:.9f}", year, name)).value


@cache
def places(kind: str) -> np.ndarray:
    return np.array([place_of_truth(kind, seed) for seed in range(SIZE)])


def assert_uniform(found: np.ndarray) -> None:
    """Kolmogorov–Smirnov for the shape, Σ z for a shift, and Σ z² for the width."""
    z = stats.norm.ppf(np.clip(found, 1e-12, 1 - 1e-12))
    assert stats.kstest(found, "uniform").pvalue > FALSE_ALARM
    assert abs(z.sum()) < stats.norm.isf(FALSE_ALARM / 2) * math.sqrt(len(z))
    low, high = stats.chi2.ppf([FALSE_ALARM / 2, 1 - FALSE_ALARM / 2], len(z))
    assert low < (z**2).sum() < high, (z**2).mean()


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_evidence_is_calibrated(kind: str) -> None:
    """The truth's place is uniform where the figure on trial decides the answer."""
    assert_uniform(places(kind))


def test_all_kinds_together_are_calibrated() -> None:
    """Hundreds of reports notice a smaller fault that all share."""
    assert_uniform(np.concatenate([places(kind) for kind in KINDS]))


def place_among_counts(seed: int) -> float:
    """The place of a year's number of events, spread evenly over the step where it stands."""
    rng = np.random.default_rng([seed, 99])
    rate, share = rng.gamma(6.0, 10.0), float(np.clip(rng.normal(0.6, 0.1), 0.05, 0.95))
    whole, parts = rng.poisson(rate, 2), rng.poisson(rate * share, 1)
    parts = np.append(rng.binomial(whole[1], share), parts)
    truth = int(parts[1] + rng.poisson(rate * (1 - share)))
    belief = {"period": "Q1-Q2", "share": normal(0.6, 0.1)}
    evidence: list[dict[str, Any]] = [{"kind": "level", "indicator": "x", "year": 2020 + k, "value": str(n)} for k, n in enumerate(whole)]
    evidence += [{"kind": "partial", "indicator": "x", "year": 2021 + k, "value": str(n), **belief} for k, n in enumerate(parts)]
    events = {"kind": "counts", "rate": {"kind": "gamma", "shape": 6, "rate": 0.1}}
    projection = kj.project(study([{"name": "x", "unit": "个", "measure": "events", "events": events}], evidence))
    at_least, above = (kj.probability(projection, reach(str(n), 2022)).value for n in (truth, truth + 1))
    return 1.0 - at_least + float(rng.random()) * (at_least - above)


def test_tallies_of_parts_of_years_are_calibrated() -> None:
    """Whole years, a part of one of them, and a part of the year that is asked about."""
    assert_uniform(np.array([place_among_counts(seed) for seed in range(SIZE)]))
