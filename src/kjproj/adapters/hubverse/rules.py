"""What a hub holds of every row: values that its tasks ask for, none twice, none missing, in range and in order."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise, product
from typing import Any

from ...errors import Problem
from .submission import Row, Submission, is_number, said, values_of

_TOLERANCE = 1.5e-8
_POINT = ("mean", "median")


def asked_for(given: Submission) -> Iterator[Problem]:
    """Every row's task and output type are asked for by one group of tasks."""
    for row in given.strangers:
        wrong = [
            f"{name} {cell!r}"
            for k, (name, cell) in enumerate(zip(given.names, row.task, strict=True))
            if not any(cell in given.allowed(group)[k] for group in given.groups)
        ]
        kinds = sorted({kind for group in given.groups for kind in group["output_type"]})
        if row.output_type not in kinds:
            wrong.append(f"output_type {row.output_type!r}")
        reason = f"the tasks have no {wrong[0]}" if wrong else "the tasks have no such combination of values"
        yield Problem(row.place, reason)


def identified(given: Submission) -> Iterator[Problem]:
    """Every row's output_type_id is one that its output type has."""
    for _, kind, spec, rows in given.parts:
        for row in rows:
            expected = _expected_id(kind, spec, row.output_type_id)
            if expected:
                yield Problem(row.place, f"output_type_id is {row.output_type_id!r}; expected {expected}")


def _expected_id(kind: str, spec: Any, given: str) -> str:
    """Return what an output_type_id should be, nothing where it is that."""
    if kind == "sample":
        params = spec["output_type_id_params"]
        if params["type"] == "integer":
            return "" if given.isascii() and given.isdigit() else "a whole number from 0"
        return "" if 0 < len(given) <= params["max_length"] else f"at most {params['max_length']} signs"
    if kind in _POINT:
        return "" if given in ("NA", "", "None", "nan", "<NA>") else "none"
    ids = values_of(spec["output_type_id"])
    if all(isinstance(own, str) for own in ids):
        return "" if given in ids else f"one of {', '.join(ids)}"
    found = is_number(given) and float(given) in {float(own) for own in ids}
    return "" if found else f"one of {', '.join(map(str, ids))}"


def not_doubled(given: Submission) -> Iterator[Problem]:
    """No two rows say the same of the same."""
    counts = Counter((row.task, row.output_type, _id(row)) for row in given.rows)
    for row in given.rows:
        if (count := counts.pop((row.task, row.output_type, _id(row)), 1)) > 1:
            yield Problem(row.place, f"is there {count} times; expected once")


def complete(given: Submission) -> Iterator[Problem]:
    """Every required task is there, and every task that is there has all its required output_type_ids."""
    for group, kind, spec, rows in given.parts:
        there: dict[tuple[str, ...], set[str]] = {}
        for row in rows:
            there.setdefault(_task(given, row), set()).add(_id(row))
        names = [name for name in given.names if name not in given.derived]
        values = [[said(v) for v in group["task_ids"][name].get("required") or ()] for name in names]
        if spec["is_required"]:
            yield from (
                Problem(f"{kind} of {', '.join(task)}", "is missing; the tasks require it") for task in product(*values) if task not in there
            )
        ids = [_text(own) for own in spec["output_type_id"]["required"] or ()] if "output_type_id" in spec else []
        for task, own in there.items():
            missing = [of for of in ids if of not in own]
            if missing:
                yield Problem(f"{kind} of {', '.join(task)}", f"has no output_type_id {', '.join(missing)}")


def in_range(given: Submission) -> Iterator[Problem]:
    """Every value is a number of the type and in the range of its output type."""
    for _, _, spec, rows in given.parts:
        value = spec["value"]
        low, high = value.get("minimum", -math.inf), value.get("maximum", math.inf)
        for row in rows:
            if not is_number(str(row.value)) or not math.isfinite(float(row.value)):
                yield Problem(row.place, f"value is {row.value!r}; expected a finite number")
            elif not low <= float(row.value) <= high:
                yield Problem(row.place, f"value is {row.value}; expected one from {low} to {high}")
            elif value["type"] == "integer" and not float(row.value).is_integer():
                yield Problem(row.place, f"value is {row.value}; expected a whole number")


def rising(given: Submission) -> Iterator[Problem]:
    """Quantiles and distribution functions do not fall as their output_type_id rises."""
    for _, kind, spec, rows in given.parts:
        if kind not in ("quantile", "cdf"):
            continue
        order = {_text(own): k for k, own in enumerate(values_of(spec["output_type_id"]))}
        for own in _by_task(rows).values():
            known = [row for row in own if _id(row) in order and is_number(str(row.value))]
            ranked = sorted(known, key=lambda row: _rank(row, order))
            falls = [b for a, b in pairwise(ranked) if float(b.value) < float(a.value)]
            yield from (Problem(row.place, f"value is {row.value}, less than before it; expected none that falls") for row in falls)


def summing(given: Submission) -> Iterator[Problem]:
    """The probabilities of a pmf's categories add up to 1."""
    for _, kind, _, rows in given.parts:
        if kind != "pmf":
            continue
        for task, own in _by_task(rows).items():
            total = math.fsum(float(row.value) for row in own if is_number(str(row.value)))
            if abs(total - 1) > _TOLERANCE:
                yield Problem(f"pmf of {', '.join(task)}", f"the values add up to {total:.9g}; expected 1")


def _by_task(rows: Sequence[Row]) -> dict[tuple[str, ...], list[Row]]:
    found: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        found.setdefault(row.task, []).append(row)
    return found


def _task(given: Submission, row: Row) -> tuple[str, ...]:
    return tuple(cell for name, cell in zip(given.names, row.task, strict=True) if name not in given.derived)


def _id(row: Row) -> str:
    return row.output_type_id if row.output_type in ("sample", "pmf") else _text(row.output_type_id)


def _text(own: Any) -> str:
    """Return an output_type_id so that equal numbers are equal texts."""
    return repr(float(own)) if is_number(str(own)) else str(own)


def _rank(row: Row, order: dict[str, int]) -> float:
    return float(row.output_type_id) if is_number(row.output_type_id) else order[_id(row)]
