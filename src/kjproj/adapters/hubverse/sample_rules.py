"""What a hub holds of samples: how many, and which tasks one sample is joint over."""

from __future__ import annotations

from collections.abc import Iterator

from ...errors import Problem
from .submission import Row, Submission


def counted(given: Submission) -> Iterator[Problem]:
    """Every task has as many samples as the hub takes."""
    for _, kind, spec, rows in given.parts:
        if kind != "sample":
            continue
        params = spec["output_type_id_params"]
        least, most = params["min_samples_per_task"], params["max_samples_per_task"]
        counts: dict[tuple[str, ...], set[str]] = {}
        for row in rows:
            counts.setdefault(row.task, set()).add(row.output_type_id)
        for task, own in counts.items():
            if not least <= len(own) <= most:
                yield Problem(f"sample of {', '.join(task)}", f"{len(own)} samples; expected from {least} to {most}")


def joint(given: Submission) -> Iterator[Problem]:
    """A sample has one value of each name in the hub's compound task, and every sample the same tasks otherwise."""
    for group, kind, spec, rows in given.parts:
        if kind != "sample":
            continue
        fixed = spec["output_type_id_params"].get("compound_taskid_set") or list(group["task_ids"])
        held = [k for k, name in enumerate(given.names) if name in fixed]
        free = [k for k, name in enumerate(given.names) if name not in fixed and name not in given.derived]
        samples: dict[str, list[Row]] = {}
        for row in rows:
            samples.setdefault(row.output_type_id, []).append(row)
        usual: frozenset[tuple[str, ...]] | None = None
        for name, own in samples.items():
            several = [given.names[k] for k in held if len({row.task[k] for row in own}) > 1]
            if several:
                yield Problem(f"sample {name}", f"has more than one {several[0]}; expected one, the tasks say what a sample is joint over")
                continue
            tasks = frozenset(tuple(row.task[k] for k in free) for row in own)
            usual = tasks if usual is None else usual
            if tasks != usual:
                yield Problem(f"sample {name}", f"is over {len(tasks)} tasks, others are over {len(usual)}; expected the same tasks")


def apart(given: Submission) -> Iterator[Problem]:
    """No sample's number is used in two groups of tasks."""
    seen: dict[str, int] = {}
    for k, rows in enumerate(given.by_group):
        for name in dict.fromkeys(row.output_type_id for row in rows if row.output_type == "sample"):
            if seen.setdefault(name, k) != k:
                yield Problem(f"sample {name}", "is in two groups of tasks; number the samples of each group apart")
