"""What it takes: the effort inverts the computed chance, acts as the same study with steps would, and says what it cannot."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from studies import document, four_scales, inv_chi2, level, normal, one_walk, rd_block, reach, target, walk

import kjproj as kj
from kjproj.answers.carrier import carrier
from kjproj.answers.lifted import Lifted
from kjproj.answers.regions import Regions
from kjproj.engine.posterior import ReadingPosterior
from kjproj.levers import Amount, Growth, OneOff

PHI = NormalDist()
BOTH = ["spending", "intensity"]


@pytest.fixture(scope="module")
def block() -> kj.Projection:
    """Two unknown volatilities, a product, a break: nodes at random and two readings."""
    return kj.project(rd_block(correlation=-0.4, leap=0.2), nodes=512)


@pytest.fixture(scope="module")
def walked() -> kj.Projection:
    """A known walk from 100 in 2022: growth .08, volatility .05."""
    return kj.project(one_walk(0.08, 0.05, {2022: "100"}))


# closed forms


@pytest.mark.parametrize("p", [0.01, 0.3, 0.8, 0.99])
def test_extra_growth_of_a_known_walk(walked: kj.Projection, p: float) -> None:
    """ln(1 + value) = (z + Φ⁻¹(p)σ√h)/h − μ for a target h years ahead."""
    found = kj.effort(walked, reach("130", 2025), probability=p)
    growth = (math.log(1.3) + PHI.inv_cdf(p) * 0.05 * math.sqrt(3)) / 3 - 0.08
    assert math.log1p(found.value) == pytest.approx(growth, abs=1e-9)
    assert found.reached.value == pytest.approx(p, abs=1e-9)
    assert found.spare is (found.value < 0)
    assert (found.way, found.unit, found.first_year, found.last_year) == ("rate", "fraction a year", 2023, 2025)
    assert found.a_year == found.value
    assert found.medians == pytest.approx((100 * math.exp(0.24), 100 * math.exp(0.24 + 3 * growth)))


@pytest.mark.parametrize("p", [0.3, 0.8])
def test_a_one_off_of_a_known_walk(walked: kj.Projection, p: float) -> None:
    """The step is z + Φ⁻¹(p)σ√h − hμ whatever its year, up to the target's."""
    step = math.log(1.3) + PHI.inv_cdf(p) * 0.05 * math.sqrt(3) - 0.24
    for year in (2023, 2025):
        found = kj.effort(walked, reach("130", 2025), probability=p, by=OneOff("x", year))
        assert found.value == pytest.approx(step, abs=1e-9)
        assert found.way is found.a_year is None


@pytest.mark.parametrize("p", [0.3, 0.8])
def test_an_amount_of_a_known_walk(walked: kj.Projection, p: float) -> None:
    """The level with the amount: goal − the (1 − p)-quantile of the level, which on `Log` is no step."""
    found = kj.effort(walked, reach("130", 2025), probability=p, by=Amount("x", 2024))
    quantile = 100 * math.exp(0.24 - PHI.inv_cdf(p) * 0.05 * math.sqrt(3))
    assert found.value == pytest.approx(130 - quantile, abs=1e-7)
    assert kj.effort(walked, reach("130", 2025), probability=p, by=Amount("x", 2025)).value == pytest.approx(found.value), "from its year on"
    assert found.unit == "亿元"
    assert found.medians[1] - found.medians[0] == pytest.approx(found.value)


@pytest.mark.parametrize("p", [0.2, 0.9])
def test_on_linear_growth_is_units_and_an_amount_is_a_step(p: float) -> None:
    """On `Linear` s = (goal − level − hμ + Φ⁻¹(p)σ√h)/h units a year, and amount and one-off are the same number."""
    study = kj.Study.from_dict(
        document(indicators=[{"name": "x", "unit": "index", "scale": {"kind": "linear"}, "motion": walk(0.3, 0.2)}], evidence=[level("x", 2022, "10.0", error="0")])
    )
    projection, goal = kj.project(study), reach("12", 2025)
    needed = 2.0 - 0.9 + PHI.inv_cdf(p) * 0.2 * math.sqrt(3)
    growth = kj.effort(projection, goal, probability=p)
    assert (growth.value, growth.a_year) == pytest.approx((needed / 3, needed / 3), abs=1e-9)
    assert growth.unit == "index a year"
    for lever in (Amount("x", 2024), OneOff("x", 2024)):
        assert kj.effort(projection, goal, probability=p, by=lever).value == pytest.approx(needed, abs=1e-9)


# inversion


def goals() -> dict[str, list[Any]]:
    by = kj.Target(name="by", indicator="rd_spending", year=2026, when="by", at_least="150")
    kept = kj.Target(name="kept", indicator="rd_intensity", year=2024, when="sustained", until=2026, at_least="2.4")
    rise = kj.targets.Growth(name="rise", indicator="rd_spending", year=2025, since=2021, at_least="10")
    return {"one": BOTH[:1], "two": BOTH, "by": [by], "kept": [kept], "kept and two": [kept, *BOTH], "growth": [rise]}


@pytest.mark.parametrize("asked", goals())
@pytest.mark.parametrize("p", [0.05, 0.4, 0.9])
def test_the_effort_inverts_the_computed_chance(block: kj.Projection, asked: str, p: float) -> None:
    """The chance at the returned effort is the asked one to 1e-6: closed forms, bivariate normals, orthants."""
    targets = goals()[asked]
    found = kj.effort(block, all_of=targets, probability=p)
    assert found.feasible
    assert found.reached.value == pytest.approx(p, abs=1e-6)
    assert found.before.value == pytest.approx(kj.probability(block, all_of=targets, rtol=0.0).value, abs=1e-12)
    assert found.lever == Growth("rd_intensity")


@pytest.mark.parametrize("name", ["amount", "index", "share", "firms"])
@pytest.mark.parametrize("upwards", [True, False])
def test_every_scale_and_both_sides_are_inverted(name: str, upwards: bool) -> None:
    """Upwards more is added for a higher chance, downwards less; both invert, and rise with the chance asked."""
    projection = kj.project(four_scales())
    figure = f"{kj.attainable(projection, name, 2025, probability=0.5).value:.{0 if name == 'firms' else 3}f}"
    goal = kj.Target(name="t", indicator=name, year=2025, **({"at_least": figure} if upwards else {"at_most": figure}))
    efforts = [kj.effort(projection, goal, probability=p) for p in (0.1, 0.3, 0.7, 0.9)]
    assert [e.reached.value for e in efforts] == pytest.approx([0.1, 0.3, 0.7, 0.9], abs=1e-9)
    values = [e.value if upwards else -e.value for e in efforts]
    assert values == sorted(values)
    assert [e.spare for e in efforts] == [True, True, False, False]


def stepped(study: kj.Study, lever: Any, found: kj.Effort, last: int) -> kj.Study:
    """The study with the same change as one-off steps: extra growth is a step in every year."""
    scale, first = study.scale(lever.indicator), study.last_past_year + 1
    size = found.value if isinstance(lever, OneOff) or scale.kind == "linear" else math.log1p(found.value)
    for year in range(first, last + 1) if isinstance(lever, Growth) else (lever.year,):
        study = study.with_step(lever.indicator, year, size)
    return study


@pytest.mark.parametrize("lever", [Growth("rd_intensity"), Growth("gdp"), OneOff("rd_intensity", 2024)])
def test_the_same_study_with_steps_has_the_asked_chance(lever: Any) -> None:
    """Shifting what the figures leave is the same as stating the change and conditioning on the figures again."""
    study = rd_block(correlation=-0.4, leap=0.2)
    found = kj.effort(kj.project(study, nodes=512), "spending", probability=0.7, by=lever)
    again = kj.project(stepped(study, lever, found, 2025), nodes=512)
    assert kj.probability(again, "spending").value == pytest.approx(0.7, abs=1e-6)


def test_a_root_takes_few_probabilities_and_no_conditioning(block: kj.Projection, monkeypatch: pytest.MonkeyPatch) -> None:
    """A dozen and a half evaluations of a law that is built once: no figure is conditioned on again."""
    kj.effort(block, all_of=BOTH, probability=0.6)
    count = {"holds": 0}

    def counted(self: Regions, clauses: Any, original: Any = Regions.holds) -> Any:
        count["holds"] += 1
        return original(self, clauses)

    def never(*_: Any) -> Any:
        raise AssertionError("conditioned again")

    monkeypatch.setattr(Regions, "holds", counted)
    monkeypatch.setattr(ReadingPosterior, "solve", never)
    kj.effort(block, all_of=BOTH, probability=0.8)
    assert count["holds"] <= 18


def test_extra_growth_is_a_lower_goal_in_every_scenario() -> None:
    """P(x·(1 + v)ʰ ≥ B) = P(x ≥ B/(1 + v)ʰ), with commitments too: the coin is thrown for the course without the lever."""
    commitments = [{"target": "x_2023", "credibility": 0.6, "reason": "r"}]
    study = kj.Study.from_dict(
        {
            **one_walk(normal(0.05, 0.02), inv_chi2(5, 0.05), {2021: "95", 2022: "100"}).to_dict(),
            "targets": [target("x_2023", "x", 2023, at_least="108"), target("x_2025", "x", 2025, at_least="130")],
            "scenarios": [{"name": "trend", "reason": "r"}, {"name": "kept", "reason": "r", "commitments": commitments}],
        }
    )
    found = {name: kj.effort(kj.project(study, name), "x_2025", probability=0.7) for name in ("trend", "kept")}
    for name, one in found.items():
        lower = reach(f"{130 / (1 + one.value) ** 3:.12f}", 2025)
        assert kj.probability(kj.project(study, name), lower).value == pytest.approx(0.7, abs=1e-6)
    assert found["kept"].value < found["trend"].value, "an interim target that is kept leaves less to be done"


def test_bounds_that_figures_state_are_about_the_course_without_it() -> None:
    """A figure "more than 105" conditions the paths; the lever is added to what it leaves."""
    study = kj.Study.from_dict({**one_walk(0.06, 0.08, {2021: "100"}).to_dict(), "as_of": "2022-12-31"})
    projection = kj.project(study.with_evidence({"kind": "bound", "indicator": "x", "year": 2022, "more_than": "105"}))
    found = kj.effort(projection, reach("140", 2025), probability=0.8)
    assert found.reached.value == pytest.approx(0.8, abs=1e-6)
    lower = reach(f"{140 / (1 + found.value) ** 3:.12f}", 2025)
    assert kj.probability(projection, lower).value == pytest.approx(0.8, abs=1e-6)


def test_draws_of_another_tool_are_lifted_too() -> None:
    """Extra growth of an indicator whose paths are handed in moves these."""
    study = rd_block()
    rng = np.random.default_rng(1)
    paths = {"gdp": {2022 + k: 4700 * np.exp(0.06 * k + 0.04 * math.sqrt(k + 1) * rng.standard_normal(400)) for k in range(4)}}
    projection = kj.project(study, paths=paths, nodes=256)
    found = kj.effort(projection, "spending", probability=0.7, by=Growth("gdp"))
    assert found.reached.value == pytest.approx(0.7, abs=1e-6)
    faster = {"gdp": {year: x * (1 + found.value) ** (year - 2022) for year, x in paths["gdp"].items()}}
    assert kj.probability(kj.project(study, paths=faster, nodes=256), "spending").value == pytest.approx(0.7, abs=1e-6)


# amounts on a logarithmic scale


def test_an_amount_of_a_derived_indicator_is_borne_by_its_carrier(block: kj.Projection) -> None:
    """Spending + A with GDP as it is: intensity rises by A/GDP on every path, as drawn paths say."""
    found = kj.effort(block, all_of=BOTH, probability=0.7, by=Amount("rd_spending", 2024))
    assert found.reached.method == "simulated"
    paths = kj.sample(block, 65_536, first_year=2025, last_year=2025)
    spending, gdp = (paths.values[name][:, 0] for name in ("rd_spending", "gdp"))
    met = (spending + found.value >= 150) & (100 * (spending + found.value) / gdp >= 2.6)
    assert met.mean() == pytest.approx(0.7, abs=0.01)
    assert found.reached.value == pytest.approx(0.7, abs=2 / 65_536)
    alone = kj.effort(block, "spending", probability=0.7, by=Amount("rd_spending", 2024))
    assert alone.reached.method == "closed form", "about spending alone it is exact"
    assert alone.value < found.value


def test_exact_and_on_paths_agree(block: kj.Projection, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same lever on drawn paths gives the same effort within its stated error, for each kind of lever."""
    for lever in (Growth("rd_intensity"), OneOff("rd_intensity", 2024), Amount("rd_spending", 2024), Amount("rd_intensity", 2023)):
        goal = "intensity" if lever.indicator == "rd_intensity" else "spending"
        exact = kj.effort(block, goal, probability=0.7, by=lever)
        with monkeypatch.context() as patched:
            patched.setattr(Lifted, "exact", False)
            drawn = kj.effort(block, goal, probability=0.7, by=lever)
        assert drawn.reached.method == "simulated"
        assert 0.0 < drawn.stderr < 0.1 * abs(exact.value)
        assert drawn.value == pytest.approx(exact.value, abs=5 * drawn.stderr), lever


def test_what_is_not_linear_is_found_on_paths() -> None:
    """A total of amounts that grow: the effort, put into the study as steps, leads to the asked chance."""
    study = one_walk(0.08, 0.05, {2022: "100"})
    total = kj.targets.Added(name="t", indicator="x", year=2025, since=2022, at_least="370")
    found = kj.effort(kj.project(study), total, probability=0.8)
    again = kj.probability(kj.project(stepped(study, Growth("x"), found, 2025)), total)
    assert found.reached.method == again.method == "simulated"
    assert again.value == pytest.approx(0.8, abs=4 * again.stderr)
    assert found.stderr > 0.0


# out of reach, and room


def test_what_figures_decide_cannot_be_changed() -> None:
    """Missed is out of reach, met is there already; neither takes anything."""
    study = kj.Study.from_dict({**one_walk(0.08, 0.05, {2021: "95", 2022: "100"}).to_dict()})
    projection = kj.project(study)
    missed = kj.effort(projection, reach("110", 2022), probability=0.5)
    assert (missed.feasible, missed.value, missed.reached.value) == (False, 0.0, 0.0)
    assert "figures miss the target" in str(missed)
    met = kj.effort(projection, reach("99", 2022), probability=0.5)
    assert (met.feasible, met.spare, met.value, met.reached.value) == (True, True, 0.0, 1.0)


def test_a_lever_that_does_not_move_the_target_says_so(block: kj.Projection) -> None:
    """GDP does not move intensity; what is over is over, published or not."""
    idle = kj.effort(block, "intensity", probability=0.9, by=Growth("gdp"))
    assert (idle.feasible, idle.value, idle.reached.value) == (False, 0.0, idle.before.value)
    assert "does not move" in str(idle)
    past = kj.effort(block, kj.Target(name="p", indicator="rd_intensity", year=2022, at_least="2.4"), probability=0.9)
    assert not past.feasible
    late = kj.effort(block, "intensity", probability=0.9, by=OneOff("rd_intensity", 2026))
    assert not late.feasible


def test_more_than_doubling_is_not_considered(walked: kj.Projection) -> None:
    """The best is had at 100 % a year, and at an amount as large as the median."""
    growth = kj.effort(walked, reach("2000", 2025), probability=0.8)
    assert (growth.feasible, growth.value) == (False, pytest.approx(1.0))
    assert growth.reached.value == pytest.approx(PHI.cdf((3 * (0.08 + math.log(2)) - math.log(20)) / (0.05 * math.sqrt(3))))
    amount = kj.effort(walked, reach("2000", 2025), probability=0.8, by=Amount("x", 2024))
    assert (amount.feasible, amount.value) == (False, pytest.approx(100 * math.exp(0.24)))
    assert "more than doubling" in str(growth)


def test_another_target_is_a_cap(block: kj.Projection) -> None:
    """GDP helps spending, not intensity: together no better than intensity alone, and nearly that is had."""
    found = kj.effort(block, all_of=BOTH, probability=0.9, by=Growth("gdp"))
    alone = kj.probability(block, "intensity").value
    assert not found.feasible
    assert alone - 3e-4 < found.reached.value <= alone + 1e-9
    assert 0.0 < found.value < 1.0
    assert "more would not help" in str(found)


def test_a_target_from_above_goes_the_other_way(walked: kj.Projection) -> None:
    """At most 120: slower growth is the effort (below 0), and an amount that is added would be room."""
    goal = kj.Target(name="t", indicator="x", year=2025, at_most="120")
    assert kj.probability(walked, goal).value < 0.5
    found = kj.effort(walked, goal, probability=0.6)
    assert found.feasible
    assert not found.spare
    assert math.log1p(found.value) == pytest.approx((math.log(1.2) - PHI.inv_cdf(0.6) * 0.05 * math.sqrt(3)) / 3 - 0.08, abs=1e-9)
    room = kj.effort(walked, goal, probability=0.1, by=Amount("x", 2024))
    assert room.spare
    assert room.value > 0.0


def test_between_two_bounds_there_is_a_peak(walked: kj.Projection) -> None:
    """A slab on the scale is most likely with its centre at the median: at (ln a + ln b)/2 = ln level + h(μ + s)."""
    goal = kj.Target(name="t", indicator="x", year=2025, between=("130", "140"))
    found = kj.effort(walked, goal, probability=0.9)
    centre = (math.log(1.3) + math.log(1.4)) / 2
    assert (found.feasible, math.log1p(found.value)) == (False, pytest.approx(centre / 3 - 0.08, abs=1e-5))
    half = (math.log(1.4) - math.log(1.3)) / 2 / (0.05 * math.sqrt(3))
    assert found.reached.value == pytest.approx(2 * PHI.cdf(half) - 1, abs=1e-9)
    part = kj.effort(walked, goal, probability=0.3)
    assert part.feasible
    assert part.reached.value == pytest.approx(0.3, abs=1e-9)
    assert 0.0 < part.value < found.value, "the nearer of the two"
    assert kj.effort(walked, goal, probability=0.05).value == 0.0


def test_room_leads_down_to_the_asked_chance(walked: kj.Projection) -> None:
    """Where the chance is there already the value is negative, and with it the chance is the asked one."""
    found = kj.effort(walked, reach("115", 2025), probability=0.6)
    assert found.spare
    assert found.value < 0.0
    assert found.reached.value == pytest.approx(0.6, abs=1e-9)
    sure = kj.effort(walked, reach("1", 2025), probability=0.6)
    assert (sure.spare, sure.value) == (True, pytest.approx(-0.5)), "no more room than a half is considered"
    assert sure.reached.value > 0.6
    half = kj.effort(walked, reach("1", 2025), probability=0.6, by=Amount("x", 2024))
    assert (half.spare, half.value) == (True, pytest.approx(-50 * math.exp(0.24)))
    low = kj.Target(name="t", indicator="x", year=2025, at_most="10")
    assert kj.effort(walked, low, probability=0.6, by=Amount("x", 2024)).value == pytest.approx(-50 * math.exp(0.24))


# which lever


def test_what_carries_a_derived_indicator() -> None:
    """The share of a product, the numerator of a ratio, what an increase is of; two as near are for you to choose."""
    study = kj.datasets.yueyang()
    expected = {
        "rd_spending": "rd_intensity",
        "contract_intensity": "contract_turnover",
        "contract_mean": "contract_turnover",
        "high_tech_net_new": "high_tech_enterprises",
        "gdp": "gdp",
    }
    assert {name: carrier(study, name) for name in expected} == expected
    parts = [{"name": n, "unit": "亿元", "motion": walk(0.05, 0.05)} for n in ("a", "b")]
    total = kj.Study.from_dict(
        document(indicators=[*parts, {"name": "all", "unit": "亿元"}], identities=[{"kind": "sum", "result": "all", "parts": ["a", "b"]}], evidence=[level("a", 2022, "1.0"), level("b", 2022, "2.0")])
    )
    with pytest.raises(kj.KjprojError, match=r"all is derived from a, b; say which .* by=kj.levers.Growth\('a'\)"):
        kj.effort(kj.project(total), reach("5", 2025, "all"), probability=0.5)
    with pytest.raises(kj.KjprojError, match="all is derived"):
        kj.effort(kj.project(total), reach("5", 2025, "all"), probability=0.5, by=Amount("all", 2024))
    assert kj.effort(kj.project(total), reach("4", 2025, "all"), probability=0.5, by=Growth("b")).feasible


def test_levers_that_fit_nothing_are_refused(block: kj.Projection) -> None:
    """Each message says what was given and what to do."""
    four = kj.project(four_scales())
    several = [kj.Target(name=n, indicator=n, year=2025, at_least="2") for n in ("amount", "firms")]
    with pytest.raises(kj.KjprojError, match="the targets are carried by amount, firms; say which"):
        kj.effort(four, all_of=several, probability=0.5)
    with pytest.raises(kj.KjprojError, match=r"rd_spending is derived .* such as 'rd_intensity'"):
        kj.effort(block, "spending", probability=0.5, by=Growth("rd_spending"))
    with pytest.raises(kj.KjprojError, match="unknown indicator 'gpd'"):
        kj.effort(block, "spending", probability=0.5, by=Growth("gpd"))
    with pytest.raises(kj.KjprojError, match="the lever acts in 2022, which is over"):
        kj.effort(block, "spending", probability=0.5, by=OneOff("gdp", 2022))
    with pytest.raises(kj.KjprojError, match="by is 'gdp'; expected a lever"):
        kj.effort(block, "spending", probability=0.5, by="gdp")  # type: ignore[arg-type]
    with pytest.raises(kj.KjprojError, match="a one-off acts in '2024'"):
        OneOff("gdp", "2024")  # type: ignore[arg-type]
    with pytest.raises(kj.KjprojError, match="give a target, or all_of"):
        kj.effort(block, probability=0.5)
    for wrong in (0, 1, 1.2, "0.8", True):
        with pytest.raises(kj.KjprojError, match="expected a number between 0 and 1"):
            kj.effort(block, "spending", probability=wrong)  # type: ignore[arg-type]


def test_events_have_no_growth() -> None:
    """A number of events, or a milestone, is no lever's target alone; beside a level it is what cannot be moved."""
    parks = {"name": "parks", "unit": "个", "measure": "events", "events": {"kind": "counts", "rate": 2.0}}
    study = kj.Study.from_dict(document(indicators=[parks, {"name": "x", "unit": "亿元", "motion": walk(0.08, 0.05)}], evidence=[level("x", 2022, "100", error="0")]))
    projection, two = kj.project(study), reach("2", 2025, "parks", "two")
    with pytest.raises(kj.NotAnswerableError, match="two counts events"):
        kj.effort(projection, two, probability=0.5)
    with pytest.raises(kj.NotAnswerableError, match="parks counts events"):
        kj.effort(projection, reach("130", 2025), probability=0.5, by=Growth("parks"))
    share = kj.probability(projection, two).value
    found = kj.effort(projection, all_of=[two, reach("130", 2025)], probability=0.4)
    assert kj.effort(projection, reach("130", 2025), probability=0.4 / share).value == pytest.approx(found.value, abs=1e-9)


def test_no_basis_is_no_effort() -> None:
    with pytest.raises(kj.NoBasisError, match="no basis for y"):
        kj.effort(kj.project(kj.Study.from_dict(document(indicators=[{"name": "y", "unit": "亿元"}]))), reach("1", 2025, "y"), probability=0.5)


# counting and words


def test_growth_is_counted_in_the_indicators_way() -> None:
    """Points a year that the median of a share gains, units of a count, a rate of an amount."""
    projection = kj.project(four_scales())
    for name, figure, way in (("amount", "125", "rate"), ("share", "68", "points"), ("firms", "1000", "units"), ("index", "1.8", "rate")):
        found = kj.effort(projection, reach(figure, 2025, name), probability=0.8)
        gain = (found.medians[1] - found.medians[0]) / 3
        assert found.way == way
        assert found.a_year == pytest.approx(found.value if name == "amount" else gain)


@pytest.mark.parametrize(
    ("name", "figure", "lever", "zh", "en"),
    [
        ("amount", "125", None, "amount2023—2025年须在现有趋势基础上年均多增长", " % a year above its trend over 2023 to 2025"),
        ("share", "68", None, "年均多提高1.76个百分点", "1.76 points a year above its trend"),
        ("firms", "1000", None, "年均多净增", "家 a year above its trend"),
        ("index", "1.8", None, "年均多增长0.0751index", "index a year above its trend"),
        ("firms", "1000", Amount("firms", 2024), "firms须自2024年起每年增加", "家 more in every year from 2024 on"),
        ("amount", "125", OneOff("amount", 2024), "2024年须一次性提高", " % more from 2024 on, once"),
        ("share", "68", OneOff("share", 2024), "（尺度logit上）", "on the scale logit more from 2024 on, once"),
        ("amount", "80", None, "即使amount2023—2025年在现有趋势基础上年均少增长", "a year below its trend over 2023 to 2025"),
        ("amount", "105", Growth("firms"), "该措施对目标没有影响", "the lever does not move the targets"),
    ],
)
def test_it_is_said_in_both_languages(name: str, figure: str, lever: Any, zh: str, en: str) -> None:
    """One sentence: the chance now, the one asked, and what it takes, in whole per cent and the indicator's own way."""
    found = kj.effort(kj.project(four_scales()), reach(figure, 2025, name), probability=0.8 if figure != "80" else 0.5, by=lever)
    if figure == "105":
        found = kj.effort(kj.project(four_scales()), reach(figure, 2025, name), probability=0.99, by=lever)
    assert zh in found.to_text("zh")
    assert en in str(found)
    assert json.loads(json.dumps(found.to_dict(), allow_nan=False))["lever"]["indicator"] == found.lever.indicator


def test_a_lever_of_ones_own_is_a_class() -> None:
    """Growth that begins two years later: the size follows from the fewer years that it has, and it says itself."""

    @dataclass(frozen=True)
    class Late(Growth):
        def times(self, year: int, first_open: int) -> int:
            return super().times(year, first_open + 2)

        def first_year(self, first_open: int) -> int:
            return first_open + 2

    projection = kj.project(one_walk(0.08, 0.05, {2022: "100"}))
    late, soon = (kj.effort(projection, reach("130", 2025), probability=0.8, by=lever("x")) for lever in (Late, Growth))
    assert math.log1p(late.value) == pytest.approx(3 * math.log1p(soon.value), abs=1e-9)
    assert "above its trend in 2025" in str(late)
