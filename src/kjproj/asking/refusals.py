"""From what is raised to what a result says of it."""

from __future__ import annotations

from ..errors import KjprojError, MissingExtraError, NoBasisError, NotAnswerableError, StudyError, UnitError
from .result import Kind, Refusal, Wrong

_KINDS: tuple[tuple[type[KjprojError], Kind], ...] = (
    (StudyError, "document"),
    (UnitError, "unit"),
    (NoBasisError, "no_basis"),
    (NotAnswerableError, "not_answerable"),
    (MissingExtraError, "missing_extra"),
    (KjprojError, "refused"),
)


def refusal(error: Exception, where: str | None = None) -> Refusal:
    """Say why something is not answered; what was not raised on purpose is a fault of the library, and says so."""
    if not isinstance(error, KjprojError):
        said = f"a fault of kjproj, please report it with what was sent: {type(error).__name__}: {error}"
        return Refusal(kind="internal", message=_printable(said), where=where, problems=())
    found = next(kind for cls, kind in _KINDS if isinstance(error, cls))
    problems = [Wrong(where=_printable(p.place), message=_printable(p.message)) for p in getattr(error, "problems", ())]
    place = where or (problems[0].where if problems else None)
    return Refusal(kind=found, message=_printable(str(error)), where=place, problems=tuple(problems))


def _printable(text: str) -> str:
    """Return text that every encoding of Unicode can hold."""
    return text.encode("utf-8", "backslashreplace").decode()
