"""kjproj as a forecaster of sktime, and its predictive law as a distribution of skpro (extra `sktime`)."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from ..errors import KjprojError, MissingExtraError
from .forecasters.laws import LevelLaw
from .forecasters.outlooks import Assumptions
from .forecasters.series import POINTS, Series, point_of
from .forecasters.times import Calendar

try:
    import pandas as pd
    from sklearn.utils import check_random_state
    from skpro.distributions.base import BaseDistribution
    from sktime.forecasting.base import BaseProbaForecaster
except ImportError as missing:
    raise MissingExtraError("sktime with skpro", "sktime") from missing

__all__ = ["KjprojForecaster", "LevelDistribution"]


class LevelDistribution(BaseDistribution):  # type: ignore[misc]
    """The laws of levels to come as a distribution of skpro: quantiles, chances and densities are exact.

    Args:
        law: a `LevelLaw`, or an array of them, (rows, columns).
        index: the rows' labels.
        columns: the columns' labels.

    >>> from kjproj.adapters.sktime import LevelDistribution
    >>> from kjproj.adapters.forecasters.outlooks import Assumptions
    >>> import numpy as np
    >>> outlook = Assumptions().outlook(np.arange(2018, 2022), np.array([80.0, 90.0, 97.0, 110.0]))
    >>> print(f"{1 - LevelDistribution(outlook.law(2)).cdf(150.0):.6f}")
    0.094586
    """

    _tags: ClassVar[dict[str, Any]] = {
        "authors": ["kjproj maintainers"],
        "capabilities:approx": ["pdfnorm"],
        "capabilities:exact": ["mean", "var", "energy", "pdf", "log_pdf", "cdf", "ppf"],
        "distr:measuretype": "continuous",
        "distr:paramtype": "nonparametric",
        "broadcast_init": "on",
    }

    def __init__(self, law: Any, index: Any = None, columns: Any = None) -> None:
        self.law = law
        super().__init__(index=index, columns=columns)

    def _each(self, name: str, at: Any = None) -> Any:
        """Return an answer of every law, in the distribution's shape; a number where it is one law."""
        laws = self._bc_params["law"]
        points = np.zeros(laws.shape) if at is None else np.broadcast_to(np.asarray(at, float), laws.shape)
        answers = [getattr(law, name) if at is None else getattr(law, name)(x) for law, x in zip(laws.flat, points.flat, strict=True)]
        return np.array(answers, float).reshape(laws.shape)[()]

    def _subset_param(self, val: Any, rowidx: Any, colidx: Any, coerce_scalar: bool = False) -> Any:
        found = np.array(val, dtype=object)
        if found.ndim == 2 and rowidx is not None:
            found = found[np.atleast_1d(rowidx)]
        if found.ndim >= 1 and colidx is not None:
            found = found[..., np.atleast_1d(colidx)]
        return found.flat[0] if coerce_scalar else found

    def _mean(self) -> Any:
        return self._each("expectation")

    def _var(self) -> Any:
        return self._each("variance")

    def _pdf(self, x: Any) -> Any:
        return self._each("density", x)

    def _log_pdf(self, x: Any) -> Any:
        return self._each("log_density", x)

    def _cdf(self, x: Any) -> Any:
        return self._each("cdf", x)

    def _ppf(self, p: Any) -> Any:
        return self._each("quantile", p)

    def _sample(self, n_samples: int | None = None) -> Any:
        rng, n, laws = check_random_state(None), n_samples or 1, self._bc_params["law"]
        draws = np.stack([law.sample(rng, n) for law in laws.flat], axis=-1)
        if self.ndim == 0:
            return float(draws[0, 0]) if n_samples is None else pd.DataFrame(draws)
        tables = [pd.DataFrame(draw.reshape(laws.shape), self.index, self.columns) for draw in draws]
        return tables[0] if n_samples is None else pd.concat(tables, keys=range(n))

    def _energy_self(self) -> Any:
        found = self._each("mean_distance")
        return found.sum(axis=1) if self.ndim > 0 else found

    def _energy_x(self, x: Any) -> Any:
        found = self._each("distance", x)
        return found.sum(axis=1) if self.ndim > 0 else found

    @classmethod
    def get_test_params(cls, parameter_set: str = "default") -> list[dict[str, Any]]:
        """Return laws on each scale: one, and a table of them."""
        del parameter_set
        from ..scales import Linear, Log, Logit

        parts = np.array([0.3, 0.7]), np.array([0.1, 0.4]), np.array([0.5, 0.2])
        linear, log, logit = (LevelLaw(scale, *parts) for scale in (Linear(), Log(), Logit(high=100.0)))
        table = np.array([[linear, log], [log, logit], [logit, linear]])
        return [{"law": log}, {"law": table, "index": pd.Index([1, 2, 5]), "columns": pd.Index(["a", "b"])}]


class KjprojForecaster(BaseProbaForecaster):  # type: ignore[misc]
    """Forecast levels from one to a few figures a series, with a predictive law that is exact.

    A level moves on its scale as a random walk with drift whose drift and volatility are believed, updated by the figures,
    and integrated out; under flat beliefs quantiles are those of Student's t. Everything is read off the law that
    `predict_proba` gives. Missing figures are steps without a figure; columns and instances are forecast one by one;
    exogenous data are ignored. A step back in the sample is forecast from the figures before it, NaN where they say
    nothing. `update` takes more figures in; with `update_params=False` it only moves the cutoff, and forecasts still
    begin at the last figure that was taken in.

    All is a step of the index: drift and volatility that are stated are a step's. A reference class is fitted on years: it is
    refused for an index of months, and numbers are taken for years.

    Args:
        reference_class: the class whose beliefs are borrowed (see `docs/classes.md`); without one, beliefs are flat, which
            needs three figures that are not in line. One figure is enough under a class.
        scale: "log", "linear", "logit" (0 to 1), a `kjproj.scales.Scale` such as `Logit(low=0, high=100)`, or "auto": the
            class's scale; else "log" where all figures are above 0, "linear" where not.
        drift: mean change on the scale a step: a number, a belief, or None for the class's or a flat one.
        volatility: standard deviation of a step's change on the scale: likewise.
        motion: a `kjproj.motions.Motion` in the place of the walk; it has its own beliefs.
        unit: the unit of the levels, such as "亿元", for a class that has one.
        region: "country", "province", "city" or "county", for a class of larger ones: variances grow.
        point: what `predict` returns, "median" or "mean". Under flat beliefs there is no mean on the scale log.

    >>> import pandas as pd
    >>> from kjproj.adapters.sktime import KjprojForecaster
    >>> y = pd.Series([80.0, 90.0, 97.0, 110.0], index=pd.period_range("2018", periods=4, freq="Y"))
    >>> forecaster = KjprojForecaster().fit(y, fh=[1, 2])
    >>> print(f"{1 - forecaster.predict_proba().cdf(150.0).iloc[1, 0]:.6f}")
    0.094586
    """

    _tags: ClassVar[dict[str, Any]] = {
        "authors": ["kjproj maintainers"],
        "maintainers": ["kjproj maintainers"],
        "python_dependencies": ["skpro"],
        "y_inner_mtype": "pd.DataFrame",
        "capability:multivariate": True,
        "capability:exogenous": False,
        "capability:insample": True,
        "capability:pred_int": True,
        "capability:pred_int:insample": True,
        "capability:missing_values": True,
        "capability:update": True,
        "requires-fh-in-fit": False,
    }
    _config: ClassVar[dict[str, Any]] = {"remember_data": False}

    def __init__(
        self,
        reference_class: Any = None,
        scale: Any = "auto",
        drift: Any = None,
        volatility: Any = None,
        motion: Any = None,
        unit: Any = None,
        region: Any = None,
        point: str = "median",
    ) -> None:
        self.reference_class = reference_class
        self.scale = scale
        self.drift = drift
        self.volatility = volatility
        self.motion = motion
        self.unit = unit
        self.region = region
        self.point = point
        super().__init__()
        self._y = self._X = None

    def _fit(self, y: Any, X: Any, fh: Any) -> KjprojForecaster:
        if self.point not in POINTS:
            raise KjprojError(f"point is {self.point!r}; expected median or mean")
        names = ("reference_class", "scale", "drift", "volatility", "motion", "unit", "region")
        assumptions = Assumptions(**{name: getattr(self, name) for name in names})
        self._calendar = Calendar(y.index, getattr(self._cutoff, "freq", None))
        if self.reference_class is not None and not self._calendar.is_yearly:
            raise KjprojError(
                f"class {self.reference_class} is about years, and a step of this index is none; sum or pick yearly figures, or "
                "state drift and volatility a step in the place of a class"
            )
        times = self._calendar.own_steps()
        self._series = [Series(assumptions, times, y.iloc[:, j].to_numpy(float)) for j in range(y.shape[1])]
        self._figures = y
        self.scale_ = {name: series.scale.kind for name, series in zip(y.columns, self._series, strict=True)}
        return self

    def _update(self, y: Any, X: Any = None, update_params: bool = True) -> KjprojForecaster:
        if update_params:
            earlier = self._figures[~self._figures.index.isin(y.index)]
            self._fit(pd.concat([earlier, y]).sort_index(), X, self._fh)
        return self

    def _predict_proba(self, fh: Any, X: Any = None, marginal: bool = True) -> LevelDistribution:
        index = self._index(fh)
        laws = np.empty((len(index), len(self._series)), dtype=object)
        for i, time in enumerate(self._calendar.steps(index)):
            laws[i] = [series.law(int(time)) for series in self._series]
        return LevelDistribution(laws, index=index, columns=self._figures.columns)

    def _index(self, fh: Any) -> Any:
        """Return the horizon as periods, dates or numbers; the tool cannot where its dates have a gap, or are one."""
        if fh.is_relative and fh.freq is None and isinstance(self._cutoff, pd.DatetimeIndex):
            return self._calendar.after(self._cutoff[0], fh.to_pandas())
        return fh.to_absolute_index(self._cutoff)

    def _predict(self, fh: Any, X: Any = None) -> Any:
        found = self._predict_proba(fh)
        values = [[point_of(law, self.point) for law in row] for row in found.law]
        return pd.DataFrame(values, index=found.index, columns=found.columns)

    @classmethod
    def get_test_params(cls, parameter_set: str = "default") -> list[dict[str, Any]]:
        """Return settings that fit any series: flat beliefs, and stated ones on a linear scale."""
        del parameter_set
        from ..beliefs import Normal, ScaledInvChi2

        stated = {"drift": Normal(mean=0.0, sd=0.5), "volatility": ScaledInvChi2(df=3.0, scale=1.0, upper=10.0)}
        return [{}, {"scale": "linear", **stated, "point": "mean"}]
