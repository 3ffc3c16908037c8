"""Rules by which a whole's target is split into parts."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from scipy.special import ndtr

from ..errors import KjprojError, NotAnswerableError
from ..numerics.roots import rising_root
from ..text import Language

_FAR = 7.0
_ROOT = 1e-13


@dataclass(frozen=True)
class Split:
    """What a rule is told.

    Attributes:
        goal: the whole's target, in the unit of all levels here.
        year: the target's year.
        upwards: whether more is better; false where parts are not to be exceeded.
        names: the members.
        latest: of each, the last figure as (year, level).
        level: (position of a member, probability) → the level that is met with that probability: reached or
            exceeded, or not exceeded.
    """

    goal: float
    year: int
    upwards: bool
    names: tuple[str, ...]
    latest: tuple[tuple[int, float], ...]
    level: Callable[[int, float], float]


class SplitRule(ABC):
    """A rule that splits a target. One of your own derives from it."""

    @abstractmethod
    def parts(self, split: Split) -> Sequence[float]:
        """Return each member's part before rounding, adding up to `split.goal`."""

    @abstractmethod
    def describe(self, lang: Language) -> str:
        """Say the rule."""


@dataclass(frozen=True)
class EqualChance(SplitRule):
    """Every member meets its part with the same probability: Σ q_i(p) = goal, q_i(p) the level met with probability p."""

    def parts(self, split: Split) -> Sequence[float]:
        """Find the root in the normal quantile of the common probability."""
        sign = -1.0 if split.upwards else 1.0

        def levels(z: float) -> list[float]:
            return [split.level(i, float(ndtr(sign * z))) for i in range(len(split.names))]

        def short(z: float) -> float:
            return math.fsum(levels(z)) - split.goal

        return levels(rising_root(short, *_bracket(short, split.goal), _ROOT))

    def describe(self, lang: Language) -> str:
        """Equal chances."""
        return "完成概率相等" if lang == "zh" else "equal chances"


def _bracket(rising: Callable[[float], float], goal: float) -> tuple[float, float]:
    """Return two places between which a rising function of a normal quantile changes its sign."""
    low = high = 0.0
    while rising(low) > 0.0 and low > -_FAR:
        low -= 1.0
    while rising(high) < 0.0 and high < _FAR:
        high += 1.0
    if rising(low) > 0.0 or rising(high) < 0.0:
        raise NotAnswerableError(
            f"{goal:g} lies where each member's chance is below 1e-12 or above 1 − 1e-12, so no common one can be found; "
            "choose another target, or the rule same_growth or share"
        )
    return low, high


@dataclass(frozen=True)
class SameGrowth(SplitRule):
    """Every member grows at the same rate a year from its last figure: Σ latest_i·(1 + g)^(year − year_i) = goal.

    With figures of one year this is each member's last figure times one factor.
    """

    def parts(self, split: Split) -> Sequence[float]:
        """Find the root in ln(1 + g)."""
        _positive(split, "grow at one rate")

        def levels(pace: float) -> list[float]:
            return [level * math.exp(pace * (split.year - year)) for year, level in split.latest]

        last = max(year for year, _ in split.latest)
        total = math.fsum(level for _, level in split.latest)
        bound = (abs(math.log(split.goal / total)) + 1.0) / (split.year - last)
        return levels(rising_root(lambda pace: math.fsum(levels(pace)) - split.goal, -bound, bound, _ROOT))

    def describe(self, lang: Language) -> str:
        """The same growth."""
        return "年均增速相同" if lang == "zh" else "the same growth a year"


@dataclass(frozen=True)
class InShares(SplitRule):
    """Parts are proportional to shares; to the last figures, as they stand, where none are given.

    Attributes:
        shares: by member, numbers above or at 0 that need not add up to 1.
    """

    shares: Mapping[str, float] | None = None

    def parts(self, split: Split) -> Sequence[float]:
        """goal · share / Σ shares."""
        if self.shares is None:
            _positive(split, "have a share")
            weights = [level for _, level in split.latest]
        else:
            weights = [self._share(name) for name in split.names]
            odd = [name for name in self.shares if name not in split.names]
            if odd:
                raise KjprojError(f"a share is given for {odd[0]!r}, which is none of {', '.join(split.names)}")
        total = math.fsum(weights)
        if total <= 0.0:
            raise KjprojError("the shares add up to 0; expected one above 0")
        return [split.goal * weight / total for weight in weights]

    def _share(self, name: str) -> float:
        share = (self.shares or {}).get(name)
        if not isinstance(share, int | float) or not math.isfinite(share) or share < 0:
            raise KjprojError(f"the share of {name} is {share!r}; expected a number of 0 or more for every member")
        return float(share)

    def describe(self, lang: Language) -> str:
        """In shares, given or of the last figures."""
        if self.shares is None:
            return "按最新值占比" if lang == "zh" else "in proportion to the last figures"
        return "按给定比例" if lang == "zh" else "in given shares"


RULES: Mapping[str, SplitRule] = {"equal_chance": EqualChance(), "same_growth": SameGrowth(), "share": InShares()}
"""The rules by their names."""


def rule_named(rule: str | SplitRule) -> SplitRule:
    """Return a rule by name, or the one that is handed in."""
    if isinstance(rule, SplitRule):
        return rule
    if not isinstance(rule, str) or rule not in RULES:
        raise KjprojError(f"rule is {rule!r}; expected {', '.join(RULES)}, or a SplitRule such as InShares({{…}})")
    return RULES[rule]


def _positive(split: Split, verb: str) -> None:
    for name, (year, level) in zip(split.names, split.latest, strict=True):
        if level <= 0.0:
            raise KjprojError(f"{name} stood at {level:g} in {year} and cannot {verb}; choose the rule equal_chance")
    if split.goal <= 0.0:
        raise KjprojError(f"the target is {split.goal:g}; this rule takes one above 0, equal_chance any")


def largest_remainder(parts: Sequence[float], goal: int, step: float) -> list[int]:
    """Return whole numbers of steps that add up to `goal` steps: floors, and one more for the largest remainders.

    Ties go to the earlier member. Source: Hamilton's method, as in Balinski and Young (1982), Fair Representation.

    >>> largest_remainder([1.4, 1.4, 0.2], 3, 1.0)
    [2, 1, 0]
    """
    exact = [part / step for part in parts]
    floors = [math.floor(x + 1e-9) for x in exact]
    short = goal - sum(floors)
    order = sorted(range(len(parts)), key=lambda i: floors[i] - exact[i])
    for i in (order[:short] if short >= 0 else order[short:]):
        floors[i] += 1 if short > 0 else -1
    return floors
