"""Any executor: the same bits from every engine, and what is left when a worker dies in the middle."""

from __future__ import annotations

import contextlib
import copy
import gc
import multiprocessing
import os
import pickle
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any, ClassVar

import pytest
from workers import ASK, CHUNK, Deadly, N, answers, blas_threads, digest, one_more, projection, refuses

import kjproj as kj
from kjproj.answers import sample as sampling
from kjproj.engine import blas
from kjproj.engine.execution import ahead, in_order

pytestmark = [
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning"),  # fork is on trial here
]
posix = pytest.mark.skipif(sys.platform == "win32", reason="kills by a signal of POSIX")
LONGEST = 120


@pytest.fixture(autouse=True)
def _ends() -> Iterator[None]:
    """A pool that hangs ends the test, not the day."""
    if sys.platform == "win32":
        yield
        return

    def late(*_: object) -> None:
        raise TimeoutError(f"an engine gave nothing for {LONGEST} seconds")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(LONGEST)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture(scope="module")
def projected() -> kj.Projection:
    return projection()


@pytest.fixture(scope="module")
def alone(projected: kj.Projection) -> tuple[str, kj.Estimate]:
    """What this thread says by itself."""
    return answers(projected, None)


@contextlib.contextmanager
def processes(method: str, count: int = 2) -> Iterator[Executor]:
    with ProcessPoolExecutor(count, mp_context=multiprocessing.get_context(method)) as pool:
        yield pool


@contextlib.contextmanager
def loky() -> Iterator[Executor]:
    pool = pytest.importorskip("loky").get_reusable_executor(2, timeout=60)
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, kill_workers=True)


@contextlib.contextmanager
def dask() -> Iterator[Executor]:
    """Two workers, processes of this machine."""
    distributed = pytest.importorskip("dask.distributed")
    cluster = distributed.LocalCluster(n_workers=2, processes=True, threads_per_worker=1, dashboard_address=None)
    with cluster, distributed.Client(cluster) as client:
        yield client.get_executor()


METHODS = [method for method in ("fork", "forkserver", "spawn") if method in multiprocessing.get_all_start_methods()]
ENGINES: dict[str, Callable[[], Any]] = {
    **{f"threads {n}": lambda n=n: ThreadPoolExecutor(n) for n in (1, 2, 3)},
    **{f"processes by {method}": lambda method=method: processes(method) for method in METHODS},
    "one process": lambda: processes(METHODS[-1], 1),
    "loky": loky,
    "dask": dask,
}


# bits


@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_gives_the_same_bits(
    projected: kj.Projection, alone: tuple[str, kj.Estimate], engine: str
) -> None:
    """SHA-256 of all sample paths, and value, error and parts of the error of a conditional chance with counts of events."""
    with ENGINES[engine]() as executor:
        found = answers(projected, executor)
    assert found == alone
    assert found[1].errors == alone[1].errors


def test_mpi_gives_the_same_bits(alone: tuple[str, kj.Estimate]) -> None:
    """Two processes under mpiexec: one asks, one works."""
    pytest.importorskip("mpi4py")
    command = shutil.which("mpiexec", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    if command is None:
        pytest.skip("no MPI")
    script = Path(__file__).parent / "workers.py"
    paths = [str(Path(kj.__file__).parents[1]), str(script.parent), os.environ.get("PYTHONPATH", "")]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths)), "PYTHONUTF8": "1"}
    run = subprocess.run(
        [command, "-n", "2", sys.executable, "-m", "mpi4py.futures", str(script)],
        capture_output=True, encoding="utf-8", env=env, check=False, timeout=LONGEST - 10, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip() == str(alone)


def test_the_prefix_is_the_same_however_many_chunks_are_asked_for(projected: kj.Projection) -> None:
    """Three chunks by threads are the first three of eight by this thread."""
    with ThreadPoolExecutor(2) as pool:
        few = answers(projected, pool, n_paths=3 * CHUNK)
    assert few == answers(projected, None, n_paths=3 * CHUNK)


# a worker killed in the middle


def lost_by(projected: kj.Projection, executor: Executor, marks: Path, monkeypatch: pytest.MonkeyPatch, **how: Any) -> kj.WorkerLostError:
    """Return the error of drawing paths with shocks that kill a worker at the sixth chunk, once the first is finished."""
    monkeypatch.setattr(sampling, "CHUNK", CHUNK)
    shocks = Deadly(5, marks=str(marks), parent=os.getpid(), **how)
    with pytest.raises(kj.WorkerLostError) as caught:
        kj.sample(projected, N, rng=shocks, executor=executor, on_progress=lambda *_: (marks / "go").touch())
    return caught.value


def keeps_a_prefix(projected: kj.Projection, error: kj.WorkerLostError) -> None:
    """Partial paths are whole chunks, the first of those asked for, to the bit; the message counts them."""
    part, whole = error.partial, kj.sample(projected, N, rng=5)
    done = len(part)
    assert 0 < done < N
    assert done % CHUNK == 0
    assert digest(dict(part.values)) == digest({name: levels[:done] for name, levels in whole.values.items()})
    assert part.weights.sum() == pytest.approx(1.0)
    assert (part.recipe.paths, part.recipe.asked) == (done, N)
    assert f"{done:,} of {N:,} paths are finished; error.partial is the answer from these" in str(error)
    assert error.__cause__ is not None
    assert type(error.__cause__).__name__ in str(error)


@posix
@pytest.mark.parametrize("engine", [f"processes by {method}" for method in METHODS] + ["loky"])
def test_a_killed_process_leaves_what_is_finished(
    projected: kj.Projection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: str
) -> None:
    """SIGKILL in the sixth of eight chunks: a clear error, with the finished paths in it."""
    with ENGINES[engine]() as executor:
        error = lost_by(projected, executor, tmp_path, monkeypatch)
    keeps_a_prefix(projected, error)
    assert type(error.__cause__).__name__ in ("BrokenProcessPool", "TerminatedWorkerError")


@posix
def test_a_chance_keeps_its_finished_paths_too(
    projected: kj.Projection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The partial estimate is that of its paths, and says that it was interrupted; a new pool gives the whole."""
    monkeypatch.setattr(sampling, "CHUNK", CHUNK)
    shocks = Deadly(5, marks=str(tmp_path), parent=os.getpid())
    ask = {**ASK, "n_paths": N, "rng": shocks, "on_progress": lambda *_: (tmp_path / "go").touch()}
    with processes(METHODS[-1]) as executor, pytest.raises(kj.WorkerLostError) as caught:
        kj.probability(projected, **ask, executor=executor)
    part = caught.value.partial
    done = int(part.method.split()[3].replace(",", ""))
    few = kj.probability(projected, **ASK, n_paths=done, rng=5)
    assert (part.value, part.stderr) == (few.value, few.stderr)
    assert part.method == f"simulated, interrupted at {done:,} of {N:,} paths"
    with processes(METHODS[-1]) as executor:
        again = kj.probability(projected, **ask, executor=executor)
    assert again == kj.probability(projected, **ASK, n_paths=N, rng=5)


@posix
def test_dask_draws_again_what_a_killed_worker_had(
    projected: kj.Projection, alone: tuple[str, kj.Estimate], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its scheduler gives the task to another worker: the same bits. A task that kills worker after worker is an error."""
    distributed = pytest.importorskip("dask.distributed")
    cluster = distributed.LocalCluster(n_workers=2, processes=True, threads_per_worker=1, dashboard_address=None)
    with cluster, distributed.Client(cluster) as client:
        (tmp_path / "go").touch()
        once = Deadly(5, marks=str(tmp_path), parent=os.getpid())
        assert answers(projected, client.get_executor(), rng=once) == alone
        assert (tmp_path / "0").exists(), "a worker was killed"
        cluster.scheduler.allowed_failures = 0
        (tmp_path / "go").unlink()
        error = lost_by(projected, client.get_executor(), tmp_path, monkeypatch, times=2)
        assert type(error.__cause__).__name__ == "KilledWorker"
        keeps_a_prefix(projected, error)


CTRL_C = """
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
import kjproj as kj

if sys.argv[1] == "loky":
    from loky import get_reusable_executor as make
else:
    make = lambda count: ProcessPoolExecutor(count, mp_context=get_context(sys.argv[1]))
ask = {"all_of": ["rd_spending_2025", "rd_intensity_2025"], "method": "simulate", "n_paths": 20_000_000}
with make(2) as pool:
    print(kj.probability(kj.project(kj.datasets.yueyang()), **ask, executor=pool, on_progress=lambda *_: print("told", flush=True)))
"""


@posix
@pytest.mark.parametrize("engine", [METHODS[-1], "loky"])
def test_ctrl_c_at_the_terminal_reaches_the_workers_too(tmp_path: Path, engine: str) -> None:
    """SIGINT to the whole group of processes: the finished paths, a clean end, and no worker left."""
    pytest.importorskip("loky")
    env = {**os.environ, "PYTHONPATH": str(Path(kj.__file__).parents[1])}
    command = [sys.executable, "-c", CTRL_C, engine]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=env, cwd=tmp_path, encoding="utf-8", start_new_session=True) as run:
        try:
            assert run.stdout is not None
            assert run.stdout.readline() == "told\n"
            time.sleep(1.5)  # so that the other worker has started too
            os.killpg(run.pid, signal.SIGINT)
            out, _ = run.communicate(timeout=LONGEST - 20)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(run.pid, signal.SIGKILL)
    assert run.returncode == 0
    assert re.search(r"\(simulated, interrupted at [\d,]+ of 20,000,000 paths\)", out)


def test_with_nothing_finished_there_is_no_partial(projected: kj.Projection) -> None:
    """An executor that is closed takes nothing; a chance with no path inside its condition has none either."""
    pool = ThreadPoolExecutor(1)
    pool.shutdown()
    for ask in (
        lambda: kj.sample(projected, N, executor=pool),
        lambda: kj.probability(projected, "x_2025", method="simulate", n_paths=N, executor=pool),
    ):
        with pytest.raises(kj.WorkerLostError, match="cannot schedule new futures after shutdown") as caught:
            ask()
        assert caught.value.partial is None
        assert f"0 of {N:,} paths are finished. Ask again" in str(caught.value)


def test_the_error_goes_through_a_pickle() -> None:
    """As one may carry it to another process."""
    error = kj.WorkerLostError.because(RuntimeError("no more")).keeping(3.0, 1, 2)
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.partial) == (str(error), 3.0)


def test_what_is_no_executor_is_refused(projected: kj.Projection) -> None:
    """The message says what is expected."""
    with pytest.raises(kj.KjprojError, match=r"executor is 4; expected a concurrent\.futures\.Executor"):
        kj.sample(projected, 10, executor=4)  # type: ignore[arg-type]


# tasks


@pytest.mark.parametrize("count", [0, 1, 7, 50])
@pytest.mark.parametrize("most", [1, 3, 100])
def test_results_come_in_order(count: int, most: int) -> None:
    """Of so many tasks, however few are out at a time, with workers and without."""
    tasks = [(x,) for x in range(count)]
    wanted = list(range(1, count + 1))
    assert list(in_order(one_more, tasks, None)) == wanted
    with ThreadPoolExecutor(3) as pool:
        assert list(in_order(one_more, tasks, pool, most)) == wanted


def test_what_a_task_raises_comes_out_as_it_is_in_its_turn() -> None:
    """Not as a lost worker; what came before it is there."""
    for make in (lambda: contextlib.nullcontext(None), lambda: ThreadPoolExecutor(2), lambda: processes(METHODS[-1])):
        with make() as pool:
            found, results = [], in_order(refuses, [(x,) for x in range(6)], pool)
            with pytest.raises(kj.NotAnswerableError, match="three is too many"):
                found.extend(results)
            assert list(results) == []
    with ThreadPoolExecutor(2) as pool, pytest.raises(TypeError, match="str"):
        list(in_order(one_more, [("1",)], pool))


class Result:
    """A result that knows how many of it there are."""

    alive: ClassVar[weakref.WeakSet[Result]] = weakref.WeakSet()
    most = 0

    def __init__(self) -> None:
        Result.alive.add(self)
        Result.most = max(Result.most, len(Result.alive))


def test_memory_does_not_grow_with_the_number_of_tasks() -> None:
    """At most so many tasks are out, and results are let go as they are used: a slow reader keeps few."""
    taken = 0

    def tasks() -> Iterator[tuple[()]]:
        nonlocal taken
        for _ in range(200):
            taken += 1
            yield ()

    with ThreadPoolExecutor(2) as pool:
        for k, _ in enumerate(in_order(Result, tasks(), pool, 5)):
            assert taken <= k + 5
            threading.Event().wait(0.0005)
    gc.collect()
    assert taken == 200
    assert Result.most <= 5 + 2, "those out, the one in use, and one that a worker is about to let go"
    assert len(Result.alive) <= 1


class Idle(Executor):
    """Takes tasks and does nothing."""

    def __init__(self) -> None:
        self.futures: list[Future[Any]] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.futures.append(Future())
        return self.futures[-1]


def test_what_has_not_begun_is_cancelled_when_the_reader_leaves() -> None:
    """Closed after the first result: everything that is out, and nothing new is sent."""
    pool = Idle()
    results = in_order(one_more, [(x,) for x in range(20)], pool, 6)
    threading.Timer(0.05, lambda: pool.futures[0].set_result((None, 1))).start()
    assert next(results) == 1
    results.close()
    assert len(pool.futures) == 6
    assert all(future.cancelled() for future in pool.futures[1:])


def test_a_task_that_somebody_else_cancels_is_lost() -> None:
    """As by `shutdown(cancel_futures=True)`, or by a cluster that is closed."""
    pool = Idle()
    threading.Timer(0.05, lambda: [future.cancel() for future in pool.futures]).start()
    with pytest.raises(kj.WorkerLostError, match="CancelledError") as caught:
        next(in_order(one_more, [(1,)], pool))
    assert isinstance(caught.value.__cause__, CancelledError)


def test_large_results_are_fewer_at_a_time() -> None:
    """256 MiB of them are out at most, but two for every core, and 512 of the smallest."""
    assert ahead(2**20) == 256
    assert ahead(0) == ahead(8) == 512
    assert ahead(2**40) == 2 * (os.cpu_count() or 1)


def test_workers_hold_blas_to_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """While tasks run, in threads and in other processes; afterwards, and where the reader left, it is as it was."""
    threadpoolctl = pytest.importorskip("threadpoolctl")
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "2")  # for the other processes
    tasks = [(x,) for x in range(20)]
    blas._controller.cache_clear()  # it knows the libraries of its time
    with threadpoolctl.threadpool_limits(2, user_api="blas"):
        before = blas_threads(0)
        for make in (lambda: ThreadPoolExecutor(3), lambda: processes(METHODS[-1])):
            with make() as pool:
                seen = list(in_order(blas_threads, tasks, pool))
            assert {n for counts in seen for n in counts} <= {1}
        with ThreadPoolExecutor(2) as pool, contextlib.closing(in_order(blas_threads, tasks, pool)) as some:
            next(some)
        assert blas_threads(0) == before


def test_what_is_sent_is_the_law_not_the_projection(projected: kj.Projection) -> None:
    """One task a block, of kilobytes: the law of what is drawn."""
    sent: list[int] = []

    class Weighs(ThreadPoolExecutor):
        def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
            sent.append(len(pickle.dumps((fn, args, kwargs))))
            return super().submit(fn, *args, **kwargs)

    with Weighs(1) as pool:
        kj.sample(projected, 10, executor=pool)
    assert len(sent) == len(projected.blocks)
    assert max(sent) < 50_000


def test_threads_share_a_projection() -> None:
    """Each asks about another horizon, so that all solve it further while others use it: the values are those of one thread."""
    years, study = [*range(2026, 2034)], kj.datasets.yueyang()

    def ask(projected: kj.Projection, year: int) -> Any:
        return kj.quantiles(projected, "rd_spending", last_year=year).values

    alone = {year: ask(kj.project(study, nodes=64), year) for year in years}
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        for _ in range(4):
            shared = kj.project(study, nodes=64)
            with ThreadPoolExecutor(len(years)) as pool:
                for year, found in zip(years, pool.map(ask, [shared] * len(years), years), strict=True):
                    assert found == pytest.approx(alone[year], rel=1e-9)
    finally:
        sys.setswitchinterval(before)


def test_a_copy_of_a_projection_remembers_nothing() -> None:
    """Answers are remembered by posteriors, and those of a copy are others: no scenario is answered with another's chance."""
    projected = kj.project(kj.datasets.yueyang(), nodes=64)
    expected = kj.probability(projected, "rd_spending_2025")
    for copied in (pickle.loads(pickle.dumps(projected)), copy.deepcopy(projected)):
        assert not copied.memory
        assert kj.probability(copied, "rd_spending_2025") == expected


def test_threads_of_blas_are_given_back_by_the_last() -> None:
    """Two hold it to one thread, and the first that asked is the first to leave."""
    threadpoolctl = pytest.importorskip("threadpoolctl")
    with threadpoolctl.threadpool_limits(2, "blas"), contextlib.ExitStack() as outer:
        before = blas_threads(0)
        assert set(before) == {2}
        first, second = blas.one_blas_thread(), blas.one_blas_thread()
        first.__enter__()
        outer.enter_context(second)
        first.__exit__(None, None, None)
        assert set(blas_threads(0)) == {1}
        outer.close()
        assert blas_threads(0) == before
