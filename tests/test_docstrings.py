"""Examples in docstrings run and print what they say."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import kjproj

MODULES = sorted(m.name for m in pkgutil.walk_packages(kjproj.__path__, "kjproj.") if not m.name.endswith("__main__"))
PUBLIC = [name for name in kjproj.__all__ if callable(getattr(kjproj, name)) and name.islower()]


@pytest.mark.parametrize("name", ["kjproj", *MODULES])
def test_examples_in_docstrings_run(name: str) -> None:
    """What follows >>> prints what the docstring says."""
    module = importlib.import_module(name)
    found = doctest.testmod(module, optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    assert found.failed == 0


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_function_shows_an_example(name: str) -> None:
    """A public function's docstring has an example that runs."""
    assert ">>>" in (getattr(kjproj, name).__doc__ or "")
