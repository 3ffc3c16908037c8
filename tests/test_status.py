"""Official assessments of progress: the published numbers, thresholds at their borders, what is lacking, and the chance beside them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from studies import document, level, target, walk

import kjproj as kj
from kjproj.answers.official import escap, eurostat, pace, sdsn, unsd
from kjproj.answers.official.common import Progress
from kjproj.answers.reconciled import far_ahead
from kjproj.cli import main

PLAN = {"name": "plan", "base_year": 2015, "last_year": 2025}
KNOWN = {"eurostat": 0.8974751, "unsd": 0.88, "sdsn": 0.80, "escap": 4.0, "pace": -0.1}


def study(*levels: tuple[int, str], plan: dict[str, Any] | None = PLAN, drift: float = 0.04, scale: str = "log", **more: Any) -> kj.Study:
    """One indicator with exact levels and a target for 2025."""
    bound = {name: more.pop(name) for name in ("at_least", "at_most", "less_than", "between", "when") if name in more}
    whole = document(
        as_of="2020-12-31",
        indicators=[{"name": "x", "unit": "亿元", "scale": {"kind": scale}, "motion": walk(drift, 0.02)}],
        evidence=[level("x", year, value, error="0") for year, value in levels],
        targets=[target("t", "x", 2025, **(bound or {"at_least": "150"}))],
        **({"plan": plan} if plan else {}),
    )
    return kj.Study.from_dict({**whole, **more})


def values(found: kj.Status) -> dict[str, float]:
    return {score.method: score.value for score in found.scores}


# numbers and thresholds


def test_the_published_numbers_come_out() -> None:
    """100 in 2015, 120 in 2020, 150 aimed at in 2025; the pace is 40 % of the way against 50 % of the years."""
    found = kj.status(study((2015, "100"), (2020, "120")), "t")
    assert values(found) == pytest.approx(KNOWN, abs=1e-6)
    assert {s.method: s.category for s in found.scores} == {
        "eurostat": "moderate progress", "unsd": "fair progress", "sdsn": "moderately improving", "escap": "", "pace": "10 points behind",
    }  # fmt: skip
    assert found.score("pace").numbers == {"done": pytest.approx(0.4), "elapsed": pytest.approx(0.5)}
    assert found.score("unsd").numbers["expected"] == pytest.approx(144)
    assert found.chance is None, "a study alone is not asked for a chance"


def test_a_target_that_is_to_fall_has_the_same_scores() -> None:
    """100, 80, aimed at 50: Eurostat and the UN by hand; linear methods 40 % of the way. The mirror of the rising one for SDSN."""
    found = values(kj.status(study((2015, "100"), (2020, "80"), at_most="50"), "t"))
    rate = 0.8**0.2 - 1
    assert found == pytest.approx(
        {"eurostat": rate / (0.5**0.1 - 1), "unsd": (80 * (1 + rate) ** 5 - 100) / (50 - 100), "sdsn": 0.8, "escap": 4.0, "pace": -0.1}, abs=1e-9
    )
    away = kj.status(study((2015, "100"), (2020, "110"), at_most="50"), "t")
    assert all(value < 0 for value in values(away).values())
    assert [s.category for s in away.scores[:3]] == ["movement away", "stagnation or regression", "decreasing"]


def on_the_way(share: float) -> Progress:
    """Half the years are over, and `share` of the way is done."""
    return Progress(2015, 100.0, 2020, 100.0 + 50.0 * share, 2025, 150.0)


@pytest.mark.parametrize(
    ("least", "name", "below"),
    [(1.0, "on track", "moderately improving"), (0.5, "moderately improving", "stagnating"), (0.0, "stagnating", "decreasing")],
)
def test_borders_of_the_arrows(least: float, name: str, below: str) -> None:
    """SDSN: from 1, from .5, from 0, below; twice the share of the way is the ratio at half time."""
    assert sdsn.score(on_the_way(least / 2)).category == name
    assert sdsn.score(on_the_way(least / 2 - 1e-6)).category == below


@pytest.mark.parametrize(
    ("least", "name", "below"),
    [(0.95, "significant progress", "moderate progress"), (0.60, "moderate progress", "insufficient progress"), (0.0, "insufficient progress", "movement away")],
)
def test_borders_of_eurostat(least: float, name: str, below: str) -> None:
    """From .95, from .60, from 0, below: levels that have grown at just that share of the rate required."""
    required = 1.5**0.1 - 1
    for share, wanted in ((least, name), (least - 1e-6, below)):
        found = eurostat.score(Progress(2015, 100.0, 2020, 100.0 * (1 + share * required) ** 5, 2025, 150.0))
        assert found is not None
        assert found.value == pytest.approx(share, abs=1e-9)
        assert found.category == wanted


@pytest.mark.parametrize(("least", "name", "below"), [(0.95, "on track or target met", "fair progress"), (0.10, "fair progress", "stagnation or regression")])
def test_borders_of_the_united_nations(least: float, name: str, below: str) -> None:
    """From .95, from .10, below: levels whose pace leads just so far by the target's year."""
    for share, wanted in ((least, name), (least - 1e-6, below)):
        found = unsd.score(Progress(2015, 100.0, 2020, 100.0 * (1 + 0.5 * share) ** 0.5, 2025, 150.0))
        assert found is not None
        assert found.value == pytest.approx(share, abs=1e-9)
        assert found.category == wanted


@pytest.mark.parametrize(
    ("lead", "side", "said"),
    [(0.1, "ahead", "10 points ahead"), (0.0149, "between", "on time"), (-0.02, "between", "2 points behind"), (-0.1, "behind", "10 points behind")],
)
def test_borders_of_the_pace(lead: float, side: str, said: str) -> None:
    """Within two points it is on time; ten points are far."""
    found = pace.score(on_the_way(0.5 + lead))
    assert (found.side, found.category) == (side, said)


def test_a_target_that_is_reached_is_on_track_by_every_method() -> None:
    """At the goal before its year: ratios of at least 1, index 10."""
    found = kj.status(study((2015, "100"), (2020, "150")), "t")
    assert {s.side for s in found.scores if s.method != "escap"} == {"ahead"}
    assert found.score("escap").value == pytest.approx(10)


def test_scores_do_not_hang_on_the_unit() -> None:
    """万元 in place of 亿元 changes no ratio."""
    wan = study((2015, "1000000"), (2020, "1200000"), at_least="1500000", indicators=[{"name": "x", "unit": "万元", "motion": walk(0.04, 0.02)}])
    assert values(kj.status(wan, "t")) == pytest.approx(KNOWN, abs=1e-6)


# what is lacking


@pytest.mark.parametrize(
    ("given", "zh", "en"),
    [
        (study((2020, "120")), "缺2015年基期值", "no figure for 2015"),
        (study((2015, "100")), "缺2015年以后的数据", "no figure after 2015"),
        (study((2015, "100"), (2020, "120"), plan=None), "未注明基年", "give the study a plan, or state base_year"),
        (study((2015, "160"), (2020, "120")), "无进度可言", "there was no way to go"),
        (study((2015, "100"), (2020, "120"), between=("140", "150")), "目标为区间", "lies between two bounds"),
    ],
)
def test_what_is_lacking_is_said(given: kj.Study, zh: str, en: str) -> None:
    """No score is made up: the year without a figure is named."""
    found = kj.status(given, "t")
    assert (found.scores, found.progress, found.reconciled) == ((), None, None)
    assert zh in found.to_text("zh")
    assert en in found.to_text("en")
    with pytest.raises(kj.KjprojError, match="no score 'unsd' for t"):
        found.score("unsd")


def test_compound_rates_are_left_out_where_levels_are_not_above_zero() -> None:
    """From −10 to 0 on the way to 10: the linear methods apply, the others are named."""
    found = kj.status(study((2015, "-10"), (2020, "0"), at_least="10", scale="linear", drift=1.0), "t")
    assert values(found) == pytest.approx({"sdsn": 1.0, "escap": 5.0, "pace": 0.0})
    assert "neither Eurostat's method nor the UN Statistics Division's applies" in found.to_text("en")
    assert "欧盟统计局和联合国统计司的方法不适用" in found.to_text("zh")


def test_a_stated_base_year_takes_the_place_of_the_plan() -> None:
    """base_year=2018; without a plan the year since which the target itself counts."""
    levels = ((2015, "100"), (2018, "110"), (2020, "120"))
    found = kj.status(study(*levels), "t", base_year=2018)
    assert found.progress == Progress(2018, 110.0, 2020, 120.0, 2025, 150.0)
    assert found.score("sdsn").value == pytest.approx((10 / 2) / (40 / 7))
    rate = {"name": "t", "kind": "growth", "indicator": "x", "year": 2025, "since": 2015, "at_least": "4.138"}
    grown = kj.status(study(*levels, plan=None, targets=[rate]), "t")
    assert grown.progress is not None
    assert grown.progress.base_year == 2015
    assert grown.progress.goal == pytest.approx(150, rel=1e-4)
    for wrong in (2025, 2030, "2018", True):
        with pytest.raises(kj.KjprojError, match="base_year is"):
            kj.status(study(*levels), "t", base_year=wrong)  # type: ignore[arg-type]


def test_targets_without_a_level_are_told_so() -> None:
    """Events, milestones and comparisons amount to no level."""
    base = kj.datasets.yueyang()
    for name in ("national_high_tech_zone_2025", "new_talents_2025"):
        assert "amounts to no level" in kj.status(base, name).to_text("en")


def test_how_the_last_figure_is_known_is_said() -> None:
    """Reported, expected by its source, or implied by an identity."""
    expected = study((2015, "100"), evidence=[level("x", 2015, "100"), level("x", 2020, "120", expected=True)])
    assert kj.status(expected, "t").given == "expected"
    assert "预计" in kj.status(expected, "t").to_text("zh")
    assert kj.status(study((2015, "100"), (2020, "120")), "t").given == "reported"


def test_the_pace_is_the_one_on_the_screen() -> None:
    """The same number as the summary's, for the plan's last year; an interim target has none."""
    base = kj.datasets.yueyang()
    row = next(r for r in kj.summary(kj.project(base)).to_dict()["targets"] if r["name"] == "rd_intensity_2025")
    assert kj.status(base, "rd_intensity_2025").score("pace").value == pytest.approx(row["pace_lead"], abs=1e-12)
    assert "pace" not in values(kj.status(base, "rd_intensity_2022"))


# beside the chance


def test_far_ahead_beside_a_middling_chance_is_reconciled_as_on_the_screen() -> None:
    """The screen's own sentence, and none from 66 % on or below ten points."""
    said = far_ahead(0.1, 2021, 0.65)
    assert said is not None
    assert far_ahead(0.0999, 2021, 0.65) is None
    assert far_ahead(0.1, 2021, 0.66) is None
    projection = kj.project(kj.datasets.yueyang())
    found = kj.status(projection, "rd_intensity_2025")
    assert found.reconciled is not None
    for lang in ("zh", "en"):
        sentence = found.reconciled(lang)  # type: ignore[arg-type]
        assert sentence in found.to_text(lang)  # type: ignore[arg-type]
        assert sentence.replace(" ", "") in kj.summary(projection).to_text(lang, 400).replace(" ", "").replace("\n", "")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("last", "drift", "zh", "en"),
    [
        ("124", 0.0, "联合国统计司进展评估判为“进展顺利或已达标”", "“on track or target met” (UN Statistics Division)"),
        ("102", 0.09, "欧盟统计局可持续发展监测判为“进展不足”", "“insufficient progress” (Eurostat)"),
        ("113", 0.08, "时序进度“慢于时序24个百分点”", "“24 points behind” of the plan"),
    ],
)
def test_a_status_that_seems_to_disagree_is_reconciled(last: str, drift: float, zh: str, en: str) -> None:
    """On track beside less than a third; off track, or late, beside more than two thirds: one sentence in both languages."""
    found = kj.status(kj.project(study((2015, "100"), (2020, last), drift=drift)), "t")
    assert found.chance is not None
    assert found.reconciled is not None
    assert zh in found.reconciled("zh")
    assert en in found.reconciled("en")
    assert found.reconciled("en").endswith("so both hold.")
    assert found.reconciled("zh").endswith("两者并不矛盾。")


@pytest.mark.parametrize(("last", "drift"), [("124", 0.0358), ("124", 0.0435), ("120", 0.045), ("102", 0.03)])
def test_a_status_that_agrees_needs_no_sentence(last: str, drift: float) -> None:
    found = kj.status(kj.project(study((2015, "100"), (2020, last), drift=drift)), "t")
    assert found.chance is not None
    assert found.reconciled is None
    assert "so both hold" not in found.to_text("en")


def test_a_published_figure_is_no_chance() -> None:
    """Met is said as met, and needs no reconciling."""
    base = study((2015, "100"), (2020, "120"), as_of="2025-12-31").with_evidence(level("x", 2025, "155"))
    found = kj.status(kj.project(base), "t")
    assert found.reconciled is None
    assert found.to_text("en").endswith("The published figure meets the target.")
    assert found.to_text("zh").endswith("公布数据已达到目标。")


def test_scores_are_called_arithmetic() -> None:
    """In both languages, wherever there are scores."""
    found = kj.status(study((2015, "100"), (2020, "120")), "t")
    assert "不是概率" in found.to_text("zh")
    assert "not chances" in str(found)
    assert "(100 in 2015, 120 亿元 in 2020)" in str(found)


@pytest.mark.parametrize("wrong", [None, "study", 3])
def test_what_is_neither_study_nor_projection_is_refused(wrong: Any) -> None:
    with pytest.raises(kj.KjprojError, match=r"expected a kjproj.Study, or a projection of one"):
        kj.status(wrong, "t")


def test_an_unknown_target_is_refused() -> None:
    with pytest.raises(kj.KjprojError, match="known are t"):
        kj.status(study((2015, "100")), "u")


# the command


def test_the_command_says_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`kjproj status` is `kj.status` of the projection, as text and as JSON."""
    base, path = study((2015, "100"), (2020, "120")), tmp_path / "a.json"
    base.to_file(path)
    projection = kj.project(base)
    assert main(["status", "t", "--study", str(path), "--lang", "zh"]) == 0
    assert capsys.readouterr().out == kj.status(projection, "t").to_text("zh") + "\n"
    assert main(["status", "--study", str(path), "--json", "--base-year", "2015"]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert found == kj.status(projection, "t").to_dict()
    assert {s["method"]: s["value"] for s in found["scores"]} == pytest.approx(KNOWN, abs=1e-6)
    assert main(["status", "u", "--study", str(path), "--lang", "en"]) == 1
    assert "known are t" in capsys.readouterr().err


def test_the_command_without_a_target_to_which_a_method_applies(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.json"
    study((2015, "100"), targets=[]).to_file(path)
    assert main(["status", "--study", str(path), "--lang", "en"]) == 0
    assert capsys.readouterr().out == "None of these methods applies to a target of the study.\n"


def test_every_method_says_where_it_comes_from() -> None:
    """A source with an address for the published methods; the page names all of them."""
    page = (Path(__file__).parents[1] / "docs" / "status.md").read_text(encoding="utf-8")
    for method in (eurostat, unsd, sdsn, escap):
        assert method.SOURCE.startswith("https://")
        assert method.SOURCE in page
        for one in getattr(method, "CATEGORIES", ()):
            assert one.words("en").lstrip("↑↗→↓ ").partition(",")[0].removesuffix(" from the target") in page
