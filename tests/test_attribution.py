"""Why a chance changed: parts add up, no order is preferred, what bears on nothing gets nothing."""

from __future__ import annotations

import json
import math
from datetime import date
from itertools import permutations
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from studies import document, level, normal, target, walk

import kjproj as kj
import kjproj.numerics.shapley
from kjproj.cli import main

MARCH, JULY = "2022-03-01", "2022-07-01"
PLAIN: dict[str, Any] = {
    "sources": [{"name": "first", "published": MARCH}, {"name": "second", "published": JULY}],
    "indicators": [
        {"name": "x", "label": {"zh": "投入", "en": "spending"}, "unit": "亿元", "motion": walk(normal(0.07, 0.02), 0.05)},
        {"name": "y", "label": {"zh": "强度", "en": "intensity"}, "unit": "%", "measure": "ratio", "motion": walk(normal(0.03, 0.02), 0.04)},
        {"name": "far", "label": {"zh": "企业", "en": "firms"}, "unit": "家", "motion": walk(0.05, 0.05)},
    ],
    "correlations": [{"between": ["x", "y"], "value": -0.4, "reason": "r"}],
    "evidence": [level("x", 2020, "100"), level("y", 2020, "2.00"), level("far", 2020, "500")],
    "targets": [target("t", "x", 2025, at_least="140"), target("u", "y", 2025, at_least="2.4"), target("v", "far", 2025, at_least="600")],
}


def study(**parts: Any) -> kj.Study:
    return kj.Study.from_dict(document(**{**PLAIN, **parts}))


def changed(*evidence: dict[str, Any], **parts: Any) -> kj.Study:
    """The plain study with more figures, and other parts."""
    return study(evidence=[*PLAIN["evidence"], *evidence], **parts)


def motion(name: str, **fields: Any) -> list[dict[str, Any]]:
    return [{**i, **fields} if i["name"] == name else i for i in PLAIN["indicators"]]


def chance(of: kj.Study, name: str = "t", **more: Any) -> float:
    return kj.probability(kj.project(of, **more), name).value


def why(before: kj.Study, after: kj.Study, name: str = "t", **more: Any) -> kj.Attribution:
    found = kj.attribution(kj.project(before), kj.project(after), name, **more)
    assert_adds_up(found)
    assert (found.before.value, found.after.value) == (chance(before, name), chance(after, name))
    return found


def assert_adds_up(found: kj.Attribution) -> None:
    assert math.fsum(p.points for p in found.parts) == pytest.approx(found.after.value - found.before.value, abs=1e-12)


def words(found: kj.Attribution) -> list[str]:
    return [part.words("en") for part in found.parts]


X21 = level("x", 2021, "112", source="first")
Y21 = level("y", 2021, "2.20", source="first")
FAR21 = level("far", 2021, "900", source="first")
X22 = level("x", 2022, "118", source="second")


# Shapley's axioms


def test_two_changes_of_one_day_share_as_worked_out_by_hand() -> None:
    """Known drift and volatility: P = Φ((ln(L/B) + hμ)/(σ√h)) from the last exact level; a figure and a bound of one day."""
    own = [{"name": "x", "unit": "亿元", "motion": walk(0.08, 0.05)}]
    exact = [level("x", 2020, "100", error="0"), level("x", 2021, "112", error="0", source="first")]
    before = study(indicators=own, correlations=[], evidence=exact[:1], targets=[target("t", "x", 2025, at_least="150")])
    after = study(indicators=own, correlations=[], evidence=exact, targets=[target("t", "x", 2025, at_least="155", source="first")])

    def p(last: float, years: int, goal: float) -> float:
        return NormalDist().cdf((math.log(last / goal) + years * 0.08) / (0.05 * math.sqrt(years)))

    figure = ((p(112, 4, 150) - p(100, 5, 150)) + (p(112, 4, 155) - p(100, 5, 155))) / 2
    bound = ((p(100, 5, 155) - p(100, 5, 150)) + (p(112, 4, 155) - p(112, 4, 150))) / 2
    found = why(before, after)
    by_words = {part.words("en"): part for part in found.parts}
    assert by_words["x 112 亿元 in 2021"].points == pytest.approx(figure, abs=1e-12)
    assert by_words["target for x in 2025: ≥150 → ≥155"].points == pytest.approx(bound, abs=1e-12)
    assert {part.published for part in found.parts} == {date(2022, 3, 1)}


def test_three_changes_of_one_day_are_the_mean_over_six_orders() -> None:
    """By definition, on studies that are built one by one."""
    figures = [X21, Y21, level("y", 2019, "1.90", source="first")]
    v = {k: chance(changed(*(f for i, f in enumerate(figures) if k >> i & 1))) for k in range(8)}
    expected = np.zeros(3)
    for order in permutations(range(3)):
        made = 0
        for i in order:
            expected[i] += (v[made | 1 << i] - v[made]) / 6
            made |= 1 << i
    found = why(study(), changed(*figures))
    by_words = {part.words("en"): part.points for part in found.parts}
    assert [by_words[w] for w in ("spending 112 亿元 in 2021", "intensity 2.20 % in 2021", "intensity 1.90 % in 2019")] == pytest.approx(expected, abs=1e-12)
    assert np.ptp(np.abs(expected)) > 1e-3


def test_what_bears_on_nothing_gets_exactly_nothing() -> None:
    """A figure, a belief, a step and a bound of an unconnected indicator; and the other way round only they count."""
    steps = [{"indicator": "far", "year": 2024, "size": 0.1, "reason": "r"}]
    targets = [*PLAIN["targets"][:2], target("v", "far", 2025, at_least="700")]
    after = changed(X21, FAR21, indicators=motion("far", motion=walk(0.09, 0.05)), steps=steps, targets=targets)
    found = why(study(), after)
    still = [part for part in found.parts if "firms" in part.words("en")]
    assert len(still) == 3, "another target's bound is no change of this one"
    assert all((part.points, part.stderr) == (0.0, 0.0) for part in still)
    (moved,) = [part for part in found.parts if part.points]
    assert moved.words("en") == "spending 112 亿元 in 2021"
    other = why(study(), after, "v")
    assert {part.words("en").partition(" ")[0] for part in other.parts if not part.points} == {"spending"}
    assert sum(bool(part.points) for part in other.parts) == 4


def test_a_correlation_connects() -> None:
    """A figure about the other indicator counts, through the correlation alone."""
    assert why(study(), changed(Y21)).parts[0].points != 0.0
    assert why(study(correlations=[]), changed(Y21, correlations=[])).parts[0].points == 0.0


def test_a_shared_bias_connects() -> None:
    """Two figures read with one unknown bias: the second one tells of the bias, and so of the first one's level."""
    bias = {"bias": {"name": "survey", "sd": 0.1, "reason": "r"}}
    x, y = {**X21, **bias}, {**Y21, **bias}
    before, after = changed(x, correlations=[]), changed(x, y, correlations=[])
    assert why(before, after).parts[0].points != 0.0
    assert why(before, changed(x, Y21, correlations=[])).parts[0].points == 0.0


def test_a_commitment_connects() -> None:
    """An interim target on the product of two indicators, said to be kept, ties them together."""
    parts: dict[str, Any] = {
        "indicators": [*PLAIN["indicators"], {"name": "z", "unit": "亿元"}], "correlations": [],
        "identities": [{"kind": "product", "result": "z", "factors": ["x", "y"]}],
        "targets": [*PLAIN["targets"], target("i", "z", 2023, at_least="2.8")],
        "scenarios": [{"name": "kept", "reason": "r", "commitments": [{"target": "i", "credibility": 0.9, "reason": "r"}]}],
    }  # fmt: skip
    assert why(study(**parts), changed(Y21, **parts)).parts[0].points < -1e-3


def test_equal_changes_share_equally() -> None:
    """Two figures that say the same of the same year's two ends of an identity's members in a symmetric study."""
    own = [{"name": name, "unit": "亿元", "scale": {"kind": "linear"}, "motion": walk(normal(5, 2), 4)} for name in ("a", "b")]
    total = {"name": "total", "unit": "亿元", "scale": {"kind": "linear"}}
    parts: dict[str, Any] = {
        "indicators": [*own, total], "correlations": [], "identities": [{"kind": "sum", "result": "total", "parts": ["a", "b"]}],
        "targets": [target("t", "total", 2025, at_least="260")],
    }  # fmt: skip
    old = [level("a", 2020, "100"), level("b", 2020, "100")]
    new = [level("a", 2021, "109", source="first"), level("b", 2021, "109", source="first")]
    found = why(study(evidence=old, **parts), study(evidence=[*old, *new], **parts))
    a, b = (part.points for part in found.parts)
    assert a == pytest.approx(b, abs=1e-12)
    assert a > 0.01


def test_identical_studies_give_no_parts() -> None:
    """Nor do words, notes, sources' titles, the order of figures, and targets that nobody asked for."""
    again = study(
        title="another title",
        evidence=[{**item, "note": "n", "section": "3"} for item in reversed(PLAIN["evidence"])],
        indicators=[{**i, "label": "z", "aliases": ["a"]} for i in reversed(PLAIN["indicators"])],
        targets=[{**t, "nature": "binding", "label": "w"} for t in PLAIN["targets"]] + [target("more", "y", 2026, at_least="3")],
        scenarios=[{"name": "other", "reason": "r"}],
    )
    for after in (study(), again):
        found = why(study(), after)
        assert found.parts == ()
        assert "nothing was changed" in str(found)
        assert "前后没有变化" in found.to_text("zh")


CHANGES: dict[str, dict[str, Any]] = {
    "x21": X21, "y21": Y21, "far21": FAR21, "x22": X22,
    "y20 revised": level("y", 2020, "2.05", source="second", revises=True),
    "growth": {"kind": "growth", "indicator": "x", "year": 2021, "value": "9.5", "source": "first"},
    "break": {"kind": "break", "indicator": "x", "year": 2021, "probability": 0.3, "reason": "r"},
}  # fmt: skip


@given(st.sets(st.sampled_from(sorted(CHANGES))), st.booleans(), st.booleans(), st.booleans(), st.randoms(use_true_random=False))
@settings(max_examples=15, deadline=None)
def test_parts_add_up_and_do_not_hang_on_the_order_of_the_studies(names: set[str], bound: bool, correlated: bool, believed: bool, random: Any) -> None:
    """Whatever changed; and figures, indicators and correlations listed in another order are attributed alike."""
    parts: dict[str, Any] = {
        "targets": [target("t", "x", 2025, at_least="145" if bound else "140")],
        "correlations": [{"between": ["y", "x"], "value": 0.2 if correlated else -0.4, "reason": "r"}],
        "indicators": motion("y", motion=walk(0.04, 0.05)) if believed else PLAIN["indicators"],
    }
    figures = [CHANGES[name] for name in sorted(names)]
    found = why(study(), changed(*figures, **parts))
    assert len(found.parts) == len(names) + bound + correlated + believed
    later = [item for item in figures if item.get("revises")]
    rest = [item for item in figures if not item.get("revises")]
    random.shuffle(rest)
    parts["indicators"] = random.sample(parts["indicators"], 3)
    other = why(study(), changed(*rest, *later, **parts))
    assert words(other) == words(found)
    assert [p.points for p in other.parts] == pytest.approx([p.points for p in found.parts], abs=1e-12)


def test_back_is_forth_with_the_sign_turned_for_a_single_change() -> None:
    """From the newer study to the older one the same item brings as much less."""
    for after in (changed(X21), study(targets=[target("t", "x", 2025, at_least="150")]), study(indicators=motion("x", motion=walk(0.05, 0.05)))):
        (forth,), (back,) = why(study(), after).parts, why(after, study()).parts
        assert back.points == pytest.approx(-forth.points, abs=1e-12)


# in date order


def test_days_follow_each_other() -> None:
    """Each day's changes bring the difference between the study as it was known that day and the day before."""
    after = changed(X22, X21, Y21, level("x", 2022, "119", published="2022-09-01", error="1"), indicators=motion("x", motion=walk(0.06, 0.05)))
    found = why(study(), after)
    days = [part.published for part in found.parts]
    assert days == [date(2022, 3, 1), date(2022, 3, 1), date(2022, 12, 31), None]
    first = chance(changed(X21, Y21)) - chance(study())
    assert found.parts[0].points + found.parts[1].points == pytest.approx(first, abs=1e-12)
    assert found.parts[2].words("en") == "spending 118 亿元 in 2022, spending 119 亿元 in 2022", "figures on one subject are one item"
    assert found.parts[3].words("en").startswith("spending growth belief: random walk with drift: 0.07 ± 0.02")
    assert found.parts[3].points == pytest.approx(found.after.value - chance(changed(X22, X21, Y21, after.evidence[-1].model_dump())), abs=1e-12)


def test_a_figure_without_a_date_counts_at_the_end_of_its_year() -> None:
    """As in `Study.as_known`."""
    (part,) = why(study(), changed(level("x", 2021, "112"))).parts
    assert part.published == date(2021, 12, 31)


def test_the_day_that_one_looks_ahead_from_moves_first() -> None:
    """Forward it comes before all figures, so that figures of later years may follow; back it comes last."""
    by = [target("t", "x", 2025, at_least="125", when="by")]
    before, after = study(targets=by), changed(level("x", 2024, "121", published="2025-02-01"), targets=by, as_of="2025-03-01")
    found = why(before, after)
    assert [part.published for part in found.parts] == [None, date(2025, 2, 1)]
    assert found.parts[0].words("zh") == "测算时点由2022-12-31移至2025-03-01"
    assert found.parts[0].points == pytest.approx(chance(study(targets=by, as_of="2025-03-01")) - chance(before), abs=1e-12)
    assert found.parts[0].points < -0.005, "years in which it might have been met are over"
    back = why(after, before)
    assert "looks ahead" in back.parts[-1].words("en")
    assert back.notes == ()


def test_one_study_on_two_days() -> None:
    """`project(study, as_of=…)` is an older version of it: what came since then is what is attributed."""
    whole = changed(X21, level("x", 2021, "115", source="second", revises=True), Y21)
    found = kj.attribution(kj.project(whole, as_of="2022-05-01"), kj.project(whole), "t")
    assert_adds_up(found)
    said = [(part.words("en"), part.published) for part in found.parts]
    assert said[1:] == [("spending 115 亿元 in 2021 (before: 112 亿元)", date(2022, 7, 1))]
    assert said[0][0] == "the day from which one looks ahead: 2022-05-01 → 2022-12-31"


# what is one item


@pytest.mark.parametrize(
    "new",
    [
        [*PLAIN["evidence"], level("x", 2020, "103", source="second", revises=True)],
        [level("x", 2020, "103", source="second"), *PLAIN["evidence"][1:]],
        [*PLAIN["evidence"], level("x", 2020, "101", source="first", revises=True), level("x", 2020, "103", source="second", revises=True)],
    ],
    ids=["revises", "replaced", "revised twice"],
)
def test_a_revised_figure_is_one_item(new: list[dict[str, Any]]) -> None:
    """With `revises`, or put in the old one's place; its day is the revision's."""
    (part,) = why(study(), study(evidence=new)).parts
    assert part.words("zh") == "投入2020年103亿元（原为100亿元）"
    assert part.words("en") == "spending 103 亿元 in 2020 (before: 100 亿元)"
    assert part.published == date(2022, 7, 1)


def test_to_clear_away_what_was_revised_is_no_change() -> None:
    """The revision put in the old one's place says the same."""
    before, after = changed(level("x", 2020, "103", revises=True)), study(evidence=[level("x", 2020, "103"), *PLAIN["evidence"][1:]])
    assert why(before, after).parts == ()
    assert why(after, before).parts == ()


def test_an_expected_figure_that_is_reported_is_one_item() -> None:
    expected, reported = level("x", 2022, "118", expected=True, source="first"), level("x", 2022, "121", source="second")
    (part,) = why(changed(expected), changed(reported)).parts
    assert part.words("zh") == "投入2022年121亿元（原为118亿元（预计））"


def test_a_figure_that_comes_in_place_of_one_of_another_kind_is_one_item() -> None:
    """A bound gives way to the level of its year; beside a bound that stays the level is an item alone."""
    bound = {"kind": "bound", "indicator": "x", "year": 2022, "more_than": "115", "source": "first"}
    (part,) = why(changed(bound), changed(X22)).parts
    assert part.words("zh") == "投入2022年118亿元（原为>115  (2022)）"
    assert part.published == date(2022, 12, 31), "a whole year's figure is not known before the year is over"
    (alone,) = why(changed(bound), changed(bound, X22)).parts
    assert alone.words("en") == "spending 118 亿元 in 2022"


def test_a_longer_part_of_a_year_takes_the_place_of_a_shorter_one() -> None:
    """The first quarter stays in the study and no longer informs: one item."""
    share = {"kind": "normal", "mean": 0.24, "sd": 0.02}
    quarter = {"kind": "partial", "indicator": "x", "year": 2022, "period": "Q1", "value": "29", "share": share, "source": "first"}
    longer = {**quarter, "period": "Q1-Q3", "value": "90", "share": {**share, "mean": 0.75}, "source": "second"}
    (part,) = why(changed(quarter), changed(quarter, longer)).parts
    assert part.words("en") == "spending: 90 (2022 Q1-Q3)"


def test_a_withdrawn_figure_has_no_day() -> None:
    (part,) = why(changed(X21), study()).parts
    assert (part.words("zh"), part.published) == ("不再采用投入2021年112亿元", None)


def test_an_indicator_that_became_another_quantity_is_one_item() -> None:
    """亿元 to 万元: definition, figures and target move together, and bring nothing."""
    wan = motion("x", unit="万元")
    figures = [level("x", 2020, "1000000", error="5000"), *PLAIN["evidence"][1:]]
    found = why(study(), study(indicators=wan, evidence=figures, targets=[target("t", "x", 2025, at_least="1400000")]))
    (part,) = found.parts
    assert part.words("zh").startswith("投入改变口径：亿元改为万元")
    assert part.points == pytest.approx(0, abs=1e-9)


SPOKEN: list[tuple[dict[str, Any], str, str]] = [
    ({"indicators": motion("x", motion=None, reference_class="gdp", region="city")}, "投入的变动判断由带漂移的随机游走", "as the class “nominal GDP of a province” (city)"),
    ({"correlations": []}, "投入与强度年度波动的相关系数由-0.4改为0", "correlation of the yearly shocks of spending and intensity: -0.4 → 0"),
    ({"steps": [{"indicator": "x", "year": 2024, "size": 0.1, "reason": "项目"}]}, "增加投入2024年一次性变动（项目）", "with a one-off change of spending in 2024 (项目)"),
    ({"scenarios": [{"name": "slow", "reason": "r", "changes": [{"indicator": "x", "drift": 0.03}]}]}, "情景由“趋势延续”改为“slow”", "scenario: “trend” → “slow”"),
    ({"targets": [target("t", "x", 2026, at_least="14000000", unit="万元")]}, "目标由2025年投入140亿元改为2026年投入14000000万元", "target: spending 140 亿元 in 2025 → spending 14000000 万元 in 2026"),
    ({"evidence": [CHANGES["break"]]}, "投入：2021年的变动事先看有30%的可能为一次性（r）", "spending: beforehand the change of 2021 is a one-off with 30 % (r)"),
]  # fmt: skip


@pytest.mark.parametrize(("parts", "zh", "en"), SPOKEN, ids=[next(iter(parts)) for parts, _, _ in SPOKEN])
def test_assumptions_are_items_without_a_day(parts: dict[str, Any], zh: str, en: str) -> None:
    """Beliefs, correlations, steps, scenarios, bounds, breaks, said in both languages; they come last."""
    figures, rest = parts.get("evidence", []), {name: part for name, part in parts.items() if name != "evidence"}
    found = why(changed(X21, Y21), changed(X21, Y21, *figures, **rest))
    assert zh in found.parts[-1].words("zh")
    assert en in found.parts[-1].words("en")
    assert found.parts[-1].published is None
    assert found.parts[-1].points != 0.0


def test_scenarios_and_commitments_are_told_by_what_they_say() -> None:
    """A renamed scenario is no change; a commitment to the interim target is, for its block alone."""
    targets = [*PLAIN["targets"], target("i", "y", 2023, at_least="2.2")]
    kept = {"name": "kept", "reason": "r", "commitments": [{"target": "i", "credibility": 0.8, "reason": "r"}]}
    before = study(targets=targets, scenarios=[{"name": "plain", "reason": "r"}])
    assert why(before, study(targets=targets, scenarios=[{"name": "renamed", "reason": "r"}])).parts == ()
    after = study(targets=targets, scenarios=[kept])
    assert why(before, after, "u").parts[0].points > 0.01
    assert why(before, after, "v").parts[0].points == 0.0
    lower = study(targets=[*PLAIN["targets"], target("i", "y", 2023, at_least="2.1")], scenarios=[kept])
    (part,) = why(after, lower, "u").parts
    assert part.words("en") == "target for intensity in 2023: ≥2.2 → ≥2.1"


def test_an_identity_is_an_item() -> None:
    """A derived indicator's own identity, and a figure about its result that connects two blocks."""
    more = [*PLAIN["indicators"], {"name": "z", "unit": "亿元", "measure": "flow"}]
    product = [{"kind": "product", "result": "z", "factors": ["x", "y"]}]
    goal = [target("t", "x", 2025, at_least="140")]
    before = study(indicators=more, correlations=[], targets=goal)
    after = changed(level("z", 2021, "2.48", source="first"), indicators=more, identities=product, correlations=[], targets=goal)
    found = why(before, after)
    assert [part.words("en") for part in found.parts if "identity" in part.words("en")]
    assert sum(part.points != 0.0 for part in found.parts) >= 1


# what cannot be taken apart


@pytest.mark.parametrize("exact", [8, 1], ids=["over sets", "over orders"])
def test_correlations_that_hold_together_only_both_are_one_item(exact: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Turned one by one they are no correlation matrix; the list says which were taken together, and why. Another stays apart."""
    monkeypatch.setattr(kjproj.numerics.shapley, "EXACT", exact)
    own = [{"name": name, "unit": "亿元", "motion": walk(0.07, 0.05)} for name in "abc"]

    def with_values(ab: float, ac: float, *more: dict[str, Any], drift: float = 0.07) -> kj.Study:
        pairs = [(("a", "b"), ab), (("a", "c"), ac), (("b", "c"), 0.9)]
        return study(
            indicators=[{**own[0], "motion": walk(drift, 0.05)}, *own[1:]],
            correlations=[{"between": pair, "value": value, "reason": "r"} for pair, value in pairs],
            evidence=[level(name, 2020, "100") for name in "abc"] + list(more),
            targets=[target("t", "a", 2025, at_least="140")],
        )

    found = why(with_values(0.9, 0.9, level("b", 2021, "115"), level("c", 2021, "115")), with_values(-0.9, -0.9, level("b", 2021, "115"), level("c", 2021, "115"), drift=0.05))
    assert len(found.parts) == 2
    assert any(w.startswith("a growth belief") for w in words(found))
    assert any("of a and b" in w and "of a and c" in w for w in words(found))
    (note,) = found.notes
    assert "cannot hold together" in note("en")
    assert "合为一项，单独计入时无法测算" in note("zh")
    assert note("en") in str(found)


def test_a_day_that_cannot_stand_goes_together_with_what_follows() -> None:
    """A figure for a year that another tool's paths cover, and paths that begin a year later: shared out together."""

    def paths(first: int) -> dict[str, dict[int, Any]]:
        draws = np.random.default_rng(3).normal(0.07, 0.05, size=(400, 2026 - first)).cumsum(axis=1)
        return {"x": {year: 112 * np.exp(draws[:, k]) for k, year in enumerate(range(first, 2026))}}

    before = kj.project(study(correlations=[]), paths=paths(2021))
    after = kj.project(changed(X21, correlations=[]), paths=paths(2022))
    found = kj.attribution(before, after, "t")
    assert_adds_up(found)
    assert "begin the paths after the last figure" in found.notes[0]("en")
    assert len(found.parts) == 1
    assert "another tool's paths of spending" in found.parts[0].words("en")


def test_many_changes_of_one_day_are_sampled_and_still_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five figures whose indicators sum up: above the number that is shared out over all sets, with a stated error."""
    names = [f"p{k}" for k in range(5)]
    own = [{"name": n, "unit": "亿元", "scale": {"kind": "linear"}, "motion": walk(1.0, 1.0)} for n in names]
    whole: dict[str, Any] = {
        "indicators": [*own, {"name": "total", "unit": "亿元", "scale": {"kind": "linear"}}],
        "identities": [{"kind": "sum", "result": "total", "parts": names}], "correlations": [],
        "targets": [target("t", "total", 2025, at_least="77")],
    }  # fmt: skip
    old = [level(n, 2020, "10", error="0") for n in names]
    new = [level(n, 2021, f"{11.2 + 0.2 * k}", error="0", source="first") for k, n in enumerate(names)]
    before, after = study(evidence=old, **whole), study(evidence=[*old, *new], **whole)
    exact = why(before, after)
    monkeypatch.setattr(kjproj.numerics.shapley, "EXACT", 3)
    monkeypatch.setattr(kjproj.numerics.shapley, "BUDGET", 60)
    sampled = why(before, after)
    assert words(sampled) == words(exact)
    for a, b in zip(exact.parts, sampled.parts, strict=True):
        assert 1e-6 < b.stderr < 0.02
        assert b.points != a.points
        assert b.points == pytest.approx(a.points, abs=5 * b.stderr)
    assert sampled.parts == why(before, after).parts


# several targets, other questions


def test_several_targets_together() -> None:
    """`all_of` attributes the joint chance."""
    before, after = kj.project(study()), kj.project(changed(X21, Y21))
    found = kj.attribution(before, after, all_of=["t", "u"])
    assert_adds_up(found)
    assert found.after == kj.probability(after, all_of=["t", "u"])
    assert len(found.parts) == 2


def test_a_target_that_is_handed_in_is_the_same_for_both() -> None:
    """Its bound is no change, whatever the studies' own targets are."""
    goal = kj.Target(name="t", indicator="x", year=2025, at_least="150")
    other = changed(X21, targets=[target("t", "x", 2025, at_least="200")])
    (part,) = kj.attribution(kj.project(study()), kj.project(other), goal).parts
    assert part.points == pytest.approx(kj.probability(kj.project(other), goal).value - kj.probability(kj.project(study()), goal).value, abs=1e-12)


def test_a_target_that_only_one_study_has_is_asked_of_both() -> None:
    before, after = study(targets=PLAIN["targets"][1:]), changed(X21)
    for a, b in ((before, after), (after, before)):
        found = kj.attribution(kj.project(a), kj.project(b), "t")
        assert_adds_up(found)
        assert len(found.parts) == 1


def test_a_target_that_a_figure_decided_says_so() -> None:
    """The new figure is the target's: met."""
    goal = [target("t", "x", 2022, at_least="115")]
    found = why(study(targets=goal), changed(X22, targets=goal))
    assert found.after.value == 1.0
    assert found.to_text("en").splitlines()[0].endswith("→ met:")
    assert found.to_text("zh").splitlines()[0].endswith("→ 已完成：")


def test_counts_and_milestones_are_attributed_too() -> None:
    """Events have no blocks; what is about others is nothing to them."""
    own = [*PLAIN["indicators"], {"name": "prizes", "unit": "项", "measure": "events"}]
    goal = [{"name": "t", "kind": "added", "indicator": "prizes", "year": 2025, "since": 2022, "at_least": "15"}]
    before = study(indicators=own, evidence=[*PLAIN["evidence"], level("prizes", 2021, "5")], targets=goal)
    after = study(indicators=own, evidence=[*PLAIN["evidence"], level("prizes", 2021, "5"), level("prizes", 2022, "7", source="second"), X21], targets=goal)
    found = why(before, after)
    assert [part.points != 0.0 for part in found.parts] == [False, True]
    assert found.parts[1].words("en") == "prizes 7 项 in 2022"


# words


def test_the_list_says_points_that_add_up() -> None:
    """Whole points; together they are the difference of the whole per cents that are printed."""
    found = why(study(), changed(X21, Y21, FAR21, X22, indicators=motion("x", motion=walk(normal(0.06, 0.02), 0.05))))
    text = found.to_text("zh").splitlines()
    a, b = (int(p.strip("%：")) for p in text[0].split(" → "))
    points = [int(line.rpartition("：")[2].removesuffix("个百分点").replace("−", "-")) for line in text[1:-1] if "不足" not in line]
    assert sum(points) == b - a
    assert text[-1] == "- 另有1项变化与此无关"
    assert text[1] == f"- 2022-03-01，投入2021年112亿元：+{points[0]}个百分点"
    assert found.to_text("en").splitlines()[1] == f"- 2022-03-01, spending 112 亿元 in 2021: +{points[0]} points"


@given(st.lists(st.floats(-0.2, 0.2), min_size=1, max_size=6), st.floats(0.3, 0.7))
@settings(max_examples=60, deadline=None)
def test_rounded_points_add_up_and_stay_near(points: list[float], start: float) -> None:
    """Whatever the parts: whole, each less than 1.5 from its own, their sum the printed difference."""
    from kjproj.answers.attribution import _whole
    from kjproj.numbers import whole_per_cent

    end = min(max(start + sum(points), 0.02), 0.98)
    points = [p * (end - start) / sum(points) for p in points] if abs(sum(points)) > 1e-6 else [end - start]
    total = whole_per_cent(end) - whole_per_cent(start)
    rounded = _whole([100 * p for p in points], total)
    assert sum(rounded) == total
    if len(points) > 2:
        assert max(abs(r - 100 * p) for r, p in zip(rounded, points, strict=True)) < 1.5


def test_to_dict_is_plain_data() -> None:
    found = why(study(), changed(X21, FAR21))
    plain = json.loads(json.dumps(found.to_dict()))
    assert [p["published"] for p in plain["parts"]] == [MARCH, MARCH]
    assert plain["before"]["value"] == found.before.value
    assert [p["points"] for p in plain["parts"]] == [p.points for p in found.parts]


# refused


def test_projections_that_do_not_compare_are_refused() -> None:
    """Another seed, a reading, spreads that were changed, no basis, an unknown target, none or two questions."""
    leap = changed(X21, CHANGES["break"])
    plain = kj.project(leap)
    cases: list[tuple[Any, Any, Any, dict[str, Any], str]] = [
        (plain, kj.project(leap, rng=1), "t", {}, "project both with the same"),
        (plain.read_as("growth:x:2021"), plain, "t", {}, "before was varied or read one way"),
        (plain, plain, "w", {}, "unknown target 'w'"),
        (plain, plain, None, {}, "give a target, or all_of"),
        (plain, plain, "t", {"all_of": ["u"]}, "give a target, or all_of"),
        (plain, plain, None, {"all_of": []}, "name at least one"),
        (kj.project(study(evidence=PLAIN["evidence"][1:])), plain, "t", {}, "before: .*a chance that is there only once has not changed"),
        (leap, plain, "t", {}, "before is Study; expected a projection"),
    ]
    for before, after, name, more, said in cases:
        with pytest.raises(kj.KjprojError, match=said):
            kj.attribution(before, after, name, **more)
    bundled = kj.project(kj.datasets.yueyang())
    with pytest.raises(kj.KjprojError, match="after was varied"):
        kj.attribution(bundled, bundled.varied(spreads={"gdp": 2.0}), "rd_spending_2025")


# the bundled study


def test_a_years_news_about_the_bundled_study() -> None:
    """A figure of the block moves both targets, one elsewhere neither, and the screen's chances are met."""
    old = kj.datasets.yueyang()
    figures = [level("rd_intensity", 2022, "2.41", published="2023-09-20"), level("high_tech_enterprises", 2022, "790", published="2023-10-01", revises=True)]
    new = kj.Study.from_dict({**old.with_evidence(*figures).to_dict(), "as_of": "2023-12-20"})
    found = why(old, new, "rd_spending_2025")
    by = {part.words("zh"): part.points for part in found.parts}
    assert by["高新技术企业2022年790家（原为767家（预计））"] == 0.0
    assert by["研发经费投入强度2022年2.41%"] == pytest.approx(0.08, abs=0.02)


# the command


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    paths = tmp_path / "old.json", tmp_path / "new.json"
    for path, one in zip(paths, (study(), changed(X21, FAR21)), strict=True):
        one.to_file(path)
    return str(paths[0]), str(paths[1])


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(arguments) == 0
    return capsys.readouterr().out


def test_the_command_attributes_every_target_that_moved(files: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    """All of one point or more without names, else those that are named; the same numbers as JSON."""
    out = run(capsys, "why", *files, "--lang", "en")
    heads = [line for line in out.splitlines() if "→" in line]
    assert [head.partition(":")[0] for head in heads] == ["spending 140 亿元 in 2025", "intensity 2.4 % in 2025", "firms 600 家 in 2025"]
    one = kj.attribution(kj.project(study()), kj.project(changed(X21, FAR21)), "t")
    assert out.startswith(f"spending 140 亿元 in 2025: {one.to_text('en')}\n")
    assert run(capsys, "why", *files, "t", "--lang", "zh") == f"2025年投入140亿元：{one.to_text('zh')}\n"
    (plain,) = json.loads(run(capsys, "why", *files, "t", "--json"))
    assert plain == {"target": "t", **one.to_dict()}


def test_the_command_where_nothing_moved(files: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "why", files[0], files[0], "--lang", "en") == "No open target's chance moved by 1 point or more.\n"
    assert main(["why", files[0], files[1], "w", "--lang", "en"]) == 1
    assert "unknown target 'w'" in capsys.readouterr().err
    assert main(["why", files[0]]) == 2
