"""Which sheets and columns a study in a spreadsheet has: read off the document's schema, so that nothing is left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

STUDY = "study"
"""The sheet of what stands once in a study, key by key."""

ROWS_WITHIN = {"scenarios": "changes"}
SCENARIO = ("name", "label", "reason", "commitments", "weight")
"""The fields of a scenario itself; the others in its rows are those of a change."""
"""Sheets whose items have a row for every part: the field that holds the parts."""

_DEEPEST = 6
Json = dict[str, Any]


@dataclass(frozen=True)
class Field:
    """A column: its dotted path, what a cell may hold ("text", "number", "whole", "flag", "date", "names", "json"), and the words to choose from."""

    path: str
    takes: frozenset[str]
    choices: tuple[str, ...] = ()


Fields = Mapping[str, Field]


@cache
def sheets() -> Mapping[str, Fields]:
    """Return every sheet with its columns by path, in the document's order."""
    from ..schema import schema

    whole = schema()
    found: dict[str, Fields] = {STUDY: {}}
    alone: Json = {}
    for name, part in whole["properties"].items():
        items = _items(part, whole)
        if items is None:
            alone[name] = part
        else:
            found[name] = _columns(name, items, whole)
    found[STUDY] = _merged(_walk({"type": "object", "properties": alone}, "", whole, 0))
    return found


def _columns(sheet: str, items: Json, whole: Json) -> Fields:
    """Return the columns of a list: its items' fields, and those of the parts that get rows of their own."""
    columns = _merged(_walk(items, "", whole, 0))
    if sheet in ROWS_WITHIN:
        parts = next(k for a in _alternatives(items, whole) for n, k in a["properties"].items() if n == ROWS_WITHIN[sheet])
        within = _items(parts, whole) or {}
        columns = {**_merged(_walk(within, "", whole, 0)), **columns}
        order = [*(k for k in columns if k.split(".")[0] in SCENARIO), *columns]
        columns = {path: columns[path] for path in order}
    return columns


def _items(part: Json, whole: Json) -> Json | None:
    """Return the schema of a list's items where they are objects."""
    for alternative in _alternatives(part, whole):
        items = alternative.get("items")
        if alternative.get("type") == "array" and items and all("properties" in a for a in _alternatives(items, whole)):
            return dict(items)
    return None


def _alternatives(part: Json, whole: Json) -> Iterator[Json]:
    """Return a schema's alternatives, references followed."""
    if "$ref" in part:
        yield from _alternatives(whole["$defs"][part["$ref"].rpartition("/")[2]], whole)
    elif "anyOf" in part or "oneOf" in part:
        for one in part.get("anyOf") or part["oneOf"]:
            yield from _alternatives(one, whole)
    else:
        yield part


def _walk(part: Json, path: str, whole: Json, depth: int) -> Iterator[Field]:
    takes: set[str] = set()
    choices: list[str] = []
    inner: list[Field] = []
    for one in _alternatives(part, whole):
        takes |= _takes(one, whole)
        choices += [c for c in one.get("enum", [one.get("const")]) if isinstance(c, str)]
        for name, child in one.get("properties", {}).items() if depth < _DEEPEST else ():
            inner += _walk(child, f"{path}.{name}" if path else name, whole, depth + 1)
    if path:
        yield Field(path, frozenset(takes), tuple(choices))
    yield from inner


_PLAIN = {"integer": "whole", "number": "number", "boolean": "flag"}


def _takes(one: Json, whole: Json) -> set[str]:
    kind = one.get("type")
    if kind == "null":
        return set()
    if kind == "string":
        return {"date" if one.get("format") == "date" else "text"}
    if kind == "array":
        members = [*one.get("prefixItems", ()), *([one["items"]] if isinstance(one.get("items"), dict) else [])]
        texts = members and all(a.get("type") == "string" for m in members for a in _alternatives(m, whole))
        return {"names", "json"} if texts else {"json"}
    return {_PLAIN.get(str(kind), "json")}


def _merged(found: Iterator[Field]) -> dict[str, Field]:
    """Join the columns of one path that several kinds have."""
    merged: dict[str, Field] = {}
    for field in found:
        old = merged.get(field.path, Field(field.path, frozenset()))
        merged[field.path] = Field(field.path, old.takes | field.takes, tuple(dict.fromkeys((*old.choices, *field.choices))))
    return merged
