"""Elements of HTML: whatever is not HTML already is escaped, so that words of a study can never be markup."""

from __future__ import annotations

import json
import re
from html import escape
from typing import Any

from ...text import Language

_VOID = ("meta", "link", "input")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]+")
_PER_CENT = re.compile(r"(?<=\d) (?=%)")
CODES: dict[Language, str] = {"zh": "zh-CN", "en": "en"}


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


def element(name: str, /, *inside: str, **attributes: object) -> Html:
    """Return an element; of its attributes `class_` is class, `aria_label` aria-label, None and False are left out."""
    said = "".join(_attribute(key, value) for key, value in attributes.items() if value is not None and value is not False)
    if name in _VOID:
        return Html(f"<{name}{said}>")
    return Html(f"<{name}{said}>{joined(*inside)}</{name}>")


def _attribute(key: str, value: object) -> str:
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(_CONTROLS.sub("", str(value)))}"'


def joined(*parts: str) -> Html:
    """Return parts one after the other; those that are not HTML are escaped."""
    return Html("".join(part if isinstance(part, Html) else escape(_CONTROLS.sub("", part)) for part in parts))


def said(words: str, lang: Language) -> Html:
    """Return words of a language; Chinese among English ones is marked, for voices and fonts, and 51 % stays together."""
    if lang == "zh":
        return joined(words)
    words = _PER_CENT.sub("\u00a0", words)
    parts, end = [], 0
    for found in _CHINESE.finditer(words):
        parts += [words[end : found.start()], element("span", found[0], lang=CODES["zh"])]
        end = found.end()
    return joined(*parts, words[end:])


def data(value: Any, name: str) -> Html:
    """Return a block of data for the page's script: JSON in which nothing can end the block."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return element("script", Html(text), type="application/json", id=name)
