"""`kjproj report [STUDY] -o report.html`: a page to read, print and hand on."""

from __future__ import annotations

import argparse

from .common import language, projection_arguments, projection_of, study_argument, study_of

HELP = "write the answers as a page: .html to read and print, .md, or .xlsx"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    study_argument(parser)
    projection_arguments(parser)
    parser.add_argument("--before", metavar="OLD", help="an earlier study file; the page then says what moved since")
    parser.add_argument("-o", "--out", required=True, metavar="OUT", help="where to write: a file that ends in .html, .md or .xlsx")


def answer(options: argparse.Namespace) -> str:
    """Write the page, and say so."""
    from ..projection import project
    from ..show.report.report import report, require_ending

    require_ending(options.out)
    lang = language(options.lang)
    before = None if options.before is None else project(study_of(options.before), rng=options.rng)
    report(projection_of(options), before=before).write(options.out, lang=lang)
    return f"已写入{options.out}。\n" if lang == "zh" else f"{options.out} is written.\n"
