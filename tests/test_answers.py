"""Laws that answers keep whatever the study, and what is said where there is no answer."""

from __future__ import annotations

import math
import multiprocessing
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from studies import document, four_scales, inv_chi2, level, normal, one_walk, rd_block, reach, target, walk

import kjproj as kj

SCALES = ("amount", "index", "share", "firms")
NODES = 1024


@pytest.fixture(scope="module")
def scales() -> kj.Projection:
    return kj.project(four_scales())


@pytest.fixture(scope="module")
def block() -> kj.Projection:
    """Two unknown volatilities, a product, a break: nodes are randomised and there are two readings."""
    return kj.project(rd_block(correlation=-0.4, leap=0.2), nodes=NODES)


def goal(indicator: str, year: int = 2025, name: str = "t", **bound: Any) -> kj.Target:
    return kj.Target(name=name, indicator=indicator, year=year, **bound)


def chance(projection: kj.Projection, *targets: kj.Target) -> float:
    return kj.probability(projection, all_of=targets).value


def middle(projection: kj.Projection, indicator: str, year: int = 2025, probability: float = 0.4) -> str:
    """A figure that is reached with about the given probability."""
    return f"{kj.attainable(projection, indicator, year, probability=probability).value:.3f}"


# one target


@pytest.mark.parametrize("name", SCALES[:3])
def test_meeting_and_missing_a_bound_add_up_to_one(scales: kj.Projection, name: str) -> None:
    """P(at least b) + P(at most b) = 1 on every continuous scale, and strictness makes no difference there."""
    b = middle(scales, name)
    assert chance(scales, goal(name, at_least=b)) + chance(scales, goal(name, at_most=b)) == pytest.approx(1, abs=1e-12)
    assert chance(scales, goal(name, at_least=b)) == chance(scales, goal(name, more_than=b))
    assert chance(scales, goal(name, at_most=b)) == chance(scales, goal(name, less_than=b))


@pytest.mark.parametrize("n", [700, 900, 1100])
def test_a_count_is_at_least_n_or_at_most_n_less_one(scales: kj.Projection, n: int) -> None:
    """For counts ≥ n and > n − 1 are the same, ≤ n − 1 and < n too, and the two kinds add up to 1."""
    least = chance(scales, goal("firms", at_least=str(n)))
    assert least == chance(scales, goal("firms", more_than=str(n - 1)))
    most = chance(scales, goal("firms", at_most=str(n - 1)))
    assert most == chance(scales, goal("firms", less_than=str(n)))
    assert least + most == pytest.approx(1, abs=1e-12)
    assert chance(scales, goal("firms", more_than=str(n))) < least
    assert chance(scales, goal("firms", at_least=f"{n - 1}.2")) == least, "no count lies between n − 1 and n"


def test_at_least_n_of_a_count_is_n_less_a_half() -> None:
    """≥ 1100 firms is 1 − Φ((ln 1099.5/767 − 3μ)/(σ√3)) with known μ and σ; > 1100 has 1100.5."""
    projection = kj.project(one_walk(0.1, 0.08, {2022: "767"}, unit="家"))
    for bound, whole in (("at_least", 1099.5), ("more_than", 1100.5)):
        z = (math.log(whole / 767) - 3 * 0.1) / (0.08 * math.sqrt(3))
        assert chance(projection, goal("x", **{bound: "1100"})) == pytest.approx(NormalDist().cdf(-z), abs=1e-12)


def test_a_target_in_another_unit_of_people_counts_heads() -> None:
    """At least 0.11 万人 is at least 1100 人: one and the same bound."""
    projection = kj.project(one_walk(0.1, 0.08, {2022: "767"}, unit="人"))
    assert chance(projection, goal("x", at_least="0.11", unit="万人")) == chance(projection, goal("x", at_least="1100"))


@pytest.mark.parametrize("name", SCALES)
def test_a_higher_goal_is_less_likely(scales: kj.Projection, name: str) -> None:
    """P(at least b) falls in b, between the ends 1 and 0."""
    goals = [float(kj.attainable(scales, name, 2025, probability=p)) for p in (0.999, 0.9, 0.5, 0.1, 0.001)]
    chances = [chance(scales, goal(name, at_least=f"{g:.4f}")) for g in goals]
    assert all(a > b for a, b in zip(chances, chances[1:], strict=False)), chances
    assert chances[0] > 0.99
    assert chances[-1] < 0.01


@pytest.mark.parametrize("name", SCALES)
def test_between_two_bounds_is_a_difference(scales: kj.Projection, name: str) -> None:
    """P(a ≤ x ≤ b) = P(x ≥ a) − P(x > b)."""
    low, high = (f"{kj.attainable(scales, name, 2025, probability=p).value:.{0 if name == 'firms' else 3}f}" for p in (0.7, 0.2))
    difference = chance(scales, goal(name, at_least=low)) - chance(scales, goal(name, more_than=high))
    assert chance(scales, goal(name, between=(low, high))) == pytest.approx(difference, abs=1e-12)
    both = chance(scales, goal(name, name="a", at_least=low), goal(name, name="b", at_most=high))
    assert both == pytest.approx(difference, abs=1e-12), "the same unknown bounded twice"


def test_bounds_that_exclude_each_other_have_no_chance(scales: kj.Projection) -> None:
    """At least 150 and at most 140 is 0; one of them suffices with P + P."""
    high, low = goal("amount", name="a", at_least="150"), goal("amount", name="b", at_most="140")
    assert chance(scales, high, low) == 0.0
    either = kj.probability(scales, any_of=[high, low]).value
    assert either == pytest.approx(chance(scales, high) + chance(scales, low), abs=1e-12)
    assert kj.probability(scales, any_of=[goal("amount", name="a", at_least="140"), goal("amount", name="b", at_most="150")]).value == 1.0


# several targets


def test_at_least_one_is_all_less_none(block: kj.Projection) -> None:
    """P(any of three) = 1 − P(all three missed), in one block and over two."""
    bounds = {"rd_spending": "150", "rd_intensity": "2.6", "gdp": "5900"}
    met = [goal(n, name=f"met_{n}", at_least=b) for n, b in bounds.items()]
    missed = [goal(n, name=f"missed_{n}", less_than=b) for n, b in bounds.items()]
    one = kj.probability(block, any_of=met)
    none = kj.probability(block, all_of=missed)
    assert one.value + none.value == pytest.approx(1, abs=5 * math.hypot(one.stderr, none.stderr) + 1e-9)
    assert one.value >= max(chance(block, t) for t in met)


def test_a_condition_divides(block: kj.Projection) -> None:
    """P(A | B)·P(B) = P(A and B); P(A | A) = 1; a condition in another block changes nothing."""
    a, b = "spending", "intensity"
    given = kj.probability(block, a, given=b).value
    assert given * kj.probability(block, b).value == pytest.approx(kj.probability(block, all_of=[a, b]).value, abs=1e-12)
    assert kj.probability(block, a, given=a).value == 1.0
    assert given > kj.probability(block, a).value, "intensity is half of spending"


def test_unconnected_targets_multiply(scales: kj.Projection) -> None:
    """Blocks are independent: P(A and B) = P(A)·P(B), and conditions across blocks do nothing."""
    a, b = goal("amount", name="a", at_least="115"), goal("firms", name="b", at_least="900")
    assert chance(scales, a, b) == pytest.approx(chance(scales, a) * chance(scales, b), rel=1e-12)
    assert kj.probability(scales, a, given=b).value == pytest.approx(chance(scales, a), rel=1e-12)


def test_an_orthant_agrees_with_simulation(block: kj.Projection) -> None:
    """Three targets of one block, computed and simulated."""
    targets = [goal("rd_spending", name="a", at_least="140"), goal("rd_intensity", name="b", at_least="2.5"), goal("rd_spending", 2024, name="c", at_least="125")]
    computed = kj.probability(block, all_of=targets)
    simulated = kj.probability(block, all_of=targets, method="simulate", n_paths=200_000)
    assert computed.method == "orthant"
    assert abs(computed.value - simulated.value) < 5 * math.hypot(computed.stderr, simulated.stderr)
    assert computed.stderr < 2e-3


def test_targets_on_all_members_of_a_product(block: kj.Projection) -> None:
    """A singular covariance: where GDP and intensity imply spending, the third target changes nothing."""
    gdp, intensity = goal("gdp", name="g", at_least="5600"), goal("rd_intensity", name="i", at_least="2.5")
    two = kj.probability(block, all_of=[gdp, intensity])
    for spending, same in (("140", True), ("100", True), ("175", False)):
        three = kj.probability(block, all_of=[gdp, intensity, goal("rd_spending", name="s", at_least=spending)])
        error = 5 * math.hypot(two.stderr, three.stderr) + 1e-6
        assert (abs(three.value - two.value) < error) is same, spending
        assert three.value <= two.value + error


# levels


@pytest.mark.parametrize("name", SCALES[:3])
@pytest.mark.parametrize("p", [0.05, 0.5, 0.95])
def test_attainable_inverts_probability(scales: kj.Projection, name: str, p: float) -> None:
    """The level attained with probability p is a goal that is met with probability p, on every scale."""
    found = kj.attainable(scales, name, 2025, probability=p)
    assert chance(scales, goal(name, at_least=f"{found.value:.12f}")) == pytest.approx(p, abs=1e-9)
    assert found.unit == scales.study.unit(name)


def test_attainable_of_a_count_rounds_to_the_largest_goal(scales: kj.Projection) -> None:
    """The greatest n with P(≥ n) ≥ p is the attainable level rounded to the next whole number."""
    n = round(kj.attainable(scales, "firms", 2025, probability=0.8).value)
    assert chance(scales, goal("firms", at_least=str(n))) >= 0.8 > chance(scales, goal("firms", at_least=str(n + 1)))


@pytest.mark.parametrize("name", SCALES)
def test_quantiles_rise_and_stay_on_the_scale(scales: kj.Projection, name: str) -> None:
    """Quantiles increase in q in every year and lie within the scale's bounds; numpy takes them as years × quantiles."""
    q = (0.001, 0.1, 0.5, 0.9, 0.999)
    found = kj.quantiles(scales, name, q=q, first_year=2023, last_year=2027)
    assert np.asarray(found).shape == (5, 5)
    assert (np.diff(found.values, axis=1) > 0).all()
    low, high = scales.study.scale(name).bounds
    assert (found.values > low).all()
    assert (found.values < high).all()
    assert found.at(2025)[2] == kj.attainable(scales, name, 2025, probability=0.5).value


# when


def test_when_is_reached_sooner_or_later_or_never(block: kj.Projection) -> None:
    """reached rises with the years, is at least the chance at the year itself, and never = 1 − reached at the end."""
    found = kj.when(block, "spending", until=2028)
    reached = [found.by(year).value for year in found.years]
    assert found.years == tuple(range(2023, 2029))
    assert all(a <= b for a, b in zip(reached, reached[1:], strict=False)), reached
    for year in found.years:
        at = kj.probability(block, goal("rd_spending", year, at_least="150"))
        assert found.by(year).value >= at.value - 5 * (at.stderr + found.by(year).stderr)
    assert found.never.value == 1 - reached[-1]
    assert found.median == next(year for year, p in zip(found.years, reached, strict=True) if p >= 0.5)
    assert found.by(2000).value == 0.0
    with pytest.raises(kj.KjprojError, match="until"):
        found.by(2040)


def test_when_sees_what_was_probably_met_in_a_year_not_yet_published() -> None:
    """A bound that a past, unpublished year met with more than one half is reported as already."""
    study = kj.Study.from_dict({**one_walk(0.1, 0.05, {2021: "100"}).to_dict(), "as_of": "2023-03-20"})
    easy, hard = kj.when(kj.project(study), reach("105", 2025)), kj.when(kj.project(study), reach("125", 2025))
    assert set(easy.already) == {2022}
    assert easy.already[2022].value == pytest.approx(NormalDist().cdf((0.1 - math.log(1.05)) / 0.05), abs=1e-9)
    assert hard.already == {}


def test_when_of_a_falling_target_counts_the_other_way() -> None:
    """At most b is first met when the level falls to b."""
    projection = kj.project(one_walk(-0.1, 0.05, {2022: "100"}))
    found = kj.when(projection, goal("x", at_most="85"))
    first = NormalDist().cdf((math.log(0.85) + 0.1) / 0.05)
    assert found.by(2023).value == pytest.approx(first, abs=1e-9)
    assert found.by(2026).value > 0.99


# arithmetic


@pytest.mark.parametrize(
    ("indicator", "bound", "way", "value", "path"),
    [
        ("amount", {"at_least": "150"}, "rate", (150 / 98.06) ** (1 / 3) - 1, [112.98, 130.18, 150.0]),
        ("amount", {"at_most": "70"}, "rate", (70 / 98.06) ** (1 / 3) - 1, [87.64, 78.32, 70.0]),
        ("share", {"at_least": "65.1"}, "points", 1.3, [62.5, 63.8, 65.1]),
        ("firms", {"at_least": "1100"}, "units", 111.0, [878, 989, 1100]),
        ("share", {"between": ("50", "60")}, "points", -0.4, [60.8, 60.4, 60.0]),
        ("share", {"between": ("60", "70")}, "points", 0.0, [61.2, 61.2, 61.2]),
    ],
)
def test_what_is_needed_is_counted_in_the_indicators_way(indicator: str, bound: Any, way: str, value: float, path: Any) -> None:
    """Per cent a year for amounts, points for shares, units for counts; falls are negative, inside two bounds it is 0."""
    study = four_scales().with_target(goal(indicator, **bound))
    need = kj.required_growth(study, "t")
    assert (need.way, float(need)) == (way, pytest.approx(value, abs=1e-9))
    found = kj.yearly_path(study, "t")
    assert list(found) == pytest.approx(path, abs=0.01)
    assert found.years.tolist() == [2023, 2024, 2025]


# coherence


def test_a_clean_study_has_no_findings() -> None:
    """Nothing to check, and it says so."""
    study = four_scales().with_target(goal("amount", at_least="150"))
    assert len(kj.coherence(study)) == 0
    assert str(kj.coherence(study)) == "Nothing was found that does not fit."


def planted(kind: str) -> kj.Study:
    """A study with one thing that does not fit."""
    study = four_scales()
    if kind == "uneven_pace":
        return study.with_target(goal("amount", 2023, "a", at_least="100"), goal("amount", 2025, "b", at_least="150"))
    if kind == "below_earlier":
        return study.with_target(goal("amount", 2024, "a", at_least="150"), goal("amount", 2025, "b", at_least="1400000", unit="万元"))
    if kind == "met":
        return study.with_target(goal("share", name="a", at_most="65"))
    if kind == "conflict":
        return study.with_evidence(level("amount", 2022, "99.9"))
    if kind == "leap":
        return study.with_evidence({"kind": "break", "indicator": "amount", "year": 2022, "probability": 0.2, "reason": "r"})
    return rd_block()


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("uneven_pace", "2.0 % a year, then 22.5 % a year to 2025"),
        ("below_earlier", "1400000 万元 in 2025 lies below the target of 2024, amount 150 亿元"),
        ("met", "2022 stood at 61.2 %"),
        ("conflict", "amount 98.06 (2022), amount 99.9 (2022) do not agree"),
        ("leap", "a one-off with 20 %"),
        ("implied", "implies 5769 亿元"),
    ],
)
def test_each_kind_of_finding_is_found(kind: str, words: str) -> None:
    """One planted thing gives one finding of its kind, in words that name the figures, in both languages."""
    findings = kj.coherence(planted(kind))
    assert [f.kind for f in findings] == [kind]
    assert words in str(findings)
    assert findings[0].words("zh") != findings[0].words("en")
    if kind == "conflict":
        c, sds = math.log(99.9 / 98.06), (0.005 / 98.06, 0.05 / 99.9)
        assert findings[0].numbers["factor"] == pytest.approx(c / math.hypot(*sds) * math.sqrt(3), rel=1e-6)
        assert f"multiplied by {findings[0].numbers['factor']:.1f}" in str(findings)
    assert kind == "implied" or "建议核实" in findings.to_text("zh")
    assert "矛盾" not in findings.to_text("zh")


def test_a_floor_and_an_aim_may_stand_together() -> None:
    """Two targets of one year, a floor and an aim, are neither uneven nor one below the other."""
    aim, floor = goal("amount", name="aim", at_least="150"), goal("amount", name="floor", at_least="140")
    assert len(kj.coherence(four_scales().with_target(aim, floor))) == 0


def test_three_pairs_of_targets_imply_three_gdps() -> None:
    """The bundled study: 5769, 6522 and 6515 亿元, at 7.0, 10.4 and 10.3 % a year."""
    finding = kj.coherence(kj.datasets.yueyang()).of("implied")[0]
    levels = [v for k, v in finding.numbers.items() if not k.endswith(":rate")]
    rates = [v for k, v in finding.numbers.items() if k.endswith(":rate")]
    assert levels == pytest.approx([150 / 0.026, 300 / 0.046, 2150 / 0.33])
    base = 98.06 / 0.0223
    assert rates == pytest.approx([(x / base) ** 0.25 - 1 for x in levels])


# no answer


def test_without_a_motion_the_message_says_what_to_bring() -> None:
    """A level alone, a motion alone, or neither: no basis, never a number."""
    indicators = [{"name": "still", "unit": "亿元"}, {"name": "lost", "unit": "亿元", "motion": walk(0.1, 0.1)}]
    study = kj.Study.from_dict(document(indicators=indicators, evidence=[level("still", 2022, "5")]))
    projection = kj.project(study)
    with pytest.raises(kj.NoBasisError, match="nothing is said about how still moves; give still a reference_class or a motion"):
        kj.probability(projection, goal("still", at_least="6"))
    with pytest.raises(kj.NoBasisError, match="nothing in the study says where lost stands: add evidence of kind 'level'"):
        kj.quantiles(projection, "lost")
    with pytest.raises(kj.NoBasisError, match="no figure says where lost stood before 2025"):
        kj.required_growth(study, goal("lost", at_least="6"))


WRONG_QUESTIONS: list[tuple[str, Any, str]] = [
    ("a year before the figures", lambda p: kj.attainable(p, "rd_spending", 2015, probability=0.5), "figures begin in 2020"),
    ("a target before the figures", lambda p: kj.probability(p, goal("rd_spending", 2015, at_least="1")), "figures begin in 2020"),
    ("a sample before the figures", lambda p: kj.sample(p, 10, first_year=2015), "figures begin in 2020"),
    ("a year that is none", lambda p: kj.attainable(p, "gdp", "2025", probability=0.5), "expected a calendar year"),
    ("half a year", lambda p: kj.quantiles(p, "gdp", last_year=2025.5), "expected a calendar year"),
    ("a year without quantiles", lambda p: kj.quantiles(p, "gdp").at(1999), "the years are 2023 to 2025"),
    ("a probability of 1.5", lambda p: kj.attainable(p, "gdp", 2025, probability=1.5), r"1\.5.*between 0 and 1"),
    ("a probability in words", lambda p: kj.attainable(p, "gdp", 2025, probability="half"), "between 0 and 1"),
    ("one quantile without a list", lambda p: kj.quantiles(p, "gdp", q=0.5), "expected a list"),
    ("no target", lambda p: kj.probability(p, all_of=[]), "name at least one"),
    ("nothing asked", lambda p: kj.probability(p), "expected exactly one"),
    ("a number for a target", lambda p: kj.probability(p, 5), "expected a target's name"),
    ("an unknown target", lambda p: kj.probability(p, "rd"), "known are spending, intensity"),
    ("an unknown indicator", lambda p: kj.attainable(p, "rd", 2025, probability=0.5), "known are gdp"),
    ("an unknown method", lambda p: kj.probability(p, "spending", method="guess"), "'auto' or 'simulate'"),
    ("no paths", lambda p: kj.sample(p, 0), "a whole number from 1"),
    ("no simulated paths", lambda p: kj.probability(p, "spending", method="simulate", n_paths=-1), "a whole number from 1"),
    ("years backwards", lambda p: kj.sample(p, 10, last_year=2000), "give a later one"),
    ("when between two bounds", lambda p: kj.when(p, goal("gdp", between=("1", "2"))), "one-sided"),
    ("when before as_of", lambda p: kj.when(p, "spending", until=2020), "the first year after as_of"),
    ("a condition that cannot be", lambda p: kj.probability(p, "spending", given=goal("rd_spending", 2021, at_least="99")), "probability 0"),
    ("a project of something else", lambda p: kj.project("study.yaml"), "expected a kjproj.Study"),
    ("a seed below 0", lambda p: kj.project(p.study, rng=-1), "0 or more"),
    ("three centuries", lambda p: kj.when(p, "spending", until=2300), "GB"),
]


@pytest.mark.parametrize(("ask", "said"), [q[1:] for q in WRONG_QUESTIONS], ids=[q[0] for q in WRONG_QUESTIONS])
def test_a_wrong_question_is_refused_with_advice(ask: Any, said: str, block: kj.Projection) -> None:
    """A `KjprojError` that says what was given and what was expected; the projection still answers afterwards."""
    with pytest.raises(kj.KjprojError, match=said):
        ask(block)
    assert kj.probability(block, "spending").value == pytest.approx(0.48, abs=0.05)


def test_an_answer_that_was_broken_off_spoils_no_other() -> None:
    """Where one reading was solved further than the others, as after an interrupt, answers stay what they were."""
    projection = kj.project(rd_block(leap=0.2), nodes=NODES)
    before = kj.probability(projection, "spending").value
    projection.block("gdp").readings[0].at_nodes(2035)
    assert kj.probability(projection, "spending").value == pytest.approx(before, abs=1e-9)


def test_figures_that_differ_about_a_target_do_not_decide_it() -> None:
    """Two figures of one year on either side of a target leave it open; on one side they decide it."""
    study = one_walk(0.05, 0.1, {2022: "150"}, error=None).with_evidence(level("x", 2022, "170"))
    projection = kj.project(study)
    assert kj.probability(projection, goal("x", 2022, at_least="140")).method == "observed"
    assert kj.probability(projection, goal("x", 2022, at_least="160")).value == pytest.approx(0.5, abs=0.1)


# samples


@pytest.fixture(scope="module")
def paths(block: kj.Projection) -> kj.Paths:
    return kj.sample(block, 150_000)


@pytest.mark.parametrize("workers", ["thread 1", "thread 2", "thread 4", "process 2"])
def test_a_sample_does_not_depend_on_the_executor(block: kj.Projection, paths: kj.Paths, workers: str) -> None:
    """The same bits in this thread, in any number of threads, and in other processes."""
    kind, count = workers.split()
    context = {"mp_context": multiprocessing.get_context("spawn")} if kind == "process" else {}
    pool: Any = ProcessPoolExecutor if kind == "process" else ThreadPoolExecutor
    with pool(int(count), **context) as executor:
        other = kj.sample(block, 150_000, executor=executor)
    assert all(np.array_equal(other.values[name], paths.values[name]) for name in paths.values)


def test_the_identity_holds_on_every_path(paths: kj.Paths) -> None:
    """Spending = GDP · intensity in every year of every path."""
    product = paths.values["gdp"] * paths.values["rd_intensity"] / 100
    np.testing.assert_allclose(paths.values["rd_spending"], product, rtol=1e-12)


def test_paths_have_weights_that_add_up_and_the_law_of_the_answers(paths: kj.Paths, block: kj.Projection) -> None:
    """Weights sum to 1, and the weighted share of paths that meet both targets is their probability."""
    assert paths.weights.sum() == pytest.approx(1, abs=1e-9)
    last = paths.years.tolist().index(2025)
    hits = (paths.values["rd_spending"][:, last] >= 150) & (paths.values["rd_intensity"][:, last] >= 2.6)
    both = kj.probability(block, all_of=["spending", "intensity"])
    assert paths.weights[hits].sum() == pytest.approx(both.value, abs=5 * math.hypot(0.5 / math.sqrt(150_000), both.stderr))


def test_paths_stay_within_the_bounds_of_their_scales(scales: kj.Projection) -> None:
    """On logit a share stays between 0 and 100 on every path; on log levels stay positive."""
    found = kj.sample(scales, 20_000, last_year=2060)
    for name in SCALES:
        low, high = scales.study.scale(name).bounds
        assert (found.values[name] >= low).all()
        assert (found.values[name] <= high).all()
        assert np.isfinite(found.values[name]).all()


def test_an_unconnected_indicator_moves_no_other_ones_draws() -> None:
    """With pseudo-random streams the draws of an indicator are the same to the bit when another is added before it."""
    study = rd_block()
    other = {"name": "other", "unit": "家", "motion": walk(normal(0.1, 0.1), inv_chi2(3, 0.2))}
    more = study.to_dict()
    more["indicators"].insert(0, other)
    more["evidence"].insert(0, level("other", 2022, "617"))
    before, after = (kj.sample(kj.project(s, nodes=NODES), 5000, rng=3) for s in (study, kj.Study.from_dict(more)))
    assert set(after.values) == {*before.values, "other"}
    assert all(np.array_equal(before.values[name], after.values[name]) for name in before.values)


def test_randomness_is_what_rng_says(block: kj.Projection) -> None:
    """An int, its SeedSequence's number, PseudoRandom: the same bits again; a Generator is drawn from; another seed differs."""
    def first(rng: Any) -> Any:
        return kj.sample(block, 100, rng=rng).values["gdp"]

    assert np.array_equal(first(7), first(kj.shocks.PseudoRandom(7)))
    assert np.array_equal(first(np.int64(7)), first(7))
    assert np.array_equal(first(np.random.SeedSequence(7)), first(np.random.SeedSequence(7)))
    assert np.array_equal(first(np.random.default_rng(7)), first(np.random.default_rng(7)))
    generator = np.random.default_rng(7)
    assert not np.array_equal(first(generator), first(generator))
    assert not np.array_equal(first(7), first(8))
    for wrong in ("7", 7.0, True, -1):
        with pytest.raises(kj.KjprojError, match="rng"):
            first(wrong)


def test_the_same_projection_gives_the_same_bits() -> None:
    """Two projections of one study agree to the bit; another seed moves answers within their stated errors."""
    study = rd_block(correlation=-0.4)
    a, b, other = (kj.probability(kj.project(study, rng=r, nodes=NODES), "spending") for r in (0, 0, 1))
    assert a == b
    assert other.value != a.value
    assert abs(other.value - a.value) < 6 * math.hypot(a.stderr, other.stderr)


def test_a_projection_is_its_recipe() -> None:
    """A recipe names the study's digest, the scenario and the seed."""
    study = kj.datasets.yueyang()
    recipe = kj.project(study, "slow_economy", rng=5).recipe
    assert (recipe.study, recipe.scenario, recipe.seed) == (study.digest, "slow_economy", 5)


def test_targets_need_not_stand_in_the_study() -> None:
    """A target that is handed in is checked as one in the study, and answered the same."""
    study = four_scales().with_target(target("t", "amount", 2025, at_least="120"))
    projection = kj.project(study)
    assert kj.probability(projection, goal("amount", at_least="120")).value == kj.probability(projection, "t").value
    with pytest.raises(kj.UnitError, match="give a unit of yuan"):
        kj.probability(projection, goal("amount", at_least="120", unit="家"))


def test_a_slip_of_units_is_found_in_figures_and_in_targets() -> None:
    """1.8 % written as 0.018, and a target that asks for a multiple every year; small counts may leap."""
    def kinds(levels: dict[int, str], goal: str, unit: str = "%") -> list[str]:
        study = kj.Study.from_levels({"x": levels}, unit=unit, reference_class="generic_positive" if unit == "家" else "rd_intensity")
        return [f.kind for f in kj.coherence(study.with_target(reach(goal, 2025)))]

    assert "out_of_scale" in kinds({2021: "1.62", 2022: "0.018"}, "0.019"), "the figure alone"
    assert "out_of_scale" in kinds({2021: "0.0162", 2022: "0.0175"}, "1.8")
    assert "out_of_scale" not in kinds({2021: "1.62", 2022: "1.75"}, "1.9")
    assert "out_of_scale" not in kinds({2021: "1", 2022: "25"}, "60", "家")
