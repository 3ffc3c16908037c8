"""Whether model output is what a hub's tasks ask for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from ...errors import KjprojError, Problem
from ...tables import Shown, Table
from ...text import Language
from ..columns import columns_in
from . import rules, sample_rules
from .files import NAME
from .form import OUTPUT
from .submission import Submission, said, values_of

_RULES = (
    rules.asked_for,
    rules.identified,
    rules.not_doubled,
    rules.complete,
    rules.in_range,
    rules.rising,
    rules.summing,
    sample_rules.counted,
    sample_rules.joint,
    sample_rules.apart,
)
_SHOWN = 10
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, repr=False)
class Checked(Shown):
    """What is wrong with model output, each thing with its place; of one kind at most ten."""

    problems: tuple[Problem, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems

    def __repr__(self) -> str:
        return f"Checked({'fits the tasks' if self.ok else f'{len(self.problems)} problems'})"

    def tables(self, lang: Language) -> tuple[Table, ...]:
        """Return one row a problem."""
        if self.ok:
            return (Table(notes=("与预测平台任务相符。" if lang == "zh" else "The model output fits the hub's tasks.",)),)
        head = ("位置", "问题") if lang == "zh" else ("place", "problem")
        return (Table(head, tuple((problem.place, problem.message) for problem in self.problems)),)


def check(frame: Any, tasks: Mapping[str, Any], *, file: str | Path | None = None) -> Checked:
    """Check model output against a hub's tasks, by the rules that hubs hold (R package `hubValidations`).

    The file's name and folder; the columns; the round; every row's task, output type and output_type_id; rows that are there
    twice or missing; values in range; quantiles and distribution functions that do not fall; probabilities that add up to 1;
    samples: how many, numbered how, joint over what.

    Args:
        frame: of pandas, polars or pyarrow.
        tasks: the hub's `tasks.json`, as a dictionary, of one round; by version 4 or 5 of the schema of tasks.
        file: the file's path, whose name and folder are checked too.

    Raises:
        KjprojError: for tasks that have no round or several, or lack what the schema requires.

    >>> import kjproj as kj
    >>> from kjproj.adapters import hubverse
    >>> frame = hubverse.to_model_output(kj.project(kj.datasets.yueyang()), region="430600", indicators=["gdp"])
    >>> hub = hubverse.tasks(frame, units={"gdp": "亿元"})
    >>> print(hubverse.check(frame, hub, file="yueyang-kjproj/2023-03-20-yueyang-kjproj.csv"))
    The model output fits the hub's tasks.
    >>> hubverse.check(frame.head(14), hub).problems[0].message
    'has no output_type_id 0.95'
    """
    each = _round(tasks)
    columns = {name: column for name, column in columns_in(frame, (), "model output").items() if name != "model_id"}
    try:
        return Checked(tuple(_problems(each, tasks, columns, file)))
    except (KeyError, TypeError) as error:
        raise KjprojError(f"the tasks are not as the hubverse's schema has them: {error}") from None


def _problems(
    each: Mapping[str, Any], tasks: Mapping[str, Any], columns: Mapping[str, Any], file: str | Path | None
) -> Iterator[Problem]:
    expected = (*each["model_tasks"][0]["task_ids"], *OUTPUT)
    yield from _named(each, file)
    yield from _columns(columns, expected)
    if set(columns) != set(expected):
        return
    yield from _one_round(each, columns, file)
    given = Submission.of(columns, each, tasks)
    for rule in _RULES:
        yield from islice(rule(given), _SHOWN)


def _round(tasks: Mapping[str, Any]) -> Mapping[str, Any]:
    rounds = tasks.get("rounds") if isinstance(tasks, Mapping) else None
    if not rounds or not all(each.get("model_tasks") for each in rounds):
        raise KjprojError('the tasks have no rounds; expected what a hub\'s tasks.json says: {"rounds": [{"model_tasks": …}]}')
    if len(rounds) > 1:
        raise KjprojError(f'the tasks have {len(rounds)} rounds; hand in one: {{**tasks, "rounds": [tasks["rounds"][0]]}}')
    each: Mapping[str, Any] = rounds[0]
    if len({frozenset(group["task_ids"]) for group in each["model_tasks"]}) > 1:
        raise KjprojError("the groups of tasks have different task ids; expected the same in one round")
    version = re.search(r"/v(\d+)\.", str(tasks.get("schema_version", "")))
    if version is not None and int(version[1]) < 4:
        raise KjprojError(f"the tasks follow version {version[1]} of the schema; expected version 4 or later")
    return each


def _named(each: Mapping[str, Any], file: str | Path | None) -> Iterator[Problem]:
    if file is None:
        return
    path, endings = Path(file), each.get("file_format") or ["csv", "parquet", "arrow"]
    found = NAME.fullmatch(path.stem.split(".")[0])
    if found is None:
        expected = "expected the round, the team and the model: 2023-03-20-team-model"
        yield Problem(path.name, f"is no name of model output; {expected}")
    elif path.parent.name and path.parent.name != f"{found[2]}-{found[3]}":
        yield Problem(path.name, f"is in the folder {path.parent.name}; expected {found[2]}-{found[3]}")
    if path.suffix[1:] not in endings:
        yield Problem(path.name, f"ends in {path.suffix or 'nothing'}; expected one of {', '.join(endings)}")


def _columns(columns: Mapping[str, Any], expected: tuple[str, ...]) -> Iterator[Problem]:
    yield from (Problem(f"column {name}", "is missing") for name in expected if name not in columns)
    yield from (Problem(f"column {name}", "is not one of the tasks") for name in columns if name not in expected)


def _one_round(each: Mapping[str, Any], columns: Mapping[str, Any], file: str | Path | None) -> Iterator[Problem]:
    """Check that all rows are of one round, that of the file's name, and that dates are dates."""
    found = None if file is None else NAME.fullmatch(Path(file).stem.split(".")[0])
    if each["round_id_from_variable"]:
        name = each["round_id"]
        own = sorted({said(cell) for cell in columns[name].tolist()})
        known = {said(v) for group in each["model_tasks"] for v in values_of(group["task_ids"][name])}
        if len(own) > 1:
            yield Problem(f"column {name}", f"has {', '.join(own)}; expected one round a file")
        elif found is not None and found[1] != own[0]:
            yield Problem(Path(file or "").name, f"is of the round {found[1]}, its rows are of {own[0]}")
        yield from (Problem(f"column {name}", f"{of} is no round of the hub") for of in own if of not in known)
    elif found is not None and found[1] != each["round_id"]:
        yield Problem(Path(file or "").name, f"is of the round {found[1]}; expected {each['round_id']}")
    for name in columns:
        if name.endswith("_date"):
            wrong = [cell for cell in dict.fromkeys(map(said, columns[name].tolist())) if not _is_date(cell)]
            yield from (Problem(f"column {name}", f"{cell!r} is no date; expected one such as 2025-12-31") for cell in wrong)


def _is_date(text: str) -> bool:
    try:
        return bool(_DATE.fullmatch(text)) and date.fromisoformat(text) is not None
    except ValueError:
        return False
