"""Which target of a set binds? What each costs the chance of all together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import KjprojError, NoBasisError, NotAnswerableError
from ..estimate import Estimate
from ..numbers import about_per_cent, per_cent
from ..projection import Projection
from ..targets import BaseTarget
from ..text import Language, Text
from .phrases import aim
from .probability import probability
from .questions import Names, observed, resolve


@dataclass(frozen=True)
class Bind:
    """One target of a set.

    Attributes:
        target: its name.
        words: the target as printed.
        chance: its own chance.
        others: the chance that all the others are met.
        given_others: its chance given that: joint over others, what it leaves of the others' chance.
        only_missed: the chance that it is the only one missed: others less joint, what taking it out would gain.
    """

    target: str
    words: Text
    chance: Estimate
    others: Estimate
    given_others: Estimate
    only_missed: Estimate


@dataclass(frozen=True)
class Binding:
    """A set of targets, the one that binds first.

    Attributes:
        joint: the chance that all are met.
        items: a target each, ranked by the chance that it is the only one missed.
    """

    joint: Estimate
    items: tuple[Bind, ...]

    @property
    def first(self) -> Bind:
        """The target that binds most."""
        return self.items[0]

    def to_text(self, lang: Language = "zh") -> str:
        """Return the joint chance, which target binds, and a line a target."""
        return "\n".join([_head(self, lang), *(f"{k}. {_line(item, lang)}" for k, item in enumerate(self.items, 1))])

    def __str__(self) -> str:
        return self.to_text("en")

    def to_dict(self) -> dict[str, Any]:
        """Return the chances as plain data."""
        return {
            "joint": self.joint.value,
            "stderr": self.joint.stderr,
            "method": self.joint.method,
            "targets": [
                {
                    "name": i.target, "zh": i.words.zh, "en": i.words.en, "probability": i.chance.value, "others": i.others.value,
                    "given_others": i.given_others.value, "only_missed": i.only_missed.value, "stderr": i.only_missed.stderr,
                }
                for i in self.items
            ],
        }  # fmt: skip


def binding(projection: Projection, all_of: Iterable[Names] | None = None) -> Binding:
    """Return which target of a set binds: the one whose removal raises the chance of all together most.

    P(all others met) − P(all met) is the chance that a target is the only one missed, and P(all met)/P(all others met) its
    chance given the others. A target that is unlikely alone need not bind: where another that is harder implies it,
    taking it out gains nothing.

    Args:
        projection: from `kjproj.project`.
        all_of: two targets or more, by name or handed in; without it the open targets of the last year (those without a
            printed base year are left out, being one question for each candidate).

    Raises:
        NoBasisError: where the study does not say where an indicator of a named target stands, or how it moves.
        KjprojError: for fewer than two targets, or one named twice.

    >>> import kjproj as kj
    >>> found = kj.binding(kj.project(kj.datasets.yueyang()), ["rd_spending_2025", "rd_intensity_2025"])
    >>> print(f"{found.first.target}: {found.joint.value:.0%} instead of {found.first.others.value:.0%}")
    rd_spending_2025: 39% instead of 52%
    """
    targets = open_targets(projection) if all_of is None else resolve(projection, all_of)
    names = [target.name for target in targets]
    if len(targets) < 2 or len(set(names)) < len(names):
        given = ", ".join(names) or "none"
        raise KjprojError(f"binding takes two targets or more, each once; given: {given}")
    joint = probability(projection, all_of=targets)
    items = [_bind(projection, targets, k, joint) for k in range(len(targets))]
    return Binding(joint, tuple(sorted(items, key=lambda item: -item.only_missed.value)))


def open_targets(projection: Projection) -> list[BaseTarget]:
    """Return the targets of the last year that are answered and not decided, in the study's order."""
    found = [target for target in projection.study.questions if "@" not in target.name and _open(projection, target)]
    last = max((target.year for target in found), default=0)
    return [target for target in found if target.year == last]


def _open(projection: Projection, target: BaseTarget) -> bool:
    if observed(projection, target) is not None:
        return False
    try:
        probability(projection, target)
    except (NoBasisError, NotAnswerableError):
        return False
    return True


def _bind(projection: Projection, targets: Sequence[BaseTarget], k: int, joint: Estimate) -> Bind:
    target = targets[k]
    chance = probability(projection, target)
    others = probability(projection, all_of=[*targets[:k], *targets[k + 1 :]])
    words = Text(zh=aim(projection.study, target, "zh"), en=aim(projection.study, target, "en"))
    gain = max(others.value - joint.value, 0.0)
    error = float(np.hypot(others.stderr, joint.stderr))
    share = min(joint.value / others.value, 1.0) if others.value > 0.0 else 0.0
    relative = float(np.hypot(joint.stderr, share * others.stderr)) / others.value if others.value > 0.0 else 0.0
    given = Estimate(share, relative, joint.method)
    return Bind(target.name, words, chance, others, given, Estimate(gain, error, joint.method))


def _head(found: Binding, lang: Language) -> str:
    joint, first = about_per_cent(found.joint.value, lang), found.first
    without = about_per_cent(first.others.value, lang)
    if lang == "zh":
        return f"{len(found.items)}项目标同时完成：{joint}。制约最大的是{first.words('zh')}：不计此项，其余各项同时完成{without}。"
    return f"All {len(found.items)} targets together: {joint}. {first.words('en')} binds most: without it {without}."


def _line(item: Bind, lang: Language) -> str:
    own, only, given = (per_cent(e.value, lang) for e in (item.chance, item.only_missed, item.given_others))
    if lang == "zh":
        return f"{item.words('zh')}：单独完成{own}，仅此项未完成{only}，其余均完成时{given}"
    return f"{item.words('en')}: alone {own}, the only one missed {only}, given the others {given}"
