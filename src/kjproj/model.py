"""The base of everything that goes into JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SerializationInfo, model_serializer
from pydantic_core import PydanticCustomError


class Model(BaseModel):
    """A frozen pydantic model: unknown keys are refused, and so are NaN and infinity.

    What was left at its default is not written back, so a document returns as it came. Under the context "bare" a
    default that was written out is left out too, so that the same data are always the same text.
    """

    names_kind: ClassVar[bool] = True
    """Whether `kind` is always written; False where a document may leave it out."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    @model_serializer(mode="wrap")
    def _without_defaults(self, handler: Any, info: SerializationInfo) -> dict[str, Any]:
        written = handler(self)
        always = {"kind"} if self.names_kind else set()
        given = self.model_fields_set | always
        if info.context == "bare":
            fields = type(self).model_fields
            given = {key for key in given if key in always or fields[key].default != getattr(self, key)}
        return {key: value for key, value in written.items() if key in given}

    def set_fields(self) -> dict[str, Any]:
        """Return what was given and differs from its default, by field."""
        fields = type(self).model_fields
        return {k: v for k in fields if k in self.model_fields_set and (v := getattr(self, k)) != fields[k].default}

    def __repr_args__(self) -> Iterable[tuple[str | None, Any]]:
        return self.set_fields().items()


_GREATEST = 1e15


def _plain_number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PydanticCustomError("number", "expected a number such as 0.05, written without quotes")
    if not abs(value) <= _GREATEST:
        raise PydanticCustomError("number", "expected a finite number between -1e15 and 1e15")
    return value


Number = Annotated[float, BeforeValidator(_plain_number)]
"""A finite number, never a text or a truth value."""

Positive = Annotated[Number, Field(ge=1e-12)]
"""A number above 0, and large enough to compute with."""

Year = Annotated[int, Field(strict=True, ge=1800, le=2300)]
"""A calendar year."""

VERSION = 1
"""The version of documents: of a study, of a request and of a result."""


def _known_version(value: Any) -> Any:
    if isinstance(value, bool):
        raise PydanticCustomError("version_type", "expected the version of the document, the whole number 1")
    if type(value) is int and value != VERSION:
        age, way = ("newer", "install a newer kjproj") if value > VERSION else ("older", "write it anew in version 1")
        raise PydanticCustomError(
            "version", "{text}", {"text": f"the document is of version {value}, {age} than version {VERSION}, which this kjproj reads; {way}"}
        )
    return value


Version = Annotated[Literal[1], BeforeValidator(_known_version)]
"""The version in which a document is written; a document of another one is refused before anything else is said."""

Name = Annotated[str, Field(pattern=r"^[^\W\d]\w*$", max_length=80)]
"""An identifier: letters (of any script), digits and underscores, not beginning with a digit."""
