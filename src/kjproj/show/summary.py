"""`summary`: the table that a person reads, and the same as data."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..answers.bounds import Bounds
from ..answers.overview import Overview, Row, overview
from ..progress import OnProgress
from ..projection import Projection
from ..tables import FrameLibrary, Html, frame_of, html
from ..text import Language
from . import markdown
from .screen import Sort, screen, sections, shown_table


@dataclass(frozen=True, eq=False, repr=False)
class Summary:
    """Every target of a study answered. `str()` and `to_text` are the screen, the others the same as data."""

    overview: Overview

    def to_text(self, lang: Language = "zh", columns: int | None = None, *, sort: Sort = "plan") -> str:
        """Return the screen in a language, for a width in columns (the terminal's unless given).

        `sort` orders the targets of a table as the "plan" does, or by "risk", the least likely first.
        """
        return screen(self.overview, lang, columns or shutil.get_terminal_size((120, 40)).columns, sort)

    def __str__(self) -> str:
        return self.to_text("en")

    def __repr__(self) -> str:
        seen = self.overview
        counts = Counter(row.status for row in seen.rows)
        return (
            f"Summary({counts['open']} targets answered, {counts['observed']} published, {counts['no_basis']} without a basis; "
            f"of {seen.projection!r})"
        )

    def to_html(self, lang: Language = "en", *, sort: Sort = "plan") -> Html:
        """Return the screen as HTML, which a notebook shows; every text in it is escaped."""
        (_, _, (title, *lines), _), *others = sections(self.overview, lang, sort)
        parts = [html.heading(title, 3), *html.paragraphs(lines)]
        for section in others:
            shown = shown_table(section.table, lang)
            table = [] if shown is None else [html.table(shown.head, shown.rows)]
            parts += [*([html.heading(section.title)] if section.title else []), *table, *html.paragraphs(section.prose)]
        return html.page(parts, lang)

    def _repr_html_(self) -> str:
        return str(self.to_html("en"))

    def to_markdown(self, lang: Language = "en") -> str:
        """Return the screen as Markdown; words of the study are never read as Markdown or HTML."""
        return markdown.page(sections(self.overview, lang))

    def to_dict(self) -> dict[str, Any]:
        """Return the numbers as plain data: targets, joint chances, variations, findings, recipe."""
        seen = self.overview
        return {
            "scenario": seen.projection.scenario.name,
            "as_of": seen.study.as_of.isoformat(),
            "targets": [_row(row, seen) for row in seen.rows],
            "joints": [{"targets": list(j.targets), "binding": j.binding, "pair": j.pair, **_chance(j.chance)} for j in seen.joints],
            "readings": seen.branches,
            "findings": [{"kind": f.kind, "about": list(f.about), "zh": f.words.zh, "en": f.words.en, "numbers": f.numbers} for f in seen.findings],
            "nodes": {block.name: block.diagnostics() for block in seen.projection.blocks},
            "recipe": seen.projection.recipe.to_dict(),
        }

    def to_json(self) -> str:
        """Return the numbers as JSON text; `stderr` is the error of the computation alone."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=1, allow_nan=False) + "\n"

    def to_frame(self, backend: FrameLibrary = "pandas") -> Any:
        """Return one row a target as a pandas or polars frame; yearly reference values in columns `reference_2023`, …"""
        return frame_of([_flat(row) for row in self.to_dict()["targets"]], backend)


def summary(projection: Projection, *, on_progress: OnProgress | None = None) -> Summary:
    """Answer every target of a study: chances with their ranges, what is needed, findings, assumptions, sources.

    `on_progress` is told (done, total, None): done in targets, the joint chances counting as one more; at most every tenth
    of a second, and at the end.

    >>> import kjproj as kj
    >>> projection = kj.project(kj.datasets.yueyang())
    >>> print(kj.summary(projection).to_text("zh").splitlines()[0])
    岳阳市2025年科技创新目标完成概率测算
    """
    return Summary(overview(projection, on_progress))


def _chance(chance: Bounds) -> dict[str, Any]:
    return {
        "probability": chance.value.value,
        "stderr": chance.value.stderr,
        "method": chance.value.method,
        "low": chance.low,
        "high": chance.high,
        "moved_most_by": chance.mover,
        "under": dict(chance.under),
        "given": [
            {"indicator": g.indicator, "growth": list(g.growth), "probability": [c.value for c in g.chance]} for g in chance.given
        ],
    }


def _row(row: Row, seen: Overview) -> dict[str, Any]:
    target, need = row.target, row.need
    low, high = target.limits(seen.study)
    return {
        "name": target.name,
        "indicator": target.indicator,
        "year": target.year,
        "kind": target.kind,
        "unit": target.measured(seen.study).unit,
        "goal": target.aimed(seen.study),
        "bound": target.describe("en"),
        "least": None if low == float("-inf") else low,
        "greatest": None if high == float("inf") else high,
        "status": row.status,
        "latest": None if row.latest is None else row.latest[1],
        "latest_year": None if row.latest is None else row.latest[0],
        "needed_a_year": None if need is None else need.value,
        "needed_as": None if need is None else need.way,
        "yearly_path": None if row.path is None else {str(year): value for year, value in row.path.by_year.items()},
        "pace_lead": None if row.pace is None else row.pace.lead,
        "median": row.median,
        "low_80": row.low,
        "high_80": row.high,
        "own_data": row.own_data,
        "advice": row.advice,
        **({} if row.chance is None else _chance(row.chance)),
    }


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """A target's numbers without what is nested; a column for each yearly reference value."""
    path = row["yearly_path"] or {}
    plain = {k: v for k, v in row.items() if k != "yearly_path" and not isinstance(v, Mapping)}
    return {**plain, **{f"reference_{year}": value for year, value in path.items()}}
