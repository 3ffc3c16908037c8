"""Opening workbooks, and what their cells hold."""

from __future__ import annotations

import warnings
import zipfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ...errors import KjprojError, MissingExtraError
from .cells import Held

_LARGEST = 200_000_000
_MOST_CELLS = 2_000_000


def openpyxl() -> Any:
    """Return the package that reads and writes workbooks."""
    try:
        import openpyxl as package
    except ModuleNotFoundError:
        raise MissingExtraError("openpyxl", "xlsx") from None
    return package


def open_workbook(path: Path, *, computed: bool) -> Any:
    """Return the workbook in a file, with formulas or with the values that were computed from them."""
    package = openpyxl()
    try:
        with zipfile.ZipFile(path) as parts:
            if sum(part.file_size for part in parts.infolist()) > _LARGEST:
                raise KjprojError(f"{path} unpacks to more than {_LARGEST} bytes; leave in it what belongs to the study")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about what other programs keep in a file, and nobody reads here
            return package.load_workbook(path, data_only=computed)
    except KjprojError:
        raise
    except OSError as error:
        raise KjprojError(f"{path} cannot be read: {error.strerror or error}") from None
    except Exception:  # the package raises whatever a broken file makes it stumble over
        raise KjprojError(f"{path} is not a workbook; save it as .xlsx (Excel workbook)") from None


@dataclass(frozen=True)
class Grid:
    """The cells of a sheet that hold something, by row and column; a cell merged over rows counts in each of them."""

    title: str
    cells: dict[tuple[int, int], Held]

    @cached_property
    def by_row(self) -> dict[int, dict[int, Held]]:
        """The rows that hold something, each with its cells by column."""
        found: dict[int, dict[int, Held]] = {}
        for row, column in sorted(self.cells):
            found.setdefault(row, {})[column] = self.cells[row, column]
        return found

    @property
    def rows(self) -> list[int]:
        """The rows that hold something."""
        return list(self.by_row)


def grids(path: Path) -> list[Grid]:
    """Return every sheet of a workbook, hidden sheets, rows and columns among them."""
    shown, stated = open_workbook(path, computed=True), open_workbook(path, computed=False)
    return [_grid(sheet, stated[sheet.title]) for sheet in shown.worksheets]


def _grid(shown: Any, stated: Any) -> Grid:
    if shown.max_row * shown.max_column > _MOST_CELLS:
        raise KjprojError(f"the sheet {shown.title} has {shown.max_row} rows; delete the empty ones")
    cells: dict[tuple[int, int], Held] = {}
    formulas = {(c.row, c.column) for row in stated.iter_rows() for c in row if c.data_type == "f"}
    for row in shown.iter_rows():
        for cell in row:
            place = (cell.row, cell.column)
            bare = cell.value is None and cell.data_type == "n"  # an empty text was computed, and is marked as text
            held = Held(cell.value, cell.number_format, uncomputed=bare and place in formulas)
            if not held.empty:
                cells[place] = held
    with_own = {row for row, _ in cells}
    for merged in shown.merged_cells.ranges:
        top = cells.get((merged.min_row, merged.min_col))
        for number in range(merged.min_row + 1, merged.max_row + 1):
            if top is not None and number in with_own:
                cells[number, merged.min_col] = top
    return Grid(shown.title, cells)
