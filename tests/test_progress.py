"""Long work: who is told how far it is, and what an interruption leaves."""

from __future__ import annotations

import contextlib
import math
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from studies import document, inv_chi2, level, normal, target, walk

import kjproj as kj
from kjproj import progress
from kjproj.answers import sample as sampling
from kjproj.cli import main
from kjproj.cli.bar import Bar
from kjproj.shocks import Antithetic, PseudoRandom, Sobol

CHUNK, WHOLE_CHUNK = 4096, 65_536
N = 3 * CHUNK + 1000
Call = tuple[int, int, Any]


def study() -> kj.Study:
    """A walk with known drift and volatility, one with a belief about it, their product, and counts of events."""
    return kj.Study.from_dict(
        document(
            indicators=[
                {"name": "x", "unit": "亿元", "motion": walk(0.07, 0.05)},
                {"name": "y", "unit": "%", "motion": walk(normal(0.02, 0.01), inv_chi2(6, 0.03))},
                {"name": "xy", "unit": "亿元"},
                {"name": "parks", "unit": "个", "measure": "events"},
                {"name": "a", "unit": "亿元", "motion": walk(0.05, 0.1)},
                {"name": "both", "unit": "亿元"},
            ],
            identities=[
                {"kind": "product", "result": "xy", "factors": ["x", "y"]},
                {"kind": "sum", "result": "both", "parts": ["x", "a"]},
            ],
            evidence=[
                level("x", 2022, "100", error="0"), level("y", 2022, "2.23", error="0"),
                level("a", 2022, "50", error="0"), level("parks", 2022, "3"),
            ],
            targets=[
                target("x_2025", "x", 2025, at_least="125"), target("y_2025", "y", 2025, at_least="2.4"),
                target("parks_2025", "parks", 2025, at_least="4"), target("both_2025", "both", 2025, at_least="190"),
            ],
        )
    )  # fmt: skip


@pytest.fixture(scope="module")
def projection() -> kj.Projection:
    return kj.project(study())


@pytest.fixture(autouse=True)
def _small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks are small, and tests hear of each; how rarely one is told otherwise has a test of its own."""
    monkeypatch.setattr(progress, "EVERY", 0.0)
    monkeypatch.setattr(sampling, "CHUNK", CHUNK)


@pytest.fixture(autouse=True)
def _heeds_ctrl_c() -> Iterator[None]:
    """A test run in the background may have been told to ignore it, and so would its children."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def record(calls: list[Call]) -> Callable[[int, int, Any], None]:
    return lambda done, total, estimate: calls.append((done, total, estimate))


def rises(calls: list[Call], total: int) -> None:
    """In order, of one total, and complete at the last."""
    done = [call[0] for call in calls]
    assert done == sorted(set(done))
    assert {call[1] for call in calls} == {total}
    assert done[-1] == total


def stop_after(done_at_least: int, how: Callable[[], Any]) -> Callable[[int, int, Any], None]:
    def told(done: int, total: int, estimate: Any) -> None:
        if done >= done_at_least:
            how()

    return told


def throw() -> None:
    raise KeyboardInterrupt


def press() -> None:
    """Ctrl-C, as the terminal sends it."""
    signal.raise_signal(signal.SIGINT)


PRESSES = [throw, press]
QUESTIONS: list[dict[str, Any]] = [
    {"target": "x_2025"},
    {"all_of": ["x_2025", "y_2025"]},
    {"any_of": ["x_2025", "parks_2025"]},
    {"target": "both_2025", "given": ["y_2025", "parks_2025"]},
]


# who is told, and when


def test_sampling_tells_of_every_chunk_up_to_the_last(projection: kj.Projection) -> None:
    """Done is whole chunks of paths, then all; there is no estimate, and one thread hears it."""
    calls: list[Call] = []
    threads: set[int] = set()
    with ThreadPoolExecutor(2) as executor:
        kj.sample(projection, N, executor=executor, on_progress=lambda *call: (calls.append(call), threads.add(threading.get_ident())))
    assert [call[0] for call in calls] == [CHUNK, 2 * CHUNK, 3 * CHUNK, N]
    assert {call[1:] for call in calls} == {(N, None)}
    assert threads == {threading.get_ident()}


@pytest.mark.parametrize("question", QUESTIONS, ids=str)
def test_the_estimate_so_far_is_that_of_so_many_paths(projection: kj.Projection, question: dict[str, Any]) -> None:
    """What is told after k chunks is what k chunks of paths say by themselves, to the bit."""
    calls: list[Call] = []
    whole = kj.probability(projection, **question, method="simulate", n_paths=N, on_progress=record(calls))
    rises(calls, N)
    for done, _, estimate in calls:
        assert estimate == kj.probability(projection, **question, method="simulate", n_paths=done)
    assert calls[-1][2] == whole


def test_without_a_path_inside_the_condition_there_is_no_estimate_yet(projection: kj.Projection) -> None:
    """One chance in a million: the first chunks may not hold it; then None is told."""
    rare = kj.Target(name="rare", indicator="x", year=2023, at_least="136")  # 4.75 standard deviations
    calls: list[Call] = []
    with contextlib.suppress(kj.NotAnswerableError):
        kj.probability(projection, "x_2025", given=rare, method="simulate", n_paths=2 * CHUNK, on_progress=record(calls))
    rises(calls, 2 * CHUNK)
    assert calls[0][2] is None


def test_one_is_told_at_most_every_tenth_of_a_second_and_of_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps of 0.03 seconds: the first, then every fourth, then the last, however soon it comes."""
    clock = [100.0]
    monkeypatch.setattr(progress, "EVERY", 0.1)
    monkeypatch.setattr(progress, "monotonic", lambda: clock[0])
    calls: list[Call] = []
    work = progress.Progress(record(calls), 10)
    for done in range(1, 11):
        work(done)
        clock[0] += 0.03
    assert [call[0] for call in calls] == [1, 5, 9, 10]


def test_nothing_is_told_twice() -> None:
    """Done always rises, whatever the work reports; the end is told once."""
    calls: list[Call] = []
    work = progress.Progress(record(calls), 2)
    for done in (0, 1, 1, 0, 2, 2):
        work(done)
    assert [call[0] for call in calls] == [1, 2]


def test_the_estimate_is_only_computed_when_it_is_told() -> None:
    """Nobody listens, nothing is computed."""
    work = progress.Progress(None, 2)
    work(1, lambda: pytest.fail("computed for nobody"))
    work(2, lambda: pytest.fail("computed for nobody"))


@pytest.mark.parametrize("wrong", ["yes", 3, [print]])
def test_what_cannot_be_called_is_refused(projection: kj.Projection, wrong: Any) -> None:
    """The message says what is expected."""
    with pytest.raises(kj.KjprojError, match=r"expected a function of \(done, total, estimate\)"):
        kj.sample(projection, 10, on_progress=wrong)


def test_years_are_told_with_the_chance_by_then(projection: kj.Projection) -> None:
    """kj.when tells of each year that is done, and its chance is the one in the answer."""
    calls: list[Call] = []
    found = kj.when(projection, "x_2025", until=2030, on_progress=record(calls))
    rises(calls, 8)
    assert [call[2] for call in calls] == [found.reached[year] for year in found.years]


def panel() -> dict[str, Any]:
    growth = np.random.default_rng(0).normal(0.08, 0.05, (12, 12))
    series, year = np.repeat(np.arange(12), 12), np.tile(np.arange(2005, 2017), 12)
    return {"series": series, "year": year, "value": np.exp(growth.cumsum(axis=1)).ravel()}


def test_a_fit_and_a_backtest_rise_to_their_total(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fit counts a hundred; a backtest one for each cell and a hundred for each fit; the answer stays the same."""
    monkeypatch.setattr("kjproj.calibration.fit.LENGTHS", (2,))
    monkeypatch.setattr("kjproj.calibration.fit.HORIZONS", (1,))
    fit: list[Call] = []
    fitted = kj.calibration.fit_class(panel(), on_progress=record(fit))
    rises(fit, 100)
    assert len(fit) > 3
    assert fitted == kj.calibration.fit_class(panel())
    scored: list[Call] = []
    kj.backtest(panel(), fitted, lengths=(1, 3), horizons=(1, 3), on_progress=record(scored))
    assert [call[0] for call in scored] == [1, 2, 3, 4]
    both: list[Call] = []
    kj.backtest(panel(), split="years", lengths=(2,), horizons=(1,), on_progress=record(both))
    rises(both, 101)


def test_a_summary_tells_of_its_targets(projection: kj.Projection) -> None:
    """One a target, and one for the joint chances."""
    calls: list[Call] = []
    kj.summary(projection, on_progress=record(calls))
    rises(calls, len(projection.study.targets) + 1)


# bits


class Backwards(Executor):
    """Runs tasks only when it must, and the last one first."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Future[Any], Callable[[], Any]]] = []
        self.futures: list[Future[Any]] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        pool = self

        class Late(Future[Any]):
            def result(self, timeout: float | None = None) -> Any:
                while not self.done():
                    pool.run_one()
                return super().result(timeout)

        future = Late()
        self.waiting.append((future, lambda: fn(*args, **kwargs)))
        self.futures.append(future)
        return future

    def run_one(self) -> None:
        future, task = self.waiting.pop()
        if future.set_running_or_notify_cancel():
            future.set_result(task())


EXECUTORS: dict[str, Callable[[], Any]] = {
    "this thread": lambda: contextlib.nullcontext(None),
    "threads": lambda: ThreadPoolExecutor(3),
    "backwards": lambda: contextlib.nullcontext(Backwards()),
}


@pytest.mark.parametrize("name", EXECUTORS)
def test_bits_are_the_same_with_and_without_being_told(projection: kj.Projection, name: str) -> None:
    """Neither who listens nor who draws changes a bit, and progress stays in order."""
    plain = kj.sample(projection, N)
    calls: list[Call] = []
    with EXECUTORS[name]() as executor:
        told = kj.sample(projection, N, executor=executor, on_progress=record(calls))
        chance = kj.probability(projection, all_of=["x_2025", "y_2025"], method="simulate", n_paths=N, executor=executor)
    rises(calls, N)
    assert all(np.array_equal(plain.values[name], told.values[name]) for name in plain.values)
    assert plain.recipe == told.recipe
    assert chance == kj.probability(projection, all_of=["x_2025", "y_2025"], method="simulate", n_paths=N)


def test_processes_give_the_same_bits_and_stop_alike(projection: kj.Projection) -> None:
    """A pool of processes: same bits; interrupted, it keeps the finished prefix."""
    ask: dict[str, Any] = {"all_of": ["x_2025", "parks_2025"], "method": "simulate"}
    calls: list[Call] = []
    with ProcessPoolExecutor(1) as executor:
        whole = kj.probability(projection, **ask, n_paths=N, executor=executor, on_progress=record(calls))
        part = kj.probability(projection, **ask, n_paths=N, executor=executor, on_progress=stop_after(CHUNK, throw))
    rises(calls, N)
    assert whole == kj.probability(projection, **ask, n_paths=N)
    assert part.value == kj.probability(projection, **ask, n_paths=CHUNK).value


@pytest.mark.parametrize("shocks", [Sobol(2), Antithetic(PseudoRandom(2))], ids=repr)
def test_other_shocks_are_drawn_as_before(projection: kj.Projection, shocks: Any) -> None:
    """Events are one stream of all paths for every kind of shocks: a chunk of them is a slice of it."""
    paths = kj.sample(projection, N, rng=shocks)
    posterior, years = projection.events["parks"], [2023, 2024, 2025]
    assert np.array_equal(paths.values["parks"], posterior.drawing(years, N, shocks)(slice(None)))


# Ctrl-C


@pytest.mark.parametrize("how", PRESSES)
@pytest.mark.parametrize("name", EXECUTORS)
@pytest.mark.parametrize("question", QUESTIONS, ids=str)
def test_an_interrupted_chance_is_that_of_its_prefix(
    projection: kj.Projection, question: dict[str, Any], name: str, how: Callable[[], Any]
) -> None:
    """Ctrl-C after two chunks: the value and the error of two chunks of paths, and a method that says so."""
    ask = {**question, "method": "simulate"}
    with EXECUTORS[name]() as executor:
        found = kj.probability(projection, **ask, n_paths=N, executor=executor, on_progress=stop_after(2 * CHUNK, how))
    prefix = kj.probability(projection, **ask, n_paths=2 * CHUNK)
    assert (found.value, found.stderr) == (prefix.value, prefix.stderr)
    assert found.method == "simulated, interrupted at 8,192 of 13,288 paths"
    assert prefix.method == "simulated"


def test_the_error_of_what_is_left_is_honest(projection: kj.Projection) -> None:
    """Over 40 seeds the error stated after one of four chunks is what the closed form says that it is: 1 on average.

    The closed form: 1 − Φ((ln 1.25 − 3·0.07)/(0.05·√3)).
    """
    truth = NormalDist().cdf(-(math.log(1.25) - 0.21) / (0.05 * math.sqrt(3)))
    missed = []
    for seed in range(40):
        found = kj.probability(
            projection, "x_2025", method="simulate", n_paths=N, rng=seed, on_progress=stop_after(CHUNK, throw)
        )
        missed.append((found.value - truth) / found.stderr)
    assert 0.6 < math.sqrt(np.mean(np.square(missed))) < 1.5
    whole = kj.probability(projection, "x_2025", method="simulate", n_paths=64 * CHUNK)
    part = kj.probability(projection, "x_2025", method="simulate", n_paths=64 * CHUNK, on_progress=stop_after(CHUNK, throw))
    assert 5.0 < part.stderr / whole.stderr < 12.0, "a 64th of the paths has eight times the error"


@pytest.mark.parametrize("how", PRESSES)
@pytest.mark.parametrize("name", EXECUTORS)
def test_interrupted_paths_are_the_first_of_those_asked_for(projection: kj.Projection, name: str, how: Callable[[], Any]) -> None:
    """The finished chunks to the bit, weights that add up to 1, and a recipe that says how many of how many."""
    with EXECUTORS[name]() as executor:
        found = kj.sample(projection, N, rng=5, executor=executor, on_progress=stop_after(2 * CHUNK, how))
    whole = kj.sample(projection, N, rng=5)
    assert len(found) == 2 * CHUNK
    assert all(np.array_equal(found.values[name], whole.values[name][: 2 * CHUNK]) for name in whole.values)
    assert found.weights.sum() == pytest.approx(1.0)
    assert (found.recipe.paths, found.recipe.asked) == (2 * CHUNK, N)
    assert found.recipe.shocks == "PseudoRandom(seed=5)"
    assert (whole.recipe.paths, whole.recipe.asked) == (N, N)
    assert "interrupted at 8,192 of 13,288 paths" in repr(found)
    assert "13,288 paths" in repr(whole)
    assert "interrupted" not in repr(whole)


def test_the_recipe_of_a_projection_speaks_of_no_paths(projection: kj.Projection) -> None:
    """Only sample paths have shocks and a number; other recipes leave these out."""
    assert not {"shocks", "paths", "asked"} & projection.recipe.to_dict().keys()
    assert kj.sample(projection, 10).recipe.to_dict()["paths"] == 10


def test_with_nothing_finished_the_interruption_is_raised(projection: kj.Projection, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C in the first chunk."""
    monkeypatch.setattr(sampling, "draw_chunk", lambda *_: throw())
    with pytest.raises(KeyboardInterrupt):
        kj.sample(projection, N)
    with pytest.raises(KeyboardInterrupt):
        kj.probability(projection, "x_2025", method="simulate", n_paths=N)


def test_without_a_path_inside_the_condition_the_interruption_is_raised(projection: kj.Projection) -> None:
    """There is no share to give."""
    rare = kj.Target(name="rare", indicator="x", year=2023, at_least="160")
    with pytest.raises(KeyboardInterrupt):
        kj.probability(projection, "x_2025", given=rare, method="simulate", n_paths=N, on_progress=stop_after(CHUNK, throw))


def test_an_interruption_after_the_last_path_takes_nothing_away(projection: kj.Projection) -> None:
    """All is finished: the answer is whole, and says nothing else."""
    found = kj.probability(projection, "x_2025", method="simulate", n_paths=N, on_progress=stop_after(N, throw))
    assert found == kj.probability(projection, "x_2025", method="simulate", n_paths=N)
    assert len(kj.sample(projection, N, on_progress=stop_after(N, throw))) == N


def test_an_interrupted_answer_is_not_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is answered from paths on the way (a total of amounts that grow) is whole or raised, and asked anew."""
    fresh, other = kj.project(study()), kj.project(study())
    real, count = sampling.draw_chunk, iter(range(100))
    monkeypatch.setattr(sampling, "draw_chunk", lambda *task: real(*task) if next(count) < 1 else throw())
    with pytest.raises(KeyboardInterrupt):
        kj.probability(fresh, "both_2025")
    monkeypatch.setattr(sampling, "draw_chunk", real)
    assert kj.probability(fresh, "both_2025") == kj.probability(other, "both_2025")


@pytest.mark.parametrize("error", [ZeroDivisionError, KeyboardInterrupt])
def test_what_has_not_begun_is_cancelled(projection: kj.Projection, error: type[BaseException]) -> None:
    """An exception in the listener comes out as it is, an interruption ends alike: no task runs any more."""

    def told(done: int, total: int, estimate: Any) -> None:
        raise error

    for ask in (
        lambda pool: kj.sample(projection, N, executor=pool, on_progress=told),
        lambda pool: kj.probability(projection, "x_2025", method="simulate", n_paths=N, executor=pool, on_progress=told),
    ):
        pool = InOrder()
        with pytest.raises(ZeroDivisionError) if error is ZeroDivisionError else contextlib.nullcontext():
            ask(pool)
        finished = [future for future in pool.futures if future.done() and not future.cancelled()]
        assert len(finished) == len(pool.futures) // 4, "one of four chunks"
        assert all(future.cancelled() for future in pool.futures if future not in finished)


class InOrder(Backwards):
    """Runs tasks only when it must, the first one first."""

    def run_one(self) -> None:
        self.waiting.reverse()
        super().run_one()
        self.waiting.reverse()


# the command


def test_the_command_writes_the_paths_that_the_library_draws(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One row a path, columns INDICATOR.YEAR, the same numbers to nine digits; chosen indicators are the same paths."""
    saved, file = tmp_path / "study.json", tmp_path / "paths.csv"
    study().to_file(saved)
    assert main(["sample", str(saved), "-n", "9000", "-o", str(file), "--rng", "3", "--lang", "en"]) == 0
    assert capsys.readouterr() == (f"9,000 paths are written to {file}.\n", "")
    read = np.genfromtxt(file, delimiter=",", names=True, deletechars="")
    paths = kj.sample(kj.project(study(), rng=3), 9_000)
    assert read.dtype.names == tuple(f"{name}.{year}" for name in paths.values for year in paths.years)
    for name, levels in paths.values.items():
        for k, year in enumerate(paths.years):
            np.testing.assert_allclose(read[f"{name}.{year}"], levels[:, k], rtol=6e-9)
    one = tmp_path / "one.csv"
    assert main(["sample", str(saved), "-n", "9000", "-o", str(one), "--rng", "3", "--indicator", "xy"]) == 0
    chosen = np.genfromtxt(one, delimiter=",", names=True, deletechars="")
    assert chosen.dtype.names == ("xy.2023", "xy.2024", "xy.2025")
    np.testing.assert_allclose(chosen["xy.2025"], read["xy.2025"], rtol=6e-9)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.csv", "paths.csv", "study.json"]


def test_half_a_chunk_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Ctrl-C while the third chunk is being written: the file ends with the second."""
    from kjproj.cli import sample as command

    real, count = command._put, iter(range(10))

    def halved(file: Any, content: bytes) -> int:
        if next(count) < 3:  # the titles, and two chunks
            return real(file, content)
        file.write(content[: len(content) // 2])
        file.flush()
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "_put", halved)
    saved, path = tmp_path / "study.json", tmp_path / "p.csv"
    study().to_file(saved)
    assert main(["sample", str(saved), "-n", str(N), "-o", str(path), "--lang", "zh"]) == 0
    assert capsys.readouterr().out == f"已中断：13,288条路径中完成的8,192条已写入{path}。\n"
    text = path.read_text()
    assert text.endswith("\n")
    assert len(text.splitlines()) == 1 + 2 * CHUNK


def test_chinese_names_are_marked_for_spreadsheets(tmp_path: Path) -> None:
    """A byte order mark where a title is not ASCII, none else."""
    named = kj.Study.from_levels({"研发经费": {2020: "97", 2021: "110"}}, unit="亿元", reference_class="rd_spending")
    named.to_file(tmp_path / "s.json")
    assert main(["sample", str(tmp_path / "s.json"), "-n", "5", "-o", str(tmp_path / "p.csv")]) == 0
    assert (tmp_path / "p.csv").read_bytes().startswith("\ufeff研发经费.2022,".encode())


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["-o", "p.txt"], "unknown ending; expected .csv"),
        (["-o", "missing/p.csv"], "cannot be written"),
        (["-o", "p.csv", "--indicator", "z"], "unknown indicator 'z'"),
        (["-o", "p.csv", "-n", "0"], "expected a whole number from 1"),
    ],
    ids=str,
)
def test_wrong_ways_to_sample_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], more: list[str], said: str
) -> None:
    """Exit code 1, advice, and no file left."""
    monkeypatch.chdir(tmp_path)
    study().to_file("s.json")
    assert main(["sample", "s.json", *more]) == 1
    assert said in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["s.json"]


@contextlib.contextmanager
def started(folder: Path, *arguments: str, stderr: int = subprocess.PIPE) -> Iterator[subprocess.Popen[bytes]]:
    """The command in a process of its own."""
    env = {**os.environ, "LC_ALL": "C.UTF-8", "COLUMNS": "90"}
    command = [sys.executable, "-m", "kjproj", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr, env=env, cwd=folder) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_for(holds: Callable[[], bool], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.005)


posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and terminals of POSIX")


@posix
def test_ctrl_c_keeps_the_paths_that_are_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A real SIGINT: exit code 0, a line that says so, and a file of whole chunks, the first of those asked for."""
    study().to_file(tmp_path / "s.json")
    with started(tmp_path, "sample", "s.json", "-n", "20000000", "-o", "p.csv", "--indicator", "x") as process:
        wait_for(lambda: any(path.stat().st_size > 30 * WHOLE_CHUNK for path in tmp_path.glob(".p.csv.*")))  # a chunk at least
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    lines = (tmp_path / "p.csv").read_bytes().splitlines()
    done = len(lines) - 1
    assert (process.returncode, err) == (0, b"")
    assert out.decode() == f"Interrupted: of 20,000,000 paths the {done:,} that were finished are written to p.csv.\n"
    assert done % WHOLE_CHUNK == 0
    assert 0 < done < 20_000_000
    monkeypatch.setattr(sampling, "CHUNK", WHOLE_CHUNK)
    last = kj.sample(kj.project(study()), WHOLE_CHUNK).values["x"][-1]
    assert np.array(lines[WHOLE_CHUNK].split(b","), float) == pytest.approx(last, rel=6e-9)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["p.csv", "s.json"]


@posix
def test_ctrl_c_before_anything_is_finished_ends_with_130(tmp_path: Path) -> None:
    """Exit code 130, a line on the error stream, and nothing left behind."""
    (tmp_path / "p.csv").write_text("mine")
    with started(tmp_path, "sample", "-n", "1000000", "-o", "p.csv", "--lang", "zh") as process:
        wait_for(lambda: any(tmp_path.glob(".p.csv.*")))
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (out, err.decode()) == (b"", "kjproj：已中断，尚无结果。\n")
    assert process.returncode in (130, -signal.SIGINT), "Python ends itself by a signal that came while text was compiled; a shell says 130"
    assert [path.name for path in tmp_path.iterdir()] == ["p.csv"]
    assert (tmp_path / "p.csv").read_text() == "mine"


@posix
def test_a_terminal_shows_a_bar_and_gets_it_erased(tmp_path: Path) -> None:
    """On a pseudo-terminal: per cent that rise, each drawn over the last, and an empty line at the end."""
    pty = pytest.importorskip("pty")
    study().to_file(tmp_path / "s.json")
    reader, writer = pty.openpty()
    with started(tmp_path, "sample", "s.json", "-n", "600000", "-o", "p.csv", "--indicator", "x", stderr=writer) as process:
        os.close(writer)
        shown = b"".join(iter(lambda: _read(reader), b""))
        out, _ = process.communicate(timeout=60)
    os.close(reader)
    assert out == b"600,000 paths are written to p.csv.\n"
    drawn = shown.decode().split("\r")
    shares = [int(text.partition("] ")[2].partition(" %")[0]) for text in drawn if "% done" in text]
    assert shares == sorted(shares)
    assert len(shares) >= 2
    assert "\n" not in shown.decode()
    assert drawn[-2].strip() == drawn[-1] == ""
    assert len(drawn[-2]) > len(drawn[-3].rstrip()), "blanks over all of it"


def _read(reader: int) -> bytes:
    try:
        return os.read(reader, 4096)
    except OSError:  # the other end is closed
        return b""


class Terminal:
    """An error stream that is a terminal."""

    def __init__(self) -> None:
        self.text = ""

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> None:
        self.text += text

    def flush(self) -> None:
        pass


def on_terminal(monkeypatch: pytest.MonkeyPatch, after: float, columns: int = 90) -> Terminal:
    """Put a terminal in place of the error stream, with a bar that waits so many seconds."""
    found = Terminal()
    monkeypatch.setattr(sys, "stderr", found)
    monkeypatch.setattr("kjproj.cli.bar.AFTER", after)
    monkeypatch.setenv("COLUMNS", str(columns))
    return found


def test_short_work_shows_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is written before its time has come."""
    terminal = on_terminal(monkeypatch, after=5.0)
    with Bar("en") as bar:
        bar(1, 2, None)
        bar(2, 2, None)
    assert terminal.text == ""


def test_the_bar_is_gone_when_work_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever comes next begins on a clean line."""
    terminal = on_terminal(monkeypatch, after=0.0)

    def work() -> None:
        with Bar("zh") as bar:
            bar(1, 4, None)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        work()
    _, first, blank, end = terminal.text.split("\r")
    assert first.startswith("[######..................] 已完成25%，约剩0秒")
    assert (blank.strip(), end) == ("", "")
    assert len(blank) >= 44, "a Chinese character is two columns wide"


def test_a_narrow_terminal_gets_the_per_cent_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that wraps could not be drawn over."""
    terminal = on_terminal(monkeypatch, after=0.0, columns=30)
    with Bar("en") as bar:
        bar(1, 4, None)
    assert terminal.text.split("\r")[1] == "25 %"
