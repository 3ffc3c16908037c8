"""The page without a browser: what it says, what it lets through, what it never fetches."""

from __future__ import annotations

import datetime
import json
import re
import sys
from io import BytesIO
from pathlib import Path
from statistics import NormalDist
from typing import Any, Literal

import numpy as np
import openpyxl
import pytest
from pages import digests, kinds, known, plain, study_of, tiny, tree
from studies import document, level, one_walk, reach, target, walk

import kjproj as kj
from kjproj.answers.curves import curve, with_figure
from kjproj.cli import main
from kjproj.numbers import whole_per_cent
from kjproj.show.report import charts
from kjproj.show.report.html import element, said
from kjproj.show.report.workbook import harmless

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
LIBRARY = "window.vegaEmbed = () => Promise.resolve();"
HOSTILE = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    "]]><!-- <b>",
    "&lt;b&gt; &#60;i&#62;",
    "a\u2028b\x00\x07c",
    "</title></style></textarea>",
    "{chance} ${alert(1)} `",
]


@pytest.fixture(autouse=True)
def _short_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library of charts takes seconds to bundle; one test asks for the true one."""
    monkeypatch.setattr(charts, "library", lambda: LIBRARY)


@pytest.fixture(scope="module")
def study() -> kj.Study:
    return study_of(kinds())


@pytest.fixture(scope="module")
def report(study: kj.Study) -> kj.Report:
    return kj.report(kj.project(study))


def later(*evidence: dict[str, Any], year: int = 2023) -> kj.Study:
    """The study as of the end of a later year, with more figures."""
    data = kinds()
    return study_of({**data, "as_of": f"{year}-12-31", "evidence": [*data["evidence"], *evidence]})


def small(**parts: Any) -> kj.Report:
    return kj.report(kj.project(kj.Study.from_dict(document(**parts))))


# what the page says


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_word_of_the_screen_is_on_the_page_in_its_order(report: kj.Report, lang: Language) -> None:
    """Titles, sentences and cells of every section stand in the article of the language, in the order of the screen."""
    article = tree(report.to_html()).one("article", data_lang=lang)
    rest = plain(article.text)
    for section in report.content(lang):
        titles = [section.title] if section.title else []
        cells = [] if section.table is None else [cell for row in section.table.rows for cell in row if cell not in ("", "—")]
        prose = [line.removeprefix("- ") for line in section.prose]
        first, second = (prose, cells) if section.name in ("outlook", "goals") else (cells, prose)
        for words in (*titles, *first, *second):
            before, found, rest = rest.partition(plain(words))
            assert found, f"{section.name}: {words!r} is not on the page, or too early; before it {before[-80:]!r}"


def test_the_page_adds_to_the_screen_and_takes_nothing_away(report: kj.Report) -> None:
    """The sections are the screen's, with outlook and other goals after the targets."""
    names = [section.name for section in report.content("zh")]
    assert names == ["heading", "conclusions", "targets", "stage", "events", "no_basis", "outlook", "goals", "findings", "scenarios", "assumptions", "sources", "recipe", "closing"]
    text = kj.summary(report.overview.projection).to_text("zh", 10_000)
    titles = [section.title for section in report.content("zh") if section.title and section.name not in ("outlook", "goals")]
    assert [line for line in text.splitlines() if line in titles] == titles


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_opens_in_its_language_without_scripts(report: kj.Report, lang: Language) -> None:
    """The other language, the switch and the slider are hidden; the numbers of the charts are open."""
    page = tree(report.to_html(lang))
    assert page.one("html").attributes["lang"] == {"zh": "zh-CN", "en": "en"}[lang]
    assert page.one("title").text == report.content(lang)[0].prose[0]
    for part in page.all():
        if (of := part.attributes.get("data-lang")) is not None:
            assert ("hidden" in part.attributes) == (of != lang)
    assert all("hidden" in part.attributes for part in (*page.all("div", class_="try"), page.one("header", class_="switch")))
    assert all("open" in part.attributes for part in page.all("details"))
    pressed = {button.attributes["data-to"]: button.attributes["aria-pressed"] for button in page.one("header", class_="switch").all("button")}
    assert pressed == {one: str(one == lang).lower() for one in LANGUAGES}


def test_the_page_is_sound(report: kj.Report) -> None:
    """Elements close in order, ids are there once, what refers to an id finds it, headings and tables are whole."""
    page = tree(report.to_html())
    ids = [part.attributes["id"] for part in page.all() if "id" in part.attributes]
    assert len(set(ids)) == len(ids)
    for part in page.all():
        for key in ("for", "aria-labelledby"):
            assert set((part.attributes.get(key) or "").split()) <= set(ids), part.attributes
        if (part.attributes.get("href") or "").startswith("#"):
            assert str(part.attributes["href"])[1:] in ids
    for article in page.all("article"):
        headings = [part.name for part in article.all() if re.fullmatch(r"h\d", part.name)]
        assert headings == ["h1"] + ["h2"] * (len(headings) - 1)
        for table in article.all("table"):
            assert table.one("caption").text
            columns = len(list(table.one("thead").one("tr").all("th"))) + len(list(table.one("thead").all("td")))
            assert all(part.attributes["scope"] == "col" for part in table.one("thead").all("th"))
            for row in table.one("tbody").all("tr"):
                assert row.one("th").attributes["scope"] == "row"
                assert len(list(row.all("td"))) == columns - 1
    for frame in page.all("div", class_="frame"):
        assert (frame.attributes["role"], frame.attributes["tabindex"]) == ("region", "0")


def test_joint_chances_stand_apart_and_each_chance_has_its_strip(report: kj.Report) -> None:
    """A row that sums up is marked, its blanks are not printed; the strip's bar is the range and its dot the chance."""
    page = tree(report.to_html())
    (row,) = page.one("article", data_lang="zh").all("tr", class_="together")
    assert row.one("th").text == "全部9项同时"
    first = report.overview.rows[0].chance
    assert first is not None
    strip = next(page.all("svg", class_="strip"))
    bar, dot = strip.one("rect").attributes, strip.one("circle").attributes
    assert float(dot["cx"] or 0) == pytest.approx(100 * first.value.value, abs=0.05)
    assert (float(bar["x"] or 0), float(bar["width"] or 0)) == pytest.approx((100 * first.low, 100 * (first.high - first.low)), abs=0.1)
    assert "aria-hidden" in strip.attributes


def test_the_same_study_makes_the_same_page() -> None:
    """Two projections, the same bytes."""
    study = study_of(tiny())
    a, b = (kj.report(kj.project(study)) for _ in range(2))
    assert a.to_html() == b.to_html()
    assert a.to_markdown() == b.to_markdown()


SMALL: dict[str, dict[str, Any]] = {
    "no target": {"indicators": [{"name": "x", "unit": "亿元"}]},
    "no basis": {"indicators": [{"name": "x", "unit": "亿元"}], "targets": [target("t", "x", 2025, at_least="9")]},
    "published": {"indicators": [{"name": "x", "unit": "亿元"}], "evidence": [level("x", 2022, "9")], "targets": [target("t", "x", 2022, at_least="8")]},
    "one year ahead": {"indicators": [{"name": "x", "unit": "亿元", "motion": walk(0.1, 0.1)}], "evidence": [level("x", 2022, "9")], "targets": [target("t", "x", 2023, at_least="8")]},
    "certain": {"indicators": [{"name": "x", "unit": "亿元", "motion": walk(0.1, 0.0)}], "evidence": [level("x", 2022, "9", error="0")], "targets": [target("t", "x", 2023, at_least="8")]},
    "no level": {"indicators": [{"name": "x", "unit": "亿元", "motion": walk(0.1, 0.1)}], "evidence": [{"kind": "bound", "indicator": "x", "year": 2022, "more_than": "9"}], "targets": [target("t", "x", 2023, at_least="8")]},
}


@pytest.mark.parametrize("parts", SMALL.values(), ids=SMALL)
def test_a_small_study_has_a_whole_page(parts: dict[str, Any]) -> None:
    """Without targets, without figures, with nothing to chart or to move, page, Markdown and workbook are still whole."""
    found = small(**parts)
    page = tree(found.to_html())
    assert len(list(page.all("article"))) == 2
    assert found.to_xlsx()[:2] == b"PK"
    titles = re.findall(r"^## (.+)\n\n(.?)", found.to_markdown(), flags=re.M)
    assert all(after not in ("", "#") for _, after in titles), "no heading stands alone"
    assert bool(list(page.all("div", class_="try"))) == bool(found.curves)
    assert len(list(page.all("figure"))) == 2 * len(found.fans)


# nothing is fetched


def test_nothing_is_fetched(report: kj.Report) -> None:
    """No address but anchors, the empty icon and the plain links of sources; a policy that would stop any other."""
    html = report.to_html()
    page = tree(html)
    assert not list(page.all("iframe")) + list(page.all("img")) + list(page.all("object")) + list(page.all("base"))
    for part in page.all():
        assert not {"src", "srcset", "action", "formaction", "poster", "style"} & set(part.attributes), part
        assert not [key for key in part.attributes if key.startswith("on")]
    addresses = [(part.name, part.attributes["href"]) for part in page.all() if "href" in part.attributes]
    assert set(addresses) == {("a", "#main"), ("link", "data:,"), ("a", "https://example.org/report?a=1&b=2")}
    assert not re.search(r"url\(|@import", page.one("style").text)
    policy = dict(part.strip().split(" ", 1) for part in str(page.one("meta", http_equiv="Content-Security-Policy").attributes["content"]).split(";"))
    assert policy["default-src"] == "'none'"
    assert set(policy["script-src"].split()) == digests(page), "the page's own scripts, by their hashes, and no other"
    assert policy["img-src"] == "data:"


def test_the_library_is_the_one_that_the_charts_are_written_for(monkeypatch: pytest.MonkeyPatch, report: kj.Report) -> None:
    """The bundle is of Altair's version of Vega-Lite, nothing in it ends its element, and the page stays below 1.5 MB."""
    monkeypatch.undo()
    html = report.to_html()
    assert len(html.encode()) < 1_500_000
    scripts = [script for script in tree(html).all("script") if script.attributes.get("type") is None]
    assert len(scripts) == 2
    assert "vegaEmbed" in scripts[0].text
    assert charts.altair().SCHEMA_VERSION.removeprefix("v").rsplit(".", 1)[0] in scripts[0].text


@pytest.mark.parametrize("words", HOSTILE)
def test_words_of_a_study_are_never_markup(words: str) -> None:
    """Title, labels, notes, reasons, scenarios, sources and addresses stand as text; no element comes from them."""

    def made(words: str, url: str) -> str:
        return kj.report(kj.project(study_of(tiny(words, url)))).to_html()

    page, harmless_page = tree(made(words, "javascript:alert(1)//" + words)), tree(made("words", "words"))
    assert [part.name for part in page.all()] == [part.name for part in harmless_page.all()]
    assert [sorted(part.attributes) for part in page.all()] == [sorted(part.attributes) for part in harmless_page.all()]
    shown = re.sub(r"[\x00-\x08]", "", words)
    assert page.one("title").text == shown
    assert plain(shown) in plain(page.one("article", data_lang="en").one("h1").text)
    assert known(page)["title"] == {"zh": words, "en": words}
    assert not [a for a in page.all("a") if "javascript" in str(a.attributes["href"])]
    block = page.one("script", id="known").text
    assert not set("<>&\u2028\u2029") & set(block)


def test_elements_escape_what_is_not_html() -> None:
    """Text and attributes are escaped, HTML is not escaped twice, Chinese in English is marked as such."""
    assert element("p", "<b>", element("b", "&"), title='"<') == "<p title=\"&quot;&lt;\">&lt;b&gt;<b>&amp;</b></p>"
    assert element("input", hidden=True, aria_label=None, checked=False) == "<input hidden>"
    assert said("150 亿元, 51 %", "en") == '150 <span lang="zh-CN">亿元</span>, 51\u00a0%'
    assert said("150亿元<", "zh") == "150亿元&lt;"


# the chance at other figures


def test_a_curve_is_the_tail_of_a_normal() -> None:
    """With known drift and volatility P(x ≥ B) = 1 − Φ((ln B/L − hμ)/(σ√h)) at every figure, and figure inverts chance."""
    projection = kj.project(one_walk(0.1, 0.08, {2022: "110"}))
    found = curve(projection, reach("150", 2025))
    assert found is not None
    exact = [NormalDist(3 * 0.1, 0.08 * 3**0.5).cdf(-np.log(x / 110) + 2 * 3 * 0.1) for x in found.figures]
    assert found.chances == pytest.approx(exact, abs=1e-9)
    assert (found.chances[0] > 0.99, found.chances[-1] < 0.01) == (True, True)
    assert np.all(np.diff(found.figures) > 0)
    for p in (0.9, 0.5, 0.1):
        x = 110 * np.exp(0.3 - 0.08 * 3**0.5 * NormalDist().inv_cdf(p))
        assert found.figure(p) == pytest.approx(x, abs=found.step / 20)
        assert found.chance(float(found.figure(p) or 0)) == pytest.approx(p, abs=1e-12)
    assert found.figure(0.9999) is None


def test_every_figure_of_a_curve_has_the_chance_of_the_target_with_that_figure(report: kj.Report) -> None:
    """Whatever the kind of target, in whatever unit: at least, at most, counts, by a year, added, growth; and it is monotone."""
    projection = report.overview.projection
    assert [found.target.name for found in report.curves] == [
        "sales_2025", "energy_2025", "firms_2025", "soon_2025", "parks_2025", "total_2025", "rate_2025", "sales_2024",
    ]  # fmt: skip
    for found in report.curves:
        turns = -1 if found.target.upwards else 1
        assert np.all(turns * np.diff(found.chances) >= 0), found.target.name
        assert (found.chances.max() > 0.99, found.chances.min() < 0.01) == (True, True)
        for k in range(0, len(found.figures), 7):
            other = with_figure(projection.study, found.target, found.figures[k])  # type: ignore[arg-type]
            exact = kj.probability(projection, other)
            assert found.chances[k] == pytest.approx(exact.value, abs=max(1e-12, 4 * exact.stderr)), (found.target.name, found.figures[k])


def test_figures_stand_in_the_unit_of_the_table(report: kj.Report) -> None:
    """1,900,000 万元 of an indicator in 亿元 is moved in 亿元; a figure of 200 there is 2,000,000 万元."""
    found = report.curves[0]
    assert (found.own, found.unit) == (190.0, "亿元")
    other = with_figure(report.overview.study, found.target, 200.0)  # type: ignore[arg-type]
    assert float(other.figure) == pytest.approx(2_000_000)
    assert kj.probability(report.overview.projection, other).value == pytest.approx(found.chance(200.0), abs=1e-12)


def test_the_slider_reads_at_the_own_figure_what_the_table_says(report: kj.Report) -> None:
    """The chance there is the very number of the table, and no milestone and no range has a slider."""
    moving = known(tree(report.to_html()))
    chances = {row.target.name: row.chance.value.value for row in report.overview.rows if row.chance is not None}
    assert len(moving["curves"]) == len(report.curves)
    for given, found in zip(moving["curves"], report.curves, strict=True):
        assert given["chances"][given["figures"].index(given["own"])] == chances[found.target.name]
        assert whole_per_cent(found.chance(found.own)) == whole_per_cent(chances[found.target.name])
        assert given["figures"] == sorted(set(given["figures"]))
        assert given["step"] == found.step
    assert curve(report.overview.projection, "zone_2025") is None
    assert curve(report.overview.projection, "share_2025") is None


def test_uneven_errors_of_computation_are_levelled_and_the_own_chance_stays() -> None:
    """A bump on either side of the own figure is flattened toward it."""
    from kjproj.answers.curves import _monotone

    x = np.arange(7.0)
    p = np.array([0.9, 0.95, 0.6, 0.5, 0.55, 0.2, 0.3])
    assert _monotone(x, p, 3.0, falls=True).tolist() == [0.95, 0.95, 0.6, 0.5, 0.5, 0.2, 0.2]
    assert _monotone(x, p[::-1], 3.0, falls=False).tolist() == [0.2, 0.2, 0.5, 0.5, 0.6, 0.95, 0.95]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_table_of_other_goals_inverts_the_chances(report: kj.Report, lang: Language) -> None:
    """The goal below 66 % has a chance of 66 %, as near as the printed figure allows."""
    section = next(one for one in report.content(lang) if one.name == "goals")
    assert section.table is not None
    for row, found in zip(section.table.rows, report.curves, strict=True):
        for figure, p in zip(row[2:], (0.9, 0.66, 0.5, 0.33, 0.1), strict=True):
            x = float(figure)
            near = sorted(found.chance(x + side * found.step) for side in (-1, 1))
            assert near[0] - 0.01 <= p <= near[1] + 0.01, (found.target.name, figure)


# charts


def test_a_fan_holds_what_was_published_what_is_likely_and_what_is_needed(report: kj.Report) -> None:
    """Its quantiles are `kj.quantiles`, its reference values `kj.yearly_path`, its levels the figures of the study."""
    projection, study = report.overview.projection, report.overview.study
    first, second = report.fans
    assert first.published == study.implied["sales"]
    assert list(first.reference.values()) == list(kj.yearly_path(study, "sales_2025"))
    exact = kj.quantiles(projection, "sales", q=(0.1, 0.25, 0.5, 0.75, 0.9), last_year=2025)
    assert np.array(list(first.ahead.values())) == pytest.approx(exact.values)
    assert (first.goals, second.goals, first.years) == ((190.0,), (0.48,), (2020, 2022, 2023, 2024, 2025))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_chart_says_in_words_and_in_a_table_what_it_shows(report: kj.Report, lang: Language) -> None:
    """Each figure has a caption, a place that the script labels, and a table with a row a year."""
    page = tree(report.to_html())
    article = page.one("article", data_lang=lang)
    drawn = [chart for chart in known(page)["charts"] if chart["lang"] == lang]
    assert len(drawn) == len(list(article.all("figure"))) == 2
    for figure, chart, found in zip(article.all("figure"), drawn, report.fans, strict=True):
        assert figure.one("div", class_="chart").attributes["id"] == chart["place"]
        label = (found.row.target.label or report.overview.study.indicator(found.row.target.indicator).label)
        assert label is not None
        assert label(lang) in chart["says"]
        assert label(lang) in figure.one("figcaption").text
        assert chart["spec"]["description"] == chart["says"]
        assert [row.one("th").text for row in figure.one("tbody").all("tr")] == [str(year) for year in found.years]
        assert "http" not in json.dumps(chart["spec"])
        assert chart["spec"]["config"]["font"] == charts.FONTS[lang]


# what moved


def test_what_moved_is_the_difference_of_two_projections() -> None:
    """A new figure of turnover moves its targets and no other; the new figure is named, and the rest is said to stay."""
    old, new = kj.project(later()), kj.project(later(level("sales", 2023, "175")))
    found = kj.report(new, before=old)
    section = next(one for one in found.content("zh") if one.name == "moved")
    assert [one.name for one in found.content("zh")][:3] == ["heading", "conclusions", "moved"]
    assert section.table is not None
    assert {row[0].removeprefix("2025年").removeprefix("2024年")[:3] for row in section.table.rows} == {"交易额"}
    for row in section.table.rows:
        was, now = (int(cell.removesuffix("%")) for cell in row[1:3])
        assert row[3] == f"{now - was:+d}个百分点".replace("-", "−")
    first = section.table.rows[0]
    assert first[1:3] == [f"{100 * kj.probability(one, 'sales_2025').value:.0f}%" for one in (old, new)]
    assert any("2023年交易额175亿元" in line for line in section.prose)
    assert section.prose[-1].endswith("其余目标的概率变动均不足1个百分点。")


def test_without_news_nothing_moved() -> None:
    """The same projection twice: no table, and a sentence that says so."""
    projection = kj.project(study_of(tiny()))
    (section,) = [one for one in kj.report(projection, before=projection).content("en") if one.name == "moved"]
    assert section.table is None
    assert section.prose[-1] == "- No chance moved by 1 point or more."


def test_a_target_that_figures_settled_is_told(study: kj.Study) -> None:
    """A published year is met or missed; a target without a basis last time had none."""
    old = kj.project(study)
    known = later(level("sales", 2024, "171"), level("fund", 2022, "50"), year=2024)
    new = kj.project(known.with_motion("fund", walk(0.2, 0.1)))
    (section,) = [one for one in kj.report(new, before=old).content("en") if one.name == "moved"]
    assert section.table is not None
    rows = {row[0]: list(row[1:]) for row in section.table.rows}
    assert rows["turnover 170 亿元 in 2024"][1:] == ["published: met", "—"]
    assert rows["fund 100 亿元 in 2025"][0] == "no basis"


def test_before_must_be_a_projection(study: kj.Study) -> None:
    """A study in its place is refused, with what was expected."""
    with pytest.raises(kj.KjprojError, match=r"before is Study; expected what kjproj\.project gave"):
        kj.report(kj.project(study), before=study)  # type: ignore[arg-type]


# files


def read(report: kj.Report, lang: Language = "en") -> Any:
    return openpyxl.load_workbook(BytesIO(report.to_xlsx(lang)))


def test_a_workbook_holds_numbers_as_numbers(report: kj.Report) -> None:
    """A sheet for each part; chances are numbers that show whole per cent, never 0 or 100; levels and years are numbers."""
    book = read(report)
    assert book.sheetnames == ["targets", "joints", "scenarios", "yearly values", "findings", "assumptions", "sources", "recipe"]
    head, *rows = book["targets"].iter_rows()
    place = {cell.value: k for k, cell in enumerate(head)}
    data = {row["name"]: row for row in kj.summary(report.overview.projection).to_dict()["targets"]}
    assert len(rows) == len(data)
    for row in rows:
        found = data[row[place["name"]].value]
        for column, key in (("chance", "probability"), ("median", "median"), ("latest", "latest"), ("year", "year"), ("needed a year", "needed_a_year")):
            wanted = found.get(key) if found["status"] == "open" or key != "probability" else None
            assert row[place[column]].value == (wanted if wanted is None else pytest.approx(wanted)), (column, found["name"])
        assert row[place["chance"]].number_format == '[<0.01]"below 1 %";[>0.99]"above 99 %";0 %' or found["status"] != "open"
    years = list(book["yearly values"].iter_rows(min_row=2, values_only=True))
    assert ("turnover 1900000 万元", "亿元", 2025) in [row[:3] for row in years]
    assert all(isinstance(x, int | float) for row in years for x in row[2:] if x is not None)
    assert dict(book["recipe"].iter_rows(min_row=2, values_only=True))["study"] == report.overview.study.digest


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "=cmd|' /C calc'!A0"])
def test_no_cell_is_a_formula(start: str) -> None:
    """Words that begin like a formula get an apostrophe, wherever they stand; none becomes a formula or a link."""
    found = kj.report(kj.project(study_of(tiny(start, start))), before=kj.project(study_of(tiny())))
    for lang in LANGUAGES:
        for sheet in read(found, lang):
            for row in sheet.iter_rows():
                for cell in row:
                    assert cell.data_type != "f", cell.coordinate
                    assert cell.hyperlink is None
                    assert not isinstance(cell.value, str) or not re.match(r"\s*[=+\-@＝]|[\t\r]", cell.value), cell.value
    assert harmless("R&D − 2") == "R&D − 2"
    assert harmless("a\x00b\ufffe") == "ab"


def test_dates_in_a_workbook_are_dates() -> None:
    """A source's day is a date, not words."""
    data = {**tiny(), "sources": [{"name": "report", "published": "2022-06-30"}]}
    found = read(kj.report(kj.project(study_of(data))))["sources"]["C2"]
    assert (found.value, found.is_date) == (datetime.datetime(2022, 6, 30), True)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_markdown_has_the_same_sections(report: kj.Report, lang: Language) -> None:
    """Every title of the page is a heading, in its order, and words stay words."""
    text = report.to_markdown(lang)
    titles = [section.title for section in report.content(lang) if section.title]
    assert re.findall(r"^## (.+)$", text, flags=re.M) == titles
    assert text.startswith(f"# {report.content(lang)[0].prose[0]}\n")
    assert "<" not in text


@pytest.mark.parametrize(("name", "start"), [("a.html", b"<!DOCTYPE html>"), ("a.md", b"# "), ("A.XLSX", b"PK")])
def test_the_ending_chooses_the_format(report: kj.Report, tmp_path: Path, name: str, start: bytes) -> None:
    """HTML, Markdown and workbook, in UTF-8, by the ending alone."""
    report.write(tmp_path / name, lang="en")
    assert (tmp_path / name).read_bytes().startswith(start)


def test_other_endings_and_places_are_refused(report: kj.Report, tmp_path: Path) -> None:
    """The message says which endings there are, or that there is no such folder; nothing is written."""
    with pytest.raises(kj.KjprojError, match=r"ends in \.pdf; expected \.html, \.md or \.xlsx"):
        report.write(tmp_path / "a.pdf")
    with pytest.raises(kj.KjprojError, match="ends in nothing"):
        report.write(tmp_path / "a")
    with pytest.raises(kj.KjprojError, match="cannot be written"):
        report.write(tmp_path / "none" / "a.md")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("package", "extra", "name"), [("altair", "report", "a.html"), ("openpyxl", "xlsx", "a.xlsx")])
def test_a_missing_package_is_named(report: kj.Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: str, extra: str, name: str) -> None:
    """Without the extra the message says what to install; Markdown needs none."""
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(kj.MissingExtraError, match=rf"{package}.*kjproj\[{extra}\]"):
        report.write(tmp_path / name)
    report.write(tmp_path / "a.md")


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch, report: kj.Report) -> None:
    """The package that brings the JavaScript is named too."""
    monkeypatch.undo()
    charts.library.cache_clear()
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    with pytest.raises(kj.MissingExtraError, match=r"vl-convert-python.*kjproj\[report\]"):
        report.to_html()


# the command


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    old = study_of(tiny("示例"))
    old.to_file(tmp_path / "old.json")
    old.with_evidence(level("x", 2021, "95")).to_file(tmp_path / "new.json")
    return tmp_path


def test_the_command_writes_each_format(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line says where; the language, scenario and seed are those of `run`."""
    for name in ("a.html", "a.md", "a.xlsx"):
        assert main(["report", str(files / "old.json"), "-o", str(files / name), "--lang", "zh", "--scenario", "slow"]) == 0
        assert capsys.readouterr().out == f"已写入{files / name}。\n"
    text = (files / "a.md").read_text(encoding="utf-8")
    assert text.startswith("# 示例\n")
    assert "完成概率约" in text
    assert '<html lang="zh-CN">' in (files / "a.html").read_text(encoding="utf-8")


def test_the_command_says_what_moved_since_an_older_file(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--before OLD adds the section."""
    out = files / "a.md"
    assert main(["report", str(files / "new.json"), "--before", str(files / "old.json"), "-o", str(out), "--lang", "en"]) == 0
    assert capsys.readouterr().out == f"{out} is written.\n"
    assert "## What moved since last time" in out.read_text(encoding="utf-8")


def test_a_wrong_ending_is_refused_before_the_study_is_answered(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 1, one line, no file; without -o it is a matter of usage."""
    assert main(["report", str(files / "no such file"), "-o", str(files / "a.doc")]) == 1
    assert "expected .html, .md or .xlsx" in capsys.readouterr().err
    assert main(["report", str(files / "old.json")]) == 2
    assert not (files / "a.doc").exists()
