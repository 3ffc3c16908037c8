"""Random streams. Randomness has one keyword, `rng`: an int, `SeedSequence`, `Generator`, or one of these."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.random.bit_generator import ISeedSequence
from numpy.typing import DTypeLike, NDArray

from .errors import KjprojError
from .recipe import STREAM

__all__ = ["Antithetic", "PseudoRandom", "Rng", "Shocks", "Sobol"]

Floats = NDArray[np.float64]
_BITS = 30


class Shocks(ABC):
    """Standard normals by name: the stream of one name is the same whatever other names are asked for."""

    seed: int

    @abstractmethod
    def normals(self, names: Sequence[str], chunk: int, size: int) -> Floats:
        """Return standard normals (size, len(names)) of one chunk; a name that stands k times gets k columns."""


def _digest(seed: int, name: str, chunk: int, column: int = 0) -> bytes:
    """Return the root of one stream: 256 bits of a hash keep any two of them apart."""
    return hashlib.sha256(repr((STREAM, seed, name, column, chunk)).encode()).digest()


class _Key(ISeedSequence):
    """A digest as it stands: a hash needs no further mixing, and a stream costs a third of what it does with it."""

    def __init__(self, digest: bytes) -> None:
        self.digest = digest

    def generate_state(self, n_words: int, dtype: DTypeLike = np.uint32) -> NDArray[np.uint32 | np.uint64]:
        """Return the first words of the hash, 64 bits each; as many as SFC64 asks for there are."""
        assert np.dtype(dtype) == np.uint64
        assert n_words <= len(self.digest) // 8
        return np.frombuffer(self.digest, "<u8").astype(np.uint64)[:n_words]


def _checked_seed(seed: object) -> int:
    if isinstance(seed, int | np.integer) and not isinstance(seed, bool) and seed >= 0:
        return int(seed)
    raise KjprojError(f"the seed is {seed!r}; expected a whole number of 0 or more")


@dataclass(frozen=True)
class PseudoRandom(Shocks):
    """Pseudo-random normals: each name has its own streams, keyed by version, seed, a hash of the name, column and chunk.

    A path of a chunk gets the same numbers however many paths are asked for, at once or block by block.
    """

    seed: int = 0

    def __post_init__(self) -> None:
        _checked_seed(self.seed)

    def normals(self, names: Sequence[str], chunk: int, size: int) -> Floats:
        """Return the columns, stream by stream."""
        out = np.empty((len(names), size))
        for row, (name, column) in zip(out, numbered(names), strict=True):
            self.generator(name, column, chunk).standard_normal(out=row)
        return out.T

    def generator(self, name: str, column: int, chunk: int) -> np.random.Generator:
        """Return a generator at the start of the stream of a name's column."""
        return np.random.Generator(np.random.SFC64(_Key(_digest(self.seed, name, chunk, column))))  # type: ignore[arg-type] # numpy's stub knows its own class alone


def numbered(names: Sequence[str]) -> list[tuple[str, int]]:
    """Return each name with how often it stood before."""
    seen: dict[str, int] = {}
    found = []
    for name in names:
        seen[name] = column = seen.get(name, -1) + 1
        found.append((name, column))
    return found


@dataclass(frozen=True)
class Sobol(Shocks):
    """Scrambled Sobol points, which promise the law of the paths, not the streams of single names.

    What is asked for together fills the space evenly. Other names have a scrambling and an order of their own, so that they
    are independent: two scramblings of one sequence in the same order are not.
    Source: Owen (1998), doi 10.1006/jcom.1998.0487, as `scipy.stats.qmc.Sobol`.
    """

    seed: int = 0

    def __post_init__(self) -> None:
        _checked_seed(self.seed)

    def normals(self, names: Sequence[str], chunk: int, size: int) -> Floats:
        """Return one scrambling and order per chunk and names; raises `KjprojError` for more columns than there are Sobol sequences."""
        from scipy.special import ndtri
        from scipy.stats.qmc import Sobol as Points

        if not names:
            return np.empty((size, 0))
        if len(names) > Points.MAXDIM:
            raise KjprojError(f"{len(names)} columns are more than Sobol's {Points.MAXDIM}; use PseudoRandom")
        rng = np.random.default_rng(np.frombuffer(_digest(self.seed, "\n".join(("Sobol", *names)), chunk), "<u4"))
        u = Points(len(names), bits=_BITS, rng=rng).random_base2(max(size - 1, 0).bit_length())[:size]
        u = u[rng.permutation(size)]
        return np.asarray(ndtri(u + 0.5**_BITS / 2))  # the middles of the cells: never 0, and even about one half


@dataclass(frozen=True)
class Antithetic(Shocks):
    """The second half of every chunk is the first with its sign turned: in even chunks the normals' means are 0."""

    base: Shocks = PseudoRandom()

    @property
    def seed(self) -> int:  # type: ignore[override]
        """The base's seed."""
        return self.base.seed

    def normals(self, names: Sequence[str], chunk: int, size: int) -> Floats:
        """Return z and, below it, −z."""
        half = self.base.normals(names, chunk, -(-size // 2))
        return np.concatenate([half, -half])[:size]


Rng: TypeAlias = "int | np.integer | np.random.SeedSequence | np.random.Generator | Shocks"


def shocks_from(rng: Rng) -> Shocks:
    """Return shocks from whatever `rng` was given; raises `KjprojError` for anything else.

    A `Generator` is drawn from, so that every call gives other shocks; the others give the same ones every time.
    """
    if isinstance(rng, Shocks):
        return rng
    if isinstance(rng, int | np.integer) and not isinstance(rng, bool) and rng >= 0:
        return PseudoRandom(int(rng))
    if isinstance(rng, np.random.SeedSequence):
        return PseudoRandom(int(rng.generate_state(1, np.uint64)[0]))
    if isinstance(rng, np.random.Generator):
        return PseudoRandom(int(rng.integers(2**63)))
    raise KjprojError(f"rng is {rng!r}; expected a whole number of 0 or more, a SeedSequence, a Generator or Shocks")


def seed_of(rng: Rng) -> int:
    """Return one whole number from whatever `rng` was given."""
    return shocks_from(rng).seed
