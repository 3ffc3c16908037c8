"""A target that is asked about: by its name in the study, or as a study would state it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, ValidatorFunctionWrapHandler, WrapValidator
from pydantic_core import PydanticCustomError

from ...targets import AnyTarget, BaseTarget

_LONGEST = 200


def _named_or_stated(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    if isinstance(value, str) and len(value) <= _LONGEST:
        return value
    if not isinstance(value, Mapping | BaseTarget):
        raise PydanticCustomError("asked", "expected the name of a target, or a target as a study states it")
    return handler(value)


if TYPE_CHECKING:
    Asked = str | BaseTarget
else:
    Asked = Annotated[AnyTarget, WrapValidator(_named_or_stated, json_schema_input_type=Annotated[str, Field(max_length=_LONGEST)] | AnyTarget)]

Several = Annotated[tuple[Asked, ...], Field(min_length=1, max_length=20)]
