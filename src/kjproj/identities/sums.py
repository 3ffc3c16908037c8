"""Identities that add up levels: a total, the difference from the year before, a rise since a year, a rolling total."""

from __future__ import annotations

from abc import abstractmethod
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ..errors import KjprojError
from ..model import Name, Year
from ..rows import Levels, Terms, Unknown
from ..scales import Linear
from ..text import Language
from ..units import convert, convert_change, unit
from .base import Identity, require_levels


class OfLevels(Identity):
    """An identity that is linear on levels."""

    on: ClassVar[Literal["scale", "level"]] = "level"

    def check(self, levels: Levels) -> None:
        """Members of one quantity that have levels."""
        require_levels(self.kind, (self.result, *self.members), levels)
        for name in self.members:
            self._factor(name, levels)

    def _factor(self, name: str, levels: Levels) -> float:
        """The factor from a member's unit to the result's; a difference of shares may be in percentage points."""
        own, wanted = levels.unit(name), levels.unit(self.result)
        if unit(own).quantity == "share" and unit(wanted).quantity == "percentage points":
            return 1.0 / convert_change(1.0, wanted, own)
        return convert(1.0, own, wanted)


class Sum(OfLevels):
    """Result = part + part + …, in every year."""

    kind: Literal["sum"] = "sum"
    parts: Annotated[tuple[Name, ...], Field(min_length=2, max_length=50)]

    @property
    def members(self) -> tuple[str, ...]:
        """The parts."""
        return self.parts

    def terms(self, year: int, levels: Levels) -> Terms:
        """Every part."""
        return tuple((Unknown(name, year), self._factor(name, levels)) for name in self.parts)

    def describe(self, lang: Language) -> str:
        """The formula."""
        return f"{self.result} = {' + '.join(self.parts)}"


class OfOne(OfLevels):
    """An identity over the years of one indicator."""

    of: Name

    @property
    def members(self) -> tuple[str, ...]:
        """The one indicator."""
        return (self.of,)

    @abstractmethod
    def describe(self, lang: Language) -> str:
        """Say the identity."""


class Difference(OfOne):
    """Result = level less the level of an earlier year. It may fall below 0: scale `Linear`."""

    @abstractmethod
    def before(self, year: int) -> int:
        """Return the year whose level is subtracted."""

    def terms(self, year: int, levels: Levels) -> Terms:
        """The year less the earlier one."""
        factor = self._factor(self.of, levels)
        return (Unknown(self.of, year), factor), (Unknown(self.of, self.before(year)), -factor)

    def check(self, levels: Levels) -> None:
        """The result may be negative."""
        super().check(levels)
        if not isinstance(levels.scale(self.result), Linear):
            raise KjprojError(f"{self.result} is a difference and may fall below 0; give it the scale linear")


class Increase(Difference):
    """Result = level less the level of the year before: net new enterprises. It may fall below 0: scale `Linear`."""

    kind: Literal["increase"] = "increase"

    def before(self, year: int) -> int:
        """The year before."""
        return year - 1

    def describe(self, lang: Language) -> str:
        """The formula."""
        return f"{self.result} = {self.of} − {self.of}(−1)"


class Since(Difference):
    """Result = level less the level at the end of `base_year`: what was added since. Scale `Linear`."""

    kind: Literal["since"] = "since"
    base_year: Year

    def before(self, year: int) -> int:
        """The base year."""
        return self.base_year

    def describe(self, lang: Language) -> str:
        """The formula."""
        return f"{self.result} = {self.of} − {self.of}({self.base_year})"


class Rolling(OfOne):
    """Result = the total of the last `years` years: a stock of certificates that are valid so long."""

    kind: Literal["rolling"] = "rolling"
    years: Annotated[int, Field(strict=True, ge=2, le=30)]

    def terms(self, year: int, levels: Levels) -> Terms:
        """The last years."""
        factor = self._factor(self.of, levels)
        return tuple((Unknown(self.of, year - k), factor) for k in range(self.years))

    def describe(self, lang: Language) -> str:
        """The formula."""
        return f"{self.result} = {self.of} + … + {self.of}(−{self.years - 1})"
