"""Beliefs: distributions of parameters. One kind a file; to add one, write its file and add it to the union."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer

from .base import Belief
from .elicited import Elicited
from .fixed import Fixed
from .flat import Flat
from .log_normal import LogNormal
from .normal import Normal
from .scaled_inv_chi2 import ScaledInvChi2

__all__ = ["AnyBelief", "Belief", "Elicited", "Fixed", "Flat", "LogNormal", "Normal", "Parameter", "ScaledInvChi2"]

AnyBelief = Annotated[Fixed | Flat | Normal | LogNormal | ScaledInvChi2 | Elicited, Field(discriminator="kind")]


def _number_to_belief(value: Any) -> Any:
    plain = isinstance(value, int | float) and not isinstance(value, bool)
    return {"kind": "fixed", "value": value} if plain else value


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
