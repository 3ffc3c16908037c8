"""The scaled inverse chi-square belief about a volatility."""

from __future__ import annotations

import math
from typing import Annotated, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from ..errors import KjprojError
from ..model import Number, Positive
from ..text import Language
from .base import LARGEST_VOLATILITY, Belief, Floats, density_above_0

_MOST = 10_000.0


class ScaledInvChi2(Belief):
    """σ² ~ df·scale²/χ²(df): as if `df` earlier years had shown a volatility of `scale`; σ is cut at `upper`.

    Source: Gelman et al., Bayesian Data Analysis, 3rd ed., appendix A.
    """

    kind: Literal["scaled_inv_chi2"] = "scaled_inv_chi2"
    df: Annotated[Number, Field(gt=0, le=_MOST)]
    scale: Positive
    upper: Positive = LARGEST_VOLATILITY

    @model_validator(mode="after")
    def _keeps_its_middle(self) -> Self:
        if self.scale > self.upper:
            raise ValueError(f"scale is {self.scale:g}, above the cut at {self.upper:g}; give a larger upper")
        return self

    @property
    def gaussian(self) -> tuple[float, float] | None:
        """Not normal."""
        return None

    @property
    def center(self) -> float:
        """The scale."""
        return self.scale

    @property
    def support(self) -> tuple[float, float]:
        """From where the density of the logarithm has dropped by e^200 up to the cut."""
        drop = 400.0 / self.df  # e^w − 1 − w reaches it below both bounds on w, w being −2·ln(σ/scale)
        w = min(math.sqrt(2.0 * drop), 1.0 + math.log1p(drop))
        return self.scale * math.exp(-0.5 * w), self.upper

    def log_density(self, x: Floats) -> Floats:
        """The density of the logarithm, over x."""
        return density_above_0(self, x)

    def log_density_of_log(self, v: Floats) -> Floats:
        """−df·(u + ½(e^(−2u) − 1)) with u = v − ln scale: 0 at its mode, the scale; cut at ln upper."""
        u = v - math.log(self.scale)
        with np.errstate(over="ignore"):
            density = -self.df * (u + 0.5 * np.expm1(-2.0 * u))
        return np.where(v <= math.log(self.upper) + 1e-12, density, -np.inf)

    def quantile(self, p: float) -> float:
        """By inverting the distribution function below the cut."""
        from scipy.special import gammaincc, gammainccinv

        half = 0.5 * self.df
        below = float(gammaincc(half, half * (self.scale / self.upper) ** 2))
        return float(self.scale * np.sqrt(half / gammainccinv(half, below * p)))

    def sample(self, rng: np.random.Generator, size: int) -> Floats:
        """Draw by inverting the distribution function below the cut."""
        from scipy.special import gammaincc, gammainccinv

        half = 0.5 * self.df
        below = gammaincc(half, half * (self.scale / self.upper) ** 2)
        half_chi2 = gammainccinv(half, below * (1.0 - rng.random(size)))
        return np.asarray(self.scale * np.sqrt(half / half_chi2))

    def scaled(self, factor: float) -> ScaledInvChi2:
        """`factor` times the scale, the same degrees of freedom."""
        return self._about(self.scale * factor)

    def shifted(self, by: float) -> ScaledInvChi2:
        """The scale plus `by`, the same degrees of freedom."""
        if self.scale + by <= 0:
            raise KjprojError(f"scale {self.scale:g} moved by {by:g} is not above 0")
        return self._about(self.scale + by)

    def _about(self, scale: float) -> ScaledInvChi2:
        return ScaledInvChi2(df=self.df, scale=scale, upper=max(self.upper, scale))

    def widened(self, factor: float) -> ScaledInvChi2:
        """The same scale with fewer degrees of freedom, the logarithm's spread being about 1/√(2·df)."""
        return ScaledInvChi2(df=min(self.df / factor**2, _MOST), scale=self.scale, upper=self.upper)

    def describe(self, lang: Language) -> str:
        """Scale and degrees of freedom."""
        return f"{self.scale:g}（自由度{self.df:g}）" if lang == "zh" else f"{self.scale:g} ({self.df:g} df)"
