"""The house keeps its order: rooms import one way, files and functions stay small, starting stays light.

Imports are read from the source (those inside functions and under TYPE_CHECKING too), so a shortcut is found
even if no test happens to walk along it.
"""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "src" / "kjproj"
FILES = sorted(PACKAGE.rglob("*.py"))

FLOORS = (
    ("errors", "deprecation"),
    ("model",),
    ("text",),
    ("tables",),
    ("numbers", "growth", "units", "figures", "estimate"),
    ("numerics",),
    ("scales",),
    ("beliefs",),
    ("rows",),
    ("recipe", "progress"),
    ("motions", "events", "evidence", "identities", "targets", "shocks", "levers", "forecasts"),
    ("study",),
    ("engine",),
    ("projection",),
    ("answers", "calibration"),
    ("datasets", "testing", "show", "many", "adapters"),
    ("asking",),
    ("cli",),
    ("__main__",),
)
"""A room may import rooms of the floors above it, and nothing of its own floor but itself."""

FRONT_DOOR = "__init__"
LEAVES = ("datasets", "testing", "show", "many", "adapters", "asking", "cli", "__main__")
AT_START = {"numpy", "scipy", "pydantic", "pydantic_core"}
NEVER_AT_START = {"scipy.stats", "pandas", "matplotlib"}
TOOLS = {"adapters/sktime.py": {"pandas", "sklearn", "skpro", "sktime"}, "engine/loops.py": {"numba"}}
"""What derives from another tool's classes, or is compiled by it, cannot load without that tool; nothing of ours loads it at start."""

UTF8 = {**os.environ, "PYTHONUTF8": "1"}
FLOOR = {room: k for k, floor in enumerate(FLOORS) for room in floor}


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def module_of(path: Path) -> list[str]:
    parts = ["kjproj", *path.relative_to(PACKAGE).with_suffix("").parts]
    return parts[:-1] if parts[-1] == "__init__" else parts


def imported(path: Path, node: ast.Import | ast.ImportFrom) -> list[str]:
    """Return the full names of the modules that one import statement may load."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    start: list[str] = []
    if node.level:
        package = module_of(path) if path.name == "__init__.py" else module_of(path)[:-1]
        start = package[: len(package) - node.level + 1]
    module = ".".join([*start, *([node.module] if node.module else [])])
    return [f"{module}.{alias.name}" for alias in node.names]


def all_imports(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from ((node.lineno, name) for name in imported(path, node))


def imports_at_start(path: Path) -> Iterator[tuple[int, str]]:
    """Return what is imported when the module is: not inside functions, not under TYPE_CHECKING."""
    waiting: list[ast.AST] = [ast.parse(path.read_text(encoding="utf-8"))]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from ((node.lineno, name) for name in imported(path, node))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            waiting.extend(node.orelse)
            continue
        waiting.extend(ast.iter_child_nodes(node))


def place(path: Path, line: int) -> str:
    return f"{path.relative_to(PACKAGE.parent)}:{line}"


def test_every_file_has_a_room() -> None:
    """A new room is given a floor here, with thought."""
    unknown = {room_of(path) for path in FILES} - set(FLOOR) - {FRONT_DOOR}
    assert not unknown, f"give a floor to {', '.join(sorted(unknown))}"
    gone = set(FLOOR) - {room_of(path) for path in FILES}
    assert not gone, f"no such room any more: {', '.join(sorted(gone))}"


def test_rooms_import_one_way() -> None:
    """No room imports one of its own floor or of a floor below."""
    wrong = []
    for path in FILES:
        own = room_of(path)
        for line, name in all_imports(path):
            parts = name.split(".")
            if own == FRONT_DOOR or parts[0] != "kjproj" or len(parts) == 1:
                continue
            other = parts[1]
            if other in FLOOR and other != own and FLOOR[other] >= FLOOR.get(own, -1):
                wrong.append(f"{place(path, line)}: {own} imports {other}")
            if other not in FLOOR:
                wrong.append(f"{place(path, line)}: {own} imports {name}; name the room, not the front door")
    assert not wrong, "\n".join(wrong)


def test_nothing_imports_a_leaf() -> None:
    """What only shows, tests or ships data is needed by nothing but the two ways out, the command and `asking`, and the front door."""
    wrong = [
        f"{place(path, line)}: {name}"
        for path in FILES
        for line, name in all_imports(path)
        if room_of(path) not in (FRONT_DOOR, "asking", "cli", "__main__")
        and name.split(".")[0] == "kjproj"
        and name.split(".")[1:2] != [room_of(path)]
        and name.split(".")[1:2]
        and name.split(".")[1] in LEAVES
    ]
    assert not wrong, "\n".join(wrong)


def test_numerics_knows_no_study() -> None:
    """The numerics take arrays and give arrays: they import nothing of the package but themselves."""
    wrong = [
        f"{place(path, line)}: {name}"
        for path in FILES
        if room_of(path) == "numerics"
        for line, name in all_imports(path)
        if name.startswith("kjproj") and not name.startswith("kjproj.numerics")
    ]
    assert not wrong, "\n".join(wrong)


def test_files_stay_below_300_lines() -> None:
    """A file that needs more has two ideas in it."""
    long = {place(p, n): n for p in FILES if (n := len(p.read_text(encoding="utf-8").splitlines())) > 300}
    assert not long, long


def test_functions_stay_below_50_lines() -> None:
    """A function that needs more has two ideas in it."""
    long = []
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > 50:
                    long.append(f"{place(path, node.lineno)}: {node.name} has {length} lines")
    assert not long, "\n".join(long)


def test_module_level_imports_are_few() -> None:
    """Importing a module loads the standard library, numpy, scipy and pydantic, and never the heavy parts."""
    wrong = []
    for path in FILES:
        for line, name in imports_at_start(path):
            top = name.split(".")[0]
            ours = top == "kjproj" or top in sys.stdlib_module_names or top in AT_START
            heavy = any(name == h or name.startswith(f"{h}.") for h in NEVER_AT_START)
            if top in TOOLS.get(path.relative_to(PACKAGE).as_posix(), ()):
                continue
            if heavy or not ours:
                wrong.append(f"{place(path, line)}: {name}")
    assert not wrong, "\n".join(wrong)


def loaded_by(code: str) -> set[str]:
    """Return the modules in memory of a fresh interpreter after running `code`."""
    before = f"import json, sys\nsys.path.insert(0, {str(PACKAGE.parent)!r})"
    command = [sys.executable, "-c", f"{before}\n{code}\nprint(json.dumps(list(sys.modules)))"]
    run = subprocess.run(command, capture_output=True, encoding="utf-8", env=UTF8, check=False)
    assert run.returncode == 0, run.stderr
    return set(json.loads(run.stdout.splitlines()[-1]))


def test_import_is_light() -> None:
    """`import kjproj` loads no scipy, no pydantic, and none of the rooms."""
    modules = loaded_by("import kjproj")
    assert not {m for m in modules if m.split(".")[0] in ("scipy", "pydantic", "pandas", "matplotlib")}
    assert {m for m in modules if m.startswith("kjproj.")} == set()


def test_reading_the_bundled_study_is_light() -> None:
    """A study is read and checked without scipy.stats, pandas or matplotlib."""
    modules = loaded_by("import kjproj; kjproj.datasets.yueyang()")
    heavy = {m for m in modules if any(m == h or m.startswith(f"{h}.") for h in NEVER_AT_START)}
    assert not heavy


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_command_is_light(lang: str) -> None:
    """The whole command runs without scipy.stats, pandas or matplotlib."""
    modules = loaded_by(f"from kjproj.cli import main; assert main(['--lang', {lang!r}]) == 0")
    heavy = {m for m in modules if any(m == h or m.startswith(f"{h}.") for h in NEVER_AT_START)}
    assert not heavy


def test_public_names_are_what_they_say() -> None:
    """Every public name can be asked for in any order, and no module stands where a function should."""
    code = (
        "import kjproj, types\n"
        "names = sorted(kjproj.__all__, reverse={reverse})\n"
        "modules = set(kjproj._NAMESPACES)\n"
        "for name in names: getattr(kjproj, name)\n"
        "wrong = [n for n in names if isinstance(getattr(kjproj, n), types.ModuleType) != (n in modules)]\n"
        "assert not wrong, wrong"
    )
    for reverse in (False, True):
        loaded_by(code.format(reverse=reverse))
