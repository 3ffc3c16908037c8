"""An indicator year by year: what was published, what leads evenly to the target, and what is likely."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ...answers.levels import quantiles
from ...answers.overview import Overview, Row
from ...errors import KjprojError
from ...figures import number
from ...study import Study
from ...targets import Target
from ...text import Language
from ...units import convert
from .. import words
from ..section import Section, Table
from . import wording

Q = (0.1, 0.25, 0.5, 0.75, 0.9)


@dataclass(frozen=True)
class Outlook:
    """A target's indicator by year; levels are in `unit`, the indicator's own.

    Attributes:
        row: the target, as it was answered.
        unit: the indicator's unit.
        published: the levels that figures state, or lead to, up to the last one.
        reference: what leads evenly from the last figure to the target; empty where nothing is needed.
        ahead: by year after the last figure, the quantiles at 10, 25, 50, 75 and 90 %.
        goals: the levels that the target names: one, or the two of "between".
    """

    row: Row
    unit: str
    published: Mapping[int, float]
    reference: Mapping[int, float]
    ahead: Mapping[int, tuple[float, ...]]
    goals: tuple[float, ...]

    @property
    def years(self) -> tuple[int, ...]:
        """Every year of which it says something."""
        return tuple(sorted({*self.published, *self.reference, *self.ahead}))


def outlook(seen: Overview, row: Row) -> Outlook | None:
    """Return how the indicator of an open target goes on; None for events, growth, what is added, and comparisons."""
    study, target = seen.study, row.target
    if row.status != "open" or study.counts_events(target.indicator) or not isinstance(target, Target):
        return None
    published = {y: level for y, level in study.implied.get(target.indicator, {}).items() if row.latest and y <= row.latest[0]}
    first = study.last_past_year + 1 if row.latest is None else row.latest[0] + 1
    try:
        found = quantiles(seen.projection, target.indicator, q=Q, first_year=min(first, target.year), last_year=target.year)
    except KjprojError:  # draws of another tool that begin later
        found = quantiles(seen.projection, target.indicator, q=Q, first_year=target.year, last_year=target.year)
    ahead = {int(year): tuple(levels.tolist()) for year, levels in zip(found.years, found.values, strict=True)}
    return Outlook(row, study.unit(target.indicator), published, reference(row), ahead, _goals(study, target))


def reference(row: Row) -> dict[int, float]:
    """Return the yearly reference values of a target for a level; empty where it has none."""
    return row.path.by_year if row.path is not None and isinstance(row.target, Target) else {}


def _goals(study: Study, target: Target) -> tuple[float, ...]:
    own = study.unit(target.indicator)
    return tuple(convert(number(figure), target.unit or own, own) for figure in target.figures)


def yearly(seen: Overview, lang: Language) -> Section:
    """Return the table of yearly reference values, of targets with two years to go or more; none without any."""
    paths = [(row, found) for row in seen.rows if row.status == "open" and len(found := reference(row)) > 1]
    if not paths:
        return Section("outlook", wording.TITLES["outlook"][lang], [])
    years = range(min(min(found) for _, found in paths), max(max(found) for _, found in paths) + 1)
    head = (*wording.HEADS["outlook"][lang], *(f"{year}年" if lang == "zh" else str(year) for year in years))
    rows = [list(_line(seen, row, found, years, lang)) for row, found in paths]
    return Section("outlook", wording.TITLES["outlook"][lang], [wording.OUTLOOK[lang]], Table(head, rows))


def _line(seen: Overview, row: Row, found: Mapping[int, float], years: range, lang: Language) -> Iterator[str]:
    yield words.titled(seen.study, row.target, max(other.target.year for other in seen.rows), lang)
    yield words.latest(seen.study, row, lang)
    said = words.reference_figures(seen.study, row.target, list(found.values()))
    by_year = dict(zip(found, said, strict=True))
    yield from (by_year.get(year, "—") for year in years)
