"""`kjproj schema`: the JSON Schema of the study document."""

from __future__ import annotations

import argparse

HELP = "print the JSON Schema of the study document"


def arguments(parser: argparse.ArgumentParser) -> None:
    """It takes none."""


def answer(options: argparse.Namespace) -> str:
    """Return the schema."""
    from ..study.schema import schema_text

    return schema_text()
