"""Tables in words, laid out as text or as HTML: the form in which every result shows itself."""

from __future__ import annotations

from .html import Html
from .shown import Shown, Table
from .text import markdown, padded, table, width

__all__ = ["Html", "Shown", "Table", "markdown", "padded", "table", "width"]
