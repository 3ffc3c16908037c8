"""Bounds such as "more than 200" are half-spaces: exact, and weaker than a figure."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from studies import inv_chi2, normal, reach, walk

import kjproj as kj


def known(bounds: list[dict[str, Any]], volatility: Any = 0.15, drift: Any = 0.15) -> kj.Study:
    """x ~ N(ln 190, .15) in 2021, by a figure whose error says so; growth N(drift, volatility) a year."""
    error = f"{190 * 0.15 * np.sqrt(3):.12f}"
    return kj.Study.from_dict(
        {
            "as_of": "2021-12-31",
            "indicators": [{"name": "x", "unit": "亿元", "motion": walk(drift, volatility)}],
            "evidence": [{"kind": "level", "indicator": "x", "year": 2021, "value": "190", "error": error}, *bounds],
        }
    )


ABOVE = {"kind": "bound", "indicator": "x", "year": 2021, "more_than": "200", "unit": "亿元"}


def test_a_bound_in_closed_form() -> None:
    """Known to exceed 200, read with a relative error of .02, next growth N(.15, .15): 260 is reached with .466103."""
    found = kj.probability(kj.project(known([ABOVE])), reach("260", 2022))
    assert found.value == pytest.approx(0.466103, abs=1e-6)


def test_a_bound_in_another_unit_is_the_same_bound() -> None:
    """200 亿元 are 2,000,000 万元."""
    other = {**ABOVE, "more_than": "2,000,000", "unit": "万元"}
    a, b = (kj.probability(kj.project(known([e])), reach("260", 2022)).value for e in (ABOVE, other))
    assert a == pytest.approx(b, abs=1e-12)


def test_quantiles_invert_probabilities_under_a_bound() -> None:
    """The level attained with 30 % is reached with 30 %."""
    projection = kj.project(known([ABOVE], volatility=inv_chi2(4, 0.1)))
    level = kj.attainable(projection, "x", 2023, probability=0.3).value
    assert kj.probability(projection, reach(f"{level:.9f}", 2023)).value == pytest.approx(0.3, abs=1e-7)


@pytest.mark.parametrize("kind", ["more_than", "less_than"])
def test_computed_and_simulated_answers_agree_under_bounds(kind: str) -> None:
    """Two bounds in two years, unknown drift and volatility: within five standard errors (one in a million)."""
    bounds = [ABOVE, {"kind": "bound", "indicator": "x", "year": 2020, kind: "185", "relative_error": 0.05}]
    study = known(bounds, volatility=inv_chi2(4, 0.1), drift=normal(0.1, 0.05))
    projection = kj.project(study)
    targets = [reach("260", 2023, name="a"), reach("300", 2024, name="b")]
    exact = kj.probability(projection, all_of=targets)
    simulated = kj.probability(projection, all_of=targets, method="simulate", n_paths=40_000)
    error = np.hypot(exact.stderr, np.sqrt(exact.value * (1 - exact.value) / 40_000))
    assert abs(exact.value - simulated.value) < 5 * error
    paths = kj.sample(projection, 20_000, first_year=2021).values["x"][:, 0]
    assert (paths > 180).mean() > 0.999  # the bound at 200 is read with an error of 2 %


def test_a_bound_that_says_nothing_changes_nothing() -> None:
    """More than 1 亿元, where 190 is known: the answer stays."""
    plain = kj.probability(kj.project(known([])), reach("260", 2022)).value
    idle = {**ABOVE, "more_than": "1"}
    assert kj.probability(kj.project(known([idle])), reach("260", 2022)).value == pytest.approx(plain, abs=1e-9)


def test_readings_of_a_break_are_weighed_by_the_bound_too() -> None:
    """A bound far above what ordinary growth reaches speaks for the one-off."""
    leap = {"kind": "break", "indicator": "x", "year": 2022, "probability": 0.3, "reason": "r"}
    later = kj.Study.from_dict({**known([], volatility=0.05).to_dict(), "as_of": "2022-12-31"}).with_evidence(leap)
    far = later.with_evidence({"kind": "bound", "indicator": "x", "year": 2022, "more_than": "400"})
    before = kj.project(later).block("x").branch_weights()["one_off:x:2022"]
    after = kj.project(far).block("x").branch_weights()["one_off:x:2022"]
    assert before == pytest.approx(0.3, abs=1e-9)
    assert after > 0.9
