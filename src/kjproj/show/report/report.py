"""`report`: a page to read, print and hand on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ...answers.curves import Curve, curve
from ...answers.overview import Overview, overview
from ...errors import KjprojError
from ...projection import Projection
from ...text import Language
from .. import markdown
from ..conclusions import headline_rows
from ..screen import sections
from ..section import Section
from .goals import goals
from .moved import moved
from .outlook import Outlook, outlook, yearly

_BEFORE_NOTES = ("notes", "findings", "scenarios", "assumptions", "sources", "recipe", "closing")


@dataclass(frozen=True, eq=False)
class Report:
    """Every target of a study answered, as a page.

    It says what the screen says, in its order, and adds fan charts of the headline indicators, yearly reference values,
    the chance of other figures (on the page a slider), and what moved since `before`.

    Attributes:
        overview: the answers.
        before: the projection of last time; None for none.
    """

    overview: Overview
    before: Projection | None = None

    def to_html(self, lang: Language = "zh") -> str:
        """Return one file of HTML in Chinese and English that fetches nothing, opening in `lang` (extra `report`)."""
        from .page import page

        content: dict[Language, Sequence[Section]] = {"zh": self.content("zh"), "en": self.content("en")}
        return page(self.overview, content, self.curves, self.fans, lang)

    def to_markdown(self, lang: Language = "zh") -> str:
        """Return the words and tables as Markdown."""
        return markdown.page([section for section in self.content(lang) if section.table or section.prose])

    def to_xlsx(self, lang: Language = "zh") -> bytes:
        """Return a workbook: targets, joint chances, scenarios, yearly values, findings, … (extra `xlsx`)."""
        from .workbook import workbook

        return workbook(self.overview, self.before, lang)

    def write(self, path: str | Path, *, lang: Language = "zh") -> None:
        """Write the page in the format of the file's ending: .html, .md or .xlsx.

        Raises `KjprojError` for another ending, or a place where no file can be written.
        """
        path, ending = Path(path), require_ending(path)
        if ending == ".xlsx":
            made = self.to_xlsx(lang)
        else:
            made = (self.to_html(lang) if ending == ".html" else self.to_markdown(lang)).encode()
        try:
            path.write_bytes(made)
        except OSError as error:
            raise KjprojError(f"{path} cannot be written ({error.strerror}); name a file in a folder that is there") from None

    @cached_property
    def curves(self) -> tuple[Curve, ...]:
        """How the chance of each open target changes with its figure; of those with one figure."""
        asked = [row for row in self.overview.rows if row.status == "open"]
        found = (curve(self.overview.projection, row.target, at_own=row.chance.value) for row in asked if row.chance is not None)
        return tuple(one for one in found if one is not None)

    @cached_property
    def fans(self) -> tuple[Outlook, ...]:
        """How the indicators of the headline targets go on; of those that amount to a level."""
        found = (outlook(self.overview, row) for row in headline_rows(self.overview))
        return tuple(one for one in found if one is not None)

    def content(self, lang: Language) -> Sequence[Section]:
        """Return the sections in the planner's order: those of the screen, and what the page adds to them."""
        screen = [one for one in sections(self.overview, lang) if one.name != "yearly"]  # the outlook has these values
        first = next(k for k, one in enumerate(screen) if one.name in _BEFORE_NOTES)
        news = [] if self.before is None else [moved(self.before, self.overview, lang)]
        values, other = yearly(self.overview, lang), goals(self.overview, self.curves, lang)
        added = [*([values] if values.table or self.fans else []), *([other] if other else [])]
        return [*screen[:2], *news, *screen[2:first], *added, *screen[first:]]


def require_ending(path: str | Path) -> str:
    """Return a file's ending; raises `KjprojError` for one that no page has."""
    ending = Path(path).suffix.lower()
    if ending not in (".html", ".md", ".xlsx"):
        raise KjprojError(f"{path} ends in {ending or 'nothing'}; expected .html, .md or .xlsx")
    return ending


def report(projection: Projection, *, before: Projection | None = None) -> Report:
    """Answer every target of a study as a page: HTML to read and print, Markdown, or a spreadsheet.

    Args:
        projection: from `kjproj.project`.
        before: the projection of last time, of an earlier study or the same one with an earlier `as_of`; the page then says
            what moved.

    Raises:
        KjprojError: where `before` is no projection.

    >>> import kjproj as kj
    >>> study = kj.datasets.yueyang()
    >>> found = kj.report(kj.project(study), before=kj.project(study, as_of="2022-12-31"))
    >>> [section.name for section in found.content("en")][:5]
    ['heading', 'conclusions', 'moved', 'targets', 'stage']
    >>> print(found.to_markdown("en").splitlines()[0])
    # Yueyang's science and technology targets for 2025: how likely are they?
    """
    if before is not None and not isinstance(before, Projection):
        raise KjprojError(f"before is {type(before).__name__}; expected what kjproj.project gave last time")
    return Report(overview(projection), before)
