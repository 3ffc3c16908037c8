"""`kjproj [run] [STUDY]`: answer a study, or a request."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..asking import is_request
from ..errors import KjprojError
from .bar import Bar
from .common import language, projection_arguments, put, standard_input, study_argument, study_of

if TYPE_CHECKING:
    from ..asking.result import Result
    from ..study import Study
    from ..text import Language

HELP = "answer a study, or a request (the default command)"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    study_argument(parser)
    projection_arguments(parser)
    parser.add_argument("--sort", choices=("plan", "risk"), default="plan", help="targets as in the plan, or the least likely first")
    parser.add_argument("--json", action="store_true", help="numbers as JSON instead of the screen; what is wrong with a document too")


def answer(options: argparse.Namespace) -> str:
    """Return the screen, or the numbers as JSON; of a request its answers."""
    try:
        data = _document(options.study)
        if data is not None and is_request(data):
            return _asked(data, options)
        return _screen(study_of(options.study) if data is None else _study(data, options.study), options)
    except KjprojError as error:
        if options.json and not isinstance(error, UnansweredError):
            from ..asking.answer import failure, result_text

            put(result_text(failure(error)), as_json=True)
        raise


def _document(path: str | None) -> dict[str, Any] | None:
    """Return what a text states; None for the bundled study, and for a spreadsheet."""
    from ..study.files import read

    if path == "-":
        return standard_input()
    return None if path is None or Path(path).suffix.lower() == ".xlsx" else read(Path(path))


def _study(data: Mapping[str, Any], path: str) -> Study:
    from ..study import Study
    from ..study.files import validated

    return validated(Study, dict(data), "the study" if path == "-" else path)


def _screen(study: Study, options: argparse.Namespace) -> str:
    from ..projection import project
    from ..show.summary import summary

    lang = language(options.lang)
    with Bar(lang) as bar:
        found = summary(project(study, options.scenario, rng=options.rng, as_of=options.as_of), on_progress=bar)
    return found.to_json() if options.json else found.to_text(lang, sort=options.sort)


def _asked(data: Mapping[str, Any], options: argparse.Namespace) -> str:
    """Return the answers of a request; where some are missing print the others, and raise what is told about those."""
    from ..asking.answer import result, result_text
    from ..asking.request import request

    if options.scenario is not None or options.as_of is not None or options.rng:
        raise KjprojError("a request states its scenario, as_of and rng itself; write them there, and leave out the options")
    found = result(request(data))
    text = result_text(found) if options.json else _texts(found, language(options.lang))
    missing = [a.error for a in found.answers if hasattr(a, "error")]
    if missing:
        put(text, as_json=options.json)
        raise UnansweredError("\n".join(f"{error.where}: {error.message}" for error in missing))
    return text


class UnansweredError(KjprojError):
    """Some of the questions have no answer."""


def _texts(found: Result, lang: Language) -> str:
    said = [answer.text for answer in found.answers if hasattr(answer, "text")]
    return "\n\n".join((getattr(words, lang) or words.zh or words.en or "").rstrip("\n") for words in said) + "\n"
