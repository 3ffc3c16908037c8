"""The JSON Schema of the study document."""

from __future__ import annotations

import json
from typing import Any

from .document import Document


def schema() -> dict[str, Any]:
    """Return the JSON Schema of the study document, Draft 2020-12."""
    found = Document.model_json_schema(mode="validation")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found, "title": "kjproj study"}


def schema_text() -> str:
    """Return the schema as JSON text."""
    return json.dumps(schema(), ensure_ascii=False, indent=1) + "\n"
