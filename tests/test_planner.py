"""The ladder of methods: which one is taken, and what a tolerance buys."""

from __future__ import annotations

import numpy as np
import pytest
from studies import document, level, walk
from truth import EACH_YEAR, JOINT, names, twelve, unknown_volatilities

import kjproj as kj
from kjproj.answers import planner
from kjproj.answers.contract import Side, Tolerance
from kjproj.answers.planner import ALWAYS, NEVER, planned, region_of
from kjproj.rows import HalfSpace, Unknown

INF = float("inf")
X, Y = ((Unknown("x", 2025), 1.0),), ((Unknown("y", 2025), 1.0),)


@pytest.fixture(scope="module")
def projection() -> kj.Projection:
    return kj.project(twelve())


def test_clauses_become_sides_of_columns() -> None:
    """Bounds of one functional are one side, what always holds goes, and bounds that exclude each other say None."""
    low, high = HalfSpace(X, lower=1.0), HalfSpace(X, upper=2.0)
    assert region_of(((low,), (high,)), (X, Y)) == ((Side(0, 1.0, 2.0),),)
    assert region_of(((low, HalfSpace(Y)), (high,)), (X, Y)) == ((Side(0, -INF, 2.0),),)
    assert region_of(((HalfSpace(X),),), (X,)) == ()
    assert region_of(((HalfSpace(X, lower=3.0),), (high,)), (X, Y)) is None
    assert region_of(((low, HalfSpace(Y, lower=0.0)),), (X, Y)) == ((Side(0, 1.0, INF), Side(1, 0.0, INF)),)


def test_nothing_asked_is_certain_and_a_contradiction_never_holds(projection: kj.Projection) -> None:
    law = projection.law([((Unknown("x0", 2025), 1.0),)])
    assert planned(law, (), Tolerance(), 0) == ALWAYS
    assert planned(law, None, Tolerance(), 0) == NEVER


def test_the_first_method_that_applies_answers(projection: kj.Projection, monkeypatch: pytest.MonkeyPatch) -> None:
    """A method of one's own is one more word in the list, and is handed law, region, tolerance and seed."""
    law = projection.law([((Unknown("x0", 2025), 1.0),)])
    region = ((Side(0, 4.8, INF),),)
    handed: list[tuple[object, ...]] = []

    def declines(*given: object) -> None:
        handed.append(given)

    mine = kj.Estimate(0.5, 0.0, "quadrature")
    monkeypatch.setattr(planner, "LADDER", (declines, lambda *_: mine, *planner.LADDER))
    assert planned(law, region, Tolerance(rtol=0.1), 7) is mine
    assert handed == [(law, region, Tolerance(rtol=0.1), 7)]


def test_twelve_in_one_year_and_each_at_some_year(projection: kj.Projection) -> None:
    at, by = (kj.probability(projection, all_of=names(kind), atol=2e-4) for kind in ("at", "by"))
    assert (at.method, by.method) == ("orthant", "line conditioning")
    assert at.value == pytest.approx(JOINT, abs=8 * at.stderr)
    assert by.value == pytest.approx(EACH_YEAR, abs=8 * by.stderr)


def test_a_tighter_tolerance_has_a_smaller_error_and_one_that_cannot_be_met_is_stated(projection: kj.Projection) -> None:
    errors = [kj.probability(projection, all_of=names("at"), rtol=rtol).stderr / JOINT for rtol in (1e-2, 1e-3, 1e-4, 0.0)]
    assert errors == sorted(errors, reverse=True)
    assert all(error < 1.5 * rtol for error, rtol in zip(errors, (1e-2, 1e-3, 1e-4), strict=False))
    assert 0.0 < errors[-1] < 1e-4


def test_many_nodes_get_more_points_where_a_tolerance_is_given() -> None:
    projection, asked = kj.project(unknown_volatilities(6, 0.4)), names("at", 6)
    plain, more = kj.probability(projection, all_of=asked), kj.probability(projection, all_of=asked, atol=1e-9)
    assert more.stderr < 0.8 * plain.stderr
    assert abs(more.value - plain.value) < 8 * plain.stderr


@pytest.mark.parametrize("tolerance", [{"rtol": -1e-3}, {"atol": float("nan")}, {"rtol": "small"}, {"atol": True}])
def test_a_tolerance_that_is_none_is_refused(projection: kj.Projection, tolerance: dict[str, object]) -> None:
    with pytest.raises(kj.KjprojError, match="expected a number from 0 up"):
        kj.probability(projection, "at0", **tolerance)  # type: ignore[arg-type]


def test_places_that_share_one_draw_are_integrated_over_it() -> None:
    """Four walks correlated alike: quadrature, and 1/5 where each is as likely as not at one half."""
    codes = ["a", "b", "c", "d"]
    study = kj.Study.from_dict(
        document(
            indicators=[{"name": n, "unit": "亿元", "motion": walk(0.0, 0.1)} for n in codes],
            evidence=[level(n, 2022, "100", error="0") for n in codes],
            correlations=[{"between": [x, y], "value": 0.5, "reason": "r"} for x in codes for y in codes if x < y],
            targets=[{"name": f"t{n}", "indicator": n, "year": 2025, "at_least": "100"} for n in codes],
        )
    )
    found = kj.probability(kj.project(study), all_of=[f"t{n}" for n in codes])
    assert found.method == "quadrature"
    assert found.value == pytest.approx(0.2, abs=1e-10)
    assert found.stderr < 1e-11


def test_a_rare_union_is_not_taken_for_its_likeliest_part() -> None:
    """One in a thousand million at some year of three: the difference of two orthants would see nothing."""
    study = kj.Study.from_dict(
        document(
            indicators=[{"name": "x", "unit": "亿元", "motion": walk(0.0, 0.1)}],
            evidence=[level("x", 2022, "100", error="0")],
        )
    )
    target = kj.Target(name="t", indicator="x", year=2025, when="by", at_least=f"{100 * np.exp(0.55 * np.sqrt(3)):.8f}")
    found = kj.probability(kj.project(study), target)
    last = kj.probability(kj.project(study), target.model_copy(update={"when": "at"}))
    assert last.value < found.value < 1.1 * last.value
    assert found.stderr < 0.01 * found.value
