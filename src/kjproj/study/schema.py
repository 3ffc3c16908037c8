"""The JSON Schema of the study document."""

from __future__ import annotations

from typing import Any

from ..model import VERSION
from .document import Document


def schema() -> dict[str, Any]:
    """Return the JSON Schema of the study document, Draft 2020-12; its `$id` names the version."""
    found = Document.model_json_schema(mode="validation")
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"urn:kjproj:schema:study:{VERSION}"}
    return {**head, **found, "title": "kjproj study"}
