"""The door: from a frame of many regions, or from many studies, to `Projections`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..errors import KjprojError
from ..motions import Motion
from ..scales import Scale
from ..study import Study
from .columns import Columns, Index
from .options import figures_of, goals_of, indicator_of, inputs_of, pairs_of
from .projections import Projections
from .studies import inputs_of_studies

_ONE = "level"


def project_many(
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
    scale: str | Scale | Mapping[str, str | Scale] = "log",
    unit: str | Mapping[str, str] = "index",
    reference_class: str | Mapping[str, str] | None = None,
    motion: Motion | Mapping[str, Motion] | None = None,
    kind_of_region: str | None = None,
    correlations: Mapping[tuple[str, str], float] | None = None,
    error: float | None = None,
    as_of: int | None = None,
) -> Projections:
    """Project many regions at once; the model of each is that of `kjproj.project`.

    Regions with figures of the same years are taken together, in closed form: by Student's t where beliefs are flat and
    figures exact (see the concepts page), at nodes of the volatility else. What cannot be taken together is projected one by
    one, with the same answer, and has the method "alone".

    Args:
        data: a frame (pandas, polars, pyarrow, or a mapping of columns): with `levels` one row a region and one column a
            year; with `year` and `value` one row a region and year. Or studies: a mapping by region, or a sequence.
        region: the column of the regions' names.
        indicator: the column of the indicators' names; without it there is one indicator, "level".
        levels: the years, whose columns are named so ("2021" or 2021), or a mapping from years to columns.
        year: the column of years, in a long frame.
        value: the column of figures, in a long frame. Numbers are exact; of texts such as "98.06" the digits are the error.
        targets: a frame of targets, one a row, with the columns `region`, `indicator` if there is one, `target_year`, and
            `at_least` or `at_most`; without it they stand in the rows of a wide frame.
        at_least: the column of figures to be reached.
        at_most: the column of figures not to be exceeded. A row has one of the two, or none.
        target_year: the year of all targets, or its column.
        scale: "log", "linear", "logit" (of per cent), or a scale; by indicator where it differs.
        unit: likewise. Whole counts (家, 项, "count", …) are met half way to the next.
        reference_class: the class whose beliefs are borrowed, for all or by indicator; flat beliefs without one.
        motion: a motion with beliefs of one's own, likewise, in the place of a class.
        kind_of_region: "country", "province", "city" or "county": a class of larger regions is widened.
        correlations: between the yearly shocks of two indicators of a region, by their names.
        error: half-width of the figures' errors, in the unit; 0 is exact, also for texts.
        as_of: the year that ended last: yearly checks begin in the next. The last year of any figure unless given.

    Raises:
        KjprojError: for a missing column, a figure that is no number, a region with two rows, or options that do not fit.
            A region without an answer is no error: its chance is NaN, and `reasons` says why.

    >>> import kjproj as kj
    >>> counties = {"region": ["A", "B", "C"], 2019: [80, 20, 5], 2020: [90, 22, None], 2021: [97, 25, None], 2022: [110, 26, 6]}
    >>> counties["target"] = [150, 30, 9]
    >>> many = kj.project_many(counties, levels=[2019, 2020, 2021, 2022], at_least="target", target_year=2024)
    >>> many.probability.round(6).tolist()[:2], many.reasons[2][:15]
    ([0.094586, 0.521612], 'too few figures')
    """
    studies = _studies(data)
    if studies is not None:
        return Projections(inputs_of_studies(studies))
    columns = Columns(data, region, indicator)
    names = columns.regions()
    regions, indicators = Index.of(names), columns.indicators(_ONE, len(names))
    kinds = tuple(indicator_of(n, scale, unit, reference_class, motion, kind_of_region) for n in indicators.names)
    figures = figures_of(columns, regions, indicators, levels, year, value, error)
    asked = columns if targets is None else Columns(targets, region, indicator)
    wanted = goals_of(asked, regions, indicators, figures, at_least, at_most, target_year, apart=targets is not None)
    return Projections(inputs_of(regions.names, kinds, figures, wanted, pairs_of(correlations, indicators.names), error, as_of))


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
