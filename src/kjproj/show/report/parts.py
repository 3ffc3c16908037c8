"""The parts of the page: sections, tables, figures and the slider, as elements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...answers.bounds import Bounds
from ...answers.overview import Overview
from ...numbers import digits
from ...study import Study
from ...text import Language
from .. import words
from ..section import Section, Table
from . import wording
from .charts import ranges
from .html import Html, element, joined, said
from .outlook import Outlook

_ALWAYS = 3
_CHANCE, _BRIEF = 6, (2, 5, 6, 7, 8, 9)
_PROSE_FIRST = ("outlook", "goals")


def section(shown: Section, lang: Language, *more: Html, study: Study | None = None) -> Html:
    """Return a section: title, what comes before its table, the table, prose."""
    name = f"{lang}-{shown.name}"
    title = element("h2", said(shown.title, lang), id=name) if shown.title else Html()
    grid = [] if shown.table is None else [table(shown.table, shown.title, lang, name=name, cards=True)]
    prose = sources(shown.prose, study, lang) if study else paragraphs(shown.prose, lang)
    body = (prose, *grid) if shown.name in _PROSE_FIRST else (*grid, prose)
    return element("section", title, *more, *body, class_=shown.name)


def heading(shown: Section, lang: Language) -> Html:
    """Return the heading: title, scenario, and what the figures cover."""
    title, *about = shown.prose
    lines = [element("p", said(line.replace("    ", "\u2003"), lang), class_="about") for line in about]
    return element("header", element("h1", said(title, lang)), *lines)


def paragraphs(prose: Sequence[str], lang: Language) -> Html:
    """Return sentences as paragraphs, and those that begin with "- " as a list."""
    if any(line.startswith("- ") for line in prose):
        return element("ul", *(element("li", said(line.removeprefix("- "), lang)) for line in prose))
    return joined(*(element("p", said(line, lang)) for line in prose))


def sources(prose: Sequence[str], study: Study, lang: Language) -> Html:
    """Return the list of sources, each with its address as a plain link where it is one of the web."""
    urls = [source.url for source in study.sources] or [None]
    items = [
        element("li", said(line.removeprefix("- "), lang), *_link(url)) for line, url in zip(prose, urls, strict=True)
    ]
    return element("ul", *items)


def _link(url: str | None) -> list[Html]:
    if url is None or not url.lower().startswith(("https://", "http://")):
        return [] if url is None else [joined(f" {url}")]
    return [Html(" "), element("a", url, href=url, rel="noopener noreferrer external")]


def table(shown: Table, title: str, lang: Language, *, name: str, cards: bool = False) -> Html:
    """Return a table in a frame that can be scrolled by keyboard; `cards` are what its rows become on a small screen.

    Roles are stated, because a row that is laid out as a card would lose them.
    """
    targets = tuple(shown.head) == words.HEADS[lang]
    found = shown.without_blanks(_ALWAYS) if targets else shown
    caption = element("caption", said(title, lang), id=f"{name}-caption", class_="hidden")
    heads = [
        element("th", said(head, lang), scope="col", role="columnheader") if head else element("td", role="cell") for head in found.head
    ]
    chances = found.chances or [None] * len(found.rows)
    rows = [_row(cells, found.head, chance, lang) for cells, chance in zip(found.rows, chances, strict=True)]
    inside = element(
        "table",
        caption,
        element("thead", element("tr", *heads, role="row"), role="rowgroup"),
        element("tbody", *rows, role="rowgroup"),
        role="table",
        class_=" ".join([*(["cards"] if cards else []), *(["full"] if targets else [])]) or None,
    )
    return element("div", inside, class_="frame", role="region", tabindex="0", aria_labelledby=f"{name}-caption")


def _row(cells: Sequence[str], heads: Sequence[str], chance: Bounds | None, lang: Language) -> Html:
    first, rest = cells[0], cells[1:]
    found = [element("th", said(first.strip(), lang), scope="row", role="rowheader")]
    known = words.HEADS[lang]
    for head, cell in zip(heads[1:], rest, strict=True):
        inside = [said(cell, lang)]
        if chance is not None and head == known[_CHANCE]:
            inside.append(strip(chance))
        found.append(element("td", *inside, role="cell", data_head=head, class_=_kind(cell, known.index(head) if head in known else None)))
    return element("tr", *found, role="row", class_="together" if first != first.lstrip() else None)


def _kind(cell: str, place: int | None) -> str | None:
    """Say how a cell is laid out: left out of a card, or kept on one line."""
    if cell in ("", "—"):
        return "none"
    return "brief chance" if place == _CHANCE else "brief" if place in _BRIEF else None


def strip(chance: Bounds) -> Html:
    """Return a line from 0 to 100 % with the range over assumptions as a bar and the chance as a dot, for the eye alone."""
    low, high, value = (round(100 * p, 1) for p in (chance.low, chance.high, chance.value.value))
    return element(
        "svg",
        element("line", x1=0, y1=4, x2=100, y2=4, class_="whole"),
        element("rect", x=low, y=2, width=max(round(high - low, 1), 1), height=4, class_="range"),
        element("circle", cx=value, cy=4, r=3, class_="value"),
        viewBox="-4 0 108 8",
        class_="strip",
        aria_hidden="true",
    )


def figures(seen: Overview, fans: Sequence[Outlook], lang: Language) -> list[Html]:
    """Return the charts side by side, below what their signs mean."""
    found = [figure(seen, one, lang, name=f"{lang}-fan-{k}") for k, one in enumerate(fans)]
    return [element("p", wording.CAPTION[lang], class_="legend"), element("div", *found, class_="figures")] if found else []


def figure(seen: Overview, found: Outlook, lang: Language, *, name: str) -> Html:
    """Return the place of a chart with its title, what its signs mean, and the same numbers in a table."""
    title = words.named(seen.study, found.row.target, lang)
    head = wording.HEADS["years"][lang]
    numbers = Table(head, [_year(found, year, lang) for year in found.years])
    return element(
        "figure",
        element("figcaption", said(title, lang)),
        element("div", id=name, class_="chart"),
        element("noscript", element("p", wording.CONTROLS["no_script"][lang])),
        element(
            "details",
            element("summary", wording.CONTROLS["numbers"][lang]),
            table(numbers, f"{wording.CONTROLS['numbers'][lang]}{'：' if lang == 'zh' else ': '}{title}", lang, name=f"{name}-numbers"),
            open=True,  # the script closes it once there is a chart
        ),
    )


def _year(found: Outlook, year: int, lang: Language) -> list[str]:
    said = [digits(values[year]) if year in values else "—" for values in (found.published, found.reference)]
    ahead = ranges(found.ahead[year], lang) if year in found.ahead else ("—", "—", "—")
    return [str(year), *said, *ahead]


def slider(data: dict[str, Any], lang: Language) -> Html:
    """Return the slider with a choice of target and a field for the figure; it shows where scripts run."""
    label = {name: said[lang] for name, said in wording.CONTROLS.items()}
    options = [element("option", curve["title"][lang], value=k) for k, curve in enumerate(data["curves"])]
    fields = [
        element("p", element("label", label["target"], for_=f"{lang}-target"), element("select", *options, id=f"{lang}-target")),
        element(
            "p",
            element("label", label["slider"], for_=f"{lang}-slider"),
            element("input", type="range", id=f"{lang}-slider", min=0, step=1, autocomplete="off"),
        ),
        element(
            "p",
            element("label", label["value"], element("span", class_="unit"), for_=f"{lang}-value"),
            element("input", type="number", id=f"{lang}-value", autocomplete="off"),
            element("button", label["reset"], type="button"),
        ),
    ]
    output = element("output", id=f"{lang}-chance", for_=f"{lang}-target {lang}-slider {lang}-value", aria_live="polite")
    return element("div", element("p", wording.TRY[lang]), *fields, output, class_="try", hidden=True, data_try=lang)
