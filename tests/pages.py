"""Reading a page of HTML: a tree that refuses what browsers would repair, and the studies that pages are made of."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from studies import document, level, normal, target, walk

import kjproj as kj

VOID = {"meta", "link", "input"}


@dataclass
class Node:
    """An element: its name, attributes, children and texts in order."""

    name: str
    attributes: dict[str, str | None]
    inside: list[Node | str] = field(default_factory=list)

    def all(self, name: str | None = None, **wanted: str | None) -> Iterator[Node]:
        """Every element inside by name and attributes; `class_` is one of its classes."""
        for part in self.inside:
            if isinstance(part, Node):
                if part._is(name, wanted):
                    yield part
                yield from part.all(name, **wanted)

    def _is(self, name: str | None, wanted: dict[str, str | None]) -> bool:
        def has(key: str, value: str | None) -> bool:
            given = self.attributes.get(key.rstrip("_").replace("_", "-"))
            return value in (given or "").split() if key == "class_" else given == value

        return name in (None, self.name) and all(has(key, value) for key, value in wanted.items())

    def one(self, name: str | None = None, **wanted: str | None) -> Node:
        (found,) = self.all(name, **wanted)
        return found

    @property
    def text(self) -> str:
        return "".join(part if isinstance(part, str) else part.text for part in self.inside)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Node("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({key for key, _ in attrs}) == len(attrs), f"{tag} has an attribute twice"
        node = Node(tag, dict(attrs))
        self.open[-1].inside.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].name == tag, f"</{tag}> closes {self.open[-1].name}"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data[:60]}")


def tree(page: str) -> Node:
    """Return a page as a tree; every element must be closed, in order."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    (root,) = reader.open
    return root


def plain(text: str) -> str:
    """Return a text without blanks of any kind."""
    return re.sub(r"\s", "", text)


def known(page: Node) -> dict[str, Any]:
    """Return the data that the page's script reads."""
    found: dict[str, Any] = json.loads(page.one("script", id="known").text)
    return found


def digests(page: Node) -> set[str]:
    """Return the hashes of the scripts that run, as a policy names them."""
    scripts = [script.text for script in page.all("script") if script.attributes.get("type") is None]
    return {f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in scripts}


def kinds() -> dict[str, Any]:
    """Targets of every kind that a page treats differently."""
    return document(
        title={"zh": "示例市目标", "en": "Example targets"},
        plan={"name": "p", "base_year": 2020, "last_year": 2025},
        sources=[{"name": "report", "title": "Report", "url": "https://example.org/report?a=1&b=2"}],
        indicators=[
            {"name": "sales", "label": {"zh": "交易额", "en": "turnover"}, "unit": "亿元", "motion": walk(normal(0.08, 0.02), 0.1)},
            {"name": "energy", "label": {"zh": "单位能耗", "en": "energy use"}, "unit": "index", "motion": walk(normal(-0.03, 0.01), 0.05)},
            {"name": "firms", "label": {"zh": "高新技术企业", "en": "high-tech firms"}, "unit": "家", "measure": "stock", "motion": walk(0.1, 0.06)},
            {"name": "share", "label": "share", "unit": "%", "scale": {"kind": "logit", "low": 0, "high": 100}, "motion": walk(0.02, 0.1)},
            {"name": "parks", "label": {"zh": "园区", "en": "parks"}, "unit": "个", "measure": "events", "events": {"kind": "counts", "rate": {"kind": "gamma", "shape": 4, "rate": 1}}},
            {"name": "zone", "label": {"zh": "国家高新区", "en": "national zone"}, "unit": "个", "measure": "milestone"},
            {"name": "fund", "label": {"zh": "基金规模", "en": "fund"}, "unit": "亿元"},
        ],
        evidence=[
            level("sales", 2020, "130"),
            level("sales", 2022, "150", source="report", section="1"),
            level("energy", 2020, "0.55"),
            level("energy", 2022, "0.52"),
            level("firms", 2022, "767"),
            level("share", 2022, "60"),
            {"kind": "judgement", "indicator": "zone", "year": 2025, "chance": 0.6, "reason": "r"},
        ],
        targets=[
            target("sales_2025", "sales", 2025, at_least="1900000", unit="万元"),
            target("energy_2025", "energy", 2025, at_most="0.48"),
            target("firms_2025", "firms", 2025, at_least="1000"),
            target("share_2025", "share", 2025, between=["60", "65"]),
            target("soon_2025", "sales", 2025, at_least="190", when="by"),
            target("parks_2025", "parks", 2025, kind="added", since=2022, at_least="10"),
            target("total_2025", "sales", 2025, kind="added", since=2022, at_least="500"),
            target("rate_2025", "sales", 2025, kind="growth", since=2022, at_least="8"),
            target("zone_2025", "zone", 2025, kind="milestone"),
            target("fund_2025", "fund", 2025, at_least="100"),
            target("met_2022", "sales", 2022, at_least="140"),
            target("sales_2024", "sales", 2024, at_least="170", role="aim"),
        ],
        scenarios=[
            {"name": "trend", "label": {"zh": "趋势", "en": "trend"}, "reason": "r"},
            {"name": "slow", "label": {"zh": "放缓", "en": "slow"}, "reason": "r", "changes": [{"indicator": "sales", "drift": 0.02}]},
        ],
    )


def tiny(words: str = "words", url: str = "https://example.org") -> dict[str, Any]:
    """The same words in every place where a study has words of its own."""
    return document(
        title=words,
        sources=[{"name": "report", "title": words, "publisher": words, "url": url}],
        indicators=[
            {"name": "x", "label": words, "unit": "亿元", "motion": walk(0.08, 0.1)},
            {"name": "y", "label": words, "unit": "家"},
        ],
        evidence=[level("x", 2020, "90"), level("x", 2022, "98.1", note=words, taken_as=words)],
        targets=[
            target("x_2025", "x", 2025, at_least="120", note=words, taken_as=words),
            target("x_2024", "x", 2024, at_least="110", label=words),
            target("y_2025", "y", 2025, at_least="9"),
        ],
        scenarios=[
            {"name": "trend", "label": words, "reason": words},
            {"name": "slow", "label": words, "reason": words, "changes": [{"indicator": "x", "drift": 0.02}]},
        ],
    )


def study_of(data: dict[str, Any]) -> kj.Study:
    return kj.Study.from_dict(data)
