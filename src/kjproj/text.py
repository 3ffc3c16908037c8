"""Text for people, in Chinese and English."""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Field, SerializerFunctionWrapHandler, WrapSerializer, model_validator

from .errors import KjprojError
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


def require_language(lang: str) -> None:
    """Raise `KjprojError` for anything but a language that there are words in."""
    if lang not in get_args(Language):
        raise KjprojError(f"lang is {lang!r}; expected 'zh' or 'en'")


def given_words(model: Model, lang: Language) -> tuple[tuple[str, str], ...]:
    """Return the fields that a model was given, with their values in words."""
    return tuple((field, _value_words(value, lang)) for field, value in model.set_fields().items())


def _value_words(value: Any, lang: Language) -> str:
    if isinstance(value, Text):
        return value(lang)
    if isinstance(value, tuple):
        return ("—" if lang == "zh" else " to ").join(map(str, value))
    if isinstance(value, bool):
        return {"zh": "是", "en": "yes"}[lang] if value else {"zh": "否", "en": "no"}[lang]
    return str(value)


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
