"""How firm is a chance? Its range over a declared, finite list of assumptions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..errors import KjprojError
from ..estimate import Estimate
from ..numbers import about_per_cent, per_cent, per_cent_range
from ..projection import Projection
from ..tables import Shown, Table
from ..targets import BaseTarget
from ..text import Language, Text
from .given import GivenGrowth, givens
from .phrases import aim
from .probability import probability
from .questions import Names, resolve
from .variations import Variation, variations

_NAMED = 4


@dataclass(frozen=True, repr=False)
class Bounds(Shown):
    """A chance with its range when assumptions are changed one at a time.

    Attributes:
        value: the chance as assumed.
        under: the chance under each variation, by its name, such as "scenario:slow_economy", "spread:gdp:halved",
            "class:gdp:city_gdp" or "reading:one_off:rd_intensity:2021".
        words: the variations in words, by the same names.
        of: the target or targets in words.
        given: the chance by the growth of what a derived indicator rests on, such as GDP (see `kj.given`).
    """

    value: Estimate
    under: Mapping[str, float]
    words: Mapping[str, Text] = field(default_factory=dict)
    of: Text | None = None
    given: tuple[GivenGrowth, ...] = ()

    def __repr__(self) -> str:
        span = per_cent_range(self.low, self.high, "en")
        return f"Bounds({about_per_cent(self.value.value, 'en')}, {span} over {len(self.under)} assumptions, most by {self.mover})"

    def tables(self, lang: Language) -> tuple[Table, ...]:
        """Return the chance as assumed, and under each variation that moves it by a point, the greatest first."""
        zh, own = lang == "zh", self.value.value
        head = ("改变的假设", "完成概率", "变动（百分点）") if zh else ("assumption changed", "chance", "moves by points")
        moves = {name: round(100 * (chance - own)) for name, chance in self.under.items()}
        moving = sorted((name for name in moves if moves[name]), key=lambda name: -abs(moves[name]))
        rows = [("不作改变" if zh else "as assumed", per_cent(own, lang), "")]
        for name in moving:
            said = self.words[name](lang) if name in self.words else name
            rows.append((said, per_cent(self.under[name], lang), f"{moves[name]:+d}".replace("-", "−")))
        about, span, still = about_per_cent(own, lang), per_cent_range(self.low, self.high, lang), len(moves) - len(moving)
        notes = [f"完成概率{about}，假设变动区间{span}。" if zh else f"{about}, {span} over the assumptions"]
        if still:
            notes.append(f"其余{still}项假设的影响不足1个百分点。" if zh else f"assumptions that move it by less than a point: {still}")
        return (Table(head, tuple(rows), "" if self.of is None else self.of(lang), tuple(notes)),)

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
    found = ranged(projection, targets, variations(projection) if over is None else over)
    return replace(found, given=givens(projection, targets))


def ranged(projection: Projection, targets: Sequence[BaseTarget], varied: Sequence[Variation]) -> Bounds:
    """Return the range over a list of assumptions alone."""
    under = {v.name: probability(v.projection, all_of=targets).value for v in varied}
    said = {lang: _joined(projection, targets, lang) for lang in ("zh", "en")}
    return Bounds(probability(projection, all_of=targets), under, {v.name: v.words for v in varied}, Text(**said))


def _joined(projection: Projection, targets: Sequence[BaseTarget], lang: Language) -> str:
    """Say targets with their years, as many as a line holds."""
    said = [aim(projection.study, t, lang) + (f"（{t.year}年）" if lang == "zh" else f" in {t.year}") for t in targets]
    more = len(said) - _NAMED
    rest = [f"等{len(said)}项" if lang == "zh" else f"{more} more"] if more > 0 else []
    if lang == "zh":
        return "、".join(said[:_NAMED]) + "".join(rest)
    return " and ".join([*said[:_NAMED], *rest])
