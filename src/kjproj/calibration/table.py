"""Averages of scores, with errors that resample whole years."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_MEANS = (
    "covered_50", "covered_80", "covered_95", "beyond_99", "interval_score_50", "interval_score_80",
    "interval_score_95", "width_80", "crps", "log_score",
)  # fmt: skip


class Scored(Protocol):
    """What is averaged: see `Backtest`."""

    @property
    def columns(self) -> dict[str, Any]:
        """Columns by name."""

    @property
    def chance(self) -> Floats:
        """What was forecast."""

    @property
    def reached(self) -> Floats:
        """Whether it came."""

    @property
    def base_rate(self) -> Floats:
        """How often it comes."""


def averages(found: Scored, by: tuple[str, ...], replicates: int, seed: int) -> list[dict[str, Any]]:
    """Return one row a combination of the columns `by`, in order, with errors by the bootstrap over target years."""
    marks = [np.asarray(found.columns[name], float) for name in _MEANS]
    marks += [((found.chance - found.reached) ** 2).mean(axis=1), ((found.base_rate - found.reached) ** 2).mean(axis=1)]
    values = np.stack(marks, axis=1)
    years = np.asarray(found.columns["target_year"])
    keys = list(zip(*(np.asarray(found.columns[name]).tolist() for name in by), strict=True)) if by else [()] * len(years)
    rows: dict[tuple[Any, ...], list[int]] = {}
    for i, key in enumerate(keys):
        rows.setdefault(key, []).append(i)
    return [
        {**dict(zip(by, key, strict=True)), **_row(values[rows[key]], years[rows[key]], replicates, seed)}
        for key in sorted(rows)
    ]


def _row(values: Floats, years: NDArray[np.int64], replicates: int, seed: int) -> dict[str, Any]:
    which = np.unique(years, return_inverse=True)[1]
    sums = np.zeros((which.max() + 1, values.shape[1] + 1))
    np.add.at(sums, which, np.column_stack([values, np.ones(len(values))]))
    rng = np.random.default_rng(seed)
    draws = rng.multinomial(len(sums), np.full(len(sums), 1.0 / len(sums)), size=replicates) @ sums
    errors = dict(zip(_names(), _with_skill(draws[:, :-1] / draws[:, -1:]).std(axis=0, ddof=1), strict=True))
    means = dict(zip(_names(), _with_skill(values.mean(axis=0)[None])[0], strict=True))
    return {
        "cases": len(values),
        "years": len(sums),
        **{k: float(v) for k, v in means.items()},
        **{f"{k}_se": float(v) for k, v in errors.items()},
    }


def _names() -> tuple[str, ...]:
    return (*_MEANS, "brier", "brier_base", "brier_skill")


def _with_skill(means: Floats) -> Floats:
    skill = 1.0 - means[:, -2] / np.maximum(means[:, -1], 1e-300)
    return np.column_stack([means, skill])


def reliability_bins(chance: Floats, reached: Floats, years: NDArray[np.int64], bins: int) -> list[dict[str, float]]:
    """Return by equal bins of the chance: count, mean chance, share reached, and its error over target years."""
    flat, came = chance.ravel(), reached.ravel()
    when = np.repeat(years, chance.shape[1])
    place = np.minimum((flat * bins).astype(int), bins - 1)
    rows = []
    for k in range(bins):
        own = place == k
        if not own.any():
            continue
        shares = came[own].mean()
        off = np.array([((came[own] - shares) * (when[own] == y)).sum() for y in np.unique(when[own])])
        rows.append(
            {
                "count": float(own.sum()),
                "chance": float(flat[own].mean()),
                "reached": float(shares),
                "error": float(np.sqrt((off**2).sum()) / own.sum()),
            }
        )
    return rows
