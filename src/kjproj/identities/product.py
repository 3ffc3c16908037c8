"""A product of indicators."""

from __future__ import annotations

import math
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ..errors import KjprojError
from ..model import Name
from ..rows import Levels, Terms, Unknown
from ..text import Language
from ..units import unit
from .base import Identity, require_levels, require_logs


class Product(Identity):
    """Result = factor · factor · …, in every year: R&D spending = GDP · R&D intensity.

    The result is the derived member: it has no motion. All members lie on `Log`, where the identity is linear.
    """

    kind: Literal["product"] = "product"
    factors: Annotated[tuple[Name, ...], Field(min_length=2, max_length=8)]
    on: ClassVar[Literal["scale", "level"]] = "scale"

    @property
    def members(self) -> tuple[str, ...]:
        """The factors."""
        return self.factors

    def terms(self, year: int, levels: Levels) -> Terms:
        """Every factor with weight 1."""
        return tuple((Unknown(name, year), 1.0) for name in self.factors)

    def offset(self, levels: Levels) -> float:
        """The logarithm of the units' sizes: 亿元 · % gives 亿元 with a factor 1/100."""
        sizes = [unit(levels.unit(name)).size for name in self.factors]
        return math.fsum(math.log(s) for s in sizes) - math.log(unit(levels.unit(self.result)).size)

    def check(self, levels: Levels) -> None:
        """Every member lies on `Log`, and the units multiply to the result's."""
        require_levels("product", (self.result, *self.factors), levels)
        require_logs("product", (self.result, *self.factors), levels)
        quantities = [unit(levels.unit(name)).quantity for name in self.factors]
        kept = [q for q in quantities if q != "share"] or ["share"]
        wanted = unit(levels.unit(self.result)).quantity
        if kept != [wanted]:
            raise KjprojError(
                f"{' times '.join(quantities)} does not give {wanted}; expected one factor in the result's quantity "
                "and the others in % or share"
            )

    def describe(self, lang: Language) -> str:
        """The formula."""
        return f"{self.result} = {' × '.join(self.factors)}"
