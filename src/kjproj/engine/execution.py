"""Running tasks in this thread or on any `concurrent.futures.Executor`: results in order, few at a time."""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Executor, Future
from contextlib import nullcontext
from itertools import islice
from typing import Any, TypeAlias, TypeVar

from ..errors import KjprojError, WorkerLostError
from .blas import one_blas_thread

Result = TypeVar("Result")
Answer = TypeVar("Answer")
Stopped: TypeAlias = KeyboardInterrupt | WorkerLostError
"""What ends work early and leaves what is finished."""

_Tried: TypeAlias = tuple[Exception | None, Any]
_MEMORY = 2**28
_MOST = 512


def ahead(n_bytes: int) -> int:
    """Return how many tasks may be out that send and bring back so many bytes: 256 MiB of them, 512 at most, two a core at least."""
    return max(2 * (os.cpu_count() or 1), min(_MOST, _MEMORY // max(n_bytes, 1)))


def in_order(
    function: Callable[..., Result], tasks: Iterable[tuple[Any, ...]], executor: Executor | None, most: int = _MOST
) -> Generator[Result]:
    """Yield `function(*task)` for each task, in the order of the tasks, whoever finishes first.

    Of an executor only `submit` and its futures are used, so function, tasks and results must be picklable where its
    workers are other processes. What a task raises is raised here in its turn. Whoever stops early closes the generator:
    what has not begun is cancelled. A `ProcessPoolExecutor` has few tasks out and none is cancelled: where Ctrl-C reaches its
    workers too, the thread that manages it dies of futures that are cancelled, and the program would hang.

    Args:
        function: what to run, of a module.
        tasks: its arguments; read as they are needed.
        executor: who runs them; without one, this thread, one when the next result is asked for.
        most: how many tasks are out at a time: running, waiting, or finished and not yet used. Results are let go as they
            are used, so memory does not grow with the number of tasks.

    Raises:
        WorkerLostError: where the executor fails: not the task, but who was to run it.
    """
    if executor is None:
        for task in tasks:
            yield function(*task)
        return
    if isinstance(executor, type) or not callable(getattr(executor, "submit", None)):
        raise KjprojError(f"executor is {executor!r}; expected a concurrent.futures.Executor, or None for this thread")
    out: deque[Future[_Tried]] = deque()
    rest, fragile = iter(tasks), _is_pool_of_processes(executor)
    most = min(most, 4 * (os.cpu_count() or 1)) if fragile else most
    try:
        with one_blas_thread():
            while True:
                for task in islice(rest, most - len(out)):
                    out.append(_submitted(executor, function, task))
                if not out:
                    return
                error, found = _finished(out[0])
                out.popleft()
                if error is not None:
                    raise error
                yield found
    finally:
        for future in () if fragile else out:
            future.cancel()


def _is_pool_of_processes(executor: Executor) -> bool:
    """Tell whether it is the standard library's; whoever has one has loaded its module."""
    module = sys.modules.get("concurrent.futures.process")
    return module is not None and isinstance(executor, module.ProcessPoolExecutor)


def _submitted(executor: Executor, function: Callable[..., Any], task: tuple[Any, ...]) -> Future[_Tried]:
    try:
        return executor.submit(_tried, os.getpid(), function, *task)
    except Exception as error:
        raise WorkerLostError.because(error) from error


def _finished(future: Future[_Tried]) -> _Tried:
    try:
        return future.result()
    except Exception as error:
        raise WorkerLostError.because(error) from error


def _tried(caller: int, function: Callable[..., Any], *task: Any) -> _Tried:
    """Run a task where the worker is. What it raises comes back as a result: so what a future raises is the executor's.

    BLAS is held to one thread in the caller's process already.
    """
    try:
        with nullcontext() if os.getpid() == caller else one_blas_thread():
            return None, function(*task)
    except Exception as error:
        return error, None


def whole_or_kept(stopped: Stopped | None, answer: Answer | None, done: int, total: int) -> Answer:
    """Return the answer, whole or what Ctrl-C left of it; raise what stopped it where nothing is left.

    A lost worker is raised anyway, with the answer in it: who did not ask for part of an answer is not to take it for all.
    """
    if isinstance(stopped, WorkerLostError):
        raise stopped.keeping(answer, done, total) from stopped.__cause__
    if answer is None:
        raise stopped or KeyboardInterrupt
    return answer
