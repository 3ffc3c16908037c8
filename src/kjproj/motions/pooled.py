"""A walk with drift behind figures that carry noise, as pooled over similar series."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, NamedTuple, Self

import numpy as np
from pydantic import Field

from ..beliefs import Parameter
from ..model import Number, Positive
from ..text import Language
from .base import Floats, Motion, word

_TINY = 1e-9


class Pooled(Motion):
    """Partially pooled walk: drift, shocks, and noise on each year's published place; the path is what is published.

    From one year to the next x moves by drift + deviation·(volatility/scale)^tie + 2·lean·scale·ln(volatility/scale)
    + pull·(x − center) + a shock of standard deviation `volatility` + the year's noise less the noise before, of
    variance noise·volatility². After `last_year` the shocks are `coming` times as large, and `common` adds to the drift.
    Between years' ends the noise stays as it was. Without noise, pull and the ties it is `Brownian`.
    Source of partial pooling: Gelman and Hill (2007), Data Analysis Using Regression, chapter 12; of noise on a walk
    with drift: Harvey (1989), Forecasting, Structural Time Series Models, section 2.3.

    Args:
        drift: mean growth of the class on the scale, a year.
        deviation: this series' drift less the class's, where volatility is `scale`.
        common: what the coming years add to the drift of all series of the class.
        volatility: standard deviation of a year's shock up to `last_year`.
        coming: volatility after `last_year`, as a multiple.
        first_noise: the noise at the start, in its standard deviations.
        scale: typical volatility of such series.
        noise: variance of a published place's noise, as a share of volatility².
        tie: exponent by which rougher series deviate more.
        lean: by how much rougher series grow faster.
        pull, center: share of the distance from `center` that a year adds (below 0: return).
        last_year: the year of the last figure; without it all years are coming ones.
        shared: the name under which indicators share `common`.
    """

    kind: Literal["pooled"] = "pooled"
    drift: Parameter
    deviation: Parameter = 0.0
    common: Parameter = 0.0
    volatility: Parameter
    coming: Parameter = 1.0
    first_noise: Parameter = 0.0
    scale: Positive
    noise: Annotated[Number, Field(ge=0, le=10)] = 0.0
    tie: Number = 0.0
    lean: Number = 0.0
    pull: Annotated[Number, Field(gt=-1, lt=1)] = 0.0
    center: Number = 0.0
    last_year: Number | None = None
    shared: str | None = None
    linear: ClassVar[tuple[str, ...]] = ("drift", "deviation", "common", "first_noise")
    positive: ClassVar[tuple[str, ...]] = ("volatility", "coming")

    @property
    def shocks(self) -> int:
        """The year's shock, and the noise of its figure."""
        return 2

    def shared_as(self, parameter: str) -> str | None:
        """`common` is one draw for all indicators of the same `shared`."""
        return f"class {self.shared}: common" if parameter == "common" and self.shared else None

    def felt_after(self, parameter: str) -> float:
        """`common` is of the years after the last figure's."""
        return self.last_year if parameter == "common" and self.last_year is not None else -np.inf

    def path(self, start: Any, dt: Floats, z: Floats) -> Floats:
        """Walk step by step; a step takes as much from its normals as lies in it, however long it is."""
        place, noise = np.asarray(start, float)[..., None], self._noise_sd * self.first_noise
        ends, begin, path = np.cumsum(dt), 0.0, []
        for k in range(len(dt)):
            step = self._step(begin, float(ends[k]))
            place = self._mean(step, place, noise) + self._shock_sd(step) * z[..., 0, k : k + 1]
            if step.new is not None:
                noise = self._noise_sd * z[..., 1, k : k + 1]
                place = place + step.new * noise
            begin = float(ends[k])
            path.append(place)
        lead = np.broadcast_shapes(*(p.shape for p in path), (1,)) if path else (1,)
        return np.concatenate([np.broadcast_to(p, lead) for p in path], axis=-1) if path else np.zeros((*lead[:-1], 0))

    def moments(self, start: float, elapsed: float) -> tuple[float, float]:
        """Those of a single step from the start."""
        step = self._step(0.0, elapsed)
        sd = np.hypot(self._shock_sd(step), (step.new or 0.0) * self._noise_sd)
        return float(self._mean(step, start, self._noise_sd * self.first_noise)), float(sd)

    @property
    def _noise_sd(self) -> Any:
        return self.noise**0.5 * self.volatility

    def _mean(self, step: _Step, place: Any, noise: Any) -> Any:
        ratio = self.volatility / self.scale
        drift = self.drift + self.deviation * ratio**self.tie - self.pull * self.center
        if self.lean:
            drift = drift + 2.0 * self.lean * self.scale * np.log(ratio)
        return step.keep * place + step.drift * drift + step.common * self.common + step.old * noise

    def _shock_sd(self, step: _Step) -> Any:
        return self.volatility * np.sqrt(step.past + step.coming * np.square(self.coming) + step.washed * self.noise)

    def _step(self, begin: float, end: float) -> _Step:
        """Return what a step from `begin` to `end` (years after the origin) keeps and adds, piece by piece."""
        last = -np.inf if self.last_year is None else self.last_year - self.origin
        stops = {float(k) for k in range(int(np.floor(begin + _TINY)) + 1, int(np.floor(end + _TINY)) + 1)}
        stops |= {s for s in (last, end) if begin + _TINY < s < end + _TINY}
        keep, drift, common, past, coming, noises = 1.0, 0.0, 0.0, 0.0, 0.0, [0.0]
        for stop in sorted(stops):
            length, after = stop - begin, begin >= last - _TINY
            kept, gone = (1.0 + self.pull) ** length, self._gone(length)
            variance = self._gone(2.0 * length) / self._gone(2.0)
            keep, drift, common = keep * kept, drift * kept + gone, common * kept + gone * after
            past, coming = past * kept**2 + variance * (not after), coming * kept**2 + variance * after
            noises = [n * kept for n in noises]
            if abs(stop - round(stop)) < _TINY:
                noises[-1] -= 1.0
                noises.append(1.0)
            begin = stop
        new = noises[-1] if len(noises) > 1 else None
        return _Step(keep, drift, common, past, coming, noises[0], sum(n * n for n in noises[1:-1]), new)

    def _gone(self, length: float) -> float:
        """What a drift of 1 a year adds up to."""
        return float(np.expm1(length * np.log1p(self.pull)) / self.pull) if self.pull else length

    @classmethod
    def examples(cls) -> tuple[Self, ...]:
        """Figures with noise; a pull, rougher years to come and all ties; none of them."""
        return (
            cls(drift=0.1, volatility=0.05, scale=0.05, noise=0.08),
            cls(
                drift=0.05, deviation=0.02, common=0.01, volatility=0.08, coming=1.4, first_noise=0.5, scale=0.05,
                noise=0.1, tie=0.35, lean=0.1, pull=-0.02, center=2.0, last_year=2,
            ),
            cls(drift=-0.02, volatility=0.2, scale=0.1, noise=1e-6),
        )  # fmt: skip

    def describe(self, lang: Language) -> str:
        """Drift, volatility and noise."""
        drift, volatility = (f"{p:.3g}" if isinstance(p, float) else word(p, lang) for p in (self.drift, self.volatility))
        noise = self.noise**0.5
        if lang == "zh":
            return f"部分合并的随机游走：年均变动{drift}，年波动{volatility}，公布值噪声为年波动的{noise:.2g}倍"
        return f"partially pooled walk: {drift} a year, volatility {volatility}, figures with {noise:.2g} of it as noise"


class _Step(NamedTuple):
    """A step: shares of the place and of drifts, shock variances in volatility², and coefficients of noise.

    old, new: of the noise before and of the last one in the step (None without a year's end); washed: the sum of
    squares of those in between.
    """

    keep: float
    drift: float
    common: float
    past: float
    coming: float
    old: float
    washed: float
    new: float | None
