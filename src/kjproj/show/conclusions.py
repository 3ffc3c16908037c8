"""Three to five sentences: how likely, what is needed, which reading matters, what does not fit."""

from __future__ import annotations

from ..answers.coherence import label
from ..answers.overview import Overview, Row
from ..answers.required import yearly_path
from ..answers.variations import Variation
from ..numbers import digits, per_cent, rate_words
from ..text import Language
from . import words

_HEADLINES = 2
_NUMERALS = "一二三四五六七八九"


def conclusions(seen: Overview, lang: Language) -> list[str]:
    """Return the sentences, the first about the first open target of the last year."""
    rows = headline_rows(seen)
    said = [_target(seen, row, lang, first=k == 0) for k, row in enumerate(rows)]
    if seen.joint is not None and said:
        said[-1] += _joint(seen, lang)
    said += [_reading(seen, rows, v, lang) for v in seen.variations if v.kind == "reading" and v.about.startswith("one_off")]
    said += [item.brief(lang) for item in seen.findings.of("implied") if item.brief is not None][:1]
    count = sum(row.status == "no_basis" for row in seen.rows)
    if count and len(said) < 5:
        said.append(
            f"另有{count}项目标报告无依据，补充基期值或给出判断后即可测算。"
            if lang == "zh"
            else f"{count} more targets have no basis in the report yet: bring a base value, or give a belief."
        )
    if lang == "zh":
        return [f"{_NUMERALS[k]}、{sentence}" for k, sentence in enumerate(said[:5])]
    return [f"{k}. {sentence}" for k, sentence in enumerate(said[:5], 1)]


def headline_rows(seen: Overview) -> list[Row]:
    """Return the open targets that the conclusions are about: the first two of the last year."""
    answered = [row for row in seen.rows if row.status == "open"]
    last = max((row.target.year for row in answered), default=0)
    return [row for row in answered if row.target.year == last][:_HEADLINES]


def _target(seen: Overview, row: Row, lang: Language, *, first: bool) -> str:
    assert row.chance is not None  # an open row has one
    goal = words.goal_words(seen.study, row.target, lang)
    chance = words.about(row.chance, lang)
    span = words.over_words(row.chance, lang)
    judged = words.phrase(row.chance.value.value, lang)
    if lang == "zh":
        head = f"{row.target.year}年{goal}：完成概率{chance}{span}，{judged}。"
    else:
        head = f"{goal} in {row.target.year}: {chance}{span}, {judged}."
    return head + (_need(seen, row, lang) if first or row.pace else "")


def _need(seen: Overview, row: Row, lang: Language) -> str:
    """What is needed a year from the last figure, with yearly reference values."""
    need = row.need
    if need is None or need.value <= 0:
        return ""
    study, name = seen.study, row.target.indicator
    unit_name, pace = study.unit(name), words.needed(need, study.unit(name), lang)
    values = words.reference_values(list(yearly_path(study, row.target)), row.target.figure, unit_name, lang)
    base = words.spaced(digits(need.base), unit_name, lang)
    first, last = need.base_year + 1, need.year
    if lang == "zh":
        said = f"以{need.base_year}年{base}为基期，{first}—{last}年须{pace}，分年参考值{values}。"
    else:
        said = f" From {base} in {need.base_year} it takes {pace} over {first} to {last}: {values}."
    return said + _reconciled(row, lang)


def _reconciled(row: Row, lang: Language) -> str:
    """Say how a lead over the plan goes together with a chance that is not high."""
    if row.pace is None or row.chance is None or row.pace.lead < 0.1 or row.chance.value.value >= 0.66:
        return ""
    lead = words.lead(row.pace, lang)
    if lang == "zh":
        return f"{row.pace.year}年{lead}，说的是已走过的路；完成概率看的是余下的路和今后的波动，两者并不矛盾。"
    return (
        f" Being {lead} of the plan in {row.pace.year} speaks of the way behind; the chance speaks of the way that is left "
        "and of how much the years vary, so both hold."
    )


def _joint(seen: Overview, lang: Language) -> str:
    assert seen.joint is not None  # asked by the caller
    chance, count = words.about(seen.joint.chance, lang), len(seen.joint.targets)
    binding = words.goal_words(seen.study, seen.row(seen.joint.binding).target, lang)
    if lang == "zh":
        return f"{'两' if count == 2 else count}项同时完成{chance}，其中{binding}单独完成的概率较低。"
    together = "both" if count == 2 else f"all {count}"
    return f" {together.capitalize()} together: {chance}; of these {binding} is the less likely alone."


def _reading(seen: Overview, rows: list[Row], variation: Variation, lang: Language) -> str:
    """The leap read as a one-off, and as growth."""
    _, indicator, year = variation.about.split(":")
    other = next(v for v in seen.variations if v.about == f"growth:{indicator}:{year}")
    places = {v.about: k for k, v in enumerate(seen.variations)}
    weight = seen.branches[variation.about]
    name = label(seen.study, indicator)(lang)
    evidence = next(e for e in seen.study.evidence if e.branches() and e.indicator == indicator and e.year == int(year))
    reason = getattr(evidence, "reason")(lang)  # noqa: B009 - only kinds with branches have one
    parts = []
    for row in rows:
        if row.chance is not None:
            a, b = (per_cent(row.chance.by[places[v.about]], lang) for v in (variation, other))
            parts.append((words.goal_words(seen.study, row.target, lang), a, b))
    lean = _leaning(weight, lang)
    rise = _rise(seen, indicator, int(year), lang)
    if lang == "zh":
        once = "、".join(f"{goal}约{a}" for goal, a, _ in parts)
        growth = "、".join(f"{goal}约{b}" for goal, _, b in parts)
        return (
            f"关键判断：{year}年{name}一年{rise}，{reason}。{lean}"
            f"若视为一次性，{once}；若视为增长，{growth}。"
        )
    once = ", ".join(f"{goal} {a}" for goal, a, _ in parts)
    growth = ", ".join(f"{goal} {b}" for goal, _, b in parts)
    return (
        f"The judgement that matters: in {year} {name} {rise}; {reason}. {lean} "
        f"Read as a one-off: {once}; read as growth: {growth}."
    )


def _leaning(weight: float, lang: Language) -> str:
    """Say which reading the figures favour; between 40 and 60 % they favour none."""
    once, growth = per_cent(weight, lang), per_cent(1.0 - weight, lang)
    if lang == "zh":
        if 0.4 <= weight <= 0.6:
            return f"数据尚难区分两种情况（一次性约{once}）。"
        return f"数据倾向于一次性（约{once}）。" if weight > 0.5 else f"数据倾向于增长（约{growth}）。"
    if 0.4 <= weight <= 0.6:
        return f"The figures hardly tell the two readings apart (a one-off: about {once})."
    if weight > 0.5:
        return f"The figures speak for a one-off (about {once})."
    return f"The figures speak for growth (about {growth})."


def _rise(seen: Overview, indicator: str, year: int, lang: Language) -> str:
    levels = seen.study.implied.get(indicator, {})
    if year not in levels or year - 1 not in levels:
        return "明显变动" if lang == "zh" else "changed markedly"
    change = levels[year] - levels[year - 1]
    if seen.study.unit(indicator) == "%":
        return f"提高{digits(change, 2)}个百分点" if lang == "zh" else f"rose by {digits(change, 2)} points"
    rate = rate_words(change / levels[year - 1], lang)
    return f"增长{rate}" if lang == "zh" else f"grew by {rate}"
