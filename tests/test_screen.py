"""What a planner reads: the order, the words, the digits, in Chinese and in English."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any, Literal

import pytest
from studies import document, level, normal, target, walk

import kjproj as kj
from kjproj.numbers import about_per_cent, digits, per_cent, per_cent_range, points_words, rate_words
from kjproj.show import tables
from kjproj.show.words import phrase, rounded

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
WIDTHS = (60, 80, 120, 200)
BUNDLED_TITLES = {
    "zh": ["结论", "2025年目标", "阶段目标", "报告无依据的目标", "说明", "建议核实", "情景比较（完成概率）", "主要假设（影响最大的在前）", "资料来源", "复算依据"],
    "en": ["Conclusions", "Targets for 2025", "Interim targets", "Targets without a basis yet", "Notes", "Please check"],
}


def known(drift: Any, volatility: float = 0.05) -> dict[str, Any]:
    return walk(drift, volatility)


def all_kinds() -> dict[str, Any]:
    """Every kind of indicator, bound and status that a screen can show."""
    return document(
        title={"zh": "示例市目标", "en": "Example targets"},
        plan={"name": "p", "base_year": 2020, "last_year": 2025},
        indicators=[
            {"name": "energy", "label": {"zh": "单位能耗", "en": "energy use"}, "unit": "index", "motion": known(normal(-0.03, 0.01))},
            {"name": "firms", "label": {"zh": "高新技术企业", "en": "high-tech firms"}, "unit": "家", "measure": "stock", "motion": known(normal(0.1, 0.03))},
            {"name": "share", "label": {"zh": "占比", "en": "share"}, "unit": "%", "scale": {"kind": "logit", "low": 0, "high": 100}, "motion": known(normal(0, 0.05), 0.1)},
            {"name": "sales", "label": {"zh": "交易额", "en": "turnover"}, "unit": "亿元", "motion": known(0.05, 0.1)},
            {"name": "still", "label": {"zh": "基金规模", "en": "fund"}, "unit": "亿元"},
            {"name": "lost", "label": {"zh": "专利", "en": "patents"}, "unit": "件", "motion": known(0.05, 0.1)},
        ],
        evidence=[
            level("energy", 2020, "0.55"),
            level("energy", 2022, "0.52"),
            level("firms", 2020, "600"),
            level("firms", 2022, "767"),
            level("share", 2022, "72.1"),
            level("sales", 2022, "150"),
            level("still", 2022, "15"),
        ],
        targets=[
            target("energy_2025", "energy", 2025, at_most="0.48"),
            target("firms_2025", "firms", 2025, at_least="1100"),
            target("share_2025", "share", 2025, between=["60", "70"]),
            target("sales_2025", "sales", 2025, at_least="1700000", unit="万元"),
            target("sure_2025", "sales", 2025, more_than="20"),
            target("never_2025", "sales", 2025, at_least="9999"),
            target("still_2025", "still", 2025, at_least="100"),
            target("lost_2025", "lost", 2025, at_least="4000"),
            target("low_2025", "firms", 2025, at_least="500"),
            target("met_2022", "sales", 2022, at_least="140"),
            target("missed_2022", "sales", 2022, less_than="150"),
            target("sales_2024", "sales", 2024, at_least="165"),
        ],
    )


@cache
def seen(which: str) -> kj.Summary:
    study = kj.datasets.yueyang() if which == "bundled" else kj.Study.from_dict(all_kinds())
    return kj.summary(kj.project(study, nodes=512))


def screen(which: str, lang: Language, columns: int = 200) -> str:
    return seen(which).to_text(lang, columns)


def shown(text: str) -> int:
    """How many columns a terminal takes: two for Chinese characters, their punctuation and full-width forms."""
    return sum(2 if "\u2e80" <= c <= "\u9fff" or "\uff00" <= c <= "\uff60" else 1 for c in text)


def section(text: str, title: str) -> list[str]:
    """The lines below a title."""
    return next(block for block in text.split("\n\n") if block.startswith(title)).splitlines()[1:]


def row(which: str, lang: Language, start: str) -> dict[str, str]:
    """The cells of a table's row by column, read from the whole table of a wide screen."""
    lines = screen(which, lang, 400).splitlines()
    place = next(k for k, line in enumerate(lines) if line.startswith(start))
    rule = max(k for k in range(place) if lines[k].startswith("---"))
    names, cells = (re.split(r" {2,}", line.rstrip()) for line in (lines[rule - 1], lines[place]))
    return dict(zip(names, cells, strict=True))


# order and layout


@pytest.mark.parametrize("lang", LANGUAGES)
def test_conclusions_come_first_and_the_rest_in_the_planners_order(lang: Language) -> None:
    """After the heading: conclusions, targets, interim targets, those without a basis, notes, checks, …"""
    text = screen("bundled", lang, 2000)
    places = [text.index(f"\n{title}\n") for title in BUNDLED_TITLES[lang]]
    assert places == sorted(places)
    assert 3 <= len(section(text, BUNDLED_TITLES[lang][0])) <= 5


@pytest.mark.parametrize("which", ["bundled", "all kinds"])
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("columns", WIDTHS)
def test_no_line_is_wider_than_the_screen(which: str, lang: Language, columns: int) -> None:
    """Prose and tables fit, a Chinese character being two columns wide."""
    wide = [line for line in screen(which, lang, columns).splitlines() if shown(line) > columns]
    assert [line for line in wide if "  " not in line.strip()] == [], "prose"
    assert wide == [], "tables"


@pytest.mark.parametrize("which", ["bundled", "all kinds"])
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("columns", WIDTHS)
def test_tables_are_aligned(which: str, lang: Language, columns: int) -> None:
    """In every row each cell begins at the column where the rule's dashes begin."""
    lines = screen(which, lang, columns).splitlines()
    rules = [k for k, line in enumerate(lines) if set(line) <= {"-", " "} and "---" in line]
    assert len(rules) >= 3
    for k in rules:
        starts = [match.start() for match in re.finditer(r"-+", lines[k])]
        end = next((i for i in range(k + 1, len(lines)) if not lines[i]), len(lines))
        for line in (lines[k - 1], *lines[k + 1 : end]):
            cells = "".join(c * shown(c) for c in line)
            if "  " in line.strip() and not line.startswith("  "):
                assert all(cells[s - 2 : s] == "  " for s in starts[1:] if s < len(cells)), line


def test_a_line_never_begins_with_closing_punctuation_or_breaks_a_number() -> None:
    """Chinese prose breaks after characters, never before 。 or ％, nor between digits and their unit."""
    text = "以2021年98.06亿元为基期，2022—2025年须年均增长11.2%，分年参考值109.1、121.3、134.9、150.0亿元。"
    for columns in range(16, 60):
        lines = tables.wrapped(text, columns)
        assert "".join(lines) == text
        assert all(line[0] not in "，。；：、）”%—" for line in lines), lines
        assert not any(a[-1].isdigit() and b[0] in "亿年0123456789." for a, b in zip(lines, lines[1:], strict=False)), lines
        assert all(shown(line) <= columns for line in lines), lines


# words bound to numbers


@pytest.mark.parametrize(
    ("chance", "zh", "en"),
    [
        (0.904, "预计可完成", "expected to be met"),
        (0.90, "预计可完成", "expected to be met"),
        (0.896, "预计可完成", "expected to be met"),
        (0.894, "把握较大", "likely"),
        (0.66, "把握较大", "likely"),
        (0.654, "存在不确定性", "uncertain"),
        (0.33, "存在不确定性", "uncertain"),
        (0.324, "难度较大", "difficult"),
        (0.10, "难度较大", "difficult"),
        (0.094, "预计难以完成", "unlikely to be met"),
        (0.0, "预计难以完成", "unlikely to be met"),
        (1.0, "预计可完成", "expected to be met"),
    ],
)
def test_phrases_are_bound_to_the_per_cent_that_is_printed(chance: float, zh: str, en: str) -> None:
    """90, 66, 33 and 10 % as printed are the borders, so that a reader finds the phrase from the number."""
    assert (phrase(chance, "zh"), phrase(chance, "en")) == (zh, en)


@pytest.mark.parametrize(("chance", "zh", "en"), [(0.434, "约43%", "about 43 %"), (1e-9, "不足1%", "below 1 %"), (1 - 1e-9, "超过99%", "above 99 %")])
def test_chances_are_whole_per_cents_and_never_certain(chance: float, zh: str, en: str) -> None:
    """No 0 %, no 100 %, and no "about" before "below"."""
    assert (about_per_cent(chance, "zh"), about_per_cent(chance, "en")) == (zh, en)


def test_a_range_contains_its_chance() -> None:
    """Ends and chance are rounded alike: an end that is below 1 % or above 99 % is said so."""
    assert per_cent_range(0.25, 0.6, "zh") == "25%—60%"
    assert per_cent_range(0.25, 0.6, "en") == "25 to 60 %"
    assert per_cent_range(0.002, 0.3, "zh") == "不足1%—30%"
    assert per_cent_range(0.002, 0.3, "en") == "below 1 % to 30 %"
    assert per_cent_range(0.7, 0.999, "en") == "70 % to above 99 %"
    assert per_cent_range(0.502, 0.504, "zh") == "50%"
    assert per_cent_range(0.0001, 0.0002, "en") == per_cent(0.0001, "en")


def test_numbers_keep_the_digits_that_they_deserve() -> None:
    """Levels are rounded to a tenth of their range's width, rates to a tenth of a per cent, small points to a digit."""
    assert rounded((112.3, 150.8, 204.6)) == ("112", "151", "205")
    assert rounded((1.98, 2.61, 3.42)) == ("2.0", "2.6", "3.4")
    assert rounded((879.0, 1043.0, 1222.0)) == ("880", "1040", "1220")
    assert rounded((9876.0, 12345.0, 15432.0)) == ("9900", "12300", "15400")
    assert rounded((5.0, 5.0, 5.0)) == ("5.000000",) * 3
    assert (rate_words(0.1121, "zh"), rate_words(0.00012, "en")) == ("11.2%", "0.01 %")
    assert (points_words(0.0925, "zh"), points_words(0.004, "en"), points_words(-0.66, "en")) == ("0.09个百分点", "0.004 points", "-0.66 points")
    assert (digits(98.06), digits(5769.23), digits(0.09251), digits(0.0)) == ("98.06", "5769", "0.09251", "0")


@pytest.mark.parametrize("which", ["bundled", "all kinds"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_false_digits_and_no_words_that_are_not_wanted(which: str, lang: Language) -> None:
    """No 0 %, no 100 % chance, no decimals in chances, no 预期值, no blame, and ± only for stated beliefs."""
    text = screen(which, lang)
    bare = text.replace("超过100%", "").replace("passes 100 %", "")
    assert not re.search(r"(?<![\d.])(0|100) ?%", bare)
    assert not re.search(r"(概率|about )\D{0,3}\d+\.\d", text.replace("超过100%的概率", ""))
    for word in ("预期值", "期望值", "不可能", "失败", "矛盾的目标", "自相矛盾", "N/A", "nan", "None", "expected value"):
        assert word not in text.replace("如不可能超过", ""), word
    assumptions = section(text, "主要假设" if lang == "zh" else "Assumptions")
    assert all(any(line in a for a in assumptions) for line in text.splitlines() if "±" in line), "± is a belief's"


@pytest.mark.parametrize("which", ["bundled", "all kinds"])
def test_the_range_over_assumptions_holds_every_variation(which: str) -> None:
    """low ≤ chance ≤ high, low and high are attained by a variation or by the chance itself."""
    variations = len(seen(which).overview.variations)
    for found in [*seen(which).to_dict()["targets"], seen(which).to_dict()["joints"][0]]:
        if found.get("under"):
            assert len(found["under"]) == variations
        if "probability" in found:
            values = [found["probability"], *found["under"].values()]
            assert (found["low"], found["high"]) == (min(values), max(values))


# the conclusions


@pytest.mark.parametrize(
    ("lang", "wanted"),
    [
        ("zh", ["以2021年98.06亿元为基期，2022—2025年须年均增长11.2%，分年参考值109.1、121.3、134.9、150.0亿元", "两项同时完成约", "单独完成的概率较低"]),
        ("en", ["From 98.06 亿元 in 2021 it takes 11.2 % a year over 2022 to 2025: 109.1, 121.3, 134.9, 150.0 亿元", "Both together: about"]),
    ],
)
def test_the_conclusions_say_what_is_needed_and_the_joint_chance(lang: Language, wanted: list[str]) -> None:
    """Growth from the last figure's year on with yearly reference values; both together, and which one binds."""
    text = "\n".join(section(screen("bundled", lang, 2000), BUNDLED_TITLES[lang][0]))
    assert all(words in text for words in wanted), text


@pytest.mark.parametrize(("lang", "once", "growth"), [("zh", "若视为一次性，", "若视为增长，"), ("en", "Read as a one-off: ", "read as growth: ")])
def test_both_readings_of_the_leap_are_named_with_their_chances(lang: Language, once: str, growth: str) -> None:
    """One sentence: the rise, its reason, which reading the figures favour, and each target's chance under both."""
    text = screen("bundled", lang, 2000)
    (sentence,) = [line for line in section(text, BUNDLED_TITLES[lang][0]) if once in line]
    under = {row["name"]: row["under"] for row in seen("bundled").to_dict()["targets"] if "under" in row}
    for start, branch in ((once, "one_off"), (growth, "growth")):
        part = sentence[sentence.index(start) :]
        said = re.findall(r"(\d+) ?%", part.replace("2.6", ""))
        shown = [round(100 * under[f"rd_{name}_2025"][f"reading:{branch}:rd_intensity:2021"]) for name in ("spending", "intensity")]
        assert str(shown[0]) in said, part
        assert str(shown[1]) in said, part
    assert "0.66" in sentence


def test_a_leap_that_the_figures_read_as_growth_is_said_so() -> None:
    """With a small prior probability of a one-off the sentence leans to growth, not to "a one-off with 5 %"."""
    data = kj.datasets.yueyang().to_dict()
    data["evidence"][3]["probability"] = 0.01
    text = kj.summary(kj.project(kj.Study.from_dict(data), nodes=128)).to_text("zh", 2000)
    assert "数据倾向于增长（约" in text
    assert "倾向于一次性" not in text


def test_a_lead_over_the_plan_beside_an_even_chance_is_reconciled() -> None:
    """"Ahead of plan" and "about 50 %" stand together with a sentence that says why both hold."""
    text = screen("bundled", "zh", 2000)
    assert "2021年进度快于时序44个百分点，反映的是已完成部分；完成概率取决于剩余部分和今后各年的波动，两者并不矛盾。" in text


# the tables


@pytest.mark.parametrize(
    ("start", "lang", "needed", "goal"),
    [
        ("研发经费投入（亿元）", "zh", "年均增长11.2%", "≥150"),
        ("研发经费投入强度（%）", "zh", "年均提高0.09个百分点", "≥2.6"),
        ("R&D spending (亿元)", "en", "11.2 % a year", "≥150"),
        ("R&D intensity (%)", "en", "0.09 points a year", "≥2.6"),
    ],
)
def test_bundled_needs_are_counted_in_their_own_way(start: str, lang: Language, needed: str, goal: str) -> None:
    """Per cent for amounts, points for shares."""
    found = row("bundled", lang, start)
    assert (found["尚需" if lang == "zh" else "still needed"], found["目标值" if lang == "zh" else "goal"]) == (needed, goal)


@pytest.mark.parametrize(
    ("start", "needed", "goal", "pace"),
    [
        ("单位能耗（index）", "年均下降2.6%", "≤0.48", "快于时序3个百分点"),
        ("高新技术企业（家）", "年均净增111家", "≥1100", "慢于时序7个百分点"),
        ("占比（%）", "年均降低0.70个百分点", "60—70", "—"),
        ("交易额（亿元）", "年均增长4.3%", "≥170", "缺2020年基期值"),
    ],
)
def test_needs_goals_and_paces_of_every_kind(start: str, needed: str, goal: str, pace: str) -> None:
    """Falls are falls, counts whole units, goals stand in the indicator's unit, and a pace needs a base and a way to go."""
    found = row("all kinds", "zh", start)
    assert (found["尚需"], found["目标值"], found["时序进度"]) == (needed, goal, pace)


def test_a_goal_below_the_base_has_no_pace() -> None:
    """Where the base year's level met the goal already there was no way to go, ahead or behind."""
    (line,) = [line for line in screen("all kinds", "zh", 400).splitlines() if "≥500" in line]
    assert "时序" not in line


@pytest.mark.parametrize("lang", LANGUAGES)
def test_certain_and_hopeless_targets(lang: Language) -> None:
    """A target that cannot fail is above 99 %, a hopeless one below 1 %, and one that is met by now needs nothing."""
    lines = screen("all kinds", lang, 400).splitlines()
    sure = next(line for line in lines if ">20" in line)
    never = next(line for line in lines if "≥9999" in line)
    assert ("超过99%" if lang == "zh" else "above 99 %") in sure
    assert ("已符合目标" if lang == "zh" else "met by now") in sure
    assert ("不足1%" if lang == "zh" else "below 1 %") in never


@pytest.mark.parametrize(("lang", "met", "missed"), [("zh", "已达到", "未达到"), ("en", "published: met", "published: not met")])
def test_published_targets_are_told_not_estimated(lang: Language, met: str, missed: str) -> None:
    """A published year is met or not met, without a chance."""
    lines = [line for line in screen("all kinds", lang, 400).splitlines() if "2022" in line and ("≥140" in line or "<150" in line)]
    assert [met in lines[0], missed in lines[1]] == [True, True]
    assert not any("约" in line or "about" in line for line in lines)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_joint_row_stands_below_the_targets_it_is_about(lang: Language) -> None:
    """Its chance is not above the least one, and the conclusion names that target as the one that binds."""
    data = seen("bundled").to_dict()
    own = {row["name"]: row["probability"] for row in data["targets"] if "probability" in row}
    joint = data["joints"][0]
    assert joint["binding"] == min(joint["targets"], key=own.__getitem__)
    assert joint["probability"] <= own[joint["binding"]]
    assert max(sum(own[n] for n in joint["targets"]) - 1, 0) <= joint["probability"]
    name = "以上两项同时" if lang == "zh" else "both together"
    assert name in screen("bundled", lang)


@pytest.mark.parametrize(
    ("lang", "fund", "patents", "advice"),
    [
        ("zh", "变动判断", "历史数据", "报告未提供历史数据，请补充基期值或给出判断。"),
        ("en", "growth", "figures", "No basis in the report: bring a base value, or give a belief."),
    ],
)
def test_targets_without_a_basis_say_what_they_lack(lang: Language, fund: str, patents: str, advice: str) -> None:
    """A level without a motion lacks a belief, a motion without a level lacks figures; neither shows a chance."""
    lines = section(screen("all kinds", lang), "报告无依据的目标" if lang == "zh" else "Targets without a basis yet")
    assert lines[2].endswith(fund)
    assert lines[3].endswith(patents)
    assert lines[4] == advice
    assert not any(re.search(r"约|about \d|\d ?%", line.replace("(%)", "")) for line in lines)


def test_findings_ask_to_check_and_blame_nobody() -> None:
    """In Chinese what does not fit ends in 建议核实, under that heading."""
    lines = section(screen("bundled", "zh", 2000), "建议核实")
    assert sum("建议核实" in line for line in lines) >= 3
    assert not any(word in line for line in lines for word in ("错误", "矛盾", "不合理", "有误"))


def test_scenarios_stand_side_by_side() -> None:
    """Columns are scenarios, rows the two headline targets and both; the numbers are those of the scenarios."""
    lines = section(screen("bundled", "en"), "Scenarios side by side")
    names = re.split(r" {2,}", lines[0].strip())
    assert names == ["trend", "slow economy", "fast economy", "interim targets kept"]
    study = kj.datasets.yueyang()
    for line, targets in zip(lines[2:], (["rd_spending_2025"], ["rd_intensity_2025"], ["rd_spending_2025", "rd_intensity_2025"]), strict=True):
        said = [int(cell.removesuffix(" %")) for cell in re.split(r" {2,}", line)[1:]]
        exact = [kj.probability(kj.project(study, name, nodes=512), all_of=targets).value for name in ("trend", "slow_economy", "fast_economy", "commitment")]
        assert said == pytest.approx([100 * p for p in exact], abs=1.5)


def test_assumptions_are_sorted_by_how_far_they_move_the_answer() -> None:
    """The first line's range is the widest (of a line with several, its widest counts); assumptions stand with reasons."""
    lines = section(screen("bundled", "en", 2000), "Assumptions")
    ranges = [re.findall(r"(\d+) to (\d+) %", line) for line in lines if "forecasts for regions" not in line]
    spans = [max(int(b) - int(a) for a, b in found) for found in ranges if found]
    assert spans == sorted(spans, reverse=True)
    assert len(spans) >= 8
    assert lines[0].startswith("- scenario “trend”: growth as in comparable places")


def test_own_draws_are_named_among_the_assumptions() -> None:
    """Where another tool's GDP is handed in, the class is no assumption and the draws are."""
    study = kj.datasets.yueyang()
    draws = {year: [5000.0, 5500.0, 6000.0] for year in range(2022, 2026)}
    text = kj.summary(kj.project(study, paths={"gdp": draws}, nodes=128)).to_text("zh", 2000)
    assert "地区生产总值：采用外部模型给出的3条路径（2022—2025年），不作调整" in text
    assert "地区生产总值（现价，暂定）" not in text


YEARLY = {
    "zh": ("分年参考值", "研发经费投入（亿元）", "高新技术企业（家）"),
    "en": ("Yearly reference values", "R&D spending (亿元)", "high-tech enterprises (家)"),
}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_yearly_values_of_every_open_target_stand_in_a_table_of_their_own(lang: Language) -> None:
    """After the tables of targets: a column a year, digits as in the conclusions, and the goal in the target's year."""
    title, spending, firms = YEARLY[lang]
    lines = section(screen("bundled", lang), title)
    cells = {line[: line.index("  ")]: line.split()[-4:] for line in lines[2:]}
    assert lines[0].split()[-4:] == ["2022", "2023", "2024", "2025"]
    assert cells[spending] == ["109.1", "121.3", "134.9", "150.0"]
    assert cells[firms][1:] == ["878", "989", "1100"], "none for 2022, the year of the last figure"
    assert len(cells) == 4
    text = screen("bundled", lang)
    assert text.index(BUNDLED_TITLES[lang][2]) < text.index(f"\n{title}\n") < text.index(BUNDLED_TITLES[lang][3])


def test_yearly_values_stand_in_every_form_of_the_summary() -> None:
    """JSON by year, a column a year in the frame, a table in Markdown; none where the target is met by now or lacks figures."""
    found = seen("all kinds")
    rows = {row["name"]: row["yearly_path"] for row in found.to_dict()["targets"]}
    assert rows["firms_2025"] == {"2023": 878.0, "2024": 989.0, "2025": 1100.0}
    assert rows["share_2025"] is not None
    assert [name for name, path in rows.items() if path is None] == ["sure_2025", "still_2025", "lost_2025", "low_2025", "met_2022", "missed_2022"]
    frame = found.to_frame().set_index("name")
    assert frame.loc["firms_2025", ["reference_2023", "reference_2024", "reference_2025"]].tolist() == [878.0, 989.0, 1100.0]
    assert "| 高新技术企业（家） | 878 | 989 | 1100 |" in found.to_markdown("zh")


# small studies


SMALL = {
    "one target": {"indicators": [{"name": "x", "unit": "亿元", "motion": known(0.05)}], "evidence": [level("x", 2022, "9")], "targets": [target("t", "x", 2023, at_least="10")]},
    "no evidence": {"indicators": [{"name": "x", "unit": "亿元", "motion": known(0.05)}], "targets": [target("t", "x", 2023, at_least="10")]},
    "no target": {"indicators": [{"name": "x", "unit": "亿元", "motion": known(0.05)}], "evidence": [level("x", 2022, "9")]},
    "published only": {"indicators": [{"name": "x", "unit": "亿元"}], "evidence": [level("x", 2022, "9")], "targets": [target("t", "x", 2022, at_least="8")]},
    "scenarios without a headline": {
        "indicators": [{"name": "x", "unit": "亿元"}],
        "targets": [target("t", "x", 2023, at_least="8")],
        "scenarios": [{"name": "a", "reason": "r"}, {"name": "b", "reason": "r"}],
    },
    "a bare source": {"indicators": [{"name": "x", "unit": "亿元"}], "sources": [{"name": "report"}]},
}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("parts", SMALL.values(), ids=SMALL)
def test_a_small_study_has_a_whole_screen(parts: dict[str, Any], lang: Language) -> None:
    """Without plan, scenarios, sources, evidence or targets the screen still has conclusions, and no empty brackets."""
    found = kj.summary(kj.project(kj.Study.from_dict(document(**parts))))
    text = found.to_text(lang, 80)
    lines = section(text, "结论" if lang == "zh" else "Conclusions")
    assert lines[0].startswith("一、" if lang == "zh" else "1. ")
    assert not re.search(r"[（(][；;，, ]*[）)]|另有|\bmore target", text)
    assert json.loads(found.to_json())["targets"] is not None
    assert found.to_markdown(lang).startswith("# ")
    assert len(found.to_frame()) == len(parts.get("targets", []))


def test_one_year_ahead_needs_no_yearly_values() -> None:
    """From 9 to 10 in one year: growth of that year, without 年均 and without reference values."""
    study = kj.Study.from_dict(document(**SMALL["one target"]))
    text = kj.summary(kj.project(study)).to_text("zh", 200)
    assert "以2022年9亿元为基期，2023年须增长11.1%。" in text


# the same as data


@pytest.mark.parametrize("which", ["bundled", "all kinds"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_markdown_tables_are_whole(which: str, lang: Language) -> None:
    """Every table has a rule, rows of one length, a blank line before and after; the headings are those of the screen."""
    text = seen(which).to_markdown(lang)
    blocks = [block.splitlines() for block in text.split("\n\n")]
    found = [block for block in blocks if block[0].startswith("|")]
    assert len(found) >= 3
    for block in found:
        cells = [len(re.split(r"(?<!\\)\|", line)) for line in block]
        assert len(set(cells)) == 1, block
        assert set(block[1]) <= set("| -")
    stray = [line for block in blocks for line in block if line.startswith("|") and block not in found]
    assert stray == []
    titles = [line[3:] for line in text.splitlines() if line.startswith("## ")]
    assert titles == [t for t in titles if f"\n{t}\n" in screen(which, lang)]


def test_a_bar_in_a_label_does_not_break_a_markdown_table() -> None:
    """Bars are escaped, line breaks become blanks."""
    data = document(**SMALL["one target"])
    data["indicators"] = [{**data["indicators"][0], "label": "a|b"}]
    text = kj.summary(kj.project(kj.Study.from_dict(data))).to_markdown("en")
    assert "| a\\|b (亿元) |" in text


@pytest.mark.parametrize("which", ["bundled", "all kinds"])
def test_json_holds_plain_finite_numbers(which: str) -> None:
    """No NaN, no infinity; what does not apply is null; the numbers are those of the answers."""
    def refuse(name: str) -> None:
        raise AssertionError(name)

    data = json.loads(seen(which).to_json(), parse_constant=refuse)
    assert data == json.loads(json.dumps(seen(which).to_dict()))
    for found in data["targets"]:
        assert {"name", "year", "status", "goal", "unit"} <= set(found)
        assert (found["status"] == "open") == (found["median"] is not None)
    projection = seen(which).overview.projection
    first = data["targets"][0]
    assert first["probability"] == kj.probability(projection, first["name"]).value
    assert isinstance(first["stderr"], float)


def test_a_frame_has_a_row_a_target() -> None:
    """One row a target in the study's order, columns of plain values."""
    frame = seen("all kinds").to_frame()
    assert frame["name"].tolist() == [t.name for t in seen("all kinds").overview.study.targets]
    assert frame["probability"].notna().sum() == (frame["status"] != "no_basis").sum()
    assert not any(isinstance(value, dict) for value in frame.to_numpy().ravel())


def test_the_same_study_prints_the_same_page() -> None:
    """Two projections, one text."""
    study = kj.datasets.yueyang()
    a, b = (kj.summary(kj.project(study, nodes=128)).to_text("zh", 100) for _ in range(2))
    assert a == b


@pytest.mark.parametrize("label", ["<script>alert(1)</script>", "![x](http://x.example)", "*a* `b` #c", "&lt;b&gt;", "a\r\n\r\n# b", "> q", "\\| c | d"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_words_of_a_study_are_never_markdown_or_html(label: str, lang: Language) -> None:
    """Tags, links, images, headings, entities and line breaks in a label, a title or a note stand as they were written."""
    def written(words: str) -> str:
        data = document(**SMALL["one target"], title=words)
        data["indicators"] = [{**data["indicators"][0], "label": words}]
        data["targets"] = [{**data["targets"][0], "note": words}]
        return kj.summary(kj.project(kj.Study.from_dict(data))).to_markdown(lang)

    text, plain = written(label), written("plain")
    assert "<" not in text
    assert not re.search(r"(?<!\\)[\[`*]|&lt;b", text)
    kinds = [[re.match(r"#+ |\||- (?:[#>*+-] )?|", line) for line in page.splitlines()] for page in (text, plain)]
    assert [found and found[0] for found in kinds[0]] == [found and found[0] for found in kinds[1]], "headings, rows, lists"
    bars = [[len(re.split(r"(?<!\\)(?:\\\\)*\|", line)) for line in page.splitlines() if line[:1] == "|"] for page in (text, plain)]
    assert bars[0] == bars[1]
