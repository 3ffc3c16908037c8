"""Do figures and targets fit together?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from ...answers.coherence import coherence
from ...model import Model
from ...projection import Projection
from .base import Answer, Fields, Question, Say


class Found(Model):
    """A finding: its kind, the targets or indicators that it is about, a sentence in both languages, and its numbers."""

    kind: str
    about: tuple[str, ...]
    zh: str | None
    en: str | None
    numbers: Mapping[str, float]


class CoherenceAnswer(Answer):
    """What does not fit; an empty list where nothing was found."""

    kind: Literal["coherence"]
    findings: tuple[Found, ...]


class Coherence(Question):
    """What should a reader know before believing the set of figures and targets?"""

    kind: Literal["coherence"]
    gives: ClassVar = CoherenceAnswer

    def ask(self, projection: Projection) -> tuple[Fields, Say]:
        """Return the findings."""
        found = coherence(projection)
        plain: list[dict[str, Any]] = [
            {"kind": one.kind, "about": one.about, "zh": one.words.zh, "en": one.words.en, "numbers": one.numbers} for one in found
        ]
        return {"findings": plain}, found.to_text
