"""Studies that come with the library."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from .study import Study

__all__ = ["yueyang"]


@cache
def yueyang() -> Study:
    """Return the science and technology targets of Yueyang (Hunan, China) for 2025, from a report of 2023-03-20."""
    return Study.from_json((Path(__file__).parent / "data" / "yueyang.json").read_text(encoding="utf-8"))
