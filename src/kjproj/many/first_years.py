"""In which year is each target's figure first reached, by yearly checks?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..answers.when import when
from ..numbers import per_cent
from ..numerics.first_years import fallen_back
from ..tables import Shown, Table
from ..text import Language
from .chances import Chances, attempt, of_groups, one_by_one
from .given import Floats, Ints, distinct
from .groups import Group
from .inputs import Inputs
from .projections import SHOWN, counted, framed, left_out, reasons_of
from .quantiles import open_years
from .reasons import ANSWERED, APART, REFUSED

if TYPE_CHECKING:
    import pandas as pd

_NEGLIGIBLE, _LEAST, _ERROR, _CHUNK = 1e-8, 1e-7, 2e-6, 8192


@dataclass(frozen=True, eq=False, repr=False)
class FirstYears(Shown):
    """How likely the figure of each of T targets is first reached in each year, checked at year ends.

    Attributes:
        region, indicator: (T,).
        years: the years that were checked, (H,); a region's checks begin with its first open year.
        first: the chance that it is that year, (T, H); NaN where there is no answer.
        stderr: the error of the computation, (T,).
        code: codes of `reasons`, (T,); words: what was said where one was refused alone.
    """

    region: NDArray[np.object_]
    indicator: NDArray[np.object_]
    years: Ints
    first: Floats
    stderr: Floats
    code: NDArray[np.int8]
    words: dict[int, str]

    def __repr__(self) -> str:
        return f"FirstYears({len(self.region)} targets, {self.years[0]} to {self.years[-1]})"

    def __len__(self) -> int:
        return len(self.region)

    @property
    def by(self) -> Floats:
        """The chance that it is reached in that year or before, (T, H)."""
        return np.cumsum(self.first, axis=1)

    @property
    def never(self) -> Floats:
        """The chance that it is not reached in any of the years, (T,)."""
        return np.asarray(1.0 - self.first.sum(axis=1))

    @property
    def median(self) -> Floats:
        """The first year by which it is reached with probability one half, (T,); NaN where that lies later or is not known."""
        half = self.by >= 0.5
        return np.where(half.any(axis=1), self.years[half.argmax(axis=1)], np.nan)

    @property
    def reasons(self) -> NDArray[np.object_]:
        """Why there is no answer, (T,); "" where there is one."""
        return reasons_of(self.code, self.words, "en")

    def to_dict(self) -> dict[str, Any]:
        """Return columns, one row a target, one column a year."""
        columns: dict[str, Any] = {"region": self.region, "indicator": self.indicator}
        columns |= {f"first_{year}": self.first[:, j] for j, year in enumerate(self.years.tolist())}
        return columns | {"never": self.never, "reason": self.reasons}

    def to_frame(self) -> pd.DataFrame:
        """Return one row a target as a pandas frame (extra `pandas`)."""
        return framed(self.to_dict())

    def tables(self, lang: Language) -> tuple[Table, ...]:
        """Return the first targets' chances by year, and that of none."""
        first = ("地区", "指标") if lang == "zh" else ("region", "indicator")
        head = (*first, *map(str, self.years.tolist()), "未达到" if lang == "zh" else "never")
        chances = np.column_stack([self.first, self.never])
        shown = [i for i in range(min(len(self), SHOWN)) if self.code[i] == ANSWERED]
        rows = tuple((self.region[i], self.indicator[i], *(per_cent(c, lang) for c in chances[i].tolist())) for i in shown)
        return (Table(head, rows, "", (*left_out(len(self), lang), *counted(reasons_of(self.code, {}, lang), lang))),)


def first_years(inputs: Inputs, known: Chances, until: int | None) -> FirstYears:
    """Return the chances: exact figures of a walk by the nodes of its volatility; the others one by one, by `kjproj.when`."""
    years = open_years(inputs, until)
    goals, last = inputs.goals, int(years[-1])
    first = np.full((len(goals.year), len(years)), np.nan)
    stderr, code = np.full(len(goals.year), np.nan), known.code.copy()
    code[(code == REFUSED) | (code == ANSWERED)] = APART
    at_once = (inputs.codes == ANSWERED) & (known.code == ANSWERED) & (known.method != 3) & (inputs.past[goals.region] < last)
    for group, rows, position, begins in _together(inputs, at_once):
        checks = tuple(range(begins, last - group.years[-1] + 1))
        column = group.years[-1] + begins - int(years[0])
        first[rows], code[rows], stderr[rows] = 0.0, ANSWERED, _ERROR
        for start in range(0, len(rows), _CHUNK):
            some = slice(start, start + _CHUNK)
            first[rows[some], column:] = _of_group(inputs, group, rows[some], position[some], checks)
    words: dict[int, str] = {}
    for goal, projection in one_by_one(inputs, np.flatnonzero(code == APART)):
        found = attempt(lambda p=projection, g=goal: when(p(), inputs.name(g), until=last))  # type: ignore[misc]
        if isinstance(found, str):
            code[goal], words[goal] = REFUSED, found
            continue
        by = [found.by(int(year)) for year in years]
        first[goal], stderr[goal], code[goal] = np.diff([e.value for e in by], prepend=0.0), max(e.stderr for e in by), ANSWERED
    names = np.array(inputs.regions, object), np.array([i.name for i in inputs.indicators], object)
    return FirstYears(names[0][goals.region], names[1][goals.indicator], years, first, stderr, code, words)


def _together(inputs: Inputs, wanted: NDArray[np.bool_]) -> Any:
    """Return the wanted targets by group and first check, where yearly checks have a closed form."""
    parts: dict[tuple[int, int], list[tuple[Ints, Ints]]] = {}
    groups = {}
    for group, rows, position, _ in of_groups(inputs, wanted):
        if not group.walked.markov:
            continue
        begins = inputs.past[inputs.goals.region[rows]] + 1 - group.years[-1]
        groups[id(group)] = group
        for begin in distinct(begins):
            some = begins == begin
            parts.setdefault((id(group), begin), []).append((rows[some], position[some]))
    for (key, begin), found in parts.items():
        yield groups[key], np.concatenate([rows for rows, _ in found]), np.concatenate([p for _, p in found]), begin


def _of_group(inputs: Inputs, group: Group, rows: Ints, position: Ints, checks: tuple[int, ...]) -> Floats:
    """Return the chances of a shape's targets, (n, checks): beyond the bound at a check by the law of that year, fallen back
    since an earlier one by the nodes of the volatility. A bound from above is one from below, turned round.
    """
    sign = np.where(inputs.goals.upwards[rows], 1.0, -1.0)
    bound = inputs.bound[rows] - group.last[position]
    laws = [group.walked.growth(h)[0].take(position) for h in checks]
    by = np.stack([law.beyond(bound, sign) for law in laws], axis=1)
    parts = []
    for own, nodes in group.walked.shocks(position, bound, sign, checks):
        row, node = np.nonzero(nodes.weights > _NEGLIGIBLE)
        parts.append((own[row], *(column[row, node] for column in nodes)))
    at, shares, sd, drift, doubt = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    distance = np.clip((sign * bound)[at] / sd, -1e6, 1e6)
    fallen = fallen_back(distance, sign[at] * drift / sd, doubt / sd**2, checks, _LEAST / shares)
    by += np.stack([np.bincount(at, shares * part, minlength=len(rows)) for part in fallen], axis=1)
    return np.diff(by, axis=1, prepend=0.0)
