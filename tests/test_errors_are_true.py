"""Over seeds, the root mean square error of an answer is at most 1.2 times what it states, whatever the method.

With s seeds the ratio of the two scatters by about 1/√(2s) where errors are normal: at 256 seeds 1.2 lies 4.5 of that above
1, and the shorter runs are given as much room (chance of a false alarm below 1e-5 each; the seeds are fixed).
"""

from __future__ import annotations

import numpy as np
import pytest
from studies import one_walk, reach
from truth import (
    EACH_YEAR,
    JOINT,
    Question,
    apart,
    at_one_node,
    chance_of_a_walk,
    names,
    ratio,
    twelve,
    unknown_volatilities,
    with_nodes,
)

import kjproj as kj
from kjproj.answers.contract import ALWAYS_THE_SAME, Tolerance
from kjproj.answers.lines import rare_union
from kjproj.answers.planner import region_of
from kjproj.answers.questions import required
from kjproj.answers.regions import functionals_of
from kjproj.numerics.factors import factored, loadings
from kjproj.shocks import Antithetic, PseudoRandom, Sobol

FEW, QUICK, ALL = 16, 64, 256


def room(seeds: int) -> float:
    return 1.2 if seeds == ALL else 1.0 + 4.5 / np.sqrt(2.0 * seeds)


def holds(question: Question, exact: float, seeds: int) -> float:
    """Check that errors are no larger than stated, and return how large they are, over the answer."""
    found, size = ratio(question, exact, seeds)
    assert found <= room(seeds), f"errors are {found:.2f} times what is stated"
    return size


@pytest.mark.parametrize(("rtol", "seeds"), [(1e-2, ALL), (1e-3, ALL), (1e-4, 32)])
def test_orthants_at_one_node(rtol: float, seeds: int) -> None:
    size = holds(at_one_node(twelve(), names("at"), Tolerance(rtol=rtol)), JOINT, seeds)
    assert size <= rtol


@pytest.mark.parametrize("raised", [1.0, 2.6])
def test_rare_orthants_at_one_node(raised: float) -> None:
    """Chances of 1e-2 and of 2e-6, to 2 % of themselves."""
    exact = at_one_node(twelve(raised), names("at"), ALWAYS_THE_SAME)(12_345).value
    assert exact < 1.1e-2
    size = holds(at_one_node(twelve(raised), names("at"), Tolerance(rtol=0.02)), exact, ALL)
    assert size <= 0.03


@pytest.mark.parametrize(("raised", "rtol", "seeds"), [(0.0, 0.05, QUICK), (0.0, 1e-4, QUICK), (2.0, 0.05, QUICK)])
def test_orthants_over_unknown_volatilities(raised: float, rtol: float, seeds: int) -> None:
    """Three in one block, whose correlation is too small to matter: the product of three quadratures is known."""
    holds(with_nodes(unknown_volatilities(3, 1e-9, raised), names("at", 3), 256, rtol=rtol), apart(3, raised), seeds)


@pytest.mark.heavy
@pytest.mark.parametrize(("raised", "rtol"), [(0.0, 0.05), (0.0, 1e-4), (2.0, 0.05), (4.0, 0.05)])
def test_orthants_over_six_unknown_volatilities(raised: float, rtol: float) -> None:
    """The last of the chances is one in ten million million."""
    holds(with_nodes(unknown_volatilities(6, 1e-9, raised), names("at", 6), 4096, rtol=rtol), apart(6, raised), ALL)


def test_lines_at_one_node() -> None:
    """Each of twelve at some year of four."""
    size = holds(at_one_node(twelve(), names("by"), Tolerance(rtol=5e-3)), EACH_YEAR, ALL)
    assert size <= 5e-3


def test_lines_over_unknown_volatilities() -> None:
    """Two in one block, each at some year of three; alone each is one less an orthant."""
    study = unknown_volatilities(2, 1e-9)
    either = [target.model_copy(update={"year": 2024, "when": "by"}) for target in study.targets]
    alone = [kj.probability(kj.project(unknown_volatilities(2, 0.0)), one, rtol=0.0).value for one in either]

    def question(seed: int) -> kj.Estimate:
        found = kj.probability(kj.project(study, rng=seed, nodes=256), all_of=either)
        assert found.method == "line conditioning"
        return found

    holds(question, alone[0] * alone[1], QUICK)


@pytest.mark.parametrize("bound", [2.8, 4.5])
def test_rare_unions(bound: float) -> None:
    """A walk above 2.8 or 4.5 standard deviations of its fifth year, at some year of five."""
    study = one_walk(0.0, 0.1, {2021: "100"})
    target = reach(f"{100 * np.exp(0.1 * bound * np.sqrt(5)):.10f}", 2026).model_copy(update={"when": "by"})
    exact = chance_of_a_walk(bound * np.sqrt(5.0), 5)
    size = holds(of_the_union(kj.project(study), target), exact, ALL)
    assert size <= 0.01


def of_the_union(projection: kj.Projection, target: kj.Target) -> Question:
    """The method for rare unions alone, whichever others may come before it."""
    clauses = required(projection.study, target)
    assert not isinstance(clauses, bool)
    functionals = functionals_of(clauses)
    law, region = projection.law(functionals), region_of(clauses, functionals)
    assert region is not None

    def question(seed: int) -> kj.Estimate:
        found = rare_union(law, region, Tolerance(rtol=0.01), seed)
        assert found is not None
        return found

    return question


@pytest.mark.parametrize("d", [3, 8, 12])
def test_few_factors_are_exact(d: int) -> None:
    """1/(d + 1) to the floor of rounding."""
    value, gap = factored(np.full(d, -np.inf), np.zeros(d), loadings(np.full((d, d), 0.5) + 0.5 * np.eye(d)))  # type: ignore[arg-type]
    assert abs(value - 1.0 / (d + 1)) <= 1e-14
    assert gap <= 1e-13


KINDS = {
    "pseudo-random": PseudoRandom,
    "antithetic": lambda seed: Antithetic(PseudoRandom(seed)),
    "Sobol": Sobol,
    "antithetic Sobol": lambda seed: Antithetic(Sobol(seed)),
}


def share_of_paths(kind: str, n_paths: int) -> Question:
    """The joint chance of the twelve from paths under one kind of shocks."""
    projection = kj.project(twelve())

    def question(seed: int) -> kj.Estimate:
        return kj.probability(projection, all_of=names("at"), method="simulate", n_paths=n_paths, rng=KINDS[kind](seed))

    return question


@pytest.mark.parametrize(("kind", "seeds"), [("pseudo-random", QUICK), ("antithetic", QUICK), ("Sobol", FEW)])
def test_simulated_shares(kind: str, seeds: int) -> None:
    holds(share_of_paths(kind, 2048), JOINT, seeds)


@pytest.mark.heavy
@pytest.mark.parametrize("kind", list(KINDS))
def test_simulated_shares_of_many_paths(kind: str) -> None:
    holds(share_of_paths(kind, 16_384), JOINT, ALL)
