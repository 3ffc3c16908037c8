"""Targets: one kind a file; to add one, write its file and add it to the union."""

from __future__ import annotations

from .target import BOUNDS, Target

__all__ = ["BOUNDS", "AnyTarget", "Target"]

AnyTarget = Target
