"""Everything that kjproj raises on purpose."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

_LISTED = 200


class KjprojError(ValueError):
    """The base of every error raised on purpose: it says what was given, what was expected and what to do."""


class UnitError(KjprojError):
    """A unit is unknown, or does not fit the quantity it is used for."""


class NoBasisError(KjprojError):
    """Nothing in the study says where an indicator stands or how it moves; the message says what to bring."""


class NotAnswerableError(KjprojError):
    """The question cannot be answered from this projection; the message says why."""


class MissingExtraError(KjprojError, ImportError):
    """A package that an extra brings is not installed; the message names the extra."""

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(f'this needs the package {package}: pip install "kjproj[{extra}]"')


class WorkerLostError(KjprojError):
    """A worker was lost, or the executor failed. What was finished by then is kept.

    Attributes:
        partial: the answer from the paths that were finished, the first of those asked for, as after Ctrl-C: what asking for
            so many gives, to the bit. None where there is none.
    """

    partial: Any = None

    @classmethod
    def because(cls, error: Exception) -> WorkerLostError:
        """Return the error that says what the executor said."""
        return cls(f"a worker was lost, or the executor failed ({type(error).__name__}: {str(error).strip()})")

    def keeping(self, partial: Any, done: int, total: int) -> WorkerLostError:
        """Return the same error with what is finished: so many of so many paths."""
        kept = "; error.partial is the answer from these" if partial is not None else ""
        found = WorkerLostError(
            f"{self}. {done:,} of {total:,} paths are finished{kept}. Ask again with a new executor: the paths are the same. "
            "If workers die of too little memory, take fewer of them, or fewer indicators and years at a time"
        )
        found.partial = partial
        return found


def unknown(what: str, name: str, known: Iterable[str]) -> str:
    """Say that a name is unknown, what there is, and which of it is nearest to it."""
    from difflib import get_close_matches

    names, given = list(dict.fromkeys(known)), name[:80]
    near = get_close_matches(given, names, n=1, cutoff=0.7)
    listed = ", ".join(names) if len(names) <= _LISTED else f"{', '.join(names[:5])}, … ({len(names):,} in all)"
    return f"unknown {what} {given!r}; known are {listed or 'none'}" + (f". Did you mean {near[0]!r}?" if near else "")


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a study: where, and what is wrong and what to do."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


class StudyError(KjprojError):
    """A study is refused. `problems` lists every place that is wrong."""

    def __init__(self, problems: list[Problem], origin: str = "the study") -> None:
        self.problems = problems
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        super().__init__("\n".join([f"{origin} is refused ({count}):", *(f"  {p}" for p in problems)]))
