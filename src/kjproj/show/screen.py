"""The screen: what a planner reads, in order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Literal, NamedTuple

from ..answers.overview import Joint, Overview, Row
from ..answers.phrases import aim, figure_words, label
from ..answers.variations import scenario_label
from ..engine.unknowns import roots
from ..numbers import per_cent
from ..text import Language, Text
from . import tables, words
from .assumptions import assumption_lines
from .conclusions import conclusions, headline_joint, headline_rows

Lay = Callable[[Sequence[str], Sequence[Sequence[str]]], list[str]]
_SPLIT, _ALWAYS = 5, 3


class Section(NamedTuple):
    """A part of the screen: its title ("" for none), the lines of a table if any, and prose below it."""

    title: str
    prose: list[str]
    table: list[str] = []  # noqa: RUF012 - never changed


Sort = Literal["plan", "risk"]


def screen(seen: Overview, lang: Language, columns: int, sort: Sort = "plan") -> str:
    """Return the whole screen as text that fits `columns`, where single words and figures allow."""

    def lay(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
        kept, cells = filled(head, rows, lang)
        split = sum(name in words.HEADS[lang][:_SPLIT] for name in kept) if tuple(head) == words.HEADS[lang] else len(kept)
        return tables.fitting(kept, cells, columns, split)

    blocks = []
    for title, prose, table in sections(seen, lang, lay, sort):
        body = [part for line in prose for part in _broken(line, columns)]
        blocks.append("\n".join([*([title] if title else []), *table, *body]))
    return "\n\n".join(blocks) + "\n"


def filled(head: Sequence[str], rows: Sequence[Sequence[str]], lang: Language) -> tuple[list[str], list[list[str]]]:
    """Return a table without the columns of targets that say nothing."""
    free = _ALWAYS if tuple(head) == words.HEADS[lang] else len(head)
    kept = [j for j in range(len(head)) if j < free or any(row[j] not in ("", "—") for row in rows)]
    return [head[j] for j in kept], [[row[j] for j in kept] for row in rows]


def _broken(line: str, columns: int) -> list[str]:
    numbered = line.startswith("- ") or line[1:2] in ("、", ".")
    return tables.wrapped(line, columns, "    " if numbered else "")


def sections(seen: Overview, lang: Language, lay: Lay, sort: Sort = "plan") -> list[Section]:
    """Return what the screen says, in the planner's order; the first section is the heading."""
    found = [Section("", heading(seen, lang)), Section(_title("conclusions", lang), conclusions(seen, lang))]
    last = max((row.target.year for row in seen.rows), default=0)
    based = _sorted([row for row in seen.rows if row.status != "no_basis"], sort)
    events = [row for row in based if seen.study.counts_events(row.target.indicator)]
    final, stage = ([r for r in based if r not in events and (r.target.year == last) is wanted] for wanted in (True, False))
    titles = (words.SECTIONS["targets"][lang].format(last), _title("stage", lang), _title("events", lang))
    groups = [(title, group) for title, group in zip(titles, (final, stage, events), strict=True) if group]
    for k, (title, group) in enumerate(groups):
        later = {row.target.name for _, rows in groups[k + 1 :] for row in rows}
        found.append(Section(title, [], lay(words.HEADS[lang], _with_joints(seen, group, lang, sort, later))))
    if stepped := with_steps(based):
        found.append(Section(_title("yearly", lang), [], lay(*_yearly(seen, stepped, lang))))
    missing = without_basis(seen)
    if missing:
        lacking = dict.fromkeys(kind for row in missing for kind in lacks(seen, row))
        advice = [said[lang] for kind, said in words.BRING.items() if kind in lacking]
        found.append(Section(_title("no_basis", lang), advice, lay(*_missing(seen, missing, lang))))
    if noted := notes(seen, lang):
        found.append(Section(_title("notes", lang), noted))
    if len(seen.findings):
        found.append(Section(_title("findings", lang), [f"- {item.words(lang)}" for item in seen.findings]))
    if seen.study.scenarios[1:] and headline_rows(seen):
        found.append(Section(_title("scenarios", lang), [], lay(*_scenarios(seen, lang))))
    found.append(Section(_title("assumptions", lang), assumption_lines(seen, lang) or ["—"]))
    found.append(Section(_title("sources", lang), sources(seen, lang)))
    found.append(Section(_title("recipe", lang), [recipe(seen)]))
    found.append(Section("", [*words.glossary(seen.study, lang), *words.CLOSING[lang]]))
    return found


def _title(section: str, lang: Language) -> str:
    return words.SECTIONS[section][lang]


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


def _yearly(seen: Overview, rows: Sequence[Row], lang: Language) -> tuple[Sequence[str], list[list[str]]]:
    """A column a year, a row a target."""
    years = sorted({year for row in rows if row.path for year in row.path.by_year})
    head = ["目标" if lang == "zh" else "target", *map(str, years)]
    lines = []
    for row in rows:
        if row.path is not None:
            said = dict(zip(row.path.by_year, words.reference_figures(seen.study, row.target, row.path), strict=True))
            lines.append([_name(seen, row, lang), *(said.get(year, "") for year in years)])
    return head, lines


def _name(seen: Overview, row: Row, lang: Language) -> str:
    """The target's name, with its year where that is not the last."""
    name, year = words.named(seen.study, row.target, lang), row.target.year
    if year == max(r.target.year for r in seen.rows):
        return name
    return f"{year}年{name}" if lang == "zh" else f"{name} {year}"


def _row(seen: Overview, row: Row, lang: Language) -> list[str]:
    study, target = seen.study, row.target
    first = [
        _name(seen, row, lang),
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
    return [*first, words.median_range(row, lang), words.about(row.chance, lang), words.over(row.chance, lang), judged, own]


def _sorted(rows: Sequence[Row], sort: Sort) -> list[Row]:
    """In the plan's order, or the least likely first."""
    if sort == "plan":
        return list(rows)
    return sorted(rows, key=lambda row: row.chance.value.value if row.chance is not None else 2.0)


def _with_joints(seen: Overview, rows: Sequence[Row], lang: Language, sort: Sort, later: set[str]) -> list[list[str]]:
    """The rows, each pair's joint chance below its last member (by risk: all at the end), and that of all below.

    What is together with targets of a `later` table stands there.
    """
    names = [row.target.name for row in rows]
    below: dict[str, list[list[str]]] = {}
    for joint in seen.joints:
        if set(joint.targets) & set(names) and not set(joint.targets) & later:
            inside = [name for name in joint.targets if name in names]
            last = names[-1] if not joint.pair or sort == "risk" else max(inside, key=names.index)
            below.setdefault(last, []).append(_joint_row(seen, joint, names if sort == "plan" else (), lang))
    return [line for row in rows for line in (_row(seen, row, lang), *below.get(row.target.name, ()))]


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


def _missing(seen: Overview, rows: Sequence[Row], lang: Language) -> tuple[Sequence[str], list[list[str]]]:
    """What each target lacks: figures, or a belief about how it moves."""
    head = ("目标", "最新值", "目标值", "尚缺") if lang == "zh" else ("target", "latest", "goal", "lacks")
    study, comma = seen.study, "、" if lang == "zh" else ", "
    said = [comma.join(words.LACKING[kind][lang] for kind in lacks(seen, row)) for row in rows]
    return head, [
        [words.named(study, r.target, lang), words.latest(study, r, lang), words.bound(study, r.target, lang), what]
        for r, what in zip(rows, said, strict=True)
    ]


def lacks(seen: Overview, row: Row) -> list[str]:
    """Name what a target without a basis lacks; a level that does not reach it is figures."""
    measure = seen.study.measure(row.target.indicator)
    if measure in ("events", "milestone"):
        return ["chance" if measure == "milestone" else "number"]
    based = {*seen.projection.assumed, *seen.projection.draws}
    moves = all(name in based for name in roots(seen.study, row.target.indicator))
    return [*(["figures"] if row.latest is None or moves else []), *([] if moves else ["motion"])]


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
            rows.append([aim(seen.study, row.target, lang), *(per_cent(c, lang) for c in chances)])
    joint = headline_joint(seen)
    if joint is not None:
        chances, count = [joint.chance.value.value, *(joint.chance.by[k] for k in places)], len(joint.targets)
        name = {"zh": "同时完成", "en": "together"} if count == 2 else {"zh": f"{count}项同时完成", "en": f"all {count} together"}
        rows.append([name[lang], *(per_cent(c, lang) for c in chances)])
    return head, rows


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
