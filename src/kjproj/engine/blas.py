"""One thread of linear algebra a worker: threads of a pool times threads of BLAS would be more than there are cores."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from threading import Lock
from typing import Any


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Hold BLAS to one thread in this process; needs threadpoolctl, and does nothing without it.

    The setting is the process's: the first that asks for it makes it, and the last that needed it takes it back.
    """
    controller = _controller()
    with _LOCK:
        if controller is not None and not _held:
            _held.append(controller.limit(limits=1, user_api="blas"))
        _held.append(None)
    try:
        yield
    finally:
        with _LOCK:
            _held.pop()
            if len(_held) == 1 and _held[0] is not None:
                _held.pop().restore_original_limits()


_LOCK = Lock()
_held: list[Any] = []
"""What takes the setting back, where there is such a thing; then one for each that needs it."""


@cache
def _controller() -> Any:
    """Return what sets the number of threads of the BLAS libraries that are loaded by now; None without threadpoolctl."""
    try:
        return import_module("threadpoolctl").ThreadpoolController()
    except ImportError:
        return None
