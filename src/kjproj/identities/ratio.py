"""A ratio of two indicators: a share, or an amount per head."""

from __future__ import annotations

import math
from typing import ClassVar, Literal

from ..errors import KjprojError
from ..model import Name
from ..rows import Levels, Terms, Unknown
from ..text import Language
from ..units import per, unit
from .base import Identity, require_levels, require_logs


class Ratio(Identity):
    """Result = numerator / denominator, in every year: turnover per GDP, patents per 10,000 people.

    The result is the derived member. All three lie on `Log`, where the identity is linear.
    """

    kind: Literal["ratio"] = "ratio"
    numerator: Name
    denominator: Name
    on: ClassVar[Literal["scale", "level"]] = "scale"

    @property
    def members(self) -> tuple[str, ...]:
        """Numerator and denominator."""
        return self.numerator, self.denominator

    def terms(self, year: int, levels: Levels) -> Terms:
        """The numerator less the denominator."""
        return (Unknown(self.numerator, year), 1.0), (Unknown(self.denominator, year), -1.0)

    def offset(self, levels: Levels) -> float:
        """The logarithm of the units' sizes."""
        a, b, c = (unit(levels.unit(name)).size for name in (self.numerator, self.denominator, self.result))
        return math.log(a) - math.log(b) - math.log(c)

    def check(self, levels: Levels) -> None:
        """Every member lies on `Log`, and the units divide to the result's."""
        names = (self.result, self.numerator, self.denominator)
        require_levels("ratio", names, levels)
        require_logs("ratio", names, levels)
        result, above, below = (unit(levels.unit(name)).quantity for name in names)
        if per(above, below) != result:
            raise KjprojError(
                f"{above} over {below} does not give {result}; expected two indicators of one quantity and a result in % "
                "or share, or something per person with a result in such a unit (件/万人, 元/人)"
            )

    def describe(self, lang: Language) -> str:
        """The formula."""
        return f"{self.result} = {self.numerator} / {self.denominator}"
