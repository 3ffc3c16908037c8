"""The JSON Schemas of a study, a request and a result."""

from __future__ import annotations

import json
from typing import Any

from pydantic import TypeAdapter

from ..model import VERSION
from ..study.schema import schema as study_schema
from .request import Request
from .result import Failure, Result

DOCUMENTS = ("study", "request", "result")
_MADE: dict[str, Any] = {"request": TypeAdapter(Request), "result": TypeAdapter(Result | Failure)}


def schema(document: str) -> dict[str, Any]:
    """Return the JSON Schema of a study, a request or a result, Draft 2020-12; its `$id` names the version."""
    if document == "study":
        return study_schema()
    made = _MADE[document].json_schema(mode="validation")
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"urn:kjproj:schema:{document}:{VERSION}"}
    return {**head, **made, "title": f"kjproj {document}"}


def schema_text(document: str) -> str:
    """Return it as JSON text."""
    return json.dumps(schema(document), ensure_ascii=False, indent=1) + "\n"
