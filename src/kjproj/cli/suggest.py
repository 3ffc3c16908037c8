"""`kjproj suggest TARGET…`: round figures at which targets would have stated chances."""

from __future__ import annotations

import argparse
import json

from .common import language, projection_arguments, projection_of, targets_arguments

HELP = "say at which round figures targets would have stated chances"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    targets_arguments(parser, "the name of a target with one bound; several are answered one by one")
    parser.add_argument("--probability", type=float, action="append", metavar="P", help="a chance that is wanted; may be given again (default 0.8, 0.5 and 0.3)")
    projection_arguments(parser)
    parser.add_argument("--json", action="store_true", help="numbers as JSON instead of sentences")


def answer(options: argparse.Namespace) -> str:
    """Return the suggestions, or the numbers as JSON."""
    from ..answers.suggested import suggested

    projection = projection_of(options)
    asked = options.probability or (0.8, 0.5, 0.3)
    found = [suggested(projection, name, asked) for name in dict.fromkeys(options.targets)]
    if options.json:
        return json.dumps([one.to_dict() for one in found], ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    return "\n".join(f"{one.to_text(language(options.lang))}\n" for one in found)
