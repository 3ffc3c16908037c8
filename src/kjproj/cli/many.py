"""`kjproj many FILE`: how likely are the targets of many regions, from a spreadsheet's rows?"""

from __future__ import annotations

import argparse
import csv
import io
from pathlib import Path

from ..errors import KjprojError
from .common import language, language_argument

HELP = "say how likely the targets of many regions are"
_DIGITS = 4


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("file", metavar="FILE", help="a .csv file: a row a region, its name in the column region, a column a year")
    parser.add_argument("year", metavar="YEAR", type=int, help="the year of the targets")
    parser.add_argument("--target", default="target", metavar="COLUMN", help="the column of the figures to be reached (default target)")
    parser.add_argument("--at-most", action="store_true", help="the figures are not to be exceeded")
    parser.add_argument("--region", default="region", metavar="COLUMN", help="the column of names (default region)")
    parser.add_argument("--indicator", metavar="COLUMN", help="the column of indicators, where there are several")
    parser.add_argument("--unit", default="index", help="the unit of the figures")
    parser.add_argument("--class", dest="reference_class", metavar="NAME", help="the reference class that regions move by; flat beliefs without it")
    parser.add_argument("--exact", action="store_true", help="figures are exact; else their last digit is their error")
    parser.add_argument("--csv", action="store_true", help="all rows as CSV instead of text")
    language_argument(parser)


def answer(options: argparse.Namespace) -> str:
    """Return the first rows as text, or all as CSV."""
    from ..many.project import project_many

    columns = _read(Path(options.file))
    years = [name for name in columns if len(name) == _DIGITS and name.isdecimal()]
    bound = {"at_most" if options.at_most else "at_least": options.target}
    found = project_many(
        columns,
        region=options.region,
        indicator=options.indicator,
        levels=years,
        target_year=options.year,
        unit=options.unit,
        reference_class=options.reference_class,
        error=0.0 if options.exact else None,
        **bound,
    )
    if not options.csv:
        return found.to_text(language(options.lang)) + "\n"
    text, answers = io.StringIO(), found.to_dict()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(answers)
    writer.writerows(zip(*(column.tolist() for column in answers.values()), strict=True))
    return text.getvalue()


def _read(path: Path) -> dict[str, list[str | None]]:
    """Return the columns of a file; empty cells are None."""
    try:
        reader = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig")))
        rows, names = list(reader), [name for name in reader.fieldnames or () if name]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise KjprojError(f"{path} cannot be read: {error}; expected a CSV file in UTF-8") from None
    if not rows:
        raise KjprojError(f"{path} has no rows; expected a head, and one row a region")
    for name in names:
        if names.count(name) > 1:
            raise KjprojError(f"{path} has the column {name!r} twice; take one out")
    for number, row in enumerate(rows, 1):
        if None in row:
            raise KjprojError(f"{path} has more cells than columns in row {number}; write 1,090 without the comma, or in quotes")
    return {name: [(row[name] or "").strip() or None for row in rows] for name in rows[0] if name}
