"""What others may rely on changes only on purpose."""

from __future__ import annotations

import difflib

import pytest
from surface import PINNED, surface

import kjproj as kj

MEANT = """The public surface is another one than tests/public_surface.txt says.
If it is meant: python tests/surface.py, a line in the changelog, and for what is renamed or gone docs/stability.md.
"""


def difference() -> str:
    """The lines that came and went."""
    lines = difflib.unified_diff(PINNED.read_text(encoding="utf-8").splitlines(), surface().splitlines(), "pinned", "now", lineterm="", n=0)
    return "\n".join(lines)


def test_the_public_surface_is_the_pinned_one() -> None:
    """Names, signatures, fields with defaults, commands with options."""
    found = difference()
    assert not found, f"{MEANT}{found}"


def test_every_public_name_stands_in_it() -> None:
    """Each name of the front door, and each of a namespace."""
    text = surface()
    assert [name for name in kj.__all__ if f" kjproj.{name}" not in text] == []
    assert "  property kjproj.When.median: int | None" in text
    assert "  kjproj.targets.Target" not in text, "a class is described once"
    assert "class kjproj.targets.Target is kjproj.Target" in text
    assert "  --json nargs" not in text
    assert "default=False" in text


def test_no_line_depends_on_where_or_when_it_is_made() -> None:
    """No addresses, no paths, no forms of annotations that a version of Python chose."""
    text = surface()
    for mark in (" at 0x", "typing.", "<class", "<function", "ForwardRef", "PydanticUndefined", "site-packages"):
        assert mark not in text, mark


def test_a_change_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A new option, a renamed argument, another default: each is a line of the difference."""

    def attainable(projection: object, indicator: str, year: int, *, probability: float = 0.8) -> None:
        return None

    monkeypatch.setattr(kj, "attainable", attainable)
    monkeypatch.setattr("surface._COMMANDS", ("run",))
    told = difference().splitlines()
    assert "+def kjproj.attainable(projection: object, indicator: str, year: int, *, probability: float = 0.8) -> None" in told
    assert "-command kjproj check" in told
    assert "-command kjproj run" not in told
