"""Fitting a reference class: the numbers under which what came was likeliest, held near what most classes have."""

from __future__ import annotations

import math
from itertools import count
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..beliefs.pooled import Fitted, PooledClass, PooledNumbers, Region
from ..beliefs.reference import reference_class
from ..errors import KjprojError
from ..numerics.pooled import growth_law
from ..progress import OnProgress, Progress
from ..scales import Scale
from .panel import Cases, Panel, cases, read_panel

Floats = NDArray[np.float64]
LENGTHS, HORIZONS = (1, 2, 3, 4, 6), (1, 3, 5)
_ORIGINS = 6
_FEWEST = 8
_MOST = 300
_FLOOR = 1e-12
ITERATIONS = 100
"""The fit ends after so many at the latest."""
_BLOCK = 4
_COMMON, _COMMON_BLOCKS, _MOST_COMMON = 0.2, 8.0, 0.5

_PRIORS = {
    "log_spread": (-0.63, 0.4, (-3.0, 1.2)),
    "log_drift_ratio": (-3.32, 1.0, (-8.0, 2.0)),
    "log_noise": (-2.08, 1.0, (-6.0, 1.0)),
    "tie": (0.37, 0.4, (-0.5, 1.5)),
    "size": (0.0, 0.2, (-1.0, 1.0)),
    "pull": (0.0, 0.005, (-0.05, 0.05)),
    "log_change": (-0.37, 0.4, (-3.0, 0.7)),
}


def fit_class(
    frame: Any,
    *,
    name: str = "own",
    title: Any = None,
    scale: str | Scale = "log",
    unit: str | None = None,
    region: Region = "any",
    series: str = "series",
    year: str = "year",
    value: str = "value",
    mixed: bool = False,
    base: str | PooledClass | None = None,
    origins: int = _ORIGINS,
    provenance: Fitted | None = None,
    seed: int = 0,
    on_progress: OnProgress | None = None,
) -> PooledClass:
    """Fit a reference class on a panel of similar series: a few seconds.

    The numbers make the growth that came over 1, 3 and 5 years most likely, given the 1, 2, 3, 4 and 6 figures before,
    over the last `origins` origins of each series, held near those of most classes (a normal prior that counts as
    much as a third of a forecast a series); the uncertainty of its own mean and volatility is added after. The common
    part of the drift is the spread of four-year means of the series' median growth, held near a fifth of `scale`: more
    series do not shrink it.

    `frame` is a pandas frame or a mapping of columns, one row a series and year, or a `Panel`; `series`, `year` and
    `value` are the names of its columns. `scale` is "log", "linear", "logit" (of per cent), or a scale. `unit` is that
    of the values; None where series of several units are pooled. `region` is the kind of region that they are about.
    With `base`, a class in the same unit, a few peers move its numbers in the place of those of most classes.
    `mixed`: they are of many kinds, so the rougher may grow faster, and the level says nothing. `name`, `title` and
    `provenance` go into the class; `seed` chooses among more than 300 cases of one length and horizon.

    `on_progress` is told (done, 100, None) in iterations: a fit takes 100 at most, and one that ends earlier says 100 then.

    Raises `KjprojError` for fewer than eight series (two with `base`), or too few years.
    """
    panel = frame if isinstance(frame, Panel) else read_panel(frame, scale, series=series, year=year, value=value)
    usable = panel.pick(i for i, p in enumerate(panel.places) if np.isfinite(np.diff(p)).any())
    fewest = _FEWEST if (start := _base(base, unit)) is None else 2
    if len(usable.names) < fewest:
        raise KjprojError(
            f"{len(usable.names)} series with two consecutive years; a class needs {fewest} or more: pool more peers, "
            "or begin with a class that is shipped (base=)"
        )
    numbers = _Fit(usable, start, mixed=mixed, origins=origins, seed=seed).numbers(Progress(on_progress, ITERATIONS))
    kind: Any = panel.scale.kind
    return PooledClass(
        name=name, title=title or name, scale=kind, motion="pooled", unit=unit, region=region, numbers=numbers,
        provenance=provenance or _own_panel(usable))  # fmt: skip


def _own_panel(panel: Panel) -> Fitted:
    first, last = panel.years
    return Fitted(
        data="own panel", regions="as given", series=len(panel.names), first_year=first, last_year=last,
        script="kjproj.calibration.fit_class", date="",
    )  # fmt: skip


def _base(base: str | PooledClass | None, unit: str | None) -> PooledNumbers | None:
    cls = reference_class(base) if isinstance(base, str) else base
    if cls is None:
        return None
    if not isinstance(cls, PooledClass) or cls.unit != unit:
        raise KjprojError(f"base {cls.name} is in {getattr(cls, 'unit', None)}, the series in {unit}; give a class in their unit")
    return cls.numbers


def _priors(base: PooledNumbers | None, mixed: bool) -> dict[str, tuple[float, float, tuple[float, float]]]:
    """Return centre, spread and bounds of each coordinate: those of most classes, or narrower ones about a base."""
    kept = {k: prior for k, prior in _PRIORS.items() if not (mixed and k in ("size", "pull"))}
    if base is None:
        return kept
    logs = {"log_spread": base.spread, "log_drift_ratio": (base.drift_spread / base.scale) ** 2, "log_noise": base.noise, "log_change": base.change}
    centers = {k: math.log(max(v, 1e-3)) for k, v in logs.items()} | {"tie": base.tie, "size": base.size, "pull": base.pull}
    return {k: (min(max(centers[k], low), high), 0.5 * sd, (low, high)) for k, (_, sd, (low, high)) in kept.items()}


class _Fit:
    """One fit: the cases, and the objective over them."""

    def __init__(self, panel: Panel, start: PooledNumbers | None, *, mixed: bool, origins: int, seed: int) -> None:
        self.panel, self.mixed, self.count = panel, mixed, len(panel.names)
        self.start, self.priors = start, _priors(start, mixed)
        rng = np.random.default_rng(seed)
        self.cells: list[tuple[int, Cases]] = []
        for n in LENGTHS:
            for h in HORIZONS:
                found = cases(panel, n, h, last=origins)
                if len(found) > _MOST:
                    found = found.pick(rng.permutation(len(found))[:_MOST])
                if len(found):
                    self.cells.append((h, found))
        if not self.cells:
            raise KjprojError("no series has a figure in two consecutive years; a class needs yearly growths")
        places = np.concatenate([p[np.isfinite(p)] for p in panel.places])
        middle, low, high = (float(q) for q in np.quantile(places, (0.5, 0.02, 0.98)))
        self.base = {"center": middle, "low": low - middle, "high": high - middle}
        if mixed:
            self.base = {"center": 0.0, "low": -1e6, "high": 1e6}
        self.growths = np.concatenate(list(panel.growths().values()))
        if start is not None:
            self.base = {"center": start.center, "low": start.low, "high": start.high}
        self.names = list(self.priors)

    def numbers(self, work: Progress) -> PooledNumbers:
        """Return the fitted numbers, with their own uncertainty in them."""
        from scipy.optimize import minimize

        middle = float(np.median(self.growths))
        scale = max(1.4826 * float(np.median(np.abs(self.growths - middle))), 1e-3)
        if self.start is not None:
            middle, scale = self.start.drift, self.start.scale
        start = [middle, math.log(scale), *(p[0] for p in self.priors.values()), *([0.0] if self.mixed else [])]
        bounds = [(None, None), (-9.0, 3.0), *(p[2] for p in self.priors.values()), *([(-1.0, 1.0)] if self.mixed else [])]
        options: Any = {"maxiter": ITERATIONS, "ftol": 1e-7}
        steps = count(1)
        best = self._at(
            minimize(
                self._objective, np.array(start), method="L-BFGS-B", bounds=bounds, options=options,
                callback=lambda _: work(next(steps)),
            ).x
        )  # fmt: skip
        work(ITERATIONS)
        counted = self.count if self.start is None else self.count + _FEWEST
        best.drift_spread = math.hypot(best.drift_spread, best.scale / counted**0.5)
        best.spread = math.hypot(best.spread, (2.0 / counted) ** 0.5)
        best.common_drift = common_drift(self.panel, best.scale)
        return PooledNumbers.model_validate({k: _rounded(v) for k, v in vars(best).items()})

    def _objective(self, v: Floats) -> float:
        at = self._at(v)
        densities = [growth_law(at, found.x, h).density(found.y) for h, found in self.cells]
        surprise = float(np.mean([-np.log(np.maximum(d, _FLOOR)).mean() for d in densities]))
        away = sum(((x - p[0]) / p[1]) ** 2 for p, x in zip(self.priors.values(), v[2:], strict=False))
        if self.start is not None:
            own = math.hypot(self.start.drift_spread, self.start.common_drift)
            away += ((v[0] - self.start.drift) / own) ** 2 + ((v[1] - math.log(self.start.scale)) / (0.5 * self.start.spread)) ** 2
        return float(surprise + 0.5 * away / (3.0 * self.count))

    def _at(self, v: Floats) -> Any:
        scale, by = math.exp(v[1]), dict(zip(self.names, (float(x) for x in v[2:]), strict=False))
        return SimpleNamespace(
            drift=float(v[0]),
            scale=scale,
            spread=math.exp(by["log_spread"]),
            drift_spread=scale * math.exp(0.5 * by["log_drift_ratio"]),
            common_drift=_COMMON * scale,
            noise=math.exp(by["log_noise"]),
            tie=by["tie"],
            size=by.get("size", 0.0),
            pull=by.get("pull", 0.0),
            lean=float(v[-1]) if self.mixed else 0.0,
            change=math.exp(by["log_change"]),
            **self.base,
        )


def common_drift(panel: Panel, scale: float) -> float:
    """Return the standard deviation of what a block of coming years adds to the drift of all series.

    From the spread of four-year means of the median growth (at most half of `scale`), counted by its blocks, and a
    fifth of `scale`, which counts as eight.
    """
    medians = [float(np.median(g)) for g in panel.growths().values() if len(g) >= 5]
    blocks = len(medians) // _BLOCK
    if blocks < 2:
        return _COMMON * scale
    means = np.array(medians[-blocks * _BLOCK :]).reshape(blocks, _BLOCK).mean(axis=1)
    variance = min(float(means.var(ddof=1)), (_MOST_COMMON * scale) ** 2)
    return math.sqrt((_COMMON_BLOCKS * (_COMMON * scale) ** 2 + (blocks - 1) * variance) / (_COMMON_BLOCKS + blocks - 1))


def _rounded(value: float) -> float:
    """Six digits: a file that people read, and a fit that is the same on all machines."""
    return float(f"{value:.6g}")
