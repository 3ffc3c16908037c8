"""Simulation-based calibration of the whole road: prior → printed figures → answer.

A truth is drawn from the study's own beliefs, reported as reports do (rounded levels, a change in points, levels of a
derived indicator) and forecast. Where the road is right, the truth's place in its forecast is uniform.
Source: Talts et al. (2018), arXiv 1804.06788. First levels are flat in the model and fixed here: by invariance under
shifts of the scale the places are uniform all the same.
"""

from __future__ import annotations

import os
from functools import cache
from typing import Any

import numpy as np
import pytest
from scipy import stats
from scipy.special import ndtr
from studies import walk

import kjproj as kj
from kjproj.beliefs import Normal, ScaledInvChi2
from kjproj.rows import Unknown

GDP = (Normal(mean=0.065, sd=0.03), ScaledInvChi2(df=4, scale=0.05))
INTENSITY = (Normal(mean=0.03, sd=0.03), ScaledInvChi2(df=3, scale=0.07))
CORRELATION = -0.4
FALSE_ALARM = 1e-7
SIZE = int(os.environ.get("KJPROJ_CALIBRATION_SIZE", "250"))
POINTS = (1, 2, 3, 6)


def a_truth(rng: np.random.Generator, years: int) -> tuple[np.ndarray, np.ndarray]:
    """Log GDP and log intensity at the ends of `years` years."""
    root = np.linalg.cholesky(np.array([[1, CORRELATION], [CORRELATION, 1]]))
    z = root @ rng.standard_normal((2, years - 1))
    paths = []
    for k, (drift, volatility) in enumerate((GDP, INTENSITY)):
        steps = drift.sample(rng, 1) + volatility.sample(rng, 1) * z[k]
        paths.append(np.log((3000.0, 1.8)[k]) + np.concatenate([[0.0], np.cumsum(steps)]))
    return paths[0], paths[1]


def a_report(gdp: np.ndarray, intensity: np.ndarray, n: int) -> list[dict[str, Any]]:
    """Spending and intensity as printed: the last levels, earlier ones as levels or as a change in points."""
    evidence = []
    for k in range(n):
        year = 2021 - n + 1 + k
        spending = np.exp(gdp[k] + intensity[k]) / 100
        evidence.append({"kind": "level", "indicator": "spending", "year": year, "value": f"{spending:.2f}"})
        if k == n - 2:
            change = np.exp(intensity[k + 1]) - np.exp(intensity[k])
            evidence.append({"kind": "change", "indicator": "intensity", "year": year + 1, "value": f"{change:.2f}", "unit": "pp"})
        else:
            evidence.append({"kind": "level", "indicator": "intensity", "year": year, "value": f"{np.exp(intensity[k]):.2f}"})
    return evidence


def a_study(evidence: list[dict[str, Any]]) -> kj.Study:
    beliefs = [walk(d.model_dump(), v.model_dump()) for d, v in (GDP, INTENSITY)]
    return kj.Study.from_dict(
        {
            "as_of": "2021-12-31",
            "indicators": [
                {"name": "gdp", "unit": "亿元", "motion": beliefs[0]},
                {"name": "intensity", "unit": "%", "motion": beliefs[1]},
                {"name": "spending", "unit": "亿元"},
            ],
            "identities": [{"kind": "product", "result": "spending", "factors": ["gdp", "intensity"]}],
            "correlations": [{"between": ["gdp", "intensity"], "value": CORRELATION, "reason": "drawn"}],
            "evidence": evidence,
        }
    )


def place_of_truth(seed: int, n: int, ahead: int) -> tuple[float, float]:
    """Where the true spending and intensity of the target year lie in their forecasts."""
    rng = np.random.default_rng([seed, n])
    gdp, intensity = a_truth(rng, n + ahead)
    projection = kj.project(a_study(a_report(gdp, intensity, n)), nodes=512, rng=seed)
    truth = {"spending": gdp[-1] + intensity[-1] - np.log(100.0), "intensity": intensity[-1]}
    places = []
    for name, x in truth.items():
        law = projection.block(name).law([((Unknown(name, 2021 + ahead), 1.0),)])
        places.append(float(law.weights @ ndtr((x - law.mean[:, 0]) / law.sd[:, 0])))
    return places[0], places[1]


def assert_uniform(places: np.ndarray) -> None:
    """Kolmogorov–Smirnov for the shape, and Σ z² for the width, which is the more sensitive."""
    assert stats.kstest(places, "uniform").pvalue > FALSE_ALARM
    squares = (stats.norm.ppf(np.clip(places, 1e-12, 1 - 1e-12)) ** 2).sum()
    low, high = stats.chi2.ppf([FALSE_ALARM / 2, 1 - FALSE_ALARM / 2], len(places))
    assert low < squares < high


@cache
def places(n: int) -> np.ndarray:
    """Places of the truth for spending and intensity, (SIZE, 2), three years ahead."""
    return np.array([place_of_truth(seed, n, 3) for seed in range(SIZE)])


@pytest.mark.parametrize("n", POINTS)
def test_the_whole_road_is_calibrated(n: int) -> None:
    """At n points and three years ahead the truth's place is uniform, for a derived and for a moving indicator."""
    for column in places(n).T:
        assert_uniform(column)


@pytest.mark.parametrize("which", [0, 1], ids=["spending", "intensity"])
def test_all_lengths_together_are_calibrated(which: int) -> None:
    """A thousand reports together notice a width that is wrong by an eighth; a drift taken as known fails here."""
    assert_uniform(np.concatenate([places(n)[:, which] for n in POINTS]))


def test_the_check_notices_volatility_taken_as_known() -> None:
    """A planted fault: plug-in volatility at three points fails the same check."""
    rng = np.random.default_rng(0)
    k, h, size = 2, 3, 4 * 150
    g = rng.normal(0.05, 0.06, (size, k + h))
    s = g[:, :k].std(axis=1, ddof=1)
    z = (g[:, k:].sum(axis=1) - h * g[:, :k].mean(axis=1)) / (s * np.sqrt(h * (1 + h / k)))
    with pytest.raises(AssertionError):
        assert_uniform(ndtr(z))


