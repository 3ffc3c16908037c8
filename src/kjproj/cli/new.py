"""`kjproj new FILE`: a small study to start from."""

from __future__ import annotations

import argparse
from pathlib import Path

from .common import language, language_argument

HELP = "write a small study to start from"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("file", metavar="FILE", help="a .yaml, .xlsx or .json file that does not exist yet")
    language_argument(parser)


def answer(options: argparse.Namespace) -> str:
    """Write the template, and say how to go on."""
    from ..study.templates import write_template

    lang = language(options.lang)
    write_template(Path(options.file), lang)
    if lang == "zh":
        return f"已写入{options.file}。填写后运行：kjproj {options.file}\n"
    return f"{options.file} is written. Fill it in, then run: kjproj {options.file}\n"
