"""A whole's target split among members: the parts add up, the rules do what they say, and chances are exact."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import multivariate_normal
from studies import document, inv_chi2, level, normal, rd_block, target, walk

import kjproj as kj
from kjproj.cli import main

PHI = NormalDist().cdf
KNOWN = {"a": ("60", 0.05, 0.04), "b": ("25", 0.12, 0.10), "c": ("10", 0.02, 0.25)}
"""Last level, drift and volatility of three members, all known."""
H = 3


def known(*, unit: str = "亿元", scale: str = "log", correlation: float = 0.0, **bound: str) -> kj.Study:
    """A whole that is the sum of three members with known drifts and volatilities, on `scale`; a target for 2025."""
    measure = {"unit": unit, "scale": {"kind": scale}}
    size = {name: (float(value) if scale == "linear" else 1.0) for name, (value, _, _) in KNOWN.items()}
    members = [{"name": n, **measure, "motion": walk(m * size[n], s * size[n])} for n, (_, m, s) in KNOWN.items()]
    links = [{"between": ["a", "b"], "value": correlation, "reason": "r"}] if correlation else []
    return kj.Study.from_dict(
        document(
            indicators=[*members, {"name": "whole", **measure}],
            identities=[{"kind": "sum", "result": "whole", "parts": list(KNOWN)}],
            correlations=links,
            evidence=[level(n, 2022, value, error="0") for n, (value, _, _) in KNOWN.items()],
            targets=[target("whole_2025", "whole", 2025, **(bound or {"at_least": "120"}))],
        )
    )


@pytest.fixture(scope="module")
def city() -> kj.Projection:
    """A whole of its own, with unknown volatility, that is no sum of anything."""
    data = document(
        indicators=[{"name": "whole", "unit": "亿元", "label": {"zh": "研发经费投入", "en": "R&D spending"}, "reference_class": "rd_spending", "region": "city"}],
        evidence=[level("whole", 2020, "80.1"), level("whole", 2021, "88.0"), level("whole", 2022, "98.06")],
        targets=[target("whole_2025", "whole", 2025, at_least="130")],
        scenarios=[
            {"name": "trend", "reason": "r"},
            {"name": "slow", "reason": "r", "label": {"zh": "放缓", "en": "slow"}, "changes": [{"indicator": "whole", "drift": 0.02}]},
        ],
    )
    return kj.project(kj.Study.from_dict(data))


COUNTIES = {"east": {2021: "50.1", 2022: "57.0"}, "west": {2022: "30.2"}, "高新区": {2020: "9.1", 2021: "9.5", 2022: "10.86"}}


def parts(found: kj.Allocation) -> list[float]:
    return [portion.value for portion in found.portions]


# the parts add up


@pytest.mark.parametrize("rule", ["equal_chance", "same_growth", "share", kj.InShares({"a": 1, "b": 1, "c": 1})], ids=str)
@pytest.mark.parametrize("bound", [{"at_least": "120"}, {"at_least": "120.37"}, {"at_most": "118"}, {"more_than": "99.9"}], ids=str)
def test_printed_parts_add_up_to_the_target_exactly(rule: Any, bound: dict[str, str]) -> None:
    """Σ parts = target in decimal arithmetic, each part within one step of the exact one, with one digit more than the target."""
    found = kj.allocate(kj.project(known(**bound)), "whole_2025", list(KNOWN), rule=rule)
    (figure,) = bound.values()
    digits = len(figure.partition(".")[2]) + 1
    assert sum(round(float(p.figure) * 10**digits) for p in found.portions) == round(float(figure) * 10**digits)
    for p in found.portions:
        assert len(p.figure.partition(".")[2]) == digits
        assert abs(p.value - p.exact) < 10.0**-digits + 1e-9
    assert math.fsum(p.exact for p in found.portions) == pytest.approx(float(figure), rel=1e-9)


def test_counts_are_split_into_whole_ones_and_more_than_n_is_at_least_n_plus_1() -> None:
    """1,100 firms among three: whole numbers that add up; "more than 1,100" asks for 1,101 in all."""
    for bound, total in ({"at_least": "1100"}, 1100), ({"more_than": "1100"}, 1101), ({"less_than": "90"}, 89):
        found = kj.allocate(kj.project(known(unit="家", **bound)), "whole_2025", list(KNOWN), rule="share")
        assert all(p.figure.isdigit() for p in found.portions)
        assert sum(int(p.figure) for p in found.portions) == total


def test_a_small_part_keeps_two_digits() -> None:
    """A member with a share of 0.03 % is printed as 0.037, not as 0.0."""
    shares = kj.InShares({"a": 1000, "b": 1, "c": 0.308})
    found = kj.allocate(kj.project(known()), "whole_2025", list(KNOWN), rule=shares)
    assert [p.figure for p in found.portions] == ["119.843", "0.120", "0.037"]


def test_a_target_in_another_unit_is_split_in_that_unit() -> None:
    """1,200,000 万元 are split into 万元, and the chances are those of 120 亿元."""
    a = kj.allocate(kj.project(known(at_least="1200000")), kj.Target(name="t", indicator="whole", year=2025, at_least="1200000", unit="万元"), list(KNOWN))
    b = kj.allocate(kj.project(known()), "whole_2025", list(KNOWN))
    assert a.unit == "万元"
    assert sum(parts(a)) == pytest.approx(1_200_000, abs=1e-6)
    assert parts(a) == pytest.approx([1e4 * p.exact for p in b.portions], abs=0.1)
    assert a.whole.value == b.whole.value


# the rules


@pytest.mark.parametrize("bound", [{"at_least": "120"}, {"at_most": "110"}], ids=str)
def test_equal_chances_are_those_of_the_closed_form(bound: dict[str, str]) -> None:
    """Σ L_i·exp(hμ_i − zσ_i√h) = goal has one root z; every exact part is met with Φ(z), for a floor and for a cap."""
    (figure,) = bound.values()
    sign = 1 if "at_least" in bound else -1

    def reached(z: float) -> list[float]:
        return [float(v) * math.exp(H * m - sign * z * s * math.sqrt(H)) for v, m, s in KNOWN.values()]

    z = brentq(lambda z: sum(reached(z)) - float(figure), -6, 6, xtol=1e-14)
    projection = kj.project(known(**bound))
    found = kj.allocate(projection, "whole_2025", list(KNOWN))
    assert [p.exact for p in found.portions] == pytest.approx(reached(z), rel=1e-9)
    for p in found.portions:
        exact = kj.Target(name="t", indicator=p.name, year=2025, **{next(iter(bound)): f"{p.exact:.14f}"})
        assert kj.probability(projection, exact).value == pytest.approx(PHI(z), abs=1e-9)
        assert p.chance.value == pytest.approx(PHI(z), abs=0.02), "that of the printed part"


def test_equal_chances_are_equal_where_volatilities_are_unknown(city: kj.Projection) -> None:
    """To 1e-6 at the exact parts, for members with one, two and three figures of their own."""
    found = kj.allocate(city, "whole_2025", COUNTIES)
    chances = [
        kj.probability(found.projection, kj.Target(name="t", indicator=p.indicator, year=2025, at_least=f"{p.exact:.13f}")).value
        for p in found.portions
    ]
    assert max(chances) - min(chances) < 1e-6
    assert [p.chance.value for p in found.portions] == pytest.approx(chances, abs=0.01)


def test_same_growth_is_one_factor_and_one_rate_where_figures_are_of_different_years(city: kj.Projection) -> None:
    """With figures of one year parts are proportional to them; else Σ latest·(1 + g)^(years) = goal with one g."""
    one_year = kj.allocate(kj.project(known()), "whole_2025", list(KNOWN), rule="same_growth")
    assert [p.exact for p in one_year.portions] == pytest.approx([120 * x / 95 for x in (60, 25, 10)], rel=1e-12)
    found = kj.allocate(city, "whole_2025", {"x": {2020: "40"}, "y": {2022: "50"}}, rule="same_growth")
    x, y = (p.exact for p in found.portions)
    assert (x / 40) ** (1 / 5) == pytest.approx((y / 50) ** (1 / 3), rel=1e-12)
    assert x + y == pytest.approx(130, rel=1e-12)


def test_shares_are_the_last_figures_unless_given() -> None:
    """In proportion to 60, 25, 10; or to any numbers above 0, whatever they add up to."""
    projection = kj.project(known())
    own = kj.allocate(projection, "whole_2025", list(KNOWN), rule="share")
    assert [p.exact for p in own.portions] == pytest.approx([120 * x / 95 for x in (60, 25, 10)], rel=1e-12)
    given = kj.allocate(projection, "whole_2025", list(KNOWN), rule=kj.InShares({"c": 1, "a": 2, "b": 1}))
    assert [p.figure for p in given.portions] == ["60.0", "30.0", "30.0"]
    assert [given.share(p) for p in given.portions] == [0.5, 0.25, 0.25]


def test_a_rule_of_ones_own_is_taken_and_must_add_up() -> None:
    """A class that derives from SplitRule may be handed in; parts that miss the target are refused."""

    class First(kj.SplitRule):
        def __init__(self, gives: float) -> None:
            self.gives = gives

        def parts(self, split: kj.Split) -> Sequence[float]:
            rest = (split.goal - self.gives) / (len(split.names) - 1)
            return [70.0, *[rest] * (len(split.names) - 1)]

        def describe(self, lang: str) -> str:
            return "the first gets 70"

    projection = kj.project(known())
    found = kj.allocate(projection, "whole_2025", list(KNOWN), rule=First(70.0))
    assert [p.figure for p in found.portions] == ["70.0", "25.0", "25.0"]
    assert "the first gets 70" in str(found)
    with pytest.raises(kj.KjprojError, match="add up to 122; expected 120"):
        kj.allocate(projection, "whole_2025", list(KNOWN), rule=First(68.0))


# chances


@pytest.mark.parametrize("correlation", [0.0, 0.6])
def test_on_linear_scales_every_chance_is_a_normal_one(correlation: float) -> None:
    """The whole, all parts, and the whole given a part, from the joint normal law of members and their sum."""
    found = kj.allocate(kj.project(known(scale="linear", correlation=correlation)), "whole_2025", list(KNOWN), rule="share")
    mean = np.array([float(v) * (1 + H * m) for v, m, _ in KNOWN.values()])
    sd = np.array([float(v) * s * math.sqrt(H) for v, _, s in KNOWN.values()])
    matrix = np.eye(3)
    matrix[0, 1] = matrix[1, 0] = correlation
    cov = matrix * np.outer(sd, sd)
    goals = np.array(parts(found))
    spread = math.sqrt(cov.sum())
    assert found.whole.value == pytest.approx(PHI((mean.sum() - 120) / spread), abs=1e-12)
    assert found.together.value == found.whole.value
    assert [p.chance.value for p in found.portions] == pytest.approx([PHI((m - g) / s) for m, g, s in zip(mean, goals, sd, strict=True)], abs=1e-12)
    every = multivariate_normal(cov=cov, seed=0, maxpts=3_000_000, abseps=1e-7, releps=1e-7).cdf(mean - goals)
    assert found.every.value == pytest.approx(every, abs=5e-6 + 5 * found.every.stderr)
    for i, p in enumerate(found.portions):
        both = np.array([[cov.sum(), cov[i].sum()], [cov[i].sum(), cov[i, i]]])
        joint = multivariate_normal(cov=both).cdf([mean.sum() - 120, mean[i] - goals[i]])
        assert p.whole_given is not None
        assert p.whole_given.value == pytest.approx(joint / p.chance.value, abs=1e-7)


def test_the_whole_is_met_wherever_every_part_is(city: kj.Projection) -> None:
    """On sample paths the sum of the members reaches the target on each path on which all of them reach their parts."""
    for found in kj.allocate(kj.project(known()), "whole_2025", list(KNOWN)), kj.allocate(city, "whole_2025", COUNTIES):
        paths = kj.sample(found.projection, 20_000, first_year=2025, last_year=2025).values
        levels = np.stack([paths[p.indicator][:, 0] for p in found.portions])
        every = (levels >= np.array(parts(found))[:, None]).all(axis=0)
        assert every.any()
        assert (levels.sum(axis=0)[every] >= found.goal - 1e-9).all()
        assert found.whole_given_every == kj.Estimate(1.0, 0.0, "closed form")
        assert every.mean() == pytest.approx(found.every.value, abs=0.015)
        assert (levels.sum(axis=0) >= found.goal).mean() == pytest.approx(found.together.value, abs=0.015)


def test_a_member_that_meets_its_part_raises_the_wholes_chance(city: kj.Projection) -> None:
    """P(sum | part) > P(sum) for every member, most for the largest; P(all | sum)·P(sum) = P(all)."""
    found = kj.allocate(city, "whole_2025", COUNTIES)
    given = [p.whole_given.value for p in found.portions if p.whole_given is not None]
    assert all(value > found.together.value for value in given)
    assert given[0] == max(given)
    assert found.every_given_whole.value * found.together.value == pytest.approx(found.every.value, rel=1e-12)
    assert found.every.value < min(p.chance.value for p in found.portions)


# places that are not in the study


def test_places_move_as_the_whole_does_and_share_what_its_class_has_in_common(city: kj.Projection) -> None:
    """They borrow the class, one size of region smaller; correlated through the class's common draw; all of it is said."""
    found = kj.allocate(city, "whole_2025", COUNTIES)
    study = found.projection.study
    members = [study.indicator(p.indicator) for p in found.portions]
    assert {(i.reference_class, i.region, i.unit) for i in members} == {("rd_spending", "county", "亿元")}
    paths = kj.sample(found.projection, 40_000, first_year=2025, last_year=2025).values
    east, west = (np.log(paths[p.indicator][:, 0]) for p in found.portions[:2])
    assert np.corrcoef(east, west)[0, 1] > 0.02
    said = found.to_text("zh")
    assert "同类经验“全社会研发经费投入”" in said
    assert "用于县区，方差放大为4倍" in said
    assert "今后各年同类地区共有的增减一并变动" in said


def test_splitting_leaves_the_whole_as_it_is_projected(city: kj.Projection) -> None:
    """Places of which no figure of the study speaks change no answer about it."""
    found = kj.allocate(city, "whole_2025", COUNTIES)
    assert found.whole.value == kj.probability(city, "whole_2025").value
    assert kj.probability(found.projection, "whole_2025").value == pytest.approx(found.whole.value, abs=1e-12)


def test_a_scenario_about_the_whole_is_carried_over_to_the_places(city: kj.Projection) -> None:
    """Under a lower drift of the whole's every chance falls; its class as a whole would have been changed too."""
    slow = kj.project(city.study, "slow")
    a, b = (kj.allocate(p, "whole_2025", COUNTIES, rule="same_growth") for p in (city, slow))
    assert all(x.chance.value > y.chance.value + 0.1 for x, y in zip(a.portions, b.portions, strict=True))
    assert "not carried over" not in str(b)


def test_a_scenario_about_what_the_whole_is_derived_from_is_said_not_to_be_carried_over() -> None:
    """R&D spending is GDP · intensity; its counties move by the class of its name, whatever GDP does, and the text says so."""
    projection = kj.project(rd_block(), nodes=256)
    changed = {"indicator": "gdp", "drift": 0.03}
    study = kj.Study.from_dict({**projection.study.to_dict(), "scenarios": [{"name": "slow", "reason": "r", "changes": [changed]}]})
    found = kj.allocate(kj.project(study, nodes=256), "spending", {"x": "50.0", "y": "48.06"}, rule="share")
    assert "what the scenario “slow” changes is not carried over" in str(found)
    assert "by the class “R&D spending”" in str(found)
    assert [p.year for p in found.portions] == [2021, 2021], "a text alone is of the year of the whole's last figure"


def test_what_the_members_lack_of_the_whole_is_said(city: kj.Projection) -> None:
    """57.0 + 30.2 + 10.86 = 98.06 is all of it; without the last the members make up 89 %."""
    assert "Please check" not in str(kj.allocate(city, "whole_2025", COUNTIES, rule="share"))
    two = {name: COUNTIES[name] for name in ("east", "west")}
    assert "in 2022 the members add up to 87.2 亿元, 88.9 % of the whole's 98.06" in str(kj.allocate(city, "whole_2025", two, rule="share"))


def test_a_motion_of_ones_own_is_lent_too() -> None:
    """Places have independent draws of its beliefs, and the text says so."""
    data = document(
        indicators=[{"name": "whole", "unit": "亿元", "motion": walk(normal(0.1, 0.02), inv_chi2(6, 0.05))}],
        evidence=[level("whole", 2022, "100")],
        targets=[target("whole_2025", "whole", 2025, at_least="130")],
    )
    found = kj.allocate(kj.project(kj.Study.from_dict(data)), "whole_2025", {"x": "60", "y": "40"})
    assert "the places are independent of each other" in str(found)
    assert found.every.value == pytest.approx(found.portions[0].chance.value * found.portions[1].chance.value, rel=1e-3)


# a larger study


def test_a_larger_study_takes_over_what_is_computed_and_knows_its_new_identities() -> None:
    """A sum that is added to two correlated indicators in one block has their joint normal law; readings are kept."""
    data = known(scale="linear", correlation=0.6).to_dict()
    data["indicators"], data["identities"], data["targets"] = data["indicators"][:3], [], []
    projection = kj.project(kj.Study.from_dict(data))
    whole = {"name": "ab", "unit": "亿元", "scale": {"kind": "linear"}}
    wider = projection.extended(kj.Study.from_dict({**data, "indicators": [*data["indicators"], whole], "identities": [{"kind": "sum", "result": "ab", "parts": ["a", "b"]}]}))
    assert wider.block("a").readings is projection.block("a").readings
    mean = 60 * (1 + H * 0.05) + 25 * (1 + H * 0.12)
    a, b = 60 * 0.04 * math.sqrt(H), 25 * 0.10 * math.sqrt(H)
    sd = math.sqrt(a * a + b * b + 2 * 0.6 * a * b)
    found = kj.attainable(wider, "ab", 2025, probability=0.2).value
    assert found == pytest.approx(mean + NormalDist().inv_cdf(0.8) * sd, rel=1e-12)


def test_a_larger_study_is_read_as_the_smaller_one_was(city: kj.Projection) -> None:
    """Given one reading of a break, and with a class's spreads halved, answers stay as they were."""
    halved = city.varied(spreads={"rd_spending": 0.5})
    wider = halved.extended(city.study.with_target(target("more_2025", "whole", 2025, at_least="140")))
    assert kj.probability(wider, "whole_2025").value == kj.probability(halved, "whole_2025").value != kj.probability(city, "whole_2025").value
    projection = kj.project(rd_block(leap=0.2), nodes=256)
    for changed in (projection.read_as("growth:rd_intensity:2021"), projection.read_as("one_off:rd_intensity:2021")):
        wider = changed.extended(changed.study.with_target({"name": "t", "indicator": "gdp", "year": 2025, "at_least": "5000"}))
        assert kj.probability(wider, "intensity").value == kj.probability(changed, "intensity").value


# what is shown


@pytest.mark.parametrize(("lang", "wanted"), [("zh", ("责任单位", "合计", "总目标完成概率约", "不是考核结果", "最大余数法")), ("en", ("member", "sum", "largest remainders", "not an assessment"))])
def test_the_text_has_a_table_and_says_what_it_means(city: kj.Projection, lang: Any, wanted: tuple[str, ...]) -> None:
    """Parts with their chances, the sum below, the joint chances, the assumptions, and the closing line."""
    text = kj.allocate(city, "whole_2025", COUNTIES).to_text(lang)
    assert all(words in text for words in wanted), text
    assert "130.0" in text
    assert not any(word in text for word in ("nan", "None"))


def test_data_and_frame_hold_a_row_a_member(city: kj.Projection) -> None:
    """The numbers are those of the result."""
    found = kj.allocate(city, "whole_2025", COUNTIES)
    data, frame = found.to_dict(), found.to_frame()
    assert [row["part"] for row in data["portions"]] == frame["part"].tolist() == parts(found)
    assert frame["member"].tolist() == list(COUNTIES)
    assert (data["whole"], data["every"]) == (found.whole.value, found.every.value)


# the command


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("m.csv", "县区,年份,数值\neast,2021,50.1\neast,2022,57.0\nwest,2022,30.2\n高新区,2020,9.1\n高新区,2021,9.5\n高新区,2022,10.86\n"),
        ("m.json", '{"east": {"2021": "50.1", "2022": "57.0"}, "west": "30.2", "高新区": {"2020": "9.1", "2021": "9.5", "2022": "10.86"}}'),
        ("m.yaml", 'east: {2021: "50.1", 2022: "57.0"}\nwest: {2022: "30.2"}\n高新区: {2020: "9.1", 2021: "9.5", 2022: "10.86"}\n'),
        (None, "east.2021=50.1,east.2022=57.0,west=30.2,高新区.2020=9.1,高新区.2021=9.5,高新区.2022=10.86"),
    ],
    ids=("csv", "json", "yaml", "pairs"),
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_command_takes_figures_in_every_form(city: kj.Projection, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str | None, content: str, encoding: str) -> None:
    """A table, JSON, YAML or pairs state the same figures; what a Chinese spreadsheet program writes is read too."""
    if encoding == "gb18030" and name != "m.csv":
        return
    study, members = tmp_path / "study.json", content
    city.study.to_file(study)
    if name is not None:
        (tmp_path / name).write_text(content, encoding=encoding)
        members = str(tmp_path / name)
    assert main(["allocate", "whole_2025", "--members", members, "--study", str(study), "--lang", "zh"]) == 0
    assert capsys.readouterr().out == kj.allocate(city, "whole_2025", COUNTIES).to_text("zh")


def test_the_command_takes_names_a_rule_a_class_and_gives_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Names of the study's indicators; --rule, --class and --json."""
    study = tmp_path / "study.json"
    known().to_file(study)
    assert main(["allocate", "whole_2025", "--members", "a, b,c", "--rule", "share", "--study", str(study), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [row["part"] for row in found["portions"]] == parts(kj.allocate(kj.project(known()), "whole_2025", list(KNOWN), rule="share"))
    assert main(["allocate", "whole_2025", "--members", "x=50,y=45", "--study", str(study), "--class", "generic_positive", "--lang", "en"]) == 0
    assert "by the class" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ("east=", "expected NAME=VALUE"),
        ("east=50,east=40", "stands twice"),
        ("east.2021=50,east=40", "stands twice"),
        ("no.csv", "cannot be read"),
        ("a,b", "unknown indicator 'a'"),
        ("east=fifty,west=40", "is not a figure"),
    ],
)
def test_the_command_says_what_is_wrong_with_members(members: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 1, and on standard error where and what to do."""
    monkeypatch.chdir(tmp_path)
    assert main(["allocate", "rd_spending_2025", "--members", members, "--lang", "en"]) == 1
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(("rows", "words"), [("east,2021\nwest,2021,5,6\n", "row 2"), ("east,21,50\n", "four digits"), ("", "no figures given")])
def test_the_command_says_which_row_is_wrong(rows: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A row has name and value, or name, year and value."""
    (tmp_path / "m.csv").write_text(rows, encoding="utf-8")
    assert main(["allocate", "rd_spending_2025", "--members", str(tmp_path / "m.csv"), "--lang", "en"]) == 1
    assert words in capsys.readouterr().err


# what is refused


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"rule": "fair"}, "expected equal_chance, same_growth, share"),
        ({"rule": kj.InShares({"east": 1})}, "the share of west is None"),
        ({"rule": kj.InShares({"east": 1, "west": 1, "高新区": 1, "north": 1})}, "a share is given for 'north'"),
        ({"members": {"east": "50"}}, "among two or more"),
        ({"members": {"east": 50, "west": "48"}}, "expected text by year"),
        ({"members": {"east": {2026: "50"}, "west": "48"}}, "no year up to as_of"),
        ({"members": ["whole", "gdp"]}, "unknown indicator 'gdp'"),
        ({"members": ["whole", "whole"]}, "whole is no sum in this study"),
        ({"members": "east"}, "expected names of indicators, or figures by place"),
        ({"reference_class": "gdpp"}, "unknown reference class"),
        ({"target": kj.Target(name="t", indicator="whole", year=2025, between=("120", "130"))}, "no single bound"),
        ({"target": kj.Target(name="t", indicator="whole", year=2025, at_least="120", when="by")}, "no single bound"),
    ],
    ids=str,
)
def test_wrong_questions_are_refused_with_what_to_do(city: kj.Projection, change: dict[str, Any], words: str) -> None:
    """Each error says what was given and what was expected."""
    asked = {"target": "whole_2025", "members": COUNTIES, **change}
    with pytest.raises(kj.KjprojError, match=words):
        kj.allocate(city, asked.pop("target"), asked.pop("members"), **asked)


def test_a_ratio_is_not_split() -> None:
    """Counties' R&D intensities do not add up to the city's."""
    with pytest.raises(kj.KjprojError, match="its members' ratios do not add up"):
        kj.allocate(kj.project(kj.datasets.yueyang()), "rd_intensity_2025", {"x": "2.0", "y": "0.23"})


def test_a_whole_without_class_or_motion_says_which_classes_fit() -> None:
    """A derived whole whose name is no class's has none to lend; the error lists those of its quantity."""
    data = rd_block().to_dict()
    data["indicators"][2]["name"] = data["identities"][0]["result"] = data["evidence"][0]["indicator"] = data["targets"][0]["indicator"] = "outlay"
    projection = kj.project(kj.Study.from_dict(data), nodes=256)
    with pytest.raises(kj.NoBasisError, match=r"outlay is derived by an identity .*those that fit: .*rd_spending"):
        kj.allocate(projection, "spending", {"x": "50.0", "y": "48.06"})
    found = kj.allocate(projection, "spending", {"x": "50.0", "y": "48.06"}, reference_class="generic_positive")
    assert "quantities" in str(found)


def test_members_that_do_not_add_up_to_the_whole_are_said_first() -> None:
    study = kj.Study.from_levels({"x": {2021: "300", 2022: "318"}}, unit="家", reference_class="generic_positive")
    projection = kj.project(study.with_target(kj.Target(name="t", indicator="x", year=2025, at_least="450")))
    wrong = kj.allocate(projection, "t", {"A": {2022: "2000"}, "B": {2022: "1180"}})
    assert wrong.to_text("zh").splitlines()[1] == "请核对：2022年各单位合计3180家，为总量318家的1000%。"
    assert wrong.to_dict()["check"] is not None
    right = kj.allocate(projection, "t", {"A": {2022: "200"}, "B": {2022: "118"}})
    assert right.check is None
