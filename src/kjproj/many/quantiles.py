"""Quantiles of many series by year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..answers.levels import quantiles as of_one
from ..errors import KjprojError
from ..numbers import digits
from ..projection import project
from ..tables import Shown, Table
from ..text import Language
from .chances import attempt
from .given import Floats, Ints
from .inputs import Inputs
from .projections import SHOWN, counted, framed, left_out, reasons_of
from .reasons import ANSWERED, APART, REFUSED
from .walked import AGREED

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False, repr=False)
class LevelQuantiles(Shown):
    """Quantiles of S series by year.

    Attributes:
        region, indicator: (S,).
        years: (H,).
        q: (Q,).
        values: levels in the indicators' units, (S, H, Q); NaN where there is no answer.
        code: codes of `reasons`, (S,); words: what was said where one was refused alone.
    """

    region: NDArray[np.object_]
    indicator: NDArray[np.object_]
    years: Ints
    q: Floats
    values: Floats
    code: NDArray[np.int8]
    words: dict[int, str]

    def __repr__(self) -> str:
        return f"LevelQuantiles({len(self.region)} series, {self.years[0]} to {self.years[-1]}, q {', '.join(f'{q:g}' for q in self.q)})"

    def __len__(self) -> int:
        return len(self.region)

    def __array__(self, dtype: object = None, copy: bool | None = None) -> Floats:
        return np.array(self.values, dtype=dtype, copy=True if copy is None else copy)  # type: ignore[call-overload, no-any-return]

    @property
    def reasons(self) -> NDArray[np.object_]:
        """Why there is no answer, (S,); "" where there is one."""
        return reasons_of(self.code, self.words, "en")

    def to_dict(self) -> dict[str, Any]:
        """Return columns, one row a series and year, one column a quantile."""
        years = len(self.years)
        columns: dict[str, Any] = {"region": np.repeat(self.region, years), "indicator": np.repeat(self.indicator, years)}
        columns["year"] = np.tile(self.years, len(self.region))
        return columns | {f"q{100 * q:g}": self.values[:, :, j].ravel() for j, q in enumerate(self.q.tolist())}

    def to_frame(self) -> pd.DataFrame:
        """Return one row a series and year as a pandas frame (extra `pandas`)."""
        return framed(self.to_dict())

    def tables(self, lang: Language) -> tuple[Table, ...]:
        """Return the last year's quantiles of the first series."""
        first = {"zh": ("地区", "指标", f"{self.years[-1]}年"), "en": ("region", "indicator", "year")}[lang][:2]
        space = "" if lang == "zh" else " "
        head = (*first, *(f"{self.years[-1]}{'年' if lang == 'zh' else ','} {100 * q:g}{space}%" for q in self.q.tolist()))
        rows = tuple(
            (self.region[i], self.indicator[i], *(digits(v) for v in self.values[i, -1].tolist()))
            for i in range(min(len(self), SHOWN))
            if self.code[i] == ANSWERED
        )
        why = reasons_of(self.code, {}, lang)
        return (Table(head, rows, "", (*left_out(len(self), lang), *counted(why, lang))),)


def quantiles(inputs: Inputs, q: Sequence[float], last_year: int | None) -> LevelQuantiles:
    """Return quantiles of every series from the first open year on; by the model of each shape, else one by one."""
    wanted = np.asarray(q, float)
    if wanted.ndim != 1 or not len(wanted) or not ((wanted > 0) & (wanted < 1)).all():
        raise KjprojError(f"probabilities are {q!r}; expected a list of numbers between 0 and 1, such as (0.1, 0.5, 0.9)")
    years = open_years(inputs, last_year)
    values = np.full((len(inputs.figures.region), len(years), len(wanted)), np.nan)
    code = inputs.refused.copy()
    for group in inputs.groups:
        scale = inputs.indicators[int(inputs.figures.indicator[group.series[0]])].scale
        for j, year in enumerate(years.tolist()):
            if year <= group.years[-1]:
                continue
            law, other = group.walked.growth(year - group.years[-1])
            found = np.stack([law.quantile(level) for level in wanted.tolist()], axis=1)
            values[group.series, j] = scale.to_level(group.last[:, None] + found)
            if other is not None:
                up = np.ones(len(group.series))
                apart = [np.abs(other.beyond(x, up) - law.beyond(x, up)) > AGREED for x in found.T]
                code[group.series[np.any(apart, axis=0) & (code[group.series] == ANSWERED)]] = APART
        values[group.series[group.walked.refused != ANSWERED]] = np.nan
    words = _alone(inputs, np.flatnonzero(code == APART), wanted, years, values, code)
    names = np.array(inputs.regions, object), np.array([i.name for i in inputs.indicators], object)
    return LevelQuantiles(
        names[0][inputs.figures.region], names[1][inputs.figures.indicator], years, wanted, values, code, words
    )


def _alone(inputs: Inputs, series: Ints, q: Floats, years: Ints, values: Floats, code: NDArray[np.int8]) -> dict[int, str]:
    """Fill in the series that are projected one by one; return what was said of those that are refused."""
    words = {}
    for s in series.tolist():
        name = inputs.indicators[int(inputs.figures.indicator[s])].name
        study = inputs.study(int(inputs.figures.region[s]))
        found = attempt(
            lambda: of_one(project(study), name, q=q.tolist(), first_year=int(years[0]), last_year=int(years[-1]))  # noqa: B023 - asked at once
        )
        if isinstance(found, str):
            values[s], code[s], words[s] = np.nan, REFUSED, found
        else:
            values[s], code[s] = found.values, ANSWERED
    return words


def open_years(inputs: Inputs, last_year: int | None) -> Ints:
    """Return the years from the first that is open anywhere to `last_year`, or the last target's year."""
    first = int(inputs.past.min()) + 1
    last = int(inputs.goals.year.max(initial=first)) if last_year is None else last_year
    if last < first:
        raise KjprojError(f"the last year is {last}; expected {first} or later, the first year that is open")
    return np.arange(first, last + 1)
