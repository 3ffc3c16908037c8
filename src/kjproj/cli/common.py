"""What several commands share: the study they are about, the reader's language, and kinds of arguments."""

from __future__ import annotations

import argparse
import codecs
import json
import locale
import os
import re
import sys
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any

from ..errors import KjprojError

if TYPE_CHECKING:
    from ..projection import Projection
    from ..study import Study
    from ..text import Language


def study_argument(parser: argparse.ArgumentParser, *, optional: bool = True) -> None:
    """Add STUDY; where it is optional, the bundled study stands in."""
    parser.add_argument(
        "study",
        nargs="?" if optional else None,
        metavar="STUDY",
        help="a .json, .yaml or .xlsx file, or - for JSON or YAML on standard input" + ("; the bundled study without it" if optional else ""),
    )


def study_option(parser: argparse.ArgumentParser) -> None:
    """Add --study, for commands whose arguments are something else; the bundled study stands in."""
    parser.add_argument(
        "--study",
        metavar="FILE",
        help="a .json, .yaml or .xlsx study, or - for JSON or YAML on standard input; the bundled study without it",
    )


def language_argument(parser: argparse.ArgumentParser) -> None:
    """Add --lang."""
    parser.add_argument("--lang", choices=("zh", "en"), help="Chinese or English; that of the locale without it")


def targets_arguments(parser: argparse.ArgumentParser, help_text: str) -> None:
    """Add TARGET…, and --study for the study that they are of, where the command is about targets."""
    parser.add_argument("targets", nargs="+", metavar="TARGET", help=help_text)
    parser.add_argument("--study", metavar="STUDY", help="a .json, .yaml or .xlsx file, or -; the bundled study without it")


def projection_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what chooses a projection of the study: --scenario, --as-of, --rng; and --lang."""
    parser.add_argument("--scenario", help="the name of a scenario; the study's first one without it")
    known_arguments(parser)


def known_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what does not depend on the scenario: --as-of, --rng, --lang."""
    parser.add_argument("--as-of", metavar="DATE", help="answer as the study was known on an earlier day, such as 2022-06-30")
    parser.add_argument("--rng", type=whole, default=0, metavar="N", help="the seed of every randomisation (default 0)")
    language_argument(parser)


def study_of(path: str | None) -> Study:
    """Read a study; the bundled one without a path."""
    if path is None:
        from ..datasets import yueyang

        return yueyang()
    from ..study import Study

    return Study.from_dict(standard_input()) if path == "-" else Study.from_file(path)


def standard_input() -> dict[str, Any]:
    """Return the document on standard input, JSON or YAML, in UTF-8 whatever the console speaks."""
    from ..study.files import parse_text

    if sys.stdin is None:
        raise KjprojError("standard input is closed, and - reads the study from there; pipe a study into it, or name a file")
    try:
        content = getattr(sys.stdin, "buffer", sys.stdin).read()
    except OSError as error:
        raise KjprojError(f"standard input cannot be read: {error.strerror}; pipe a study into it, or name a file") from None
    return parse_text(content, "the study")


def put(text: str, *, as_json: bool) -> None:
    """Print; JSON whole on every console, with escapes where that speaks another language than UTF-8.

    Raises `KjprojError` where it cannot be written, other than to a reader that went away.
    """
    if sys.stdout is None:
        raise KjprojError("the answer cannot be written: standard output is closed; open it, or redirect it to a file")
    if as_json and codecs.lookup(sys.stdout.encoding or "utf-8").name != "utf-8":
        text = re.sub(r"[^\x00-\x7f]", lambda found: json.dumps(found[0])[1:-1], text)
    try:
        print(text, end="", flush=True)
    except BrokenPipeError:
        raise
    except OSError as error:
        discard_output()
        raise KjprojError(f"the answer cannot be written to standard output: {error.strerror}; redirect it elsewhere") from None


def discard_output() -> None:
    """Let go of what could not be written, so that nothing is tried again at the end."""
    with suppress(OSError):  # a stream in memory is no file
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def projection_of(options: argparse.Namespace) -> Projection:
    """Project the study that STUDY and `projection_arguments` choose."""
    from ..projection import project

    return project(study_of(options.study), options.scenario, rng=options.rng, as_of=options.as_of)


def language(asked: Language | None) -> Language:
    """Return the language asked for, or that of the locale."""
    if asked is not None:
        return asked
    named = next((os.environ[k] for k in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(k)), None)
    return "zh" if (named or locale.getlocale()[0] or "").lower().startswith(("zh", "chinese")) else "en"


def whole(text: str) -> int:
    """A whole number of 0 or more."""
    number = int(text)
    if number < 0:
        raise argparse.ArgumentTypeError(f"{text} is negative; expected a whole number of 0 or more")
    return number


def day(text: str) -> date:
    """A date in ISO form."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is no date; expected one such as 2022-06-30") from None
