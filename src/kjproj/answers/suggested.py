"""At what value would a target have a stated chance, as a round figure such as a plan prints?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

import numpy as np
from scipy.special import ndtri

from ..errors import KjprojError, NotAnswerableError
from ..estimate import Estimate
from ..numbers import about_per_cent, digits, per_cent
from ..numerics.roots import rising_root
from ..projection import Projection
from ..study import Study
from ..targets import Bounded, Target
from ..text import Language, Text
from ..units import unit
from .grid import Grid, printed
from .levels import measured_quantiles
from .phrases import aim, dated
from .probability import probability as chance_of
from .questions import Names, required, resolve
from .regions import Regions
from .required import last_figure

_MOST_STEPS, _DOUBLINGS = 200, 60
_LEVEL, _CLOSE = 1e-12, 1e-6


@dataclass(frozen=True)
class Suggestion:
    """A round figure at which a target has at least the asked chance.

    Attributes:
        asked: the probability that was asked for.
        exact: the value with that very chance, in the target's printed unit, before whole counts and rounding.
        figure: the round figure on the easier side of it, as a plan prints it.
        chance: the chance at the round figure, at least the asked one.
        target: the target with that figure, to be handed to `Study.with_target`.
    """

    asked: float
    exact: float
    figure: str
    chance: Estimate
    target: Bounded

    def __float__(self) -> float:
        return float(self.figure)


@dataclass(frozen=True)
class Suggestions:
    """Suggestions for one target, in the order of the probabilities asked.

    Attributes:
        target: as it is printed.
        chance: the chance as printed.
        items: the suggestions.
        words: what stands in `to_text`.
    """

    target: Bounded
    chance: Estimate
    items: tuple[Suggestion, ...]
    words: Text

    def __iter__(self) -> Iterator[Suggestion]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, position: int) -> Suggestion:
        return self.items[position]

    def to_text(self, lang: Language = "zh") -> str:
        """Return the target as it is, and a line for each suggestion."""
        return self.words(lang)

    def __str__(self) -> str:
        return self.to_text("en")

    def to_dict(self) -> dict[str, Any]:
        """Return the numbers as plain data."""
        return {
            "target": self.target.name,
            "bound": self.target.bound,
            "figure": self.target.figure,
            "chance": self.chance.value,
            "suggestions": [
                {"asked": s.asked, "exact": s.exact, "figure": s.figure, "chance": s.chance.value, "stderr": s.chance.stderr, "method": s.chance.method}
                for s in self.items
            ],
        }


def suggested(projection: Projection, target: Names, probabilities: Sequence[float] = (0.8, 0.5, 0.3)) -> Suggestions:
    """Return round figures at which a target would have the stated chances.

    The exact value is the quantile of what the target measures (P(x ≥ value) = probability), or for a target by a year or
    sustained the root of its chance. It is rounded to the easier side, so that the chance is at least the asked one, to a
    figure such as plans print: a multiple of 5 in the third significant digit (125, 2.4, 33.5), a whole number of what
    counts, no more decimals than published values have. The chance stated is that of the round figure.

    Args:
        projection: from `kjproj.project`.
        target: a target's name, or a target, with one bound: its kind, year and side stay, its figure is put in anew.
        probabilities: the chances asked for, between 0 and 1.

    Raises:
        NoBasisError: where the study does not say where an indicator stands, or how it moves.
        NotAnswerableError: for a milestone, a target between two bounds, or one that published figures decide.
        KjprojError: for an unknown target, or probabilities that are none.

    >>> import kjproj as kj
    >>> print(kj.suggested(kj.project(kj.datasets.yueyang()), "rd_spending_2025"))
    R&D spending 150 亿元 in 2025: about 51 %
    80 % or more: R&D spending 125 亿元 (about 82 %)
    50 % or more: R&D spending 150 亿元 (about 51 %)
    30 % or more: R&D spending 165 亿元 (about 33 %)
    """
    wanted = _probabilities(probabilities)
    (asked,) = resolve(projection, [target])
    if not isinstance(asked, Bounded) or asked.between is not None:
        what = "lies between two bounds" if isinstance(asked, Bounded) else "has no figure"
        raise NotAnswerableError(f"{asked.name} {what}; suggestions are for targets with one bound")
    if isinstance(required(projection.study, asked), bool):
        raise NotAnswerableError(f"published figures decide {asked.name} already; suggestions are for years to come")
    grid = Grid(_finest(projection.study, asked), asked.upwards)
    items = tuple(_rounded(projection, asked, grid, p, exact) for p, exact in zip(wanted, _exact(projection, asked, wanted), strict=True))
    chance = chance_of(projection, asked)
    return Suggestions(asked, chance, items, _words(projection.study, asked, chance, items))


def _probabilities(given: Sequence[float]) -> list[float]:
    several = list(given) if isinstance(given, Sequence) and not isinstance(given, str) else [given]
    if not several or not all(isinstance(p, float) and 0.0 < p < 1.0 for p in several):
        raise KjprojError(f"probabilities are {given!r}; expected numbers between 0 and 1, such as (0.8, 0.5, 0.3)")
    return several


def _finest(study: Study, target: Bounded) -> Decimal | None:
    """Return the least step of a figure: 1 for what counts, the last published digit, else none."""
    steps = [Decimal(1)] if unit(_printed_unit(study, target)).counts else []
    steps += [Decimal(1).scaleb(-target.published_digits)] if target.published_digits is not None else []
    return max(steps, default=None)


def _printed_unit(study: Study, target: Bounded) -> str:
    return target.unit or study.unit(target.indicator)


def _put(target: Bounded, figure: str) -> Bounded:
    """Return the target with another figure."""
    return target.model_copy(update={target.bound: figure})


def _exact(projection: Projection, target: Bounded, wanted: Sequence[float]) -> list[float]:
    """Return the values with the very chances asked, in the unit in which the target's figure is printed."""
    found = measured_quantiles(projection, target, [1.0 - p if target.upwards else p for p in wanted])
    assert found is not None  # only a milestone has none
    a_unit = _put(target, "1").aimed(projection.study)
    assert a_unit is not None  # a bounded target has a figure
    values = [value / a_unit for value in found]
    if not isinstance(target, Target) or target.when == "at":
        return values
    low, high = (value / a_unit for value in measured_quantiles(projection, target, (0.1, 0.9)) or (0.0, 0.0))
    regions = Regions(projection)
    return [_root(regions, target, p, start, abs(high - low) or abs(start)) for p, start in zip(wanted, values, strict=True)]


def _root(regions: Regions, target: Bounded, asked: float, start: float, step: float) -> float:
    """Return the figure of a target over several years that has the asked chance, from the quantile of its one year."""
    sign, level = -1.0 if target.upwards else 1.0, float(ndtri(asked))

    @cache
    def beyond(figure: float) -> float:
        """The probit of the chance over that asked: it rises to the easier side."""
        left = required(regions.projection.study, _put(target, f"{figure:.15f}"))
        chance = float(left) if isinstance(left, bool) else regions.holds(left).value
        return float(np.clip(ndtri(chance), -38.0, 38.0)) - level

    towards = -sign if beyond(start) >= 0 else sign  # to the harder side where the start is easy enough
    near, far, width = start, start + towards * step, step
    for _ in range(_DOUBLINGS):
        if (beyond(far) < 0) is (towards == -sign):
            break
        near, far, width = far, far + towards * 2 * width, 2 * width
    hard, easy = (far, near) if towards == -sign else (near, far)
    return hard + (easy - hard) * rising_root(lambda t: beyond(hard + t * (easy - hard)), 0.0, 1.0, _CLOSE)


def _rounded(projection: Projection, target: Bounded, grid: Grid, asked: float, exact: float) -> Suggestion:
    """Return the hardest round figure whose chance is at least the asked one.

    Whole counts and published digits are met half a step before, so the search begins there.
    """
    met = (grid.finest or Decimal(0)) / 2 * (1 if target.upwards else -1)
    figure = grid.easier(Decimal(repr(exact)) + met)

    def chance(one: Decimal) -> Estimate:
        return chance_of(projection, _put(target, printed(one)))

    found = chance(figure)
    for _ in range(_MOST_STEPS):
        if found.value >= asked - _LEVEL:
            break
        figure = grid.next_easier(figure)
        found = chance(figure)
    for _ in range(_MOST_STEPS):
        harder = grid.next_harder(figure)
        more = chance(harder)
        if more.value < asked - _LEVEL:
            break
        figure, found = harder, more
    return Suggestion(asked, exact, printed(figure), found, _put(target, printed(figure)))


def _words(study: Study, target: Bounded, chance: Estimate, items: Sequence[Suggestion]) -> Text:
    said: dict[Language, str] = {}
    for lang in ("zh", "en"):
        goal, now = dated(study, target, lang), about_per_cent(chance.value, lang)
        lines = [f"{goal}：完成概率{now}" if lang == "zh" else f"{goal}: {now}"]
        for one in items:
            goal, now, least = aim(study, one.target, lang), about_per_cent(one.chance.value, lang), per_cent(one.asked, lang)
            known = _known(study, one, lang)
            lines.append(f"完成概率不低于{least}：{goal}（{now}{known}）" if lang == "zh" else f"{least} or more: {goal} ({now}{known})")
        said[lang] = "\n".join(lines)
    return Text(zh=said["zh"], en=said["en"])


def _known(study: Study, one: Suggestion, lang: Language) -> str:
    """Say where a round figure is met by the last figure already: a target that asks for nothing more."""
    last = last_figure(study, one.target.indicator, one.target.year)
    if last is None or not isinstance(one.target, Target) or not one.target.met_by(last[1], study):
        return ""
    said = f"{digits(last[1])}{'' if lang == 'zh' else ' '}{study.unit(one.target.indicator)}"
    return f"，{last[0]}年已为{said}" if lang == "zh" else f"; {last[0]} had {said} already"
