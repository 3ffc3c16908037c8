"""The range of a chance over a declared list of assumptions."""

from __future__ import annotations

import pytest

import kjproj as kj


def test_the_range_is_that_of_the_summary_and_the_mover_moves_most() -> None:
    """One declared list serves the table and the answer; each scenario's chance is that of its own projection."""
    study = kj.datasets.yueyang()
    projection = kj.project(study)
    row = next(r for r in kj.summary(projection).to_dict()["targets"] if r["name"] == "rd_spending_2025")
    found = kj.bounds(projection, "rd_spending_2025")
    assert (found.low, found.high, found.mover) == (row["low"], row["high"], row["moved_most_by"])
    assert dict(found.under) == row["under"]
    slow = kj.probability(kj.project(study, "slow_economy"), "rd_spending_2025").value
    assert found.under["scenario:slow_economy"] == pytest.approx(slow, abs=2e-3)


def test_several_targets_together_and_a_list_of_ones_own() -> None:
    """`all_of` asks for the joint chance; with an empty list the range is a point."""
    projection = kj.project(kj.datasets.yueyang())
    both = ["rd_spending_2025", "rd_intensity_2025"]
    found = kj.bounds(projection, all_of=both, over=())
    joint = kj.probability(projection, all_of=both).value
    assert (found.low, found.high, found.mover) == (joint, joint, None)


def test_wrong_questions_are_refused() -> None:
    projection = kj.project(kj.datasets.yueyang())
    with pytest.raises(kj.KjprojError, match="give a target, or all_of"):
        kj.bounds(projection)
    with pytest.raises(kj.NoBasisError):
        kj.bounds(projection, "innovation_funds_2025")


def test_classes_that_might_serve_are_among_the_assumptions() -> None:
    """The chance under another class is that of the study that names it; an indicator's own list replaces the class's."""
    study = kj.datasets.yueyang()
    found = kj.bounds(kj.project(study), "high_tech_enterprises_2025")
    doc = study.to_dict()
    own = next(i for i in doc["indicators"] if i["name"] == "high_tech_enterprises")
    own["reference_class"] = "generic_positive"
    other = kj.probability(kj.project(kj.Study.from_dict(doc)), "high_tech_enterprises_2025").value
    assert found.under["class:high_tech_enterprises:generic_positive"] == pytest.approx(other, abs=2e-3)
    own["reference_class"], own["candidates"] = "high_tech_enterprises", []
    under = kj.bounds(kj.project(kj.Study.from_dict(doc)), "high_tech_enterprises_2025").under
    assert not any(name.startswith("class:high_tech_enterprises") for name in under)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"reference_class": "rd_spending", "candidates": ["nothing"]}, "unknown reference class"),
        ({"reference_class": "rd_spending", "candidates": ["rd_intensity"]}, "is in %"),
        ({"reference_class": "rd_spending", "candidates": ["internet_users"]}, "about the scale logit"),
        ({"candidates": ["rd_spending"]}, "stand beside a class"),
    ],
)
def test_classes_that_cannot_serve_are_refused(more: dict[str, object], message: str) -> None:
    with pytest.raises(kj.StudyError, match=rf"indicators\[0\]\.candidates.*{message}"):
        kj.Study.from_dict({"as_of": "2022-12-31", "indicators": [{"name": "x", "unit": "亿元", **more}]})
