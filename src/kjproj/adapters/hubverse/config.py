"""A hub's `tasks.json` for given model output: what a hub that asks for just this would say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...errors import KjprojError
from ...text import Text
from ...units import in_english, unit
from ..columns import columns_in
from ..other_units import ascii_unit
from .form import COLUMNS, NO, YES

SCHEMA = "https://raw.githubusercontent.com/hubverse-org/schemas/main/v5.0.1/tasks-schema.json"
_JOINT = ["origin_date", "scenario_id", "location"]
_LONGEST = {"target_id": 30, "target_name": 100, "target_units": 100}


def tasks(
    frame: Any,
    *,
    units: Mapping[str, str],
    labels: Mapping[str, Text] | None = None,
    due: tuple[int, int] = (0, 60),
    file_format: Sequence[str] = ("csv", "parquet"),
) -> dict[str, Any]:
    """Return the configuration of a hub that asks for the model output in a frame, all of it required.

    Quantiles, samples, and each distribution function and chance are a group of tasks of their own. A horizon is in years,
    a unit of time that the schema does not have, so no target is "step ahead". Samples are joint over targets and years.

    Args:
        frame: model output of one round.
        units: by indicator, in the hub as `target_units`, with the plain signs beside it as `target_units_ascii`.
        labels: by indicator, its name in words.
        due: in days after the origin date, the first and the last on which a file is taken.
        file_format: which files are taken.

    Raises:
        KjprojError: for no unit, an unknown one, or a name of over 30 signs.

    >>> import kjproj as kj
    >>> frame = kj.adapters.hubverse.to_model_output(kj.project(kj.datasets.yueyang()), region="430600", indicators=["gdp"])
    >>> hub = kj.adapters.hubverse.tasks(frame, units={"gdp": "亿元"})
    >>> (group,) = hub["rounds"][0]["model_tasks"]
    >>> group["output_type"]["quantile"]["output_type_id"]["required"], group["target_metadata"][0]["target_units"]
    ([0.05, 0.25, 0.5, 0.75, 0.95], '亿元')
    """
    columns = columns_in(frame, COLUMNS, "model output")
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in zip(*(columns[name].tolist() for name in COLUMNS), strict=True)]
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:
        alone = row["target"] if row["output_type"] in ("cdf", "pmf") else ""
        groups.setdefault((row["output_type"], alone), []).append(row)
    model_tasks = [_group(kind, own, units, labels or {}) for (kind, _), own in groups.items()]
    each = {
        "round_id_from_variable": True,
        "round_id": "origin_date",
        "model_tasks": model_tasks,
        "submissions_due": {"relative_to": "origin_date", "start": due[0], "end": due[1]},
        "file_format": list(file_format),
    }
    datatype = {"output_type_id_datatype": "character", "derived_task_ids": ["target_end_date"]}
    return {"schema_version": SCHEMA, "rounds": [each], **datatype}


def _group(kind: str, rows: Sequence[Mapping[str, Any]], units: Mapping[str, str], labels: Mapping[str, Text]) -> dict[str, Any]:
    def values(name: str) -> list[Any]:
        return sorted({row[name] for row in rows}) if name != "target" else list(dict.fromkeys(row[name] for row in rows))

    required = {name: {"required": values(name), "optional": None} for name in (*_JOINT, "target", "horizon")}
    derived = {"target_end_date": {"required": None, "optional": values("target_end_date")}}
    targets = [_chance(name) if kind == "pmf" else _target(name, units, labels.get(name)) for name in values("target")]
    return {"task_ids": {**required, **derived}, "output_type": {kind: _output(kind, rows)}, "target_metadata": targets}


def _output(kind: str, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    if kind == "sample":
        count = len({row["output_type_id"] for row in rows})
        said = {"type": "integer", "min_samples_per_task": count, "max_samples_per_task": count}
        params = {**said, "compound_taskid_set": _JOINT}
        return {"output_type_id_params": params, "value": {"type": "double"}, "is_required": True}
    if kind == "pmf":
        ids: list[Any] = [YES, NO]
    else:
        ids = sorted({float(row["output_type_id"]) for row in rows})
    value = {"type": "double"} if kind == "quantile" else {"type": "double", "minimum": 0, "maximum": 1}
    return {"output_type_id": {"required": ids}, "value": value, "is_required": True}


def _target(name: str, units: Mapping[str, str], label: Text | None) -> dict[str, Any]:
    if name not in units:
        raise KjprojError(f"no unit for {name}; give units={{{name!r}: '亿元', …}}")
    own = unit(units[name])
    words = name if label is None else label("en")
    said = {} if label is None else {"description": f"{label('zh')}（{own.name}）; {label('en')} ({in_english(own.name) or own.name})"}
    metadata = _metadata(name, words, own.name, "discrete" if own.counts else "continuous")
    return {**metadata, "target_units_ascii": ascii_unit(own.name), **said}


def _chance(name: str) -> dict[str, Any]:
    return _metadata(name, f"whether the target {name} is met", "yes or no", "binary")


def _metadata(name: str, words: str, units: str, kind: str) -> dict[str, Any]:
    said = {"target_id": name, "target_name": words, "target_units": units}
    for field, most in _LONGEST.items():
        if len(said[field]) > most:
            raise KjprojError(f"{said[field]!r} has {len(said[field])} signs, a {field} at most {most}; take a shorter name")
    return {**said, "target_keys": {"target": name}, "target_type": kind, "is_step_ahead": False}
