"""Many regions at once: the answers are those of one region at a time, whoever else is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr, stdtr
from scipy.stats import multivariate_normal

import kjproj as kj
from kjproj.beliefs import Elicited, Flat, LogNormal, Normal, ScaledInvChi2
from kjproj.cli import main
from kjproj.motions import Brownian, Reverting
from kjproj.numerics.first_years import first_reached
from kjproj.numerics.normal import bivariate_rectangle
from kjproj.numerics.trivariate import trivariate_below
from kjproj.scales import Linear, Logit

YEARS = (2019, 2020, 2021, 2022)
LEVELS = {"A": (80, 90, 97, 110), "B": (20, 22, 25, 26), "C": (None, 100, 112, 121), "D": (50, None, None, 61)}
TARGETS = {"A": 150, "B": 30, "C": 150, "D": 80}
CLOSE = 1e-9


def frame(levels: Mapping[str, Any] = LEVELS, targets: Mapping[str, Any] = TARGETS) -> dict[Any, Any]:
    columns: dict[Any, Any] = {"region": list(levels), "target": [targets[name] for name in levels]}
    return columns | {year: [row[j] for row in levels.values()] for j, year in enumerate(YEARS)}


def many(columns: Any = None, year: int | str = 2024, **options: Any) -> kj.Projections:
    return kj.project_many(frame() if columns is None else columns, levels=YEARS, at_least="target", target_year=year, **options)


def alone(projections: kj.Projections, region: str) -> float:
    name = projections.study(region).targets[0].name
    return kj.probability(projections[region], name).value


def assume(**fields: Any) -> tuple[kj.Indicator, ...]:
    return (kj.Indicator(**{"name": "level", "unit": "index", **fields}),)


# closed forms


def test_flat_beliefs_give_students_t() -> None:
    """1 − T((z − hg)/(s√(h(1 + h/k)))): the library's reference numbers, a gap in the years being one growth of several years."""
    found = many().probability
    assert found[0] == pytest.approx(0.094586, abs=1e-6)
    assert found[2] == pytest.approx(0.358762, abs=1e-6)
    g = np.diff(np.log([80, 90, 97, 110]))
    t = (np.log(150 / 110) - 2 * g.mean()) / (g.std(ddof=1) * (2 * (1 + 2 / 3)) ** 0.5)
    assert found[0] == pytest.approx(stdtr(2, -t), abs=1e-15)


def test_known_drift_and_volatility_give_a_normal() -> None:
    """1 − Φ((z − hμ)/(σ√h)), by the first check .4707889 at the third year, and .4773844 by yearly checks."""
    columns = {"region": ["A"], 2022: [110.0], 2021: [99.0], "target": [150.0]}
    known = assume(motion=Brownian(drift=0.1, volatility=0.08))
    projections = kj.project_many(columns, levels=[2021, 2022], at_least="target", target_year=2025, indicators=known)
    assert projections.probability[0] == pytest.approx(0.4707889, abs=1e-7)
    assert projections.first_years().by[0, -1] == pytest.approx(0.4773844, abs=1e-7)
    z = np.log(150 / 110)
    assert projections.probability[0] == pytest.approx(ndtr(-(z - 0.3) / (0.08 * 3**0.5)), abs=1e-14)


# the same as kjproj.project


ASSUMED = {
    "flat": {},
    "flat, half-width": {"error": 0.5},
    "class": {"reference_class": "generic_positive"},
    "class, half-width": {"reference_class": "generic_positive", "error": 0.5},
    "class of provinces": {"reference_class": "rd_spending", "unit": "亿元"},
    "class with a reason for today": {"reference_class": "gdp", "unit": "亿元", "error": 0.05},
    "class for counties": {"indicators": assume(unit="亿元", reference_class="rd_spending", region="county")},
    "known volatility": {"indicators": assume(motion=Brownian(drift=Flat(), volatility=0.05))},
    "known volatility, half-width": {"indicators": assume(motion=Brownian(drift=Flat(), volatility=0.05)), "error": 1.0},
    "known drift": {"indicators": assume(motion=Brownian(drift=0.06, volatility=Flat()))},
    "inverse chi-square": {"indicators": assume(motion=Brownian(drift=Flat(), volatility=ScaledInvChi2(df=4, scale=0.06)))},
    "inverse chi-square, cut": {"indicators": assume(motion=Brownian(drift=Flat(), volatility=ScaledInvChi2(df=1, scale=0.2, upper=0.4)))},
    "own beliefs": {"indicators": assume(motion=Brownian(drift=Normal(mean=0.05, sd=0.03), volatility=ScaledInvChi2(df=6, scale=0.05)))},
    "own beliefs, half-width": {
        "indicators": assume(motion=Brownian(drift=Normal(mean=0.05, sd=0.03), volatility=LogNormal(median=0.05, sd_log=0.5))),
        "error": 0.5,
    },
    "elicited volatility": {"indicators": assume(motion=Brownian(drift=0.08, volatility=Elicited(low=0.02, mode=0.05, high=0.12)))},
    "linear": {"scale": "linear"},
    "per cent": {"unit": "%", "scale": Logit(low=0.0, high=200.0)},
    "whole counts": {"unit": "家"},
    "another motion": {"indicators": assume(motion=Reverting(level=5.0, rate=0.1, volatility=0.1))},
}


@pytest.mark.parametrize("options", ASSUMED.values(), ids=ASSUMED)
def test_the_same_as_one_by_one(options: dict[str, Any]) -> None:
    """Every region's chance is that of `kjproj.project`, to 1e-9, and where that is refused there is none."""
    projections = many(**options)
    for i, region in enumerate(LEVELS):
        try:
            expected = alone(projections, region)
        except kj.KjprojError:
            assert np.isnan(projections.probability[i])
            assert projections.reasons[i]
        else:
            assert projections.probability[i] == pytest.approx(expected, abs=CLOSE), (region, projections.methods[i])
            assert not projections.reasons[i]


@pytest.mark.parametrize("options", [ASSUMED["flat"], ASSUMED["class of provinces"], ASSUMED["own beliefs, half-width"]])
def test_quantiles_are_those_of_one_by_one(options: dict[str, Any]) -> None:
    """Levels by year, to 1e-7 of themselves."""
    projections = many(**options)
    found = projections.quantiles(q=(0.1, 0.5, 0.9), last_year=2025)
    for i, region in enumerate(LEVELS):
        if found.reasons[i]:
            continue
        expected = kj.quantiles(projections[region], "level", q=(0.1, 0.5, 0.9), last_year=2025)
        assert found.years.tolist() == expected.years.tolist()
        np.testing.assert_allclose(found.values[i], expected.values, rtol=1e-7)


@pytest.mark.parametrize("kind", ["flat", "known volatility", "own beliefs", "inverse chi-square"])
@pytest.mark.parametrize("bound", ["at_least", "at_most"])
def test_first_years_are_those_of_when(kind: str, bound: str) -> None:
    """By yearly checks, as `kjproj.when`, within its error and 2e-6."""
    columns = frame({name: LEVELS[name] for name in "AC"}) | {"target": [150, 130]}
    projections = kj.project_many(columns, levels=YEARS, target_year=2025, **{bound: "target"}, **ASSUMED[kind])
    found = projections.first_years()
    for i, region in enumerate("AC"):
        expected = kj.when(projections[region], "level_2025", until=2025)
        for j, year in enumerate((2023, 2024, 2025)):
            chance = expected.by(year)
            assert found.by[i, j] == pytest.approx(chance.value, abs=2e-6 + 6 * chance.stderr)


def test_rounded_figures_fall_back_on_when() -> None:
    """Where the last place is not known, yearly checks are asked one by one."""
    columns = frame({"A": LEVELS["A"]})
    projections = many(columns, error=0.5)
    expected = kj.when(projections["A"], "level_2024", until=2024)
    np.testing.assert_allclose(projections.first_years().by[0], [e.value for e in expected.reached.values()], atol=1e-12)


def test_yearly_checks_against_a_fine_grid() -> None:
    """Drift integrated by Gauss and Hermite, the walk on 400 nodes: 2e-7 for starts before and behind the bound, up to steep drifts."""
    x, w = np.polynomial.hermite_e.hermegauss(60)
    t, weight = np.polynomial.legendre.leggauss(400)
    for a, b, doubt in ((2, 0.5, 0.3), (-1, 0.2, 0.3), (8, -1, 1.0), (12, 5, 0.3), (0.3, -3, 0.2), (3, 0, 0.0), (6, 5, 1.0), (20, 7.5, 0.2)):
        expected = np.zeros(4)
        for drift, share in zip(b + doubt**0.5 * x, w / w.sum(), strict=True):
            high = 24 + max(a, 0) + 4 * abs(drift)
            y, dy = high / 2 * (t + 1), weight * high / 2
            alive = np.exp(-0.5 * (y - a + drift) ** 2) / (2 * np.pi) ** 0.5 * dy
            chances = [ndtr(drift - a)]
            for _ in range(3):
                chances.append(alive @ ndtr(drift - y))
                alive = alive @ np.exp(-0.5 * (y - y[:, None] + drift) ** 2) / (2 * np.pi) ** 0.5 * dy
            expected += share * np.array(chances)
        found = first_reached(np.array([float(a)]), np.array([float(b)]), np.array([doubt]), (1, 2, 3, 4))[:, 0]
        np.testing.assert_allclose(found, expected, atol=2e-7)


def test_checks_begin_after_the_last_year_of_any_figure() -> None:
    """A region whose last figure is a year older is checked in the same years, two years after its figure first."""
    columns = frame({"A": LEVELS["A"], "E": (80, 90, 97, None)}, {"A": 150, "E": 130})
    found = many(columns, year=2025).first_years()
    expected = kj.when(many(columns, year=2025)["E"], "level_2025", until=2025)
    assert found.years.tolist() == [2023, 2024, 2025]
    for chance, one in zip(found.by[1], expected.reached.values(), strict=True):
        assert chance == pytest.approx(one.value, abs=2e-6 + 6 * one.stderr)


# several targets


THREE = {
    "region": ["A"] * 3 + ["B"] * 3, "indicator": ["x", "y", "z"] * 2, 2019: [80, 20, 5, 8, 3, 7], 2020: [90, 22, 6, 9, 3.5, 7.5],
    2021: [97, 25, 6.5, 10, 3.6, 8], 2022: [110, 26, 7, 10.5, 4, 9], "target": [140, 31, 9, 13, 5, 10],
}  # fmt: skip
PAIRS = {("x", "y"): 0.4, ("x", "z"): -0.3, ("y", "z"): 0.5}


def three(**options: Any) -> kj.Projections:
    return many(THREE, indicator="indicator", **options)


def joint(projections: kj.Projections, region: str) -> kj.Estimate:
    return kj.probability(projections[region], all_of=[target.name for target in projections.study(region).targets])


def test_independent_indicators_multiply() -> None:
    """Under flat beliefs the chance of all three is a product of Student's, as one by one."""
    projections = three()
    found = projections.together()
    np.testing.assert_allclose(found.probability, projections.probability.reshape(2, 3).prod(axis=1), rtol=1e-14)
    assert found.probability[1] == pytest.approx(joint(projections, "B").value, abs=1e-9)


@pytest.mark.parametrize("drift", [Flat(), 0.07], ids=["flat drift", "known drift"])
def test_correlated_indicators_together(drift: Any) -> None:
    """Under known volatilities a trivariate normal, 1e-6 from one by one."""
    kinds = [kj.Indicator(name=n, unit="index", motion=Brownian(drift=drift, volatility=v)) for n, v in (("x", 0.05), ("y", 0.07), ("z", 0.1))]
    projections = three(indicators=kinds, correlations=PAIRS)
    found = projections.together()
    for i, region in enumerate("AB"):
        one = joint(projections, region)
        assert found.method[i] == "normal"
        assert found.probability[i] == pytest.approx(one.value, abs=1e-6 + 6 * one.stderr)
        assert projections.probability[3 * i] == pytest.approx(kj.probability(projections[region], "x_2024").value, abs=CLOSE)


def test_correlated_indicators_of_unknown_volatility_are_asked_one_by_one() -> None:
    """Then one indicator's figures say something about another's volatility."""
    columns = {name: column[:3] for name, column in THREE.items()}
    kinds = [kj.Indicator(name=n, unit="index", motion=Brownian(drift=Flat(), volatility=ScaledInvChi2(df=4, scale=0.05))) for n in "xyz"]
    projections = many(columns, indicator="indicator", indicators=kinds, correlations={("x", "y"): 0.5})
    assert projections.methods.tolist() == ["alone", "alone", "closed form"]
    assert projections.together().probability[0] == pytest.approx(joint(projections, "A").value, abs=1e-12)


def test_two_targets_of_one_indicator_are_not_independent() -> None:
    """Two years of one walk are asked together."""
    asked = {"region": ["A", "A"], "year": [2023, 2024], "at_least": [120, 135]}
    projections = kj.project_many(frame(), levels=YEARS, targets=asked)
    found = projections.together()
    assert found.probability[0] == pytest.approx(joint(projections, "A").value, abs=1e-9)
    assert found.probability[0] > projections.probability.prod()
    assert found.reasons[1] == "no target"


@pytest.mark.parametrize("spread", [1.0, 0.05])
def test_trivariate_normals(spread: float) -> None:
    """Plackett's identity against a quadrature over the third of bivariate normals, to 2e-9; against scipy to 1e-4."""
    rng = np.random.default_rng(3)
    t, weight = np.polynomial.legendre.leggauss(200)
    for _ in range(12):
        root = rng.normal(size=(3, 3)) * [1.0, 1.0, spread]
        cov = root @ root.T + 0.003 * np.eye(3)
        cov /= np.sqrt(np.outer(cov.diagonal(), cov.diagonal()))
        upper = rng.normal(size=3)
        x = -9.0 + (upper[2] + 9.0) * (t + 1) / 2
        rest, along = cov[:2, :2] - np.outer(cov[:2, 2], cov[:2, 2]), upper[:2] - np.outer(x, cov[:2, 2])
        sd = np.sqrt(rest.diagonal())
        given_third = bivariate_rectangle(np.full((200, 2), -np.inf), along / sd, rest[0, 1] / sd.prod())
        expected = (upper[2] + 9.0) / 2 * weight @ (np.exp(-0.5 * x * x) / (2 * np.pi) ** 0.5 * given_third)
        found = trivariate_below(upper[None], cov[[0, 0, 1], [1, 2, 2]][None])[0]
        assert found == pytest.approx(expected, abs=2e-9)
        loose = multivariate_normal(np.zeros(3), cov).cdf(upper)
        assert found == pytest.approx(loose, abs=1e-4)


@pytest.mark.parametrize(("figures", "until"), [(3, 2026), (4, 2026), (3, 2037)])
def test_first_years_of_near_and_far_targets(figures: int, until: int) -> None:
    """Flat beliefs: within 5e-6 of `kj.when`, whatever the figures, and no chance below zero."""
    rng = np.random.default_rng(figures + until)
    years, size = range(2023 - figures, 2023), 24
    x = 100 * np.exp(np.cumsum(rng.normal(0.05, 0.05, (size, figures)), axis=1))
    goals, up = x[:, -1] * np.exp(0.15 * np.exp(rng.normal(0, 1.2, size)) * rng.choice([-1, 1], size)), rng.random(size) < 0.5
    columns: dict[Any, Any] = {"region": [f"r{i}" for i in range(size)]} | {y: x[:, j].round(2) for j, y in enumerate(years)}
    columns |= {"least": np.where(up, goals, np.nan), "most": np.where(up, np.nan, goals)}
    projections = kj.project_many(columns, levels=list(years), at_least="least", at_most="most", target_year=2026)
    found = projections.first_years(until=until)
    assert np.nanmin(found.first) > -1e-6
    for i, region in enumerate(projections):
        if projections.reasons[i]:  # three figures may lie in line
            continue
        expected = kj.when(projections[region], "level_2026", until=until)
        np.testing.assert_allclose(found.by[i], [expected.by(y).value for y in found.years.tolist()], atol=6e-6)


def test_a_known_and_a_flat_drift_say_something_about_each_other() -> None:
    """Correlated shocks, the same years: what is known of one drift moves the other's chance, quantiles and first years."""
    kinds = [
        kj.Indicator(name="x", unit="index", motion=Brownian(drift=Flat(), volatility=0.03)),
        kj.Indicator(name="y", unit="index", motion=Brownian(drift=0.05, volatility=0.06)),
    ]
    columns: dict[Any, Any] = {
        "region": ["A", "A"], "indicator": ["x", "y"], 2020: [300.0, 6.0], 2021: [321.0, 6.9], 2022: [335.0, 7.4], "target": [370.0, 9.0],
    }  # fmt: skip
    options = {"indicator": "indicator", "indicators": kinds, "correlations": {("x", "y"): 0.6}}
    projections = kj.project_many(columns, levels=[2020, 2021, 2022], at_least="target", target_year=2024, **options)
    assert projections.probability[0] == pytest.approx(0.343172, abs=1e-6)  # generalised least squares
    assert projections.quantiles(q=(0.5,)).values[0, -1, 0] == pytest.approx(361.97, abs=0.01)
    when = kj.when(projections["A"], "x_2024", until=2024)
    assert projections.first_years(until=2024).by[0, -1] == pytest.approx(when.by(2024).value, abs=1e-6)


def test_quantiles_of_rounded_figures_alone() -> None:
    """Three figures as texts: no series has settled by the first rule of nodes."""
    found = kj.project_many({"region": ["A"], 2019: ["97"], 2021: ["110"], 2022: ["121"]}, levels=[2019, 2021, 2022])
    level = kj.quantiles(found["A"], "level", q=[0.5], first_year=2024, last_year=2024).values[0, 0]
    assert found.quantiles(q=(0.5,), last_year=2024).values[0, -1, 0] == pytest.approx(level, rel=1e-6)


def test_bits_of_triples_do_not_hang_on_who_else_is_asked() -> None:
    """Alike or not, some or all, in blocks or alone."""
    rng = np.random.default_rng(1)
    root = rng.normal(size=(2500, 3, 5))
    cov = root @ root.swapaxes(1, 2)
    sd = np.sqrt(np.diagonal(cov, axis1=1, axis2=2))
    cov /= sd[:, :, None] * sd[:, None, :]
    upper, own = rng.normal(size=(2500, 3)), cov[:, [0, 0, 1], [1, 2, 2]]
    for rho in (own, np.tile(own[0], (2500, 1))):
        whole = trivariate_below(upper, rho)
        for size in (1, 2, 3, 7, 100, 2049):
            some = rng.permutation(2500)[:size]
            np.testing.assert_array_equal(trivariate_below(upper[some], rho[some]), whole[some])


# whoever else is asked


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_the_order_and_the_company_change_no_bit(data: st.DataObject) -> None:
    """Regions in another order, or only some of them, have the same bits in every answer."""
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    count = data.draw(st.integers(1, 400))
    levels = 100 * np.exp(np.cumsum(rng.normal(0.08, 0.06, (count, 4)), axis=1))
    levels[:, 0] = np.where(rng.random(count) < 0.3, np.nan, levels[:, 0])
    columns = {"region": [f"r{i}" for i in range(count)], "target": levels[:, 3] * np.exp(rng.normal(0.2, 0.1, count))}
    columns |= {year: levels[:, j] for j, year in enumerate(YEARS)}
    options = data.draw(st.sampled_from([{}, {"reference_class": "generic_positive"}, ASSUMED["own beliefs"]]))
    whole, chosen = many(columns, **options), rng.permutation(count)[: data.draw(st.integers(1, count))]
    part = many({name: [column[i] for i in chosen] for name, column in columns.items()}, **options)
    np.testing.assert_array_equal(whole.probability[chosen], part.probability)
    np.testing.assert_array_equal(whole.quantiles(q=(0.2,)).values[chosen], part.quantiles(q=(0.2,)).values)
    if not options:
        np.testing.assert_array_equal(whole.first_years().first[chosen], part.first_years().first)


def test_every_kind_of_frame() -> None:
    """A mapping, pandas, polars and pyarrow, wide and long, say the same."""
    pd, pl = pytest.importorskip("pandas"), pytest.importorskip("polars")
    pa = pytest.importorskip("pyarrow")
    wide = {str(name): column for name, column in frame().items()}
    expected = many(wide).probability
    for one in (pd.DataFrame(wide), pl.DataFrame(wide), pa.table(wide), pd.DataFrame(wide).convert_dtypes()):
        np.testing.assert_array_equal(many(one).probability, expected)
    long = pd.DataFrame(wide).melt(["region", "target"], list(map(str, YEARS)), "year", "value")
    asked = {"region": list(LEVELS), "year": [2024] * 4, "at_least": list(TARGETS.values())}
    long["year"] = long["year"].astype(int)
    found = kj.project_many(long.sample(frac=1.0, random_state=1), year="year", value="value", targets=asked)
    np.testing.assert_array_equal(found.probability, expected)


def test_texts_bring_their_digits() -> None:
    """The error of a figure in text is half a unit of its last digit, as in a study; counts are exact."""
    columns = {"region": ["A"], 2019: ["80"], 2020: ["90"], 2021: ["97"], 2022: ["110"], "target": ["150"]}
    assert many(columns).probability[0] == pytest.approx(0.0896, abs=1e-4)
    assert many(columns, error=0.0).probability[0] == pytest.approx(0.094586, abs=1e-6)
    study = kj.Study.from_levels({"level": {year: str(columns[year][0]) for year in YEARS}}, unit="index")
    target = kj.Target(name="t", indicator="level", year=2024, at_least="150")
    assert many(columns).probability[0] == pytest.approx(kj.probability(kj.project(study), target).value, abs=CLOSE)
    counted = many(columns, unit="家")
    assert counted.probability[0] == pytest.approx(alone(counted, "A"), abs=CLOSE)


# studies


def test_studies_of_one_shape_are_taken_together() -> None:
    """Studies and columns give the same answers; a study that says more than levels is projected by itself."""
    studies = {name: many().study(name) for name in LEVELS}
    together = kj.project_many(studies)
    np.testing.assert_allclose(together.probability, many().probability, atol=1e-14)
    pooled = {name: many(**ASSUMED["class with a reason for today"]).study(name) for name in LEVELS}
    mixed = kj.project_many({**pooled, "Y": kj.datasets.yueyang(), **{f"flat {n}": s for n, s in studies.items()}})
    yueyang = kj.project(kj.datasets.yueyang())
    assert len(mixed) == 4 + len(yueyang.study.targets) + 4
    expected = many(**ASSUMED["class with a reason for today"]).probability
    np.testing.assert_allclose(mixed.probability[:4], expected, atol=1e-12)
    rows = np.flatnonzero(mixed.region == "Y")
    assert {mixed.methods[i] for i in rows} <= {"alone", ""}
    for i in rows[:3]:
        assert mixed.probability[i] == kj.probability(yueyang, mixed.inputs.name(int(i))).value
    assert kj.project_many(list(studies.values())).regions == tuple(LEVELS)


def history(name: str, years: Sequence[int]) -> kj.Study:
    """Figures of an indicator in given years."""
    return kj.Study.from_dict({
        "title": {"zh": "甲", "en": "A"}, "as_of": "2022-12-31",
        "indicators": [{"name": name, "unit": "index", "motion": Brownian(drift=Flat(), volatility=Flat())}],
        "evidence": [{"kind": "level", "indicator": name, "year": y, "value": str(5 + y % 7), "error": "0"} for y in years],
        "targets": [{"name": "goal", "indicator": name, "year": 2025, "at_least": "9"}],
    })  # fmt: skip


def test_shapes_over_many_years() -> None:
    """Among figures of eighty years no series is taken for one of other years, or of another indicator."""
    studies = {f"{n} {y}": history(n, (y, 2020, 2021, 2022)) for n in "ab" for y in range(1941, 2020, 6)}
    studies |= {"all": history("a", range(1940, 2023)), "three": history("b", (2020, 2021, 2022))}
    found = kj.project_many(studies)
    assert set(found.methods) == {"closed form"}
    alone = [kj.project_many({name: study}).probability[0] for name, study in studies.items()]
    np.testing.assert_allclose(found.probability, alone, atol=1e-14)


# what cannot be answered


def test_a_region_without_an_answer_says_why() -> None:
    """NaN and a reason, never an invented number; the others are answered."""
    levels = {
        "one point": (None, None, None, 5), "two points": (None, None, 5, 6), "in line": (1, 2, 4, 8), "none": (None,) * 4,
        "negative": (1, -2, 3, 4), "no target": (1, 2, 3, 5), "bad target": (1, 2, 3, 5), "fine": (80, 90, 97, 110),
    }  # fmt: skip
    targets = dict.fromkeys(levels, 9.0) | {"no target": None, "bad target": -3.0, "fine": 150}
    found = many(frame(levels, targets))
    assert np.isfinite(found.probability).tolist() == [False] * 7 + [True]
    for region, words in {
        "one point": "too few", "two points": "too few", "in line": "in line", "none": "no figure", "negative": "cannot lie",
        "no target": "no target", "bad target": "target cannot lie",
    }.items():  # fmt: skip
        assert words in found.reasons[list(levels).index(region)]
    for region in ("one point", "two points", "in line"):
        with pytest.raises(kj.KjprojError):
            alone(found, region)
    assert "无法回答" in found.to_text("zh")
    assert "not answered" in str(found)
    borrowed = many(frame(levels, targets), reference_class="generic_positive")
    assert np.isfinite(borrowed.probability[:3]).all()


def test_years_that_are_past() -> None:
    """A published figure decides; a year between figures is asked one by one; one before the first has no basis."""
    asked = {"region": ["A", "A", "D", "C"], "year": [2021, 2021, 2021, 2019], "at_least": [97, 98, 58, 90]}
    found = kj.project_many(frame(), levels=YEARS, targets=asked, reference_class="generic_positive")
    assert found.probability[:2].tolist() == [1.0, 0.0]
    assert found.methods.tolist() == ["observed", "observed", "alone", ""]
    assert found.probability[2] == kj.probability(found["D"], "level_2021").value
    assert "before the first" in found.reasons[3]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"levels": [2018, 2019]}, "no column 2018"),
        ({"levels": [19]}, "calendar year"),
        ({"levels": None}, "name the columns"),
        ({"at_least": "aim"}, "no column 'aim'"),
        ({"scale": "cubic"}, "scale is 'cubic'"),
        ({"reference_class": "gdp", "scale": "linear"}, "class gdp is on the scale log"),
        ({"error": -1.0}, "error is -1.0"),
        ({"as_of": 2020}, "as_of is 2020"),
        ({"indicator": "name"}, "no column 'name'"),
        ({"correlations": {("x", "y"): 0.5}}, "a correlation is between"),
        ({"indicators": assume(name="gdp")}, "no figures of it"),
        ({"region": "county"}, "no column 'county'"),
    ],
)
def test_wrong_options_say_what_to_do(options: dict[str, Any], words: str) -> None:
    """An error names what was given and what was expected."""
    with pytest.raises(kj.KjprojError, match=words):
        kj.project_many(frame(), **{"levels": YEARS, "at_least": "target", "target_year": 2024, **options})


def test_doubled_rows_and_odd_values_are_refused() -> None:
    """Nothing is overwritten, and nothing is read as a number that is none."""
    columns = frame()
    with pytest.raises(kj.KjprojError, match="'A' has two rows"):
        many(columns | {"region": ["A", "B", "C", "A"]})
    with pytest.raises(kj.KjprojError, match="holds 'high'"):
        many(columns | {"target": [1, 2, 3, "high"]})
    with pytest.raises(kj.KjprojError, match="unknown region 'Q'"):
        many()["Q"]
    with pytest.raises(kj.KjprojError, match="expected a frame"):
        kj.project_many([1, 2])
    with pytest.raises(kj.KjprojError, match="'E' has a target"):
        kj.project_many(columns, levels=YEARS, targets={"region": ["E"], "year": [2024], "at_least": [3]})


@pytest.mark.parametrize("value", ["90,5", "1,09", "1,0900", ",5"])
def test_a_comma_for_a_point_is_no_separator_of_thousands(value: str) -> None:
    """A decimal comma would make a figure ten times as large or more."""
    with pytest.raises(kj.KjprojError, match=f"holds '{value}' in row 2"):
        many(frame() | {2020: ["90", value, None, None]})


def test_blanks_around_text_are_no_digits() -> None:
    """They neither widen nor narrow the error that the digits leave, and blanks alone are a missing figure."""
    plain, spaced = ({2020: ["1,090", "22.0", missing, ""], 2021: ["1,200", a, "112", None]} for missing, a in (("100", "25"), (" 100 ", "25 ")))
    assert (many(frame() | spaced).probability[:3] == many(frame() | plain).probability[:3]).all()
    assert many(frame() | {2020: [" ", "22", "100", None]}).probability[0] == many(frame() | {2020: [None, "22", "100", None]}).probability[0]


@pytest.mark.parametrize("name", [None, float("nan"), "", " "])
def test_a_row_without_a_region_is_refused(name: object) -> None:
    with pytest.raises(kj.KjprojError, match="row 3 names no region; fill the column 'region'"):
        many(frame() | {"region": ["A", "B", name, "D"]})


def test_regions_may_be_codes() -> None:
    """A code finds its region as text and as a number; those that are listed are all where there are few."""
    projections = many(frame() | {"region": [430601, 430602, 430603, 430604]})
    assert alone(projections, "430602") == kj.probability(projections[430602], "level_2024").value
    with pytest.raises(kj.KjprojError, match=r"known are 430601, 430602, 430603, 430604$"):
        projections["1"]


def test_a_name_like_one_that_is_known_is_suggested() -> None:
    """Regions, targets, scenarios; of many names only the first are listed."""
    some = many(frame() | {"region": ["岳阳市", "衡阳市", "株洲市", "常德市"]})
    with pytest.raises(kj.KjprojError, match=r"Did you mean '岳阳市'\?$"):
        some["岳阳"]
    with pytest.raises(kj.KjprojError, match=r"known are level_2024\. Did you mean 'level_2024'\?$"):
        kj.probability(some["岳阳市"], "levels_2024")
    with pytest.raises(kj.KjprojError, match=r"known are trend$"):
        some["岳阳市"].varied(scenario="quick")
    columns = {"region": [f"r{i}" for i in range(300)], 2022: [1.0] * 300}
    with pytest.raises(kj.KjprojError, match=r"known are r0, r1, r2, r3, r4, … \(300 in all\)$"):
        kj.project_many(columns, levels=[2022])["Q"]


def test_columns_that_do_not_fit_together_are_refused() -> None:
    with pytest.raises(kj.KjprojError, match="column 'target' has 2 rows, 'region' has 4"):
        many(frame() | {"target": [150, 30]})
    for levels in (2019, "2019"):
        with pytest.raises(kj.KjprojError, match="expected a list of years"):
            kj.project_many(frame(), levels=levels, at_least="target", target_year=2024)  # type: ignore[arg-type]
    named = kj.project_many(frame(), levels={str(year): year for year in YEARS}, at_least="target", target_year=2024)
    assert named.probability[0] == many().probability[0]


def test_a_region_without_a_goal_has_none_on_the_screen() -> None:
    assert "nan" not in many(frame() | {"target": [150, None, 150, 80]}).to_text("en")


def test_answers_show_themselves_and_are_frames() -> None:
    """Text in two languages, HTML, and one row a target, a series and year, or a region."""
    projections = many()
    answers = (projections, projections.first_years(), projections.quantiles(), projections.together())
    for answer in answers:
        assert "A" in answer.to_text("zh")
        assert "<td" in answer._repr_html_()
        assert repr(answer).startswith(type(answer).__name__)
        assert "region" in answer.to_frame().columns
        assert len(answer) == 4
    assert projections.first_years().never[0] == pytest.approx(1 - projections.first_years().by[0, -1])
    assert list(projections) == list(LEVELS)
    assert "A" in projections
    assert np.asarray(projections.quantiles()).shape == (4, 2, 3)
    assert isinstance(assume(scale=Linear())[0].scale, Linear)


@pytest.mark.parametrize("between", [",", ";", "\t", "，"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_the_command_reads_what_chinese_spreadsheets_write(tmp_path: Path, capsys: pytest.CaptureFixture[str], between: str, encoding: str) -> None:
    file = tmp_path / "区县.csv"
    rows = ["地区,2019年,2020年,2021年,2022年,目标", "甲县,80,90,97,110,150", ",,,,,"]
    file.write_text("\r\n".join(rows).replace(",", between), encoding=encoding)
    assert main(["many", str(file), "2024", "--exact", "--csv"]) == 0
    assert "甲县,level,2024,at_least,150.0,0.0945" in capsys.readouterr().out


@pytest.mark.parametrize("between", ["\r", "\r\n", "\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_the_command_reads_any_ends_of_lines_and_unmarked_utf16(tmp_path: Path, capsys: pytest.CaptureFixture[str], between: str, encoding: str) -> None:
    file = tmp_path / "counties.csv"
    file.write_bytes(between.join(["地区,2019,2020,2021,2022,目标", "甲县,80,90,97,110,150", ""]).encode(encoding))
    assert main(["many", str(file), "2024", "--exact", "--csv"]) == 0
    assert "甲县,level,2024,at_least,150.0,0.0945" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('region,2020,2021,2022,target\nA,80,90,97,150\n"B,80,90,97,150\nC,80,90,97,150\n', "cannot be read from line 3 on: a quotation mark is not closed"),
        ('region,2020,2021,2022,target\n"A,80,90,97,150\n"B",80,90,97,150\n', "cannot be read from line 2 on: a quotation mark"),
        ('"region,2020,2021,2022,target\nA,80,90,97,150\n', "cannot be read from line 1 on: a quotation mark"),
        ("region,indicator,2021,2022,target\nA,gdp,90,97,150\nA,rd,9,10,15\n", "name it with --indicator indicator"),
        ("地区,指标,2021,2022,目标\nA,gdp,90,97,150\nA,rd,9,10,15\n", "name it with --indicator 指标"),
        ("region,2021,2022,target\nA,90,97,150\nB,90,high,150\n", "column '2022' holds 'high' in row 2, region 'B'"),
        ("region,2021,2022,target\nA,90,97,\nB,90,97,1,150\n", "more cells than columns in row 2, which begins with 'B'"),
        ("region,2021,2022,target\nA,90,97,\0\n", "is a text neither in UTF-8 or UTF-16 nor in GB 18030"),
    ],
)  # fmt: skip
def test_a_file_that_would_be_misread_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, said: str) -> None:
    """Nothing is swallowed, and the message says where to look, or which option is missing."""
    file = tmp_path / "counties.csv"
    file.write_text(text, encoding="utf-8")
    assert main(["many", str(file), "2024"]) == 1
    assert said in capsys.readouterr().err


def test_the_command_reads_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Text in the reader's language, or all rows as CSV; a wrong file is refused."""
    file = tmp_path / "counties.csv"
    file.write_text("region,2019,2020,2021,2022,target\n甲县,80,90,97,110,150\n乙县,5,,,6,9\n", encoding="utf-8-sig")
    assert main(["many", str(file), "2024", "--exact", "--lang", "zh"]) == 0
    assert "9%" in capsys.readouterr().out
    assert main(["many", str(file), "2024", "--exact", "--csv"]) == 0
    assert "甲县,level,2024,at_least,150.0,0.0945" in capsys.readouterr().out
    for text, said in (
        ("region,2020,2020,2022,target\n甲县,80,90,97,150\n", "has the column '2020' twice"),
        ("region,2020,2021,2022,target\n甲县,1,090,1200,1300,1500\n", "more cells than columns in row 1"),
        ("district,2020,2021,target\nA,90,97,150\n", "has no column 'region' or '地区'"),
        ("region,a,target\nA,90,150\n", "has no column of a year such as 2022 or 2022年; it has region, a, target"),
    ):
        file.write_text(text, encoding="utf-8")
        assert main(["many", str(file), "2024"]) == 1
        assert said in capsys.readouterr().err
    assert main(["many", str(tmp_path / "none.csv"), "2024"]) == 1
    assert "cannot be read" in capsys.readouterr().err
