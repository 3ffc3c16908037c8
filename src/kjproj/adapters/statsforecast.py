"""kjproj as a model of statsforecast (extra `statsforecast`). It is spoken to by that tool, and needs nothing of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from ..errors import KjprojError
from .forecasters.outlooks import Assumptions
from .forecasters.series import Series, point_of

__all__ = ["KjprojModel"]

Floats = NDArray[np.float64]
Answer = dict[str, Floats]


class KjprojModel:
    """A model for `StatsForecast(models=[KjprojModel()], …)`: from one figure a series, with intervals that are exact.

    The columns `-lo-80` and `-hi-80` are the 10 % and 90 % quantiles of the predictive law, with what the figures leave open
    about drift and volatility integrated out; they are not symmetric about the point. A step is a row of the frame,
    and under a reference class a year: the tool does not tell a model which frequency the frame has. A missing figure
    (NaN) is a step without one. Exogenous data are ignored. `forward` takes all that it is handed into account, so that
    `refit=False` gives what `refit=True` does.

    Args:
        reference_class: the class whose beliefs are borrowed; without one beliefs are flat, which needs three figures
            that are not in line. One figure is enough under a class.
        scale: "log", "linear", "logit" (0 to 1), a `kjproj.scales.Scale`, or "auto": the class's scale; else "log" where all
            figures of a series are above 0, "linear" where not.
        drift: mean change on the scale a step: a number, a belief, or None for the class's or a flat one.
        volatility: standard deviation of a step's change on the scale: likewise.
        motion: a `kjproj.motions.Motion` in the place of the random walk; it has its own beliefs.
        unit: the unit of the levels, for a class that has one.
        region: "country", "province", "city" or "county", for a class of larger ones.
        point: what stands in the column without a suffix, "median" or "mean".
        alias: the name of the columns.

    >>> import numpy as np
    >>> from kjproj.adapters.statsforecast import KjprojModel
    >>> found = KjprojModel().forecast(y=np.array([80.0, 90.0, 97.0, 110.0]), h=2, level=[80])
    >>> {name: values.round(1).tolist() for name, values in found.items()}
    {'mean': [122.3, 136.0], 'lo-80': [115.2, 123.8], 'hi-80': [129.8, 149.4]}
    """

    uses_exog = False
    prediction_intervals = None

    def __init__(
        self,
        reference_class: str | None = None,
        *,
        scale: Any = "auto",
        drift: Any = None,
        volatility: Any = None,
        motion: Any = None,
        unit: str | None = None,
        region: str | None = None,
        point: str = "median",
        alias: str = "kjproj",
    ) -> None:
        self.assumptions = Assumptions(reference_class, scale, drift, volatility, motion, unit, region)
        self.point, self.alias = point, alias

    def __repr__(self) -> str:
        return self.alias

    def new(self) -> Self:
        """Return a copy that can be fitted to another series."""
        return copy(self)

    def fit(self, y: Any, X: Any = None) -> Self:
        """Take in the levels y (n,) of one series."""
        del X
        if self.prediction_intervals is not None:
            raise KjprojError("conformal intervals are asked for; kjproj's own are exact, leave prediction_intervals out")
        levels = _levels(y)
        self.model_ = Series(self.assumptions, np.arange(len(levels)), levels)
        self._count = len(levels)
        return self

    def predict(self, h: int, X: Any = None, level: Sequence[float] | None = None) -> Answer:
        """Return the point forecast (h,) as "mean", and the ends of intervals of `level` per cent as "lo-…" and "hi-…"."""
        del X
        self._fitted()
        return self._answers(range(self._count, self._count + _steps(h)), "mean", "", level)

    def predict_in_sample(self, level: Sequence[float] | None = None) -> Answer:
        """Return for each figure (n,) what was forecast from those before it: NaN where they say too little."""
        self._fitted()
        return self._answers(range(self._count), "fitted", "fitted-", level)

    def forecast(
        self,
        y: Any,
        h: int,
        X: Any = None,
        X_future: Any = None,
        level: Sequence[float] | None = None,
        fitted: bool = False,
    ) -> Answer:
        """Return what `fit` and `predict` do, and with `fitted` what `predict_in_sample` does, without storing anything."""
        del X, X_future
        one = self.new().fit(y)
        return {**one.predict(h, level=level), **(one.predict_in_sample(level) if fitted else {})}

    forward = forecast

    def simulate(
        self,
        h: int,
        n_paths: int,
        y: Any = None,
        X: Any = None,
        X_future: Any = None,
        seed: int | None = None,
        error_distribution: str = "normal",
        error_params: Mapping[str, Any] | None = None,
    ) -> Floats:
        """Return joint draws (n_paths, h) of the levels to come: volatility and drift are drawn once a path."""
        del X, X_future
        if error_distribution != "normal" or error_params:
            raise KjprojError(
                f"error_distribution is {error_distribution!r}; shocks are normal given the volatility, whose uncertainty makes the "
                "tails heavy: leave it at 'normal'"
            )
        one = self if y is None else self.new().fit(y)
        return one._fitted().paths(np.random.default_rng(seed), n_paths, np.arange(one._count, one._count + _steps(h)))

    def _fitted(self) -> Series:
        if not hasattr(self, "model_"):
            raise KjprojError("the model has seen no figures; call fit(y) first, or forecast(y=…, h=…)")
        return self.model_

    def _answers(self, times: range, name: str, prefix: str, level: Sequence[float] | None) -> Answer:
        levels = sorted(level or ())
        if any(not 1 <= one < 100 for one in levels):
            raise KjprojError(f"level is {list(level or ())}; expected per cent, such as 80 and 95")
        laws = [self.model_.law(time) for time in times]
        ends = {one: np.array([law.quantile([0.5 - one / 200, 0.5 + one / 200]) for law in laws]) for one in levels}
        return {
            name: np.array([point_of(law, self.point) for law in laws]),
            **{f"{prefix}lo-{one}": ends[one][:, 0] for one in reversed(levels)},
            **{f"{prefix}hi-{one}": ends[one][:, 1] for one in levels},
        }


def _levels(y: Any) -> Floats:
    try:
        found = np.asarray(y, float)
    except (TypeError, ValueError):
        raise KjprojError("y holds something other than numbers; expected the levels of one series, NaN where one is missing") from None
    if found.ndim != 1:
        raise KjprojError(f"y has the shape {found.shape}; expected the levels of one series, (n,): fit each series by itself")
    return found


def _steps(h: Any) -> int:
    if not isinstance(h, int | np.integer) or isinstance(h, bool) or h < 1:
        raise KjprojError(f"h is {h!r}; expected a whole number of steps ahead, 1 or more")
    return int(h)
