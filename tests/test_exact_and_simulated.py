"""Computed and simulated answers check each other on a hundred random studies."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats
from studies import four_scales, inv_chi2, normal, reach

import kjproj as kj
from kjproj.rows import Unknown

PATHS = 20_000


def a_motion(rng: np.random.Generator) -> dict[str, Any]:
    drift: Any = rng.choice([0, 1, 2])
    drift = [0.05, normal(0.04, 0.03), {"kind": "elicited", "low": -0.02, "mode": 0.05, "high": 0.09}][drift]
    volatility = [0.07, inv_chi2(float(rng.integers(2, 9)), 0.06), {"kind": "log_normal", "median": 0.06, "sd_log": 0.5}][rng.integers(3)]
    walk = {"kind": "brownian", "drift": drift, "volatility": volatility}
    shape = rng.integers(4)
    if shape == 0:
        rate = {"kind": "log_normal", "median": 0.3, "sd_log": 0.4} if rng.random() < 0.5 else 0.3
        return {"kind": "reverting", "level": normal(5.0, 0.3), "rate": rate, "volatility": volatility}
    if shape == 1:
        return {"kind": "sum", "parts": [walk, {"kind": "step", "year": 2023, "size": normal(0.05, 0.05)}]}
    return walk


def a_study(seed: int) -> kj.Study:
    """One to three indicators, perhaps with a product, a correlation, a break; one to five figures each."""
    rng = np.random.default_rng(seed)
    names = ["a", "b", "c"][: int(rng.integers(1, 4))]
    study: dict[str, Any] = {
        "as_of": "2022-12-31",
        "indicators": [{"name": n, "unit": "亿元" if n == "a" else "share", "motion": a_motion(rng)} for n in names],
        "evidence": [],
    }
    for name in names:
        level = 120.0 if name == "a" else 1.1
        for year in range(2023 - int(rng.integers(1, 6)), 2023):
            level *= float(np.exp(rng.normal(0.04, 0.06)))
            study["evidence"].append({"kind": "level", "indicator": name, "year": year, "value": f"{level:.{2 if name == 'a' else 3}f}"})
    if len(names) > 1:
        study["indicators"].append({"name": "product", "unit": "亿元"})
        study["identities"] = [{"kind": "product", "result": "product", "factors": ["a", "b"]}]
        study["correlations"] = [{"between": ["a", "b"], "value": float(rng.uniform(-0.8, 0.8)), "reason": "drawn"}]
    if rng.random() < 0.3:
        study["evidence"].append({"kind": "break", "indicator": "a", "year": 2022, "probability": 0.3, "reason": "drawn"})
    return kj.Study.from_dict(study)


def a_question(study: kj.Study, seed: int) -> dict[str, Any]:
    rng = np.random.default_rng([seed, 1])
    projection = kj.project(study, nodes=1024)
    targets = []
    for k in range(int(rng.integers(1, 5))):
        name, year = str(rng.choice([i.name for i in study.indicators])), int(rng.integers(2023, 2027))
        level = kj.attainable(projection, name, year, probability=float(rng.uniform(0.2, 0.8))).value
        targets.append(reach(f"{level:.4f}", year, name, f"t{k}"))
    way = rng.integers(3)
    if way == 0 and len(targets) > 1:
        return {"any_of": targets}
    return {"all_of": targets[1:], "given": targets[0]} if way == 1 and len(targets) > 1 else {"all_of": targets}


def standardised(seed: int) -> tuple[float, float]:
    """The difference of the two answers over its standard error, and the computed answer."""
    study = a_study(seed)
    question = a_question(study, seed)
    projection = kj.project(study, nodes=1024, rng=seed)
    exact = kj.probability(projection, **question)
    simulated = kj.probability(projection, **question, method="simulate", n_paths=PATHS, rng=seed + 1)
    share = kj.probability(projection, question["given"]).value if "given" in question else 1.0
    p = min(max(exact.value, 1 / PATHS), 1 - 1 / PATHS)
    error = np.hypot(exact.stderr, np.sqrt(p * (1 - p) / (PATHS * share)))
    return (simulated.value - exact.value) / error, exact.value


def test_computed_and_simulated_answers_agree_on_a_hundred_random_studies() -> None:
    """Σ z² over a hundred studies is below the 1 − 1e-6 quantile of χ²(100), and so is |Σ z| for its law."""
    z, values = np.array([standardised(seed) for seed in range(100)]).T
    assert (z**2).sum() < stats.chi2.isf(1e-6, len(z)), z
    assert abs(z.sum()) < stats.norm.isf(5e-7) * np.sqrt(len(z)), z
    assert ((values > 0.02) & (values < 0.98)).sum() > 80  # the questions are real ones


@pytest.mark.parametrize("shocks", [kj.shocks.Sobol(3), kj.shocks.Antithetic(kj.shocks.PseudoRandom(3))])
def test_other_shocks_have_the_same_law(shocks: Any) -> None:
    """Sobol points and antithetic pairs give the same chances as the computation."""
    study = a_study(5)
    question = a_question(study, 5)
    projection = kj.project(study, nodes=1024)
    exact = kj.probability(projection, **question)
    found = kj.probability(projection, **question, method="simulate", n_paths=2**16, rng=shocks)
    assert found.value == pytest.approx(exact.value, abs=6 * 0.5 / 2**8)


def test_blocks_are_independent_under_every_kind_of_shocks() -> None:
    """Places of indicators that nothing connects: 65,536 paths correlate by less than 5/√n = .02 (1 in 1.7 million)."""
    projection = kj.project(four_scales())
    for shocks in (kj.shocks.Sobol(0), kj.shocks.PseudoRandom(0), kj.shocks.Antithetic(kj.shocks.Sobol(0))):
        paths = kj.sample(projection, 65_536, rng=shocks, first_year=2025, last_year=2025)
        found = np.corrcoef([np.argsort(np.argsort(x[:, 0])) for x in paths.values.values()])
        assert np.abs(found - np.eye(len(found))).max() < 0.02, shocks


def test_a_draw_that_blocks_share_is_one_under_every_kind_of_shocks() -> None:
    """What the coming years add to all places of a class alike correlates their growth as the computed joint law says."""
    levels = {"a": {2022: "98.06"}, "b": {2022: "50.5"}}
    study = kj.Study.from_levels(levels, unit="亿元", reference_class="rd_spending")
    projection = kj.project(study)
    law = projection.law([((Unknown(name, 2027), 1.0),) for name in levels])
    weights, mean = law.weights, law.mean
    cov = np.einsum("k,kij->ij", weights, law.cov) + np.cov(mean.T, aweights=weights, bias=True)
    wanted = cov[0, 1] / np.sqrt(cov[0, 0] * cov[1, 1])
    assert wanted > 0.05
    for shocks in (kj.shocks.Sobol(0), kj.shocks.PseudoRandom(0)):
        paths = kj.sample(projection, 65_536, rng=shocks, first_year=2027, last_year=2027)
        x = np.log([values[:, 0] for values in paths.values.values()])
        assert np.corrcoef(x)[0, 1] == pytest.approx(wanted, abs=0.02), shocks
