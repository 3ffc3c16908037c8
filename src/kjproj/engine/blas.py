"""One thread of linear algebra for each worker: threads of a pool times threads of BLAS would be more than there are cores."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from importlib import import_module
from threading import Lock
from typing import Any

_lock = Lock()
_limits = ExitStack()
_inside = 0


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Hold BLAS to one thread in this process until the last who asked for it has left; needs threadpoolctl, else nothing.

    The setting is the process's, not the thread's: so the first who enters makes it, and the last who leaves takes it back.
    """
    global _inside  # noqa: PLW0603 - as is what it counts
    with _lock:
        if not _inside and (controller := _controller()) is not None:
            _limits.enter_context(controller.limit(limits=1, user_api="blas"))
        _inside += 1
    try:
        yield
    finally:
        with _lock:
            _inside -= 1
            if not _inside:
                _limits.close()


@cache
def _controller() -> Any:
    """Return what sets the number of threads of the BLAS libraries that are loaded, None without threadpoolctl."""
    try:
        return import_module("threadpoolctl").ThreadpoolController()
    except ImportError:
        return None
