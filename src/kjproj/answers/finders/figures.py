"""What figures say against each other, and what may be read in two ways."""

from __future__ import annotations

import math
from collections.abc import Iterator

from ...evidence import Bound, Level, Partial
from ...identities import Identity, Product, Ratio
from ...numbers import digits
from ...projection import project
from ...study import Study
from ...targets import Target
from ...text import Language, Text
from ...units import unit
from ..findings import Finding
from ..phrases import aim, figure_words, label
from .common import level_targets, printed

_MOVED = 0.1
_LANGUAGES: tuple[Language, ...] = ("zh", "en")


def conflicts(study: Study) -> Iterator[Finding]:
    """Figures contradict each other whatever the motion."""
    for block in project(study).blocks:
        for conflict in block.conflicts:
            zh_figures, en_figures = ([_said(study, place, lang) for place in conflict.places] for lang in _LANGUAGES)
            factor = f"{conflict.factor:.1f}"
            zh = f"{'、'.join(zh_figures)}不一致，测算时误差放大到{factor}倍（Birge法），建议核实口径。"
            en = f"{', '.join(en_figures)} do not agree; their errors were multiplied by {factor} (Birge's factor). Please check."
            yield Finding("conflict", conflict.places, Text(zh=zh, en=en), {"factor": conflict.factor})


def _said(study: Study, place: str, lang: Language) -> str:
    """Say the figure that stands at a place such as evidence[3]."""
    item = study.evidence[int(place.removeprefix("evidence[").removesuffix("]"))]
    return f"{label(study, item.indicator)(lang)} {figure_words(study, item, lang)}"


def leaps(study: Study) -> Iterator[Finding]:
    """A year's change may be a one-off."""
    for _, item in study.standing:
        if item.branches():
            name = label(study, item.indicator)
            zh = f"{name('zh')}：{item.describe('zh')}。按增长理解与按一次性理解结果不同，两种情形均已列出，建议核实口径。"
            en = f"{name('en')}: {item.describe('en')}. Read as growth or as a one-off it gives different answers; both are shown, please check."
            yield Finding("leap", (item.indicator,), Text(zh=zh, en=en), {"year": item.year})


def ratio_moves(study: Study) -> Iterator[Finding]:
    """Two targets move a ratio that two figures of one year state: many more contracts, and smaller ones."""
    for identity in study.identities:
        if not isinstance(identity, Ratio):
            continue
        names = identity.numerator, identity.denominator
        years = [{item.year for item in _figures(study, name)} for name in names]
        goals = [{t.year: t for t in level_targets(study) if t.indicator == name and t.upwards} for name in names]
        for then in sorted(years[0] & years[1])[-1:]:
            for year in sorted(set(goals[0]) & set(goals[1])):
                levels = [printed(study, [i for i in _figures(study, name) if i.year == then][-1]) for name in names]
                aims = [goals[k][year].goal(study) for k in (0, 1)]
                if year > then and abs(math.log((aims[0] / aims[1]) / (levels[0] / levels[1]))) > _MOVED:
                    yield _moved(study, identity, (then, levels), (goals[0][year], goals[1][year]))


def _figures(study: Study, indicator: str) -> list[Level | Partial | Bound]:
    own = (item for _, item in study.standing if item.indicator == indicator)
    return [item for item in own if isinstance(item, Level | Partial | Bound)]


def _moved(study: Study, identity: Ratio, known: tuple[int, list[float]], targets: tuple[Target, Target]) -> Finding:
    (then, levels), (above, below) = known, targets
    factor = math.exp(identity.offset(study))
    before, after = factor * levels[0] / levels[1], factor * above.goal(study) / below.goal(study)
    rises = [t.goal(study) / level - 1 for t, level in zip(targets, levels, strict=True)]
    own, name = study.unit(identity.result), label(study, identity.result)
    zh = (
        f"{aim(study, above, 'zh')}比{then}年的{digits(levels[0])}{study.unit(above.indicator)}增长{rises[0]:.0%}，"
        f"{aim(study, below, 'zh')}比{digits(levels[1])}{study.unit(below.indicator)}增长{rises[1]:.0%}："
        f"{name('zh')}由{digits(before, 3)}变为{digits(after, 3)}{own}，建议核实。"
    )
    en = (
        f"{aim(study, above, 'en')} is {100 * rises[0]:+.0f} % on {digits(levels[0])} {study.unit(above.indicator)} of {then}, "
        f"{aim(study, below, 'en')} {100 * rises[1]:+.0f} % on {digits(levels[1])} {study.unit(below.indicator)}: "
        f"{name('en')} goes from {digits(before, 3)} to {digits(after, 3)} {own}; please check."
    )
    return Finding("ratio_moves", (above.name, below.name), Text(zh=zh, en=en), {"before": before, "after": after})


def revisable(study: Study) -> Iterator[Finding]:
    """A target for a ratio whose denominator is revised: which vintage counts?"""
    for indicator in study.indicators:
        if indicator.revision is None:
            continue
        name, size = label(study, indicator.name), indicator.revision.sd
        shares = [s for identity in study.identities for s in _shares_of(study, identity, indicator.name)]
        targets = [t for t in level_targets(study) if t.indicator in shares]
        if not targets:
            continue
        last = max(t.year for t in targets)
        final = [t for t in targets if t.year == last]
        zh_goals = "、".join(f"{aim(study, t, 'zh')}（上修{size:.0%}则为{digits(t.goal(study) / (1 + size), 3)}{study.unit(t.indicator)}）" for t in final)
        en_goals = ", ".join(f"{aim(study, t, 'en')} (revised up by {100 * size:.0f} %: {digits(t.goal(study) / (1 + size), 3)})" for t in final)
        zh = f"{name('zh')}会修订（{indicator.revision.reason('zh')}），以其为分母的目标应明确考核口径：{zh_goals}。"
        en = f"{name('en')} is revised later ({indicator.revision.reason('en')}); say which vintage counts for {en_goals}."
        yield Finding("revisable", tuple(t.name for t in final), Text(zh=zh, en=en), {"revision": size})


def _shares_of(study: Study, identity: Identity, name: str) -> list[str]:
    """The ratios to an indicator that an identity speaks of."""
    if isinstance(identity, Ratio):
        return [identity.result] if identity.denominator == name else []
    if isinstance(identity, Product) and name in identity.factors:
        return [factor for factor in identity.factors if unit(study.unit(factor)).quantity == "share"]
    return []
