"""Parts of years: what tallies of one period say about its share of a year's events."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..errors import KjprojError
from ..rows import Tally
from .base import Floats, check_tally
from .law import Law
from .nodes import gauss, narrowed

_POINTS = 64
_DROP = 36.0
_WIDTHS = 12.0


@dataclass(frozen=True)
class Part:
    """One period: its share of a year's events before the figures, and its tallies.

    closed: (part, whole year) of years whose tally of the whole year is known.
    open: the counts of years of which no more is known.
    """

    mean: float
    sd: float
    closed: tuple[tuple[int, int], ...] = ()
    open: tuple[int, ...] = ()

    def log_chance(self, law: Law, v: Floats, share: Floats) -> Floats:
        """Return the log probability of its tallies given the logarithm v of the yearly rate, arrays broadcasting."""
        total = np.zeros(np.broadcast_shapes(np.shape(v), np.shape(share)))
        for part, whole in self.closed:
            total = total + law.log_split(part, whole, share, np.exp(v))
        return total + law.log_chance(self.open, v + np.log(share)) if self.open else total

    def nodes(self, law: Law, v: Floats) -> tuple[Floats, Floats]:
        """Return shares (K, S) and log weights (K, S) given v (K,): prior, cut to 0 to 1, times tallies."""
        column = v[:, None]
        if self.sd == 0:
            share = np.full_like(column, self.mean)
            return share, self.log_chance(law, column, share)

        def log_density(share: Floats) -> Floats:
            return -0.5 * ((share - self.mean) / self.sd) ** 2 + self.log_chance(law, column, share)

        ends = np.clip([self.mean - _WIDTHS * self.sd, self.mean + _WIDTHS * self.sd], 0.0, 1.0)
        low, high = narrowed(log_density, np.full(v.size, ends[0]), np.full(v.size, ends[1]), _DROP)
        share, weight = gauss(low, high, _POINTS)
        return share, log_density(share) + np.log(weight)

    def log_evidence(self, law: Law, v: Floats) -> Floats:
        """Return the log probability (K,) of its tallies given v (K,), the share integrated out."""
        return np.asarray(np.logaddexp.reduce(self.nodes(law, v)[1], axis=1))


@dataclass(frozen=True)
class Sorted:
    """Tallies in order: whole years, the open years' (count, name of the part), and the parts by name."""

    whole: Mapping[int, int]
    open: Mapping[int, tuple[int, str]]
    parts: Mapping[str, Part]

    @property
    def years(self) -> float:
        """How many years the tallies amount to."""
        return len(self.whole) + sum(self.parts[name].mean for _, name in self.open.values())

    @property
    def log_rate(self) -> float:
        """The logarithm of roughly the rate they show, events and half an event over years."""
        events = sum(self.whole.values()) + sum(count for count, _ in self.open.values())
        return math.log((events + 0.5) / self.years)


def sort(tallies: Sequence[Tally]) -> Sorted:
    """Return the tallies in order. Tallies of one period share one unknown share; one without a name has its own.

    Raises `KjprojError` where a tally is not possible, or two contradict each other or are of one part of a year.
    """
    whole: dict[int, int] = {}
    partial: dict[int, Tally] = {}
    for tally in tallies:
        check_tally(tally)
        if tally.share is None and tally.period is not None:
            raise KjprojError(
                f"{tally.place}: {tally.count} in {tally.period} of {tally.year}; give that part's share of a year"
            )
        if tally.share is None:
            if whole.setdefault(tally.year, tally.count) != tally.count:
                raise KjprojError(
                    f"{tally.place}: {tally.year} has {whole[tally.year]} and {tally.count} events; keep one"
                )
        elif partial.setdefault(tally.year, tally) != tally:
            raise KjprojError(f"{tally.place}: {tally.year} has two tallies of parts of the year; keep the latest")
    parts: dict[str, Part] = {}
    for year, tally in partial.items():
        name = _name(tally)
        parts[name] = _joined(parts.get(name), tally, whole.get(year))
    known_part = {year: (tally.count, _name(tally)) for year, tally in partial.items() if year not in whole}
    return Sorted(whole, known_part, parts)


def _name(tally: Tally) -> str:
    return f"part of {tally.year}" if tally.period is None else tally.period


def _joined(part: Part | None, tally: Tally, whole: int | None) -> Part:
    mean, sd = tally.share or (1.0, 0.0)
    part = part or Part(mean, sd)
    if (part.mean, part.sd) != (mean, sd):
        raise KjprojError(
            f"{tally.place}: the share of {tally.period} is {mean:g} ± {sd:g} here and {part.mean:g} ± {part.sd:g} "
            "elsewhere; it is one unknown, state it once"
        )
    if whole is None:
        return Part(mean, sd, part.closed, (*part.open, tally.count))
    if whole < tally.count:
        raise KjprojError(f"{tally.place}: {tally.count} events in a part of {tally.year}, {whole} in all of it")
    return Part(mean, sd, (*part.closed, (tally.count, whole)), part.open)
