"""Old names that still work, and say what to use in their place."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class KjprojDeprecationWarning(FutureWarning):
    """Something public has a new name, or will go; shown by default, because who runs a study has to change it."""


@dataclass(frozen=True)
class Renamed:
    """What an old name is called now, since which version, and the version in which the old one goes."""

    now: str
    since: str
    until: str

    def warn(self, old: str, stacklevel: int) -> None:
        """Say so, at the line that uses the old name."""
        said = f"{old} is called {self.now} since kjproj {self.since}; the old name goes in kjproj {self.until}"
        warnings.warn(said, KjprojDeprecationWarning, stacklevel=stacklevel + 1)


def deprecated(now: str, since: str, until: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Mark a function or a method that works on until a version; `now` is what to use in its place."""
    renamed = Renamed(now, since, until)

    def mark(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def marked(*args: P.args, **options: P.kwargs) -> R:
            renamed.warn(function.__name__, stacklevel=2)
            return function(*args, **options)

        return marked

    return mark
