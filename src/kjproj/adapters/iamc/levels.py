"""Levels and published figures in the IAMC's format: plain variables, one value a year."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...errors import KjprojError
from ...evidence import Evidence
from ...study import Study
from ...units import unit
from ..columns import Backend, text_in
from ..frames.figures import figures_in, plain
from ..frames.paths import Layout
from ..long import box, calendar_years, codes, constant, numbers, ordered
from ..other_units import figure_in
from .rows import Place, read, table, variables_of

Levels = Mapping[str, Mapping[int, float]]


def levels_to_iamc(
    levels: Levels,
    *,
    units: Mapping[str, str],
    model: str = "kjproj",
    scenario: str,
    region: str,
    variables: Mapping[str, str] | None = None,
    layout: Layout = "long",
    backend: Backend = "pandas",
) -> Any:
    """Return levels by indicator and year as an IAMC table.

    Args:
        levels: ``{"gdp": {2021: 4402.98}}``, in each one's unit.
        units: by indicator.
        model: the name of the model.
        scenario: what the levels are, "history" or a scenario's name.
        region: the place.
        variables: by indicator its variable; its name unless given.
        layout: "long", a row a value, or "wide", a column a year.
        backend: "pandas", "polars" or "pyarrow".

    Raises:
        KjprojError: for no levels, a level that is no number, an unknown unit, and where a variable does not fit.
        MissingExtraError: without narwhals or the backend (extra `frames`).

    >>> from kjproj.adapters.iamc import levels_to_iamc
    >>> levels_to_iamc({"rd": {2021: 98.06}}, units={"rd": "亿元"}, scenario="history", region="Yueyang").values.tolist()
    [['kjproj', 'history', 'Yueyang', 'rd', '亿元', 2021, 98.06]]
    """
    if not any(levels.values()):
        raise KjprojError("levels are empty; expected them by indicator and year")
    missing = [name for name in levels if name not in units]
    if missing:
        raise KjprojError(f"no unit for {', '.join(missing)}; give units={{{missing[0]!r}: '亿元', …}}")
    wrong = [(name, year) for name, by_year in levels.items() for year, level in by_year.items() if not np.isfinite(level)]
    if wrong:
        raise KjprojError(f"the level of {wrong[0][0]} in {wrong[0][1]} is no finite number")
    named = variables_of(list(levels), variables)
    series = [(named[name], unit(units[name]).name, by_year) for name, by_year in levels.items()]
    return table(Place(model, scenario, region).columns(series), layout, backend)


def figures_to_iamc(study: Study, *, scenario: str = "history", **place: Any) -> Any:
    """Return the levels that a study's figures report, without expected ones, as an IAMC table.

    Arguments and errors as of `levels_to_iamc`. The format holds numbers: what was printed is in `frames.figures_to_frame`.

    >>> import kjproj as kj
    >>> frame = kj.adapters.iamc.figures_to_iamc(kj.datasets.yueyang(), region="Yueyang")
    >>> frame[frame["variable"] == "rd_spending"][["unit", "year", "value"]].values.tolist()
    [['亿元', 2021, 98.06]]
    """
    if not isinstance(study, Study):
        raise KjprojError(f"study is {type(study).__name__}; expected a kjproj.Study")
    levels = {name: dict(sorted(by_year.items())) for name, by_year in study.reported.items() if by_year}
    return levels_to_iamc(levels, units={name: study.unit(name) for name in levels}, scenario=scenario, **place)


def levels_from_iamc(
    frame: Any,
    *,
    model: str | None = None,
    scenario: str | None = None,
    region: str | None = None,
    variables: Mapping[str, str] | None = None,
) -> dict[str, dict[int, float]]:
    """Return the values of an IAMC table by indicator and year; units are those of the table.

    Arguments and errors as of `quantiles_from_iamc`.

    >>> import kjproj as kj
    >>> from kjproj.adapters.iamc import levels_from_iamc, to_iamc
    >>> frame = to_iamc(kj.project(kj.datasets.yueyang()), q=(0.5,), indicators=["gdp"], region="Yueyang")
    >>> medians = levels_from_iamc(frame, variables={"gdp": "gdp|50.0th Percentile"})
    >>> list(medians["gdp"])
    [2023, 2024, 2025]
    """
    columns = read(frame, {"model": model, "scenario": scenario, "region": region}, variables)
    name, names = codes(columns["unique_id"])
    constant(name, names, columns["unit"], "unit")
    years, values = calendar_years(columns["ds"], "year"), numbers(columns["y"], "value")
    found = {}
    for code, own in enumerate(names):
        here = name == code
        year, distinct = ordered(years[here])
        found[own] = dict(zip(distinct, box(((year, distinct),), values[here], (f"{own}, year",)).tolist(), strict=True))
    return found


def figures_from_iamc(
    frame: Any,
    *,
    model: str | None = None,
    scenario: str | None = None,
    region: str | None = None,
    variables: Mapping[str, str] | None = None,
    error: str | None = None,
    source: str | None = None,
) -> tuple[Evidence, ...]:
    """Return the values of an IAMC table as evidence of kind "level", for `Study.with_evidence`.

    Units such as "billion CNY" become the next larger one that is known, digit by digit. Text keeps its digits; numbers need
    `error`, as in `frames.figures_from_frame`: a half-width in the table's unit, "0" for exact ones.

    Raises `UnitError` for a unit that is neither ours nor a power of ten of a currency; else as `quantiles_from_iamc`.

    >>> import pandas as pd
    >>> from kjproj.adapters.iamc import figures_from_iamc
    >>> row = {"model": "m", "scenario": "history", "region": "r", "variable": "R&D", "unit": "billion CNY", "2021": "9.806"}
    >>> (figure,) = figures_from_iamc(pd.DataFrame([row]), variables={"rd": "R&D"})
    >>> figure.value, figure.unit
    ('0.009806', '万亿元')
    """
    columns = read(frame, {"model": model, "scenario": scenario, "region": region}, variables)
    values, units = columns["y"].tolist(), [text_in(own) or "" for own in columns["unit"].tolist()]
    if error is None and not all(isinstance(value, str) for value in values):
        raise KjprojError('the values are numbers, which do not keep their digits; give text as printed, or error="0"')
    texts = [value if isinstance(value, str) else plain(float(value)) for value in values]
    moved = [figure_in(text, own) for text, own in zip(texts, units, strict=True)]
    stated = [own if error is None else figure_in(error, of)[0] for (_, _, own), of in zip(moved, units, strict=True)]
    held = {
        "unique_id": columns["unique_id"],
        "ds": columns["ds"],
        "figure": [figure for figure, _, _ in moved],
        "unit": [own for _, own, _ in moved],
        "error": stated,
    }
    return figures_in(held, None, source)
