"""`kjproj compare TARGET…`: targets under the scenarios of a study, side by side."""

from __future__ import annotations

import argparse
import json
import shutil
from typing import TYPE_CHECKING

from .common import known_arguments, language, study_of, targets_arguments

if TYPE_CHECKING:
    from ..projection import Projection

HELP = "say how likely targets are under each scenario, and how the scenarios differ"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    targets_arguments(parser, "the name of a target; several are answered one by one and together")
    parser.add_argument("--scenario", action="append", metavar="NAME", help="one of those to compare, the first the base; all of the study without it")
    known_arguments(parser)
    parser.add_argument("--json", action="store_true", help="numbers as JSON instead of the table")


def answer(options: argparse.Namespace) -> str:
    """Return the table, or the numbers as JSON."""
    from ..show.comparing import comparing, comparing_text

    projections = _projections(options)
    found = comparing(projections, options.targets)
    if options.json:
        return json.dumps({name: one.to_dict() for name, one in found.items()}, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    return comparing_text(projections, found, language(options.lang), shutil.get_terminal_size((120, 40)).columns)


def _projections(options: argparse.Namespace) -> dict[str, Projection]:
    """Project every scenario that is asked for; blocks that a scenario leaves alone are computed once."""
    from ..projection import project

    study = study_of(options.study)
    first, *others = dict.fromkeys(options.scenario or [scenario.name for scenario in study.scenarios] or ["trend"])
    base = project(study, first, rng=options.rng, as_of=options.as_of)
    return {first: base} | {name: base.varied(scenario=name) for name in others}
