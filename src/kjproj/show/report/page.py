"""The page: one file of HTML in both languages, which fetches nothing."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from ...answers.curves import Curve
from ...answers.overview import Overview
from ...text import Language
from ..section import Section
from . import charts, parts, wording
from .goals import slider
from .html import CODES, Html, data, element, joined
from .outlook import Outlook

_LANGUAGES: tuple[Language, ...] = ("zh", "en")


def page(
    seen: Overview, content: dict[Language, Sequence[Section]], curves: Sequence[Curve], fans: Sequence[Outlook], lang: Language
) -> str:
    """Return the whole page; `lang` is the language in which it opens, and shows without scripts."""
    moving = slider(seen, curves)
    titles = {one: content[one][0].prose[0] for one in _LANGUAGES}
    known = {
        "title": titles,
        "codes": CODES,
        "charts": [
            {"place": f"{one}-fan-{k}", "lang": one, "spec": spec, "says": spec["description"]}
            for one in _LANGUAGES
            for k, found in enumerate(fans)
            for spec in [charts.fan(seen, found, one)]
        ],
        **moving,
    }
    scripts = [_script(charts.library())] if fans else []
    scripts.append(_script(_file("page.js")))
    articles = [_article(seen, content[one], fans, moving, one, hidden=one != lang) for one in _LANGUAGES]
    body = element(
        "body",
        *(_in(one, lang, "a", wording.CONTROLS["skip"][one], href="#main", class_="skip") for one in _LANGUAGES),
        _switch(lang),
        element("main", *articles, id="main", tabindex="-1"),
        data(known, "known"),
        *(element("script", script) for script in scripts),
    )
    return f"<!DOCTYPE html>\n{element('html', _head(titles[lang], scripts), body, lang=CODES[lang])}\n"


def _head(title: str, scripts: Sequence[Html]) -> Html:
    """Return the head; the policy lets nothing be fetched, and no script run but those of the page itself."""
    allowed = " ".join(f"'sha256-{b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" for script in scripts)
    policy = f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", title),
        element("link", rel="icon", href="data:,"),
        element("style", Html(_style())),
    )


def _style() -> str:
    """Return the style sheet, with the fonts of the charts."""
    style = _file("page.css")
    for lang in _LANGUAGES:
        style = style.replace(f"/* fonts {lang} */", charts.FONTS[lang])
    return style


def _file(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _script(code: str) -> Html:
    """Return a script in which nothing ends its element."""
    return Html(re.sub(r"<(?=/script|!--)", r"\\x3c", code, flags=re.IGNORECASE))


def _in(lang: Language, opened: Language, name: str, /, *inside: str, **attributes: Any) -> Html:
    """Return an element that is there in one language."""
    return element(name, *inside, lang=CODES[lang], data_lang=lang, hidden=lang != opened, **attributes)


def _switch(lang: Language) -> Html:
    """Return the two buttons of the languages; the script shows them."""
    buttons = [
        element("button", wording.CONTROLS["language"][one], type="button", lang=CODES[one], data_to=one, aria_pressed=str(one == lang).lower())
        for one in _LANGUAGES
    ]
    said = wording.CONTROLS["switch"]
    return element("header", element("div", *buttons, role="group", aria_label=f"{said['zh']} / {said['en']}"), class_="switch", hidden=True)


def _article(
    seen: Overview, content: Sequence[Section], fans: Sequence[Outlook], moving: dict[str, Any], lang: Language, *, hidden: bool
) -> Html:
    more = {"outlook": parts.figures(seen, fans, lang), "goals": [parts.slider(moving, lang)]}
    said = [
        parts.section(one, lang, *more.get(one.name, ()), study=seen.study if one.name == "sources" else None)
        for one in content[1:]
    ]
    body = joined(parts.heading(content[0], lang), *said)
    return element("article", body, lang=CODES[lang], data_lang=lang, hidden=hidden)
