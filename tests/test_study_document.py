"""The study document: read and written without loss, refused with place and advice."""

from __future__ import annotations

import copy
import json
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
import yaml
from studies import document, inv_chi2, level, normal, rd_block, target, walk

import kjproj as kj
from kjproj.study.schema import schema

EXAMPLE = Path(__file__).parents[1] / "examples" / "my_city.yaml"
SIMPLE = {"name": "x", "unit": "亿元", "motion": walk(0.05, 0.1)}


def small(**parts: Any) -> dict[str, Any]:
    """One indicator with a motion, one figure and one target; parts take the place of these."""
    whole = {"indicators": [SIMPLE], "evidence": [level("x", 2022, "98.10")], "targets": [target("t", "x", 2025, at_least="120")]}
    return document(**{**whole, **parts})


def problems(data: dict[str, Any]) -> dict[str, str]:
    """The messages by place with which a document is refused."""
    with pytest.raises(kj.StudyError) as error:
        kj.Study.from_dict(data)
    return {p.place: p.message for p in error.value.problems}


# reading and writing


@pytest.mark.parametrize("form", ["json", "yaml", "yml"])
def test_a_document_returns_as_it_came(tmp_path: Path, form: str) -> None:
    """Written to a file and read again it is the same study, and the same document to the last digit."""
    data = small(title="目标", sources=[{"name": "r", "published": "2023-03-20"}])
    study = kj.Study.from_dict(data)
    path = tmp_path / f"study.{form}"
    study.to_file(path)
    again = kj.Study.from_file(path)
    assert again == study
    assert again.to_dict() == data
    assert again.evidence[0].model_dump()["value"] == "98.10"
    assert again.digest == study.digest
    assert "98.10" in path.read_text(encoding="utf-8")


def test_what_was_not_stated_is_not_written() -> None:
    """Keys at their default are left out; plain labels stay plain, two languages stay two."""
    labelled = [{**SIMPLE, "label": "R&D"}, {**SIMPLE, "name": "y", "label": {"zh": "研发"}}]
    written = kj.Study.from_dict(small(indicators=labelled)).to_dict()
    assert [i["label"] for i in written["indicators"]] == ["R&D", {"zh": "研发"}]
    assert set(written) == {"as_of", "indicators", "evidence", "targets"}
    assert set(written["indicators"][0]) == {"name", "label", "unit", "motion"}


def test_the_bundled_study_is_written_as_it_stands() -> None:
    """Its file and what is written hold the same data."""
    from importlib.resources import files

    text = files("kjproj").joinpath("data", "yueyang.json").read_text(encoding="utf-8")
    assert kj.datasets.yueyang().to_dict() == json.loads(text)


def test_yaml_and_json_state_the_same() -> None:
    """One study in both forms, and YAML's own dates and quotes."""
    study = kj.Study.from_file(EXAMPLE)
    assert kj.Study.from_json(study.to_json()) == study
    assert kj.Study.from_dict(yaml.safe_load(study.to_yaml())) == study
    assert kj.Study.from_json(study.to_json().encode("utf-8")) == study
    assert kj.Study.from_json("\ufeff" + study.to_json()) == study


@pytest.mark.parametrize(
    "motion",
    [
        walk({"kind": "flat"}, {"kind": "flat"}),
        walk(normal(0.1, 0.2), inv_chi2(4, 0.06, upper=0.5)),
        walk({"kind": "elicited", "low": 0.04, "mode": 0.06, "high": 0.09}, {"kind": "log_normal", "median": 0.1, "sd_log": 0.4}),
        {"kind": "sum", "parts": [walk(0.1, 0.1), {"kind": "step", "year": 2024, "size": normal(0.1, 0.02)}]},
        {"kind": "reverting", "level": 4.5, "rate": 0.3, "volatility": 0.1},
    ],
    ids=lambda m: m["kind"],
)
def test_every_motion_and_belief_returns(motion: dict[str, Any]) -> None:
    """JSON round trip of motions, beliefs among their parameters."""
    data = small(indicators=[{**SIMPLE, "motion": motion}])
    assert kj.Study.from_json(kj.Study.from_dict(data).to_json()).to_dict() == data


# the digest


def test_the_digest_changes_with_the_data() -> None:
    """Every leaf of a document counts, the digits of a figure among them."""
    study = kj.Study.from_dict(small())
    changes: list[tuple[str, dict[str, Any]]] = [
        ("digits", {"evidence": [level("x", 2022, "98.1")]}),
        ("goal", {"targets": [target("t", "x", 2025, at_least="121")]}),
        ("strictness", {"targets": [target("t", "x", 2025, more_than="120")]}),
        ("date", {"as_of": "2022-12-30"}),
        ("title", {"title": "A"}),
        ("belief", {"indicators": [{**SIMPLE, "motion": walk(0.051, 0.1)}]}),
    ]
    digests = {name: kj.Study.from_dict(small(**parts)).digest for name, parts in changes}
    assert len({study.digest, *digests.values()}) == len(changes) + 1, digests


def test_the_digest_changes_with_nothing_else() -> None:
    """Not with the order of keys, not with defaults that are written out, not with whole numbers for decimal ones."""
    data = small(indicators=[{**SIMPLE, "motion": walk(0, 1)}])
    same: list[dict[str, Any]] = [dict(reversed(data.items())), {**data, "kjproj": 1, "repair_correlations": False}]
    spelt = copy.deepcopy(data)
    spelt["indicators"][0] |= {"scale": {"kind": "log"}, "measure": "flow", "motion": walk(0.0, 1.0), "aliases": []}
    spelt["targets"][0]["when"] = "at"
    same.append(spelt)
    wanted = kj.Study.from_dict(data).digest
    assert [kj.Study.from_dict(d).digest for d in same] == [wanted] * 3
    assert kj.Study.from_dict(spelt).to_dict() == spelt, "what was written out stays"


# the schema


def test_the_schema_is_valid_and_accepts_what_is_sound() -> None:
    """Draft 2020-12; the bundled study, the example, and a study with every kind of motion."""
    jsonschema.Draft202012Validator.check_schema(schema())
    validator = jsonschema.Draft202012Validator(schema())
    example = json.loads(json.dumps(yaml.safe_load(EXAMPLE.read_text(encoding="utf-8")), default=date.isoformat))
    for data in (kj.datasets.yueyang().to_dict(), example, rd_block(leap=0.2).to_dict()):
        assert list(validator.iter_errors(data)) == []


@pytest.mark.parametrize(
    "change",
    [
        {"evidense": []},
        {"evidence": [{**level("x", 2022, "1"), "value": 98.1}]},
        {"targets": [{**target("t", "x", 2025), "at_least": 120}]},
        {"evidence": [{**level("x", 2022, "1"), "vintage": "first"}]},
        {"evidence": [{**level("x", 2022, "1"), "kind": "guess"}]},
        {"indicators": []},
        {"as_of": 2022},
        {"kjproj": 2},
    ],
)
def test_the_schema_refuses_what_the_study_refuses(change: dict[str, Any]) -> None:
    """Unknown keys, numbers where figures are text, unknown kinds, nothing to talk about."""
    validator = jsonschema.Draft202012Validator(schema())
    assert not validator.is_valid(small(**change))
    assert problems(small(**change))


# places and advice

CONTRADICTORY: list[tuple[str, dict[str, Any], str, str]] = [
    ("unit of a target", {"targets": [target("a", "x", 2025, at_least="1"), target("b", "x", 2025, at_least="1", unit="家")]}, "targets[1].unit", "give a unit of yuan"),
    ("家 is not 项", {"indicators": [{**SIMPLE, "unit": "家"}], "evidence": [level("x", 2022, "9", unit="项")]}, "evidence[0].unit", "家 measures count of 家"),
    ("an unknown unit", {"indicators": [{**SIMPLE, "unit": "亿"}]}, "indicators[0].unit", "unknown unit '亿'; known are 元"),
    ("a change of a share in %", {"indicators": [{**SIMPLE, "unit": "%"}], "evidence": [{"kind": "change", "indicator": "x", "year": 2022, "value": "0.66", "unit": "%"}]}, "evidence[0].unit", "expected 百分点"),
    ("a number for a figure", {"evidence": [{**level("x", 2022, ""), "value": 98.1}]}, "evidence[0].value", 'write "98.1" in quotes'),
    ("a figure that is none", {"evidence": [level("x", 2022, "ca. 98")]}, "evidence[0].value", "expected plain digits"),
    ("an unknown indicator", {"evidence": [level("y", 2022, "98")]}, "evidence[0].indicator", "known are x"),
    ("an unknown source", {"evidence": [level("x", 2022, "98", source="r")]}, "evidence[0].source", "add it under sources"),
    ("an unknown class", {"indicators": [{"name": "x", "unit": "亿元", "reference_class": "gdpp"}]}, "indicators[0].reference_class", "known are city_gdp"),
    ("a class of another scale", {"indicators": [{"name": "x", "unit": "亿元", "scale": {"kind": "linear"}, "reference_class": "gdp"}]}, "indicators[0].scale", "use the class's scale"),
    ("two indicators of one name", {"indicators": [SIMPLE, SIMPLE]}, "indicators", "give each a name of its own"),
    ("two bounds", {"targets": [target("t", "x", 2025, at_least="1", at_most="2")]}, "targets[0]", "expected exactly one of"),
    ("bounds backwards", {"targets": [target("t", "x", 2025, between=["2", "1"])]}, "targets[0]", "give the smaller first"),
    ("a goal off the scale", {"targets": [target("t", "x", 2025, at_most="-1")]}, "targets[0].at_most", "cannot lie on a scale from 0 to inf"),
    ("a figure off the scale", {"evidence": [level("x", 2022, "0")]}, "evidence[0].value", "cannot lie on a scale from 0 to inf"),
    ("a figure from the future", {"evidence": [level("x", 2023, "99")]}, "evidence[0].year", "lies after as_of, 2022-12-31"),
    ("real growth at current prices", {"indicators": [{**SIMPLE, "prices": "current"}], "evidence": [{"kind": "growth", "indicator": "x", "year": 2022, "value": "5", "prices": "constant"}]}, "evidence[0].prices", "give the nominal rate"),
    ("two exact levels", {"evidence": [level("x", 2022, "9", error="0"), level("x", 2022, "8", error="0")]}, "evidence[1].value", "contradicts evidence[0]"),
    ("a change backwards", {"evidence": [{"kind": "change", "indicator": "x", "year": 2021, "since": 2021, "value": "1", "unit": "亿元"}]}, "evidence[0].since", "expected since before year"),
    ("a normal volatility", {"indicators": [{**SIMPLE, "motion": walk(0.1, normal(0.1, 0.1))}]}, "indicators[0].motion", "use log_normal"),
    ("a misspelt belief", {"indicators": [{**SIMPLE, "motion": walk({"kind": "norml", "mean": 0, "sd": 1}, 0.1)}]}, "indicators[0].motion.drift", "unknown kind; expected one of"),
    ("a drift in per cent", {"indicators": [{**SIMPLE, "motion": walk(normal(65, 2), 0.1)}]}, "indicators[0].motion.drift", "0.05 is about 5 % a year"),
    ("a scenario that changes nothing known", {"scenarios": [{"name": "s", "reason": "r", "changes": [{"indicator": "x", "rate": 0.2}]}]}, "scenarios[0].changes[0]", "has no rate; it has drift, volatility"),
    ("a scenario without content", {"scenarios": [{"name": "s", "reason": "r", "changes": [{"indicator": "x"}]}]}, "scenarios[0].changes[0]", "give parameters to change"),
    ("a name that is none", {"indicators": [{**SIMPLE, "name": "R&D spending"}], "evidence": [], "targets": []}, "indicators[0].name", "expected letters, digits and underscores"),
    ("an unknown key", {"targets": [target("t", "x", 2025, at_least="1", colour="red")]}, "targets[0].colour", "take it out, or correct its spelling"),
    ("a text for a number", {"indicators": [{**SIMPLE, "motion": walk("0.05", 0.1)}]}, "indicators[0].motion.drift", "expected a number such as 0.05"),
    ("a year in words", {"targets": [{**target("t", "x", 2025, at_least="1"), "year": "2025"}]}, "targets[0].year", "a whole number, without quotes"),
]


@pytest.mark.parametrize(("parts", "place", "advice"), [c[1:] for c in CONTRADICTORY], ids=[c[0] for c in CONTRADICTORY])
def test_contradictions_are_refused_with_place_and_advice(parts: dict[str, Any], place: str, advice: str) -> None:
    """The one place that is wrong, and what to do about it."""
    found = problems(small(**parts))
    assert place in found, found
    assert advice in found[place]


def product_study(**parts: Any) -> dict[str, Any]:
    names = {"a": "亿元", "b": "share", "c": "亿元"}
    indicators = [{"name": n, "unit": u, **({} if n == "c" else {"motion": walk(0.05, 0.1)})} for n, u in names.items()]
    whole = {"indicators": indicators, "identities": [{"kind": "product", "result": "c", "factors": ["a", "b"]}]}
    return document(**{**whole, **parts})


IDENTITIES: list[tuple[str, dict[str, Any], str, str]] = [
    ("a derived member with a motion", {"indicators": [{"name": n, "unit": u, "motion": walk(0.05, 0.1)} for n, u in (("a", "亿元"), ("b", "share"), ("c", "亿元"))]}, "indicators[2].motion", "moves with its members; leave it out"),
    ("a step of a derived member", {"steps": [{"indicator": "c", "year": 2024, "size": 0.1, "reason": "r"}]}, "steps[0].indicator", "say it of one of its members"),
    ("a break of a derived member", {"evidence": [{"kind": "break", "indicator": "c", "year": 2022, "probability": 0.2, "reason": "r"}]}, "evidence[0].indicator", "say it of one of its members"),
    ("a circle", {"identities": [{"kind": "product", "result": "c", "factors": ["a", "b"]}, {"kind": "product", "result": "a", "factors": ["c", "b"]}]}, "identities[0]", "derived from itself"),
    ("two identities for one result", {"identities": [{"kind": "product", "result": "c", "factors": ["a", "b"]}] * 2}, "identities", "stands 2 times"),
    ("units that do not multiply", {"identities": [{"kind": "product", "result": "c", "factors": ["a", "a"]}]}, "identities[0]", "does not give yuan"),
    ("a member on another scale", {"indicators": [{"name": "a", "unit": "亿元", "scale": {"kind": "linear"}, "motion": walk(1, 1)}, {"name": "b", "unit": "share", "motion": walk(0, 1)}, {"name": "c", "unit": "亿元"}]}, "identities[0]", "lie on the scale log; a does not"),
    ("a pair twice", {"correlations": [{"between": ["a", "b"], "value": 0.1, "reason": "r"}, {"between": ["b", "a"], "value": 0.2, "reason": "r"}]}, "correlations[1].between", "each pair once"),
    ("a correlation above 1", {"correlations": [{"between": ["a", "b"], "value": 1.1, "reason": "r"}]}, "correlations[0].value", "less than or equal to 1"),
]


@pytest.mark.parametrize(("parts", "place", "advice"), [c[1:] for c in IDENTITIES], ids=[c[0] for c in IDENTITIES])
def test_identities_and_correlations_are_checked(parts: dict[str, Any], place: str, advice: str) -> None:
    """Derived members have no life of their own, and what is derived is derived once."""
    assert kj.Study.from_dict(product_study())
    found = problems(product_study(**parts))
    assert place in found, found
    assert advice in found[place]


def test_a_matrix_that_is_no_correlation_matrix_is_refused_or_repaired() -> None:
    """Refused with the factor that would help; with repair_correlations taken as the nearest one that can hold."""
    names = ("a", "b", "c")
    correlations = [{"between": list(p), "value": v, "reason": "r"} for p, v in ((("a", "b"), 0.9), (("b", "c"), 0.9), (("a", "c"), -0.9))]
    data = document(
        indicators=[{**SIMPLE, "name": n} for n in names],
        evidence=[level(n, 2022, "100", error="0") for n in names],
        correlations=correlations,
    )
    assert "times 0.56 they can; or set repair_correlations to true" in problems(data)["correlations"]
    scaled = [{**c, "value": 0.55 * float(c["value"])} for c in correlations]  # type: ignore[arg-type]
    assert kj.Study.from_dict({**data, "correlations": scaled})
    projection = kj.project(kj.Study.from_dict({**data, "repair_correlations": True}))
    paths = kj.sample(projection, 20_000, first_year=2023, last_year=2023)
    found = np.corrcoef([np.log(paths.values[n][:, 0]) for n in names])
    assert np.linalg.eigvalsh(found)[0] > -1e-9
    assert np.log(paths.values["a"][:, 0]).std() == pytest.approx(0.1, rel=0.05), "volatilities stay"
    assert found[0, 1] == pytest.approx(0.5, abs=0.1)
    assert found[0, 2] < -0.3


def test_all_mistakes_are_told_at_once() -> None:
    """Three wrong fields, three problems."""
    wrong = [{**level("x", 2022, "1"), "value": 1}, level("x", 2022, "one"), {"kind": "level", "indicator": "x"}]
    assert {"evidence[0].value", "evidence[1].value", "evidence[2].year"} <= set(problems(small(evidence=wrong)))


def test_what_is_no_document_is_refused() -> None:
    """A list, a text with a byte order mark inside, bytes in another encoding: a `StudyError`, no traceback."""
    for data in ([1], "x", None):
        with pytest.raises(kj.StudyError, match="states no fields"):
            kj.Study.from_dict(data)  # type: ignore[arg-type]
    with pytest.raises(kj.StudyError, match="is not JSON"):
        kj.Study.from_json(kj.datasets.yueyang().to_json().encode("gbk"))


def test_doubled_keys_are_found_quickly_in_an_enormous_object() -> None:
    """A hundred thousand keys, the last of them twice: refused in no time."""
    keys = [f'"k{i}": 1' for i in range(100_000)]
    with pytest.raises(kj.StudyError, match="'k99999' stands twice"):
        kj.Study.from_json("{" + ", ".join([*keys, keys[-1]]) + "}")


# units


def test_units_of_one_quantity_convert() -> None:
    """5113.32 万元 are 0.511332 亿元, in figures and in targets."""
    study = kj.Study.from_dict(small(evidence=[level("x", 2022, "5113.32", unit="万元")], targets=[target("t", "x", 2025, at_least="9000", unit="万元")]))
    assert study.published("x", 2022) == pytest.approx(0.511332, rel=1e-15)
    assert study.targets[0].goal(study) == pytest.approx(0.9, rel=1e-15)
    same = kj.Study.from_dict(small(evidence=[level("x", 2022, "0.511332")], targets=[target("t", "x", 2025, at_least="0.9000")]))
    a, b = (kj.probability(kj.project(s), "t").value for s in (study, same))
    assert a == pytest.approx(b, rel=1e-12), "the error of the last digit converts too"


# new studies


def test_a_new_study_leaves_the_old_one_as_it_was() -> None:
    """with_evidence, with_target, with_step and with_motion change nothing in place."""
    study = kj.Study.from_dict(small())
    before = study.to_json()
    news = [
        study.with_evidence(level("x", 2021, "90")),
        study.with_target(target("u", "x", 2024, at_least="110")),
        study.with_step("x", 2024, 0.1),
        study.with_motion("x", walk(0.1, 0.2)),
    ]
    assert study.to_json() == before
    assert len({s.digest for s in (study, *news)}) == 5
    assert [len(s.evidence) for s in news] == [2, 1, 1, 1]
    assert news[1].targets[0] == study.targets[0]
    with pytest.raises(ValueError, match="frozen"):
        study.as_of = date(2024, 1, 1)  # type: ignore[misc]


def test_a_target_of_the_same_name_takes_the_old_ones_place() -> None:
    """In the same position; new names follow."""
    study = kj.Study.from_dict(small(targets=[target("a", "x", 2025, at_least="1"), target("b", "x", 2025, at_least="2")]))
    new = study.with_target(target("c", "x", 2025, at_least="4"), kj.Target(name="a", indicator="x", year=2025, at_least="3"))
    assert [(t.name, t.figure) for t in new.targets] == [("a", "3"), ("b", "2"), ("c", "4")]


def test_a_step_lifts_every_later_year() -> None:
    """On log a step of s multiplies the median from its year on by e^s, and leaves the years before."""
    study = kj.Study.from_dict(small())
    plain, lifted = (kj.quantiles(kj.project(s), "x", q=(0.5,), last_year=2026) for s in (study, study.with_step("x", 2025, 0.2)))
    assert (lifted.values / plain.values)[:, 0] == pytest.approx([1, 1, np.exp(0.2), np.exp(0.2)], rel=1e-9)


def test_wrong_parts_of_new_studies_are_refused_as_in_a_document() -> None:
    """A `StudyError` with the place, from every with_…."""
    study = kj.Study.from_dict(small())
    wrong: list[tuple[Any, str]] = [
        (lambda: study.with_step("x", 2024, "big"), r"steps\[0\].size"),
        (lambda: study.with_step("y", 2024, 0.1), r"steps\[0\].indicator"),
        (lambda: study.with_target(5), r"targets\[1\]"),
        (lambda: study.with_target({"name": "u", "indicator": "x", "year": 2025}), r"targets\[1\]: no bound given"),
        (lambda: study.with_evidence({"kind": "level"}), r"evidence\[1\].indicator: is missing"),
        (lambda: study.with_motion("x", {"kind": "jump"}), r"indicators\[0\].motion: unknown kind"),
    ]
    for ask, place in wrong:
        with pytest.raises(kj.StudyError, match=place):
            ask()
    with pytest.raises(kj.KjprojError, match="unknown indicator 'y'; known are x"):
        study.with_motion("y", walk(0.1, 0.1))


# studies from levels


@pytest.mark.parametrize("levels", [{2021: "110"}, {2020: "97", 2021: "110"}, {2019: "100", 2020: "110", 2021: "121"}])
def test_flat_beliefs_on_too_few_points_are_refused(levels: dict[int, str]) -> None:
    """One point, two, or three in line say nothing about volatility: refused, with the classes that would help."""
    study = kj.Study.from_levels({"rd": levels}, unit="亿元", error="0")
    goal = kj.Target(name="t", indicator="rd", year=2024, at_least="150")
    for ask in (lambda p: kj.probability(p, goal), lambda p: kj.quantiles(p, "rd"), lambda p: kj.sample(p, 10)):
        with pytest.raises(kj.KjprojError, match=r"borrow from a reference class \(.*gdp, .*rd_intensity"):
            ask(kj.project(study))
    borrowed = kj.Study.from_levels({"rd": levels}, unit="亿元", reference_class="gdp")
    assert 0 < kj.probability(kj.project(borrowed), goal).value < 1


def test_from_levels_states_what_a_document_states() -> None:
    """As of the end of the last level's year; one indicator a name; figures as they were given."""
    study = kj.Study.from_levels({"a": {2021: "110", 2020: "97.0"}, "b": {2019: "3"}}, unit="%", scale="linear", error="0.5")
    assert study.as_of == date(2021, 12, 31)
    assert [(e.indicator, e.year) for e in study.evidence] == [("a", 2020), ("a", 2021), ("b", 2019)]
    written = study.to_dict()
    assert written["evidence"][0]["value"] == "97.0"
    assert {i["scale"]["kind"] for i in written["indicators"]} == {"linear"}
    assert kj.Study.from_dict(written) == study


@pytest.mark.parametrize(
    ("levels", "more", "said"),
    [
        ({}, {}, "no levels given"),
        ({2020: "97"}, {}, "levels of 2020 are '97'; expected a mapping"),
        ({"rd": ["97"]}, {}, "levels of 'rd'"),
        ({"rd": {"2020": "97"}}, {}, "the year '2020' is not a calendar year"),
        ({"rd": {2020: 97}}, {}, r"evidence\[0\].value.*in quotes"),
        ({"rd": {2020: "97"}}, {"unit": "亿"}, r"indicators\[0\].unit"),
        ({"rd": {2020: "97"}}, {"scale": "logarithmic"}, r"indicators\[0\].scale"),
        ({"rd": {2020: "97"}}, {"reference_class": "rd"}, "known are city_gdp"),
    ],
)
def test_wrong_levels_are_refused(levels: Any, more: dict[str, Any], said: str) -> None:
    """With what was given and what was expected."""
    with pytest.raises(kj.KjprojError, match=said):
        kj.Study.from_levels(levels, **{"unit": "亿元", **more})


# scenarios


def test_a_scenario_changes_what_it_names_and_nothing_else() -> None:
    """The first is the default; a changed drift is the answer of a study with that drift."""
    changes = [{"indicator": "x", "drift": 0.01}]
    scenarios = [{"name": "trend", "reason": "r"}, {"name": "slow", "reason": "r", "changes": changes}]
    study = kj.Study.from_dict(small(scenarios=scenarios))
    plain = kj.probability(kj.project(study), "t").value
    assert plain == kj.probability(kj.project(study, "trend"), "t").value
    slow = kj.probability(kj.project(study, "slow"), "t").value
    assert slow == kj.probability(kj.project(study.with_motion("x", walk(0.01, 0.1))), "t").value
    assert slow < plain


def test_a_scenario_may_give_a_whole_motion() -> None:
    """Also to an indicator that has no basis otherwise."""
    bare = {"name": "x", "unit": "亿元"}
    scenarios = [{"name": "none", "reason": "r"}, {"name": "some", "reason": "r", "changes": [{"indicator": "x", "motion": walk(0.05, 0.1)}]}]
    study = kj.Study.from_dict(small(indicators=[bare], scenarios=scenarios))
    with pytest.raises(kj.NoBasisError):
        kj.probability(kj.project(study), "t")
    assert kj.probability(kj.project(study, "some"), "t").value == kj.probability(kj.project(kj.Study.from_dict(small())), "t").value
    with pytest.raises(kj.KjprojError, match="known are none, some"):
        kj.project(study, "more")


def test_a_key_that_stands_twice_in_yaml_is_refused(tmp_path: Path) -> None:
    """Doubled keys are named, at the top and inside a list, where a plain loader would keep the last one silently."""
    text = kj.datasets.yueyang().to_yaml()
    for doubled in (text + "as_of: 2024-01-01\n", text.replace("  year: 2021\n", "  year: 2021\n  year: 2020\n", 1)):
        path = tmp_path / "study.yaml"
        path.write_text(doubled, encoding="utf-8")
        with pytest.raises(kj.StudyError, match="stands twice"):
            kj.Study.from_file(path)
