"""A result: the answers, in the order of the questions, or why there are none."""

from __future__ import annotations

from datetime import date
from typing import Literal

from ..model import Model, Version
from .questions import AnyAnswer
from .questions.base import Id

Kind = Literal["document", "unit", "no_basis", "not_answerable", "missing_extra", "refused", "internal"]


class Wrong(Model):
    """One thing wrong with a document: where, such as study.evidence[3].unit, and what is wrong and what to do."""

    where: str
    message: str


class Refusal(Model):
    """Why something is not answered.

    `kind` is "document" (the text is no JSON, or a study or request is wrong; `problems` has every place), "unit",
    "no_basis" (the study does not say enough; the message says what to bring), "not_answerable", "missing_extra" (a
    package is not installed), "refused" (anything else that was refused on purpose), or "internal" (a fault of kjproj:
    please report it). `where` is a place in the document, or the question; none where it is none in particular.
    """

    kind: Kind
    message: str
    where: str | None
    problems: tuple[Wrong, ...]


class Unanswered(Model):
    """A question that has no answer; the others have theirs."""

    kind: str
    id: Id | None = None
    error: Refusal


class Reproduced(Model):
    """The study's digest, the scenario, the seed and the versions: on one machine they give the same bits."""

    study: str
    scenario: str
    seed: int
    stream: int
    kjproj: str
    numpy: str
    scipy: str
    python: str


class Result(Model):
    """What was asked under which scenario, as of which day, the answers, and what reproduces them."""

    kjproj: Version
    scenario: str
    as_of: date
    answers: tuple[AnyAnswer | Unanswered, ...]
    recipe: Reproduced


class Failure(Model):
    """Nothing was answered, and why."""

    kjproj: Version
    error: Refusal
