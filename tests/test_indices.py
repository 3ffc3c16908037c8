"""Where a variance comes from: closed forms of Gaussian studies, and the same by sampling."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from scipy.linalg import sqrtm
from scipy.special import gamma
from scipy.stats import truncnorm
from studies import document, inv_chi2, level, normal, one_walk, rd_block, reach, target, walk

import kjproj as kj

SIGMA, YEARS = 0.08, 3
ASKED = reach("150", 2025)


def shares(study: kj.Study, asked: Any = ASKED, scenario: str | None = None, **more: Any) -> kj.Indices:
    return kj.indices(kj.project(study, scenario), asked, **more)


def first(found: kj.Indices) -> dict[tuple[str, str], float]:
    return {(i.kind, i.about): i.first.value for i in found.items}


def last(found: kj.Indices) -> dict[tuple[str, str], float]:
    return {(i.kind, i.about): i.total.value for i in found.items}


# one walk of known volatility


@pytest.mark.parametrize(
    ("drift", "levels", "tau2"),
    [
        (normal(0.1, 0.03), {2022: "110"}, 0.03**2),
        (normal(0.1, 0.03), {2020: "91", 2021: "100", 2022: "110"}, 1 / (1 / 0.03**2 + 2 / SIGMA**2)),
        ({"kind": "flat"}, {2019: "80", 2020: "91", 2021: "100", 2022: "110"}, SIGMA**2 / 3),
    ],
    ids=["prior", "posterior", "flat"],
)
def test_drift_and_shocks_share_the_variance_as_the_formula_says(drift: Any, levels: dict[int, str], tau2: float) -> None:
    """h²τ²/(h²τ² + hσ²) is drift's with τ its sd after the figures; each of h years has σ²/(h²τ² + hσ²)."""
    found = shares(one_walk(drift, SIGMA, levels))
    variance = YEARS**2 * tau2 + YEARS * SIGMA**2
    expected = {("drift", "x"): YEARS**2 * tau2 / variance}
    expected |= {("shock", str(year)): SIGMA**2 / variance for year in (2023, 2024, 2025)}
    assert found.variance == pytest.approx(variance, rel=1e-9)
    assert first(found) == pytest.approx(expected, rel=1e-9)
    assert last(found) == pytest.approx(expected, rel=1e-9)


def test_an_uncertain_last_figure_has_its_own_share() -> None:
    """A relative error s of the only level adds s² to the variance, and that share is the level's."""
    study = one_walk(normal(0.1, 0.03), SIGMA, {2022: "110"}).to_dict()
    study["evidence"] = [level("x", 2022, "110", relative_error=0.05)]
    found = shares(kj.Study.from_dict(study))
    variance = 0.05**2 + YEARS**2 * 0.03**2 + YEARS * SIGMA**2
    assert first(found)["level", "x"] == pytest.approx(0.05**2 / variance, rel=1e-9)
    assert sum(first(found).values()) == pytest.approx(1.0, abs=1e-12)


def test_a_level_and_a_drift_that_figures_tie_together_are_replaced_by_the_nearest_uncorrelated_ones() -> None:
    """With their correlations R and loadings b the shares are (R^½·b)² over the variance, which add up to the whole."""
    s, tau = 0.05, 0.06
    study = one_walk(normal(0.1, tau), SIGMA, {2022: "110"}).to_dict()
    study["evidence"] = [level("x", year, value, relative_error=s) for year, value in ((2021, "100"), (2022, "110"))]
    found = shares(kj.Study.from_dict(study))
    # x(2022) is read directly, and from x(2021) by way of the growth μ + shock
    rise = tau**2 + SIGMA**2
    variance_level = 1 / (1 / s**2 + 1 / (s**2 + rise))
    along = -(tau**2) * variance_level / (s**2 + rise)  # cov(x(2022), μ | figures), by conditioning on both
    left = tau**2 - tau**4 / (2 * s**2 + rise)
    covariance = np.array([[variance_level, -along], [-along, left]])
    sd = np.sqrt(np.diag(covariance))
    root = np.real(sqrtm(covariance / np.outer(sd, sd)))
    loading = root @ (sd * np.array([1.0, YEARS]))
    variance = loading @ loading + YEARS * SIGMA**2
    assert found.variance == pytest.approx(variance, rel=1e-9)
    assert first(found)["level", "x"] == pytest.approx(loading[0] ** 2 / variance, rel=1e-9)
    assert first(found)["drift", "x"] == pytest.approx(loading[1] ** 2 / variance, rel=1e-9)


def test_a_bound_leaves_a_truncated_level() -> None:
    """X ~ N(ln 190, .15) known to exceed 200: the level's variance is that of the truncated normal."""
    judged = {"kind": "judgement", "indicator": "x", "year": 2022, "low": "172.2", "high": "209.7", "confidence": 0.5, "reason": "asked"}
    over = {"kind": "bound", "indicator": "x", "year": 2022, "more_than": "200", "relative_error": 0.0}
    study = kj.Study.from_dict(document(indicators=[{"name": "x", "unit": "亿元", "motion": walk(0.1, SIGMA)}], evidence=[judged, over]))
    low, high = math.log(172.2), math.log(209.7)
    mean, sd = 0.5 * (low + high), (high - low) / (2 * 0.6744897501960817)
    cut = truncnorm((math.log(200) - mean) / sd, math.inf, loc=mean, scale=sd).var()
    found = shares(study)
    assert found.variance == pytest.approx(cut + YEARS * SIGMA**2, rel=1e-6)
    assert first(found)["level", "x"] == pytest.approx(cut / (cut + YEARS * SIGMA**2), rel=1e-6)
    assert last(found)["level", "x"] == pytest.approx(first(found)["level", "x"], rel=1e-12)


# unknown volatility and breaks


def test_volatility_acts_together_with_the_shocks() -> None:
    """With moments of σ: a year has (Eσ)²/(hEσ²) alone and 1/h in all, volatility 0 alone and Var σ/Eσ² in all."""
    df, scale = 8.0, 0.1
    found = shares(one_walk(0.05, inv_chi2(df, scale, upper=50), {2022: "110"}))
    square = df * scale**2 / (df - 2)
    mean = scale * math.sqrt(df / 2) * gamma((df - 1) / 2) / gamma(df / 2)
    assert found.variance == pytest.approx(YEARS * square, rel=1e-6)
    for year in ("2023", "2024", "2025"):
        assert first(found)["shock", year] == pytest.approx(mean**2 / square / YEARS, rel=1e-6)
        assert last(found)["shock", year] == pytest.approx(1 / YEARS, rel=1e-9)
    assert first(found)["volatility", "x"] == pytest.approx(0.0, abs=1e-12)
    assert last(found)["volatility", "x"] == pytest.approx(1 - mean**2 / square, rel=1e-6)


def test_what_nodes_do_together_with_normals_is_counted_once_on_either_side() -> None:
    """Total less first of volatilities and readings is the sum of the same of all normals; firsts and that sum are 1."""
    found = shares(rd_block(correlation=-0.4, leap=0.2), "spending")
    extra = {key: last(found)[key] - first(found)[key] for key in first(found)}
    nodes = sum(value for (kind, _), value in extra.items() if kind in ("volatility", "reading"))
    normals = sum(value for (kind, _), value in extra.items() if kind in ("drift", "level", "shock"))
    assert nodes == pytest.approx(normals, abs=1e-12)
    assert sum(first(found).values()) + nodes == pytest.approx(1.0, abs=1e-12)
    assert all(i.total.value >= i.first.value - 1e-12 for i in found.items)
    assert all(a.total.value >= b.first.value for a, b in pairwise(found.items))


def test_the_readings_of_a_break_have_the_variance_of_their_means() -> None:
    """w(1 − w)(m₁ − m₀)² over the variance, from the two conditioned projections."""
    projection = kj.project(rd_block(leap=0.2))
    terms = ((kj.targets.Target(name="y", indicator="rd_intensity", year=2025, at_least="2.6").measured(projection.study)).terms,)
    means = []
    for branch in ("growth:rd_intensity:2021", "one_off:rd_intensity:2021"):
        law = projection.read_as(branch).law(terms)
        means.append(float(law.weights @ law.mean[:, 0]))
    w = projection.block("rd_intensity").branch_weights()["one_off:rd_intensity:2021"]
    found = kj.indices(projection, "intensity")
    expected = w * (1 - w) * (means[1] - means[0]) ** 2 / found.variance
    assert first(found)["reading", "gdp"] == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("name", ["rd_spending_2025", "contract_turnover_2025", "contract_intensity_2025"])
def test_the_variance_is_that_of_the_paths(name: str) -> None:
    """ln of 20,000 sample paths; a break, a bound and two blocks among them."""
    projection = kj.project(kj.datasets.yueyang())
    asked = projection.study.target(name)
    drawn = np.log(kj.sample(projection, 20_000, rng=1).values[asked.indicator][:, -1])
    found = kj.indices(projection, asked)
    assert found.variance == pytest.approx(drawn.var(), rel=0.05)


# several blocks, and sampling


def two(identity: dict[str, Any], **more: Any) -> kj.Study:
    """Two unconnected walks and a result of both."""
    both = (("a", 0.06, 0.03, 0.05), ("b", 0.06, 0.03, more.get("sigma", 0.05)))
    moving = [{"name": n, "unit": "亿元", "motion": walk(normal(m, t), s)} for n, m, t, s in both]
    unit = "%" if identity["kind"] == "ratio" else "亿元"
    return kj.Study.from_dict(
        document(
            indicators=[*moving, {"name": "y", "unit": unit}],
            identities=[{**identity, "result": "y"}],
            evidence=[level("a", 2022, "50", error="0"), level("b", 2022, "50", error="0")],
            targets=[target("t", "y", 2025, at_least="100")],
        )
    )


def test_blocks_add_their_variances() -> None:
    """A ratio of two unconnected walks: h²τ² + hσ² of each over the sum of both."""
    found = shares(two({"kind": "ratio", "numerator": "a", "denominator": "b"}, sigma=0.1), "t")
    variance = 2 * YEARS**2 * 0.03**2 + YEARS * (0.05**2 + 0.1**2)
    drift, shock = YEARS**2 * 0.03**2 / variance, (0.05**2 + 0.1**2) / variance
    expected = {("drift", "a"): drift, ("drift", "b"): drift} | {("shock", str(y)): shock for y in (2023, 2024, 2025)}
    assert first(found) == pytest.approx(expected, rel=1e-9)


def test_what_is_not_linear_is_sampled() -> None:
    """A total of two walks that are alike: near to linear, so drifts share as in the mean of both, each as much."""
    found = shares(two({"kind": "sum", "parts": ["a", "b"]}), "t", n=1024)
    variance = 0.5 * (YEARS**2 * 0.03**2 + YEARS * 0.05**2)
    assert {i.first.method for i in found.items} == {"simulated"}
    assert found.variance == pytest.approx(variance, rel=0.03)
    half = 0.25 * YEARS**2 * 0.03**2 / variance
    for name in ("a", "b"):
        (item,) = [i for i in found.of("drift") if i.about == name]
        assert item.first.value == pytest.approx(half, abs=0.02)
        assert 0 < item.first.stderr < 0.02


KEPT = [{"name": "kept", "reason": "stated", "commitments": [{"target": "interim", "credibility": 0.6, "reason": "stated"}]}]


def committed() -> kj.Study:
    targets = [target("interim", "x", 2023, at_least="125"), target("t", "x", 2025, at_least="150")]
    study = one_walk(normal(0.08, 0.04), inv_chi2(6, 0.1), {2022: "110"}).to_dict()
    return kj.Study.from_dict({**study, "targets": targets, "scenarios": KEPT})


SAMPLED: dict[str, tuple[Any, str | None, str]] = {
    "a break and two volatilities": (lambda: rd_block(correlation=-0.4, leap=0.2), None, "spending"),
    "a commitment": (committed, None, "t"),
    "a bound and another block": (kj.datasets.yueyang, None, "contract_intensity_2025"),
    "a break and a commitment": (kj.datasets.yueyang, "commitment", "rd_intensity_2025"),
}


@pytest.mark.parametrize("case", SAMPLED)
def test_computed_and_sampled_indices_agree(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """scipy's estimators on the same inputs find the same shares, within five of their standard errors."""
    make, scenario, name = SAMPLED[case]
    projection = kj.project(make(), scenario)
    computed = {(i.kind, i.about): i for i in kj.indices(projection, name).items if i.kind != "nuisance"}
    monkeypatch.setattr("kjproj.answers.indices.is_straight", lambda *_: False)  # as if the target were not linear
    drawn = {(i.kind, i.about): i for i in kj.indices(projection, name, n=2048).items}
    assert set(computed) <= set(drawn)
    for key, item in computed.items():
        for exact, found in ((item.first, drawn[key].first), (item.total, drawn[key].total)):
            assert found.value == pytest.approx(exact.value, abs=5 * (found.stderr + exact.stderr) + 2e-3), key


# nuisances


def test_a_nuisance_acts_through_the_level() -> None:
    """ln total = ln part − ln share − bias − wobble: each variance over the whole, no total of its own, and no sum over 1."""
    part: dict[str, Any] = {
        "kind": "partial", "indicator": "x", "year": 2022, "period": "Q1-Q3", "value": "82.5", "error": "0",
        "share": normal(0.75, 0.03), "bias": {"name": "scope", "sd": 0.05, "reason": "firms for industry"},
    }  # fmt: skip
    study = kj.Study.from_dict(document(indicators=[{"name": "x", "unit": "亿元", "motion": walk(0.1, SIGMA)}], evidence=[part]))
    found = shares(study)
    own = {"x: share of Q1-Q3": 0.04**2, "bias: scope": 0.05**2, "x: Q1-Q3 of 2022": 0.01**2}
    variance = sum(own.values()) + YEARS * SIGMA**2
    assert first(found)["level", "x"] == pytest.approx(sum(own.values()) / variance, rel=1e-9)
    for name, value in own.items():
        assert first(found)["nuisance", name] == pytest.approx(value / variance, rel=1e-9)
        assert last(found)["nuisance", name] == 0.0


# words, data, refusals


def test_indices_are_said_in_both_languages_and_are_plain_data() -> None:
    """A line a group; the same in a dictionary."""
    found = shares(rd_block(leap=0.2), "spending")
    assert len(found.to_text("zh").splitlines()) == len(str(found).splitlines()) == len(found.items)
    assert "gdp的年均变动：单独解释" in found.to_text("zh")
    assert "whether the change of rd_intensity in 2021 was growth: alone" in str(found)
    assert [i["first"] for i in found.to_dict()["indices"]] == [i.first.value for i in found.items]


def test_what_has_no_variance_on_a_scale_is_refused() -> None:
    """Events, published targets, another tool's draws, several bounds at once, no shocks; and a wrong n."""
    bundled = kj.datasets.yueyang()
    projection = kj.project(bundled)
    with pytest.raises(kj.NotAnswerableError, match="counts events"):
        kj.indices(projection, "provincial_platforms_2025@2020")
    with pytest.raises(kj.NotAnswerableError, match="published already"):
        kj.indices(projection, kj.Target(name="seen", indicator="rd_spending", year=2021, at_least="90"))
    with pytest.raises(kj.NotAnswerableError, match="several bounds and commitments"):
        kj.indices(kj.project(bundled, "commitment"), "contract_turnover_2025")
    drawn = kj.project(bundled, paths={"gdp": {year: [5000.0, 5500.0] for year in range(2022, 2026)}})
    with pytest.raises(kj.NotAnswerableError, match="handed in"):
        kj.indices(drawn, "rd_spending_2025")
    with pytest.raises(kj.NotAnswerableError, match="does not vary"):
        shares(one_walk(0.1, 0.0, {2022: "110"}))
    with pytest.raises(kj.NoBasisError):
        kj.indices(projection, "innovation_funds_2025")
    for n in (1000, 0, 2.0, True):
        with pytest.raises(kj.KjprojError, match="power of 2"):
            kj.indices(projection, "rd_spending_2025", n=n)
