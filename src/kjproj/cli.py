"""The command: `kjproj [STUDY]`, `kjproj check STUDY`, `kjproj schema`."""

from __future__ import annotations

import argparse
import locale
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from .errors import KjprojError, StudyError

if TYPE_CHECKING:
    from .study import Study
    from .text import Language

ANSWERED, REFUSED, USAGE = 0, 1, 2
_COMMANDS = ("run", "check", "schema")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns 0 if answered, 1 if the study was refused, 2 for wrong usage."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a GBK console shows what it can
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given or given[0] not in (*_COMMANDS, "-h", "--help", "--version"):
        given = ["run", *given]
    try:
        options = _parser().parse_args(given)
    except SystemExit as stop:
        return USAGE if stop.code else ANSWERED
    try:
        print(_ACTIONS[options.command](options), end="", flush=True)
    except KjprojError as error:
        print(_refusal(error, _language(getattr(options, "lang", None))), file=sys.stderr)
        return REFUSED
    except BrokenPipeError:  # the reader of a pipe went away
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return ANSWERED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="kjproj", description="How likely are the targets of a study? Without STUDY, of the bundled one (Yueyang, 2025)."
    )
    parser.add_argument("--version", action="version", version=f"kjproj {_version()}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    run = commands.add_parser("run", help="answer a study (the default command)")
    run.add_argument("study", nargs="?", metavar="STUDY", help="a .json or .yaml file, or - for JSON on standard input")
    run.add_argument("--scenario", help="the name of a scenario; the study's first one without it")
    run.add_argument("--lang", choices=("zh", "en"), help="Chinese or English; that of the locale without it")
    run.add_argument("--rng", type=_whole, default=0, metavar="N", help="the seed of every randomisation (default 0)")
    run.add_argument("--json", action="store_true", help="numbers as JSON instead of the screen")
    check = commands.add_parser("check", help="say whether a study is sound, and what does not fit together")
    check.add_argument("study", metavar="STUDY")
    check.add_argument("--lang", choices=("zh", "en"))
    commands.add_parser("schema", help="print the JSON Schema of the study document")
    return parser


def _whole(text: str) -> int:
    number = int(text)
    if number < 0:
        raise argparse.ArgumentTypeError(f"{text} is negative; expected a whole number of 0 or more")
    return number


def _version() -> str:
    from .recipe import installed_version

    return installed_version("kjproj")


def _study(path: str | None) -> Study:
    if path is None:
        from .datasets import yueyang

        return yueyang()
    from .study import Study

    if path == "-":
        return Study.from_json(getattr(sys.stdin, "buffer", sys.stdin).read())  # UTF-8, whatever the console speaks
    return Study.from_file(path)


def _refusal(error: KjprojError, lang: Language) -> str:
    """Say why nothing was answered; the places of a refused study under a heading in the reader's language."""
    if lang == "en" or not isinstance(error, StudyError):
        return f"kjproj: {error}"
    return "\n".join([f"kjproj：研究文件有{len(error.problems)}处问题，请按位置修改：", *(f"  {p}" for p in error.problems)])


def _language(asked: Language | None) -> Language:
    if asked is not None:
        return asked
    named = next((os.environ[k] for k in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(k)), None)
    return "zh" if (named or locale.getlocale()[0] or "").lower().startswith(("zh", "chinese")) else "en"


def _run(options: argparse.Namespace) -> str:
    from .projection import project
    from .show.summary import summary

    projection = project(_study(options.study), options.scenario, rng=options.rng)
    found = summary(projection)
    return found.to_json() if options.json else found.to_text(_language(options.lang))


def _check(options: argparse.Namespace) -> str:
    from .answers.coherence import coherence

    study, lang = _study(options.study), _language(options.lang)
    counts = len(study.indicators), len(study.evidence), len(study.targets)
    if lang == "zh":
        head = f"研究有效：{counts[0]}个指标，{counts[1]}条依据，{counts[2]}项目标。"
    else:
        head = f"The study is sound. Indicators: {counts[0]}; evidence: {counts[1]}; targets: {counts[2]}."
    return f"{head}\n{coherence(study).to_text(lang)}\n"


def _schema(options: argparse.Namespace) -> str:
    from .study.schema import schema_text

    return schema_text()


_ACTIONS = {"run": _run, "check": _check, "schema": _schema}
