"""The screen: what a planner reads, in order."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..answers.coherence import label
from ..answers.overview import Overview, Row
from ..answers.variations import scenario_label
from ..numbers import per_cent
from ..text import Language
from . import tables, words
from .assumptions import assumption_lines
from .conclusions import conclusions, headline_rows

Lay = Callable[[Sequence[str], Sequence[Sequence[str]]], list[str]]
Section = tuple[str, list[str]]
_SPLIT = 5


def screen(seen: Overview, lang: Language, columns: int) -> str:
    """Return the whole screen as text that fits `columns`, where the words allow."""

    def lay(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
        return tables.fitting(head, rows, columns, _SPLIT if len(head) == len(words.HEADS[lang]) else len(head))

    blocks = []
    for title, lines in sections(seen, lang, lay):
        body = [part for line in lines for part in (_broken(line, columns) if not title.startswith("|") else [line])]
        blocks.append("\n".join([*([title.lstrip("|")] if title.strip("|") else []), *body]))
    return "\n\n".join(blocks) + "\n"


def _broken(line: str, columns: int) -> list[str]:
    indent = "    " if line[:1] in "一二三四五六七八九123456789-" else ""
    return tables.wrapped(line, columns, indent)


def sections(seen: Overview, lang: Language, lay: Lay) -> list[Section]:
    """Return titles and lines in the planner's order; a title that begins with | heads a table, not to be wrapped."""
    found: list[Section] = [("", heading(seen, lang)), (_title("conclusions", lang), conclusions(seen, lang))]
    last = max((row.target.year for row in seen.rows), default=0)
    based = [row for row in seen.rows if row.status != "no_basis"]
    final, stage = [r for r in based if r.target.year == last], [r for r in based if r.target.year != last]
    if final:
        title = words.SECTIONS["targets"][lang].format(last)
        found.append((f"|{title}", lay(words.HEADS[lang], [*_rows(seen, final, lang), *_joint_row(seen, lang)])))
    if stage:
        found.append((f"|{_title('stage', lang)}", lay(words.HEADS[lang], _rows(seen, stage, lang))))
    missing = [row for row in seen.rows if row.status == "no_basis"]
    if missing:
        found.append((f"|{_title('no_basis', lang)}", lay(*_missing(seen, missing, lang))))
    if noted := notes(seen, lang):
        found.append((_title("notes", lang), noted))
    if len(seen.findings):
        found.append((_title("findings", lang), [f"- {item.words(lang)}" for item in seen.findings]))
    if seen.study.scenarios[1:]:
        found.append((f"|{_title('scenarios', lang)}", lay(*_scenarios(seen, lang))))
    found.append((_title("assumptions", lang), assumption_lines(seen, lang)))
    found.append((_title("sources", lang), sources(seen, lang)))
    found.append((_title("recipe", lang), [recipe(seen)]))
    found.append(("", [*words.glossary(seen.study, lang), *words.CLOSING[lang]]))
    return found


def _title(section: str, lang: Language) -> str:
    return words.SECTIONS[section][lang]


def heading(seen: Overview, lang: Language) -> list[str]:
    """Title, scenario, and what the figures cover."""
    study, scenario = seen.study, scenario_label(seen.projection)(lang)
    title = study.title(lang) if study.title else ("目标完成概率测算" if lang == "zh" else "How likely are the targets?")
    covered = [s for s in study.sources if s.covers_until]
    zh = [f"情景：{scenario}", f"测算时点：{study.as_of}"]
    en = [f"scenario: {scenario}", f"as of {study.as_of}"]
    for source in covered:
        published_zh = f"（{source.published}发布）" if source.published else ""
        published_en = f" (published {source.published})" if source.published else ""
        zh.append(f"资料截至：{source.covers_until}{published_zh}")
        en.append(f"source covers until {source.covers_until}{published_en}")
    return [title, ("    " if lang == "zh" else "; ").join(zh if lang == "zh" else en)]


def _rows(seen: Overview, rows: Sequence[Row], lang: Language) -> list[list[str]]:
    return [_row(seen, row, lang) for row in rows]


def _row(seen: Overview, row: Row, lang: Language) -> list[str]:
    study, target = seen.study, row.target
    last = max(r.target.year for r in seen.rows)
    name = words.named(study, target, lang)
    if target.year != last:
        name = f"{name} {target.year}"
    first = [
        name,
        words.latest(row, lang),
        target.describe(lang),
        words.needed(row.need, study.unit(target.indicator), lang),
        words.pace(row, study, lang),
    ]
    if row.status == "observed" and row.chance is not None:
        met = row.chance.value.value == 1.0
        said = {"zh": ("未达到", "已达到"), "en": ("published: not met", "published: met")}[lang][met]
        return [*first, "—", "—", "—", said, "—"]
    assert row.chance is not None  # an open row has one
    own = "—" if row.own_data is None else per_cent(row.own_data, lang)
    judged = words.phrase(row.chance.value.value, lang)
    return [*first, words.median_range(row, lang), words.about(row.chance, lang), words.over(row.chance, lang), judged, own]


def _joint_row(seen: Overview, lang: Language) -> list[list[str]]:
    if seen.joint is None:
        return []
    count = len(seen.joint.targets)
    if lang == "zh":
        name = "　以上两项同时" if count == 2 else f"　以上{count}项同时"
    else:
        name = "  both together" if count == 2 else f"  all {count} together"
    chance = seen.joint.chance
    return [[name, "", "", "", "", "", words.about(chance, lang), words.over(chance, lang), words.phrase(chance.value.value, lang), ""]]


def _missing(seen: Overview, rows: Sequence[Row], lang: Language) -> tuple[Sequence[str], list[list[str]]]:
    head = ("目标", "最新值", "目标值", "怎样才能测算") if lang == "zh" else ("target", "latest", "goal", "to be answered")
    advice = (
        "报告未提供历史数据，请补充基期值或给出判断"
        if lang == "zh"
        else "no basis in the report: bring a base value or give a belief"
    )
    return head, [
        [words.named(seen.study, r.target, lang), words.latest(r, lang), r.target.describe(lang), advice] for r in rows
    ]


def _scenarios(seen: Overview, lang: Language) -> tuple[Sequence[str], list[list[str]]]:
    """Columns are scenarios; rows the headline targets and the joint chance."""
    order = [v for v in seen.variations if v.kind == "scenario"]
    places = [seen.variations.index(v) for v in order]
    head = ["" if lang == "en" else "目标", scenario_label(seen.projection)(lang)]
    head += [scenario_label(seen.projection, v.about)(lang) for v in order]
    rows = []
    for row in headline_rows(seen):
        if row.chance is not None:
            chances = [row.chance.value.value, *(row.chance.by[k] for k in places)]
            rows.append([words.goal_words(seen.study, row.target, lang), *(per_cent(c, lang) for c in chances)])
    if seen.joint is not None:
        chances = [seen.joint.chance.value.value, *(seen.joint.chance.by[k] for k in places)]
        rows.append(["同时完成" if lang == "zh" else "together", *(per_cent(c, lang) for c in chances)])
    return head, rows


def notes(seen: Overview, lang: Language) -> list[str]:
    """What the study notes beside its targets and figures, and shares that may pass 100 %."""
    study = seen.study
    lines = []
    for target in study.targets:
        if target.note is not None:
            name = words.goal_words(study, target, lang)
            lines.append(f"- {target.year}年{name}：{target.note(lang)}" if lang == "zh" else f"- {name} in {target.year}: {target.note(lang)}")
    for item in study.evidence:
        if item.note is not None:
            name = label(study, item.indicator)(lang)
            lines.append(f"- {name}，{item.describe(lang)}：{item.note(lang)}" if lang == "zh" else f"- {name}, {item.describe(lang)}: {item.note(lang)}")
    return lines + [f"- {warning(lang)}" for warning in seen.warnings]


def sources(seen: Overview, lang: Language) -> list[str]:
    """Every source with the sections that are cited, and the figures from them."""
    lines = []
    for source in seen.study.sources:
        cited = [e for e in (*seen.study.evidence, *seen.study.targets) if e.source == source.name and e.section]
        by_section = sorted({e.section for e in cited if e.section})
        parts = [part(lang) for part in (source.publisher, source.title) if part is not None]
        said = "，".join(parts) if lang == "zh" else ", ".join(parts)
        where = "、".join(by_section) if lang == "zh" else ", ".join(by_section)
        when = f"{source.published}" if source.published else ""
        lines.append(f"- {said or source.name}（{when}；章节{where}）" if lang == "zh" else f"- {said or source.name} ({when}; sections {where})")
    return lines or ["—"]


def recipe(seen: Overview) -> str:
    """The recipe in one line."""
    r = seen.projection.recipe
    return (
        f"study {r.study}, scenario {r.scenario}, rng {r.seed}, stream {r.stream}, kjproj {r.kjproj}, numpy {r.numpy}, "
        f"scipy {r.scipy}, python {r.python}"
    )
