"""The worth of knowing a figure first: closed forms, and what adding the figure as evidence says."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Any

import pytest
from scipy.stats import multivariate_normal
from studies import document, inv_chi2, level, normal, rd_block, reach, target, walk

import kjproj as kj

MU, TAU, SIGMA, YEARS = 0.1, 0.03, 0.08, 3
GOAL = math.log(150 / 110)


def waiting(drift: Any = None, volatility: Any = SIGMA, **parts: Any) -> kj.Study:
    """One walk at 110 in 2022; 2023 is over and not published."""
    motion = walk(normal(MU, TAU) if drift is None else drift, volatility)
    given = {"evidence": [level("x", 2022, "110", error="0")], **parts}
    return kj.Study.from_dict(
        document(as_of="2023-12-31", indicators=[{"name": "x", "unit": "亿元", "motion": motion}], **given)
    )


def both_above(a: float, b: float, rho: float) -> float:
    """P(X ≥ a, Y ≥ b) of two standard normals."""
    return float(multivariate_normal([0, 0], [[1, rho], [rho, 1]]).cdf([-a, -b]))


@pytest.mark.parametrize("ahead", [1, 2])
def test_a_gaussian_figure_has_the_closed_form(ahead: int) -> None:
    """With ρ the correlation of figure and value: Var = Φ₂(z, z; ρ²) − p², E|…| = 2·(P(both above) − p·P(figure above))."""
    found = kj.learning(kj.project(waiting()), reach("150", 2025), indicator="x", year=2022 + ahead)
    (item,) = found.items
    sd_x, sd_y = (math.sqrt(h**2 * TAU**2 + h * SIGMA**2) for h in (ahead, YEARS))
    rho = (ahead * YEARS * TAU**2 + ahead * SIGMA**2) / (sd_x * sd_y)
    z = (GOAL - YEARS * MU) / sd_y
    p = 1 - NormalDist().cdf(z)
    turn = z * (1 - math.sqrt(1 - rho**2)) / rho  # where P(value above | figure) = p, in sds of the figure
    assert found.value.value == pytest.approx(p, abs=1e-9)
    assert item.resolved.value == pytest.approx((both_above(z, z, rho**2) - p * p) / (p * (1 - p)), abs=1e-6)
    assert item.moved.value == pytest.approx(2 * (both_above(turn, z, rho) - p * NormalDist().cdf(-turn)), abs=1e-6)
    assert item.moved.stderr < 1e-5
    for figure, chance, q in zip(item.figures, item.chances, (0.1, 0.5, 0.9), strict=True):
        x = NormalDist().inv_cdf(q)
        assert figure == pytest.approx(110 * math.exp(ahead * MU + sd_x * x), rel=1e-9)
        assert chance.value == pytest.approx(1 - NormalDist().cdf((z - rho * x) / math.sqrt(1 - rho**2)), abs=1e-9)


def test_the_figure_of_the_targets_own_year_decides_it() -> None:
    """All of p(1 − p) goes, and the chance moves by 2p(1 − p): to 1 or to 0."""
    for volatility in (SIGMA, inv_chi2(6, 0.08)):
        found = kj.learning(kj.project(waiting(volatility=volatility)), reach("150", 2025), year=2025)
        p, item = found.value.value, found.best
        assert item is not None
        assert item.resolved.value == pytest.approx(1.0, abs=2e-3)
        assert item.moved.value == pytest.approx(2 * p * (1 - p), abs=1e-3)
        assert [round(c.value) for c in item.chances] == [0, 0, 1]


# against adding the figure as evidence


def added(study: kj.Study, indicator: str, year: int, figure: float, asked: Any) -> float:
    exact = kj.evidence.Level(indicator=indicator, year=year, value=f"{figure:.9f}", error="0")
    return kj.probability(kj.project(study.with_evidence(exact)), asked).value


@pytest.mark.parametrize("volatility", [SIGMA, inv_chi2(6, 0.08)], ids=["known", "unknown"])
def test_the_chances_are_those_of_the_study_with_the_figure(volatility: Any) -> None:
    """Conditioning the law and projecting anew with the exact figure are the same, to 1e-6."""
    study, asked = waiting(volatility=volatility), reach("150", 2025)
    (item,) = kj.learning(kj.project(study), asked).items
    assert item.year == 2023, "the first year that is not published"
    for figure, chance in zip(item.figures, item.chances, strict=True):
        assert chance.value == pytest.approx(added(study, "x", 2023, figure, asked), abs=1e-6)


@pytest.mark.parametrize("name", ["rd_intensity", "rd_spending", "gdp"])
def test_so_are_they_with_a_break_correlated_shocks_and_an_identity(name: str) -> None:
    """The R&D block: two readings, randomised nodes, a derived indicator; within the errors of both."""
    study = rd_block(correlation=-0.4, leap=0.2)
    (item,) = kj.learning(kj.project(study), "spending", indicator=name).items
    assert (item.indicator, item.year) == (name, 2022)
    for figure, chance in zip(item.figures, item.chances, strict=True):
        assert chance.value == pytest.approx(added(study, name, 2022, figure, "spending"), abs=4e-3)


def test_so_are_they_with_a_bound_that_figures_state() -> None:
    """A judged level above a blurred bound: the bound weighs in again at each figure."""
    judged = {"kind": "judgement", "indicator": "x", "year": 2022, "low": "100", "high": "120", "reason": "asked"}
    over = {"kind": "bound", "indicator": "x", "year": 2022, "more_than": "108"}
    study, asked = waiting(volatility=inv_chi2(4, 0.08), evidence=[level("x", 2021, "99", error="0"), judged, over]), reach("150", 2025)
    for year in (2022, 2023):
        (item,) = kj.learning(kj.project(study), asked, year=year).items
        for figure, chance in zip(item.figures, item.chances, strict=True):
            assert chance.value == pytest.approx(added(study, "x", year, figure, asked), abs=1e-6)


def test_a_target_of_several_years_is_weighed_too() -> None:
    """"By 2025" is a clause of two years that are left open, answered from the same law."""
    study = waiting()
    asked = kj.Target(name="by", indicator="x", year=2025, when="by", at_least="150")
    (item,) = kj.learning(kj.project(study), asked).items
    for figure, chance in zip(item.figures, item.chances, strict=True):
        assert chance.value == pytest.approx(added(study, "x", 2023, figure, asked), abs=1e-6)


# which figure is worth most


def test_figures_are_ranked_by_what_they_take_away() -> None:
    """Of spending = GDP · intensity the product itself is worth most; each is worth less than the target's own figure."""
    found = kj.learning(kj.project(rd_block(correlation=-0.4)), "spending")
    assert {item.indicator for item in found.items} == {"gdp", "rd_intensity", "rd_spending"}
    worths = [item.resolved.value for item in found.items]
    assert worths == sorted(worths, reverse=True)
    assert found.best is not None
    assert found.best.indicator == "rd_spending"
    assert 0 < worths[-1] < worths[0] < 1
    assert all(0 < item.moved.value < 0.5 for item in found.items)


def test_the_figure_of_an_unconnected_indicator_is_worth_nothing() -> None:
    """It moves nothing: 0 and 0, and three times the chance as it is."""
    two = [{"name": n, "unit": "亿元", "motion": walk(normal(MU, TAU), SIGMA)} for n in ("x", "y")]
    study = kj.Study.from_dict(document(indicators=two, evidence=[level(n, 2022, "110") for n in ("x", "y")]))
    found = kj.learning(kj.project(study), reach("150", 2025), indicator="y")
    assert [item.indicator for item in kj.learning(kj.project(study), reach("150", 2025)).items] == ["x"]
    assert (found.items[0].moved.value, found.items[0].resolved.value) == (0.0, 0.0)
    assert {c.value for c in found.items[0].chances} == {found.value.value}


# events


def test_the_number_of_events_of_a_year_is_summed_over() -> None:
    """E P(target | number) is the chance, and the chances are those of the study with the year's number."""
    study = kj.Study.from_dict(
        document(
            as_of="2023-12-31",
            indicators=[{"name": "n", "unit": "个", "measure": "events"}],
            evidence=[level("n", 2022, "13")],
            targets=[target("t", "n", 2025, kind="added", since=2022, at_least="42")],
        )
    )
    found = kj.learning(kj.project(study), "t")
    (item,) = found.items
    assert item.year == 2023
    for figure, chance in zip(item.figures, item.chances, strict=True):
        again = kj.probability(kj.project(study.with_evidence(kj.evidence.Level(indicator="n", year=2023, value=f"{figure:.0f}"))), "t")
        assert chance.value == pytest.approx(again.value, abs=1e-9)
    assert 0 < item.resolved.value < 1
    decided = kj.learning(kj.project(study), kj.targets.Added(name="u", indicator="n", year=2023, since=2022, at_least="13"))
    p = decided.value.value
    assert decided.items[0].resolved.value == pytest.approx(1.0, abs=1e-4)
    assert decided.items[0].moved.value == pytest.approx(2 * p * (1 - p), abs=1e-4)


def test_a_milestone_happens_next_year_or_does_not() -> None:
    """With hazard h and three years: 1 if it happens, else 1 − (1 − h)²."""
    h = 0.2
    study = kj.Study.from_dict(
        document(
            indicators=[{"name": "m", "unit": "个", "measure": "milestone", "events": {"kind": "milestone", "hazard": h}}],
            evidence=[level("m", 2022, "0")],
            targets=[target("t", "m", 2025, kind="milestone")],
        )
    )
    found = kj.learning(kj.project(study), "t")
    (item,) = found.items
    p, later = 1 - (1 - h) ** 3, 1 - (1 - h) ** 2
    assert (item.year, found.value.value) == (2023, pytest.approx(p, abs=1e-12))
    assert item.moved.value == pytest.approx(h * (1 - p) + (1 - h) * (p - later), abs=1e-9)
    assert item.resolved.value == pytest.approx((h * (1 - p) ** 2 + (1 - h) * (p - later) ** 2) / (p * (1 - p)), abs=1e-9)


# words, data, refusals


def test_worths_are_said_in_both_languages_and_are_plain_data() -> None:
    """A line a figure under the chance now."""
    found = kj.learning(kj.project(rd_block()), "intensity", indicator="rd_intensity")
    assert found.to_text("zh").startswith("目前完成概率约")
    assert "2022年rd_intensity：公布后概率平均变动" in found.to_text("zh")
    assert "rd_intensity in 2022: moves it by" in str(found)
    (data,) = found.to_dict()["figures"]
    assert data["moved"] == found.items[0].moved.value
    assert data["chances"] == [c.value for c in found.items[0].chances]


def test_what_has_nothing_to_learn_is_refused() -> None:
    """A published target or figure, what follows from published ones, a total, another's events."""
    bundled = kj.project(kj.datasets.yueyang())
    with pytest.raises(kj.NotAnswerableError, match="published already"):
        kj.learning(bundled, kj.Target(name="seen", indicator="rd_spending", year=2021, at_least="90"))
    with pytest.raises(kj.NotAnswerableError, match="published for 2021"):
        kj.learning(bundled, "rd_spending_2025", indicator="rd_spending", year=2021)
    with pytest.raises(kj.NotAnswerableError, match="not linear on the scales"):
        kj.learning(bundled, "high_tech_enterprises_2025", indicator="high_tech_net_new")
    with pytest.raises(kj.NotAnswerableError, match="counts events"):
        kj.learning(bundled, "rd_spending_2025", indicator="provincial_platforms")
    with pytest.raises(kj.NoBasisError):
        kj.learning(bundled, "innovation_funds_2025")
    with pytest.raises(kj.KjprojError, match="unknown indicator"):
        kj.learning(bundled, "rd_spending_2025", indicator="nothing")
    with pytest.raises(kj.KjprojError, match="calendar year"):
        kj.learning(bundled, "rd_spending_2025", year=1)
    exact = [level("a", 2021, "1000", error="0"), level("p", 2021, "110", error="0")]
    study = kj.Study.from_dict(
        document(
            indicators=[
                {"name": "a", "unit": "亿元", "motion": walk(0.06, SIGMA)}, {"name": "b", "unit": "%", "motion": walk(0.03, SIGMA)}, {"name": "p", "unit": "亿元"},
            ],
            identities=[{"kind": "product", "result": "p", "factors": ["a", "b"]}],
            evidence=exact,
        )
    )  # fmt: skip
    with pytest.raises(kj.NotAnswerableError, match="follows from what is published"):
        kj.learning(kj.project(study), reach("150", 2025, "p"), indicator="b", year=2021)
