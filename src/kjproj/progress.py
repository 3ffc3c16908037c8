"""How far long work has come: whom it tells, and how often."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import TypeAlias

from .errors import KjprojError
from .estimate import Estimate

OnProgress: TypeAlias = Callable[[int, int, Estimate | None], object]
"""A function of (done, total, estimate): how much of how much, and the answer so far where there is one."""

EVERY = 0.1
"""Seconds between two reports; the last one is never left out."""


class Progress:
    """Tells a caller's function how far work has come: in order, from the calling thread, and rarely.

    It is told of the first step, then at most every tenth of a second, and of the end; `done` always rises, and the last
    time it is `total`. What the function raises is not caught. Without a function nothing is told.
    """

    def __init__(self, on_progress: OnProgress | None, total: int) -> None:
        if on_progress is not None and not callable(on_progress):
            raise KjprojError(
                f"on_progress is {on_progress!r}; expected a function of (done, total, estimate), such as "
                "lambda done, total, estimate: print(done, total)"
            )
        self._tell, self._total = on_progress, total
        self._told, self._next = 0, 0.0

    def __call__(self, done: int, estimate: Callable[[], Estimate | None] | None = None) -> None:
        """Report that `done` is done; the estimate is computed only where it is told."""
        if self._tell is None or done <= self._told or (done < self._total and monotonic() < self._next):
            return
        self._told = done
        self._tell(done, self._total, None if estimate is None else estimate())
        self._next = monotonic() + EVERY
