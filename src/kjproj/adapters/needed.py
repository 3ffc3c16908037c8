"""Packages that an extra brings, loaded when they are needed."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from ..errors import MissingExtraError


def needed(package: str, extra: str) -> Any:
    """Return a package; raises `MissingExtraError` naming the extra where it is not installed."""
    try:
        return import_module(package)
    except ModuleNotFoundError:
        raise MissingExtraError(package, extra) from None
