"""Beliefs: distributions of parameters. One kind a file; to add one, write its file and add it to the union."""

from __future__ import annotations

import math
from numbers import Real
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer
from pydantic_core import PydanticCustomError

from .base import Belief
from .beta import Beta
from .elicited import Elicited
from .fixed import Fixed
from .flat import Flat
from .gamma import Gamma
from .log_normal import LogNormal
from .normal import Normal
from .rule import LogNormalRule
from .scaled_inv_chi2 import ScaledInvChi2

__all__ = [
    "AnyBelief",
    "Belief",
    "Beta",
    "Elicited",
    "Fixed",
    "Flat",
    "Gamma",
    "LogNormal",
    "LogNormalRule",
    "Normal",
    "Parameter",
    "ScaledInvChi2",
]

AnyBelief = Annotated[
    Fixed | Flat | Normal | LogNormal | LogNormalRule | ScaledInvChi2 | Elicited | Gamma | Beta, Field(discriminator="kind")
]

_EXAMPLE = '{"kind": "normal", "mean": 0.05, "sd": 0.02}'


def _number_to_belief(value: Any) -> Any:
    if isinstance(value, Real) and not isinstance(value, bool):
        return {"kind": "fixed", "value": _float(value)}
    if isinstance(value, dict | Belief):
        return value
    raise PydanticCustomError(
        "parameter", "expected a number such as 0.05, or a belief such as {example}", {"example": _EXAMPLE}
    )


def _float(value: Real) -> float:
    try:
        return float(value)
    except OverflowError:  # a whole number of hundreds of digits; infinity is refused later, with its place
        return math.inf


def _belief_to_number(belief: Belief) -> Belief | float:
    return belief.value if isinstance(belief, Fixed) else belief


def _written(value: Belief | float) -> Any:
    return value.model_dump() if isinstance(value, Belief) else value


if TYPE_CHECKING:
    Parameter = Any
else:
    Parameter = Annotated[
        AnyBelief,
        BeforeValidator(_number_to_belief, json_schema_input_type=AnyBelief | float),
        AfterValidator(_belief_to_number),
        PlainSerializer(_written),
    ]
"""A parameter of a motion: a number, or a belief about it. A fixed belief is a number."""
