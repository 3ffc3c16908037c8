"""Tables in words, laid out as text or as HTML: the form in which every result shows itself."""

from __future__ import annotations

from .frame import FrameLibrary, frame_of
from .html import Html
from .shown import Shown, Table
from .text import markdown, padded, table, width

__all__ = ["FrameLibrary", "Html", "Shown", "Table", "frame_of", "markdown", "padded", "table", "width"]
