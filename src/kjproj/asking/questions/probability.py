"""How likely is a target, or several together?"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ...answers.probability import probability
from ...projection import Projection
from .asked import Asked, Several
from .base import Answer, Fields, Question, Say


class ProbabilityAnswer(Answer):
    """A chance, the standard error of its computation, and the method."""

    kind: Literal["probability"]
    value: float
    stderr: float
    method: str


class Probability(Question):
    """How likely is `target`, or all of `all_of`, or at least one of `any_of`, given that all of `given` are met?"""

    kind: Literal["probability"]
    target: Asked | None = None
    all_of: Several | None = None
    any_of: Several | None = None
    given: Several | None = None
    method: Literal["auto", "simulate"] = "auto"
    n_paths: Annotated[int, Field(strict=True, ge=1, le=1_000_000)] = 100_000
    gives: ClassVar = ProbabilityAnswer

    def ask(self, projection: Projection) -> tuple[Fields, Say]:
        """Return the chance."""
        asked = {"all_of": self.all_of, "any_of": self.any_of, "given": self.given}
        found = probability(projection, self.target, **asked, method=self.method, n_paths=self.n_paths)  # type: ignore[arg-type]
        return {"value": found.value, "stderr": found.stderr, "method": found.method}, found.to_text
