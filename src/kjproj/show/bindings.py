"""Which target binds, as the command shows it."""

from __future__ import annotations

import shutil

from ..answers.binding import Binding
from ..numbers import per_cent
from ..study import Study
from ..text import Language
from . import tables
from .words import glossary

_HEAD: dict[Language, tuple[str, ...]] = {
    "zh": ("目标", "单独完成", "仅此项未完成", "其余均完成时", "不计此项"),
    "en": ("target", "alone", "only one missed", "given the others", "all without it"),
}
_NOTE: dict[Language, str] = {
    "zh": "仅此项未完成：其余各项都完成而此项未完成的概率，即不计此项时同时完成概率的提高。",
    "en": "Only one missed: the chance that all the others are met and this one is not, which is what leaving it out gains.",
}


def binding_text(found: Binding, study: Study, lang: Language, columns: int | None = None) -> str:
    """Return the joint chance, a table of the targets, and what it says, for a width in columns (the terminal's unless given)."""
    width = columns or shutil.get_terminal_size((120, 40)).columns
    rows = [
        [item.words(lang), *(per_cent(e.value, lang) for e in (item.chance, item.only_missed, item.given_others, item.others))]
        for item in found.items
    ]
    head = found.to_text(lang).splitlines()[0]
    table = tables.fitting(_HEAD[lang], rows, width, 1)
    return "\n".join([head, "", *table, "", *tables.wrapped(_NOTE[lang], width), *glossary(study, lang)]) + "\n"
