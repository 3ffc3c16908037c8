"""A projection's answers as model output."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from ...answers.levels import Quantiles, quantiles
from ...answers.probability import probability
from ...answers.sample import Paths, answerable, horizon
from ...errors import KjprojError
from ...projection import Projection
from ...targets import Target
from ..about import About, equally_weighted
from ..columns import Backend, frame_from
from ..frames.figures import plain
from .form import NO, YES, Round, day, together


def to_model_output(
    projection: Projection,
    *,
    region: str,
    origin_date: date | str | None = None,
    q: Sequence[float] = (0.05, 0.25, 0.5, 0.75, 0.95),
    indicators: Sequence[str] | None = None,
    levels: Mapping[str, Sequence[float]] | None = None,
    targets: Sequence[str] = (),
    paths: Paths | None = None,
    backend: Backend = "pandas",
) -> Any:
    """Return a projection's quantiles, and what else is asked for, as one table of model output.

    Args:
        projection: from `kjproj.project`; its scenario is `scenario_id`.
        region: the place, `location`.
        origin_date: the study's `as_of` unless given.
        q: probabilities of the quantiles, rising.
        indicators: which; all that have a basis unless given.
        levels: by indicator, rising levels at which the distribution function is given (output type "cdf").
        targets: names of targets whose chances are given (output type "pmf": "yes" and "no").
        paths: from `kjproj.sample`, for the output type "sample".
        backend: "pandas", "polars" or "pyarrow".

    Raises:
        KjprojError: where something is named that the study does not have, or does not rise.
        MissingExtraError: without narwhals or the backend (extra `frames`).

    >>> import kjproj as kj
    >>> projection = kj.project(kj.datasets.yueyang())
    >>> frame = kj.adapters.hubverse.to_model_output(projection, region="430600", q=(0.5,), indicators=["gdp"])
    >>> frame.drop(columns="value").values.tolist()[-1]
    ['2023-03-20', 'trend', '430600', 'gdp', 2, '2025-12-31', 'quantile', '0.5']
    """
    about = Round(day(projection.study.as_of if origin_date is None else origin_date), projection.scenario.name, region)
    for name in (*(levels or {}), *(indicators or ())):
        projection.study.indicator(name)
    for name in targets:
        projection.study.target(name)
    names = answerable(projection) if indicators is None else list(indicators)
    parts = [_quantiles(about, {name: quantiles(projection, name, q=q) for name in names})]
    if paths is not None:
        parts.append(_paths(about, paths))
    if levels:
        parts.append(_cdf(about, projection, levels))
    if targets:
        parts.append(_chances(about, projection, targets))
    return frame_from(together(parts), backend)


def quantiles_to_model_output(
    found: Mapping[str, Quantiles], *, scenario: str, region: str, origin_date: date | str, backend: Backend = "pandas"
) -> Any:
    """Return quantiles by indicator as model output of the type "quantile"; their probabilities must rise.

    >>> import kjproj as kj
    >>> found = {"gdp": kj.quantiles(kj.project(kj.datasets.yueyang()), "gdp", q=(0.1, 0.9), last_year=2023)}
    >>> frame = kj.adapters.hubverse.quantiles_to_model_output(found, scenario="trend", region="430600", origin_date="2023-03-20")
    >>> frame["output_type_id"].tolist()
    ['0.1', '0.9']
    """
    return frame_from(_quantiles(Round(day(origin_date), scenario, region), found), backend)


def paths_to_model_output(
    paths: Paths, *, scenario: str | None = None, region: str, origin_date: date | str, backend: Backend = "pandas"
) -> Any:
    """Return sample paths of equal weights as model output of the type "sample": a path has one number in all its rows.

    `scenario` is that of the paths' recipe unless given.

    >>> import kjproj as kj
    >>> paths = kj.sample(kj.project(kj.datasets.yueyang()), 2, last_year=2023)
    >>> frame = kj.adapters.hubverse.paths_to_model_output(paths, region="430600", origin_date="2023-03-20")
    >>> frame.loc[frame["target"] == "gdp", "output_type_id"].tolist()
    ['1', '2']
    """
    named = paths.recipe.scenario if scenario is None else scenario
    return frame_from(_paths(Round(day(origin_date), named, region), paths), backend)


def cdf_to_model_output(
    projection: Projection,
    *,
    region: str,
    origin_date: date | str | None = None,
    levels: Mapping[str, Sequence[float]],
    backend: Backend = "pandas",
) -> Any:
    """Return the chance that an indicator stays at or below each level, as model output of the type "cdf".

    >>> import kjproj as kj
    >>> projection = kj.project(kj.datasets.yueyang())
    >>> frame = kj.adapters.hubverse.cdf_to_model_output(projection, region="430600", levels={"rd_spending": [120, 150]})
    >>> frame[["horizon", "output_type_id"]].values.tolist()[-2:]
    [[2, '120'], [2, '150']]
    """
    about = Round(day(projection.study.as_of if origin_date is None else origin_date), projection.scenario.name, region)
    return frame_from(_cdf(about, projection, levels), backend)


def chances_to_model_output(
    projection: Projection,
    *,
    region: str,
    origin_date: date | str | None = None,
    targets: Sequence[str],
    backend: Backend = "pandas",
) -> Any:
    """Return how likely targets are, as model output of the type "pmf" with the categories "yes" and "no".

    >>> import kjproj as kj
    >>> projection = kj.project(kj.datasets.yueyang())
    >>> frame = kj.adapters.hubverse.chances_to_model_output(projection, region="430600", targets=["rd_spending_2025"])
    >>> frame[["target", "output_type_id"]].values.tolist(), f"{frame['value'].sum():.0f}"
    ([['rd_spending_2025', 'yes'], ['rd_spending_2025', 'no']], '1')
    """
    about = Round(day(projection.study.as_of if origin_date is None else origin_date), projection.scenario.name, region)
    return frame_from(_chances(about, projection, targets), backend)


def _quantiles(about: Round, found: Mapping[str, Quantiles]) -> dict[str, list[Any]]:
    About.of_quantiles(found)
    for name, own in found.items():
        if not (np.diff(own.q) > 0).all():
            raise KjprojError(f"the probabilities of {name} are {own.q.tolist()}; expected rising ones")
    cells = [
        (name, year, repr(q), value)
        for name, own in found.items()
        for year, row in zip(own.years.tolist(), own.values.tolist(), strict=True)
        for q, value in zip(own.q.tolist(), row, strict=True)
    ]
    return about.columns("quantile", cells)


def _paths(about: Round, paths: Paths) -> dict[str, list[Any]]:
    About.of_paths(paths)
    equally_weighted(paths, "model output")
    cells = [
        (name, year, str(k), value)
        for name, levels in paths.values.items()
        for year, column in zip(paths.years.tolist(), levels.T.tolist(), strict=True)
        for k, value in enumerate(column, 1)
    ]
    return about.columns("sample", cells)


def _cdf(about: Round, projection: Projection, levels: Mapping[str, Sequence[float]]) -> dict[str, list[Any]]:
    first, last = horizon(projection, None, None)
    cells = []
    for name, own in levels.items():
        at = [float(level) for level in own] if isinstance(own, Iterable) else []
        if not at or not (np.diff(at) > 0).all() or not np.isfinite(at).all():
            raise KjprojError(f"the levels of {name} are {own}; expected a list of rising numbers")
        for year in range(first, last + 1):
            asked = [Target(name="cdf", indicator=name, year=year, at_most=plain(level)) for level in at]
            below = np.maximum.accumulate([probability(projection, target).value for target in asked])
            cells += [(name, year, plain(level), float(value)) for level, value in zip(at, below, strict=True)]
    return about.columns("cdf", cells)


def _chances(about: Round, projection: Projection, targets: Sequence[str]) -> dict[str, list[Any]]:
    cells = []
    for name in targets:
        year, chance = projection.study.target(name).year, probability(projection, name).value
        cells += [(name, year, YES, chance), (name, year, NO, 1.0 - chance)]
    return about.columns("pmf", cells)
