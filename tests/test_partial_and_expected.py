"""Partial years, growth of a part of the year, and expected figures."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from studies import inv_chi2, normal, reach, walk

import kjproj as kj

SHARE = normal(0.73, 0.03)


def a_study(evidence: list[dict[str, Any]], *, unit: str = "亿元", drift: Any = 0.1, volatility: Any = 0.1, as_of: str = "2022-12-31") -> kj.Study:
    return kj.Study.from_dict(
        {
            "as_of": as_of,
            "indicators": [{"name": "x", "unit": unit, "motion": walk(drift, volatility)}],
            "evidence": evidence,
        }
    )


def part(value: str, year: int = 2022, **more: Any) -> dict[str, Any]:
    return {"kind": "partial", "indicator": "x", "year": year, "period": "Q1-Q3", "value": value, "error": "0", "share": SHARE, **more}


def log_law(study: kj.Study, year: int) -> tuple[float, float]:
    """Median of the logarithm and its standard deviation, for a study without unknown volatility."""
    q = np.log(kj.quantiles(kj.project(study), "x", q=(0.15865525393, 0.5, 0.84134474607), first_year=year, last_year=year).at(year))
    return float(q[1]), float((q[2] - q[0]) / 2)


def test_a_partial_figure_alone_is_the_total_times_its_share() -> None:
    """ln total = ln value − ln share, with the errors of share and wobble."""
    middle, sd = log_law(a_study([part("822.94")]), 2022)
    assert middle == pytest.approx(math.log(822.94 / 0.73), abs=1e-9)
    assert sd == pytest.approx(math.hypot(0.03 / 0.73, 0.01), rel=1e-6)


def test_the_share_is_one_unknown_for_all_years() -> None:
    """Total and part of 2021 known: the part of 2022 gives 2022's total within two wobbles and last year's shock."""
    known = [{"kind": "level", "indicator": "x", "year": 2021, "value": "1000", "error": "0"}, part("750", 2021), part("822.94")]
    middle, sd = log_law(a_study(known), 2022)
    prior, noise = 0.1**2, 2 * 0.01**2  # growth N(.1, .1); the parts' ratio reads it with two wobbles, the share known through 2021
    # given the level, the share's belief and 2021's wobble tell them apart only in part: exact normal algebra
    cov = np.zeros((4, 4))  # growth, share, wobble 2021, wobble 2022
    cov[0, 0], cov[1, 1], cov[2, 2], cov[3, 3] = prior, (0.03 / 0.73) ** 2, 0.01**2, 0.01**2
    H = np.array([[0.0, 1, 1, 0], [1, 1, 0, 1]])
    y = np.array([math.log(0.75 / 0.73), math.log(822.94 / 1000 / 0.73) - 0.1])
    gain = cov @ H.T @ np.linalg.inv(H @ cov @ H.T)
    assert middle == pytest.approx(math.log(1000) + 0.1 + (gain @ y)[0], abs=1e-9)
    assert sd == pytest.approx(math.sqrt((cov - gain @ H @ cov)[0, 0]), rel=1e-6)
    assert sd < 1.5 * math.sqrt(noise)


def test_growth_of_the_same_part_informs_last_year() -> None:
    """The part of 2022 and its growth give last year's part, with the wobble of 2022 shared by both."""
    growth = {"kind": "growth", "indicator": "x", "year": 2022, "value": "19.04", "error": "0", "period": "Q1-Q3"}
    study = a_study([part("822.94"), growth], volatility=0.3)
    middle, sd = log_law(study, 2021)
    assert middle == pytest.approx(math.log(822.94 / 1.1904 / 0.73), abs=2e-3)
    assert sd == pytest.approx(math.hypot(0.03 / 0.73, 0.01), rel=0.02)


def test_two_net_new_figures_are_widened_to_a_mean() -> None:
    """150 and 170 expected net new firms, 3 % each, contradict: they become 158.8 ± 9.9."""
    study = kj.Study.from_dict(
        {
            "as_of": "2022-12-31",
            "indicators": [{"name": "x", "unit": "家", "measure": "stock", "scale": {"kind": "linear"}, "motion": walk(0.0, 1e4)}],
            "evidence": [
                {"kind": "level", "indicator": "x", "year": 2021, "value": "600"},
                {"kind": "change", "indicator": "x", "year": 2022, "value": "150", "unit": "家", "expected": True},
                {"kind": "change", "indicator": "x", "year": 2022, "value": "170", "unit": "家", "expected": True},
            ],
        }
    )
    q = kj.quantiles(kj.project(study), "x", q=(0.15865525393, 0.5, 0.84134474607), first_year=2022, last_year=2022).at(2022)
    assert q[1] - 600 == pytest.approx(158.8, abs=0.05)
    assert (q[2] - q[0]) / 2 == pytest.approx(9.9, abs=0.05)
    assert len(kj.coherence(study).of("conflict")) == 1


def test_an_expected_figure_decides_no_target() -> None:
    """767 expected is not 767 reported: the chance of 760 is below 1, and 1 by "observed" once it is reported."""
    level = {"kind": "level", "indicator": "x", "year": 2022, "value": "767"}
    target = reach("760", 2022)
    expected = kj.probability(kj.project(a_study([{**level, "expected": True}], unit="家")), target)
    reported = kj.probability(kj.project(a_study([level], unit="家")), target)
    assert 0.5 < expected.value < 0.9
    assert (reported.value, reported.method) == (1.0, "observed")


def test_an_expected_figure_has_three_per_cent_unless_it_states_more() -> None:
    """The relative standard deviation replaces the rule of whole counts."""
    for stated, sd in ((None, 0.03), (0.05, 0.05)):
        more = {} if stated is None else {"relative_error": stated}
        level = {"kind": "level", "indicator": "x", "year": 2022, "value": "767", "expected": True, **more}
        assert log_law(a_study([level], unit="家"), 2022)[1] == pytest.approx(sd, rel=1e-6)


@pytest.mark.parametrize("n", [1, 3])
def test_partial_years_are_calibrated(n: int) -> None:
    """Truths drawn from the beliefs and reported by parts of years have uniform places (Σ z², chance 1e-7 a side)."""
    from scipy import stats
    from scipy.special import ndtr

    from kjproj.beliefs import ScaledInvChi2
    from kjproj.rows import Unknown

    rng, places = np.random.default_rng(n), []
    volatility = ScaledInvChi2(df=4, scale=0.08)
    for _ in range(150):
        steps = rng.normal(0.08, 0.03) + volatility.sample(rng, 1)[0] * rng.standard_normal(n + 2)
        x = math.log(500) + np.concatenate([[0.0], np.cumsum(steps)])
        share = math.log(0.73) + rng.normal(0, 0.03 / 0.73)
        parts = np.exp(x[:n] + share + rng.normal(0, 0.01, n))
        evidence = [part(f"{v:.2f}", 2023 - n + k) for k, v in enumerate(parts)]
        for e in evidence:
            e.pop("error")
        study = a_study(evidence, drift=normal(0.08, 0.03), volatility=inv_chi2(4, 0.08))
        law = kj.project(study).block("x").law([((Unknown("x", 2024), 1.0),)])
        places.append(float(law.weights @ ndtr((x[n + 1] - law.mean[:, 0]) / law.sd[:, 0])))
    squares = (stats.norm.ppf(np.clip(places, 1e-12, 1 - 1e-12)) ** 2).sum()
    assert stats.chi2.ppf(1e-7, len(places)) < squares < stats.chi2.isf(1e-7, len(places))
    assert stats.kstest(places, "uniform").pvalue > 1e-7


def test_real_growth_with_a_deflator_is_nominal_growth() -> None:
    """ln(1 + real) + deflator, with the deflator's error; without a deflator it is refused on current prices."""
    level = {"kind": "level", "indicator": "x", "year": 2021, "value": "1000", "error": "0"}
    real = {"kind": "growth", "indicator": "x", "year": 2022, "value": "6.5", "error": "0", "prices": "constant"}
    document = a_study([level], volatility=15.0).to_dict()
    document["indicators"][0]["prices"] = "current"
    study = kj.Study.from_dict(document)
    with pytest.raises(kj.StudyError, match="deflator"):
        study.with_evidence(real)
    middle, sd = log_law(study.with_evidence({**real, "deflator": normal(0.02, 0.01)}), 2022)
    assert middle == pytest.approx(math.log(1000) + math.log(1.065) + 0.02, abs=1e-5)
    assert sd == pytest.approx(0.01, rel=1e-5)


def test_a_deflator_off_the_scale_log_is_refused_and_not_left_out_silently() -> None:
    """On a linear scale a real rate and a deflator do not add; the study is refused with that advice."""
    study = kj.Study.from_dict(
        {
            "as_of": "2022-12-31",
            "indicators": [{"name": "x", "unit": "亿元", "scale": {"kind": "linear"}, "motion": walk(1.0, 1.0)}],
            "evidence": [{"kind": "level", "indicator": "x", "year": 2021, "value": "100"}],
        }
    )
    growth = {"kind": "growth", "indicator": "x", "year": 2022, "value": "5", "prices": "constant"}
    with pytest.raises(kj.StudyError, match="a deflator speaks of the scale log"):
        study.with_evidence({**growth, "deflator": normal(0.02, 0.01)})
