"""What changed, in words: 研发经费投入强度2022年2.41%; "GDP growth belief: … → …"."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...beliefs.reference import reference_class
from ...evidence import Evidence, Level
from ...projection import Projection
from ...study import Study
from ...study.assumptions import assumed_for
from ...targets.bounded import joined_words
from ...text import Language, Text
from ..phrases import aim, figure_words, label
from ..variations import scenario_label
from .pieces import DEFINITION, Key, informing, redefined

Say = Callable[[Key, Any, Any, Projection, Projection, Language], str]


def change_words(key: Key, old: Any, new: Any, before: Projection, after: Projection) -> Text:
    """Say one piece that is another in each of two projections; None is one that is not there."""
    say = _SAY[str(key[0])]
    return Text(zh=say(key, old, new, before, after, "zh"), en=say(key, old, new, before, after, "en"))


def figure_said(study: Study, item: Evidence, lang: Language) -> str:
    """Say a figure with its indicator and year: 研发经费投入强度2022年2.41%; "R&D intensity 2.41 % in 2022"."""
    name, size = label(study, item.indicator)(lang), _size(study, item, lang)
    if not isinstance(item, Level):
        return f"{name}：{size}" if lang == "zh" else f"{name}: {size}"
    milestone = study.measure(item.indicator) == "milestone"
    if lang == "zh":
        return joined_words(name, f"{item.year}年{'底' if milestone else ''}{size}", lang)
    return f"{name} {size} {'by the end of' if milestone else 'in'} {item.year}"


def _size(study: Study, item: Evidence, lang: Language) -> str:
    """Say a figure without its indicator, a level without its year."""
    if isinstance(item, Level) and study.measure(item.indicator) == "milestone":
        zh, en = ("已实现", "reached") if item.value == "1" else ("尚未实现", "not reached")
        return zh if lang == "zh" else en
    said = figure_words(study, item, lang)
    if isinstance(item, Level):
        unit = item.unit or study.unit(item.indicator)
        said = f"{item.value}{unit}" if lang == "zh" else f"{item.value} {unit}"
    return said + ({"zh": "（预计）", "en": " (expected)"}[lang] if item.expected else "")


def _figures(key: Key, old: Any, new: Any, before: Projection, after: Projection, lang: Language) -> str:
    """Say what is new and what it takes the place of; or what is withdrawn."""
    was, now = [*informing(old)], [*informing(new)]
    fresh = [item for item in now if item not in was] or now
    left = [item for item in was if item not in now]
    comma = "、" if lang == "zh" else ", "
    if not now:
        gone = comma.join(figure_said(before.study, item, lang) for item in was)
        return f"不再采用{gone}" if lang == "zh" else f"withdrawn: {gone}"
    said = comma.join(figure_said(after.study, item, lang) for item in fresh)
    if not left:
        return said
    sizes = comma.join(_size(before.study, item, lang) for item in left)
    return f"{said}（原为{sizes}）" if lang == "zh" else f"{said} (before: {sizes})"


def _indicator(key: Key, old: Any, new: Any, before: Projection, after: Projection, lang: Language) -> str:
    name = label(after.study, new.name)(lang)
    if redefined(old, new):
        was, now = (" ".join(str(_value(getattr(x, field))) for field in DEFINITION if getattr(old, field) != getattr(new, field)) for x in (old, new))
        return f"{name}改变口径：{was}改为{now}" if lang == "zh" else f"{name} is another quantity: {was} → {now}"
    was, now = _belief(before, old, lang), _belief(after, new, lang)
    if lang == "zh":
        return f"{name}的变动判断由{was}改为{now}"
    return f"{name} growth belief: {was} → {now}"


def _value(value: Any) -> Any:
    return getattr(value, "kind", value)


def _belief(projection: Projection, indicator: Any, lang: Language) -> str:
    """Say what is believed about how an indicator moves: its class by title, or its own motion or events."""
    if indicator.events is not None:
        return str(indicator.events.describe(lang))
    assumed = assumed_for(indicator, None, {}, projection.study)
    if assumed is None:
        return "无" if lang == "zh" else "none"
    if assumed.reference_class is None or indicator.beliefs:
        return assumed.motion.describe(lang)
    title = reference_class(assumed.reference_class).title(lang)
    places = {"country": "国家", "province": "省", "city": "市", "county": "县"}
    where = {"zh": f"（{places.get(indicator.region, '')}）", "en": f" ({indicator.region})"}[lang] if indicator.region else ""
    return f"同类经验“{title}”{where}" if lang == "zh" else f"as the class “{title}”{where}"


def _identity(key: Key, old: Any, new: Any, before: Projection, after: Projection, lang: Language) -> str:
    return _from_to("恒等式", "identity", old and old.describe(lang), new and new.describe(lang), lang)


def _correlation(key: Key, old: Any, new: Any, before: Projection, after: Projection, lang: Language) -> str:
    study = after.study
    a, b = (label(study, str(name))(lang) for name in key[1:])
    was, now = (f"{0.0 if c is None else c.value:g}" for c in (old, new))
    if lang == "zh":
        return f"{a}与{b}年度波动的相关系数由{was}改为{now}"
    return f"correlation of the yearly shocks of {a} and {b}: {was} → {now}"


def _repair(key: Key, old: Any, new: Any, before: Projection, after: Projection, lang: Language) -> str:
    return "相关系数矩阵的修正方式" if lang == "zh" else "whether correlations are repaired"


def _step(key: Key, old: Any, new: Any, before: Projection, after: Projection, lang: Language) -> str:
    name, year = label(after.study, str(key[1]))(lang), key[2]
    reason = ("；" if lang == "zh" else "; ").join(step.reason(lang) for step in new or old)
    if lang == "zh":
        verb = "取消" if not new else "调整" if old else "增加"
        return f"{verb}{name}{year}年一次性变动（{reason}）"
    verb = "without" if not new else "another" if old else "with a"
    return f"{verb} one-off change of {name} in {year} ({reason})"


def _scenario(key: Key, old: Any, new: Any, before: Projection, after: Projection, lang: Language) -> str:
    was, now = scenario_label(before)(lang), scenario_label(after)(lang)
    if was == now:
        return f"情景“{now}”的内容" if lang == "zh" else f"what the scenario “{now}” says"
    return f"情景由“{was}”改为“{now}”" if lang == "zh" else f"scenario: “{was}” → “{now}”"


def _target(key: Key, old: Any, new: Any, before: Projection, after: Projection, lang: Language) -> str:
    """Say two bounds of one target; of another kind, year or unit the whole target twice."""
    fields = ("kind", "indicator", "year", "unit", "label")
    if all(getattr(old, field, None) == getattr(new, field, None) for field in fields) and old.describe(lang) != new.describe(lang):
        name, was, now = label(after.study, new.indicator)(lang), old.describe(lang), new.describe(lang)
        return f"{new.year}年{name}目标由{was}改为{now}" if lang == "zh" else f"target for {name} in {new.year}: {was} → {now}"
    was, now = aim(before.study, old, lang), aim(after.study, new, lang)
    if lang == "zh":
        return f"目标由{old.year}年{was}改为{new.year}年{now}"
    return f"target: {was} in {old.year} → {now} in {new.year}"


def _as_of(key: Key, old: Any, new: Any, before: Projection, after: Projection, lang: Language) -> str:
    return f"测算时点由{old}移至{new}" if lang == "zh" else f"the day from which one looks ahead: {old} → {new}"


def _draws(key: Key, old: Any, new: Any, before: Projection, after: Projection, lang: Language) -> str:
    names = dict.fromkeys((*old, *new))
    said = [label((after if name in new else before).study, name)(lang) for name in names]
    return f"外部模型给出的路径（{'、'.join(said)}）" if lang == "zh" else f"another tool's paths of {', '.join(said)}"


def _from_to(zh: str, en: str, was: Any, now: Any, lang: Language) -> str:
    if was is None or now is None:
        verb = {"zh": "取消", "en": "without "} if now is None else {"zh": "增加", "en": "with "}
        return f"{verb[lang]}{zh if lang == 'zh' else f'the {en}'} {was or now}"
    return f"{zh}由{was}改为{now}" if lang == "zh" else f"{en}: {was} → {now}"


_SAY: dict[str, Say] = {
    "figures": _figures,
    "indicator": _indicator,
    "identity": _identity,
    "correlation": _correlation,
    "repair": _repair,
    "step": _step,
    "scenario": _scenario,
    "target": _target,
    "as_of": _as_of,
    "draws": _draws,
}
