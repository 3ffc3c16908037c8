"""`brief`: what a planner writes up, a paragraph a target, with footnotes to the sources."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..answers.overview import Joint, Overview, Row, overview
from ..evidence import Evidence
from ..projection import Projection
from ..study import Study
from ..targets import BaseTarget
from ..text import Language
from . import words
from .brief_words import Said, heading, sentences
from .conclusions import headline_joint, headline_rows, joint_words, reading_words
from .screen import heading as title_lines
from .screen import recipe, without_basis

_NUMERALS = "一二三四五六七八九十"
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~$&^])")
_LISTS = re.compile(r"^(\d*)([-+=.)])")
TITLES: dict[str, dict[Language, str]] = {
    "headline": {"zh": "主要目标", "en": "Headline targets"},
    "others": {"zh": "{}年其他目标", "en": "Other targets for {}"},
    "stage": {"zh": "阶段目标", "en": "Interim targets"},
    "events": {"zh": "里程碑和数量目标", "en": "Milestones and counts"},
    "no_basis": {"zh": "报告无依据、需补充数据的目标", "en": "Targets without a basis yet, and what to bring"},
    "sources": {"zh": "资料来源", "en": "Sources"},
    "recipe": {"zh": "复算依据：", "en": "Recipe: "},
}


@dataclass(frozen=True)
class Paragraph:
    """What it is about, and its sentences, each with the numbers of its sources."""

    lead: Said
    sentences: tuple[Said, ...]

    @property
    def said(self) -> tuple[Said, ...]:
        """The lead and the sentences."""
        return (self.lead, *self.sentences)


@dataclass(frozen=True)
class Chapter:
    """A title and its paragraphs."""

    title: str
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, eq=False)
class Brief:
    """A paragraph a target in official words. `str()` and `to_text` are plain text, the others the same as documents.

    Attributes:
        lang: its language.
        title, subtitle: of the whole; the subtitle names the scenario and what the figures cover.
        chapters: headline targets first, then the plan's order.
        sources: footnotes, number 1 first.
        remarks: what the words mean, units in English, and the recipe that reproduces the numbers.
        closing: the last line: a judgement, not an assessment.
    """

    lang: Language
    title: str
    subtitle: str
    chapters: tuple[Chapter, ...]
    sources: tuple[str, ...]
    remarks: tuple[str, ...]
    closing: str

    def to_text(self) -> str:
        """Return plain text, with the numbers of the sources in brackets and the sources below."""
        blocks = [self.title, self.subtitle]
        for chapter in self.chapters:
            blocks += [chapter.title, *(_gap(self.lang).join(self._marked(said, "[{}]") for said in p.said) for p in chapter.paragraphs)]
        if self.sources:
            blocks.append("\n".join([TITLES["sources"][self.lang], *(f"[{k}] {text}" for k, text in enumerate(self.sources, 1))]))
        return "\n\n".join([*blocks, *self.remarks, self.closing]) + "\n"

    def __str__(self) -> str:
        return self.to_text()

    def to_markdown(self) -> str:
        """Return Markdown with footnotes; what the study's authors wrote cannot become markup."""
        blocks = [f"# {escaped(self.title)}", escaped(self.subtitle)]
        for chapter in self.chapters:
            blocks.append(f"## {escaped(chapter.title)}")
            blocks += [self._in_markdown(paragraph) for paragraph in chapter.paragraphs]
        blocks += map(escaped, (*self.remarks, self.closing))
        notes = [f"[^{k}]: {escaped(text)}" for k, text in enumerate(self.sources, 1)]
        return "\n\n".join([*blocks, *(["\n".join(notes)] if notes else [])]) + "\n"

    def to_docx(self, path: str | Path) -> None:
        """Write a Word document: headings, East Asian fonts, raised numbers and the sources at its end (extra `docx`)."""
        from .brief_docx import write

        write(self, Path(path))

    def to_file(self, path: str | Path) -> None:
        """Write a .docx, .md or .txt file; raises `KjprojError` for another ending."""
        from .brief_docx import write_as

        write_as(self, Path(path))

    def _in_markdown(self, paragraph: Paragraph) -> str:
        text, notes = paragraph.lead
        text, stop = stopped(text)
        lead = f"**{escaped(text)}**" + "".join(f"[^{k}]" for k in notes) + stop
        return _gap(self.lang).join([lead, *(self._marked((escaped(t), n), "[^{}]") for t, n in paragraph.sentences)])

    def _marked(self, said: Said, mark: str) -> str:
        text, stop = stopped(said[0])
        return text + "".join(mark.format(k) for k in said[1]) + stop


def stopped(text: str) -> tuple[str, str]:
    """Part a sentence where the numbers of its sources go: in Chinese before the full stop, else at its end."""
    return (text[:-1], "。") if text.endswith("。") else (text, "")


def _gap(lang: Language) -> str:
    return "" if lang == "zh" else " "


def escaped(text: str) -> str:
    """Return a text that Markdown shows as it stands, at the beginning of a line too."""
    return _LISTS.sub(r"\1\\\2", _MARKUP.sub(r"\\\1", " ".join(text.split())))


def brief(projection: Projection, lang: Language = "zh") -> Brief:
    """Return a write-up of every target: what was, what is aimed at, how likely it is, what it hangs on, and the sources.

    Headline targets come first, then the others in the plan's order, and those without a basis with what to bring.

    >>> import kjproj as kj
    >>> found = kj.brief(kj.project(kj.datasets.yueyang()))
    >>> [chapter.title for chapter in found.chapters][:2]
    ['一、主要目标', '二、2025年其他目标']
    >>> print(found.chapters[0].paragraphs[0].sentences[0][0])
    2021年为98.06亿元。
    """
    seen = overview(projection)
    title, subtitle = title_lines(seen, lang)
    cited = Sources(seen.study, lang)
    chapters = tuple(_numbered(k, title, parts, lang) for k, (title, parts) in enumerate(_chapters(seen, cited, lang)))
    meant, closing = words.CLOSING[lang]
    remarks = (meant, *words.glossary(seen.study, lang), TITLES["recipe"][lang] + recipe(seen))
    return Brief(lang, title, subtitle, chapters, tuple(cited.found), remarks, closing)


@dataclass
class Sources:
    """Numbers sources, with their sections, in the order in which they are first cited."""

    study: Study
    lang: Language
    found: list[str] = field(default_factory=list)

    def cite(self, item: Evidence | BaseTarget) -> int | None:
        """Return the number of the source and section of a figure or target; None where it states none."""
        source = next((s for s in self.study.sources if s.name == item.source), None)
        if source is None:
            return None
        zh = self.lang == "zh"
        said = [part(self.lang) for part in (source.publisher, source.title) if part is not None] or [source.name]
        text = ("，" if zh else ", ").join(said)
        if source.published:
            text += f"（{source.published}）" if zh else f" ({source.published})"
        if item.section:
            text += f"，章节{item.section}" if zh else f", section {item.section}"
        if source.url:
            text += f"，{source.url}" if zh else f", {source.url}"
        if text not in self.found:
            self.found.append(text)
        return self.found.index(text) + 1


def _chapters(seen: Overview, cited: Sources, lang: Language) -> Iterator[tuple[str, list[Paragraph]]]:
    """Yield the chapters that have something to say."""
    first = headline_rows(seen)
    last = max((row.target.year for row in seen.rows), default=0)
    based = [row for row in seen.rows if row.status != "no_basis" and row not in first]
    events = [row for row in based if seen.study.counts_events(row.target.indicator)]
    others, stage = ([r for r in based if r not in events and (r.target.year == last) is wanted] for wanted in (True, False))
    headline = [*_paragraphs(seen, first, cited, lang), *_together(seen, first, lang)]
    groups = [
        (TITLES["headline"][lang], headline),
        (TITLES["others"][lang].format(last), [*_paragraphs(seen, others, cited, lang), *_whole(seen, lang)]),
        (TITLES["stage"][lang], _paragraphs(seen, stage, cited, lang)),
        (TITLES["events"][lang], _paragraphs(seen, events, cited, lang)),
        (TITLES["no_basis"][lang], _paragraphs(seen, without_basis(seen), cited, lang)),
    ]
    return ((title, parts) for title, parts in groups if parts)


def _paragraphs(seen: Overview, rows: Sequence[Row], cited: Sources, lang: Language) -> list[Paragraph]:
    """A paragraph a target; below the last of a pair what is said of both."""
    shown = {row.target.name for row in headline_rows(seen)}
    found = []
    for row in rows:
        number = cited.cite(row.target)
        said = tuple(sentences(seen, row, cited.cite, lang))
        pairs = [j for j in seen.joints if j.pair and j.targets[-1] == row.target.name and not set(j.targets) <= shown]
        lead = heading(seen, row, lang), () if number is None else (number,)
        found.append(Paragraph(lead, (*said, *((_pair(seen, joint, row, lang), ()) for joint in pairs))))
    return found


def _pair(seen: Overview, joint: Joint, row: Row, lang: Language) -> str:
    others = [heading(seen, seen.row(name), lang) for name in joint.targets if name != row.target.name]
    chance, span = words.about(joint.chance, lang), words.over_words(joint.chance, lang)
    judged = words.phrase(joint.chance.value.value, lang)
    if lang == "zh":
        return f"与{'、'.join(others)}同时完成的概率{chance}{span}，{judged}。"
    return f"Together with {' and '.join(others)}: {chance}{span}, {judged}."


def _together(seen: Overview, rows: Sequence[Row], lang: Language) -> Iterator[Paragraph]:
    """Headline targets together; a leap read both ways; what the targets imply and does not fit."""
    joint, names = headline_joint(seen), {row.target.name for row in rows}
    if joint is not None and set(joint.targets) == names:
        yield Paragraph(({"zh": "同时完成", "en": "Together"}[lang], ()), ((joint_words(seen, joint, lang).strip(), ()),))
    for variation in seen.variations:
        if variation.kind == "reading" and variation.about.startswith("one_off") and rows:
            head, _, rest = reading_words(seen, list(rows), variation, lang).partition("：" if lang == "zh" else ": ")
            yield Paragraph((head, ()), ((_capital(rest), ()),))
    for item in [item for item in seen.findings.of("implied") if item.brief is not None][:1]:
        if item.brief is not None:
            yield Paragraph(({"zh": "建议核实", "en": "Please check"}[lang], ()), ((item.brief(lang), ()),))


def _whole(seen: Overview, lang: Language) -> Iterator[Paragraph]:
    """All targets of the last year together, where they are more than the headline."""
    for joint in seen.joints:
        if not joint.pair and len(joint.targets) > len(headline_rows(seen)):
            head = {"zh": "全部目标同时完成", "en": "All targets together"}[lang]
            yield Paragraph((head, ()), ((joint_words(seen, joint, lang).strip(), ()),))


def _numbered(k: int, title: str, paragraphs: Sequence[Paragraph], lang: Language) -> Chapter:
    """Number a chapter and its paragraphs: 一、（一）; 1. (1)."""
    parts = []
    for i, paragraph in enumerate(paragraphs, 1):
        lead, notes = paragraph.lead
        text = f"（{_numeral(i)}）{lead}。" if lang == "zh" else f"({i}) {_capital(lead)}."
        parts.append(Paragraph((text, notes), paragraph.sentences))
    return Chapter(f"{_numeral(k + 1)}、{title}" if lang == "zh" else f"{k + 1}. {title}", tuple(parts))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _numeral(k: int) -> str:
    """Return a number up to 999 in Chinese: 十二, 二十."""
    if k >= 100:
        rest = k % 100
        more = "" if not rest else _numeral(rest) if rest >= 20 else f"零{_numeral(rest)}" if rest < 10 else f"一{_numeral(rest)}"
        return f"{_NUMERALS[k // 100 - 1]}百{more}"
    tens, ones = divmod(k, 10)
    head = "" if not tens else "十" if tens == 1 else f"{_NUMERALS[tens - 1]}十"
    return head + (_NUMERALS[ones - 1] if ones else "")
