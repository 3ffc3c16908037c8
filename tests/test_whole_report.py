"""The bundled study as a whole: every target has a standing, every figure a place, every oddity is found."""

from __future__ import annotations

import math
import re
from functools import cache
from typing import Any

import pytest

import kjproj as kj
from kjproj.answers.overview import Overview, Row

STUDY = kj.datasets.yueyang()
SCENARIOS = ("trend", "slow_economy", "fast_economy", "commitment")
MISSING: dict[str, dict[str, Any]] = {
    "innovation_funds": {"kind": "level", "year": 2022, "value": "60", "unit": "亿元"},
    "patents_per_10k": {"kind": "level", "year": 2022, "value": "5.1", "unit": "件/万人"},
    "park_rd_coverage": {"kind": "level", "year": 2022, "value": "81.5", "unit": "%"},
    "national_incubators_new": {"kind": "level", "year": 2022, "value": "1"},
    **{
        name: {"kind": "judgement", "year": 2025, "chance": 0.6, "reason": "asked"}
        for name in ("national_agricultural_zone", "national_high_tech_zone", "national_innovation_centre")
    },
    **{
        name: {"kind": "level", "year": 2022, "value": value}
        for name, value in {
            "provincial_innovative_counties": "1",
            "provincial_agricultural_parks": "1",
            "talent_teams": "9",
            "new_talents": "12",
            "young_talents": "40",
            "prizes": "11",
        }.items()
    },
}


@cache
def seen() -> Overview:
    return kj.summary(kj.project(STUDY)).overview


def rows_of(indicator: str) -> list[Row]:
    return [row for row in seen().rows if row.target.indicator == indicator]


def test_every_target_is_answered_or_says_what_is_missing() -> None:
    """Open with a chance, observed, or without a basis and with advice; each printed target stands in the table."""
    for row in seen().rows:
        if row.status == "no_basis":
            assert row.advice
            assert re.search(r"add evidence of kind '(level|judgement)'", row.advice)
            assert row.chance is None
            continue
        assert row.status in ("open", "observed")
        assert row.chance is not None
        assert 0 <= row.chance.low <= row.chance.value.value <= row.chance.high <= 1
        assert row.chance.value.stderr < 0.01
    printed = {target.name for target in STUDY.targets}
    assert {row.target.name.partition("@")[0] for row in seen().rows} == printed
    assert {row.target.indicator for row in seen().rows if row.status == "no_basis"} == set(MISSING)


@pytest.mark.parametrize("indicator", MISSING)
def test_one_more_line_answers_a_target_without_a_basis(indicator: str) -> None:
    """A level for amounts, shares and events; a judged chance for milestones."""
    study = STUDY.with_evidence({"indicator": indicator, "source": "report", "section": "asked", **MISSING[indicator]})
    projection = kj.project(study)
    for row in rows_of(indicator):
        assert row.status == "no_basis"
        found = kj.probability(projection, row.target.name)
        assert 0 < found.value < 1, row.target.name
        assert math.isfinite(found.stderr)
        if row.target.kind == "milestone":
            assert found.value == pytest.approx(0.6, abs=1e-9)


def test_all_lines_together_leave_nothing_unanswered() -> None:
    """Thirteen lines, and the whole table is open."""
    study = STUDY.with_evidence(*({"indicator": name, **line} for name, line in MISSING.items()))
    projection = kj.project(study)
    for target in study.questions:
        assert 0 < kj.probability(projection, target).value < 1, target.name


def test_every_figure_and_every_target_says_where_it_stands() -> None:
    """Source and section, the source being one of the study's."""
    known = {source.name for source in STUDY.sources}
    for item in (*STUDY.evidence, *STUDY.targets):
        assert item.source in known
        assert item.section
    assert all(target.nature == "expected" for target in STUDY.targets)


# what does not fit together


def found(kind: str, *about: str) -> kj.Finding:
    """The one finding of a kind that is about all of these."""
    (item,) = [item for item in seen().findings.of(kind) if set(about) <= set(item.about)]
    return item


def says(item: kj.Finding, *figures: str) -> None:
    """Both languages print the figures."""
    for figure in figures:
        assert figure in item.words.en, item.words.en
        assert figure in item.words.zh, item.words.zh


def test_the_targets_imply_three_different_gdps() -> None:
    """150/2.6 %, 300/4.6 % and 2150/33 %: 5769, 6522 and 6515, that is 7.0, 10.4 and 10.3 % a year from 4397."""
    item = found("implied", "rd_spending_2025", "contract_turnover_2025", "high_tech_share_2025")
    gdp = 98.06 / 2.23 * 100
    for name, level, rate in (("rd_spending_2025", 15000 / 2.6, 0.070), ("contract_turnover_2025", 30000 / 4.6, 0.104), ("high_tech_value_added_2025", 215000 / 33, 0.103)):
        assert item.numbers[name] == pytest.approx(level, rel=1e-9)
        assert item.numbers[f"{name}:rate"] == pytest.approx((level / gdp) ** 0.25 - 1, rel=1e-9)
        assert item.numbers[f"{name}:rate"] == pytest.approx(rate, abs=5e-4)
    says(item, "5769", "6522", "6515", "4397")
    assert [rate in item.words.en and rate.replace(" ", "") in item.words.zh for rate in ("7.0 %", "10.4 %", "10.3 %")] == [True] * 3


def test_with_the_largest_gdp_the_intensity_takes_more() -> None:
    """At 6522, 2.6 % takes 169.57 (170 as printed), and 150 is 2.3 %."""
    (crossed,) = [item for item in seen().findings.of("implied") if "needed" in item.numbers]
    assert crossed.numbers["needed"] == pytest.approx(0.026 * 300 / 0.046, rel=1e-9)
    assert crossed.numbers["only"] == pytest.approx(150 / (300 / 0.046) * 100, rel=1e-9)
    says(crossed, "170", "2.3")


def test_the_leap_of_2021_is_named() -> None:
    """The break is read both ways."""
    item = found("leap", "rd_intensity")
    says(item, "2021", "20")
    assert set(seen().branches) == {"growth:rd_intensity:2021", "one_off:rd_intensity:2021"}
    assert sum(seen().branches.values()) == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize(
    ("indicator", "first", "second", "figures"),
    [
        ("rd_intensity", 2.41 - 2.23, (2.60 - 2.41) / 3, ("0.18", "0.06")),
        ("high_tech_enterprises", 800 - 767, (1100 - 800) / 2, ("33", "150")),
        ("contract_turnover", 260 / 200 - 1, (300 / 260) ** 0.5 - 1, ("30.0", "7.4")),
    ],
)
def test_uneven_paces(indicator: str, first: float, second: float, figures: tuple[str, ...]) -> None:
    """.18 then .06 points; 33 then 150 firms; at most 30 % (200 is a bound) then 7.4 %."""
    item = found("uneven_pace", indicator)
    assert (item.numbers["first"], item.numbers["second"]) == pytest.approx((first, second), rel=1e-9)
    says(item, *figures)
    assert ("at most" in item.words.en) is (indicator == "contract_turnover")


def test_the_small_firms_of_2025_lie_below_those_of_2023_and_close_to_2022() -> None:
    """1200 after 1300, with 1169 there already."""
    says(found("below_earlier", "tech_smes_2023", "tech_smes_2025"), "1200", "1300")
    near = found("nearly_met", "tech_smes_2025")
    assert near.numbers["share"] == pytest.approx(1169 / 1200)
    assert near.numbers["share"] > 0.97
    says(near, "1169")


def test_150_and_170_net_new_firms_are_in_conflict() -> None:
    """Birge's factor is 20/(3 %·√(150² + 170²)); weighed and widened they are 158.8 ± 9.9."""
    item = found("conflict")
    places = [int(place.removeprefix("evidence[").removesuffix("]")) for place in item.about]
    values = sorted(float(STUDY.evidence[i].value) for i in places)  # type: ignore[attr-defined]
    assert values == [150.0, 170.0]
    says(item, "150", "170")
    sds = [0.03 * value for value in values]
    assert item.numbers["factor"] == pytest.approx(20 / math.hypot(*sds), rel=1e-9)
    weights = [sd**-2 for sd in sds]
    assert sum(w * v for w, v in zip(weights, values, strict=True)) / sum(weights) == pytest.approx(158.8, abs=0.05)
    assert item.numbers["factor"] / math.sqrt(sum(weights)) == pytest.approx(9.9, abs=0.05)


def test_more_contracts_and_smaller_ones() -> None:
    """200/1070 to 260/1800: 1869 to 1444 万元 each."""
    item = found("ratio_moves", "contract_turnover_2023", "contract_count_2023")
    assert (item.numbers["before"], item.numbers["after"]) == pytest.approx((2_000_000 / 1070, 2_600_000 / 1800), rel=1e-9)
    says(item, "1869", "1444")


def test_three_quarters_of_a_year_say_how_fast() -> None:
    """822.94 makes 1097 or 1127 a year; 2150 takes 25 or 24 %, where 19 % were reached."""
    item = found("part_of_year", "high_tech_value_added_2025")
    totals = (822.94 * 4 / 3, 822.94 / 0.73)
    assert (item.numbers["total 0"], item.numbers["total 1"]) == pytest.approx(totals, rel=1e-9)
    assert [item.numbers[f"rate {k}"] for k in (0, 1)] == pytest.approx([(2150 / t) ** (1 / 3) - 1 for t in totals], rel=1e-9)
    assert item.numbers["stated"] == pytest.approx(0.1904)
    says(item, "1097", "1127", "25.1", "24.0", "19.0")


def test_the_denominator_is_revised_later() -> None:
    """The three ratios to GDP, with what they become."""
    item = found("revisable", "rd_intensity_2025", "contract_intensity_2025", "high_tech_share_2025")
    says(item, "2.55", "4.51", "32.4")


def test_nothing_else_is_found() -> None:
    """Twelve findings, each about something above."""
    kinds = [item.kind for item in seen().findings]
    assert sorted(kinds) == sorted(
        [*["implied"] * 2, "leap", *["uneven_pace"] * 3, "below_earlier", "nearly_met", "part_of_year", "ratio_moves", "conflict", "revisable"]
    )


# scenarios and screens


def test_the_scenarios_are_the_four_and_order_as_they_should() -> None:
    """A slower economy lowers spending and a faster one raises it; kept interim targets raise what follows them."""
    assert tuple(scenario.name for scenario in STUDY.scenarios) == SCENARIOS
    by = {name: kj.project(STUDY, name) for name in SCENARIOS}
    spending = {name: kj.probability(p, "rd_spending_2025").value for name, p in by.items()}
    assert spending["slow_economy"] < spending["trend"] - 0.05 < spending["trend"] + 0.05 < spending["fast_economy"]
    for name in ("rd_intensity_2025", "high_tech_enterprises_2025", "tech_smes_2025", "contract_turnover_2025"):
        trend, kept = (kj.probability(by[scenario], name).value for scenario in ("trend", "commitment"))
        assert kept > trend
    for interim in ("rd_intensity_2022", "contract_count_2023", "credit_loans_2023", "tech_smes_2023"):
        trend = kj.probability(by["trend"], interim).value
        assert kj.probability(by["commitment"], interim).value == pytest.approx(0.5 + 0.5 * trend, abs=2e-3)
    assert kj.probability(by["slow_economy"], "tech_smes_2025").value == kj.probability(by["trend"], "tech_smes_2025").value


ENGLISH = re.compile(r"[A-Za-z]{3,}")
ALLOWED = {"GDP"}


def test_the_chinese_screen_has_chinese_headings() -> None:
    """No line that heads a section or a table holds an English word."""
    lines = kj.summary(seen().projection).to_text("zh", 120).splitlines()
    heads = [lines[0], *(line for line, below in zip(lines, lines[1:], strict=False) if below.startswith("---"))]
    heads += [line for above, line in zip(["", *lines], lines, strict=False) if not above and line and len(line) < 30]
    assert len(heads) > 12
    for line in heads:
        assert not set(ENGLISH.findall(line)) - ALLOWED, line
    assert any("结论" in line for line in heads)


def test_the_english_screen_names_the_same_targets() -> None:
    """Every indicator with a target stands there by its English label."""
    text = " ".join(kj.summary(seen().projection).to_text("en", 160).split())
    for row in seen().rows:
        label = STUDY.indicator(row.target.indicator).label
        assert label is not None
        assert label.en in text
