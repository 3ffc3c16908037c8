"""`kjproj binding [TARGET…]`: which target of a set binds."""

from __future__ import annotations

import argparse
import json

from .common import language, projection_arguments, projection_of, study_option

HELP = "say which target of a set binds, and what each costs the chance of all together"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="two targets or more; the open ones of the last year without any")
    study_option(parser)
    projection_arguments(parser)
    parser.add_argument("--json", action="store_true", help="numbers as JSON instead of the text")


def answer(options: argparse.Namespace) -> str:
    """Return the chances of the set and of each target, as text or as JSON."""
    from ..answers.binding import binding
    from ..show.bindings import binding_text

    projection = projection_of(options)
    found = binding(projection, options.targets or None)
    if options.json:
        data = {"scenario": projection.scenario.name, **found.to_dict(), "recipe": projection.recipe.to_dict()}
        return json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    return binding_text(found, projection.study, language(options.lang))
