"""The commands about targets: compare, effort, suggest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from studies import document, level, target, walk

import kjproj as kj
from kjproj.cli import main

SMALL = document(
    indicators=[
        {"name": "x", "label": {"zh": "研发经费投入", "en": "R&D spending"}, "unit": "亿元", "motion": walk(0.08, 0.05)},
        {"name": "y", "label": {"zh": "高企", "en": "firms"}, "unit": "家", "measure": "stock", "motion": walk(0.1, 0.08)},
    ],
    evidence=[level("x", 2022, "100", error="0"), level("y", 2022, "767")],
    targets=[target("t", "x", 2025, at_least="130"), target("u", "y", 2025, at_least="1000")],
    scenarios=[
        {"name": "trend", "reason": "r"},
        {"name": "slow", "label": {"zh": "放缓", "en": "slow growth"}, "reason": "r", "changes": [{"indicator": "x", "drift": 0.02}]},
    ],
)


@pytest.fixture(autouse=True)
def _plain_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LC_ALL", "C")


@pytest.fixture
def small(tmp_path: Path) -> str:
    path = tmp_path / "study.json"
    path.write_text(json.dumps(SMALL, ensure_ascii=False), encoding="utf-8")
    return str(path)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output, standard error."""
    code = main(arguments)
    found = capsys.readouterr()
    return code, found.out, found.err


def test_compare_shows_scenarios_side_by_side(capsys: pytest.CaptureFixture[str], small: str) -> None:
    """A row a target and one for both, a column a scenario, the difference to the first in brackets; in both languages."""
    code, out, err = run(capsys, "compare", "t", "u", "--study", small)
    assert (code, err) == (0, "")
    assert out.splitlines()[0].split() == ["target", "trend", "slow", "growth"]
    assert out.splitlines()[2].startswith("R&D spending 130 亿元 in 2025  40 %")
    assert "below 1 % (−39)" in out.splitlines()[2]
    assert "(0)" in out.splitlines()[3], "what does not hang on the scenario stays"
    assert out.splitlines()[4].startswith("  together")
    assert out.splitlines()[-1] == "In brackets: points of difference to “trend”."
    _, zh, _ = run(capsys, "compare", "t", "u", "--study", small, "--lang", "zh")
    assert "　同时完成" in zh
    assert "（−39）" in zh


def test_compare_chooses_scenarios_and_prints_numbers(capsys: pytest.CaptureFixture[str], small: str) -> None:
    """The first that is named is the base; JSON has the chances of kj.compare."""
    code, out, _ = run(capsys, "compare", "t", "--study", small, "--scenario", "slow", "--scenario", "trend", "--json")
    assert code == 0
    data = json.loads(out)
    assert list(data) == ["t"]
    study = kj.Study.from_dict(SMALL)
    found = kj.compare({name: kj.project(study, name) for name in ("slow", "trend")}, "t")
    assert data["t"] == found.to_dict()
    assert list(data["t"]["differences"]) == ["trend"]


def test_compare_weighs_scenarios_that_carry_weights(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Low, middle and high rates: their weighted chance stands in a column of its own, beside a trend without weight."""
    study = kj.Study.from_dict({**SMALL, "scenarios": SMALL["scenarios"][:1]}).with_rates("x", low=0.04, middle=0.07, high=0.1, reason="r")
    study.to_file(tmp_path / "rated.json")
    _, out, _ = run(capsys, "compare", "t", "--study", str(tmp_path / "rated.json"))
    assert "weighted" in out.splitlines()[0]
    assert out.splitlines()[-1] == "Weights: low (4.0 %) at 30 %; middle (7.0 %) at 40 %; high (10.0 %) at 30 %."
    _, data, _ = run(capsys, "compare", "t", "--study", str(tmp_path / "rated.json"), "--json")
    one = json.loads(data)["t"]
    weights = {"x_low": 0.3, "x_middle": 0.4, "x_high": 0.3}
    assert one["weights"] == weights
    assert one["mixture"]["value"] == pytest.approx(sum(w * one["chances"][name]["value"] for name, w in weights.items()))


def test_effort_says_what_it_takes(capsys: pytest.CaptureFixture[str], small: str) -> None:
    """A sentence a lever; the numbers are those of kj.effort."""
    code, out, err = run(capsys, "effort", "t", "--study", small, "--probability", "0.7", "--by", "growth:x", "--by", "amount:x:2024", "--by", "one_off:x:2025")
    assert (code, err, len(out.splitlines())) == (0, "", 3)
    assert "for 70 % it takes R&D spending at" in out.splitlines()[0]
    _, data, _ = run(capsys, "effort", "t", "--study", small, "--json")
    found = kj.effort(kj.project(kj.Study.from_dict(SMALL)), "t", probability=0.8)
    assert json.loads(data) == [found.to_dict()]
    _, zh, _ = run(capsys, "effort", "t", "--study", small, "--scenario", "slow", "--lang", "zh")
    assert zh.startswith("2025年研发经费投入130亿元：完成概率不足1%；要达到80%，研发经费投入2023—2025年须")


def test_suggest_says_round_figures(capsys: pytest.CaptureFixture[str], small: str) -> None:
    """A block a target; the numbers are those of kj.suggested."""
    code, out, _ = run(capsys, "suggest", "t", "u", "--study", small, "--probability", "0.9", "--probability", "0.5")
    assert code == 0
    assert out.splitlines()[1].startswith("90 % or more: R&D spending 110 亿元")
    assert out.splitlines()[3] == ""
    assert "50 % or more: firms 1000 家" in out
    _, data, _ = run(capsys, "suggest", "t", "--study", small, "--json")
    assert json.loads(data) == [kj.suggested(kj.project(kj.Study.from_dict(SMALL)), "t").to_dict()]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_without_a_study_they_are_about_the_bundled_one(capsys: pytest.CaptureFixture[str], lang: str) -> None:
    """As everywhere in the command."""
    code, out, _ = run(capsys, "suggest", "rd_spending_2025", "--lang", lang)
    assert code == 0
    assert "150" in out.splitlines()[0]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["compare", "v"], 1, "unknown target 'v'; known are t, u"),
        (["compare", "t", "--scenario", "fast"], 1, "unknown scenario 'fast'"),
        (["effort", "t", "u"], 1, "the targets are carried by x, y"),
        (["effort", "t", "--probability", "80"], 1, "probability is 80.0"),
        (["effort", "t", "--probability", "much"], 2, "invalid float value"),
        (["effort", "t", "--by", "growth"], 2, "'growth' is no lever; expected growth:INDICATOR"),
        (["effort", "t", "--by", "amount:x:next"], 2, "is no lever"),
        (["effort", "t", "--by", "growth:z"], 1, "unknown indicator 'z'"),
        (["suggest", "t", "--probability", "1"], 1, "expected numbers between 0 and 1"),
        (["suggest"], 2, "TARGET"),
    ],
)
def test_wrong_questions_end_with_a_word(capsys: pytest.CaptureFixture[str], small: str, arguments: Any, code: int, words: str) -> None:
    """1 where it is refused, 2 for wrong usage, with what was given and what was expected."""
    found, out, err = run(capsys, *arguments, *(["--study", small] if len(arguments) > 1 else []))
    assert (found, out) == (code, "")
    assert words in err
