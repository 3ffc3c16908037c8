"""A distribution for each year, of a family of scipy.stats."""

from __future__ import annotations

from numbers import Real
from typing import Any, Literal, Self, get_args

import numpy as np
from pydantic import ValidationError, model_validator
from scipy.special import ndtr

from ..errors import KjprojError
from ..model import Model, Number
from ..text import Language
from ..units import convert
from .base import Form, Onto
from .laws import Curves, Floats, Margin
from .over_years import OverYears, root, words

Family = Literal[
    "norm", "lognorm", "t", "skewnorm", "laplace", "logistic", "gumbel_l", "gumbel_r", "genextreme", "gamma", "beta", "weibull_min", "uniform", "triang"
]  # fmt: skip
_OUTSIDE = 1e-6


class Distribution(Model):
    """A distribution as scipy.stats names it: `family` with its shapes, `loc` and `scale` by name."""

    family: Family
    parameters: dict[str, Number]

    @model_validator(mode="after")
    def _exists(self) -> Self:
        with np.errstate(invalid="ignore"):
            median = self.frozen.median()
        if not np.isfinite(median):
            bound = "" if self.parameters.get("scale", 1.0) > 0.0 else "expected a scale above 0, "
            raise KjprojError(f"{self.family} has no distribution with {self._said()}; {bound}see scipy.stats.{self.family}")
        return self

    @property
    def frozen(self) -> Any:
        """The frozen distribution of scipy.stats; raises `KjprojError` for parameters that the family has not."""
        import scipy.stats

        family = getattr(scipy.stats, self.family)
        shapes = [name.strip() for name in (family.shapes or "").split(",") if name.strip()]
        wrong = sorted({*self.parameters} - {*shapes, "loc", "scale"}) or [s for s in shapes if s not in self.parameters]
        if wrong:
            raise KjprojError(f"{self.family} has the parameters {', '.join([*shapes, 'loc', 'scale'])}; correct {wrong[0]}")
        return family(**self.parameters)

    @classmethod
    def of(cls, frozen: Any) -> Self:
        """Return a frozen distribution of scipy.stats as its family and parameters; raises `KjprojError` for others, and for none."""
        family = getattr(getattr(frozen, "dist", None), "name", None)
        if family not in get_args(Family):
            said = f"{family!r}" if family else type(frozen).__name__
            raise KjprojError(
                f"the distribution is {said}; expected a frozen one of scipy.stats ({', '.join(get_args(Family))}); "
                "of others give quantiles to Given.from_quantiles"
            )
        shapes, loc, scale = frozen.dist._parse_args(*frozen.args, **frozen.kwds)
        names = [name.strip() for name in (frozen.dist.shapes or "").split(",") if name.strip()]
        values = dict(zip(names, shapes, strict=True)) | {"loc": loc, "scale": scale}
        if any(np.ndim(v) for v in values.values()):
            raise KjprojError(f"the distribution {family} has arrays for parameters; expected one distribution a year")
        single = {name: np.asarray(value)[()] for name, value in values.items()}
        wrong = [f"{name} = {value}" for name, value in single.items() if not (isinstance(value, Real) and np.isfinite(float(value)))]
        if wrong:
            raise KjprojError(f"the distribution {family} has {wrong[0]}; expected finite numbers for its parameters")
        try:
            return cls(family=family, parameters={name: float(value) for name, value in single.items()})
        except ValidationError as error:
            raise KjprojError(error.errors()[0]["msg"].removeprefix("Value error, ")) from None

    def _said(self) -> str:
        return ", ".join(f"{name} = {value:g}" for name, value in self.parameters.items()) or "no parameters"


class DistributionFan(Form):
    """One distribution for each year, in the forecast's unit; `over_years` says how the years go together.

    What lies off the indicator's scale is cut away where it is less than a millionth, and refused where it is more.
    """

    kind: Literal["distributions"] = "distributions"
    distributions: tuple[Distribution, ...]
    over_years: OverYears | None = None

    @model_validator(mode="after")
    def _one_a_year(self) -> Self:
        if len(self.distributions) != len(self.years):
            raise KjprojError(f"expected {len(self.years)} distributions, one a year; given are {len(self.distributions)}")
        return self

    def law(self, onto: Onto) -> Curves:
        """Return the copula with these margins; raises `KjprojError` where more than a millionth lies off the scale."""
        margins = tuple(_margin(d.frozen, onto, year) for year, d in zip(self.years, self.distributions, strict=True))
        return Curves(margins, root(self.over_years, margins))

    def describe(self, lang: Language) -> str:
        """Say the families and how the years go together."""
        families, joint = "、".join(dict.fromkeys(d.family for d in self.distributions)), words(self.over_years, lang)
        if lang == "zh":
            return f"{families}分布（{self.span(lang)}{f'，{joint}' if joint else ''}）"
        said = ", ".join(dict.fromkeys(d.family for d in self.distributions))
        return f"distributions ({said}), {self.span(lang)}{f', {joint}' if joint else ''}"


def _margin(frozen: Any, onto: Onto, year: int) -> Margin:
    """Return places at normal scores: quantiles of the part that lies on the scale, counted from the nearer end."""
    per = convert(1.0, onto.given, onto.unit)
    low, high = (bound / per for bound in onto.scale.bounds)
    below, above = float(frozen.cdf(low)) if np.isfinite(low) else 0.0, float(frozen.sf(high)) if np.isfinite(high) else 0.0
    if below + above > _OUTSIDE:
        raise KjprojError(
            f"the distribution of {onto.name} in {year} has {below + above:.2g} of its probability off the scale from "
            f"{low:g} to {high:g}; give one that lies on it, such as lognorm"
        )
    inside = 1.0 - below - above

    def place(z: Floats) -> Floats:
        z = np.asarray(z, float)
        level = np.where(z < 0, frozen.ppf(below + inside * ndtr(z)), frozen.isf(above + inside * ndtr(-z)))
        return np.asarray(onto.scale.to_scale(level * per), float)

    return place
