"""Several targets under several scenarios: a table with a row a target and a column a scenario."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..answers.compare import Comparison, compare
from ..answers.phrases import dated
from ..numbers import digits, per_cent
from ..projection import Projection
from ..text import Language
from . import tables

TOGETHER = "together"
_WHOLE = 1e-6


def comparing(projections: Mapping[str, Projection], targets: Sequence[str]) -> dict[str, Comparison]:
    """Compare each target under the projections, by name, and all of them where there are several ("together").

    The mixture is that of the scenarios that carry a weight, where these add up to 1.
    """
    names = list(dict.fromkeys(targets))
    questions = {name: [name] for name in names} | ({TOGETHER: names} if len(names) > 1 else {})
    return {name: _weighted(projections, asked, compare(projections, all_of=asked)) for name, asked in questions.items()}


def _weighted(projections: Mapping[str, Projection], asked: Sequence[str], found: Comparison) -> Comparison:
    """Return the comparison with the mixture of the scenarios that carry a weight."""
    weights = {name: p.scenario.weight for name, p in projections.items() if p.scenario.weight is not None}
    if abs(math.fsum(weights.values()) - 1.0) > _WHOLE:
        return found
    part = compare({name: projections[name] for name in weights}, all_of=asked, weights=weights)
    return replace(found, mixture=part.mixture, weights=part.weights)


def comparing_text(projections: Mapping[str, Projection], found: Mapping[str, Comparison], lang: Language, columns: int) -> str:
    """Return the table, which fits `columns` where single words and figures allow, and what stands in brackets."""
    study = next(iter(projections.values())).study
    some = next(iter(found.values()))
    head = ["目标" if lang == "zh" else "target", *(label(lang) for label in some.labels.values())]
    if some.mixture is not None:
        head.append("按权重综合" if lang == "zh" else "weighted")
    rows = []
    for name, one in found.items():
        together = "　同时完成" if lang == "zh" else "  together"
        said = together if name == TOGETHER else dated(study, study.target(name), lang)
        rows.append([said, *_cells(one, lang)])
    lines = tables.fitting(head, rows, columns, len(head))
    notes = []
    if some.differences:
        first = next(iter(some.labels.values()))(lang)
        notes.append(f"括号内为与“{first}”相差的百分点。" if lang == "zh" else f"In brackets: points of difference to “{first}”.")
    if some.mixture is not None:
        gap, colon, per = ("；", "为", "%") if lang == "zh" else ("; ", " at ", " %")
        shares = gap.join(f"{some.labels[name](lang)}{colon}{100 * weight:g}{per}" for name, weight in some.weights.items())
        notes.append(f"权重：{shares}。" if lang == "zh" else f"Weights: {shares}.")
    return "\n".join([*lines, *(part for note in notes for part in tables.wrapped(note, columns))]) + "\n"


def _cells(one: Comparison, lang: Language) -> list[str]:
    cells = []
    for name, chance in one.chances.items():
        gap = one.differences.get(name)
        said = per_cent(chance.value, lang)
        more = "" if gap is None else f"（{_points(gap.value)}）" if lang == "zh" else f" ({_points(gap.value)})"
        cells.append(f"{said}{more}")
    return [*cells, *([per_cent(one.mixture.value, lang)] if one.mixture is not None else [])]


def _points(gap: float) -> str:
    """Say a difference of chances: +21, −0.4, 0."""
    size = abs(100 * gap)
    said = f"{size:.0f}" if size >= 0.95 else digits(size, 1) if size >= 0.05 else "0"
    return said if said == "0" else f"{'+' if gap > 0 else '−'}{said}"
