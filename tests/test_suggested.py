"""Round figures at stated chances: never harder than asked, as hard as the grid allows, and figures that plans print."""

from __future__ import annotations

import json
import math
from decimal import Decimal
from statistics import NormalDist
from typing import Any

import pytest
from studies import document, four_scales, level, one_walk, rd_block, reach, target, walk

import kjproj as kj
from kjproj.answers.grid import Grid, printed

ASKED = (0.95, 0.8, 0.5, 0.3, 0.05)


@pytest.fixture(scope="module")
def scales() -> kj.Projection:
    return kj.project(four_scales())


@pytest.fixture(scope="module")
def counted() -> kj.Projection:
    """Events: two or so a year."""
    parks = {"name": "parks", "unit": "个", "measure": "events", "events": {"kind": "counts", "rate": 9.0}}
    return kj.project(kj.Study.from_dict(document(indicators=[parks])))


# the grid


@pytest.mark.parametrize(
    ("value", "upwards", "figure"),
    [
        ("127.3", True, "125"), ("127.3", False, "130"), ("2.41", True, "2.4"), ("2.41", False, "2.45"), ("125", True, "125"), ("99.96", True, "99.5"),
        ("100.2", True, "100"), ("99.96", False, "100"), ("0.0637", True, "0.0635"), ("4397", True, "4350"), ("-12.4", True, "-12.5"), ("-12.4", False, "-12"),
        ("0", True, "0"), ("1000.1", True, "1000"), ("123456", True, "120000"),
    ],
)  # fmt: skip
def test_a_figure_is_a_multiple_of_five_in_the_third_digit(value: str, upwards: bool, figure: str) -> None:
    """On the easier side: down for at least, up for at most; without exponent or trailing zeros."""
    assert printed(Grid(None, upwards).easier(Decimal(value))) == figure


@pytest.mark.parametrize(("value", "figure"), [("7.8", "7"), ("35.9", "35"), ("127.3", "125"), ("0.4", "0")])
def test_what_counts_is_whole(value: str, figure: str) -> None:
    assert printed(Grid(Decimal(1), True).easier(Decimal(value))) == figure


@pytest.mark.parametrize("upwards", [True, False])
def test_one_figure_follows_the_other(upwards: bool) -> None:
    """The next harder of the next easier is the figure itself, across powers of ten and zero too."""
    for start in ("0.95", "1", "100", "995", "1000", "-10", "-9.95"):
        grid, figure = Grid(None, upwards), Decimal(start)
        assert grid.easier(figure) == figure
        assert grid.next_harder(grid.next_easier(figure)) == figure
        assert (grid.next_easier(figure) < figure) is upwards


def test_the_figures_of_a_real_plan_are_such_figures() -> None:
    """Every target of the bundled report but one (2.41 %, itself an interpolation) lies on the grid."""
    off = [
        one.name
        for one in kj.datasets.yueyang().targets
        if (figure := getattr(one, "figure", None)) is not None and Grid(None, True).easier(Decimal(figure)) != Decimal(figure)
    ]
    assert off == ["rd_intensity_2022"]


# suggestions


def holds(projection: kj.Projection, found: kj.Suggestion, finest: Decimal | None = None) -> None:
    """The chance is at least the asked one and that of kj.probability, and the next harder figure has less."""
    assert found.chance == kj.probability(projection, found.target)
    assert found.chance.value >= found.asked
    assert found.target.figure == found.figure
    grid = Grid(finest, found.target.upwards)
    assert grid.easier(Decimal(found.figure)) == Decimal(found.figure)
    harder = found.target.model_copy(update={found.target.bound: printed(grid.next_harder(Decimal(found.figure)))})
    assert kj.probability(projection, harder).value < found.asked


@pytest.mark.parametrize("name", ["amount", "index", "share", "firms"])
@pytest.mark.parametrize("bound", ["at_least", "more_than", "at_most", "less_than"])
def test_the_hardest_round_figure_with_the_asked_chance(scales: kj.Projection, name: str, bound: str) -> None:
    """On every scale, from below and above, and of whole counts."""
    finest = Decimal(1) if name == "firms" else None
    found = kj.suggested(scales, kj.Target(name="t", indicator=name, year=2025, **{bound: "1"}), ASKED)
    assert [s.asked for s in found] == list(ASKED)
    for one in found:
        holds(scales, one, finest)
    figures = [float(one) for one in found]
    assert figures == sorted(figures, reverse=bound in ("at_most", "less_than")), "the likelier, the easier"


def test_the_exact_value_has_the_asked_chance() -> None:
    """It is 100·exp(hμ − Φ⁻¹(p)σ√h) for a known walk, and the round figure lies below it by less than a step."""
    projection = kj.project(one_walk(0.08, 0.05, {2022: "100"}))
    for one in kj.suggested(projection, reach("130", 2025), ASKED):
        exact = 100 * math.exp(0.24 - NormalDist().inv_cdf(one.asked) * 0.05 * math.sqrt(3))
        assert one.exact == pytest.approx(exact, rel=1e-9)
        assert 0 <= one.exact - float(one) < 5


def test_a_suggestion_in_another_unit_is_round_there() -> None:
    """In 万元 the figures are those in 亿元 times ten thousand."""
    projection = kj.project(one_walk(0.08, 0.05, {2022: "100"}))
    goal = kj.Target(name="t", indicator="x", year=2025, at_least="1300000", unit="万元")
    own = [float(s) for s in kj.suggested(projection, reach("130", 2025))]
    assert [float(s) / 10_000 for s in kj.suggested(projection, goal)] == own


def test_counts_printed_in_ten_thousands_are_met_half_a_head_before() -> None:
    """0.11 万人 is met from 1099.5 人: where the exact value is 1099.7 it is the hardest round figure."""
    projection = kj.project(one_walk(0.1, 0.08, {2022: "767"}, unit="人"))
    p = 1 - NormalDist().cdf((math.log(1099.7 / 767) - 0.3) / (0.08 * math.sqrt(3)))
    goal = kj.Target(name="t", indicator="x", year=2025, at_least="0.1", unit="万人")
    (found,) = kj.suggested(projection, goal, (p,))
    assert (found.figure, round(found.exact, 6)) == ("0.11", 0.10997)
    assert found.chance == kj.probability(projection, found.target)


def test_published_digits_are_met_half_a_step_before() -> None:
    """With one digit 2.6 is met from 2.55: the figure has no more digits, and may lie above the exact value."""
    study = rd_block()
    projection = kj.project(study, nodes=256)
    goal = kj.Target(name="t", indicator="rd_intensity", year=2025, at_least="2.6", published_digits=1)
    found = kj.suggested(projection, goal, ASKED)
    for one in found:
        holds(projection, one, Decimal("0.1"))
        assert len(one.figure.partition(".")[2]) <= 1
    assert any(float(one) > one.exact for one in found)


@pytest.mark.parametrize("bound", ["at_least", "at_most"])
def test_numbers_of_events_are_whole(counted: kj.Projection, bound: str) -> None:
    """The greatest n with P(N ≥ n) ≥ p, or the least with P(N ≤ n) ≥ p, of one year and of several together."""
    for goal in (kj.Target(name="t", indicator="parks", year=2024, **{bound: "3"}), kj.targets.Added(name="t", indicator="parks", year=2025, since=2022, **{bound: "3"})):
        for one in kj.suggested(counted, goal):
            holds(counted, one, Decimal(1))
            assert one.figure.isdecimal()


def other_kinds() -> list[Any]:
    base: dict[str, Any] = {"name": "t", "indicator": "rd_intensity"}
    return [
        kj.Target(**base, year=2026, when="by", at_least="2.6"),
        kj.Target(**base, year=2024, when="sustained", until=2026, at_least="2.4"),
        kj.Target(**base, year=2024, when="sustained", until=2026, at_most="2.8"),
        kj.targets.Growth(**base, year=2025, since=2021, at_least="3"),
        kj.targets.Added(**base, year=2025, since=2021, at_least="0.3"),
    ]


@pytest.mark.parametrize("goal", other_kinds(), ids=["by", "sustained", "sustained below", "growth", "added"])
def test_targets_of_every_kind_are_suggested(goal: Any) -> None:
    """By a year, sustained, a growth rate, points added since a year: kind, years and side stay."""
    projection = kj.project(rd_block(), nodes=128)
    for one in kj.suggested(projection, goal, (0.7, 0.4)):
        holds(projection, one)
        assert one.target.model_copy(update={one.target.bound: goal.figure}) == goal
    by = kj.suggested(projection, goal, (0.5,))[0]
    at = kj.suggested(projection, kj.Target(name="t", indicator="rd_intensity", year=2026, at_least="2.6"), (0.5,))[0]
    if getattr(goal, "when", "") == "by":
        assert by.exact > at.exact, "by 2026 more is reached than at 2026"


def test_a_suggestion_goes_back_into_the_study() -> None:
    """The target in it takes the old one's place, and the study's own answer is the chance that was stated."""
    study = one_walk(0.08, 0.05, {2022: "100"}).with_target(reach("130", 2025))
    (one,) = kj.suggested(kj.project(study), "t", (0.8,))
    assert kj.probability(kj.project(study.with_target(one.target)), "t").value == one.chance.value


# refusals and words


@pytest.mark.parametrize("wrong", [(), (0.5, 1.0), (0,), 0.8, ("0.8",), "0.8"])
def test_probabilities_are_chances(scales: kj.Projection, wrong: Any) -> None:
    asked = kj.Target(name="t", indicator="amount", year=2025, at_least="1")
    if wrong == 0.8:
        assert len(kj.suggested(scales, asked, wrong)) == 1, "one alone is taken too"
        return
    with pytest.raises(kj.KjprojError, match=r"probabilities are .* expected numbers between 0 and 1"):
        kj.suggested(scales, asked, wrong)


def test_what_has_no_one_figure_is_refused(scales: kj.Projection) -> None:
    """Between two bounds, milestones, and what published figures decide."""
    with pytest.raises(kj.NotAnswerableError, match="t lies between two bounds"):
        kj.suggested(scales, kj.Target(name="t", indicator="amount", year=2025, between=("1", "2")))
    with pytest.raises(kj.NotAnswerableError, match="published figures decide t already"):
        kj.suggested(scales, kj.Target(name="t", indicator="amount", year=2022, at_least="50"))
    zone = {"name": "zone", "unit": "个", "measure": "milestone", "events": {"kind": "milestone", "hazard": 0.2}}
    study = kj.Study.from_dict(document(indicators=[zone], targets=[target("zone_2025", "zone", 2025, kind="milestone")]))
    with pytest.raises(kj.NotAnswerableError, match="zone_2025 has no figure"):
        kj.suggested(kj.project(study), "zone_2025")
    bare = kj.Study.from_dict(document(indicators=[{"name": "y", "unit": "亿元", "motion": walk(0.1, 0.1)}]))
    with pytest.raises(kj.NoBasisError, match="where y stands"):
        kj.suggested(kj.project(bare), reach("1", 2025, "y"))


def test_it_is_said_in_both_languages_and_as_data() -> None:
    """The printed target first, then a line a suggestion, in whole per cent."""
    indicator = {"name": "x", "label": {"zh": "研发经费投入", "en": "R&D spending"}, "unit": "亿元", "motion": walk(0.08, 0.05)}
    study = kj.Study.from_dict(document(indicators=[indicator], evidence=[level("x", 2022, "100", error="0")]))
    found = kj.suggested(kj.project(study), reach("130", 2025), (0.8,))
    assert found.to_text("zh").splitlines() == ["2025年研发经费投入130亿元：完成概率约40%", "完成概率不低于80%：研发经费投入115亿元（约88%）"]
    assert str(found).splitlines() == ["R&D spending 130 亿元 in 2025: about 40 %", "80 % or more: R&D spending 115 亿元 (about 88 %)"]
    data = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert data["suggestions"][0]["figure"] == "115"
    by = kj.Target(name="t", indicator="x", year=2025, when="by", at_least="130")
    found = kj.suggested(kj.project(study), by, (0.5,))
    assert found.to_text("zh").startswith("2025年底前研发经费投入130亿元：")
    assert str(found).startswith("R&D spending 130 亿元 by 2025:")
