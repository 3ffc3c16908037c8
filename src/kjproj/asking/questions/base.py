"""What a question is, and what an answer is."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import Annotated, Any, ClassVar

from pydantic import Field

from ...model import Model
from ...projection import Projection
from ...text import Language

Id = Annotated[str, Field(max_length=200)]
Fields = dict[str, Any]
Say = Callable[[Language], str]


class Said(Model):
    """Words in Chinese and in English; only one of them where the request names a language."""

    zh: str | None = None
    en: str | None = None


class Answer(Model):
    """What every answer shares: the kind and the `id` of its question, and the answer in words."""

    kind: str
    id: Id | None = None
    text: Said


class Question(Model):
    """What every question shares. An `id` comes back with the answer, so that answers can be told apart."""

    kind: str
    id: Id | None = None
    gives: ClassVar[type[Answer]]
    """What its answers are."""

    @abstractmethod
    def ask(self, projection: Projection) -> tuple[Fields, Say]:
        """Return the fields of the answer but for those that all share, and what says it in a language."""

    @property
    def named(self) -> dict[str, str]:
        """Its kind, and its `id` where it has one."""
        return {"kind": self.kind, **({} if self.id is None else {"id": self.id})}

    def answer(self, projection: Projection, languages: tuple[Language, ...]) -> Answer:
        """Return the answer, in words of the languages that are wanted."""
        fields, say = self.ask(projection)
        return self.gives(**self.named, **fields, text=Said(**{lang: say(lang) for lang in languages}))
