"""Which target binds, and what the paths that succeed have in common."""

from __future__ import annotations

import json
import math
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from scipy.stats import multivariate_normal, truncnorm
from studies import document, inv_chi2, level, normal, one_walk, rd_block, reach, target, walk

import kjproj as kj
from kjproj.answers.conditional import exact_courses, path_courses
from kjproj.cli import main

NODES = 1024


def chance(projection: kj.Projection, *names: Any) -> float:
    return kj.probability(projection, all_of=names).value


# which target binds


def test_of_independent_targets_the_least_likely_binds() -> None:
    """Taking one out of a product leaves the others': given them its chance is its own, alone missed (1 − p)·Π others."""
    walks = [{"name": n, "unit": "亿元", "motion": walk(normal(0.1, 0.03), 0.08)} for n in ("x", "y", "z")]
    study = kj.Study.from_dict(document(indicators=walks, evidence=[level(n, 2022, "110", error="0") for n in ("x", "y", "z")]))
    projection = kj.project(study)
    goals = dict(zip("xyz", ("140", "160", "150"), strict=True))
    targets = [reach(goal, 2025, name, f"t_{name}") for name, goal in goals.items()]
    found, own = kj.binding(projection, targets), {t.name: chance(projection, t) for t in targets}
    assert [item.target for item in found.items] == ["t_y", "t_z", "t_x"]
    assert found.joint.value == pytest.approx(math.prod(own.values()), abs=1e-12)
    for item in found.items:
        assert (item.chance.value, item.given_others.value) == pytest.approx((own[item.target],) * 2, abs=1e-12)
        assert item.only_missed.value == pytest.approx((1 - own[item.target]) * item.others.value, abs=1e-12)


def test_a_floor_below_an_aim_does_not_bind() -> None:
    """What a harder target implies is never the only one missed, however unlikely alone; the harder one binds."""
    projection = kj.project(one_walk(normal(0.1, 0.03), 0.08, {2022: "110"}))
    found = kj.binding(projection, [reach("150", 2025, name="floor"), reach("160", 2025, name="aim")])
    aim, floor = found.items
    assert (aim.target, floor.target) == ("aim", "floor")
    assert (floor.only_missed.value, floor.given_others.value) == (0.0, 1.0)
    assert found.joint.value == aim.chance.value
    assert aim.only_missed.value == pytest.approx(floor.chance.value - aim.chance.value, abs=1e-12)


def test_the_least_likely_target_need_not_bind() -> None:
    """Two nearly alike targets excuse each other; an independent one that is likelier alone is the one that binds."""
    walks = [{"name": n, "unit": "亿元", "motion": walk(normal(0.1, 0.03), 0.08)} for n in ("x", "z")]
    study = kj.Study.from_dict(document(indicators=walks, evidence=[level(n, 2022, "110", error="0") for n in ("x", "z")]))
    targets = [reach("164", 2025, name="hard"), reach("165", 2025, name="harder"), reach("158", 2025, "z", "other")]
    found = kj.binding(kj.project(study), targets)
    assert min(found.items, key=lambda item: item.chance.value).target == "harder"
    assert found.first.target == "other"


def test_only_one_missed_and_all_met_are_all_others_met() -> None:
    """P(others) = P(all) + P(this one alone missed), and these cases exclude each other."""
    projection = kj.project(rd_block(correlation=-0.4, leap=0.2), nodes=NODES)
    found = kj.binding(projection, ["spending", "intensity", reach("5600", 2025, "gdp", "economy")])
    for item in found.items:
        assert item.others.value == pytest.approx(found.joint.value + item.only_missed.value, abs=1e-9)
        assert item.given_others.value == pytest.approx(found.joint.value / item.others.value, abs=1e-9)
        assert item.only_missed.value >= 0
    assert found.joint.value + sum(item.only_missed.value for item in found.items) <= 1
    exact = kj.probability(projection, all_of=["spending"], given=["intensity", reach("5600", 2025, "gdp", "economy")]).value
    (spending,) = [item for item in found.items if item.target == "spending"]
    assert spending.given_others.value == pytest.approx(exact, abs=5e-3)


def test_without_a_list_the_open_targets_of_the_last_year_are_asked() -> None:
    """Those of the summary's joint chance: answered, of the last year, with a printed base year."""
    projection = kj.project(kj.datasets.yueyang())
    found = kj.binding(projection)
    whole = next(joint for joint in kj.summary(projection).to_dict()["joints"] if not joint["pair"])
    assert {item.target for item in found.items} == set(whole["targets"])
    assert found.joint.value == pytest.approx(whole["probability"], abs=1e-9)


def test_a_published_target_costs_nothing_or_everything() -> None:
    """Met: its removal gains nothing. Missed: all together is impossible, and it binds."""
    projection = kj.project(one_walk(normal(0.1, 0.03), 0.08, {2021: "100", 2022: "110"}))
    ahead = reach("150", 2025)
    met = kj.binding(projection, [ahead, reach("105", 2022, name="met")])
    assert met.first.target == "t"
    assert met.items[1].only_missed.value == 0.0
    missed = kj.binding(projection, [ahead, reach("120", 2022, name="missed")])
    assert (missed.joint.value, missed.first.target) == (0.0, "missed")
    assert missed.first.only_missed.value == missed.first.others.value == chance(projection, ahead)
    assert missed.items[1].given_others.value == 0.0, "nothing is left of what has no chance"


def test_binding_speaks_both_languages_and_is_plain_data() -> None:
    found = kj.binding(kj.project(rd_block(), nodes=NODES), ["spending", "intensity"])
    assert found.to_text("zh").startswith("2项目标同时完成：约")
    assert str(found).startswith("All 2 targets together: about ")
    assert "the only one missed" in str(found)
    assert found.to_dict()["targets"][0]["only_missed"] == found.first.only_missed.value


def test_fewer_than_two_targets_or_one_twice_are_refused() -> None:
    projection = kj.project(kj.datasets.yueyang())
    for given in (["rd_spending_2025"], ["rd_spending_2025", "rd_spending_2025"], "rd_spending_2025"):
        with pytest.raises(kj.KjprojError, match="two targets or more, each once"):
            kj.binding(projection, given)
    with pytest.raises(kj.NoBasisError):
        kj.binding(projection, ["rd_spending_2025", "innovation_funds_2025"])
    nothing = kj.Study.from_levels({"x": {2021: "100", 2022: "110"}}, unit="亿元", reference_class="gdp")
    with pytest.raises(kj.KjprojError, match="given: none"):
        kj.binding(kj.project(nothing))


def test_the_command_prints_a_table_and_json(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Without targets the open ones of the last year; with some, these; the same numbers as JSON."""
    path = tmp_path / "study.json"
    study = rd_block(correlation=-0.4)
    study.to_file(path)
    assert main(["binding", "--study", str(path), "--lang", "zh"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("2项目标同时完成：约")
    assert "仅此项未完成" in out
    assert main(["binding", "intensity", "spending", "--study", str(path), "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    found = kj.binding(kj.project(study), ["intensity", "spending"]).to_dict()
    assert {key: data[key] for key in found} == found
    assert main(["binding", "spending", "--study", str(path)]) == 1
    assert "two targets or more" in capsys.readouterr().err


# paths that succeed

MU, TAU, SIGMA, GOAL = 0.1, 0.03, 0.08, math.log(150 / 110)


def sd(h: int) -> float:
    return math.sqrt(h**2 * TAU**2 + h * SIGMA**2)


@pytest.fixture(scope="module")
def plain() -> kj.Succeeding:
    return kj.succeeding(kj.project(one_walk(normal(MU, TAU), SIGMA, {2022: "110"})), reach("150", 2025))


def test_in_the_targets_year_the_levels_are_truncated_normals(plain: kj.Succeeding) -> None:
    """Quantiles of ln x above ln 150, and below, in closed form."""
    course, edge = plain.member("x").course, (GOAL - 3 * MU) / sd(3)
    for levels, low, high in ((course.met, edge, math.inf), (course.missed, -math.inf, edge)):
        quantiles = truncnorm(low, high).ppf([0.1, 0.5, 0.9])
        assert levels[-1] == pytest.approx(110 * np.exp(3 * MU + sd(3) * quantiles), rel=1e-6)


def test_in_earlier_years_they_split_the_joint_normal(plain: kj.Succeeding) -> None:
    """P(x ≤ quantile, target met) = q·P(met), by the bivariate normal of both years."""
    course = plain.member("x").course
    edge = (GOAL - 3 * MU) / sd(3)
    p = NormalDist().cdf(-edge)
    for k, h in ((0, 1), (1, 2)):
        rho = (3 * h * TAU**2 + h * SIGMA**2) / (sd(h) * sd(3))
        joint = multivariate_normal([0, 0], [[1, -rho], [-rho, 1]])
        for level_, q in zip(course.met[k], (0.1, 0.5, 0.9), strict=True):
            z = (math.log(level_ / 110) - h * MU) / sd(h)
            assert joint.cdf([z, -edge]) == pytest.approx(q * p, abs=1e-6)
        for level_, q in zip(course.missed[k], (0.1, 0.5, 0.9), strict=True):
            z = (math.log(level_ / 110) - h * MU) / sd(h)
            assert NormalDist().cdf(z) - joint.cdf([z, -edge]) == pytest.approx(q * (1 - p), abs=1e-6)
    assert course.years.tolist() == [2023, 2024, 2025]
    assert course.method == "bivariate normal"
    assert np.isfinite(course.met_stderr).all()


def test_growth_is_counted_from_the_last_figure_to_the_medians(plain: kj.Succeeding) -> None:
    """(median/110)^(1/3) − 1 where met and where missed; shares in points, counts in units."""
    member = plain.member("x")
    assert member.growth is not None
    for growth, levels in zip(member.growth, (member.course.met, member.course.missed), strict=True):
        assert growth == pytest.approx((levels[-1, 1] / 110) ** (1 / 3) - 1, rel=1e-12)
    assert (member.base, member.base_year, member.way) == (110.0, 2022, "rate")
    block = kj.succeeding(kj.project(rd_block(), nodes=NODES), "intensity").member("rd_intensity")
    assert block.way == "points"
    assert block.growth is not None
    assert block.growth[0] == pytest.approx((block.course.met[-1, 1] - 2.23) / 4, rel=1e-12)


def test_computed_and_drawn_courses_agree() -> None:
    """Two readings, unknown volatilities and a derived indicator: quantiles within five standard errors of each other."""
    projection = kj.project(rd_block(correlation=-0.4, leap=0.2), nodes=NODES)
    clauses = projection.study.target("spending").requirement(projection.study)
    names, years = ["rd_spending", "gdp", "rd_intensity"], range(2023, 2026)
    exact = exact_courses(projection, clauses, names, years)
    assert exact is not None
    p = chance(projection, "spending")
    for a, b in zip(exact, path_courses(projection, clauses, names, years, p), strict=True):
        assert b.method == "simulated"
        for side in ("met", "missed"):
            error = getattr(a, f"{side}_stderr") + getattr(b, f"{side}_stderr")
            assert (np.abs(getattr(a, side) - getattr(b, side)) < 5 * error + 2e-3 * getattr(a, side)).all(), side


def test_what_succeeds_grows_faster_and_all_paths_lie_between() -> None:
    """Of an upward target the quantiles where met lie above those of all, and those where missed below."""
    for asked in ({"target": "spending"}, {"all_of": ["spending", "intensity"]}):
        found = kj.succeeding(kj.project(rd_block(leap=0.2), nodes=NODES), **asked)
        own = found.member("rd_spending").course
        assert (own.met > own.overall).all()
        assert (own.missed < own.overall).all()
        for member in found.members:
            assert member.growth is not None
            assert member.growth[0] > member.growth[1]
    assert found.targets == ("spending", "intensity")
    assert {m.course.method for m in found.members} == {"simulated"}


def test_bounds_commitments_and_events_are_read_from_paths() -> None:
    """They decide together with the target; of a Poisson rate the years that succeed bring more."""
    bundled = kj.project(kj.datasets.yueyang())
    bounded = kj.succeeding(bundled, "contract_turnover_2025").member("contract_turnover").course
    assert bounded.method == "simulated"
    assert bounded.met[-1, 0] > 300 > bounded.missed[-1, 2]
    rate = {"kind": "counts", "rate": {"kind": "gamma", "shape": 8.0, "rate": 0.8}}
    study = kj.Study.from_dict(
        document(
            indicators=[{"name": "n", "unit": "个", "measure": "events", "events": rate}],
            evidence=[level("n", 2022, "13")],
            targets=[target("t", "n", 2025, kind="added", since=2022, at_least="35")],
        )
    )
    member = kj.succeeding(kj.project(study), "t").member("n")
    assert member.growth is None
    assert (member.course.met[:, 1] > member.course.missed[:, 1]).all()


def test_succeeding_speaks_both_languages_and_is_plain_data(plain: kj.Succeeding) -> None:
    """A sentence on growth, a line an indicator; the same as lists."""
    assert "x年均增长" in plain.to_text("zh")
    assert "where it is met, beside where it is not" in str(plain).lower()
    (data,) = plain.to_dict()["indicators"]
    assert data["met"] == plain.member("x").course.met.tolist()
    assert data["growth_met"] == plain.member("x").growth[0]  # type: ignore[index]


def test_what_has_no_other_side_is_refused() -> None:
    """A published target, one out of reach, neither or both of target and all_of, an unrelated indicator."""
    projection = kj.project(one_walk(normal(MU, TAU), inv_chi2(6, SIGMA), {2021: "100", 2022: "110"}))
    for year, goal in ((2022, "105"), (2022, "120")):
        with pytest.raises(kj.NotAnswerableError, match="decide already"):
            kj.succeeding(projection, reach(goal, year))
    with pytest.raises(kj.NotAnswerableError, match="next to nothing to compare"):
        kj.succeeding(kj.project(one_walk(normal(MU, TAU), SIGMA, {2022: "110"})), reach("900", 2025))
    for given in ({}, {"target": reach("150", 2025), "all_of": [reach("150", 2025)]}):
        with pytest.raises(kj.KjprojError, match="give a target, or all_of"):
            kj.succeeding(projection, **given)
    with pytest.raises(kj.KjprojError, match="not related to the targets; there are x"):
        kj.succeeding(projection, reach("150", 2025)).member("y")
