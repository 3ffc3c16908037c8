"""Tables as HTML for a notebook: every text is escaped, styles are inline, colours are the reader's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape

from ..text import Language

_FIGURE = re.compile(r"[-+−]?\d[\d.,]*\s?%?")
_TITLE = "text-align:left;font-weight:bold;padding:0.3em 0"
_CODES: dict[Language, str] = {"zh": "zh-CN", "en": "en"}


class Html(str):
    """HTML text that a notebook shows as it is meant; everywhere else a plain text."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return str(self)


def page(parts: Iterable[str], lang: Language) -> Html:
    """Put parts that are HTML already under one roof that names the language."""
    return Html(f'<div class="kjproj" lang="{_CODES[lang]}">\n' + "\n".join(parts) + "\n</div>")


def heading(text: str, level: int = 4) -> str:
    """Return a heading."""
    return f"<h{level}>{escape(text)}</h{level}>"


def title(text: str) -> str:
    """Return a title that looks like that of a table."""
    return f'<p style="margin:0;{_TITLE}">{escape(text)}</p>'


def paragraphs(lines: Sequence[str]) -> list[str]:
    """Return lines as paragraphs; those that begin with "- " together as a list."""
    found: list[str] = []
    items: list[str] = []
    for line in (*lines, ""):
        if line.startswith("- "):
            items.append(f"<li>{escape(line[2:])}</li>")
            continue
        if items:
            found.append("<ul>\n" + "\n".join(items) + "\n</ul>")
            items = []
        if line:
            found.append(f'<p style="margin:0.4em 0">{escape(line)}</p>')
    return found


def table(head: Sequence[str], rows: Sequence[Sequence[str]], caption: str = "") -> str:
    """Return a table: columns of figures to the right, all others to the left; the first cell heads its row."""
    right = [_figures(row[j] for row in rows) for j in range(len(head) or len(rows[0]))]
    lines = ['<table class="kjproj">']
    lines += [f'<caption style="caption-side:top;white-space:nowrap;{_TITLE}">{escape(caption)}</caption>'] if caption else []
    if head:
        cells = (_cell("th", text, right[j], ' scope="col"') for j, text in enumerate(head))
        lines.append(f"<thead><tr>{''.join(cells)}</tr></thead>")
    return "\n".join([*lines, "<tbody>", *(_row(row, right) for row in rows), "</tbody>", "</table>"])


def _row(row: Sequence[str], right: Sequence[bool]) -> str:
    first, *others = (_cell("td" if j else "th", text, right[j], "" if j else ' scope="row"') for j, text in enumerate(row))
    return f"<tr>{first}{''.join(others)}</tr>"


def _cell(tag: str, text: str, right: bool, more: str) -> str:
    weight = ";font-weight:normal" if more == ' scope="row"' else ""
    style = f"text-align:{'right' if right else 'left'};vertical-align:top{weight}"
    return f'<{tag}{more} style="{style}">{_indented(text)}</{tag}>'


def _indented(text: str) -> str:
    """Escape a text and keep the blanks before it, which HTML would drop."""
    bare = text.lstrip()
    return "&emsp;" * bool(len(text) - len(bare)) + escape(bare)


def _figures(cells: Iterable[str]) -> bool:
    filled: Iterator[str] = (cell for cell in cells if cell not in ("", "—"))
    return all(_FIGURE.fullmatch(cell) for cell in filled)
