"""Adding to the text of a YAML study: comments, order and layout stay."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

_PLAIN = re.compile(r"[^\W\d]\w*")
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
Items = Sequence[Mapping[str, Any]]
Edit = tuple[int, int, str]


def with_items(text: str, root: Any, items: Items, as_of: str | None) -> str:
    """Return the text with items at the end of its list `evidence`, and another `as_of` where one is given.

    `root` is the text's YAML node. The caller compares what the new text states with what it should.
    """
    nodes = {key.value: node for key, node in root.value}
    edits = [_added(text, nodes.get("evidence"), items)]
    if as_of is not None:
        node = nodes["as_of"]
        edits.append((node.start_mark.index, node.end_mark.index, as_of))
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _added(text: str, node: Any, items: Items) -> Edit:
    end = "\r\n" if "\r\n" in text else "\n"
    if node is None:
        gap = "" if text.endswith("\n") else end
        return len(text), len(text), gap + "evidence:" + end + "".join(f"- {_flow(item)}{end}" for item in items)
    if node.flow_style:
        return _into_flow(text, node, items, end)
    last = node.value[-1]
    margin = " " * node.start_mark.column
    lines = [f"{margin}- {line}" for item in items for line in [_item(item, last, margin + "  ", end)]]
    at, unended = _line_end(text, _end(last))
    return at, at, end + end.join(lines) if unended else end.join(lines) + end


def _into_flow(text: str, node: Any, items: Items, end: str) -> Edit:
    if not node.value:
        new = ", ".join(_flow(item) for item in items)
        return node.start_mark.index, node.end_mark.index, f"[{new}]"
    last = node.value[-1]
    start = text.rfind("\n", 0, last.start_mark.index) + 1
    before = text[start : last.start_mark.index]
    between = f",{end}{before}" if not before.strip() and start else ", "
    at = last.end_mark.index
    return at, at, "".join(between + _flow(item) for item in items)


def _end(node: Any) -> int:
    """Return where a node's last word ends: a block's own mark lies beyond the comments that follow."""
    inner = node.value
    if isinstance(inner, list) and inner and not node.flow_style:
        last = inner[-1]
        return _end(last[1] if isinstance(last, tuple) else last)
    return int(node.end_mark.index)


def _line_end(text: str, at: int) -> tuple[int, bool]:
    """Return where the line of a place ends, or the place itself at the start of a line; and whether the line has no end."""
    if at and text[at - 1] == "\n":
        return at, False
    found = text.find("\n", at)
    return (len(text), True) if found < 0 else (found + 1, False)


def _item(item: Mapping[str, Any], like: Any, margin: str, end: str) -> str:
    if like.flow_style:
        return _flow(item)
    return f"{end}{margin}".join(f"{key}: {_scalar(key, value)}" for key, value in item.items())


def _flow(item: Mapping[str, Any]) -> str:
    return "{" + ", ".join(f"{key}: {_scalar(key, value)}" for key, value in item.items()) + "}"


def _scalar(key: str, value: Any) -> str:
    if key == "published":
        return str(value)
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in _WORDS:
        return value
    return json.dumps(value, ensure_ascii=False)
