"""`kjproj drivers TARGET…`: what drives a chance."""

from __future__ import annotations

import argparse
import json

from .common import language, projection_arguments, projection_of, study_option

HELP = "say which assumptions move a chance, where the spread comes from, and which figure is worth most"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("targets", nargs="+", metavar="TARGET", help="a target's name; of several the chance of all together")
    study_option(parser)
    projection_arguments(parser)
    parser.add_argument("--json", action="store_true", help="numbers as JSON instead of the text")


def answer(options: argparse.Namespace) -> str:
    """Return the tornado, the indices and the worth of figures, as text or as JSON."""
    from ..show.drivers import drivers

    found = drivers(projection_of(options), options.targets)
    if options.json:
        return json.dumps(found.to_dict(), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    return found.to_text(language(options.lang))
