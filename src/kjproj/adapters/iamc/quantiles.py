"""Quantiles in the IAMC's format."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import numpy as np

from ...answers.levels import Quantiles, quantiles
from ...answers.sample import answerable
from ...errors import KjprojError
from ...projection import Projection
from ..about import About
from ..columns import Backend
from ..frames.paths import Layout
from ..long import quantiles_in
from .rows import Place, own_names, read, table, variables_of

_PERCENTILE = re.compile(r"(.+)\|(\d+(?:\.\d+)?)(?:th|st|nd|rd) Percentile")


def percentile(q: float) -> str:
    """Return how a quantile's variable ends.

    >>> [percentile(q) for q in (0.05, 0.5, 0.975, 1 / 3)]
    ['5.0th Percentile', '50.0th Percentile', '97.5th Percentile', '33.33333333333333th Percentile']
    """
    text = format(Decimal(repr(float(q))) * 100, "f")
    whole, _, part = text.partition(".")
    return f"{whole}.{part.rstrip('0') or '0'}th Percentile"


def to_iamc(
    projections: Projection | Sequence[Projection],
    *,
    q: Sequence[float] = (0.05, 0.5, 0.95),
    indicators: Sequence[str] | None = None,
    model: str = "kjproj",
    region: str,
    variables: Mapping[str, str] | None = None,
    layout: Layout = "long",
    backend: Backend = "pandas",
) -> Any:
    """Return quantiles of one scenario, or of several, as one IAMC table.

    Args:
        projections: one projection, or one for each scenario; `scenario` is the name of each one's.
        q: probabilities; (0.5,) gives medians only.
        indicators: which; all that have a basis unless given.
        model: the name of the model.
        region: the place.
        variables: by indicator its variable, "R&D|Spending"; its name unless given.
        layout: "long", a row a value, or "wide", a column a year.
        backend: "pandas", "polars" or "pyarrow".

    Raises:
        KjprojError: for two projections of one scenario, and where a table or a variable does not fit.
        MissingExtraError: without narwhals or the backend (extra `frames`).

    >>> import kjproj as kj
    >>> study = kj.datasets.yueyang()
    >>> cases = [kj.project(study), kj.project(study, "slow_economy")]
    >>> frame = kj.adapters.iamc.to_iamc(cases, q=(0.5,), indicators=["gdp"], region="Yueyang", layout="wide")
    >>> frame[["Scenario", "Variable", "Unit"]].values.tolist()
    [['trend', 'gdp|50.0th Percentile', '亿元'], ['slow_economy', 'gdp|50.0th Percentile', '亿元']]
    """
    several = [projections] if isinstance(projections, Projection) else list(projections)
    if not several or not all(isinstance(one, Projection) for one in several):
        raise KjprojError("projections are none; expected a kjproj.Projection, or one for each scenario")
    if len({one.scenario.name for one in several}) < len(several):
        raise KjprojError("two projections have the same scenario; give one for each")
    held: dict[str, list[Any]] = {}
    for one in several:
        names = answerable(one) if indicators is None else list(indicators)
        found = {name: quantiles(one, name, q=q) for name in names}
        for name, column in _columns(found, Place(model, one.scenario.name, region), variables).items():
            held.setdefault(name, []).extend(column)
    return table(held, layout, backend)


def quantiles_to_iamc(
    found: Mapping[str, Quantiles],
    *,
    model: str = "kjproj",
    scenario: str,
    region: str,
    variables: Mapping[str, str] | None = None,
    layout: Layout = "long",
    backend: Backend = "pandas",
) -> Any:
    """Return quantiles by indicator as an IAMC table; arguments and errors as of `to_iamc`.

    >>> import kjproj as kj
    >>> found = {"gdp": kj.quantiles(kj.project(kj.datasets.yueyang()), "gdp", q=(0.5,))}
    >>> frame = kj.adapters.iamc.quantiles_to_iamc(found, scenario="trend", region="Yueyang", variables={"gdp": "GDP|MER"})
    >>> frame.loc[0, ["model", "variable", "unit"]].tolist()
    ['kjproj', 'GDP|MER|50.0th Percentile', '亿元']
    """
    return table(_columns(found, Place(model, scenario, region), variables), layout, backend)


def _columns(found: Mapping[str, Quantiles], place: Place, variables: Mapping[str, str] | None) -> dict[str, list[Any]]:
    about = About.of_quantiles(found)
    named = variables_of(list(found), variables)
    return place.columns(
        [
            (f"{named[name]}|{percentile(q)}", about.units[name], dict(zip(own.years.tolist(), own.values[:, k].tolist(), strict=True)))
            for name, own in found.items()
            for k, q in enumerate(own.q.tolist())
        ]
    )


def quantiles_from_iamc(
    frame: Any,
    *,
    model: str | None = None,
    scenario: str | None = None,
    region: str | None = None,
    variables: Mapping[str, str] | None = None,
    units: Mapping[str, str] | None = None,
) -> dict[str, Quantiles]:
    """Return the quantiles in an IAMC table by indicator; variables that are no percentile are left out.

    Args:
        frame: of pandas, polars or pyarrow, long or wide, or a `pyam.IamDataFrame`.
        model: which, where the table has several.
        scenario: likewise.
        region: likewise.
        variables: by indicator its variable; a variable without one is an indicator of that name.
        units: by indicator, where the table's are not known here.

    Raises:
        KjprojError: where a column, a unit or a value is missing, a value is there twice, or several models, scenarios or
            regions are there and none is named.

    >>> import kjproj as kj
    >>> projection = kj.project(kj.datasets.yueyang())
    >>> frame = kj.adapters.iamc.to_iamc(projection, indicators=["gdp"], region="Yueyang", variables={"gdp": "GDP|MER"})
    >>> kj.adapters.iamc.quantiles_from_iamc(frame, variables={"gdp": "GDP|MER"})
    {'gdp': Quantiles(2023 to 2025, q 0.05, 0.5, 0.95, 亿元)}
    """
    columns = read(frame, {"model": model, "scenario": scenario, "region": region}, None)
    found = [_PERCENTILE.fullmatch(variable) for variable in columns["variable"].tolist()]
    kept = np.array([match is not None for match in found])
    if not kept.any():
        raise KjprojError('no variable of the frame ends as "…|50.0th Percentile"; levels_from_iamc reads plain ones')
    matches = [match for match in found if match is not None]
    held = {name: column[kept] for name, column in columns.items() if name in ("ds", "y", "unit")}
    held["unique_id"] = own_names([match[1] for match in matches], variables)
    held["quantile"] = [float(Decimal(match[2]) / 100) for match in matches]
    return quantiles_in(held, About(), units)
