"""A product or a ratio of indicators."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from ..errors import KjprojError
from ..model import Name
from ..rows import Levels
from ..scales import Log
from ..text import Language
from ..units import unit
from .base import Identity


class Product(Identity):
    """Result = factor · factor · …, in every year: R&D spending = GDP · R&D intensity.

    The result is the derived member: it has no motion. All members lie on `Log`, where the identity is linear.
    """

    kind: Literal["product"] = "product"
    result: Name
    factors: Annotated[tuple[Name, ...], Field(min_length=2, max_length=8)]

    @property
    def members(self) -> tuple[str, ...]:
        """The factors."""
        return self.factors

    def weights(self) -> dict[str, float]:
        """1 for every factor."""
        return {name: float(count) for name, count in Counter(self.factors).items()}

    def offset(self, levels: Levels) -> float:
        """The logarithm of the units' sizes: 亿元 · % gives 亿元 with a factor 1/100."""
        sizes = [unit(levels.unit(name)).size for name in self.factors]
        return math.fsum(math.log(s) for s in sizes) - math.log(unit(levels.unit(self.result)).size)

    def implied(self, known: Mapping[str, float], levels: Levels) -> tuple[str, float] | None:
        """Return the one member that is missing from `known`, and its level; None unless exactly one is missing."""
        missing = [name for name in (self.result, *self.factors) if name not in known]
        if len(missing) != 1:
            return None
        total = self.offset(levels) + sum(math.log(known[name]) for name in self.factors if name in known)
        return missing[0], math.exp(total if missing[0] == self.result else math.log(known[self.result]) - total)

    def check(self, levels: Levels) -> None:
        """Every member lies on `Log`, and the units multiply to the result's."""
        for name in (self.result, *self.factors):
            if not isinstance(levels.scale(name), Log):
                raise KjprojError(f"members of a product lie on the scale log; {name} does not")
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
