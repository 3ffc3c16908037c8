"""How much of an answer is the study's own data, and how much is borrowed."""

from __future__ import annotations

import numpy as np

from ..engine.unknowns import expand
from ..numerics.estimates import combine
from ..projection import Projection
from ..rows import Unknown
from ..study.verdicts import is_linear
from .required import last_figure


def own_data(projection: Projection, indicator: str, year: int) -> float | None:
    """Return one minus b, b being how far the posterior growth to `year` follows the prior mean of growth.

    b = ∂E[growth from the last figure to the year | figures] / ∂(prior mean growth over the same years), averaged over
    nodes: at one point b is 1 and own data 0, under flat beliefs it is 1. For a derived indicator every member's mean
    shifts in the direction in which it moves the result (of a ratio, the denominator's the other way). Without a figure
    growth counts from the last past year. None where no motion has a drift, a belief about one is not normal, or the
    identity is not linear.
    """
    study = projection.study
    if not is_linear(study, indicator):
        return None
    members = [(unknown.indicator, abs(weight)) for unknown, weight in expand(study, Unknown(indicator, year)).terms]
    if any(_elicited(projection, name) for name, _ in members):
        return None
    found = last_figure(study, indicator, year)
    base = study.last_past_year if found is None else found[0]
    drifting = [(name, weight) for name, weight in members if name in projection.assumed and _drifts(projection, name)]
    shift = (year - base) * sum(weight for _, weight in drifting)
    if shift <= 0:
        return None
    followed = sum(weight * _slope(projection, name, base, year) for name, weight in drifting)
    return float(np.clip(1.0 - followed / shift, 0.0, 1.0))


def _slope(projection: Projection, indicator: str, base: int, year: int) -> float:
    """Return how the posterior growth between two years follows the prior means of drifts."""
    law = projection.law([((Unknown(indicator, year), 1.0), (Unknown(indicator, base), -1.0))])
    return float(combine(law.log_weights, law.drift_slope[:, 0], law.kind)[0])


def _elicited(projection: Projection, indicator: str) -> bool:
    """Tell whether a drift is a coordinate of the nodes, where shifting its mean is not a shift of the answer's."""
    if indicator not in projection.assumed:
        return False
    parameters = projection.assumed[indicator].motion.parameters()
    return any(name.endswith("drift") and p.belief.gaussian is None for name, p in parameters.items())


def _drifts(projection: Projection, indicator: str) -> bool:
    return any(name.endswith("drift") for name in projection.assumed[indicator].motion.parameters())
