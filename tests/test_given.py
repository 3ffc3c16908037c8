"""The chance given how fast something grows: conditioning on a value is exact, and adds up to the chance."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm
from studies import document, inv_chi2, level, normal, rd_block, reach, target, walk

import kjproj as kj
from kjproj.numerics.arrays import lower_factor

MEMBERS = [
    {"name": "gdp", "unit": "亿元", "motion": walk(normal(0.06, 0.02), 0.04)},
    {"name": "share", "unit": "%", "motion": walk(normal(0.03, 0.01), 0.05)},
    {"name": "spending", "unit": "亿元"},
]
PRODUCT = [{"kind": "product", "result": "spending", "factors": ["gdp", "share"]}]


def fixed(correlation: float = 0.0) -> kj.Study:
    """Known volatilities, exact levels of 2022: GDP 4800, share 2.5 %, spending 120."""
    return kj.Study.from_dict(
        document(
            indicators=MEMBERS,
            identities=PRODUCT,
            correlations=[{"between": ["gdp", "share"], "value": correlation, "reason": "assumed"}],
            evidence=[level("gdp", 2022, "4800", error="0"), level("share", 2022, "2.5", error="0")],
            targets=[target("t", "spending", 2025, at_least="150")],
        )
    )


def test_given_the_growth_of_a_member_only_the_other_is_left_open() -> None:
    found = kj.given(kj.project(fixed()), "t", "gdp", growth=(0.03, 0.08))
    left = np.log(150 / 120) - 3 * np.log1p([0.03, 0.08])
    assert [c.value for c in found.chance] == pytest.approx(norm.sf(left, 3 * 0.03, np.hypot(3 * 0.01, 0.05 * 3**0.5)), abs=1e-12)
    assert (found.base_year, found.year, found.growth) == (2022, 2025, pytest.approx((0.03, 0.08)))


def test_a_correlated_member_moves_with_what_is_given() -> None:
    """The regression of the share's growth on that of GDP: shocks of the same year correlate, drifts do not."""
    (chance,) = kj.given(kj.project(fixed(-0.5)), "t", "gdp", growth=0.10).chance
    own, other, both = 9 * 0.02**2 + 3 * 0.04**2, 9 * 0.01**2 + 3 * 0.05**2, -0.5 * 3 * 0.04 * 0.05
    away = 3 * np.log1p(0.10) - 3 * 0.06
    mean, sd = 3 * 0.03 + both / own * away, np.sqrt(other - both**2 / own)
    assert chance.value == pytest.approx(norm.sf(np.log(150 / 120) - 3 * np.log1p(0.10), mean, sd), abs=1e-12)


def test_the_chances_given_add_up_to_the_chance() -> None:
    """The law of total probability, over 100 growths of the law of GDP, with unknown volatilities and a break."""
    study = rd_block(correlation=-0.4, leap=0.2)
    projection = kj.project(study)
    q = (np.arange(100) + 0.5) / 100
    gdp = kj.quantiles(projection, "gdp", q=q, first_year=2025, last_year=2025).at(2025)
    start = float(kj.quantiles(projection, "gdp", q=(0.5,), first_year=2021, last_year=2021).at(2021)[0])
    growth = (gdp / start) ** 0.25 - 1
    for asked in ("spending", ["spending", "intensity"]):
        found = kj.given(projection, asked, "gdp", growth=growth.tolist())
        whole = kj.probability(projection, all_of=[asked] if isinstance(asked, str) else asked)
        assert np.mean([c.value for c in found.chance]) == pytest.approx(whole.value, abs=2e-3)


def test_bounds_that_figures_state_count_in_what_is_left() -> None:
    """A bound on the share of 2022 is a condition on it, given GDP as without; against draws that meet both."""
    study = kj.Study.from_dict(
        document(
            indicators=[{**MEMBERS[0]}, {**MEMBERS[1], "motion": walk(0.03, 0.2)}, MEMBERS[2]],
            identities=PRODUCT,
            evidence=[
                level("gdp", 2022, "4800", error="0"),
                level("share", 2021, "2.5", error="0"),
                {"kind": "bound", "indicator": "share", "year": 2022, "more_than": "2.6"},
            ],
            targets=[target("t", "spending", 2025, at_least="150")],
        )
    )
    (chance,) = kj.given(kj.project(study), "t", "gdp", growth=0.05).chance
    rng = np.random.default_rng(0)
    first = np.log(2.5) + 0.03 + 0.2 * rng.standard_normal(2_000_000)
    kept = first[first > np.log(2.6)]
    last = kept + 3 * 0.03 + 0.2 * 3**0.5 * rng.standard_normal(len(kept))
    share = np.mean(last + 3 * np.log(1.05) + np.log(48) > np.log(150))
    assert chance.value == pytest.approx(share, abs=5 * np.sqrt(0.25 / len(kept)))  # 5 sd: 1 in 1.7 million


def test_what_moves_alone_tells_nothing_of_what_it_is_not_connected_with() -> None:
    study = kj.Study.from_dict(
        document(
            indicators=[*MEMBERS, {"name": "x", "unit": "家", "motion": walk(normal(0.05, 0.02), inv_chi2(6, 0.1))}],
            identities=PRODUCT,
            evidence=[level("gdp", 2022, "4800"), level("share", 2022, "2.5"), level("x", 2022, "100")],
            targets=[target("t", "x", 2025, at_least="120")],
        )
    )
    projection = kj.project(study)
    whole = kj.probability(projection, "t")
    for chance in kj.given(projection, "t", "gdp").chance:
        assert chance.value == pytest.approx(whole.value, abs=5e-4)


def test_without_growths_the_tenth_the_half_and_the_ninetieth_hundredth_are_taken() -> None:
    found = kj.given(kj.project(fixed()), "t", "gdp")
    sd = np.hypot(3 * 0.02, 0.04 * 3**0.5)
    assert found.growth == pytest.approx(np.expm1((3 * 0.06 + norm.ppf([0.1, 0.5, 0.9]) * sd) / 3), rel=1e-9)
    assert found.swing == pytest.approx(found.chance[2].value - found.chance[0].value)


def test_a_target_by_a_year_is_likelier_than_at_it_given_the_same_growth() -> None:
    projection = kj.project(fixed())
    by = kj.Target(name="by", indicator="spending", year=2025, at_least="150", when="by")
    for at, until in zip(kj.given(projection, "t", "gdp").chance, kj.given(projection, by, "gdp").chance, strict=True):
        assert until.value > at.value


def test_bounds_and_summary_show_the_chance_given_gdp() -> None:
    projection = kj.project(kj.datasets.yueyang())
    by = {g.indicator: g for g in kj.bounds(projection, "rd_spending_2025", over=()).given}
    assert set(by) == {"gdp", "rd_intensity"}
    assert by["gdp"].chance[0].value < kj.probability(projection, "rd_spending_2025").value < by["gdp"].chance[2].value
    assert kj.bounds(projection, "rd_intensity_2025", over=()).given == ()


@pytest.mark.parametrize(
    ("asked", "indicator", "growth", "message"),
    [
        ("t", "nothing", None, "unknown indicator"),
        ("t", "gdp", "fast", "expected yearly growth such as 0.04"),
        ("t", "gdp", [], "expected yearly growth"),
        ("t", "gdp", -1.5, "expected yearly growth"),
        (reach("100", 2022, "spending"), "gdp", None, "is past, and no figure of gdp"),
    ],
)
def test_wrong_questions_are_refused(asked: object, indicator: str, growth: object, message: str) -> None:
    with pytest.raises(kj.KjprojError, match=message):
        kj.given(kj.project(fixed()), asked, indicator, growth=growth)  # type: ignore[arg-type]


def test_another_tool_s_draws_leave_nothing_to_be_given() -> None:
    rng = np.random.default_rng(0)
    draws = {"gdp": {year: 4800 * np.exp(rng.normal(0.05, 0.02, 200)) for year in (2023, 2024, 2025)}}
    with pytest.raises(kj.NotAnswerableError, match="another tool's draws"):
        kj.given(kj.project(fixed(), paths=draws), "t", "gdp", growth=0.05)


def test_a_triangular_factor_has_the_same_covariance() -> None:
    """Also where rows depend on each other, and where there are fewer columns than rows."""
    rng = np.random.default_rng(0)
    full = rng.normal(size=(50, 4, 9))
    full[:, 2] = full[:, 0] - 2 * full[:, 1]
    for factor in (full, rng.normal(size=(5, 3, 2)), np.zeros((2, 2, 3))):
        found = lower_factor(factor)
        assert found @ found.swapaxes(1, 2) == pytest.approx(factor @ factor.swapaxes(1, 2), abs=1e-12)
        assert np.triu(found, 1) == pytest.approx(0.0)


def bounded() -> kj.Study:
    """A level of 2021, and at least 115 in 2022."""
    return kj.Study.from_dict(
        document(
            indicators=[{"name": "a", "unit": "亿元", "motion": walk(0.05, 0.10)}],
            evidence=[
                level("a", 2021, "100", error="0"),
                {"kind": "bound", "indicator": "a", "year": 2022, "at_least": "115", "relative_error": 0},
            ],
            targets=[target("t", "a", 2023, at_least="125")],
        )
    )


def test_the_growths_taken_are_the_quantiles_of_what_is_projected_bounds_and_all() -> None:
    projection = kj.project(bounded())
    levels = kj.quantiles(projection, "a", q=(0.1, 0.5, 0.9), first_year=2023, last_year=2023).at(2023)
    assert kj.given(projection, "t", "a").growth == pytest.approx((levels / 100) ** 0.5 - 1, rel=1e-5)


def test_a_target_that_is_to_last_is_given_growth_up_to_its_last_year() -> None:
    lasting = kj.Target(name="l", indicator="spending", year=2024, until=2026, at_least="130", when="sustained")
    assert kj.given(kj.project(fixed()), lasting, "gdp").year == 2026


@pytest.mark.parametrize(("count", "sets"), [(3, 64), (20, 32), (600, 16)])
def test_errors_hold_what_finitely_many_paths_leave(count: int, sets: int) -> None:
    """Of one target and of four together, over sets of paths: stated errors are those of the sets, but for a third to one half.

    A root mean square of so many errors scatters by a quarter at most; the seeds are fixed.
    """
    moving = [{"name": n, "unit": "%", "measure": "ratio", "motion": walk(0.04, sd)} for n, sd in (("b", 0.05), ("c", 0.06), ("d", 0.07))]
    targets = [kj.Target(name=n, indicator=n, year=2025, at_least=bound) for n, bound in (("a", "115"), ("ab", "2.5"), ("ac", "2.5"), ("ad", "2.5"))]
    found = []
    for seed in range(sets):
        growth = np.random.default_rng(seed).normal(0.05, 0.04, (count, 3))
        given = kj.Given.from_array(100 * np.exp(growth.cumsum(axis=1)), (2023, 2024, 2025), evidence="cut", reason="r")
        study = kj.Study.from_dict(document(
            indicators=[{"name": "a", "unit": "亿元", "given": given}, *moving, *({"name": f"a{n}", "unit": "亿元"} for n in "bcd")],
            evidence=[level(n, 2022, "2", unit="%", error="0") for n in "bcd"],
            identities=[{"kind": "product", "result": f"a{n}", "factors": ["a", n]} for n in "bcd"],
        ))  # fmt: skip
        projected = kj.project(study)
        found.append([kj.probability(projected, targets[0]), kj.probability(projected, all_of=targets)])
    for answers in zip(*found, strict=True):
        scatter = np.std([one.value for one in answers], ddof=1)
        stated = np.sqrt(np.mean([one.stderr**2 for one in answers]))
        assert 0.6 < stated / scatter < 1.7
