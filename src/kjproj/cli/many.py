"""`kjproj many FILE`: how likely are the targets of many regions, from a spreadsheet's rows?"""

from __future__ import annotations

import argparse
import csv
import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from ..errors import KjprojError
from .common import language, language_argument
from .sheet import columns_of

HELP = "say how likely the targets of many regions are"
_YEAR = re.compile(r"(\d{4})年?")
_REGION, _TARGET = ("region", "地区", "place", "市州", "县区"), ("target", "目标")
_INDICATOR = "indicator", "指标"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("file", metavar="FILE", help="a .csv file: a row a region, its name in the column region or 地区, a column a year")
    parser.add_argument("year", metavar="YEAR", type=int, help="the year of the targets")
    parser.add_argument("--target", metavar="COLUMN", help="the column of the figures to be reached (target or 目标 unless given)")
    parser.add_argument("--at-most", action="store_true", help="the figures are not to be exceeded")
    parser.add_argument("--region", metavar="COLUMN", help="the column of names (region or 地区 unless given)")
    parser.add_argument("--indicator", metavar="COLUMN", help="the column of indicators, where there are several")
    parser.add_argument("--unit", default="index", help="the unit of the figures")
    parser.add_argument("--class", dest="reference_class", metavar="NAME", help="the reference class that regions move by; flat beliefs without it")
    parser.add_argument("--exact", action="store_true", help="figures are exact; else their last digit is their error")
    parser.add_argument("--csv", action="store_true", help="all rows as CSV instead of text")
    language_argument(parser)


def answer(options: argparse.Namespace) -> str:
    """Return the first rows as text, or all as CSV."""
    from ..many.project import project_many

    path = Path(options.file)
    columns = columns_of(path)
    years = {int(head[1]): name for name in columns if (head := _YEAR.fullmatch(name))}
    if not years:
        raise KjprojError(f"{path} has no column of a year such as 2022 or 2022年; it has {', '.join(columns)}")
    several = next((name for name in _INDICATOR if len({*columns.get(name, ())}) > 1), None)
    if options.indicator is None and several is not None:
        raise KjprojError(f"{path} has a column {several!r} with several indicators; name it with --indicator {several}, or take it out")
    target = _named(columns, options.target, _TARGET, path, "--target")
    found = project_many(
        columns,
        region=_named(columns, options.region, _REGION, path, "--region"),
        indicator=options.indicator,
        levels=years,
        target_year=options.year,
        unit=options.unit,
        reference_class=options.reference_class,
        error=0.0 if options.exact else None,
        at_least=None if options.at_most else target,
        at_most=target if options.at_most else None,
    )
    if not options.csv:
        return found.to_text(language(options.lang)) + "\n"
    text, answers = io.StringIO(), found.to_dict()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(answers)
    writer.writerows(zip(*(column.tolist() for column in answers.values()), strict=True))
    return text.getvalue()


def _named(columns: Mapping[str, object], asked: str | None, known: Sequence[str], path: Path, option: str) -> str:
    """Return the column that was asked for, or the one of the usual names that there is."""
    for name in known if asked is None else (asked,):
        if name in columns:
            return name
    said = " or ".join(map(repr, known if asked is None else (asked,)))
    raise KjprojError(f"{path} has no column {said}; it has {', '.join(columns)}; name the column with {option}")
