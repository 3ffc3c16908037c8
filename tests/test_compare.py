"""Chances side by side: differences on common numbers have the error that they state, and weights mix."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from studies import document, four_scales, inv_chi2, level, normal, one_walk, rd_block, reach, target, walk

import kjproj as kj
from kjproj.answers.compare import difference
from kjproj.estimate import Estimate

BOTH = ["spending", "intensity"]
THREE = [*BOTH, kj.Target(name="g", indicator="gdp", year=2024, at_least="5300")]


def with_slow(study: kj.Study, indicator: str = "gdp", drift: Any = None) -> kj.Study:
    """The study with a scenario of slower growth beside its trend."""
    change = {"indicator": indicator, "drift": normal(0.04, 0.01) if drift is None else drift}
    scenarios = [{"name": "trend", "reason": "r"}, {"name": "slow", "label": {"zh": "放缓", "en": "slow growth"}, "reason": "r", "changes": [change]}]
    return kj.Study.from_dict({**study.to_dict(), "scenarios": scenarios})


def cases(study: kj.Study, **more: Any) -> dict[str, kj.Projection]:
    return {name: kj.project(study, name, **more) for name in ("trend", "slow")}


# what is compared


def test_each_chance_is_that_of_its_own_projection() -> None:
    """Chances are those of kj.probability, differences theirs, and the first has none."""
    both = cases(with_slow(rd_block()), nodes=256)
    found = kj.compare(both, all_of=BOTH)
    for name, projection in both.items():
        assert found.chances[name] == kj.probability(projection, all_of=BOTH)
    assert list(found.differences) == ["slow"]
    assert found.differences["slow"].value == found.chances["slow"].value - found.chances["trend"].value
    assert found.mixture is None


def test_a_known_walk_differs_by_a_difference_of_normal_tails() -> None:
    """P − P′ = Φ((hμ − z)/(σ√h)) − Φ((hμ′ − z)/(σ√h)), with no error but that of rounding."""
    both = cases(with_slow(one_walk(0.08, 0.05, {2022: "100"}), "x", 0.02))
    z, spread = math.log(1.2), 0.05 * math.sqrt(3)
    fast, slow = (NormalDist().cdf((3 * drift - z) / spread) for drift in (0.08, 0.02))
    found = kj.compare(both, reach("120", 2025)).differences["slow"]
    assert found.value == pytest.approx(slow - fast, abs=1e-12)
    assert found.stderr < 1e-11


@pytest.mark.parametrize(("asked", "method"), [(BOTH[:1], "closed form"), (BOTH, "bivariate normal"), (THREE, "orthant")])
def test_the_stated_error_of_a_difference_is_how_much_it_varies(asked: list[Any], method: str) -> None:
    """Over seeds a difference varies by what its error says, whether one functional, two or an orthant is asked."""
    study = with_slow(rd_block(correlation=-0.4))
    found = [kj.compare(cases(study, rng=seed, nodes=128), all_of=asked).differences["slow"] for seed in range(24)]
    assert {one.method for one in found} == {method}
    spread = float(np.std([one.value for one in found], ddof=1))
    stated = float(np.sqrt(np.mean([one.stderr**2 for one in found])))
    assert 0.6 < spread / stated < 1.5, (spread, stated)


def test_what_two_projections_share_cancels() -> None:
    """One more figure that hardly informs: the difference is more certain than either chance, whose errors would add up.

    By how much depends on where the few nodes fall, hence on the last digits of a machine: a third to a half was seen.
    """
    study = rd_block(correlation=-0.4)
    other = study.with_evidence({"kind": "judgement", "indicator": "gdp", "year": 2025, "low": "4000", "high": "9000", "reason": "r"})
    found = kj.compare({"a": kj.project(study, nodes=256), "b": kj.project(other, nodes=256)}, all_of=BOTH)
    alone = math.hypot(*(chance.stderr for chance in found.chances.values()))
    assert found.differences["b"].value != 0.0
    assert found.differences["b"].stderr < 0.6 * alone


def total(goal: str) -> kj.Target:
    """A total of amounts that grow, which is answered from paths."""
    return kj.targets.Added(name="t", indicator="x", year=2025, since=2022, at_least=goal)


def test_simulated_differences_are_on_common_paths() -> None:
    """Two goals close by, from paths: their difference is known better than either, and never better than one path."""
    study = kj.Study.from_dict(document(indicators=[{"name": "x", "unit": "亿元", "motion": walk(0.08, 0.05)}], evidence=[level("x", 2022, "100")]))
    asked = [kj.Study.from_dict({**study.to_dict(), "targets": [total(goal).model_dump()]}) for goal in ("350", "352")]
    found = kj.compare({"low": kj.project(asked[0]), "high": kj.project(asked[1])}, "t")
    alone = math.hypot(*(chance.stderr for chance in found.chances.values()))
    gap = found.differences["high"]
    assert gap.method == "simulated"
    assert gap.value < 0.0
    assert 1 / 65_536 <= gap.stderr < alone / 2
    hits = 65_536 * -gap.value  # paths between the two goals: the difference is a share of its own
    assert gap.stderr == pytest.approx(math.sqrt(hits) / 65_536, rel=0.3)
    near = kj.Study.from_dict({**study.to_dict(), "targets": [total("350.0000001").model_dump()]})
    none = kj.compare({"low": kj.project(asked[0]), "near": kj.project(near)}, "t").differences["near"]
    assert (none.value, none.stderr) == (0.0, 1 / 65_536), "no path between them is no proof that there is none"


def test_blocks_that_multiply_keep_common_parts() -> None:
    """In a product of independent chances the factor that both share cancels in proportion."""
    four = with_slow(four_scales(), "share", normal(0.02, 0.01))
    targets = [kj.Target(name="a", indicator="amount", year=2025, at_least="115"), kj.Target(name="b", indicator="share", year=2025, at_least="65")]
    found = kj.compare(cases(four), all_of=targets)
    parts = {name: kj.probability(p, targets[1]).value for name, p in cases(four).items()}
    shared = kj.probability(cases(four)["trend"], targets[0]).value
    assert found.differences["slow"].value == pytest.approx(shared * (parts["slow"] - parts["trend"]), abs=1e-12)


def test_an_estimate_without_parts_counts_as_independent() -> None:
    """Where an answer does not part its error, the variances of a difference add."""
    a, b = Estimate(0.5, 0.03, "orthant", (0.0, 0.03)), Estimate(0.4, 0.04, "simulated")
    assert difference(a, b).stderr == pytest.approx(0.05)
    assert difference(a, Estimate(0.4, 0.02, "orthant", (0.0, 0.02))).stderr == pytest.approx(0.01)
    assert difference(a, Estimate(0.4, 0.04, "orthant", (0.0, 0.0, 0.04))).stderr == pytest.approx(0.05)
    observed = Estimate(1.0, 0.0, "observed")
    assert difference(observed, observed).stderr == 0.0


def test_the_parts_of_an_error_add_up_to_it() -> None:
    """√Σ parts² is the stated error but for rounding: nodes at random, a quadrature, an orthant at few nodes, paths."""
    block = kj.project(rd_block(correlation=-0.4, leap=0.2), nodes=256)
    known = kj.project(one_walk(0.08, 0.05, {2022: "100"}))
    few = [reach(goal, year, name=f"t{year}") for goal, year in (("105", 2023), ("115", 2024), ("120", 2025))]
    quadrature = kj.project(one_walk(normal(0.08, 0.02), inv_chi2(4, 0.05), {2021: "95", 2022: "100"}))
    answers = [
        *(kj.probability(block, all_of=asked) for asked in (BOTH[:1], BOTH, THREE)),
        kj.probability(known, all_of=few),
        kj.probability(quadrature, reach("120", 2025)),
        kj.probability(known, total("350")),
    ]
    for found in answers:
        assert math.hypot(*found.errors) == pytest.approx(found.stderr, rel=1e-6, abs=2e-12), found


# mixtures


def test_a_mixture_is_the_weighted_mean() -> None:
    """Σ wᵢpᵢ, with the errors weighted part by part: all weight on one gives that one."""
    both = cases(with_slow(rd_block(correlation=-0.4)), nodes=256)
    found = kj.compare(both, all_of=BOTH, weights={"slow": 0.25, "trend": 0.75})
    chances = found.chances
    assert found.mixture is not None
    assert found.mixture.value == pytest.approx(0.75 * chances["trend"].value + 0.25 * chances["slow"].value, abs=1e-15)
    assert list(found.weights) == ["trend", "slow"]
    assert found.mixture.stderr <= 0.75 * chances["trend"].stderr + 0.25 * chances["slow"].stderr
    alone = kj.compare(both, all_of=BOTH, weights={"trend": 1, "slow": 0}).mixture
    assert alone is not None
    assert (alone.value, alone.stderr) == pytest.approx((chances["trend"].value, chances["trend"].stderr))


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ({"trend": 0.5}, "weights are given for trend; expected one for each of trend, slow"),
        ({"trend": 0.5, "slow": 0.5, "fast": 0.0}, "expected one for each of trend, slow"),
        ({"trend": 0.5, "slow": 0.6}, "the weights add up to 1.1; expected 1"),
        ({"trend": 1.5, "slow": -0.5}, "the weight of trend is 1.5"),
        ({"trend": "a", "slow": 1}, "the weight of trend is 'a'"),
        ([0.5, 0.5], "expected one for each of trend, slow"),
    ],
)
def test_weights_that_are_no_chances_are_refused(weights: Any, words: str) -> None:
    """One for each, at least 0, adding up to 1; the message says what was given."""
    both = cases(with_slow(one_walk(0.08, 0.05, {2022: "100"}), "x", 0.02))
    with pytest.raises(kj.KjprojError, match=words.replace("(", r"\(")):
        kj.compare(both, reach("120", 2025), weights=weights)


# other studies, refusals, words


def test_a_name_is_the_target_of_each_study() -> None:
    """A goal that one study lowers is compared as each states it; a target handed in is the same in all."""
    study = one_walk(0.08, 0.05, {2022: "100"}).with_target(reach("120", 2025))
    lower = study.with_target(reach("110", 2025))
    both = {"printed": kj.project(study), "lower": kj.project(lower)}
    assert kj.compare(both, "t").differences["lower"].value > 0.1
    assert kj.compare(both, reach("115", 2025)).differences["lower"].value == 0.0


def test_an_error_says_which_projection_it_is_about() -> None:
    """A target that one study does not know, an indicator that it has not, or no basis for it."""
    study = one_walk(0.08, 0.05, {2022: "100"}).with_target(reach("120", 2025))
    other = kj.Study.from_dict(document(indicators=[{"name": "y", "unit": "亿元"}], targets=[target("y_2025", "y", 2025, at_least="1")]))
    both = {"ours": kj.project(study), "theirs": kj.project(other)}
    with pytest.raises(kj.KjprojError, match="projection 'theirs': unknown target 't'"):
        kj.compare(both, "t")
    with pytest.raises(kj.KjprojError, match="projection 'theirs': unknown indicator 'x'"):
        kj.compare(both, reach("120", 2025))
    with pytest.raises(kj.NoBasisError, match="projection 'theirs': no basis for y"):
        kj.compare({"theirs": both["theirs"]}, "y_2025")


@pytest.mark.parametrize("projections", [{}, None, [1], {"a": 1}])
def test_projections_come_by_name(projections: Any) -> None:
    with pytest.raises(kj.KjprojError, match="projections are expected by name"):
        kj.compare(projections, "t")


def test_one_question_is_asked() -> None:
    one = {"a": kj.project(one_walk(0.08, 0.05, {2022: "100"}))}
    for asked in ({}, {"target": "t", "all_of": ["t"]}):
        with pytest.raises(kj.KjprojError, match="give a target, or all_of"):
            kj.compare(one, **asked)  # type: ignore[arg-type]


def test_it_is_said_in_both_languages_and_as_data() -> None:
    """Whole per cent with the difference in points, scenarios by their labels, and plain data."""
    both = cases(with_slow(one_walk(0.08, 0.05, {2022: "100"}), "x", 0.02))
    found = kj.compare(both, reach("120", 2025), weights={"trend": 0.7, "slow": 0.3})
    zh, en = found.to_text("zh").splitlines(), str(found).splitlines()
    assert zh[1] == "放缓：约8%（低67个百分点）"
    assert en[1] == "slow growth: about 8 % (67 points lower)"
    assert zh[2].startswith("按权重70%、30%综合：约")
    assert en[2].startswith("weighted 70 %, 30 %: about ")
    data = found.to_dict()
    assert data["differences"]["slow"]["value"] == found.differences["slow"].value
    assert data["mixture"]["value"] == found.mixture.value  # type: ignore[union-attr]
    assert data["weights"] == {"trend": 0.7, "slow": 0.3}
