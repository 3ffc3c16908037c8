"""Places of one class share what its coming years add: every answer knows it, though their blocks are apart."""

from __future__ import annotations

import pytest
from studies import document, level, normal, target

import kjproj as kj


def places(names: str = "abc", as_of: str = "2022-12-31", **more: str) -> kj.Study:
    """Walks whose coming years share a draw of .06 a year, 100 in 2022; further figures by name."""
    motion = {
        "kind": "pooled", "drift": normal(0.05, 0.01), "common": normal(0.0, 0.06), "volatility": 0.05, "scale": 0.05, "noise": 0.1,
        "last_year": 2022, "shared": "k",
    }  # fmt: skip
    return kj.Study.from_dict(
        document(
            indicators=[*({"name": n, "unit": "亿元", "motion": motion} for n in names), {"name": "r", "unit": "%"}],
            identities=[{"kind": "ratio", "result": "r", "numerator": "a", "denominator": "b"}],
            evidence=[
                *(level(n, 2022, "100", error="0") for n in names),
                *(level(n, 2023, value, error="0") for n, value in more.items()),
            ],
            targets=[*(target(f"t{n}", n, 2025, at_least="116") for n in names), target("tr", "r", 2025, at_most="99")],
        )
        | {"as_of": as_of}
    )


def test_another_place_s_figure_tells_as_much_as_projecting_with_it_says() -> None:
    projection = kj.project(places())
    (found,) = kj.learning(projection, "ta", indicator="b", year=2023).items
    known = kj.project(places(as_of="2023-12-31", b=f"{found.figures[2]:.9f}"))
    assert found.chances[2].value == pytest.approx(kj.probability(known, "ta").value, abs=1e-6)
    assert found.moved.value > 0.1


def test_all_places_are_related() -> None:
    projection = kj.project(places())
    assert {item.indicator for item in kj.learning(projection, "ta").items} >= {"a", "b", "c"}


def test_a_ratio_of_two_places_is_not_parted_as_if_they_were_independent() -> None:
    projection = kj.project(places())
    with pytest.raises(kj.NotAnswerableError, match="share a draw of their class"):
        kj.indices(projection, "tr")
    assert kj.indices(projection, "ta").variance > 0


def test_what_places_share_cancels_in_the_swings_of_their_ratio() -> None:
    """A place's own drift has a spread of .01 a year: its swing is that of drifts ± 1.28·.01."""
    projection = kj.project(places("ab"))
    (swing,) = (s for s in kj.tornado(projection, "tr").of("drift") if s.about == "a")
    assert swing.size < 0.3
    alone = kj.tornado(kj.project(places("ab")), "ta").of("drift")
    assert max(s.size for s in alone) > 0.5, "alone the whole drift is moved"
