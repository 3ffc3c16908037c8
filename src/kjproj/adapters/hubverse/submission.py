"""A table of model output beside the hub's tasks: which group of tasks each row belongs to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from .form import OUTPUT

Group = Mapping[str, Any]


def said(value: Any) -> str:
    """Return a cell as the tasks write it: a whole number without a point, a date without a time."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)[:10] if hasattr(value, "isoformat") else str(value)


def is_number(text: str) -> bool:
    """Tell whether a text is a number."""
    try:
        return float(text) == float(text)
    except ValueError:
        return False


@dataclass(frozen=True)
class Row:
    """One row: its number, the values of its task in the order of the task's names, what it gives, and how much."""

    number: int
    task: tuple[str, ...]
    output_type: str
    output_type_id: str
    value: Any

    @property
    def place(self) -> str:
        """Where it stands."""
        return f"row {self.number} ({', '.join(self.task)}, {self.output_type} {self.output_type_id})"


@dataclass(frozen=True)
class Submission:
    """The rows of a file, the names of the task's columns, and the groups of the round's tasks."""

    names: tuple[str, ...]
    rows: tuple[Row, ...]
    groups: tuple[Group, ...]
    derived: frozenset[str]

    @classmethod
    def of(cls, columns: Mapping[str, Any], each: Mapping[str, Any], tasks: Mapping[str, Any]) -> Submission:
        """Return the submission of a table whose columns are those of the tasks of a round."""
        groups = tuple(each["model_tasks"])
        names = tuple(groups[0]["task_ids"])
        derived = each.get("derived_task_ids", tasks.get("derived_task_ids")) or ()
        task = zip(*([said(cell) for cell in columns[name].tolist()] for name in names), strict=True)
        given = zip(task, *(columns[name].tolist() for name in OUTPUT), strict=True)
        rows = tuple(Row(k, own, str(kind), said(of), value) for k, (own, kind, of, value) in enumerate(given))
        return cls(names, rows, groups, frozenset(derived))

    def allowed(self, group: Group) -> list[set[str]]:
        """Return the values that a group allows, by the names of the task."""
        return [{said(v) for v in values_of(group["task_ids"][name])} for name in self.names]

    @cached_property
    def by_group(self) -> tuple[tuple[Row, ...], ...]:
        """The rows of each group, by its task and its output types."""
        found: list[list[Row]] = [[] for _ in self.groups]
        allowed = [self.allowed(group) for group in self.groups]
        seen: dict[tuple[tuple[str, ...], str], int | None] = {}
        for row in self.rows:
            key = (row.task, row.output_type)
            if key not in seen:
                seen[key] = next((k for k in range(len(found)) if self._fits(key, allowed[k], self.groups[k])), None)
            own = seen[key]
            if own is not None:
                found[own].append(row)
        return tuple(map(tuple, found))

    @property
    def strangers(self) -> Iterator[Row]:
        """The rows that no group of tasks asks for."""
        known = {row.number for rows in self.by_group for row in rows}
        return (row for row in self.rows if row.number not in known)

    @property
    def parts(self) -> Iterator[tuple[Group, str, Mapping[str, Any], list[Row]]]:
        """Each group and output type with its specification and its rows."""
        for group, rows in zip(self.groups, self.by_group, strict=True):
            for kind, spec in group["output_type"].items():
                yield group, kind, spec, [row for row in rows if row.output_type == kind]

    @staticmethod
    def _fits(key: tuple[tuple[str, ...], str], allowed: Sequence[set[str]], group: Group) -> bool:
        task, kind = key
        return kind in group["output_type"] and all(cell in own for cell, own in zip(task, allowed, strict=True))


def values_of(spec: Mapping[str, Any]) -> list[Any]:
    """Return the required and the optional values of one task id or output type."""
    return [*(spec.get("required") or ()), *(spec.get("optional") or ())]
