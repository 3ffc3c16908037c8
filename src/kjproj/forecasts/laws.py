"""What a forecast says of an indicator's coming years, on the indicator's scale: what the engine takes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..text import Language

Floats = NDArray[np.float64]
Margin = Callable[[Floats], Floats]
"""A year's place on the scale at standard normal scores: increasing, any shape in and the same out."""

Treatment = Literal["cut", "update"]
"""What the study's figures do to a forecast: nothing, or what they do to any belief."""

TREATED: dict[Treatment, dict[Language, str]] = {
    "cut": {"zh": "不作调整", "en": "taken as they are"},
    "update": {"zh": "随本研究数据更新", "en": "updated by the figures"},
}
_SCORES = np.linspace(-5.0, 5.0, 41)
_STEP = 1e-4


@dataclass(frozen=True, eq=False)
class Normal:
    """A forecast that is normal on the scale: mean (n,) and factor (n, r), factor·factorᵀ the covariance of the n years."""

    mean: Floats
    factor: Floats


@dataclass(frozen=True, eq=False)
class Curves:
    """A Gaussian copula: year t lies at margins[t](z_t), z = root·w with w standard normal (r,); root is (n, r).

    Source: Song (2000), doi 10.1111/1467-9469.00191.
    """

    margins: tuple[Margin, ...]
    root: Floats

    def at(self, w: Floats) -> Floats:
        """Return places (N, n) at normals w (N, r)."""
        return self._at_scores(w @ self.root.T)

    def _at_scores(self, z: Floats) -> Floats:
        return np.stack([margin(z[:, t]) for t, margin in enumerate(self.margins)], axis=1)

    @cached_property
    def normal(self) -> Normal | None:
        """The same where every year is normal on the scale, so that answers are closed forms; None where one is not."""
        x = self._at_scores(np.repeat(_SCORES[:, None], len(self.margins), axis=1))
        slope = (x[-1] - x[0]) / (_SCORES[-1] - _SCORES[0])
        middle = x[len(_SCORES) // 2]
        bent = np.abs(x - middle - _SCORES[:, None] * slope).max(axis=0)
        return Normal(middle, slope[:, None] * self.root) if (bent <= 1e-9 * slope).all() else None

    def about(self, w: Floats) -> Normal:
        """Return the normal forecast that agrees to first order at normals w (r,)."""
        z = self.root @ w
        low, here, high = self._at_scores(z + np.array([-_STEP, 0.0, _STEP])[:, None])
        slope = (high - low) / (2.0 * _STEP)
        return Normal(here - slope * z, slope[:, None] * self.root)

    def content(self) -> bytes:
        """Return what tells it from others."""
        return self._at_scores(np.repeat(_SCORES[:, None], len(self.margins), axis=1)).tobytes() + self.root.tobytes()


@dataclass(frozen=True, eq=False)
class Paths:
    """Sample paths: places (P, n), equally likely."""

    places: Floats

    def content(self) -> bytes:
        """Return what tells them from others."""
        return np.ascontiguousarray(self.places).tobytes()


@dataclass(frozen=True)
class Forecast:
    """A forecast on its indicator's scale. Two are equal where they say the same.

    Attributes:
        years: every year of which it speaks, one after the other.
        evidence: what the study's figures do to it.
        together: sample paths of forecasts with this same name belong together, draw by draw; None for its own.
        law: the joint law of the years' places.
        digest: sixteen hexadecimal digits of all this.
    """

    years: tuple[int, ...]
    evidence: Treatment
    together: str | None
    law: Curves | Paths = field(compare=False, repr=False)
    digest: str = ""

    def __post_init__(self) -> None:
        said = repr((self.years, self.evidence, self.together, type(self.law).__name__)).encode()
        object.__setattr__(self, "digest", hashlib.sha256(said + self.law.content()).hexdigest()[:16])

    @property
    def first(self) -> int:
        """The first year of which it speaks."""
        return self.years[0]

    def describe(self, lang: Language) -> str:
        """Say what it is where nobody said whose it is."""
        span = f"{self.years[0]}—{self.years[-1]}年" if lang == "zh" else f"{self.years[0]} to {self.years[-1]}"
        kind = {"zh": "预测", "en": "a forecast"} if self.size is None else {"zh": f"{self.size}条路径", "en": f"{self.size:,} paths"}
        done = TREATED[self.evidence][lang]
        return f"外部模型给出的{kind['zh']}（{span}），{done}" if lang == "zh" else f"{kind['en']} of another model, {span}, {done}"

    @property
    def size(self) -> int | None:
        """How many sample paths it has; None for quantiles and distributions."""
        return len(self.law.places) if isinstance(self.law, Paths) else None

    def score(self, year: int, place: float) -> float:
        """Return how many standard deviations from its middle a place of a year lies: normal scores, from −5 to 5; of paths its own."""
        t = self.years.index(year)
        if isinstance(self.law, Paths):
            own = self.law.places[:, t]
            return float((place - own.mean()) / max(own.std(), 1e-12))
        return float(np.interp(place, self.law.margins[t](_SCORES), _SCORES))

    def middle(self, year: int) -> float:
        """Return the median place of a year."""
        t = self.years.index(year)
        return float(np.median(self.law.places[:, t]) if isinstance(self.law, Paths) else self.law.margins[t](np.zeros(1))[0])
