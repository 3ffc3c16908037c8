"""`Given`: another tool's forecast of an indicator."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import date
from numbers import Real
from typing import Annotated, Any, Literal, Self, TypedDict, Unpack

from pydantic import Field, ValidationError

from ..errors import KjprojError
from ..model import Model, Name
from ..scales import Scale
from ..text import Language, Text, Words
from ..units import UnitName
from .base import Onto
from .calendar import Dates, years_of
from .distributions import Distribution, DistributionFan
from .laws import TREATED, Forecast, Treatment
from .over_years import OverYears, as_stated
from .quantiles import QuantileFan
from .samples import SamplePaths
from .sources import arrays, frames, hubverse, xarrays

AnyForm = Annotated[SamplePaths | QuantileFan | DistributionFan, Field(discriminator="kind")]
_Said = Annotated[str, Field(min_length=1, max_length=200)]


class Stated(TypedDict, total=False):
    """What is said of a forecast beside its numbers: see `Given`."""

    evidence: Treatment
    reason: Text | Mapping[str, str] | str
    unit: str | None
    by: str | None
    made: date | str | None
    source: str | None
    together: str | None


class Given(Model):
    """An indicator's coming years as another tool forecasts them; they take the place of a motion.

    Args:
        forecast: sample paths, quantiles by year, or a distribution for each year.
        evidence: what this study's figures do to it, which must be stated. "cut": nothing; the forecast is taken as it is,
            and what figures say of other indicators is read at each of its paths (a cut posterior). "update": it is this
            study's belief before the figures, and those that speak of its years change it.
        reason: why it is used.
        unit: the forecast's unit where it is not the indicator's.
        by: whose forecast it is.
        made: the day on which it was made.
        source: one of the study's sources.
        together: sample paths that name the same word belong together, path by path; others are independent.

    Cut posterior: Plummer (2015), doi 10.1007/s11222-014-9503-z. See `from_array` and the other ``from_`` methods.

    >>> import numpy as np, kjproj as kj
    >>> gdp = 4800 * np.exp(np.cumsum(np.random.default_rng(1).normal(0.05, 0.02, (1000, 3)), axis=1))
    >>> given = kj.Given.from_array(gdp, (2023, 2024, 2025), evidence="cut", reason="the ministry's model", by="Ministry")
    >>> projection = kj.project(kj.datasets.yueyang().with_given("gdp", given))
    >>> kj.quantiles(projection, "gdp", q=(0.1, 0.5, 0.9)).at(2025).round(-2).tolist()
    [5300.0, 5600.0, 5800.0]
    """

    names_kind = False
    forecast: AnyForm
    evidence: Treatment
    reason: Words
    unit: UnitName | None = None
    by: _Said | None = None
    made: date | None = None
    source: _Said | None = None
    together: Name | None = None

    # from what other tools hand over

    @classmethod
    def from_array(cls, values: Any, years: Iterable[Any], *, dates: Dates = "year_end", **stated: Unpack[Stated]) -> Self:
        """Take sample paths in an array, n_paths × years, in the forecast's unit.

        Raises `KjprojError` for another shape, what is missing, or years that do not follow one another.
        """
        return cls._of_paths(arrays.from_array(values, years, dates), stated)

    @classmethod
    def from_frame(
        cls,
        frame: Any,
        *,
        series: str | None = None,
        id_col: str = "unique_id",
        time_col: str = "ds",
        sample_col: str = "sample_id",
        target_col: str | None = None,
        dates: Dates = "year_end",
        **stated: Unpack[Stated],
    ) -> Self:
        """Take sample paths in a long frame of pandas, polars or pyarrow (extra `frames`), one row a path and year.

        What `StatsForecast.simulate` returns is such a frame: `target_col` is the name of the model. `series` says which
        `unique_id` is meant where there are several. Paths go by their samples' numbers, whatever the order of rows. A column
        `unit` says the unit.
        """
        columns = frames.Columns(id_col, time_col, sample_col, target_col)
        table, unit = frames.from_frame(frame, series, columns, dates, stated.get("unit"))
        return cls._of_paths(table, {**stated, "unit": unit})

    @classmethod
    def from_xarray(
        cls, array: Any, *, sample_dim: str = "sample", year_dim: str = "year", dates: Dates = "year_end", **stated: Unpack[Stated]
    ) -> Self:
        """Take sample paths in an xarray DataArray (extra `xarray`) over samples and years, or dates; its `units` say the unit."""
        table, unit = xarrays.from_xarray(array, sample_dim, year_dim, dates, stated.get("unit"))
        return cls._of_paths(table, {**stated, "unit": unit})

    @classmethod
    def from_quantiles(
        cls, quantiles: Mapping[Any, Mapping[float, float]], *, over_years: OverYears | None = None, dates: Dates = "year_end", **stated: Unpack[Stated]
    ) -> Self:
        """Take quantiles by year, ``{2024: {0.1: 5100, 0.5: 5200, 0.9: 5320}, …}``, the same levels in every year.

        A frame of pandas will do, with years for columns and levels for its index.
        `over_years` says how the years go together, which quantiles do not: see `forecasts.QuantileFan`.
        """
        rows = {year: _row(row, year) for year, row in _by_year(quantiles, dates).items()}
        levels = {year: tuple(sorted(row)) for year, row in rows.items()}
        first, *others = levels.items()
        for year, own in others:
            if own != first[1]:
                raise KjprojError(f"{year} has the quantile levels {own}, {first[0]} {first[1]}; expected the same in every year")
        values = [[rows[year][q] for q in own] for year, own in levels.items()]
        fan = {"kind": "quantiles", "years": tuple(rows), "levels": first[1], "values": values}
        return cls._built({**fan, "over_years": as_stated(over_years)}, stated)

    @classmethod
    def from_distribution(
        cls, distributions: Mapping[Any, Any], *, over_years: OverYears | None = None, dates: Dates = "year_end", **stated: Unpack[Stated]
    ) -> Self:
        """Take frozen distributions of scipy.stats by year, ``{2024: lognorm(0.03, scale=5200), …}``.

        `over_years` says how the years go together: see `forecasts.QuantileFan`.
        """
        rows = {year: _distribution(one, year) for year, one in _by_year(distributions, dates).items()}
        fan = {"kind": "distributions", "years": tuple(rows), "distributions": tuple(rows.values())}
        return cls._built({**fan, "over_years": as_stated(over_years)}, stated)

    @classmethod
    def from_hubverse(
        cls,
        frame: Any,
        *,
        output_type: Literal["sample", "quantile"],
        where: Mapping[str, Any] | None = None,
        time_col: str | None = None,
        origin_year: int | None = None,
        over_years: OverYears | None = None,
        dates: Dates = "year_end",
        **stated: Unpack[Stated],
    ) -> Self:
        """Take rows of a hubverse model output file (extra `frames`): samples or quantiles.

        `where` picks one task, such as ``{"location": "43", "target": "gdp"}``. The year is that of `target_end_date` (or
        `time_col`), or `origin_year` plus `horizon`. Quantiles need `over_years`.
        """
        task = (frame, where or {}, time_col, origin_year, dates)
        if output_type == "sample":
            if over_years is not None:
                raise KjprojError("over_years is for quantiles; samples say themselves how years go together")
            return cls._of_paths(hubverse.samples_of(*task), stated)
        if output_type != "quantile":
            raise KjprojError(f"output_type is {output_type!r}; expected 'sample' or 'quantile'")
        years, levels, values = hubverse.quantiles_of(*task)
        fan = {"kind": "quantiles", "years": years, "levels": levels, "values": values}
        return cls._built({**fan, "over_years": as_stated(over_years)}, stated)

    @classmethod
    def _of_paths(cls, table: arrays.Table, stated: Stated) -> Self:
        years, values = table
        return cls._built({"kind": "samples", "years": years, "values": tuple(map(tuple, values.tolist()))}, stated)

    @classmethod
    def _built(cls, form: Mapping[str, Any], stated: Stated) -> Self:
        given = {key: value for key, value in stated.items() if value is not None}
        for key, advice in _REQUIRED.items():
            if key not in given:
                raise KjprojError(f"{key} is missing; {advice}")
        try:
            return cls(forecast={k: v for k, v in form.items() if v is not None}, **given)
        except ValidationError as error:
            item = error.errors(include_url=False)[0]
            place = ".".join(str(part) for part in item["loc"][-2:] if part not in ("samples", "quantiles", "distributions", "forecast"))
            message = item["msg"].removeprefix("Value error, ")
            raise KjprojError(f"{place}: {message}" if place else message) from None

    # for the engine and for people

    def placed(self, name: str, unit: str, scale: Scale) -> Forecast:
        """Return the forecast on an indicator's scale.

        Raises `KjprojError` for another dimension, or values off the scale.
        """
        law = self.forecast.law(Onto(name, unit, scale, self.unit or unit))
        return Forecast(self.forecast.years, self.evidence, self.together, law)

    def describe(self, lang: Language) -> str:
        """Say whose forecast it is, what kind, and what figures do to it."""
        who = f"{self.by}的预测" if lang == "zh" else f"forecast of {self.by}"
        other = "外部模型的预测" if lang == "zh" else "forecast of another tool"
        made = "" if self.made is None else f"（{self.made}）" if lang == "zh" else f" ({self.made})"
        done = TREATED[self.evidence][lang]
        said = self.forecast.describe(lang)
        who = who if self.by else other
        return f"{who}{made}：{said}，{done}" if lang == "zh" else f"{who}{made}: {said}; {done}"


_REQUIRED = {
    "evidence": "say 'cut' (this study's figures do not change the forecast) or 'update' (they do, as any belief)",
    "reason": "say why this forecast is used",
}
def _by_year(rows: Any, dates: Dates) -> dict[int, Any]:
    items = _items(rows, "the forecast", "a mapping by year, such as {2024: …}")
    years = years_of([year for year, _ in items], dates)
    if len(set(years)) < len(years):
        raise KjprojError("a year stands twice; expected each once")
    return dict(sorted(zip(years, (row for _, row in items), strict=True), key=lambda item: item[0]))


def _items(given: Any, what: str, expected: str) -> list[tuple[Any, Any]]:
    """Return the items of a mapping, of a column of pandas, or the columns of its frame; raises `KjprojError` for anything else."""
    if not isinstance(given, Mapping) and not (hasattr(given, "items") and hasattr(given, "index")):
        raise KjprojError(f"{what} is {type(given).__name__}; expected {expected}")
    items = list(given.items())
    if not items:
        raise KjprojError(f"{what} is empty; expected {expected}")
    return items


def _row(given: Any, year: int) -> dict[float, float]:
    """Return one year's quantiles by level; raises `KjprojError` for a level that is none, or a value that is no number."""
    found: dict[float, float] = {}
    for level, value in _items(given, f"the row of {year}", "quantiles by level, such as {0.1: 5100, 0.9: 5320}"):
        if not _is_number(level) or not 0.0 < level < 1.0:
            advice = f": write {level / 100:g} for {level:g} %" if _is_number(level) and 1.0 < level < 100.0 else ""
            raise KjprojError(f"{year} has the quantile level {_said(level)}; expected one between 0 and 1, such as 0.1{advice}")
        if float(level) in found:
            raise KjprojError(f"{year} has the quantile level {level:g} twice; expected each once")
        if not _is_number(value):
            raise KjprojError(f"the quantile of {year} at {level:g} is {_said(value)}; expected a finite number")
        found[float(level)] = float(value)
    return found


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)


def _said(value: Any) -> str:
    return repr(value) if isinstance(value, str) else str(value)[:60]


def _distribution(frozen: Any, year: int) -> Distribution:
    try:
        return Distribution.of(frozen)
    except KjprojError as error:
        raise KjprojError(f"in {year}: {error}") from None


