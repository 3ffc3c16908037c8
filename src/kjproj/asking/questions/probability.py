"""How likely is a target, or several together?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ...answers.phrases import dated
from ...answers.probability import probability
from ...estimate import Estimate
from ...numbers import about_per_cent
from ...projection import Projection
from ...text import Language
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
        more = {"all_of": self.all_of, "any_of": self.any_of, "given": self.given}
        found = probability(projection, self.target, **more, method=self.method, n_paths=self.n_paths)  # type: ignore[arg-type]
        return {"value": found.value, "stderr": found.stderr, "method": found.method}, lambda lang: self._said(projection, found, lang)

    def _said(self, projection: Projection, found: Estimate, lang: Language) -> str:
        """Say the chance in a sentence; of what figures decide that it is met or missed."""
        named = self.all_of or self.any_of or (self.target,)
        asked, known = (_listed(projection, targets, lang) for targets in (named, self.given))
        if found.method == "observed":
            chance = {"zh": ("未完成", "已完成"), "en": ("missed", "met")}[lang][found.value == 1.0] + {"zh": "（已公布）", "en": " (published)"}[lang]
        else:
            chance = f"完成概率{about_per_cent(found.value, lang)}" if lang == "zh" else about_per_cent(found.value, lang)
        if lang == "zh":
            one = "（至少一项）" if self.any_of else ""
            return f"{f'已知{known}完成，' if known else ''}{asked}{one}：{chance}"
        return f"{'at least one of ' if self.any_of else ''}{asked}{f', given {known}' if known else ''}: {chance}"


def _listed(projection: Projection, targets: Sequence[Asked | None] | None, lang: Language) -> str:
    found = [dated(projection.study, projection.study.target(target), lang) for target in targets or () if target is not None]
    return ("、" if lang == "zh" else " and ").join(found)
