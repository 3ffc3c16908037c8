"""The one language in which motions, evidence, identities and targets speak to the engine.

An *unknown* is an indicator in a year, on its scale; a *nuisance* is an unknown that evidence declares with a belief of
its own. A *row* says that a weighted sum of unknowns has a value, give or take an error. A *half-space* says that a
weighted sum lies above or below a bound.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple, Protocol

import numpy as np

from .scales import Scale


class Unknown(NamedTuple):
    """An indicator in a year, on its scale."""

    indicator: str
    year: int


@dataclass(frozen=True)
class Nuisance:
    """An unknown that evidence declares, normal about `mean`; rows that name the same one share it."""

    name: str
    mean: float
    sd: float


def wobble_name(indicator: str, period: str, year: int) -> str:
    """Name the nuisance by which a period's share of one year lies off its usual share, in logarithms."""
    return f"{indicator}: {period} of {year}"


Terms = tuple[tuple[Unknown, float], ...]


@dataclass(frozen=True)
class Row:
    """Σ coefficient · unknown + Σ coefficient · nuisance = value, with an error of standard deviation `sd` (0: exact).

    With ``on="level"`` the unknowns stand for the indicators' levels in their units instead; the engine linearises
    at `at`, the published levels, and where one is not known iterates about the posterior mean.
    """

    terms: Terms
    value: float
    sd: float
    place: str
    on: Literal["scale", "level"] = "scale"
    at: tuple[float | None, ...] = ()
    nuisances: tuple[tuple[Nuisance, float], ...] = ()

    def widened(self, factor: float) -> Row:
        """Return the row with its error multiplied."""
        return replace(self, sd=self.sd * factor)


@dataclass(frozen=True)
class HalfSpace:
    """lower ≤ Σ coefficient · unknown ≤ upper; with both bounds finite it is the slab between two half-spaces.

    With ``on="level"`` the unknowns stand for levels in the indicators' units. As evidence it may be blurred: the sum is
    read with an error of standard deviation `sd`. `strict` matters for published figures alone: one on a bound misses it.
    """

    terms: Terms
    lower: float = -np.inf
    upper: float = np.inf
    sd: float = 0.0
    on: Literal["scale", "level"] = "scale"
    strict: bool = False

    @property
    def one_sided(self) -> bool:
        """Whether only one bound is finite."""
        return bool(np.isinf(self.lower) or np.isinf(self.upper))

    def missed(self) -> HalfSpace:
        """Return the other side of a one-sided half-space."""
        if np.isinf(self.upper):
            return replace(self, lower=-np.inf, upper=self.lower)
        return replace(self, lower=self.upper, upper=np.inf)


Clause = tuple[HalfSpace, ...]
"""Half-spaces of which at least one must hold; of several each is one-sided."""

Requirement = tuple[Clause, ...]
"""Clauses that must all hold: what a target asks."""


@dataclass(frozen=True)
class Odds:
    """A milestone happens by the end of `year` with a stated chance."""

    indicator: str
    year: int
    chance: float
    place: str


@dataclass(frozen=True)
class OneOff:
    """A change of level of unknown size, normal about 0 with standard deviation `sd` on the scale."""

    indicator: str
    year: int
    sd: float


@dataclass(frozen=True)
class Branch:
    """One reading of the evidence: its name, its probability before the figures, and the one-offs it assumes."""

    name: str
    probability: float
    one_offs: tuple[OneOff, ...] = ()


@dataclass(frozen=True)
class Tally:
    """So many events happened in the year, or in the part of it that `period` names ("Q1-Q3").

    `share` is that part's share of a year's events, as mean and standard deviation; None for the whole year.
    """

    indicator: str
    year: int
    count: int
    place: str
    share: tuple[float, float] | None = None
    period: str | None = None


class Levels(Protocol):
    """What evidence and targets may ask of the study: scales, units and published levels."""

    def scale(self, indicator: str) -> Scale:
        """Return the scale of an indicator."""

    def unit(self, indicator: str) -> str:
        """Return the unit of an indicator."""

    def measure(self, indicator: str) -> str:
        """Return "flow", "stock", "ratio", "events" or "milestone"."""

    def counts_events(self, indicator: str) -> bool:
        """Tell whether an indicator counts events, or is a milestone, and so does not move on a scale."""

    @property
    def last_past_year(self) -> int:
        """The last year that is over."""

    def published(self, indicator: str, year: int) -> float | None:
        """Return the level that the evidence states for a year, or that its changes and growth lead to."""


def linearised(row: Row, scales: Mapping[str, Scale], levels: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return (coefficients (…, n), value (…), sd (…)) of a level row, to first order about `levels` (…, n).

    level ≈ level₀ + (x − x₀)/slope(level₀), so c·level becomes (c/slope)·x with the constants moved to the right.
    """
    coefficients, constant = [], 0.0
    for j, (unknown, c) in enumerate(row.terms):
        scale, level = scales[unknown.indicator], levels[..., j]
        per_x = c / scale.slope(level)
        coefficients.append(per_x)
        constant = constant + c * level - per_x * scale.to_scale(level)
    value = row.value - np.asarray(constant)
    return np.stack(coefficients, axis=-1), value, np.broadcast_to(row.sd, value.shape)
