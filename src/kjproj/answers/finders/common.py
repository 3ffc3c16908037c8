"""What several finders ask of a study."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from ...evidence import Bound, Level, Partial
from ...figures import number
from ...growth import compound_rate
from ...study import Study
from ...targets import Target
from ...units import convert
from ..required import way_of


def level_targets(study: Study) -> list[Target]:
    """The targets for the level of one year."""
    plain = (t for t in study.targets if isinstance(t, Target) and t.when == "at")
    return [t for t in plain if not study.counts_events(t.indicator)]


def by_indicator(study: Study) -> Iterator[tuple[str, list[Target]]]:
    """Yield the upward targets of each indicator by year; of several in one year (a floor, an aim) the highest."""
    groups: dict[str, dict[int, Target]] = defaultdict(dict)
    for target in sorted(level_targets(study), key=lambda t: (t.year, t.goal(study))):
        if target.upwards:
            groups[target.indicator][target.year] = target
    for indicator, targets in groups.items():
        yield indicator, list(targets.values())


def pace(study: Study, indicator: str, a: tuple[int, float], b: tuple[int, float]) -> float:
    """Return the growth a year from one (year, level) to another, in the indicator's own way."""
    if way_of(study, indicator) == "rate" and a[1] > 0 and b[1] > 0:
        return compound_rate(a[1], b[1], b[0] - a[0])
    return (b[1] - a[1]) / (b[0] - a[0])


def last_bound(study: Study, indicator: str, before: int) -> tuple[int, float] | None:
    """Return (year, level) of the last "more than" or "at least" before a year."""
    own = (item for _, item in study.standing if isinstance(item, Bound) and item.indicator == indicator)
    found = [(item.year, printed(study, item)) for item in own if item.year < before and item.name in ("at_least", "more_than")]
    return max(found, default=None)


def printed(study: Study, item: Level | Partial | Bound) -> float:
    """Return the figure itself in the indicator's unit: of a part of a year that part, of a bound the bound."""
    figure = getattr(item, item.name) if isinstance(item, Bound) else item.value
    own = study.unit(item.indicator)
    return convert(number(figure), item.unit or own, own)
