"""Findings: what a reader should know before believing a set of figures and targets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ..text import Language, Text


@dataclass(frozen=True)
class Finding:
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

    def __str__(self) -> str:
        return self.words("en")


@dataclass(frozen=True)
class Findings:
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

    def to_text(self, lang: Language) -> str:
        """Return the list in words."""
        if not self.items:
            return "未发现需要核实之处。" if lang == "zh" else "Nothing was found that does not fit."
        return "\n".join(f"{i}. {item.words(lang)}" for i, item in enumerate(self.items, 1))

    def __str__(self) -> str:
        return self.to_text("en")
