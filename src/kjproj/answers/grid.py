"""The round figures that plans print: multiples of 5 in the third significant digit, whole where they count."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

_THIRD = 2


@dataclass(frozen=True)
class Grid:
    """Figures v = k·s with s = 5·10^(⌊log₁₀|v|⌋ − 2), but never finer than `finest`: 125, 2150, 2.4, 33.5, 7.

    The easier figure of a target from below is the lower one, from above the higher one (`upwards`).
    """

    finest: Decimal | None
    upwards: bool

    def easier(self, value: Decimal) -> Decimal:
        """Return the nearest round figure that is as easy as `value` or easier."""
        return self._rounded(value, ROUND_FLOOR if self.upwards else ROUND_CEILING)

    def next_easier(self, figure: Decimal) -> Decimal:
        """Return the next round figure on the easier side."""
        return self.easier(figure - self._nudge(figure))

    def next_harder(self, figure: Decimal) -> Decimal:
        """Return the next round figure on the harder side."""
        return self._rounded(figure + self._nudge(figure), ROUND_CEILING if self.upwards else ROUND_FLOOR)

    def _rounded(self, value: Decimal, towards: str) -> Decimal:
        step = self._step(value)
        return (value / step).to_integral_value(rounding=towards) * step

    def _step(self, value: Decimal) -> Decimal:
        step = Decimal(5).scaleb(value.adjusted() - _THIRD) if value else (self.finest or Decimal(1))
        return step if self.finest is None else max(step, self.finest)

    def _nudge(self, figure: Decimal) -> Decimal:
        """A thousandth of a step, signed towards what is harder."""
        return self._step(figure) / 1000 * (1 if self.upwards else -1)


def printed(figure: Decimal) -> str:
    """Return a figure as a plan prints it: without exponent or trailing zeros."""
    text = f"{figure:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
