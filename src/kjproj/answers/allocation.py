"""What a split target looks like: the parts, their chances, and the whole's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..estimate import Estimate
from ..figures import number
from ..numbers import about_per_cent, digits, per_cent
from ..projection import Projection
from ..tables import FrameLibrary, frame_of, table
from ..targets import BaseTarget
from ..text import Language, Text
from .phrases import aim, growth_words
from .required import RequiredGrowth
from .splits import SplitRule


@dataclass(frozen=True)
class Portion:
    """One member's part of a target.

    Attributes:
        name: the member, as it was named.
        indicator: its indicator in the allocation's projection.
        latest, year: its last figure, in the target's unit, and the year of it.
        exact: its part before rounding, in the target's unit.
        figure: its part as printed.
        need: the growth a year that its part takes.
        chance: how likely it meets its part.
        whole_given: how likely the members' sum meets the target if this member meets its part; None where no path does.
    """

    name: str
    indicator: str
    latest: float
    year: int
    exact: float
    figure: str
    need: RequiredGrowth
    chance: Estimate
    whole_given: Estimate | None

    @property
    def value(self) -> float:
        """Its part, in the target's unit."""
        return number(self.figure)


@dataclass(frozen=True, eq=False)
class Allocation:
    """A target that is split among members. The parts add up to it exactly.

    Attributes:
        target: the whole's target.
        goal, unit: its figure, and the unit of it and of all parts.
        rule: by which it was split.
        portions: the members with their parts, in the order in which they were given.
        whole: how likely the whole meets the target, as the study projects it.
        together: how likely the sum of the members does, as they are projected.
        every: how likely every member meets its part; then the sum meets the target.
        projection: the members as indicators with their parts as targets, for further questions.
        notes: what is assumed about the members.
        check: what does not fit: members' figures that do not add up to the whole's; None where they do.
    """

    target: BaseTarget
    goal: float
    unit: str
    rule: SplitRule
    portions: tuple[Portion, ...]
    whole: Estimate
    together: Estimate
    every: Estimate
    projection: Projection
    notes: tuple[Text, ...]
    check: Text | None = None

    @property
    def whole_given_every(self) -> Estimate:
        """How likely the sum meets the target if every member meets its part: it does, because the parts add up to it."""
        return Estimate(1.0, 0.0, "closed form")

    @property
    def every_given_whole(self) -> Estimate:
        """How likely every member meets its part if the sum meets the target: P(every)/P(sum)."""
        if self.together.value <= 0.0:
            return Estimate(0.0, 0.0, self.together.method)
        value = min(self.every.value / self.together.value, 1.0)
        stderr = (self.every.stderr**2 + (value * self.together.stderr) ** 2) ** 0.5 / self.together.value
        return Estimate(value, stderr, self.together.method)

    def share(self, portion: Portion) -> float:
        """Return a member's part as a share of the target."""
        return portion.value / self.goal

    def to_text(self, lang: Language = "zh") -> str:
        """Return the table of parts, and below it what it means for the whole."""
        check = [] if self.check is None else [self.check(lang)]
        lines = [self._title(lang), *check, "", *table(self._head(lang), self._rows(lang)), "", *self._prose(lang)]
        return "\n".join(lines) + "\n"

    def __str__(self) -> str:
        return self.to_text("en")

    def to_dict(self) -> dict[str, Any]:
        """Return the numbers as plain data."""
        return {
            "target": self.target.name,
            "unit": self.unit,
            "rule": self.rule.describe("en"),
            "portions": [self._plain(portion) for portion in self.portions],
            "whole": self.whole.value,
            "together": self.together.value,
            "every": self.every.value,
            "every_given_whole": self.every_given_whole.value,
            "whole_given_every": self.whole_given_every.value,
            "assumed": [note("en") for note in self.notes],
            "check": None if self.check is None else self.check("en"),
        }

    def to_frame(self, backend: FrameLibrary = "pandas") -> Any:
        """Return one row a member as a pandas or polars frame."""
        return frame_of([self._plain(portion) for portion in self.portions], backend)

    def _plain(self, portion: Portion) -> dict[str, Any]:
        return {
            "member": portion.name,
            "indicator": portion.indicator,
            "latest": portion.latest,
            "latest_year": portion.year,
            "part": portion.value,
            "share": self.share(portion),
            "exact": portion.exact,
            "needed_a_year": portion.need.value,
            "needed_as": portion.need.way,
            "probability": portion.chance.value,
            "stderr": portion.chance.stderr,
            "method": portion.chance.method,
            "whole_given": None if portion.whole_given is None else portion.whole_given.value,
        }

    def _title(self, lang: Language) -> str:
        goal, year, rule = aim(self.projection.study, self.target, lang), self.target.year, self.rule.describe(lang)
        if lang == "zh":
            return f"{year}年{goal}分解方案（规则：{rule}；单位：{self.unit}）"
        return f"{goal} in {year}, split (rule: {rule}; in {self.unit})"

    def _head(self, lang: Language) -> Sequence[str]:
        if lang == "zh":
            return "责任单位", "最新值", "分解值", "占比", "尚需", "完成概率", "该单位完成时合计达标"
        return "member", "latest", "part", "share", "still needed", "chance", "sum, if it is met"

    def _rows(self, lang: Language) -> list[list[str]]:
        rows, study = [], self.projection.study
        for p in self.portions:
            latest = f"{digits(p.latest)}（{p.year}）" if lang == "zh" else f"{digits(p.latest)} ({p.year})"
            growth = growth_words(study, p.indicator, p.need.value, lang)
            needed = f"年均{growth}" if lang == "zh" else f"{growth} a year"
            share, chance = per_cent(self.share(p), lang), about_per_cent(p.chance.value, lang)
            then = "—" if p.whole_given is None else about_per_cent(p.whole_given.value, lang)
            rows.append([p.name, latest, p.figure, share, needed, chance, then])
        total = f"{sum(p.latest for p in self.portions):.6g}"
        goal = f"{sum(p.value for p in self.portions):.{len(self.portions[0].figure.partition('.')[2])}f}"
        whole = "100%" if lang == "zh" else "100 %"
        return [*rows, ["合计" if lang == "zh" else "sum", total, goal, whole, "", about_per_cent(self.together.value, lang), ""]]

    def _prose(self, lang: Language) -> list[str]:
        whole, together, every, then = (
            about_per_cent(e.value, lang) for e in (self.whole, self.together, self.every, self.every_given_whole)
        )
        notes = [note(lang) for note in self.notes]
        if lang == "zh":
            return [
                f"总目标完成概率{whole}；按各单位合计测算{together}。",
                f"各单位全部完成的概率{every}，全部完成则合计达标；合计达标时各单位全部完成的概率{then}。",
                "分解值按最大余数法取整，合计与总目标一致；完成概率按取整后的分解值计算。",
                f"假设：{'；'.join(notes)}。",
                "以上概率是依据现有数据和所列假设作出的判断，不是考核结果。",
            ]
        return [
            f"The whole meets its target with a chance of {whole} as projected; the sum of its members, {together}.",
            f"Every member meets its part: {every}, and then the sum meets the target. If the sum does, every member does: {then}.",
            "Parts are rounded by largest remainders and add up to the target; chances are those of the rounded parts.",
            f"Assumed: {'; '.join(notes)}.",
            "The chances are judgements from the data at hand and the stated assumptions, not an assessment result.",
        ]
