"""A study and questions as one JSON text, and the answers as another: for other languages, services and pipelines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def is_request(data: Mapping[str, Any]) -> bool:
    """Tell whether a document is a request, or else a study by itself."""
    return "study" in data or "questions" in data
