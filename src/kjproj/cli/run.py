"""`kjproj [run] [STUDY]`: answer a study."""

from __future__ import annotations

import argparse

from .bar import Bar
from .common import language, projection_arguments, projection_of, study_argument

HELP = "answer a study (the default command)"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    study_argument(parser)
    projection_arguments(parser)
    parser.add_argument("--sort", choices=("plan", "risk"), default="plan", help="targets as in the plan, or the least likely first")
    parser.add_argument("--json", action="store_true", help="numbers as JSON instead of the screen")


def answer(options: argparse.Namespace) -> str:
    """Return the screen, or the numbers as JSON."""
    from ..show.summary import summary

    lang = language(options.lang)
    with Bar(lang) as bar:
        found = summary(projection_of(options), on_progress=bar)
    return found.to_json() if options.json else found.to_text(lang, sort=options.sort)
