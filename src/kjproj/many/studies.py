"""The study of one region, and what can be taken together of many studies."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from ..errors import KjprojError
from ..evidence import Level
from ..motions import Brownian, Pooled
from ..rows import Row
from ..study import Study
from ..study.assumptions import assumptions, scenario_named
from ..study.indicator import Indicator
from ..targets import Target
from .given import Figures, Goals, bounds
from .inputs import Inputs
from .reasons import ANSWERED, NO_FIGURE

_LONGEST = 24


def _figure(value: float) -> str:
    """Write a number in full."""
    text = np.format_float_positional(value, trim="-")
    if len(text) > _LONGEST:
        raise KjprojError(f"{value!r} takes more than {_LONGEST} signs to write in full; give it in a larger or smaller unit")
    return text


@dataclass(frozen=True)
class StudyOfColumns:
    """Gives the study of a region, by number, from columns of all of them.

    name: the name of a target, by number. correlations: by the numbers of their indicators. past: the year that ended last.
    """

    regions: Sequence[str]
    indicators: tuple[Indicator, ...]
    figures: Figures
    goals: Goals
    name: Callable[[int], str]
    correlations: Mapping[tuple[int, int], float]
    past: int

    def __call__(self, region: int) -> Study:
        """Return the study of a region."""
        indicators, figures, goals = self.indicators, self.figures, self.goals
        series = np.flatnonzero(figures.region == region)
        held = sorted({*figures.indicator[series].tolist(), *goals.indicator[goals.region == region].tolist()})
        targets = [i for i in np.flatnonzero(goals.region == region) if not np.isnan(goals.figure[i])]
        title = {"zh": self.regions[region], "en": self.regions[region]}
        return Study.from_dict(
            {
                "title": title,
                "place": title,
                "as_of": date(self.past, 12, 31),
                "indicators": [indicators[k] for k in held],
                "correlations": [
                    {"between": [indicators[a].name, indicators[b].name], "value": value, "reason": {"zh": "给定", "en": "given"}}
                    for (a, b), value in self.correlations.items()
                    if a in held and b in held
                ],
                "evidence": [item for s in series for item in _evidence(indicators, figures, int(s))],
                "targets": [
                    {
                        "name": self.name(int(i)),
                        "indicator": indicators[goals.indicator[i]].name,
                        "year": int(goals.year[i]),
                        "at_least" if goals.upwards[i] else "at_most": _figure(float(goals.figure[i])),
                    }
                    for i in targets
                ],
            }
        )


def _evidence(indicators: tuple[Indicator, ...], figures: Figures, series: int) -> list[dict[str, Any]]:
    found = []
    for j, year in enumerate(figures.years):
        level = float(figures.levels[series, j])
        if np.isnan(level):
            continue
        text = None if figures.texts is None else figures.texts[series, j]
        half = 0.0 if figures.half_widths is None else float(figures.half_widths[series, j])
        value = text if isinstance(text, str) else _figure(level)
        name = indicators[figures.indicator[series]].name
        found.append({"kind": "level", "indicator": name, "year": year, "value": value, "error": _figure(half)})
    return found


def inputs_of_studies(studies: Mapping[str, Study]) -> Inputs:
    """Return the levels and targets of studies as arrays; a study that holds more is projected by itself."""
    regions, kinds = tuple(studies), dict[str, int]()
    indicators: list[Indicator] = []
    series: list[tuple[int, int, object, dict[int, tuple[float, float]]]] = []
    targets: list[tuple[int, int, int, Target | None, str]] = []
    alone = set[int]()
    for r, study in enumerate(studies.values()):
        read = _read(study)
        if read is None:
            alone.add(r)
        numbers = {}
        for indicator in study.indicators:
            kind = f"{indicator.name} {indicator.unit} {indicator.scale!r}"
            if kind not in kinds:
                kinds[kind] = len(kinds)
                indicators.append(indicator)
            numbers[indicator.name] = kinds[kind]
        at = {}
        for name, (motion, places) in (read or {}).items():
            at[name] = len(series)
            series.append((r, numbers[name], motion, places))
        targets += [
            (r, numbers[t.indicator], at.get(t.indicator, -1), t if isinstance(t, Target) else None, t.name) for t in study.targets
        ]
    return _inputs(regions, tuple(indicators), series, targets, frozenset(alone), tuple(studies.values()))


def _inputs(
    regions: tuple[str, ...],
    indicators: tuple[Indicator, ...],
    series: list[tuple[int, int, object, dict[int, tuple[float, float]]]],
    targets: list[tuple[int, int, int, Target | None, str]],
    alone: frozenset[int],
    studies: tuple[Study, ...],
) -> Inputs:
    years = tuple(sorted({year for *_, places in series for year in places})) or (max(s.last_past_year for s in studies),)
    x, sd = np.full((len(series), len(years)), np.nan), np.zeros((len(series), len(years)))
    for i, (*_, places) in enumerate(series):
        for year, (place, spread) in places.items():
            x[i, years.index(year)], sd[i, years.index(year)] = place, spread
    region, kind = (np.array([part[k] for part in series], np.int64) for k in (0, 1))
    goal = [np.array([part[k] for part in targets], np.int64) for k in range(3)]
    usable = [t if t is not None and t.between is None else None for *_, t, _ in targets]
    figure = np.array([np.nan if t is None else t.goal(studies[r]) for (r, *_), t in zip(targets, usable, strict=True)], float)
    goals = Goals(
        goal[2], goal[0], goal[1], np.array([0 if t is None else t.year for t in usable], np.int64), figure,
        np.array([t is not None and t.upwards for t in usable], bool),
    )  # fmt: skip
    found, refused = bounds(goals, indicators)
    return Inputs(
        regions, indicators, Figures(region, kind, years, np.full(x.shape, np.nan)), goals,
        tuple(name for *_, name in targets).__getitem__,
        x, sd if sd.any() else None, found, np.where(np.isfinite(x).any(axis=1), ANSWERED, NO_FIGURE).astype(np.int8), refused,
        np.array([study.last_past_year for study in studies], np.int64), studies.__getitem__,
        tuple(motion for _, _, motion, _ in series), None, alone,
    )  # fmt: skip


def _read(study: Study) -> dict[str, tuple[object, dict[int, tuple[float, float]]]] | None:
    """Return by indicator its motion, and place and standard deviation by year; None for a study that says more than levels."""
    scenario = scenario_named(study, None)
    said = (study.identities, study.correlations, study.steps, scenario.commitments)
    if any(said) or not all(_plain(target) for target in study.targets):
        return None
    assumed = assumptions(study, scenario, {})
    found: dict[str, tuple[object, dict[int, tuple[float, float]]]] = {}
    for name, one in assumed.items():
        if type(one.motion) not in (Brownian, Pooled) or study.counts_events(name):
            return None
        found[name] = one.motion, {}
    if any(target.indicator not in found for target in study.targets):
        return None
    for position, item in study.standing:
        rows = item.rows(study, f"evidence[{position}]") if type(item) is Level and not item.expected else ()
        if item.indicator not in found and type(item) is Level:
            continue
        if len(rows) != 1 or not isinstance(rows[0], Row) or rows[0].nuisances or item.year in found[item.indicator][1]:
            return None
        if item.year > study.last_past_year:
            return None
        found[item.indicator][1][item.year] = rows[0].value, rows[0].sd
    return found


def _plain(target: object) -> bool:
    """Tell whether a target is a level of one year, at least or at most, in the indicator's own unit."""
    given = isinstance(target, Target) and target.when == "at" and target.bound in ("at_least", "at_most")
    return given and isinstance(target, Target) and target.published_digits is None and target.unit is None


