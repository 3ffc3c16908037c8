"""`answer_json`: a study and questions as JSON text in, the answers as JSON text out."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from ..errors import KjprojError
from ..model import VERSION
from ..projection import Projection
from ..study.files import parse_json
from ..text import Language
from .questions import Answer, Question
from .refusals import refusal
from .request import Request, request
from .result import Failure, Reproduced, Result, Unanswered


def answer_json(text: str | bytes) -> str:
    """Answer a study, or questions about it, that a JSON text states, with a JSON text.

    For a caller that has no Python objects: another language, a web service, a spreadsheet, a queue. The text is a study, as
    `Study.to_json` writes it, and then every target is answered; or a request, ``{"study": {…}, "questions": [{"kind":
    "probability", "target": "…"}, …]}`` with `scenario`, `as_of`, `rng`, `lang` beside them. `kjproj schema request` and
    `kjproj schema result` print the JSON Schemas of both sides.

    Whatever the text is, nothing is raised: the result says ``{"kjproj": 1, "error": {"kind", "message", "where",
    "problems"}}`` where there are no answers, and a question that has none has an `error` in its place. The same text gives
    the same text, byte for byte, on one machine.

    Args:
        text: JSON, as text, or as bytes in UTF-8; at most 10 million characters.

    >>> import json
    >>> import kjproj as kj
    >>> study = kj.datasets.yueyang().to_dict()
    >>> asked = {"study": study, "questions": [{"kind": "probability", "target": "rd_spending_2025"}]}
    >>> found = json.loads(kj.answer_json(json.dumps(asked)))
    >>> print(f"{found['answers'][0]['value']:.2f}")
    0.51
    >>> json.loads(kj.answer_json("{"))["error"]["kind"]
    'document'
    """
    return result_text(_caught(lambda: result(request(_parsed(text)))))


def answered(data: Mapping[str, Any]) -> Result | Failure:
    """Return the result of a document, a study or a request; nothing is raised."""
    return _caught(lambda: result(request(data)))


def result(asked: Request) -> Result:
    """Return the answers of a request, each with its own error where it has none."""
    projection = asked.projection
    answers = [_answer(question, projection, asked.languages, f"questions[{i}]") for i, question in enumerate(asked.questions)]
    recipe = Reproduced.model_validate(projection.recipe.to_dict())
    return Result(kjproj=VERSION, scenario=projection.scenario.name, as_of=projection.study.as_of, answers=tuple(answers), recipe=recipe)


def failure(error: Exception) -> Failure:
    """Return the result of what is refused as a whole."""
    return Failure(kjproj=VERSION, error=refusal(error))


def result_text(found: Result | Failure) -> str:
    """Return a result as JSON text."""
    return json.dumps(found.model_dump(mode="json"), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _caught(call: Callable[[], Result]) -> Result | Failure:
    try:
        return call()
    except Exception as error:  # a service that calls must go on
        return failure(error)


def _parsed(text: str | bytes) -> dict[str, Any]:
    if not isinstance(text, str | bytes):
        raise KjprojError(f"the request is {type(text).__name__}; expected JSON as text, or as bytes")
    return parse_json(text, "the request")


def _answer(question: Question, projection: Projection, languages: tuple[Language, ...], where: str) -> Answer | Unanswered:
    try:
        return question.answer(projection, languages)
    except Exception as error:
        return Unanswered(**question.named, error=refusal(error, where))
