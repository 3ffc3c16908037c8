"""`Form`: what a forecast is given as, with the years of which it speaks."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Annotated, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from ..errors import KjprojError
from ..model import Model, Year
from ..scales import Scale
from ..text import Language
from ..units import convert
from .laws import Curves, Paths

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Onto:
    """The indicator whose forecast it is: its name, unit and scale, and the unit in which the forecast is."""

    name: str
    unit: str
    scale: Scale
    given: str

    def levels(self, values: Floats, what: str) -> Floats:
        """Return levels in the indicator's unit; raises `KjprojError` for what does not lie on its scale.

        `what` says what the values are, such as "in 2024".
        """
        found = values * convert(1.0, self.given, self.unit)
        low, high = self.scale.bounds
        outside = found[~(np.isfinite(found) & (found > low) & (found < high))]
        if outside.size:
            raise KjprojError(
                f"paths of {self.name} {what} hold {outside.flat[0]:g}; expected finite values on the scale from {low:g} to "
                f"{high:g}, in {self.unit}"
            )
        return np.asarray(found)


class Form(Model):
    """The years of a forecast, one after the other, and what it says of them."""

    years: Annotated[tuple[Year, ...], Field(min_length=1, max_length=200)]

    @model_validator(mode="after")
    def _one_after_the_other(self) -> Self:
        require_contiguous(self.years)
        return self

    @abstractmethod
    def law(self, onto: Onto) -> Curves | Paths:
        """Return the law of the years' places on the scale; raises `KjprojError` where it does not fit."""

    @abstractmethod
    def describe(self, lang: Language) -> str:
        """Say what kind of forecast it is."""

    def span(self, lang: Language) -> str:
        """Say the first and the last year."""
        first, last = self.years[0], self.years[-1]
        if first == last:
            return f"{first}年" if lang == "zh" else f"{first}"
        return f"{first}—{last}年" if lang == "zh" else f"{first} to {last}"


def require_contiguous(years: tuple[int, ...]) -> None:
    """Raise `KjprojError` unless the years follow one another."""
    if list(years) != list(range(years[0], years[0] + len(years))):
        said = ", ".join(map(str, years))
        raise KjprojError(f"the years {said} do not follow one another; expected every year in between, in order, once")
