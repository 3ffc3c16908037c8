"""`kjproj allocate TARGET --members …`: split a target among counties or parks."""

from __future__ import annotations

import argparse

from .common import language, projection_arguments, projection_of, study_option
from .places import PLACES, places_of

HELP = "split a whole's target among its members"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("target", metavar="TARGET", help="the name of a target, such as rd_spending_2025")
    parser.add_argument("--members", required=True, metavar="MEMBERS", help=PLACES)
    parser.add_argument("--rule", default="equal_chance", choices=("equal_chance", "same_growth", "share"), help="equal chances, the same growth a year, or in proportion to the last figures")
    parser.add_argument("--class", dest="reference_class", metavar="NAME", help="the reference class that places move by; the whole's own without it")
    parser.add_argument("--json", action="store_true", help="numbers as JSON instead of the table")
    study_option(parser)
    projection_arguments(parser)


def answer(options: argparse.Namespace) -> str:
    """Return the table of parts, or the numbers as JSON."""
    import json

    from ..answers.allocate import allocate

    members = places_of(options.members)
    found = allocate(projection_of(options), options.target, members, rule=options.rule, reference_class=options.reference_class)
    if options.json:
        return json.dumps(found.to_dict(), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    return found.to_text(language(options.lang))
