"""What every kind of target means: closed forms, hand-made laws, and agreement with simulation."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import stats
from scipy.special import betaln
from studies import document, inv_chi2, level, normal, one_walk, walk

import kjproj as kj

LINEAR = {"kind": "linear"}
PER_CENT = {"kind": "logit", "low": 0, "high": 100}
LEVEL, GOAL, DRIFT, SD, AHEAD = 110.0, 150.0, 0.10, 0.08, 3
SURE = 5.0  # standard errors: 6e-7 a comparison


def the_walk() -> kj.Projection:
    """L = 110 at the end of 2021, μ = .10, σ = .08."""
    return kj.project(one_walk(DRIFT, SD, {2021: "110"}))


def a_study(indicators: list[dict[str, Any]], evidence: list[dict[str, Any]], **more: Any) -> kj.Study:
    return kj.Study.from_dict(document(indicators=indicators, evidence=evidence, **more))


def moving(name: str, unit: str, drift: Any, volatility: Any, **more: Any) -> dict[str, Any]:
    return {"name": name, "unit": unit, "motion": walk(drift, volatility), **more}


def exactly(indicator: str, year: int, value: str) -> dict[str, Any]:
    return level(indicator, year, value, error="0")


def of(kind: str, indicator: str, year: int, **more: Any) -> Any:
    """A target of any kind, without a name of its own."""
    cls = {"level": "Target", "growth": "Growth", "added": "Added", "comparison": "Comparison", "milestone": "Milestone"}[kind]
    return getattr(kj.targets, cls)(name=more.pop("name", "t"), indicator=indicator, year=year, **more)


def chance(projection: kj.Projection, target: Any) -> float:
    return kj.probability(projection, target).value


def tail(x: float, mean: float, sd: float) -> float:
    return float(stats.norm.sf(x, mean, sd))


def assert_near(found: kj.Estimate, truth: float, n: int, size: int = 65_536) -> None:
    """Two shares of paths, `n` of them our own and `size` of the library, agree within five standard errors."""
    p = min(max(truth, 1e-4), 1 - 1e-4)
    assert abs(found.value - truth) < SURE * math.sqrt(p * (1 - p) * (1 / n + 1 / size)), (found, truth)


# by and sustained


def yearly_orthant(level_: float, *, above: bool, years: tuple[int, ...] = (1, 2, 3), drift_sd: float = 0.0) -> float:
    """P(all yearly values above, or all below, a level), by scipy's multivariate normal."""
    t = np.array(years, float)
    cov = SD**2 * np.minimum.outer(t, t) + drift_sd**2 * np.outer(t, t)
    gap = math.log(level_ / LEVEL) - DRIFT * t
    return float(stats.multivariate_normal(cov=cov, abseps=1e-7, maxpts=2_000_000).cdf(-gap if above else gap))


def test_by_is_first_passage_at_year_ends() -> None:
    """At the third year end .4707889, at any of three .4773844."""
    projection = the_walk()
    at = kj.probability(projection, of("level", "x", 2024, at_least="150"))
    by = kj.probability(projection, of("level", "x", 2024, at_least="150", when="by"))
    assert at.value == pytest.approx(0.4707889, abs=1e-7)
    assert by.value == pytest.approx(0.4773844, abs=max(5 * by.stderr, 1e-6))
    assert by.stderr < 1e-4
    assert kj.when(projection, of("level", "x", 2024, at_least="150")).by(2024).value == pytest.approx(by.value, abs=1e-4)


def test_by_downwards_mirrors_by_upwards() -> None:
    """On a logarithmic scale falling to L²/B is rising to B with the drift turned round."""
    falling = kj.project(one_walk(-DRIFT, SD, {2021: "110"}))
    by = kj.probability(falling, of("level", "x", 2024, at_most=f"{LEVEL**2 / GOAL:.12f}", when="by"))
    assert by.value == pytest.approx(0.4773844, abs=max(5 * by.stderr, 1e-6))


@pytest.mark.parametrize("drift_sd", [0.0, 0.05])
@pytest.mark.parametrize("goal", [115.0, 130.0, 150.0])
def test_by_and_sustained_are_orthants(drift_sd: float, goal: float) -> None:
    """By: one less "below in all years"; sustained: above in all of them; the drift is one number for all years."""
    drift: Any = DRIFT if drift_sd == 0 else normal(DRIFT, drift_sd)
    projection = kj.project(one_walk(drift, SD, {2021: "110"}))
    by = kj.probability(projection, of("level", "x", 2024, at_least=f"{goal}", when="by"))
    kept = kj.probability(projection, of("level", "x", 2022, at_least=f"{goal}", when="sustained", until=2024))
    assert by.value == pytest.approx(1 - yearly_orthant(goal, above=False, drift_sd=drift_sd), abs=1e-4)
    assert kept.value == pytest.approx(yearly_orthant(goal, above=True, drift_sd=drift_sd), abs=1e-4)
    later = kj.probability(projection, of("level", "x", 2023, at_least=f"{goal}", when="sustained", until=2024))
    assert later.value == pytest.approx(yearly_orthant(goal, above=True, years=(2, 3), drift_sd=drift_sd), abs=1e-6)


def test_a_band_is_sustained_year_by_year() -> None:
    """Between two bounds in each of three years, against a million paths made by hand."""
    n = 1_000_000
    rng = np.random.default_rng(1)
    x = LEVEL * np.exp(np.cumsum(rng.normal(DRIFT, SD, (n, 3)), axis=1))
    truth = float(((x >= 110) & (x <= 150)).all(axis=1).mean())
    found = kj.probability(the_walk(), of("level", "x", 2022, between=("110", "150"), when="sustained", until=2024))
    assert found.value == pytest.approx(truth, abs=SURE * math.sqrt(truth * (1 - truth) / n) + 1e-4)


def test_one_year_is_the_same_in_all_three_words() -> None:
    """At, by and sustained until the first open year are one question."""
    projection = the_walk()
    words: list[dict[str, Any]] = [{}, {"when": "by"}, {"when": "sustained", "until": 2022}]
    found = [chance(projection, of("level", "x", 2022, at_least="120", **more)) for more in words]
    assert found == pytest.approx([tail(math.log(120 / 110), 0.1, 0.08)] * 3, abs=1e-12)


def test_by_looks_at_open_years_alone() -> None:
    """A past year that is published does not count: by begins in the first year after as_of."""
    projection = kj.project(one_walk(0.0, SD, {2020: "200", 2021: "110"}))
    by = kj.probability(projection, of("level", "x", 2022, at_least="150", when="by"))
    assert by.value == pytest.approx(tail(math.log(150 / 110), 0, SD), abs=1e-12)


# bounds, digits and whole counts

EDGES = [
    ({"at_least": "2.6"}, {}, (2.6, math.inf)),
    ({"at_least": "2.6"}, {"published_digits": 2}, (2.595, math.inf)),
    ({"at_least": "2.6"}, {"published_digits": 1}, (2.55, math.inf)),
    ({"at_least": "2.6"}, {"published_digits": 0}, (2.5, math.inf)),
    ({"more_than": "2.6"}, {"published_digits": 2}, (2.605, math.inf)),
    ({"more_than": "2.6"}, {"published_digits": 0}, (2.5, math.inf)),
    ({"at_most": "2.6"}, {"published_digits": 2}, (-math.inf, 2.605)),
    ({"less_than": "2.6"}, {"published_digits": 2}, (-math.inf, 2.595)),
    ({"between": ("2.5", "2.6")}, {"published_digits": 2}, (2.495, 2.605)),
    ({"between": ("2.5", "2.6")}, {}, (2.5, 2.6)),
]


@pytest.mark.parametrize(("bound", "digits", "edges"), EDGES)
def test_published_digits_move_the_edge_half_a_unit(bound: Any, digits: Any, edges: tuple[float, float]) -> None:
    """Published with two digits, 2.6 is met from 2.595, missed by "more than" up to 2.605, and so downwards."""
    projection = kj.project(one_walk(0.03, 0.06, {2021: "2.5"}, unit="%"))
    low, high = (math.log(e / 2.5) if 0 < e < math.inf else math.copysign(math.inf, e) for e in edges)
    exact = stats.norm.cdf(high, 0.03, 0.06) - stats.norm.cdf(low, 0.03, 0.06)
    assert chance(projection, of("level", "x", 2022, **bound, **digits)) == pytest.approx(exact, abs=1e-10)


@pytest.mark.parametrize(
    ("printed", "bound", "digits", "met"),
    [
        ("2.595", {"at_least": "2.6"}, 2, True),
        ("2.594", {"at_least": "2.6"}, 2, False),
        ("2.605", {"more_than": "2.6"}, 2, True),
        ("2.60", {"more_than": "2.6"}, 2, False),
        ("2.605", {"at_most": "2.6"}, 2, True),
        ("2.606", {"at_most": "2.6"}, 2, False),
        ("2.595", {"less_than": "2.6"}, 2, True),
        ("2.60", {"less_than": "2.6"}, 2, False),
        ("2.59", {"at_least": "2.6"}, 1, True),
        ("2.60", {"at_least": "2.6"}, None, True),
        ("2.60", {"more_than": "2.6"}, None, False),
        ("2.60", {"at_most": "2.6"}, None, True),
        ("2.60", {"less_than": "2.6"}, None, False),
        ("2.60", {"between": ("2.6", "2.7")}, None, True),
        ("2.70", {"between": ("2.6", "2.7")}, None, True),
        ("2.71", {"between": ("2.6", "2.7")}, None, False),
    ],
)
def test_a_published_figure_on_the_edge_decides(printed: str, bound: Any, digits: int | None, met: bool) -> None:
    """What is published answers by "observed", 1 or 0, and strictness decides on the edge itself."""
    projection = kj.project(one_walk(0.03, 0.06, {2021: printed}, error=None, unit="%"))
    target = of("level", "x", 2021, **bound, published_digits=digits)
    found = kj.probability(projection, target)
    assert (found.value, found.stderr, found.method) == (float(met), 0.0, "observed")
    assert target.met_by(float(printed), projection.study) is met


COUNTS = [
    ({"at_least": "1100"}, (1099.5, math.inf)),
    ({"more_than": "1100"}, (1100.5, math.inf)),
    ({"at_most": "1100"}, (0, 1100.5)),
    ({"less_than": "1100"}, (0, 1099.5)),
    ({"between": ("1000", "1100")}, (999.5, 1100.5)),
    ({"at_least": "1099.2"}, (1099.5, math.inf)),
    ({"more_than": "1099.2"}, (1099.5, math.inf)),
    ({"at_most": "1100.8"}, (0, 1100.5)),
]


@pytest.mark.parametrize(("bound", "edges"), COUNTS)
def test_whole_counts_are_met_half_way_to_the_next(bound: Any, edges: tuple[float, float]) -> None:
    """At least 1100 firms from 1099.5 on, more than 1100 from 1100.5 on; a figure between counts is the next count."""
    projection = kj.project(one_walk(0.1, 0.1, {2021: "1000"}, error=None, unit="家"))
    low, high = (math.log(e / 1000) if 0 < e < math.inf else (-math.inf if e <= 0 else math.inf) for e in edges)
    exact = stats.norm.cdf(high, 0.1, 0.1) - stats.norm.cdf(low, 0.1, 0.1)
    assert chance(projection, of("level", "x", 2022, **bound)) == pytest.approx(exact, abs=1e-10)


@pytest.mark.parametrize(("printed", "bound", "met"), [("1100", {"at_least": "1100"}, 1), ("1100", {"more_than": "1100"}, 0), ("1101", {"more_than": "1100"}, 1), ("1100", {"less_than": "1100"}, 0), ("1100", {"at_most": "1100"}, 1)])
def test_published_counts_are_strict_where_the_bound_is(printed: str, bound: Any, met: int) -> None:
    """More than 1100 is missed by 1100."""
    projection = kj.project(one_walk(0.1, 0.1, {2021: printed}, error=None, unit="家"))
    assert kj.probability(projection, of("level", "x", 2021, **bound)) == kj.Estimate(float(met), 0.0, "observed")


@pytest.mark.parametrize(
    ("own", "level_", "given", "figure", "edge"),
    [
        ("亿元", "110", "万元", "1,500,000", 150.0),
        ("万元", "1100000", "亿元", "150", 1_500_000.0),
        ("%", "2.5", "‰", "26", 2.6),
        ("人", "14000", "万人", "1.5", 14_999.5),
        ("万人", "1.4", "人", "15000", 1.49995),
    ],
)
def test_a_figure_in_another_unit_is_the_same_target(own: str, level_: str, given: str, figure: str, edge: float) -> None:
    """1,500,000 万元 are 150 亿元; a whole count in either unit makes steps of one person."""
    projection = kj.project(one_walk(0.1, 0.1, {2021: level_}, unit=own))
    found = chance(projection, of("level", "x", 2022, at_least=figure, unit=given))
    assert found == pytest.approx(tail(math.log(edge / float(level_)), 0.1, 0.1), abs=1e-9)


def test_units_of_other_quantities_are_refused() -> None:
    """Firms are not money, and a rise of a share is in points and not in per cent."""
    projection = the_walk()
    for kind, more in (("level", {}), ("added", {"since": 2021}), ("growth", {})):
        with pytest.raises(kj.KjprojError):
            kj.probability(projection, of(kind, "x", 2022, at_least="1", unit="家", **more))
    share = kj.project(one_walk(0.03, 0.06, {2021: "2.5"}, unit="%"))
    with pytest.raises(kj.KjprojError, match="百分点"):
        kj.probability(share, of("added", "x", 2022, since=2021, at_least="0.2", unit="%"))


def test_an_expected_figure_decides_no_kind_of_target() -> None:
    """Level, growth and rise that an expected figure would meet stay open; reported, they are met."""
    base = exactly("x", 2021, "100")
    targets = [of("level", "x", 2022, at_least="120"), of("growth", "x", 2022, at_least="15"), of("added", "x", 2022, since=2021, at_least="15")]
    for expected in (True, False):
        figure = level("x", 2022, "121", expected=expected)
        study = a_study([moving("x", "亿元", 0.1, 0.1, measure="stock")], [base, figure])
        found = [kj.probability(kj.project(study), t) for t in targets]
        assert all((f.method == "observed" and f.value == 1.0) is not expected for f in found)
        assert all(0.5 < f.value < 1 for f in found) or not expected


def test_nature_role_and_statistic_pass_through_and_change_no_number() -> None:
    """A binding floor is kept with its words in the document, and its chance is that of the bare target."""
    study = one_walk(DRIFT, SD, {2021: "110"})
    words: dict[str, Any] = {"nature": "binding", "role": "floor", "taken_as": {"zh": "登记额", "en": "registered"}, "section": "4"}
    marked = study.with_target({"name": "t", "indicator": "x", "year": 2024, "at_least": "150", **words})
    (kept,) = marked.to_dict()["targets"]
    assert {key: kept[key] for key in words} == words
    assert chance(kj.project(marked), "t") == pytest.approx(0.4707889, abs=1e-7)
    again = kj.Study.from_dict(marked.to_dict()).target("t")
    assert (again.nature, again.role, again.section) == ("binding", "floor", "4")


# growth


@pytest.mark.parametrize(
    ("year", "since", "bound", "exact"),
    [
        (2022, None, {"at_least": "12"}, tail(math.log(1.12), 0.1, 0.08)),
        (2024, None, {"at_least": "12"}, tail(math.log(1.12), 0.1, 0.08)),
        (2024, 2021, {"at_least": "12"}, tail(3 * math.log(1.12), 0.3, 0.08 * 3**0.5)),
        (2024, 2022, {"at_most": "8"}, 1 - tail(2 * math.log(1.08), 0.2, 0.08 * 2**0.5)),
        (2024, 2021, {"between": ("5", "12")}, tail(3 * math.log(1.05), 0.3, 0.08 * 3**0.5) - tail(3 * math.log(1.12), 0.3, 0.08 * 3**0.5)),
        (2022, None, {"at_least": "120", "unit": "‰"}, tail(math.log(1.12), 0.1, 0.08)),
        (2022, None, {"at_least": "12", "published_digits": 1}, tail(math.log(1.1195), 0.1, 0.08)),
        (2022, None, {"more_than": "-3"}, tail(math.log(0.97), 0.1, 0.08)),
    ],
)
def test_growth_on_log_in_closed_form(year: int, since: int | None, bound: Any, exact: float) -> None:
    """Of one year and on average over several, since a published year and since one to come."""
    found = kj.probability(the_walk(), of("growth", "x", year, since=since, **bound))
    assert found.value == pytest.approx(exact, abs=1e-9)
    assert found.method == "closed form"


def test_growth_since_a_published_year_is_a_level() -> None:
    """12 % a year for three years from 110 is 154.54208."""
    projection = kj.project(one_walk(normal(0.1, 0.03), inv_chi2(4, 0.08), {2021: "110"}))
    growth = chance(projection, of("growth", "x", 2024, since=2021, at_least="12"))
    assert growth == pytest.approx(chance(projection, of("level", "x", 2024, at_least="154.54208")), abs=1e-9)


@pytest.mark.parametrize(("bound", "met"), [({"at_least": "5"}, 1), ({"more_than": "5"}, 0), ({"at_most": "5"}, 1), ({"less_than": "5"}, 0), ({"more_than": "4.9"}, 1)])
def test_growth_between_published_levels_is_observed(bound: Any, met: int) -> None:
    """From 100 to 105 is 5 %, which is at least 5 and not more than 5."""
    projection = kj.project(one_walk(0.1, 0.1, {2020: "100", 2021: "105"}))
    assert kj.probability(projection, of("growth", "x", 2021, **bound)) == kj.Estimate(float(met), 0.0, "observed")


def test_growth_on_a_linear_scale_is_exact() -> None:
    """Level − 1.06·level before is normal where the level is."""
    study = a_study([moving("x", "index", 5.0, 4.0, scale=LINEAR)], [exactly("x", 2022, "100")])
    found = kj.probability(kj.project(study), of("growth", "x", 2024, at_least="6"))
    assert found.value == pytest.approx(tail(0, 5 - 0.06 * 105, math.hypot(4, 0.24)), abs=1e-9)
    assert found.method == "closed form"


@pytest.mark.parametrize("bound", [{"at_least": "4"}, {"between": ("1", "4")}, {"less_than": "2"}])
def test_growth_on_logit_comes_from_paths(bound: Any) -> None:
    """Against a million paths made by hand."""
    n = 1_000_000
    study = a_study([moving("x", "%", 0.1, 0.15, scale=PER_CENT)], [exactly("x", 2022, "60")])
    z = np.random.default_rng(2).standard_normal((n, 2))
    x = math.log(60 / 40) + np.cumsum(0.1 + 0.15 * z, axis=1)
    growth = 100 * ((1 + np.exp(-x[:, 0])) / (1 + np.exp(-x[:, 1])) - 1)
    low, high = {"at_least": (4, np.inf), "between": (1, 4), "less_than": (-np.inf, 2)}[next(iter(bound))]
    found = kj.probability(kj.project(study), of("growth", "x", 2024, **bound))
    assert found.method == "simulated"
    assert_near(found, float(((growth >= low) & (growth <= high)).mean()), n)


# what is added


def test_what_a_linear_stock_adds_is_exact() -> None:
    """A normal difference, since a published year and since one to come, with a belief about the drift."""
    stock = moving("x", "亿元", normal(5.0, 2.0), 4.0, scale=LINEAR, measure="stock")
    projection = kj.project(a_study([stock], [level("x", 2022, "100", error="3")]))
    for since in (2022, 2023):
        years = 2025 - since
        found = kj.probability(projection, of("added", "x", 2025, since=since, at_least="18"))
        assert found.value == pytest.approx(tail(18, 5 * years, math.hypot(4 * years**0.5, 2 * years)), abs=1e-9)
        assert found.method == "closed form"


@pytest.mark.parametrize("since", [2022, 2023])
def test_what_a_growing_stock_adds_comes_from_paths(since: int) -> None:
    """Against a million paths made by hand; from an exact base it is also a level."""
    n = 1_000_000
    projection = kj.project(a_study([moving("x", "亿元", 0.1, 0.1, measure="stock")], [exactly("x", 2022, "100")]))
    z = np.random.default_rng(3).standard_normal((n, 3))
    x = 100 * np.exp(np.cumsum(0.1 + 0.1 * z, axis=1))
    base = 100 if since == 2022 else x[:, 0]
    found = kj.probability(projection, of("added", "x", 2025, since=since, at_least="300000", unit="万元"))
    assert found.method == "simulated"
    assert_near(found, float((x[:, 2] - base >= 30).mean()), n)
    if since == 2022:
        level_ = chance(projection, of("level", "x", 2025, at_least="130"))
        assert abs(found.value - level_) < SURE * math.sqrt(level_ * (1 - level_) / 65_536)


def test_what_a_flow_adds_is_its_total() -> None:
    """The years after the base year, published ones among them, against a million paths made by hand."""
    n = 1_000_000
    projection = kj.project(a_study([moving("x", "亿元", 0.1, 0.2)], [exactly("x", 2021, "90"), exactly("x", 2022, "100")]))
    x = 100 * np.exp(np.cumsum(np.random.default_rng(4).normal(0.1, 0.2, (n, 3)), axis=1))
    for since, known in ((2022, 0.0), (2021, 100.0), (2020, 190.0)):
        found = kj.probability(projection, of("added", "x", 2025, since=since, at_least=f"{known + 360:.0f}"))
        assert_near(found, float((x.sum(axis=1) >= 360).mean()), n)
    assert kj.probability(projection, of("added", "x", 2022, since=2020, at_least="190")).method == "observed"


def test_the_total_of_a_linear_flow_is_exact() -> None:
    """A weighted sum of steps: three of the first, two of the second, one of the third."""
    projection = kj.project(a_study([moving("x", "亿元", 5.0, 4.0, scale=LINEAR)], [exactly("x", 2022, "100")]))
    found = kj.probability(projection, of("added", "x", 2025, since=2022, at_least="345"))
    assert found.value == pytest.approx(tail(345, 330, 4 * 14**0.5), abs=1e-9)
    assert found.method == "closed form"


def test_a_ratio_adds_percentage_points() -> None:
    """0.3 points on 2.5 % is 2.8 %; without a unit a share's rise is read in points; ‰ convert."""
    for own, base, edge in (("%", "2.5", 2.8), ("‰", "25", 28.0)):
        study = a_study([moving("x", own, 0.03, 0.06, measure="ratio")], [exactly("x", 2022, base)])
        projection, exact = kj.project(study), tail(math.log(edge / float(base)), 0.06, 0.06 * 2**0.5)
        for stated in ({"unit": "百分点"}, {"unit": "pp"}, {}):
            found = chance(projection, of("added", "x", 2024, since=2022, at_least="0.3", **stated))
            assert found == pytest.approx(exact, abs=SURE * math.sqrt(exact * (1 - exact) / 65_536))


def test_without_a_base_year_each_candidate_is_answered() -> None:
    """ "New" without a year is refused with the candidates' names, and answered for each of them."""
    stock = moving("x", "亿元", 5.0, 4.0, scale=LINEAR, measure="stock")
    study = a_study([stock], [exactly("x", 2021, "93"), exactly("x", 2022, "100")])
    study = study.with_target({"name": "new", "kind": "added", "indicator": "x", "year": 2025, "candidates": [2021, 2022], "at_least": "20"})
    projection = kj.project(study)
    with pytest.raises(kj.KjprojError, match=r"new@2021, new@2022"):
        kj.probability(projection, "new")
    assert chance(projection, "new@2022") == pytest.approx(tail(20, 15, 4 * 3**0.5), abs=1e-9)
    assert chance(projection, "new@2021") == pytest.approx(tail(13, 15, 4 * 3**0.5), abs=1e-9)
    assert [row.target.name for row in kj.summary(projection).overview.rows] == ["new@2021", "new@2022"]
    for wrong in ({}, {"since": 2021, "candidates": (2021,)}, {"since": 2025}, {"candidates": (2021, 2021)}):
        with pytest.raises(ValueError, match=r"since|candidates"):
            of("added", "x", 2025, at_least="20", **wrong)


# comparisons


def two(a: dict[str, Any], b: dict[str, Any], levels: tuple[str, str], correlation: float | None = None) -> kj.Study:
    more = {} if correlation is None else {"correlations": [{"between": ["a", "b"], "value": correlation, "reason": "r"}]}
    return a_study([{"name": "a", **a}, {"name": "b", **b}], [exactly("a", 2022, levels[0]), exactly("b", 2022, levels[1])], **more)


@pytest.mark.parametrize("correlation", [None, 0.6])
def test_overtaking_on_log_is_exact(correlation: float | None) -> None:
    """A difference of logarithms, in one block or across two, whatever the units; with the factor between them."""
    study = two({"unit": "亿元", "motion": walk(0.10, 0.08)}, {"unit": "万元", "motion": walk(0.05, 0.06)}, ("90", "1000000"), correlation)
    sd = math.sqrt(2 * (0.08**2 + 0.06**2 - 2 * (correlation or 0) * 0.08 * 0.06))
    for bound, up in (({"more_than": "0"}, True), ({"at_least": "0"}, True), ({"less_than": "0"}, False)):
        found = kj.probability(kj.project(study), of("comparison", "a", 2024, than="b", **bound))
        exact = tail(math.log(100 / 90), 0.1, sd)
        assert found.value == pytest.approx(exact if up else 1 - exact, abs=1e-9)
        assert found.method == "closed form"


def test_overtaking_across_blocks_with_unknown_volatilities() -> None:
    """Against four million pairs of volatilities drawn from their beliefs."""
    study = two({"unit": "亿元", "motion": walk(0.10, inv_chi2(4, 0.1))}, {"unit": "亿元", "motion": walk(0.02, inv_chi2(3, 0.15))}, ("90", "100"))
    rng = np.random.default_rng(5)
    s = [df * scale**2 / rng.chisquare(df, 4_000_000) for df, scale in ((4, 0.1), (3, 0.15))]
    kept = (s[0] < 1) & (s[1] < 1)  # volatilities are cut at 1 a year
    parts = stats.norm.sf(math.log(100 / 90) - 0.16, 0, np.sqrt(2 * (s[0] + s[1])[kept]))
    found = kj.probability(kj.project(study), of("comparison", "a", 2024, than="b", more_than="0"))
    assert found.value == pytest.approx(parts.mean(), abs=SURE * (found.stderr + parts.std() / 2000))
    assert found.stderr < 2e-3


def test_a_margin_on_log_comes_from_paths_and_on_linear_it_is_exact() -> None:
    """20 亿元 more, against a million paths made by hand; and a difference of normals."""
    n = 1_000_000
    study = two({"unit": "亿元", "motion": walk(0.1, 0.1)}, {"unit": "万元", "motion": walk(0.05, 0.1)}, ("100", "950000"))
    z = np.random.default_rng(6).standard_normal((2, n))
    margin = 100 * np.exp(0.2 + 0.1 * 2**0.5 * z[0]) - 95 * np.exp(0.1 + 0.1 * 2**0.5 * z[1])
    found = kj.probability(kj.project(study), of("comparison", "a", 2024, than="b", at_least="200,000", unit="万元"))
    assert found.method == "simulated"
    assert_near(found, float((margin >= 20).mean()), n)
    line = two({"unit": "亿元", "motion": walk(5, 4), "scale": LINEAR}, {"unit": "万元", "motion": walk(30000, 20000), "scale": LINEAR}, ("100", "950000"))
    found = kj.probability(kj.project(line), of("comparison", "a", 2024, than="b", at_least="10"))
    assert found.value == pytest.approx(tail(10, 100 + 10 - 95 - 6, math.sqrt(2 * (16 + 4))), abs=1e-9)
    assert found.method == "closed form"


def test_a_comparison_of_counts_is_met_half_way() -> None:
    """At least 10 firms more from 9.5 on; and published counts are observed."""
    line = {"unit": "家", "scale": LINEAR, "motion": walk(5, 4)}
    projection = kj.project(two(line, line, ("100", "95")))
    found = chance(projection, of("comparison", "a", 2023, than="b", at_least="10"))
    assert found == pytest.approx(tail(9.5, 5, 4 * 2**0.5), abs=1e-9)
    for bound, met in (({"at_least": "5"}, 1.0), ({"more_than": "5"}, 0.0)):
        assert kj.probability(projection, of("comparison", "a", 2022, than="b", **bound)) == kj.Estimate(met, 0.0, "observed")


# events


def test_events_are_negative_binomial() -> None:
    """Gamma(2, .5) after 5 and 3 events: level, growing number since a year, and both sides."""
    events = {"kind": "counts", "rate": {"kind": "gamma", "shape": 2, "rate": 0.5}}
    indicator = {"name": "x", "unit": "个", "measure": "events", "events": events}
    projection = kj.project(a_study([indicator], [level("x", 2021, "5"), level("x", 2022, "3")]))
    one, three = stats.nbinom(10, 2.5 / 3.5), stats.nbinom(10, 2.5 / 5.5)
    for k in (1, 4, 9):
        assert chance(projection, of("level", "x", 2023, at_least=f"{k}")) == pytest.approx(one.sf(k - 1), abs=1e-8)
        assert chance(projection, of("level", "x", 2023, more_than=f"{k}")) == pytest.approx(one.sf(k), abs=1e-8)
        assert chance(projection, of("level", "x", 2023, at_most=f"{k}")) == pytest.approx(one.cdf(k), abs=1e-8)
        assert chance(projection, of("level", "x", 2023, between=(f"{k}", f"{k + 2}"))) == pytest.approx(one.cdf(k + 2) - one.cdf(k - 1), abs=1e-8)
        assert chance(projection, of("added", "x", 2025, since=2022, at_least=f"{k}")) == pytest.approx(three.sf(k - 1), abs=1e-8)
        assert chance(projection, of("added", "x", 2025, since=2020, at_least=f"{k + 8}")) == pytest.approx(three.sf(k - 1), abs=1e-8)
    assert kj.probability(projection, of("level", "x", 2022, at_least="4")) == kj.Estimate(0.0, 0.0, "observed")


def test_a_part_of_a_year_of_events() -> None:
    """4 in a quarter, the share known: what is left of the year is negative binomial on top of them."""
    events = {"kind": "counts", "rate": {"kind": "gamma", "shape": 2, "rate": 0.5}}
    partial = {"kind": "partial", "indicator": "x", "year": 2023, "period": "Q1", "value": "4", "share": normal(0.25, 1e-7)}
    study = kj.Study.from_dict(
        {"as_of": "2023-04-30", "indicators": [{"name": "x", "unit": "个", "measure": "events", "events": events}], "evidence": [level("x", 2022, "5"), partial]}
    )
    projection = kj.project(study)
    for k in (1, 3, 8):
        exact = stats.nbinom.sf(k - 1, 11, 1.75 / 2.5)
        assert chance(projection, of("level", "x", 2023, at_least=f"{4 + k}")) == pytest.approx(exact, abs=1e-6)
    assert chance(projection, of("level", "x", 2023, at_least="4")) == pytest.approx(1.0, abs=1e-12)


def test_a_milestone_is_beta_geometric() -> None:
    """Not by 2022, hazard Beta(1, 4) since 2021: two years survived, three to come; a judgement spreads its chance."""
    indicator = {"name": "x", "unit": "个", "measure": "milestone"}
    hazard = {"kind": "milestone", "hazard": {"kind": "beta", "a": 1, "b": 4}, "since": 2021}
    projection = kj.project(a_study([{**indicator, "events": hazard}], [level("x", 2022, "0")]))
    for year in (2023, 2025, 2030):
        exact = 1 - math.exp(betaln(1, 6 + year - 2022) - betaln(1, 6))
        assert chance(projection, of("milestone", "x", year)) == pytest.approx(exact, abs=1e-9)
    judged = {"kind": "judgement", "indicator": "x", "year": 2025, "chance": 0.3, "reason": "r"}
    projection = kj.project(a_study([indicator], [level("x", 2022, "0"), judged]))
    assert [chance(projection, of("milestone", "x", y)) for y in (2023, 2025)] == pytest.approx([1 - 0.7 ** (1 / 3), 0.3], abs=1e-9)
    assert kj.probability(projection, of("milestone", "x", 2022)) == kj.Estimate(0.0, 0.0, "observed")
    reached = kj.project(a_study([indicator], [level("x", 2022, "1")]))
    assert kj.probability(reached, of("milestone", "x", 2022)) == kj.Estimate(1.0, 0.0, "observed")


@pytest.mark.parametrize("hazard", [None, 0.2])
def test_a_milestone_that_is_reached_stays_reached(hazard: float | None) -> None:
    """Reported as reached by 2022 it is reached in 2025, whatever was believed of its hazard."""
    events = {} if hazard is None else {"events": {"kind": "milestone", "hazard": hazard}}
    projection = kj.project(a_study([{"name": "x", "unit": "个", "measure": "milestone", **events}], [level("x", 2022, "1")]))
    assert chance(projection, of("milestone", "x", 2025)) == 1.0


# mixtures of kinds


def everything() -> kj.Study:
    """Two connected amounts, one apart, a share, their total, events and a milestone."""
    drift, volatility = normal(0.08, 0.03), inv_chi2(5, 0.1)
    return kj.Study.from_dict(
        document(
            indicators=[
                moving("a", "亿元", drift, volatility),
                moving("b", "亿元", drift, 0.1, measure="stock"),
                moving("c", "万元", drift, volatility),
                moving("share", "%", 0.1, 0.2, scale=PER_CENT, measure="ratio"),
                {"name": "total", "unit": "亿元"},
                {"name": "parks", "unit": "个", "measure": "events"},
                {"name": "zone", "unit": "个", "measure": "milestone", "events": {"kind": "milestone", "hazard": 0.2}},
            ],
            identities=[{"kind": "sum", "result": "total", "parts": ["a", "c"]}],
            correlations=[{"between": ["a", "b"], "value": 0.5, "reason": "r"}],
            evidence=[level("a", 2022, "100"), level("b", 2022, "95"), level("c", 2022, "500000"), level("share", 2022, "60"), level("parks", 2022, "4"), level("zone", 2022, "0")],
        )
    )


A = of("level", "a", 2025, at_least="125", name="a")
A_BY = of("level", "a", 2025, at_least="135", when="by", name="a_by")
A_KEPT = of("level", "a", 2023, at_least="103", when="sustained", until=2025, name="a_kept")
A_BAND = of("level", "a", 2024, between=("105", "125"), name="a_band")
B = of("level", "b", 2024, at_most="115", name="b")
B_NEW = of("added", "b", 2025, since=2022, at_least="20", name="b_new")
GROWTH = of("growth", "a", 2025, since=2022, at_least="7", name="growth")
AHEAD_OF_B = of("comparison", "a", 2025, than="b", more_than="0", name="ahead")
AHEAD_OF_C = of("comparison", "a", 2025, than="c", at_least="60", name="margin")
SHARE = of("level", "share", 2024, at_least="65", name="share")
TOTAL = of("level", "total", 2025, at_least="190", name="total")
PARKS = of("added", "parks", 2025, since=2022, at_least="11", name="parks")
PARKS_2023 = of("level", "parks", 2023, at_least="4", name="parks_2023")
ZONE = of("milestone", "zone", 2025, name="zone")
QUESTIONS: list[dict[str, Any]] = [
    {"all_of": [A, B, SHARE, PARKS]},
    {"all_of": [A_BY, GROWTH, ZONE]},
    {"all_of": [A_KEPT, AHEAD_OF_B, A_BAND]},
    {"all_of": [TOTAL, A, B_NEW]},
    {"all_of": [PARKS, PARKS_2023, ZONE, SHARE]},
    {"any_of": [A, B, SHARE, PARKS]},
    {"any_of": [A_BY, A_BAND, ZONE]},
    {"any_of": [AHEAD_OF_C, TOTAL, PARKS_2023]},
    {"any_of": [A_KEPT, GROWTH, AHEAD_OF_B]},
    {"all_of": [A, SHARE], "given": [B, PARKS]},
    {"all_of": [A_BY], "given": [AHEAD_OF_B]},
    {"any_of": [A, ZONE], "given": [A_BAND]},
    {"all_of": [TOTAL], "given": [A_BAND, PARKS_2023]},
    {"any_of": [B_NEW, PARKS], "given": [GROWTH, PARKS_2023]},
]


@pytest.fixture(scope="module")
def mixed() -> kj.Projection:
    return kj.project(everything(), nodes=1024)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: " ".join([*q, *(t.name for part in q.values() for t in part)]))
def test_mixtures_of_kinds_agree_with_simulation(mixed: kj.Projection, question: dict[str, Any]) -> None:
    """Computed, or from paths of its own where it must be, within five joint standard errors of plain simulation."""
    n = 40_000
    found = kj.probability(mixed, **question)
    simulated = kj.probability(mixed, **question, method="simulate", n_paths=n, rng=17)
    inside = kj.probability(mixed, all_of=question["given"]).value if "given" in question else 1.0
    p = min(max(found.value, 1e-3), 1 - 1e-3)
    assert abs(found.value - simulated.value) < SURE * math.hypot(found.stderr, math.sqrt(p * (1 - p) / (n * inside)))
    assert 0.01 < found.value < 0.99
    assert simulated.method == "simulated"


def test_independent_kinds_multiply(mixed: kj.Projection) -> None:
    """An amount, a share, events and a milestone rest on nothing common."""
    parts = [kj.probability(mixed, t).value for t in (A, SHARE, PARKS, ZONE)]
    assert kj.probability(mixed, all_of=[A, SHARE, PARKS, ZONE]).value == pytest.approx(math.prod(parts), abs=1e-12)
    either = kj.probability(mixed, any_of=[A, SHARE, PARKS, ZONE]).value
    assert either == pytest.approx(1 - math.prod(1 - p for p in parts), abs=1e-9)
    assert kj.probability(mixed, A, given=[SHARE, PARKS, ZONE]).value == pytest.approx(parts[0], abs=1e-9)


def test_the_number_of_events_of_a_year_and_of_several_share_their_rate(mixed: kj.Projection) -> None:
    """4 or more in the first year make 11 in three years likelier: a sum over the rate says by how much."""
    rate = stats.gamma(4.5, scale=1.0)  # Jeffreys' prior and 4 in one year
    m = np.linspace(1e-6, 40, 40_001)
    w = rate.pdf(m) / rate.pdf(m).sum()
    both = sum(w @ (stats.poisson.pmf(k, m) * stats.poisson.sf(10 - k, 2 * m)) for k in range(4, 60))
    found = kj.probability(mixed, all_of=[PARKS, PARKS_2023])
    assert abs(found.value - both) < SURE * math.sqrt(both * (1 - both) / 65_536)
    assert found.value > 1.2 * chance(mixed, PARKS) * chance(mixed, PARKS_2023)
