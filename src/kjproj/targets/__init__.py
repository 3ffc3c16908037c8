"""Targets: one kind a file; to add one, write its file and add it to the union. Without `kind` it is a level."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Discriminator, Tag

from .added import Added
from .base import BaseTarget, Measured
from .bounded import BOUNDS, Bounded
from .comparison import Comparison
from .growth import Growth
from .level import Target
from .milestone import Milestone

__all__ = ["BOUNDS", "Added", "AnyTarget", "BaseTarget", "Bounded", "Comparison", "Growth", "Measured", "Milestone", "Target"]


def _tag(value: Any) -> Any:
    return value.get("kind", "level") if isinstance(value, dict) else getattr(value, "kind", None)


if TYPE_CHECKING:
    AnyTarget = BaseTarget
else:
    AnyTarget = Annotated[
        Annotated[Target, Tag("level")]
        | Annotated[Growth, Tag("growth")]
        | Annotated[Added, Tag("added")]
        | Annotated[Comparison, Tag("comparison")]
        | Annotated[Milestone, Tag("milestone")],
        Discriminator(_tag),
    ]
