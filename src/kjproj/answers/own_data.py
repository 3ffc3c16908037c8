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
    nodes: at one point b is 1 and own data 0, under flat beliefs it is 1. For a derived indicator the means of all
    members shift together. None where no figure is known, no motion has a drift, a belief about one is not normal, the
    members' shifts cancel (a ratio), or the identity is not linear.
    """
    if not is_linear(projection.study, indicator):
        return None
    members = [u.indicator for u, _ in expand(projection.study, Unknown(indicator, year)).terms]
    if any(_elicited(projection, name) for name in members):
        return None
    found = last_figure(projection.study, indicator, year)
    if found is None or found[0] >= year:
        return None
    base = found[0]
    law = projection.law([((Unknown(indicator, year), 1.0), (Unknown(indicator, base), -1.0))])
    slope, _ = combine(law.log_weights, law.drift_slope[:, 0], law.kind)
    shift = (year - base) * sum(
        weight
        for unknown, weight in expand(projection.study, Unknown(indicator, year)).terms
        if unknown.indicator in projection.assumed and _drifts(projection, unknown.indicator)
    )
    return float(np.clip(1.0 - slope / shift, 0.0, 1.0)) if abs(shift) > 1e-9 else None


def _elicited(projection: Projection, indicator: str) -> bool:
    """Tell whether a drift is a coordinate of the nodes, where shifting its mean is not a shift of the answer's."""
    if indicator not in projection.assumed:
        return False
    parameters = projection.assumed[indicator].motion.parameters()
    return any(name.endswith("drift") and p.belief.gaussian is None for name, p in parameters.items())


def _drifts(projection: Projection, indicator: str) -> bool:
    return any(name.endswith("drift") for name in projection.assumed[indicator].motion.parameters())
