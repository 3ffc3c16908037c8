"""From the options of `project_many` to checked inputs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from numbers import Real
from typing import Any

import numpy as np

from ..beliefs import Flat
from ..beliefs.reference import reference_class as class_named
from ..errors import KjprojError
from ..motions import Brownian
from ..scales import Linear, Log, Logit, Scale
from ..study.files import validated
from ..study.indicator import Indicator
from ..units import unit as unit_named
from .columns import Columns, Index, goals, long, wide
from .given import Figures, Goals, bounds, placed
from .inputs import Inputs
from .studies import StudyOfColumns

_SCALES: Mapping[str, Scale] = {"log": Log(), "linear": Linear(), "logit": Logit(low=0.0, high=100.0)}
_ONE = "level"
_INDICATOR = "indicator", "指标"
"""Usual names of a column of indicators."""
_LAST_YEAR = 2300
_FLAT = Brownian(drift=Flat(), volatility=Flat())


@dataclass(frozen=True)
class Figured:
    """Where the figures stand: columns by year of a wide frame, or the columns of years and values of a long one."""

    levels: Sequence[Any] | Mapping[int, str] | None
    year: str | None
    value: str | None
    error: float | None

    def figures(self, columns: Columns, regions: Index, indicators: Index) -> Figures:
        """Return the figures."""
        error = self.error
        if error is not None and not (isinstance(error, int | float) and 0 <= error < np.inf):
            raise KjprojError(f"error is {error!r}; expected the half-width of the figures' errors, such as 0.5, or 0 for exact ones")
        if self.levels is not None and self.year is None and self.value is None:
            return wide(columns, regions, indicators, self.levels, error)
        if self.levels is None and self.year is not None and self.value is not None:
            return long(columns, regions, indicators, self.year, self.value, error)
        raise KjprojError("name the columns of figures: levels=[2021, 2022] of a wide frame, or year= and value= of a long one")


@dataclass(frozen=True)
class Assumed:
    """What is assumed about indicators: those that are given, and unit, scale and class of the others."""

    given: Sequence[Indicator]
    unit: str
    scale: str | Scale
    reference_class: str | None

    def about(self, name: str) -> Indicator:
        """Return an indicator with what is assumed about it; flat beliefs unless stated."""
        found = next((one for one in self.given if one.name == name), None) or self._other(name)
        if found.measure in ("events", "milestone"):
            raise KjprojError(f"{name} counts events; project a study of each region, kjproj.project")
        if found.motion is not None or found.reference_class is not None:
            return found
        if self.reference_class is None:
            return found.model_copy(update={"motion": _FLAT})
        own, kind = class_named(self.reference_class), found.scale.kind
        if own.scale != kind:
            raise KjprojError(f"class {own.name} is on the scale {own.scale}, {name} on {kind}; give scale={own.scale!r}, or another class")
        return found.model_copy(update={"reference_class": own.name})

    def _other(self, name: str) -> Indicator:
        if isinstance(self.scale, str) and self.scale not in _SCALES:
            raise KjprojError(f"scale is {self.scale!r}; expected one of {', '.join(_SCALES)}, or a kjproj.scales scale")
        scale = _SCALES[self.scale] if isinstance(self.scale, str) else self.scale
        measure = "ratio" if self.unit in ("%", "‰", "share") else "flow"
        return validated(Indicator, {"name": name, "unit": self.unit, "scale": scale, "measure": measure}, f"indicator {name}")


@dataclass(frozen=True)
class Read:
    """A frame that was read: its rows' regions and indicators, what is assumed, and the figures."""

    columns: Columns
    regions: Index
    names: Index
    indicators: tuple[Indicator, ...]
    figures: Figures

    @classmethod
    def of(cls, columns: Columns, figured: Figured, assumed: Assumed) -> Read:
        """Read the figures of a frame."""
        regions = columns.regions()
        names = columns.indicators(_ONE, len(regions.rows))
        idle = [one.name for one in assumed.given if one.name not in names.names]
        if idle:
            raise KjprojError(f"indicators has {idle[0]!r}, and the frame has no figures of it; it has {', '.join(names.names)}")
        indicators = tuple(map(assumed.about, names.names))
        figures = figured.figures(columns, regions, names)
        if figured.error is None:
            figures = _counts_exact(figures, indicators)
        return cls(columns, regions, names, indicators, figures)

    def goals(self, apart: Columns | None, at_least: str | None, at_most: str | None, year: int | str) -> Goals:
        """Return the targets of a wide frame's rows, or of a frame of their own (`apart`)."""
        if apart is None:
            if at_least is None and at_most is None:
                none = np.zeros(0, np.int64)
                return Goals(none, none, none, none, np.zeros(0), np.zeros(0, bool))
            if len(self.figures.region) != len(self.regions.rows):
                raise KjprojError("a long frame has several rows a region; give the targets in a frame of their own, targets=")
            return goals(self.columns, self.regions, self.names, self.figures, at_least, at_most, year)
        if at_least is None and at_most is None:
            at_least, at_most = (name if apart.has(name) else None for name in ("at_least", "at_most"))
        if at_least is None and at_most is None:
            raise KjprojError("the frame of targets has neither a column 'at_least' nor 'at_most'; name yours by at_least=, at_most=")
        regions = apart.regions(self.regions.names)
        self._refuse_unnamed_indicators(apart)
        names = apart.indicators(self.names.names[0], len(regions.rows), self.names.names)
        for found, known, what in ((regions, self.regions, "region"), (names, self.names, "indicator")):
            if len(found.names) > len(known.names):
                new = found.names[len(known.names)]
                raise KjprojError(f"{what} {new!r} has a target and no row of figures; add one, or take the target out")
        return goals(apart, regions, names, self.figures, at_least, at_most, year)

    def _refuse_unnamed_indicators(self, apart: Columns) -> None:
        """Raise `KjprojError` where targets would all be of the one indicator, and a column says that they are not."""
        for column in _INDICATOR if apart.indicator is None else ():
            others = sorted(set(map(str, apart.column(column).tolist())) - {_ONE}) if apart.has(column) else []
            if others:
                raise KjprojError(
                    f"the frame of targets has a column {column!r} that names {others[0]!r}, and indicator= names no column, so that all "
                    f"targets would be of {_ONE!r}; give indicator={column!r}, of a column of both frames, or take the column out"
                )

    def inputs(self, wanted: Goals, correlations: Mapping[tuple[str, str], float] | None, as_of: int | date | str | None) -> Inputs:
        """Put figures and targets on their scales, and keep what becomes a region's study."""
        indicators, figures = self.indicators, self.figures
        pairs = pairs_of(correlations, self.names.names)
        x, sd, refused = placed(figures, indicators)
        bound, goal_refused = bounds(wanted, indicators)
        there = np.flatnonzero(~np.isnan(figures.levels).all(axis=0))
        newest = figures.years[there[-1] if len(there) else -1]
        past = newest if as_of is None else _ended(as_of)
        if past < newest:
            said = f"as_of is {as_of}" + ("" if str(as_of) == str(past) else f", when {past} was the year that had ended last")
            raise KjprojError(f"{said}, and there are figures of {newest}; expected {newest} or later, or leave those out")
        regions, name = self.regions.names, _Names(wanted, indicators).of
        study = StudyOfColumns(regions, indicators, figures, wanted, name, pairs, past)
        ended = np.full(len(regions), past, np.int64)
        return Inputs(
            regions, indicators, figures, wanted, name, x, sd, bound, refused, goal_refused, ended, study, correlations=pairs
        )


def pairs_of(correlations: Mapping[tuple[str, str], float] | None, names: Sequence[str]) -> dict[tuple[int, int], float]:
    """Return correlations by the numbers of their indicators."""
    found = dict[tuple[int, int], float]()
    for a, b, value in _stated(correlations):
        if a not in names or b not in names or a == b:
            raise KjprojError(f"a correlation is between {a!r} and {b!r}; expected two of {', '.join(names)}")
        if not -1.0 < value < 1.0:
            raise KjprojError(f"the correlation of {a} and {b} is {value!r}; expected a number between -1 and 1")
        pair = min(names.index(a), names.index(b)), max(names.index(a), names.index(b))
        if found.setdefault(pair, value) != value:
            raise KjprojError(f"the correlation of {a} and {b} is given twice, as {found[pair]!r} and as {value!r}; give it once")
    matrix = np.eye(len(names))
    for (i, j), value in found.items():
        matrix[i, j] = matrix[j, i] = value
    if np.linalg.eigvalsh(matrix)[0] < 0.0:
        raise KjprojError("the correlations contradict each other: their matrix has a negative eigenvalue; correct one")
    return found


def _stated(correlations: object) -> Iterator[tuple[Any, Any, float]]:
    """Return the two names and the number of each correlation; raises `KjprojError` for what is no mapping of pairs to numbers."""
    expected = 'expected a mapping of pairs of indicators to numbers, such as {("gdp", "rd"): 0.4}'
    if correlations is not None and not isinstance(correlations, Mapping):
        raise KjprojError(f"correlations is {type(correlations).__name__}; {expected}")
    for pair, value in (correlations or {}).items():
        if not isinstance(pair, tuple) or len(pair) != 2:
            raise KjprojError(f"correlations has the key {pair!r}; {expected}")
        if isinstance(value, bool) or not isinstance(value, Real):
            raise KjprojError(f"correlations has {value!r} for {pair!r}; {expected}")
        yield *pair, float(value)


def listed(indicators: Iterable[Indicator]) -> tuple[Indicator, ...]:
    """Return what is assumed, by indicator; raises `KjprojError` for what are no indicators, and for one that is given twice."""
    expected = 'expected a list of indicators, such as [kj.Indicator(name="gdp", unit="亿元")]'
    if isinstance(indicators, str | Indicator) or not isinstance(indicators, Iterable):
        raise KjprojError(f"indicators is {type(indicators).__name__}; {expected}")
    found = tuple(indicators)
    for one in found:
        if not isinstance(one, Indicator):
            raise KjprojError(f"indicators holds {one!r}; {expected}")
    name, count = Counter(one.name for one in found).most_common(1)[0] if found else ("", 0)
    if count > 1:
        raise KjprojError(f"indicators has {name!r} twice; give each indicator once")
    return found


def _ended(as_of: object) -> int:
    """Return the year that ended last: itself, or the last that had ended by a date, as in a study."""
    if isinstance(as_of, int | np.integer) and not isinstance(as_of, bool) and 1 <= as_of <= _LAST_YEAR:
        return int(as_of)
    try:
        on = date.fromisoformat(as_of) if isinstance(as_of, str) else as_of
    except ValueError:
        on = None
    if not isinstance(on, date):
        raise KjprojError(f"as_of is {as_of!r}; expected the year that ended last, such as 2022, or a date such as 2022-12-31")
    return on.year if (on.month, on.day) == (12, 31) else on.year - 1


@dataclass(frozen=True)
class _Names:
    """Targets are named by indicator and year, a second one of a region with a number; none is until one is asked for."""

    goals: Goals
    indicators: tuple[Indicator, ...]

    def of(self, target: int) -> str:
        """Return the name of a target."""
        return self._all[target]

    @cached_property
    def _all(self) -> list[str]:
        goals, seen, names = self.goals, Counter[tuple[int, int, int]](), []
        for key in zip(goals.region.tolist(), goals.indicator.tolist(), goals.year.tolist(), strict=True):
            seen[key] += 1
            name = f"{self.indicators[key[1]].name}_{key[2]}"
            names.append(name if seen[key] == 1 else f"{name}_{seen[key]}")
        return names


def _counts_exact(figures: Figures, indicators: tuple[Indicator, ...]) -> Figures:
    """Take whole counts as exact, as a study does."""
    if figures.half_widths is None:
        return figures
    counts = np.array([unit_named(i.unit).counts for i in indicators])[figures.indicator]
    whole = counts[:, None] & (figures.half_widths == 0.5)
    return replace(figures, half_widths=np.where(whole, 0.0, figures.half_widths))
