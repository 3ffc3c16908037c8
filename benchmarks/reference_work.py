"""The reference work of the speed page: twelve correlated indicators over four years, as a study and as plain arrays."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

import kjproj as kj

Floats = NDArray[np.float64]
YEARS = 4
JOINT = 0.1601814
"""That all targets hold in the fourth year."""
EVERY = 0.3106
"""That every indicator meets its target at some year end."""


@dataclass(frozen=True)
class Work:
    """n indicators: log growth a year has mean and covariance; target k asks that sign·(log growth of four years) ≥ goal."""

    n: int = 12
    sign: Floats = field(init=False)
    mean: Floats = field(init=False)
    cov: Floats = field(init=False)
    goal: Floats = field(init=False)

    def __post_init__(self) -> None:
        i = np.arange(self.n)
        sign = np.where(i % 4 == 3, -1.0, 1.0)
        m, s = np.linspace(0.055, 0.005, self.n), np.linspace(0.02, 0.12, self.n)
        correlation = 0.25 + 0.75 * 0.5 ** np.abs(i[:, None] - i)
        object.__setattr__(self, "sign", sign)
        object.__setattr__(self, "mean", sign * m)
        object.__setattr__(self, "cov", np.outer(sign * s, sign * s) * correlation)
        object.__setattr__(self, "goal", YEARS * m - 2.0 * s * ndtri(np.linspace(0.95, 0.5, self.n)))

    @property
    def names(self) -> list[str]:
        return [f"x{k:02d}" for k in range(self.n)]

    def study(self, shift: float = 0.0, slow: tuple[float, ...] = ()) -> kj.Study:
        """Return it as a study, the targets `shift` further out on the log scale; each of `slow` is a scenario of drifts."""
        sd, levels = np.sqrt(np.diag(self.cov)), 100.0 * np.exp(self.sign * (self.goal + shift))
        indicators = [
            {
                "name": name,
                "unit": "亿元",
                "motion": {
                    "kind": "brownian",
                    "drift": {"kind": "fixed", "value": float(m)},
                    "volatility": {"kind": "fixed", "value": float(s)},
                },
            }
            for name, m, s in zip(self.names, self.mean, sd, strict=True)
        ]
        correlations = [
            {"between": [self.names[a], self.names[b]], "value": float(self.cov[a, b] / sd[a] / sd[b]), "reason": "stated"}
            for a in range(self.n)
            for b in range(a)
        ]
        bound = {1.0: "at_least", -1.0: "at_most"}
        targets = [
            {"name": f"{name}_2025", "indicator": name, "year": 2025, bound[float(s)]: f"{level:.12f}"}
            for name, s, level in zip(self.names, self.sign, levels, strict=True)
        ]
        evidence = [
            {"kind": "level", "indicator": name, "year": 2021, "value": "100", "error": "0"} for name in self.names
        ]
        scenarios = [
            {
                "name": f"slower_{k}",
                "reason": "stated",
                "changes": [
                    {"indicator": name, "drift": {"kind": "fixed", "value": float(m - by)}}
                    for name, m in zip(self.names, self.mean, strict=True)
                ],
            }
            for k, by in enumerate(slow)
        ]
        return kj.Study.from_dict(
            {
                "as_of": "2021-12-31",
                "indicators": indicators,
                "evidence": evidence,
                "targets": targets,
                "correlations": correlations,
                **({"scenarios": scenarios} if scenarios else {}),
            }
        )


def script(work: Work, n_paths: int, quantiles: bool = True) -> tuple[Floats, float, Floats, Floats | None]:
    """What one would write with numpy: draw, add up, exponentiate, ask. Chances, joint, by year, quantiles."""
    rng = np.random.default_rng(0)
    growth = rng.multivariate_normal(work.mean, work.cov, size=(n_paths, YEARS))
    paths = 100.0 * np.exp(growth.cumsum(axis=1))
    goals = 100.0 * np.exp(work.sign * work.goal)
    met = np.where(work.sign > 0, paths >= goals, paths <= goals)
    first = np.maximum.accumulate(met, axis=1).mean(axis=0)
    levels = np.quantile(paths, (0.05, 0.25, 0.5, 0.75, 0.95), axis=0) if quantiles else None
    return met[:, -1].mean(axis=0), float(met[:, -1].all(axis=1).mean()), first, levels
