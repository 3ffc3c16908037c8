"""What an identity is: a derived indicator that other indicators determine in every year."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping

from ..model import Model, Name
from ..rows import Levels
from ..text import Language


class Identity(Model):
    """One derived member, on its scale a weighted sum of the other members on theirs, plus an offset."""

    kind: str
    result: Name

    @property
    @abstractmethod
    def members(self) -> tuple[str, ...]:
        """The indicators that determine the result."""

    @abstractmethod
    def weights(self) -> dict[str, float]:
        """Return the weight of each member on its scale."""

    @abstractmethod
    def offset(self, levels: Levels) -> float:
        """Return what is added on the result's scale."""

    @abstractmethod
    def implied(self, known: Mapping[str, float], levels: Levels) -> tuple[str, float] | None:
        """Return the one member (or the result) that is missing from `known`, and its level."""

    @abstractmethod
    def check(self, levels: Levels) -> None:
        """Raise `KjprojError` where scales or units do not fit."""

    @abstractmethod
    def describe(self, lang: Language) -> str:
        """Say the identity."""
