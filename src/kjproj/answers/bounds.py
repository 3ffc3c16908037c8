"""How firm is a chance? Its range over a declared, finite list of assumptions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..errors import KjprojError
from ..estimate import Estimate
from ..projection import Projection
from .given import Given, givens
from .probability import probability
from .questions import Names, resolve
from .variations import Variation, variations


@dataclass(frozen=True)
class Bounds:
    """A chance with its range when assumptions are changed one at a time.

    Attributes:
        value: the chance as assumed.
        under: the chance under each variation, by its name, such as "scenario:slow_economy", "spread:gdp:halved",
            "class:gdp:city_gdp" or "reading:one_off:rd_intensity:2021".
        given: the chance by the growth of what a derived indicator rests on, such as GDP (see `kj.given`).
    """

    value: Estimate
    under: Mapping[str, float]
    given: tuple[Given, ...] = ()

    @property
    def by(self) -> tuple[float, ...]:
        """The chance under each variation, in their order."""
        return tuple(self.under.values())

    @property
    def low(self) -> float:
        """The least chance."""
        return min((self.value.value, *self.by))

    @property
    def high(self) -> float:
        """The greatest chance."""
        return max((self.value.value, *self.by))

    @property
    def mover(self) -> str | None:
        """The variation that moves the chance most; None without any."""
        moved = {name: abs(chance - self.value.value) for name, chance in self.under.items()}
        return max(moved, key=lambda name: moved[name], default=None)


def bounds(
    projection: Projection,
    target: Names | None = None,
    *,
    all_of: Iterable[Names] | None = None,
    over: Sequence[Variation] | None = None,
) -> Bounds:
    """Return the least and the greatest chance over a declared list of assumptions, changed one at a time.

    Args:
        projection: from `kjproj.project`.
        target: a target's name, or a target.
        all_of: several of them, to be met together, in its place.
        over: the list; without it every scenario, each class's spreads halved and doubled, other classes that might serve,
            and each branch of each break.

    Raises:
        NoBasisError: where the study does not say where an indicator stands, or how it moves.
        KjprojError: unless exactly one of `target` and `all_of` is given.

    >>> import kjproj as kj
    >>> found = kj.bounds(kj.project(kj.datasets.yueyang()), "rd_spending_2025")
    >>> print(f"{found.low:.0%} to {found.high:.0%}, most by {found.mover}")
    30% to 75%, most by scenario:fast_economy
    """
    if (target is None) == (all_of is None):
        raise KjprojError("give a target, or all_of for several together")
    targets = resolve(projection, target if target is not None else all_of or [])
    varied = variations(projection) if over is None else over
    under = {v.name: probability(v.projection, all_of=targets).value for v in varied}
    return Bounds(probability(projection, all_of=targets), under, givens(projection, targets))
