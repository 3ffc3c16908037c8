"""The year in which paths first reach a bound: closed forms, independent integrals, and laws that hold for any bound."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats
from scipy.special import ndtr
from studies import document, inv_chi2, level, normal, one_walk, target, walk

import kjproj as kj
from kjproj.answers.by_year import reached_by_year
from kjproj.numerics.normal import bivariate_rectangle
from kjproj.numerics.passage import first_passage, is_markov, passage_by_year, staying_inside
from kjproj.numerics.rectangles import rectangle
from kjproj.numerics.sequential import leaving_in_turn

FREE = np.inf


def times(n: int) -> np.ndarray:
    return np.arange(1.0, n + 1.0)


def walk_law(n: int, mu: float, sd: float, tau: float = 0.0, start_sd: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Mean (1, n) and covariance (1, n, n) of a walk from 0 whose start and drift may be uncertain."""
    t = times(n)
    cov = start_sd**2 + sd**2 * np.minimum.outer(t, t) + tau**2 * np.multiply.outer(t, t)
    return mu * t[None], cov[None]


def both(law: tuple[np.ndarray, np.ndarray], lower: object, upper: object, **more: float) -> tuple[np.ndarray, np.ndarray, float, float]:
    """Chances to have left by each year and their errors, the chance of staying and its error."""
    n = law[0].shape[1]
    low, high = np.broadcast_to(lower, n).astype(float), np.broadcast_to(upper, n).astype(float)
    left, stays = first_passage(*law, low, high, **more), staying_inside(*law, low, high, **more)
    assert left is not None
    assert stays is not None
    return left.by[0], left.error[0], float(stays[0][0]), float(stays[1][0])


def by_grid(law: tuple[np.ndarray, np.ndarray], upper: float, steps: int = 2000) -> np.ndarray:
    """Chances to have first left in each year by Simpson's rule on a fine grid over a wide range: nothing of ours in it."""
    mean, cov = law[0][0], law[1][0]
    sd = np.sqrt(np.diag(cov))
    rule = integrate.simpson(np.eye(steps + 1), dx=1.0)
    reach = 9.5 * sd
    x, first = np.linspace(min(mean[0] - reach[0], upper - 2 * reach[0]), upper, steps + 1), [ndtr((mean[0] - upper) / sd[0])]
    mass = stats.norm.pdf(x, mean[0], sd[0]) * rule * (x[1] - x[0])
    for t in range(1, len(mean)):
        slope = cov[t - 1, t] / cov[t - 1, t - 1]
        left, centre = math.sqrt(cov[t, t] - slope * cov[t - 1, t]), mean[t] + slope * (x - mean[t - 1])
        first.append(mass @ ndtr((centre - upper) / left))
        x = np.linspace(min(mean[t] - reach[t], upper - 2 * reach[t]), upper, steps + 1)
        moved = np.exp(-0.5 * ((x[:, None] - centre) / left) ** 2) @ mass / (left * math.sqrt(2 * math.pi))
        mass = moved * rule * (x[1] - x[0])
    return np.array(first)


# known numbers


def test_a_target_by_yearly_checks() -> None:
    """L = 110, B = 150, μ = .10, σ = .08, three years: .4773844 by yearly checks; the third alone .4707889."""
    by, error, stays, stays_error = both(walk_law(3, 0.10, 0.08), -FREE, math.log(150 / 110))
    assert by[2] == pytest.approx(0.4773844, abs=5e-8)
    assert stays == pytest.approx(1.0 - by[2], abs=1e-8)
    assert max(error.max(), stays_error) < 1e-6
    assert 0.4707889 < by[2] < 0.5570663, "above the third year alone, below checking at any moment"


def test_one_and_two_years_are_closed_forms() -> None:
    """The first year is a normal tail, the first two are one less a bivariate normal."""
    mean, cov = walk_law(2, 0.05, 0.1, 0.04)
    by, *_ = both((mean, cov), -FREE, 0.2)
    sd, rho = np.sqrt(np.diag(cov[0])), cov[0, 0, 1] / math.sqrt(cov[0, 0, 0] * cov[0, 1, 1])
    assert by[0] == pytest.approx(ndtr((mean[0, 0] - 0.2) / sd[0]), rel=1e-14)
    inside = bivariate_rectangle(np.array([-np.inf, -np.inf]), (0.2 - mean[0]) / sd, rho)
    assert by[1] == pytest.approx(1.0 - inside, rel=1e-8)


def test_independent_years_multiply() -> None:
    """Without correlation the chance of staying is a product."""
    low, high = np.array([-1.0, -2.0, -0.5, -1.5]), np.array([0.5, 1.0, 2.0, 3.0])
    by, _, stays, _ = both((np.zeros((1, 4)), np.eye(4)[None]), low, high)
    assert stays == pytest.approx(np.prod(ndtr(high) - ndtr(low)), rel=1e-9)
    assert by == pytest.approx(1.0 - np.cumprod(ndtr(high) - ndtr(low)), rel=1e-9)


def test_a_symmetric_walk_at_its_start_follows_sparre_andersen() -> None:
    """P(no sum of n symmetric steps is above 0) = C(2n, n)/4ⁿ, whatever the law of the steps."""
    by, _, stays, _ = both(walk_law(12, 0.0, 0.3), -FREE, 0.0)
    for n in range(1, 13):
        assert by[n - 1] == pytest.approx(1.0 - math.comb(2 * n, n) / 4**n, abs=1e-8)
    assert stays == pytest.approx(math.comb(24, 12) / 4**12, rel=1e-7)


# against other methods


@pytest.mark.parametrize("tau", [0.0, 0.05])
@pytest.mark.parametrize("bound", [0.25, 0.62, 0.87], ids=["likely", "1e-3", "1e-6"])
def test_rare_passages_to_relative_accuracy(tau: float, bound: float) -> None:
    """Against Simpson's rule on 4,001 points a year: to one in ten million, down to chances of 1e-7."""
    law = walk_law(4, 0.05, 0.08, tau)
    by, error, *_ = both(law, -FREE, bound, rtol=1e-8, atol=0.0)
    known = np.cumsum(by_grid(law, bound))
    assert by == pytest.approx(known, rel=1e-7)
    assert (error <= 1e-6 * by).all()


@pytest.mark.parametrize("bound", [0.95, 1.15, 2.0])
def test_still_rarer_ones(bound: float) -> None:
    """Chances of 1e-9, 1e-12 and 1e-37 to relative accuracy, between the greatest of a year and the sum of all."""
    mean, cov = walk_law(3, 0.05, 0.08)
    by, *_ = both((mean, cov), -FREE, bound, rtol=1e-8, atol=0.0)
    assert by[-1] == pytest.approx(by_grid((mean, cov), bound).sum(), rel=1e-6)
    alone = ndtr((mean[0] - bound) / np.sqrt(np.diag(cov[0])))
    assert alone.max() * (1 - 1e-9) <= by[-1] <= alone.sum() * (1 + 1e-9)


def test_rare_stays_to_relative_accuracy() -> None:
    """P(all of four years above a bound that each is unlikely to be above), by the mirrored walk's orthant: 1e-8."""
    mean, cov = walk_law(4, 0.0, 0.1)
    low = np.array([0.5, 0.55, 0.5, 0.6])
    _, _, stays, error = both((mean, cov), low, FREE, rtol=1e-8, atol=0.0)
    by_orthant, spread = rectangle(low, np.full(4, np.inf), mean[0], cov[0], atol=1e-13)
    assert 1e-10 < stays < 1e-6
    assert abs(stays - by_orthant) < 6 * math.hypot(spread, error) + 1e-5 * stays


@pytest.mark.parametrize("start_sd", [0.0, 0.02, 0.2])
@pytest.mark.parametrize("region", [(-FREE, 0.3), (-0.2, FREE), (-0.25, 0.35)], ids=["above", "below", "both"])
def test_it_agrees_with_orthants(region: tuple[float, float], start_sd: float) -> None:
    """Seven years, uncertain drift, with and without an uncertain start: within six standard errors of a lattice's."""
    law = walk_law(7, 0.03, 0.1, 0.05, start_sd)
    by, error, stays, stays_error = both(law, *region)
    known, spread = rectangle(np.full(7, region[0]), np.full(7, region[1]), law[0][0], law[1][0], atol=1e-6)
    assert abs(stays - known) < 6 * math.hypot(spread, stays_error)
    assert abs(1.0 - by[-1] - known) < 6 * math.hypot(spread, error[-1])


@pytest.mark.parametrize("told", [0.05, 0.3, 1.0])
def test_a_start_that_is_asked_nothing_changes_nothing(told: float) -> None:
    """A year before the others, without bounds, only helps: the same chances as from the first bounded year."""
    mean, cov = walk_law(5, 0.04, 0.1, 0.06, told * 0.1)
    start = np.zeros((1, 6)), np.zeros((1, 6, 6))
    start[0][0, 1:], start[1][0, 1:, 1:] = mean[0], cov[0]
    start[1][0, 0, :] = start[1][0, :, 0] = (told * 0.1) ** 2
    with_it, *_ = both(start, -FREE, np.array([FREE, *[0.35] * 5]), rtol=1e-9)
    without, *_ = both((mean, cov), -FREE, 0.35, rtol=1e-9)
    assert with_it[0] == 0.0
    assert with_it[1:] == pytest.approx(without, abs=1e-8)


# unknown drift and volatility


def mixture_of(df: float, years: int, bound: float) -> float:
    """E over σ² = df·s²/χ²(df), s = .05, cut at σ = 1, of the chance given σ, by adaptive quadrature over ln χ²."""

    def given(log_q: float) -> float:
        q = math.exp(log_q)
        law = walk_law(years, 0.05, 0.05 * math.sqrt(df / q), 0.03)
        return float(by_grid(law, bound, 400).sum() * stats.chi2.pdf(q, df) * q)

    least = df * 0.05**2
    low, high = math.log(least), math.log(stats.chi2.isf(1e-9, df))
    return float(integrate.quad(given, low, high, epsabs=1e-7, epsrel=1e-6, limit=60)[0] / stats.chi2.sf(least, df))


@pytest.mark.parametrize("df", [1, 2, 5])
def test_unknown_drift_and_volatility(df: int) -> None:
    """Volatility of 1, 2 and 5 degrees of freedom, drift .05 ± .03, three years: to 5e-6 of a nested quadrature."""
    study = kj.Study.from_dict(
        document(
            indicators=[{"name": "x", "unit": "亿元", "motion": walk(normal(0.05, 0.03), inv_chi2(df, 0.05))}],
            evidence=[level("x", 2022, "100", error="0")],
            targets=[target("t", "x", 2025, at_least="130")],
        )
    )
    found = kj.when(kj.project(study), "t", until=2025)
    known = mixture_of(df, 3, math.log(1.3))
    assert found.reached[2025].value == pytest.approx(known, abs=5e-6)
    assert found.reached[2025].method == "quadrature"
    assert found.reached[2025].stderr < 5e-6


# what is Markov


def test_what_is_markov() -> None:
    """Walks, walks with a drift drawn once from an exact start, autoregressions; and not what has two uncertain parts."""

    def corr(cov: np.ndarray) -> np.ndarray:
        sd = np.sqrt(np.diagonal(cov, axis1=1, axis2=2))
        return np.asarray(cov / (sd[:, :, None] * sd[:, None, :]))

    for tau, start_sd, markov in ((0.0, 0.0, True), (0.1, 0.0, True), (0.0, 0.1, True), (0.1, 0.003, False), (0.1, 0.1, False)):
        assert is_markov(corr(walk_law(6, 0.0, 0.1, tau, start_sd)[1])) is markov
    reverting = 0.7 ** np.abs(np.subtract.outer(times(6), times(6)))[None]
    assert is_markov(reverting)
    mixed = 0.5 * reverting + 0.5 * 0.2 ** np.abs(np.subtract.outer(times(6), times(6)))[None]
    assert not is_markov(mixed)
    assert not is_markov(np.concatenate([reverting, mixed])), "every component must be"
    assert not is_markov(np.ones((1, 3, 3))), "what follows from the year before has no step"


def test_what_it_leaves_to_others() -> None:
    """Moving averages, a year that does not vary, negatively correlated years."""
    t = times(5)
    moving = np.clip(1.0 - np.abs(np.subtract.outer(t, t)) / 3.0, 0.0, 1.0)[None]
    negative = (-0.5) ** np.abs(np.subtract.outer(t, t))[None]
    still = np.diag([1.0, 1.0, 0.0, 1.0, 1.0])[None]
    for cov in (moving, negative, still):
        assert first_passage(np.zeros((1, 5)), cov, np.full(5, -np.inf), np.ones(5)) is None
        assert staying_inside(np.zeros((1, 5)), cov, np.full(5, -np.inf), np.ones(5)) is None


# errors


def random_paths(count: int, n: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Mean, covariance and bounds of walks with uncertain drift, from sure to leave to very unlikely; some two-sided."""
    rng, t = np.random.default_rng(seed), times(n)
    tau, mu = rng.uniform(0.0, 1.0, (count, 1, 1)), rng.normal(0.0, 0.6, (count, 1))
    cov = np.minimum.outer(t, t) + tau**2 * np.multiply.outer(t, t)
    upper = rng.uniform(0.1, 7.0, (count, 1)) * math.sqrt(n) + rng.normal(0.0, 0.3, (count, n))
    lower = np.where(rng.random((count, 1)) < 0.3, -rng.uniform(0.5, 6.0, (count, 1)) * math.sqrt(n), -np.inf)
    return mu * t, cov, np.broadcast_to(lower, (count, n)), upper


@pytest.mark.parametrize("n", [3, 6, 15])
def test_stated_errors_are_true(n: int) -> None:
    """Over 80 random regions the root mean square of error over stated error is below 1.2, against many more nodes."""
    mean, cov, lower, upper = random_paths(80, n, n)
    rough, fine = (first_passage(mean, cov, lower, upper, rtol=r, atol=1e-13) for r in (1e-3, 1e-11))
    stay, stay_fine = (staying_inside(mean, cov, lower, upper, rtol=r, atol=1e-13) for r in (1e-3, 1e-11))
    assert rough is not None
    assert fine is not None
    assert stay is not None
    assert stay_fine is not None
    ratio = (rough.by - fine.by) / np.maximum(rough.error, 1e-13 + 1e-11 * fine.by)
    assert math.sqrt(np.mean(ratio**2)) < 1.2
    ratio = (stay[0] - stay_fine[0]) / np.maximum(stay[1], 1e-13 + 1e-11 * stay_fine[0])
    assert math.sqrt(np.mean(ratio**2)) < 1.2
    assert (fine.error <= 1e-6 * fine.by + 1e-8).all()


def test_a_path_may_have_a_tolerance_of_its_own() -> None:
    """A tolerance (K,) spares work where a component counts little."""
    mean, cov, lower, upper = random_paths(40, 5, 1)
    loose = np.where(np.arange(40) < 20, 1.0, 1e-12)
    found = first_passage(mean, cov, lower, upper, rtol=1e-12, atol=loose)
    assert found is not None
    assert found.error[:20].max() > 10 * found.error[20:].max()


# laws


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 8), st.floats(-0.2, 0.2), st.floats(0.01, 0.3), st.floats(0.0, 1.5), st.floats(0.05, 1.0), st.floats(0.001, 0.5))
def test_later_is_likelier_and_higher_is_less_likely(n: int, mu: float, sd: float, ratio: float, bound: float, more: float) -> None:
    """By year the chance rises; it falls with the bound, lies between each year's own and their sum; units do not matter."""
    near, far, scaled = (
        passage_by_year(0.0, mu * k, sd * k, b * k, n, drift_sd=ratio * sd * k, rtol=1e-7) for b, k in ((bound, 1.0), (bound + more, 1.0), (bound, 7.3))
    )
    slack = 2.0 * (near.error + far.error) + 1e-14
    assert (np.diff(near.by[0], prepend=0.0) >= -1e-14).all()
    assert (far.by <= near.by + slack).all()
    assert scaled.by == pytest.approx(near.by, rel=1e-6, abs=1e-12)
    t = times(n)
    alone = ndtr((mu * t - bound) / (sd * np.sqrt(t + (ratio * t) ** 2)))
    assert (near.by[0] >= np.maximum.accumulate(alone) - slack).all()
    assert (near.by[0] <= np.cumsum(alone) + slack).all()


@settings(max_examples=30, deadline=None)
@given(st.integers(2, 6), st.floats(-0.2, 0.2), st.floats(0.02, 0.3), st.floats(0.05, 1.0))
def test_downwards_is_the_mirror(n: int, mu: float, sd: float, bound: float) -> None:
    up = passage_by_year(0.3, mu, sd, 0.3 + bound, n)
    down = passage_by_year(-0.3, -mu, sd, -0.3 - bound, n, upwards=False)
    assert down.first == pytest.approx(up.first, rel=1e-12)


def test_regions_in_one_call_are_those_of_single_calls() -> None:
    """A thousand regions at once, upwards and downwards, with bounds by year."""
    rng = np.random.default_rng(3)
    start, drift, sd = rng.normal(0, 1, 1000), rng.normal(0.05, 0.03, 1000), rng.uniform(0.02, 0.2, 1000)
    up = rng.random(1000) < 0.7
    bound = start[:, None] + np.where(up, 1.0, -1.0)[:, None] * rng.uniform(0.05, 0.8, (1000, 5))
    found = passage_by_year(start, drift, sd, bound, 5, upwards=up, drift_sd=0.02, rtol=1e-6)
    assert found.by.shape == (1000, 5)
    for k in range(0, 1000, 50):
        one = passage_by_year(start[k], drift[k], sd[k], bound[k : k + 1], 5, upwards=bool(up[k]), drift_sd=0.02, rtol=1e-6)
        assert np.abs(one.by[0] - found.by[k]).max() < 1e-6
    with pytest.raises(ValueError, match="sd must be positive"):
        passage_by_year(0.0, 0.1, 0.0, 1.0, 3)


def test_points_in_the_order_of_time_are_unbiased() -> None:
    """The estimates from uniform points average to the same chances; singular covariances are not for them."""
    law = walk_law(6, 0.03, 0.1, 0.05, 0.1)
    by, *_ = both(law, -0.3, 0.35)
    u = stats.qmc.Sobol(5, rng=1).random(1 << 14).clip(1e-12, 1 - 1e-12)
    low, high = (np.broadcast_to(b - law[0], (len(u), 6)) for b in (-0.3, 0.35))
    factor = np.broadcast_to(np.linalg.cholesky(law[1]), (len(u), 6, 6))
    assert np.cumsum(leaving_in_turn(low, high, factor, u).mean(axis=0)) == pytest.approx(by, abs=2e-4)


# studies


def study(drift: object, volatility: object, error: str = "0", last: int = 2030) -> kj.Study:
    found = one_walk(drift, volatility, {2020: "90", 2021: "97", 2022: "110"}, error=error)
    return found.with_target(kj.Target(name="t", indicator="x", year=last, at_least="150"))


CASES = {
    "known": study(0.04, 0.08),
    "exact start": study(normal(0.04, 0.02), inv_chi2(5, 0.06)),
    "rounded": study(normal(0.04, 0.02), inv_chi2(5, 0.06), "0.5"),
}


@pytest.mark.parametrize("name", CASES)
def test_all_years_in_one_sweep_are_the_years_one_by_one(name: str) -> None:
    """`kj.when` and "by" say the same, rise, and agree with simulation."""
    projection = kj.project(CASES[name])
    found = kj.when(projection, "t", until=2028)
    values = [found.reached[year].value for year in found.years]
    assert all(a <= b for a, b in pairwise(values))
    assert [found.reached[year].method for year in found.years] == ["closed form", *["quadrature"] * 5]
    for year in (2025, 2028):
        asked = kj.Target(name="b", indicator="x", year=year, at_least="150", when="by")
        apart = kj.probability(kj.project(CASES[name]), asked)
        assert apart.value == pytest.approx(found.by(year).value, abs=1e-7)
        assert apart.method == "quadrature"
    yearly = [projection.study.target("t").model_copy(update={"year": year, "name": f"t{year}"}) for year in found.years]
    simulated = kj.probability(projection, any_of=yearly, method="simulate")
    assert abs(simulated.value - values[-1]) < 5.5 * simulated.stderr


@pytest.mark.parametrize("name", CASES)
def test_sustained_is_the_chance_of_staying(name: str) -> None:
    """Every year from one on: as from paths; and a falling bound mirrors a rising one."""
    projection = kj.project(CASES[name])
    asked = kj.Target(name="s", indicator="x", year=2024, until=2028, at_least="115", when="sustained")
    found = kj.probability(projection, asked)
    simulated = kj.probability(projection, asked, method="simulate")
    assert found.method == "quadrature"
    assert found.stderr < 1e-5
    assert abs(found.value - simulated.value) < 5.5 * simulated.stderr


def test_seventy_years() -> None:
    """They begin like seven."""
    long = kj.when(kj.project(CASES["exact start"]), "t", until=2092)
    short = kj.when(kj.project(CASES["exact start"]), "t", until=2029)
    for year in short.years:
        both_errors = long.reached[year].stderr + short.reached[year].stderr
        assert abs(long.reached[year].value - short.reached[year].value) <= both_errors + 1e-7
    assert long.reached[2092].method == "quadrature"


def test_rare_targets_have_small_relative_errors() -> None:
    """One in a million, to one in ten thousand of itself; "by" is above the last year's chance and below the sum."""
    projection = kj.project(study(0.04, 0.05))
    asked = kj.Target(name="b", indicator="x", year=2025, at_least="187", when="by")
    found = kj.probability(projection, asked)
    alone = [ndtr((0.04 * t - math.log(187 / 110)) / (0.05 * math.sqrt(t))) for t in (1, 2, 3)]
    assert 1e-7 < found.value < 1e-5
    assert max(alone) <= found.value <= sum(alone)
    assert found.stderr < 1e-4 * found.value


def test_what_is_not_markov_is_answered_as_before() -> None:
    """Indicators with bounds among their figures, or of which one counts events, take other methods."""
    bounded = kj.Study.from_dict(
        document(
            indicators=[{"name": "x", "unit": "亿元", "motion": walk(normal(0.05, 0.03), 0.05)}],
            evidence=[level("x", 2021, "100", error="0"), {"kind": "bound", "indicator": "x", "year": 2022, "more_than": "104"}],
            targets=[target("t", "x", 2025, at_least="130")],
        )
    )
    projection = kj.project(bounded)
    short, long = (kj.when(projection, "t", until=until) for until in (2026, 2040))
    assert short.reached[2026].method == "orthant"
    gap = abs(short.reached[2026].value - long.reached[2026].value)
    assert gap < 6 * math.hypot(short.reached[2026].stderr, long.reached[2026].stderr) + 1e-5
    assert reached_by_year(projection, [True]) is None


@pytest.mark.parametrize(("goal", "chance"), [("9" * 24, 0.0), ("0", 1.0)])
def test_targets_that_no_path_decides(goal: str, chance: float) -> None:
    """Out of reach, and met by whatever happens."""
    found = first_passage(np.empty((0, 3)), np.empty((0, 3, 3)), np.full(3, -FREE), np.zeros(3))
    assert found is None or found.first.shape == (0, 3)
    study = one_walk({"kind": "flat"}, 0.05, {2020: "90", 2021: "97.2", 2022: "110"})
    asked = kj.Target(name="t", indicator="x", year=2026, at_least=goal)
    assert kj.when(kj.project(study), asked).reached[2026].value == pytest.approx(chance, abs=1e-12)
    whole = kj.project(kj.datasets.yueyang())
    far = kj.Target(name="t", indicator="rd_spending", year=2024, at_least=goal)
    assert kj.when(whole, far).reached[2024].value == pytest.approx(kj.probability(whole, far).value, abs=1e-9) == chance
