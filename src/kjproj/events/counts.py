"""Counts of events: so many a year, at a rate that stays the same."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from ..beliefs import Beta, Elicited, Flat, Gamma, LogNormal, Normal, Parameter, ScaledInvChi2
from ..beliefs.base import LARGEST_VOLATILITY
from ..errors import KjprojError
from ..model import Number
from ..rows import Tally
from ..text import Language
from .base import Events, Floats, Ints, Outlook, check_years
from .law import Law
from .nodes import kept, rate_nodes
from .parts import Part, Sorted, sort

_MOST_OPEN = 2
_ALMOST_ALL = 2.5


class Counts(Events):
    """Events come at a constant rate: a year's number is Poisson, or has a variance that is a multiple of its mean.

    Args:
        rate: events a year, above 0: a number, a belief (gamma, log_normal, elicited), or nothing. Nothing is
            Jeffreys' vague prior, density ∝ 1/√rate: as if half an event had been seen in no time at all. It answers
            once a tally informs it. Source: Berger (1985), Statistical Decision Theory, section 3.3.
        dispersion: variance of a year's number over its mean, given the rate; 1 or more.
    """

    kind: Literal["counts"] = "counts"
    rate: Parameter | None = None
    dispersion: Annotated[Number, Field(ge=1, le=1e6)] = 1.0

    @model_validator(mode="after")
    def _is_a_rate(self) -> Self:
        rate = self.rate
        if isinstance(rate, Normal | Flat | Beta | ScaledInvChi2):
            raise ValueError(
                f"a rate of events is above 0; give a gamma, log_normal or elicited belief, not {rate.kind}"
            )
        if isinstance(rate, Elicited) and rate.low <= 0:
            raise ValueError(f"a rate of events is above 0; expected a low above 0 (given: {rate.low:g})")
        if isinstance(rate, float) and not rate >= 1e-12:
            raise ValueError(f"rate is {rate:g}; expected a number of events a year above 0")
        if isinstance(rate, LogNormal) and _is_cut_unawares(rate):
            raise ValueError(
                f"a rate about {rate.median:g} a year is cut at {rate.upper:g} a year, the default; give a larger upper"
            )
        return self

    def given(self, tallies: Sequence[Tally]) -> Outlook | None:
        """Return the outlook after the tallies; None where the rate is vague and there is no tally.

        A year's tally of the whole year stands before that of a part, which then only informs the part's share.
        Raises `KjprojError` for impossible and contradictory tallies, and for parts of open years of more than two names.
        """
        known = sort(tallies)
        if self.rate is None and not tallies:
            return None
        law = Law(self.dispersion)
        waiting = sorted({name for _, name in known.open.values()})
        if len(waiting) > _MOST_OPEN:
            raise KjprojError(
                f"open years end in {len(waiting)} different parts ({', '.join(waiting)}); expected 2 at the most"
            )
        v, log_weight = self._nodes(law, known, [known.parts[name] for name in waiting])
        shares: dict[str, Floats] = {}
        for name in waiting:
            v, log_weight, shares = _expanded(law, known.parts[name], name, v, log_weight, shares)
        weight = np.exp(log_weight - log_weight.max())
        return CountsOutlook(law, known, np.exp(v), weight / weight.sum(), shares)

    def describe(self, lang: Language) -> str:
        """Rate and dispersion."""
        rate = self.rate if self.rate is None or isinstance(self.rate, float) else self.rate.describe(lang)
        said = f"{rate:g}" if isinstance(rate, float) else rate
        if lang == "zh":
            text = "事件计数：年均次数由数据决定" if said is None else f"事件计数：年均{said}次"
            return text if self.dispersion == 1 else f"{text}，方差为均值的{self.dispersion:g}倍"
        text = (
            "counts of events: as many a year as the figures say"
            if said is None
            else f"counts of events: {said} a year"
        )
        return text if self.dispersion == 1 else f"{text}, with {self.dispersion:g} times the variance of chance alone"

    def _nodes(self, law: Law, known: Sorted, waiting: Sequence[Part]) -> tuple[Floats, Floats]:
        """Nodes (K,) of the logarithm of the rate, where all tallies leave it, and log weights (K,) without `waiting`."""
        if isinstance(self.rate, float):
            return np.array([math.log(self.rate)]), np.zeros(1)

        def log_density(v: Floats) -> Floats:
            column = v[0]
            total = 0.5 * column if self.rate is None else self.rate.log_density_of_log(column)
            total = total + law.log_chance(known.whole.values(), column)
            return np.asarray(sum((part.log_evidence(law, column) for part in known.parts.values()), total))[None, :]

        v, log_weight = rate_nodes(log_density, *self._range(known))
        keep = kept(log_weight)
        v, log_weight = v[keep], log_weight[keep]
        return v, np.asarray(log_weight - sum(part.log_evidence(law, v) for part in waiting))

    def _range(self, known: Sorted) -> tuple[float, float, float]:
        """Ends of the logarithm of the rate, and where its density may have a kink."""
        if self.rate is None:
            middle = known.log_rate
            return middle - 200.0, middle + 100.0, middle
        low, high = self.rate.support
        ends = [math.log(low if low > 0 else 1e-12 * high), math.log(high)]
        if isinstance(self.rate, Gamma):  # its logarithm falls by one every 1/shape
            ends[0] = min(ends[0], ends[1] - min(50.0 / self.rate.shape, 1e5))
        if known.years:  # figures may take the rate beyond what the belief alone allows for
            ends = [min(ends[0], known.log_rate - 5.0), max(ends[1], known.log_rate + 5.0)]
        return ends[0], ends[1], math.log(self.rate.center)


def _is_cut_unawares(rate: LogNormal) -> bool:
    """Whether the cut at 1 a year, which suits volatilities, takes a good part of a belief about a rate away."""
    return rate.upper == LARGEST_VOLATILITY and math.log(rate.upper / rate.median) < _ALMOST_ALL * rate.sd_log


def _expanded(
    law: Law, part: Part, name: str, v: Floats, log_weight: Floats, shares: Mapping[str, Floats]
) -> tuple[Floats, Floats, dict[str, Floats]]:
    """The nodes (K,) times those of one more share, as far as they matter."""
    share, more = part.nodes(law, v)
    total = (log_weight[:, None] + more).ravel()
    keep = kept(total)
    count = share.shape[1]
    wider = {other: np.repeat(values, count)[keep] for other, values in shares.items()}
    return np.repeat(v, count)[keep], total[keep], {**wider, name: share.ravel()[keep]}


@dataclass(frozen=True, eq=False)
class CountsOutlook(Outlook):
    """A mixture over nodes: rate (K,) a year, weight (K,) and, by name, the shares (K,) of the open years' parts."""

    law: Law
    tallies: Sorted
    rate: Floats
    weight: Floats
    shares: Mapping[str, Floats]

    def at_least(self, years: Sequence[int], count: int) -> float:
        """Return the probability that the years bring `count` events or more in all, a mean over the nodes."""
        check_years(years)
        need = count - sum(self._counted(year) for year in years)
        expected = sum((self._expected(year) for year in years), np.zeros_like(self.rate))
        if need <= 0:
            return 1.0
        if not expected.any():
            return 0.0
        chance = float(np.dot(self.weight, self.law.at_least(need, expected)))
        return min(max(chance, 0.0), 1.0)

    def counts(self, years: Sequence[int], u: Floats) -> Ints:
        """Return the events of each year, shape (n, len(years)): the first uniform picks the node."""
        check_years(years)
        total = np.cumsum(self.weight)
        node = np.minimum(np.searchsorted(total, u[:, 0] * total[-1], side="right"), total.size - 1)
        counts = np.empty((len(u), len(years)), dtype=np.int64)
        for j, year in enumerate(years):
            expected = self._expected(year)[node]
            counts[:, j] = self._counted(year)
            if year not in self.tallies.whole:
                counts[:, j] += self.law.inverse(u[:, j + 1], expected)
        return counts

    def known(self, year: int) -> int | None:
        """Return the tally of the whole year, if there is one."""
        return self.tallies.whole.get(year)

    def _counted(self, year: int) -> int:
        """What a year has brought for certain."""
        return self.tallies.whole.get(year, self.tallies.open.get(year, (0, ""))[0])

    def _expected(self, year: int) -> Floats:
        """What a year is still expected to bring, at each node (K,)."""
        if year in self.tallies.whole:
            return np.zeros_like(self.rate)
        if year in self.tallies.open:
            return self.rate * (1.0 - self.shares[self.tallies.open[year][1]])
        return self.rate
