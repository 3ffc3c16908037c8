"""Where a study names its indicators."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from ..errors import Problem
from ..identities import Identity

if TYPE_CHECKING:
    from .study import Study


def doubled(names: Iterable[str], place: str) -> Iterator[Problem]:
    """Yield a problem for every name that stands more than once."""
    counts = Counter(names)
    for name, count in counts.items():
        if count > 1:
            yield Problem(place, f"{name!r} stands {count} times; give each a name of its own")


def named_indicators(study: Study) -> Iterator[tuple[str, str]]:
    """Yield every place that names an indicator, and the name."""
    yield from _spoken_of(study)
    for i, indicator in enumerate(study.indicators):
        if indicator.peer_of is not None:
            yield f"indicators[{i}].peer_of", indicator.peer_of
    for i, identity in enumerate(study.identities):
        yield f"identities[{i}].result", identity.result
        for field, member in _members(identity):
            yield f"identities[{i}].{field}", member
    for i, correlation in enumerate(study.correlations):
        for j, name in enumerate(correlation.between):
            yield f"correlations[{i}].between[{j}]", name
    for i, scenario in enumerate(study.scenarios):
        for j, change in enumerate(scenario.changes):
            yield f"scenarios[{i}].changes[{j}].indicator", change.indicator


def _spoken_of(study: Study) -> Iterator[tuple[str, str]]:
    """The indicators of which figures, targets and steps speak."""
    for group in ("evidence", "targets", "steps"):
        for i, item in enumerate(getattr(study, group)):
            yield f"{group}[{i}].indicator", item.indicator
            for name in getattr(item, "indicators", ())[1:]:
                yield f"{group}[{i}].than", name


def _members(identity: Identity) -> Iterator[tuple[str, str]]:
    """The members of an identity with the fields that name them."""
    for field in type(identity).model_fields:
        value = getattr(identity, field)
        if isinstance(value, tuple):
            yield from ((f"{field}[{j}]", member) for j, member in enumerate(value))
        elif value in identity.members:
            yield field, value
