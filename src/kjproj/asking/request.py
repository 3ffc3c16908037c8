"""A request: a study, the options of its projection, and questions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Annotated, Any, ClassVar, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from ..errors import KjprojError, Problem
from ..model import Model, Version
from ..projection import Projection, project
from ..study import Study
from ..study.files import validated
from ..text import Language
from . import is_request
from .questions import AnyQuestion, Summary


class Request(Model):
    """A study and what is asked of it.

    `scenario` is the study's first one unless given; `as_of` an earlier day, as the study was known then; `rng` the seed of
    every randomisation; `lang` the only language of the texts, which are in both without it. Without questions it is
    everything, as `summary` says it.
    """

    names_kind: ClassVar[bool] = False
    kjproj: Version = 1
    study: Study
    scenario: Annotated[str, Field(max_length=200)] | None = None
    as_of: date | None = None
    rng: Annotated[int, Field(strict=True, ge=0, le=2**53)] = 0
    lang: Language | None = None
    questions: Annotated[tuple[AnyQuestion, ...], Field(min_length=1, max_length=200)] = (Summary(kind="summary"),)

    @model_validator(mode="after")
    def _fits_the_study(self) -> Self:
        for place, needed in (("as_of", "known"), ("scenario", "projection")):
            try:
                getattr(self, needed)
            except KjprojError as error:
                raise PydanticCustomError("study", "{text}", {"text": str(error), "problems": [Problem(place, str(error))]}) from None
        return self

    @cached_property
    def known(self) -> Study:
        """The study as it was known on the day that is asked for."""
        return self.study if self.as_of is None else self.study.as_known(self.as_of)

    @cached_property
    def projection(self) -> Projection:
        """The projection that the questions are about."""
        return project(self.known, self.scenario, rng=self.rng)

    @property
    def languages(self) -> tuple[Language, ...]:
        """The languages of the texts."""
        return ("zh", "en") if self.lang is None else (self.lang,)


def request(data: Mapping[str, Any]) -> Request:
    """Return the request that a document states; raises `StudyError`. A study by itself asks for everything."""
    if is_request(data):
        return validated(Request, dict(data), "the request")
    return Request(study=Study.from_dict(data))
