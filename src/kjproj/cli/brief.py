"""`kjproj brief [STUDY] [-o FILE]`: a write-up, a paragraph a target."""

from __future__ import annotations

import argparse

from .common import language, projection_arguments, projection_of, study_argument

HELP = "write up a study, a paragraph a target, with its sources"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    study_argument(parser)
    parser.add_argument("-o", "--out", metavar="FILE", help="write there: .docx (Word, extra docx), .md or .txt; print without it")
    projection_arguments(parser)


def answer(options: argparse.Namespace) -> str:
    """Return the text, or write the file and say so."""
    from ..show.brief import brief

    lang = language(options.lang)
    found = brief(projection_of(options), lang)
    if options.out is None:
        return found.to_text()
    found.to_file(options.out)
    return f"已写入{options.out}\n" if lang == "zh" else f"{options.out} is written\n"
