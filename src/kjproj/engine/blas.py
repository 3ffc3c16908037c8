"""One thread of linear algebra a worker: threads of a pool times threads of BLAS would be more than there are cores."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from functools import cache
from importlib import import_module
from typing import Any


def one_blas_thread() -> AbstractContextManager[Any]:
    """Hold BLAS to one thread in this process; needs threadpoolctl, and does nothing without it.

    The setting is the process's, and the thread that made it takes it back.
    """
    controller = _controller()
    return nullcontext() if controller is None else controller.limit(limits=1, user_api="blas")


@cache
def _controller() -> Any:
    """Return what sets the number of threads of the BLAS libraries that are loaded by now; None without threadpoolctl."""
    try:
        return import_module("threadpoolctl").ThreadpoolController()
    except ImportError:
        return None
