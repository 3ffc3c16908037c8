"""Rolling-origin backtests of forecasts from a few yearly figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ..beliefs.pooled import PooledClass
from ..beliefs.reference import reference_class as class_named
from ..errors import KjprojError
from ..progress import OnProgress, Progress
from ..scales import Scale
from ..tables import FrameLibrary, Shown, Table, frame_of
from ..text import Language
from .fit import HORIZONS, ITERATIONS, LENGTHS, fit_class
from .forecasters import Forecaster, class_forecaster
from .panel import Cases, Panel, cases, folds, read_panel
from .scores import scored
from .table import averages, reliability_bins

Floats = NDArray[np.float64]
AMBITIONS = (-0.5, 0.0, 0.5)
"""Targets lie so many usual h-year deviations above the usual growth, both of the years and series fitted on."""


@dataclass(frozen=True, repr=False)
class Backtest(Shown):
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

    def to_frame(self, backend: FrameLibrary = "pandas") -> Any:
        """Return the rows as a pandas or polars frame."""
        return frame_of(self.columns, backend)

    def __repr__(self) -> str:
        held = f", the 80 % range held {np.mean(self.columns['covered_80']):.0%}" if len(self) else ""
        return f"Backtest({len(self):,} cases{held}, {self.missing:,} without a forecast)"

    def tables(self, lang: Language) -> tuple[Table, ...]:
        """Return how often ranges held what came, and the scores, one row a number of figures and a horizon."""
        head = {
            "zh": ("数据个数", "预测年数", "预测次数", "80%区间覆盖", "95%区间覆盖", "CRPS", "Brier技能分"),
            "en": ("n", "h", "cases", "in 80 %", "in 95 %", "CRPS", "Brier skill"),
        }[lang]
        rows = []
        for row in self.table():
            covered = (f"{row[k]:.3f} ± {row[f'{k}_se']:.3f}" for k in ("covered_80", "covered_95"))
            counts = (str(row["n"]), str(row["h"]), str(row["cases"]))
            rows.append((*counts, *covered, f"{row['crps']:.4f}", f"{row['brier_skill']:.3f}"))
        return (Table(head, tuple(rows)),)


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
    on_progress: OnProgress | None = None,
) -> Backtest:
    """Forecast from n figures, h years on, wherever the outcome is known, and score what was forecast.

    `frame` is a pandas frame or a mapping of columns, one row a series and year, or a `Panel`; `scale` and the names
    of its columns `series`, `year` and `value` are those of `fit_class`. The class that forecasts is given by name or
    as `fit_class` made it. Without one it is fitted on the frame itself, never on what it is scored on: by `split`
    "series" on the other series, in `parts` turns; by "years" on what was known `hold` years before the panel ends,
    and scored from there on (with a class the split only sets what is scored). `last` takes only the last origins of
    each series. `forecaster` is another rule in place of a class: (places (N, n), h) → forecasts, or None. `group`
    fills the column of that name; `seed` deals the series. `on_progress` is told (done, total, None) in steps, at most
    every tenth of a second and at the end: one for each length and horizon scored, a hundred for each class fitted.
    Raises `KjprojError` for a frame without a case.

    >>> import kjproj as kj
    >>> import numpy as np
    >>> growth = np.random.default_rng(0).normal(0.08, 0.05, (12, 15))
    >>> series, year = np.repeat(np.arange(12), 15), np.tile(np.arange(2005, 2020), 12)
    >>> frame = {"series": series, "year": year, "value": np.exp(growth.cumsum(axis=1)).ravel()}
    >>> [row["cases"] for row in kj.backtest(frame, lengths=(3,), horizons=(1, 3)).table()]
    [144, 120]
    """
    panel = frame if isinstance(frame, Panel) else read_panel(frame, scale, series=series, year=year, value=value)
    cls = _pooled(reference_class)
    fits, found = cls is None and forecaster is None, []
    splits = list(_splits(panel, split, hold, parts, seed, fits=fits))
    steps = _Steps(on_progress, len(splits) * (len(lengths) * len(horizons) + ITERATIONS * fits))
    for train, test, after in splits:
        rule = forecaster or class_forecaster(cls or fit_class(train, seed=seed, on_progress=steps.fitted))
        found.append(score(rule, train, test, lengths, horizons, last=last, after=after, group=group, each=steps.scored))
    if not sum(map(len, found)):
        raise KjprojError("the panel has no case: no series has as many consecutive years as n + h; give longer series")
    return found[0].joined(*found[1:])


def _pooled(reference_class: str | PooledClass | None) -> PooledClass | None:
    cls = class_named(reference_class) if isinstance(reference_class, str) else reference_class
    if cls is not None and not isinstance(cls, PooledClass):
        raise KjprojError(f"class {cls.name} is not of the pooled kind; give one that fit_class made")
    return cls


class _Steps:
    """Counts what a backtest has done: iterations of fits, and cells."""

    def __init__(self, on_progress: OnProgress | None, total: int) -> None:
        self._work, self._done = Progress(on_progress, total), 0

    def fitted(self, done: int, total: int, _: object) -> None:
        """So much of a fit is done."""
        self._work(self._done + done)
        self._done += total if done == total else 0

    def scored(self) -> None:
        """One more cell is done."""
        self._done += 1
        self._work(self._done)


def _splits(
    panel: Panel, split: str, hold: int, parts: int, seed: int, *, fits: bool
) -> Iterator[tuple[Panel, Panel, int | None]]:
    """Yield what is fitted on, what is scored, and the first origin that is."""
    if split not in ("series", "years"):
        raise KjprojError(f"split is {split!r}; expected 'series' or 'years'")
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
    each: Callable[[], None] = lambda: None,
) -> Backtest:
    """Return the scores of a forecaster on the cases of `test`; targets and base rates come from `train`.

    `each` is called after each length and horizon.
    """
    rows = []
    for n, h in product(lengths, horizons):
        rows.append(_cell(rule, train, n, h, cases(test, n, h, last=last, after=after), test, group))
        each()
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
