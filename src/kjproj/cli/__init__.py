"""The command: `kjproj [STUDY]` and its siblings, one a file.

A command is a module with `HELP`, `arguments(parser)` and `answer(options) -> str`, and its name in `_COMMANDS`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ..errors import KjprojError, StudyError
from .common import discard_output, language, put

if TYPE_CHECKING:
    from ..text import Language

ANSWERED, REFUSED, USAGE, INTERRUPTED = 0, 1, 2, 130
_COMMANDS = ("run", "check", "compare", "effort", "suggest", "why", "status", "drivers", "binding", "allocate", "rank", "many", "brief", "plot", "report", "sample", "schema", "update", "new")

_STOPPED: dict[Language, str] = {"zh": "kjproj：已中断，尚无结果。", "en": "kjproj: interrupted; nothing was finished."}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Returns 0 if answered (also with what was finished when Ctrl-C was pressed), 1 if the study was refused or the answer
    could not be written, 2 for wrong usage, 130 if Ctrl-C was pressed before anything was finished.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a GBK console shows what it can
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given or given[0] not in (*_COMMANDS, "-h", "--help", "--version"):
        given = ["run", *given]
    options = argparse.Namespace()
    try:
        try:
            options = _parser(given[0]).parse_args(given)
        except SystemExit as stop:
            if stop.code:
                return USAGE
            text = ""  # help, or the version, is printed
        else:
            text = _module(options.command).answer(options)
        put(text, as_json=getattr(options, "json", False))
    except KjprojError as error:
        _say(_refusal(error, language(getattr(options, "lang", None))))
        return REFUSED
    except KeyboardInterrupt:
        _say(_STOPPED[language(getattr(options, "lang", None))])
        return INTERRUPTED
    except BrokenPipeError:  # the reader of a pipe went away
        discard_output()
    return ANSWERED


def _say(text: str) -> None:
    """Print to standard error, where there is one that takes it."""
    if sys.stderr is not None:
        with suppress(OSError):
            print(text, file=sys.stderr)


def _parser(asked: str) -> argparse.ArgumentParser:
    """Return the parser; of the commands only the one that is asked for is loaded, and all of them for help."""
    parser = argparse.ArgumentParser(
        prog="kjproj", description="How likely are the targets of a study? Without STUDY, of the bundled one (Yueyang, 2025)."
    )
    parser.add_argument("--version", action="version", version=f"kjproj {_version()}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in (asked,) if asked in _COMMANDS else _COMMANDS:
        module = _module(name)
        module.arguments(commands.add_parser(name, help=module.HELP, description=module.HELP))
    return parser


def _module(command: str) -> Any:
    return import_module(f".{command}", __name__)


def _version() -> str:
    from ..recipe import installed_version

    return installed_version("kjproj")


def _refusal(error: KjprojError, lang: Language) -> str:
    """Say why nothing was answered; the places of a refused study under a heading in the reader's language."""
    if lang == "en" or not isinstance(error, StudyError):
        return f"kjproj: {error}"
    return "\n".join([f"kjproj：研究文件有{len(error.problems)}处问题，请按位置修改：", *(f"  {p}" for p in error.problems)])
