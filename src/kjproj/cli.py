"""The command: `kjproj [STUDY]`, `kjproj check STUDY`, `kjproj update STUDY`, `kjproj new FILE`, `kjproj schema`."""

from __future__ import annotations

import argparse
import locale
import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import KjprojError, StudyError

if TYPE_CHECKING:
    from .study import Study
    from .text import Language

ANSWERED, REFUSED, USAGE = 0, 1, 2
_COMMANDS = ("run", "check", "schema", "update", "new")


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
    run.add_argument("study", nargs="?", metavar="STUDY", help="a .json, .yaml or .xlsx file, or - for JSON on standard input")
    run.add_argument("--scenario", help="the name of a scenario; the study's first one without it")
    run.add_argument("--lang", choices=("zh", "en"), help="Chinese or English; that of the locale without it")
    run.add_argument("--rng", type=_whole, default=0, metavar="N", help="the seed of every randomisation (default 0)")
    run.add_argument("--as-of", metavar="DATE", help="answer as the study was known on an earlier day, such as 2022-06-30")
    run.add_argument("--sort", choices=("plan", "risk"), default="plan", help="targets as in the plan, or the least likely first")
    run.add_argument("--json", action="store_true", help="numbers as JSON instead of the screen")
    check = commands.add_parser("check", help="say whether a study is sound, and what does not fit together")
    check.add_argument("study", metavar="STUDY")
    check.add_argument("--lang", choices=("zh", "en"))
    commands.add_parser("schema", help="print the JSON Schema of the study document")
    _add_update(commands.add_parser("update", help="add new figures to a study's file, and say what they change"))
    new = commands.add_parser("new", help="write a small study to start from")
    new.add_argument("file", metavar="FILE", help="a .yaml, .xlsx or .json file that does not exist yet")
    new.add_argument("--lang", choices=("zh", "en"))
    return parser


def _add_update(update: argparse.ArgumentParser) -> None:
    update.add_argument("study", metavar="STUDY", help="a .json, .yaml or .xlsx file")
    update.add_argument("--set", action="append", required=True, metavar="INDICATOR.YEAR=VALUE", help="a level, such as rd_spending.2022=112.3; may be given again")
    update.add_argument("--unit", help="the unit of the figures; that of the indicator without it")
    update.add_argument("--source", metavar="NAME", help="one of the study's sources")
    update.add_argument("--section", metavar="S", help="where in the source they stand")
    update.add_argument("--published", type=_date, metavar="DATE", help="when they were published; the source's date without it")
    update.add_argument("--expected", action="store_true", help="the source expects the figures rather than reports them")
    update.add_argument("--as-of", type=_date, metavar="DATE", help="the day from which the study looks ahead from now on")
    update.add_argument("-o", "--out", metavar="OUT", help="write there; the file in its place without it")
    update.add_argument("--lang", choices=("zh", "en"))


def _whole(text: str) -> int:
    number = int(text)
    if number < 0:
        raise argparse.ArgumentTypeError(f"{text} is negative; expected a whole number of 0 or more")
    return number


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is no date; expected one such as 2022-06-30") from None


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

    projection = project(_study(options.study), options.scenario, rng=options.rng, as_of=options.as_of)
    found = summary(projection)
    return found.to_json() if options.json else found.to_text(_language(options.lang), sort=options.sort)


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


def _update(options: argparse.Namespace) -> str:
    from .show.changes import changes
    from .study.updating import updated, write_update

    if options.study == "-":
        raise KjprojError("figures are added to a file; name one in place of -")
    more = {key: getattr(options, key) for key in ("unit", "source", "section", "published", "expected")}
    found = updated(_study(options.study), options.set, as_of=options.as_of, **more)
    said = changes(found, _language(options.lang))
    write_update(found, Path(options.study), Path(options.out) if options.out else None)
    return said


def _new(options: argparse.Namespace) -> str:
    from .study.templates import write_template

    lang = _language(options.lang)
    write_template(Path(options.file), lang)
    return f"已写入{options.file}。填写后运行：kjproj {options.file}\n" if lang == "zh" else f"{options.file} is written. Fill it in, then run: kjproj {options.file}\n"


_ACTIONS = {"run": _run, "check": _check, "schema": _schema, "update": _update, "new": _new}
