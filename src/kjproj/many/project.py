"""The door: from a frame of many regions, or from many studies, to `Projections`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from ..errors import KjprojError
from ..scales import Scale
from ..study import Indicator, Study
from .columns import Columns, collected
from .options import Assumed, Figured, Read, listed
from .projections import Projections
from .studies import inputs_of_studies


def project_many(  # noqa: D417 - arguments that go together stand on one line
    data: Any,
    *,
    region: str = "region",
    indicator: str | None = None,
    levels: Sequence[int | str] | Mapping[int, str] | None = None,
    year: str | None = None,
    value: str | None = None,
    targets: Any = None,
    at_least: str | None = None,
    at_most: str | None = None,
    target_year: int | str = "year",
    indicators: Sequence[Indicator] = (),
    unit: str = "index",
    scale: str | Scale = "log",
    reference_class: str | None = None,
    correlations: Mapping[tuple[str, str], float] | None = None,
    error: float | None = None,
    as_of: int | date | str | None = None,
) -> Projections:
    """Project many regions at once, each by the model of `kjproj.project`: those of one shape together, others one by one.

    Args:
        data: a frame (pandas, polars, pyarrow, a mapping of columns), or studies: a mapping by region, or a sequence.
        region, indicator: columns of names; without `indicator` there is one, called "level".
        levels: of a wide frame, the years whose columns are named so, or a mapping from years to columns.
        year, value: of a long frame, the columns of years and figures. In texts ("98.06") the digits are the error.
        targets: a frame of targets, one a row, with columns of the same names; without it a wide frame's rows have them.
        at_least, at_most: the columns of figures to be reached, or not to be exceeded; a row has one of the two, or none.
        target_year: the year of all targets, or its column.
        indicators: what is assumed, where it differs by indicator or is more than the next three options say.
        unit, scale, reference_class: of all others; beliefs are flat without a class.
        correlations: between the yearly shocks of two indicators of a region.
        error: half-width of the figures' errors, in the unit; 0 is exact, also for texts. Numbers are exact without it.
        as_of: the year that ended last, or a date by which it had: yearly checks begin in the next. The last figure's without it.

    Raises `KjprojError` for columns or options that do not fit. A region without an answer is NaN, with its reason.

    >>> import kjproj as kj
    >>> frame = {"region": ["A", "B"], 2020: [90, 5], 2021: [97, None], 2022: [110, 6], "target": [150, 9]}
    >>> many = kj.project_many(frame, levels=[2020, 2021, 2022], at_least="target", target_year=2025)
    >>> many.probability.round(3).tolist(), many.reasons[1][:15]
    ([0.471, nan], 'too few figures')
    """
    if (studies := _studies(data)) is not None:
        return Projections(inputs_of_studies(studies))
    assumed = Assumed(listed(indicators), unit, scale, reference_class)
    read = Read.of(Columns(collected(data), region, indicator), Figured(levels, year, value, error), assumed)
    wanted = read.goals(None if targets is None else Columns(collected(targets), region, indicator), at_least, at_most, target_year)
    return Projections(read.inputs(wanted, correlations, as_of))


def _studies(data: Any) -> dict[str, Study] | None:
    """Return studies by region; None for a frame."""
    if isinstance(data, Mapping) and data and all(isinstance(one, Study) for one in data.values()):
        return {str(name): one for name, one in data.items()}
    if not isinstance(data, Sequence) or isinstance(data, str):
        return None
    odd = next((type(one).__name__ for one in data if not isinstance(one, Study)), None if data else "nothing")
    if odd is not None:
        raise KjprojError(f"data holds {odd}; expected a frame, or kjproj.Study objects")
    named = [_name(study) or f"study {i}" for i, study in enumerate(data, 1)]
    if len(set(named)) < len(named):
        named = [f"{name} ({i})" for i, name in enumerate(named, 1)]
    return dict(zip(named, data, strict=True))


def _name(study: Study) -> str | None:
    words = study.place or study.title
    return None if words is None else words("zh")
