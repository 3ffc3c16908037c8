"""The screen: what a planner reads, in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Literal

from ..answers.bounds import Bounds
from ..answers.overview import Joint, Overview, Row
from ..answers.phrases import aim, figure_words, label
from ..answers.variations import scenario_label
from ..engine.unknowns import roots
from ..numbers import per_cent
from ..text import Language, Text
from . import tables, words
from .assumptions import assumption_lines
from .conclusions import conclusions, headline_joint, headline_rows
from .section import Section, Table

_SPLIT, _ALWAYS = 5, 3
Sort = Literal["plan", "risk"]
Line = tuple[list[str], Bounds | None]


def screen(seen: Overview, lang: Language, columns: int, sort: Sort = "plan") -> str:
    """Return the whole screen as text that fits `columns`, where single words and figures allow."""
    blocks = []
    for section in sections(seen, lang, sort):
        shown = shown_table(section.table, lang)
        table = [] if shown is None else tables.fitting(shown.head, shown.rows, columns, _cut(shown, lang))
        body = [part for line in section.prose for part in _broken(line, columns)]
        blocks.append("\n".join([*([section.title] if section.title else []), *table, *body]))
    return "\n\n".join(blocks) + "\n"


def shown_table(table: Table | None, lang: Language) -> Table | None:
    """Return a table as it is shown: that of targets without its blank columns."""
    return table.without_blanks(_ALWAYS) if table is not None and tuple(table.head) == words.HEADS[lang] else table


def _cut(table: Table, lang: Language) -> int:
    """Return where a table is best cut: that of targets between what is given and what is found."""
    given = sum(head in words.HEADS[lang][:_SPLIT] for head in table.head)
    return given if given > 1 else len(table.head)


def _broken(line: str, columns: int) -> list[str]:
    numbered = line.startswith("- ") or line[1:2] in ("、", ".")
    return tables.wrapped(line, columns, "    " if numbered else "")


def sections(seen: Overview, lang: Language, sort: Sort = "plan") -> list[Section]:
    """Return what the screen says, in the planner's order; the first section is the heading."""
    found = [Section("heading", "", heading(seen, lang)), _section("conclusions", lang, conclusions(seen, lang))]
    last = max((row.target.year for row in seen.rows), default=0)
    based = _sorted([row for row in seen.rows if row.status != "no_basis"], sort)
    events = [row for row in based if seen.study.counts_events(row.target.indicator)]
    final, stage = ([r for r in based if r not in events and (r.target.year == last) is wanted] for wanted in (True, False))
    groups = [(name, group) for name, group in (("targets", final), ("stage", stage), ("events", events)) if group]
    for k, (name, group) in enumerate(groups):
        later = {row.target.name for _, rows in groups[k + 1 :] for row in rows}
        lines = _with_joints(seen, group, lang, sort, later)
        table = Table(words.HEADS[lang], [cells for cells, _ in lines], [chance for _, chance in lines])
        found.append(Section(name, words.SECTIONS[name][lang].format(last), [], table))
    if stepped := with_steps(based):
        found.append(_section("yearly", lang, [], _yearly(seen, stepped, lang)))
    missing = without_basis(seen)
    if missing:
        lacking = dict.fromkeys(kind for row in missing for kind in lacks(seen, row))
        advice = [said[lang] for kind, said in words.BRING.items() if kind in lacking]
        found.append(_section("no_basis", lang, advice, _missing(seen, missing, lang)))
    if noted := notes(seen, lang):
        found.append(_section("notes", lang, noted))
    if len(seen.findings):
        found.append(_section("findings", lang, [f"- {item.words(lang)}" for item in seen.findings]))
    if seen.study.scenarios[1:] and headline_rows(seen):
        found.append(_section("scenarios", lang, [], _scenarios(seen, lang)))
    found.append(_section("assumptions", lang, assumption_lines(seen, lang) or ["—"]))
    found.append(_section("sources", lang, sources(seen, lang)))
    found.append(_section("recipe", lang, [recipe(seen)]))
    found.append(Section("closing", "", [*words.glossary(seen.study, lang), *words.CLOSING[lang]]))
    return found


def _section(name: str, lang: Language, prose: list[str], table: Table | None = None) -> Section:
    return Section(name, words.SECTIONS[name][lang], prose, table)


def heading(seen: Overview, lang: Language) -> list[str]:
    """Title, scenario, and what the figures cover."""
    study, scenario = seen.study, scenario_label(seen.projection)(lang)
    title = study.title(lang) if study.title else ("目标完成概率测算" if lang == "zh" else "How likely are the targets?")
    covered = [s for s in study.sources if s.covers_until and (s.published or study.as_of) <= study.as_of]
    zh = [f"情景：{scenario}", f"测算时点：{study.as_of}"]
    en = [f"scenario: {scenario}", f"as of {study.as_of}"]
    for source in covered:
        published_zh = f"（报告{source.published}发布）" if source.published else ""
        published_en = f" (published {source.published})" if source.published else ""
        zh.append(f"数据截至：{_until(source.covers_until)}{published_zh}")
        en.append(f"source covers until {source.covers_until}{published_en}")
    return [title, ("    " if lang == "zh" else "; ").join(zh if lang == "zh" else en)]


def _until(day: date | None) -> str:
    return f"{day.year}年底" if day and (day.month, day.day) == (12, 31) else str(day)


def with_steps(rows: Sequence[Row]) -> list[Row]:
    """The rows whose yearly reference values lead over two years or more: of one year the only value is the goal."""
    return [row for row in rows if row.path is not None and len(row.path) > 1]


def _yearly(seen: Overview, rows: Sequence[Row], lang: Language) -> Table:
    """A column a year, a row a target."""
    years, last = sorted({year for row in rows if row.path for year in row.path.by_year}), max(r.target.year for r in seen.rows)
    lines = []
    for row in rows:
        if row.path is not None:
            said = dict(zip(row.path.by_year, words.reference_figures(seen.study, row.target, row.path), strict=True))
            lines.append([words.titled(seen.study, row.target, last, lang), *(said.get(year, "") for year in years)])
    return Table(["目标" if lang == "zh" else "target", *map(str, years)], lines)


def _row(seen: Overview, row: Row, lang: Language) -> list[str]:
    study, target = seen.study, row.target
    first = [
        words.titled(study, target, max(r.target.year for r in seen.rows), lang),
        words.latest(study, row, lang),
        words.bound(study, target, lang),
        words.needed(study, row, lang),
        words.pace(row, study, lang),
    ]
    if row.status == "observed" and row.chance is not None:
        met = row.chance.value.value == 1.0
        said = {"zh": ("未达到", "已达到"), "en": ("published: not met", "published: met")}[lang][met]
        return [*first, "—", "—", "—", said, "—"]
    assert row.chance is not None  # an open row has one
    own = "—" if row.own_data is None else per_cent(row.own_data, lang)
    judged = words.phrase(row.chance.value.value, lang)
    return [*first, words.median_range(study, row, lang), words.about(row.chance, lang), words.over(row.chance, lang), judged, own]


def _sorted(rows: Sequence[Row], sort: Sort) -> list[Row]:
    """In the plan's order, or the least likely first."""
    if sort == "plan":
        return list(rows)
    return sorted(rows, key=lambda row: row.chance.value.value if row.chance is not None else 2.0)


def _with_joints(seen: Overview, rows: Sequence[Row], lang: Language, sort: Sort, later: set[str]) -> list[Line]:
    """The rows, each pair's joint chance below its last member (by risk: all at the end), and that of all below.

    What is together with targets of a `later` table stands there.
    """
    names = [row.target.name for row in rows]
    below: dict[str, list[Line]] = {}
    for joint in seen.joints:
        if set(joint.targets) & set(names) and not set(joint.targets) & later:
            inside = [name for name in joint.targets if name in names]
            last = names[-1] if not joint.pair or sort == "risk" else max(inside, key=names.index)
            below.setdefault(last, []).append((_joint_row(seen, joint, names if sort == "plan" else (), lang), joint.chance))
    own = {row.target.name: (_row(seen, row, lang), row.chance if row.status == "open" else None) for row in rows}
    return [line for name in names for line in (own[name], *below.get(name, ()))]


def _joint_row(seen: Overview, joint: Joint, names: Sequence[str], lang: Language) -> list[str]:
    """Say what is together: "both" where the targets stand right above, else by name."""
    count, places = len(joint.targets), sorted(names.index(name) for name in joint.targets if name in names)
    above = len(places) == count and places[-1] - places[0] == count - 1
    if not above and joint.pair:
        said = [label(seen.study, seen.row(name).target.indicator)(lang) for name in joint.targets]
        name = f"　{'、'.join(said)}同时" if lang == "zh" else f"  {' and '.join(said)} together"
    elif lang == "zh":
        name = f"　{'以上' if above else '全部'}{'两项' if count == 2 else f'{count}项'}同时"
    else:
        name = "  both together" if count == 2 else f"  all {count} together"
    chance = joint.chance
    return [name, "", "", "", "", "", words.about(chance, lang), words.over(chance, lang), words.phrase(chance.value.value, lang), ""]


def without_basis(seen: Overview) -> list[Row]:
    """The rows without a basis; a target that would be answered for several base years stands once."""
    missing, found = {row.target.name: row for row in seen.rows if row.status == "no_basis"}, []
    for target in seen.study.targets:
        row = missing.get(target.name) or missing.get(f"{target.name}@{next(iter(getattr(target, 'candidates', ())), '')}")
        if row is not None:
            found.append(replace(row, target=target))
    return found


def _missing(seen: Overview, rows: Sequence[Row], lang: Language) -> Table:
    """What each target lacks: figures, or a belief about how it moves."""
    head = ("目标", "最新值", "目标值", "尚缺") if lang == "zh" else ("target", "latest", "goal", "lacks")
    study, comma = seen.study, "、" if lang == "zh" else ", "
    said = [comma.join(words.LACKING[kind][lang] for kind in lacks(seen, row)) for row in rows]
    return Table(head, [
        [words.named(study, r.target, lang), words.latest(study, r, lang), words.bound(study, r.target, lang), what]
        for r, what in zip(rows, said, strict=True)
    ])


def lacks(seen: Overview, row: Row) -> list[str]:
    """Name what a target without a basis lacks; a level that does not reach it is figures."""
    measure = seen.study.measure(row.target.indicator)
    if measure in ("events", "milestone"):
        return ["chance" if measure == "milestone" else "number"]
    based = {*seen.projection.assumed, *seen.projection.forecasts}
    moves = all(name in based for name in roots(seen.study, row.target.indicator))
    return [*(["figures"] if row.latest is None or moves else []), *([] if moves else ["motion"])]


def _scenarios(seen: Overview, lang: Language) -> Table:
    """Columns are scenarios; rows the headline targets and the joint chance."""
    order = [v for v in seen.variations if v.kind == "scenario"]
    places = [seen.variations.index(v) for v in order]
    head = ["" if lang == "en" else "目标", scenario_label(seen.projection)(lang)]
    head += [scenario_label(seen.projection, v.about)(lang) for v in order]
    rows = []
    for row in headline_rows(seen):
        if row.chance is not None:
            chances = [row.chance.value.value, *(row.chance.by[k] for k in places)]
            rows.append([aim(seen.study, row.target, lang), *(per_cent(c, lang) for c in chances)])
    joint = headline_joint(seen)
    if joint is not None:
        chances, count = [joint.chance.value.value, *(joint.chance.by[k] for k in places)], len(joint.targets)
        name = {"zh": "同时完成", "en": "together"} if count == 2 else {"zh": f"{count}项同时完成", "en": f"all {count} together"}
        rows.append([name[lang], *(per_cent(c, lang) for c in chances)])
    return Table(head, rows)


def notes(seen: Overview, lang: Language) -> list[str]:
    """What the study notes beside its targets and figures, and shares that may pass 100 %."""
    study = seen.study
    lines = []
    taken = {"zh": "所用统计口径为", "en": "measured by: "}[lang]
    for target in study.targets:
        name = aim(study, target, lang)
        head = f"{target.year}年{name}：" if lang == "zh" else f"{name} in {target.year}: "
        lines += [f"- {head}{said}" for said in _noted(target.note, target.taken_as, taken, lang)]
    for _, item in study.standing:
        name, figure = label(study, item.indicator)(lang), figure_words(study, item, lang)
        head = f"{name}，{figure}：" if lang == "zh" else f"{name}, {figure}: "
        lines += [f"- {head}{said}" for said in _noted(item.note, item.taken_as, taken, lang)]
    return lines + [f"- {warning(lang)}" for warning in seen.warnings]


def _noted(note: Text | None, taken_as: Text | None, taken: str, lang: Language) -> list[str]:
    return [*([note(lang)] if note else []), *([f"{taken}{taken_as(lang)}"] if taken_as else [])]


def sources(seen: Overview, lang: Language) -> list[str]:
    """Every source with the sections that are cited, and the figures from them."""
    lines = []
    for source in seen.study.sources:
        cited = [e for e in (*seen.study.evidence, *seen.study.targets) if e.source == source.name and e.section]
        by_section = sorted({e.section for e in cited if e.section})
        parts = [part(lang) for part in (source.publisher, source.title) if part is not None]
        said = "，".join(parts) if lang == "zh" else ", ".join(parts)
        where = "、".join(by_section) if lang == "zh" else ", ".join(by_section)
        details = [str(source.published)] if source.published else []
        details += [f"章节{where}" if lang == "zh" else f"sections {where}"] if where else []
        inside = ("；" if lang == "zh" else "; ").join(details)
        bracketed = f"（{inside}）" if lang == "zh" else f" ({inside})"
        lines.append(f"- {said or source.name}{bracketed if inside else ''}")
    return lines or ["—"]


def recipe(seen: Overview) -> str:
    """The recipe in one line."""
    r = seen.projection.recipe
    return (
        f"study {r.study}, scenario {r.scenario}, rng {r.seed}, stream {r.stream}, kjproj {r.kjproj}, numpy {r.numpy}, "
        f"scipy {r.scipy}, python {r.python}"
    )
