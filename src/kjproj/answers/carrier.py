"""Through which indicator a lever acts: what is derived moves with one of its members."""

from __future__ import annotations

from ..errors import KjprojError, NotAnswerableError
from ..identities import Product, Ratio
from ..identities.sums import OfOne
from ..levers import Lever
from ..study import Study
from ..units import unit


def carrier(study: Study, indicator: str) -> str:
    """Return the indicator that is acted on where one asks about `indicator`: itself, or of a derived one a member.

    Of a product it is the one factor that is a share (R&D spending = GDP · intensity: who plans R&D moves the intensity,
    GDP is given), of a ratio the numerator, of what is counted from one other indicator that one. Raises `KjprojError` where
    several members are as near, `NotAnswerableError` for what counts events.
    """
    if study.counts_events(indicator):
        raise NotAnswerableError(f"{indicator} counts events, which have no growth; a lever acts on what moves on a scale")
    identity = study.derived.get(indicator)
    if identity is None:
        return indicator
    if isinstance(identity, Ratio):
        return carrier(study, identity.numerator)
    own = unit(study.unit(indicator)).quantity
    shares = [name for name in identity.members if unit(study.unit(name)).quantity != own]
    if isinstance(identity, OfOne) or len(identity.members) == 1:
        return carrier(study, identity.members[0])
    if isinstance(identity, Product) and len(shares) == 1:
        return carrier(study, shares[0])
    first, members = identity.members[0], ", ".join(identity.members)
    raise KjprojError(f"{indicator} is derived from {members}; say which is acted on, such as by=kj.levers.Growth({first!r})")


def acted_on(study: Study, lever: Lever) -> str:
    """Return the indicator, not derived, whose path a lever changes.

    An amount may be one of a derived indicator: its carrier bears it, so that the result rises by the amount and what else
    depends on the carrier follows. Raises `KjprojError` where the lever names a derived indicator and is none such.
    """
    study.indicator(lever.indicator)
    found = carrier(study, lever.indicator)
    if found == lever.indicator:
        return found
    if lever.on == "level" and _whole(study, lever.indicator, found):
        return found
    members = ", ".join(study.derived[lever.indicator].members)
    raise KjprojError(f"{lever.indicator} is derived and moves with {members}; name one of them in the lever, such as {found!r}")


def _whole(study: Study, indicator: str, found: str) -> bool:
    """Tell whether a derived indicator's logarithm goes with its carrier's, one by one."""
    while indicator != found:
        identity = study.derived[indicator]
        if not isinstance(identity, Product | Ratio):
            return False
        indicator = next(name for name in identity.members if _rests_on(study, name, found))
    return True


def _rests_on(study: Study, name: str, found: str) -> bool:
    return name == found or (name in study.derived and carrier(study, name) == found)
