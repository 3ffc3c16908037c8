"""Why chances changed between two studies: a list a target."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ..answers.attribution import Attribution, attribution
from ..answers.phrases import aim
from ..answers.probability import probability
from ..answers.questions import observed
from ..errors import KjprojError
from ..projection import Projection
from ..targets import BaseTarget
from ..text import Language

_MOVED = 0.01
_BORDER = 1e-9


@dataclass(frozen=True)
class Why:
    """Targets of the newer study, each with what moved its chance."""

    after: Projection
    found: tuple[tuple[BaseTarget, Attribution], ...]

    def to_text(self, lang: Language) -> str:
        """Return a list a target; a sentence where no chance moved."""
        if not self.found:
            return "未决目标的完成概率变动均不足1个百分点。\n" if lang == "zh" else "No open target's chance moved by 1 point or more.\n"
        return "\n\n".join(f"{self._head(target, lang)}{one.to_text(lang)}" for target, one in self.found) + "\n"

    def _head(self, target: BaseTarget, lang: Language) -> str:
        name = aim(self.after.study, target, lang)
        return f"{target.year}年{name}：" if lang == "zh" else f"{name} in {target.year}: "

    def to_list(self) -> list[dict[str, Any]]:
        """Return the same as plain data, a dictionary a target."""
        return [{"target": target.name, **one.to_dict()} for target, one in self.found]


def why(before: Projection, after: Projection, names: Iterable[str] = ()) -> Why:
    """Say what moved the chances of targets; without names those of every open one that moved by a point or more."""
    asked = tuple(names) or tuple(_moved(before, after))
    return Why(after, tuple((_known(before, after, name), attribution(before, after, name)) for name in asked))


def _known(before: Projection, after: Projection, name: str) -> BaseTarget:
    """Return a target as the newer study has it, or the older one where only that does."""
    own = {target.name for target in (*after.study.targets, *after.study.questions)}
    older = {target.name for target in (*before.study.targets, *before.study.questions)}
    return (before if name in older - own else after).study.target(name)


def _moved(before: Projection, after: Projection) -> Iterator[str]:
    """Name the targets of the newer study that were open and whose chance is another one now."""
    known = {target.name: target for target in before.study.questions}
    for target in after.study.questions:
        older = known.get(target.name, target)
        try:
            if observed(before, older) is None and abs(_chance(after, target) - _chance(before, older)) >= _MOVED - _BORDER:
                yield target.name
        except KjprojError:  # one of the studies does not answer it
            continue


def _chance(projection: Projection, target: BaseTarget) -> float:
    return probability(projection, target).value
