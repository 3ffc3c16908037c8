"""Reference classes: named bundles of beliefs taken from many real series, read from `data/classes`."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from ..errors import KjprojError, unknown
from ..model import Model, Number
from ..text import Words
from . import AnyBelief
from .pooled import PooledClass, PooledNumbers

__all__ = ["PooledClass", "PooledNumbers", "ReferenceClass", "class_names", "reference_class"]

_FOLDER = Path(__file__).parent.parent / "data" / "classes"


class Provenance(Model):
    """Where the figures of a class come from."""

    data: str
    regions: str
    series: Annotated[int, Field(ge=1)]
    first_year: int
    last_year: int
    method: str
    common_drift_sd: Number
    """The part of the drift's spread that is common to all regions in the next years, a year."""
    note: str = ""


class ReferenceClass(Model):
    """Beliefs about how indicators of one kind move: a motion's kind, and one belief per parameter."""

    name: str
    title: Words
    provisional: bool
    scale: Literal["linear", "log", "logit"]
    motion: Literal["brownian"]
    beliefs: dict[str, AnyBelief]
    candidates: tuple[str, ...] = ()
    provenance: Provenance


@cache
def class_names() -> tuple[str, ...]:
    """Return the names of the classes that come with the library."""
    return tuple(sorted(file.stem for file in _FOLDER.glob("*.json")))


@cache
def reference_class(name: str) -> ReferenceClass | PooledClass:
    """Return the class called `name`; raises `KjprojError` naming the known ones."""
    if name not in class_names():
        raise KjprojError(unknown("reference class", name, class_names()))
    text = (_FOLDER / f"{name}.json").read_text(encoding="utf-8")
    kinds: Any = Annotated[ReferenceClass | PooledClass, Field(discriminator="motion")]
    found: ReferenceClass | PooledClass = TypeAdapter(kinds).validate_json(text)
    return found
