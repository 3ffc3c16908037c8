"""Sample paths: what simulations and ensembles give."""

from __future__ import annotations

from typing import Annotated, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from ..errors import KjprojError
from ..text import Language
from .base import Form, Onto
from .laws import Paths

_Value = Annotated[float, Field(strict=True)]


class SamplePaths(Form):
    """Equally likely paths: `values` has one row a path and one column a year, in the forecast's unit."""

    kind: Literal["samples"] = "samples"
    values: Annotated[tuple[tuple[_Value, ...], ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _rectangular(self) -> Self:
        for k, path in enumerate(self.values):
            if len(path) != len(self.years):
                raise KjprojError(f"path {k} has {len(path)} values; expected one for each of {len(self.years)} years")
        return self

    def law(self, onto: Onto) -> Paths:
        """Return the paths on the scale; raises `KjprojError` for a value off it."""
        return paths_on(onto, self.years, np.array(self.values, float))

    def describe(self, lang: Language) -> str:
        """Say how many paths there are."""
        size = len(self.values)
        return f"{size}条路径（{self.span(lang)}）" if lang == "zh" else f"{size:,} paths, {self.span(lang)}"


def paths_on(onto: Onto, years: tuple[int, ...], values: np.ndarray) -> Paths:
    """Return paths (P, n) on an indicator's scale; raises `KjprojError` for a value off it, with its year."""
    levels = [onto.levels(values[:, t], f"in {year}") for t, year in enumerate(years)]
    return Paths(np.asarray(onto.scale.to_scale(np.stack(levels, axis=1)), float))
