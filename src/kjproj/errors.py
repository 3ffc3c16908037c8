"""Everything that kjproj raises on purpose."""

from __future__ import annotations

from dataclasses import dataclass


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
