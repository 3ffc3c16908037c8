"""How do I let an indicator move in a way that kjproj does not know, and how do I know that I got it right?

The motion below is growth that fades: each year's drift is a fixed share of the year before's.
"""

from typing import Any, ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray

import kjproj as kj
from kjproj.beliefs import LogNormal, Normal, Parameter, ScaledInvChi2
from kjproj.motions import Motion


class Fading(Motion):
    """Growth that fades: dx = drift·e^(−rate·(t − year))·dt + volatility·dW.

    Args:
        year: the year at whose end the yearly drift is `drift`.
        drift: change on the scale a year, then.
        rate: how fast the drift fades, a year; above 0.
        volatility: standard deviation of a year's change.
    """

    kind: Literal["fading"] = "fading"
    year: float
    drift: Parameter
    rate: Parameter
    volatility: Parameter
    linear: ClassVar[tuple[str, ...]] = ("drift",)  # the path is affine in it: a normal belief stays exact
    positive: ClassVar[tuple[str, ...]] = ("rate", "volatility")  # these two become coordinates of the nodes

    def _fade(self, elapsed: Any) -> Any:
        """Return what one unit of drift adds in `elapsed` years, in closed form, whatever the steps."""
        age = self.origin - self.year
        return np.exp(-self.rate * age) * -np.expm1(-self.rate * elapsed) / self.rate

    def path(self, start: Any, dt: NDArray[np.float64], z: NDArray[np.float64]) -> NDArray[np.float64]:
        """Start + drift·fade + Σ volatility·√dt·z."""
        walk = np.cumsum(self.volatility * np.sqrt(dt) * z, axis=-1)
        return np.asarray(start)[..., None] + self.drift * self._fade(np.cumsum(dt)) + walk

    def moments(self, start: float, elapsed: float) -> tuple[float, float]:
        """Start + drift·fade, and volatility·√t."""
        return start + self.drift * self._fade(elapsed), self.volatility * elapsed**0.5

    @classmethod
    def examples(cls) -> tuple[Self, ...]:
        """Slow and fast fading."""
        return (
            cls(year=0, drift=0.1, rate=0.05, volatility=0.05),
            cls(year=2, drift=-0.03, rate=0.7, volatility=0.2),
        )

    def describe(self, lang: str) -> str:
        """Say it."""
        return "增速逐年衰减" if lang == "zh" else "growth that fades from year to year"


print("The laws of motions:")
verdicts = kj.testing.check_motion(Fading)
for check, verdict in verdicts.items():
    print(f"  {check:24} {verdict}")
if set(verdicts.values()) != {"PASSED"}:
    raise SystemExit(1)

fading = Fading(
    year=2021,
    drift=Normal(mean=0.08, sd=0.02),
    rate=LogNormal(median=0.15, sd_log=0.4),
    volatility=ScaledInvChi2(df=6, scale=0.045),
)
study = kj.datasets.yueyang()
print("\nGDP of 2025, 亿元 (10, 50, 90 %), and the chance of 150 亿元 of R&D spending")
for words, given in (("steady growth", study), ("growth that fades", study.with_motion("gdp", fading))):
    projection = kj.project(given)
    low, mid, high = kj.quantiles(projection, "gdp", q=(0.1, 0.5, 0.9)).at(2025)
    chance = kj.probability(projection, "rd_spending_2025")
    print(f"  {words:20}{low:7.0f}{mid:7.0f}{high:7.0f}{float(chance):10.0%}")
