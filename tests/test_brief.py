"""A write-up of every target: in order, with the summary's numbers, its sources, and the same words in every form."""

from __future__ import annotations

import re
import sys
from functools import cache
from pathlib import Path
from typing import Any, Literal

import docx
import pytest
from docx.oxml.ns import qn
from studies import document, level, normal, target, walk

import kjproj as kj
from kjproj.cli import main
from kjproj.numbers import about_per_cent
from kjproj.show.brief import _numeral, escaped

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
HOSTILE = "R&D *x* [y](http://z) <b> `c` # | _d_ $e$ ^f"


def all_kinds(**more: Any) -> dict[str, Any]:
    """Open, met, published, lacking and event targets; figures with sources, notes and another statistic."""
    report = {"source": "report", "section": "2"}
    return document(
        title={"zh": "示例市目标", "en": "Example targets"},
        plan={"name": "p", "base_year": 2020, "last_year": 2025},
        sources=[{"name": "report", "title": "Report 2022", "publisher": {"zh": "示例局", "en": "Bureau"}, "published": "2023-03-01"}, {"name": "bare"}],
        indicators=[
            {"name": "sales", "label": {"zh": "交易额", "en": "turnover"}, "unit": "亿元", "motion": walk(normal(0.08, 0.03), 0.1)},
            {"name": "share", "label": {"zh": "占比", "en": "share"}, "unit": "%", "motion": walk(0.02, 0.05)},
            {"name": "zone", "label": {"zh": "国家高新区", "en": "national zone"}, "unit": "个", "measure": "milestone"},
            {"name": "judged", "label": {"zh": "国家农高区", "en": "farm zone"}, "unit": "个", "measure": "milestone"},
            {"name": "still", "label": {"zh": "基金规模", "en": "fund"}, "unit": "亿元"},
            {"name": "lost", "label": {"zh": "专利", "en": "patents"}, "unit": "件", "motion": walk(0.05, 0.1)},
            {"name": "firms", "label": {"zh": "企业", "en": "firms"}, "unit": "家", "measure": "stock", "motion": walk(0.1, 0.05)},
        ],
        evidence=[
            level("sales", 2022, "150", **report, note={"zh": "初步数", "en": "preliminary"}),
            level("share", 2020, "2.0", source="bare"),
            level("share", 2022, "2.3", source="report", section="3", taken_as={"zh": "企业口径", "en": "firms only"}),
            level("still", 2022, "15"),
            level("firms", 2022, "767", expected=True),
            {"kind": "judgement", "indicator": "judged", "year": 2025, "chance": 0.4, "reason": "r"},
        ],
        targets=[
            target("low_2024", "sales", 2024, at_least="100", role="floor"),
            target("sales_2025", "sales", 2025, at_least="190", **{**report, "section": "4"}),
            target("share_2025", "share", 2025, at_least="2.5", note={"zh": "按公布值", "en": "as published"}, **report),
            target("firms_2025", "firms", 2025, at_least="1100", role="aim"),
            target("met_2022", "sales", 2022, at_least="140"),
            {"name": "zone_2025", "kind": "milestone", "indicator": "zone", "year": 2025},
            {"name": "judged_2025", "kind": "milestone", "indicator": "judged", "year": 2025},
            target("still_2025", "still", 2025, at_least="100"),
            target("lost_2025", "lost", 2025, at_least="4000"),
        ],
        scenarios=[{"name": "trend", "reason": "r"}, {"name": "slow", "label": {"zh": "放缓", "en": "slow"}, "reason": "r", "changes": [{"indicator": "sales", "drift": 0.02}]}],
        **more,
    )


@cache
def projected(which: str) -> kj.Projection:
    return kj.project(kj.datasets.yueyang() if which == "bundled" else kj.Study.from_dict(all_kinds()), nodes=256)


@cache
def written(which: str, lang: Language) -> kj.Brief:
    return kj.brief(projected(which), lang)


def paragraph(which: str, lang: Language, start: str) -> str:
    """The text of the one paragraph whose lead has `start` in it."""
    found = [block for block in written(which, lang).to_text().split("\n\n") if re.match(r"[（(]", block) and start in re.split(r"[。.\[]", block)[0] + block[:60]]
    assert len(found) == 1, found
    return found[0]


# order and content


@pytest.mark.parametrize("lang", LANGUAGES)
def test_headline_targets_come_first_and_the_rest_in_the_plans_order(lang: Language) -> None:
    """Two of the last year; others of that year; interim ones; milestones and counts; those without a basis: each once."""
    found = written("all kinds", lang)
    order = [re.sub(r"^[（(].*?[）)] ?", "", p.lead[0]) for chapter in found.chapters for p in chapter.paragraphs]
    zh = ["2025年交易额190亿元", "2025年占比2.5%", "2025年企业1100家（力争）", "全部目标同时完成", "2024年交易额100亿元（确保）", "2022年交易额140亿元", "国家农高区2025年底前实现", "国家高新区2025年底前实现", "2025年基金规模100亿元", "2025年专利4000件"]
    en = ["Turnover 190 亿元 in 2025", "Share 2.5 % in 2025", "Firms 1100 家 in 2025 (aim)", "All targets together", "Turnover 100 亿元 in 2024 (floor)", "Turnover 140 亿元 in 2022", "Farm zone by the end of 2025", "National zone by the end of 2025", "Fund 100 亿元 in 2025", "Patents 4000 件 in 2025"]
    assert [lead.rstrip("。.") for lead in order] == (zh if lang == "zh" else en)
    assert found.chapters[0].title == ("一、主要目标" if lang == "zh" else "1. Headline targets")
    assert len(found.chapters) == 5


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_target_of_the_bundled_report_has_a_paragraph_of_its_own(lang: Language) -> None:
    """As many paragraphs as questions with an answer and targets without; nothing twice."""
    found, seen = written("bundled", lang), kj.summary(projected("bundled")).overview
    leads = [p.lead[0] for chapter in found.chapters for p in chapter.paragraphs]
    assert len({re.sub(r"^[（(].*?[）)]", "", lead) for lead in leads}) == len(leads)
    answered = sum(row.status != "no_basis" for row in seen.rows)
    lacking = len({row.target.name.partition("@")[0] for row in seen.rows if row.status == "no_basis"})
    assert sum(len(chapter.paragraphs) for chapter in found.chapters) == answered + lacking + 4, "and four about all of them"


@pytest.mark.parametrize("which", ["bundled", "all kinds"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_chances_are_those_of_the_summary(which: str, lang: Language) -> None:
    """Each open target's chance, as the summary prints it, in the order of the paragraphs."""
    open_rows = {row.target.name: row for row in kj.summary(projected(which)).overview.rows if row.status == "open"}
    text = written(which, lang).to_text()
    said = re.findall(r"完成概率(约\d+%|不足1%|超过99%)[（，]" if lang == "zh" else r"the chance (about \d+ %|below 1 %|above 99 %)[ :]", text)
    wanted = sorted(about_per_cent(row.chance.value.value, lang) for row in open_rows.values() if row.chance is not None)
    assert sorted(said) == wanted


def test_an_open_target_says_what_was_what_it_takes_how_likely_and_what_moves_it() -> None:
    """One paragraph in official words, word by word."""
    text = paragraph("all kinds", "zh", "2025年交易额190亿元")
    chance = kj.bounds(projected("all kinds"), "sales_2025")
    now, slow = (round(100 * value) for value in (chance.value.value, chance.under["scenario:slow"]))
    assert text.startswith("（一）2025年交易额190亿元[1]。2022年为150亿元（初步数）[2]。以2022年为基期，2023—2025年须年均增长8.2%，分年参考值为162.3、175.6、190.0亿元。经测算，2025年中位数为")
    assert f"完成概率约{now}%（假设变动区间{slow}%—{now}%），存在不确定性。" in text
    assert f"影响最大的假设是“情景：放缓”，按此测算完成概率约{slow}%。" in text
    assert "数据占比" in text


def test_another_statistic_a_note_and_a_pace_are_said() -> None:
    """taken_as and notes of figures and targets, and the pace of the plan where the base year is known."""
    text = paragraph("all kinds", "zh", "2025年占比2.5%")
    assert "2022年为2.3%，所用口径为企业口径[3]。目标说明：按公布值。" in text
    assert "2022年进度快于时序20个百分点" in text
    english = paragraph("all kinds", "en", "Share 2.5 % in 2025")
    assert "In 2022 it stood at 2.3 %, measured by firms only.[3] Note on the target: as published." in english


def test_targets_without_a_basis_say_which_figure_to_bring() -> None:
    """A fund without a motion, patents without figures, a zone without a judgement."""
    assert "缺少变动判断，请指定同类经验，或给出年均变动和年波动。" in paragraph("all kinds", "zh", "2025年基金规模100亿元")
    assert "报告未提供历史数据，请补充任一年度的专利（件）。" in paragraph("all kinds", "zh", "2025年专利4000件")
    assert "报告未给出实现的可能性，请给出2025年底前实现的可能性。" in paragraph("all kinds", "zh", "国家高新区")
    assert "bring patents (件) of any one year" in paragraph("all kinds", "en", "Patents 4000")


def test_met_and_published_targets_and_expected_figures_are_told() -> None:
    """Met by now, published, expected; a milestone with a judged chance has no median."""
    assert "2022年为150亿元（初步数）[2]。现有水平已符合目标。经测算" in paragraph("all kinds", "zh", "2024年交易额100亿元")
    assert paragraph("all kinds", "zh", "2022年交易额140亿元").endswith("按公布数据，已达到目标。")
    assert "2022年预计为767家。" in paragraph("all kinds", "zh", "2025年企业1100家")
    judged = paragraph("all kinds", "zh", "国家农高区")
    assert "经测算，完成概率约40%，存在不确定性。" in judged
    assert "中位数" not in judged


@pytest.mark.parametrize("which", ["bundled", "all kinds"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_ends_as_a_judgement_and_not_an_assessment(which: str, lang: Language) -> None:
    """The closing line stands last in the text, and no word or digit is there that is not wanted."""
    text = written(which, lang).to_text()
    assert text.endswith(("不是考核结果。\n", "not an assessment result.\n"))
    for word in ("预期值", "期望值", "不可能", "失败", "None", "nan", "  "):
        assert word not in text.replace("    测算", "").replace("    数据", ""), word
    assert not re.search(r"完成概率约?(0|100)%", text)


# sources


@pytest.mark.parametrize("which", ["bundled", "all kinds"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_sources_are_numbered_as_they_are_first_cited(which: str, lang: Language) -> None:
    """Every number has its source, every source is cited, one source and section has one number."""
    found = written(which, lang)
    cited = [k for chapter in found.chapters for p in chapter.paragraphs for _, notes in p.said for k in notes]
    assert list(dict.fromkeys(cited)) == list(range(1, len(found.sources) + 1))
    assert len(set(found.sources)) == len(found.sources)
    if which == "all kinds":
        zh = ("示例局，Report 2022（2023-03-01），章节4", "示例局，Report 2022（2023-03-01），章节2", "示例局，Report 2022（2023-03-01），章节3")
        assert found.sources == zh if lang == "zh" else found.sources[0] == "Bureau, Report 2022 (2023-03-01), section 4"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_study_without_sources_and_targets_has_a_brief_too(lang: Language) -> None:
    """No footnotes, no empty headings."""
    bare = document(indicators=[{"name": "x", "unit": "亿元", "motion": walk(0.05, 0.1)}], evidence=[level("x", 2022, "9")])
    assert kj.brief(kj.project(kj.Study.from_dict(bare)), lang).chapters == ()
    one = kj.Study.from_dict({**bare, "targets": [target("t", "x", 2023, at_least="10")]})
    text = kj.brief(kj.project(one), lang).to_text()
    assert "资料来源" not in text
    assert "Sources" not in text
    assert "[1]" not in text


# the same words in every form


@pytest.mark.parametrize("lang", LANGUAGES)
def test_markdown_has_real_footnotes(lang: Language) -> None:
    """Each [^k] that is cited is defined once, at the end; taking the markup away leaves the text."""
    found = written("bundled", lang)
    body, _, notes = found.to_markdown().partition("\n\n[^1]: ")
    defined = re.findall(r"^\[\^(\d+)\]: (.+)$", f"[^1]: {notes}", flags=re.MULTILINE)
    assert [int(k) for k, _ in defined] == list(range(1, len(found.sources) + 1))
    assert {int(k) for k in re.findall(r"\[\^(\d+)\]", body)} == set(range(1, len(found.sources) + 1))
    plain = re.sub(r"\\(.)", r"\1", re.sub(r"^#+ |\*\*(?=[（(])|(?<!\\)\*\*", "", body, flags=re.MULTILINE)).replace("[^", "[")
    text = found.to_text().split("\n资料来源\n" if lang == "zh" else "\nSources\n")[0].rstrip()
    assert " ".join(plain.split()).startswith(" ".join(text.split()))


def test_what_authors_write_cannot_become_markup() -> None:
    """Labels, titles, notes and publishers with Markdown and HTML in them are shown as they stand."""
    data = all_kinds()
    data["title"], data["indicators"][0]["label"] = HOSTILE, HOSTILE
    data["sources"][0].update(publisher=f"- {HOSTILE}", title="1. line\nbreak")
    text = kj.brief(kj.project(kj.Study.from_dict(data)), "en").to_markdown()
    ours = re.sub(r"\[\^\d+\]", "", re.sub(r"^#+ |\*\*", "", text, flags=re.MULTILINE))
    assert not re.search(r"(?<!\\)[*_`<>\[\]|$#^]", ours), "every sign that means something is behind a backslash"
    assert escaped(HOSTILE) in text
    assert re.search(r"^\[\^1\]: \\- R", text, flags=re.MULTILINE), "no list begins"
    assert (escaped("1. line\nbreak"), escaped("= x"), escaped("2025年")) == ("1\\. line break", "\\= x", "2025年")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_word_document_says_the_same(lang: Language, tmp_path: Path) -> None:
    """Opened again its paragraphs are the text's, numbers are raised, and East Asian fonts are set for every style used."""
    found = written("bundled", lang)
    path = tmp_path / "brief.docx"
    found.to_docx(path)
    opened = docx.Document(str(path))
    lines = [p.text for p in opened.paragraphs]
    blocks = found.to_text().rstrip("\n").split("\n\n")
    text = [line for block in blocks for line in (block.split("\n") if block.startswith(("资料来源", "Sources")) else [block])]
    assert lines == text
    raised = [run.text for p in opened.paragraphs for run in p.runs if run.font.superscript]
    assert raised
    assert all(re.fullmatch(r"\[\d+\]", text) for text in raised)
    headings = [p.text for p in opened.paragraphs if p.style.name == "Heading 1"]
    assert headings[: len(found.chapters)] == [chapter.title for chapter in found.chapters]
    fonts = {style: opened.styles[style].element.rPr.rFonts.get(qn("w:eastAsia")) for style in ("Normal", "Title", "Heading 1")}
    assert fonts == ({"Normal": "仿宋", "Title": "宋体", "Heading 1": "黑体"} if lang == "zh" else {"Normal": "宋体", "Title": "宋体", "Heading 1": "黑体"})
    assert opened.core_properties.title == found.title
    assert opened.core_properties.author == ""
    assert opened.core_properties.comments == found.remarks[-1]


def test_a_file_is_written_by_its_ending(tmp_path: Path) -> None:
    """.docx, .md and .txt; another ending is refused, and so is a folder that is not there."""
    found = written("all kinds", "zh")
    for ending in ("docx", "md", "txt"):
        found.to_file(tmp_path / f"brief.{ending}")
    assert (tmp_path / "brief.md").read_text(encoding="utf-8") == found.to_markdown()
    assert (tmp_path / "brief.txt").read_text(encoding="utf-8") == str(found)
    with pytest.raises(kj.KjprojError, match=r"expected \.docx, \.md or \.txt"):
        found.to_file(tmp_path / "brief.pdf")
    with pytest.raises(kj.KjprojError, match="cannot be written"):
        found.to_docx(tmp_path / "no" / "brief.docx")


def test_without_its_extra_a_word_document_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """pip install "kjproj[docx]"; Markdown still works."""
    monkeypatch.setitem(sys.modules, "docx", None)
    with pytest.raises(kj.MissingExtraError, match=r"kjproj\[docx\]"):
        written("all kinds", "zh").to_docx(tmp_path / "brief.docx")
    assert not list(tmp_path.iterdir())
    written("all kinds", "zh").to_file(tmp_path / "brief.md")


def test_paragraphs_are_numbered_in_chinese() -> None:
    """一 to 九十九 and beyond."""
    assert [_numeral(k) for k in (1, 9, 10, 11, 20, 21, 99, 100, 101, 110, 125, 200)] == ["一", "九", "十", "十一", "二十", "二十一", "九十九", "一百", "一百零一", "一百一十", "一百二十五", "二百"]


# the command


def test_the_command_prints_or_writes(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """`kjproj brief STUDY` prints the text; with -o it writes the file and says so."""
    study = kj.Study.from_dict(all_kinds())
    path, out = tmp_path / "study.json", tmp_path / "brief.docx"
    study.to_file(path)
    assert main(["brief", str(path), "--lang", "zh"]) == 0
    assert capsys.readouterr().out == kj.brief(kj.project(study), "zh").to_text()
    assert main(["brief", str(path), "-o", str(out), "--lang", "en", "--scenario", "slow"]) == 0
    assert capsys.readouterr().out == f"{out} is written\n"
    assert "scenario: slow" in docx.Document(str(out)).paragraphs[1].text
    assert main(["brief", str(path), "-o", "brief.pdf"]) == 1
