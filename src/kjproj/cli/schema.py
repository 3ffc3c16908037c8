"""`kjproj schema [study|request|result]`: the JSON Schema of a document."""

from __future__ import annotations

import argparse

HELP = "print the JSON Schema of a study, or of what kj.answer_json takes and gives"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("document", nargs="?", choices=("study", "request", "result"), default="study", help="which document (default study)")


def answer(options: argparse.Namespace) -> str:
    """Return the schema."""
    from ..asking.schemas import schema_text

    return schema_text(options.document)
