"""The page in a real browser: languages, slider, charts, keyboard, print; nothing fetched, nothing that shuts readers out.

It takes Chromium and playwright. Without them the tests are skipped, but where CI is true they must be there.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pages import kinds, study_of, tiny

import kjproj as kj

CHROMIUM = next((found for name in ("chromium", "chromium-browser", "google-chrome", "chrome") if (found := shutil.which(name))), None)
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
WIDTHS = {"wide": (1280, 900), "narrow": (360, 740)}
LANGUAGES = ("zh", "en")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
BOUND = {"zh": r"约(\d+)%", "en": r"about (\d+) %"}


def _needed() -> Any:
    """Return playwright, or skip; in CI what is missing is an error."""
    try:
        from playwright import sync_api
    except ModuleNotFoundError:
        sync_api = None  # type: ignore[assignment]
    missing = [name for name, found in (("chromium", CHROMIUM), ("playwright", sync_api)) if not found]
    if missing:
        assert os.environ.get("CI") != "true", f"CI lacks {' and '.join(missing)}"
        pytest.skip(f"no {' and no '.join(missing)} here: the page is not tried in a browser")
    return sync_api


@pytest.fixture(scope="module")
def report() -> kj.Report:
    study = study_of(kinds())
    return kj.report(kj.project(study), before=kj.project(study, "slow"))


@pytest.fixture(scope="module")
def place(report: kj.Report, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "report.html"
    report.write(path)
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium with a profile of its own, which playwright makes and throws away."""
    with _needed().sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield made
        made.close()


@pytest.fixture
def opened(browser: Any, place: Path) -> Iterator[Any]:
    """The page, its charts drawn."""
    with watched(browser, place) as page:
        yield page


@contextmanager
def watched(browser: Any, place: Path) -> Iterator[Any]:
    """Open a page; afterwards it must have asked for nothing but itself, said nothing, and opened no dialog."""
    asked: list[str] = []
    said: list[str] = []

    def let_through(route: Any) -> None:
        asked.append(route.request.url)
        route.continue_()

    def dismiss(dialog: Any) -> None:
        said.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.route("**/*", let_through)
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", dismiss)
    page.goto(place.as_uri())
    page.wait_for_selector("article:not([hidden]) .chart[role=img] svg")
    yield page
    page.close()
    assert asked == [place.as_uri()], "nothing but the file itself"
    assert said == []


def switch(page: Any, lang: str, charts: int = 2) -> None:
    page.click(f"button[data-to={lang}]")
    page.wait_for_function(f"document.querySelectorAll('article[data-lang={lang}] .chart[role=img] svg').length === {charts}")


def shown_chance(page: Any, lang: str) -> int:
    (found,) = re.findall(BOUND[lang], page.inner_text(f"#{lang}-chance"))
    return int(found)


def test_the_switch_changes_the_language_of_everything(opened: Any, report: kj.Report) -> None:
    """Article, lang of the page, title and pressed button change together, there and back; charts are drawn in both."""
    for lang, code in (("en", "en"), ("zh", "zh-CN"), ("en", "en")):
        switch(opened, lang)
        assert opened.evaluate("document.documentElement.lang") == code
        assert opened.title() == report.content(lang)[0].prose[0]
        assert [opened.is_visible(f"article[data-lang={one}]") for one in LANGUAGES] == [one == lang for one in LANGUAGES]
        assert opened.get_attribute(f"button[data-to={lang}]", "aria-pressed") == "true"
        assert opened.locator("button[aria-pressed=true]").count() == 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_charts_are_drawn_with_all_their_marks(opened: Any, lang: str) -> None:
    """Each has bands, a median line with points, reference values and a goal, is labelled, and its numbers fold away."""
    switch(opened, lang)
    for figure in opened.locator(f"article[data-lang={lang}] figure").all():
        chart = figure.locator(".chart")
        assert chart.get_attribute("role") == "img"
        assert len(chart.get_attribute("aria-label")) > 20
        assert chart.locator("svg").get_attribute("aria-hidden") == "true"
        assert chart.locator(".mark-area path").count() == 2
        assert chart.locator(".mark-line path").count() == 3
        assert chart.locator(".mark-symbol path").count() >= 3 + 3 + 2 + 1
        assert {"zh": "目标", "en": "goal "}[lang] in "".join(chart.locator("text").all_text_contents())
        box = chart.locator("svg").bounding_box()
        assert box is not None
        assert box["width"] > 250
        details = figure.locator("details")
        assert details.get_attribute("open") is None
        details.locator("summary").press("Enter")
        assert details.locator("table").is_visible()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_slider_moves_by_keyboard_and_the_chance_moves_with_it(opened: Any, report: kj.Report, lang: str) -> None:
    """An arrow is one figure; the chance falls as the goal rises and is that of the curve; the own figure reads as in the table."""
    switch(opened, lang)
    slider, output = opened.locator(f"#{lang}-slider"), opened.locator(f"#{lang}-chance")
    own = shown_chance(opened, lang)
    cell = opened.locator(f"article[data-lang={lang}] .targets tbody tr td.chance").first.inner_text()
    assert cell.strip().replace("\u00a0", " ").splitlines()[0] == output.locator("strong").inner_text()
    assert output.get_attribute("aria-live") == "polite"
    slider.focus()
    seen = [own]
    for _ in range(12):
        opened.keyboard.press("ArrowRight")
        figure = float(opened.input_value(f"#{lang}-value"))
        assert shown_chance(opened, lang) == pytest.approx(100 * report.curves[0].chance(figure), abs=0.51)
        assert str(figure).removesuffix(".0") in slider.get_attribute("aria-valuetext")
        seen.append(shown_chance(opened, lang))
    assert seen == sorted(seen, reverse=True)
    assert seen[-1] < own
    opened.keyboard.press("End")
    assert output.locator("strong").inner_text() == {"zh": "不足1%", "en": "below 1 %"}[lang]
    opened.keyboard.press("Home")
    assert output.locator("strong").inner_text() == {"zh": "超过99%", "en": "above 99 %"}[lang]
    opened.locator(f"[data-try={lang}] button").press("Enter")
    assert shown_chance(opened, lang) == own
    assert {"zh": "现行目标值", "en": "as it stands"}[lang] in output.inner_text()


def test_every_target_reads_at_its_own_figure_what_its_table_says(opened: Any, report: kj.Report) -> None:
    """Choosing a target goes to its own figure; the words are those of the table, down to the phrase."""
    seen = {row.target.name: row for row in report.overview.rows}
    from kjproj.show import words

    for k, found in enumerate(report.curves):
        opened.select_option("#zh-target", str(k))
        chance = seen[found.target.name].chance
        assert chance is not None
        text = opened.inner_text("#zh-chance")
        assert words.about(chance, "zh") in text, found.target.name
        assert words.phrase(chance.value.value, "zh") in text, found.target.name


def test_a_typed_goal_lies_between_two_figures(opened: Any, report: kj.Report) -> None:
    """It is read straight between its neighbours; nonsense leaves things as they are; the slider and the other language follow."""
    place = next(k for k, found in enumerate(report.curves) if found.target.name == "soon_2025")
    found = report.curves[place]
    k = int(np.argmax(-np.diff(found.chances)))
    x = round(float(found.figures[k] + 0.1 * (found.figures[k + 1] - found.figures[k])), 3)
    opened.select_option("#zh-target", str(place))
    opened.fill("#zh-value", f"{x}")
    assert shown_chance(opened, "zh") == pytest.approx(100 * found.chance(x), abs=0.51)
    assert abs(found.chances[k + 1] - found.chances[k]) > 0.01, "so that the wrong neighbour would be seen"
    assert opened.input_value("#zh-slider") == str(k)
    opened.fill("#zh-value", "")
    assert shown_chance(opened, "zh") == pytest.approx(100 * found.chance(x), abs=0.51)
    switch(opened, "en")
    assert float(opened.input_value("#en-value")) == x
    opened.fill("#en-value", "999999")
    assert "below 1 %" in opened.inner_text("#en-chance")
    assert opened.inner_text("#en-chance [lang=zh-CN]") == "亿元", "Chinese among English is marked, for voices"


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_axe_finds_nothing(opened: Any, lang: str, width: str) -> None:
    """No violation of WCAG 2.1 A or AA, in both languages, wide and narrow, tables of charts open."""
    from axe_playwright_python.sync_playwright import Axe

    opened.set_viewport_size(dict(zip(("width", "height"), WIDTHS[width], strict=True)))
    switch(opened, lang)
    opened.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
    found = Axe().run(opened, options={"runOnly": RULES}).response["violations"]
    assert [(rule["id"], [node["html"][:120] for node in rule["nodes"]]) for rule in found] == []


@pytest.mark.parametrize("width", [320, 360, 640, 1280])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_is_wider_than_the_window(opened: Any, lang: str, width: int) -> None:
    """No sideways scrolling of the page at any width, nor at 200 % of 1280 pixels (640); only frames of tables scroll."""
    opened.set_viewport_size({"width": width, "height": 800})
    switch(opened, lang)
    assert opened.evaluate("document.documentElement.scrollWidth") <= width
    cut = opened.evaluate(
        """width => [...document.querySelectorAll('article:not([hidden]) *')]
        .filter(part => part.getBoundingClientRect().right > width + 1 && !part.closest('.frame, svg, .hidden'))
        .map(part => part.outerHTML.slice(0, 80))""",
        width,
    )
    assert cut == []


def test_the_keyboard_reaches_everything_in_order_and_shows_where_it_is(opened: Any) -> None:
    """Skip link first, then the switch, tables, slider, details; each with an outline, none hidden."""
    opened.keyboard.press("Tab")
    assert opened.evaluate("document.activeElement.textContent") == "跳到正文"
    assert opened.locator(".skip:visible").count() >= 1
    opened.keyboard.press("Enter")
    assert opened.evaluate("document.activeElement.id") == "main"
    opened.evaluate("document.activeElement.blur(); window.getSelection().removeAllRanges()")
    reached = []
    for _ in range(40):
        opened.keyboard.press("Tab")
        reached.append(opened.evaluate("[document.activeElement.tagName, document.activeElement.type || document.activeElement.className]"))
        style = opened.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert style != "none" or reached[-1][0] == "BODY", reached[-1]
    kinds_of = [tuple(one) for one in reached]
    for wanted in (("BUTTON", "button"), ("DIV", "frame"), ("SELECT", "select-one"), ("INPUT", "range"), ("INPUT", "number"), ("A", "")):
        assert wanted in kinds_of, wanted


@pytest.mark.parametrize("lang", LANGUAGES)
def test_paper_has_all_but_what_moves(opened: Any, report: kj.Report, lang: str, tmp_path: Path) -> None:
    """In print: every table and chart of the language, no switch, no slider, no folded numbers; the PDF has the words."""
    switch(opened, lang)
    opened.emulate_media(media="print")
    hidden = opened.locator(".switch, .skip, .try, details, noscript")
    assert not any(part.is_visible() for part in hidden.all())
    article = opened.locator(f"article[data-lang={lang}]")
    assert all(part.is_visible() for part in article.locator("section > .frame table, .chart svg").all())
    pdf = opened.pdf(path=tmp_path / "page.pdf", prefer_css_page_size=True)
    assert pdf.startswith(b"%PDF")
    if shutil.which("pdftotext"):
        run = subprocess.run(["pdftotext", "-layout", tmp_path / "page.pdf", "-"], capture_output=True, encoding="utf-8", check=True)
        text = re.sub(r"\s", "", run.stdout)
        for section in report.content(lang):  # type: ignore[arg-type]
            assert re.sub(r"\s", "", section.title) in text, section.title
        assert {"zh": "恢复现行目标值", "en": "Backtothegoalasitstands"}[lang] not in text


def test_without_scripts_one_language_is_whole(browser: Any, place: Path, report: kj.Report) -> None:
    """Where scripts are off the page shows every section and the charts' numbers, and nothing that would not work."""
    made = browser.new_context(java_script_enabled=False)
    page = made.new_page()
    page.goto(place.as_uri())
    assert page.is_visible("article[data-lang=zh]")
    assert not page.is_visible("article[data-lang=en]")
    assert not page.is_visible(".try")
    assert page.is_visible("details table")
    made.close()


@pytest.mark.parametrize("words", ["</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>", "\u2028'\"`${alert(1)}"])
def test_words_of_a_study_run_nothing(browser: Any, tmp_path: Path, words: str) -> None:
    """In tables, charts, the slider's choice and its sentence the words stand as they are; no dialog opens."""
    place = tmp_path / "page.html"
    kj.report(kj.project(study_of(tiny(words, f"javascript:{words}")))).write(place)
    with watched(browser, place) as page:
        for lang in LANGUAGES:
            switch(page, lang, charts=1)
            assert words.strip() in page.inner_text(f"#{lang}-target option >> nth=0")
            page.hover(f"article[data-lang={lang}] .chart .mark-symbol path >> nth=1", force=True)
        assert page.title() == words
        assert page.locator("article img, a[href^=javascript]").count() == 0
