"""`kjproj why BEFORE AFTER [TARGET…]`: why did the chances change between two versions of a study?"""

from __future__ import annotations

import argparse

from .common import language, language_argument, study_of, whole

HELP = "say why the chances changed between two versions of a study"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("before", metavar="BEFORE", help="the older study: a .json, .yaml or .xlsx file, or - for JSON on standard input")
    parser.add_argument("after", metavar="AFTER", help="the newer one")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="targets by name; without them every open one whose chance moved by a point or more")
    parser.add_argument("--scenario", help="the name of a scenario of both studies; the first one of each without it")
    parser.add_argument("--rng", type=whole, default=0, metavar="N", help="the seed of every randomisation (default 0)")
    language_argument(parser)
    parser.add_argument("--json", action="store_true", help="numbers as JSON instead of lists")


def answer(options: argparse.Namespace) -> str:
    """Return a list a target, or the numbers as JSON."""
    import json

    from ..projection import project
    from ..show.why import why

    before, after = (project(study_of(path), options.scenario, rng=options.rng) for path in (options.before, options.after))
    found = why(before, after, options.targets)
    if options.json:
        return json.dumps(found.to_list(), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    return found.to_text(language(options.lang))
