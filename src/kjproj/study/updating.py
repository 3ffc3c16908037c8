"""New figures in a study's file: added where they belong, everything else as it stood."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ..errors import KjprojError
from ..evidence import Evidence
from . import files
from .replacing import replace_file
from .study import Study

_SETTING = re.compile(r"\s*([^\W\d]\w*)\s*\.\s*(\d{4})\s*=\s*(\S+)\s*")


@dataclass(frozen=True)
class Update:
    """A study before and after new figures, and the figures as a document states them."""

    before: Study
    after: Study
    items: tuple[dict[str, Any], ...]
    as_of: str | None

    @property
    def added(self) -> tuple[tuple[Evidence, tuple[Evidence, ...]], ...]:
        """The new figures, each with the ones that it replaces."""
        first = len(self.before.evidence)
        standing = [item for _, item in self.before.standing]
        found = []
        for item in self.after.evidence[first:]:
            old = tuple(e for e in standing if item.revises and e.subject == item.subject)
            standing = [*(e for e in standing if e not in old), item]
            found.append((item, old))
        return tuple(found)


def updated(study: Study, settings: Sequence[str], *, as_of: date | None = None, **more: Any) -> Update:
    """Return a study with levels such as "rd_spending.2022=112.3"; what stands already for that year is revised.

    `more` goes into every figure: `unit`, `source`, `section`, `published`, `expected`. Raises `KjprojError`, and
    `StudyError` where the study would not be sound.
    """
    stated = {key: value.isoformat() if isinstance(value, date) else value for key, value in more.items() if value}
    levels = {(e.indicator, e.year) for _, e in study.standing if e.kind == "level"}
    items = []
    for setting in settings:
        name, year, value = _parsed(setting)
        study.indicator(name)  # names the known ones
        _in_time(study, setting, year, as_of)
        item = {"kind": "level", "indicator": name, "year": year, "value": value, **stated}
        items.append({**item, "revises": True} if (name, year) in levels else item)
        levels.add((name, year))
    whole = {name: getattr(study, name) for name in study.model_fields_set}
    fields = {**whole, "evidence": [*study.evidence, *items], "as_of": as_of or study.as_of}
    after = files.validated(type(study), fields, "the study with the new figures")
    return Update(study, after, tuple(items), None if as_of is None else as_of.isoformat())


def _parsed(setting: str) -> tuple[str, int, str]:
    found = _SETTING.fullmatch(setting)
    if found is None:
        raise KjprojError(f"{setting!r} is no figure; expected INDICATOR.YEAR=VALUE, such as rd_spending.2022=112.3")
    return found[1], int(found[2]), found[3]


def _in_time(study: Study, setting: str, year: int, as_of: date | None) -> None:
    last = (as_of or study.as_of).year
    if year > last:
        raise KjprojError(
            f"{setting}: {year} lies after as_of, {as_of or study.as_of}; give --as-of with the day from which the study "
            f"then looks ahead, such as --as-of {year}-12-31"
        )


def write_update(update: Update, path: Path, out: Path | None = None) -> None:
    """Write the new figures into the study's file, or to another; a file is written as a whole or not at all."""
    out = path if out is None else out
    if _form(out) != _form(path):
        update.after.to_file(out)
        return
    if path.suffix.lower() == ".xlsx":
        from .sheets.appending import appended

        content = appended(path, update.items, update.as_of)
    else:
        content = _edited(path, update)
    replace_file(out, content)


def _form(path: Path) -> str:
    return path.suffix.lower().replace(".yml", ".yaml")


def _edited(path: Path, update: Update) -> bytes:
    raw = path.read_bytes()
    mark = b"\xef\xbb\xbf" if raw.startswith(b"\xef\xbb\xbf") else b""
    text = raw.removeprefix(mark).decode("utf-8")
    if path.suffix.lower() == ".json":
        return mark + _json(text, files.parse_json(text, str(path)), update).encode()
    from .yaml_text import with_items

    before = files.mapping(files.parse_yaml(text, str(path)), str(path))
    refused = KjprojError(
        f"{path} is laid out in a way that nothing can be added to without a change elsewhere; write the study to another "
        "file, such as -o study.json, or add the figure by hand"
    )
    try:
        new = with_items(text, files.yaml_nodes(text), update.items, update.as_of)
        after = files.parse_yaml(new, str(path))
    except (KjprojError, LookupError, AttributeError):
        raise refused from None
    if _plain(after) != _plain(_expected(before, update)):
        raise refused
    return mark + new.encode()


def _expected(document: Mapping[str, Any], update: Update) -> dict[str, Any]:
    new = {**document, "evidence": [*document.get("evidence", []), *update.items]}
    return {**new, "as_of": update.as_of} if update.as_of is not None else new


def _plain(document: Any) -> str:
    return json.dumps(document, default=date.isoformat, sort_keys=True)


def _json(text: str, document: Mapping[str, Any], update: Update) -> str:
    """Return JSON text in the layout that the file has, where it is a common one; else in this project's."""
    new = _expected(document, update)
    for indent in (1, 2, 4, "\t", None):
        for escaped in (False, True):
            for end in ("\n", ""):
                if json.dumps(document, ensure_ascii=escaped, indent=indent) + end == text.replace("\r\n", "\n"):
                    found = json.dumps(new, ensure_ascii=escaped, indent=indent) + end
                    return found.replace("\n", "\r\n") if "\r\n" in text else found
    return files.write_json(new)
