"""A commitment is a coin: with its credibility the paths that meet the interim target, else all of them."""

from __future__ import annotations

import math
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from studies import document, inv_chi2, level, normal, reach, target, walk

import kjproj as kj

VAGUE = walk(normal(0.08, 0.03), inv_chi2(4, 0.1))
PLAIN = walk(normal(0.06, 0.02), 0.07)


def kept(**credible: float) -> list[dict[str, Any]]:
    """Two scenarios: the trend, and one in which targets are kept with their credibility."""
    commitments = [{"target": name, "credibility": c, "reason": "stated"} for name, c in credible.items()]
    return [{"name": "trend", "reason": "as before"}, {"name": "kept", "reason": "stated", "commitments": commitments}]


def a_study(credible: dict[str, float], *, motion: Any = VAGUE, correlation: float | None = None, **more: Any) -> kj.Study:
    """Two amounts, apart unless a correlation connects them, with interim and final targets."""
    amounts = [{"name": name, "unit": "亿元", "measure": "stock", "motion": m} for name, m in (("x", motion), ("y", PLAIN))]
    evidence = [level(name, year, value) for name, year, value in (("x", 2021, "100"), ("x", 2022, "110"), ("y", 2022, "50"))]
    targets = [
        target("past_met", "x", 2022, at_least="105"),
        target("past_missed", "x", 2022, at_least="115"),
        target("x_2023", "x", 2023, at_least="120"),
        target("x_2024", "x", 2024, at_most="150"),
        target("x_2025", "x", 2025, at_least="150"),
        target("y_2023", "y", 2023, at_least="55"),
        target("y_2025", "y", 2025, at_least="62"),
        target("x_by", "x", 2024, at_least="130", when="by"),
        target("x_kept", "x", 2024, at_least="130", when="sustained", until=2025),
        target("x_band", "x", 2023, between=("112", "125")),
        target("growth", "x", 2023, kind="growth", at_least="9"),
        target("ahead", "x", 2023, kind="comparison", than="y", more_than="0"),
    ]
    connected = [] if correlation is None else [{"between": ["x", "y"], "value": correlation, "reason": "assumed"}]
    parts: dict[str, Any] = {"indicators": amounts, "evidence": evidence, "targets": targets, "correlations": connected, **more}
    return kj.Study.from_dict(document(scenarios=kept(**credible), **parts))


def expected(study: kj.Study, credible: dict[str, float], asked: list[str]) -> float:
    """Σ over heads and tails of their chance times P(asked | the targets whose coin shows heads) of the trend."""
    trend, total = kj.project(study, "trend"), 0.0
    for heads in product((False, True), repeat=len(credible)):
        held = [name for name, head in zip(credible, heads, strict=True) if head]
        odds = math.prod(c if head else 1 - c for c, head in zip(credible.values(), heads, strict=True))
        total += odds * kj.probability(trend, all_of=asked, **({"given": held} if held else {})).value
    return total


COINS: list[dict[str, float]] = [
    {"x_2023": 0.6},
    {"x_2024": 0.3},
    {"x_band": 0.5},
    {"growth": 0.7},
    {"x_2023": 0.6, "x_2024": 0.3},
    {"x_2023": 0.6, "y_2023": 0.4},
    {"x_2023": 1.0, "x_2024": 0.5, "y_2023": 0.8},
    {"ahead": 0.5},
]


@pytest.mark.parametrize("correlation", [None, -0.5])
@pytest.mark.parametrize("credible", COINS, ids=" ".join)
def test_a_commitment_is_a_mixture_of_the_trend_given_it_and_the_trend(credible: dict[str, float], correlation: float | None) -> None:
    """P(B) = c·P(B | A) + (1 − c)·P(B), for several coins in one block and in different ones."""
    study = a_study(credible, correlation=correlation)
    projection = kj.project(study, "kept")
    for asked in (["x_2025"], ["y_2025"], ["x_2025", "y_2025"]):
        found = kj.probability(projection, all_of=asked)
        assert found.value == pytest.approx(expected(study, credible, asked), abs=max(5 * found.stderr, 5e-4))


def test_one_coin_in_one_block_is_exact() -> None:
    """One-sided commitment and target are bivariate normals."""
    study = a_study({"x_2023": 0.6})
    found = kj.probability(kj.project(study, "kept"), "x_2025").value
    assert found == pytest.approx(expected(study, {"x_2023": 0.6}, ["x_2025"]), abs=1e-9)


def test_a_commitment_makes_its_own_target_as_likely_as_it_says() -> None:
    """c + (1 − c)·P(A); with credibility 1 it is certain, with 0 nothing changes."""
    for c in (0.0, 0.25, 1.0):
        study = a_study({"x_2023": c})
        p = kj.probability(kj.project(study), "x_2023").value
        assert kj.probability(kj.project(study, "kept"), "x_2023").value == pytest.approx(c + (1 - c) * p, abs=1e-7)
    none = a_study({"x_2023": 0.0})
    found = [kj.probability(kj.project(none, name), "x_2025").value for name in ("trend", "kept")]
    assert found[0] == found[1]


def test_a_commitment_in_one_block_moves_no_other() -> None:
    """Unconnected amounts keep their chances to the bit; connected ones do not."""
    for correlation in (None, 0.6):
        study = a_study({"x_2023": 0.9}, correlation=correlation)
        trend, after = (kj.probability(kj.project(study, name), "y_2025").value for name in ("trend", "kept"))
        assert (trend == after) is (correlation is None)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    drift=st.floats(-0.1, 0.3),
    drift_sd=st.floats(0.001, 0.2),
    volatility=st.floats(0.01, 0.4),
    interim=st.integers(60, 200),
    final=st.integers(60, 300),
    credibility=st.floats(0.0, 1.0),
    start=st.integers(-1, 1),
)
def test_at_least_commitments_never_lower_a_later_at_least_level(
    drift: float, drift_sd: float, volatility: float, interim: int, final: int, credibility: float, start: int
) -> None:
    """Levels of a walk of known volatility, with whatever belief about its drift, are positively dependent."""
    indicator = {"name": "x", "unit": "亿元", "motion": walk(normal(drift, drift_sd), volatility)}
    targets = [target("interim", "x", 2023, at_least=f"{interim}"), target("final", "x", 2025, at_least=f"{final}")]
    evidence = [level("x", 2022, "110"), *([level("x", 2021, f"{105 + 5 * start}")] if start else [])]
    study = kj.Study.from_dict(document(indicators=[indicator], evidence=evidence, targets=targets, scenarios=kept(interim=credibility)))
    trend, kept_ = kj.project(study), kj.project(study, "kept")
    if kj.probability(trend, "interim").value > 1e-9:
        assert kj.probability(kept_, "final").value >= kj.probability(trend, "final").value - 1e-9


@pytest.mark.parametrize("credible", [{"x_2023": 0.6}, {"x_2023": 0.6, "x_2024": 0.3}], ids=" ".join)
def test_every_answer_counts_the_coins(credible: dict[str, float]) -> None:
    """Quantiles, attainable levels, when, and sample paths agree with the chances."""
    projection = kj.project(a_study(credible), "kept")
    for p in (0.2, 0.5, 0.9) if len(credible) == 1 else (0.8,):
        reached = kj.attainable(projection, "x", 2025, probability=p).value
        back = kj.probability(projection, reach(f"{reached:.9f}", 2025))
        assert back.value == pytest.approx(p, abs=5 * back.stderr + 1e-6)
        assert back.stderr < 1e-3
        if len(credible) == 1:
            assert kj.quantiles(projection, "x", q=(1 - p,), first_year=2025).at(2025)[0] == pytest.approx(reached, rel=1e-6)
    n = 60_000
    paths = kj.sample(projection, n, rng=3, last_year=2025)
    x = paths.values["x"]
    for k, year in enumerate((2023, 2024, 2025)):
        for goal in (115, 120, 150):
            exact = kj.probability(projection, reach(str(goal), year)).value
            share = (paths.weights * (x[:, k] >= goal)).sum()
            assert abs(share - exact) < 5 * math.sqrt(exact * (1 - exact) / n) + 1e-9
    found = kj.when(projection, "x_2025", until=2025)
    for k, year in enumerate((2023, 2024, 2025)):
        passed = float((x[:, : k + 1] >= 150).any(axis=1).mean())
        chance = found.by(year)
        assert abs(chance.value - passed) < 5 * math.hypot(chance.stderr, math.sqrt(max(passed * (1 - passed), 1e-5) / n))
    assert kj.probability(projection, "x_2025", method="simulate", n_paths=n).value == pytest.approx(
        kj.probability(projection, "x_2025").value, abs=5 * 0.5 / math.sqrt(n)
    )


def test_paths_jump_at_the_bound_by_the_credibility() -> None:
    """Of the paths a share c has all its mass above the interim level, the rest is the trend."""
    study = a_study({"x_2023": 0.6}, motion=walk(0.08, 0.1))
    n = 60_000
    x = kj.sample(kj.project(study, "kept"), n, rng=5).values["x"][:, 0]
    below = 1 - kj.probability(kj.project(study), "x_2023").value
    assert abs((x < 120).mean() - 0.4 * below) < 5 * math.sqrt(0.4 * below / n)
    assert np.quantile(x, 1e-3) < 95


def test_a_commitment_that_a_published_figure_meets_changes_nothing() -> None:
    """The past is known: kept with whatever credibility, the chances stay."""
    study = a_study({"past_met": 0.7})
    found = [kj.probability(kj.project(study, name), "x_2025").value for name in ("trend", "kept")]
    assert found[1] == pytest.approx(found[0], abs=1e-12)


def test_a_commitment_that_a_published_figure_misses_changes_nothing() -> None:
    """No coin brings a past back that did not happen."""
    study = a_study({"past_missed": 0.7})
    found = [kj.probability(kj.project(study, name), "x_2025").value for name in ("trend", "kept")]
    assert found[1] == pytest.approx(found[0], abs=1e-9)


def test_a_commitment_that_cannot_be_held_is_refused() -> None:
    """A rise of a growing stock since a year to come is not linear: refused or answered, but not left out in silence."""
    rise = target("rise", "x", 2024, kind="added", since=2023, at_least="10")
    more = a_study({}).to_dict()["targets"]
    try:
        study = a_study({"rise": 1.0}, targets=[*more, rise])
    except kj.StudyError:
        return
    found = [kj.probability(kj.project(study, name), "x_2025").value for name in ("trend", "kept")]
    assert found[1] > found[0] + 1e-3


@pytest.mark.parametrize("name", ["x_by", "x_kept"])
def test_targets_over_several_years_are_no_commitments(name: str) -> None:
    """By and sustained are refused, with the place and the advice."""
    with pytest.raises(kj.StudyError, match=r"scenarios\[1\]\.commitments\[0\]\.target: .* commit to a target 'at' one year"):
        a_study({name: 0.5})


def test_milestones_and_events_are_no_commitments() -> None:
    """They are no bound on a level."""
    zone = {"name": "zone", "unit": "个", "measure": "milestone"}
    parks = {"name": "parks", "unit": "个", "measure": "events"}
    targets = [target("zone_2025", "zone", 2025, kind="milestone"), target("parks_2025", "parks", 2025, at_least="3")]
    for name in ("zone_2025", "parks_2025"):
        with pytest.raises(kj.StudyError, match="no single bound on a level"):
            kj.Study.from_dict(document(indicators=[zone, parks], evidence=[], targets=targets, scenarios=kept(**{name: 0.5})))


def test_unknown_targets_and_odd_credibilities_are_refused() -> None:
    """A name that is not there, and a credibility that is no chance."""
    with pytest.raises(kj.StudyError, match="nothing_such"):
        a_study({"nothing_such": 0.5})
    for wrong in (-0.1, 1.1, float("nan")):
        with pytest.raises(kj.StudyError, match="credibility"):
            a_study({"x_2023": wrong})
