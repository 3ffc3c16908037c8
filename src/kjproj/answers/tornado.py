"""What moves a chance, and how far? Every assumption changed on its own: a tornado diagram's swings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import KjprojError
from ..estimate import Estimate
from ..numbers import about_per_cent, per_cent_range
from ..projection import Projection
from ..targets import BaseTarget
from ..text import Language, Text
from .dials import Dial, dials
from .probability import probability
from .questions import Names, resolve


@dataclass(frozen=True)
class Swing:
    """How far one assumption moves a chance.

    Attributes:
        kind: what kind of assumption (see `tornado`).
        about: what it is about; no two of a kind are alike.
        words: the assumption and what it was changed to.
        chances: the chance at each setting of the assumption in order, the one as assumed among them: of three the
            middle one, of two the first.
    """

    kind: str
    about: str
    words: Text
    chances: tuple[float, ...]

    @property
    def low(self) -> float:
        """The least chance."""
        return min(self.chances)

    @property
    def high(self) -> float:
        """The greatest chance."""
        return max(self.chances)

    @property
    def size(self) -> float:
        """How far it moves the chance: the greatest less the least."""
        return self.high - self.low


@dataclass(frozen=True)
class Tornado:
    """The swings of a chance, the greatest first.

    Attributes:
        value: the chance as assumed.
        swings: one for every assumption that bears on it.
    """

    value: Estimate
    swings: tuple[Swing, ...]

    def of(self, kind: str) -> tuple[Swing, ...]:
        """Return the swings of one kind."""
        return tuple(swing for swing in self.swings if swing.kind == kind)

    def to_text(self, lang: Language = "zh") -> str:
        """Return the chance and a line a swing, the greatest first."""
        head = f"完成概率{about_per_cent(self.value.value, 'zh')}" if lang == "zh" else f"chance {about_per_cent(self.value.value, 'en')}"
        colon = "：" if lang == "zh" else ": "
        lines = [f"{k}. {s.words(lang)}{colon}{per_cent_range(s.low, s.high, lang)}" for k, s in enumerate(self.swings, 1)]
        return "\n".join([head, *lines])

    def __str__(self) -> str:
        return self.to_text("en")

    def to_dict(self) -> dict[str, Any]:
        """Return the chance and the swings as plain data."""
        return {
            "probability": self.value.value,
            "stderr": self.value.stderr,
            "method": self.value.method,
            "swings": [
                {"kind": s.kind, "about": s.about, "zh": s.words.zh, "en": s.words.en, "chances": list(s.chances), "low": s.low, "high": s.high}
                for s in self.swings
            ],
        }


def tornado(
    projection: Projection, target: Names | None = None, *, all_of: Iterable[Names] | None = None
) -> Tornado:
    """Return how far each assumption, changed on its own, moves a chance: the greatest swing first.

    The figures are taken into account anew at every setting: it is what would be said if the assumption were so.
    Assumptions that do not bear on the target are left out.

    | kind | changed to |
    |---|---|
    | "scenario" | each other scenario |
    | "class" | another class that might serve |
    | "reading" | each reading of a break: growth, a one-off |
    | "spread" | a class's spreads halved and doubled |
    | "drift" | 10 % and 90 % quantile of the belief before the figures (normal: mean ± 1.2816 sd), a class's mean, the place's deviation and the coming years' part together |
    | "volatility", "parameter" | the same quantiles of what else a motion believes |
    | "correlation" | 0, and as far on the other side: doubled, at most ±.95 |
    | "figure" | an expected or judged figure's truth at the quantiles of its error |
    | "nuisance" | a share of the year, bias or deflator at its quantiles |
    | "commitment" | credibility 0 and 1 |
    | "rate", "hazard" | of events, the same quantiles (after the figures where the belief is vague); a number halved and doubled |

    Args:
        projection: from `kjproj.project`.
        target: a target's name, or a target.
        all_of: several of them, to be met together, in its place.

    Raises:
        NoBasisError: where the study does not say where an indicator stands, or how it moves.
        KjprojError: unless exactly one of `target` and `all_of` is given.

    Source: Howard (1988), Decision analysis: practice and promise, doi 10.1287/mnsc.34.6.679.

    >>> import kjproj as kj
    >>> found = kj.tornado(kj.project(kj.datasets.yueyang()), "rd_spending_2025")
    >>> first = found.swings[0]
    >>> print(f"{first.words('en')}: {first.low:.0%} to {first.high:.0%}")
    GDP: drift 3.5 or 10.0 % a year: 26% to 76%
    """
    if (target is None) == (all_of is None):
        raise KjprojError("give a target, or all_of for several together")
    targets = resolve(projection, target if target is not None else all_of or [])
    value = probability(projection, all_of=targets)
    swings = [_swing(dial, value, targets) for dial in dials(projection, targets)]
    return Tornado(value, tuple(sorted(swings, key=lambda swing: -swing.size)))


def _swing(dial: Dial, value: Estimate, targets: Sequence[BaseTarget]) -> Swing:
    below, above = ([probability(v.projection, all_of=targets).value for v in side] for side in (dial.below, dial.above))
    return Swing(dial.kind, dial.about, dial.words, (*below, value.value, *above))
