"""`kjproj update STUDY --set …`: add new figures to a study's file."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..errors import KjprojError
from .common import day, language, language_argument, study_argument, study_of

HELP = "add new figures to a study's file, and say what they change"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    study_argument(parser, optional=False)
    parser.add_argument("--set", action="append", required=True, metavar="INDICATOR.YEAR=VALUE", help="a level, such as rd_spending.2022=112.3; may be given again")
    parser.add_argument("--unit", help="the unit of the figures; that of the indicator without it")
    parser.add_argument("--source", metavar="NAME", help="one of the study's sources")
    parser.add_argument("--section", metavar="S", help="where in the source they stand")
    parser.add_argument("--published", type=day, metavar="DATE", help="when they were published; the source's date without it")
    parser.add_argument("--expected", action="store_true", help="the source expects the figures rather than reports them")
    parser.add_argument("--as-of", type=day, metavar="DATE", help="the day from which the study looks ahead from now on")
    parser.add_argument("-o", "--out", metavar="OUT", help="write there; the file in its place without it")
    language_argument(parser)


def answer(options: argparse.Namespace) -> str:
    """Write the figures, and return what they change."""
    from ..show.changes import changes
    from ..study.updating import updated, write_update

    if options.study == "-":
        raise KjprojError("figures are added to a file; name one in place of -")
    more = {key: getattr(options, key) for key in ("unit", "source", "section", "published", "expected")}
    found = updated(study_of(options.study), options.set, as_of=options.as_of, **more)
    said = changes(found, language(options.lang))
    write_update(found, Path(options.study), Path(options.out) if options.out else None)
    return said
