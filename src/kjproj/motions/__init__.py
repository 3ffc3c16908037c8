"""Motions: how an indicator moves on its scale. One kind a file; to add one, write its file and add it to the union.

A class of one's own that derives from `Motion` may be used in Python without being in the union.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Discriminator, InstanceOf, SerializeAsAny, Tag
from pydantic.json_schema import SkipJsonSchema

from .base import Motion
from .brownian import Brownian
from .pooled import Pooled
from .reverting import Reverting
from .step import Step
from .sum import Sum

__all__ = ["AnyMotion", "Brownian", "Motion", "Pooled", "Reverting", "Step", "Sum"]

_OURS = {"brownian": Brownian, "pooled": Pooled, "reverting": Reverting, "step": Step, "sum": Sum}


def _tag(value: Any) -> Any:
    if isinstance(value, Motion) and type(value) is not _OURS.get(value.kind):
        return "own"
    return value.get("kind") if isinstance(value, dict) else getattr(value, "kind", None)


if TYPE_CHECKING:
    AnyMotion = Motion
else:
    AnyMotion = Annotated[
        Annotated[Brownian, Tag("brownian")]
        | Annotated[Pooled, Tag("pooled")]
        | Annotated[Reverting, Tag("reverting")]
        | Annotated[Step, Tag("step")]
        | Annotated[Sum, Tag("sum")]
        | Annotated[SkipJsonSchema[SerializeAsAny[InstanceOf[Motion]]], Tag("own")],
        Discriminator(_tag),
    ]
Sum.model_rebuild(_types_namespace={"AnyMotion": AnyMotion})
