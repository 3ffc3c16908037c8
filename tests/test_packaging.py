"""What is built is whole: a wheel that runs by itself, and an archive of the source with all that it takes to test it."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import tomllib
import venv
import zipfile
from email.parser import Parser
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from packaging.metadata import Metadata
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
pytestmark = pytest.mark.skipif(os.name == "nt", reason="links to installed packages need rights of their own there")


def run(*command: Any, cwd: Path) -> str:
    """Run a command outside the checkout: nothing of it on the path."""
    env = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "PIP_", "COV"))} | {"PYTHONUTF8": "1"}
    found = subprocess.run([*map(str, command)], cwd=cwd, env=env, capture_output=True, encoding="utf-8", check=False)
    assert found.returncode == 0, f"{found.stdout}\n{found.stderr}"
    return found.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The wheel, made from the archive of the source, and that archive."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    (wheel,), (source,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    return wheel, source


def files(*folders: str) -> set[str]:
    """The files below folders of the checkout, without what running them leaves behind."""
    found = (path for folder in folders for path in (ROOT / folder).rglob("*"))
    return {p.relative_to(ROOT).as_posix() for p in found if p.is_file() and not {"__pycache__", ".hypothesis"} & set(p.parts)}


def test_the_wheel_holds_the_package_and_nothing_else(built: tuple[Path, Path]) -> None:
    """Every module, every file of data, the mark of types, the licence; no tests."""
    with zipfile.ZipFile(built[0]) as wheel:
        names = set(wheel.namelist())
    ours = {name.removeprefix("src/") for name in files("src/kjproj")}
    info = f"kjproj-{PROJECT['version']}.dist-info"
    assert {"kjproj/py.typed", "kjproj/data/yueyang.json", "kjproj/data/calibration.json"} <= ours
    assert names == ours | {f"{info}/{name}" for name in ("METADATA", "RECORD", "WHEEL", "entry_points.txt", "licenses/LICENSE")}
    assert built[0].name == f"kjproj-{PROJECT['version']}-py3-none-any.whl"


def test_the_source_holds_what_it_takes_to_build_and_test_it(built: tuple[Path, Path]) -> None:
    """The package, tests, examples, documents, benchmarks, scripts; nothing of an editor's or a machine's."""
    with tarfile.open(built[1]) as source:
        names = {"/".join(member.name.split("/")[1:]) for member in source.getmembers() if member.isfile()}
    wanted = files("src", "tests", "examples", "benchmarks", "docs", "scripts")
    tops = {"README.md", "README.zh-CN.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "pyproject.toml", "PKG-INFO", ".gitignore"}
    assert names == wanted | tops


def test_the_metadata_are_sound(built: tuple[Path, Path]) -> None:
    """Valid by the packaging standard, and what pyproject.toml says: version, licence, requirements, extras, the README."""
    with zipfile.ZipFile(built[0]) as wheel:
        raw = wheel.read(f"kjproj-{PROJECT['version']}.dist-info/METADATA")
    found = Metadata.from_email(raw, validate=True)
    assert (found.name, str(found.version), found.license_expression) == ("kjproj", PROJECT["version"], "MIT")
    assert str(found.requires_python) == PROJECT["requires-python"]
    assert set(found.provides_extra or []) == set(PROJECT["optional-dependencies"])
    plain = {str(need) for need in found.requires_dist or [] if need.marker is None}
    assert plain == {str(Requirement(need)) for need in PROJECT["dependencies"]}
    assert Parser().parsestr(raw.decode()).get_payload() == (ROOT / "README.md").read_text(encoding="utf-8")
    assert found.description_content_type == "text/markdown"


def needed(names: list[str]) -> set[str]:
    """The distributions that these need, and those that those need, without extras."""
    found: set[str] = set()
    while names:
        name = names.pop()
        if name not in found:
            found.add(name)
            needs = [Requirement(need) for need in metadata.requires(name) or []]
            names += [need.name for need in needs if need.marker is None or need.marker.evaluate({"extra": ""})]
    return found


def link(name: str, site: Path) -> None:
    """Put an installed distribution into another environment."""
    distribution = metadata.distribution(name)
    for top in {file.parts[0] for file in distribution.files or []} - {"..", "__pycache__"}:
        if not (site / top).exists():
            (site / top).symlink_to(Path(str(distribution.locate_file(top))))


def answers(folder: Path) -> None:
    """From outside, with warnings as errors: the command, the module, and the text that goes in and comes out."""
    bin_ = folder / "bin"
    assert run(bin_ / "kjproj", "--version", cwd=folder).strip() == f"kjproj {PROJECT['version']}"
    run(bin_ / "kjproj", "new", "new.json", cwd=folder)
    assert "sound" in run(bin_ / "kjproj", "check", "new.json", "--lang", "en", cwd=folder)
    code = (
        "import json, sys, kjproj as kj; assert kj.__file__.startswith(sys.prefix), kj.__file__; "
        "print(json.loads(kj.answer_json(kj.datasets.yueyang().to_json()))['recipe']['kjproj'])"
    )
    assert run(bin_ / "python", "-W", "error", "-c", code, cwd=folder).strip() == PROJECT["version"]


def test_the_wheel_runs_with_its_requirements_alone(built: tuple[Path, Path], tmp_path: Path) -> None:
    """An empty environment with the wheel, and of other packages only those that it names: the bundled study is answered."""
    venv.create(tmp_path / "env", with_pip=False)
    folder = tmp_path / "env"
    (site,) = folder.glob("lib/python3.*/site-packages")
    run(sys.executable, "-m", "pip", "--python", folder, "install", "-q", "--no-deps", "--no-index", built[0], cwd=tmp_path)
    for name in needed([Requirement(need).name for need in PROJECT["dependencies"]]):
        link(name, site)
    answers(folder)


@pytest.mark.heavy
def test_pip_installs_the_wheel_and_all_it_needs(built: tuple[Path, Path], tmp_path: Path) -> None:
    """As a user does it: an empty environment, pip, the index. And a registry would take both archives."""
    env = tmp_path / "env"
    venv.create(env, with_pip=True)
    subprocess.run([env / "bin" / "python", "-m", "pip", "install", "-q", built[0]], check=True)
    answers(env)
    run(sys.executable, "-m", "twine", "check", "--strict", *built, cwd=tmp_path)
