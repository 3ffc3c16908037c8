"""The place among peers: chances by place add up, are exact for two and three regions, and far-away regions move nothing."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from scipy.stats import multivariate_normal
from studies import document, level, walk

import kjproj as kj
from kjproj.cli import main

PHI = NormalDist().cdf
H = 3
OURS = ("100", 0.08, 0.05)
THEIRS = {"p": ("104", 0.06, 0.08), "q": ("95", 0.10, 0.04), "r": ("99", 0.07, 0.10)}
"""Last level of 2022, drift and volatility, all known."""


def known(peers: Mapping[str, tuple[str, float, float]], *, unit: str = "亿元", scale: str = "log", correlation: float = 0.0) -> kj.Study:
    """Our indicator and its peers in other places, with known drifts and volatilities."""

    def size(value: str) -> float:
        return float(value) if scale == "linear" else 1.0

    def indicator(name: str, figures: tuple[str, float, float], **more: Any) -> dict[str, Any]:
        value, drift, volatility = figures
        motion = walk(drift * size(value), volatility * size(value))
        return {"name": name, "unit": unit, "scale": {"kind": scale}, "motion": motion, **more}

    links = [{"between": ["x", "p"], "value": correlation, "reason": "r"}] if correlation else []
    others = [indicator(n, f, place=f"city {n}", peer_of="x") for n, f in peers.items()]
    return kj.Study.from_dict(
        document(
            place={"zh": "本市", "en": "our city"},
            indicators=[indicator("x", OURS, label={"zh": "研发经费投入", "en": "R&D spending"}), *others],
            correlations=links,
            evidence=[level(n, 2022, v, error="0") for n, (v, _, _) in {"x": OURS, **peers}.items()],
        )
    )


def some(*names: str) -> dict[str, tuple[str, float, float]]:
    return {name: THEIRS[name] for name in names}


def differences(*names: str, correlation: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Means and covariances of our logarithm less each peer's, three years ahead."""
    v, m, s = OURS
    mean = np.array([math.log(float(v) / float(w)) + H * (m - n) for w, n, _ in some(*names).values()])
    cov = np.full((len(names), len(names)), H * s * s)
    for i, (name, (_, _, t)) in enumerate(some(*names).items()):
        cov[i, i] += H * t * t - (2 * H * correlation * s * t if name == "p" else 0.0)
        for j in range(len(names)):
            if i != j:
                cov[i, j] -= H * correlation * s * (t if name == "p" else 0.0)
                cov[j, i] = cov[i, j]
    return mean, cov


def values(found: kj.Rank) -> list[float]:
    return [chance.value for chance in found.chances]


@pytest.fixture(scope="module")
def city() -> kj.Projection:
    """One indicator of a class; peers are built from figures."""
    data = document(
        place="本市",
        indicators=[{"name": "x", "unit": "亿元", "label": {"zh": "研发经费投入", "en": "R&D spending"}, "reference_class": "rd_spending", "region": "city"}],
        evidence=[level("x", 2021, "90.2"), level("x", 2022, "98.06"), {"kind": "rank", "indicator": "x", "year": 2022, "rank": 3, "among": {"zh": "全省", "en": "the province"}}],
    )
    return kj.project(kj.Study.from_dict(data))


FIGURES = {"衡阳": {2021: "93.0", 2022: "101.2"}, "株洲": {2022: "120.4"}, "常德": {2021: "80.0", 2022: "84.3"}}


# exact


@pytest.mark.parametrize("correlation", [0.0, 0.7])
def test_against_one_region_the_chance_is_a_normal_tail(correlation: float) -> None:
    """P(first) = Φ(mean/sd) of the difference on the scale; the second place is the rest."""
    mean, cov = differences("p", correlation=correlation)
    found = kj.rank(kj.project(known(some("p"), correlation=correlation)), "x", 2025)
    assert values(found) == pytest.approx([PHI(mean[0] / math.sqrt(cov[0, 0])), PHI(-mean[0] / math.sqrt(cov[0, 0]))], abs=1e-12)
    assert found.chances[0].method == "closed form"
    assert found.ahead["p"].value == found.chances[0].value


@pytest.mark.parametrize("correlation", [0.0, 0.7])
def test_among_three_regions_the_chances_are_bivariate_normals(correlation: float) -> None:
    """First: both differences above 0; last: both below; the middle place is the rest."""
    mean, cov = differences("p", "q", correlation=correlation)
    first, last = (multivariate_normal(cov=cov).cdf(s * mean) for s in (1, -1))
    found = kj.rank(kj.project(known(some("p", "q"), correlation=correlation)), "x", 2025)
    assert values(found) == pytest.approx([first, 1 - first - last, last], abs=1e-8)
    assert [e.value for e in found.within] == pytest.approx([first, 1 - last, 1.0], abs=1e-8)
    assert found.chances[0].method == "bivariate normal"


def test_among_four_regions_paths_agree_with_orthants_within_their_error() -> None:
    """The share of paths for first and last place, and the exact chances of being ahead of each."""
    mean, cov = differences("p", "q", "r")
    law = multivariate_normal(cov=cov, seed=0, maxpts=1_000_000, abseps=1e-6, releps=1e-6)
    found = kj.rank(kj.project(known(THEIRS)), "x", 2025)
    assert found.chances[0].method == "simulated"
    assert found.chances[0].value == pytest.approx(law.cdf(mean), abs=4 * found.chances[0].stderr)
    assert found.chances[3].value == pytest.approx(law.cdf(-mean), abs=4 * found.chances[3].stderr)
    assert 0 < found.chances[0].stderr < 0.003
    exact = [PHI(m / math.sqrt(v)) for m, v in zip(mean, np.diag(cov), strict=True)]
    assert [e.value for e in found.ahead.values()] == pytest.approx(exact, abs=1e-12)
    expected_place = 1 + sum(1 - e for e in exact)
    assert sum(k * v for k, v in enumerate(values(found), 1)) == pytest.approx(expected_place, abs=0.01), "E[place] = 1 + Σ P(behind)"


def test_on_linear_scales_units_are_converted() -> None:
    """A peer in 万元 against our 亿元: the difference is Gaussian in one unit, on both scales."""
    for scale in ("linear", "log"):
        data = known(some("p"), scale=scale).to_dict()
        data["indicators"][1]["unit"] = "万元"
        data["evidence"][1]["value"] = "1040000"
        if scale == "linear":
            data["indicators"][1]["motion"] = walk(0.06 * 1_040_000, 0.08 * 1_040_000)
        found = kj.rank(kj.project(kj.Study.from_dict(data)), "x", 2025)
        assert values(found) == pytest.approx(values(kj.rank(kj.project(known(some("p"), scale=scale)), "x", 2025)), abs=1e-12)


# laws


@pytest.mark.parametrize("names", ["p", "pq", "pqr"])
def test_chances_add_up_to_one_and_within_is_their_sum(names: str) -> None:
    """Σ P(place k) = 1, and P(among the first k) is a partial sum; the median and the likeliest place follow."""
    found = kj.rank(kj.project(known(some(*names))), "x", 2025)
    assert sum(values(found)) == pytest.approx(1.0, abs=1e-12)
    assert np.cumsum(values(found)) == pytest.approx([e.value for e in found.within], abs=1e-12)
    assert found.top(found.regions) == kj.Estimate(1.0, 0.0, "observed" if found.observed else found.chances[0].method)
    assert found.median == 1 + int(np.argmax(np.cumsum(values(found)) >= 0.5))
    assert values(found)[found.likeliest - 1] == max(values(found))


def test_a_far_away_region_moves_nothing() -> None:
    """One far below changes no place, one far above moves each by one, exactly for three regions and by paths for five."""
    far = {"low": ("0.1", 0.05, 0.05), "high": ("90000", 0.05, 0.05)}
    for names, error in (("p", 1e-12), ("pqr", 0.01)):
        plain = values(kj.rank(kj.project(known(some(*names))), "x", 2025))
        below = values(kj.rank(kj.project(known({**some(*names), "low": far["low"]})), "x", 2025))
        above = values(kj.rank(kj.project(known({**some(*names), "high": far["high"]})), "x", 2025))
        assert below == pytest.approx([*plain, 0.0], abs=error)
        assert above == pytest.approx([0.0, *plain], abs=error)


def test_the_lowest_first_is_the_mirror() -> None:
    """With best="lowest" place k is place n + 1 − k."""
    projection = kj.project(known(some("p", "q")))
    a, b = (values(kj.rank(projection, "x", 2025, best=best)) for best in ("highest", "lowest"))
    assert a == pytest.approx(b[::-1], abs=1e-12)


def test_scales_that_differ_are_compared_on_levels() -> None:
    """A peer on linear against ours on log: by paths, within their error of the law that a fine grid gives."""
    data = known(some("p")).to_dict()
    data["indicators"][1].update(scale={"kind": "linear"}, motion=walk(0.06 * 104, 0.08 * 104))
    found = kj.rank(kj.project(kj.Study.from_dict(data)), "x", 2025)
    z = np.linspace(-8, 8, 20_001)
    ours = 100 * np.exp(H * 0.08 + z * 0.05 * math.sqrt(H))
    ahead = np.array([PHI((x - 104 * (1 + H * 0.06)) / (0.08 * 104 * math.sqrt(H))) for x in ours])
    exact = float(np.trapezoid(ahead * np.exp(-z * z / 2) / math.sqrt(2 * math.pi), z))
    assert found.chances[0].method == "simulated"
    assert found.chances[0].value == pytest.approx(exact, abs=4 * found.chances[0].stderr)


# peers of every kind


def test_peers_by_name_by_mark_and_by_projection_agree() -> None:
    """Peers that are marked, peers that are named, and peers of studies of their own: independent regions, one answer."""
    together = kj.project(known(THEIRS))
    alone = {n: kj.project(kj.Study.from_dict(document(indicators=[{"name": "x", "unit": "亿元", "motion": walk(m, s)}], evidence=[level("x", 2022, v, error="0")]))) for n, (v, m, s) in some("p", "q").items()}
    marked = values(kj.rank(together, "x", 2025, peers=["p", "q"]))
    assert values(kj.rank(kj.project(known(some("p", "q"))), "x", 2025)) == pytest.approx(marked, abs=1e-12)
    assert values(kj.rank(kj.project(known({})), "x", 2025, peers=alone)) == pytest.approx(marked, abs=1e-9)


def test_two_projections_of_one_study_are_independent_regions(city: kj.Projection) -> None:
    """The same law on both sides: one half, though seeds and streams are the same; among four all places are likely alike."""
    assert kj.rank(city, "x", 2025, peers={"twin": city}).chances[0].value == pytest.approx(0.5, abs=1e-3)
    three = kj.rank(city, "x", 2025, peers={"a": city, "b": city, "c": city})
    assert values(three) == pytest.approx([0.25] * 4, abs=0.01)


def test_places_with_figures_move_by_our_class_and_share_its_common_draw(city: kj.Projection) -> None:
    """What a class has in common cancels in a difference: the chance is that of the same peer without it."""
    found = kj.rank(city, "x", 2025, peers=FIGURES)
    assert list(found.peers) == list(FIGURES)
    assert found.regions == 4
    said = found.to_text("zh")
    assert "同类经验“全社会研发经费投入”" in said
    assert "共有的增减一并变动" in said
    mixed = kj.rank(city, "x", 2025, peers={"衡阳": FIGURES["衡阳"], "twin": city})
    assert mixed.ahead["衡阳"].value == pytest.approx(found.ahead["衡阳"].value, abs=1e-3)


# what is published


def test_a_published_year_is_told_not_estimated(city: kj.Projection) -> None:
    """98.06 against 101.2, 120.4 and 84.3 is third; equal levels are no worse; a year known in part counts what is known."""
    found = kj.rank(city, "x", 2022, peers=FIGURES)
    assert values(found) == [0.0, 0.0, 1.0, 0.0]
    assert found.observed
    assert found.likeliest == found.median == 3
    assert kj.rank(city, "x", 2022, peers={"same": {2022: "98.06"}}).likeliest == 1
    partly = kj.rank(city, "x", 2021, peers={"衡阳": FIGURES["衡阳"], "常德": FIGURES["常德"]})
    assert values(partly) == [0.0, 1.0, 0.0]


def test_what_is_known_of_some_is_taken_and_the_rest_is_estimated() -> None:
    """With one peer's level of 2023 published beside ours the other's chance alone decides between two places."""
    study = known(some("p", "q"))
    later = kj.Study.from_dict({**study.to_dict(), "as_of": "2023-12-31"})
    later = later.with_evidence(level("x", 2023, "109", error="0"), level("p", 2023, "120", error="0"))
    found = kj.rank(kj.project(later), "x", 2023)
    ahead_of_q = PHI((math.log(109 / 95) - 0.10) / 0.04)
    assert values(found) == pytest.approx([0.0, ahead_of_q, 1 - ahead_of_q], abs=1e-12)
    assert found.ahead["p"] == kj.Estimate(0.0, 0.0, "observed")


def test_stated_gaps_say_who_stands_before_whom() -> None:
    """The bundled report: 92 fewer than Hengyang, 47 fewer than Zhuzhou, 21 more than Changde, so third of four."""
    projection = kj.project(kj.datasets.yueyang())
    found = kj.rank(projection, "high_tech_net_new", 2022)
    assert found.likeliest == 3
    assert found.observed
    assert {name.rpartition("_")[2]: chance.value for name, chance in found.ahead.items()} == {"hengyang": 0.0, "zhuzhou": 0.0, "changde": 1.0}
    assert "岳阳市居第3位：居衡阳市、株洲市之后，领先于常德市" in found.to_text("zh")
    with pytest.raises(kj.NoBasisError, match="high_tech_net_new_hengyang"):
        kj.rank(projection, "high_tech_net_new", 2025)


def test_a_gap_may_be_stated_from_the_peers_side() -> None:
    """"p stood 20 above us" puts us behind p, whichever of the two the figure is about; gaps that differ decide nothing."""
    gap = {"kind": "gap", "indicator": "p", "year": 2023, "than": "x", "value": "20"}
    for unit_of_gap, ahead in (("20", 0.0), ("-20", 1.0)):
        study = kj.Study.from_dict({**known(some("p")).to_dict(), "as_of": "2023-12-31"}).with_evidence({**gap, "value": unit_of_gap})
        assert kj.rank(kj.project(study), "x", 2023).ahead["p"] == kj.Estimate(ahead, 0.0, "observed")
    mine = {"kind": "gap", "indicator": "x", "year": 2023, "than": "p", "value": "5"}
    torn = kj.Study.from_dict({**known(some("p")).to_dict(), "as_of": "2023-12-31"}).with_evidence(gap, mine)
    assert not kj.rank(kj.project(torn), "x", 2023).observed


# what is shown


def test_the_text_says_the_likeliest_place_and_the_chance_of_the_first_three(city: kj.Projection) -> None:
    """居第k位的可能性最大（约…）, 进入前三的可能性约…; what reports state; judgement, not assessment; no 100 %."""
    found = kj.rank(city, "x", 2025, peers=FIGURES)
    text, english = found.to_text("zh"), str(found)
    assert f"本市居第{found.likeliest}位的可能性最大（约{100 * found.chances[found.likeliest - 1].value:.0f}%），进入前三的可能性约{100 * found.top(3).value:.0f}%" in text
    assert "报告所列位次：全省第3（2022）" in text
    assert "不是考核结果" in text
    assert f"is likeliest at place {found.likeliest}" in english
    assert "one of the first three places" in english
    for said in (text, english):
        assert not any(word in said for word in ("100%", "100 %", "nan", "None"))


def test_data_and_frame_hold_a_row_a_place(city: kj.Projection) -> None:
    """The numbers are those of the result."""
    found = kj.rank(city, "x", 2025, peers=FIGURES)
    assert [row["probability"] for row in found.to_dict()["places"]] == values(found) == found.to_frame()["probability"].tolist()


# the command


def test_the_command_ranks_marked_peers_and_places_with_figures(capsys: pytest.CaptureFixture[str], tmp_path: Path, city: kj.Projection) -> None:
    """The bundled report's gaps without a study; figures, --best and --json with one."""
    assert main(["rank", "high_tech_net_new", "2022", "--lang", "zh"]) == 0
    assert "岳阳市居第3位" in capsys.readouterr().out
    study = tmp_path / "study.json"
    city.study.to_file(study)
    pairs = ",".join(f"{place}.{year}={value}" for place, by_year in FIGURES.items() for year, value in by_year.items())
    assert main(["rank", "x", "2025", "--peers", pairs, "--study", str(study), "--best", "lowest", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == kj.rank(city, "x", 2025, peers=FIGURES, best="lowest").to_dict()
    assert main(["rank", "x", "2025", "--study", str(study), "--lang", "en"]) == 1
    assert "peer_of" in capsys.readouterr().err


# what is refused


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, "mark indicators with peer_of: x"),
        ({"peers": []}, "name indicators of the study"),
        ({"peers": "p"}, "name indicators of the study"),
        ({"peers": ["x"]}, "ranked against itself"),
        ({"peers": ["z"]}, "unknown indicator 'z'"),
        ({"peers": {"A": {2030: "1"}}}, "no year up to as_of"),
        ({"peers": {"A": 5}}, "expected text by year"),
        ({"peers": FIGURES, "best": "top"}, "expected 'highest' or 'lowest'"),
        ({"peers": FIGURES, "year": "2025"}, "calendar year"),
    ],
    ids=str,
)
def test_wrong_questions_are_refused_with_what_to_do(city: kj.Projection, change: dict[str, Any], words: str) -> None:
    """Each error says what was given and what was expected."""
    asked = {"year": 2025, **change}
    with pytest.raises(kj.KjprojError, match=words):
        kj.rank(city, "x", asked.pop("year"), **asked)


@pytest.mark.parametrize(
    ("peer", "words"),
    [
        ({"peer_of": "y"}, "unknown indicator 'y'"),
        ({"peer_of": "p"}, "is a peer itself"),
        ({"peer_of": "x", "unit": "家"}, "not the same statistic"),
        ({"peer_of": "x", "measure": "stock"}, "not the same statistic"),
        ({"peer_of": "x", "place": None}, "say which place p is about"),
    ],
    ids=str,
)
def test_a_peer_is_the_same_statistic_in_another_place(peer: dict[str, Any], words: str) -> None:
    """A study whose peers are none is refused, with the place of the mistake."""
    data = known(some("p")).to_dict()
    data["indicators"][1].update(peer)
    data["evidence"] = data["evidence"][:1]
    with pytest.raises(kj.StudyError, match=words) as refused:
        kj.Study.from_dict(data)
    assert "indicators[1].p" in str(refused.value)


@pytest.mark.parametrize("ending", ["json", "yaml", "xlsx"])
def test_peers_survive_every_form_of_the_document(ending: str, tmp_path: Path) -> None:
    """place and peer_of are fields of the document: JSON, YAML and a spreadsheet give the same study."""
    study = known(some("p"))
    path = tmp_path / f"study.{ending}"
    study.to_file(path, lang="zh")
    again = kj.Study.from_file(path)
    assert again == study
    assert again.peers("x") == ("p",)


def test_equal_published_figures_are_level_and_neither_ahead() -> None:
    study = kj.Study.from_levels({"x": {2022: "318"}}, unit="家", reference_class="generic_positive")
    found = kj.rank(kj.project(study), "x", 2022, peers={"甲市": {2022: "318"}, "乙市": {2022: "400"}})
    assert found.level == ("甲市",)
    assert "与甲市并列" in found.to_text("zh")
    assert "level with 甲市" in found.to_text("en")
    assert "领先" not in found.to_text("zh")


def test_less_is_better_where_the_targets_say_so() -> None:
    study = kj.Study.from_levels({"x": {2022: "0.47"}}, unit="%", reference_class="generic_ratio")
    study = study.with_target(kj.Target(name="t", indicator="x", year=2025, at_most="0.45"))
    found = kj.rank(kj.project(study), "x", 2025, peers={"甲": {2022: "0.30"}, "乙": {2022: "0.90"}})
    assert (found.best, found.likeliest) == ("lowest", 2)
    assert "数值低者居前" in found.to_text("zh")
