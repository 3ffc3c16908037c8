"""Quantiles by year: what most published forecasts give."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from ..errors import KjprojError
from ..model import Number
from ..numerics.curves import QuantileCurve
from ..text import Language
from .base import Form, Onto
from .laws import Curves
from .over_years import OverYears, root, words

_Level = Annotated[Number, Field(gt=0, lt=1)]


class QuantileFan(Form):
    """Quantiles: `values` has one row a year and one column a level of `levels`, in the forecast's unit.

    Between two quantiles the place on the indicator's scale is a monotone cubic in the normal score of the level; beyond
    the outer ones the distribution goes on as the normal one through the outer pair, on the scale: lognormal on `Log`.
    `over_years` says how the years go together.
    """

    kind: Literal["quantiles"] = "quantiles"
    levels: tuple[_Level, ...]
    values: tuple[tuple[Number, ...], ...]
    over_years: OverYears | None = None

    @model_validator(mode="after")
    def _rises(self) -> Self:
        q = self.levels
        if len(q) < 2 or not min(q) <= 0.5 <= max(q):
            raise KjprojError(
                f"the quantile levels are {', '.join(f'{v:g}' for v in q) or 'none'}; expected two or more, on both sides of 0.5"
            )
        if any(a >= b for a, b in pairwise(q)):
            raise KjprojError(f"the quantile levels {', '.join(f'{v:g}' for v in q)} do not rise; give each once, in order")
        if len(self.values) != len(self.years) or any(len(row) != len(q) for row in self.values):
            raise KjprojError(f"expected {len(self.years)} rows of quantiles (one a year) with {len(q)} values (one a level)")
        for year, row in zip(self.years, self.values, strict=True):
            for j, (a, b) in enumerate(pairwise(row)):
                if a >= b:
                    raise KjprojError(
                        f"the quantiles of {year} cross: {a:g} at {q[j]:g} and {b:g} at {q[j + 1]:g}; expected each above the last"
                    )
        return self

    def law(self, onto: Onto) -> Curves:
        """Return the copula with these margins; raises `KjprojError` for quantiles off the scale."""
        q = np.array(self.levels)
        rows = [
            np.asarray(onto.scale.to_scale(onto.levels(np.array(row, float), f"in {year}")), float)
            for year, row in zip(self.years, self.values, strict=True)
        ]
        margins = tuple(QuantileCurve(q, row) for row in rows)
        return Curves(margins, root(self.over_years, margins))

    def describe(self, lang: Language) -> str:
        """Say the levels and how the years go together."""
        said, joint = "、".join(f"{100 * v:g}%" for v in self.levels), words(self.over_years, lang)
        if lang == "zh":
            return f"{said}分位数（{self.span(lang)}{f'，{joint}' if joint else ''}）"
        levels = ", ".join(f"{100 * v:g}" for v in self.levels)
        return f"{levels} % quantiles, {self.span(lang)}{f', {joint}' if joint else ''}"
