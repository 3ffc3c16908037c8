"""Everything counted on the same paths: against single answers, on any number of workers, by compiled loops."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from studies import document, level, rd_block, target, walk

import kjproj as kj
from kjproj.answers.counted import straight
from kjproj.answers.outcomes import Outcomes, _asked
from kjproj.engine.kernel import BLOCK, Plan, tally_chunk
from kjproj.engine.steps import steps_of
from kjproj.engine.worlds import Source, World
from kjproj.errors import KjprojError, MissingExtraError
from kjproj.numerics.tally import Bins, Scratch
from kjproj.numerics.yes_or_no import Questions
from kjproj.shocks import Antithetic, PseudoRandom, Shocks, Sobol

N = 100_000
FAR = 5.4
"""Standard errors that a right answer exceeds with a chance of 7e-8."""


def walks(**more: Any) -> kj.Study:
    """Three indicators with known drift and volatility, correlated, of which one is to fall; one target at any year."""
    drifts, spreads = (0.05, 0.03, -0.02), (0.04, 0.08, 0.06)
    whole = document(
        indicators=[
            {"name": n, "unit": "亿元", "motion": walk(m, s)} for n, m, s in zip("abc", drifts, spreads, strict=True)
        ],
        evidence=[level(name, 2022, "100", error="0") for name in "abc"],
        correlations=[
            {"between": ["a", "b"], "value": 0.5, "reason": "stated"},
            {"between": ["b", "c"], "value": -0.4, "reason": "stated"},
        ],
        targets=[
            target("a_2025", "a", 2025, at_least="115"),
            target("b_2025", "b", 2025, at_least="108"),
            target("c_2025", "c", 2025, at_most="95"),
            target("b_soon", "b", 2024, at_least="110", when="by"),
            target("c_between", "c", 2024, between=["90", "105"]),
        ],
    )
    return kj.Study.from_dict({**whole, **more})


def same(a: Outcomes, b: Outcomes) -> bool:
    return (
        a.chances == b.chances
        and a.together == b.together
        and a.reached == b.reached
        and all(np.array_equal(a.quantiles[name].values, b.quantiles[name].values) for name in a.quantiles)
    )


@pytest.mark.parametrize("count", [N, N + 1, 1000, 7, 1])
@pytest.mark.parametrize("shocks", [PseudoRandom(5), Antithetic(PseudoRandom(5)), Antithetic(Sobol(5))], ids=repr)
def test_the_counts_are_those_of_the_sample_paths(shocks: Shocks, count: int) -> None:
    """Every share is a count over the very paths that `kj.sample` gives of the same shocks, mirror images or not."""
    projection = kj.project(walks())
    found, paths = kj.outcomes(projection, method="simulate", n_paths=count, rng=shocks), kj.sample(projection, count, rng=shocks).values
    met = [paths["a"][:, -1] >= 115, paths["b"][:, -1] >= 108, paths["c"][:, -1] <= 95, (paths["b"][:, :2] >= 110).any(axis=1)]
    met.append((paths["c"][:, 1] >= 90) & (paths["c"][:, 1] <= 105))
    assert [chance.value for chance in found.chances.values()] == [share.mean() for share in met]
    assert found.together.value == np.logical_and.reduce(met).mean()
    assert {year: chance.value for year, chance in found.reached["c_2025"].items()} == {
        2023 + k: (paths["c"][:, : k + 1] <= 95).any(axis=1).mean() for k in range(3)
    }


def test_a_number_is_a_seed_of_paths_with_their_mirror_images() -> None:
    projection = kj.project(walks())
    found = kj.outcomes(projection, method="simulate", n_paths=N, rng=5)
    assert same(found, kj.outcomes(projection, method="simulate", n_paths=N, rng=Antithetic(PseudoRandom(5))))
    assert found.recipe.shocks == "Antithetic(base=PseudoRandom(seed=5))"
    assert not same(found, kj.outcomes(projection, method="simulate", n_paths=N, rng=PseudoRandom(5)))


@pytest.mark.parametrize("study", [walks(), rd_block(correlation=-0.4), kj.datasets.yueyang()], ids=["walks", "mixture", "report"])
def test_counted_and_computed_agree(study: kj.Study) -> None:
    """Events, totals of amounts, mixtures and commitments too; of some 150 numbers none is off by 5.4 errors: 1e-5 in all."""
    projection = kj.project(study)
    found = kj.outcomes(projection, method="simulate", n_paths=N, rng=1)
    for name, chance in found.chances.items():
        computed = kj.probability(projection, name)
        assert abs(chance.value - computed.value) < FAR * np.hypot(chance.stderr, computed.stderr) + 2e-3 * (computed.method == "simulated")
    for name, by_year in found.reached.items():
        if study.measure(study.target(name).indicator) != "milestone":
            computed = kj.when(projection, name).by(max(by_year))
            last = by_year[max(by_year)]
            assert abs(last.value - computed.value) < FAR * np.hypot(last.stderr, computed.stderr) + 2e-3
    assert set(found.chances) == set(found.of)


@pytest.mark.parametrize("study", [walks(), rd_block(correlation=-0.4), kj.datasets.yueyang()], ids=["walks", "mixture", "report"])
def test_computed_at_once_is_computed_one_by_one(study: kj.Study) -> None:
    projection = kj.project(study)
    found = kj.outcomes(projection)
    for name, chance in found.chances.items():
        alone = kj.probability(kj.project(study), name)
        assert chance.value == pytest.approx(alone.value, abs=1e-9 + 3 * alone.stderr)
    for name, by_year in found.reached.items():
        alone_by_year = kj.when(projection, name, until=max(by_year)).reached
        for year, chance in by_year.items():
            assert chance.value == pytest.approx(alone_by_year[year].value, abs=2e-6 + 3 * alone_by_year[year].stderr)
    for name, by_year in found.quantiles.items():
        assert by_year.values == pytest.approx(kj.quantiles(projection, name, q=by_year.q.tolist()).values, rel=1e-9)
    together = kj.probability(projection, all_of=list(found.chances))
    assert abs(found.together.value - together.value) < FAR * np.hypot(found.together.stderr, together.stderr)
    assert found.recipe == projection.recipe


def test_quantiles_come_from_narrow_bins() -> None:
    """A quantile of n paths has the error √(q(1 − q)/n)/density; the bins may add a tenth of it."""
    projection = kj.project(walks())
    levels = (0.01, 0.05, 0.5, 0.95, 0.99)
    found = kj.outcomes(projection, method="simulate", n_paths=N, q=levels, rng=2)
    paths = kj.sample(projection, N, rng=Antithetic(PseudoRandom(2))).values
    for name, spread in zip("abc", (0.04, 0.08, 0.06), strict=True):
        exact = np.log(np.quantile(paths[name], levels, axis=0).T)
        assert np.abs(np.log(found.quantiles[name].values) - exact).max() < 0.15 * spread * np.sqrt(3 * 0.25 / N) / 0.03
        assert found.quantiles[name].years.tolist() == [2023, 2024, 2025]


def test_any_number_of_workers_gives_the_same_bits() -> None:
    projection = kj.project(walks())
    alone = kj.outcomes(projection, method="simulate", n_paths=3 * N, rng=3)
    with ThreadPoolExecutor(3) as threads:
        assert same(alone, kj.outcomes(projection, method="simulate", n_paths=3 * N, rng=3, executor=threads))
    with ProcessPoolExecutor(2) as processes:
        assert same(alone, kj.outcomes(projection, method="simulate", n_paths=3 * N, rng=3, executor=processes))
    assert not same(alone, kj.outcomes(projection, method="simulate", n_paths=3 * N, rng=4))


def common_factor() -> kj.Study:
    """Thirty indicators with one correlation, independent of a and b, whose ratio has a target, with a path that may not be missed."""
    names = [f"x{k:02d}" for k in range(30)]
    motions = {name: walk(0.03, 0.02 + 0.002 * k) for k, name in enumerate(names)} | {"a": walk(0.05, 0.04), "b": walk(0.03, 0.08)}
    return kj.Study.from_dict(
        document(
            indicators=[{"name": n, "unit": "亿元", "motion": m} for n, m in motions.items()] + [{"name": "share", "unit": "%"}],
            identities=[{"kind": "ratio", "result": "share", "numerator": "a", "denominator": "b"}],
            evidence=[level(name, 2022, "100", error="0") for name in motions],
            correlations=[
                {"between": [a, b], "value": 0.3, "reason": "stated"} for k, a in enumerate(names) for b in names[:k]
            ],
            targets=[
                target("share_2025", "share", 2025, at_least="104"),
                target("x_2024", "x05", 2024, at_least="105", when="by"),
                target("x_2025", "x07", 2025, between=["95", "115"]),
                target("x_held", "x09", 2024, at_least="101", when="sustained", until=2025),
            ],
        )
    )


@pytest.mark.parametrize("study", [walks(), common_factor()], ids=["walks", "factor"])
@pytest.mark.parametrize("shocks", [PseudoRandom(3), Antithetic(PseudoRandom(3))], ids=repr)
@pytest.mark.parametrize("count", [1, 70, 1000, N + 1])
def test_the_compiled_loop_gives_the_same_numbers(study: kj.Study, shocks: Shocks, count: int) -> None:
    projection = kj.project(study)
    plain, loop = (kj.outcomes(projection, method="simulate", n_paths=count, rng=shocks, compiled=c) for c in (False, True))
    assert same(plain, loop)
    assert straight(projection, _asked(projection)), "else no loop has run"


def test_the_compiled_loop_counts_scenarios_too() -> None:
    study = scenarios()
    plain, loop = (kj.outcomes_by_scenario(kj.project(study), n_paths=N, compiled=compiled) for compiled in (False, True))
    assert all(same(plain[name], loop[name]) for name in plain)


def test_a_study_with_a_mixture_is_counted_without_the_loop() -> None:
    projection = kj.project(rd_block())
    assert same(*(kj.outcomes(projection, method="simulate", n_paths=1000, compiled=compiled) for compiled in (False, True)))


def test_the_compiled_loop_takes_factors_and_own_shocks() -> None:
    """Forty walks over two years on two factors, of which every other one is asked to rise and not to fall much."""
    step = np.hstack([np.full((40, 2), 0.3), np.diag(np.linspace(0.1, 0.2, 40))])
    factor = np.vstack([np.hstack([step, np.zeros((40, 42))]), np.hstack([step, step])])
    streams = tuple((f"z{k}", 0) for k in range(84))
    spread = np.sqrt((factor**2).sum(axis=1))
    source = Source(tuple(range(80)), steps_of(factor, [*[None] * 40, *range(40)]), streams, np.zeros(80), spread)
    asked = tuple((k,) for k in range(40))
    questions = Questions(tuple(range(0, 80, 2)), asked, asked, (*asked, (0, 3, 7)), ((0, 20), (1, 21)))
    bounds = np.linspace(-0.2, 0.1, 40), np.where(np.arange(40) % 3, np.inf, 0.4)
    world = World((source,), (), 80, (bounds,), Bins.normal(spread, 0.05, 0.95))
    for shocks in (PseudoRandom(0), Antithetic(PseudoRandom(0))):
        plain, loop = (tally_chunk(Plan((world,), questions, shocks, 64, compiled), 3, 0, 5001)[0] for compiled in (False, True))
        assert np.array_equal(plain.parts, loop.parts)
        assert plain.parts.sum() == 5001
        assert np.array_equal(plain.hits, loop.hits)
        assert np.array_equal(plain.binned, loop.binned)
        assert plain.hits.sum() > 10_000


def test_compiled_normals_are_those_of_the_generator() -> None:
    """A million of them, among which some 300 come from the tail beyond 3.65."""
    loops = pytest.importorskip("kjproj.engine.loops")
    generator, found = PseudoRandom(1).generator("x", 0, 0), np.empty(1_000_000)
    loops._normals(generator.bit_generator.state["state"]["state"].copy(), found, len(found))
    assert np.array_equal(found, generator.standard_normal(len(found)))
    assert (np.abs(found) > 3.66).sum() > 100


def test_without_numba_compiled_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kjproj.answers.outcomes.find_spec", lambda _: None)
    with pytest.raises(MissingExtraError, match=r"kjproj\[fast\]"):
        kj.outcomes(kj.project(walks()), method="simulate", n_paths=100, compiled=True)


def scenarios() -> kj.Study:
    """The first two differ in a mean alone, the third in a spread."""
    drift = [{"kind": "normal", "mean": m, "sd": s} for m, s in ((0.03, 0.01), (0.01, 0.01), (0.03, 0.03))]
    listed = [
        {"name": n, "reason": "stated", "changes": [{"indicator": "b", "drift": d}]}
        for n, d in zip(("trend", "slow", "unsure"), drift, strict=True)
    ]
    return walks(scenarios=listed)


def test_scenarios_together_are_the_scenarios_alone() -> None:
    """They share paths, draws and bins where they differ in means alone, and each is what it is by itself."""
    study = scenarios()
    together = kj.outcomes_by_scenario(kj.project(study), n_paths=N)
    for name, found in together.items():
        alone = kj.outcomes(kj.project(study, name), method="simulate", n_paths=N)
        assert found.chances == alone.chances
        assert found.reached == alone.reached
        assert found.recipe == replace(alone.recipe, scenario=name)


def test_a_study_that_states_no_scenario_has_one() -> None:
    """It is the one that is projected; an empty list is refused."""
    projection = kj.project(walks())
    found = kj.outcomes_by_scenario(projection, n_paths=1000)
    assert kj.outcomes_by_scenario(projection, "trend", n_paths=1000)["trend"].together == found["trend"].together
    assert list(found) == [projection.scenario.name] == ["trend"]
    assert found["trend"].chances == kj.outcomes(projection, method="simulate", n_paths=1000).chances
    with pytest.raises(kj.KjprojError, match="no scenario given"):
        kj.outcomes_by_scenario(projection, [])


def test_differences_between_scenarios_have_small_errors() -> None:
    """Paths are common. Of mirror images, which make each chance's own error small, a difference gains nothing."""
    study = scenarios()
    together = kj.outcomes_by_scenario(kj.project(study), n_paths=N, rng=PseudoRandom(0))
    gap = kj.compare({n: kj.project(study, n) for n in ("trend", "slow")}, "b_2025").differences["slow"].value
    errors = np.subtract(together["slow"].chances["b_2025"].errors, together["trend"].chances["b_2025"].errors)
    found_gap = together["slow"].chances["b_2025"].value - together["trend"].chances["b_2025"].value
    assert abs(found_gap - gap) < FAR * np.hypot.reduce(errors)
    assert np.hypot.reduce(errors) < 0.7 * np.sqrt(2) * together["slow"].chances["b_2025"].stderr, "common numbers"
    mirrored = kj.outcomes_by_scenario(kj.project(study), n_paths=N)
    both = [mirrored[name].chances["b_2025"] for name in ("slow", "trend")]
    assert abs(both[0].value - both[1].value - gap) < FAR * np.hypot.reduce(np.subtract(both[0].errors, both[1].errors))


@pytest.mark.parametrize("count", [1, 2, 63, 64, 1000, BLOCK + 1])
def test_few_paths_are_counted_too(count: int) -> None:
    found = kj.outcomes(kj.project(walks()), method="simulate", n_paths=count)
    assert found.together.value * count == pytest.approx(round(found.together.value * count))
    assert found.together.stderr >= 1 / count


@pytest.mark.parametrize("kind", [PseudoRandom, lambda seed: Antithetic(PseudoRandom(seed))], ids=["plain", "mirrored"])
@pytest.mark.parametrize("study", [walks(), rd_block(correlation=-0.4)], ids=["walks", "mixture"])
def test_stated_errors_are_those_of_many_seeds(study: kj.Study, kind: Callable[[int], Shocks]) -> None:
    """The spread of 64 seeds is known to 9 % (one standard error); off by 45 % it is with a chance of 4e-7."""
    projection, target = kj.project(study), study.targets[1].name
    found = [kj.outcomes(projection, method="simulate", n_paths=20_000, q=(), rng=kind(seed)).chances[target] for seed in range(64)]
    spread = np.std([one.value for one in found], ddof=1)
    assert spread == pytest.approx(np.sqrt(np.mean([one.stderr**2 for one in found])), rel=0.45)
    exact = kj.probability(projection, target).value
    assert abs(np.mean([one.value for one in found]) - exact) < FAR * spread / 8


def peak(projection: kj.Projection, n_paths: int) -> int:
    tracemalloc.start()
    kj.outcomes(projection, method="simulate", n_paths=n_paths)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


def test_memory_does_not_grow_with_the_number_of_paths() -> None:
    projection = kj.project(walks())
    peak(projection, 1000)
    assert peak(projection, 32 * 65_536) < peak(projection, 2 * 65_536) + 900_000, "a count kept for each chunk would be 2 MB"


def test_memory_does_not_grow_where_events_are_counted() -> None:
    """The bundled report counts seven kinds of events over up to six years: of all paths they would take 200 bytes a path."""
    projection = kj.project(kj.datasets.yueyang(), nodes=64)
    peak(projection, 1000)
    assert peak(projection, 6 * 65_536) < peak(projection, 3 * 65_536) + 8_000_000


def test_no_quantiles_on_demand() -> None:
    found = kj.outcomes(kj.project(walks()), method="simulate", n_paths=1000, q=())
    assert found.quantiles == {}
    assert "all of them" in found.to_text("en")


def test_it_says_itself_in_both_languages() -> None:
    found = kj.outcomes(kj.project(rd_block()), method="simulate", n_paths=1000)
    assert "全部同时达到" in found.to_text("zh")
    assert "5 / 25 / 50 / 75 / 95 % quantiles" in found.to_text("en")
    assert repr(found) == "Outcomes(2 targets, 3 indicators, 1,000 paths)"
    for say in (found.to_text, found.to_html):
        with pytest.raises(KjprojError, match="lang is 'fr'; expected 'zh' or 'en'"):
            say("fr")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"n_paths": 0}, "n_paths is 0; expected a whole number"),
        ({"n_paths": 2.5}, r"n_paths is 2\.5"),
        ({"q": (0.5, 1.0)}, "probabilities are"),
        ({"rng": "a"}, "rng is 'a'"),
        ({"q": 0.5}, "probabilities are 0.5"),
        ({"executor": 3}, "executor is 3"),
        ({"executor": ThreadPoolExecutor}, "executor is <class"),
    ],
)
def test_what_does_not_fit_is_refused(options: dict[str, Any], said: str) -> None:
    with pytest.raises(KjprojError, match=said):
        kj.outcomes(kj.project(walks()), **{"method": "simulate", "n_paths": 1000, **options})


def test_a_study_is_no_projection() -> None:
    """Whoever asks a study is told to project it."""
    for ask in (kj.outcomes, kj.summary, lambda study: kj.probability(study, "a")):
        with pytest.raises(AttributeError, match=r"pass kj\.project\(study\)"):
            ask(walks())  # type: ignore[operator]


def test_ctrl_c_leaves_what_is_counted() -> None:
    def stop(done: int, total: int, estimate: kj.Estimate | None) -> None:
        assert estimate is not None
        raise KeyboardInterrupt

    found = kj.outcomes(kj.project(walks()), method="simulate", n_paths=2 * N, on_progress=stop)
    assert found.recipe.paths == 65_536
    assert found.together.method == "simulated, interrupted at 65,536 of 200,000 paths"
    assert found.together.value == kj.outcomes(kj.project(walks()), method="simulate", n_paths=65_536).together.value


def test_ctrl_c_in_the_midst_of_a_chunk_leaves_whole_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where events are counted, and two scenarios side by side: what the chunk has counted by then does not count."""
    projected, counted, calls = kj.project(kj.datasets.yueyang(), nodes=64), Bins.count, []

    def count(self: Bins, x: Any, scratch: Any) -> Any:
        calls.append(1)
        if len(calls) == 8:  # each of two scenarios has two blocks a chunk
            raise KeyboardInterrupt
        return counted(self, x, scratch)

    monkeypatch.setattr(Bins, "count", count)
    names = ["trend", "slow_economy"]
    found = kj.outcomes_by_scenario(projected, names, n_paths=4 * 65_536)
    monkeypatch.undo()
    assert found["trend"].recipe.paths == 65_536
    expected = kj.outcomes_by_scenario(projected, names, n_paths=65_536)
    for name in names:
        assert found[name].chances["rd_spending_2025"].value == expected[name].chances["rd_spending_2025"].value


@given(st.data(), st.integers(1, 9), st.integers(0, 12))
@settings(max_examples=60, deadline=None)
def test_steps_take_places_from_normals(data: st.DataObject, rows: int, columns: int) -> None:
    """Whatever the factor is, dense, sparse or with shocks of one's own, and whichever rows continue which."""
    weights = st.sampled_from([0.0, 0.0, 1.0, -0.5, 2.0])
    factor = data.draw(arrays(float, (rows, columns), elements=weights))
    before = [data.draw(st.none() | st.integers(0, k - 1)) if k else None for k in range(rows)]
    z, x = np.random.default_rng(0).standard_normal((columns, 50)), np.full((rows, 50), np.nan)
    for step in steps_of(factor, before):
        into = np.full((len(step.rows), 50), np.nan)
        step.take(z[list(step.columns)], None if step.before is None else x[list(step.before)], into)
        x[list(step.rows)] = into
    np.testing.assert_allclose(x, factor @ z, atol=1e-12)


def test_common_factors_are_multiplied_apart() -> None:
    """Forty walks on two factors: every step takes two columns for all, and one for each row."""
    common, own = np.full((40, 2), 0.3), np.diag(np.linspace(0.1, 0.2, 40))
    zero = np.zeros((40, 42))
    step = np.hstack([common, own])
    factor = np.vstack([np.hstack([step, zero]), np.hstack([step, step])])
    found = steps_of(factor, [*[None] * 40, *range(40)])
    assert [s.matrix.shape for s in found] == [(40, 2), (40, 2)]
    assert [len(s.columns) for s in found] == [42, 42]


@given(arrays(float, (3, 400), elements=st.floats(-5, 5)), st.floats(0.02, 0.98))
@settings(max_examples=50, deadline=None)
def test_bins_hold_quantiles_to_their_width(x: np.ndarray, q: float) -> None:
    bins = Bins.about(x, 0.02, 0.98)
    total = bins.count(x, Scratch(400))
    assert (total.sum(axis=1) == 400).all()
    found = bins.quantiles(total, np.array([q]))[:, 0]
    low, high = np.quantile(x, q, axis=1, method="lower"), np.quantile(x, q, axis=1, method="higher")
    ranked = np.sort(x, axis=1)
    k = int(q * 400)
    below, above = ranked[:, max(k - 1, 0)], ranked[:, min(k + 1, 399)]
    assert (found >= np.minimum(low, below) - 1.01 * bins.width).all()
    assert (found <= np.maximum(high, above) + 1.01 * bins.width).all()


def test_questions_are_ands_of_ors() -> None:
    """(x₀ ≥ 0 or x₁ ≤ 0) and x₁ in [−1, 1]; nothing asked always holds, a clause without tests never."""
    x = np.random.default_rng(1).standard_normal((2, 500))
    asked = Questions((0, 1, 1), ((0, 1), (2,), ()), ((0, 1), (), (2,)), ((0,), (1,), (2,), (0, 1)), ((2, 0, 1),))
    low, high = np.array([0.0, -np.inf, -1.0]), np.array([np.inf, 0.0, 1.0])
    first = ((x[0] >= 0) | (x[1] <= 0)) & (np.abs(x[1]) <= 1)
    bits = asked.empty(500)
    for stage, rows in enumerate(stages := ((1,), (0,))):
        asked.tests(low, high, stages).make(stage, x[list(rows)], bits)
    assert asked.count(bits, 500, 500).tolist() == [[first.sum(), 500, 0, first.sum(), 0, first.sum(), 500]]


@pytest.mark.parametrize("width", [1, 3, 8, 24, 64, 128, 512])
def test_pieces_of_paths_are_counted_by_themselves(width: int) -> None:
    x = np.random.default_rng(2).standard_normal((1, 500))
    asked = Questions((0,), ((0,),), ((0,),), ((0,),), ())
    bits = asked.empty(500)
    asked.tests(np.array([0.5]), np.array([np.inf]), [[0]]).make(0, x, bits)
    found = asked.count(bits, 500, width)
    assert found[:, 0].tolist() == [(x[0, k : k + width] >= 0.5).sum() for k in range(0, 500, width)]
