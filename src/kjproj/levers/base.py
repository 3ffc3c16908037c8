"""What a lever is: a change of one indicator's path, known but for its size."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Literal

from ..errors import KjprojError
from ..scales import Linear, Scale
from ..text import Language

_LOG_2 = math.log(2.0)


@dataclass(frozen=True)
class Lever(ABC):
    """A change of the path of `indicator`, known but for its size.

    A subclass says in `on` whether it adds to the place on the scale or to the level in the indicator's unit, in `times`
    how often it has been added by the end of a year, and how its size is counted. It adds to whatever the indicator does
    otherwise, shocks included, and what it has added stays.
    """

    indicator: str
    kind: ClassVar[str]
    on: ClassVar[Literal["scale", "level"]] = "scale"

    def __post_init__(self) -> None:
        """Refuse an indicator that is no name."""
        if not isinstance(self.indicator, str):
            raise KjprojError(f"the indicator of a lever is {self.indicator!r}; expected its name, such as 'gdp'")

    @abstractmethod
    def times(self, year: int, first_open: int) -> int:
        """Return how often the size has been added by the end of a year; `first_open` is the first year that can be acted on."""

    @abstractmethod
    def size(self, added: float, scale: Scale) -> float:
        """Return what is added once, on the scale (or in units), as the lever counts it."""

    @abstractmethod
    def unit(self, scale: Scale, own: str) -> str:
        """Return the unit of the size; `own` is the indicator's."""

    def most(self, scale: Scale, level: float) -> float:
        """Return the greatest addition that is considered: doubling the level (its odds) at a time; on `Linear` any.

        `level` is the indicator's median without the lever, in its unit.
        """
        return math.inf if isinstance(scale, Linear) else _LOG_2

    def least(self, scale: Scale, level: float) -> float:
        """Return the least one: halving it."""
        return -self.most(scale, level)

    def first_year(self, first_open: int) -> int:
        """Return the first year in which it acts."""
        return first_open

    @abstractmethod
    def how(self, lang: Language, change: Change) -> str:
        """Say the change, after the indicator's name: 2024年须一次性提高4%; "at 4 % more from 2024 on, once"."""


@dataclass(frozen=True)
class Change:
    """What `Lever.how` puts into words: whether it is more or less, how much, and from when to when.

    `must` is 须 where the change is needed, and nothing where it is only supposed; Chinese alone needs it.
    """

    more: bool
    size: str
    first_year: int
    last_year: int
    must: str = ""


def year_of(year: object, kind: str) -> int:
    """Return the year in which a lever acts; raises `KjprojError` for anything but a calendar year."""
    if not isinstance(year, int) or isinstance(year, bool) or not 1800 <= year <= 2300:
        raise KjprojError(f"{kind} acts in {year!r}; expected a calendar year such as 2024")
    return year
