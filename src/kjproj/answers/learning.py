"""What is it worth to know a figure first? How far the next published figure of an indicator would move a chance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..errors import NoBasisError, NotAnswerableError
from ..estimate import Estimate
from ..numbers import about_per_cent, digits, per_cent
from ..projection import Projection
from ..rows import Requirement
from ..study import Study
from ..study.verdicts import is_linear
from ..targets import BaseTarget
from ..text import Language, Text
from .learned import Learned, learned_count, learned_level
from .phrases import label
from .probability import probability
from .questions import Names, calendar_year, required, resolve
from .regions import computed
from .related import related


@dataclass(frozen=True)
class Worth:
    """What the figure of one indicator for one year would do to a chance, if it were published first.

    Attributes:
        indicator, year: whose figure, and for which year.
        words: the two.
        moved: the expected absolute change of the chance.
        resolved: the share of the uncertainty p(1 − p) that the figure takes away: Var[P(target | figure)]/(p(1 − p)).
        figures: a low, a middle and a high figure: its 10, 50 and 90 % quantiles, in `unit`.
        chances: the chance after each of them.
        unit: the indicator's unit.
    """

    indicator: str
    year: int
    words: Text
    moved: Estimate
    resolved: Estimate
    figures: tuple[float, float, float]
    chances: tuple[Estimate, Estimate, Estimate]
    unit: str


@dataclass(frozen=True)
class Learning:
    """The worth of knowing figures first, the most worthwhile first.

    Attributes:
        target: the target's name.
        value: its chance by what is known now.
        items: one for every figure that was asked for.
    """

    target: str
    value: Estimate
    items: tuple[Worth, ...]

    @property
    def best(self) -> Worth | None:
        """The figure that takes most of the uncertainty away; None where no figure bears on the target."""
        return self.items[0] if self.items else None

    def to_text(self, lang: Language = "zh") -> str:
        """Return the chance now and a line a figure."""
        head = f"目前完成概率{about_per_cent(self.value.value, 'zh')}" if lang == "zh" else f"chance now {about_per_cent(self.value.value, 'en')}"
        return "\n".join([head, *(f"{k}. {_said(item, lang)}" for k, item in enumerate(self.items, 1))])

    def __str__(self) -> str:
        return self.to_text("en")

    def to_dict(self) -> dict[str, Any]:
        """Return the chance and the worths as plain data."""
        return {
            "target": self.target,
            "probability": self.value.value,
            "figures": [
                {
                    "indicator": w.indicator, "year": w.year, "zh": w.words.zh, "en": w.words.en, "unit": w.unit,
                    "moved": w.moved.value, "resolved": w.resolved.value, "stderr": w.moved.stderr,
                    "levels": list(w.figures), "chances": [c.value for c in w.chances],
                }
                for w in self.items
            ],
        }  # fmt: skip


def learning(
    projection: Projection, target: Names, *, indicator: str | None = None, year: int | None = None
) -> Learning:
    """Return how far knowing a year's figure first would move a target's chance, the most worthwhile figure first.

    The figure is taken as exact and the assumptions as they are: with x the figure and p the chance now,

        moved = E|P(target | x) − p|,    resolved = Var[P(target | x)] / (p(1 − p)),

    over what is believed of x: at each node target and figure are jointly normal, and the nodes are weighed by how well
    they explain x. Of events the next year's number is summed over. `resolved` is the resolution over the uncertainty
    in Murphy's decomposition of the Brier score.

    Args:
        projection: from `kjproj.project`.
        target: a target's name, or a target.
        indicator: whose figure; without it all that are related to the target.
        year: of which year; without it the first year that is not published for the indicator.

    Raises:
        NoBasisError: where the study does not say where an indicator stands, or how it moves.
        NotAnswerableError: for a published target or figure, and where target or figure is not linear on the scales.
        KjprojError: for an unknown target or indicator.

    Source: Murphy (1973), doi 10.1175/1520-0450(1973)012<0595:ANVPOT>2.0.CO;2; Howard (1966), doi
    10.1109/TSSC.1966.300074.

    >>> import kjproj as kj
    >>> found = kj.learning(kj.project(kj.datasets.yueyang()), "rd_spending_2025")
    >>> best = found.best
    >>> print(f"{best.indicator} {best.year}: {best.resolved.value:.0%}")
    rd_spending 2022: 21%
    """
    (asked,) = resolve(projection, target)
    clauses = _open(projection, asked)
    names = related(projection, asked) if indicator is None else [projection.study.indicator(indicator).name]
    known = None if year is None else calendar_year(year, "year")
    items = []
    for name in names:
        try:
            items.append(_worth(projection, asked, clauses, name, known))
        except (NotAnswerableError, NoBasisError):
            if indicator is not None:
                raise
    value = probability(projection, asked)
    return Learning(asked.name, value, tuple(sorted(items, key=lambda item: -item.resolved.value)))


def _open(projection: Projection, target: BaseTarget) -> Requirement:
    clauses = required(projection.study, target)
    if isinstance(clauses, bool):
        raise NotAnswerableError(f"{target.name} is published already: no figure moves its chance")
    if not projection.study.counts_events(target.indicator) and not computed(projection.study, clauses):
        raise NotAnswerableError(f"{target.name} rests on a total that is not linear on the scales; no figure is weighed for it")
    return clauses


def _worth(projection: Projection, target: BaseTarget, clauses: Requirement, name: str, year: int | None) -> Worth:
    study = projection.study
    when = next_open_year(projection, name) if year is None else year
    if when in study.reported.get(name, {}):
        raise NotAnswerableError(f"{name} is published for {when}; ask for a later year")
    if study.counts_events(name):
        if target.indicator != name:
            raise NotAnswerableError(f"{name} counts events, which bear on their own targets alone, not on {target.name}")
        found = learned_count(projection, clauses, name, when)
    else:
        if not is_linear(study, name):
            raise NotAnswerableError(f"{name} is a total that is not linear on the scales; ask for one of its parts")
        found = learned_level(projection, clauses, name, when)
    return _item(study, name, when, found)


def _item(study: Study, name: str, year: int, found: Learned) -> Worth:
    words = label(study, name)
    said = Text(zh=f"{year}年{words('zh')}", en=f"{words('en')} in {year}")
    return Worth(name, year, said, found.moved, found.resolved, found.figures, found.chances, study.unit(name))


def next_open_year(projection: Projection, name: str) -> int:
    """Return the first year for which an indicator's figure is not published: after the last one, else the last past year.

    A figure that is only expected, judged or of a part of the year is not published; one that identities imply is known.
    """
    study = projection.study
    if study.counts_events(name):
        whole = [tally.year for tally in projection.events[name].tallies if tally.share is None]
        return max(whole, default=study.last_past_year - 1) + 1
    reported = study.reported.get(name, {})
    known = reported or ({} if study.stated.get(name) else study.implied.get(name, {}))
    return max(known, default=study.last_past_year - 1) + 1


def _said(item: Worth, lang: Language) -> str:
    levels = [digits(level, 3) for level in item.figures]
    chances = [per_cent(chance.value, lang) for chance in item.chances]
    points = f"{100 * item.moved.value:.0f}"
    if lang == "zh":
        pairs = "、".join(f"{a}{item.unit}时{b}" for a, b in zip(levels, chances, strict=True))
        return f"{item.words('zh')}：公布后概率平均变动{points}个百分点，可消除{per_cent(item.resolved.value, 'zh')}的不确定性（{pairs}）"
    pairs = ", ".join(f"{a} {item.unit}: {b}" for a, b in zip(levels, chances, strict=True))
    return f"{item.words('en')}: moves it by {points} points on average, takes {per_cent(item.resolved.value, 'en')} of the uncertainty away ({pairs})"
