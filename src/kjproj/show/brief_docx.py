"""A brief as a Word document, set as official documents are: 黑体 for headings, 仿宋 for the text, A4."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import KjprojError, MissingExtraError
from ..study.replacing import replace_file
from ..text import Language

if TYPE_CHECKING:
    from .brief import Brief
    from .brief_words import Said

_FONTS: dict[Language, dict[str, tuple[str, str, float]]] = {
    "zh": {
        "Normal": ("Times New Roman", "仿宋", 16.0),
        "Title": ("Times New Roman", "宋体", 22.0),
        "Subtitle": ("Times New Roman", "楷体", 12.0),
        "Heading 1": ("Times New Roman", "黑体", 16.0),
    },
    "en": {
        "Normal": ("Times New Roman", "宋体", 11.0),
        "Title": ("Times New Roman", "宋体", 18.0),
        "Subtitle": ("Times New Roman", "宋体", 10.0),
        "Heading 1": ("Times New Roman", "黑体", 13.0),
    },
}
"""By language and style: Latin font, East Asian font, size in points."""
_MARGINS = {"top_margin": 37.0, "bottom_margin": 35.0, "left_margin": 28.0, "right_margin": 26.0}
"""In millimetres, after GB/T 9704-2012."""
_LEADING = 28.0


def write_as(brief: Brief, path: Path) -> None:
    """Write a brief in the format that the file's ending names."""
    ending = path.suffix.lower()
    if ending == ".docx":
        write(brief, path)
    elif ending in (".md", ".txt"):
        replace_file(path, (brief.to_markdown() if ending == ".md" else brief.to_text()).encode())
    else:
        raise KjprojError(f"{path} has an unknown ending; expected .docx, .md or .txt")


def write(brief: Brief, path: Path) -> None:
    """Write a brief as a .docx file, as a whole or not at all."""
    out = BytesIO()
    document(brief).save(out)
    replace_file(path, out.getvalue())


def document(brief: Brief) -> Any:
    """Return the document; raises `MissingExtraError` without python-docx."""
    try:
        import docx
    except ModuleNotFoundError:
        raise MissingExtraError("python-docx", "docx") from None
    found = docx.Document()
    _set_up(found, brief)
    found.add_paragraph(brief.title, style="Title")
    found.add_paragraph(brief.subtitle, style="Subtitle")
    for chapter in brief.chapters:
        found.add_paragraph(chapter.title, style="Heading 1")
        for paragraph in chapter.paragraphs:
            line = _indented(found.add_paragraph(), brief.lang)
            _lead(_said(line, paragraph.lead), brief.lang)
            for text, notes in paragraph.sentences:
                _said(line, (text if brief.lang == "zh" else f" {text}", notes))
    _end(found, brief)
    return found


def _end(found: Any, brief: Brief) -> None:
    """The sources, numbered as they are cited, remarks in small type, and the closing line."""
    from docx.shared import Pt

    from .brief import TITLES

    if brief.sources:
        found.add_paragraph(TITLES["sources"][brief.lang], style="Heading 1")
        for k, text in enumerate(brief.sources, 1):
            source = found.add_paragraph()
            source.add_run(f"[{k}] {text}").font.size = Pt(12 if brief.lang == "zh" else 10)
            source.paragraph_format.line_spacing = 1.2
    for k, text in enumerate(brief.remarks):
        small = found.add_paragraph()
        small.add_run(text).font.size = Pt(9)
        small.paragraph_format.line_spacing = 1.2
        small.paragraph_format.space_before = Pt(0 if k else 12)
        small.paragraph_format.keep_with_next = True
    _indented(found.add_paragraph(brief.closing), brief.lang)


def _said(line: Any, said: Said) -> Any:
    """Write a sentence with the numbers of its sources raised, and return its run."""
    from .brief import stopped

    text, stop = stopped(said[0])
    run = line.add_run(text)
    for note in said[1]:
        line.add_run(f"[{note}]").font.superscript = True
    if stop:
        line.add_run(stop)
    return run


def _lead(run: Any, lang: Language) -> None:
    if lang == "zh":
        _east_asian(run.font.element, "楷体")
    else:
        run.bold = True


def _indented(line: Any, lang: Language) -> Any:
    from docx.shared import Pt

    if lang == "zh":
        line.paragraph_format.first_line_indent = Pt(2 * _FONTS["zh"]["Normal"][2])  # two characters
    return line


def _set_up(found: Any, brief: Brief) -> None:
    """Page, styles and properties; the fonts of every style are set for Latin and for East Asian text."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm, Pt, RGBColor

    section = found.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    for name, size in _MARGINS.items():
        setattr(section, name, Mm(size))
    for name, (latin, east_asian, size) in _FONTS[brief.lang].items():
        style = found.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = latin, Pt(size), RGBColor(0, 0, 0)
        style.font.bold, style.font.italic = name == "Title", False
        _east_asian(style.element, east_asian)
        style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0 if brief.lang == "zh" else 4)
        if name in ("Title", "Subtitle"):
            style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
            style.paragraph_format.space_after = Pt(12)
            _bare(style.element)
        elif brief.lang == "zh":
            style.paragraph_format.line_spacing = Pt(_LEADING)
            if name != "Normal":
                _indented(style, "zh")
    _numbered(section.footer.paragraphs[0])
    about = found.core_properties
    about.title, about.author, about.comments = brief.title, "", brief.remarks[-1]
    about.language = "zh-CN" if brief.lang == "zh" else "en"


def _bare(element: Any) -> None:
    """Take the rule below and the wide letters, which the template's titles have, out of a style."""
    from docx.oxml.ns import qn

    for part, name in ((element.pPr, "w:pBdr"), (element.rPr, "w:spacing")):
        found = None if part is None else part.find(qn(name))
        if found is not None:
            part.remove(found)


def _numbered(line: Any) -> None:
    """Write the page's number in the middle of a line, as a field."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    line._p.append(field)


def _east_asian(element: Any, font: str) -> None:
    """Set the font of East Asian text, which python-docx knows no name for; a theme's font would win over it."""
    from docx.oxml.ns import qn

    fonts = element.get_or_add_rPr().get_or_add_rFonts()
    for attribute in [name for name in fonts.attrib if name.endswith("Theme")]:
        del fonts.attrib[attribute]
    fonts.set(qn("w:eastAsia"), font)
