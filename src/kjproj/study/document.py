"""The fields of a study, as they stand in the document."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Self

from pydantic import Field, model_validator

from ..evidence import AnyEvidence
from ..identities import AnyIdentity
from ..model import Model, Version, Year
from ..targets import AnyTarget
from ..text import Words
from .indicator import Correlation, Indicator, StepChange
from .scenario import Scenario

_MOST = Field(max_length=500)


class Source(Model):
    """Where figures come from."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    title: Words | None = None
    publisher: Words | None = None
    published: date | None = None
    covers_until: date | None = None
    url: str | None = None


class Plan(Model):
    """The plan that the targets belong to: paces are counted from the end of `base_year`."""

    name: Words
    base_year: Year
    last_year: Year

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.base_year >= self.last_year:
            raise ValueError(f"base_year {self.base_year} is not before last_year {self.last_year}; correct one")
        return self


class Document(Model, defer_build=True):
    """A study as a document: JSON, YAML, or the arguments of `Study`."""

    kjproj: Version = 1
    title: Words | None = None
    place: Words | None = None
    as_of: date
    plan: Plan | None = None
    sources: Annotated[tuple[Source, ...], _MOST] = ()
    indicators: Annotated[tuple[Indicator, ...], Field(min_length=1, max_length=500)]
    identities: Annotated[tuple[AnyIdentity, ...], _MOST] = ()
    correlations: Annotated[tuple[Correlation, ...], _MOST] = ()
    repair_correlations: bool = False
    steps: Annotated[tuple[StepChange, ...], _MOST] = ()
    evidence: Annotated[tuple[AnyEvidence, ...], Field(max_length=5000)] = ()
    targets: Annotated[tuple[AnyTarget, ...], _MOST] = ()
    scenarios: Annotated[tuple[Scenario, ...], _MOST] = ()
