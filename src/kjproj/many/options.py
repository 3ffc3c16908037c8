"""From the options of `project_many` to checked inputs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeVar

import numpy as np

from ..beliefs import Flat
from ..beliefs.reference import reference_class as class_named
from ..errors import KjprojError
from ..motions import Brownian, Motion
from ..scales import Linear, Log, Logit, Scale
from ..study.files import validated
from ..study.indicator import Indicator
from ..units import unit as unit_named
from .columns import Columns, Index, goals, long, wide
from .given import Figures, Goals, bounds, placed
from .inputs import Inputs
from .studies import study_of_columns

T = TypeVar("T")
_SCALES: Mapping[str, Scale] = {"log": Log(), "linear": Linear(), "logit": Logit(low=0.0, high=100.0)}


def indicator_of(
    name: str,
    scale: str | Scale | Mapping[str, str | Scale],
    unit: str | Mapping[str, str],
    reference_class: str | Mapping[str, str] | None,
    motion: Motion | Mapping[str, Motion] | None,
    region: str | None,
) -> Indicator:
    """Return an indicator with what is assumed about it; flat beliefs unless stated."""
    scaled, borrowed, own = _for(scale, name, "scale"), _for(reference_class, name, "class"), _for(motion, name, "motion")
    if borrowed is not None and own is not None:
        raise KjprojError(f"{name} has a reference_class and a motion; give one of them")
    if isinstance(scaled, str) and scaled not in _SCALES:
        raise KjprojError(f"scale is {scaled!r}; expected one of {', '.join(_SCALES)}, or a kjproj.scales scale")
    chosen = _SCALES[scaled] if isinstance(scaled, str) else scaled
    measured = _for(unit, name, "unit")
    fields: dict[str, Any] = {"name": name, "unit": measured, "scale": chosen or Log(), "region": region}
    if measured in ("%", "‰", "share"):
        fields["measure"] = "ratio"
    if borrowed is not None:
        if class_named(borrowed).scale != fields["scale"].kind:
            raise KjprojError(f"class {borrowed} is on the scale {class_named(borrowed).scale}, {name} on {fields['scale'].kind}; give scale=")
        fields["reference_class"] = borrowed
    else:
        fields["motion"] = own or Brownian(drift=Flat(), volatility=Flat())
    return validated(Indicator, fields, f"indicator {name}")


def _for(given: T | Mapping[str, T] | None, name: str, what: str) -> T | None:
    """Return what is given for an indicator."""
    if not isinstance(given, Mapping):
        return given
    if name not in given:
        raise KjprojError(f"no {what} is given for indicator {name!r}; there is one for {', '.join(map(str, given)) or 'none'}")
    found: T = given[name]
    return found


def figures_of(
    columns: Columns,
    regions: Index,
    indicators: Index,
    levels: Sequence[Any] | Mapping[int, str] | None,
    year: str | None,
    value: str | None,
    error: float | None,
) -> Figures:
    """Return the figures of a wide or a long frame."""
    if error is not None and not (isinstance(error, int | float) and 0 <= error < np.inf):
        raise KjprojError(f"error is {error!r}; expected the half-width of the figures' errors, such as 0.5, or 0 for exact ones")
    if levels is not None and year is None and value is None:
        return wide(columns, regions, indicators, levels, error)
    if levels is None and year is not None and value is not None:
        return long(columns, regions, indicators, year, value, error)
    raise KjprojError("name the columns of figures: levels=[2021, 2022] of a wide frame, or year= and value= of a long one")


def goals_of(
    columns: Columns,
    regions: Index,
    indicators: Index,
    figures: Figures,
    at_least: str | None,
    at_most: str | None,
    year: int | str,
    *,
    apart: bool,
) -> Goals:
    """Return the targets of a wide frame's rows, or of a frame of their own (`apart`)."""
    if not apart:
        if len(figures.region) != len(regions.rows) and (at_least or at_most):
            raise KjprojError("a long frame has several rows a region; give the targets in a frame of their own, targets=")
        if at_least is None and at_most is None:
            return Goals(*(np.zeros(0, np.int64) for _ in range(4)), np.zeros(0), np.zeros(0, bool))
        return goals(columns, regions, indicators, figures, at_least, at_most, year)
    if at_least is None and at_most is None:
        at_least, at_most = (name if columns.has(name) else None for name in ("at_least", "at_most"))
    if at_least is None and at_most is None:
        raise KjprojError("the frame of targets has neither a column 'at_least' nor 'at_most'; name yours by at_least=, at_most=")
    names = columns.regions()
    asked = Index.of(names, regions.names), columns.indicators(indicators.names[0], len(names), indicators.names)
    for found, known, what in ((asked[0], regions, "region"), (asked[1], indicators, "indicator")):
        if len(found.names) > len(known.names):
            raise KjprojError(f"{what} {found.names[len(known.names)]!r} has a target and no row of figures; add one, or take the target out")
    return goals(columns, *asked, figures, at_least, at_most, year)


def pairs_of(correlations: Mapping[tuple[str, str], float] | None, names: Sequence[str]) -> dict[tuple[int, int], float]:
    """Return correlations by the numbers of their indicators."""
    found = {}
    for (a, b), value in (correlations or {}).items():
        if a not in names or b not in names or a == b:
            raise KjprojError(f"a correlation is between {a!r} and {b!r}; expected two of {', '.join(names)}")
        if not -1.0 < value < 1.0:
            raise KjprojError(f"the correlation of {a} and {b} is {value!r}; expected a number between -1 and 1")
        found[min(names.index(a), names.index(b)), max(names.index(a), names.index(b))] = float(value)
    matrix = np.eye(len(names))
    for (i, j), value in found.items():
        matrix[i, j] = matrix[j, i] = value
    if np.linalg.eigvalsh(matrix)[0] < 0.0:
        raise KjprojError("the correlations contradict each other: their matrix has a negative eigenvalue; correct one")
    return found


def inputs_of(
    regions: tuple[str, ...],
    indicators: tuple[Indicator, ...],
    figures: Figures,
    wanted: Goals,
    correlations: dict[tuple[int, int], float],
    error: float | None,
    as_of: int | None,
) -> Inputs:
    """Put figures and targets on their scales, and keep what becomes a region's study."""
    figures = _counts_exact(figures, indicators) if error is None else figures
    x, sd, refused = placed(figures, indicators)
    bound, goal_refused = bounds(wanted, indicators)
    there = ~np.isnan(figures.levels).all(axis=0)
    newest = figures.years[int(np.flatnonzero(there)[-1])] if there.any() else figures.years[-1]
    past = newest if as_of is None else as_of
    if past < newest:
        raise KjprojError(f"as_of is {past}, and there are figures of {newest}; expected {newest} or later, or leave those out")
    names = _Names(wanted, indicators)
    study = study_of_columns(regions, indicators, figures, wanted, names.of, correlations, past)
    past_years = np.full(len(regions), past, np.int64)
    return Inputs(
        regions, indicators, figures, wanted, names.of, x, sd, bound, refused, goal_refused, past_years, study, correlations=correlations
    )


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
