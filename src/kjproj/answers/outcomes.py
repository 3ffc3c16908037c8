"""Everything that is asked of a study at once, on the same paths: chances, all together, when first, and quantiles."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from ..engine.execution import whole_or_kept
from ..errors import KjprojError, MissingExtraError, WorkerLostError
from ..estimate import Estimate, interrupted
from ..numbers import digits, per_cent
from ..progress import OnProgress, Progress
from ..projection import Projection
from ..recipe import Recipe
from ..shocks import Rng, Shocks
from ..tables import Shown, Table
from ..text import Language, Text
from .asked import Asked, asked_of
from .computed import Answers, Computing
from .counted import Counted, Drawn, Sample, Worlds, straight
from .levels import Quantiles, probabilities
from .sample import horizon, shocks_of

Floats = NDArray[np.float64]
Answer = TypeVar("Answer")
Method = Literal["auto", "simulate"]
_MOST = 10**12


@dataclass(frozen=True, eq=False, repr=False)
class Outcomes(Shown):
    """What was found about every target and indicator that has a basis.

    Attributes:
        chances: by target, how likely it is.
        together: how likely it is that all of these targets are met.
        reached: by target that can be first met, by year the chance that its bound is met in that year or before, checked
            at year ends from the first open year on.
        quantiles: by indicator, quantiles by year.
        recipe: what reproduces them.
        of: the targets in words.
    """

    chances: Mapping[str, Estimate]
    together: Estimate
    reached: Mapping[str, Mapping[int, Estimate]]
    quantiles: Mapping[str, Quantiles]
    recipe: Recipe
    of: Mapping[str, Text]

    def __repr__(self) -> str:
        paths = f", {self.recipe.paths:,} paths" if self.recipe.paths else ""
        return f"Outcomes({len(self.chances)} targets, {len(self.quantiles)} indicators{paths})"

    def tables(self, lang: Language) -> tuple[Table, ...]:
        """Return the chances with when they are first met, then medians with ranges by indicator and year."""
        return (self._targets(lang), *self._places(lang))

    def _targets(self, lang: Language) -> Table:
        years = sorted({year for by_year in self.reached.values() for year in by_year})
        rows = [
            (said(lang), per_cent(self.chances[name].value, lang), *(self._cell(name, year, lang) for year in years))
            for name, said in self.of.items()
        ]
        together = {"zh": "全部同时达到", "en": "all of them"}[lang]
        rows.append((together, per_cent(self.together.value, lang), *("" for _ in years)))
        head = {"zh": ("目标", "可能性", *(f"{y}年底前" for y in years)), "en": ("target", "chance", *(f"by {y}" for y in years))}
        return Table(head[lang], tuple(rows))

    def _cell(self, name: str, year: int, lang: Language) -> str:
        found = self.reached.get(name, {}).get(year)
        return "" if found is None else per_cent(found.value, lang)

    def _places(self, lang: Language) -> tuple[Table, ...]:
        if not self.quantiles:
            return ()
        first = next(iter(self.quantiles.values()))
        rows = []
        for found in self.quantiles.values():
            name = "" if found.of is None else found.of(lang)
            cells = [" / ".join(map(digits, row)) for row in found.values.tolist()]
            rows.append((f"{name}（{found.unit}）" if lang == "zh" else f"{name} ({found.unit})", *cells))
        shares = " / ".join(f"{100 * level:g}" for level in first.q)
        note = f"单元格为{shares}%分位数" if lang == "zh" else f"cells are the {shares} % quantiles"
        return (Table(({"zh": "指标", "en": "indicator"}[lang], *map(str, first.years.tolist())), tuple(rows), notes=(note,)),)


def outcomes(
    projection: Projection,
    *,
    method: Method = "auto",
    n_paths: int = 2**20,
    q: Sequence[float] = (0.05, 0.25, 0.5, 0.75, 0.95),
    rng: Rng | None = None,
    executor: Executor | None = None,
    compiled: bool = False,
    on_progress: OnProgress | None = None,
) -> Outcomes:
    """Return every target's chance, all together, when each is first met, and quantiles: computed, or counted on paths.

    Computed they are what `probability`, `when` and `quantiles` answer, in one go: all together to 3e-5, first years to 2e-5.
    Simulated, all is counted on the same paths. Paths are drawn, asked and counted block by block, and only whole numbers are
    kept: memory does not grow with their number, and with the same `rng` every executor gives the same bits. Errors come from
    64 parts of the sample, and are at least one path's share; quantiles come from 1,024 bins each. They are of every year
    from the first open one to that of the last target. What has no basis is left out, and so are targets without a base year.
    Ctrl-C returns what is counted so far, if anything is.

    Args:
        projection: from `kjproj.project`.
        method: "simulate" counts on paths, which the other arguments describe.
        n_paths: how many.
        q: which quantiles; none of them saves a fifth of the time.
        rng: an int, `SeedSequence`, `Generator` or `Shocks`; that of the projection unless given. But for `Shocks`, half of
            the paths are the mirror images of the others (`kjproj.shocks.Antithetic`) where all volatilities are known: that
            takes half the time. The recipe says what was drawn.
        executor: any `concurrent.futures.Executor`, such as a `ThreadPoolExecutor`; without one, this thread.
        compiled: the same numbers by one compiled loop where all volatilities are known, in less than half the time (extra `fast`).
        on_progress: told (done, total, chance of all together so far) in paths, as by `kj.sample`.

    Raises:
        KjprojError: where no target and no indicator has a basis.
        MissingExtraError: for `compiled` without numba.
        WorkerLostError: where a worker of the executor is lost: its `partial` has what is counted so far.

    >>> import kjproj as kj
    >>> found = kj.outcomes(kj.project(kj.datasets.yueyang()), method="simulate", n_paths=65_536)
    >>> print(f"{found.chances['rd_spending_2025'].value:.2f}, {found.quantiles['rd_spending'].at(2025)[2]:.0f} 亿元")
    0.51, 151 亿元
    """
    if method not in ("auto", "simulate"):
        raise KjprojError(f"method is {method!r}; expected 'auto' or 'simulate'")
    sample = _sample(projection, n_paths, q, rng, executor, compiled)
    if method == "simulate":
        return _counted([projection], sample, on_progress, lambda found: found[0])
    asked = _asked(projection)
    found = Computing(projection, asked, sample.q).answers()
    return _shown(projection, asked, found, sample.q, projection.recipe)


def outcomes_by_scenario(
    projection: Projection,
    scenarios: Iterable[str] | None = None,
    *,
    n_paths: int = 2**20,
    q: Sequence[float] = (0.05, 0.25, 0.5, 0.75, 0.95),
    rng: Rng | None = None,
    executor: Executor | None = None,
    compiled: bool = False,
    on_progress: OnProgress | None = None,
) -> dict[str, Outcomes]:
    """Return `outcomes` under several scenarios of a study (all unless named, of one that states none its trend), on common random numbers.

    The scenarios go through each block of paths together, so that differences between them have small errors and further
    ones cost little: those that differ in means alone (a drift's) share all draws, products and bins.

    >>> import kjproj as kj
    >>> found = kj.outcomes_by_scenario(kj.project(kj.datasets.yueyang()), ["trend", "slow_economy"], n_paths=65_536)
    >>> found["trend"].chances["rd_spending_2025"].value > found["slow_economy"].chances["rd_spending_2025"].value
    True
    """
    stated = [s.name for s in projection.study.scenarios] or [projection.scenario.name]
    names = stated if scenarios is None else [scenarios] if isinstance(scenarios, str) else list(scenarios)
    if not names:
        raise KjprojError("no scenario given; name at least one, or leave `scenarios` out for all of the study's")
    projections = [projection.varied(scenario=name) for name in names]
    sample = _sample(projection, n_paths, q, rng, executor, compiled)
    return _counted(projections, sample, on_progress, lambda found: dict(zip(names, found, strict=True)))


def _sample(
    projection: Projection, n_paths: int, q: Sequence[float], rng: Rng | None, executor: Executor | None, compiled: bool
) -> Sample:
    if not isinstance(n_paths, int | np.integer) or isinstance(n_paths, bool) or not 1 <= n_paths <= _MOST:
        raise KjprojError(f"n_paths is {n_paths!r}; expected a whole number from 1 to {_MOST:,}")
    if compiled and find_spec("numba") is None:
        raise MissingExtraError("numba", "fast")
    wanted = np.empty(0) if np.size(q) == 0 else probabilities(q)
    return Sample(int(n_paths), shocks_of(projection, rng), not isinstance(rng, Shocks), executor, wanted, compiled)


def _asked(projection: Projection) -> Asked:
    first, last = horizon(projection, None, None)
    asked = asked_of(projection, range(first, last + 1))
    if not asked.places and not asked.targets:
        raise KjprojError("no indicator of the study has a basis; give one a level, and a reference_class or a motion")
    return asked


def _counted(
    projections: Sequence[Projection],
    sample: Sample,
    on_progress: OnProgress | None,
    shaped: Callable[[list[Outcomes]], Answer],
) -> Answer:
    """Count under each projection, and return all outcomes in the shape asked for."""
    asked = _asked(projections[0])
    counting: Worlds | Drawn = (Worlds if straight(projections[0], asked) else Drawn)(projections, asked, sample)
    work, stopped = Progress(on_progress, sample.n_paths), None
    try:
        for _ in counting.run():
            done = counting.so_far.paths
            work(done, lambda: _estimate(counting.counted()[0], len(asked.targets), done, sample.n_paths))  # noqa: B023 - told now
    except (KeyboardInterrupt, WorkerLostError) as error:
        stopped = error
    sample, done = counting.sample, counting.so_far.paths
    found = [_outcomes(p, asked, c, sample, done) for p, c in zip(projections, counting.counted(), strict=True)] if done else None
    return whole_or_kept(stopped, None if found is None else shaped(found), done, sample.n_paths)


def _estimate(counted: Counted, question: int, done: int, total: int) -> Estimate:
    parts = counted.errors[question].tolist()
    method = "simulated" if done == total else interrupted(done, total)
    return Estimate(float(counted.shares[question]), max(math.hypot(*parts), 1.0 / done), method, (0.0, *parts))


def _outcomes(projection: Projection, asked: Asked, counted: Counted, sample: Sample, done: int) -> Outcomes:
    found = [_estimate(counted, k, done, sample.n_paths) for k in range(asked.questions.size)]
    reached, start = {}, len(asked.targets) + 1
    for name, years in asked.checked.items():
        reached[name] = dict(zip(years, found[start : start + len(years)], strict=True))
        start += len(years)
    chances = dict(zip(asked.targets, found, strict=False))
    answers = Answers(chances, found[len(asked.targets)], reached, counted.quantiles)
    recipe = replace(projection.recipe, shocks=repr(sample.shocks), paths=done, asked=sample.n_paths)
    return _shown(projection, asked, answers, sample.q, recipe)


def _shown(projection: Projection, asked: Asked, found: Answers, q: Floats, recipe: Recipe) -> Outcomes:
    quantiles = _quantiles(projection, asked, found.quantiles, q) if len(q) else {}
    return Outcomes(found.chances, found.together, found.reached, quantiles, recipe, asked.of)


def _quantiles(projection: Projection, asked: Asked, places: Floats, q: Floats) -> dict[str, Quantiles]:
    study, found = projection.study, {}
    for name, (rows, years, unit, of) in asked.indicators.items():
        x = places[rows] if study.counts_events(name) else np.asarray(study.scale(name).to_level(places[rows]))
        found[name] = Quantiles(years.copy(), q, x, unit, of)
    return found
