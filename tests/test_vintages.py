"""Figures are revised, and a study can be asked as it was known on an earlier day."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from studies import document, level, target, walk

import kjproj as kj
from kjproj.cli import main
from kjproj.evidence.periods import months_from_january

SHARE = {"kind": "normal", "mean": 0.7, "sd": 0.03}
SOURCES = [{"name": "first", "published": "2022-03-20"}, {"name": "second", "published": "2022-09-20"}]


def study(*evidence: dict[str, Any], as_of: str = "2022-12-31", **parts: Any) -> kj.Study:
    whole = {
        "as_of": as_of,
        "sources": SOURCES,
        "indicators": [{"name": "x", "unit": "亿元", "motion": walk({"kind": "normal", "mean": 0.08, "sd": 0.02}, 0.05)}],
        "evidence": list(evidence),
        "targets": [target("t", "x", 2025, at_least="130")],
    }
    return kj.Study.from_dict(document(**{**whole, **parts}))


def partial(period: str, value: str, **more: Any) -> dict[str, Any]:
    return {"kind": "partial", "indicator": "x", "year": 2022, "period": period, "value": value, "share": SHARE, **more}


def chance(of: kj.Study, **more: Any) -> float:
    return kj.probability(kj.project(of, **more), "t").value


def positions(of: kj.Study) -> list[int]:
    return [i for i, _ in of.standing]


# revisions


def test_a_revision_takes_the_place_of_the_earlier_figure() -> None:
    """The old figure stays in the study and informs no more: the chance is that of the new figure alone."""
    old, new = level("x", 2021, "98.1"), level("x", 2021, "103.4", revises=True)
    revised = study(old, new)
    assert positions(revised) == [1]
    assert len(revised.evidence) == 2
    assert revised.published("x", 2021) == 103.4
    assert chance(revised) == chance(study(level("x", 2021, "103.4")))
    assert kj.Study.from_dict(revised.to_dict()) == revised


def test_the_last_of_several_revisions_stands() -> None:
    """A figure that comes after a revision without revising stands beside it."""
    figures = [level("x", 2021, v, error="1", revises=r) for v, r in (("98", False), ("99", True), ("103", True), ("104", False))]
    assert positions(study(*figures)) == [2, 3]


@pytest.mark.parametrize(
    ("old", "new", "stand"),
    [
        (level("x", 2021, "98"), level("x", 2020, "98", revises=True), None),
        (level("x", 2021, "98"), {"kind": "growth", "indicator": "x", "year": 2021, "value": "5", "revises": True}, None),
        ({"kind": "growth", "indicator": "x", "year": 2021, "value": "5"}, {"kind": "growth", "indicator": "x", "year": 2021, "value": "6", "revises": True}, [1]),
        ({"kind": "growth", "indicator": "x", "year": 2021, "since": 2020, "value": "5"}, {"kind": "growth", "indicator": "x", "year": 2021, "value": "6", "revises": True}, [1]),
        ({"kind": "growth", "indicator": "x", "year": 2021, "since": 2019, "value": "5"}, {"kind": "growth", "indicator": "x", "year": 2021, "value": "6", "revises": True}, None),
        ({"kind": "growth", "indicator": "x", "year": 2021, "value": "5", "prices": "constant"}, {"kind": "growth", "indicator": "x", "year": 2021, "value": "6", "prices": "current", "revises": True}, None),
        ({"kind": "change", "indicator": "x", "year": 2021, "value": "5", "unit": "亿元"}, {"kind": "change", "indicator": "x", "year": 2021, "value": "6", "unit": "亿元", "revises": True}, [1]),
        (partial("Q1", "20"), partial("Q1", "21", revises=True), [1]),
        (partial("Q1", "20"), partial("Q1-Q2", "45", revises=True), None),
        ({"kind": "bound", "indicator": "x", "year": 2021, "more_than": "90"}, {"kind": "bound", "indicator": "x", "year": 2021, "at_least": "95", "revises": True}, [1]),
        ({"kind": "bound", "indicator": "x", "year": 2021, "more_than": "90"}, {"kind": "bound", "indicator": "x", "year": 2021, "at_most": "95", "revises": True}, None),
    ],
)  # fmt: skip
def test_a_revision_is_about_the_same_subject(old: dict[str, Any], new: dict[str, Any], stand: list[int] | None) -> None:
    """Kind, indicator, year, and since, period, prices or side; else it revises nothing and is refused with advice."""
    if stand is not None:
        assert positions(study(old, new)) == stand
        return
    with pytest.raises(kj.StudyError, match=r"evidence\[1\].revises: revises nothing.*put it after the figure"):
        study(old, new)


def test_a_revised_exact_figure_is_no_contradiction() -> None:
    """Two exact levels of a year are refused; with `revises` the second one holds."""
    old, new = level("x", 2021, "98", error="0"), level("x", 2021, "99", error="0")
    with pytest.raises(kj.StudyError, match="or mark the later one as revises"):
        study(old, new)
    assert study(old, {**new, "revises": True}).published("x", 2021) == 99


def test_a_target_is_observed_by_the_figure_that_stands() -> None:
    """The first figure met the target, the revision does not."""
    goal = target("t", "x", 2022, at_least="100")
    old, new = level("x", 2022, "101"), level("x", 2022, "99", revises=True)
    assert chance(study(old, targets=[goal])) == 1
    assert chance(study(old, new, targets=[goal])) == 0


def test_a_revised_break_is_read_once() -> None:
    """The later judgement about a leap takes the place of the earlier one, on the screen too."""
    leap = {"kind": "break", "indicator": "x", "year": 2021, "reason": "r"}
    figures = [level("x", 2020, "90"), level("x", 2021, "110")]
    both = study(*figures, {**leap, "probability": 0.1}, {**leap, "probability": 0.6, "revises": True})
    one = study(*figures, {**leap, "probability": 0.6})
    assert chance(both) == chance(one)
    text = kj.summary(kj.project(both)).to_text("en")
    assert "with 60 %" in text
    assert "with 10 %" not in text


def test_places_of_figures_that_contradict_are_true() -> None:
    """A conflict names the figures by their place in the study, revised ones counted."""
    figures = [
        level("x", 2021, "55"), level("x", 2021, "100", revises=True), level("x", 2022, "110"),
        {"kind": "growth", "indicator": "x", "year": 2022, "value": "25.0"},
    ]  # fmt: skip
    (conflict,) = kj.coherence(study(*figures)).of("conflict")
    assert set(conflict.about) == {"evidence[1]", "evidence[2]", "evidence[3]"}
    assert "100" in str(conflict)


# parts of a year


@pytest.mark.parametrize(
    ("period", "months"),
    [
        ("Q1", 3), ("Q1-Q2", 6), ("Q1–Q3", 9), ("q1-3", 9), ("H1", 6), ("M1-M8", 8), ("M1", 1), ("M1 - M11", 11), ("1-8月", 8), ("上半年", 6), ("前三季度", 9),
        ("Q2", None), ("Q2-Q3", None), ("M0-M3", None), ("M1-M13", None), ("Q1-M3", None), ("spring", None), ("", None),
    ],
)  # fmt: skip
def test_periods_are_parsed(period: str, months: int | None) -> None:
    assert months_from_january(period) == months


def test_of_cumulative_parts_the_longest_stands() -> None:
    """January to September holds January to June; another stretch, another indicator and another year stay."""
    figures = [partial("Q1", "20"), partial("Q1-Q3", "80"), partial("H1", "47"), partial("Q2", "27"), {**partial("Q1", "18"), "year": 2021}]
    assert positions(study(*figures)) == [1, 3, 4]
    assert chance(study(*figures[:3])) == chance(study(figures[1]))


def test_an_expected_part_holds_no_reported_one() -> None:
    """What is only expected until September does not take the place of what was reported until June."""
    assert positions(study(partial("H1", "47"), partial("Q1-Q3", "80", expected=True))) == [0, 1]
    assert positions(study(partial("H1", "47", expected=True), partial("Q1-Q3", "80"))) == [1]


# as of


def test_as_known_leaves_out_what_came_later() -> None:
    """A figure's day is its own, else its source's, else the end of its year; revisions of later days are undone."""
    whole = study(
        level("x", 2019, "85"),
        level("x", 2021, "98", source="first"),
        level("x", 2021, "103", source="second", revises=True),
        level("x", 2021, "104", published="2022-11-05", revises=True),
    )
    days = {"2022-12-31": [0, 3], "2022-11-05": [0, 3], "2022-11-04": [0, 2], "2022-09-19": [0, 1], "2022-03-19": [0], "2019-12-30": []}
    for on, wanted in days.items():
        known = whole.as_known(on)
        assert known.as_of == date.fromisoformat(on)
        assert positions(known) == wanted, on
        assert known.targets == whole.targets
    assert whole.as_known(date(2022, 12, 31)) is whole
    assert chance(whole, as_of="2022-09-19") == chance(study(whole.evidence[0].model_dump(), whole.evidence[1].model_dump(), as_of="2022-09-19"))
    assert kj.project(whole, as_of="2022-09-19").study.as_of == date(2022, 9, 19)


def test_a_revision_that_was_known_first_is_a_plain_figure() -> None:
    """Where what it revises came out later, it revises nothing yet."""
    whole = study(level("x", 2021, "98", source="second"), level("x", 2021, "103", source="first", revises=True))
    (item,) = whole.as_known("2022-06-30").evidence
    assert not item.revises
    assert positions(whole) == [1]


def test_with_nothing_left_the_answer_says_what_to_bring() -> None:
    """The ordinary answer without a basis."""
    with pytest.raises(kj.NoBasisError, match="level"):
        chance(study(level("x", 2021, "98")), as_of="2020-06-30")


def test_what_cannot_be_read_without_a_later_figure_is_left_out_with_it() -> None:
    """A growth rate on a linear scale speaks of a published level."""
    linear = [{"name": "x", "unit": "亿元", "scale": {"kind": "linear"}, "motion": walk(5, 5)}]
    rate = {"kind": "growth", "indicator": "x", "year": 2021, "value": "5", "published": "2022-01-20"}
    whole = study(level("x", 2021, "98", source="second"), rate, indicators=linear)
    assert whole.as_known("2022-06-30").evidence == ()


@pytest.mark.parametrize(("on", "said"), [("2023-01-01", "lies after as_of, 2022-12-31"), ("June 2022", "expected a date such as"), (2022, "expected a datetime.date")])
def test_a_wrong_day_is_refused(on: Any, said: str) -> None:
    with pytest.raises(kj.KjprojError, match=said):
        study(level("x", 2021, "98")).as_known(on)
    with pytest.raises(kj.KjprojError, match=said):
        kj.project(study(level("x", 2021, "98")), as_of=on)


def test_the_command_answers_as_of_an_earlier_day(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--as-of` is `as_known`."""
    whole = study(level("x", 2021, "98", source="first"), level("x", 2021, "103", source="second", revises=True))
    path = tmp_path / "study.json"
    whole.to_file(path)
    assert main([str(path), "--as-of", "2022-06-30", "--lang", "en"]) == 0
    assert capsys.readouterr().out == kj.summary(kj.project(whole, as_of="2022-06-30")).to_text("en")
    assert main([str(path), "--as-of", "2024-06-30", "--lang", "en"]) == 1
    assert "lies after as_of" in capsys.readouterr().err


def test_a_whole_years_figure_is_not_known_before_the_year_is_over() -> None:
    """A figure that is added under an older source is left out of the study as it was known during its year."""
    study = kj.Study.from_dict(
        {
            "as_of": "2025-03-31",
            "sources": [{"name": "bulletin", "published": "2024-03-20"}],
            "indicators": [{"name": "x", "unit": "亿元", "reference_class": "gdp"}],
            "evidence": [
                {"kind": "level", "indicator": "x", "year": 2023, "value": "2444", "source": "bulletin"},
                {"kind": "level", "indicator": "x", "year": 2024, "value": "2600", "source": "bulletin"},
                {"kind": "level", "indicator": "x", "year": 2024, "value": "2580", "source": "bulletin", "expected": True},
            ],
        }
    )
    known = study.as_known("2024-06-30").evidence
    assert [item.value for item in known] == ["2444", "2580"]
