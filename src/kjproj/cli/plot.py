"""`kjproj plot KIND …`: a picture in a file."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..errors import KjprojError, MissingExtraError
from .common import language, projection_arguments, projection_of

if TYPE_CHECKING:
    from ..projection import Projection
    from ..text import Language

HELP = "draw a picture into a file (extra plot)"
_KINDS = {
    "fan": "where an INDICATOR goes: median, ranges, figures, targets",
    "when": "the chance that a TARGET has been reached, by year",
    "ladder": "how likely each target is",
    "tornado": "what moves the chance of a TARGET, or of several together",
    "joint": "two TARGETs together",
    "reliability": "how often what was forecast came",
}
_NEEDED = {"fan": (1, 1, "an indicator"), "when": (1, 1, "a target"), "joint": (2, 2, "two targets"), "tornado": (1, 99, "a target, or several"),
           "ladder": (0, 0, "no name"), "reliability": (0, 0, "no name")}  # fmt: skip


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = "kinds:\n" + "\n".join(f"  {kind:<12} {said}" for kind, said in _KINDS.items())
    parser.add_argument("kind", choices=tuple(_KINDS), metavar="KIND", help=", ".join(_KINDS))
    parser.add_argument("names", nargs="*", metavar="NAME", help="a target, or an indicator, by name")
    parser.add_argument("--study", metavar="FILE", help="a .json, .yaml or .xlsx file; the bundled study without it")
    parser.add_argument("-o", "--out", required=True, metavar="FILE", help="a .png, .svg or .pdf file")
    parser.add_argument("--sort", choices=("plan", "risk"), default="plan", help="of the ladder: as in the plan, or the least likely first")
    projection_arguments(parser)


def answer(options: argparse.Namespace) -> str:
    """Draw, write, and say where."""
    from ..show import plot
    from ..show.plot.saving import checked_ending

    checked_ending(options.out)
    _without_windows()
    least, most, said = _NEEDED[options.kind]
    if not least <= len(options.names) <= most:
        raise KjprojError(f"plot {options.kind} takes {said}; {len(options.names)} given")
    projection, lang = projection_of(options), language(options.lang)
    ax = _DRAWN[options.kind](plot, projection, options.names, lang=lang, sort=options.sort)
    plot.save(ax, options.out)
    return f"已写入{options.out}。\n" if lang == "zh" else f"{options.out} is written.\n"


def _without_windows() -> None:
    """Draw for files alone, whatever windows this machine has."""
    try:
        from matplotlib import use
    except ModuleNotFoundError:
        raise MissingExtraError("matplotlib", "plot") from None
    use("agg")


def _fan(plot: Any, projection: Projection, names: list[str], *, lang: Language, sort: str) -> Any:
    return plot.fan(projection, names[0], lang=lang)


def _when(plot: Any, projection: Projection, names: list[str], *, lang: Language, sort: str) -> Any:
    return plot.chance_by_year(projection, names[0], lang=lang)


def _ladder(plot: Any, projection: Projection, names: list[str], *, lang: Language, sort: str) -> Any:
    return plot.ladder(projection, lang=lang, sort=sort)


def _joint(plot: Any, projection: Projection, names: list[str], *, lang: Language, sort: str) -> Any:
    return plot.joint(projection, *names, lang=lang)


def _reliability(plot: Any, projection: Projection, names: list[str], *, lang: Language, sort: str) -> Any:
    from ..calibration.reliability import reliability

    return plot.reliability(reliability(projection), lang=lang)


def _tornado(plot: Any, projection: Projection, names: list[str], *, lang: Language, sort: str) -> Any:
    from ..answers.tornado import tornado
    from ..show.plot.labels import target_words

    found = tornado(projection, names[0]) if len(names) == 1 else tornado(projection, all_of=names)
    targets = [target_words(projection.study, projection.study.target(name), lang) for name in names]
    return plot.tornado(found, lang=lang, title="\n".join(targets))


_DRAWN: dict[str, Callable[..., Any]] = {
    "fan": _fan, "when": _when, "ladder": _ladder, "joint": _joint, "reliability": _reliability, "tornado": _tornado,
}  # fmt: skip
