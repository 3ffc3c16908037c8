"""The dials of events: how often something happens."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...beliefs import Belief
from ...engine.event_posterior import EventPosterior
from ...errors import NoBasisError
from ...events import Counts, Events, Milestone
from ...events.counts import CountsOutlook
from ...numbers import digits
from ...projection import Projection
from ...text import Text
from ..phrases import label
from .common import HIGH, LOW, Dial, Scope, two_sided


def rates(projection: Projection, scope: Scope) -> Iterator[Dial]:
    """Yield a dial an indicator that counts events: its rate, or a milestone's yearly chance.

    A belief is fixed at its 10 % and 90 % quantile before the figures; a vague rate has none, and is fixed at those
    after the figures; a number, which nobody doubts, is halved and doubled (a chance: its odds).
    """
    for name in scope.events:
        posterior = projection.events[name]
        belief = posterior.belief
        if isinstance(belief, Counts):
            key, ends = "rate", _rates(posterior, belief)
        elif isinstance(belief, Milestone) and belief.hazard is not None:
            key, ends = "hazard", _hazards(belief.hazard)
        else:
            continue
        low, high = (_at(projection, posterior, belief, {key: end}) for end in ends)
        yield two_sided(key, name, _words(projection, name, key, ends), low, high)


def _at(projection: Projection, posterior: EventPosterior, belief: Events, values: dict[str, float]) -> Projection:
    return projection.with_events(posterior.believing(belief.model_copy(update=values)))


def _rates(posterior: EventPosterior, belief: Counts) -> tuple[float, float]:
    if isinstance(belief.rate, Belief):
        return belief.rate.quantile(LOW), belief.rate.quantile(HIGH)
    if belief.rate is not None:
        return 0.5 * belief.rate, 2.0 * belief.rate
    outlook = posterior.outlook
    if not isinstance(outlook, CountsOutlook):
        raise NoBasisError(f"no basis for {posterior.name}: nothing says how often it happens")
    order = np.argsort(outlook.rate, kind="stable")
    weight = outlook.weight[order] / outlook.weight.sum()
    low, high = np.interp((LOW, HIGH), np.cumsum(weight) - 0.5 * weight, outlook.rate[order])
    return float(low), float(high)


def _hazards(hazard: Belief | float) -> tuple[float, float]:
    if isinstance(hazard, Belief):
        return hazard.quantile(LOW), hazard.quantile(HIGH)
    return hazard / (2.0 - hazard), 2.0 * hazard / (1.0 + hazard)


def _words(projection: Projection, name: str, key: str, ends: tuple[float, float]) -> Text:
    words = label(projection.study, name)
    if key == "rate":
        a, b = (digits(end, 3) for end in ends)
        return Text(zh=f"{words('zh')}年均发生{a}次或{b}次", en=f"{words('en')}: {a} or {b} a year")
    a, b = (str(round(100 * end)) for end in ends)
    return Text(zh=f"{words('zh')}年概率取{a}%或{b}%", en=f"{words('en')}: a yearly chance of {a} or {b} %")
