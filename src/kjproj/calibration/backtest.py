"""Rolling-origin backtests of forecasts from a few yearly figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ..beliefs.pooled import PooledClass
from ..beliefs.reference import reference_class as class_named
from ..errors import KjprojError
from ..scales import Scale
from .fit import HORIZONS, LENGTHS, fit_class
from .forecasters import Forecaster, class_forecaster
from .panel import Cases, Panel, cases, folds, read_panel
from .scores import scored
from .table import averages, reliability_bins

Floats = NDArray[np.float64]
AMBITIONS = (-0.5, 0.0, 0.5)
"""Targets lie so many usual h-year deviations above the usual growth, both of the years and series fitted on."""


@dataclass(frozen=True)
class Backtest:
    """Scored forecasts, one row a case.

    Attributes:
        columns: n, h, origin, target_year, series, group, pit, crps, log_score, beyond_99, and for 50, 80 and 95 %
            covered, interval_score and width; each (N,), on the scale.
        chance, reached, base_rate: (N, 3), for the three targets of each case: what was forecast, whether it came,
            and how often it came in the series and years fitted on.
        missing: cases without a forecast.
    """

    columns: dict[str, Any]
    chance: Floats
    reached: Floats
    base_rate: Floats
    missing: int = 0

    def __len__(self) -> int:
        return len(self.chance)

    def table(self, by: Sequence[str] = ("n", "h"), *, replicates: int = 200, seed: int = 0) -> list[dict[str, Any]]:
        """Return mean scores by some columns, each with an error ("…_se") that resamples whole target years.

        Brier scores are of the targets; `brier_skill` is one minus its ratio to that of the base rate.
        """
        return averages(self, tuple(by), replicates, seed)

    def reliability(self, bins: int = 10) -> list[dict[str, float]]:
        """Return by bins of the chance that was forecast: count, mean chance, share reached, and its error."""
        return reliability_bins(self.chance, self.reached, np.asarray(self.columns["target_year"]), bins)

    def pit_histogram(self, bins: int = 10) -> Floats:
        """Return the shares of probability integral transforms by bin, (bins,): all alike where calibrated."""
        counts = np.histogram(self.columns["pit"], bins=bins, range=(0.0, 1.0))[0]
        return np.asarray(counts / max(counts.sum(), 1))

    def joined(self, *others: Backtest) -> Backtest:
        """Return this and others as one."""
        every = (self, *others)
        return Backtest(
            {key: np.concatenate([np.asarray(b.columns[key]) for b in every]) for key in self.columns},
            np.concatenate([b.chance for b in every]),
            np.concatenate([b.reached for b in every]),
            np.concatenate([b.base_rate for b in every]),
            sum(b.missing for b in every),
        )

    def to_frame(self) -> Any:
        """Return the rows as a pandas frame (extra `pandas`)."""
        import pandas as pd

        return pd.DataFrame(self.columns)

    def __str__(self) -> str:
        lines = [f"{'n':>3}{'h':>3}{'cases':>8}{'in 80 %':>16}{'in 95 %':>16}{'CRPS':>8}{'Brier skill':>13}"]
        for row in self.table():
            covered = "".join(f"{row[k]:>9.3f} ± {row[f'{k}_se']:.3f}" for k in ("covered_80", "covered_95"))
            lines.append(f"{row['n']:>3}{row['h']:>3}{row['cases']:>8}{covered}{row['crps']:>8.4f}{row['brier_skill']:>13.3f}")
        return "\n".join(lines)


def backtest(
    frame: Any,
    reference_class: str | PooledClass | None = None,
    *,
    split: Literal["series", "years"] = "series",
    scale: str | Scale = "log",
    series: str = "series",
    year: str = "year",
    value: str = "value",
    lengths: Sequence[int] = LENGTHS,
    horizons: Sequence[int] = HORIZONS,
    last: int | None = None,
    hold: int = 5,
    parts: int = 3,
    forecaster: Forecaster | None = None,
    group: str = "",
    seed: int = 0,
) -> Backtest:
    """Forecast from n figures, h years on, wherever the outcome is known, and score what was forecast.

    `frame` is a pandas frame or a mapping of columns, one row a series and year, or a `Panel`; `scale` and the names
    of its columns `series`, `year` and `value` are those of `fit_class`. The class that forecasts is given by name or
    as `fit_class` made it. Without one it is fitted on the frame itself, never on what it is scored on: by `split`
    "series" on the other series, in `parts` turns; by "years" on what was known `hold` years before the panel ends,
    and scored from there on (with a class the split only sets what is scored). `last` takes only the last origins of
    each series. `forecaster` is another rule in place of a class: (places (N, n), h) → forecasts, or None. `group`
    fills the column of that name; `seed` deals the series. Raises `KjprojError` for a frame without a case.

    >>> import kjproj as kj
    >>> import numpy as np
    >>> growth = np.random.default_rng(0).normal(0.08, 0.05, (12, 15))
    >>> series, year = np.repeat(np.arange(12), 15), np.tile(np.arange(2005, 2020), 12)
    >>> frame = {"series": series, "year": year, "value": np.exp(growth.cumsum(axis=1)).ravel()}
    >>> [row["cases"] for row in kj.backtest(frame, lengths=(3,), horizons=(1, 3)).table()]
    [144, 120]
    """
    panel = frame if isinstance(frame, Panel) else read_panel(frame, scale, series=series, year=year, value=value)
    cls = class_named(reference_class) if isinstance(reference_class, str) else reference_class
    if cls is not None and not isinstance(cls, PooledClass):
        raise KjprojError(f"class {cls.name} is not of the pooled kind; give one that fit_class made")
    if split not in ("series", "years"):
        raise KjprojError(f"split is {split!r}; expected 'series' or 'years'")
    found = []
    for train, test, after in _splits(panel, split, hold, parts, seed, fits=cls is None and forecaster is None):
        rule = forecaster or class_forecaster(cls or fit_class(train, seed=seed))
        found.append(score(rule, train, test, lengths, horizons, last=last, after=after, group=group))
    if not sum(map(len, found)):
        raise KjprojError("the panel has no case: no series has as many consecutive years as n + h; give longer series")
    return found[0].joined(*found[1:])


def _splits(
    panel: Panel, split: str, hold: int, parts: int, seed: int, *, fits: bool
) -> Iterator[tuple[Panel, Panel, int | None]]:
    """Yield what is fitted on, what is scored, and the first origin that is."""
    if split == "years":
        first = panel.years[1] - hold
        yield panel.until(first), panel, first
    elif not fits:
        yield panel, panel, None
    else:
        for left_out in folds(len(panel.names), parts, seed):
            kept = np.setdiff1d(np.arange(len(panel.names)), left_out)
            yield panel.pick(kept), panel.pick(left_out), None


def score(
    rule: Forecaster,
    train: Panel,
    test: Panel,
    lengths: Sequence[int],
    horizons: Sequence[int],
    *,
    last: int | None = None,
    after: int | None = None,
    group: str = "",
) -> Backtest:
    """Return the scores of a forecaster on the cases of `test`; targets and base rates come from `train`."""
    rows = [
        _cell(rule, train, n, h, cases(test, n, h, last=last, after=after), test, group) for n in lengths for h in horizons
    ]
    return rows[0].joined(*rows[1:])


def _cell(rule: Forecaster, train: Panel, n: int, h: int, found: Cases, test: Panel, group: str) -> Backtest:
    growth = np.concatenate([np.zeros(0), *train.growths().values()])
    middle = float(np.median(growth)) if len(growth) else 0.0
    usual = 1.4826 * float(np.median(np.abs(growth - middle))) if len(growth) else 0.1
    aims = h * middle + h**0.5 * usual * np.array(AMBITIONS)
    came = cases(train, 1, h).y
    rates = (came[:, None] >= aims).mean(axis=0) if len(came) else np.full(len(aims), 0.5)
    law = rule(found.x, h) if len(found) else None
    missing = len(found) if law is None else 0
    if law is None:
        found = found.pick(slice(0, 0))
    targets = np.broadcast_to(aims, (len(found), len(aims)))
    marks = scored(law, found.y, targets) if law is not None else _nothing(len(aims))
    columns = {
        "n": np.full(len(found), n), "h": np.full(len(found), h), "origin": found.origin,
        "target_year": found.origin + h, "series": np.array(test.names, dtype=object)[found.series] if len(found) else np.zeros(0, object),
        "group": np.full(len(found), group, dtype=object),
    }  # fmt: skip
    chance = marks.pop("chance")
    reached = (found.y[:, None] >= targets).astype(float)
    return Backtest({**columns, **marks}, chance, reached, np.broadcast_to(rates, targets.shape).copy(), missing)


def _nothing(targets: int) -> dict[str, Floats]:
    """Return the scores of no forecast at all."""
    from ..numerics.pooled import Mixture

    none = Mixture(np.ones((0, 1)), np.zeros((0, 1)), np.ones((0, 1)))
    return scored(none, np.zeros(0), np.zeros((0, targets)))
