"""What was public stays for a while, and says what to use in its place; a document of another version says so."""

from __future__ import annotations

import subprocess
import sys
import warnings
from typing import Any

import pytest
from packaging.version import Version
from studies import document, walk

import kjproj as kj
from kjproj.deprecation import Renamed, deprecated

OLD = Renamed("probability", since="0.4", until="0.6")
SMALL = document(indicators=[{"name": "x", "unit": "亿元", "motion": walk(0.08, 0.05)}])


def test_an_old_name_works_and_says_the_new_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the same object, and the warning stands at the line that uses the old name."""
    monkeypatch.setitem(kj._RENAMED, "chance_of", OLD)
    with pytest.warns(kj.KjprojDeprecationWarning, match=r"kjproj.chance_of is called probability since kjproj 0.4; .* goes in kjproj 0.6") as told:
        assert kj.chance_of is kj.probability
    assert [warning.filename for warning in told] == [__file__]
    with pytest.warns(kj.KjprojDeprecationWarning):
        from kjproj import chance_of  # noqa: F401
    assert "chance_of" not in kj.__all__
    assert "chance_of" not in dir(kj)


def test_an_old_function_works_and_says_what_to_use() -> None:
    """The decorator keeps name, documentation and result."""

    @deprecated("kjproj.when", since="0.4", until="0.6")
    def by_when(year: int) -> int:
        """Return the year."""
        return year

    with pytest.warns(kj.KjprojDeprecationWarning, match="by_when is called kjproj.when since kjproj 0.4") as told:
        assert by_when(2025) == 2025
    assert told[0].filename == __file__
    assert (by_when.__name__, by_when.__doc__) == ("by_when", "Return the year.")


def test_the_warning_is_seen_without_being_asked_for_and_can_be_an_error() -> None:
    """It is a `FutureWarning`: Python shows it to whoever runs a script, and `-W error` finds every use."""
    assert issubclass(kj.KjprojDeprecationWarning, FutureWarning)
    code = "import kjproj as kj; from kjproj.deprecation import Renamed; kj._RENAMED['old'] = Renamed('Target', '0.4', '0.6'); print(kj.old.__name__)"
    seen = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert seen.stdout == "Target\n"
    assert "KjprojDeprecationWarning: kjproj.old is called Target" in seen.stderr
    found = subprocess.run([sys.executable, "-W", "error::FutureWarning", "-c", code], capture_output=True, text=True, check=False)
    assert found.returncode == 1


def test_names_that_are_there_and_names_that_never_were_do_not_warn() -> None:
    """The table is asked only for what it has."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert kj.probability
        with pytest.raises(AttributeError, match="no attribute 'never_was'"):
            kj.never_was  # noqa: B018


def kept() -> list[tuple[str, Renamed]]:
    return list(kj._RENAMED.items())


def test_no_old_name_outlives_its_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """When the version comes in which a name goes, this fails until it is gone; a new name is public, an old one is not."""

    def overdue() -> list[str]:
        return [name for name, renamed in kept() if Version(renamed.until) <= Version(kj.__version__)]

    assert overdue() == []
    assert all(renamed.now in kj.__all__ and name not in kj.__all__ for name, renamed in kept())
    monkeypatch.setitem(kj._RENAMED, "old", Renamed("Target", since="0.0.1", until="0.0.2"))
    assert overdue() == ["old"]


@pytest.mark.parametrize(("version", "said"), [(2, "newer than version 1, which this kjproj reads; install a newer kjproj"), (0, "older than version 1")])
def test_a_document_of_another_version_says_so_and_nothing_else(version: int, said: str) -> None:
    """Not a list of keys that are not known: one problem, at the version, whatever else is in it."""
    with pytest.raises(kj.StudyError, match=said) as refused:
        kj.Study.from_dict({**SMALL, "kjproj": version, "new_field": 1, "indicators": [{"kind": "new"}]})
    assert [problem.place for problem in refused.value.problems] == ["kjproj"]


@pytest.mark.parametrize("version", ["1", 1.5, None, True, [1]])
def test_what_is_no_version_is_refused(version: Any) -> None:
    """It is a whole number."""
    with pytest.raises(kj.StudyError, match="kjproj"):
        kj.Study.from_dict({**SMALL, "kjproj": version})


def test_a_document_without_a_version_is_of_version_1() -> None:
    """And stays readable as such when there is a second one."""
    assert kj.Study.from_dict(SMALL).digest == kj.Study.from_dict({**SMALL, "kjproj": 1}).digest
