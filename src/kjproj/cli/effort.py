"""`kjproj effort TARGET… --probability P`: what it takes that targets are met with a stated chance."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

from .common import language, projection_arguments, projection_of, targets_arguments

if TYPE_CHECKING:
    from ..levers import Lever

HELP = "say what extra growth, amount or one-off gives targets a stated chance"
_EXPECTED = "expected growth:INDICATOR, amount:INDICATOR:YEAR or one_off:INDICATOR:YEAR"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    targets_arguments(parser, "the name of a target; several are to be met together")
    parser.add_argument("--probability", type=float, default=0.8, metavar="P", help="the chance that is wanted (default 0.8)")
    parser.add_argument("--by", action="append", type=lever, metavar="LEVER", help=f"{_EXPECTED.removeprefix('expected ')}; may be given again; without it extra growth of the targets' indicator")
    projection_arguments(parser)
    parser.add_argument("--json", action="store_true", help="numbers as JSON instead of sentences")


def answer(options: argparse.Namespace) -> str:
    """Return a sentence a lever, or the numbers as JSON."""
    from ..answers.effort import effort

    projection = projection_of(options)
    found = [effort(projection, all_of=options.targets, probability=options.probability, by=by) for by in options.by or [None]]
    if options.json:
        return json.dumps([one.to_dict() for one in found], ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    return "".join(f"{one.to_text(language(options.lang))}\n" for one in found)


def lever(text: str) -> Lever:
    """A lever, as growth:gdp or amount:rd_spending:2024."""
    from ..levers import Amount, Growth, OneOff

    kind, *parts = text.split(":")
    if kind == "growth" and len(parts) == 1:
        return Growth(parts[0])
    dated = {"amount": Amount, "one_off": OneOff}
    if kind in dated and len(parts) == 2 and parts[1].isdecimal():
        return dated[kind](parts[0], int(parts[1]))
    raise argparse.ArgumentTypeError(f"{text!r} is no lever; {_EXPECTED}")
