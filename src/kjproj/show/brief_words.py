"""The sentences of a brief: what was, what is aimed at, how likely it is, what it hangs on, and what is to be brought."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..answers.overview import Overview, Row, beyond_whole
from ..answers.phrases import aim, growth_words, label
from ..evidence import Bound, Evidence, Partial
from ..numbers import about_per_cent, digits, per_cent
from ..targets import BaseTarget
from ..text import Language
from ..units import unit
from . import words
from .conclusions import reconciled
from .screen import lacks

Cite = Callable[[Evidence | BaseTarget], int | None]
"""The number of the source of a figure or a target; None where it has none."""
Said = tuple[str, tuple[int, ...]]
"""A sentence, and the numbers of its sources."""


def heading(seen: Overview, row: Row, lang: Language) -> str:
    """Return what a paragraph is about: 2025年研发经费投入150亿元."""
    target = row.target
    if target.kind == "milestone":
        name = (target.label or label(seen.study, target.indicator))(lang)
        said = f"{name}{target.describe('zh')}" if lang == "zh" else f"{name} {target.describe('en')}"
    else:
        said = aim(seen.study, target, lang)
        said = f"{target.year}年{said}" if lang == "zh" else f"{said} in {target.year}"
    if target.role is None:
        return said
    role = words.ROLES[target.role][lang].strip()
    return f"{said}（{role}）" if lang == "zh" else f"{said} ({role})"


def sentences(seen: Overview, row: Row, cite: Cite, lang: Language) -> Iterator[Said]:
    """Yield the sentences about one target."""
    if row.status != "no_basis":
        yield from _latest(seen, row, cite, lang)
    yield from ((text, ()) for text in _about(row.target, lang))
    if row.status == "no_basis":
        yield from ((text, ()) for text in _missing(seen, row, lang))
    elif row.status == "observed" and row.chance is not None:
        met = row.chance.value.value == 1.0
        zh, en = ("按公布数据，已达到目标。", "By published figures it is met.") if met else ("按公布数据，未达到目标。", "By published figures it is not met.")
        yield (zh if lang == "zh" else en), ()
    else:
        yield from ((text, ()) for part in (_needed, _chance, _beyond, _mover, _pace, _own) for text in part(seen, row, lang))


def _latest(seen: Overview, row: Row, cite: Cite, lang: Language) -> Iterator[Said]:
    """The last figure, with what the report notes about it."""
    item, own = last_item(seen, row), seen.study.unit(row.target.indicator)
    number = None if item is None else cite(item)
    if row.latest is not None:
        year, level, implied = row.latest
        figure, expected = words.spaced(digits(level), own, lang), item is not None and item.expected
        if lang == "zh":
            text = f"{year}年{'推算' if implied else '预计' if expected else ''}为{figure}"
        else:
            text = f"In {year} it stood at {figure}{', as other figures imply' if implied else ', as expected' if expected else ''}"
    elif isinstance(item, Bound | Partial):
        text = _part(item, own, lang)
    else:
        text = "报告无该指标数据，由相关指标测算" if lang == "zh" else "The report has no figure of it; it follows from others"
    yield text + _noted(item, lang) + _stop(lang), () if number is None else (number,)


def _noted(item: Evidence | BaseTarget | None, lang: Language) -> str:
    """What the report notes, and which statistic is taken, as clauses."""
    note, taken = (None, None) if item is None else (item.note, item.taken_as)
    said = ""
    if taken is not None:
        said += f"，所用口径为{taken('zh')}" if lang == "zh" else f", measured by {taken('en')}"
    if note is not None:
        plain = "（" not in note("zh") if lang == "zh" else "(" not in note("en")
        bracketed = f"（{note('zh')}）" if lang == "zh" else f" ({note('en')})"
        said += bracketed if plain else f"；{note('zh')}" if lang == "zh" else f"; {note('en')}"
    return said


def _stop(lang: Language) -> str:
    return "。" if lang == "zh" else "."


def _about(target: BaseTarget, lang: Language) -> Iterator[str]:
    """What is noted about the target itself."""
    if target.taken_as is not None:
        yield f"目标所用口径为{target.taken_as('zh')}。" if lang == "zh" else f"The target is measured by {target.taken_as('en')}."
    if target.note is not None:
        yield f"目标说明：{target.note('zh')}。" if lang == "zh" else f"Note on the target: {target.note('en')}."


_SIDES: dict[str, dict[Language, str]] = {
    "at_least": {"zh": "不低于", "en": "at least "},
    "more_than": {"zh": "超过", "en": "above "},
    "at_most": {"zh": "不超过", "en": "at most "},
    "less_than": {"zh": "低于", "en": "below "},
}


_PERIODS = {"Q1": "一季度", "Q1-Q2": "上半年", "Q1-Q3": "前三季度"}


def _part(item: Bound | Partial, own: str, lang: Language) -> str:
    """Say a bound, or the figure of a part of a year."""
    if isinstance(item, Bound):
        figure = words.spaced(f"{_SIDES[item.name][lang]}{getattr(item, item.name)}", item.unit or own, lang)
        return f"{item.year}年{figure}" if lang == "zh" else f"In {item.year} it was {figure}"
    figure, period = words.spaced(item.value, item.unit or own, lang), _PERIODS.get(item.period, f"（{item.period}）")
    return f"{item.year}年{period}为{figure}" if lang == "zh" else f"In {item.year} ({item.period}) it came to {figure}"


def last_item(seen: Overview, row: Row) -> Evidence | None:
    """Return the figure that says the last level; without a level the last bound or part of a year."""
    own = [item for _, item in seen.study.standing if item.indicator == row.target.indicator]
    if row.latest is not None:
        said = [item for item in own if item.year == row.latest[0] and item.kind in ("level", "change", "growth")]
        return min(said, key=lambda item: item.kind != "level", default=None)
    parts = [item for item in own if isinstance(item, Bound | Partial) and item.year <= row.target.year]
    return parts[-1] if parts else None


def _needed(seen: Overview, row: Row, lang: Language) -> Iterator[str]:
    """What the target takes a year, and the yearly reference values."""
    need = row.need
    if need is None:
        return
    if words.reached(seen.study, row):
        yield "现有水平已符合目标。" if lang == "zh" else "The last figure meets the target by now."
        return
    growth = growth_words(seen.study, row.target.indicator, need.value, lang)
    first, last = need.base_year + 1, need.year
    if first == last or row.path is None:
        yield f"达到目标，{last}年须{growth}。" if lang == "zh" else f"To meet the target takes {growth} in {last}."
        return
    values = words.reference_values(seen.study, row.target, row.path, lang)
    if lang == "zh":
        yield f"以{need.base_year}年为基期，{first}—{last}年须年均{growth}，分年参考值为{values}。"
    else:
        yield f"From {need.base_year} on it takes {growth} a year, with yearly reference values of {values}."


def _chance(seen: Overview, row: Row, lang: Language) -> Iterator[str]:
    """The median with its range, the chance with its range, and the phrase that is bound to it."""
    assert row.chance is not None  # an open row has one
    chance, span = words.about(row.chance, lang), words.over_words(row.chance, lang)
    judged = words.phrase(row.chance.value.value, lang)
    middle = ""
    if row.median is not None and row.low is not None and row.high is not None:
        low, median, high = words.rounded((row.low, row.median, row.high), whole=unit(row.target.measured(seen.study).unit).counts)
        own, what = row.target.measured(seen.study).unit, row.target.qualifier(lang)
        if lang == "zh":
            middle = f"{row.target.year}年{what}中位数为{median}{own}，80%区间为{low}—{high}{own}，"
        else:
            middle = f"the median{f' {what}' if what else ''} in {row.target.year} is {median} {own} (80 %: {low} to {high}), "
    yield f"经测算，{middle}完成概率{chance}{span}，{judged}。" if lang == "zh" else f"As projected, {middle}and the chance {chance}{span}: {judged}."


def _beyond(seen: Overview, row: Row, lang: Language) -> Iterator[str]:
    """How much of the chance lies above 100 %, where a share's scale has no upper bound."""
    chance = beyond_whole(seen.projection, row)
    if chance is not None and chance >= 0.01:
        said = per_cent(chance, lang)
        yield f"其中超过100%的概率为{said}，如该指标以100%为限，这部分不应计入。" if lang == "zh" else f"Of it {said} lies above 100 %, which does not count where that is the limit."


def _mover(seen: Overview, row: Row, lang: Language) -> Iterator[str]:
    """The assumption that moves the chance most, where one moves it by a per cent or more."""
    assert row.chance is not None  # an open row has one
    name = row.chance.mover
    if name is None or abs(row.chance.under[name] - row.chance.value.value) < 0.01:
        return
    variation = next(v for v in seen.variations if v.name == name)
    then = about_per_cent(row.chance.under[name], lang)
    what = variation.words(lang)
    if lang == "zh":
        inner = what.replace("“", "‘").replace("”", "’")
        yield f"影响最大的假设是“{inner}”，按此测算完成概率{then}。"
    else:
        yield f"One assumption moves it most ({what}): with it the chance is {then}."


def _pace(seen: Overview, row: Row, lang: Language) -> Iterator[str]:
    if row.pace is None:
        return
    lead = words.lead(row.pace, lang)
    more = reconciled(row, lang)
    if more:
        yield more.strip()
    else:
        yield f"{row.pace.year}年进度{lead}。" if lang == "zh" else f"In {row.pace.year} it was {lead} of the plan."


def _own(seen: Overview, row: Row, lang: Language) -> Iterator[str]:
    if row.own_data is None:
        return
    share = per_cent(row.own_data, lang)
    if lang == "zh":
        yield f"数据占比{share}，其余为同类地区经验或给定的判断。"
    else:
        yield f"Own data: {share}; the rest is experience elsewhere or stated belief."


def _missing(seen: Overview, row: Row, lang: Language) -> Iterator[str]:
    """What figure or judgement to bring."""
    name, own, year = label(seen.study, row.target.indicator)(lang), seen.study.unit(row.target.indicator), row.target.year
    for kind in lacks(seen, row):
        if lang == "zh":
            yield {
                "figures": f"报告未提供历史数据，请补充任一年度的{name}（{own}）。",
                "motion": "缺少变动判断，请指定同类经验，或给出年均变动和年波动。",
                "number": f"报告未提供年度数量，请补充任一年度的{name}数量（{own}）。",
                "chance": f"报告未给出实现的可能性，请给出{year}年底前实现的可能性。",
            }[kind]
        else:
            yield {
                "figures": f"The report has no figure: bring {name} ({own}) of any one year.",
                "motion": "How it moves is not said: borrow from a reference class, or give beliefs about drift and volatility.",
                "number": f"The report has no yearly number: bring {name} ({own}) of any one year.",
                "chance": f"The report does not say how likely it is: give the chance that it is reached by the end of {year}.",
            }[kind]
