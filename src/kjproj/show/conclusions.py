"""Three to five sentences: how likely, what is needed, which reading matters, what does not fit."""

from __future__ import annotations

from ..answers.overview import Joint, Overview, Row
from ..answers.phrases import aim, growth_words, label
from ..answers.reconciled import far_ahead
from ..answers.required import way_of
from ..answers.variations import Variation
from ..numbers import about_per_cent, digits, per_cent, rate_words
from ..scales import Log
from ..text import Language
from . import words

_HEADLINES, _MOST = 2, 5
_NUMERALS = "一二三四五六七八九"


def conclusions(seen: Overview, lang: Language) -> list[str]:
    """Return the sentences, the first about the first open target of the last year."""
    rows = headline_rows(seen)
    said = [_target(seen, row, lang, first=k == 0) for k, row in enumerate(rows)]
    joint = headline_joint(seen)
    if joint is not None and said:
        said[-1] += joint_words(seen, joint, lang)
    once = [v for v in seen.variations if v.kind == "reading" and v.about.startswith("one_off")]
    said += [reading_words(seen, rows, v, lang) for v in once if rows]
    said += [item.brief(lang) for item in seen.findings.of("implied") if item.brief is not None][:1]
    if len(said) < _MOST:
        said += _rest(seen, lang, alone=not said)
    if lang == "zh":
        return [f"{_NUMERALS[k]}、{sentence}" for k, sentence in enumerate(said[:_MOST])]
    return [f"{k}. {sentence}" for k, sentence in enumerate(said[:_MOST], 1)]


def _rest(seen: Overview, lang: Language, *, alone: bool) -> list[str]:
    """What is to be said of published targets and of those without a basis; or that there is nothing to answer."""
    published = [row.chance.value.value for row in seen.rows if row.status == "observed" and row.chance is not None]
    missing, said = len({row.target.name.partition("@")[0] for row in seen.rows if row.status == "no_basis"}), []
    if published:
        n, met = len(published), sum(value == 1.0 for value in published)
        zh = f"{n}项目标已有公布数据，其中{met}项已达到。"
        said.append(zh if lang == "zh" else f"Figures are published for {n} target{'' if n == 1 else 's'}; met: {met}.")
    if missing:
        zh = f"{'' if alone else '另有'}{missing}项目标报告无依据，补充基期值或给出判断后即可测算。"
        more, has = "" if alone else " more", "target has" if missing == 1 else "targets have"
        en = f"{missing}{more} {has} no basis in the report yet: bring a base value, or give a belief."
        said.append(zh if lang == "zh" else en)
    if not seen.rows:
        said.append("未列目标，请补充目标后测算。" if lang == "zh" else "No targets are stated yet: add one to be answered.")
    return said


def headline_rows(seen: Overview) -> list[Row]:
    """Return the open targets that the conclusions are about: the first two of the last year."""
    answered = [row for row in seen.rows if row.status == "open"]
    last = max((row.target.year for row in answered), default=0)
    return [row for row in answered if row.target.year == last][:_HEADLINES]


def headline_joint(seen: Overview) -> Joint | None:
    """Return the joint chance of the headline targets themselves, else that of all targets of the last year."""
    names = {row.target.name for row in headline_rows(seen)}
    own = [joint for joint in seen.joints if set(joint.targets) == names]
    return next(iter((*own, *(joint for joint in seen.joints if not joint.pair))), None)


def _target(seen: Overview, row: Row, lang: Language, *, first: bool) -> str:
    assert row.chance is not None  # an open row has one
    goal = aim(seen.study, row.target, lang)
    chance = words.about(row.chance, lang)
    span = words.over_words(row.chance, lang)
    judged = words.phrase(row.chance.value.value, lang)
    if lang == "zh":
        head = f"{row.target.year}年{goal}：完成概率{chance}{span}，{judged}。"
    else:
        head = f"{goal} in {row.target.year}: {chance}{span}, {judged}."
    return head + (_need(seen, row, lang) if first or row.pace else "") + _given(seen, row, lang)


def _given(seen: Overview, row: Row, lang: Language) -> str:
    """Say the chance by the growth of what the target rests on and no target is about, such as GDP."""
    aimed = {name for target in seen.study.targets for name in target.indicators}
    found = [g for g in (row.chance.given if row.chance else ()) if g.indicator not in aimed]
    if not found or not isinstance(seen.study.scale(found[0].indicator), Log):
        return ""
    by = max(found, key=lambda g: g.swing)
    name, colon = label(seen.study, by.indicator)(lang), ("、" if lang == "zh" else ", ")
    rates = colon.join(rate_words(rate, lang) for rate in by.growth)
    chances = colon.join(per_cent(c.value, lang) for c in by.chance)
    if lang == "zh":
        return f"若{by.base_year + 1}—{by.year}年{name}年均增长{rates}，完成概率分别为{chances}。"
    return f" If {name} grows {rates} a year over {by.base_year + 1} to {by.year}: {chances}."


def _need(seen: Overview, row: Row, lang: Language) -> str:
    """What is needed a year from the last figure, with yearly reference values."""
    need, study = row.need, seen.study
    if need is None:
        return ""
    base = words.spaced(digits(need.base), study.unit(row.target.indicator), lang)
    if words.reached(study, row):
        zh = f"{need.base_year}年为{base}，已符合目标。"
        return zh if lang == "zh" else f" It stood at {base} in {need.base_year}, which meets the target by now."
    growth = growth_words(study, row.target.indicator, need.value, lang)
    values = words.reference_values(study, row.target, row.path or (), lang)
    first, last = need.base_year + 1, need.year
    if lang == "zh":
        way = f"{first}—{last}年须年均{growth}，分年参考值{values}" if last > first else f"{last}年须{growth}"
        return f"以{need.base_year}年{base}为基期，{way}。{reconciled(row, lang)}"
    way = f"{growth} a year over {first} to {last}: {values}" if last > first else f"{growth} in {last}"
    return f" From {base} in {need.base_year} it takes {way}.{reconciled(row, lang)}"


def reconciled(row: Row, lang: Language) -> str:
    """Say how a lead over the plan goes together with a chance that is not high."""
    if row.pace is None or row.chance is None:
        return ""
    said = far_ahead(row.pace.lead, row.pace.year, row.chance.value.value)
    if said is None:
        return ""
    return said(lang) if lang == "zh" else f" {said(lang)}"


def joint_words(seen: Overview, joint: Joint, lang: Language) -> str:
    """Say how likely several targets are together, and which of them binds."""
    chance, count = words.about(joint.chance, lang), len(joint.targets)
    binding = aim(seen.study, seen.row(joint.binding).target, lang)
    if lang == "zh":
        most = "较" if count == 2 else "最"
        return f"{'两' if count == 2 else count}项同时完成{chance}，其中{binding}单独完成的概率{most}低。"
    together, least = ("Both", "less") if count == 2 else (f"All {count}", "least")
    return f" {together} together: {chance}; of these {binding} is the {least} likely alone."


def reading_words(seen: Overview, rows: list[Row], variation: Variation, lang: Language) -> str:
    """The leap read as a one-off, and as growth."""
    _, indicator, year = variation.about.split(":")
    other = next(v for v in seen.variations if v.about == f"growth:{indicator}:{year}")
    places = {v.about: k for k, v in enumerate(seen.variations)}
    weight = seen.branches[variation.about]
    name = label(seen.study, indicator)(lang)
    evidence = next(e for _, e in seen.study.standing if e.branches() and e.indicator == indicator and e.year == int(year))
    reason = getattr(evidence, "reason")(lang)  # noqa: B009 - only kinds with branches have one
    parts = []
    for row in rows:
        if row.chance is not None:
            a, b = (about_per_cent(row.chance.by[places[v.about]], lang) for v in (variation, other))
            parts.append((aim(seen.study, row.target, lang), a.removeprefix("about "), b.removeprefix("about ")))
    lean = _leaning(weight, lang)
    rise = _rise(seen, indicator, int(year), lang)
    if lang == "zh":
        once = "、".join(f"{goal}{a}" for goal, a, _ in parts)
        growth = "、".join(f"{goal}{b}" for goal, _, b in parts)
        return f"关键判断：{year}年{name}一年{rise}，{reason}。{lean}若视为一次性，{once}；若视为增长，{growth}。"
    once = ", ".join(f"{goal} {a}" for goal, a, _ in parts)
    growth = ", ".join(f"{goal} {b}" for goal, _, b in parts)
    return (
        f"The judgement that matters: in {year} {name} {rise}; {reason}. {lean} "
        f"Read as a one-off: {once}; read as growth: {growth}."
    )


def _leaning(weight: float, lang: Language) -> str:
    """Say which reading the figures favour; between 40 and 60 % they favour none."""
    once, growth = about_per_cent(weight, lang), about_per_cent(1.0 - weight, lang)
    if lang == "zh":
        if 0.4 <= weight <= 0.6:
            return f"数据尚难区分两种情况（一次性{once}）。"
        return f"数据倾向于一次性（{once}）。" if weight > 0.5 else f"数据倾向于增长（{growth}）。"
    if 0.4 <= weight <= 0.6:
        return f"The figures hardly tell the two readings apart (a one-off: {once})."
    if weight > 0.5:
        return f"The figures speak for a one-off ({once})."
    return f"The figures speak for growth ({growth})."


def _rise(seen: Overview, indicator: str, year: int, lang: Language) -> str:
    levels = seen.study.implied.get(indicator, {})
    if year not in levels or year - 1 not in levels:
        return "明显变动" if lang == "zh" else "changed markedly"
    before, change = levels[year - 1], levels[year] - levels[year - 1]
    growth = change / before if way_of(seen.study, indicator) == "rate" and before > 0 else change
    if lang == "zh":
        return growth_words(seen.study, indicator, growth, lang)
    return f"{'rose' if change >= 0 else 'fell'} by {growth_words(seen.study, indicator, abs(growth), lang)}"
