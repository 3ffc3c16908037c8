"""What every form of the summary is made of: sections of words, in the planner's order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ..answers.bounds import Bounds

_BLANK = ("", "—")


class Table(NamedTuple):
    """A table of words.

    Attributes:
        head: the words above the columns.
        rows: the cells of each row, as many as `head` has; a row that sums up those above begins with blanks.
        chances: where rows are about chances, that of each row, None for a row without one; else empty.
    """

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    chances: Sequence[Bounds | None] = ()

    def without_blanks(self, always: int) -> Table:
        """Return the table without the columns that say nothing, the first `always` aside."""
        kept = [j for j in range(len(self.head)) if j < always or any(row[j] not in _BLANK for row in self.rows)]
        return Table([self.head[j] for j in kept], [[row[j] for j in kept] for row in self.rows], self.chances)


class Section(NamedTuple):
    """A part of the summary.

    Attributes:
        name: what it is, in every language: "conclusions", "targets", …
        title: what stands above it; "" for the heading and the closing words.
        prose: sentences below the table, those of a list beginning with "- ".
        table: its table, if any.
    """

    name: str
    title: str
    prose: Sequence[str]
    table: Table | None = None
