"""`Shown`: what says itself in a table, in words of two languages."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

from ..text import Language, require_language
from . import html, text


@dataclass(frozen=True)
class Table:
    """A table in words.

    Attributes:
        head: the columns' titles, (n,); none where the rows speak for themselves.
        rows: the cells, (m, n); none for what is said in a sentence.
        title: what it is of.
        notes: sentences below it; those that begin with "- " are a list.
    """

    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    title: str = ""
    notes: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """Return it as lines of text."""
        laid = text.table(self.head, self.rows) if self.rows else []
        return [*([self.title] if self.title else []), *laid, *self.notes]

    def html(self) -> list[str]:
        """Return it as pieces of HTML."""
        if self.rows:
            return [html.table(self.head, self.rows, self.title), *html.paragraphs(self.notes)]
        return [*([html.title(self.title)] if self.title else []), *html.paragraphs(self.notes)]


class Shown(ABC):
    """What gives its tables in a language; from them follow `str()`, the text, and the HTML that a notebook shows."""

    __slots__ = ()

    @abstractmethod
    def tables(self, lang: Language) -> tuple[Table, ...]:
        """Return what is to be shown, in words."""

    def to_text(self, lang: Language = "en") -> str:
        """Return it as text."""
        require_language(lang)
        return "\n\n".join("\n".join(table.lines()) for table in self.tables(lang))

    def to_html(self, lang: Language = "en") -> html.Html:
        """Return it as HTML, which a notebook shows; every text in it is escaped."""
        require_language(lang)
        return html.page((part for table in self.tables(lang) for part in table.html()), lang)

    def __str__(self) -> str:
        return self.to_text("en")

    def _repr_html_(self) -> str:
        return str(self.to_html("en"))
