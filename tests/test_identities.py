"""Derived indicators: exact where they are linear, from paths where not; and what a figure on one says of its members."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import stats
from studies import document, level, normal, reach, walk

import kjproj as kj

LINEAR = {"kind": "linear"}
N = 1_000_000
SURE = 5.0  # standard errors: 6e-7 a comparison


def moving(name: str, unit: str = "亿元", drift: Any = 0.05, volatility: Any = 0.1, **more: Any) -> dict[str, Any]:
    return {"name": name, "unit": unit, "motion": walk(drift, volatility), **more}


def derived(name: str, unit: str = "亿元", **more: Any) -> dict[str, Any]:
    return {"name": name, "unit": unit, **more}


def a_study(identity: dict[str, Any] | list[dict[str, Any]], indicators: list[dict[str, Any]], evidence: list[dict[str, Any]], **more: Any) -> kj.Study:
    identities = identity if isinstance(identity, list) else [identity]
    return kj.Study.from_dict(document(identities=identities, indicators=indicators, evidence=evidence, **more))


def exactly(indicator: str, year: int, value: str) -> dict[str, Any]:
    return level(indicator, year, value, error="0")


def tail(x: float, mean: float, sd: float) -> float:
    return float(stats.norm.sf(x, mean, sd))


def assert_share(found: kj.Estimate, hits: np.ndarray) -> None:
    """An answer from paths agrees with a million paths made by hand."""
    p = float(hits.mean())
    assert found.method == "simulated"
    assert abs(found.value - p) < SURE * math.sqrt(p * (1 - p) * (1 / N + 1 / 65_536))


def kind_of(part: Any) -> str:
    return str(part.get("kind", "")) if isinstance(part, dict) else ""


PRODUCT = {"kind": "product", "result": "r", "factors": ["a", "b"]}
RATIO = {"kind": "ratio", "result": "r", "numerator": "a", "denominator": "b"}
SUM = {"kind": "sum", "result": "r", "parts": ["a", "b"]}
INCREASE = {"kind": "increase", "result": "r", "of": "a"}
SINCE = {"kind": "since", "result": "r", "of": "a", "base_year": 2022}
ROLLING = {"kind": "rolling", "result": "r", "of": "a", "years": 3}


@pytest.mark.parametrize(
    ("identity", "units", "levels", "value"),
    [
        (PRODUCT, ("亿元", "%", "亿元"), ("4000", "2.5"), 100.0),
        (PRODUCT, ("亿元", "%", "万元"), ("4000", "2.5"), 1_000_000.0),
        (RATIO, ("亿元", "亿元", "%"), ("100", "4000"), 2.5),
        (RATIO, ("万元", "亿元", "‰"), ("1000000", "4000"), 25.0),
        (RATIO, ("件", "万人", "件/万人"), ("2500", "500"), 5.0),
        (RATIO, ("亿元", "万人", "元/人"), ("4000", "500"), 80_000.0),
        (RATIO, ("亿元", "人", "万元/人"), ("4000", "5000000"), 8.0),
        (RATIO, ("亿元", "项", "万元/项"), ("200", "1070"), 2_000_000 / 1070),
    ],
)
def test_products_and_ratios_are_exact_in_their_units(identity: Any, units: tuple[str, str, str], levels: tuple[str, str], value: float) -> None:
    """Per head, per 10,000 people, per contract: level, chance in closed form, and the level that is implied both ways."""
    indicators = [moving("a", units[0], 0.08, 0.1), moving("b", units[1], 0.02, 0.05), derived("r", units[2])]
    study = a_study(identity, indicators, [exactly("a", 2022, levels[0]), exactly("b", 2022, levels[1])])
    assert study.implied["r"][2022] == pytest.approx(value, rel=1e-12)
    drift = 0.08 + (0.02 if identity is PRODUCT else -0.02)
    found = kj.probability(kj.project(study), reach(f"{1.2 * value:.9f}", 2024, "r"))
    assert found.value == pytest.approx(tail(math.log(1.2), 2 * drift, math.sqrt(2 * (0.01 + 0.0025))), abs=1e-8)
    assert found.method == "closed form"
    for known, other in (("a", "b"), ("b", "a")):
        back = a_study(identity, indicators, [exactly(known, 2022, levels["ab".index(known)]), level("r", 2022, f"{value:.9f}", error="0")])
        assert back.implied[other][2022] == pytest.approx(float(levels["ab".index(other)]), rel=1e-9)
        assert kj.quantiles(kj.project(back), other, q=(0.5,), first_year=2022).at(2022)[0] == pytest.approx(float(levels["ab".index(other)]), rel=1e-9)


LINES = [
    (SUM, 2025, [("a", 3, 1.0), ("b", 3, 1.0)]),
    (INCREASE, 2025, [("a", 3, 1.0), ("a", 2, -1.0)]),
    (SINCE, 2025, [("a", 3, 1.0), ("a", 0, -1.0)]),
    (ROLLING, 2025, [("a", 3, 1.0), ("a", 2, 1.0), ("a", 1, 1.0)]),
    (ROLLING, 2024, [("a", 2, 1.0), ("a", 1, 1.0), ("a", 0, 1.0)]),
]


@pytest.mark.parametrize(("identity", "year", "parts"), LINES, ids=kind_of)
def test_on_a_linear_scale_what_adds_up_is_exact(identity: Any, year: int, parts: list[tuple[str, int, float]]) -> None:
    """Sums of normals, the drift being one belief for all years."""
    beliefs = {"a": (100.0, 5.0, 2.0, 4.0), "b": (50.0, 3.0, 1.0, 6.0)}
    indicators = [moving(n, "亿元", normal(m, s), v, scale=LINEAR, measure="stock") for n, (_, m, s, v) in beliefs.items()]
    study = a_study(identity, [*indicators, derived("r", scale=LINEAR)], [exactly("a", 2022, "100"), exactly("b", 2022, "50")])
    mean = sum(w * (beliefs[n][0] + k * beliefs[n][1]) for n, k, w in parts)
    variance = sum(v * w * ((beliefs[n][2] ** 2) * j * k + beliefs[n][3] ** 2 * min(j, k)) for n, j, v in parts for m, k, w in parts if n == m)
    projection = kj.project(study)
    for shift in (-1.0, 0.5):
        found = kj.probability(projection, reach(f"{mean + shift * variance**0.5:.9f}", year, "r"))
        assert found.value == pytest.approx(stats.norm.sf(shift), abs=1e-8)
        assert found.method == "closed form"
    assert kj.attainable(projection, "r", year, probability=0.8).value == pytest.approx(mean - stats.norm.ppf(0.8) * variance**0.5, rel=1e-8)


def by_hand(seed: int) -> dict[str, np.ndarray]:
    """A million paths of two amounts on the scale log from 100 and 60 in 2022, with their past years."""
    rng = np.random.default_rng(seed)
    steps = {"a": rng.normal(0.05, 0.1, (N, 3)), "b": rng.normal(0.1, 0.2, (N, 3))}
    past = {"a": (80.0, 90.0, 100.0), "b": (50.0, 55.0, 60.0)}
    return {n: np.hstack([np.tile(past[n], (N, 1)), past[n][-1] * np.exp(np.cumsum(s, axis=1))]) for n, s in steps.items()}


@pytest.mark.parametrize(
    ("identity", "goal", "value"),
    [
        (SUM, "210", lambda x: x["a"][:, 5] + x["b"][:, 5]),
        (INCREASE, "8", lambda x: x["a"][:, 5] - x["a"][:, 4]),
        (SINCE, "20", lambda x: x["a"][:, 5] - x["a"][:, 2]),
        (ROLLING, "340", lambda x: x["a"][:, 3:].sum(axis=1)),
    ],
    ids=kind_of,
)
def test_on_log_what_adds_up_comes_from_paths(identity: Any, goal: str, value: Any) -> None:
    """And says so; chance, attainable level and quantiles agree with a million paths made by hand."""
    scale = {"scale": LINEAR} if identity["kind"] in ("increase", "since") else {}
    levels = [exactly("a", 2020, "80"), exactly("a", 2021, "90"), exactly("a", 2022, "100"), exactly("b", 2022, "60")]
    projection = kj.project(a_study(identity, [moving("a"), moving("b", drift=0.1, volatility=0.2), derived("r", **scale)], levels))
    truth = value(by_hand(1))
    assert_share(kj.probability(projection, reach(goal, 2025, "r")), truth >= float(goal))
    reached = kj.attainable(projection, "r", 2025, probability=0.3)
    assert abs((truth >= reached.value).mean() - 0.3) < SURE * math.sqrt(0.21 * (1 / N + 1 / 65_536))
    assert kj.quantiles(projection, "r", q=(0.7,), first_year=2025, last_year=2025).at(2025)[0] == pytest.approx(reached.value, rel=1e-9)


def test_a_rolling_total_with_published_years_waits_for_the_open_one() -> None:
    """90 + 100 + the first open year is 300 where that one is 110."""
    study = a_study(ROLLING, [moving("a"), derived("r", measure="stock")], [exactly("a", 2021, "90"), exactly("a", 2022, "100")])
    projection = kj.project(study)
    exact = tail(math.log(1.1), 0.05, 0.1)
    found = kj.probability(projection, reach("300", 2023, "r"))
    assert abs(found.value - exact) < SURE * math.sqrt(exact * (1 - exact) / 65_536)
    assert kj.probability(projection, reach("110", 2023, "a")).value == pytest.approx(exact, abs=1e-9)


# what a figure on a derived member says


def test_a_total_and_a_part_give_the_other_part() -> None:
    """300 in all and 100 of one leave 200, with the errors of both."""
    evidence = [level("r", 2022, "300", error="3"), level("a", 2022, "100", error="4")]
    projection = kj.project(a_study(SUM, [moving("a"), moving("b"), derived("r")], evidence))
    low, middle, high = kj.quantiles(projection, "b", q=(0.15865525, 0.5, 0.84134475), first_year=2022).at(2022)
    assert middle == pytest.approx(200, abs=0.05)
    assert (high - low) / 2 == pytest.approx(5 / math.sqrt(3), rel=0.01)


def test_a_total_informs_two_vague_parts_as_importance_sampling_says() -> None:
    """Parts of about 100 and 200, give or take 8 %, in all 330: to .01 in medians' logarithms, spreads and chances."""
    z = stats.norm.ppf(0.9)
    prior = {"a": (math.log(100.0), 0.08), "b": (math.log(200.0), 0.08)}
    judged = [
        {"kind": "judgement", "indicator": n, "year": 2022, "low": f"{math.exp(m - z * s):.9f}", "high": f"{math.exp(m + z * s):.9f}", "confidence": 0.8, "reason": "r"}
        for n, (m, s) in prior.items()
    ]
    projection = kj.project(a_study(SUM, [moving("a"), moving("b"), derived("r")], [*judged, level("r", 2022, "330", error="3")]))
    rng = np.random.default_rng(2)
    x = {n: m + s * rng.standard_normal(N) for n, (m, s) in prior.items()}
    weight = stats.norm.pdf(np.exp(x["a"]) + np.exp(x["b"]), 330, 3 / math.sqrt(3))
    weight /= weight.sum()
    assert 1 / (weight**2).sum() > 20_000
    for name, draws in x.items():
        mean = float(weight @ draws)
        sd = math.sqrt(float(weight @ (draws - mean) ** 2))
        low, middle, high = np.log(kj.quantiles(projection, name, q=(0.15865525, 0.5, 0.84134475), first_year=2022).at(2022))
        assert middle == pytest.approx(mean, abs=0.01)
        assert (high - low) / 2 == pytest.approx(sd, abs=0.01)
        goal = math.exp(mean + 0.05)
        truth = float(weight @ stats.norm.sf((math.log(goal) - draws - 0.05) / 0.1))
        assert kj.probability(projection, reach(f"{goal:.9f}", 2023, name)).value == pytest.approx(truth, abs=0.01)


def test_without_a_figure_on_its_result_a_ratio_leaves_blocks_apart() -> None:
    """The joint law over both blocks is the bivariate normal that it must be."""
    indicators = [moving("a", drift=0.1, volatility=0.1), moving("b", drift=0.04, volatility=0.08), derived("r", "%")]
    study = a_study(RATIO, indicators, [exactly("a", 2022, "100"), exactly("b", 2022, "4000")])
    projection = kj.project(study)
    assert len(projection.blocks) == 2
    assert projection.block("a") is not projection.block("b")
    assert len(projection.blocks_of("r")) == 2
    va, vr, cov = 0.03, 0.03 + 0.0192, 0.03
    gaps = np.array([0.3 - math.log(1.3), 0.18 - math.log(1.15)])
    exact = float(stats.multivariate_normal(cov=[[va, cov], [cov, vr]]).cdf(gaps))
    a, r = reach("130", 2025, "a", "a"), reach(f"{2.5 * 1.15:.9f}", 2025, "r", "r")
    found = kj.probability(projection, all_of=[a, r])
    assert found.value == pytest.approx(exact, abs=max(5 * found.stderr, 1e-5))
    assert found.stderr < 1e-3
    simulated = kj.probability(projection, all_of=[a, r], method="simulate", n_paths=200_000, rng=4)
    assert abs(simulated.value - exact) < SURE * math.sqrt(exact * (1 - exact) / 200_000)
    joined = kj.project(study.with_evidence(level("r", 2021, "2.4")))
    assert len(joined.blocks) == 1


# levels that follow without a model


@pytest.mark.parametrize(
    ("identity", "levels"),
    [
        (SUM, {("a", 2022): 100.0, ("b", 2022): 60.0, ("r", 2022): 160.0}),
        (INCREASE, {("a", 2022): 100.0, ("a", 2021): 90.0, ("r", 2022): 10.0}),
        (SINCE, {("a", 2024): 130.0, ("a", 2022): 100.0, ("r", 2024): 30.0}),
        (ROLLING, {("a", 2022): 100.0, ("a", 2021): 90.0, ("a", 2020): 80.0, ("r", 2022): 270.0}),
    ],
    ids=kind_of,
)
def test_any_one_level_follows_from_the_others(identity: Any, levels: dict[tuple[str, int], float]) -> None:
    """The result from its members, and each member from the rest."""
    scale = {"scale": LINEAR} if identity["kind"] in ("increase", "since") else {}
    for missing, value in levels.items():
        evidence = [level(name, year, f"{v}") for (name, year), v in levels.items() if (name, year) != missing]
        found = a_study(identity, [moving("a"), moving("b"), derived("r", **scale)], evidence, as_of="2024-12-31").implied
        assert found[missing[0]][missing[1]] == pytest.approx(value, rel=1e-12)


def test_units_of_what_adds_up_convert() -> None:
    """Parts in 万元 and 亿元 make a total in 亿元; a share's increase is in points."""
    study = a_study(SUM, [moving("a", "万元"), moving("b"), derived("r")], [level("a", 2022, "1000000"), level("b", 2022, "60")])
    assert study.implied["r"][2022] == pytest.approx(160, rel=1e-12)
    shares = a_study(INCREASE, [moving("a", "%", measure="ratio"), derived("r", "百分点", scale=LINEAR)], [level("a", 2022, "2.5"), level("a", 2021, "2.1")])
    assert shares.implied["r"][2022] == pytest.approx(0.4, rel=1e-9)


# what is refused


def refused(match: str, identity: Any, indicators: list[dict[str, Any]]) -> None:
    with pytest.raises(kj.StudyError, match=match):
        a_study(identity, indicators, [])


def test_units_that_do_not_fit_are_refused() -> None:
    """Money times money, patents per firm, firms plus money."""
    refused("does not give", PRODUCT, [moving("a"), moving("b"), derived("r")])
    refused("does not give", RATIO, [moving("a", "件"), moving("b", "家"), derived("r", "件/万人")])
    refused("does not give", RATIO, [moving("a"), moving("b"), derived("r", "元/人")])
    refused("measures", SUM, [moving("a"), moving("b", "家"), derived("r")])


def test_scales_that_do_not_fit_are_refused() -> None:
    """Products and ratios lie on log; differences may fall below 0."""
    for identity, units in ((PRODUCT, ("亿元", "%", "亿元")), (RATIO, ("亿元", "亿元", "%"))):
        refused("scale log", identity, [moving("a", units[0], scale=LINEAR), moving("b", units[1]), derived("r", units[2])])
        refused("scale log", identity, [moving("a", units[0]), moving("b", units[1]), derived("r", units[2], scale=LINEAR)])
    for identity in (INCREASE, SINCE):
        refused("scale linear", identity, [moving("a"), derived("r")])


def test_a_derived_member_has_no_motion_and_is_not_derived_from_itself() -> None:
    """A motion or a class of its own, a cycle, two identities for one result."""
    refused("moves with its members", SUM, [moving("a"), moving("b"), moving("r")])
    refused("moves with its members", SUM, [moving("a"), moving("b"), derived("r", reference_class="gdp")])
    back = {"kind": "sum", "result": "a", "parts": ["r", "b"]}
    refused("derived from itself", [SUM, back], [derived("a"), moving("b"), derived("r")])
    refused(r"identities", [SUM, {**SUM, "kind": "sum"}], [moving("a"), moving("b"), derived("r")])


@pytest.mark.parametrize("measure", ["events", "milestone"])
def test_events_are_no_members(measure: str) -> None:
    """They have no level to add up."""
    refused("counts events", SUM, [derived("a", "个", measure=measure), moving("b", "个"), derived("r", "个")])
    refused("counts events", INCREASE, [derived("a", "个", measure=measure), derived("r", "个", scale=LINEAR)])


@pytest.mark.parametrize("scale", ["linear", "log"])
def test_a_gap_to_a_known_peer_is_a_level(scale: str) -> None:
    """30 fewer than a peer's 150 are 120."""
    drift, volatility = (5.0, 1.0) if scale == "linear" else (0.05, 0.02)
    indicators = [moving(name, "亿元", drift, volatility, scale={"kind": scale}) for name in ("x", "peer")]
    gap = {"kind": "gap", "indicator": "x", "year": 2022, "than": "peer", "value": "-30"}
    study = kj.Study.from_dict(document(indicators=indicators, evidence=[level("peer", 2022, "150"), gap]))
    assert kj.quantiles(kj.project(study), "x", q=(0.5,), first_year=2022).at(2022)[0] == pytest.approx(120, abs=0.1)
