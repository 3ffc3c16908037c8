"""Events: closed forms, brute-force integrals, simulated paths, calibration, and what is refused."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest
from pydantic import TypeAdapter, ValidationError
from scipy.special import betaln
from scipy.stats import betabinom, binom, gamma, nbinom, norm, poisson

import kjproj as kj
from kjproj.answers.sample import answerable
from kjproj.beliefs import Beta, Elicited, Fixed, Flat, Gamma, LogNormal, Normal, ScaledInvChi2
from kjproj.errors import KjprojError, NotAnswerableError
from kjproj.events import AnyEvents, Counts, Events, Milestone, Outlook
from kjproj.events.law import Law
from kjproj.rows import Tally
from kjproj.shocks import Antithetic, PseudoRandom

SHARE = (0.6, 0.05)
DRAWS = 40_000
SURE = 6.0  # standard errors; all of the fewer than 200 comparisons lie within, but for a chance of 4e-7
UNLUCKY = 2.8  # Kolmogorov's distance times the root of the number of draws exceeds it with probability 3e-7


def whole(year: int, count: int) -> Tally:
    return Tally("firms", year, count, f"evidence[{year}]")


def part(year: int, count: int, share: tuple[float, float] = SHARE, period: str | None = "Q1-Q2") -> Tally:
    return Tally("firms", year, count, f"evidence[{year} {period}]", share, period)


def outlook(events: Events, *tallies: Tally) -> Outlook:
    found = events.given(tallies)
    assert found is not None
    return found


def pmf(law: Outlook, years: list[int], most: int) -> np.ndarray:
    tail = np.array([law.at_least(years, k) for k in range(most + 2)])
    return tail[:-1] - tail[1:]


GAMMAS = [(None, 0.5, 0.0), (Gamma(shape=2, rate=0.5), 2, 0.5), (Gamma(shape=0.01, rate=1), 0.01, 1.0)]


@pytest.mark.parametrize(("rate", "shape", "years"), [*GAMMAS, (Gamma(shape=3, rate=1e-3), 3, 1e-3)])
@pytest.mark.parametrize("seen", [(), (0,), (3,), (0, 0, 5), (1,) * 20, (4000, 4100, 3900)])
def test_a_gamma_rate_predicts_the_negative_binomial(rate: Any, shape: float, years: float, seen: tuple[int, ...]) -> None:
    if rate is None and not seen:
        return
    law = outlook(Counts(rate=rate), *(whole(2000 + i, n) for i, n in enumerate(seen)))
    a, b = shape + sum(seen), years + len(seen)
    for ahead in (1, 2, 10):
        exact = nbinom(a, b / (b + ahead))
        for q in (1e-6, 0.01, 0.3, 0.5, 0.9, 0.9999):
            k = int(exact.ppf(q)) + 1
            assert law.at_least(range(2030, 2030 + ahead), k) == pytest.approx(exact.sf(k - 1), abs=1e-8)


@pytest.mark.parametrize("sure", [0.2, 7.0, 3000.0])
def test_a_known_rate_gives_poisson_counts_whatever_the_tallies(sure: float) -> None:
    for tallies in ([], [whole(2020, 9)]):
        law = outlook(Counts(rate=sure), *tallies)
        for k in (1, int(sure), int(3 * sure) + 2):
            assert law.at_least([2030, 2025, 2027], k) == pytest.approx(poisson.sf(k - 1, 3 * sure), rel=1e-9)


def test_known_years_are_known_and_the_order_of_years_does_not_matter() -> None:
    law = outlook(Counts(rate=None), whole(2022, 4), whole(2024, 6))
    assert [law.known(year) for year in (2022, 2023, 2024)] == [4, None, 6]
    assert law.at_least([2022, 2024], 10) == 1.0
    assert law.at_least([2022, 2024], 11) == 0.0
    assert law.at_least([2025, 2022, 2023], 12) == law.at_least([2023, 2026], 8)
    assert law.at_least([], 0) == 1.0
    assert law.at_least([], 1) == 0.0


@pytest.mark.parametrize("dispersion", [1.0, 1.3, 4.0])
def test_given_the_rate_the_variance_is_a_multiple_of_the_mean_and_years_add_up(dispersion: float) -> None:
    law = outlook(Counts(rate=5.0, dispersion=dispersion))
    one, two = pmf(law, [2030], 300), pmf(law, [2030, 2033], 300)
    n = np.arange(301)
    assert n @ one == pytest.approx(5.0, rel=1e-9)
    assert (n - 5.0) ** 2 @ one == pytest.approx(5.0 * dispersion, rel=1e-9)
    assert np.convolve(one, one)[:301] == pytest.approx(two, abs=1e-12)


def test_a_dispersion_next_to_1_is_as_good_as_1() -> None:
    tallies = (whole(2022, 900), whole(2023, 950), part(2023, 600), part(2024, 500))
    near, poisson_law = (outlook(Counts(rate=None, dispersion=d), *tallies) for d in (1 + 1e-7, 1.0))
    for k in (880, 930, 1000):
        assert near.at_least([2024], k) == pytest.approx(poisson_law.at_least([2024], k), abs=1e-5)


def counted(n: int, mean: np.ndarray, dispersion: float) -> np.ndarray:
    """P(N = n), written from scratch for the comparison."""
    if dispersion == 1:
        return np.asarray(poisson.pmf(n, mean))
    return np.asarray(nbinom.pmf(n, mean / (dispersion - 1), 1 / dispersion))


def more(n: int, mean: np.ndarray, dispersion: float) -> np.ndarray:
    """P(N ≥ n)."""
    if dispersion == 1:
        return np.asarray(poisson.sf(n - 1, mean))
    return np.asarray(nbinom.sf(n - 1, mean / (dispersion - 1), 1 / dispersion))


def split(n: int, total: int, share: np.ndarray, mean: np.ndarray, dispersion: float) -> np.ndarray:
    """P(n of the total fall into the part)."""
    if dispersion == 1:
        return np.asarray(binom.pmf(n, total, share))
    return np.asarray(betabinom.pmf(n, total, mean * share / (dispersion - 1), mean * (1 - share) / (dispersion - 1)))


GRID_V = np.linspace(math.log(0.05), math.log(200.0), 601)[:, None]
GRID_S = np.linspace(0.3, 0.9, 401)[None, :]


@pytest.mark.parametrize("dispersion", [1.0, 2.5])
@pytest.mark.parametrize("rate", [Gamma(shape=3, rate=0.4), LogNormal(median=9, sd_log=0.5, upper=90), Elicited(low=4, mode=8, high=15)])
def test_partial_tallies_agree_with_a_sum_over_a_fine_grid(rate: Any, dispersion: float) -> None:
    tallies = (whole(2021, 12), part(2021, 8), whole(2022, 7), part(2023, 5), part(2024, 9))
    law = outlook(Counts(rate=rate, dispersion=dispersion), *tallies)
    m = np.exp(GRID_V)
    if isinstance(rate, Gamma):
        prior = gamma.pdf(m, 3, scale=1 / 0.4) * m
    elif isinstance(rate, LogNormal):
        prior = norm.pdf(GRID_V, math.log(9), 0.5) * (m <= 90)
    else:
        s1, s2 = rate.spreads
        prior = np.exp(-0.5 * ((m - 8) / np.where(m < 8, s1, s2)) ** 2) * m
    weight = prior * norm.pdf(GRID_S, *SHARE)
    weight = weight * counted(12, m, dispersion) * split(8, 12, GRID_S, m, dispersion) * counted(7, m, dispersion)
    weight = weight * counted(5, m * GRID_S, dispersion) * counted(9, m * GRID_S, dispersion)
    weight = weight / weight.sum()
    rest = m * (1 - GRID_S)
    for k in (1, 3, 5, 8, 15):
        assert law.at_least([2024], 9 + k) == pytest.approx((weight * more(k, rest, dispersion)).sum(), abs=2e-5)
        both = (weight * more(k, m + 2 * rest, dispersion)).sum()  # 2023 and 2024 wait for the same share, 2025 is open
        assert law.at_least([2024, 2025, 2023], 14 + k) == pytest.approx(both, abs=2e-5)


def test_a_share_known_exactly_leaves_the_gamma_rate_in_closed_form() -> None:
    law = outlook(Counts(rate=Gamma(shape=2, rate=0.5)), whole(2022, 5), part(2023, 4, (0.25, 0.0)))
    for k in range(1, 20):
        exact = nbinom.sf(k - 1, 2 + 9, 1.75 / (1.75 + 0.75))
        assert law.at_least([2023], 4 + k) == pytest.approx(exact, abs=1e-9)


def test_a_whole_year_stands_before_its_part_which_then_informs_the_share_alone() -> None:
    flat_rate = Gamma(shape=2, rate=0.5)
    plain = outlook(Counts(rate=flat_rate), whole(2022, 400))
    with_part = outlook(Counts(rate=flat_rate), whole(2022, 400), part(2022, 200))
    assert with_part.known(2022) == 400
    assert with_part.at_least([2023], 250) == pytest.approx(plain.at_least([2023], 250), abs=1e-10)
    late = outlook(Counts(rate=300.0), whole(2022, 400), part(2022, 200), part(2023, 150))
    unaware = outlook(Counts(rate=300.0), part(2023, 150))
    assert late.at_least([2023], 285) > unaware.at_least([2023], 285) + 0.1  # half, not 60 %, came in the part


def test_tallies_of_one_period_share_one_share_and_those_of_others_do_not() -> None:
    def spread(period: str | None, other: str | None) -> float:
        law = outlook(Counts(rate=1000.0), part(2023, 600, period=period), part(2024, 600, period=other))
        return float(law.quantile([2023, 2024], 0.975) - law.quantile([2023, 2024], 0.025))

    same, different, unnamed = spread("Q1-Q2", "Q1-Q2"), spread("Q1-Q2", "H1"), spread(None, None)
    assert different == unnamed
    tight, loose = 2 * 1.96 * 800**0.5, 2 * 1.96 * (800 + 2000**2 / (1 / 0.05**2 + 2000 / 0.6)) ** 0.5
    assert same == pytest.approx(loose, rel=0.05)
    assert tight < different
    assert different == pytest.approx(2 * 1.96 * (800 + 2 * 1000**2 / (1 / 0.05**2 + 1000 / 0.6)) ** 0.5, rel=0.05)


OUTLOOKS = {
    "whole years": outlook(Counts(rate=None), whole(2022, 3), whole(2023, 6)),
    "known": outlook(Counts(rate=0.4, dispersion=3.0)),
    "thousands": outlook(Counts(rate=Gamma(shape=4, rate=0.001))),
    "parts": outlook(Counts(rate=None), whole(2022, 30), part(2022, 19), part(2023, 12), part(2024, 26)),
    "wide": outlook(Counts(rate=Gamma(shape=2, rate=0.2), dispersion=4.0), whole(2022, 15), part(2024, 9)),
    "milestone": outlook(Milestone(hazard=Beta(a=1, b=4)), whole(2022, 0)),
    "elicited": outlook(Milestone(hazard=Elicited(low=0.05, mode=0.2, high=0.5), since=2023)),
    "between": outlook(Milestone(hazard=Beta(a=2, b=4), since=2021), whole(2022, 0), whole(2026, 1)),
}


@pytest.mark.parametrize("name", OUTLOOKS)
def test_simulated_counts_have_the_stated_probabilities(name: str) -> None:
    law = OUTLOOKS[name]
    years = [2025, 2023, 2024, 2028]
    counts = law.counts(years, np.random.default_rng(5).random((DRAWS, 5)))
    assert counts.shape == (DRAWS, 4)
    for chosen in ([0], [1], [2], [0, 3], [1, 2], [0, 1, 2, 3]):
        asked = [years[j] for j in chosen]
        total = counts[:, chosen].sum(axis=1)
        for k in {law.quantile(asked, q) for q in (0.1, 0.5, 0.9)}:
            chance = law.at_least(asked, k)
            error = math.sqrt(chance * (1 - chance) / DRAWS) + 1e-12
            assert abs((total >= k).mean() - chance) < SURE * error


def test_years_of_a_path_share_the_rate_and_the_share() -> None:
    """The covariance of two open years' rests, from draws and from the law of the total."""
    law = outlook(Counts(rate=None), whole(2022, 10), part(2023, 8), part(2024, 4))
    n = np.arange(150)

    def variance(years: list[int]) -> float:
        p = pmf(law, years, 149)
        return float((n - n @ p) ** 2 @ p)

    covariance = (variance([2023, 2024]) - variance([2023]) - variance([2024])) / 2
    counts = law.counts([2023, 2024], np.random.default_rng(6).random((DRAWS, 3))).astype(float)
    products = (counts[:, 0] - counts[:, 0].mean()) * (counts[:, 1] - counts[:, 1].mean())
    assert abs(products.mean() - covariance) < SURE * products.std() / math.sqrt(DRAWS)
    assert covariance > 2 * SURE * products.std() / math.sqrt(DRAWS)


@pytest.mark.parametrize("name", ["parts", "wide", "thousands"])
def test_the_extreme_uniforms_give_finite_counts(name: str) -> None:
    edge = np.array(list(itertools.product([0.0, 1.0 - 2.0**-53], repeat=3)))
    counts = OUTLOOKS[name].counts([2024, 2030], edge)
    assert (counts >= 0).all()
    assert counts[0, 1] == 0 or name == "thousands"


@pytest.mark.parametrize("q", [0.001, 0.2, 0.5, 0.97])
@pytest.mark.parametrize("name", OUTLOOKS)
def test_the_quantile_is_the_least_count_whose_distribution_function_reaches_q(name: str, q: float) -> None:
    law, years = OUTLOOKS[name], [2023, 2024, 2026]
    k = law.quantile(years, q)
    assert 1 - law.at_least(years, k + 1) >= q
    assert k == 0 or 1 - law.at_least(years, k) < q


@pytest.mark.parametrize("dispersion", [1.0, 2.0])
def test_the_share_of_outcomes_below_the_truth_is_uniform(dispersion: float) -> None:
    """Calibration: rates and shares from the belief, their tallies, and where the years to come fall."""
    rng = np.random.default_rng(7)
    events = Counts(rate=Gamma(shape=4, rate=0.2), dispersion=dispersion)

    def draw(mean: float) -> int:
        return int(rng.poisson(rng.gamma(mean / (dispersion - 1), dispersion - 1) if dispersion > 1 else mean))

    shares = []
    for _ in range(250):
        m, s = rng.gamma(4, 5.0), np.clip(rng.normal(0.6, 0.1), 0.01, 0.99)
        parts, rests = [draw(m * s) for _ in range(4)], [draw(m * (1 - s)) for _ in range(4)]
        share = (0.6, 0.1)
        tallies = [part(2020 + i, n, share) for i, n in enumerate(parts)]
        tallies += [whole(2020, parts[0] + rests[0]), whole(2021, parts[1] + rests[1])]
        law = outlook(events, *tallies)
        truth = parts[2] + parts[3] + rests[2] + rests[3]
        above, at = (law.at_least([2022, 2023], truth + j) for j in (1, 0))
        shares.append(above + rng.random() * (at - above))
    u = np.sort(shares)
    steps = np.arange(len(u) + 1) / len(u)
    assert max((steps[1:] - u).max(), (u - steps[:-1]).max()) * math.sqrt(len(u)) < UNLUCKY
    assert np.mean((u - 0.5) ** 2) == pytest.approx(1 / 12, abs=6 * math.sqrt(1 / 180 / len(u)))


def test_a_vague_rate_has_no_answer_before_the_first_tally() -> None:
    assert Counts().given([]) is None
    assert outlook(Counts(), whole(2022, 0)).at_least([2023], 1) == pytest.approx(1 - 0.5**0.5, abs=1e-10)
    assert Counts().given([part(2022, 0)]) is not None


@pytest.mark.parametrize(
    ("tallies", "message"),
    [
        ([whole(2022, -1)], "-1 events in 2022; expected a whole number"),
        ([part(2022, 3, (1.2, 0.1))], r"share is 1\.2 ± 0\.1; expected a share"),
        ([part(2022, 3, (0.0, 0.1))], "expected a share"),
        ([part(2022, 3, (0.5, 0.5))], "expected a share"),
        ([part(2022, 3, (0.5, -0.1))], "expected a share"),
        ([part(2022, 3, (math.nan, 0.1))], "expected a share"),
        ([Tally("firms", 2022, 3, "evidence[0]", period="Q1")], "3 in Q1 of 2022; give that part's share"),
        ([whole(2022, 3), whole(2022, 4)], "2022 has 3 and 4 events; keep one"),
        ([part(2022, 3), part(2022, 4, period="Q1-Q3")], "two tallies of parts of the year; keep the latest"),
        ([part(2022, 3), whole(2022, 2)], "3 events in a part of 2022, 2 in all of it"),
        ([part(2022, 3), part(2023, 2, (0.5, 0.05))], "it is one unknown, state it once"),
        ([part(2020 + i, 1, period=f"Q{i}") for i in range(3)], "expected 2 at the most"),
    ],
)
def test_tallies_that_cannot_be_are_refused(tallies: list[Tally], message: str) -> None:
    with pytest.raises(KjprojError, match=message):
        Counts().given(tallies)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"dispersion": 0.9}, "greater than or equal to 1"),
        ({"rate": 0}, "events a year above 0"),
        ({"rate": -2.0}, "events a year above 0"),
        ({"rate": Normal(mean=3, sd=1)}, "not normal"),
        ({"rate": Flat()}, "not flat"),
        ({"rate": Beta(a=1, b=1)}, "not beta"),
        ({"rate": ScaledInvChi2(df=3, scale=0.1)}, "not scaled_inv_chi2"),
        ({"rate": Elicited(low=-1, mode=3, high=9)}, "low above 0"),
        ({"rate": LogNormal(median=0.9, sd_log=1)}, "cut at 1 a year, the default; give a larger upper"),
    ],
)
def test_what_is_no_rate_is_refused(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Counts(**fields)


def test_years_are_asked_for_once_and_quantiles_lie_inside_0_to_1() -> None:
    law = OUTLOOKS["whole years"]
    with pytest.raises(KjprojError, match="each of them once"):
        law.at_least([2025, 2025], 1)
    with pytest.raises(KjprojError, match="each of them once"):
        law.counts([2025, 2025], np.full((1, 3), 0.5))
    for q in (0.0, 1.0, math.nan):
        with pytest.raises(KjprojError, match="above 0 and below 1"):
            law.quantile([2025], q)


@pytest.mark.parametrize("since", [None, 2020])
def test_a_beta_hazard_survives_in_closed_form(since: int | None) -> None:
    law = outlook(Milestone(hazard=Beta(a=1.5, b=7), since=since), whole(2022, 0), whole(2024, 0))
    n = 3 if since is None else 5
    for m in (1, 2, 10, 200):
        survived = math.exp(betaln(1.5, 7 + n + m) - betaln(1.5, 7 + n))
        assert law.at_least(range(2019, 2025 + m), 1) == pytest.approx(1 - survived, abs=1e-12)
    later = math.exp(betaln(1.5, 7 + n + 1) - betaln(1.5, 7 + n)) - math.exp(betaln(1.5, 7 + n + 2) - betaln(1.5, 7 + n))
    assert law.at_least([2026], 1) == pytest.approx(later, abs=1e-12)
    assert law.at_least([2026, 2027], 2) == 0.0
    assert law.at_least([2026], 0) == 1.0
    assert law.known(2023) == 0
    assert law.known(2025) is None


def test_a_zero_between_two_zeros_says_nothing_new() -> None:
    ends = outlook(Milestone(hazard=Beta(a=1, b=3)), whole(2020, 0), whole(2024, 0))
    every = outlook(Milestone(hazard=Beta(a=1, b=3)), *(whole(year, 0) for year in range(2020, 2025)))
    assert ends.at_least([2025], 1) == every.at_least([2025], 1)


def test_a_known_hazard_and_an_elicited_one_are_summed_over_a_grid() -> None:
    law = outlook(Milestone(hazard=0.2), whole(2022, 0))
    assert law.at_least([2025, 2024], 1) == pytest.approx(0.8 - 0.8**3, abs=1e-12)
    belief = Elicited(low=0.05, mode=0.2, high=0.5)
    h = np.linspace(0, 1, 200_001)[1:-1]
    weight = np.exp(belief.log_density(h)) * (1 - h) ** 4
    law = outlook(Milestone(hazard=belief, since=2020), whole(2023, 0))
    assert law.at_least([2024, 2025], 1) == pytest.approx(weight @ (1 - (1 - h) ** 2) / weight.sum(), abs=1e-6)


def test_what_has_happened_happened_between_the_last_no_and_the_first_yes() -> None:
    law = outlook(Milestone(hazard=Beta(a=2, b=5), since=2021), whole(2022, 0), whole(2025, 1), whole(2027, 1))
    assert law.at_least([2023, 2024, 2025], 1) == pytest.approx(1.0, abs=1e-12)
    assert law.at_least(range(2026, 2040), 1) == 0.0
    survived = [math.exp(betaln(2, 7 + k) - betaln(2, 7)) for k in range(4)]
    assert law.at_least([2024], 1) == pytest.approx((survived[1] - survived[2]) / (1 - survived[3]), abs=1e-12)
    assert [law.known(year) for year in (2022, 2024, 2026)] == [0, None, 0]
    sure = outlook(Milestone(hazard=0.1), whole(2022, 0), whole(2023, 1))
    assert sure.known(2023) == 1
    assert sure.at_least([2023], 1) == 1.0


def test_nobody_knows_when_what_had_happened_by_the_first_tally_did() -> None:
    law = outlook(Milestone(hazard=0.1), whole(2023, 1))
    assert law.at_least([2024, 2025], 1) == 0.0
    assert law.counts([2024, 2030], np.random.default_rng(0).random((5, 3))).sum() == 0
    with pytest.raises(NotAnswerableError, match="give since"):
        law.at_least([2023], 1)


def test_a_milestone_without_a_hazard_or_a_first_year_has_no_answer() -> None:
    assert Milestone().given([whole(2022, 0)]) is None
    assert Milestone(hazard=0.1).given([]) is None
    assert outlook(Milestone(hazard=0.1, since=2024)).at_least([2024, 2025], 1) == pytest.approx(0.19)


@pytest.mark.parametrize(
    ("fields", "tallies", "message"),
    [
        ({}, [whole(2020, 1), whole(2022, 0)], "had happened by the end of 2020 and had not by the end of 2022"),
        ({}, [whole(2020, 1), whole(2020, 0)], "correct one of them"),
        ({}, [whole(2020, 2)], "expected 1 if it had happened, 0 if not"),
        ({}, [whole(2020, -1)], "expected a whole number"),
        ({}, [Tally("firms", 2020, 0, "evidence[0]", period="Q1")], "wait for the end of the year"),
        ({}, [part(2020, 0)], "wait for the end of the year"),
        ({"since": 2021}, [whole(2020, 1)], "before since, 2021"),
        ({"hazard": 1.0}, [whole(2020, 0)], "cannot be with a hazard of 1"),
        ({"hazard": 0.0}, [whole(2020, 0), whole(2021, 1)], "cannot be with a hazard of 0"),
    ],
)
def test_milestones_that_cannot_be_are_refused(fields: dict[str, Any], tallies: list[Tally], message: str) -> None:
    with pytest.raises(KjprojError, match=message):
        Milestone(**{"hazard": 0.1, **fields}).given(tallies)


@pytest.mark.parametrize(
    ("hazard", "message"),
    [
        (1.1, "from 0 to 1"),
        (-0.1, "from 0 to 1"),
        (Normal(mean=0.1, sd=0.01), "not normal"),
        (Gamma(shape=1, rate=9), "not gamma"),
        (Elicited(low=-0.1, mode=0.1, high=0.3), "low above 0"),
        (Elicited(low=0.1, mode=0.3, high=1.0), "high below 1"),
    ],
)
def test_what_is_no_chance_is_refused(hazard: Any, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Milestone(hazard=hazard)


@pytest.mark.parametrize(
    "events",
    [
        Counts(),
        Counts(rate=3.5, dispersion=2),
        Counts(rate=Fixed(value=2)),
        Counts(rate=Gamma(shape=3, rate=0.4)),
        Milestone(),
        Milestone(hazard=0.1, since=2020),
        Milestone(hazard=Beta(a=1, b=9)),
    ],
    ids=repr,
)
def test_events_return_from_json_as_they_were_and_speak_both_languages(events: Events) -> None:
    assert TypeAdapter(AnyEvents).validate_json(events.model_dump_json()) == events
    assert events.describe("zh")
    assert events.describe("en") != events.describe("zh")


@pytest.mark.parametrize("dispersion", [1.0, 1.5, 20.0])
@pytest.mark.parametrize("mean", [0.0, 1e-6, 0.3, 5.0, 80.0, 3e3, 4e7])
def test_counts_are_looked_up_as_they_are_searched(dispersion: float, mean: float) -> None:
    """Of one mean in a table of the distribution function, else one by one: the same counts, far out too."""
    law, u = Law(dispersion), np.random.default_rng(0).random(2000)
    u[:5] = 0.0, 1e-12, 1e-5, 1.0 - 1e-12, 1.0 - 2.0**-53
    means = np.full(2000, mean)
    assert np.array_equal(law.inverse(u, means), law._bisected(u, means))
    several = np.where(np.arange(2000) % 3, mean, 7.0)
    assert np.array_equal(law.inverse(u, several), law._bisected(u, several))


def test_paths_one_after_the_other_are_those_drawn_at_once() -> None:
    """Counts of slices that follow one another, for pseudo-random shocks and for others, in even and odd pieces."""
    projection = kj.project(kj.datasets.yueyang(), nodes=64)
    known = [events for name, events in projection.events.items() if name in answerable(projection)]
    assert known
    for events in known:
        for shocks in (PseudoRandom(5), Antithetic(PseudoRandom(5))):
            whole = events.drawing([2024, 2025], 3000, shocks)(slice(0, 3000))
            piece = events.drawing([2024, 2025], 3000, shocks)
            np.testing.assert_array_equal(np.concatenate([piece(slice(0, 1000)), piece(slice(1000, 1001)), piece(slice(1001, 3000))]), whole)
        assert np.ptp(whole) > 0
