"""`kjproj rank INDICATOR YEAR`: at which place among its peers?"""

from __future__ import annotations

import argparse

from .common import language, projection_arguments, projection_of, study_option
from .places import PLACES, places_of

HELP = "say how likely each place among peers is"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("indicator", metavar="INDICATOR", help="the name of an indicator, such as rd_spending")
    parser.add_argument("year", metavar="YEAR", type=int, help="the year of the ranking")
    parser.add_argument("--peers", metavar="PEERS", help=f"{PLACES}; the study's indicators that are a peer_of it without it")
    parser.add_argument("--best", choices=("highest", "lowest"), help="which level stands first; as the targets say without it")
    parser.add_argument("--class", dest="reference_class", metavar="NAME", help="the reference class that places move by; the indicator's own without it")
    parser.add_argument("--json", action="store_true", help="numbers as JSON instead of text")
    study_option(parser)
    projection_arguments(parser)


def answer(options: argparse.Namespace) -> str:
    """Return the chances by place, or the numbers as JSON."""
    import json

    from ..answers.rank import rank

    peers = None if options.peers is None else places_of(options.peers)
    found = rank(
        projection_of(options), options.indicator, options.year, peers=peers, best=options.best, reference_class=options.reference_class
    )
    if options.json:
        return json.dumps(found.to_dict(), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    return found.to_text(language(options.lang))
