"""Text for people, in Chinese and English."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, SerializerFunctionWrapHandler, WrapSerializer, model_validator

from .model import Model

Language = Literal["zh", "en"]
_NonEmpty = Annotated[str, Field(min_length=1, max_length=2000)]


class Text(Model):
    """The same words in Chinese and in English; one of them is enough."""

    zh: _NonEmpty | None = None
    en: _NonEmpty | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Text:
        if self.zh is None and self.en is None:
            raise ValueError("give the words in zh, in en, or in both")
        return self

    def __call__(self, lang: Language) -> str:
        """Return the words in `lang`, or in the other language where they are missing."""
        first, second = (self.zh, self.en) if lang == "zh" else (self.en, self.zh)
        return first or second or ""


def _from_plain(value: Any) -> Any:
    return {"zh": value, "en": value} if isinstance(value, str) else value


def _to_plain(value: Text, handler: SerializerFunctionWrapHandler) -> Any:
    return value.zh if value.zh == value.en else handler(value)


Words = Annotated[
    Text,
    BeforeValidator(_from_plain, json_schema_input_type=str | Text),
    WrapSerializer(_to_plain),
]
"""A plain text, or one text per language: `{zh: …, en: …}`."""


def width(text: str) -> int:
    """Return how many columns a text takes on a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1 for c in text)


def padded(text: str, columns: int) -> str:
    """Return a text filled with blanks to a width."""
    return text + " " * max(columns - width(text), 0)


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return rows of cells as lines whose columns begin below each other; of the first row, a head, with a rule below."""
    columns = [max(width(row[j]) for row in rows) for j in range(len(rows[0]))]
    head, *body = ["  ".join(padded(cell, c) for cell, c in zip(row, columns, strict=True)).rstrip() for row in rows]
    return [head, "  ".join("-" * c for c in columns), *body]
