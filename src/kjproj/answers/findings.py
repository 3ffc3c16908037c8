"""Findings: what a reader should know before believing a set of figures and targets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ..tables import Shown, Table
from ..text import Language, Text


@dataclass(frozen=True, repr=False)
class Finding(Shown):
    """One thing that a reader should know.

    Attributes:
        kind: see `coherence`.
        about: the targets or indicators it is about.
        words: a sentence.
        numbers: what the sentence states, as numbers.
        brief: a shorter sentence, for the conclusions.
    """

    kind: str
    about: tuple[str, ...]
    words: Text
    numbers: dict[str, float] = field(default_factory=dict)
    brief: Text | None = None

    def __repr__(self) -> str:
        return f"Finding({self.kind}: {self.words('en')})"

    def tables(self, lang: Language) -> tuple[Table, ...]:
        """Return the sentence."""
        return (Table(notes=(self.words(lang),)),)


@dataclass(frozen=True, repr=False)
class Findings(Shown):
    """A list of findings; `str()` reads as a list, `to_text("zh")` in Chinese."""

    items: tuple[Finding, ...]

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, position: int) -> Finding:
        return self.items[position]

    def of(self, kind: str) -> tuple[Finding, ...]:
        """Return the findings of one kind."""
        return tuple(item for item in self.items if item.kind == kind)

    def __repr__(self) -> str:
        return f"Findings({', '.join(item.kind for item in self.items) or 'none'})"

    def tables(self, lang: Language) -> tuple[Table, ...]:
        """Return the list in words."""
        if not self.items:
            return (Table(notes=("未发现需要核实之处。" if lang == "zh" else "Nothing was found that does not fit.",)),)
        return (Table(notes=tuple(f"{i}. {item.words(lang)}" for i, item in enumerate(self.items, 1))),)
