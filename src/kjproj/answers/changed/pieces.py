"""A projection taken apart into pieces, each of which can be the older or the newer one, and put together again."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from typing import Any

from ...model import Model
from ...projection import Projection, project
from ...study import Scenario, Source, Study
from ...study.files import validated
from ...study.standing import standing
from ...targets import BaseTarget

Key = tuple[Hashable, ...]
"""What a piece is of: ("figures", kind, indicator, year, …), ("indicator", name), ("identity", result), ("step", indicator,
year), ("correlation", a, b), ("target", name), ("scenario",), ("as_of",), ("repair",) or ("draws",)."""
Pieces = Mapping[Key, Any]

DEFINITION = ("unit", "scale", "measure", "prices")
ASSUMPTION = ("motion", "reference_class", "region", "beliefs", "events")
_PARTS: Mapping[Hashable, tuple[str, ...]] = {"scenario": ("changes", "commitments"), "correlation": ("value",)}
"""Of some pieces what says something: a scenario's name does not, nor which of two indicators comes first."""
_TOLD_ONLY = frozenset({"label", "note", "source", "section", "reason", "nature", "role", "taken_as", "published", "revises"})
"""What is told to the reader and moves no chance; whether a figure revises is in which figures stand."""
EITHER = ("indicator", "target")
"""What only one of two projections has stands for both: by itself it says nothing that is asked for."""


def taken_apart(projection: Projection, targets: Iterable[str]) -> dict[Key, Any]:
    """Return the pieces of a projection; of its targets those that are named, where it has them."""
    study = projection.study
    found: dict[Key, Any] = {
        ("as_of",): study.as_of,
        ("scenario",): projection.scenario,
        ("repair",): study.repair_correlations,
        ("draws",): projection.forecasts,
    }
    for figure in study.evidence:
        key = ("figures", *figure.subject)
        found[key] = (*found.get(key, ()), figure)
    for step in study.steps:
        key = ("step", step.indicator, step.year)
        found[key] = (*found.get(key, ()), step)
    found |= {("indicator", indicator.name): indicator for indicator in study.indicators}
    found |= {("identity", identity.result): identity for identity in study.identities}
    found |= {("correlation", *sorted(c.between)): c for c in study.correlations}
    return found | {("target", t.name): t for t in (*study.targets, *study.questions) if t.name in set(targets)}


def differ(key: Key, before: Any, after: Any) -> bool:
    """Tell whether a piece says another thing in each of two projections; words alone make no difference."""
    if (before is None or after is None) and key[0] in EITHER:
        return False
    if key[0] == "draws":
        return dict(before) != dict(after)
    if key[0] == "indicator":
        return redefined(before, after) or _told(before, ASSUMPTION) != _told(after, ASSUMPTION)
    if key[0] in _PARTS and before is not None and after is not None:
        return _told(before, _PARTS[key[0]]) != _told(after, _PARTS[key[0]])
    if key[0] == "figures":
        return Counter(map(_told, informing(before))) != Counter(map(_told, informing(after)))
    return bool(_bare(before) != _bare(after))


def redefined(before: Any, after: Any) -> bool:
    """Tell whether an indicator is another quantity than it was: another unit, scale, measure or prices."""
    return _told(before, DEFINITION) != _told(after, DEFINITION)


def informing(figures: Any) -> tuple[Any, ...]:
    """Return the figures on one subject that are not revised by later ones."""
    return tuple(figure for _, figure in standing(figures or ()))


def _told(model: Model, fields: Iterable[str] | None = None) -> str:
    """Return what a model says, as text, without what is there for the reader alone."""
    said = model if fields is None else {name: getattr(model, name) for name in fields}
    return json.dumps(_bare(said), sort_keys=True, default=repr)


def _bare(value: Any) -> Any:
    if isinstance(value, Model):
        return _bare(value.model_dump(mode="json", context="bare"))
    if isinstance(value, Mapping):
        return {key: _bare(inner) for key, inner in value.items() if key not in _TOLD_ONLY}
    return [_bare(inner) for inner in value] if isinstance(value, list | tuple) else value


def put_together(pieces: Pieces, near: frozenset[str], like: Projection, sources: tuple[Source, ...]) -> Projection:
    """Return the projection of pieces about the indicators `near`, computed as `like` is.

    Raises `KjprojError` where the pieces do not fit together.
    """
    targets = {target.name: target for target in _of(pieces, "target")}
    scenario = _nearby(pieces["scenario",], near, targets)
    fields = {
        "as_of": pieces["as_of",],
        "repair_correlations": pieces["repair",],
        "sources": sources,
        "indicators": tuple(i.model_copy(update={"given": None}) for i in _of(pieces, "indicator")),
        "identities": _of(pieces, "identity"),
        "correlations": _of(pieces, "correlation"),
        "steps": tuple(step for steps in _of(pieces, "step") for step in steps),
        "evidence": tuple(figure for figures in _of(pieces, "figures") for figure in figures),
        "targets": tuple(targets[commitment.target] for commitment in scenario.commitments),
        "scenarios": (scenario,),
    }
    study = validated(Study, fields, "the study in between")
    return project(study, paths=pieces["draws",] or None, rng=like.seed, nodes=like.nodes)


def _nearby(scenario: Scenario, near: frozenset[str], targets: Mapping[str, BaseTarget]) -> Scenario:
    """Return what a scenario says about the indicators `near`."""
    changes = tuple(change for change in scenario.changes if change.indicator in near)
    kept = tuple(c for c in scenario.commitments if targets[c.target].indicators[0] in near)
    return scenario.model_copy(update={"changes": changes, "commitments": kept})


def _of(pieces: Pieces, kind: str) -> tuple[Any, ...]:
    return tuple(piece for key, piece in pieces.items() if key[0] == kind and piece is not None)
