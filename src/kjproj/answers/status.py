"""How do official methods assess a target's progress, and how does that go with its chance?"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from ..errors import KjprojError, NoBasisError, NotAnswerableError
from ..estimate import Estimate
from ..numbers import about_per_cent, digits
from ..projection import Projection
from ..study import Study
from ..targets import Added, BaseTarget, Bounded, Growth
from ..text import Language, Text
from .official import escap, eurostat, pace, sdsn, unsd
from .official.common import Progress, Score
from .phrases import aim
from .probability import probability
from .questions import Names, calendar_year
from .reconciled import BORDER, FAR, far_ahead, lead_words, off_track_yet_likely, on_track_yet_unlikely
from .required import last_figure

METHODS = (eurostat, unsd, sdsn, escap, pace)
"""The methods, in the order in which they are shown; each has a `METHOD`, a `TITLE` and `score(progress)`."""
_TITLES = {method.METHOD: method.TITLE for method in METHODS}


@dataclass(frozen=True)
class Status:
    """What official methods say of a target: arithmetic on published figures, beside the chance, which is a judgement.

    Attributes:
        target: the target.
        progress: base, last figure and goal, in the indicator's unit; None where one is lacking.
        given: how the last figure is known: "reported", "expected" (its source expects it) or "implied" (by others).
        scores: one a method that applies.
        lacking: what is lacking for the others, or for all.
        chance: the chance, where a projection was asked; None else, and where there is no basis.
        reconciled: how the scores and the chance go together, where they seem not to.
    """

    study: Study
    target: BaseTarget
    progress: Progress | None
    given: str
    scores: tuple[Score, ...]
    lacking: tuple[Text, ...]
    chance: Estimate | None
    reconciled: Text | None

    def score(self, method: str) -> Score:
        """Return the score of a method by name; raises `KjprojError` where it has none."""
        for found in self.scores:
            if found.method == method:
                return found
        said = "; ".join(words("en") for words in self.lacking) or f"known are {', '.join(_TITLES)}"
        raise KjprojError(f"no score {method!r} for {self.target.name}: {said}")

    def to_text(self, lang: Language) -> str:
        """Return a line a method, what is lacking, and the chance beside them."""
        head = f"{self.target.year}年{aim(self.study, self.target, lang)}" if lang == "zh" else f"{aim(self.study, self.target, lang)} in {self.target.year}"
        colon, end = ("：", "。") if lang == "zh" else (": ", ".")
        lines = [f"- {_TITLES[s.method](lang)}{colon}{s.words(lang)}" for s in self.scores]
        lines += [f"- {words(lang)}" for words in self.lacking]
        if self.scores:
            lines.append(_NOTE[lang])
        if self.chance is not None:
            also = "" if self.reconciled is None else self.reconciled(lang)
            lines.append(f"{_chance(self.chance, lang)}{end}{'' if lang == 'zh' else ' '}{also}".rstrip())
        return "\n".join([f"{head}{self._way(lang)}", *lines])

    def __str__(self) -> str:
        return self.to_text("en")

    def _way(self, lang: Language) -> str:
        p, unit = self.progress, self.study.unit(self.target.indicator)
        if p is None:
            return ""
        mark = {"expected": {"zh": "，预计", "en": ", expected"}, "implied": {"zh": "，推算", "en": ", implied"}}.get(self.given, {"zh": "", "en": ""})
        if lang == "zh":
            return f"（{p.base_year}年{digits(p.base)}，{p.year}年{digits(p.level)}{unit}{mark['zh']}）"
        return f" ({digits(p.base)} in {p.base_year}, {digits(p.level)} {unit} in {p.year}{mark['en']})"

    def to_dict(self) -> dict[str, Any]:
        """Return the scores as plain data."""
        chance = None if self.chance is None else {"probability": self.chance.value, "stderr": self.chance.stderr, "method": self.chance.method}
        return {
            "target": self.target.name,
            "progress": None if self.progress is None else {**asdict(self.progress), "given": self.given},
            "scores": [
                {"method": s.method, "value": s.value, "category": s.category, "zh": s.words("zh"), "en": s.words("en"), **s.numbers} for s in self.scores
            ],
            "lacking": [{"zh": words("zh"), "en": words("en")} for words in self.lacking],
            "chance": chance,
            "reconciled": None if self.reconciled is None else {"zh": self.reconciled("zh"), "en": self.reconciled("en")},
        }


def status(of: Study | Projection, target: Names, *, base_year: int | None = None) -> Status:
    """Return how official methods assess a target's progress; of a projection with the chance beside them.

    They are deterministic: a base, the last figure and the target are all they know. Eurostat: the ratio of actual to
    required compound growth. UN Statistics Division: where the pace since the base leads by the target's year. SDSN:
    the ratio of actual to required yearly change. ESCAP: how far of the way is behind, out of 10. The pace of the plan
    (时序进度): the share of the way less the share of the years. Where one of them says "on track" and the chance is below a
    third, or "off track" and it is above two thirds, or the lead over the plan is ten points while the chance is below
    66 %, a sentence says how both can hold.

    Args:
        of: a study, or a projection of one.
        target: a target's name, or a target.
        base_year: the year from whose end progress is counted: that of the study's plan unless given, else the year
            since which the target itself counts. No other base is made up.

    Raises:
        KjprojError: for an unknown target, or a base year that is none or not before the target's.

    Sources: docs/status.md has formula, source and thresholds of each method.

    >>> import kjproj as kj
    >>> print(kj.status(kj.datasets.yueyang(), "rd_intensity_2025").to_text("en"))
    R&D intensity 2.6 % in 2025 (1.57 in 2020, 2.23 % in 2021)
    - Eurostat, monitoring of sustainable development: 42.0 % a year since 2020 is 396.0 % of the 10.6 % required: significant progress
    - UN Statistics Division, progress assessment: at the pace since 2020 it is 9.077 in 2025, 728.8 % of the way: on track or target met
    - SDSN, trend arrow of the SDG Index: the change a year since 2020 is 320.4 % of what is required: ↑ on track
    - ESCAP, current status index: 6.4 (0 in 2020, 10 at the target)
    - pace of the plan: 64 % of the way, 20 % of the years: 44 points ahead
    These are arithmetic on published figures, not chances.
    """
    study = of.study if isinstance(of, Projection) else of
    if not isinstance(study, Study):
        raise KjprojError(f"of is {type(of).__name__}; expected a kjproj.Study, or a projection of one")
    asked = study.target(target)
    progress, given, lacking = _progress(study, asked, base_year)
    found = () if progress is None else _scores(study, asked, progress)
    if progress is not None and not progress.positive:
        lacking = (*lacking, _NO_RATE)
    chance = _probability(of, asked) if isinstance(of, Projection) else None
    told = None if progress is None or chance is None else _reconciled(progress, found, chance)
    return Status(study, asked, progress, given, found, lacking, chance, told)


def _scores(study: Study, target: BaseTarget, progress: Progress) -> tuple[Score, ...]:
    """Return what the methods say; the pace of the plan only of targets for its last year, as on the screen."""
    plan = study.plan
    interim = plan is not None and progress.base_year == plan.base_year and target.year != plan.last_year
    methods = [method for method in METHODS if not (method is pace and interim)]
    return tuple(score for method in methods if (score := method.score(progress)) is not None)


def _progress(study: Study, target: BaseTarget, base_year: int | None) -> tuple[Progress | None, str, tuple[Text, ...]]:
    """Return base, last figure and goal, how the last figure is known, and what is lacking."""
    start, goal = _base_year(study, target, base_year), target.goal_level(study)
    one_sided = not (isinstance(target, Bounded) and target.between is not None)
    if goal is None or not one_sided:
        return None, "", (_NO_GOAL if one_sided else _TWO_SIDED,)
    if start is None:
        return None, "", (_NO_YEAR,)
    base, last = study.implied.get(target.indicator, {}).get(start), last_figure(study, target.indicator, target.year + 1)
    if base is None:
        return None, "", (Text(zh=f"缺{start}年基期值", en=f"no figure for {start}"),)
    if last is None or last[0] <= start:
        return None, "", (Text(zh=f"缺{start}年以后的数据", en=f"no figure after {start}"),)
    if goal <= base if target.upwards else goal >= base:
        return None, "", (Text(zh=f"{start}年已符合目标，无进度可言", en=f"{start} met the target, so there was no way to go"),)
    year, level, implied = last
    reported = study.reported.get(target.indicator, {}).get(year) is not None
    given = "implied" if implied else "reported" if reported else "expected"
    return Progress(start, base, year, level, target.year, goal), given, ()


def _base_year(study: Study, target: BaseTarget, stated: int | None) -> int | None:
    """Return the stated base year, else the plan's where it covers the target's year, else the target's own."""
    if stated is not None:
        if calendar_year(stated, "base_year") >= target.year:
            raise KjprojError(f"base_year is {stated}, and {target.name} is for {target.year}; expected an earlier year")
        return int(stated)
    if study.plan is not None and study.plan.base_year < target.year <= study.plan.last_year:
        return study.plan.base_year
    if isinstance(target, Growth) or (isinstance(target, Added) and target.since is not None):
        return target.base
    return None


def _probability(projection: Projection, target: BaseTarget) -> Estimate | None:
    try:
        return probability(projection, target)
    except (NoBasisError, NotAnswerableError):
        return None


def _reconciled(progress: Progress, scores: tuple[Score, ...], chance: Estimate) -> Text | None:
    """Return the first sentence that applies; of a published figure none is needed."""
    if chance.method == "observed":
        return None
    lead = next((score.value for score in scores if score.method == pace.METHOD), 0.0)
    judged = [(score.side, _judgement(score)) for score in scores if score.category and score.method != pace.METHOD]
    ahead, behind = ([words for side, words in judged if side == wanted] for wanted in ("ahead", "behind"))
    late = [Text(zh=f"时序进度“{lead_words(lead, 'zh')}”", en=f"“{lead_words(lead, 'en')}” of the plan")] if lead <= BORDER - FAR else []
    return (
        far_ahead(lead, progress.year, chance.value)
        or on_track_yet_unlikely(ahead, progress.base_year, chance.value)
        or off_track_yet_likely([*behind, *late], progress.base_year, chance.value)
    )


def _judgement(score: Score) -> Text:
    """Say what a method calls it: 联合国统计司进展评估“停滞或倒退”."""
    named = next(c.words for c in _CATEGORIES[score.method] if c.name == score.category)
    title = _TITLES[score.method]
    return Text(zh=f"{title('zh')}判为“{named('zh')}”", en=f"“{named('en')}” ({title('en').partition(',')[0]})")


def _chance(chance: Estimate, lang: Language) -> str:
    """Say the chance, or whether the published figure meets the target."""
    if chance.method == "observed":
        met = chance.value == 1.0
        return ("公布数据已达到目标" if met else "公布数据未达到目标") if lang == "zh" else f"The published figure {'meets' if met else 'misses'} the target"
    said = about_per_cent(chance.value, lang)
    return f"完成概率{said}" if lang == "zh" else f"Chance: {said}"


_CATEGORIES = {method.METHOD: method.CATEGORIES for method in (eurostat, unsd, sdsn)}
_NOTE: dict[Language, str] = {
    "zh": "以上各项是对公布数据的算术评价，不是概率。",
    "en": "These are arithmetic on published figures, not chances.",
}
_NO_GOAL = Text(
    zh="目标不折合为某一水平值（事件、与其他指标之差或缺基年数据），不适用",
    en="the target amounts to no level (events, a comparison, or no figure for its base year): none of the methods applies",
)
_TWO_SIDED = Text(zh="目标为区间，各方法均不适用", en="the target lies between two bounds: none of the methods applies")
_NO_YEAR = Text(
    zh="未注明基年：请在plan中给出基年，或另行指定",
    en="no base year: give the study a plan, or state base_year",
)
_NO_RATE = Text(
    zh="数值不全为正，不能计算年均复合增速，欧盟统计局和联合国统计司的方法不适用",
    en="levels are not all above 0, so there is no compound rate: neither Eurostat's method nor the UN Statistics Division's applies",
)
