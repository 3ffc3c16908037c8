"""Studies to start from: small, sound, of a city that does not exist."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ..errors import KjprojError
from ..text import Language
from . import files
from .replacing import replace_file

_DATA = Path(__file__).parents[1] / "data" / "templates"


def template(lang: Language) -> dict[str, Any]:
    """Return the document to start from."""
    found: dict[str, Any] = json.loads((_DATA / f"{lang}.json").read_text(encoding="utf-8"))
    return found


def write_template(path: Path, lang: Language) -> None:
    """Write a study to start from, explained where the format allows it; an existing file stays as it is."""
    if path.exists():
        raise KjprojError(f"{path} exists already; name a new file, or move that one away first")
    ending = path.suffix.lower()
    if ending in (".yaml", ".yml"):
        content = (_DATA / f"{lang}.yaml").read_bytes()
    elif ending == ".xlsx":
        from .sheets.writing import workbook

        guide = (_DATA / f"{lang}.txt").read_text(encoding="utf-8").splitlines()
        content = workbook(template(lang), lang, guide)
    elif ending == ".json":
        content = files.write_json(template(lang)).encode()
    else:
        raise KjprojError(f"{path} has an unknown ending; {files.ENDINGS}")
    replace_file(path, content)
