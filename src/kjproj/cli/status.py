"""`kjproj status [TARGET…]`: what official methods say of the targets' progress, beside their chances."""

from __future__ import annotations

import argparse

from .common import language, projection_arguments, projection_of

HELP = "say how official methods assess the targets' progress, beside their chances"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="targets by name; without them all to which a method applies")
    parser.add_argument("--study", metavar="FILE", help="a .json, .yaml or .xlsx file, or - for JSON on standard input; the bundled study without it")
    parser.add_argument("--base-year", type=int, metavar="YEAR", help="from which year progress is counted; that of the plan without it")
    projection_arguments(parser)
    parser.add_argument("--json", action="store_true", help="numbers as JSON instead of text")


def answer(options: argparse.Namespace) -> str:
    """Return a block a target, or the numbers as JSON."""
    import json

    from ..answers.status import status

    projection, lang = projection_of(options), language(options.lang)
    names = options.targets or [target.name for target in projection.study.questions]
    found = [status(projection, name, base_year=options.base_year) for name in names]
    shown = found if options.targets else [one for one in found if one.target.goal_level(one.study) is not None]
    if options.json:
        return json.dumps([one.to_dict() for one in shown], ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    return "\n\n".join(one.to_text(lang) for one in shown) + "\n" if shown else _NOTHING[lang]


_NOTHING = {"zh": "没有可按这些方法评价的目标。\n", "en": "None of these methods applies to a target of the study.\n"}
