"""A text in, a text out: what `kj.answer_json` says is what the library says, and nothing is ever raised."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from studies import document, inv_chi2, level, normal, target, walk
from test_bad_studies import WRONG, leaves, put, small

import kjproj as kj
from kjproj.asking import questions
from kjproj.asking.questions.base import Question
from kjproj.asking.schemas import DOCUMENTS, schema, schema_text
from kjproj.cli import main

ROOT = Path(__file__).parents[1]
SLOW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def study() -> dict[str, Any]:
    return document(
        title={"zh": "示例市", "en": "A city"},
        indicators=[
            {"name": "x", "label": {"zh": "研发经费投入", "en": "R&D spending"}, "unit": "亿元", "motion": walk(normal(0.08, 0.02), inv_chi2(6, 0.05))},
            {"name": "y", "unit": "%", "motion": walk(0.03, 0.05)},
            {"name": "z", "unit": "家"},
        ],
        evidence=[level("x", 2021, "90.7", published="2022-03-01"), level("x", 2022, "98.10"), level("y", 2022, "2.23")],
        targets=[
            target("t", "x", 2025, at_least="120"),
            target("u", "y", 2025, at_least="2.4"),
            target("v", "x", 2022, at_least="98"),
            target("z", "z", 2025, at_least="9"),
        ],
        scenarios=[{"name": "trend", "reason": "r"}, {"name": "slow", "reason": "r", "changes": [{"indicator": "x", "drift": 0.02}]}],
    )


def answer(text: str | bytes) -> dict[str, Any]:
    """The result as an object; that it fits its schema, is whole Unicode and holds no fault is what every test asks."""
    said = kj.answer_json(text)
    said.encode("utf-8")
    found: dict[str, Any] = json.loads(said, parse_constant=lambda name: pytest.fail(f"{name} in the result"))
    problems = [error.message for error in validator("result").iter_errors(found)]
    assert problems == []
    assert '"kind": "internal"' not in said, said
    return found


def ask(*asked: dict[str, Any], **options: Any) -> list[dict[str, Any]]:
    sent = {"study": study(), "questions": list(asked), **options}
    assert list(validator("request").iter_errors(sent)) == []
    found: list[dict[str, Any]] = answer(json.dumps(sent))["answers"]
    return found


@cache
def validator(name: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(schema(name))


# what it says


def test_every_question_is_answered_as_the_library_answers_it() -> None:
    """The numbers are those of the functions of the same names, to the last bit."""
    projection = kj.project(kj.Study.from_dict(study()))
    p, both, when, level_, q, need, path, effort, bounds = ask(
        {"kind": "probability", "target": "t"},
        {"kind": "probability", "all_of": ["t", "u"], "given": ["u"]},
        {"kind": "when", "target": "t", "until": 2027},
        {"kind": "attainable", "indicator": "x", "year": 2025, "probability": 0.8},
        {"kind": "quantiles", "indicator": "x", "q": [0.1, 0.5], "first_year": 2024, "last_year": 2025},
        {"kind": "required_growth", "target": "t"},
        {"kind": "yearly_path", "target": "t"},
        {"kind": "effort", "target": "t", "probability": 0.9, "by": {"kind": "amount", "indicator": "x", "year": 2024}},
        {"kind": "bounds", "target": "t"},
    )
    chance = kj.probability(projection, "t")
    assert (p["value"], p["stderr"], p["method"]) == (chance.value, chance.stderr, chance.method)
    assert both["value"] == kj.probability(projection, all_of=["t", "u"], given=["u"]).value
    assert [(r["year"], r["value"]) for r in when["reached"]] == [(y, c.value) for y, c in kj.when(projection, "t", until=2027).reached.items()]
    assert level_["value"] == kj.attainable(projection, "x", 2025, probability=0.8).value
    assert q["values"] == kj.quantiles(projection, "x", q=(0.1, 0.5), first_year=2024, last_year=2025).values.tolist()
    assert (need["value"], need["way"]) == (kj.required_growth(projection.study, "t").value, "rate")
    assert path["values"] == list(kj.yearly_path(projection.study, "t"))
    assert effort["value"] == kj.effort(projection, "t", probability=0.9, by=kj.levers.Amount("x", 2024)).value
    assert bounds["low"] == kj.bounds(projection, "t").low


def test_a_study_alone_is_answered_in_full() -> None:
    """What `Study.to_json` writes is enough: the one answer is the summary, as data and as a screen in both languages."""
    own = kj.Study.from_dict(study())
    found = answer(own.to_json())
    (summary,) = found["answers"]
    wanted = kj.summary(kj.project(own))
    data = wanted.to_dict()
    assert {k: summary[k] for k in ("targets", "joints", "readings", "findings", "nodes")} == json.loads(
        json.dumps({k: data[k] for k in ("targets", "joints", "readings", "findings", "nodes")})
    )
    assert (found["scenario"], found["as_of"], found["recipe"]) == (data["scenario"], data["as_of"], data["recipe"])
    assert summary["text"] == {lang: wanted.to_text(lang, 120) for lang in ("zh", "en")}  # type: ignore[arg-type]
    assert answer(json.dumps({"study": own.to_dict()})) == found


def test_the_bundled_study_is_answered_in_full() -> None:
    """Breaks, events, milestones, identities, pairs: all of it fits the schema of the result."""
    (summary,) = answer(kj.datasets.yueyang().to_json())["answers"]
    assert {row["status"] for row in summary["targets"]} == {"open", "no_basis"}


def test_options_are_those_of_project() -> None:
    """`scenario`, `rng` and `as_of` reach the projection, and stand in the result."""
    asked = [{"kind": "probability", "target": "t", "method": "simulate", "n_paths": 4096}]
    sent = {"study": study(), "scenario": "slow", "rng": 7, "as_of": "2022-06-30", "questions": asked}
    found = answer(json.dumps(sent))
    projection = kj.project(kj.Study.from_dict(study()), "slow", rng=7, as_of="2022-06-30")
    assert found["answers"][0]["value"] == kj.probability(projection, "t", method="simulate", n_paths=4096).value
    assert (found["scenario"], found["recipe"]["seed"], found["as_of"]) == ("slow", 7, projection.study.as_of.isoformat())


def test_words_are_in_the_language_that_is_asked_for() -> None:
    """Both without `lang`; a sentence about a chance says what it is a chance of."""
    asked = {"kind": "probability", "all_of": ["t", "u"], "given": ["u"]}
    (both,), (zh,), (en,) = ask(asked), ask(asked, lang="zh"), ask(asked, lang="en")
    assert both["text"] == {**zh["text"], **en["text"]}
    chance = f"{both['value']:.0%}"
    assert zh["text"] == {"zh": f"已知2025年y 2.4%完成，2025年研发经费投入120亿元、2025年y 2.4%：完成概率约{chance}"}
    assert en["text"]["en"].startswith("R&D spending 120 亿元 in 2025 and y 2.4 % in 2025, given y 2.4 % in 2025: about ")
    some, seen = ask({"kind": "probability", "any_of": ["t", "u"]}, {"kind": "probability", "target": "v"}, lang="en")
    assert some["text"]["en"].startswith("at least one of R&D spending")
    assert (seen["value"], seen["text"]["en"]) == (1.0, "R&D spending 98 亿元 in 2022: met (published)")


def test_a_target_may_be_stated_in_the_question() -> None:
    """A figure that the study does not have: the same as a target of the study."""
    own = {"kind": "level", "name": "own", "indicator": "x", "year": 2025, "at_least": "120"}
    named, stated, mixed = ask(
        {"kind": "probability", "target": "t"}, {"kind": "probability", "target": own}, {"kind": "probability", "all_of": [own, "u"]}
    )
    assert named["value"] == stated["value"] > mixed["value"]
    (growth,) = ask({"kind": "probability", "target": {"kind": "growth", "name": "g", "indicator": "x", "year": 2023, "at_least": "5"}})
    assert 0 < growth["value"] < 1


def test_an_id_comes_back_and_an_unanswered_question_stops_no_other() -> None:
    """Answers stand in the order of the questions; each error says which question it is of, and of which kind it is."""
    first, second, third = ask(
        {"kind": "probability", "target": "t", "id": "a"},
        {"kind": "probability", "target": "z", "id": "b"},
        {"kind": "when", "target": "nothing"},
    )
    assert (first["id"], second["id"]) == ("a", "b")
    assert "id" not in third
    assert (second["error"]["kind"], second["error"]["where"]) == ("no_basis", "questions[1]")
    assert third["error"]["kind"] == "refused"
    assert "unknown target 'nothing'" in third["error"]["message"]


def test_the_same_text_gives_the_same_text() -> None:
    """Byte for byte, in processes whose hashes are seeded otherwise."""
    sent = json.dumps({"study": study(), "questions": [{"kind": "summary"}, {"kind": "probability", "target": "t", "method": "simulate"}]})
    code = "import sys, kjproj as kj; sys.stdout.buffer.write(kj.answer_json(sys.stdin.buffer.read()).encode())"
    runs = [
        subprocess.run([sys.executable, "-c", code], input=sent.encode(), capture_output=True, check=True, env={**os.environ, "PYTHONHASHSEED": seed}).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1] == kj.answer_json(sent).encode()
    assert kj.answer_json(sent.encode()) == kj.answer_json("\ufeff" + sent) == kj.answer_json(sent)


def test_a_question_is_a_file_and_a_word() -> None:
    """Each kind has a file of its name, with its question and its answer, and answers what the library has under that name."""
    folder = Path(questions.__file__).parent
    files = {path.stem for path in folder.glob("*.py")} - {"__init__", "base", "asked"}
    kinds = {kind.model_fields["kind"].annotation.__args__[0]: kind for kind in questions._KINDS}  # type: ignore[union-attr]
    assert set(kinds) == files
    assert all(kind.__module__.endswith(f".{name}") and hasattr(kj, name) for name, kind in kinds.items())
    assert all(issubclass(kind, Question) and kind.gives.__module__ == kind.__module__ for kind in kinds.values())


# what is wrong


@pytest.mark.parametrize(
    ("sent", "where", "said"),
    [
        ("", "the document", "is not JSON"),
        ("[1]", "the document", "states no fields"),
        ('{"a": NaN}', "the document", "NaN is not a number"),
        ('{"as_of": "2022-12-31", "as_of": "2022-12-31"}', "the document", "'as_of' stands twice"),
        ('{"title": "\\ud800"}', "the document", "is not JSON"),
        ("[" * 100_000, "the document", "is not JSON"),
        ('{"a": ' + "9" * 5000 + "}", "the document", "is not JSON"),
        (" " * 10_000_001, "the document", "is larger"),
        ("{}", "as_of", "is missing"),
        ('{"questions": []}', "study", "is missing"),
        (json.dumps({"study": study(), "questions": []}), "questions", "expected 1 or more items"),
        (json.dumps({"study": study(), "questions": {}}), "questions", "expected a list"),
        (json.dumps({"study": study(), "as_of": "2022年"}), "as_of", "expected a day such as 2022-12-31"),
        (json.dumps({"study": study(), "as_of": 2022}), "as_of", "expected a day such as 2022-12-31 (given: 2022)"),
        (json.dumps({"study": study(), "as_of": True}), "as_of", "expected a day such as 2022-12-31 (given: True)"),
        (json.dumps({"study": study(), "as_of": ["2022"]}), "as_of", "expected a day such as 2022-12-31"),
        (json.dumps({"study": {**study(), "as_of": "2022-12-31T10:00:00"}}), "study.as_of", "expected a day such as 2022-12-31"),
        (json.dumps({"study": study(), "questions": [{"kind": "summary"}] * 201}), "questions", "expected at most 200 items; there are 201"),
        ('{"study": 5}', "study", "expected an object"),
        (json.dumps({"study": {**study(), "targets": [target("t", "x", 2025, at_least=5)]}}), "study.targets[0].at_least", "in quotes"),
        (json.dumps({"study": {**study(), "targets": [target("t", "w", 2025, at_least="5")]}}), "study.targets[0].indicator", "w"),
        (json.dumps({"study": study(), "questions": [{"kind": "guess"}]}), "questions[0]", "unknown kind"),
        (json.dumps({"study": study(), "questions": [{"kind": "when", "target": {"name": "a"}}]}), "questions[0].target.indicator", "is missing"),
        (json.dumps({"study": study(), "questions": [{"kind": "when", "target": 7}]}), "questions[0].target", "the name of a target"),
        (json.dumps({"study": study(), "questions": [{"kind": "effort", "target": "t", "probability": 0.5, "by": {"kind": "amount", "indicator": "x"}}]}), "questions[0].by", "one_off have one"),
        (json.dumps({"study": study(), "scenario": "none"}), "scenario", "unknown scenario"),
        (json.dumps({"study": study(), "as_of": "2030-01-01"}), "as_of", "lies after as_of"),
        (json.dumps({"study": study(), "rng": -1}), "rng", "greater than or equal to 0"),
        (json.dumps({"study": study(), "rng": 1e999}).replace("Infinity", "1e999"), "rng", "a whole number"),
        (json.dumps({"study": study(), "lang": "fr"}), "lang", "zh"),
        (json.dumps({"study": study(), "colour": "red"}), "colour", "not a key that is known"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_place(sent: str, where: str, said: str) -> None:
    """Nothing is answered; the error has a place, and says there what is wrong."""
    found = answer(sent)
    assert set(found) == {"kjproj", "error"}
    assert found["error"]["kind"] == "document"
    assert found["error"]["where"] == where
    assert said in found["error"]["problems"][0]["message"]


@pytest.mark.parametrize("sent", [None, 5, object(), ["{}"]])
def test_what_is_no_text_is_an_answer_too(sent: Any) -> None:
    """A slip of the caller does not break a service."""
    assert "expected JSON as text" in answer(sent)["error"]["message"]


@given(st.one_of(st.text(), st.binary(), st.text(alphabet=st.characters(categories=["Cs"]), max_size=3), st.text(alphabet='{}[]",:0e-+.\\un ', max_size=40)))
@example("\ud800")
@example(b"\xed\xa0\x80")
@example('{"\\udfff": {}}')
@settings(max_examples=300, deadline=None)
def test_whatever_the_text_is_there_is_a_result(sent: str | bytes) -> None:
    """Any text, any bytes: an error as JSON, whole Unicode."""
    assert answer(sent)["error"]["kind"] == "document"


def reduced(**parts: Any) -> str:
    """The small study of everything that a document can have, with quick questions."""
    asked = [{"kind": "probability", "target": "a"}, {"kind": "quantiles", "indicator": "share"}, {"kind": "required_growth", "target": "a"}]
    return json.dumps({"study": small(), "questions": [*asked, {"kind": "coherence"}], **parts})


@given(st.integers(0, len(reduced())))
@settings(max_examples=100, deadline=None)
def test_a_text_that_breaks_off_is_refused(length: int) -> None:
    """A connection that was cut never gives an answer about half a study."""
    assert ("error" in answer(reduced()[:length])) == (length < len(reduced()))


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.sampled_from(WRONG)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)),
    max_leaves=6,
)
PLACES = list(leaves(json.loads(reduced())))


@given(st.sampled_from(PLACES), JSON)
@SLOW
def test_a_request_with_anything_anywhere_has_a_result(path: tuple[Any, ...], value: Any) -> None:
    """Wrong types, huge numbers, NaN, other kinds: answers that fit the schema, or an error that does."""
    answer(json.dumps(put(json.loads(reduced()), path, value)))


@pytest.mark.heavy
@given(st.sampled_from(PLACES), JSON, st.sampled_from(PLACES), JSON)
@settings(max_examples=3000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_request_with_anything_in_two_places_has_a_result(a: tuple[Any, ...], one: Any, b: tuple[Any, ...], two: Any) -> None:
    """The same, twice over and many times."""
    sent = put(json.loads(reduced()), a, one)
    with contextlib.suppress(KeyError, IndexError, TypeError):
        sent = put(sent, b, two)
    answer(json.dumps(sent))


def test_a_fault_of_the_library_is_an_answer_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was not raised on purpose says that it is no fault of the caller's, and in its place."""

    def broken(*args: Any, **options: Any) -> None:
        raise ZeroDivisionError("\ud800")

    monkeypatch.setattr("kjproj.asking.questions.when.when", broken)
    sent = {"study": study(), "questions": [{"kind": "when", "target": "t"}, {"kind": "probability", "target": "t"}]}
    first, second = json.loads(kj.answer_json(json.dumps(sent)))["answers"]
    assert (first["error"]["kind"], first["error"]["where"]) == ("internal", "questions[0]")
    assert first["error"]["message"].endswith("ZeroDivisionError: \\ud800")
    assert "value" in second


# schemas


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_published_schemas_are_those_of_the_code(name: str) -> None:
    """When this fails on purpose: `kjproj schema NAME > docs/schemas/NAME.schema.json`, and see docs/stability.md."""
    published = (ROOT / "docs" / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8")
    assert published == schema_text(name)
    made = json.loads(published)
    jsonschema.Draft202012Validator.check_schema(made)
    assert (made["$schema"], made["$id"]) == ("https://json-schema.org/draft/2020-12/schema", f"urn:kjproj:schema:{name}:1")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_object_takes_keys_that_nobody_knows(name: str) -> None:
    """Every object of known fields refuses others; only tables by name (a chance by assumption) are open."""
    made = schema(name)
    for title, part in [(name, made), *made["$defs"].items()]:
        if "properties" in part:
            assert part["additionalProperties"] is False, title


@pytest.mark.parametrize(
    "change",
    [{"questions": []}, {"questions": [{"target": "t"}]}, {"questions": [{"kind": "when"}]}, {"rng": "0"}, {"lang": "fr"}, {"more": 1}, {"kjproj": 2}],
    ids=json.dumps,
)
def test_the_schema_of_a_request_refuses_what_is_refused(change: dict[str, Any]) -> None:
    """A caller may check before it sends."""
    sent = {"study": study(), "questions": [{"kind": "when", "target": "t"}], **change}
    assert not validator("request").is_valid(sent)
    assert "error" in answer(json.dumps(sent))


def test_the_schema_of_a_result_is_tight() -> None:
    """A result with a field more, or one less, is none."""
    found = answer(json.dumps({"study": study(), "questions": [{"kind": "probability", "target": "t"}]}))
    for change in ({"more": 1}, {"value": None}, {"kind": "when"}):
        assert not validator("result").is_valid({**found, "answers": [{**found["answers"][0], **change}]})
    assert not validator("result").is_valid({k: v for k, v in found.items() if k != "recipe"})


# the command


def piped(*arguments: str, sent: bytes, **env: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "kjproj", *arguments]
    return subprocess.run(command, input=sent, capture_output=True, check=False, env={**os.environ, "LC_ALL": "C.UTF-8", **env})


REQUEST = {"study": study(), "questions": [{"kind": "probability", "target": "t"}, {"kind": "when", "target": "t"}]}


@pytest.mark.parametrize("env", [{"LC_ALL": "C"}, {"PYTHONIOENCODING": "gbk", "PYTHONUTF8": "0"}], ids=str)
def test_a_request_on_standard_input_gives_the_result_on_any_console(env: dict[str, str]) -> None:
    """`kjproj run - --json` is `answer_json`; on a console of another encoding Chinese is escaped, so that nothing is lost."""
    sent = json.dumps(REQUEST, ensure_ascii=False).encode()
    found = piped("run", "-", "--json", sent=sent, **env)
    assert (found.returncode, found.stderr) == (0, b"")
    assert json.loads(found.stdout) == json.loads(kj.answer_json(sent))
    assert ("中位数" in found.stdout.decode()) == ("PYTHONIOENCODING" not in env)


def test_a_request_may_be_yaml_or_a_file_and_is_said_in_words(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without --json the answers are sentences and tables in the reader's language."""
    yaml = pytest.importorskip("yaml")
    text = yaml.safe_dump(REQUEST, allow_unicode=True)
    (tmp_path / "request.yaml").write_text(text, encoding="utf-8")
    assert main(["run", str(tmp_path / "request.yaml"), "--lang", "zh"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("2025年研发经费投入120亿元：完成概率约")
    assert "首次达到的年份中位数" in said
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    assert main(["run", "-", "--lang", "zh"]) == 0
    assert capsys.readouterr().out == said
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(yaml.safe_dump(study(), allow_unicode=True).encode())))
    assert main(["run", "-", "--json"]) == 0
    assert capsys.readouterr().out == kj.summary(kj.project(kj.Study.from_dict(study()))).to_json()


def test_the_exit_code_says_whether_all_was_answered(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """1 where a question has no answer, or nothing has; the result is printed all the same, and the message beside it."""

    def ran(*arguments: str, sent: bytes) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(sent)))
        code = main(arguments)
        said = capsys.readouterr()
        return code, said.out, said.err

    asked = {**REQUEST, "questions": [{"kind": "when", "target": "no"}, {"kind": "coherence"}]}
    code, out, err = ran("run", "-", "--json", sent=json.dumps(asked).encode())
    assert (code, ["error" in one for one in json.loads(out)["answers"]]) == (1, [True, False])
    assert err.startswith("kjproj: questions[0]: unknown target 'no'")
    code, out, err = ran("run", "-", "--json", sent=b'{"study": {}}')
    assert (code, json.loads(out)["error"]["where"]) == (1, "study.as_of")
    assert "study.as_of: is missing" in err
    code, out, err = ran("run", "-", "--scenario", "slow", sent=json.dumps(REQUEST).encode())
    assert (code, out) == (1, "")
    assert "a request states its scenario" in err
    code, out, err = ran("run", "-", sent=b"\xff\xfe\xff")
    assert (code, out) == (1, "")
    assert "is not UTF-8 text" in err
    assert ran("run", "-", sent=json.dumps(REQUEST).encode())[0] == 0


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_command_prints_the_schemas(capsys: pytest.CaptureFixture[str], name: str) -> None:
    """`kjproj schema` is that of a study."""
    assert main(["schema", name]) == 0
    assert capsys.readouterr().out == schema_text(name)
    if name == "study":
        assert main(["schema"]) == 0
        assert capsys.readouterr().out == schema_text(name)
