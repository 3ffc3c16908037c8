"""How far each assumption moves a chance: ends in closed form, and one list with the range over assumptions."""

from __future__ import annotations

import json
import math
from itertools import pairwise
from pathlib import Path
from statistics import NormalDist
from typing import Any

import pytest
from scipy.stats import chi2, gamma, poisson
from studies import document, inv_chi2, level, normal, one_walk, rd_block, reach, target, walk

import kjproj as kj
from kjproj.cli import main
from kjproj.show.drivers import bar

Z = NormalDist().inv_cdf(0.9)
EXACT = {2021: "100", 2022: "110"}
YEARS, DISTANCE = 3, math.log(150 / 110)


def beyond(mean: float, sd: float) -> float:
    return NormalDist().cdf((mean - DISTANCE) / sd)


def swing(found: kj.Tornado, kind: str, about: str) -> kj.Swing:
    """The one swing of a kind and what it is about."""
    (only,) = [s for s in found.of(kind) if s.about == about]
    return only


def only_swing(study: kj.Study, asked: Any, scenario: str | None = None) -> kj.Swing:
    (only,) = kj.tornado(kj.project(study, scenario), asked).swings
    return only


# beliefs about the motion


def test_a_normal_drift_swings_to_its_quantiles_before_the_figures() -> None:
    """1 − Φ((ln B/L − hq)/(σ√h)) at q = mean ± 1.2816 sd, whatever the earlier figures say."""
    found = kj.tornado(kj.project(one_walk(normal(0.1, 0.03), 0.08, EXACT)), reach("150", 2025))
    only = found.swings[0]
    assert (only.kind, only.about) == ("drift", "x")
    ends = [beyond(YEARS * (0.1 + side * Z * 0.03), 0.08 * math.sqrt(YEARS)) for side in (-1, 1)]
    assert (only.chances[0], only.chances[2]) == pytest.approx(tuple(ends), abs=1e-9)
    growth, precision = math.log(1.1), 1 / 0.03**2 + 1 / 0.08**2
    mean = (0.1 / 0.03**2 + growth / 0.08**2) / precision
    middle = beyond(YEARS * mean, math.sqrt(YEARS * 0.08**2 + YEARS**2 / precision))
    assert only.chances[1] == found.value.value == pytest.approx(middle, abs=1e-9)
    assert only.size == only.high - only.low == pytest.approx(ends[1] - ends[0], abs=1e-9)


def test_an_elicited_drift_swings_to_its_quantiles() -> None:
    """The two-piece normal's quantiles in the same formula."""
    belief = kj.beliefs.Elicited(low=0.04, mode=0.06, high=0.09)
    only = only_swing(one_walk(belief, 0.08, EXACT), reach("150", 2025))
    ends = [beyond(YEARS * belief.quantile(p), 0.08 * math.sqrt(YEARS)) for p in (0.1, 0.9)]
    assert only.chances[::2] == pytest.approx(ends, abs=1e-9)


def test_a_volatility_swings_to_its_quantiles() -> None:
    """σ² ~ df·scale²/χ²: σ at 10 % is scale·√(df/χ² at 90 %)."""
    only = only_swing(one_walk(0.05, inv_chi2(6, 0.1, upper=50), {2022: "110"}), reach("150", 2025))
    ends = [beyond(YEARS * 0.05, 0.1 * math.sqrt(YEARS * 6 / chi2.isf(p, 6))) for p in (0.1, 0.9)]
    assert (only.kind, only.chances[::2]) == ("volatility", pytest.approx(ends, abs=1e-9))


def test_the_drift_of_a_part_and_the_size_of_a_step_swing_too() -> None:
    """A sum of a walk and a step: ln(B/L) − hμ − size, each moved alone with the other's spread left."""
    step = {"kind": "step", "year": 2024, "size": normal(0.05, 0.04)}
    study = one_walk(0.0, 0.1, EXACT).with_motion("x", {"kind": "sum", "parts": [walk(normal(0.1, 0.03), 0.08), step]})
    found = kj.tornado(kj.project(study), reach("150", 2025))
    assert {(s.kind, s.about) for s in found.swings} == {("drift", "x:parts.0.drift"), ("parameter", "x:parts.1.size")}
    drift = swing(found, "drift", "x:parts.0.drift")
    ends = [beyond(YEARS * (0.1 + side * Z * 0.03) + 0.05, math.hypot(0.08 * math.sqrt(YEARS), 0.04)) for side in (-1, 1)]
    assert drift.chances[::2] == pytest.approx(ends, abs=1e-9)


def test_a_number_and_a_flat_belief_have_no_swing() -> None:
    """A number has no spread, a flat belief no quantiles."""
    assert kj.tornado(kj.project(one_walk(0.1, 0.08, EXACT)), reach("150", 2025)).swings == ()
    flat = one_walk({"kind": "flat"}, 0.08, EXACT)
    assert kj.tornado(kj.project(flat), reach("150", 2025)).swings == ()


def test_the_drift_of_a_class_is_moved_as_a_whole() -> None:
    """Class, deviation and the coming years together: mean ± 1.2816·√(sum of variances), and no spread beside it."""
    study = kj.Study.from_levels({"x": {2020: "80", 2021: "90", 2022: "101"}}, unit="亿元", reference_class="gdp")
    projection, asked = kj.project(study), reach("125", 2025)
    motion = projection.assumed["x"].motion
    parts = [motion.parameters()[name].belief.gaussian or (0.0, 0.0) for name in ("drift", "deviation", "common")]
    found = kj.tornado(projection, asked)
    for end, side in ((0, -1), (2, 1)):
        value = sum(mean for mean, _ in parts) + side * Z * math.hypot(*(sd for _, sd in parts))
        fixed = study.with_motion("x", motion.model_copy(update={"drift": value, "deviation": 0.0, "common": 0.0}))
        alone = kj.probability(kj.project(fixed), asked).value
        assert swing(found, "drift", "x").chances[end] == pytest.approx(alone, abs=1e-9)
    assert {s.kind for s in found.swings} == {"drift", "volatility", "parameter", "spread", "class"}


# correlations


def pair(correlation: float, **more: Any) -> kj.Study:
    """Two walks of known drift and volatility, and their product."""
    both = (("a", "亿元", 0.06, 0.05), ("b", "%", 0.03, 0.08))
    moving = [{"name": n, "unit": u, "motion": walk(m, s)} for n, u, m, s in both]
    parts: dict[str, Any] = {
        "indicators": [*moving, {"name": "p", "unit": "亿元"}],
        "identities": [{"kind": "product", "result": "p", "factors": ["a", "b"]}],
        "correlations": [{"between": ["a", "b"], "value": correlation, "reason": "assumed"}],
        "evidence": [level("a", 2022, "1000", error="0"), level("b", 2022, "11", error="0")],
        "targets": [target("t", "p", 2025, at_least="150")],
    }
    return kj.Study.from_dict(document(**{**parts, **more}))


@pytest.mark.parametrize(("stated", "far"), [(-0.4, -0.8), (0.7, 0.95)])
def test_a_correlation_swings_to_0_and_to_twice_itself(stated: float, far: float) -> None:
    """Var = h(σ₁² + σ₂² + 2ρσ₁σ₂) at ρ = 0 and at 2ρ, at most .95."""
    only = only_swing(pair(stated), "t")
    ends = [beyond(YEARS * 0.09, math.sqrt(YEARS * (0.05**2 + 0.08**2 + 2 * rho * 0.05 * 0.08))) for rho in (0.0, far)]
    assert (only.kind, only.chances[::2]) == ("correlation", pytest.approx(ends, abs=1e-9))
    assert f"0 or {far:g}" in only.words("en")


def test_a_correlation_goes_no_further_than_its_matrix_allows() -> None:
    """With corr(a,c) = corr(b,c) = .9, corr(a,b) lies between .62 and 1: 0 is out of reach."""
    third = {"name": "c", "unit": "亿元", "motion": walk(0.0, 0.1)}
    base = pair(0.8).to_dict()
    tied = [{"between": [n, "c"], "value": 0.9, "reason": "assumed"} for n in ("a", "b")]
    study = kj.Study.from_dict({**base, "indicators": [*base["indicators"], third], "correlations": [*base["correlations"], *tied]})
    words = swing(kj.tornado(kj.project(study), "t"), "correlation", "a:b").words("en")
    assert words == "correlation of a and b 0.62 or 0.95"


# the declared list


def test_scenarios_spreads_and_readings_are_those_of_the_range() -> None:
    """One declared list: every chance of `bounds` that differs from the answer is in the tornado."""
    projection = kj.project(kj.datasets.yueyang())
    found, range_ = kj.tornado(projection, "rd_spending_2025"), kj.bounds(projection, "rd_spending_2025")
    for name, chance in range_.under.items():
        if chance != range_.value.value:
            kind, about = name.split(":", 1)
            group = {"scenario": about, "spread": about.split(":")[0], "class": about, "reading": about.split(":", 1)[-1]}[kind]
            assert chance in swing(found, kind, group).chances
    assert {s.about for s in found.of("spread")} == {"gdp", "rd_intensity"}, "classes of other blocks are left out"
    (reading,) = found.of("reading")
    assert reading.chances[0] == range_.under["reading:growth:rd_intensity:2021"]
    assert reading.chances[2] == range_.under["reading:one_off:rd_intensity:2021"]


def test_swings_are_sorted_and_say_what_they_are_in_both_languages() -> None:
    """The greatest first; the list and the plain data hold the same."""
    found = kj.tornado(kj.project(rd_block(leap=0.2, correlation=-0.4), nodes=512), all_of=["spending", "intensity"])
    assert all(a.size >= b.size for a, b in pairwise(found.swings))
    assert {s.kind for s in found.swings} == {"drift", "volatility", "correlation", "reading"}
    assert len({(s.kind, s.about) for s in found.swings}) == len(found.swings)
    assert all(s.low <= found.value.value <= s.high for s in found.swings)
    for lang in ("zh", "en"):
        assert len(found.to_text(lang).splitlines()) == 1 + len(found.swings)
    assert "gdp年均变动取4.0%或9.5%" in found.to_text("zh")
    assert "gdp: drift 4.0 or 9.5 % a year" in str(found)
    data = found.to_dict()
    assert data["probability"] == found.value.value
    assert [tuple(s["chances"]) for s in data["swings"]] == [s.chances for s in found.swings]


# figures and nuisances


def test_an_expected_figure_swings_to_the_quantiles_of_its_error() -> None:
    """ln 110 ± 1.2816·.03 without error, in the usual formula."""
    study = kj.Study.from_dict(
        document(
            indicators=[{"name": "x", "unit": "亿元", "motion": walk(0.1, 0.08)}],
            evidence=[level("x", 2022, "110", expected=True)],
        )
    )
    only = only_swing(study, reach("150", 2025))
    ends = [beyond(YEARS * 0.1 + side * Z * 0.03, 0.08 * math.sqrt(YEARS)) for side in (-1, 1)]
    assert (only.kind, only.about) == ("figure", "evidence[0]")
    assert only.chances[::2] == pytest.approx(ends, abs=1e-9)
    assert "truly 3.9 % lower or higher" in only.words("en")


def test_a_judgement_swings_to_the_ends_of_its_range() -> None:
    """With 80 % between low and high these are its 10 % and 90 % quantiles."""
    judged = {"kind": "judgement", "indicator": "x", "year": 2022, "low": "100", "high": "121", "reason": "asked"}
    study = kj.Study.from_dict(
        document(indicators=[{"name": "x", "unit": "亿元", "motion": walk(0.1, 0.08)}], evidence=[judged])
    )
    only = only_swing(study, reach("150", 2025))
    ends = [beyond(YEARS * 0.1 + math.log(end / 110), 0.08 * math.sqrt(YEARS)) for end in (100, 121)]
    assert only.chances[::2] == pytest.approx(ends, abs=1e-7)
    assert only.words("zh") == "2022年x实为100或121亿元"


def test_the_share_of_a_part_of_the_year_and_a_bias_swing_to_their_quantiles() -> None:
    """ln total = ln part − ln share − bias − wobble: one of them fixed, the others' spreads left."""
    share, bias, wobble = 0.03 / 0.75, 0.05, 0.01
    part: dict[str, Any] = {
        "kind": "partial", "indicator": "x", "year": 2022, "period": "Q1-Q3", "value": "82.5", "error": "0",
        "share": normal(0.75, 0.03), "bias": {"name": "scope", "sd": bias, "reason": "firms for industry"},
    }  # fmt: skip
    study = kj.Study.from_dict(document(indicators=[{"name": "x", "unit": "亿元", "motion": walk(0.1, 0.08)}], evidence=[part]))
    found = kj.tornado(kj.project(study), reach("150", 2025))
    rest, sds = 0.08**2 * YEARS, {"x: share of Q1-Q3": share, "bias: scope": bias, "x: Q1-Q3 of 2022": wobble}
    assert {s.about for s in found.swings} == set(sds)
    for about, sd in sds.items():
        spread = math.sqrt(rest + sum(other**2 for name, other in sds.items() if name != about))
        ends = [beyond(YEARS * 0.1 - side * Z * sd, spread) for side in (-1, 1)]
        assert swing(found, "nuisance", about).chances[::2] == pytest.approx(ends, abs=1e-9)
    assert swing(found, "nuisance", "x: share of Q1-Q3").words("zh") == "xQ1-Q3占全年比重取71%或79%"


# commitments and events


def test_a_commitment_swings_from_not_counted_on_to_kept_for_certain() -> None:
    """c = 0 is the trend, c = 1 the chance given the interim target."""
    kept = {"target": "interim", "credibility": 0.5, "reason": "stated"}
    study = kj.Study.from_dict(
        document(
            indicators=[{"name": "x", "unit": "亿元", "motion": walk(0.1, 0.08)}],
            evidence=[level("x", 2022, "110", error="0")],
            targets=[target("interim", "x", 2023, at_least="125"), target("t", "x", 2025, at_least="150")],
            scenarios=[{"name": "trend", "reason": "as before"}, {"name": "kept", "reason": "stated", "commitments": [kept]}],
        )
    )
    trend, found = kj.project(study), kj.tornado(kj.project(study, "kept"), "t")
    ends = kj.probability(trend, "t").value, kj.probability(trend, "t", given="interim").value
    assert swing(found, "commitment", "interim").chances[::2] == pytest.approx(ends, abs=1e-9)
    assert swing(found, "scenario", "trend").chances == pytest.approx((found.value.value, ends[0]), abs=1e-12)


def counting(**events: Any) -> kj.Study:
    return kj.Study.from_dict(
        document(
            indicators=[{"name": "n", "unit": "个", "measure": "events", **events}],
            evidence=[level("n", 2022, "13")],
            targets=[target("t", "n", 2025, kind="added", since=2022, at_least="35")],
        )
    )


@pytest.mark.parametrize(
    ("rate", "ends"),
    [
        ({"kind": "gamma", "shape": 8.0, "rate": 0.8}, gamma.ppf([0.1, 0.9], 8.0, scale=1 / 0.8)),
        (12.0, [6.0, 24.0]),
        (None, gamma.ppf([0.1, 0.9], 13.5)),
    ],
    ids=["belief", "number", "vague"],
)
def test_a_rate_of_events_swings_to_its_quantiles(rate: Any, ends: Any) -> None:
    """P(N ≥ 35) of a Poisson of three years at the ends: of the belief, half and twice a number, or after one tally."""
    events = {} if rate is None else {"events": {"kind": "counts", "rate": rate}}
    only = only_swing(counting(**events), "t")
    expected = [poisson.sf(34, 3 * end) for end in ends]
    assert (only.kind, only.about) == ("rate", "n")
    assert only.chances[::2] == pytest.approx(expected, abs=1e-4 if rate is None else 1e-9)


def test_a_milestone_swings_with_its_hazard() -> None:
    """1 − (1 − h)³ at the quantiles of a beta belief; a number's odds are halved and doubled."""
    for hazard, ends in (({"kind": "beta", "a": 2.0, "b": 2.0}, (0.195800, 0.804200)), (0.2, (1 / 9, 1 / 3))):
        study = kj.Study.from_dict(
            document(
                indicators=[{"name": "m", "unit": "个", "measure": "milestone", "events": {"kind": "milestone", "hazard": hazard}}],
                evidence=[level("m", 2022, "0")],
                targets=[target("t", "m", 2025, kind="milestone")],
            )
        )
        only = only_swing(study, "t")
        assert (only.kind, only.about) == ("hazard", "m")
        assert only.chances[::2] == pytest.approx([1 - (1 - end) ** 3 for end in ends], abs=2e-6)


# what does not bear on a target, and wrong questions


def test_a_published_target_has_no_swings_and_another_blocks_assumptions_none_on_this_one() -> None:
    """What is observed hangs on nothing; an unconnected indicator is not in the list."""
    two = [{"name": n, "unit": "亿元", "motion": walk(normal(0.1, 0.03), 0.08)} for n in ("x", "y")]
    study = kj.Study.from_dict(document(indicators=two, evidence=[level(n, 2022, "110") for n in ("x", "y")]))
    projection = kj.project(study)
    assert {s.about for s in kj.tornado(projection, reach("150", 2025)).swings} == {"x"}
    together = kj.tornado(projection, all_of=[reach("150", 2025), reach("140", 2025, "y", "u")])
    assert {s.about for s in together.swings} == {"x", "y"}
    seen = kj.tornado(projection, reach("100", 2022))
    assert (seen.value.value, seen.value.method, seen.swings) == (1.0, "observed", ())


def test_the_projection_itself_is_not_changed() -> None:
    """Asking for the swings leaves every answer as it was, to the bit."""
    projection = kj.project(rd_block(correlation=-0.4), nodes=256)
    before = kj.probability(projection, "spending")
    kj.tornado(projection, "spending")
    assert kj.probability(projection, "spending") == before
    assert kj.probability(kj.project(rd_block(correlation=-0.4), nodes=256), "spending") == before


def test_wrong_questions_are_refused() -> None:
    """Neither or both of target and all_of; a target without a basis."""
    projection = kj.project(kj.datasets.yueyang())
    for given in ({}, {"target": "rd_spending_2025", "all_of": ["rd_spending_2025"]}):
        with pytest.raises(kj.KjprojError, match="give a target, or all_of"):
            kj.tornado(projection, **given)
    with pytest.raises(kj.NoBasisError):
        kj.tornado(projection, "innovation_funds_2025")


# the command


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A study with a break, two targets, and an indicator that counts events."""
    data = rd_block(leap=0.2, correlation=-0.4).to_dict()
    events = {"name": "n", "unit": "个", "measure": "events"}
    added = target("parks", "n", 2025, kind="added", since=2022, at_least="30")
    data = {**data, "indicators": [*data["indicators"], events], "targets": [*data["targets"], added]}
    path = tmp_path / "study.json"
    kj.Study.from_dict({**data, "evidence": [*data["evidence"], level("n", 2022, "8")]}).to_file(path)
    return path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(arguments)
    found = capsys.readouterr()
    return code, found.out, found.err


def test_the_command_shows_swings_as_bars_then_indices_then_the_worth_of_figures(
    capsys: pytest.CaptureFixture[str], file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every section in both languages, no line wider than the terminal, bars that hold the chance as assumed."""
    monkeypatch.setenv("COLUMNS", "100")
    code, out, err = run(capsys, "drivers", "spending", "--study", str(file), "--lang", "en")
    assert (code, err) == (0, "")
    assert "rd_spending 150 亿元 in 2025: about " in out.splitlines()[0]
    for words in ("gdp: drift 4.0 or 9.5 % a year", "shocks of 2024", "rd_spending in 2022 (亿元)", "Units: 亿元 is"):
        assert words in out
    assert "=|=" in out
    zh = run(capsys, "drivers", "spending", "--study", str(file), "--lang", "zh")[1]
    assert "哪些假设影响最大" in zh
    assert "先公布哪个数据最有用" in zh
    from kjproj.show.tables import width

    assert max(map(width, (out + zh).splitlines())) <= 100


def test_the_commands_json_is_what_the_answers_say(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    """Tornado of all together, indices and learning by target; null where there is no answer."""
    data = json.loads(run(capsys, "drivers", "spending", "parks", "--study", str(file), "--json")[1])
    projection = kj.project(kj.Study.from_file(file))
    assert data["targets"] == ["spending", "parks"]
    assert data["tornado"] == kj.tornado(projection, all_of=["spending", "parks"]).to_dict()
    assert data["indices"] == [kj.indices(projection, "spending").to_dict(), None]
    assert data["learning"] == [kj.learning(projection, name).to_dict() for name in ("spending", "parks")]
    assert data["recipe"]["study"] == projection.study.digest
    both = run(capsys, "drivers", "spending", "parks", "--study", str(file), "--lang", "en")[1]
    assert "together about" in both.splitlines()[0]
    assert "Not for this target: parks counts events" in both
    assert "此目标没有这项结果" in run(capsys, "drivers", "parks", "--study", str(file), "--lang", "zh")[1]


def test_wrong_targets_end_with_1_and_none_with_2(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    """An unknown name is refused with those that are known."""
    code, out, err = run(capsys, "drivers", "nothing", "--study", str(file))
    assert (code, out) == (1, "")
    assert "unknown target 'nothing'; known are spending, intensity, parks" in err
    assert run(capsys, "drivers")[0] == 2


def test_a_bar_lies_to_scale() -> None:
    """From the least to the greatest chance, 33 signs in all, a stroke at the chance as assumed."""
    assert bar(0.2, 0.5, 0.8, (0.2, 0.8)) == "=" * 16 + "|" + "=" * 16
    assert bar(0.5, 0.5, 0.8, (0.2, 0.8)) == " " * 16 + "|" + "=" * 16
    assert bar(0.5, 0.5, 0.5, (0.5, 0.5)) == "|"
