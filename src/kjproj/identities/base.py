"""What an identity is: a derived indicator that other indicators determine in every year."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import ClassVar, Literal

from ..errors import KjprojError
from ..model import Model, Name
from ..rows import Levels, Terms, Unknown
from ..scales import Linear, Log
from ..text import Language


class Identity(Model):
    """One derived member: a weighted sum of other members, on their scales or on their levels, plus an offset.

    On scales it is exact. On levels it is exact where all members lie on `Linear`; elsewhere it is linearised to inform
    the members, and answers about it come from paths.
    """

    kind: str
    result: Name
    on: ClassVar[Literal["scale", "level"]]

    @property
    @abstractmethod
    def members(self) -> tuple[str, ...]:
        """The indicators that determine the result."""

    @abstractmethod
    def terms(self, year: int, levels: Levels) -> Terms:
        """Return what the result of a year is a sum of; levels with factors from their units to the result's."""

    def offset(self, levels: Levels) -> float:
        """Return what is added."""
        return 0.0

    @abstractmethod
    def check(self, levels: Levels) -> None:
        """Raise `KjprojError` where scales or units do not fit."""

    @abstractmethod
    def describe(self, lang: Language) -> str:
        """Say the identity."""

    def linear(self, levels: Levels) -> bool:
        """Tell whether it is linear on the members' scales."""
        return self.on == "scale" or all(isinstance(levels.scale(n), Linear) for n in (self.result, *self.members))

    def implied(self, known: Mapping[Unknown, float], year: int, levels: Levels) -> tuple[Unknown, float] | None:
        """Return the one unknown of the year's identity that is missing from `known`, and its level.

        None unless exactly one is missing, and a level that is on its scale follows.
        """
        result, terms = Unknown(self.result, year), dict(self._collected(year, levels))
        missing = [unknown for unknown in (result, *terms) if unknown not in known]
        if len(missing) != 1 or terms.get(missing[0], 1.0) == 0.0:
            return None
        total = self.offset(levels) + sum(w * self._place(u, known[u], levels) for u, w in terms.items() if u in known)
        unknown = missing[0]
        value = total if unknown == result else (self._place(result, known[result], levels) - total) / terms[unknown]
        level = float(levels.scale(unknown.indicator).to_level(value)) if self.on == "scale" else value
        return (unknown, level) if levels.scale(unknown.indicator).holds(level) else None

    def _collected(self, year: int, levels: Levels) -> Terms:
        """The terms, each unknown once."""
        found: dict[Unknown, float] = {}
        for unknown, weight in self.terms(year, levels):
            found[unknown] = found.get(unknown, 0.0) + weight
        return tuple(found.items())

    def _place(self, unknown: Unknown, level: float, levels: Levels) -> float:
        return levels.scale(unknown.indicator).place(level) if self.on == "scale" else level


def require_logs(what: str, names: tuple[str, ...], levels: Levels) -> None:
    """Raise `KjprojError` unless all lie on `Log`."""
    for name in names:
        if not isinstance(levels.scale(name), Log):
            raise KjprojError(f"members of a {what} lie on the scale log; {name} does not")


def require_levels(what: str, names: tuple[str, ...], levels: Levels) -> None:
    """Raise `KjprojError` where a member counts events, which have no level."""
    for name in names:
        if levels.counts_events(name):
            raise KjprojError(f"members of a {what} have levels; {name} counts events")
