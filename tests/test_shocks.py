"""Random streams: keyed by name, standard normal, and asked for by one keyword."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy.special import ndtr

from kjproj.errors import KjprojError
from kjproj.shocks import Antithetic, PseudoRandom, Shocks, Sobol, seed_of, shocks_from

NAMES = ["gdp", "rd_intensity", "gdp", "研发经费"]
KINDS: list[Shocks] = [PseudoRandom(7), Sobol(7), Antithetic(PseudoRandom(7)), Antithetic(Sobol(7))]


def test_another_name_moves_no_stream() -> None:
    alone = PseudoRandom(7).normals(["gdp", "gdp"], 3, 100)
    among = PseudoRandom(7).normals(NAMES, 3, 100)
    assert np.array_equal(among[:, [0, 2]], alone)


def test_the_order_of_names_moves_no_stream() -> None:
    forth, back = PseudoRandom(7).normals(["a", "b"], 0, 50), PseudoRandom(7).normals(["b", "a"], 0, 50)
    assert np.array_equal(back[:, ::-1], forth)


@pytest.mark.parametrize("shocks", KINDS, ids=repr)
def test_the_same_question_gets_the_same_bits(shocks: Shocks) -> None:
    assert np.array_equal(shocks.normals(NAMES, 1, 64), shocks.normals(NAMES, 1, 64))


def test_names_seeds_and_chunks_each_make_an_uncorrelated_stream() -> None:
    """Of 66 correlations of 4,000 pairs none exceeds 6 standard errors: by chance 1.3e-7."""
    streams = [PseudoRandom(seed).normals(NAMES, chunk, 4000) for seed, chunk in ((7, 0), (7, 1), (8, 0))]
    assert np.abs(np.corrcoef(np.hstack(streams).T) - np.eye(12)).max() < 6 / math.sqrt(4000)


@pytest.mark.parametrize("kind", [PseudoRandom, Sobol])
def test_another_seed_or_chunk_gives_other_normals(kind: type[PseudoRandom] | type[Sobol]) -> None:
    first = kind(7).normals(NAMES, 0, 64)
    assert not np.isclose(kind(8).normals(NAMES, 0, 64), first).any(axis=1).all()
    assert not np.isclose(kind(7).normals(NAMES, 1, 64), first).any(axis=1).all()


@pytest.mark.parametrize("shocks", KINDS, ids=repr)
def test_every_column_is_standard_normal(shocks: Shocks) -> None:
    """Kolmogorov's distance would exceed the limit with probability 3e-7."""
    z = np.sort(shocks.normals(NAMES, 0, 8192), axis=0)
    steps = (np.arange(8192)[:, None] + 0.5) / 8192
    assert np.abs(ndtr(z) - steps).max() * math.sqrt(8192) < 2.8 * math.sqrt(2)


def test_sobol_points_fill_every_margin_evenly() -> None:
    """Each of 1024 equal cells of each column holds exactly one of 1024 points."""
    cells = np.floor(ndtr(Sobol(3).normals(NAMES, 0, 1024)) * 1024).astype(int)
    assert (np.sort(cells, axis=0) == np.arange(1024)[:, None]).all()


def test_sobol_normals_are_finite_and_no_further_out_than_their_resolution() -> None:
    z = np.concatenate([Sobol(seed).normals(["a"], 0, 4096) for seed in range(50)])
    assert np.isfinite(z).all()
    assert np.abs(z).max() < 6.5


def test_antithetic_chunks_of_even_size_have_mean_0_exactly() -> None:
    z = Antithetic(PseudoRandom(1)).normals(NAMES, 0, 1000)
    assert np.array_equal(z[500:], -z[:500])
    assert (z[:500] + z[500:] == 0).all()
    assert Antithetic(PseudoRandom(1)).normals(NAMES, 0, 7).shape == (7, 4)


@pytest.mark.parametrize("shocks", KINDS, ids=repr)
@pytest.mark.parametrize(("names", "size"), [([], 5), (["a"], 0), (["a"], 1), (["a"], 100)])
def test_the_shape_is_size_by_names(shocks: Shocks, names: list[str], size: int) -> None:
    assert shocks.normals(names, 0, size).shape == (size, len(names))


def test_more_columns_than_sobol_sequences_are_refused() -> None:
    with pytest.raises(KjprojError, match="use PseudoRandom"):
        Sobol(0).normals(["a"] * 30_000, 0, 1)


def test_an_int_a_numpy_int_and_shocks_name_the_same_seed() -> None:
    assert shocks_from(7) == shocks_from(np.int64(7)) == shocks_from(PseudoRandom(7)) == PseudoRandom(7)
    assert shocks_from(Sobol(7)) == Sobol(7)
    assert seed_of(Antithetic(Sobol(7))) == seed_of(7) == 7


def test_a_seed_sequence_is_read_and_not_changed() -> None:
    sequence = np.random.SeedSequence(7)
    assert shocks_from(sequence) == shocks_from(sequence) == shocks_from(np.random.SeedSequence(7))
    assert shocks_from(sequence) != shocks_from(sequence.spawn(1)[0])


def test_a_generator_is_drawn_from() -> None:
    generator = np.random.default_rng(7)
    first = shocks_from(generator)
    assert first == shocks_from(np.random.default_rng(7))
    assert first != shocks_from(generator)


@pytest.mark.parametrize("rng", [-1, 1.0, True, None, "7", np.random.RandomState(0)])
def test_anything_else_is_refused(rng: Any) -> None:
    with pytest.raises(KjprojError, match="a SeedSequence, a Generator or Shocks"):
        shocks_from(rng)


@pytest.mark.parametrize("kind", [PseudoRandom, Sobol])
def test_a_negative_seed_is_refused(kind: type) -> None:
    with pytest.raises(KjprojError, match="expected a whole number of 0 or more"):
        kind(-1)
